/* marks.c -- crop, fold and registration marks and the colour bar; the panels of a leaflet. */
#include "sheet/marks.h"

#define SLUG length_from_mm(10)                           /* room for marks on each side, outside the bleed */
#define TARGET length_from_mm(5)                          /* a registration target, cross included */
#define TARGET_RING length_from_mm(3)
#define PATCH length_from_mm(5)
#define BAR_GAP length_from_mm(2)                         /* between the bleed and the colour bar */

const Color mark_color = {.name = "registration", .has_rgb = true, .has_cmyk = true, .cmyk = {100, 100, 100, 100}, .spot = "All"};

/* ---- lines from the frame to the edge of the medium ---- */

/* The near and far end of a mark that leaves `edge` in `direction` (-1, +1), ending at `limit`; false: no room. */
static bool mark_ends(Length edge, int direction, Length offset, Length limit, Length *near, Length *far)
{
    *near = edge + direction * offset;
    *far = *near + direction * MARK_LENGTH;
    if (direction < 0 ? *far < limit : *far > limit) *far = limit;
    return (*far - *near) * direction >= MARK_LEAST;
}

/* A plain line has no dashes. */
static void add_vertical(Arena *arena, SceneBuilder *scene, const MarkFrame *frame, Length x, const Length *dashes, size_t dash_count)
{
    Rect trim = frame->trim, medium = frame->medium;
    for (int direction = -1; direction <= 1; direction += 2) {
        Length near, far, edge = direction < 0 ? trim.y : trim.y + trim.height;
        if (!mark_ends(edge, direction, frame->offset, direction < 0 ? medium.y : medium.y + medium.height, &near, &far)) continue;
        if (dash_count)
            scene_add_stroke(scene, path_line(arena, (Point){x, near}, (Point){x, far}), &mark_color, MARK_WIDTH, dashes, dash_count);
        else
            scene_add_line(scene, (Point){x, near}, (Point){x, far}, &mark_color, MARK_WIDTH);
    }
}

void marks_add_vertical(SceneBuilder *scene, const MarkFrame *frame, Length x)
{
    add_vertical(NULL, scene, frame, x, NULL, 0);
}

void marks_add_horizontal(SceneBuilder *scene, const MarkFrame *frame, Length y)
{
    Rect trim = frame->trim, medium = frame->medium;
    for (int direction = -1; direction <= 1; direction += 2) {
        Length near, far, edge = direction < 0 ? trim.x : trim.x + trim.width;
        if (mark_ends(edge, direction, frame->offset, direction < 0 ? medium.x : medium.x + medium.width, &near, &far))
            scene_add_line(scene, (Point){near, y}, (Point){far, y}, &mark_color, MARK_WIDTH);
    }
}

/* ---- registration targets ---- */

static void add_target(Arena *arena, SceneBuilder *scene, Point centre)
{
    Length arm = TARGET / 2, ring = TARGET_RING / 2;
    Rect circle = {centre.x - ring, centre.y - ring, 2 * ring, 2 * ring};
    scene_add_stroke(scene, path_ellipse(arena, circle), &mark_color, MARK_WIDTH, NULL, 0);
    scene_add_line(scene, (Point){centre.x - arm, centre.y}, (Point){centre.x + arm, centre.y}, &mark_color, MARK_WIDTH);
    scene_add_line(scene, (Point){centre.x, centre.y - arm}, (Point){centre.x, centre.y + arm}, &mark_color, MARK_WIDTH);
}

/* Centred on each side, in the middle of the room outside the bleed; but a fold mark may stand there, so moved past it. */
static Length clear_of_folds(Length x, Length left, const Length *fold_x, size_t fold_count)
{
    for (size_t i = 0; i < fold_count; i++) {
        Length distance = left + fold_x[i] - x;
        if (distance > -TARGET && distance < TARGET) return left + fold_x[i] + 2 * TARGET;
    }
    return x;
}

static void add_targets(Arena *arena, SceneBuilder *scene, const MarkFrame *frame, Length bleed, const Length *fold_x, size_t fold_count)
{
    Rect trim = frame->trim;
    Length out = bleed + (SLUG - TARGET) / 2 + TARGET / 2;
    Length x = clear_of_folds(trim.x + trim.width / 2, trim.x, fold_x, fold_count), y = trim.y + trim.height / 2;
    /* On a very small page they would stand on the crop marks. */
    if (x >= trim.x + TARGET && x <= trim.x + trim.width - TARGET) {
        add_target(arena, scene, (Point){x, trim.y - out});
        add_target(arena, scene, (Point){x, trim.y + trim.height + out});
    }
    if (trim.height < 2 * TARGET) return;
    add_target(arena, scene, (Point){trim.x - out, y});
    add_target(arena, scene, (Point){trim.x + trim.width + out, y});
}

/* ---- the colour bar ---- */

#define SOLID(name_, r, g, b, c, m, y, k) \
    {.name = name_, .has_rgb = true, .rgb = {r, g, b}, .has_cmyk = true, .cmyk = {c, m, y, k}}
static const Color patches[] = {
    SOLID("bar-cyan", 0, 158, 224, 100, 0, 0, 0),        SOLID("bar-magenta", 226, 0, 122, 0, 100, 0, 0),
    SOLID("bar-yellow", 255, 237, 0, 0, 0, 100, 0),      SOLID("bar-black", 0, 0, 0, 0, 0, 0, 100),
    SOLID("bar-cyan-50", 141, 207, 238, 50, 0, 0, 0),    SOLID("bar-magenta-50", 239, 145, 190, 0, 50, 0, 0),
    SOLID("bar-yellow-50", 255, 246, 150, 0, 0, 50, 0),  SOLID("bar-black-50", 157, 157, 156, 0, 0, 0, 50),
    SOLID("bar-grey", 145, 145, 145, 50, 40, 40, 0),     /* out of balance, three inks are no grey */
};
#define PATCH_COUNT (sizeof patches / sizeof *patches)

/* Along the lower edge from the left, as many patches as fit left of the registration target and between fold marks. */
static void add_color_bar(SceneBuilder *scene, const MarkFrame *frame, Length bleed, const Length *fold_x, size_t fold_count)
{
    Rect trim = frame->trim;
    Length x = trim.x + 2 * BAR_GAP, y = trim.y + trim.height + bleed + BAR_GAP;
    Length target = clear_of_folds(trim.x + trim.width / 2, trim.x, fold_x, fold_count);
    for (size_t i = 0; i < PATCH_COUNT; i++, x += PATCH) {
        for (size_t f = 0; f < fold_count; f++) {
            Length fold = trim.x + fold_x[f];
            if (fold > x - MARK_LEAST && fold < x + PATCH + MARK_LEAST) x = fold + MARK_LEAST;
        }
        if (x < target + TARGET && x + PATCH > target - TARGET) x = target + TARGET;
        if (x + PATCH > trim.x + trim.width - 2 * BAR_GAP) return;
        scene_add_rect(scene, (Rect){x, y, PATCH, PATCH}, &patches[i]);
    }
}

/* ---- a page with its marks ---- */

const Scene *sheet_add_marks(Arena *arena, const Document *document, const Scene *page, const Length *fold_x, size_t fold_count)
{
    unsigned marks = document->page.marks;
    if (!marks) return page;
    Length bleed = page->bleed, room = bleed + SLUG;
    Size medium = {page->width + 2 * room, page->height + 2 * room};
    MarkFrame frame = {.trim = {room, room, page->width, page->height}, .medium = {0, 0, medium.width, medium.height}, .offset = mark_offset(bleed)};
    SceneBuilder *scene = scene_new(arena, medium.width, medium.height, 0, page->is_screen);
    /* What a page draws past its bleed must not reach the marks. */
    scene_begin(scene, NULL, path_rect(arena, (Rect){SLUG, SLUG, page->width + 2 * bleed, page->height + 2 * bleed}), 1);
    scene_add_form(scene, page, room, room);
    scene_end(scene);
    if (marks & MARK_COLOR_BAR) {
        scene_set_role(scene, "color-bar");
        add_color_bar(scene, &frame, bleed, fold_x, fold_count);
    }
    if (marks & MARK_CROP) {
        scene_set_role(scene, "crop-mark");
        marks_add_vertical(scene, &frame, room);
        marks_add_vertical(scene, &frame, room + page->width);
        marks_add_horizontal(scene, &frame, room);
        marks_add_horizontal(scene, &frame, room + page->height);
    }
    if (marks & MARK_FOLD) {
        Length *dashes = ARENA_ARRAY(arena, Length, 2);
        dashes[0] = dashes[1] = length_from_mm(1);
        scene_set_role(scene, "fold-mark");
        for (size_t i = 0; i < fold_count; i++) add_vertical(arena, scene, &frame, room + fold_x[i], dashes, 2);
    }
    if (marks & MARK_REGISTRATION) {
        scene_set_role(scene, "registration");
        add_targets(arena, scene, &frame, bleed, fold_x, fold_count);
    }
    return scene_finish(scene, page->title);
}

/* ---- panels ---- */

bool sheet_panels(const Document *document, size_t page_index, Rect *out)
{
    const Fold *fold = &document->fold;
    if (fold->type == FOLD_NONE || !fold->panel_count) return false;
    bool is_mirrored = page_index % 2 == 1;    /* the back is seen from the other side */
    Length x = 0;
    for (size_t i = 0; i < fold->panel_count; i++) {
        Length width = fold->panels[is_mirrored ? fold->panel_count - 1 - i : i];
        out[i] = (Rect){x, 0, width, document->page.size.height};
        x += width;
    }
    return true;
}
