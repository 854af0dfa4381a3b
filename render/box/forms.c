/* forms.c -- parts of a page that the data has no hand in: drawn once a worker, in a scene of their own, and placed on every row.
 *
 * What is drawn does not depend on who drew it, or whether it was known: a part that cannot be kept is drawn for its page, into
 * the same form with the same digest. It is known again by all that was placed: the boxes relative to its corner, the lines.
 *
 * A part whose room depends on the data may stand differently on every row: a form for each would be slower than none, and larger.
 * So only places that some rows, chosen beforehand, have in common are drawn as forms (BoxPlaces). */
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
    uint64_t key;
    const PlacedBox *box;         /* from its corner */
    const Color *plate;
    const Scene *scene;
} Drawn;

struct FormStore {
    Arena *arena;
    Drawn *slots[SLOTS];
    size_t count, bytes;
};

struct BoxPlaces {
    Arena *arena;
    uint64_t *keys;               /* open addressing; 0: free */
    size_t count, capacity;
    bool is_closed;
};

BoxPlaces *box_places_new(Arena *arena)
{
    BoxPlaces *places = ARENA_NEW(arena, BoxPlaces);
    places->arena = arena;
    return places;
}

void box_places_close(BoxPlaces *places) { places->is_closed = true; }

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

static uint64_t mixed_rect(uint64_t hash, Rect rect)
{
    hash = mixed(hash, (uint64_t)(uint32_t)rect.x << 32 | (uint32_t)rect.y);
    return mixed(hash, (uint64_t)(uint32_t)rect.width << 32 | (uint32_t)rect.height);
}

/* The rectangles of a static part say it all: its lines follow from their width and height. */
static uint64_t hash_of(uint64_t hash, const PlacedBox *box, Point origin)
{
    hash = mixed(hash, (uintptr_t)box->node);
    hash = mixed_rect(mixed_rect(hash, from(origin, box->outer)), from(origin, box->inner));
    for (size_t i = 0; i < box->child_count; i++) hash = hash_of(hash, &box->children[i], origin);
    return hash;
}

static uint64_t key_of(const PlacedBox *box, const Color *plate, Point origin)
{
    uint64_t hash = hash_of((uintptr_t)plate, box, origin);
    return hash ? hash : 1;
}

static size_t place_of(const uint64_t *keys, size_t capacity, uint64_t key)
{
    size_t at = key & (capacity - 1);
    while (keys[at] && keys[at] != key) at = (at + 1) & (capacity - 1);
    return at;
}

static bool is_noted(const BoxPlaces *places, uint64_t key)
{
    return places->count && places->keys[place_of(places->keys, places->capacity, key)] == key;
}

static void note(BoxPlaces *places, uint64_t key)
{
    if (is_noted(places, key)) return;
    if (places->count * 2 >= places->capacity) {
        size_t capacity = places->capacity ? places->capacity * 2 : 64;
        uint64_t *keys = ARENA_ARRAY(places->arena, uint64_t, capacity);
        for (size_t i = 0; i < places->capacity; i++)
            if (places->keys[i]) keys[place_of(keys, capacity, places->keys[i])] = places->keys[i];
        places->keys = keys;
        places->capacity = capacity;
    }
    places->keys[place_of(places->keys, places->capacity, key)] = key;
    places->count++;
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

static const Scene *find(const FormStore *store, uint64_t key, const PlacedBox *box, const Color *plate, Point origin)
{
    for (const Drawn *drawn = store->slots[key & (SLOTS - 1)]; drawn; drawn = drawn->next)
        if (drawn->key == key && drawn->plate == plate && is_same(drawn->box, box, origin)) return drawn->scene;
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
static const Scene *draw(BoxBuild *build, FormStore *store, uint64_t key, const PlacedBox *box, Point origin)
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
    Drawn **slot = &store->slots[key & (SLOTS - 1)];
    *drawn = (Drawn){*slot, key, own, build->plate, form};
    *slot = drawn;
    store->count++;
    return form;
}

bool form_draw(BoxBuild *build, const PlacedBox *box, SceneBuilder *scene)
{
    BoxContext *context = build->context;
    BoxPlaces *places = context->places;
    if (!places || !context->cache || build->is_in_form || !box->node->is_static || weight_of(box) < WEIGHT_LEAST) return false;
    Point origin = {down_to_grain(box->outer.x), down_to_grain(box->outer.y)};
    uint64_t key = key_of(box, build->plate, origin);
    if (!places->is_closed) note(places, key);
    if (!places->is_closed || !is_noted(places, key)) return false;
    FormStore *store = cache_forms(context->cache);
    const Scene *form = find(store, key, box, build->plate, origin);
    if (!form) form = draw(build, store, key, box, origin);
    scene_add_form(scene, form, origin.x, origin.y);
    return true;
}
