/* segment.c -- where a line may end: UAX #14 through ICU in the language of the text, then the rules of the W3C's
 * Requirements for Chinese Text Layout (clreq, "prohibition rules") that ICU 72 does not know. `line-break: loose` is
 * clreq's level basic, normal is GB, strict is strict.
 *
 * Only asked for when a line must be broken: opening the first iterator of a process costs 6-28 ms. Breaking by phrases
 * (word-break: phrase) takes the legal breaks from here and weighs them in phrase.c. */
#include "text/private.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uloc.h>

/* ---- ICU ---- */

static void release_iterator(void *iterator) { ubrk_close(iterator); }

static UBreakIterator *open_iterator(const char *lang, LineBreak strictness)
{
    static const char *const levels[] = {[LINE_BREAK_LOOSE] = "loose", [LINE_BREAK_NORMAL] = "normal", [LINE_BREAK_STRICT] = "strict"};
    char locale[ULOC_FULLNAME_CAPACITY] = "zh";
    UErrorCode status = U_ZERO_ERROR;
    int32_t parsed = 0;
    uloc_forLanguageTag(lang, locale, sizeof locale, &parsed, &status);
    if (U_FAILURE(status) || parsed == 0) strcpy(locale, "zh");
    status = U_ZERO_ERROR;
    uloc_setKeywordValue("lb", levels[strictness], locale, sizeof locale, &status);
    status = U_ZERO_ERROR;
    UBreakIterator *iterator = ubrk_open(UBRK_LINE, locale, NULL, 0, &status);
    return U_SUCCESS(status) ? iterator : NULL;
}

UBreakIterator *segment_iterator(TextEngine *engine, const char *lang, LineBreak strictness)
{
    if (!lang || !*lang || strlen(lang) >= sizeof engine->iterators[0].lang) lang = "zh-Hans";
    for (size_t i = 0; i < engine->iterator_count; i++)
        if (engine->iterators[i].strictness == strictness && strcmp(engine->iterators[i].lang, lang) == 0)
            return *engine->iterators[i].place;
    bool is_new = engine->iterator_count < ENGINE_ITERATORS;
    LineIterator *slot = &engine->iterators[is_new ? engine->iterator_count : engine->next_iterator++ % ENGINE_ITERATORS];
    if (is_new) slot->place = (UBreakIterator **)arena_own(engine->arena, release_iterator);
    else if (*slot->place) ubrk_close(*slot->place);
    *slot->place = open_iterator(lang, strictness);
    strcpy(slot->lang, lang);
    slot->strictness = strictness;
    engine->iterator_count += is_new;
    return *slot->place;
}

/* ---- clreq ---- */

/* Not at the start of a line: sets A, B (pause, stop and closing marks), C (connectors, interpuncts), D (solidus). */
static const uint32_t not_at_start[] = {0x21, 0x25, 0x29, 0x2C, 0x2E, 0x3A, 0x3B, 0x3F, 0x5D, 0x7D,
    0x3002, 0xFF0E, 0xFF0C, 0x3001, 0xFF1A, 0xFF1B, 0xFF01, 0xFF1F, 0x203C, 0x2047, 0x2048, 0x2049,
    0x201D, 0x2019, 0x300D, 0x300F, 0xFF09, 0x300B, 0x3009, 0x3011, 0x3017, 0x3015, 0xFF3D, 0xFF5D};
static const uint32_t connectors[] = {0xFF5E, 0x2D, 0x2013, 0x2014, 0xB7, 0x30FB, 0x2027, 0x2F, 0xFF0F};
/* Set E: opening marks, not at the end of a line. */
static const uint32_t not_at_end[] = {0x28, 0x5B, 0x7B, 0x201C, 0x2018, 0x300C, 0x300E, 0xFF08, 0x300A, 0x3008, 0x3010, 0x3016,
    0x3014, 0xFF3B, 0xFF5B, 0xFFE5, 0xA5, 0x24};
/* Never parted. */
static const uint32_t pairs[][2] = {{0x2014, 0x2014}, {0x2026, 0x2026}, {0x22EF, 0x22EF}, {0xFF1F, 0xFF01}, {0xFF01, 0xFF01},
    {0xFF1F, 0xFF1F}};
/* Units and counters that stay with the digits before them (ours: clreq leaves the list empty). */
static const char units[] = "元年月日号时点分秒人名次条个件起万亿千百度米斤岁楼栋层室户级类种天周倍折％‰℃";

#define HAS(table, c) is_in(table, sizeof table / sizeof *table, c)
static bool is_in(const uint32_t *table, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++) if (table[i] == c) return true;
    return false;
}

static bool is_digit(uint32_t c) { return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19); }

static bool is_unit(uint32_t c)
{
    if (c < 0x80) return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    if (c > 0xFFFF) return false;
    char bytes[4] = {(char)(0xE0 | (c >> 12)), (char)(0x80 | ((c >> 6) & 0x3F)), (char)(0x80 | (c & 0x3F)), 0};
    return c >= 0x800 && strstr(units, bytes) != NULL;
}

/* Units in Latin letters that stay with a number even across a space. */
static bool is_latin_unit(const Char *chars, size_t count, size_t at)
{
    static const char *const names[] = {"mm", "cm", "dm", "m", "km", "mg", "g", "kg", "t", "ml", "mL", "L", "KB", "kB", "MB", "GB", "TB", "ms",
                                        "s", "min", "h", "px", "pt", "dpi", "W", "kW", "V", "kV", "A", "mA", "Hz", "kHz", "MHz", "GHz"};
    char word[5] = {0};
    size_t length = 0;
    for (; at + length < count && chars[at + length].codepoint < 0x80 && u_isalpha((UChar32)chars[at + length].codepoint); length++) {
        if (length == sizeof word - 1) return false;
        word[length] = (char)chars[at + length].codepoint;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) if (strcmp(names[i], word) == 0) return true;
    return false;
}

/* Raised figures, daggers and note marks stay with what they note. */
static bool is_note(uint32_t c)
{
    return c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0x2070 && c <= 0x207F) || c == 0x2020 || c == 0x2021 || c == 0x203B;
}

bool mark_ends_clause(uint32_t c)
{
    if (c < 0x2019 || (c > 0x3017 && c < 0xFF00)) return false;       /* most characters, at once */
    return HAS(not_at_start, c);
}

static bool is_letter(uint32_t c) { return char_is_han(c) || u_isalpha((UChar32)c); }

/* Does a rule forbid the break that ICU allows before character `at` (> 0)? */
static bool is_forbidden(const Char *chars, size_t count, size_t at, const TextStyle *style)
{
    uint32_t before = chars[at - 1].codepoint, after = chars[at].codepoint;
    if (char_is_han(before) && char_is_han(after)) return style->word_break == WORD_BREAK_KEEP_ALL;      /* most places, at once */
    if (before == 0xAD) return style->hyphens == HYPHENS_NONE;
    if (before == 0x200B) return false;            /* the user's own break mark */
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (before == pairs[i][0] && after == pairs[i][1]) return true;
    if (HAS(not_at_end, before)) return true;
    if (before == ' ' || before == '\t') {
        if (at > 1 && is_digit(chars[at - 2].codepoint) && (is_latin_unit(chars, count, at) || (after > 0x7F && is_unit(after)))) return true;
        return after > 0x7F && HAS(not_at_start, after);
    }
    if (HAS(not_at_start, after) || is_note(after)) return true;
    if (style->word_break == WORD_BREAK_KEEP_ALL && is_letter(before) && is_letter(after)) return true;
    bool is_doubled = at + 1 < count && chars[at + 1].codepoint == after;
    if (after == 0x2E3A || (after == 0x2014 && is_doubled)) return style->line_break == LINE_BREAK_STRICT;    /* —— is a dash, not a connector: set G */
    if (HAS(connectors, after)) return true;
    /* Set F, in Chinese: an address may be broken after its solidus. */
    if ((before == '/' || before == 0xFF0F) && style->line_break != LINE_BREAK_LOOSE &&
        (char_is_han(after) || (at > 1 && char_is_han(chars[at - 2].codepoint)))) return true;
    if (is_digit(before) && is_unit(after)) return true;
    return before == 0x7B2C && is_digit(after);    /* 第3条 */
}

/* …… and ⋯⋯ may begin a line below the level strict; ICU never lets them. */
static bool is_allowed(const Char *chars, size_t at, const TextStyle *style)
{
    uint32_t before = chars[at - 1].codepoint, after = chars[at].codepoint;
    if (style->line_break == LINE_BREAK_STRICT || (after != 0x2026 && after != 0x22EF) || before == after) return false;
    return char_is_han(before) || mark_ends_clause(before);
}

/* ---- ---- */

static bool is_inside_ruby(const ShapedText *shaped, uint32_t cluster)
{
    const RubyUnit *unit = ruby_at(shaped, cluster);
    return unit && unit->start < cluster;
}

static void add_break(const ShapedText *shaped, uint32_t cluster)
{
    if (!is_inside_ruby(shaped, cluster)) shaped->breaks->at[shaped->breaks->count++] = cluster;
}

static bool stands_alone(const ShapedText *shaped, uint32_t cluster)
{
    return (shaped->clusters[cluster].flags | shaped->clusters[cluster - 1].flags) & CLUSTER_NEWLINE;
}

static void break_anywhere(const ShapedText *shaped)
{
    for (uint32_t i = 1; i < shaped->cluster_count; i++)
        if (!stands_alone(shaped, i)) add_break(shaped, i);
}

/* Chinese characters and the marks of every slogan: where a line may end is plain, and the same in every language and
 * at every level. 1 of a character, 2 of a mark, 0 of anything else. */
static int plain_kind(uint32_t c)
{
    if (c >= 0x4E00 && c <= 0x9FFF) return 1;
    switch (c) {
    case 0x3001: case 0x3002: case 0xFF0C: case 0xFF1A: case 0xFF1B: case 0xFF01: case 0xFF1F: return 2;
    default: return 0;
    }
}

/* Without asking ICU, when nothing else is in the text: before a character, whatever stands before it. */
static bool break_plainly(const ShapedText *shaped)
{
    const Char *chars = shaped->itemised.chars;
    size_t count = shaped->itemised.char_count;
    if (shaped->input.style->word_break == WORD_BREAK_KEEP_ALL || shaped->cluster_count != count) return false;
    for (size_t i = 0; i < count; i++) if (chars[i].codepoint != '\n' && !plain_kind(chars[i].codepoint)) return false;
    for (uint32_t i = 1; i < count; i++)
        if (plain_kind(chars[i].codepoint) == 1 && chars[i - 1].codepoint != '\n') add_break(shaped, i);
    return true;
}

static void break_by_rules(const ShapedText *shaped, UBreakIterator *iterator)
{
    TextEngine *engine = shaped->engine;
    const TextInput *input = &shaped->input;
    UErrorCode status = U_ZERO_ERROR;
    engine->utext = utext_openUTF8(engine->utext, input->text, (int64_t)input->length, &status);
    *engine->utext_place = engine->utext;
    if (U_SUCCESS(status)) ubrk_setUText(iterator, engine->utext, &status);
    if (U_FAILURE(status)) return;
    uint32_t cluster = 0;
    for (int32_t at = ubrk_next(iterator); at != UBRK_DONE; at = ubrk_next(iterator)) {
        for (; cluster < shaped->cluster_count && shaped->clusters[cluster].start < (uint32_t)at; cluster++)
            if (cluster && !stands_alone(shaped, cluster) && is_allowed(shaped->itemised.chars, shaped->clusters[cluster].character, input->style))
                add_break(shaped, cluster);
        if (cluster == 0 || cluster >= shaped->cluster_count || shaped->clusters[cluster].start != (uint32_t)at) continue;
        if (stands_alone(shaped, cluster)) continue;
        if (!is_forbidden(shaped->itemised.chars, shaped->itemised.char_count, shaped->clusters[cluster].character, input->style))
            add_break(shaped, cluster);
    }
}

void segment_find(const ShapedText *shaped)
{
    if (shaped->breaks->is_known) return;
    shaped->breaks->at = ARENA_ARRAY(shaped->arena, uint32_t, shaped->cluster_count + 1);
    shaped->breaks->is_known = true;
    const TextStyle *style = shaped->input.style;
    if (style->line_break == LINE_BREAK_ANYWHERE) break_anywhere(shaped);
    else if (!break_plainly(shaped)) {
        UBreakIterator *iterator = segment_iterator(shaped->engine, style->lang, style->line_break);
        if (iterator) break_by_rules(shaped, iterator);
    }
    if (style->line_break != LINE_BREAK_ANYWHERE && style->fit != FIT_STACK) hyphenate_find(shaped);
    reshape_measure(shaped);
}
