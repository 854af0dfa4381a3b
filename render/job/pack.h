/* pack.h -- private to job/: a hand-over pack being made. */
#ifndef RENDER_JOB_PACK_H
#define RENDER_JOB_PACK_H

#include "job/run.h"

#define PACK_PICTURES 128

typedef struct PackFile { const char *name; char sha256[HASH_HEX_ROOM]; uint64_t bytes; } PackFile;
typedef struct PackPicture { const char *plate, *file; size_t page; } PackPicture;

typedef struct Pack {
    Arena *arena;
    Run *run;                     /* of sheets.pdf, finished */
    const char *target, *folder;  /* where it will stand; where it is made */
    PackFile *files;
    size_t file_count, file_capacity;
    PackPicture pictures[PACK_PICTURES];
    size_t picture_count, sheet_count, cut_count;
    CutFormat cut_format;         /* being written */
} Pack;

/* A name of the pack as a path. */
const char *pack_path(const Pack *pack, const char *name);

bool pack_write(Pack *pack, const char *name, const void *bytes, size_t length, DiagList *diags);

/* ticket.c: ticket.json, and ticket.pdf drawn from a layout of our own in the job's fonts. */
bool ticket_write(Pack *pack, DiagList *diags);

#endif
