/* films.c -- an LED layout's frames in one file: shots packed by all threads, written in order. */
#include "job/run.h"

#include <string.h>

#include "base/file.h"
#include "job/pipeline.h"

typedef struct Film { Run *run; LedFilm *film; OutFile *file; size_t count; } Film;

static void *film_start(void *context, Arena *arena) { return worker_start(((Film *)context)->run, arena); }

static void *film_produce(void *context, void *worker, size_t index, Arena *arena, DiagList *diags)
{
    Film *film = context;
    LedShot *shot = ARENA_NEW(arena, LedShot);
    return led_film_shoot(film->film, index, ((Worker *)worker)->png, arena, shot, diags) ? shot : NULL;
}

static bool film_consume(void *context, size_t index, void *item, Arena *arena, DiagList *diags)
{
    (void)arena;
    Film *film = context;
    diag_join(film->run->diags, diags);
    if (!item || !led_film_add(film->film, index, item, film->file, film->run->diags)) return false;
    run_progress(film->run, "draw", "frames", index + 1, film->count);
    return true;
}

/* What file_write could not take, file_commit says: so it is asked, too, when the film broke off. */
static bool end_file(Film *film, bool ok)
{
    DiagList *diags = film->run->diags;
    bool is_stopped = film->run->options->stop && *film->run->options->stop;
    if (!ok && (is_stopped || diags->error_count)) {
        file_abandon(film->file);
        return false;
    }
    film->run->summary->bytes = file_written(film->file);
    return file_commit(film->file, true, diags) && ok;
}

bool films_write(Run *run)
{
    const LedPlan *plan = frames_plan(run);
    if (!plan) return false;
    Film film = {.run = run, .film = led_film_new(run->arena, plan, run->format, run->document->screen.where, run->diags)};
    if (!film.film) return false;
    run->summary->pages = led_frame_count(plan);
    if (run->options->dry_run) return true;
    const char *name = run->names[0];
    if (strcmp(name, "-") != 0 && !names_make_folder(run->arena, name, run->diags)) return false;
    film.file = file_create(name, run->diags);
    if (!film.file) return false;
    film.count = led_film_shot_count(film.film);
    Pipeline pipeline = {.count = film.count, .jobs = run->jobs, .context = &film, .start_worker = film_start, .produce = film_produce,
                         .consume = film_consume, .stop = run->options->stop};
    return end_file(&film, pipeline_run(&pipeline, run->diags) && led_film_finish(film.film, film.file, run->diags)) && preview_write(run, plan);
}
