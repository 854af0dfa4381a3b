/* yaml_lines.c -- a file that libfyaml refused is read again by lines, to say what its author did in words he knows.
 *
 * Not a parser: block texts and quoted texts are stepped over, brackets counted, and each place where a value can start is
 * looked at. It runs only on refused files, so it may guess. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/yaml_private.h"

#define MESSAGES_ENOUGH 100       /* every line is compared with what was said: no file may make that slow */
#define WIDE_COLON "\xef\xbc\x9a"

typedef struct Scan {
    const Source *source;
    const char *text;
    DiagList *diags;
    size_t first_diag;            /* of this file: those of the tree, then ours */
    size_t at, line_end;
    int flow_depth;
    size_t opened[LIMIT_YAML_DEPTH];                /* where each open bracket stands, as far as there is room */
    const char *refusal;          /* libfyaml's words */
    char open_quote;              /* a quoted text goes on in the next line */
    bool in_block;                /* a | or > text */
    size_t block_indent;          /* its lines are indented more than this */
} Scan;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static char peek(const Scan *scan, size_t at)
{
    return at < scan->line_end ? scan->text[at] : '\0';
}

static Span rest_of_line(const Scan *scan, size_t start)
{
    size_t end = scan->line_end;
    while (end > start + 1 && (is_blank(scan->text[end - 1]) || scan->text[end - 1] == '\r'))
        end--;
    return (Span){scan->source, start, end};
}

/* Something was said of this line already, by the tree or by us. */
static bool is_said(const Scan *scan, size_t start, size_t end)
{
    for (size_t i = scan->first_diag; i < scan->diags->count; i++) {
        const Span *where = &scan->diags->items[i].where;
        if (where->source == scan->source && where->start >= start && where->start <= end)
            return true;
    }
    return false;
}

/* ---- quoted texts ---- */

/* Past the closing quote, or 0 when the line ends first. */
static size_t quote_end(const Scan *scan, size_t at, char quote)
{
    for (; at < scan->line_end; at++) {
        if (quote == '"' && scan->text[at] == '\\')
            at++;
        else if (scan->text[at] == quote && quote == '\'' && peek(scan, at + 1) == '\'')
            at++;
        else if (scan->text[at] == quote)
            return at + 1;
    }
    return 0;
}

static void say_nested(Scan *scan, size_t quote)
{
    diag_error(scan->diags, (Span){scan->source, quote, quote + 1}, "nested-quotes",
               "use “ ” inside a text in quotes, or write \\\"", "the text ends at this quote, but the line goes on");
}

/* Step over a quoted text; false when what follows it shows that its end was not meant. */
static bool scan_quoted(Scan *scan)
{
    char quote = scan->text[scan->at];
    size_t end = quote_end(scan, scan->at + 1, quote);
    if (!end) {
        scan->open_quote = quote;
        scan->at = scan->line_end;
        return true;
    }
    size_t next = end;
    while (is_blank(peek(scan, next)) || peek(scan, next) == '\r')
        next++;
    char c = peek(scan, next);
    scan->at = end;
    if (!c || c == ':' || (c == '#' && next > end) || (scan->flow_depth && strchr(",]}", c)))
        return true;
    say_nested(scan, end - 1);
    scan->at = scan->line_end;
    return false;
}

/* ---- values ---- */

/* Signs that no plain value may start with, or that mean something else. */
static bool check_start(Scan *scan, size_t at)
{
    char c = peek(scan, at), next = peek(scan, at + 1);
    Span rest = rest_of_line(scan, at);
    const char *line = scan->text + at;
    size_t length = rest.end - rest.start;
    if (c == '{' && next == '{')
        return !yaml_trap_placeholder(scan->source, at, scan->diags);
    if (c == '*')
        return yaml_say_markup(rest, scan->diags);
    if (c == '[' && memmem(line, length, "]{", 2))
        return yaml_say_markup(rest, scan->diags);
    if (c == '#' && next && !is_blank(next) && next != '\r')
        return yaml_say_hash(scan->source, at, scan->diags);
    if (c == '@' || c == '%' || c == '`')
        return yaml_say_reserved(rest, scan->diags);
    if (c == '!' && (unsigned char)next >= 0x80)
        return yaml_say_reserved(rest, scan->diags);
    if (c == ']' || c == '}' || c == ',')
        return scan->flow_depth || yaml_say_reserved(rest, scan->diags);
    return true;
}

/* `- ` and `? ` start a value only behind a key. */
static bool check_block_start(Scan *scan, size_t at)
{
    char c = peek(scan, at), next = peek(scan, at + 1);
    if ((c == '-' || c == '?') && is_blank(next))
        return yaml_say_reserved(rest_of_line(scan, at), scan->diags);
    return check_start(scan, at);
}

static bool is_comment(const Scan *scan, size_t at)
{
    return scan->text[at] == '#' && (at == 0 || is_blank(scan->text[at - 1]) || scan->text[at - 1] == '\n');
}

/* Walk what stands between brackets, up to the line's end or the last closing one. */
static void scan_flow(Scan *scan)
{
    bool at_start = false;
    while (scan->at < scan->line_end) {
        char c = scan->text[scan->at];
        if (is_blank(c) || c == '\r') {
            scan->at++;
            continue;
        }
        if (is_comment(scan, scan->at)) {
            char next = peek(scan, scan->at + 1);
            if (next && !is_blank(next) && next != '\r')
                yaml_say_hash(scan->source, scan->at, scan->diags);
            scan->at = scan->line_end;
            return;
        }
        if (c == '{' && peek(scan, scan->at + 1) == '{') {
            yaml_trap_placeholder(scan->source, scan->at, scan->diags);
            const char *close = memmem(scan->text + scan->at, scan->line_end - scan->at, "}}", 2);
            scan->at = close ? (size_t)(close - scan->text) + 2 : scan->line_end;
            at_start = false;
            continue;
        }
        if (at_start && !check_start(scan, scan->at)) {
            scan->at = scan->line_end;
            return;
        }
        if (at_start && (c == '"' || c == '\'')) {
            if (!scan_quoted(scan))
                return;
            at_start = false;
            continue;
        }
        at_start = c == '{' || c == '[' || c == ',' || (c == ':' && (is_blank(peek(scan, scan->at + 1))));
        if ((c == '{' || c == '[') && scan->flow_depth < LIMIT_YAML_DEPTH)
            scan->opened[scan->flow_depth] = scan->at;
        scan->flow_depth += c == '{' || c == '[';
        scan->flow_depth -= c == '}' || c == ']';
        scan->at++;
        if (scan->flow_depth <= 0) {
            scan->flow_depth = 0;
            return;
        }
    }
}

/* Behind a closing bracket only a comment may stand. */
static void check_after_flow(Scan *scan, size_t start)
{
    size_t at = scan->at;
    while (is_blank(peek(scan, at)))
        at++;
    char c = peek(scan, at);
    if (scan->flow_depth || !c || c == '\r' || c == '#' || c == ':' || is_said(scan, start, scan->line_end))
        return;
    yaml_say_markup(rest_of_line(scan, start), scan->diags);
}

/* A colon and a space (or the line's end) in a plain text. */
static size_t find_colon(const Scan *scan, size_t at)
{
    for (; at < scan->line_end; at++) {
        if (is_comment(scan, at))
            break;
        char next = peek(scan, at + 1);
        if (scan->text[at] == ':' && (!next || is_blank(next) || next == '\r'))
            return at;
    }
    return 0;
}

static void scan_plain(Scan *scan, size_t start)
{
    size_t colon = find_colon(scan, start);
    if (colon)
        diag_error(scan->diags, (Span){scan->source, colon, colon + 1}, "colon-in-text",
                   "use \"：\" inside a text, or put the whole text in quotes",
                   "a colon and a space inside a text start a new key");
    scan->at = scan->line_end;
}

/* The value of a key, or an item, in block style. */
static void scan_value(Scan *scan, bool has_key)
{
    size_t start = scan->at;
    char c = peek(scan, start);
    if (c == '&') {                                 /* an anchor, then the value */
        while (scan->at < scan->line_end && !is_blank(scan->text[scan->at]))
            scan->at++;
        start = scan->at = scan->at + strspn(scan->text + scan->at, " \t");
        c = peek(scan, start);
    }
    if (!c || c == '\r')
        return;
    if (has_key ? !check_block_start(scan, start) : !check_start(scan, start))
        return;
    if (c == '#')
        return;
    if (c == '|' || c == '>') {
        scan->in_block = true;
        return;
    }
    if (c == '"' || c == '\'') {
        scan_quoted(scan);
        return;
    }
    if (c == '{' || c == '[') {
        scan_flow(scan);
        check_after_flow(scan, start);
        return;
    }
    if (has_key)
        scan_plain(scan, start);
}

/* ---- lines ---- */

/* A line with no key of its own: was one meant? */
static void check_no_key(Scan *scan, size_t start)
{
    size_t at = start;
    while ((peek(scan, at) >= 'a' && peek(scan, at) <= 'z') || (at > start && strchr("-_0123456789", peek(scan, at)) &&
                                                                peek(scan, at)))
        at++;
    char next = peek(scan, at + 1);
    if (at > start && peek(scan, at) == ':' && next && !strchr(" \t\r/:", next)) {
        yaml_say_missing_space(rest_of_line(scan, start), scan->diags);
        return;
    }
    const char *wide = memmem(scan->text + start, scan->line_end - start, WIDE_COLON, 3);
    if (!wide)
        return;
    size_t colon = (size_t)(wide - scan->text);
    Span rest = rest_of_line(scan, start);
    if (colon == at || colon + 3 == rest.end)
        yaml_say_wide_colon((Span){scan->source, colon, colon + 3}, scan->diags);
}

/* The end of the key that starts here: its colon, or 0. */
static size_t key_colon(Scan *scan, size_t start)
{
    char c = peek(scan, start);
    size_t from = start;
    if (c == '"' || c == '\'') {
        from = quote_end(scan, start + 1, c);
        while (from && is_blank(peek(scan, from)))
            from++;
        char next = from ? peek(scan, from + 1) : '\0';
        return from && peek(scan, from) == ':' && (!next || is_blank(next) || next == '\r') ? from : 0;
    }
    if (c == '{' || c == '[')
        return 0;
    return find_colon(scan, from);
}

static void scan_block_line(Scan *scan, size_t indent_end)
{
    scan->at = indent_end;
    while (peek(scan, scan->at) == '-' && (is_blank(peek(scan, scan->at + 1)) || peek(scan, scan->at + 1) == '\0'))
        scan->at += 1 + strspn(scan->text + scan->at + 1, " ");
    size_t start = scan->at;
    if (start >= scan->line_end || scan->text[start] == '#')
        return;
    size_t colon = key_colon(scan, start);
    if (!colon) {
        check_no_key(scan, start);
        scan_value(scan, false);
        return;
    }
    scan->at = colon + 1;
    while (is_blank(peek(scan, scan->at)))
        scan->at++;
    scan_value(scan, true);
}

static void scan_line(Scan *scan, size_t start)
{
    size_t indent_end = start;
    while (peek(scan, indent_end) == ' ')
        indent_end++;
    size_t indent = indent_end - start;
    bool is_empty = indent_end >= scan->line_end || scan->text[indent_end] == '\r';
    if (scan->in_block && (is_empty || indent > scan->block_indent))
        return;
    scan->in_block = false;
    if (is_empty)
        return;
    if (scan->open_quote) {
        size_t end = quote_end(scan, start, scan->open_quote);
        if (!end)
            return;
        scan->open_quote = '\0';
        scan->at = end;
        if (scan->flow_depth)
            scan_flow(scan);
        return;
    }
    if (is_said(scan, start, scan->line_end))
        return;
    if (scan->text[indent_end] == '\t' && !scan->flow_depth) {
        diag_error(scan->diags, (Span){scan->source, indent_end, indent_end + 1}, "tab-indentation",
                   "write two spaces for each level", "a tab cannot indent a line");
        return;
    }
    scan->block_indent = indent;
    scan->at = start;
    if (scan->flow_depth)
        scan_flow(scan);
    else
        scan_block_line(scan, indent_end);
}

/* libfyaml often notices a line late: anything said up to the line behind its place explains it. */
static bool is_explained(const Scan *scan, size_t refused_at)
{
    size_t until = refused_at;
    for (int lines = 0; lines < 2 && until < scan->source->length; lines++) {
        const char *end = memchr(scan->text + until, '\n', scan->source->length - until);
        until = end ? (size_t)(end - scan->text) + 1 : scan->source->length;
    }
    return is_said(scan, 0, until);
}

/* A comma or colon of the input method in the line that was refused, before the place: "{text: 甲，width: 30mm}". */
static bool say_wide_punctuation(const Scan *scan, size_t refused_at)
{
    static const struct { const char *wide, *name, *narrow; } signs[] = {{"，", "comma", ", "}, {WIDE_COLON, "colon", ": "}};
    if (!strstr(scan->refusal, "flow"))
        return false;
    const char *line = refused_at ? memrchr(scan->text, '\n', refused_at) : NULL;
    size_t start = line ? (size_t)(line - scan->text) + 1 : 0;
    for (size_t i = 0; i < 2; i++) {
        const char *wide = memmem(scan->text + start, refused_at - start, signs[i].wide, 3);
        if (!wide)
            continue;
        size_t at = (size_t)(wide - scan->text);
        char hint[80];
        snprintf(hint, sizeof hint, "switch the input method off and write \"%s\", or quote the text it belongs to", signs[i].narrow);
        diag_error(scan->diags, (Span){scan->source, at, at + 3}, "ime-punct", hint, "full-width %s: it divides nothing between brackets", signs[i].name);
        return true;
    }
    return false;
}

static bool say_unclosed(const Scan *scan)
{
    if (scan->flow_depth <= 0 || scan->flow_depth > LIMIT_YAML_DEPTH)
        return false;
    size_t at = scan->opened[scan->flow_depth - 1];
    char open = scan->text[at];
    diag_error(scan->diags, (Span){scan->source, at, at + 1}, "yaml-syntax", open == '{' ? "write } where it ends" : "write ] where it ends",
               "this \"%c\" is never closed", open);
    return true;
}

void yaml_scan_lines(const Source *source, const YamlTree *tree, DiagList *diags)
{
    Scan scan = {.source = source, .text = source->text, .diags = diags, .first_diag = tree->first_diag, .refusal = tree->refusal};
    size_t start = source->length >= 3 && !memcmp(source->text, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (start < source->length && diags->count - scan.first_diag < MESSAGES_ENOUGH) {
        const char *end = memchr(source->text + start, '\n', source->length - start);
        scan.line_end = end ? (size_t)(end - source->text) : source->length;
        scan_line(&scan, start);
        start = scan.line_end + 1;
    }
    if (is_explained(&scan, tree->refused_at) || say_wide_punctuation(&scan, tree->refused_at) || say_unclosed(&scan))
        return;
    size_t end = tree->refused_at < source->length ? tree->refused_at + 1 : tree->refused_at;
    diag_error(diags, (Span){source, tree->refused_at, end}, "yaml-syntax",
               "look at this line and the one before it: brackets, quotes, indentation",
               "YAML cannot be read here: %s", *tree->refusal ? tree->refusal : "something is not closed or not in its place");
}
