/* progress.c -- one line on the terminal while a long run goes on: how far, how fast, how much longer. */
#include "cli/report.h"

#include <time.h>
#include <unistd.h>

#include "base/num.h"

#define FIRST_AFTER 1.0           /* seconds: short runs say nothing */
#define TELL_EVERY 0.2

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

void progress_tell(void *context, const JobProgress *progress)
{
    ProgressLine *line = context;
    if (!line->out) return;
    double time = now();
    bool is_last = progress->done == progress->total;
    if (time - line->told < TELL_EVERY && !(is_last && (line->is_shown || line->json))) return;
    if (line->stage != progress->stage) line->began = time - 1e-6;
    line->stage = progress->stage;
    line->told = time;
    double rate = (double)progress->done / (time - line->began);
    double left = rate > 0 ? (double)(progress->total - progress->done) / rate : 0;
    char rate_text[NUM_ROOM], left_text[NUM_ROOM];
    num_format(rate_text, rate, 1);
    num_format(left_text, left, 1);
    if (line->json) {
        fprintf(line->out, "{\"v\":1,\"event\":\"progress\",\"stage\":\"%s\",\"unit\":\"%s\",\"done\":%zu,\"total\":%zu,\"rate\":%s,\"eta_s\":%s,\"bytes\":%llu}\n",
                progress->stage, progress->unit, progress->done, progress->total, rate_text, left_text, (unsigned long long)progress->bytes);
        return;
    }
    line->is_shown = true;
    fprintf(line->out, "\r\033[K%s %zu/%zu %s, %s a second, %s s left", progress->stage, progress->done, progress->total, progress->unit, rate_text, left_text);
    fflush(line->out);
}

void progress_end(ProgressLine *line)
{
    if (line->is_shown) fputs("\r\033[K", line->out);
}
