/* places.c -- what of a layout is drawn once for all rows of a press file: the parts that stand as they do on a few rows from all over
 * the table, which are laid out beforehand. What is wrong with those rows is said when it is their turn. */
#include "job/run.h"

#include "base/limits.h"

#define ROWS_LEAST 8              /* below, it costs more than it saves */
#define ROWS_A_SAMPLE 16
#define SAMPLE_MOST 8

typedef struct Sample { Run *run; size_t count; Arena *worker, *page; } Sample;

static void look(void *context)
{
    const Sample *sample = context;
    Run *run = sample->run;
    Worker *worker = worker_start(run, sample->worker);
    for (size_t i = 0; i < sample->count; i++) {
        PageSet pages;
        DiagList unsaid;
        diag_list_init(&unsaid, sample->page);
        pages_of_row(worker, i * run->row_count / sample->count, SIZE_MAX, sample->page, &unsaid, &pages);
        arena_reset(sample->page);
    }
}

void places_note(Run *run)
{
    if (!run->press || run->format != FORMAT_PDF || !run->one_file || run->row_count < ROWS_LEAST || run->options->dry_run || run->options->calibration) return;
    Sample sample = {run, 1 + run->row_count / ROWS_A_SAMPLE, arena_new(0), arena_new(LIMIT_UNIT_BYTES)};
    if (sample.count > SAMPLE_MOST) sample.count = SAMPLE_MOST;
    run->places = box_places_new(run->arena);
    if (!sample.worker || !sample.page || !arena_run(look, &sample)) run->places = NULL;
    else box_places_close(run->places);
    arena_free(sample.worker);
    arena_free(sample.page);
}
