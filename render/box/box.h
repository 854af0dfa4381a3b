/* box.h -- a page of the document and one data row become measured, placed boxes, and those a Scene.
 *
 * Inside: measure.c (natural sizes), place.c (row, column, layers, grid), draw.c (boxes to scene operations), checks.c (contrast, viewing distance), codes.c (QR
 * and bar codes), cache.c (what is the same on every row), forms.c (and drawn once), readings.c and inline.c (how words are read, what stands for them), inspect.c (the JSON of `biaoyu inspect`),
 * breaks.c (of `--explain-breaks`). */
#ifndef RENDER_BOX_BOX_H
#define RENDER_BOX_BOX_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "data/data.h"
#include "document/document.h"
#include "scene/scene.h"
#include "text/text.h"

/* What one worker keeps from row to row, because it is the same on all of them. Lives in `arena`. */
typedef struct BoxCache BoxCache;
BoxCache *box_cache_new(Arena *arena);

/* Where the static parts of pages stand, for outputs that write once what comes again. First some rows are laid out, and the
 * places noted; after box_places_close, by when no other thread may use them, a part that stands as on one of those rows is drawn as
 * a form with a digest (scene_finish_shared), any other in place. So forms are few, and which they are depends on no thread. */
typedef struct BoxPlaces BoxPlaces;
BoxPlaces *box_places_new(Arena *arena);
void box_places_close(BoxPlaces *places);

/* What one worker needs to lay out pages. */
/* How much box_inspect tells of line breaks. */
typedef enum BoxBreaks { BREAKS_TAKEN, BREAKS_ALL, BREAKS_TABLE } BoxBreaks;      /* TABLE: nothing else, for people */

typedef struct BoxContext {
    const Document *document;
    TextEngine *engine;
    ImageStore *images;           /* shared */
    const char *const *asset_paths;      /* --asset-path: further folders for pictures that the data names */
    size_t asset_path_count;
    BoxCache *cache;              /* of the worker, or NULL */
    BoxPlaces *places;            /* of the run, or NULL: everything is drawn in place. Needs a cache */
    BoxBreaks breaks;
    FillContext fill;             /* row and built-ins of the page in hand */
    Arena *arena;                 /* of the page in hand */
    DiagList *diags;
} BoxContext;

typedef struct PlacedBox PlacedBox;
struct PlacedBox {
    const Node *node;
    Rect outer;                   /* border box on the page */
    Rect inner;                   /* inside the padding */
    const PlacedBox *children;
    size_t child_count;
    const TextBlock *text;        /* of a text; its lines from `text_at` */
    const char *text_filled;
    Point text_at;
    const Modules *const *codes;  /* of codes in the lines of a text, in their order */
    size_t code_count;
    const Image *image;
    const Modules *modules;
    const Path *bars;
    bool is_kept;                 /* text and codes live as long as the worker's cache */
};

typedef struct BoxPage {
    const Scene *scene;
    const PlacedBox *const *roots;
    size_t root_count;
} BoxPage;

/* Lay out page `page_index` of the document for the row in context->fill and build its scene. `panels`: trim boxes of a
 * folded page's panels (sheet_panels), not read for a page with a body. All problems of the page are reported; NULL scene
 * after an error. */
BoxPage box_build_page(BoxContext *context, size_t page_index, const Rect *panels);

/* Lay out one node in a scene of its own (a sheet's label, an LED item). An extent of LENGTH_MAX is free: the scene is as
 * wide or as high as the content. */
BoxPage box_build_node(BoxContext *context, const Node *node, Size area);

/* The page as JSON: {"width","height","unit","row","boxes":[...]}; with context->breaks BREAKS_TABLE, a table of the places
 * where its texts may be broken. */
void box_inspect(const BoxPage *page, const BoxContext *context, StrBuf *out);

#endif
