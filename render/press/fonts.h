/* fonts.h -- private to press/: the faces of a file, their glyphs gathered from its pages, subset once at the end. */
#ifndef RENDER_PRESS_FONTS_H
#define RENDER_PRESS_FONTS_H

#include "press/private.h"
#include "press/writer.h"

typedef struct FontTable FontTable;

FontTable *fonts_new(Arena *arena, Writer *writer);

/* The number of the face's font object. 0: out of memory. */
unsigned fonts_number(FontTable *table, const Face *face);

/* Take over the glyphs of a page. Texts are copied. */
void fonts_add(FontTable *table, const FaceUse *use);

/* Subset and write all. False after `font-not-embeddable`. */
bool fonts_write(FontTable *table, DiagList *diags);

/* [{"name","glyphs","subset"}] as JSON. */
void fonts_report(const FontTable *table, StrBuf *out);

/* For report.c: what is in the file. Plates of their own in the order of their use, NULL at the end. */
const PressFacts *press_facts(const Press *press);
const FontTable *press_fonts(const Press *press);
const char *press_plate_at(const Press *press, size_t index);

#endif
