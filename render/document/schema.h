/* schema.h -- the shape of the one table (schema.c) that parser, range check, spelling hint, JSON Schema, `explain` and
 * the reference are all read from. Private to document/. */
#ifndef RENDER_DOCUMENT_SCHEMA_H
#define RENDER_DOCUMENT_SCHEMA_H

#include "base/yaml.h"
#include "document/document.h"

typedef struct Reader Reader;

typedef enum ValueKind {
    VALUE_TEXT,           /* const char * */
    VALUE_PATH,           /* const char *, resolved against the file that names it */
    VALUE_TEMPLATE,       /* const Template * */
    VALUE_BOOL,           /* bool */
    VALUE_CHOICE,         /* an enum: the index of the choice */
    VALUE_COUNT,          /* unsigned */
    VALUE_NUMBER,         /* double */
    VALUE_LENGTH,         /* Length; range in mm */
    VALUE_SIDES,          /* Sides */
    VALUE_DIM,            /* Dim; range in mm */
    VALUE_DIM_PAIR,       /* Dim[2] */
    VALUE_DIM_SIDES,      /* Dim[4] */
    VALUE_COLOR,          /* const Color *, declared or a gradient written in place */
    VALUE_SECONDS,        /* double */
    VALUE_METRES,         /* double */
    VALUE_MILLIMETRES,    /* double */
    VALUE_AMPERES,        /* double */
    VALUE_MARKS,          /* unsigned, MARK_* */
    VALUE_OBJECT,         /* a struct: the rows of `object` */
    VALUE_CUSTOM,         /* whatever `set` makes of it; `values` says what is written */
    VALUE_KINDS
} ValueKind;

enum {
    ROW_REQUIRED = 1,
    ROW_PERCENT = 2,
    ROW_AUTO = 4,
    ROW_EM = 8,
    ROW_NEGATIVE = 16,
    ROW_COMPUTED = 32,    /* `initial` is said in words, code computes it */
    ROW_NO_FIELD = 64,    /* checked, kept nowhere: read elsewhere */
    ROW_PLAIN = 256,      /* a colour that is no gradient */
    ROW_PLATE = 512,      /* a colour may also be the name that shops give a plate */
};

typedef struct Object Object;
typedef struct Row Row;
struct Row {
    const char *name;
    ValueKind kind;
    unsigned flags;
    double min, max;              /* both 0: the kind's own range */
    const char *const *choices;   /* NULL-terminated */
    const char *initial;          /* NULL: none */
    const char *values;           /* of VALUE_CUSTOM: what is written, in words */
    const char *json;             /* of VALUE_CUSTOM: JSON Schema fragment (without braces); NULL: anything */
    const char *help;
    size_t offset;
    size_t span_at;               /* offset of a Span that keeps the place, + 1; 0: none */
    const Object *object;
    bool (*set)(Reader *reader, const Row *row, const YamlNode *value, void *base);
};

struct Object {
    const char *name;             /* as messages and `explain` say it */
    const Row *rows;
    size_t count;
    const char *help;
};

/* A box kind: the common keys, its own, and for text the style keys. */
typedef struct BoxType {
    const char *key;
    int node_kind;                /* NodeKind, or -1: expanded away */
    const Object *own;
    bool has_style;
} BoxType;

extern const Object object_file, object_page, object_sheet, object_cut, object_fold, object_booklet, object_screen, object_screen_panel, object_playlist,
    object_data, object_column, object_lookup, object_checks, object_image_dpi, object_limits, object_output, object_color, object_font,
    object_style, object_style_extends, object_stroke, object_outline, object_shadow, object_decoration, object_fit, object_border, object_part_definition,
    object_doc_page, object_panel, object_common, object_motion, object_linear_gradient, object_radial_gradient;
extern const Object object_screen_area;
extern const Object object_text, object_image, object_qrcode, object_barcode, object_shape, object_box, object_part, object_slot,
    object_space;

extern const BoxType box_types[];
extern const size_t box_type_count;
extern const Object *const all_objects[];
extern const size_t all_object_count;

extern const int weight_values[];         /* in the order of the choices of `weight` */

/* The row called `name`, or NULL. */
const Row *object_find(const Object *object, const char *name);
const BoxType *box_type_find(const char *key);

/* Every error code of the program. */
typedef enum CodeLevel { CODE_ERROR, CODE_WARNING, CODE_EITHER, CODE_SYSTEM } CodeLevel;
typedef struct CodeEntry {
    const char *group;            /* on the first code of a group: its heading; else NULL */
    const char *code;
    CodeLevel level;
    const char *meaning, *remedy; /* whole sentences */
    const char *wrong, *right;    /* an example; either may be NULL */
} CodeEntry;
extern const CodeEntry all_codes[];
extern const size_t all_code_count;

#endif
