/* pack.c -- the hand-over pack: everything a print shop needs of a job in one folder, which is there whole or not at all.
 *
 * sheets.pdf (as the layout says), one-up.pdf (PDF/VT-1, the pieces one by one), cut.svg and cut.dxf, plates/ (a picture of each
 * separation), report.json and report.html (preflight), ticket.json and ticket.pdf (ticket.c). */
#include "job/pack.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "job/lock.h"

#define PLATE_PX 700              /* the longer side of a plate's picture */
#define PNG_LEVEL 6

/* ---- the folder ---- */

static void remove_tree(const char *path, int depth)
{
    DIR *folder = depth < 3 ? opendir(path) : NULL;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char inner[4096];
        struct stat status;
        if (snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) >= (int)sizeof inner || lstat(inner, &status)) continue;
        if (S_ISDIR(status.st_mode)) remove_tree(inner, depth + 1);
        else unlink(inner);
    }
    if (folder) closedir(folder);
    rmdir(path);
}

const char *pack_path(const Pack *pack, const char *name) { return arena_printf(pack->arena, "%s/%s", pack->folder, name); }

/* What stands there already: nothing, or a pack, which the new one takes the place of. */
static bool may_write(const Pack *pack, DiagList *diags)
{
    struct stat status;
    if (lstat(pack->target, &status) != 0) return true;
    if (S_ISDIR(status.st_mode) && (file_exists(arena_printf(pack->arena, "%s/ticket.json", pack->target)) || rmdir(pack->target) == 0)) return true;
    return diag_error(diags, SPAN_NONE, "pack-folder", "name another folder, or take it away", "\"%s\" is there and is no pack", pack->target);
}

static const char *part_folder(const Pack *pack, long pid) { return arena_printf(pack->arena, "%s.part-%ld", pack->target, pid); }

/* One run at a time; what one that was killed has left goes. */
static bool begin_pack(const Pack *pack, Lock *lock, DiagList *diags)
{
    const char *slash = strrchr(pack->target, '/');
    if (slash && slash > pack->target && !file_make_folder(arena_copy(pack->arena, pack->target, (size_t)(slash - pack->target)), diags)) return false;
    const char *path = arena_printf(pack->arena, "%s.lock", pack->target), *what = arena_printf(pack->arena, "the pack \"%s\"", pack->target);
    if (!lock_take(lock, pack->arena, path, false, what, diags)) return false;
    if (lock->stale_pid) remove_tree(part_folder(pack, lock->stale_pid), 0);
    return true;
}

static bool take_place(const Pack *pack, DiagList *diags)
{
    struct stat status;
    bool is_there = lstat(pack->target, &status) == 0;
    int failed = is_there ? renameat2(AT_FDCWD, pack->folder, AT_FDCWD, pack->target, RENAME_EXCHANGE) : rename(pack->folder, pack->target);
    if (!failed) return true;
    return diag_system(diags, SPAN_NONE, "unwritable", "check folder and rights", "the pack cannot be put at \"%s\"", pack->target);
}

static bool add_file(Pack *pack, const char *name, DiagList *diags)
{
    pack->files = ARENA_GROW(pack->arena, pack->files, pack->file_count, &pack->file_capacity);
    PackFile *file = &pack->files[pack->file_count++];
    file->name = arena_copy_string(pack->arena, name);
    if (ledger_hash_file(pack_path(pack, name), file->sha256, &file->bytes)) return true;
    return diag_system(diags, SPAN_NONE, "unwritable", NULL, "\"%s\" was written but cannot be read back", pack_path(pack, name));
}

bool pack_write(Pack *pack, const char *name, const void *bytes, size_t length, DiagList *diags)
{
    OutFile *file = file_create(pack_path(pack, name), diags);
    if (!file) return false;
    file_write(file, bytes, length);
    return file_commit(file, true, diags) && add_file(pack, name, diags);
}

/* ---- what goes into it ---- */

/* The errors of a part; its warnings were said with the first. */
static bool render_part(Pack *pack, const char *layout, const JobOptions *options, DiagList *diags, JobSummary *summary)
{
    DiagList own;
    diag_list_init(&own, pack->arena);
    bool ok = job_render(pack->arena, layout, options, &own, summary);
    for (size_t i = 0; i < own.count; i++)
        if (own.items[i].severity == SEVERITY_ERROR) diag_add(diags, &own.items[i]);
    return ok;
}

static bool add_cut_group(void *context, const char *text, size_t first, size_t last)
{
    Pack *pack = context;
    const char *ending = pack->cut_format == CUT_SVG ? "svg" : "dxf", *name;
    bool is_all = first == 0 && last + 1 == pack->sheet_count;
    if (is_all) name = arena_printf(pack->arena, "cut.%s", ending);
    else if (first == last) name = arena_printf(pack->arena, "cut-%zu.%s", first + 1, ending);
    else name = arena_printf(pack->arena, "cut-%zu-%zu.%s", first + 1, last + 1, ending);
    pack->cut_count++;
    return pack_write(pack, name, text, strlen(text), pack->run->diags);
}

/* A file for all sheets that follow each other and are cut alike: the last one is often not full. */
static bool add_cut_files(Pack *pack)
{
    for (int i = 0; i < 2; i++) {
        pack->cut_format = i ? CUT_DXF : CUT_SVG;
        if (!cutfile_groups(pack->run, pack->cut_format, add_cut_group, pack)) return false;
        if (!pack->cut_count) return true;                     /* nothing is cut */
    }
    return true;
}

/* "PANTONE 871 C" as a file name. */
static const char *plain_name(Arena *arena, const char *name)
{
    char *out = arena_copy_string(arena, name);
    for (char *c = out; *c; c++)
        if ((unsigned char)*c <= 0x20 || strchr("/\\:*?\"<>|{}", *c)) *c = '-';
    return out;
}

static bool add_plate(Pack *pack, PngEncoder *encoder, const PressPlates *plates, size_t plate, size_t page, DiagList *diags)
{
    const PlatePixels *pixels = &plates->pixels;
    size_t count = (size_t)pixels->width * (size_t)pixels->height;
    uint8_t *grey = arena_alloc_array(pack->arena, (size_t)pixels->height, (size_t)pixels->width);
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t ink = pixels->ink[i * pixels->count + plate];
        grey[i] = (uint8_t)(255 - ink);
        sum += ink;
    }
    if (!sum || pack->picture_count == PACK_PICTURES) return true;
    PngPicture picture = {.type = PNG_GREY, .width = pixels->width, .height = pixels->height, .depth = 8, .rows = grey, .stride = (size_t)pixels->width};
    size_t length;
    const uint8_t *png = raster_png_encode(encoder, &picture, PNG_LEVEL, &length);
    const char *name = arena_printf(pack->arena, "plates/%zu-%s.png", page + 1, plain_name(pack->arena, plates->names[plate]));
    pack->pictures[pack->picture_count++] = (PackPicture){plates->names[plate], name, page + 1};
    return png && pack_write(pack, name, png, length, diags);
}

static bool add_plates(Pack *pack, Worker *worker, const PageSet *set, DiagList *diags)
{
    const Run *run = pack->run;
    if (!file_make_folder(pack_path(pack, "plates"), diags)) return false;
    for (size_t page = 0; page < set->count; page++) {
        const Scene *scene = set->scenes[page];
        Rect area = {-scene->bleed, -scene->bleed, scene->width + 2 * scene->bleed, scene->height + 2 * scene->bleed};
        double longer = length_to_pt(area.width > area.height ? area.width : area.height);
        RasterOptions options = {.scale = PLATE_PX / (longer > 1 ? longer : 1), .area = area};
        PressPlates plates;
        if (!press_draw_plates(run->press, worker->raster, scene, &options, true, pack->arena, &plates, diags)) return false;
        for (size_t i = 0; i < plates.pixels.count; i++)
            if (!add_plate(pack, worker->png, &plates, i, page, diags)) return false;
    }
    return true;
}

/* ---- the pack ---- */

static bool fill_pack(Pack *pack, const char *layout, const JobOptions *options, DiagList *diags, JobSummary *summary)
{
    Run *run = pack->run;
    JobOptions part = *options;
    part.is_part = true;
    part.report = pack_path(pack, "report.json");
    part.report_page = pack_path(pack, "report.html");
    part.output = pack_path(pack, "sheets.pdf");
    if (!job_render_run(run, pack->arena, layout, &part, diags, summary)) return false;
    if (!add_file(pack, "sheets.pdf", diags) || !add_file(pack, "report.json", diags) || !add_file(pack, "report.html", diags)) return false;
    pack->sheet_count = pages_unit_count(run);
    if (run->is_sheet || run->document->data.is_given) {
        JobSummary of_part;
        part.one_up = true;
        part.report = part.report_page = NULL;
        part.output = pack_path(pack, "one-up.pdf");
        if (!render_part(pack, layout, &part, diags, &of_part) || !add_file(pack, "one-up.pdf", diags)) return false;
    }
    part.one_up = false;
    run->options = &part;
    Worker *worker = worker_start(run, pack->arena);
    PageSet set;
    bool ok = pages_of_unit(worker, 0, NULL, pack->arena, diags, &set);
    return ok && add_cut_files(pack) && add_plates(pack, worker, &set, diags) && ticket_write(pack, diags);
}

bool job_pack(Arena *arena, const char *layout, const JobOptions *options, DiagList *diags, JobSummary *summary)
{
    Run *run = ARENA_NEW(arena, Run);
    Pack *pack = ARENA_NEW(arena, Pack);
    size_t length = strlen(options->pack);
    while (length > 1 && options->pack[length - 1] == '/') length--;
    *pack = (Pack){.arena = arena, .run = run, .target = arena_copy(arena, options->pack, length)};
    pack->folder = part_folder(pack, (long)getpid());
    if (options->dry_run || options->shard.count || options->output || options->report || options->report_page || options->cut_file || options->calibration)
        return diag_error(diags, SPAN_NONE, "pack-options", "leave them out: a pack has all of it", "--pack does not go with -o, --report, --cut-file, --shard, --dry-run or --calibration");
    Lock lock;
    if (!may_write(pack, diags) || !begin_pack(pack, &lock, diags)) return false;
    bool ok = file_make_folder(pack->folder, diags) && fill_pack(pack, layout, options, diags, summary) && take_place(pack, diags);
    remove_tree(pack->folder, 0);       /* after an exchange: the pack that was there before */
    lock_drop(&lock);
    if (!ok) return false;
    run->options = options;
    /* Beside the pack: the shop has no use for it. */
    if (options->keep_going && !rejected_write(run, names_folder_of(arena, pack->target))) return false;
    const char **names = ARENA_ARRAY(arena, const char *, 1);
    names[0] = pack->target;
    summary->names = names;
    summary->name_count = summary->outputs = 1;
    return true;
}
