/* phrase.c -- what it costs to end a line at each legal place (word-break: phrase).
 *
 * Two dictionaries vote where words begin: jieba's (lexicon.c) and ICU's. A break that both see is cheap, one that neither
 * sees is dear, one inside a word of the layout is out of the question. The scale is the reference's (typography, section
 * 8), with words added that cling to what follows (不, 把, 第) or to what comes before (的, 了, 们): 不|轻信 is a break
 * between words, and still wrong. */
#include "text/private.h"

#include <string.h>

#include "base/utf8.h"

#define COST_STOP (-2 * COST_ONE)
#define COST_COMMA (-16 * COST_ONE / 10)
#define COST_ENUMERATION (-6 * COST_ONE / 10)
#define COST_AGREED (6 * COST_ONE / 10)
#define COST_ONE_VOTE (22 * COST_ONE / 10)
#define COST_ICU_ALONE (5 * COST_ONE)    /* it cuts twice as many words as jieba (reference, section 8) */
#define COST_HYPHEN (3 * COST_ONE)
#define COST_BODY_HYPHEN (COST_ONE / 10)     /* of body text: as a slack of an eighth of the line */
#define COST_NO_VOTE (9 * COST_ONE)
#define COST_CLINGS (3 * COST_ONE)
#define TITLE_MOST 4              /* 《titles》 of fewer characters stay whole */
#define COLUMN_WORD_MOST 6        /* characters of a data column's value that stay whole */

/* What clings to the word after it, and to the word before it. */
static const char clings_forward[] = "不没未勿别莫很最更太请把被将在从向对与和或及同跟第各每该这那一为以于由给让凡非再";
static const char clings_backward[] = "的地得了着过吗呢吧啊呀们者么里中上下内外";

static bool is_among(const char *list, uint32_t c)
{
    char bytes[5] = {0};
    if (c < 0x800 || c > 0xFFFF) return false;
    utf8_put(c, bytes);
    return strstr(list, bytes) != NULL;
}

/* ---- votes ---- */

typedef struct Votes { uint8_t *jieba, *icu, *user; bool *is_inside; } Votes;     /* by character */

static void release_iterator(void *iterator) { ubrk_close(iterator); }

static void ask_icu(const ShapedText *shaped, uint8_t *starts)
{
    TextEngine *engine = shaped->engine;
    UErrorCode status = U_ZERO_ERROR;
    if (!engine->words_place) {
        engine->words_place = arena_own(engine->arena, release_iterator);
        *engine->words_place = engine->words = ubrk_open(UBRK_WORD, "zh", NULL, 0, &status);
    }
    if (!engine->words) return;
    status = U_ZERO_ERROR;
    engine->utext = utext_openUTF8(engine->utext, shaped->input.text, (int64_t)shaped->input.length, &status);
    *engine->utext_place = engine->utext;
    if (U_SUCCESS(status)) ubrk_setUText(engine->words, engine->utext, &status);
    if (U_FAILURE(status)) return;
    size_t i = 0, count = shaped->itemised.char_count;
    const Char *chars = shaped->itemised.chars;
    for (int32_t at = ubrk_first(engine->words); at != UBRK_DONE; at = ubrk_next(engine->words)) {
        while (i < count && chars[i].offset < (uint32_t)at) i++;
        if (i < count && chars[i].offset == (uint32_t)at) starts[i] = WORD_STARTS;
    }
}

static void keep_whole(Votes *votes, size_t start, size_t length)
{
    for (size_t i = start + 1; i < start + length; i++) votes->is_inside[i] = true;
}

/* Words of the layout, short values of data columns, short titles. */
static void find_wholes(const ShapedText *shaped, Votes *votes)
{
    const Char *chars = shaped->itemised.chars;
    size_t count = shaped->itemised.char_count;
    for (size_t i = 0; i < count; i++) {
        size_t length = lexicon_user_word(shaped->engine->lexicon, chars + i, count - i);
        votes->user[i] = (uint8_t)length;
        if (length) keep_whole(votes, i, length);
        if (chars[i].codepoint == 0x300A) {
            size_t end = i + 1;
            while (end < count && end - i <= TITLE_MOST && chars[end].codepoint != 0x300B) end++;
            if (end < count && end - i <= TITLE_MOST && chars[end].codepoint == 0x300B) keep_whole(votes, i, end + 1 - i);
        }
    }
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && chars[end].span == chars[i].span;) end++;
        bool is_plain = shaped->input.spans[chars[i].span].column && end - i <= COLUMN_WORD_MOST;
        for (size_t k = i; is_plain && k < end; k++) is_plain = char_is_han(chars[k].codepoint);
        if (!is_plain || end - i < 2) continue;
        votes->user[i] = (uint8_t)(end - i);
        keep_whole(votes, i, end - i);
    }
}

/* ---- costs ---- */

static bool is_breakable_mark(uint32_t c) { return c == 0x200B; }

static int32_t cost_after_mark(uint32_t mark)
{
    switch (mark) {
    case 0x3002: case 0xFF01: case 0xFF1F: case 0xFF1B: return COST_STOP;
    case 0xFF0C: case 0xFF1A: return COST_COMMA;
    default: return COST_ENUMERATION;
    }
}

/* Two single characters that are no words of their own: 防|诈, rather an unknown word than two known ones. */
static bool may_be_one_word(const Votes *votes, const Char *chars, size_t count, size_t at)
{
    if (votes->jieba[at] != WORD_SINGLE || votes->jieba[at - 1] != WORD_SINGLE) return false;
    uint32_t a = chars[at - 1].codepoint, b = chars[at].codepoint;
    static const char words[] = "是要就都也还只又有说去来到打叫我你您他她它谁";
    return !is_among(words, a) && !is_among(words, b) && !is_among(clings_backward, a) && !is_among(clings_forward, b) && at < count;
}

static int32_t weigh(const Votes *votes, const Char *chars, size_t count, size_t at, bool has_both, LineReason *reason)
{
    uint32_t before = chars[at - 1].codepoint, after = chars[at].codepoint;
    if (is_breakable_mark(before)) {
        *reason = LINE_AFTER_SPACE;
        return COST_COMMA;
    }
    if (votes->is_inside[at]) {
        *reason = LINE_INSIDE_WORD;
        return COST_NEVER;
    }
    if (before == ' ' || before == 0x3000 || before == '\t') {
        *reason = LINE_AFTER_SPACE;
        return COST_COMMA;
    }
    if (mark_ends_clause(before)) {
        *reason = LINE_AFTER_MARK;
        return cost_after_mark(before);
    }
    *reason = LINE_AFTER_WORD;
    if (!char_is_han(before) || !char_is_han(after)) return COST_AGREED;
    int votes_for = (votes->icu[at] != WORD_INSIDE) + (has_both ? votes->jieba[at] != WORD_INSIDE : 0);
    if (has_both && votes_for == 2 && may_be_one_word(votes, chars, count, at)) votes_for = 1;
    bool is_icu_alone = has_both && votes_for == 1 && votes->jieba[at] == WORD_INSIDE;
    int32_t cost = votes_for == 0 ? COST_NO_VOTE : votes_for == 1 + has_both ? COST_AGREED : is_icu_alone ? COST_ICU_ALONE : COST_ONE_VOTE;
    if (votes_for == 0) *reason = LINE_INSIDE_WORD;
    else if (votes_for == 1 && has_both) *reason = LINE_AFTER_WORD_PERHAPS;
    if (votes_for && (is_among(clings_backward, after) || is_among(clings_forward, before))) {
        bool is_single = !has_both || votes->jieba[at - 1] == WORD_SINGLE || votes->jieba[at] == WORD_SINGLE;
        if (is_single) cost += COST_CLINGS;
    }
    return cost;
}

/* The places of each level, as lists of their own: greedy breaking halves them. */
static void list_levels(Arena *arena, Breaks *breaks)
{
    static const int32_t most[BREAK_LEVELS] = {COST_AGREED, COST_ONE_VOTE + COST_CLINGS, COST_NEVER - 1};
    for (int level = 0; level < BREAK_LEVELS; level++) {
        struct Allowed *allowed = &breaks->allowed[level];
        allowed->at = ARENA_ARRAY(arena, uint32_t, breaks->count + 1);
        for (size_t i = 0; i < breaks->count; i++) if (breaks->cost[i] <= most[level]) allowed->at[allowed->count++] = breaks->at[i];
    }
}

void phrase_weigh(const ShapedText *shaped)
{
    segment_find(shaped);
    Breaks *breaks = shaped->breaks;
    if (breaks->is_weighed) return;
    breaks->is_weighed = true;
    Arena *arena = shaped->arena;
    size_t count = shaped->itemised.char_count;
    breaks->cost = ARENA_ARRAY(arena, int32_t, breaks->count + 1);
    breaks->reason = ARENA_ARRAY(arena, uint8_t, breaks->count + 1);
    if (shaped->input.style->word_break != WORD_BREAK_PHRASE) {
        for (size_t i = 0; i < breaks->count; i++) {
            bool has_hyphen = breaks->has_hyphen && breaks->has_hyphen[breaks->at[i]];
            breaks->reason[i] = has_hyphen ? LINE_AT_HYPHEN : LINE_AT_RULE;
            breaks->cost[i] = has_hyphen ? COST_BODY_HYPHEN : 0;
        }
        for (int level = 0; level < BREAK_LEVELS; level++) breaks->allowed[level] = (struct Allowed){breaks->at, breaks->count};
        return;
    }
    Votes votes = {ARENA_ARRAY(arena, uint8_t, count + 1), ARENA_ARRAY(arena, uint8_t, count + 1), ARENA_ARRAY(arena, uint8_t, count + 1),
                   ARENA_ARRAY(arena, bool, count + 1)};
    breaks->votes = ARENA_ARRAY(arena, uint8_t, breaks->count + 1);
    find_wholes(shaped, &votes);
    ask_icu(shaped, votes.icu);
    bool has_both = lexicon_has_dictionary(shaped->engine->lexicon);
    if (has_both) lexicon_cut(shaped->engine->lexicon, shaped->itemised.chars, count, votes.user, votes.jieba);
    for (size_t i = 0; i < breaks->count; i++) {
        LineReason reason = LINE_AT_RULE;
        size_t at = shaped->clusters[breaks->at[i]].character;
        breaks->cost[i] = at ? weigh(&votes, shaped->itemised.chars, count, at, has_both, &reason) : 0;
        if (breaks->has_hyphen && breaks->has_hyphen[breaks->at[i]] && breaks->cost[i] < COST_NEVER) {
            breaks->cost[i] = COST_HYPHEN;
            reason = LINE_AT_HYPHEN;
        }
        breaks->reason[i] = (uint8_t)reason;
        breaks->votes[i] = (uint8_t)((votes.icu[at] != WORD_INSIDE ? VOTE_ICU : 0) | (has_both && votes.jieba[at] != WORD_INSIDE ? VOTE_JIEBA : 0));
    }
    list_levels(arena, breaks);
}

const char *text_line_reason(LineReason reason)
{
    static const char *const words[] = {
        [LINE_ENDS_TEXT] = "end", [LINE_AFTER_MARK] = "mark", [LINE_AFTER_SPACE] = "space", [LINE_AFTER_WORD] = "word",
        [LINE_AFTER_WORD_PERHAPS] = "word-perhaps", [LINE_INSIDE_WORD] = "inside-word", [LINE_AT_HYPHEN] = "hyphen", [LINE_AT_RULE] = "rule", [LINE_CUT] = "cut"};
    return words[reason];
}
