/* modules.c -- QR and Data Matrix modules: one path of merged runs; in pixels, whole pixels for every module, but for plates. */
#include "raster/private.h"

/* Where a matrix of modules is put: the corner and the side of a module. */
typedef struct Grid { double x, y, width, height; } Grid;

/* One rectangle for each horizontal run of dark modules. */
static void add_runs(cairo_t *cr, const Modules *modules, Grid grid)
{
    cairo_new_path(cr);
    for (int row = 0; row < modules->rows; row++) {
        const uint8_t *dark = modules->dark + (size_t)row * (size_t)modules->columns;
        for (int column = 0; column < modules->columns;) {
            if (!dark[column]) {
                column++;
                continue;
            }
            int start = column;
            while (column < modules->columns && dark[column])
                column++;
            cairo_rectangle(cr, grid.x + start * grid.width, grid.y + row * grid.height, (column - start) * grid.width,
                            grid.height);
        }
    }
}

/* The largest grid of whole square pixels inside the area, in the middle of it. False when a module would have less than
 * a pixel, or the area lies askew. */
static bool fit_to_pixels(cairo_t *cr, const Modules *modules, Grid *grid)
{
    cairo_matrix_t m;
    cairo_get_matrix(cr, &m);
    if (m.xy != 0 || m.yx != 0 || !(m.xx > 0) || !(m.yy > 0))
        return false;
    double x = length_to_pt(modules->area.x), y = length_to_pt(modules->area.y);
    cairo_user_to_device(cr, &x, &y);
    double width = length_to_pt(modules->area.width) * m.xx, height = length_to_pt(modules->area.height) * m.yy;
    /* A millionth: 29 modules in 58.0000 px must not become 1 px each by a rounding error of the matrix. */
    double side = floor(fmin(width / modules->columns, height / modules->rows) + 1e-6);
    if (side < 1)
        return false;
    /* Not round(): of a picture drawn in bands, a half pixel below zero must go the same way as one above. */
    *grid = (Grid){floor(x + (width - side * modules->columns) / 2 + 0.5), floor(y + (height - side * modules->rows) / 2 + 0.5), side, side};
    return true;
}

void draw_modules(Drawing *drawing, const Modules *modules)
{
    cairo_t *cr = drawing->cr;
    if (modules->columns <= 0 || modules->rows <= 0 || modules->area.width <= 0 || modules->area.height <= 0)
        return;
    cairo_save(cr);
    draw_set_color(drawing, modules->color, true);
    Grid grid;
    /* On plates they are as large as in print: a proof shows that, and ink is measured there. */
    if (drawing->target == TARGET_PIXELS && !drawing->plates && fit_to_pixels(cr, modules, &grid)) {
        cairo_identity_matrix(cr);
        cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
    } else {
        grid = (Grid){length_to_pt(modules->area.x), length_to_pt(modules->area.y),
                      length_to_pt(modules->area.width) / modules->columns,
                      length_to_pt(modules->area.height) / modules->rows};
    }
    add_runs(cr, modules, grid);
    cairo_fill(cr);
    cairo_restore(cr);
}
