/* progress.c -- one line on the terminal while a long run goes on: how far, how fast, how many bytes, how much longer; or an
 * event of JSON for a program. */
#include "cli/report.h"

#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "base/strbuf.h"

#define FIRST_AFTER 1.0           /* seconds: short runs say nothing */
#define TELL_EVERY 0.2
#define RATE_OVER 4.0             /* seconds that weigh: the rate of a moment jumps, that of the whole run knows no change */
#define BAR_MOST 40
#define BAR_LEAST 8

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void progress_begin(ProgressLine *line, FILE *out, ProgressStyle style)
{
    bool is_wanted = style == PROGRESS_ALWAYS || style == PROGRESS_JSON || (style == PROGRESS_AUTO && isatty(fileno(out)));
    *line = (ProgressLine){.out = is_wanted ? out : NULL, .json = style == PROGRESS_JSON, .began = now()};
    line->told = style == PROGRESS_AUTO ? line->began + FIRST_AFTER - TELL_EVERY : 0;
}

/* ---- the rate ---- */

static void begin_stage(ProgressLine *line, const char *stage, double time)
{
    line->stage = stage;
    line->measured = time;
    line->measured_done = 0;
    line->rate = line->weight = 0;
}

/* A mean in which what is RATE_OVER seconds ago weighs a third of what is now. Of the first moments only as much is known as
 * has been seen: the sum of the weights is divided out. */
static double update_rate(ProgressLine *line, double time, size_t done)
{
    double seconds = time - line->measured;
    if (seconds > 0) {
        double old = exp(-seconds / RATE_OVER);
        line->rate = line->rate * old + (double)(done - line->measured_done) / seconds * (1 - old);
        line->weight = line->weight * old + (1 - old);
        line->measured = time;
        line->measured_done = done;
    }
    return line->weight > 0 ? line->rate / line->weight : 0;
}

/* ---- how it looks ---- */

static void add_number(StrBuf *out, double value, int decimals)
{
    char text[NUM_ROOM];
    strbuf_add(out, num_format(text, value, decimals));
}

static void add_bytes(StrBuf *out, uint64_t bytes)
{
    double value = (double)bytes;
    add_number(out, value >= 1e9 ? value / 1e9 : value >= 1e6 ? value / 1e6 : value / 1e3, value >= 1e6 ? 1 : 0);
    strbuf_add(out, value >= 1e9 ? " GB" : value >= 1e6 ? " MB" : " kB");
}

/* "8 s", "4 min", "1 h 20 min": no finer than it can be known. */
static void add_time(StrBuf *out, double seconds)
{
    long left = (long)fmin(ceil(seconds), 359999), minutes = (left + 59) / 60;
    if (left < 100) strbuf_addf(out, "%ld s", left);
    else if (minutes < 100) strbuf_addf(out, "%ld min", minutes);
    else strbuf_addf(out, "%ld h %ld min", minutes / 60, minutes % 60);
}

static int columns_of(FILE *out)
{
    struct winsize size;
    return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

/* The bar takes what the words leave of the line; on a narrow terminal there is none. */
static void put_line(ProgressLine *line, const JobProgress *progress, double rate, double left, Arena *arena)
{
    double part = progress->total ? (double)progress->done / (double)progress->total : 1;
    StrBuf words;
    strbuf_init(&words, arena);
    strbuf_addf(&words, "%3d %%  %zu/%zu %s", (int)(part * 100), progress->done, progress->total, progress->unit);
    if (rate > 0) {
        strbuf_add(&words, "  ");
        add_number(&words, rate, rate < 10 ? 1 : 0);
        strbuf_add(&words, "/s");
    }
    if (progress->bytes) {
        strbuf_add(&words, "  ");
        add_bytes(&words, progress->bytes);
    }
    if (rate > 0) {
        strbuf_add(&words, "  ");
        add_time(&words, left);
        strbuf_add(&words, " left");
    }
    int room = columns_of(line->out) - (int)words.length - (int)strlen(progress->stage) - 5, width = room < BAR_MOST ? room : BAR_MOST;
    fprintf(line->out, "\r\033[K%s ", progress->stage);
    if (width >= BAR_LEAST) {
        int full = (int)(part * width);
        fputc('[', line->out);
        for (int i = 0; i < width; i++) fputc(i < full ? '=' : i == full ? '>' : ' ', line->out);
        fputs("] ", line->out);
    }
    fputs(words.bytes, line->out);
    fflush(line->out);
}

static void put_event(FILE *out, const JobProgress *progress, double rate, double left)
{
    char rate_text[NUM_ROOM], left_text[NUM_ROOM];
    num_format(rate_text, rate, 1);
    num_format(left_text, left, 1);
    fprintf(out, "{\"v\":1,\"event\":\"progress\",\"stage\":\"%s\",\"unit\":\"%s\",\"done\":%zu,\"total\":%zu,\"rate\":%s,\"eta_s\":%s,\"bytes\":%llu}\n",
            progress->stage, progress->unit, progress->done, progress->total, rate_text, left_text, (unsigned long long)progress->bytes);
    fflush(out);
}

void progress_tell(void *context, const JobProgress *progress)
{
    ProgressLine *line = context;
    if (!line->out) return;
    double time = now();
    if (line->stage != progress->stage) begin_stage(line, progress->stage, line->stage ? time : line->began);
    bool is_last = progress->done == progress->total;
    if (time - line->told < TELL_EVERY && !(is_last && (line->is_shown || line->json))) return;
    line->told = time;
    double rate = update_rate(line, time, progress->done);
    double left = rate > 0 ? (double)(progress->total - progress->done) / rate : 0;
    if (line->json) {
        put_event(line->out, progress, rate, left);
        return;
    }
    Arena *arena = arena_new(0);
    if (!arena) return;
    line->is_shown = true;
    put_line(line, progress, rate, left, arena);
    arena_free(arena);
}

void progress_end(ProgressLine *line)
{
    if (line->is_shown) fputs("\r\033[K", line->out);
}
