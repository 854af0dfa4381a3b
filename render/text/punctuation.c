/* punctuation.c -- half-width punctuation typed between Chinese characters: `punctuation`. */
#include "text/private.h"

#include <string.h>

#include "base/utf8.h"

/* What stands in Chinese text for a half-width mark. */
static const char *full_width(uint32_t c)
{
    switch (c) {
    case ',': return "，";
    case ';': return "；";
    case ':': return "：";
    case '!': return "！";
    case '?': return "？";
    default: return NULL;
    }
}

/* The character before byte `at`; 0 at the start. */
static uint32_t before(const char *text, size_t at)
{
    size_t end = at;
    if (at == 0) return 0;
    do at--; while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80);
    return utf8_next(text, end, &at);
}

static void report(const TextInput *input, size_t at, const char *wanted, Report severity, DiagList *diags)
{
    const TextSpan *span = NULL;
    for (size_t i = 0; i < input->span_count && !span; i++) if (at < input->spans[i].end) span = &input->spans[i];
    Arena *arena = diags->arena;
    size_t start = at, end = at + 1;
    for (int i = 0; i < 3 && start > 0; i++) do start--; while (start > 0 && ((unsigned char)input->text[start] & 0xC0) == 0x80);
    for (int i = 0; i < 3 && end < input->length && input->text[end] != '\n'; i++)
        do end++; while (end < input->length && ((unsigned char)input->text[end] & 0xC0) == 0x80);
    Diag diag = {.severity = severity == REPORT_ERROR ? SEVERITY_ERROR : SEVERITY_WARNING, .cause = DIAG_INPUT, .code = "punctuation", .where = input->where,
                 .hint = arena_printf(arena, "write %s", wanted)};
    if (span && span->where.source) diag.where = span->where;
    diag.message = arena_printf(arena, "half-width \"%c\" between Chinese characters: \"%.*s\"", input->text[at], (int)(end - start),
                                input->text + start);
    if (span && span->column) {
        diag.data = diags->row;
        diag.data.column = span->column;
        diag.data.value = arena_copy(arena, input->text + span->start, span->end - span->start);
    }
    diag_add(diags, &diag);
}

void text_check_punctuation(const TextInput *input, Report severity, DiagList *diags)
{
    if (severity == REPORT_OFF) return;
    for (size_t at = 0; at < input->length; at++) {
        const char *wanted = full_width((unsigned char)input->text[at]);
        if (!wanted || !char_is_han(before(input->text, at))) continue;
        size_t next = at + 1;
        uint32_t after = next < input->length ? utf8_next(input->text, input->length, &next) : 0;
        /* 22:30 and 1,000 are right; a mark at the end, or before Chinese, is not. */
        if (after && after != '\n' && !char_is_wide(after)) continue;
        report(input, at, wanted, severity, diags);
        return;                   /* one a text */
    }
}
