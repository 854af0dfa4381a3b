/* lock.h -- private to job/: one run at a time. */
#ifndef RENDER_JOB_LOCK_H
#define RENDER_JOB_LOCK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"

typedef struct Lock {
    int fd;                       /* -1: not held */
    const char *path;
    long stale_pid;               /* of a run that was killed while it held the lock; 0: none */
} Lock;

/* Take the lock file `path` for us alone, or for us and others of our kind (`shared`). False after a diag (`busy`, which
 * names `what`). The kernel drops the lock of a process that dies, whatever way. */
bool lock_take(Lock *lock, Arena *arena, const char *path, bool shared, const char *what, DiagList *diags);

/* Give it back and remove the file, unless others still hold it. */
void lock_drop(Lock *lock);

#endif
