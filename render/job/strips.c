/* strips.c -- a playlist's items laid out, one strip each and row of data; those that tell the time again for every second
 * at which they say something new. */
#include "job/run.h"

#include <string.h>

#include "base/civil.h"

static bool is_sideways(const Motion *motion)
{
    return motion->effect == EFFECT_SCROLL_LEFT || motion->effect == EFFECT_SCROLL_RIGHT;
}

static bool is_upright(const Motion *motion)
{
    return motion->effect == EFFECT_SCROLL_UP || motion->effect == EFFECT_SCROLL_DOWN;
}

/* How a strip was laid out, to do it again. */
typedef struct Recipe {
    const Node *node;
    size_t row;                   /* of the data */
    Size room;
    const char *said;             /* its texts, as last laid out; NULL: it does not tell the time */
    const Scene *scene;
} Recipe;

typedef struct Strips {
    Worker *worker;
    Arena *arena;
    DiagList *diags;
    StrBuf *inspect;
    LedStrip *strips;
    Recipe *recipes;              /* beside them */
    size_t count;
    Civil now;                    /* of the first frame */
} Strips;

/* ---- what tells the time ---- */

static bool template_tells_time(const Template *template)
{
    for (size_t i = 0; template && i < template->segment_count; i++)
        if (template->segments[i].field && strcmp(template->segments[i].field, "@now") == 0) return true;
    return false;
}

static const Template *template_of(const Node *node)
{
    switch (node->kind) {
    case NODE_TEXT: return node->u.text.content;
    case NODE_IMAGE: return node->u.image.file;
    case NODE_QRCODE: return node->u.qrcode.data;
    case NODE_BARCODE: return node->u.barcode.data;
    case NODE_SHAPE: case NODE_BOX: case NODE_SPACE: break;
    }
    return NULL;
}

static bool tells_time(const Node *node)
{
    if (template_tells_time(template_of(node))) return true;
    for (size_t i = 0; node->kind == NODE_BOX && i < node->u.box.count; i++)
        if (tells_time(node->u.box.items[i])) return true;
    return false;
}

static bool playlist_tells_time(const Playlist *playlist)
{
    for (size_t i = 0; i < playlist->count; i++)
        if (tells_time(playlist->items[i])) return true;
    return false;
}

bool strips_tell_time(const Document *document)
{
    for (size_t i = 0; i < document->area_count; i++)
        if (playlist_tells_time(&document->areas[i].playlist)) return true;
    return playlist_tells_time(&document->playlist);
}

/* All that changes with the time, as one text. */
static void add_said(const Node *node, const FillContext *fill, Arena *arena, DiagList *diags, StrBuf *out)
{
    const Template *template = template_of(node);
    FilledText filled;
    if (template_tells_time(template) && data_fill(template, fill, REPORT_OFF, arena, diags, &filled)) strbuf_addf(out, "%s\n", filled.text);
    for (size_t i = 0; node->kind == NODE_BOX && i < node->u.box.count; i++) add_said(node->u.box.items[i], fill, arena, diags, out);
}

/* ---- laying out ---- */

static BoxContext context_at(const Strips *out, const Recipe *recipe, size_t second, DiagList *diags)
{
    BoxContext context = pages_context(out->worker, recipe->row, out->arena, diags);
    context.fill.page = context.fill.pages = 1;
    if (!context.fill.now) return context;
    Civil now = civil_at(civil_seconds(&out->now) + (int64_t)second), last = {9999, 12, 31, 23, 59, 59};
    if (now.year > last.year) now = last;
    context.fill.now = civil_text(arena_alloc(out->arena, CIVIL_ROOM), &now);
    return context;
}

static bool add_strip(Strips *out, const Node *node, size_t row, size_t area, Size room)
{
    if (is_sideways(&node->motion)) room.width = LENGTH_MAX;
    if (is_upright(&node->motion)) room.height = LENGTH_MAX;
    Recipe *recipe = &out->recipes[out->count];
    *recipe = (Recipe){.node = node, .row = row, .room = room};
    BoxContext context = context_at(out, recipe, 0, out->diags);
    if (!data_matches(node->when, node->when_count, node->unless, node->unless_count, &context.fill)) return true;
    BoxPage page = box_build_node(&context, node, room);
    if (page.scene && tells_time(node)) {
        StrBuf said;
        strbuf_init(&said, out->arena);
        add_said(node, &context.fill, out->arena, out->diags, &said);
        recipe->said = said.bytes;
    }
    out->diags->row = (DataRef){0};
    if (!page.scene) return false;
    if (out->inspect && out->count && context.breaks != BREAKS_TABLE) strbuf_add(out->inspect, ",\n");
    if (out->inspect) box_inspect(&page, &context, out->inspect);
    recipe->scene = page.scene;
    out->strips[out->count++] = (LedStrip){node, page.scene, area, recipe->said != NULL};
    return true;
}

static bool add_playlist(Strips *out, const Playlist *playlist, size_t area, Size room)
{
    const Run *run = out->worker->run;
    bool ok = true;
    for (size_t row = 0; row < run->row_count; row++)
        for (size_t i = 0; i < playlist->count; i++) ok &= add_strip(out, playlist->items[i], run->rows[row], area, room);
    return ok;
}

static bool build(Strips *out, Worker *worker, Arena *arena, DiagList *diags, StrBuf *inspect)
{
    const Run *run = worker->run;
    const Document *document = run->document;
    size_t most = document->playlist.count;
    for (size_t i = 0; i < document->area_count; i++) most += document->areas[i].playlist.count;
    most = run->row_count * most + 1;
    *out = (Strips){.worker = worker, .arena = arena, .diags = diags, .inspect = inspect, .strips = ARENA_ARRAY(arena, LedStrip, most),
                    .recipes = ARENA_ARRAY(arena, Recipe, most)};
    const char *now = strips_now(run);
    if (now) civil_read(now, &out->now);
    Size screen = {document->page.size.width, document->page.size.height};
    bool ok = add_playlist(out, &document->playlist, 0, screen);
    for (size_t i = 0; i < document->area_count; i++) {
        const Area *area = &document->areas[i];
        ok &= add_playlist(out, &area->playlist, i, (Size){area->width * LENGTH_ONE, area->height * LENGTH_ONE});
    }
    return ok;
}

const char *strips_now(const Run *run) { return run->options->now ? run->options->now : run->document->screen.now; }

LedStrip *frames_strips(Worker *worker, Arena *arena, DiagList *diags, StrBuf *inspect, size_t *count)
{
    Strips out;
    bool ok = build(&out, worker, arena, diags, inspect);
    *count = out.count;
    return ok ? out.strips : NULL;
}

/* For LedTimes. */
static const Scene *scene_at(void *context, size_t index, size_t second, DiagList *diags)
{
    Strips *strips = context;
    Recipe *recipe = &strips->recipes[index];
    BoxContext box = context_at(strips, recipe, second, diags);
    StrBuf said;
    strbuf_init(&said, strips->arena);
    add_said(recipe->node, &box.fill, strips->arena, diags, &said);
    if (strcmp(said.bytes, recipe->said) != 0) {
        recipe->scene = box_build_node(&box, recipe->node, recipe->room).scene;
        recipe->said = said.bytes;
    }
    diags->row = (DataRef){0};
    return recipe->scene;
}

const LedPlan *frames_plan(Run *run)
{
    Strips *strips = ARENA_NEW(run->arena, Strips);
    if (!build(strips, worker_start(run, run->arena), run->arena, run->diags, NULL)) return NULL;
    const LedTimes times = {scene_at, strips};
    return led_plan(run->arena, run->document, strips->strips, strips->count, &times, strips->worker->raster, run->diags);
}
