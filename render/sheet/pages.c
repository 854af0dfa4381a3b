/* pages.c -- a single page on a larger medium, with its marks. */
#include "sheet/marks.h"

static Length *absolute(Arena *arena, Length origin, const Length *folds, size_t count)
{
    Length *out = ARENA_ARRAY(arena, Length, count + 1);
    for (size_t i = 0; i < count; i++) out[i] = origin + folds[i];
    return out;
}

/* A label lies outside of where marks end. */
static Length label_room(const Page *page)
{
    return page->label || page->marks & MARK_PLATES ? LABEL_LEAST + LABEL_GAP : 0;
}

Size sheet_page_label_area(const Document *document)
{
    return (Size){document->page.size.width, label_room(&document->page) ? LABEL_LEAST : 0};
}

const Scene *sheet_add_marks(Arena *arena, const Document *document, const Scene *page, const SheetFolds *folds, const Scene *label)
{
    const Page *spec = &document->page;
    if (!spec->marks) return page;
    Length bleed = page->bleed, slug = MARK_SLUG + label_room(spec), room = bleed + slug;
    Size medium = {page->width + 2 * room, page->height + 2 * room};
    Length *edges = ARENA_ARRAY(arena, Length, 4);
    edges[0] = edges[2] = room;
    edges[1] = room + page->width;
    edges[3] = room + page->height;
    MarkFrame frame = {.trim = {room, room, page->width, page->height}, .medium = {0, 0, medium.width, medium.height}, .bleed = bleed,
                       .offset = mark_offset_of(spec->mark_offset, bleed), .length = spec->mark_length, .marks = spec->marks,
                       .crop_x = edges, .crop_x_count = 2, .crop_y = edges + 2, .crop_y_count = 2,
                       .fold_x = absolute(arena, room, folds->x, folds->x_count), .fold_x_count = folds->x_count,
                       .fold_y = absolute(arena, room, folds->y, folds->y_count), .fold_y_count = folds->y_count,
                       .target = {room + page->width / 2, room + page->height / 2}};
    SceneBuilder *scene = scene_new(arena, medium.width, medium.height, 0, page->is_screen);
    /* What a page draws past its bleed must not reach the marks. */
    scene_begin(scene, NULL, path_rect(arena, (Rect){slug, slug, page->width + 2 * bleed, page->height + 2 * bleed}), 1);
    scene_add_form(scene, page, room, room);
    scene_end(scene);
    marks_draw(arena, scene, &frame);
    if (label) {
        Rect area = {room, room + page->height + bleed + MARK_SLUG, page->width, LABEL_LEAST};
        scene_set_role(scene, "label");
        scene_begin(scene, NULL, path_rect(arena, area), 1);
        scene_add_form(scene, label, area.x, area.y);
        scene_end(scene);
    }
    return scene_finish(scene, page->title);
}
