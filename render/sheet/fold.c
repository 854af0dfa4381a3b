/* fold.c -- the panels of a leaflet, on both of its sides. */
#include "sheet/sheet.h"

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
