/* cli.c -- the commands. */
#include "cli/cli.h"

#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/file.h"
#include "cli/options.h"
#include "cli/play.h"
#include "cli/report.h"

#ifndef BIAOYU_VERSION
#define BIAOYU_VERSION "0.1.0"
#endif
#ifndef BIAOYU_DATADIR
#define BIAOYU_DATADIR "/usr/local/share/biaoyu"
#endif

enum { EXIT_DONE = 0, EXIT_PROBLEMS = 1, EXIT_USAGE = 2, EXIT_LEFT_OUT = 3, EXIT_SYSTEM = 4, EXIT_STOPPED = 130 };

static volatile sig_atomic_t stop_requested;
static volatile sig_atomic_t is_drawing;          /* something may have been written: end in good order */

/* Some (timeout of GNU coreutils, a shell that ends a whole job) send the same signal twice in one moment. */
#define TWICE_SECONDS 0.25

/* A second Ctrl-C ends at once. While files are read and rows are checked there is nothing to put in order, and a hostile table may take
 * long. */
static void on_signal(int signal)
{
    static struct timespec first;
    static const char message[] = "stopped: nothing was written\n";
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (stop_requested) {
        if (now.tv_sec - first.tv_sec + (now.tv_nsec - first.tv_nsec) / 1e9 < TWICE_SECONDS) return;
        sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        raise(signal);
        return;
    }
    first = now;
    if (!is_drawing) {
        ssize_t said = write(STDERR_FILENO, message, sizeof message - 1);
        (void)said;
        _exit(EXIT_STOPPED);
    }
    stop_requested = 1;
}

static void on_progress(void *context, const JobProgress *progress)
{
    if (strcmp(progress->stage, "draw") == 0 || progress->done == progress->total) is_drawing = 1;
    progress_tell(context, progress);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGINT);             /* one after the other */
    sigaddset(&action.sa_mask, SIGTERM);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);     /* a limit of file sizes (ulimit -f) is an error like a full disk */
}

static double seconds_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* fonts/catalogue.yaml beside the program's own folder (out/bin -> the checkout), else where `make install` puts it. */
static const char *find_catalogue(Arena *arena)
{
    const char *named = getenv("BIAOYU_CATALOGUE");
    if (named && named[0]) return named;
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length > 0) {
        self[length] = 0;
        static const char *const beside[] = {"../../fonts/catalogue.yaml", "../share/biaoyu/fonts/catalogue.yaml", "../../../../fonts/catalogue.yaml", "../../../fonts/catalogue.yaml"};
        for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
            const char *path = file_resolve(arena, self, beside[i]);
            if (file_exists(path)) return path;
        }
    }
    return BIAOYU_DATADIR "/fonts/catalogue.yaml";
}

/* The compiled dictionary of word-break: phrase, as it is built or as it is installed; NULL when it is not there. */
static const char *find_words(Arena *arena)
{
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    static const char *const beside[] = {"../build/words.bin", "../words.bin", "../share/biaoyu/words.bin"};
    for (size_t i = 0; length > 0 && i < sizeof beside / sizeof beside[0]; i++) {
        self[length] = 0;
        const char *path = file_resolve(arena, self, beside[i]);
        if (file_exists(path)) return path;
    }
    return file_exists(BIAOYU_DATADIR "/words.bin") ? BIAOYU_DATADIR "/words.bin" : NULL;
}

/* The reproducible-builds convention: seconds since 1970 that stand for "now". False after a message. */
static bool epoch_date(Arena *arena, const char **out)
{
    const char *text = getenv("SOURCE_DATE_EPOCH");
    if (!text || !text[0]) return true;
    char *end;
    long long seconds = strtoll(text, &end, 10);
    time_t time = (time_t)seconds;
    struct tm parts;
    if (*end || seconds < 0 || !gmtime_r(&time, &parts) || parts.tm_year + 1900 > 9999) {
        fprintf(stderr, "biaoyu: SOURCE_DATE_EPOCH wants seconds since 1970, not \"%s\"\n", text);
        return false;
    }
    *out = arena_printf(arena, "%04d-%02d-%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
    return true;
}

static const char *clock_time(Arena *arena)
{
    time_t now = time(NULL);
    struct tm parts;
    if (!localtime_r(&now, &parts)) return NULL;
    const Civil civil = {parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec < 60 ? parts.tm_sec : 59};
    return civil_text(arena_alloc(arena, CIVIL_ROOM), &civil);
}

static int exit_code(const DiagList *diags, bool ok, bool left_out)
{
    if (stop_requested) return EXIT_STOPPED;
    if (diags->has_system_error) return EXIT_SYSTEM;
    if (!ok) return EXIT_PROBLEMS;
    return left_out ? EXIT_LEFT_OUT : EXIT_DONE;
}

static int worse(int a, int b)
{
    static const int order[] = {EXIT_DONE, EXIT_LEFT_OUT, EXIT_PROBLEMS, EXIT_SYSTEM, EXIT_STOPPED};
    for (size_t i = sizeof order / sizeof order[0]; i-- > 0;)
        if (a == order[i] || b == order[i]) return order[i];
    return a;
}

/* ---- one layout ---- */

typedef struct LayoutTask {
    const CommandLine *line;
    const char *layout;
    Arena *arena;
    int code;
} LayoutTask;

static void say_what_would_be(const JobSummary *summary)
{
    for (size_t i = 0; i < summary->name_count; i++) fprintf(stdout, "%s\n", summary->names[i]);
}

static bool put_result(const StrBuf *out, DiagList *diags)
{
    if (fwrite(out->bytes, 1, out->length, stdout) == out->length && fflush(stdout) == 0) return true;
    return diag_system(diags, SPAN_NONE, "unwritable", NULL, "cannot write to standard output");
}

/* What is there after a run that did not come to its end. */
static void say_what_is_left(const LayoutTask *task, const JobSummary *summary, const DiagList *diags)
{
    const char *are = summary->outputs == 1 ? "file is" : "files are";
    if (stop_requested && summary->outputs) fprintf(stderr, "stopped: %zu %s done, nothing is half-written; --resume goes on\n", summary->outputs, are);
    else if (stop_requested) fprintf(stderr, "stopped: nothing half-written was left behind\n");
    else if (task->line->json) return;
    else if (summary->outputs)
        fprintf(stderr, "%s: %zu %s; %zu %s done, --resume goes on\n", task->layout, diags->error_count, diags->error_count == 1 ? "error" : "errors", summary->outputs, are);
    else fprintf(stderr, "%s: %zu %s, nothing written\n", task->layout, diags->error_count, diags->error_count == 1 ? "error" : "errors");
}

static void layout_task(void *context)
{
    LayoutTask *task = context;
    const CommandLine *line = task->line;
    JobOptions options = line->job;
    ProgressLine progress;
    progress_begin(&progress, stderr, line->progress);
    options.progress = on_progress;
    is_drawing = line->command == COMMAND_PLAY;       /* a screen is left dark, not as it happens to be */
    options.progress_context = &progress;
    options.stop = &stop_requested;
    options.program = BIAOYU_VERSION;
    DiagList diags;
    diag_list_init(&diags, task->arena);
    JobSummary summary = {0};
    StrBuf out;
    strbuf_init(&out, task->arena);
    double began = seconds_now();
    bool ok = false;
    switch (line->command) {
    case COMMAND_RENDER: ok = (options.pack ? job_pack : job_render)(task->arena, task->layout, &options, &diags, &summary); break;
    case COMMAND_GATHER: ok = job_gather(task->arena, task->layout, &diags, &summary); break;
    case COMMAND_CHECK: ok = job_check(task->arena, task->layout, &options, &diags, &summary); break;
    case COMMAND_PLAY: ok = play_layout(task->arena, task->layout, line, &options, &diags); break;
    case COMMAND_DUMP: ok = job_dump(task->arena, task->layout, &options, &out, &diags) && put_result(&out, &diags); break;
    case COMMAND_INSPECT: ok = job_inspect(task->arena, task->layout, &options, &out, &diags) && put_result(&out, &diags); break;
    default: break;
    }
    progress_end(&progress);
    report_all(stderr, &diags, line->json, report_has_color(stderr, line->color));
    if (ok && line->command == COMMAND_RENDER && options.dry_run) say_what_would_be(&summary);
    bool wants_summary = line->json || line->progress == PROGRESS_JSON || isatty(STDERR_FILENO) || line->progress == PROGRESS_ALWAYS;
    if (ok && wants_summary && line->command == COMMAND_RENDER && !options.dry_run)
        report_summary(stderr, task->layout, &summary, &diags, seconds_now() - began, line->json || line->progress == PROGRESS_JSON);
    task->code = exit_code(&diags, ok, summary.rows_left_out > 0);
    if (!ok && !diags.error_count && !stop_requested && summary.rows_left_out) task->code = EXIT_PROBLEMS;
    if (line->command == COMMAND_PLAY) {
        if (ok && !diags.error_count) task->code = EXIT_DONE;        /* being stopped is how a play ends */
        return;
    }
    if (!ok || stop_requested) say_what_is_left(task, &summary, &diags);
}

static int run_layouts(const CommandLine *line)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < line->operand_count && !stop_requested; i++) {
        LayoutTask task = {.line = line, .layout = line->operands[i], .arena = arena_new(0), .code = EXIT_SYSTEM};
        if (!task.arena || !arena_run(layout_task, &task)) {
            fprintf(stderr, "error[out-of-memory]: the memory ran out at %s\n", line->operands[i]);
            task.code = EXIT_SYSTEM;
        }
        arena_free(task.arena);
        code = worse(code, task.code);
    }
    return code;
}

/* ---- the manual and the fonts ---- */

static int run_fonts(Arena *arena, const CommandLine *line)
{
    DiagList diags;
    diag_list_init(&diags, arena);
    StrBuf out;
    strbuf_init(&out, arena);
    FontLibrary *library = font_library_open(arena, &line->job.fonts, &diags);
    bool ok = library && font_report(library, &line->fonts, &out, &diags) && put_result(&out, &diags);
    report_all(stderr, &diags, line->json, report_has_color(stderr, line->color));
    return exit_code(&diags, ok, false);
}

static int run_explain(Arena *arena, const CommandLine *line)
{
    StrBuf out;
    strbuf_init(&out, arena);
    const char *nearest = NULL;
    if (!line->operand_count) document_list_codes(&out);
    if (!line->operand_count || document_explain(&out, line->operands[0], &nearest)) {
        fwrite(out.bytes, 1, out.length, stdout);
        return EXIT_DONE;
    }
    fprintf(stderr, "biaoyu: there is no key or code \"%s\"", line->operands[0]);
    if (nearest) fprintf(stderr, "; did you mean \"%s\"?", nearest);
    fputs("\n", stderr);
    return EXIT_PROBLEMS;
}

static int run_text(Arena *arena, void (*write)(StrBuf *))
{
    StrBuf out;
    strbuf_init(&out, arena);
    write(&out);
    return fwrite(out.bytes, 1, out.length, stdout) == out.length && fflush(stdout) == 0 ? EXIT_DONE : EXIT_SYSTEM;
}

static int print_version(void)
{
    fputs("biaoyu " BIAOYU_VERSION "\n"
          "outputs: pdf (screen), pdf (press: PDF/X-4, PDF/X-1a), png, svg, png-sequence (LED), gif, apng, webp, y4m, rgb, fseq, stream (LED films)\n"
          "live: ddp, sacn, artnet\n"
          "not yet: vertical text, ruby\n", stdout);
    return EXIT_DONE;
}

static int run(Arena *arena, int argc, char **argv)
{
    CommandLine line;
    if (!options_read(arena, argc, argv, &line, stderr)) return EXIT_USAGE;
    if (line.wants_help || line.command == COMMAND_HELP) {
        options_help(argc < 2 ? stderr : stdout, &line);
        return argc < 2 ? EXIT_USAGE : EXIT_DONE;
    }
    if (!line.job.fonts.catalogue) line.job.fonts.catalogue = find_catalogue(arena);
    line.job.words = find_words(arena);
    const char *hyphens = getenv("BIAOYU_HYPHENS");
    line.job.hyphens = hyphens && hyphens[0] ? hyphens : "/usr/share/hyphen";
    if (!line.job.date && !epoch_date(arena, &line.job.date)) return EXIT_USAGE;
    /* A screen that is played tells the time; a file does so only when asked to. */
    if (line.wants_clock || (line.command == COMMAND_PLAY && !line.job.now)) line.job.now = clock_time(arena);
    switch (line.command) {
    case COMMAND_VERSION: return print_version();
    case COMMAND_FONTS: return run_fonts(arena, &line);
    case COMMAND_SCHEMA: return run_text(arena, document_write_schema);
    case COMMAND_REFERENCE: return run_text(arena, document_write_reference);
    case COMMAND_EXPLAIN: return run_explain(arena, &line);
    default: return run_layouts(&line);
    }
}

typedef struct MainTask { Arena *arena; int argc; char **argv; int code; } MainTask;

static void main_task(void *context)
{
    MainTask *task = context;
    task->code = run(task->arena, task->argc, task->argv);
}

/* What is drawn and compressed comes and goes in buffers of up to some MB. Given back to the system in between, each of their pages
 * would be mapped and cleared anew; so what is freed is kept, and where it will lie, the system may use large pages: 8 % of
 * the time of 10,000 stickers. All of this is advice: without it the program is slower, nothing else. */
#define KEPT_BLOCK ((size_t)20 << 20)             /* two of them: a larger one would be above the threshold */
#define LARGE_PAGE ((size_t)2 << 20)

static void keep_freed_memory(void)
{
    mallopt(M_ARENA_MAX, 1);                      /* what one thread frees serves the others; our own arenas ask seldom */
    mallopt(M_MMAP_THRESHOLD, 32 << 20);          /* the greatest there is */
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    void *blocks[2];
    for (int i = 0; i < 2; i++) {
        blocks[i] = malloc(KEPT_BLOCK);
        uintptr_t start = ((uintptr_t)blocks[i] + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
        if (blocks[i]) madvise((void *)start, KEPT_BLOCK - LARGE_PAGE, MADV_HUGEPAGE);
    }
    free(blocks[0]);
    free(blocks[1]);
}

int cli_main(int argc, char **argv)
{
    keep_freed_memory();
    setlocale(LC_CTYPE, "");       /* for the terminal only: numbers are read and written without a locale */
    catch_signals();
    MainTask task = {arena_new(0), argc, argv, EXIT_SYSTEM};
    if (!task.arena || !arena_run(main_task, &task)) fputs("biaoyu: the memory ran out\n", stderr);
    arena_free(task.arena);
    return task.code;
}
