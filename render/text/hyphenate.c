/* hyphenate.c -- places inside words where a line may end with a hyphen: soft hyphens (U+00AD), and by patterns where the
 * style says hyphens: auto.
 *
 * Not parted: words shorter than hyphenate-limit-chars, the tokens of addresses (a.b, a/b, a@b, a_b), and a word in the middle
 * of a ligature. */
#include "text/private.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

/* Letters of scripts that are written in words and parted by a hyphen. */
static bool is_letter(const Char *c)
{
    if (c->codepoint < 0x41 || char_is_wide(c->codepoint) || !u_isalpha((UChar32)c->codepoint)) return c->codepoint >= 0x300 && u_charType((UChar32)c->codepoint) == U_NON_SPACING_MARK;
    switch (c->script) {
    case HB_SCRIPT_LATIN: case HB_SCRIPT_GREEK: case HB_SCRIPT_CYRILLIC: case HB_SCRIPT_DEVANAGARI: case HB_SCRIPT_BENGALI: case HB_SCRIPT_GURMUKHI:
    case HB_SCRIPT_GUJARATI: case HB_SCRIPT_ORIYA: case HB_SCRIPT_TAMIL: case HB_SCRIPT_TELUGU: case HB_SCRIPT_KANNADA: case HB_SCRIPT_MALAYALAM: return true;
    default: return false;
    }
}

static bool is_blank(uint32_t c) { return c <= 0x20 || c == 0xA0 || char_is_wide(c) || u_isUWhiteSpace((UChar32)c); }

/* Does the token around characters [start, end) look like an address or a name of a program? */
static bool is_address(const Char *chars, size_t count, size_t start, size_t end)
{
    size_t from = start, to = end;
    while (from > 0 && start - from < 256 && !is_blank(chars[from - 1].codepoint)) from--;
    while (to < count && to - end < 256 && !is_blank(chars[to].codepoint)) to++;
    for (size_t i = from; i < to; i++) {
        uint32_t c = chars[i].codepoint;
        if (c == '@' || c == '_' || c == '\\' || c == '/') return true;
        if ((c == '.' || c == ':') && i > from && i + 1 < to && u_isalnum((UChar32)chars[i - 1].codepoint) && u_isalnum((UChar32)chars[i + 1].codepoint)) return true;
    }
    return false;
}

/* The word that begins at `start`: its end. */
static size_t word_end(const Itemised *text, const TextInput *input, size_t start)
{
    size_t end = start;
    while (end < text->char_count && is_letter(&text->chars[end]) && input->spans[text->chars[end].span].style->lang == input->spans[text->chars[start].span].style->lang) end++;
    return end;
}

static bool is_asked(const Itemised *text, const TextInput *input, size_t start, size_t end)
{
    const TextStyle *style = input->spans[text->chars[start].span].style;
    return style->hyphens == HYPHENS_AUTO && end - start >= style->hyphenate_chars && end - start <= HYPHEN_WORD_MOST && !is_address(text->chars, text->char_count, start, end);
}

bool hyphenate_check(TextEngine *engine, const TextInput *input, const Itemised *text, DiagList *diags)
{
    const char *known = NULL;
    bool is_any = false;
    for (size_t i = 0; i < input->span_count; i++) is_any |= input->spans[i].style->hyphens == HYPHENS_AUTO;
    for (size_t i = 0, end; is_any && i < text->char_count; i = end > i ? end : i + 1) {
        end = word_end(text, input, i);
        if (end == i || !is_asked(text, input, i, end)) continue;
        const TextSpan *span = &input->spans[text->chars[i].span];
        if (known == span->style->lang || patterns_find(engine, span->style->lang)) known = span->style->lang;
        else return patterns_report(engine, span->style->lang, span->where.source ? span->where : input->where, diags);
    }
    return true;
}

/* Points of the text's words, by character. */
static bool find_points(const ShapedText *shaped, bool *points)
{
    const Itemised *text = &shaped->itemised;
    bool is_any = false;
    for (size_t i = 0, end; i < text->char_count; i = end > i ? end : i + 1) {
        end = word_end(text, &shaped->input, i);
        if (text->chars[i].codepoint == 0xAD && i + 1 < text->char_count && shaped->input.spans[text->chars[i].span].style->hyphens != HYPHENS_NONE)
            points[i + 1] = is_any = true;
        if (end == i || !is_asked(text, &shaped->input, i, end)) continue;
        const TextStyle *style = shaped->input.spans[text->chars[i].span].style;
        const Patterns *patterns = patterns_find(shaped->engine, style->lang);
        uint32_t letters[HYPHEN_WORD_MOST];
        uint8_t own[HYPHEN_WORD_MOST + 1];
        if (!patterns) continue;
        for (size_t k = i; k < end; k++) letters[k - i] = text->chars[k].codepoint;
        patterns_divide(patterns, letters, end - i, (int)style->hyphenate_before, (int)style->hyphenate_after, own);
        for (size_t k = 1; k < end - i; k++) if (own[k]) points[i + k] = is_any = true;
    }
    return is_any;
}

void hyphenate_find(const ShapedText *shaped)
{
    Breaks *breaks = shaped->breaks;
    bool is_any = false;
    for (size_t i = 0; i < shaped->input.span_count; i++) is_any |= shaped->input.spans[i].style->hyphens != HYPHENS_NONE;
    bool *points = is_any ? ARENA_ARRAY(shaped->engine->scratch, bool, shaped->itemised.char_count + 1) : NULL;
    if (!is_any || !find_points(shaped, points)) return;
    uint32_t *merged = ARENA_ARRAY(shaped->arena, uint32_t, shaped->cluster_count + 1);
    breaks->has_hyphen = ARENA_ARRAY(shaped->arena, bool, shaped->cluster_count + 1);
    size_t count = 0, next = 0;
    for (uint32_t i = 1; i < shaped->cluster_count; i++) {
        bool is_break = next < breaks->count && breaks->at[next] == i, is_point = points[shaped->clusters[i].character];
        next += is_break;
        if (!is_break && !is_point) continue;
        breaks->has_hyphen[i] = is_point;
        merged[count++] = i;
    }
    breaks->at = merged;
    breaks->count = count;
}
