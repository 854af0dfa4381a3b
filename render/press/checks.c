/* checks.c -- a page looked at as the print shop would: what is drawn, how large, in which inks, over what, how near the edge.
 * judge.c holds it against the limits. */
#include <hb.h>
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/plates.h"
#include "press/private.h"

#define SLACK length_from_mm(0.1)                              /* an edge within it counts as met */
#define SEEN 64
#define FORM_DEPTH 64
#define GROUNDS 4096              /* what lies under a text is searched among so many; beyond them the worst is supposed */

/* Something painted: what text may lie on. In the space of the page. */
typedef struct Ground { Rect box; double ink, black, lightness; bool is_solid; } Ground;

typedef struct Check {
    Judge judge;
    const PressSetup *setup;
    const Scene *page;
    Span where;                                                /* of the page */
    const Color *seen[SEEN];                                   /* colours already looked at */
    size_t seen_count, spot_count;
    unsigned edges_said;                                       /* bits: one message for each edge */
    Ground *grounds;
    size_t ground_count, ground_capacity;
    bool has_too_many_grounds, is_art;
    const Color *looked;                                       /* asked for last, and the answers */
    InkLook look;
    bool overprints;
    PressJudged *out;
} Check;

/* Where an operation stands: what shows of it, how it is moved, turned and scaled (is_upright: moved only), in how many forms. */
typedef struct Stand { Rect clip; Matrix matrix; bool is_upright, is_solid; int depth; } Stand;

/* Turned by quarters only: rectangles stay rectangles. */
static bool is_square(const Stand *stand)
{
    const Matrix *m = &stand->matrix;
    double size = fabs(m->xx) + fabs(m->xy);
    return stand->is_upright || fabs(m->xy) + fabs(m->yx) < 1e-6 * size || fabs(m->xx) + fabs(m->yy) < 1e-6 * size;
}

static const char *format(Check *check, double value, int decimals)
{
    char room[NUM_ROOM];
    return arena_copy_string(check->judge.arena, num_format(room, value, decimals));
}

static const char *mm(Check *check, Length length) { return format(check, length_to_mm(length), 1); }

static Span place_of(const Check *check, const SceneOp *op) { return op->where && op->where->source ? *op->where : check->where; }

/* ---- what is asked of one colour again and again ---- */

static void look_at(Check *check, const Color *color)
{
    if (check->looked == color) return;
    check->looked = color;
    check->look = ink_look(check->setup, color);
    check->overprints = ink_overprints(check->setup, color, true);
}

static InkLook look_of(Check *check, const Color *color)
{
    look_at(check, color);
    return check->look;
}

static bool overprints(Check *check, const Color *color)
{
    look_at(check, color);
    return check->overprints;
}

/* ---- rectangles ---- */

static Rect intersect(Rect a, Rect b)
{
    Length left = a.x > b.x ? a.x : b.x, top = a.y > b.y ? a.y : b.y;
    Length right = a.x + a.width < b.x + b.width ? a.x + a.width : b.x + b.width;
    Length foot = a.y + a.height < b.y + b.height ? a.y + a.height : b.y + b.height;
    return (Rect){left, top, right > left ? right - left : 0, foot > top ? foot - top : 0};
}

static bool meets(Rect a, Rect b)
{
    Rect common = intersect(a, b);
    return common.width > 0 && common.height > 0;
}

/* The rectangle on the page that holds `box`. */
static Rect on_page(const Stand *stand, Rect box)
{
    const Matrix *m = &stand->matrix;
    if (stand->is_upright) return (Rect){box.x + (Length)m->x0, box.y + (Length)m->y0, box.width, box.height};
    double left = INFINITY, top = INFINITY, right = -INFINITY, foot = -INFINITY;
    for (int corner = 0; corner < 4; corner++) {
        double x = (double)box.x + (corner & 1 ? box.width : 0), y = (double)box.y + (corner & 2 ? box.height : 0);
        double u = m->xx * x + m->xy * y + m->x0, v = m->yx * x + m->yy * y + m->y0;
        left = fmin(left, u), right = fmax(right, u), top = fmin(top, v), foot = fmax(foot, v);
    }
    Length x = length_from_double(left), y = length_from_double(top);
    return (Rect){x, y, length_from_double(right - left), length_from_double(foot - top)};
}

static double scale_of(const Stand *stand)
{
    return stand->is_upright ? 1 : sqrt(fabs(stand->matrix.xx * stand->matrix.yy - stand->matrix.xy * stand->matrix.yx));
}

/* ---- what lies under what ---- */

static void add_ground(Check *check, Ground ground)
{
    if (ground.box.width <= 0 || ground.box.height <= 0) return;
    if (ground.ink > check->out->most_ink) check->out->most_ink = ground.ink;
    if (check->ground_count == GROUNDS) {
        check->has_too_many_grounds = true;
        return;
    }
    check->grounds = ARENA_GROW(check->judge.arena, check->grounds, check->ground_count, &check->ground_capacity);
    check->grounds[check->ground_count++] = ground;
}

/* What is seen in the middle of a rectangle: the last that was painted there; NULL: paper. */
static const Ground *ground_under(const Check *check, Rect box)
{
    Length x = box.x + box.width / 2, y = box.y + box.height / 2;
    for (size_t i = check->ground_count; i-- > 0;) {
        const Ground *ground = &check->grounds[i];
        if (ground->is_solid && x >= ground->box.x && x < ground->box.x + ground->box.width && y >= ground->box.y && y < ground->box.y + ground->box.height) return ground;
    }
    return NULL;
}

/* Ink that overprints is added to what is there. */
static void add_overprint(Check *check, const Color *color, const InkLook *look, Rect box)
{
    double most = look->total;
    bool is_plate = color->spot != NULL;
    for (size_t i = 0; i < check->ground_count; i++) {
        const Ground *ground = &check->grounds[i];
        if (!meets(ground->box, box)) continue;
        most = fmax(most, is_plate ? ground->ink + look->total : ground->ink - ground->black + fmax(ground->black, look->total));
    }
    if (check->has_too_many_grounds) most = fmax(most, check->out->most_ink + 100);
    if (most > check->out->most_ink) check->out->most_ink = most;
}

/* An area painted over what is there. */
static void paint_area(Check *check, const Color *color, Rect box, const Stand *stand)
{
    InkLook look = look_of(check, color);
    if (!look.is_step) add_ground(check, (Ground){box, look.total, look.black, look.darkest, stand->is_solid});
}

/* Letters, lines, modules: their ground goes on being seen round them, so they are no ground for what comes after. */
static void paint_line(Check *check, const Color *color, Rect box)
{
    InkLook look = look_of(check, color);
    if (look.is_step) return;
    if (overprints(check, color)) add_overprint(check, color, &look, box);
    else check->out->most_ink = fmax(check->out->most_ink, look.total);
}

/* ---- colours ---- */

static void check_color(Check *check, const SceneOp *op, const Color *color);

/* Each of its colours; and a plate that is no ink cannot run into one that is. */
static void check_gradient(Check *check, const SceneOp *op, const Color *color)
{
    const Gradient *gradient = color->gradient;
    const Color *step = ink_step_color(color);
    Judge *judge = &check->judge;
    if (shading_plate_count(gradient) > SHADING_PLATES_MAX) {
        judge_said(judge, SEVERITY_ERROR, "bad-gradient", place_of(check, op),
                   arena_printf(judge->arena, "the gradient \"%s\" runs through %zu plates of their own, %d is the most", color->name, shading_plate_count(gradient), SHADING_PLATES_MAX),
                   "make two gradients of it, one beside the other");
        return;
    }
    for (size_t i = 0; i < gradient->stop_count; i++) {
        const Color *stop = gradient->stops[i].color;
        Ink ink = ink_of(check->setup, stop);
        check_color(check, op, stop);
        bool is_blank = !ink.plate && ink_total(&ink) == 0;
        if (!step || is_blank || (stop->spot && strcmp(stop->spot, step->spot) == 0)) continue;
        judge_said(judge, SEVERITY_ERROR, "bad-gradient", place_of(check, op),
                   arena_printf(judge->arena, "the gradient \"%s\" runs from the plate \"%s\" into \"%s\"", color->name, step->spot, stop->name),
                   "let it run between tints of the plate, or between colours");
        return;
    }
}

static void count_spot(Check *check, const char *plate)
{
    Judge *judge = &check->judge;
    for (size_t i = 0; i + 1 < check->seen_count; i++)
        if (check->seen[i]->spot && strcmp(check->seen[i]->spot, plate) == 0) return;
    check->spot_count++;
    if (judge_finds(judge, RULE_SPOTS, (double)check->spot_count))
        judge_measured(judge, RULE_SPOTS, "too-many-spots", check->where, (double)check->spot_count, arena_printf(judge->arena, "inks of their own, with \"%s\":", plate), "",
                       "print it with the four inks: take spot away; or ask the shop and say checks: {limits: {spots: ..}}");
}

static void check_color(Check *check, const SceneOp *op, const Color *color)
{
    if (color->gradient) {
        check_gradient(check, op, color);
        return;
    }
    for (size_t i = 0; i < check->seen_count; i++)
        if (check->seen[i] == color) return;
    if (check->seen_count < SEEN) check->seen[check->seen_count++] = color;
    Ink ink = ink_of(check->setup, color);
    Judge *judge = &check->judge;
    Span where = place_of(check, op);
    if (ink.step || (ink.plate && strcmp(ink.plate, plate_all.spot) == 0)) return;
    if (ink.plate) count_spot(check, ink.plate);
    if (ink.is_converted && !ink.plate && !check->is_art)
        judge_said(judge, SEVERITY_WARNING, "no-cmyk", where, arena_printf(judge->arena, "the colour \"%s\" has no cmyk: it is converted from rgb through the profile", color->name),
                   "declare it: {rgb: .., cmyk: [c, m, y, k]}");
    double most = ink.plate ? 100 * ink.tint : 0;
    for (int i = 0; i < 4 && !ink.plate; i++) most = fmax(most, 100 * ink.cmyk[i]);
    check->out->most_named_ink = fmax(check->out->most_named_ink, ink_total(&ink));
    if (judge_finds(judge, RULE_INK, ink_total(&ink)))
        judge_measured(judge, RULE_INK, "too-much-ink", where, ink_total(&ink), arena_printf(judge->arena, "the colour \"%s\" has", color->name), " of ink",
                       "take less of the colours and more black");
    if (most > 0 && judge_finds(judge, RULE_TINT, most))
        judge_measured(judge, RULE_TINT, "weak-tint", where, most, arena_printf(judge->arena, "the colour \"%s\" has", color->name), " of its strongest ink: it may vanish",
                       "take a stronger tint, or paper white");
}

/* Several inks have to fit exactly, or a ground has to be cut out for it. */
static bool is_delicate(Check *check, const Color *color, const InkLook *look, Rect box)
{
    if (look->is_step || overprints(check, color)) return false;
    const Ground *ground = ground_under(check, box);
    return look->inks > 1 || (ground && ground->ink > 0);
}

/* ---- text ---- */

/* What the glyphs of a run that is not turned cover, as of most. */
static Rect upright_box(const GlyphRun *run)
{
    double scale = (double)run->size / run->face->units_per_em, left = INFINITY, top = INFINITY, right = -INFINITY, foot = -INFINITY;
    for (size_t i = 0; i < run->glyph_count; i++) {
        hb_glyph_extents_t e;
        if (!font_glyph_box(run->face, run->glyphs[i].id, &e) || (!e.width && !e.height)) continue;
        double x[2] = {run->glyphs[i].x + scale * e.x_bearing, run->glyphs[i].x + scale * (e.x_bearing + e.width)};
        double y[2] = {run->glyphs[i].y - scale * e.y_bearing, run->glyphs[i].y - scale * (e.y_bearing + e.height)};
        for (int k = 0; k < 2; k++) {
            if (x[k] < left) left = x[k];
            if (x[k] > right) right = x[k];
            if (y[k] < top) top = y[k];
            if (y[k] > foot) foot = y[k];
        }
    }
    if (!(right >= left)) return (Rect){0};
    return (Rect){length_from_double(left), length_from_double(top), length_from_double(right - left), length_from_double(foot - top)};
}

/* By the outlines. */
static Rect run_box(const GlyphRun *run)
{
    if (run->rotate == 0) return upright_box(run);
    double scale = (double)run->size / run->face->units_per_em, left = INFINITY, top = INFINITY, right = -INFINITY, foot = -INFINITY;
    double angle = run->rotate * 3.14159265358979323846 / 180, c = cos(angle), s = sin(angle);
    for (size_t i = 0; i < run->glyph_count; i++) {
        hb_glyph_extents_t e;
        if (!font_glyph_box(run->face, run->glyphs[i].id, &e) || (!e.width && !e.height)) continue;
        for (int corner = 0; corner < 4; corner++) {
            double x = scale * (e.x_bearing + (corner & 1 ? e.width : 0)), y = -scale * (e.y_bearing + (corner & 2 ? e.height : 0));
            double u = run->glyphs[i].x + c * x - s * y, v = run->glyphs[i].y + s * x + c * y;
            left = fmin(left, u), right = fmax(right, u), top = fmin(top, v), foot = fmax(foot, v);
        }
    }
    if (!(right >= left)) return (Rect){0};
    return (Rect){length_from_double(left), length_from_double(top), length_from_double(right - left), length_from_double(foot - top)};
}

/* The em squares of a run: cheap, and more than the outlines cover. */
static Rect run_room(const GlyphRun *run)
{
    Length left = LENGTH_MAX, top = LENGTH_MAX, right = -LENGTH_MAX, foot = -LENGTH_MAX, em = run->size;
    for (size_t i = 0; i < run->glyph_count; i++) {
        const Glyph *glyph = &run->glyphs[i];
        if (glyph->x < left) left = glyph->x;
        if (glyph->x > right) right = glyph->x;
        if (glyph->y < top) top = glyph->y;
        if (glyph->y > foot) foot = glyph->y;
    }
    return (Rect){left - em / 2, top - em, right - left + 2 * em, foot - top + 2 * em};
}

static void check_edges(Check *check, const SceneOp *op, const Stand *stand)
{
    static const char *const edges[] = {" from the left edge", " from the top edge", " from the right edge", " from the bottom edge"};
    const GlyphRun *run = op->u.glyphs;
    PressLimit limit = check->setup->options.limits.of[RULE_SAFE];
    Length least = length_from_mm(fmax(limit.warn, limit.error)), width = check->page->width, height = check->page->height;
    Rect room = intersect(on_page(stand, run_room(run)), stand->clip);
    if (room.x >= least && room.y >= least && room.x + room.width <= width - least && room.y + room.height <= height - least) return;
    Rect box = intersect(on_page(stand, run_box(run)), stand->clip);
    if (box.width <= 0 || box.height <= 0) return;
    const Length gap[4] = {box.x, box.y, width - box.x - box.width, height - box.y - box.height};
    int nearest = 0;
    for (int i = 1; i < 4; i++)
        if (gap[i] < gap[nearest]) nearest = i;
    if (judge_finds(&check->judge, RULE_SAFE, length_to_mm(gap[nearest])))
        judge_measured(&check->judge, RULE_SAFE, "near-edge", place_of(check, op), length_to_mm(gap[nearest]), gap[nearest] < 0 ? "the text is cut off: it keeps" : "the text keeps", edges[nearest],
                   "move it inwards, or make page.margin larger: the knife is never exact");
}

static void check_line(Check *check, const SceneOp *op, const Color *color, double width, Rect box)
{
    InkLook look = look_of(check, color);
    if (look.is_step) return;
    PressRule rule = is_delicate(check, color, &look, box) ? RULE_KNOCKOUT_LINE : RULE_LINE;
    if (rule == RULE_LINE && look.total <= 0) return;          /* paper on paper */
    if (judge_finds(&check->judge, rule, width))
        judge_measured(&check->judge, rule, "thin-line", place_of(check, op), width, arena_printf(check->judge.arena, "a line in \"%s\" is", color->name),
                       rule == RULE_LINE ? " thin" : " thin, cut out of its ground or of several inks", rule == RULE_LINE ? "a wider line" : "a wider line, or one ink");
}

static void check_text(Check *check, const SceneOp *op, const Stand *stand)
{
    const GlyphRun *run = op->u.glyphs;
    Judge *judge = &check->judge;
    Span where = place_of(check, op);
    const Color *color = run->color ? run->color : run->stroke_color;
    if (run->color) check_color(check, op, run->color);
    if (run->stroke_color) check_color(check, op, run->stroke_color);
    InkLook look = look_of(check, color);
    if (!run->glyph_count || look.is_step) return;
    Rect box = intersect(on_page(stand, run_room(run)), stand->clip);
    double size = length_to_pt(run->size) * scale_of(stand);
    PressRule rule = is_delicate(check, color, &look, box) ? RULE_KNOCKOUT_TEXT : RULE_TEXT;
    if (judge_finds(judge, rule, size))
        judge_measured(judge, rule, "small-text", where, size, "the text is", rule == RULE_TEXT ? "" : ", cut out of its ground or of several inks",
                       rule == RULE_TEXT ? "a larger size" : "a larger size; or one dark ink on a light ground");
    if (look.is_rich_black && judge_finds(judge, RULE_RICH_TEXT, size))
        judge_measured(judge, RULE_RICH_TEXT, "rich-black-text", where, size, "the text is", " and in a black of several inks", "cmyk: [0, 0, 0, 100]: black ink alone");
    if (run->stroke_color && run->stroke_color != run->color) check_line(check, op, run->stroke_color, length_to_pt(run->stroke_width) * scale_of(stand), box);
    check_edges(check, op, stand);
    paint_line(check, color, box);
}

/* ---- areas ---- */

static void check_stroke(Check *check, const SceneOp *op, const Stand *stand)
{
    const Color *color = op->u.stroke.color;
    check_color(check, op, color);
    Length half = op->u.stroke.width / 2 + 1;
    Rect bounds = path_bounds(op->u.stroke.path);
    Rect box = intersect(on_page(stand, (Rect){bounds.x - half, bounds.y - half, bounds.width + 2 * half, bounds.height + 2 * half}), stand->clip);
    check_line(check, op, color, length_to_pt(op->u.stroke.width) * scale_of(stand), box);
    paint_line(check, color, box);
}

/* Does art end between the trim and the bleed at some edge? The knife is never so exact. */
static void check_bleed(Check *check, const SceneOp *op, const char *color, Rect area)
{
    static const char *const edges[] = {"left", "top", "right", "bottom"};
    const Scene *page = check->page;
    Length bleed = page->bleed;
    if (bleed <= SLACK || area.width <= 0 || area.height <= 0) return;
    Length beyond[4] = {-area.x, -area.y, area.x + area.width - page->width, area.y + area.height - page->height};
    for (unsigned i = 0; i < 4; i++) {
        if (beyond[i] < -SLACK || beyond[i] >= bleed - SLACK || check->edges_said & 1u << i) continue;
        Length along = i % 2 ? area.width : area.height, missing = bleed - (beyond[i] > 0 ? beyond[i] : 0);
        /* Art beside the page, or in its corner only, shows nothing when cut. */
        Length from = i % 2 ? area.x : area.y, most = i % 2 ? page->width : page->height;
        if (from >= most || from + along <= 0) continue;
        check->edges_said |= 1u << i;
        const char *what = color ? arena_printf(check->judge.arena, "\"%s\"", color) : "a picture";
        const char *message = arena_printf(check->judge.arena, "%s reaches the %s edge of the page and not the bleed: a strip of %s x %s mm, %s mm from the %s, would stay white", what,
                                           edges[i], mm(check, missing), mm(check, along), mm(check, from), i % 2 ? "left" : "top");
        judge_said(&check->judge, SEVERITY_ERROR, "no-bleed", place_of(check, op), message, "let it reach over the edge: cover: bleed, or larger by the bleed; or let it end before the edge");
    }
}

static void check_fill(Check *check, const SceneOp *op, const Stand *stand)
{
    const Color *color = op->u.fill.color;
    const Path *path = op->u.fill.path;
    check_color(check, op, color);
    InkLook look = look_of(check, color);
    Rect own = path_bounds(path), box = intersect(on_page(stand, own), stand->clip);
    if (!look.is_step && look.total > 0 && is_square(stand)) check_bleed(check, op, color->name, box);
    Length thin = own.width < own.height ? own.width : own.height;
    if (path->is_rect) check_line(check, op, color, length_to_pt(thin) * scale_of(stand), box);
    paint_area(check, color, box, stand);
}

/* ---- pictures and codes ---- */

static size_t check_ops(Check *check, const Scene *scene, size_t at, const Stand *stand);

/* The paths of SVG art are judged like any others, but for the rgb they have instead of recipes, as any picture has. */
static void check_art(Check *check, const SceneOp *op, const Stand *stand)
{
    const Image *image = op->u.image.image;
    Rect area = op->u.image.area;
    Judge *judge = &check->judge;
    const char *path = image->path ? image->path : "";
    DiagList why;
    diag_list_init(&why, judge->arena);
    const Art *art = art_find(check->setup, image, &why);
    if (!art) {
        bool is_seen_through = strcmp(why.items[0].code, "no-transparency") == 0;
        judge_said(judge, SEVERITY_ERROR, why.items[0].code, place_of(check, op),
                   is_seen_through ? arena_printf(judge->arena, "PDF/X-1a has no transparency, and the SVG file \"%s\" has opacity in it", path) : why.items[0].message, why.items[0].hint);
        return;
    }
    if (!art->scene) {
        judge_said(judge, SEVERITY_WARNING, "svg-as-picture", place_of(check, op),
                   arena_printf(judge->arena, "the SVG file \"%s\" has %s: it is printed as a picture of 600 ppi, not as paths", path, art->reason), "draw it without, or leave it so");
        return;
    }
    Span where = check->where;
    const Matrix place = {(double)area.width / art->scene->width, 0, 0, (double)area.height / art->scene->height, area.x, area.y};
    Stand inner = {.clip = intersect(stand->clip, on_page(stand, area)), .matrix = matrix_join(place, stand->matrix), .is_solid = stand->is_solid};
    check->where = place_of(check, op);
    check->is_art = true;
    for (size_t at = 0; at < art->scene->op_count;) at = check_ops(check, art->scene, at, &inner);
    check->is_art = false;
    check->where = where;
}

static void check_image(Check *check, const SceneOp *op, const Stand *stand)
{
    const Image *image = op->u.image.image;
    Rect area = op->u.image.area, box = intersect(on_page(stand, area), stand->clip);
    Judge *judge = &check->judge;
    if (image->kind == IMAGE_SVG) {
        check_art(check, op, stand);
        if (is_square(stand)) check_bleed(check, op, NULL, box);
        return;
    }
    ImageLook look = setup_image_look(check->setup, image);
    double ppi = fmin(image->width / length_to_pt(area.width), image->height / length_to_pt(area.height)) * 72 / scale_of(stand);
    PressRule rule = look.is_two_tone ? RULE_BITMAP_PPI : RULE_PPI;
    if (judge_finds(judge, rule, ppi)) {
        PressLimit limit = check->setup->options.limits.of[rule];
        double grow = fmax(limit.warn, limit.error) / ppi;
        judge_measured(judge, rule, "coarse-picture", place_of(check, op), ppi, look.is_two_tone ? "the black and white picture has" : "the picture has", " here",
                       arena_printf(judge->arena, "a picture of %s x %s pixels or more, or a smaller box", format(check, ceil(image->width * grow), 0), format(check, ceil(image->height * grow), 0)));
    }
    if (look.has_alpha && check->setup->options.standard == PRESS_X1A)
        judge_said(judge, SEVERITY_ERROR, "no-transparency", place_of(check, op), arena_printf(judge->arena, "PDF/X-1a has no transparency, and \"%s\" is not opaque", image->path ? image->path : ""),
                   "save it without transparency, or ask for PDF/X-4");
    if (is_square(stand)) check_bleed(check, op, NULL, box);
    add_ground(check, (Ground){box, look.most_ink, 0, 0.5, stand->is_solid});
}

static void check_modules(Check *check, const SceneOp *op, const Stand *stand)
{
    const Modules *modules = op->u.modules;
    Judge *judge = &check->judge;
    check_color(check, op, modules->color);
    InkLook look = look_of(check, modules->color);
    Rect box = intersect(on_page(stand, modules->area), stand->clip);
    double module = fmin(length_to_mm(modules->area.width) / modules->columns, length_to_mm(modules->area.height) / modules->rows) * scale_of(stand);
    judge_measured(judge, RULE_MODULE, "small-module", place_of(check, op), module, "a module of the code is", " wide", "make the code wider, or let it say less");
    const Ground *ground = ground_under(check, box);
    double light = ground ? ground->lightness : 1, contrast = 100 * (light - look.lightest * (overprints(check, modules->color) ? light : 1));
    if (judge_finds(judge, RULE_CONTRAST, contrast))
        judge_measured(judge, RULE_CONTRAST, "code-contrast", place_of(check, op), contrast, arena_printf(judge->arena, "the code in \"%s\" has", modules->color->name),
                   ground ? " of contrast to its ground" : " of contrast to the paper", "a darker colour, best black, on a light ground");
    paint_line(check, modules->color, box);
}

/* ---- the page ---- */

static void check_form(Check *check, const SceneOp *op, const Stand *stand)
{
    const Scene *form = op->u.form.scene;
    Stand inner = *stand;
    inner.matrix = matrix_join((Matrix){1, 0, 0, 1, op->u.form.x, op->u.form.y}, stand->matrix);
    inner.depth++;
    if (inner.depth > FORM_DEPTH) return;
    for (size_t at = 0; at < form->op_count;) at = check_ops(check, form, at, &inner);
}

static void check_op(Check *check, const SceneOp *op, const Stand *stand)
{
    switch (op->kind) {
    case SCENE_FILL: check_fill(check, op, stand); return;
    case SCENE_STROKE: check_stroke(check, op, stand); return;
    case SCENE_GLYPHS: check_text(check, op, stand); return;
    case SCENE_MODULES: check_modules(check, op, stand); return;
    case SCENE_IMAGE: check_image(check, op, stand); return;
    case SCENE_FORM: check_form(check, op, stand); return;
    default: return;
    }
}

/* Ops from `at` to the END of this level; the index after it. */
static size_t check_ops(Check *check, const Scene *scene, size_t at, const Stand *stand)
{
    while (at < scene->op_count) {
        const SceneOp *op = &scene->ops[at];
        if (op->kind == SCENE_END) return at + 1;
        if (op->kind == SCENE_BEGIN) {
            const Path *clip = op->u.begin.clip;
            const PressOptions *options = &check->setup->options;
            if (op->u.begin.opacity < 1 && options->standard == PRESS_X1A)
                judge_said(&check->judge, SEVERITY_ERROR, "no-transparency", place_of(check, op), "PDF/X-1a has no transparency, and a box is drawn with opacity",
                           "take opacity away, or ask for PDF/X-4");
            Stand inner = *stand;
            if (op->u.begin.matrix) {
                inner.matrix = matrix_join(*op->u.begin.matrix, stand->matrix);
                inner.is_upright = false;
            }
            if (clip) inner.clip = intersect(stand->clip, on_page(&inner, path_bounds(clip)));
            if (op->u.begin.opacity < 1) inner.is_solid = false;
            at = check_ops(check, scene, at + 1, &inner);
            continue;
        }
        check_op(check, op, stand);
        at++;
    }
    return at;
}

bool press_check_page(const PressSetup *setup, Arena *arena, const Scene *scene, Span where, DataRef row, PressJudged *out)
{
    *out = (PressJudged){0};
    Check check = {.judge = {.setup = setup, .arena = arena}, .setup = setup, .page = scene, .where = where, .out = out};
    const Stand all = {{-LENGTH_MAX / 2, -LENGTH_MAX / 2, LENGTH_MAX, LENGTH_MAX}, {1, 0, 0, 1, 0, 0}, true, true, 0};
    for (size_t at = 0; at < scene->op_count;) at = check_ops(&check, scene, at, &all);
    bool ok = judge_end(&check.judge, row);
    out->found = check.judge.found;
    return ok;
}

bool press_check_ink(const PressSetup *setup, Arena *arena, double measured, Point at, Span where, DataRef row, PressJudged *judged)
{
    Check check = {.judge = {.setup = setup, .arena = arena}, .setup = setup};
    judge_measured(&check.judge, RULE_INK, "too-much-ink", where, measured, "one ink printed over the other, the page has",
                   arena_printf(arena, " of ink %s mm from the left and %s mm from the top", mm(&check, at.x), mm(&check, at.y)), "take less of the colours that lie under black");
    bool ok = judge_end(&check.judge, row);
    press_findings_join(&judged->found, &check.judge.found, arena);
    return ok;
}
