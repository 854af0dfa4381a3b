/* slack.c -- what a justified or distributed line has too much or too little is spent on its gaps (clreq, "line adjustment"). */
#include "text/private.h"

/* Two of a kind that are drawn as one mark (——, ……) never part. */
static bool is_one_mark(uint32_t a, uint32_t b) { return a == b && (a == 0x2014 || a == 0x2026 || a == 0x22EF); }

typedef enum GapKind { GAP_NONE, GAP_WORD, GAP_MIXED, GAP_WIDE } GapKind;

static GapKind gap_kind(const ShapedText *shaped, uint32_t cluster, bool between_all)
{
    const ShapedCluster *left = &shaped->clusters[cluster], *right = left + 1;
    if (left->glyph_count == 0 && !(left->flags & CLUSTER_OBJECT)) return GAP_NONE;
    if (left->flags & CLUSTER_SPACE) return GAP_WORD;
    const Char *chars = shaped->itemised.chars;
    if (is_one_mark(chars[left->character].codepoint, chars[right->character].codepoint)) return GAP_NONE;
    if (right->flags & CLUSTER_SPACE) return GAP_NONE;
    if (shaped->input.style->autospace == AUTOSPACE_NORMAL && marks_has_gap(shaped, cluster)) return GAP_MIXED;
    return between_all || (left->flags | right->flags) & CLUSTER_WIDE ? GAP_WIDE : GAP_NONE;
}

/* Spread `slack` over the gaps of one kind as evenly as whole steps allow: the shares sum to it exactly. */
static void spread(const Slack *on, Length *gaps, GapKind kind, bool between_all, size_t count, Length slack)
{
    Length step = on->shaped->is_dots ? LENGTH_ONE : 1;
    int64_t steps = slack / step;
    size_t done = 0;
    for (uint32_t i = on->line->start; i + 1 < on->line->end; i++) {
        if (gap_kind(on->shaped, i, between_all) != kind) continue;
        int64_t share = steps * (int64_t)(done + 1) / (int64_t)count - steps * (int64_t)done / (int64_t)count;
        gaps[i - on->line->start] += (Length)share * step;
        done++;
    }
}

/* In clreq's order, evenly within each step. */
Length slack_close(Slack *on, Length excess)
{
    const LineRange *line = on->line;
    const Give *give = on->shaped->give;
    if (!give || line->end <= line->start + 1) return 0;
    Length *gaps = ARENA_ARRAY(on->arena, Length, line->end - line->start), taken = 0, step = on->shaped->is_dots ? LENGTH_ONE : 1;
    on->gap_after = gaps;
    for (int order = 0; order < GIVE_ORDERS && taken < excess; order++) {
        int64_t total = 0, done = 0;
        for (uint32_t i = line->start; i + 1 < line->end; i++)
            if (give[i].units && give[i].order == order) total += shaped_length(on->shaped, give[i].units, on->size);
        int64_t wanted = excess - taken < total ? excess - taken : total;
        for (uint32_t i = line->start; total && i + 1 < line->end; i++) {
            if (!give[i].units || give[i].order != order) continue;
            int64_t own = shaped_length(on->shaped, give[i].units, on->size);
            int64_t steps = wanted / step;
            gaps[i - line->start] -= (Length)(steps * (done + own) / total - steps * done / total) * step;
            done += own;
        }
        taken += (Length)wanted;
    }
    return taken;
}

/* clreq: first Western word spaces (up to half an em), then gaps between Chinese and Latin (up to another quarter), then all
 * other places evenly; beyond a cap of one em a place a justified line stays loose at its end rather than fall apart. A
 * distributed line has no cap. */
Length slack_open(Slack *on, Length slack, bool is_distributed)
{
    const LineRange *line = on->line;
    if (line->end <= line->start + 1 || slack <= 0) return 0;
    size_t words = 0, mixed = 0, wides = 0;
    for (int pass = 0; pass < 2; pass++) {
        words = mixed = wides = 0;
        for (uint32_t i = line->start; i + 1 < line->end; i++) {
            GapKind kind = gap_kind(on->shaped, i, pass);
            words += kind == GAP_WORD;
            mixed += kind == GAP_MIXED;
            wides += kind == GAP_WIDE;
        }
        if (words + mixed + wides || !is_distributed) break;
    }
    if (words + mixed + wides == 0) return 0;
    /* One Western word, distributed: its letters are spread. */
    bool between_all = is_distributed && words == 0 &&
        !((on->shaped->clusters[line->start].flags) & CLUSTER_WIDE) && wides == (size_t)(line->end - line->start - 1);
    Length *gaps = ARENA_ARRAY(on->arena, Length, line->end - line->start);
    on->gap_after = gaps;
    Length step = on->shaped->is_dots ? LENGTH_ONE : 1;
    slack = slack / step * step;
    if (wides == 0) {
        spread(on, gaps, words ? GAP_WORD : GAP_MIXED, between_all, words ? words : mixed, slack);
        return slack;
    }
    Length for_words = 0;
    if (words) {
        int64_t most = (int64_t)words * (on->size / 4);      /* a space is about a quarter em: up to a half */
        for_words = (Length)(slack < most ? slack : most) / step * step;
        spread(on, gaps, GAP_WORD, between_all, words, for_words);
    }
    Length for_mixed = 0;
    if (mixed) {
        int64_t most = (int64_t)mixed * (on->size / 4);
        for_mixed = (Length)(slack - for_words < most ? slack - for_words : most) / step * step;
        spread(on, gaps, GAP_MIXED, between_all, mixed, for_mixed);
    }
    Length rest = slack - for_words - for_mixed;
    int64_t most = is_distributed ? INT64_MAX : (int64_t)wides * on->size;
    Length for_wides = (Length)(rest < most ? rest : most);
    spread(on, gaps, GAP_WIDE, between_all, wides, for_wides);
    return for_words + for_mixed + for_wides;
}
