/* pipeline.h -- private to job/: items 0..count-1 are produced by many threads and consumed in order by one.
 *
 * Each worker has a state of its own; each item has an arena and a list of diags of its own, which live from its
 * production to the end of its consumption. With one job everything runs in the calling thread. */
#ifndef RENDER_JOB_PIPELINE_H
#define RENDER_JOB_PIPELINE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"

typedef struct Pipeline {
    size_t count;
    unsigned jobs;                /* threads, at least 1 */
    size_t waiting;               /* items that may be made before they can be consumed; 0: as many as serves small ones */
    void *context;                /* shared, read only while running */

    /* State of one worker, made in its own thread; lives in `arena`. */
    void *(*start_worker)(void *context, Arena *arena);

    /* Make item `index`; the answer (may be NULL) lives in `arena`. */
    void *(*produce)(void *context, void *worker, size_t index, Arena *arena, DiagList *diags);

    /* Take item `index`, in order, in the calling thread. False stops the run. */
    bool (*consume)(void *context, size_t index, void *item, Arena *arena, DiagList *diags);

    volatile sig_atomic_t *stop;  /* or NULL */
} Pipeline;

/* False when consume said so, a worker ran out of memory (a diag in `diags`), or *stop was set. */
bool pipeline_run(const Pipeline *pipeline, DiagList *diags);

#endif
