/* scene.h -- one finished page as a display list: the waist of the program.
 *
 * Inside: scene.c (building), path.c, svgpath.c and offset.c (paths), gradient.c (where they lie), dump.c (the stable text that golden
 * tests compare), units.c (what changed from page to page, what is the same), image.c
 * (files opened once and shared) with png.c, jpeg.c, icc.c and svgsize.c behind it. Emitters (raster, press, led) read Scenes and nothing before them; the front never sees theirs.
 *
 * A Scene is immutable once scene_finish has answered. Origin: top left corner of the trim box, x right, y down; the
 * bleed lies at negative coordinates and beyond the size. Unit: 1/1024 pt, or 1/1024 px when `is_screen`. */
#ifndef RENDER_SCENE_SCENE_H
#define RENDER_SCENE_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/color.h"
#include "base/diag.h"
#include "base/length.h"
#include "base/strbuf.h"
#include "font/font.h"

/* ---- what is drawn ---- */

typedef enum PathVerb { PATH_MOVE, PATH_LINE, PATH_CURVE, PATH_CLOSE } PathVerb;     /* 1, 1, 3, 0 points */
typedef struct Path {
    const uint8_t *verbs;         /* PathVerb */
    size_t verb_count;
    const Point *points;
    size_t point_count;
    bool is_even_odd;             /* inside is what an odd number of lines surrounds; else the non-zero rule */
    bool is_rect;                 /* exactly one axis-parallel rectangle: `rect` */
    Rect rect;
} Path;

typedef struct Glyph {
    uint32_t id;                  /* in the face; never 0 unless the font's own .notdef was asked for */
    Length x, y;                  /* origin of the glyph on the page */
} Glyph;

/* A piece of text and the glyphs that draw it, for searching and copying. In the order of the text; a right-to-left run
 * has its glyphs in visual order all the same (is_backward: glyphs of the first cluster stand last). */
typedef struct Cluster { uint16_t byte_count, glyph_count; } Cluster;

/* How an outline turns round a corner. Sharper ones than 29 degrees are cut off (a miter limit of 4, as in SVG). */
typedef enum StrokeJoin { STROKE_ROUND, STROKE_MITER, STROKE_BEVEL } StrokeJoin;
#define STROKE_MITER_LIMIT 4

typedef struct GlyphRun {
    const Face *face;
    Length size;                  /* em */
    bool is_dots;                 /* shaped for whole dots: draw hinted without grey (a strike if the face has it) */
    const Color *color;
    const Color *stroke_color;    /* outline drawn under the fill, `stroke_width` outside; or NULL */
    Length stroke_width;
    StrokeJoin stroke_join;
    const Glyph *glyphs;
    size_t glyph_count;
    const char *text;             /* UTF-8, NUL-terminated */
    const Cluster *clusters;
    size_t cluster_count;
    bool is_backward;
    double stretch;               /* of the glyphs' widths, each from its origin; 0 and 1: none. Never of dots */
    double rotate;                /* degrees clockwise of every glyph round its origin; 0 but in vertical text */
    bool is_vertical;             /* of a vertical line that has upright characters, which these are unless they are turned: nothing is
                                     drawn differently, but a PDF must say how it is read */
} GlyphRun;

typedef enum ImageKind { IMAGE_PIXELS, IMAGE_SVG } ImageKind;
typedef struct Image {
    ImageKind kind;
    const char *path;
    const Source *file;           /* the encoded bytes: a JPEG can be passed through, an SVG is drawn from them */
    bool is_jpeg;
    bool is_converted;            /* the pixels are no longer those of the file: they were in a profile of its own */
    int width, height;            /* pixels; of an SVG its natural size in px, rounded up */
    double natural_width, natural_height;   /* px at 96 dpi */
    const uint8_t *pixels;        /* premultiplied ARGB32 in native order, stride width * 4; NULL for an SVG */
    const uint8_t *inks;          /* of a CMYK JPEG: C, M, Y, K, a byte each, 255 all of the ink; else NULL */
    char sha256[65];
    size_t serial;                /* 0, 1, .. in the order of opening; not for output */
} Image;

/* A matrix of square modules (QR, Data Matrix), drawn crisp. */
typedef struct Modules {
    int columns, rows;
    const uint8_t *dark;          /* columns * rows, row by row, 1 = dark */
    Rect area;                    /* without the quiet zone */
    const Color *color;
    const char *data;             /* what it says, for checks and dumps */
} Modules;

typedef struct Matrix { double xx, yx, xy, yy, x0, y0; } Matrix;    /* x' = xx x + xy y + x0 (Lengths) */

typedef enum SceneOpKind { SCENE_FILL, SCENE_STROKE, SCENE_GLYPHS, SCENE_IMAGE, SCENE_MODULES, SCENE_FORM, SCENE_LINK,
                           SCENE_BEGIN, SCENE_END } SceneOpKind;

typedef struct Scene Scene;

typedef enum NibCap { NIB_BUTT, NIB_ROUND, NIB_SQUARE } NibCap;
typedef enum NibJoin { NIB_MITERED, NIB_ROUNDED, NIB_BEVELLED } NibJoin;
typedef struct Nib { uint8_t cap, join, miter; } Nib;      /* miter: at most so many widths; 0: 10 */

typedef struct SceneOp {
    SceneOpKind kind;
    const char *role;             /* what it is for, in words of the trade: "art", "crop-mark", "fold-mark", "label", "cut" */
    const Span *where;            /* the box of the layout it comes from, for messages; or NULL. Not dumped */
    union {
        struct { const Path *path; const Color *color; } fill;
        struct { const Path *path; const Color *color; Length width; Nib nib; const Length *dashes; size_t dash_count; } stroke;
        const GlyphRun *glyphs;
        struct { const Image *image; Rect area; } image;                   /* stretched to area */
        const Modules *modules;
        struct { const Scene *scene; Length x, y; } form;                  /* another scene, drawn with its origin at x, y */
        struct { Rect area; const char *uri; } link;
        struct { const Matrix *matrix; const Path *clip; double opacity; } begin;   /* NULL, NULL, 1: nothing; until its SCENE_END */
    } u;
} SceneOp;

struct Scene {
    Length width, height;         /* trim size */
    Length bleed;
    bool is_screen;
    const SceneOp *ops;
    size_t op_count;
    const char *title;            /* bookmark of the page, or NULL */
    const uint8_t *digest;        /* of a form that comes again on other pages (scene_finish_shared); else NULL */
};

/* ---- building ---- */

typedef struct SceneBuilder SceneBuilder;

SceneBuilder *scene_new(Arena *arena, Length width, Length height, Length bleed, bool is_screen);

/* What is added must live as long as the arena or longer; structs passed by pointer are copied, the arrays they point to
 * are not. Colours, images and forms are not copied either: emitters know them again by their address. Only a gradient is:
 * the copy says where it lies. What draws nothing (empty area, no colour, no width) is left out. Every scene_begin needs its scene_end before scene_finish. */
void scene_set_role(SceneBuilder *scene, const char *role);      /* of what is added next; initially "art" */
void scene_set_where(SceneBuilder *scene, const Span *where);    /* the box that what is added next comes from; borrowed; NULL: none */
void scene_set_plate(SceneBuilder *scene, const Color *plate);   /* what is added next has this colour, whatever it asks for; NULL: its own */
void scene_set_area(SceneBuilder *scene, const Rect *area);      /* gradients in what is added next span this; NULL: each thing's own bounds */
void scene_set_nib(SceneBuilder *scene, Nib nib);                /* of strokes added next; initially {NIB_BUTT, NIB_MITERED, 0} */
void scene_add_fill(SceneBuilder *scene, const Path *path, const Color *color);
void scene_add_rect(SceneBuilder *scene, Rect rect, const Color *color);
void scene_add_stroke(SceneBuilder *scene, const Path *path, const Color *color, Length width, const Length *dashes, size_t dash_count);
void scene_add_line(SceneBuilder *scene, Point from, Point to, const Color *color, Length width);
void scene_add_glyphs(SceneBuilder *scene, const GlyphRun *run);
void scene_add_image(SceneBuilder *scene, const Image *image, Rect area);
void scene_add_modules(SceneBuilder *scene, const Modules *modules);
void scene_add_form(SceneBuilder *scene, const Scene *form, Length x, Length y);
void scene_add_link(SceneBuilder *scene, Rect area, const char *uri);
void scene_begin(SceneBuilder *scene, const Matrix *matrix, const Path *clip, double opacity);
void scene_end(SceneBuilder *scene);
const Scene *scene_finish(SceneBuilder *scene, const char *title);

/* For a form that may come again on other pages of the run, made anew by another thread or not: it gets a digest
 * (SCENE_SHARED_DIGEST bytes) of all that an emitter can see of it, `where` excepted. Equal digests: either may stand for the other. */
#define SCENE_SHARED_DIGEST 32
const Scene *scene_finish_shared(SceneBuilder *scene);

/* ---- gradients ---- */

/* Where the gradient lies when it spans `area` (CSS Images 3, sections 3.1 and 3.2). False when it has no extent there. */
bool gradient_place(const Gradient *gradient, Rect area, GradientAxis *out);

/* The colour of what is drawn: of letters without one, their outline's; NULL of pictures, forms and the like. */
const Color *scene_op_color(const SceneOp *op);

/* The stops a colour is made of: those of a gradient, else itself. */
size_t color_stop_count(const Color *color);
const Color *color_stop(const Color *color, size_t index);

/* The sRGB colour at a point of what it fills. */
void color_at(const Color *color, Rect area, Point point, uint8_t rgb[3]);

/* ---- paths ---- */

const Path *path_rect(Arena *arena, Rect rect);
const Path *path_rounded_rect(Arena *arena, Rect rect, Length radius);
const Path *path_ellipse(Arena *arena, Rect rect);
const Path *path_line(Arena *arena, Point from, Point to);

/* SVG path data (SVG 1.1, section 8.3; M L H V C S Q T A Z, both cases) in units of `scale` Lengths, moved to `origin`.
 * NULL and a diag at `where` when it cannot be read. */
const Path *path_from_svg(Arena *arena, const char *d, double scale, Point origin, Span where, DiagList *diags);

Rect path_bounds(const Path *path);

/* First `inner`, then `outer`. */
Matrix matrix_join(Matrix inner, Matrix outer);

/* The path as the matrix puts it. */
const Path *path_transform(Arena *arena, const Path *path, const Matrix *matrix);

/* Each of its subpaths as straight segments that stray from it by no more than `tolerance`. */
typedef struct Outline { double *xy; size_t count; bool is_closed; } Outline;     /* count points, x then y; a closed one does not repeat its first */
size_t path_flatten(Arena *arena, const Path *path, double tolerance, Outline **out);

/* The closed line that runs `distance` outside of a closed path (negative: inside), round at corners that open. Subpaths inside
 * others are holes and run inside them. NULL when the path is not closed, has too many points, or the line would run into itself. */
const Path *path_offset(Arena *arena, const Path *path, Length distance);

/* ---- images ---- */

/* Decoded once, shared by all threads (opening is locked). Lives in its own arena until scene_images_free. A path that
 * failed once fails for everyone who asks. NULL when there is no memory. */
typedef struct ImageStore ImageStore;
ImageStore *scene_images_new(void);
void scene_images_free(ImageStore *store);

/* Let go of the pixels of pictures that nobody draws just now, when they are more than should stay in memory (base/spill.h). */
void scene_images_cool(ImageStore *store);

/* The paths of all pictures that were asked for, in no order. Nobody may open one meanwhile. */
void scene_images_each(const ImageStore *store, void (*each)(void *context, const char *path), void *context);

/* Open an image file: PNG, JPEG (turned upright by its Exif) or SVG by its first bytes. NULL and a diag (`missing-image`, `bad-image`,
 * `image-too-large`) at `where`. */
const Image *scene_image_open(ImageStore *store, const char *path, Span where, DiagList *diags);

/* ---- what changed from page to page ---- */

/* A unit is an operation, or a BEGIN with all to its END. The index after the one that begins at `at`. */
size_t scene_unit_end(const Scene *scene, size_t at);

/* All of a unit that is seen in pixels, as a part of its SHA-256: units with equal digests draw the same. Good within a run,
 * as faces are told apart by their address. */
#define SCENE_DIGEST 16
void scene_unit_digest(const Scene *scene, size_t at, uint8_t digest[SCENE_DIGEST]);

/* Outside of this rectangle a unit draws nothing (but the half covered pixels of its edge). {0}: it draws nothing at all. */
Rect scene_unit_extent(const Scene *scene, size_t at);

/* The same of a whole scene. */
Rect scene_extent(const Scene *scene);

/* The same for a PNG in memory, known by `name` ("NotoColorEmoji.ttf#14"). */
const Image *scene_image_from_png(ImageStore *store, const char *name, const void *bytes, size_t length, Span where, DiagList *diags);

/* ---- dump ---- */

/* The scene as stable text: one op a line, numbers in pt or px with three decimals, colours by name and value, glyph ids
 * and positions, the text, forms by number, images by file name (no folder) and SHA-256. The same on every machine. */
void scene_dump(const Scene *scene, StrBuf *out);

#endif
