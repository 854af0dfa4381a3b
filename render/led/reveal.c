/* reveal.c -- a strip that stands in its place and is seen part by part: wiped, opened like a curtain, typed. */
#include "led/plan.h"

#include <limits.h>
#include <stdlib.h>

#include "base/utf8.h"

#define FORM_DEPTH 32

static int lesser(int64_t a, int64_t b) { return (int)(a < b ? a : b); }

/* ---- by columns ---- */

void led_reveal_wipe(LedState *state, int64_t edge, bool goes)
{
    int end = lesser(edge, state->item->track->width);
    if (goes) state->from = end;
    else state->to = end;
}

/* It opens from the middle, and closes from both sides. */
int led_reveal_half(const LedTrack *track) { return (track->width + 1) / 2; }

void led_reveal_curtain(LedState *state, int64_t edge, bool goes)
{
    const LedTrack *track = state->item->track;
    int open = lesser(edge, led_reveal_half(track));
    state->from = goes ? open : led_reveal_half(track) - open;
    state->to = track->width - state->from;
}

/* ---- by characters ---- */

typedef struct Stops { LedStop *items; size_t count, capacity; Arena *arena; } Stops;

static void add_stop(Stops *stops, int x, int baseline)
{
    stops->items = ARENA_GROW(stops->arena, stops->items, stops->count, &stops->capacity);
    stops->items[stops->count++] = (LedStop){.x = x, .bottom = baseline};
}

static bool is_blank(uint32_t c) { return c == ' ' || c == 0xa0 || c == 0x3000 || c == '\n'; }

static void gather_run(Stops *stops, const GlyphRun *run, Length x, Length y)
{
    size_t glyph = 0, at = 0;
    for (size_t i = 0; i < run->cluster_count && glyph < run->glyph_count; i++) {
        size_t next = at;
        bool is_seen = !is_blank(utf8_next(run->text, at + run->clusters[i].byte_count, &next));
        if (is_seen && run->clusters[i].glyph_count)
            add_stop(stops, (int)((run->glyphs[glyph].x + x) / LENGTH_ONE), (int)((run->glyphs[glyph].y + y) / LENGTH_ONE));
        glyph += run->clusters[i].glyph_count;
        at += run->clusters[i].byte_count;
    }
}

static void gather(Stops *stops, const Scene *scene, Length x, Length y, int depth)
{
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        if (op->kind == SCENE_GLYPHS) gather_run(stops, op->u.glyphs, x, y);
        if (op->kind == SCENE_FORM && depth < FORM_DEPTH) gather(stops, op->u.form.scene, x + op->u.form.x, y + op->u.form.y, depth + 1);
    }
}

/* In the order of reading; baselines a dot or two apart are one line's. */
static int compare_stops(const void *a, const void *b)
{
    const LedStop *one = a, *other = b;
    if (abs(one->bottom - other->bottom) > 2) return one->bottom < other->bottom ? -1 : 1;
    return one->x < other->x ? -1 : one->x > other->x;
}

/* The row between two baselines with the least ink: what hangs below belongs to the upper line. */
static int row_between(const LedItem *item, int above, int below)
{
    int best = above + 1;
    for (int y = best; y < below && y < item->height; y++)
        if (y >= 0 && best >= 0 && best < item->height && item->row_ink[y] < item->row_ink[best]) best = y;
    return best;
}

void led_item_stops(LedItem *item, Arena *arena)
{
    Stops stops = {.arena = arena};
    gather(&stops, item->scene, 0, item->shift * LENGTH_ONE, 0);
    if (stops.count) qsort(stops.items, stops.count, sizeof *stops.items, compare_stops);
    /* Each is seen up to where the next begins; the last of a line to the end. */
    int top = 0;
    for (size_t start = 0, end; start < stops.count; start = end) {
        int baseline = stops.items[start].bottom;
        for (end = start + 1; end < stops.count && abs(stops.items[end].bottom - baseline) <= 2;) end++;
        int bottom = end < stops.count ? row_between(item, baseline, stops.items[end].bottom) : INT_MAX;
        for (size_t i = start; i < end; i++) {
            stops.items[i].x = i + 1 < end ? stops.items[i + 1].x : INT_MAX;
            stops.items[i].top = top;
            stops.items[i].bottom = bottom;
        }
        top = bottom;
    }
    item->stops = stops.items;
    item->stop_count = stops.count;
}

void led_reveal_typed(LedState *state, size_t count)
{
    const LedItem *item = state->item;
    if (count >= item->stop_count) return;
    if (count == 0) {
        state->item = NULL;
        return;
    }
    const LedStop *stop = &item->stops[count - 1];
    state->full = stop->top;
    state->end = stop->bottom;
    state->to = stop->x == INT_MAX ? item->track->width : lesser(state->x + stop->x, item->track->width);
    if (state->to < 0) state->to = 0;
}
