/* private.h -- what the files of this room share: inks, the content of a page being made, and what it uses. */
#ifndef RENDER_PRESS_PRIVATE_H
#define RENDER_PRESS_PRIVATE_H

#include <stdatomic.h>

#include "press/press.h"

/* ---- setup.c ---- */

struct PressSetup {
    PressOptions options;
    const Source *profile;
    const char *condition, *condition_id, *condition_info;     /* of the output intent */
    bool is_registered;           /* condition_id is in the ICC's registry */
    struct PackedProfile *packed; /* deflated when it is first written: looking at pages needs none */
    struct ImageLooks *looks;
    atomic_uint_fast64_t *known_colors;
    struct Conversion *from_rgb;  /* sRGB, 8 bits -> the profile's CMYK, 8 bits; safe for many threads */
    struct Conversion *to_rgb;                 /* and back, as it looks in print */
    struct PictureStore *pictures;        /* images.c: what has been converted for proofs */
    struct ArtStore *art;                 /* art.c */
    struct SharedStore *shared;           /* shared.c */
};

/* The profile, deflated. NULL: out of memory. Any thread may ask. */
const void *setup_packed_profile(const PressSetup *setup, size_t *length);

/* One pixel or many, relative colorimetric with black-point compensation; 4 bytes out for 3 in. */
void setup_convert(const PressSetup *setup, const uint8_t *rgb, uint8_t *cmyk, size_t count);

/* The same for a declared colour, which is asked for again and again. */
void setup_convert_color(const PressSetup *setup, const uint8_t rgb[3], uint8_t cmyk[4]);

/* How inks look: 3 bytes of sRGB out for 4 in. */
void setup_show(const PressSetup *setup, const uint8_t *cmyk, uint8_t *rgb, size_t count);

/* ---- ink.c ---- */

/* The order of printing and finishing: what is no ink comes last, or what is drawn later would knock it out. */
typedef enum Layer { LAYER_ART, LAYER_WHITE, LAYER_CUT, LAYER_MARKS, LAYER_COUNT } Layer;

/* ISO 19593-1: the group and, in some groups, the type of a processing step. */
typedef struct Step { const char *word, *group, *type; Layer layer; } Step;

typedef struct Ink {
    double cmyk[4];               /* 0-1; of a plate its look on other printers */
    const char *plate;            /* NULL: the four process inks; "All": every plate */
    double tint;                  /* of a plate, 0-1 */
    const Step *step;             /* of a plate that is no ink */
    bool is_converted;            /* through the profile, having no cmyk */
} Ink;

Ink ink_of(const PressSetup *setup, const Color *color);        /* of no gradient */
bool ink_is_black(const Ink *ink);                             /* 100 % K and nothing else */
double ink_total(const Ink *ink);                              /* per cent */
double ink_most(const PressSetup *setup, const Color *color);   /* per cent, of a gradient its heaviest stop's */
const Step *ink_step(const Color *color);                      /* NULL: none, or unknown */
const Color *ink_step_color(const Color *color);               /* the colour, or the gradient's stop, that is a step; or NULL */
Layer ink_layer(const Color *color, const char *role);

/* Does what is drawn in it leave what lies under it? `is_line`: text, lines and codes, where black does. */
bool ink_overprints(const PressSetup *setup, const Color *color, bool is_line);

/* What preflight asks of a colour; of a gradient, of its stops. */
typedef struct InkLook {
    bool is_step, is_rich_black;
    double total, black;          /* per cent: the most of any stop; the least */
    double lightest, darkest;     /* on white paper, 0-1 */
    int inks;                     /* of the four, the most of any stop */
} InkLook;
InkLook ink_look(const PressSetup *setup, const Color *color);

/* ---- judge.c ---- */

typedef struct Judge {
    const PressSetup *setup;
    Arena *arena;
    PressFindings found;
} Judge;

/* Is the value beyond a limit of the rule? Asked before texts are made for nothing. */
bool judge_finds(const Judge *judge, PressRule rule, double measured);

/* A measured value against a rule: "`before` 0.1 pt `after`; sheetfed-coated asks for 0.25 pt". Texts live as long as the arena. */
void judge_measured(Judge *judge, PressRule rule, const char *code, Span where, double measured, const char *before, const char *after, const char *remedy);

/* Something that is wrong without a measure. */
void judge_said(Judge *judge, Severity severity, const char *code, Span where, const char *message, const char *remedy);

/* The page is done: it was made from `row`. False when an error was found. */
bool judge_end(Judge *judge, DataRef row);

/* ---- what a content stream uses ---- */

typedef enum UseKind { USE_FONT = 'F', USE_PLATE = 'S', USE_IMAGE = 'I', USE_FORM = 'X', USE_ALPHA = 'A', USE_OVERPRINT = 'O', USE_LAYER = 'P',
               USE_PATTERN = 'G', USE_SHADING = 'H', USE_SHARED = 'Y' } UseKind;

/* Named /F0, /S1, ... by kind and place in the list. */
typedef struct Use {
    UseKind kind;
    const void *key;              /* Face, Color, Image, Pattern; Form (of this page alone, or that lives as long as the setup);
                                     Gradient of a shading; NULL of alpha and overprint */
    double value;                 /* of alpha; of overprint 0 or 1; of a face 1 for lines that run down */
} Use;

/* A gradient where it stands in a content stream: from its unit space (shading.c) to that of the stream, in pt. */
typedef struct Pattern { const Gradient *gradient; double matrix[6]; } Pattern;

/* What a use's key points to and what lives no longer than its page, in bytes: whoever keeps the use copies it. 0: it is a form, or lives
 * as long as the setup. A colour may have been made for the page: the name of a plate on a sheet's label is printed in it at full strength. */
static inline size_t use_key_size(UseKind kind)
{
    return kind == USE_PATTERN ? sizeof(Pattern) : kind == USE_PLATE || kind == USE_LAYER ? sizeof(Color) : 0;
}

typedef struct UseList { Use *items; size_t count, capacity; } UseList;

/* The glyphs of a face on one page or in one form, by glyph id, with what they say. `width`: thousandths of an em; only while the
 * page is made. */
typedef struct GlyphUse { uint32_t id; uint16_t length; bool is_used; const char *text; double width; } GlyphUse;
typedef struct FaceUse { const Face *face; GlyphUse *slots; size_t capacity, count; } FaceUse;

/* What makes a form the same in all files: of what it was made, and the layer. */
typedef struct FormIdentity { uint8_t digest[SCENE_SHARED_DIGEST]; uint8_t layer; } FormIdentity;

/* The names in operators: from where to where they stand, and which use they are. */
typedef struct NamePlace { size_t start, end, use; } NamePlace;
typedef struct NameList { NamePlace *items; size_t count, capacity; } NameList;

/* A form XObject, or the page's own content. */
typedef struct Form {
    const void *data;             /* deflated */
    size_t length;
    UseList uses;
    double box[4];                /* left, top, right, bottom in its own space */
    bool is_group;
    FormIdentity identity;        /* of a shared one, */
    const FaceUse *faces;         /* and its glyphs: those of others are with their page */
    size_t face_count;
    const char *operators;        /* of a short one, which is no object of its own: what a page writes in its place, under its own names; */
    size_t operator_length;       /* else NULL */
    NameList names;
    unsigned number;              /* set when it is written; not of a shared one, nor of a group in one */
} Form;

/* A scene as shared forms, one a layer, made once; lives as long as the setup. */
typedef struct FormSet {
    Form *of[LAYER_COUNT];        /* NULL: nothing on this layer */
    bool has_transparency;
    PressFacts facts;             /* what it adds to those of a page that has it */
} FormSet;

struct PressPage {
    PressBoxes boxes;
    Form content;
    FaceUse *faces;
    size_t face_count, face_capacity;
    const Form **in_place;        /* short forms whose glyphs it has; only while it is made */
    size_t in_place_count, in_place_capacity;
    bool has_transparency;        /* groups with an opacity, pictures with alpha: it needs a blend space */
    PressFacts facts;
};

/* What an image is like, looked at once for all pages (any thread). */
/* `is_rgb`: neither grey nor in four inks, so it goes through the profile. */
typedef struct ImageLook { double most_ink; bool is_two_tone, has_alpha, is_rgb; } ImageLook;
struct ImageLooks *image_looks_new(Arena *arena);
ImageLook setup_image_look(const PressSetup *setup, const Image *image);

/* ---- content.c ---- */

typedef struct State {
    const Color *fill, *stroke;   /* NULL: not known */
    int overprint, dashes, cap, join, miter;  /* -1: not known */
    Length width;
    const Face *face;
    Length size;
    bool is_down;                 /* the face's font for lines that run down */
} State;

/* What is asked of a colour each time something is drawn in it. */
typedef struct ColorLook {
    const Color *color;           /* NULL: free */
    bool may_overprint, is_converted;
    int overprint;
    double most;                  /* per cent of ink */
    Ink ink;
} ColorLook;
#define COLOR_LOOKS 16            /* a power of two */

typedef struct Drawing {
    const PressSetup *setup;
    ColorLook *looks;             /* COLOR_LOOKS: those asked for last */
    Arena *arena;
    DiagList *diags;
    PressPage *page;
    struct FormSlot *slots;       /* forms used more than once, by address */
    size_t slot_count;
    StrBuf out;
    UseList *uses;
    NameList *names;              /* where they are to be noted, or NULL */
    State state;
    Matrix matrix;                /* from here to the origin of `area` */
    Matrix outside;               /* from the origin of `area` to the space the content stream begins in: patterns stand there */
    Rect area;                    /* what can be seen at all */
    Layer layer;
    int depth;
    bool failed;
} Drawing;

/* SVG art: as a scene, and as forms of that scene's size (and so are their facts); or the reason why it cannot be that. */
typedef struct Art {
    const Scene *scene;
    const char *reason;
    FormSet forms;
    const Diag *failure;
} Art;

/* A scene as shared forms: known by `digest`, and cut to `area`. All lives in `arena`. */
bool content_make_forms(const PressSetup *setup, Arena *arena, const Scene *scene, const uint8_t digest[SCENE_SHARED_DIGEST], Rect area, FormSet *out, DiagList *diags);

/* Add what a part of the page shows to the page's facts. */
void facts_join(PressFacts *all, const PressFacts *part);

bool content_make(const PressSetup *setup, Arena *arena, const Scene *scene, PressPage *page, DiagList *diags);

/* ---- operators.c ---- */

/* Something that needs a name in the resources of the stream; its place in the list. */
size_t add_use(Drawing *drawing, UseKind kind, const void *key, double value);

/* Colour and overprint for what comes next. `may_overprint`: text, lines and codes: black does. */
void put_color(Drawing *drawing, const Color *color, bool is_stroke, bool may_overprint);

void put(Drawing *drawing, const char *text);
void put_name(Drawing *drawing, UseKind kind, size_t index);   /* then a space */
void put_length(Drawing *drawing, Length length);              /* in pt, then a space */
void put_number(Drawing *drawing, double value, int decimals); /* then a space */
void put_thousandths(Drawing *drawing, int64_t thousandths);   /* `thousandths` / 1000, then a space */
void put_point(Drawing *drawing, Point point);
void put_path(Drawing *drawing, const Path *path);

/* What stood behind `length` was taken back: there was nothing in a group. */
void drop_names(NameList *names, size_t length);

void operators_fill(Drawing *drawing, const SceneOp *op);
void operators_stroke(Drawing *drawing, const SceneOp *op);

/* ---- pictures.c ---- */

/* Stretched to `area`. */
void pictures_draw(Drawing *drawing, const Image *image, Rect area);
void pictures_draw_modules(Drawing *drawing, const Modules *modules);

/* ---- shading.c ---- */

/* How many plates a gradient may run through: DeviceN of PDF 1.4 has 8 colorants, the process inks among them (ISO 32000-1,
 * annex C). */
#define SHADING_PLATES_MAX 4
size_t shading_plate_count(const Gradient *gradient);

/* Where a gradient in its place stands, seen from a content stream whose space `to_stream` leads to. */
void shading_matrix(const GradientAxis *axis, const Matrix *to_stream, double matrix[6]);

/* Write the shading of a gradient as object `number`, in its unit space: from x = 0 to x = 1, or round the origin to the
 * radius 1. Asks for the object number of the Separation of each plate in it. */
struct Writer;
void shading_write(struct Writer *writer, unsigned number, const PressSetup *setup, const Gradient *gradient,
                   unsigned (*plate_number)(void *context, const Color *color), void *context, Arena *arena);

/* ---- art.c ---- */

/* Lives in `arena`; empty. NULL without memory. */
struct ArtStore *art_store_new(Arena *arena);

/* NULL after a diag. Any thread may ask. `diags` NULL: nobody wants to know. */
const Art *art_find(const PressSetup *setup, const Image *image, DiagList *diags);

/* The art as a picture for a place of this size. NULL after a diag. */
const Image *art_picture(const PressSetup *setup, const Image *image, double width_pt, double height_pt, DiagList *diags);

/* ---- shared.c ---- */

/* Lives in `arena`; empty. NULL without memory. */
struct SharedStore *shared_store_new(Arena *arena);

/* The forms of a scene with a digest, if they are kept; NULL: to be made. Any thread may ask. */
const FormSet *shared_find(const PressSetup *setup, const Scene *scene);

/* Keep a copy of what was made of the scene, and answer it, or the one that another thread has kept. NULL after a diag. */
const FormSet *shared_keep(const PressSetup *setup, const Scene *scene, const FormSet *made, DiagList *diags);

/* ---- text.c ---- */

void text_show(Drawing *drawing, const GlyphRun *run);

/* The page has a form with these faces; text_join_faces: and has the glyphs itself. */
void text_use_faces(Drawing *drawing, const FaceUse *faces, size_t count);
void text_join_faces(Drawing *drawing, const FaceUse *faces, size_t count);

/* A copy without room to grow, texts and all. */
FaceUse text_copy_face(Arena *arena, const FaceUse *face);

/* ---- images.c ---- */

typedef struct ImageData {
    const char *entries;          /* of the dictionary, without /SMask */
    const void *data;
    size_t length;
    bool is_deflated;
    const void *mask;             /* deflated 8-bit alpha, or NULL */
    size_t mask_length;
} ImageData;

/* Lives in `arena`; empty. */
struct PictureStore *image_store_new(Arena *arena);

/* A picture in the inks it will be printed in, 4 bytes a pixel, converted once and kept with the setup; any thread may ask.
 * NULL after a diag. */
const uint8_t *image_inks(const PressSetup *setup, const Image *image, DiagList *diags);

/* NULL entries after a diag. */
ImageData image_data(const PressSetup *setup, Arena *arena, const Image *image, DiagList *diags);

#endif
