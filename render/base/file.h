/* file.h -- reading whole files, and writing files so that a failed or killed run leaves no half file. */
#ifndef RENDER_BASE_FILE_H
#define RENDER_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/spill.h"

/* Read all of `path` ("-": standard input) into the arena, at most `limit` bytes. On failure a diag (`missing-file`,
 * `unreadable-file` or `file-too-large`, cause system for the second) at `where`, and NULL. */
const Source *file_read(Arena *arena, const char *path, size_t limit, Span where, DiagList *diags);

/* The same into a spill (spill.h). */
const Source *file_read_spilled(Arena *arena, Spill *spill, const char *path, size_t limit, Span where, DiagList *diags);

bool file_exists(const char *path);

/* `path` seen from the folder of `from_file`: absolute paths as they are. */
const char *file_resolve(Arena *arena, const char *from_file, const char *path);

/* Make the folder `path` and its parents. */
bool file_make_folder(const char *path, DiagList *diags);

/* A file being written under no name (O_TMPFILE where the file system can, else a temporary name beside the target);
 * file_commit gives it its name at once, whole. One thread at a time. */
typedef struct OutFile OutFile;

/* `path` "-": standard output, which cannot be taken back. NULL and a diag when it cannot be made. */
OutFile *file_create(const char *path, DiagList *diags);

/* Buffered. False on failure; the cause is kept and said by file_commit. */
bool file_write(OutFile *file, const void *bytes, size_t length);

/* Why file_write failed, for a writer that gives up before file_commit. False: it did not fail. */
bool file_report(const OutFile *file, DiagList *diags);

/* Bytes written so far. */
size_t file_written(const OutFile *file);

/* Flush, fsync when `sync`, rename over the target. False and a diag when any step failed since file_create, in which
 * case nothing has the name. Frees `file` either way. */
bool file_commit(OutFile *file, bool sync, DiagList *diags);

/* Drop what was written. NULL is allowed. */
void file_abandon(OutFile *file);

#endif
