/* writer.h -- private to press/: numbered objects into a file, and where they lie.
 *
 * PDF 1.6: dictionaries are gathered in compressed object streams and the cross-references are a stream (ISO 32000-1,
 * 7.5.7, 7.5.8); PDF 1.4 (PDF/X-1a): plain objects and a plain table. */
#ifndef RENDER_PRESS_WRITER_H
#define RENDER_PRESS_WRITER_H

#include "base/file.h"
#include "base/hash.h"
#include "base/strbuf.h"

typedef struct Writer Writer;

Writer *writer_new(Arena *arena, OutFile *file, bool has_object_streams);

/* A number for an object that will be written later. */
unsigned writer_reserve(Writer *writer);

/* Write object `number`: its text without "obj". */
void writer_object(Writer *writer, unsigned number, const char *text, size_t length);

/* Write a stream. `entries`: the dictionary without << >>, /Length and /Filter. Already deflated data is marked so. */
typedef enum StreamKind { STREAM_RAW, STREAM_DEFLATED, STREAM_DEFLATE } StreamKind;
void writer_stream(Writer *writer, unsigned number, StreamKind kind, const char *entries, const void *data, size_t length);

/* The file cannot be finished: memory ran out elsewhere. */
void writer_fail(Writer *writer);

/* The cross-references and the trailer. `trailer`: /Root, /Info and the like. False when the file failed. */
bool writer_finish(Writer *writer, const char *trailer);

/* False after a diag: the file could not be written, or there was no memory. */
bool writer_check(const Writer *writer, DiagList *diags);

/* SHA-256 of all data written so far, as the document's fingerprint. */
const char *writer_hash(const Writer *writer);

/* A name of PDF (ISO 32000-1, 7.3.5): UTF-8, what is not plain as #xx. */
void writer_add_name(StrBuf *out, const char *name);

/* zlib data (RFC 1950) in `arena`. */
void *press_deflate(Arena *arena, const void *data, size_t length, int level, size_t *out_length);

#endif
