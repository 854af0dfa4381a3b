/* reader.h -- what the steps of reading one layout share. Private to document/. */
#ifndef RENDER_DOCUMENT_READER_H
#define RENDER_DOCUMENT_READER_H

#include "document/schema.h"

/* An array that grows in the arena. */
typedef struct List { void *items; size_t count, capacity; } List;
void *list_add(Arena *arena, List *list, size_t item_size);

typedef struct Variable { const char *name, *value; Span where; bool is_set; } Variable;      /* is_set: by --set */

struct Reader {
    Arena *arena;
    DiagList *diags;
    DiagList mute;                /* where repeated checks of the same place go */
    const DocumentOptions *options;
    Document *document;
    const YamlNode *root;         /* everything merged */
    Variable *vars;  size_t var_count;
    const YamlNode *strings;      /* of the chosen language, or NULL */
    const char *strings_lang;
    List fields, not_yet, files;  /* FieldUse, NotYet, const Source * */
    List font_styles;             /* const TextStyle * */
    TextStyle *base;              /* what every text starts from */
    const TextStyle *own;         /* the style inline styles of the template at hand are applied over */
    const char *path;             /* of the box at hand */
    const char *object;           /* name of the object at hand */
    size_t declared_colors;       /* of document->colors; plates that nobody declared follow */
    size_t box_count, copied_nodes, copied_bytes;
    unsigned part_depth, box_depth;
    bool in_playlist, is_full;
};

/* ---- load.c ---- */

/* Read, merge and collect variables: fills reader->root, vars, strings. False when there is nothing to check. */
bool load_layout(Reader *reader, const Source *source);

/* As document_read, from memory. */
const Document *document_build(Arena *arena, const Source *source, const DocumentOptions *options, DiagList *diags);

/* A stroke of letters. */
typedef struct Outline { Border line; StyleJoin join; } Outline;

/* ---- check.c ---- */

/* One struct that keys of a map may fill. */
typedef struct Target { const Object *object; void *base; } Target;

/* Apply the rows of the targets to the map: unknown and missing keys are reported. False when anything was wrong. */
bool check_map(Reader *reader, const YamlNode *map, const char *name, const Target *targets, size_t count);
bool check_row(Reader *reader, const Row *row, const YamlNode *value, void *base);
void check_initials(Reader *reader, const Object *object, void *base);
void check_layout(Reader *reader);

/* ---- values.c ---- */

bool value_read(Reader *reader, const Row *row, const YamlNode *value, void *field);
const char *value_scalar(Reader *reader, const Row *row, const YamlNode *value);
bool value_dim(Reader *reader, const Row *row, const YamlNode *value, Dim *out);
bool value_choice(Reader *reader, const Row *row, const char *text, Span where, int *out);
bool value_wrong_type(Reader *reader, const Row *row, const YamlNode *value);
double value_font_size_name(const char *name);       /* pt, or 0 */
Length value_from_pt(const Reader *reader, double pt);
const char *value_words(const Row *row);             /* "a length such as 30mm" */
const char *join_names(Arena *arena, const char *const *names, size_t count);
const char *hint_nearest(Arena *arena, const char *word, const char *const *names, size_t count);

/* ---- setters.c: values that only one key has ---- */

/* [a, b]: two whole numbers in the row's range. */
bool read_counts(Reader *reader, const Row *row, const YamlNode *value, unsigned *a, unsigned *b);

bool set_page_size(Reader *, const Row *, const YamlNode *, void *);
bool set_sheet_size(Reader *, const Row *, const YamlNode *, void *);
bool set_sheet_margin(Reader *, const Row *, const YamlNode *, void *);
bool set_grid(Reader *, const Row *, const YamlNode *, void *);
bool set_sheet_gap(Reader *, const Row *, const YamlNode *, void *);
bool set_sheet_repeat(Reader *, const Row *, const YamlNode *, void *);
bool set_back_shift(Reader *, const Row *, const YamlNode *, void *);
bool set_fold_panels(Reader *, const Row *, const YamlNode *, void *);
bool set_fold_rows(Reader *, const Row *, const YamlNode *, void *);
bool set_screen_size(Reader *, const Row *, const YamlNode *, void *);
bool set_loop(Reader *, const Row *, const YamlNode *, void *);
bool set_columns(Reader *, const Row *, const YamlNode *, void *);
bool set_rows(Reader *, const Row *, const YamlNode *, void *);
bool set_delimiter(Reader *, const Row *, const YamlNode *, void *);
bool set_names(Reader *, const Row *, const YamlNode *, void *);
bool set_name(Reader *, const Row *, const YamlNode *, void *);
bool set_filter(Reader *, const Row *, const YamlNode *, void *);
bool set_lookup(Reader *, const Row *, const YamlNode *, void *);
bool set_contrast(Reader *, const Row *, const YamlNode *, void *);
bool set_limit(Reader *, const Row *, const YamlNode *, void *);
bool limits_in_order(Reader *r, const YamlNode *value, const char *name, double warn, double error, bool is_most);
bool set_rgb(Reader *, const Row *, const YamlNode *, void *);
bool set_hyphenate_limit(Reader *, const Row *, const YamlNode *, void *);
bool set_cmyk(Reader *, const Row *, const YamlNode *, void *);
bool set_strings_list(Reader *, const Row *, const YamlNode *, void *);
bool set_readings(Reader *, const Row *, const YamlNode *, void *);
bool set_fallback(Reader *, const Row *, const YamlNode *, void *);
bool set_condition(Reader *, const Row *, const YamlNode *, void *);
bool set_at(Reader *, const Row *, const YamlNode *, void *);
bool set_encoding(Reader *, const Row *, const YamlNode *, void *);
bool set_path_data(Reader *, const Row *, const YamlNode *, void *);
bool set_any(Reader *, const Row *, const YamlNode *, void *);

/* ---- panels.c ---- */

bool set_screen_map(Reader *, const Row *, const YamlNode *, void *);
bool set_panel_at(Reader *, const Row *, const YamlNode *, void *);
bool set_panel_size(Reader *, const Row *, const YamlNode *, void *);
bool set_panel_tiles(Reader *, const Row *, const YamlNode *, void *);
/* ---- screens.c ---- */

extern const char *const screen_profile_names[];
bool set_screen_profile(Reader *, const Row *, const YamlNode *, void *);
bool set_screen_modules(Reader *, const Row *, const YamlNode *, void *);
bool set_burn_in(Reader *, const Row *, const YamlNode *, void *);
bool set_now(Reader *, const Row *, const YamlNode *, void *);
bool set_speed(Reader *, const Row *, const YamlNode *, void *);

/* The rows are read: what a profile brings is filled in, sizes are worked out. */
void screen_finish(Reader *reader, const YamlNode *map, Screen *screen);
void areas_read(Reader *reader, const YamlNode *list);

/* check.c, for areas, too. */
void playlist_read(Reader *reader, const YamlNode *map, const char *items_path, Playlist *playlist);

/* ---- styles.c ---- */

bool set_font(Reader *, const Row *, const YamlNode *, void *);
bool set_font_size(Reader *, const Row *, const YamlNode *, void *);
bool set_weight(Reader *, const Row *, const YamlNode *, void *);
bool set_em(Reader *, const Row *, const YamlNode *, void *);
bool set_text_fit(Reader *, const Row *, const YamlNode *, void *);
bool set_stroke(Reader *, const Row *, const YamlNode *, void *);
bool set_shadow(Reader *, const Row *, const YamlNode *, void *);
bool set_numeric(Reader *, const Row *, const YamlNode *, void *);
bool set_axes(Reader *, const Row *, const YamlNode *, void *);
bool set_decoration(Reader *, const Row *, const YamlNode *, void *);
bool set_decoration_line(Reader *, const Row *, const YamlNode *, void *);
bool set_features(Reader *, const Row *, const YamlNode *, void *);

const YamlNode *styles_declared(Reader *reader, const char *key);     /* the map at the left edge; NULL: none, or a diag */
void styles_declare(Reader *reader);                 /* colours, fonts, the base style, every named style checked once */
bool style_apply(Reader *reader, const char *name, Span where, TextStyle *style);
bool style_apply_names(Reader *reader, const YamlNode *value, TextStyle *style);
const Color *style_initial_color(const Document *document);
void style_finish(Reader *reader, TextStyle *style);
/* What is of the style where it was declared, and stays so in styles that start from it: em and colour of its lines. */
void style_settle(TextStyle *style);

/* Is what a style asks of vertical lines asked of vertical lines? `around`: the style of the text that these words stand in,
 * which decides; NULL of a text. False after `not-vertical` or `inline-writing`. */
bool style_check_writing(Reader *reader, const TextStyle *style, const TextStyle *around, Span where);

/* The style of readings of words in `words`: half as large, without what these are dressed with; then the style named "ruby",
 * where there is one. */
const TextStyle *style_of_readings(Reader *reader, const TextStyle *words);

/* ---- colors.c ---- */

void colors_declare(Reader *reader);
/* The declared colour of that name, or the gradient that is written in its place; NULL after a diag. `row`: the key. */
const Color *color_read(Reader *reader, const Row *row, const YamlNode *value);
const Color *color_plate(Reader *reader, const char *name, Span where);     /* a colour, or what shops call a plate: "CutContour" */
bool set_tint(Reader *, const Row *, const YamlNode *, void *);
bool set_angle(Reader *, const Row *, const YamlNode *, void *);
bool set_middle(Reader *, const Row *, const YamlNode *, void *);
bool set_stops(Reader *, const Row *, const YamlNode *, void *);

/* ---- template.c ---- */

const Template *template_read(Reader *reader, const YamlNode *scalar, bool has_markup);
const char *template_expand_vars(Reader *reader, const YamlNode *scalar);     /* for values that are no text */

/* A placeholder whose name stands between two of these is a text already, never looked up: how a part's parameter with
 * filters is handed on. */
#define TEMPLATE_QUOTE '\x01'

/* ---- parts.c ---- */

/* The map with the part at `map` in its place; NULL after a diag. */
const YamlNode *part_expand(Reader *reader, const YamlNode *map);
/* The boxes that fill a slot. */
bool slot_boxes(Reader *reader, const YamlNode *map, const YamlNode *const **items, size_t *count);
const YamlNode *slot_expand(Reader *reader, const YamlNode *map);
void fill_check(Reader *reader);

/* ---- fold.c ---- */

/* What the section says is complete: widths are worked out and the way of folding is checked. After the page is read. */
void fold_read(Reader *reader, const YamlNode *map);

/* ---- boxes.c ---- */

const Node *box_read(Reader *reader, const YamlNode *map, const char *path);
bool boxes_read(Reader *reader, const YamlNode *list, const char *path, bool in_playlist, const Node *const **items,
                size_t *count);

#endif
