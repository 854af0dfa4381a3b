/* cache.c -- what is the same on every row is made once: texts and codes of nodes in which nothing depends on the data.
 *
 * Each worker has its own, so it holds nothing but what it would have made again: no result can depend on who made it, or
 * when. What has something to say (a warning, an error) is made anew on every row, so that every row says it. */
#include "box/item.h"

#define SLOTS 1024                /* a power of two */
#define MOST 768                  /* further nodes are made on every row */
#define FLOWS 4                   /* widths a text is set in: measured, placed */

struct Kept {
    const Node *node;
    bool speaks;                  /* not kept: it had something to say */
    FilledText filled;
    ShapedText *shaped;
    const QrSymbol *qr;
    const BarSymbol *bars;
    struct { Length width, height; TextBlock block; } flows[FLOWS];
    size_t flow_count;
};

struct BoxCache {
    Arena *arena;
    Kept slots[SLOTS];
    size_t count;
};

BoxCache *box_cache_new(Arena *arena)
{
    BoxCache *cache = ARENA_NEW(arena, BoxCache);
    cache->arena = arena;
    return cache;
}

/* The node's slot, or the free one it may take; NULL when it may not. Where a slot lies is seen nowhere. */
static Kept *slot_of(BoxCache *cache, const Node *node)
{
    size_t at = ((uintptr_t)node >> 4) * 2654435761u;
    for (;; at++) {
        Kept *kept = &cache->slots[at & (SLOTS - 1)];
        if (kept->node == node) return kept;
        if (!kept->node) return cache->count < MOST ? kept : NULL;
    }
}

bool kept_find(BoxBuild *build, Item *item)
{
    BoxCache *cache = build->context->cache;
    if (!cache || !item->node->is_static) return false;
    Kept *kept = slot_of(cache, item->node);
    if (!kept || kept->node != item->node || kept->speaks) return false;
    item->filled = kept->filled;
    item->shaped = kept->shaped;
    item->qr = kept->qr;
    item->bars = kept->bars;
    item->kept = kept;
    return true;
}

Arena *kept_arena(BoxBuild *build, const Node *node)
{
    BoxCache *cache = build->context->cache;
    Kept *kept = cache && node->is_static ? slot_of(cache, node) : NULL;
    return kept && !kept->node ? cache->arena : build->context->arena;
}

void kept_add(BoxBuild *build, Item *item, bool speaks)
{
    BoxCache *cache = build->context->cache;
    Kept *kept = cache && item->node->is_static ? slot_of(cache, item->node) : NULL;
    if (!kept || kept->node) return;
    *kept = (Kept){.node = item->node, .speaks = speaks, .filled = item->filled, .shaped = item->shaped, .qr = item->qr, .bars = item->bars};
    cache->count++;
    if (!speaks) item->kept = kept;
}

TextBlock item_flow(BoxBuild *build, Item *item, Length width, Length height)
{
    BoxContext *context = build->context;
    Kept *kept = item->kept;
    for (size_t i = 0; kept && i < kept->flow_count; i++)
        if (kept->flows[i].width == width && kept->flows[i].height == height) return kept->flows[i].block;
    if (item->is_flowed && item->flow_width == width && text_flow_holds(&item->flow, height)) return item->flow;
    bool keeps = kept && kept->flow_count < FLOWS;
    TextBlock block = text_flow(context->engine, keeps ? context->cache->arena : context->arena, item->shaped, width, height);
    if (keeps) {
        kept->flows[kept->flow_count].width = width;
        kept->flows[kept->flow_count].height = height;
        kept->flows[kept->flow_count++].block = block;
    }
    if (!kept && height >= LENGTH_MAX) {
        item->is_flowed = true;
        item->flow_width = width;
        item->flow = block;
    }
    return block;
}
