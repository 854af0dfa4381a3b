/* report.h -- private to cli/: how messages, progress and summaries look. */
#ifndef RENDER_CLI_REPORT_H
#define RENDER_CLI_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/diag.h"
#include "cli/options.h"

/* One problem: code, place, source excerpt with a caret in display cells, data row, hint. */
void report_text(FILE *out, const Diag *diag, bool color);

/* One line of JSON; format 1, endColumn exclusive. */
void report_json(FILE *out, const Diag *diag);

/* All of a list, in its order, then how many there were. */
void report_all(FILE *out, const DiagList *diags, bool json, bool color);

/* Is colour wanted on this stream (--color, NO_COLOR, a terminal)? */
bool report_has_color(FILE *out, When when);

/* ---- progress ---- */

typedef struct ProgressLine {
    FILE *out;
    bool json, is_shown;
    double began, told, measured; /* seconds, monotonic */
    size_t measured_done;
    double rate, weight;          /* a mean that forgets: their quotient */
    const char *stage;
} ProgressLine;

void progress_begin(ProgressLine *line, FILE *out, ProgressStyle style);
void progress_tell(void *line, const JobProgress *progress);       /* a JobProgressFn */
void progress_end(ProgressLine *line);

/* "2 outputs, 91 pages, 1.3 MB in 0.4 s" to a person, or an event to a program. */
void report_summary(FILE *out, const char *layout, const JobSummary *summary, const DiagList *diags, double seconds, bool json);

#endif
