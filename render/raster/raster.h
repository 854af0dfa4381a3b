/* raster.h -- scenes become pixels, screen PDF and SVG through Cairo.
 *
 * Inside: draw.c (scene to a Cairo context), plates.c (colours and pictures as ink), art.c (SVG as paths), glyphs.c (outlines, and dots for
 * screens without grey), png.c (libpng's container rules, libdeflate's compression), series.c and bands.c (pictures of a run, of which only what changed is drawn and
 * compressed), pdf.c, svg.c. No Cairo type leaves this folder. */
#ifndef RENDER_RASTER_RASTER_H
#define RENDER_RASTER_RASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "font/font.h"
#include "scene/scene.h"

typedef struct Raster Raster;     /* Cairo and FreeType handles of one worker */

Raster *raster_new(Arena *arena, FontEngine *fonts);

typedef struct Pixels {
    int width, height;
    size_t stride;                /* bytes a row */
    uint8_t *data;                /* ARGB32, premultiplied, native order (Cairo's) */
} Pixels;

typedef struct RasterOptions {
    double scale;                 /* pixels per pt (per px on screens) */
    bool dots;                    /* no anti-aliasing anywhere; glyph runs with is_dots by FreeType, bit for bit */
    Rect area;                    /* what part of the scene; {0}: the trim box */
    const Color *background;      /* NULL: transparent */
} RasterOptions;

/* Draw `scene` into pixels that live in `arena`. False after a diag (too large, out of memory). */
bool raster_draw(Raster *raster, const Scene *scene, const RasterOptions *options, Arena *arena, Pixels *out, DiagList *diags);

/* ---- plates: ink instead of light ---- */

#define RASTER_PLATES_MAX 32

/* The inks of a press, asked of whoever knows them: cyan, magenta, yellow, black, then plates of their own. */
typedef struct PlateSet {
    size_t count;
    const void *context;
    /* How much of each plate a colour that is no gradient takes, 0-1. True when it overprints: what lies under it stays.
     * `may_overprint`: letters, lines and codes. */
    bool (*inks)(const void *context, const Color *color, bool may_overprint, double *shares);
    /* What is printed first, second, .. whatever the scene's order is; 0 to layer_count - 1. `color`: NULL for pictures. */
    int (*layer)(const void *context, const Color *color, const char *role);
    int layer_count;
    /* SVG art as a scene, or where it has none as a picture for so many pixels of the page; false after a diag. */
    bool (*art)(const void *context, const Image *image, int width, int height, const Scene **scene, const Image **picture, DiagList *diags);
    /* A picture in C, M, Y, K: a byte each, 255 all of the ink, rows without gaps. NULL after a diag. */
    const uint8_t *(*picture)(const void *context, const Image *image, DiagList *diags);
} PlateSet;

typedef struct PlatePixels {
    int width, height;
    size_t count;                 /* plates: bytes a pixel, 255 all of the ink; rows without gaps */
    uint8_t *ink;
} PlatePixels;

/* Draw `scene` as the inks on its plates: over, overprinted and blended as the press does it, plate by plate. As
 * raster_draw; the background is paper. */
bool raster_draw_plates(Raster *raster, const Scene *scene, const RasterOptions *options, const PlateSet *set, Arena *arena, PlatePixels *out, DiagList *diags);

/* ---- SVG art as paths ---- */

/* `scene` draws the art in the size it says itself, or is NULL and `reason` names what cannot be paths ("a mask"). */
typedef struct RasterArt { const Scene *scene; const char *reason; } RasterArt;

/* Read SVG art as paths, clips, groups and gradients; it lives in `arena`. Where a colour of it is the rgb of one of the
 * `swatches`, that one is meant. False after a diag: it cannot be drawn at all. */
bool raster_read_art(Arena *arena, const Image *image, const Color *swatches, size_t swatch_count, RasterArt *out, DiagList *diags);

/* SVG art as a picture of so many pixels, in `arena`; NULL after a diag. */
const Image *raster_draw_art(Arena *arena, const Image *image, int width, int height, DiagList *diags);

/* ---- PNG (ISO/IEC 15948) ---- */

typedef enum PngType { PNG_RGB, PNG_RGBA, PNG_GREY, PNG_PALETTE } PngType;

typedef struct PngPicture {
    PngType type;
    int width, height;
    int depth;                    /* bits: 8; 1, 2, 4 or 8 for palette */
    const uint8_t *rows;          /* packed as PNG has them (depth 1: first pixel in the high bit), without filter bytes */
    size_t stride;
    uint8_t palette[256][3];
    int palette_count;
    double dpi;                   /* pHYs; 0: none */
} PngPicture;

typedef struct PngEncoder PngEncoder;           /* libdeflate handle and buffers of one worker */
PngEncoder *raster_png_new(Arena *arena);

/* Encode; the bytes belong to the encoder until its next call. `level`: libdeflate's 1-12. */
const uint8_t *raster_png_encode(PngEncoder *encoder, const PngPicture *picture, int level, size_t *length);

/* Encode pixels as RGB (or RGBA when any is not opaque; a palette when there are at most 256 colours). */
const uint8_t *raster_png_encode_pixels(PngEncoder *encoder, const Pixels *pixels, int level, double dpi, size_t *length);

/* ---- pictures that resemble each other ---- */

/* What one worker keeps of the last picture it drew. */
typedef struct PictureSeries PictureSeries;
PictureSeries *raster_series_new(Arena *arena, Raster *raster);

/* Draw `scene` and encode it as RGB, RGBA or with a palette, whichever its colours allow. Only what changed since the last
 * call is drawn and compressed; the bytes are the same whatever the last call was. They belong to the series until the
 * next. NULL after a diag. */
const uint8_t *raster_series_encode(PictureSeries *series, const Scene *scene, const RasterOptions *options, double dpi, size_t *length, DiagList *diags);

/* ---- screen PDF ---- */

typedef struct PdfMeta { const char *title, *author, *subject, *language; const char *date; } PdfMeta;   /* date: ISO 8601 or NULL: 1970-01-01 */

typedef struct Pdf Pdf;

/* Cairo's PDF, streamed to `file`. Selectable text, links, metadata. Media box: trim plus `bleed`.
 *
 * A form is drawn anew wherever it stands: Cairo 1.16 could write it once only as a recording surface, whose /Group hangs
 * on memory it never sets (other bytes from run to run) and which it keeps until the document is finished. The scenes may
 * die once their page is added. */
Pdf *raster_pdf_new(Arena *arena, Raster *raster, OutFile *file, const PdfMeta *meta, FontGlyphs *glyphs);

/* The glyphs that a PDF with this scene will have. Any thread. */
void raster_pdf_expect(FontGlyphs *glyphs, const Scene *scene);
bool raster_pdf_add_page(Pdf *pdf, const Scene *scene, DiagList *diags);
bool raster_pdf_finish(Pdf *pdf, DiagList *diags);

/* ---- SVG ---- */

bool raster_write_svg(Raster *raster, const Scene *scene, OutFile *file, DiagList *diags);

#endif
