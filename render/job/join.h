/* join.h -- private to job/: PDF files one after the other in one. */
#ifndef RENDER_JOB_JOIN_H
#define RENDER_JOB_JOIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"

/* The pages of all `paths` in their order to `output`; metadata, output intents and bookmarks are the first file's. The same
 * files give the same bytes. Through libqpdf, which is opened when it is needed; `no-qpdf` when it is not installed. */
bool join_files(Arena *arena, const char *const *paths, size_t count, const char *output, DiagList *diags);

#endif
