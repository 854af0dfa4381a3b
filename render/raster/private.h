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

#define PLATES_A_PASS 3                       /* as red, green and blue: 255 without ink */
#define PLATE_PASSES ((RASTER_PLATES_MAX + PLATES_A_PASS - 1) / PLATES_A_PASS)

struct Raster {
    Arena *arena;
    FontEngine *fonts;
    GlyphCache *glyphs;
    FaceTable *faces;
    PictureCache *pictures;
    PictureCache *plate_pictures[PLATE_PASSES];   /* made when first asked for */
    cairo_glyph_t *glyph_room;                /* scratch of draw_text, grown as needed */
    cairo_text_cluster_t *cluster_room;
    size_t glyph_capacity, cluster_capacity;
};

/* Which plates a drawing is about: PLATES_A_PASS from `first`. */
typedef struct PlatePass { const PlateSet *set; size_t first; int layer; } PlatePass;

typedef struct Edges { double left, top, right, foot; } Edges;

/* One scene being drawn, with the forms inside it. */
typedef struct Drawing {
    Raster *raster;
    cairo_t *cr;
    Target target;
    const PlatePass *plates;                  /* NULL: light */
    FaceTable *subsets;                       /* of a PDF: faces with the glyphs that it was said to have; or NULL */
    bool dots;                                /* no anti-aliasing anywhere */
    DiagList *diags;
    bool failed;                              /* a diag was given */
    int depth;                                /* of BEGINs and forms */
    Edges piece;                              /* in pixels, of the piece of a sheet that is being drawn; else empty */
} Drawing;

/* ---- draw.c ---- */

/* Draw all of `scene`, its origin at the origin of user space. False after a diag. */
bool draw_scene(Drawing *drawing, const Scene *scene);

/* The unit that begins at `at` alone (scene_unit_end). */
void draw_unit(Drawing *drawing, const Scene *scene, size_t at);

/* x, y, width and height of a rectangle in user space; where it ends with the piece of a sheet that is being drawn, a pixel past it. */
void draw_past_piece(Drawing *drawing, Rect rect, double out[4]);

/* Source and operator for what is drawn next. `may_overprint`: letters, lines and codes, on plates. */
void draw_set_color(Drawing *drawing, const Color *color, bool may_overprint);
void draw_color_rgb(const Color *color, uint8_t rgb[3]);

/* A picture has no colour of its own: it is simply painted over what is there. */
void draw_set_over(Drawing *drawing);

/* Report Cairo's status, if it is an error, as a diag; is all well? */
bool draw_is_well(Drawing *drawing, cairo_status_t status);

/* An arena-owned object of Cairo's: released with the arena. */
void draw_release_surface(void *surface);

/* ---- raster.c ---- */

/* The picture's size in pixels, and the part of the scene it shows. False after a diag: too large. */
bool pixels_measure(const Scene *scene, const RasterOptions *options, int *width, int *height, Rect *area, DiagList *diags);

/* Rows from `top` of the picture's `pixels` in the background's colour. */
void pixels_clear(const Pixels *pixels, int top, int height, const Color *background);

/* Begin to draw on a rectangle of pixels, as a part of the whole picture. */
cairo_surface_t *pixels_open(Drawing *drawing, const RasterOptions *options, Rect area, const Pixels *pixels, int left, int top, int width, int height);
void pixels_close(Drawing *drawing, cairo_surface_t *surface);

/* Cairo's image surfaces end at 32767 pixels: longer pictures are drawn in pieces of the same memory. */
#define PIECE_PX 16384

/* ---- png.c ---- */

typedef struct Palette {
    uint32_t colors[256];
    uint8_t slots[1024];          /* open addressing: index + 1 does not fit a byte, so a used bit beside it */
    bool is_used[1024];
    int count;
} Palette;

typedef enum Colors { COLORS_FEW, COLORS_MANY, COLORS_CLEAR } Colors;     /* at most 256; more; some not opaque */

/* What colours the pixels have; `palette` (empty before) is whole after COLORS_FEW. */
Colors png_count_colors(const Pixels *pixels, Palette *palette);
bool png_add_color(Palette *palette, uint32_t color);         /* false: there are 256 others */

/* Pixels as PNG has them; `picture` has size and dpi, and gets the rest. In the encoder's memory until the next call. */
void png_pack(PngEncoder *encoder, const Pixels *pixels, Colors colors, const Palette *palette, PngPicture *picture);

/* Rows behind their filter bytes, as a picture of its own: the first looks at none above. NULL: too large. */
const uint8_t *png_filter(PngEncoder *encoder, const PngPicture *picture, size_t *length);

/* What stands before the pixels' chunk, at most PNG_HEADER_ROOM bytes; where that chunk starts. */
#define PNG_HEADER_ROOM (8 + 25 + 13 + 21 + 12 + 768)
uint8_t *png_put_header(uint8_t *at, const PngPicture *picture);
void png_put32(uint8_t *at, uint32_t value);

/* The chunk whose data lies at start + 8: its length, type and CRC. Where the next one starts. */
uint8_t *png_close_chunk(uint8_t *start, const char *type, size_t length);

#define PNG_MAX_CHUNK ((size_t)0x7fffffff)

/* ---- bands.c: a PNG of bands that are compressed apart from each other ---- */

#define BAND_PX 32

typedef struct Bands Bands;
Bands *bands_new(Arena *arena);
static inline size_t bands_count(int height) { return ((size_t)height + BAND_PX - 1) / BAND_PX; }

/* The picture as a file; it belongs to `bands` until the next call. Bands that are not `changed` since then (an array of
 * bands_count) are not looked at. NULL when the memory ran out, or the picture is larger than a PNG may be. */
const uint8_t *bands_encode(Bands *bands, const Pixels *pixels, const bool *changed, double dpi, size_t *length);

/* ---- modules.c ---- */

void draw_modules(Drawing *drawing, const Modules *modules);

/* ---- glyphs.c: runs in pixels ---- */

GlyphCache *glyphs_new(Arena *arena);
/* Draw a run as FreeType's coverage masks; false when some glyph is too large for that and nothing was drawn. */
bool glyphs_draw(Drawing *drawing, const GlyphRun *run);
/* A bitmap run where there are no pixels: its dots as squares of size / ppem. */
void glyphs_draw_as_squares(Drawing *drawing, const GlyphRun *run);

/* ---- text.c: runs through Cairo's fonts ---- */

FaceTable *text_faces_new(Arena *arena, FontGlyphs *glyphs);   /* of those glyphs, where there are any; NULL: whole faces */
void draw_text(Drawing *drawing, const GlyphRun *run);

/* ---- pictures.c ---- */

PictureCache *pictures_new(Arena *arena);
void draw_image(Drawing *drawing, const Image *image, Rect area);

/* ---- plates.c ---- */

/* The colour's inks of this pass as light, 0-1; does it overprint? */
bool plates_light(const PlatePass *pass, const Color *color, bool may_overprint, double light[3]);
bool plates_has_op(const PlatePass *pass, const SceneOp *op);
/* The picture's inks of this pass as an image surface; NULL after a diag. */
cairo_surface_t *plates_picture(Drawing *drawing, const Image *image);
void plates_draw_art(Drawing *drawing, const Image *image, Rect area);

/* ---- svg.c ---- */

/* What Cairo writes; `bytes` is from malloc. */
typedef struct SvgBuffer { char *bytes; size_t length, capacity; } SvgBuffer;
cairo_status_t svg_collect(void *buffer, const unsigned char *bytes, unsigned int length);

/* ---- svgart.c ---- */

/* Draw an SVG file stretched over 0, 0, width, height of user space. False after a diag. */
bool svgart_draw(Drawing *drawing, cairo_t *cr, const Image *image, double width, double height);

/* ---- jpeg.c ---- */

/* Can this file stand in a PDF as it is and look like its decoded pixels: 8 bits, grey or RGB (YCbCr), of the size
 * `width` x `height`, not turned by Exif? (A CMYK JPEG would come out inverted from Cairo 1.16.) */
bool jpeg_is_plain(const uint8_t *bytes, size_t length, int width, int height);

#endif
