/* metadata.h -- private to press/: what a file says about itself: Info, XMP (ISO 16684-1), output intent. */
#ifndef RENDER_PRESS_METADATA_H
#define RENDER_PRESS_METADATA_H

#include "press/private.h"
#include "press/writer.h"

typedef struct Metadata { unsigned info, xmp, intent; char id[33]; } Metadata;

/* Write all three; the identity comes from what the writer has written so far. */
Metadata metadata_write(Writer *writer, const PressSetup *setup, Arena *arena);

/* A text string of PDF: UTF-16 with its mark, as hexadecimal; plain ASCII as a literal. */
void metadata_add_text(StrBuf *out, const char *text);

#endif
