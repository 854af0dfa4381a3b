/* cache.c -- what is the same on every row is made once: texts and codes of nodes in which nothing depends on the data. And
 * what a node said on an earlier row need not be shaped anew: places, names, kinds come again and again.
 *
 * Each worker has its own, so it holds nothing but what it would have made again: no result can depend on who made it, or
 * when. What has something to say (a warning, an error) is made anew on every row, so that every row says it. */
#include "box/item.h"

#include <string.h>

#define SLOTS 1024                /* a power of two */
#define MOST 768                  /* further nodes are made on every row */
#define FLOWS 6                   /* widths a text is set in: measured, placed, placed a hair wider */
#define TEXT_SLOTS 1024           /* of what depends on the data; a power of two */
#define TEXTS_MOST 512
#define TEXT_BYTES_MOST 128
#define SEEN 8192                 /* a power of two */

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

/* What a node said. */
typedef struct Said {
    Kept kept;
    const char *text;
    const FilledSpan *spans;
    size_t length, span_count;
} Said;

struct BoxCache {
    Arena *arena;
    FormStore *forms;
    Kept slots[SLOTS];
    size_t count;
    Said *texts[TEXT_SLOTS];
    size_t text_count;
    uint32_t seen[SEEN];          /* hashes of texts: only what comes a second time is kept */
};

BoxCache *box_cache_new(Arena *arena)
{
    BoxCache *cache = ARENA_NEW(arena, BoxCache);
    cache->arena = arena;
    cache->forms = forms_new(arena);
    return cache;
}

FormStore *cache_forms(const BoxCache *cache) { return cache->forms; }

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

/* ---- texts that depend on the data ---- */

static bool is_said(const Said *said, const Item *item)
{
    const FilledText *filled = &item->filled;
    if (said->kept.node != item->node || said->length != filled->length || said->span_count != filled->span_count || memcmp(said->text, filled->text, filled->length) != 0) return false;
    for (size_t i = 0; i < filled->span_count; i++) {
        const FilledSpan *a = &said->spans[i], *b = &filled->spans[i];
        if (a->start != b->start || a->end != b->end || a->style != b->style || a->column != b->column) return false;
    }
    return true;
}

/* Readings and what stands in a line are looked up for each row. */
static bool may_be_kept(const FilledText *filled)
{
    if (filled->length > TEXT_BYTES_MOST) return false;
    for (size_t i = 0; i < filled->span_count; i++)
        if (filled->spans[i].ruby || filled->spans[i].box) return false;
    return true;
}

static uint32_t hash_of(const Item *item)
{
    uint32_t hash = 2166136261u ^ (uint32_t)((uintptr_t)item->node >> 4);
    for (size_t i = 0; i < item->filled.length; i++) hash = (hash ^ (unsigned char)item->filled.text[i]) * 16777619u;
    return hash ? hash : 1;
}

static Said *add_said(BoxCache *cache, const Item *item)
{
    const FilledText *filled = &item->filled;
    Said *said = ARENA_NEW(cache->arena, Said);
    FilledSpan *spans = ARENA_ARRAY(cache->arena, FilledSpan, filled->span_count);
    memcpy(spans, filled->spans, filled->span_count * sizeof *spans);
    *said = (Said){.kept = {.node = item->node, .speaks = true}, .text = arena_copy(cache->arena, filled->text, filled->length), .spans = spans,
                   .length = filled->length, .span_count = filled->span_count};
    cache->text_count++;
    return said;
}

bool said_find(BoxBuild *build, Item *item, Kept **place)
{
    BoxCache *cache = build->context->cache;
    *place = NULL;
    if (!cache || item->node->is_static || !item->filled.span_count || !may_be_kept(&item->filled)) return false;
    uint32_t hash = hash_of(item), at = hash;
    for (; cache->texts[at & (TEXT_SLOTS - 1)]; at++) {
        Said *said = cache->texts[at & (TEXT_SLOTS - 1)];
        if (!is_said(said, item)) continue;
        if (said->kept.speaks) return false;
        item->shaped = said->kept.shaped;
        item->kept = &said->kept;
        return true;
    }
    uint32_t *seen = &cache->seen[hash & (SEEN - 1)];
    if (*seen == hash && cache->text_count < TEXTS_MOST) *place = &(cache->texts[at & (TEXT_SLOTS - 1)] = add_said(cache, item))->kept;
    *seen = hash;
    return false;
}

Arena *said_arena(BoxBuild *build, const Kept *place) { return place ? build->context->cache->arena : build->context->arena; }

void said_add(Kept *place, Item *item)
{
    place->speaks = false;
    place->shaped = item->shaped;
    item->kept = place;
}

/* ---- lines ---- */

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

bool item_keeps_flow(const Item *item, const TextBlock *block)
{
    for (size_t i = 0; item->kept && i < item->kept->flow_count; i++)
        if (item->kept->flows[i].block.lines == block->lines) return true;
    return false;
}
