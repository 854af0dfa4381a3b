/* frames.c -- an LED layout's playlist is laid out, planned and written: numbered frames, then the manifest. */
#include "job/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "job/lock.h"
#include "job/pipeline.h"
#include "led/led.h"

#define PICTURE_LEVEL 6
#define FRAME_LEVEL 1             /* libdeflate: frames are many and small; see reference led, 5.2 */

bool frames_check(Run *run) { return frames_plan(run) != NULL; }

typedef struct Frames {
    Run *run;
    const LedPlan *plan;
    const char *folder;
    char (*hashes)[65];
    size_t count;
} Frames;

static void *frames_start(void *context, Arena *arena) { return worker_start(((Frames *)context)->run, arena); }

static char *frame_name(const Frames *frames, size_t index, Arena *arena) { return arena_printf(arena, "%s/%06zu.png", frames->folder, index); }

static bool draw_frame(Frames *frames, Worker *worker, size_t index, Arena *arena, DiagList *diags)
{
    PngPicture picture = led_frame(frames->plan, index, arena);
    size_t length;
    const uint8_t *png = raster_png_encode(worker->png, &picture, FRAME_LEVEL, &length);
    if (!png) return false;
    if (led_frame_original(frames->plan, index) == index) hash_sha256(png, length, frames->hashes[index]);
    OutFile *file = file_create(frame_name(frames, index, arena), diags);
    if (!file) return false;
    file_write(file, png, length);
    atomic_fetch_add(&frames->run->bytes, length);
    return file_commit(file, false, diags);
}

static void *frames_produce(void *context, void *worker, size_t index, Arena *arena, DiagList *diags)
{
    Frames *frames = context;
    /* Its original may not be there yet: links are made when all frames are. */
    if (frames->run->document->output.duplicates == DUPLICATES_LINK && led_frame_original(frames->plan, index) != index) return context;
    return draw_frame(frames, worker, index, arena, diags) ? context : NULL;
}

/* Where a disk has no links, or no more of them to one file, the frame is drawn like any other. */
static bool link_duplicates(Frames *frames, Worker *worker)
{
    Run *run = frames->run;
    Arena *scratch = arena_new(0);
    bool ok = scratch != NULL;
    for (size_t i = 0; ok && i < frames->count && !(run->options->stop && *run->options->stop); i++) {
        size_t original = led_frame_original(frames->plan, i);
        if (original == i) continue;
        arena_reset(scratch);
        const char *name = frame_name(frames, i, scratch);
        unlink(name);
        ok = link(frame_name(frames, original, scratch), name) == 0 || draw_frame(frames, worker, i, scratch, run->diags);
    }
    arena_free(scratch);
    return ok;
}

static bool frames_consume(void *context, size_t index, void *item, Arena *arena, DiagList *diags)
{
    (void)arena;
    Frames *frames = context;
    diag_join(frames->run->diags, diags);
    if (item) run_progress(frames->run, "draw", "frames", index + 1, frames->count);
    return item != NULL;
}

/* Frames of an earlier, longer run would play on after ours. */
static void remove_stale(Arena *arena, const char *folder, size_t from)
{
    for (size_t i = from;; i++)
        if (unlink(arena_printf(arena, "%s/%06zu.png", folder, i)) != 0) return;
}

static bool write_manifest(const Frames *frames)
{
    Run *run = frames->run;
    for (size_t i = 0; i < frames->count; i++) {
        size_t original = led_frame_original(frames->plan, i);
        if (original != i) memcpy(frames->hashes[i], frames->hashes[original], sizeof frames->hashes[i]);
    }
    StrBuf manifest;
    strbuf_init(&manifest, run->arena);
    led_manifest(frames->plan, run->document, (const char (*)[65])frames->hashes, &manifest);
    OutFile *file = file_create(arena_printf(run->arena, "%s/manifest.json", frames->folder), run->diags);
    if (!file) return false;
    file_write(file, manifest.bytes, manifest.length);
    atomic_fetch_add(&run->bytes, manifest.length);
    return file_commit(file, true, run->diags);
}

static void release_lock(void *lock)
{
    lock_drop(lock);
}

/* Two films in one folder would be none. Frames are drawn faster than a ledger could tell which are there: a run that was
 * killed is simply drawn again, and ends with the same bytes. */
static bool frames_lock(Run *run, const char *folder)
{
    Lock *lock = ARENA_NEW(run->arena, Lock);
    const char *path = arena_printf(run->arena, "%s/.lock", folder), *what = arena_printf(run->arena, "into \"%s\"", folder);
    void **place = arena_own(run->arena, release_lock);
    if (!lock_take(lock, run->arena, path, false, what, run->diags)) return false;
    *place = lock;
    return true;
}

/* Beside the frames: strips and pages for cards that move them by themselves. Those of an earlier run, with another number
 * of items or other motions, are removed. */
static bool write_pictures(const Frames *frames)
{
    Run *run = frames->run;
    PngEncoder *encoder = raster_png_new(run->arena);
    for (size_t i = 0; i < led_item_count(frames->plan); i++) {
        char name[LED_NAME_ROOM];
        led_item_name(frames->plan, i, name);
        PngPicture picture = led_item_picture(frames->plan, i, run->arena);
        size_t length;
        const uint8_t *png = raster_png_encode(encoder, &picture, PICTURE_LEVEL, &length);
        OutFile *file = png ? file_create(arena_printf(run->arena, "%s/%s", frames->folder, name), run->diags) : NULL;
        if (!file) return false;
        file_write(file, png, length);
        atomic_fetch_add(&run->bytes, length);
        if (!file_commit(file, false, run->diags)) return false;
    }
    return true;
}

static void remove_pictures(Arena *arena, const char *folder)
{
    for (size_t i = 1; i < 100; i++) {
        bool was_strip = unlink(arena_printf(arena, "%s/strip-%02zu.png", folder, i)) == 0;
        bool was_page = unlink(arena_printf(arena, "%s/page-%02zu.png", folder, i)) == 0;
        if (!was_strip && !was_page) return;
    }
}

bool frames_write(Run *run)
{
    Frames frames = {.run = run, .folder = names_folder(run, run->diags)};
    if (!frames.folder) return false;
    frames.plan = frames_plan(run);
    if (!frames.plan) return false;
    frames.count = led_frame_count(frames.plan);
    run->summary->pages = frames.count;
    run->names = ARENA_ARRAY(run->arena, const char *, 1);
    run->names[0] = frames.folder;
    if (run->options->dry_run) return true;
    if (!file_make_folder(frames.folder, run->diags) || !frames_lock(run, frames.folder)) return false;
    /* The manifest is the sign that the frames are whole: it goes first and comes last. */
    unlink(arena_printf(run->arena, "%s/manifest.json", frames.folder));
    frames.hashes = arena_alloc_array(run->arena, frames.count + 1, sizeof *frames.hashes);
    Pipeline pipeline = {.count = frames.count, .jobs = run->jobs, .context = &frames, .start_worker = frames_start,
                         .produce = frames_produce, .consume = frames_consume, .stop = run->options->stop};
    if (!pipeline_run(&pipeline, run->diags)) return false;
    if (run->document->output.duplicates == DUPLICATES_LINK && !link_duplicates(&frames, worker_start(run, run->arena))) return false;
    remove_stale(run->arena, frames.folder, frames.count);
    remove_pictures(run->arena, frames.folder);
    bool ok = write_pictures(&frames) && write_manifest(&frames) && preview_write(run, frames.plan);
    run->summary->bytes = atomic_load(&run->bytes);
    return ok;
}
