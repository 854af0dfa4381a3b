/* fonts.h -- private to press/: the faces of a file, their glyphs gathered from its pages, subset once at the end. */
#ifndef RENDER_PRESS_FONTS_H
#define RENDER_PRESS_FONTS_H

#include "press/private.h"
#include "press/writer.h"

typedef struct FontTable FontTable;

FontTable *fonts_new(Arena *arena, Writer *writer);

/* The number of the face's font object; `is_down`: of its font for lines that run down. 0: out of memory. */
unsigned fonts_number(FontTable *table, const Face *face, bool is_down);

/* Where the pen of such a line stands, from a glyph's origin: so far above it and to its right, in em. That is where letters
 * that lie in the line have their baseline, so that readers of a file see one line. */
typedef struct Hang { double up, right; } Hang;
Hang fonts_hang(const Face *face);

/* Take over the glyphs of a page. Texts are copied. */
void fonts_add(FontTable *table, const FaceUse *use);

/* Subset and write all. False after `font-not-embeddable`. */
bool fonts_write(FontTable *table, DiagList *diags);

/* What is embedded, from 0 in the order of use. False: no more. */
typedef struct FontFact { const char *family, *style, *subset; size_t glyph_count; } FontFact;
bool fonts_at(const FontTable *table, size_t index, FontFact *out);

/* For report.c and reportpage.c: what is in the file. Plates of their own in the order of their use, NULL at the end. */
const PressFacts *press_facts(const Press *press);
const FontTable *press_fonts(const Press *press);
const char *press_plate_at(const Press *press, size_t index);
const char *press_standard_name(const PressSetup *setup);

#endif
