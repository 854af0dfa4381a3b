/* phrase.c -- what it costs to end a line at each legal place (word-break: phrase).
 *
 * Two dictionaries vote where words begin: jieba's (lexicon.c) and ICU's. A break that both see is cheap, one that neither
 * sees is dear, one inside a word of the layout is out of the question; of those they see, BudouX's model of phrases makes
 * some cheaper and some dearer (it takes a quarter of the breaks inside words away; its weights were the best of six settings
 * on all texts they are judged by). The scale is the reference's (typography, section 8), with words added that cling to what follows (不, 把, 第) or to what comes
 * before (的, 了, 们): 不|轻信 is a break between words, and still wrong. */
#include "text/private.h"

#include <pthread.h>
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
#define COST_DISSENT COST_ONE            /* both dictionaries see a word start, BudouX no phrase */
#define COST_SECONDED (-8 * COST_ONE / 10)      /* one of them does, and BudouX agrees, */
#define COST_ALONE (2 * COST_ONE)               /* or does not */
#define COST_CLINGS (3 * COST_ONE)
#define TITLE_MOST 4              /* 《titles》 of fewer characters stay whole */
#define COLUMN_WORD_MOST 6        /* characters of a data column's value that stay whole */

/* What clings to the word after it, what to the word before it, and single characters that are words of their own. */
enum { CLINGS_FORWARD = 1, CLINGS_BACKWARD = 2, IS_WORD = 4 };
static const char clings_forward[] = "不没未勿别莫很最更太请把被将在从向对与和或及同跟第各每该这那一为以于由给让凡非再";
static const char clings_backward[] = "的地得了着过吗呢吧啊呀们者么里中上下内外";
static const char words_alone[] = "是要就都也还只又有说去来到打叫我你您他她它谁";

#define MANNERS 1024              /* far more than there are of them */
static uint32_t manners[MANNERS]; /* character << 3 | CLINGS_.., at its hash; 0: free */
static pthread_once_t manners_once = PTHREAD_ONCE_INIT;

static uint32_t *manner_at(uint32_t c)
{
    size_t at = c * 2654435761u >> 16;
    while (manners[at % MANNERS] && manners[at % MANNERS] >> 3 != c) at++;
    return &manners[at % MANNERS];
}

static void list_manners(void)
{
    static const struct { const char *list; uint32_t manner; } lists[] = {{clings_forward, CLINGS_FORWARD}, {clings_backward, CLINGS_BACKWARD}, {words_alone, IS_WORD}};
    for (size_t l = 0; l < 3; l++)
        for (size_t at = 0, length = strlen(lists[l].list); at < length;) {
            uint32_t c = utf8_next(lists[l].list, length, &at), *manner = manner_at(c);
            *manner = c << 3 | (*manner & 7) | lists[l].manner;
        }
}

static bool has_manner(uint32_t c, uint32_t manner) { return *manner_at(c) & manner; }

/* ---- votes ---- */

typedef struct Votes { uint8_t *jieba, *icu, *budoux, *user; bool *is_inside; } Votes;     /* by character */

static void release_iterator(void *iterator) { ubrk_close(iterator); }

/* What is parted without spaces, and looked up in dictionaries. */
static bool is_in_run(uint32_t c) { return char_is_han(c) || (c >= 0x3041 && c <= 0x30FF); }

static void ask_icu(TextEngine *engine, const Char *chars, size_t count, uint8_t *starts)
{
    UErrorCode status = U_ZERO_ERROR;
    if (!engine->words_place) {
        engine->words_place = arena_own(engine->arena, release_iterator);
        *engine->words_place = engine->words = ubrk_open(UBRK_WORD, "zh", NULL, 0, &status);
    }
    if (!engine->words) return;
    status = U_ZERO_ERROR;
    UChar few[2 * KNOWN_RUN_MOST], *units = count > KNOWN_RUN_MOST ? ARENA_ARRAY(engine->scratch, UChar, 2 * count) : few;
    int32_t length = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t c = chars[i].codepoint;
        if (c > 0xFFFF) units[length++] = (UChar)U16_LEAD(c);
        units[length++] = (UChar)(c > 0xFFFF ? U16_TRAIL(c) : c);
    }
    ubrk_setText(engine->words, units, length, &status);
    if (U_FAILURE(status)) return;
    size_t i = 0;
    int32_t unit = 0;
    for (int32_t at = ubrk_first(engine->words); at != UBRK_DONE && at < length; at = ubrk_next(engine->words)) {
        for (; i < count && unit < at; i++) unit += chars[i].codepoint > 0xFFFF ? 2 : 1;
        if (unit == at) starts[i] = WORD_STARTS;
    }
}

/* What stands around a run, nearest first, as far as BudouX looks; 0 beyond the text. */
static void find_around(const Char *chars, size_t count, size_t start, size_t end, uint16_t before[2], uint16_t after[2])
{
    for (size_t i = 0; i < 2; i++) {
        before[i] = start > i && chars[start - 1 - i].codepoint <= 0xFFFF ? (uint16_t)chars[start - 1 - i].codepoint : 0;
        after[i] = end + i < count && chars[end + i].codepoint <= 0xFFFF ? (uint16_t)chars[end + i].codepoint : 0;
    }
}

/* The place in the table for a run like this one; `*is_known`: its votes are there. NULL: no run to be remembered. */
static KnownRun *find_known(TextEngine *engine, const Char *chars, size_t count, size_t start, size_t end, const uint8_t *user, bool *is_known)
{
    uint32_t hash = 2166136261u;
    uint16_t before[2], after[2];
    size_t length = end - start;
    *is_known = false;
    if (length > KNOWN_RUN_MOST) return NULL;
    for (size_t i = start; i < end; i++) {
        if (chars[i].codepoint > 0xFFFF) return NULL;
        hash = (hash ^ chars[i].codepoint ^ (uint32_t)user[i] << 16) * 16777619u;
    }
    if (!engine->known_runs) engine->known_runs = ARENA_ARRAY(engine->arena, KnownRun, KNOWN_RUNS);
    find_around(chars, count, start, end, before, after);
    for (size_t i = 0; i < 2; i++) hash = (hash ^ before[i] ^ (uint32_t)after[i] << 16) * 16777619u;
    hash = (hash ^ hash >> 16) * 2246822507u;
    size_t slot = (hash ^ hash >> 13) % KNOWN_RUNS;
    for (size_t way = 0; way < 2 && !*is_known; way++) {
        KnownRun *known = &engine->known_runs[slot ^ way];
        *is_known = known->length == length && memcmp(known->user, user + start, length) == 0 && memcmp(known->before, before, sizeof before) == 0 &&
                    memcmp(known->after, after, sizeof after) == 0;
        for (size_t i = 0; *is_known && i < length; i++) *is_known = known->chars[i] == chars[start + i].codepoint;
        if (*is_known) return known;
    }
    engine->known_runs[slot ^ 1] = engine->known_runs[slot];       /* of two the older is forgotten */
    return &engine->known_runs[slot];
}

static void remember(KnownRun *known, const Char *chars, size_t count, size_t start, size_t end, const Votes *votes)
{
    size_t length = end - start;
    known->length = (uint8_t)length;
    for (size_t i = 0; i < length; i++) known->chars[i] = (uint16_t)chars[start + i].codepoint;
    find_around(chars, count, start, end, known->before, known->after);
    memcpy(known->user, votes->user + start, length);
    memcpy(known->icu, votes->icu + start, length);
    memcpy(known->jieba, votes->jieba + start, length);
    memcpy(known->budoux, votes->budoux + start, length);
}

/* The votes for characters [start, end): asked again, the same words get the same answer, so it is remembered. */
static void vote(TextEngine *engine, const Char *chars, size_t count, size_t start, size_t end, bool has_both, Votes *votes)
{
    bool is_known;
    KnownRun *known = find_known(engine, chars, count, start, end, votes->user, &is_known);
    if (known && is_known) {
        memcpy(votes->icu + start, known->icu, known->length);
        memcpy(votes->jieba + start, known->jieba, known->length);
        memcpy(votes->budoux + start, known->budoux, known->length);
        return;
    }
    ask_icu(engine, chars + start, end - start, votes->icu + start);
    if (has_both) lexicon_cut(engine->lexicon, chars + start, end - start, votes->user + start, votes->jieba + start);
    for (size_t i = start + 1; has_both && i < end; i++)     /* asked only of what a dictionary sees */
        if (votes->icu[i] != WORD_INSIDE || votes->jieba[i] != WORD_INSIDE) votes->budoux[i] = lexicon_is_phrase_start(engine->lexicon, chars, count, i);
    if (known) remember(known, chars, count, start, end, votes);
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
    return !has_manner(a, IS_WORD | CLINGS_BACKWARD) && !has_manner(b, IS_WORD | CLINGS_FORWARD) && at < count;
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
    if (has_both && votes_for == 2) cost += votes->budoux[at] ? 0 : COST_DISSENT;
    else if (has_both && votes_for) cost += votes->budoux[at] ? COST_SECONDED : COST_ALONE;
    if (votes_for == 0) *reason = LINE_INSIDE_WORD;
    else if (votes_for == 1 && has_both) *reason = LINE_AFTER_WORD_PERHAPS;
    if (votes_for && (has_manner(after, CLINGS_BACKWARD) || has_manner(before, CLINGS_FORWARD))) {
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
                   ARENA_ARRAY(arena, uint8_t, count + 1), ARENA_ARRAY(arena, bool, count + 1)};
    pthread_once(&manners_once, list_manners);
    breaks->votes = ARENA_ARRAY(arena, uint8_t, breaks->count + 1);
    find_wholes(shaped, &votes);
    bool has_both = lexicon_has_dictionary(shaped->engine->lexicon);
    const Char *chars = shaped->itemised.chars;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && is_in_run(chars[end].codepoint);) end++;
        if (end == i) votes.icu[i] = votes.jieba[i] = WORD_STARTS, end++;
        else vote(shaped->engine, chars, count, i, end, has_both, &votes);
    }
    for (size_t i = 0; i < breaks->count; i++) {
        LineReason reason = LINE_AT_RULE;
        size_t at = shaped->clusters[breaks->at[i]].character;
        breaks->cost[i] = at ? weigh(&votes, chars, count, at, has_both, &reason) : 0;
        if (breaks->has_hyphen && breaks->has_hyphen[breaks->at[i]] && breaks->cost[i] < COST_NEVER) {
            breaks->cost[i] = COST_HYPHEN;
            reason = LINE_AT_HYPHEN;
        }
        breaks->reason[i] = (uint8_t)reason;
        breaks->votes[i] = (uint8_t)((votes.icu[at] != WORD_INSIDE ? VOTE_ICU : 0) | (has_both && votes.jieba[at] != WORD_INSIDE ? VOTE_JIEBA : 0) | (votes.budoux[at] ? VOTE_BUDOUX : 0));
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
