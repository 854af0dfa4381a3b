/* dump.c -- a Scene as stable text: what golden tests compare and what a bug report holds.
 *
 * One operation a line, inner ones indented. Lengths are in pt (px on screens) with up to three decimals. Forms are
 * numbered in the order of their first use and written once, after the page. */
#include "scene/scene.h"

#include <string.h>

#include "base/hash.h"
#include "base/num.h"
#include "base/utf8.h"

typedef struct Dump {
    StrBuf *out;
    const Scene **forms;
    size_t form_count, form_capacity;
    int depth;
} Dump;

static void put_number(Dump *dump, double value)
{
    char text[NUM_ROOM];
    strbuf_add(dump->out, num_format(text, value, 3));
}

static void put_length(Dump *dump, Length length)
{
    put_number(dump, length_to_pt(length));
}

static void put_pair(Dump *dump, Length a, const char *between, Length b)
{
    put_length(dump, a);
    strbuf_add(dump->out, between);
    put_length(dump, b);
}

static void put_rect(Dump *dump, Rect rect)
{
    put_pair(dump, rect.x, ",", rect.y);
    strbuf_add(dump->out, " ");
    put_pair(dump, rect.width, "x", rect.height);
}

static void put_json(Dump *dump, const char *string)
{
    strbuf_add_json(dump->out, string ? string : "");
}

static const char *without_folder(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path;
}

static bool is_bare_word(const char *name)
{
    if (!*name) return false;
    for (; *name; name++)
        if ((unsigned char)*name <= ' ' || *name == '"' || *name == '\\' || *name == 0x7f) return false;
    return true;
}

static void put_color(Dump *dump, const char *word, const Color *color);

/* ` linear 0,0 to 100,0 stops 0 red #BB0A21 1 yellow #FFD400` */
static void put_gradient(Dump *dump, const Gradient *gradient, const GradientAxis *axis)
{
    bool is_linear = gradient->kind == GRADIENT_LINEAR;
    const double numbers[4] = {axis->x0, axis->y0, is_linear ? axis->x0 + axis->xx : axis->xx, is_linear ? axis->y0 + axis->yx : axis->yy};
    static const char *const linear[] = {" linear ", ",", " to ", ","}, *const radial[] = {" radial ", ",", " radii ", ","};
    for (int i = 0; i < 4; i++) {
        strbuf_add(dump->out, is_linear ? linear[i] : radial[i]);
        put_number(dump, numbers[i] / LENGTH_ONE);
    }
    strbuf_add(dump->out, " stops");
    for (size_t i = 0; i < gradient->stop_count; i++) {
        char room[NUM_ROOM];
        put_color(dump, num_format(room, gradient->stops[i].at, 4), gradient->stops[i].color);
    }
}

/* ` color alert-red #BB0A21 cmyk(0 100 85 20) spot "X"` */
static void put_color(Dump *dump, const char *word, const Color *color)
{
    strbuf_addf(dump->out, " %s ", word);
    if (!color) {
        strbuf_add(dump->out, "none");
        return;
    }
    if (color->name && is_bare_word(color->name)) strbuf_add(dump->out, color->name);
    else put_json(dump, color->name);
    if (color->gradient) {
        put_gradient(dump, color->gradient, &color->axis);
        return;
    }
    if (color->has_rgb) strbuf_addf(dump->out, " #%02X%02X%02X", color->rgb[0], color->rgb[1], color->rgb[2]);
    if (color->has_cmyk) {
        for (int i = 0; i < 4; i++) {
            strbuf_add(dump->out, i ? " " : " cmyk(");
            put_number(dump, color->cmyk[i]);
        }
        strbuf_add(dump->out, ")");
    }
    if (color->spot) {
        strbuf_add(dump->out, " spot ");
        put_json(dump, color->spot);
        if (color->less > 0) {
            strbuf_add(dump->out, " tint ");
            put_number(dump, 1 - color->less);
        }
    }
    if (color->step) {
        strbuf_add(dump->out, " step ");
        put_json(dump, color->step);
    }
}

static void put_path(Dump *dump, const Path *path)
{
    static const struct { char letter; int points; } verbs[] = {
        [PATH_MOVE] = {'M', 1}, [PATH_LINE] = {'L', 1}, [PATH_CURVE] = {'C', 3}, [PATH_CLOSE] = {'Z', 0},
    };
    if (path->is_rect) {
        strbuf_add(dump->out, "rect ");
        put_rect(dump, path->rect);
        return;
    }
    strbuf_add(dump->out, path->is_even_odd ? "path even-odd" : "path");
    const Point *next = path->points;
    for (size_t i = 0; i < path->verb_count; i++) {
        strbuf_addf(dump->out, " %c", verbs[path->verbs[i]].letter);
        for (int k = 0; k < verbs[path->verbs[i]].points; k++, next++) {
            strbuf_add_char(dump->out, ' ');
            put_pair(dump, next->x, ",", next->y);
        }
    }
}

static void start_line(Dump *dump)
{
    for (int i = 0; i < dump->depth; i++) strbuf_add(dump->out, "  ");
}

/* ---- text ---- */

/* Is every cluster one character drawn by one glyph? Then there is nothing to say about them. */
static bool has_plain_clusters(const GlyphRun *run)
{
    size_t at = 0, length = run->text ? strlen(run->text) : 0;
    for (size_t i = 0; i < run->cluster_count; i++) {
        size_t end = at;
        if (end < length) utf8_next(run->text, length, &end);
        if (run->clusters[i].glyph_count != 1 || run->clusters[i].byte_count != end - at) return false;
        at = end;
    }
    return run->cluster_count == run->glyph_count;
}

/* Ids, and between two of them how far the next origin lies: "12 +150 13 +150,-3 14". */
static void put_glyphs(Dump *dump, const GlyphRun *run)
{
    start_line(dump);
    strbuf_add(dump->out, "  glyphs");
    for (size_t i = 0; i < run->glyph_count; i++) {
        if (i) {
            Length dx = run->glyphs[i].x - run->glyphs[i - 1].x, dy = run->glyphs[i].y - run->glyphs[i - 1].y;
            strbuf_add(dump->out, dx < 0 ? " " : " +");
            put_length(dump, dx);
            if (dy) strbuf_add(dump->out, ",");
            if (dy) put_length(dump, dy);
        }
        strbuf_addf(dump->out, " %u", (unsigned)run->glyphs[i].id);
    }
    strbuf_add_char(dump->out, '\n');
    if (has_plain_clusters(run)) return;
    start_line(dump);
    strbuf_add(dump->out, "  clusters");
    for (size_t i = 0; i < run->cluster_count; i++)
        strbuf_addf(dump->out, " %u:%u", (unsigned)run->clusters[i].byte_count, (unsigned)run->clusters[i].glyph_count);
    strbuf_add_char(dump->out, '\n');
}

static void put_text(Dump *dump, const GlyphRun *run)
{
    strbuf_add(dump->out, "text ");
    put_json(dump, run->text);
    if (run->face) {
        strbuf_add(dump->out, " face ");
        const char *file = without_folder(run->face->file);
        put_json(dump, arena_printf(dump->out->arena, "%s#%d", file ? file : "", run->face->index));
        if (run->face->axes && *run->face->axes) {
            strbuf_add(dump->out, " axes ");
            put_json(dump, run->face->axes);
        }
    }
    strbuf_add(dump->out, " size ");
    put_length(dump, run->size);
    if (run->is_dots) strbuf_add(dump->out, " dots");
    put_color(dump, "color", run->color);
    if (run->stroke_color) {
        put_color(dump, "stroke", run->stroke_color);
        strbuf_add(dump->out, " width ");
        put_length(dump, run->stroke_width);
        if (run->stroke_join != STROKE_ROUND) strbuf_add(dump->out, run->stroke_join == STROKE_MITER ? " miter" : " bevel");
    }
    if (run->stretch != 0 && run->stretch != 1) {
        strbuf_add(dump->out, " stretch ");
        put_number(dump, run->stretch);
    }
    if (run->rotate != 0) {
        strbuf_add(dump->out, " rotate ");
        put_number(dump, run->rotate);
    }
    if (run->is_vertical) strbuf_add(dump->out, " vertical");
    if (run->is_backward) strbuf_add(dump->out, " backward");
    if (run->glyph_count) {
        strbuf_add(dump->out, " at ");
        put_pair(dump, run->glyphs[0].x, ",", run->glyphs[0].y);
    }
    strbuf_add_char(dump->out, '\n');
    put_glyphs(dump, run);
}

/* ---- operations ---- */

static void put_stroke(Dump *dump, const SceneOp *op)
{
    strbuf_add(dump->out, "stroke ");
    put_path(dump, op->u.stroke.path);
    put_color(dump, "color", op->u.stroke.color);
    strbuf_add(dump->out, " width ");
    put_length(dump, op->u.stroke.width);
    static const char *const caps[] = {"", " round-cap", " square-cap"}, *const joins[] = {"", " round-join", " bevel-join"};
    strbuf_add(dump->out, caps[op->u.stroke.nib.cap]);
    strbuf_add(dump->out, joins[op->u.stroke.nib.join]);
    if (op->u.stroke.nib.miter) strbuf_addf(dump->out, " miter %d", op->u.stroke.nib.miter);
    for (size_t i = 0; i < op->u.stroke.dash_count; i++) {
        strbuf_add(dump->out, i ? " " : " dashes ");
        put_length(dump, op->u.stroke.dashes[i]);
    }
}

static void put_image(Dump *dump, const Image *image, Rect area)
{
    strbuf_addf(dump->out, "image ");
    put_json(dump, without_folder(image->path));
    strbuf_addf(dump->out, " %s %dx%d sha256 %s at ", image->kind == IMAGE_SVG ? "svg" : image->is_jpeg ? "jpeg" : "png",
                image->width, image->height, image->sha256);
    put_rect(dump, area);
}

/* The pattern itself is long: its hash tells two of them apart just as well. */
static void put_modules(Dump *dump, const Modules *modules)
{
    char hex[HASH_HEX_ROOM];
    hash_sha256(modules->dark, (size_t)modules->columns * (size_t)modules->rows, hex);
    strbuf_addf(dump->out, "modules %dx%d ", modules->columns, modules->rows);
    put_json(dump, modules->data);
    strbuf_addf(dump->out, " pattern %.16s at ", hex);
    put_rect(dump, modules->area);
    put_color(dump, "color", modules->color);
}

static size_t form_number(Dump *dump, const Scene *form)
{
    for (size_t i = 0; i < dump->form_count; i++)
        if (dump->forms[i] == form) return i + 1;
    dump->forms = ARENA_GROW(dump->out->arena, dump->forms, dump->form_count, &dump->form_capacity);
    dump->forms[dump->form_count] = form;
    return ++dump->form_count;
}

static void put_begin(Dump *dump, const SceneOp *op)
{
    const Matrix *matrix = op->u.begin.matrix;
    strbuf_add(dump->out, "begin");
    if (matrix) {
        double numbers[] = {matrix->xx, matrix->yx, matrix->xy, matrix->yy, matrix->x0 / LENGTH_ONE, matrix->y0 / LENGTH_ONE};
        strbuf_add(dump->out, " matrix");
        for (int i = 0; i < 6; i++) {
            strbuf_add_char(dump->out, ' ');
            put_number(dump, numbers[i]);
        }
    }
    if (op->u.begin.clip) {
        strbuf_add(dump->out, " clip ");
        put_path(dump, op->u.begin.clip);
    }
    if (op->u.begin.opacity != 1) {
        strbuf_add(dump->out, " opacity ");
        put_number(dump, op->u.begin.opacity);
    }
}

static void put_op(Dump *dump, const SceneOp *op)
{
    switch (op->kind) {
    case SCENE_FILL:
        strbuf_add(dump->out, "fill ");
        put_path(dump, op->u.fill.path);
        put_color(dump, "color", op->u.fill.color);
        break;
    case SCENE_STROKE: put_stroke(dump, op); break;
    case SCENE_GLYPHS: put_text(dump, op->u.glyphs); return;      /* lines of its own */
    case SCENE_IMAGE: put_image(dump, op->u.image.image, op->u.image.area); break;
    case SCENE_MODULES: put_modules(dump, op->u.modules); break;
    case SCENE_FORM:
        strbuf_addf(dump->out, "form %zu at ", form_number(dump, op->u.form.scene));
        put_pair(dump, op->u.form.x, ",", op->u.form.y);
        break;
    case SCENE_LINK:
        strbuf_add(dump->out, "link ");
        put_json(dump, op->u.link.uri);
        strbuf_add(dump->out, " at ");
        put_rect(dump, op->u.link.area);
        break;
    case SCENE_BEGIN: put_begin(dump, op); break;
    case SCENE_END: strbuf_add(dump->out, "end"); break;
    }
    strbuf_add_char(dump->out, '\n');
}

static void put_scene(Dump *dump, const Scene *scene)
{
    strbuf_add(dump->out, "scene ");
    put_pair(dump, scene->width, " x ", scene->height);
    strbuf_add(dump->out, scene->is_screen ? " px" : " pt");
    if (scene->bleed) {
        strbuf_add(dump->out, " bleed ");
        put_length(dump, scene->bleed);
    }
    if (scene->title) {
        strbuf_add(dump->out, " title ");
        put_json(dump, scene->title);
    }
    strbuf_add_char(dump->out, '\n');

    const char *role = "art";
    dump->depth = 0;
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        if (op->kind == SCENE_END && dump->depth > 0) dump->depth--;
        if (op->kind != SCENE_END && strcmp(op->role, role) != 0) {
            role = op->role;
            start_line(dump);
            strbuf_addf(dump->out, "role %s\n", role);
        }
        start_line(dump);
        put_op(dump, op);
        if (op->kind == SCENE_BEGIN) dump->depth++;
    }
}

void scene_dump(const Scene *scene, StrBuf *out)
{
    Dump dump = {.out = out};
    put_scene(&dump, scene);
    /* A form may use further forms: they join the end of the list while it is walked. */
    for (size_t i = 0; i < dump.form_count; i++) {
        strbuf_addf(out, "form %zu: ", i + 1);
        put_scene(&dump, dump.forms[i]);
    }
}
