/* forms.c -- parts of a page that the data has no hand in: drawn once a worker, in a scene of their own, and placed on every row.
 *
 * What is drawn does not depend on who drew it, or whether it was known: a part that cannot be kept is drawn for its page, into
 * the same form with the same digest. It is known again by all that was placed: the boxes relative to its corner, the lines. */
#include "box/item.h"

#include <string.h>

#define SLOTS 256                 /* a power of two */
#define FORMS_MOST 1024           /* further ones are drawn on every row, */
#define BYTES_MOST ((size_t)16 << 20)     /* and so are those beyond this */

/* A corner in whole eighths of a point: three decimals say it exactly, so that all that is drawn lands where it would without a form. */
#define GRAIN (LENGTH_ONE / 8)

/* Below this a part is drawn faster than its form is placed: about as many characters. */
#define WEIGHT_LEAST 8
#define WEIGHT_GRADIENT 12
#define WEIGHT_GROUP 40           /* a transparency group is an object of its own on every page */
#define WEIGHT_CURVES 12
#define WEIGHT_CODE 60

typedef struct Drawn {
    struct Drawn *next;
    uint64_t hash;
    const PlacedBox *box;         /* from its corner */
    const Color *plate;
    const Scene *scene;
} Drawn;

struct FormStore {
    Arena *arena;
    Drawn *slots[SLOTS];
    size_t count, bytes;
};

FormStore *forms_new(Arena *arena)
{
    FormStore *store = ARENA_NEW(arena, FormStore);
    store->arena = arena;
    return store;
}

/* ---- is it worth a form? ---- */

static size_t weight_of_color(const Color *color) { return color && color->gradient ? WEIGHT_GRADIENT : 0; }

static size_t weight_of_text(const TextBlock *text)
{
    size_t weight = 0;
    for (size_t l = 0; l < text->line_count; l++) {
        const TextLine *line = &text->lines[l];
        for (size_t r = 0; r < line->run_count; r++) weight += line->runs[r].glyph_count + weight_of_color(line->runs[r].color);
        for (size_t r = 0; r < line->note_count; r++) weight += line->notes[r].glyph_count;
        weight += line->rule_count + line->stress_count;
    }
    return weight;
}

static size_t weight_of_shape(const Node *node)
{
    size_t weight = weight_of_color(node->u.shape.fill) + weight_of_color(node->u.shape.stroke.color);
    if (node->u.shape.kind == SHAPE_PATH && node->u.shape.d) return weight + strlen(node->u.shape.d) / 4;
    return weight + (node->u.shape.kind == SHAPE_ELLIPSE ? WEIGHT_CURVES : 2);
}

/* By what stands in it alone, so that it is the same on all rows and for all workers. Pictures are shared by themselves. */
static size_t weight_of(const PlacedBox *box)
{
    const Node *node = box->node;
    size_t weight = weight_of_color(node->background) + weight_of_color(node->border.color);
    if (node->opacity < 1) weight += WEIGHT_GROUP;
    if (node->background || node->border.color) weight += node->radius.unit > DIM_AUTO ? WEIGHT_CURVES : 2;
    if (box->text) weight += weight_of_text(box->text) + WEIGHT_CODE * box->code_count;
    if (box->modules || box->bars) weight += WEIGHT_CODE;
    if (node->kind == NODE_SHAPE) weight += weight_of_shape(node);
    for (size_t i = 0; i < box->child_count && weight < WEIGHT_LEAST; i++) weight += weight_of(&box->children[i]);
    return weight;
}

/* ---- the same as on another row? ---- */

static Length down_to_grain(Length length) { return length - (length % GRAIN + GRAIN) % GRAIN; }

static Rect from(Point origin, Rect rect)
{
    return (Rect){item_bounded((int64_t)rect.x - origin.x), item_bounded((int64_t)rect.y - origin.y), rect.width, rect.height};
}

static bool is_same_rect(Rect a, Rect b) { return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height; }

static uint64_t mixed(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

static uint64_t hash_of(uint64_t hash, const PlacedBox *box, Point origin)
{
    Rect outer = from(origin, box->outer);
    hash = mixed(hash, (uintptr_t)box->node);
    hash = mixed(hash, (uint64_t)(uint32_t)outer.x << 32 | (uint32_t)outer.y);
    hash = mixed(hash, (uint64_t)(uint32_t)outer.width << 32 | (uint32_t)outer.height);
    if (box->text) hash = mixed(hash, (uintptr_t)box->text->lines);
    for (size_t i = 0; i < box->child_count; i++) hash = hash_of(hash, &box->children[i], origin);
    return hash;
}

/* Lines and codes that are kept (is_kept) are known by their address: what else is in such a box follows from its rectangle. */
static bool is_same(const PlacedBox *drawn, const PlacedBox *box, Point origin)
{
    if (drawn->node != box->node || drawn->is_kept != box->is_kept || drawn->child_count != box->child_count || drawn->image != box->image) return false;
    if (!is_same_rect(drawn->outer, from(origin, box->outer)) || !is_same_rect(drawn->inner, from(origin, box->inner))) return false;
    if (box->text) {
        Rect at = from(origin, (Rect){.x = box->text_at.x, .y = box->text_at.y});
        if (drawn->text->lines != box->text->lines || drawn->text->fits != box->text->fits || drawn->text_at.x != at.x || drawn->text_at.y != at.y) return false;
    }
    for (size_t i = 0; i < box->child_count; i++)
        if (!is_same(&drawn->children[i], &box->children[i], origin)) return false;
    return true;
}

static bool may_be_kept(const PlacedBox *box)
{
    if ((box->text || box->modules || box->bars) && !box->is_kept) return false;
    for (size_t i = 0; i < box->child_count; i++)
        if (!may_be_kept(&box->children[i])) return false;
    return true;
}

static const Scene *find(const FormStore *store, uint64_t hash, const PlacedBox *box, const Color *plate, Point origin)
{
    for (const Drawn *drawn = store->slots[hash & (SLOTS - 1)]; drawn; drawn = drawn->next)
        if (drawn->hash == hash && drawn->plate == plate && is_same(drawn->box, box, origin)) return drawn->scene;
    return NULL;
}

/* ---- drawing ---- */

static const Path *path_from(Arena *arena, const Path *path, Point origin)
{
    Path *copy = ARENA_NEW(arena, Path);
    Point *points = ARENA_ARRAY(arena, Point, path->point_count + 1);
    uint8_t *verbs = ARENA_ARRAY(arena, uint8_t, path->verb_count + 1);
    for (size_t i = 0; i < path->point_count; i++)
        points[i] = (Point){item_bounded((int64_t)path->points[i].x - origin.x), item_bounded((int64_t)path->points[i].y - origin.y)};
    memcpy(verbs, path->verbs, path->verb_count);
    *copy = *path;
    copy->points = points;
    copy->verbs = verbs;
    copy->rect = from(origin, path->rect);
    return copy;
}

static const Modules *modules_from(Arena *arena, const Modules *modules, Point origin)
{
    Modules *copy = ARENA_NEW(arena, Modules);
    *copy = *modules;
    copy->area = from(origin, modules->area);
    return copy;
}

/* The placed box and all in it, seen from `origin`. */
static PlacedBox box_from(Arena *arena, const PlacedBox *box, Point origin)
{
    PlacedBox copy = *box;
    copy.outer = from(origin, box->outer);
    copy.inner = from(origin, box->inner);
    copy.text_filled = NULL;
    if (box->text) {
        TextBlock *text = ARENA_NEW(arena, TextBlock);
        *text = *box->text;
        copy.text = text;
        Rect at = from(origin, (Rect){.x = box->text_at.x, .y = box->text_at.y});
        copy.text_at = (Point){at.x, at.y};
    }
    const Modules **codes = ARENA_ARRAY(arena, const Modules *, box->code_count + 1);
    for (size_t i = 0; i < box->code_count; i++) codes[i] = modules_from(arena, box->codes[i], origin);
    copy.codes = codes;
    if (box->modules) copy.modules = modules_from(arena, box->modules, origin);
    if (box->bars) copy.bars = path_from(arena, box->bars, origin);
    PlacedBox *children = ARENA_ARRAY(arena, PlacedBox, box->child_count + 1);
    for (size_t i = 0; i < box->child_count; i++) children[i] = box_from(arena, &box->children[i], origin);
    copy.children = children;
    return copy;
}

/* As a form of its own, kept when nothing in it belongs to the page and it had nothing to say. */
static const Scene *draw(BoxBuild *build, FormStore *store, uint64_t hash, const PlacedBox *box, Point origin)
{
    BoxContext *context = build->context;
    Arena *page = context->arena;
    bool is_kept = store->count < FORMS_MOST && store->bytes < BYTES_MOST && may_be_kept(box);
    size_t said = context->diags->count, used = arena_used(store->arena);
    if (is_kept) context->arena = store->arena;
    PlacedBox *own = ARENA_NEW(context->arena, PlacedBox);
    *own = box_from(context->arena, box, origin);
    SceneBuilder *scene = scene_new(context->arena, box->outer.width, box->outer.height, 0, context->document->is_screen);
    scene_set_plate(scene, build->plate);
    build->is_in_form = true;
    item_draw(build, own, scene);
    build->is_in_form = false;
    const Scene *form = scene_finish_shared(scene);
    context->arena = page;
    if (!is_kept) return form;
    store->bytes += arena_used(store->arena) - used;
    if (build->failed || context->diags->count != said) return form;
    Drawn *drawn = ARENA_NEW(store->arena, Drawn);
    Drawn **slot = &store->slots[hash & (SLOTS - 1)];
    *drawn = (Drawn){*slot, hash, own, build->plate, form};
    *slot = drawn;
    store->count++;
    return form;
}

bool form_draw(BoxBuild *build, const PlacedBox *box, SceneBuilder *scene)
{
    BoxContext *context = build->context;
    if (!context->shares_forms || !context->cache || build->is_in_form || !box->node->is_static || weight_of(box) < WEIGHT_LEAST) return false;
    FormStore *store = cache_forms(context->cache);
    Point origin = {down_to_grain(box->outer.x), down_to_grain(box->outer.y)};
    uint64_t hash = hash_of(0, box, origin);
    const Scene *form = find(store, hash, box, build->plate, origin);
    if (!form) form = draw(build, store, hash, box, origin);
    scene_add_form(scene, form, origin.x, origin.y);
    return true;
}
