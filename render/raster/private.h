/* private.h -- what the files of this room share: the worker's handles, and one drawing on its way to a target.
 *
 * User space is pt (px on screens): a Length divided by 1024, which a double holds exactly. */
#ifndef RENDER_RASTER_PRIVATE_H
#define RENDER_RASTER_PRIVATE_H

#include <cairo.h>

#include "raster/raster.h"

typedef enum Target { TARGET_PIXELS, TARGET_PDF, TARGET_SVG } Target;

typedef struct GlyphCache GlyphCache;         /* glyphs.c */
typedef struct FaceTable FaceTable;           /* text.c */
typedef struct PictureCache PictureCache;     /* pictures.c */

struct Raster {
    Arena *arena;
    FontEngine *fonts;
    GlyphCache *glyphs;
    FaceTable *faces;
    PictureCache *pictures;
    cairo_glyph_t *glyph_room;                /* scratch of draw_text, grown as needed */
    cairo_text_cluster_t *cluster_room;
    size_t glyph_capacity, cluster_capacity;
};

/* One scene being drawn, with the forms inside it. */
typedef struct Drawing {
    Raster *raster;
    cairo_t *cr;
    Target target;
    bool dots;                                /* no anti-aliasing anywhere */
    DiagList *diags;
    bool failed;                              /* a diag was given */
    int depth;                                /* of BEGINs and forms */
} Drawing;

/* ---- draw.c ---- */

/* Draw all of `scene`, its origin at the origin of user space. False after a diag. */
bool draw_scene(Drawing *drawing, const Scene *scene);

void draw_set_color(cairo_t *cr, const Color *color);
void draw_color_rgb(const Color *color, uint8_t rgb[3]);

/* Report Cairo's status, if it is an error, as a diag; is all well? */
bool draw_is_well(Drawing *drawing, cairo_status_t status);

/* An arena-owned object of Cairo's: released with the arena. */
void draw_release_surface(void *surface);

/* ---- modules.c ---- */

void draw_modules(Drawing *drawing, const Modules *modules);

/* ---- glyphs.c: runs in pixels ---- */

GlyphCache *glyphs_new(Arena *arena);
/* Draw a run as FreeType's coverage masks; false when some glyph is too large for that and nothing was drawn. */
bool glyphs_draw(Drawing *drawing, const GlyphRun *run);
/* A bitmap run where there are no pixels: its dots as squares of size / ppem. */
void glyphs_draw_as_squares(Drawing *drawing, const GlyphRun *run);

/* ---- text.c: runs through Cairo's fonts ---- */

FaceTable *text_faces_new(Arena *arena);
void draw_text(Drawing *drawing, const GlyphRun *run);

/* ---- pictures.c ---- */

PictureCache *pictures_new(Arena *arena);
void draw_image(Drawing *drawing, const Image *image, Rect area);

/* ---- svgart.c ---- */

/* Draw an SVG file stretched over 0, 0, width, height of user space. False after a diag. */
bool svgart_draw(Drawing *drawing, cairo_t *cr, const Image *image, double width, double height);

/* ---- jpeg.c ---- */

/* Can this file stand in a PDF as it is and look like its decoded pixels: 8 bits, grey or RGB (YCbCr), of the size
 * `width` x `height`, not turned by Exif? (A CMYK JPEG would come out inverted from Cairo 1.16.) */
bool jpeg_is_plain(const uint8_t *bytes, size_t length, int width, int height);

#endif
