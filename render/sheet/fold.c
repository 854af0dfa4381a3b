/* fold.c -- the panels of a leaflet on both of its sides, its folds, and the lines it is creased along. */
#include "sheet/marks.h"

size_t sheet_panel_count(const Document *document)
{
    const Fold *fold = &document->fold;
    return fold->type == FOLD_NONE ? 0 : fold->panel_count * fold->row_count;
}

bool sheet_panels(const Document *document, size_t page_index, Rect *out)
{
    const Fold *fold = &document->fold;
    if (!sheet_panel_count(document)) return false;
    bool is_mirrored = page_index % 2 == 1;    /* the back is seen from the other side */
    Length y = 0;
    for (size_t row = 0; row < fold->row_count; row++) {
        Length x = 0;
        for (size_t i = 0; i < fold->panel_count; i++) {
            Length width = fold->panels[is_mirrored ? fold->panel_count - 1 - i : i];
            *out++ = (Rect){x, y, width, fold->rows[row]};
            x += width;
        }
        y += fold->rows[row];
    }
    return true;
}

SheetFolds sheet_folds(Arena *arena, const Document *document, size_t page_index)
{
    const Fold *fold = &document->fold;
    size_t count = sheet_panel_count(document);
    Rect *panels = ARENA_ARRAY(arena, Rect, count + 1);
    if (!sheet_panels(document, page_index, panels)) return (SheetFolds){0};
    Length *x = ARENA_ARRAY(arena, Length, fold->panel_count), *y = ARENA_ARRAY(arena, Length, fold->row_count);
    for (size_t i = 1; i < fold->panel_count; i++) x[i - 1] = panels[i].x;
    for (size_t i = 1; i < fold->row_count; i++) y[i - 1] = panels[i * fold->panel_count].y;
    return (SheetFolds){x, y, fold->panel_count - 1, fold->row_count - 1};
}

const Scene *sheet_add_creases(Arena *arena, const Document *document, const Scene *page, size_t page_index, bool is_imposed)
{
    const Fold *fold = &document->fold;
    Duplex duplex = is_imposed ? document->sheet.duplex : DUPLEX_NONE;
    bool is_beside = duplex == DUPLEX_WORK_AND_TURN || duplex == DUPLEX_WORK_AND_TUMBLE;
    if (!fold->crease || (page_index && !is_beside)) return page;      /* creased once, from the front; on it lie these backs */
    SheetFolds folds = sheet_folds(arena, document, page_index);
    SceneBuilder *scene = scene_new(arena, page->width, page->height, page->bleed, page->is_screen);
    scene_add_form(scene, page, 0, 0);
    scene_set_role(scene, "crease");
    for (size_t i = 0; i < folds.x_count; i++) scene_add_line(scene, (Point){folds.x[i], 0}, (Point){folds.x[i], page->height}, fold->crease, MARK_WIDTH);
    for (size_t i = 0; i < folds.y_count; i++) scene_add_line(scene, (Point){0, folds.y[i]}, (Point){page->width, folds.y[i]}, fold->crease, MARK_WIDTH);
    return scene_finish(scene, page->title);
}
