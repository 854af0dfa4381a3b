/* report.c -- diagnostics as text for people and as JSON for programs. */
#include "cli/report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/strbuf.h"
#include "base/utf8.h"

#define LINE_SHOWN 160            /* display cells of a source line before it is cut round the place */

bool report_has_color(FILE *out, When when)
{
    if (when != WHEN_AUTO) return when == WHEN_ALWAYS;
    const char *no_color = getenv("NO_COLOR");
    return !(no_color && no_color[0]) && isatty(fileno(out));
}

/* What must not reach the terminal of somebody who reads about a hostile file: control characters, and those that turn the
 * direction of all that follows. */
static bool is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
           || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static int cells_of(uint32_t c)
{
    return is_hidden(c) ? 1 : utf8_cells(c);
}

static int cells_between(const char *text, size_t from, size_t to)
{
    int cells = 0;
    while (from < to) cells += cells_of(utf8_next(text, to, &from));
    return cells;
}

static void put_repeated(FILE *out, char c, int count)
{
    for (int i = 0; i < count; i++) fputc(c, out);
}

static void put_clean(FILE *out, const char *text, size_t from, size_t to)
{
    for (size_t at = from; at < to;) {
        size_t start = at;
        uint32_t c = utf8_next(text, to, &at);
        if (c == '\t') fputc(' ', out);
        else if (is_hidden(c)) fputc('?', out);
        else fwrite(text + start, 1, at - start, out);
    }
}

/* The line with the place underlined; a long one is cut on both sides of it. */
static void put_excerpt(FILE *out, const Diag *diag, size_t line_number, bool color)
{
    const Source *source = diag->where.source;
    size_t length;
    const char *line = source_line(source, diag->where.start, &length);
    size_t start = diag->where.start - (size_t)(line - source->text);
    size_t end = diag->where.end > diag->where.start ? diag->where.end - (size_t)(line - source->text) : start + 1;
    if (start > length) start = length;
    if (end > length) end = length > start ? length : start;
    size_t from = start, to = start;
    int before = 0;
    while (from > 0 && before < LINE_SHOWN / 2) {
        size_t last = from - 1;
        while (last > 0 && ((unsigned char)line[last] & 0xc0) == 0x80) last--;
        before += cells_between(line, last, from);
        from = last;
    }
    for (int cells = before; to < length && cells < LINE_SHOWN;) cells += cells_of(utf8_next(line, length, &to));

    int margin = fprintf(out, "%zu | ", line_number);
    fputs(from ? "…" : "", out);
    put_clean(out, line, from, to);
    fputs(to < length ? "…\n" : "\n", out);
    put_repeated(out, ' ', margin - 2);
    fputs("| ", out);
    put_repeated(out, ' ', before + (from > 0));
    int width = cells_between(line, start, end < to ? end : to);
    if (color) fputs("\033[1;31m", out);
    put_repeated(out, '^', width > 0 ? width : 1);
    fputs(color ? "\033[0m\n" : "\n", out);
}

void report_text(FILE *out, const Diag *diag, bool color)
{
    bool is_error = diag->severity == SEVERITY_ERROR;
    fprintf(out, "%s%s[%s]%s: ", color ? (is_error ? "\033[1;31m" : "\033[1;33m") : "", is_error ? "error" : "warning", diag->code, color ? "\033[0m" : "");
    put_clean(out, diag->message, 0, strlen(diag->message));
    fputs("\n", out);
    if (diag->where.source) {
        Position at = source_locate(diag->where.source, diag->where.start);
        fprintf(out, "  --> %s:%zu:%zu\n", diag->where.source->path, at.line, at.column);
        if (diag->where.source->length) put_excerpt(out, diag, at.line, color);
    }
    if (diag->data.row || diag->data.file) {
        fprintf(out, "   = data: %s", diag->data.file ? diag->data.file : "");
        if (diag->data.cell) fprintf(out, ":%s", diag->data.cell);
        else if (diag->data.line) fprintf(out, ":%zu", diag->data.line);
        if (diag->data.row) fprintf(out, ", row %zu", diag->data.row);
        if (diag->data.column) fprintf(out, ", %s", diag->data.column);
        if (diag->data.value) {
            fputs(" = ", out);
            size_t most = strlen(diag->data.value), shown = 0;
            for (int cells = 0; shown < most && cells < LINE_SHOWN / 2 && shown < 4 * LINE_SHOWN;) cells += cells_of(utf8_next(diag->data.value, most, &shown));
            put_clean(out, diag->data.value, 0, shown);
            fputs(shown < most ? "…" : "", out);
        }
        fputs("\n", out);
    }
    if (diag->repeats) fprintf(out, "   = and %zu more like it\n", diag->repeats);
    if (diag->hint) {
        fputs("   = hint: ", out);
        put_clean(out, diag->hint, 0, strlen(diag->hint));
        fputs("\n", out);
    }
}

static void add_string(StrBuf *out, const char *key, const char *value)
{
    strbuf_addf(out, ",\"%s\":", key);
    if (value) strbuf_add_json(out, value);
    else strbuf_add(out, "null");
}

static void add_count(StrBuf *out, const char *key, size_t value)
{
    if (value) strbuf_addf(out, ",\"%s\":%zu", key, value);
    else strbuf_addf(out, ",\"%s\":null", key);
}

void report_json(FILE *out, const Diag *diag)
{
    Arena *arena = arena_new(0);
    if (!arena) return;
    StrBuf line;
    strbuf_init(&line, arena);
    Position start = {0}, end = {0};
    const Source *source = diag->where.source;
    if (source) {
        start = source_locate(source, diag->where.start);
        end = source_locate(source, diag->where.end > diag->where.start ? diag->where.end : diag->where.start);
    }
    strbuf_add(&line, "{\"v\":1");
    add_string(&line, "severity", diag->severity == SEVERITY_ERROR ? "error" : "warning");
    add_string(&line, "code", diag->code);
    add_string(&line, "message", diag->message);
    add_string(&line, "file", source ? source->path : NULL);
    add_count(&line, "line", start.line);
    add_count(&line, "column", start.column);
    add_count(&line, "endLine", end.line);
    add_count(&line, "endColumn", end.column);
    add_string(&line, "path", diag->path);
    if (diag->data.row || diag->data.file) {
        strbuf_add(&line, ",\"data\":{\"file\":");
        if (diag->data.file) strbuf_add_json(&line, diag->data.file);
        else strbuf_add(&line, "null");
        add_count(&line, "row", diag->data.row);
        add_count(&line, "line", diag->data.line);
        if (diag->data.cell) add_string(&line, "cell", diag->data.cell);
        add_string(&line, "column", diag->data.column);
        strbuf_add(&line, "}");
    } else {
        strbuf_add(&line, ",\"data\":null");
    }
    add_string(&line, "hint", diag->hint);
    if (diag->repeats) add_count(&line, "repeats", diag->repeats);
    strbuf_add(&line, "}\n");
    fwrite(line.bytes, 1, line.length, out);
    arena_free(arena);
}

void report_all(FILE *out, const DiagList *diags, bool json, bool color)
{
    for (size_t i = 0; i < diags->count; i++) {
        if (json) report_json(out, &diags->items[i]);
        else report_text(out, &diags->items[i], color);
    }
    if (diags->dropped && !json) fprintf(out, "... and %zu more messages\n", diags->dropped);
}

void report_summary(FILE *out, const char *layout, const JobSummary *summary, const DiagList *diags, double seconds, bool json)
{
    char number[NUM_ROOM], time[NUM_ROOM];
    num_format(time, seconds, 2);
    if (json) {
        fprintf(out, "{\"v\":1,\"event\":\"summary\",\"rows\":%zu,\"ok\":%zu,\"errors\":%zu,\"warnings\":%zu,\"outputs\":%zu,\"kept\":%zu,\"pages\":%zu,\"bytes\":%llu,\"seconds\":%s}\n",
                summary->rows, summary->rows - summary->rows_left_out, diags->error_count, diags->warning_count, summary->outputs, summary->kept, summary->pages,
                (unsigned long long)summary->bytes, time);
        return;
    }
    double bytes = (double)summary->bytes;
    const char *unit = bytes >= 1e6 ? "MB" : bytes >= 1e3 ? "kB" : "bytes";
    num_format(number, bytes >= 1e6 ? bytes / 1e6 : bytes >= 1e3 ? bytes / 1e3 : bytes, 1);
    fprintf(out, "%s: %zu %s, %zu %s, %s %s in %s s", layout, summary->outputs, summary->outputs == 1 ? "file" : "files", summary->pages,
            summary->pages == 1 ? "page" : "pages", number, unit, time);
    if (summary->kept) fprintf(out, "; %zu kept", summary->kept);
    if (summary->rows_left_out) fprintf(out, "; %zu rows left out", summary->rows_left_out);
    if (summary->rejected) fprintf(out, ", see %s", summary->rejected);
    fputs("\n", out);
}
