/* item.h -- private to box/: a node with its row filled in (Item), and the frame of the page it stands on.
 *
 * resolve.c makes Items (conditions decided, texts filled and shaped, images opened, codes encoded), readings.c says how
 * words are read; measure.c asks them
 * for natural sizes; place.c turns them into PlacedBoxes; draw.c, checks.c and inspect.c only read
 * those. */
#ifndef RENDER_BOX_ITEM_H
#define RENDER_BOX_ITEM_H

#include "box/box.h"
#include "box/codes.h"

/* What `cover` refers to: of the page, or of a leaflet's panel. */
typedef struct Frame { Rect trim, bleed, safe; } Frame;

typedef struct Kept Kept;          /* cache.c */

typedef struct Item {
    const Node *node;
    struct Item *children;
    size_t child_count;
    FilledText filled;            /* of a text */
    ShapedText *shaped;
    const Image *image;
    const QrSymbol *qr;
    const BarSymbol *bars;
    Kept *kept;                   /* of a static node, or NULL */
    Sides edges;                  /* border and padding */
    Size memo_available, memo_size; /* the last question to item_measure and its answer */
    bool is_flowed;               /* measured: its text in `flow_width` and free height is `flow` */
    Length flow_width;
    TextBlock flow;
} Item;

/* A colour that covers a rectangle of the page so far. */
typedef struct Painted { Rect rect; const Color *color; } Painted;

typedef struct BoxBuild {
    BoxContext *context;
    Frame frame;
    Painted *painted;
    size_t painted_count, painted_capacity;
    size_t box_count;             /* against LIMIT_BOXES */
    bool failed;                  /* an error was reported */
    const Color *plate;           /* of the box being drawn, or of one round it; or NULL */
    bool is_in_form;              /* what is being drawn goes into a form that rows share */
} BoxBuild;

/* Sums of what a layout may ask for (a thousand gaps of 10 m) go beyond a Length: they stay at its end. */
static inline Length item_bounded(int64_t sum)
{
    return sum > LENGTH_MAX ? LENGTH_MAX : sum < -LENGTH_MAX ? -LENGTH_MAX : (Length)sum;
}

/* A written length against the parent's inner extent and the box's em; LENGTH_MAX stands for "not known", and so does the
 * answer for `auto`, nothing, or a per cent of what is not known. */
Length item_dim(const Item *item, const Dim *dim, Length parent);

/* Is it a text of vertical lines? They need a height before they have a width. */
static inline bool item_is_vertical(const Item *item)
{
    return item->node->kind == NODE_TEXT && item->node->style->writing != WRITING_HORIZONTAL_TB;
}

/* Tell an item its parent's inner extent, once that is known: padding in per cent is of it. */
void item_set_parent(Item *item, Size parent);

/* Fill in `node` for the row in hand. False when it is not to be drawn: by its conditions, or after an error. */
bool item_resolve(BoxBuild *build, const Node *node, Item *out);

/* Hold the size of a text (or of `what` else is set in `own` within it) against the smallest that may be printed:
 * `too-small`. */
bool item_check_size(BoxBuild *build, const TextStyle *style, const TextStyle *own, Span where, const char *what);

/* A picture or a code in a line. */
typedef struct InlineItem {
    TextObject text;              /* what text/ knows of it; first: an InlineItem is found by it */
    const InlineBox *box;
    const Image *image;
    const QrSymbol *qr;
    const Color *color;           /* of the words */
} InlineItem;

/* ---- readings.c, inline.c ---- */

/* Open what stands for words. NULL after an error. */
const InlineItem *inline_resolve(BoxBuild *build, const InlineBox *box, const TextStyle *style, Arena *arena);

/* Check what stands in a placed text, and say which modules a code has where it stands; false after an error. */
bool inline_place(BoxBuild *build, PlacedBox *out);
void inline_draw(const PlacedBox *box, SceneBuilder *scene);

/* A picture's resolution where it stands, against checks.image-dpi; false after an error. */
bool item_check_dpi(BoxBuild *build, const Image *image, ImageFit fit, Size size, Span where);

/* The image file that a node or a text names, filled in. NULL after an error. */
const Image *item_open_image(BoxBuild *build, const Template *file, const Source *relative_to, Span where);

/* The spans of a filled text with what is read of them, by hand and by the layout's table where `ruby: auto` asks for it,
 * and with what stands for them. NULL after an error. */
const TextSpan *readings_spans(BoxBuild *build, const Node *node, const FilledText *filled, Arena *arena, size_t *count);

/* Vertical texts fill the height they are given before they take a second column. What is there for them: of a column's
 * `inner` what the others leave, in equal parts; of a grid's a cell. LENGTH_MAX: not known. */
Length item_column_room(BoxBuild *build, Item *item, Size inner);
Length item_grid_room(const Item *item, Length height);

/* Is it a vertical text, or has it one in it? */
bool item_has_vertical(const Item *item);

/* The border box a node would like, when `available` is the parent's inner extent (LENGTH_MAX: not known). */
Size item_measure(BoxBuild *build, Item *item, Size available);

/* Widths of a row's children in `inner` (LENGTH_MAX: as they like); `out` has room for them. */
void item_row_widths(BoxBuild *build, Item *item, Size inner, Length *out);

/* How high a child of a row is at the width it has there. A width in per cent is a share of the row's `inner`, not of itself. */
Length item_row_height(BoxBuild *build, Item *child, Length width, Size inner);

/* The column's or grid's gap, and a grid's columns. */
Length item_gap(const Item *item, int axis, Length parent);
unsigned item_grid_columns(const Item *item);

/* Lay an item out in `outer` (its border box). */
void item_place(BoxBuild *build, Item *item, Rect outer, PlacedBox *out);

/* Where an item stands among layers in `parent`: filling it, by its size, or with its anchor at `at`. */
Rect item_layer(BoxBuild *build, Item *item, Rect parent);

/* Where an item covers, by its `cover`; `parent` when it does not. */
Rect item_cover(const BoxBuild *build, const Item *item, Rect parent);

/* ---- cache.c ---- */

/* Take the node's content from an earlier row. */
bool kept_find(BoxBuild *build, Item *item);

/* Where to make it when there is none: it lives as long as the worker, if it may be kept. Then keep it, unless it had
 * something to say. */
Arena *kept_arena(BoxBuild *build, const Node *node);
void kept_add(BoxBuild *build, Item *item, bool speaks);

/* Take what the node said, its text filled in, from an earlier row. Else `*place` is where to keep it, made in the worker's
 * arena, if it may be kept and has nothing to say; or NULL. */
bool said_find(BoxBuild *build, Item *item, Kept **place);
void said_add(Kept *place, Item *item);
Arena *said_arena(BoxBuild *build, const Kept *place);

/* text_flow of an item's text. What was measured need not be set again where it is placed; that of a kept one is kept. */
TextBlock item_flow(BoxBuild *build, Item *item, Length width, Length height);

/* Do the lines of a block that item_flow answered live as long as the worker? */
bool item_keeps_flow(const Item *item, const TextBlock *block);

/* ---- forms.c ---- */

/* Static parts that were drawn on earlier rows; lives in `arena`. */
typedef struct FormStore FormStore;
FormStore *forms_new(Arena *arena);
FormStore *cache_forms(const BoxCache *cache);

/* Draw a static part of the page as a form that rows share. False: it is none, or not worth one, and drawn as it is. */
bool form_draw(BoxBuild *build, const PlacedBox *box, SceneBuilder *scene);

/* Why the lines of a text are as they are: as `"breaks"` of its JSON, or as a table with a heading. */
void breaks_add_json(StrBuf *out, const PlacedBox *box);
void breaks_add_table(StrBuf *out, const PlacedBox *box, const BoxContext *context);

/* Draw a placed box and all in it. */
void item_draw(BoxBuild *build, const PlacedBox *box, SceneBuilder *scene);

/* Go through a placed box in the order of drawing, and hold its texts against what lies under them: `low-contrast`,
 * `too-small`. item_painted: a rectangle that is covered without a box. */
void item_check(BoxBuild *build, const PlacedBox *box);
void item_painted(BoxBuild *build, Rect rect, const Color *color);

/* "29.0 mm" on paper, "29 px" on screens. Lives in the page's arena. */
const char *item_format(const BoxBuild *build, Length length);

#endif
