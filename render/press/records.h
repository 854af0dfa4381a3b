/* records.h -- private to press/: the document parts of PDF/VT: which pages belong to which data row. */
#ifndef RENDER_PRESS_RECORDS_H
#define RENDER_PRESS_RECORDS_H

#include "press/private.h"
#include "press/writer.h"

typedef struct Records Records;

Records *records_new(Arena *arena, Writer *writer);

/* The number of the next record's part, for its pages to point to. */
unsigned records_begin(Records *records);

/* Write the part that was begun: its first and last page. */
void records_end(Records *records, unsigned first_page, unsigned last_page, const PressRecord *record, Arena *scratch);

/* Write the tree above the parts; the number of the DPartRoot. */
unsigned records_finish(Records *records);

#endif
