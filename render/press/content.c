/* content.c -- a scene's operations become page operators (ISO 32000-1, 8 and 11), layer by layer: art, white and varnish,
 * cut and crease, marks. The space is the scene's own, in pt, y downwards: one matrix at the start of the page turns it.
 *
 * A form that stands once is written where it stands; one that stands more often becomes a form XObject, once on the page. What
 * the layout draws alike on every row comes as a form with a digest: it is one form XObject in the whole file (shared.c), and a
 * page only says where; one of few operators is copied where it stands. Such a form supposes nothing of what was set before it,
 * and leaves nothing set behind. */
#include "press/private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "press/writer.h"

#define MAX_DEPTH 512             /* of BEGINs and forms, as when rastering */
#define LEVEL 6

typedef struct FormSlot { const Scene *scene; Form *forms[LAYER_COUNT]; bool is_made[LAYER_COUNT]; } FormSlot;

/* ---- matrices, clips, groups, forms ---- */

static const State unknown_state = {.overprint = -1, .dashes = -1, .cap = -1, .join = -1, .miter = -1, .width = -1};

static size_t draw_ops(Drawing *drawing, const Scene *scene, size_t at, bool visible);

/* Back again. The determinant is not nought: begin() has seen to it. */
static Matrix inverse(Matrix m)
{
    double determinant = m.xx * m.yy - m.xy * m.yx;
    Matrix back = {m.yy / determinant, -m.yx / determinant, -m.xy / determinant, m.xx / determinant, 0, 0};
    back.x0 = -(back.xx * m.x0 + back.xy * m.y0);
    back.y0 = -(back.yx * m.x0 + back.yy * m.y0);
    return back;
}

/* The visible area seen from the space of `matrix`. */
static void find_box(const Drawing *drawing, double box[4])
{
    const Matrix m = drawing->matrix;
    double determinant = m.xx * m.yy - m.xy * m.yx;
    box[0] = box[1] = INFINITY, box[2] = box[3] = -INFINITY;
    for (int corner = 0; corner < 4; corner++) {
        double x = (double)drawing->area.x + (corner & 1 ? drawing->area.width : 0) - m.x0;
        double y = (double)drawing->area.y + (corner & 2 ? drawing->area.height : 0) - m.y0;
        double u = (m.yy * x - m.xy * y) / determinant / LENGTH_ONE, v = (m.xx * y - m.yx * x) / determinant / LENGTH_ONE;
        box[0] = fmin(box[0], u), box[1] = fmin(box[1], v), box[2] = fmax(box[2], u), box[3] = fmax(box[3], v);
    }
}

static void end_form(Drawing *inner, Form *form)
{
    form->data = press_deflate(inner->arena, inner->out.bytes, inner->out.length, LEVEL, &form->length);
    if (!form->data) inner->failed = true;
}

/* A drawing whose operators go into a form of its own. */
static Drawing begin_form(Drawing *drawing, Form *form)
{
    Drawing inner = *drawing;
    strbuf_init(&inner.out, drawing->arena);
    inner.uses = &form->uses;
    inner.names = NULL;
    inner.state = unknown_state;
    inner.outside = inverse(drawing->matrix);
    find_box(drawing, form->box);
    return inner;
}

static void put_form(Drawing *drawing, const Form *form)
{
    put_name(drawing, USE_FORM, add_use(drawing, USE_FORM, form, 0));
    put(drawing, "Do\n");
}

/* Set up what a BEGIN asks for. False when nothing inside can be seen. */
static bool begin(Drawing *drawing, const SceneOp *op)
{
    const Matrix *m = op->u.begin.matrix;
    if (m) {
        double determinant = m->xx * m->yy - m->xy * m->yx;
        if (!isfinite(determinant) || fabs(determinant) < 1e-12 || !isfinite(m->x0) || !isfinite(m->y0)) return false;
        const double values[6] = {m->xx, m->yx, m->xy, m->yy, m->x0 / LENGTH_ONE, m->y0 / LENGTH_ONE};
        for (int i = 0; i < 6; i++) put_number(drawing, values[i], i < 4 ? 6 : 3);
        put(drawing, "cm\n");
        drawing->matrix = matrix_join(*m, drawing->matrix);
    }
    if (op->u.begin.clip) {
        put_path(drawing, op->u.begin.clip);
        put(drawing, op->u.begin.clip->is_even_odd ? "W* n\n" : "W n\n");
    }
    return op->u.begin.opacity > 0;
}

/* A group is blended as one, in the inks of the press. */
static size_t draw_group(Drawing *drawing, const Scene *scene, size_t at, double opacity)
{
    Form *form = ARENA_NEW(drawing->arena, Form);
    form->is_group = true;
    Drawing inner = begin_form(drawing, form);
    size_t next = draw_ops(&inner, scene, at, true);
    if (inner.out.length) {
        end_form(&inner, form);
        if (drawing->setup->options.standard == PRESS_X1A) {
            diag_error(drawing->diags, drawing->setup->options.where, "no-transparency", "take opacity away, or ask for PDF/X-4",
                       "PDF/X-1a has no transparency, and a box is drawn with opacity");
            inner.failed = true;
        }
        drawing->page->has_transparency = true;
        put_name(drawing, USE_ALPHA, add_use(drawing, USE_ALPHA, NULL, opacity));
        put(drawing, "gs ");
        put_form(drawing, form);
    }
    drawing->failed |= inner.failed;
    return next;
}

/* Draw from the BEGIN at `at` to its END; the index after that. Where nothing of this layer is inside, nothing is left. */
static size_t draw_nested(Drawing *drawing, const Scene *scene, size_t at, bool visible)
{
    const SceneOp *op = &scene->ops[at];
    double opacity = op->u.begin.opacity;
    State state = drawing->state;
    Matrix matrix = drawing->matrix;
    size_t start = drawing->out.length;
    drawing->depth++;
    put(drawing, "q\n");
    visible = visible && drawing->depth <= MAX_DEPTH && begin(drawing, op);
    size_t before = drawing->out.length;
    size_t next = visible && opacity < 1 ? draw_group(drawing, scene, at + 1, opacity) : draw_ops(drawing, scene, at + 1, visible);
    if (drawing->out.length == before) drawing->out.length = start;
    else put(drawing, "Q\n");
    drawing->out.bytes[drawing->out.length] = '\0';
    drawing->state = state;
    drawing->matrix = matrix;
    drawing->depth--;
    return next;
}

static void draw_scene(Drawing *drawing, const Scene *scene)
{
    for (size_t at = 0; at < scene->op_count;) at = draw_ops(drawing, scene, at, true);
}

/* A reader sets up resources and a clip for every form: some dozen characters are drawn sooner than that. Groups are forms anyway,
 * and patterns stand in the space of their form. */
#define SHORT_MOST 160

static bool is_short(const Drawing *drawing)
{
    const UseList *uses = drawing->uses;
    for (size_t i = 0; i < uses->count; i++)
        if (uses->items[i].kind == USE_FORM || uses->items[i].kind == USE_PATTERN) return false;
    return drawing->out.length <= SHORT_MOST;
}

/* NULL: there is nothing of the drawing's layer in it. */
static Form *make_form(Drawing *drawing, const Scene *scene, Rect area, bool may_be_short)
{
    Form *form = ARENA_NEW(drawing->arena, Form);
    Drawing inner = begin_form(drawing, form);
    if (may_be_short) inner.names = &form->names;
    inner.matrix = inner.outside = (Matrix){1, 0, 0, 1, 0, 0};
    inner.area = area;
    find_box(&inner, form->box);
    draw_scene(&inner, scene);
    drawing->failed |= inner.failed;
    if (!inner.out.length) return NULL;
    if (may_be_short && is_short(&inner)) {
        form->operators = inner.out.bytes;
        form->operator_length = inner.out.length;
        drop_names(&form->names, form->operator_length);
    } else {
        end_form(&inner, form);
    }
    drawing->failed |= inner.failed;
    return form;
}

static Rect area_of(const Scene *scene)
{
    return (Rect){-scene->bleed, -scene->bleed, scene->width + 2 * scene->bleed, scene->height + 2 * scene->bleed};
}

/* ---- forms that pages share ---- */

static void least(double *known, double value)
{
    if (value > 0 && (*known == 0 || value < *known)) *known = value;
}

void facts_join(PressFacts *all, const PressFacts *part)
{
    least(&all->smallest_text, part->smallest_text);
    least(&all->thinnest_line, part->thinnest_line);
    least(&all->least_ppi, part->least_ppi);
    least(&all->least_module, part->least_module);
    all->most_ink = fmax(all->most_ink, part->most_ink);
    all->glyph_runs += part->glyph_runs;
    all->images += part->images;
    all->codes += part->codes;
    all->forms += part->forms;
    all->rgb_paints += part->rgb_paints;
    all->rgb_images += part->rgb_images;
}

/* All that is drawn, and the half covered pixels of its edge. */
static Rect area_of_shared(const Scene *scene)
{
    Rect extent = scene_extent(scene);
    const Length more = 2 * LENGTH_ONE;
    return (Rect){extent.x - more, extent.y - more, extent.width + 2 * more, extent.height + 2 * more};
}

/* NULL: it failed. */
static const FormSet *shared_forms(Drawing *drawing, const Scene *scene)
{
    const FormSet *known = shared_find(drawing->setup, scene);
    if (known) return known;
    FormSet *made = ARENA_NEW(drawing->arena, FormSet);
    if (!content_make_forms(drawing->setup, drawing->arena, scene, scene->digest, area_of_shared(scene), made, drawing->diags)) return NULL;
    return shared_keep(drawing->setup, scene, made, drawing->diags);
}

static bool is_first_layer(const FormSet *forms, Layer layer)
{
    for (Layer earlier = LAYER_ART; earlier < layer; earlier++)
        if (forms->of[earlier]) return false;
    return true;
}

static void put_operators(Drawing *drawing, const Form *form)
{
    size_t at = 0;
    for (size_t i = 0; i < form->names.count; i++) {
        const NamePlace *name = &form->names.items[i];
        const Use *use = &form->uses.items[name->use];
        strbuf_add_bytes(&drawing->out, form->operators + at, name->start - at);
        put_name(drawing, use->kind, add_use(drawing, use->kind, use->key, use->value));
        at = name->end;
    }
    strbuf_add_bytes(&drawing->out, form->operators + at, form->operator_length - at);
    PressPage *page = drawing->page;
    for (size_t i = page->in_place_count; i-- > 0;)
        if (page->in_place[i] == form) return;
    page->in_place = ARENA_GROW(drawing->arena, page->in_place, page->in_place_count, &page->in_place_capacity);
    page->in_place[page->in_place_count++] = form;
    text_join_faces(drawing, form->faces, form->face_count);
}

static void draw_shared(Drawing *drawing, const SceneOp *op)
{
    const FormSet *forms = shared_forms(drawing, op->u.form.scene);
    if (!forms) drawing->failed = true;
    /* So fonts come in the order of drawing. */
    for (int layer = 0; forms && layer < LAYER_COUNT; layer++)
        if (forms->of[layer]) text_use_faces(drawing, forms->of[layer]->faces, forms->of[layer]->face_count);
    const Form *form = forms ? forms->of[drawing->layer] : NULL;
    if (!form) return;
    drawing->page->has_transparency |= forms->has_transparency;
    if (is_first_layer(forms, drawing->layer)) facts_join(&drawing->page->facts, &forms->facts);
    put(drawing, "q 1 0 0 1 ");
    put_point(drawing, (Point){op->u.form.x, op->u.form.y});
    put(drawing, "cm\n");
    if (form->operators) {
        put_operators(drawing, form);
    } else {
        put_name(drawing, USE_SHARED, add_use(drawing, USE_SHARED, form, 0));
        put(drawing, "Do ");
    }
    put(drawing, "Q\n");
}

/* ---- forms of one page ---- */

static int compare_slots(const void *a, const void *b)
{
    uintptr_t left = (uintptr_t)((const FormSlot *)a)->scene, right = (uintptr_t)((const FormSlot *)b)->scene;
    return (left > right) - (left < right);
}

static FormSlot *find_slot(const Drawing *drawing, const Scene *scene)
{
    FormSlot key = {.scene = scene};
    return drawing->slot_count ? bsearch(&key, drawing->slots, drawing->slot_count, sizeof key, compare_slots) : NULL;
}

static void draw_form(Drawing *drawing, const SceneOp *op)
{
    const Scene *scene = op->u.form.scene;
    if (drawing->depth >= MAX_DEPTH) return;
    if (scene->digest) {
        draw_shared(drawing, op);
        return;
    }
    FormSlot *slot = find_slot(drawing, scene);
    Matrix matrix = drawing->matrix;
    State state = drawing->state;
    size_t start = drawing->out.length;
    drawing->depth++;
    put(drawing, "q 1 0 0 1 ");
    put_point(drawing, (Point){op->u.form.x, op->u.form.y});
    put(drawing, "cm\n");
    drawing->matrix = matrix_join((Matrix){1, 0, 0, 1, op->u.form.x, op->u.form.y}, matrix);
    size_t before = drawing->out.length;
    if (slot) {
        Form **form = &slot->forms[drawing->layer];
        if (!slot->is_made[drawing->layer]) {
            *form = make_form(drawing, scene, area_of(scene), false);
            drawing->page->facts.forms += *form != NULL;
        }
        slot->is_made[drawing->layer] = true;
        if (*form) put_form(drawing, *form);
    } else {
        draw_scene(drawing, scene);
    }
    if (drawing->out.length == before) drawing->out.length = start;
    else put(drawing, "Q\n");
    drawing->out.bytes[drawing->out.length] = '\0';
    drawing->matrix = matrix;
    drawing->state = state;
    drawing->depth--;
}

/* ---- the operations of one layer ---- */

static void draw_op(Drawing *drawing, const SceneOp *op)
{
    if (op->kind == SCENE_LINK) return;
    if (op->kind == SCENE_FORM) {
        draw_form(drawing, op);
        return;
    }
    const Color *color = scene_op_color(op);
    bool is_art = op->kind == SCENE_IMAGE && op->u.image.image->kind == IMAGE_SVG;
    if (!is_art && ink_layer(color, op->role) != drawing->layer) return;
    /* A plate that is no ink also has a layer of its own, so that no one can mistake it. */
    const Color *step = color && drawing->setup->options.standard == PRESS_X4 ? ink_step_color(color) : NULL;
    if (step) {
        put(drawing, "/OC ");
        put_name(drawing, USE_LAYER, add_use(drawing, USE_LAYER, step, 0));
        put(drawing, "BDC\n");
    }
    switch (op->kind) {
    case SCENE_FILL: operators_fill(drawing, op); break;
    case SCENE_STROKE: operators_stroke(drawing, op); break;
    case SCENE_GLYPHS: text_show(drawing, op->u.glyphs); break;
    case SCENE_IMAGE: pictures_draw(drawing, op->u.image.image, op->u.image.area); break;
    case SCENE_MODULES: pictures_draw_modules(drawing, op->u.modules); break;
    default: break;
    }
    if (step) put(drawing, "EMC\n");
}

static size_t draw_ops(Drawing *drawing, const Scene *scene, size_t at, bool visible)
{
    while (at < scene->op_count) {
        const SceneOp *op = &scene->ops[at];
        if (op->kind == SCENE_END) return at + 1;
        if (op->kind == SCENE_BEGIN) {
            at = draw_nested(drawing, scene, at, visible);
            continue;
        }
        if (visible && !drawing->failed) draw_op(drawing, op);
        at++;
    }
    return at;
}

/* ---- the page ---- */

static unsigned layers_of_forms(const FormSet *forms)
{
    unsigned layers = 0;
    for (int layer = 0; layer < LAYER_COUNT; layer++)
        if (forms->of[layer]) layers |= 1u << layer;
    return layers;
}

/* Which layers the scene has (bits), with its forms. */
static unsigned layers_of(const PressSetup *setup, const Scene *scene, int depth)
{
    unsigned layers = 0;
    for (size_t i = 0; i < scene->op_count && depth < MAX_DEPTH; i++) {
        const SceneOp *op = &scene->ops[i];
        const Art *art = op->kind == SCENE_IMAGE && op->u.image.image->kind == IMAGE_SVG ? art_find(setup, op->u.image.image, NULL) : NULL;
        if (art) layers |= layers_of_forms(&art->forms);
        const FormSet *shared = op->kind == SCENE_FORM && op->u.form.scene->digest ? shared_find(setup, op->u.form.scene) : NULL;
        if (shared) layers |= layers_of_forms(shared);
        else if (op->kind == SCENE_FORM) layers |= layers_of(setup, op->u.form.scene, depth + 1);
        else if (op->kind != SCENE_BEGIN && op->kind != SCENE_END && op->kind != SCENE_LINK) layers |= 1u << ink_layer(scene_op_color(op), op->role);
    }
    return layers;
}

/* Forms that stand more than once on this scene. */
static void find_repeated(Drawing *drawing, const Scene *scene)
{
    FormSlot *slots = ARENA_ARRAY(drawing->arena, FormSlot, scene->op_count + 1);
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < scene->op_count; i++)
        if (scene->ops[i].kind == SCENE_FORM && !scene->ops[i].u.form.scene->digest) slots[count++].scene = scene->ops[i].u.form.scene;
    qsort(slots, count, sizeof *slots, compare_slots);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && slots[end].scene == slots[i].scene;) end++;
        if (end - i > 1) slots[kept++] = (FormSlot){.scene = slots[i].scene};
    }
    drawing->slots = slots;
    drawing->slot_count = kept;
}

bool content_make(const PressSetup *setup, Arena *arena, const Scene *scene, PressPage *page, DiagList *diags)
{
    Rect media = page->boxes.media;
    Drawing drawing = {.setup = setup, .arena = arena, .diags = diags, .page = page, .uses = &page->content.uses, .area = media,
                       .matrix = {1, 0, 0, 1, 0, 0}, .outside = {1, 0, 0, -1, -media.x, media.y + media.height}, .state = {.miter = 10, .width = -1}};
    strbuf_init(&drawing.out, arena);
    drawing.looks = ARENA_ARRAY(arena, ColorLook, COLOR_LOOKS);
    find_repeated(&drawing, scene);
    put(&drawing, "1 0 0 -1 ");
    put_point(&drawing, (Point){-media.x, media.y + media.height});
    put(&drawing, "cm\n");
    unsigned layers = layers_of(setup, scene, 0);
    for (drawing.layer = LAYER_ART; drawing.layer < LAYER_COUNT; drawing.layer++)
        if (layers & 1u << drawing.layer) draw_scene(&drawing, scene);
    end_form(&drawing, &page->content);
    page->facts.pages = 1;
    return !drawing.failed;
}

bool content_make_forms(const PressSetup *setup, Arena *arena, const Scene *scene, const uint8_t digest[SCENE_SHARED_DIGEST], Rect area, FormSet *out, DiagList *diags)
{
    PressPage *page = ARENA_NEW(arena, PressPage);      /* of nothing but the form */
    Drawing drawing = {.setup = setup, .arena = arena, .diags = diags, .page = page, .uses = &page->content.uses, .looks = ARENA_ARRAY(arena, ColorLook, COLOR_LOOKS)};
    unsigned layers = layers_of(setup, scene, 0);
    for (drawing.layer = LAYER_ART; drawing.layer < LAYER_COUNT; drawing.layer++) {
        Form *form = layers & 1u << drawing.layer ? make_form(&drawing, scene, area, scene->digest != NULL) : NULL;
        if (!form) continue;
        memcpy(form->identity.digest, digest, SCENE_SHARED_DIGEST);
        form->identity.layer = (uint8_t)drawing.layer;
        form->faces = page->faces;
        form->face_count = page->face_count;
        page->faces = NULL;
        page->face_count = page->face_capacity = 0;
        out->of[drawing.layer] = form;
    }
    out->facts = page->facts;
    out->has_transparency = page->has_transparency;
    return !drawing.failed;
}
