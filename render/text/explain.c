/* explain.c -- why the lines of a block are as they are: all the places where they could have ended. */
#include "text/private.h"

/* The cluster that starts at a byte, or the one after it. */
static uint32_t cluster_at(const ShapedText *shaped, size_t byte)
{
    size_t low = 0, high = shaped->cluster_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (shaped->clusters[middle].start < byte) low = middle + 1;
        else high = middle;
    }
    return (uint32_t)low;
}

/* Of lines [first, end), one paragraph: the cost of not being of one length. */
static void find_unevenness(const ShapedText *shaped, const TextLine *lines, size_t first, size_t end, double *out)
{
    int64_t target = range_units(shaped, cluster_at(shaped, lines[first].text_start), cluster_at(shaped, lines[end - 1].text_end)) / (int64_t)(end - first);
    if (end - first < 2 || target < 1) return;
    for (size_t i = first; i < end; i++) {
        int64_t units = range_units(shaped, cluster_at(shaped, lines[i].text_start), cluster_at(shaped, lines[i].text_end));
        out[i] = (double)balance_unevenness(units - target, target) / COST_ONE;
    }
}

static const TextBreak *list_breaks(const TextBlock *block, Arena *arena)
{
    const ShapedText *shaped = block->shaped;
    const Breaks *breaks = shaped->breaks;
    TextBreak *list = ARENA_ARRAY(arena, TextBreak, breaks->count + 1);
    size_t line = 0;
    for (size_t i = 0; i < breaks->count; i++) {
        uint32_t cluster = breaks->at[i];
        size_t at = shaped->clusters[cluster].start;
        while (line + 1 < block->line_count && block->lines[line + 1].text_start < at) line++;
        uint8_t votes = breaks->votes ? breaks->votes[i] : 0;
        Length size = block->lines[line].size > 0 ? block->lines[line].size : block->size;
        list[i] = (TextBreak){.at = at, .reason = (LineReason)breaks->reason[i], .cost = (double)breaks->cost[i] / COST_ONE,
            .is_never = breaks->cost[i] >= COST_NEVER, .seen_by_icu = votes & VOTE_ICU, .seen_by_jieba = votes & VOTE_JIEBA, .seen_by_budoux = votes & VOTE_BUDOUX,
            .is_taken = line + 1 < block->line_count && block->lines[line + 1].text_start == at && !block->lines[line].ends_paragraph,
            .width = range_width(shaped, cluster_at(shaped, block->lines[line].text_start), cluster, size)};
    }
    return list;
}

TextExplanation text_explain(const TextBlock *block, Arena *arena)
{
    static const char *const wraps[] = {[WRAP_STABLE] = "stable", [WRAP_BALANCE] = "balance", [WRAP_PRETTY] = "pretty"};
    static const char *const words[] = {[WORD_BREAK_NORMAL] = "normal", [WORD_BREAK_KEEP_ALL] = "keep-all", [WORD_BREAK_PHRASE] = "phrase"};
    const ShapedText *shaped = block->shaped;
    const TextStyle *style = shaped->input.style;
    TextWrap wrap = lines_wrap(style);
    double *uneven = ARENA_ARRAY(arena, double, block->line_count + 1);
    TextExplanation out = {.uneven = uneven, .wrap = wraps[wrap], .word_break = words[style->word_break]};
    if (block->line_count == 0) return out;
    phrase_weigh(shaped);
    out.breaks = list_breaks(block, arena);
    out.break_count = shaped->breaks->count;
    for (size_t i = 0, end; wrap == WRAP_BALANCE && i < block->line_count; i = end) {
        for (end = i + 1; end < block->line_count && !block->lines[end - 1].ends_paragraph;) end++;
        find_unevenness(shaped, block->lines, i, end, uneven);
    }
    return out;
}
