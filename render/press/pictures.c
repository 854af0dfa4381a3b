/* pictures.c -- codes, pictures and SVG art become operators: what is drawn as a whole, in a place of its own. */
#include "press/private.h"

#include <math.h>

void pictures_draw_modules(Drawing *drawing, const Modules *modules)
{
    PressFacts *facts = &drawing->page->facts;
    double across = length_to_pt(modules->area.width) / modules->columns, down = length_to_pt(modules->area.height) / modules->rows;
    double mm = fmin(across, down) * 25.4 / 72;
    if (facts->least_module == 0 || mm < facts->least_module) facts->least_module = mm;
    facts->codes++;
    put_color(drawing, modules->color, false, true);
    put(drawing, "q ");
    put_number(drawing, across, 6);
    put(drawing, "0 0 ");
    put_number(drawing, down, 6);
    put_point(drawing, (Point){modules->area.x, modules->area.y});
    put(drawing, "cm\n");
    /* Counted in modules: whole numbers, a rectangle for each run, one path for all: no seams. */
    for (int row = 0; row < modules->rows; row++) {
        const uint8_t *dark = modules->dark + (size_t)row * (size_t)modules->columns;
        for (int column = 0, start; column < modules->columns; column++) {
            for (start = column; column < modules->columns && dark[column];) column++;
            if (column == start) continue;
            const int rect[] = {start, row, column - start};
            for (int i = 0; i < 3; i++) put_thousandths(drawing, (int64_t)rect[i] * 1000);
            put(drawing, "1 re\n");
        }
    }
    put(drawing, "f Q\n");
}

/* Smaller or larger than it was made. */
static void add_art_facts(Drawing *drawing, const PressFacts *own, double scale)
{
    PressFacts *facts = &drawing->page->facts;
    double thin = own->thinnest_line * scale;
    if (thin > 0 && (facts->thinnest_line == 0 || thin < facts->thinnest_line)) facts->thinnest_line = thin;
    facts->most_ink = fmax(facts->most_ink, own->most_ink);
    facts->rgb_paints += own->rgb_paints;
}

/* SVG art has its paths on every layer that its colours ask for. False where it must be a picture. */
static bool draw_art(Drawing *drawing, const Image *image, Rect area)
{
    const Art *art = art_find(drawing->setup, image, drawing->diags);
    if (!art) drawing->failed = true;
    if (!art || !art->scene) return !art;
    const Form *form = art->forms.of[drawing->layer];
    if (!form) return true;
    double across = (double)area.width / art->scene->width, down = (double)area.height / art->scene->height;
    drawing->page->has_transparency |= art->forms.has_transparency;
    add_art_facts(drawing, &art->forms.facts, fmin(across, down));
    put(drawing, "q ");
    put_number(drawing, across, 6);
    put(drawing, "0 0 ");
    put_number(drawing, down, 6);
    put_point(drawing, (Point){area.x, area.y});
    put(drawing, "cm ");
    put_name(drawing, USE_SHARED, add_use(drawing, USE_SHARED, form, 0));
    put(drawing, "Do Q\n");
    return true;
}

void pictures_draw(Drawing *drawing, const Image *image, Rect area)
{
    if (image->kind == IMAGE_SVG) {
        if (draw_art(drawing, image, area)) return;
        image = drawing->layer == LAYER_ART ? art_picture(drawing->setup, image, length_to_pt(area.width), length_to_pt(area.height), drawing->diags) : NULL;
        if (!image) {
            drawing->failed |= drawing->layer == LAYER_ART;
            return;
        }
    }
    PressFacts *facts = &drawing->page->facts;
    double ppi = fmin(image->width / length_to_pt(area.width), image->height / length_to_pt(area.height)) * 72;
    if (facts->least_ppi == 0 || ppi < facts->least_ppi) facts->least_ppi = ppi;
    facts->images++;
    ImageLook look = setup_image_look(drawing->setup, image);
    facts->rgb_images += look.is_rgb;
    drawing->page->has_transparency |= look.has_alpha;
    put(drawing, "q ");
    put_length(drawing, area.width);
    put(drawing, "0 0 ");
    put_length(drawing, -area.height);
    put_point(drawing, (Point){area.x, area.y + area.height});
    put(drawing, "cm ");
    put_name(drawing, USE_IMAGE, add_use(drawing, USE_IMAGE, image, 0));
    put(drawing, "Do Q\n");
}
