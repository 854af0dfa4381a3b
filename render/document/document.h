/* document.h -- a layout file, read, merged, checked and frozen.
 *
 * Inside: load.c (extends, use, vars, --set), parts.c (parts and slots are expanded away), schema.c (the one table: every
 * key with type, range, initial value and help), check.c (the table applied to the YAML tree), styles.c (the cascade),
 * template.c (text with {{placeholders}} and inline styles), manual.c (JSON Schema, `explain`, the reference of
 * layouts/README.md). Other folders include only this header.
 *
 * A Document never changes once document_read has answered, and may be read by any number of threads. All Lengths are
 * absolute: 1/1024 pt on paper; 1/1024 px on screens (kind led and picture), where 1 pt = 4/3 px and 1 in = 96 px as in
 * CSS. */
#ifndef RENDER_DOCUMENT_DOCUMENT_H
#define RENDER_DOCUMENT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/color.h"
#include "base/diag.h"
#include "base/length.h"
#include "base/strbuf.h"

/* ---- values ---- */

/* A length as written: resolved here as far as it can be. */
typedef enum DimUnit { DIM_UNSET, DIM_AUTO, DIM_LENGTH, DIM_EM, DIM_PERCENT } DimUnit;
typedef struct Dim {
    DimUnit unit;
    Length length;                /* DIM_LENGTH */
    double number;                /* DIM_EM: in em of the box's own text size (of the base style where there is none); DIM_PERCENT: 0-100 of the parent's inner box */
    Span where;
} Dim;

typedef enum Report { REPORT_ERROR, REPORT_WARN, REPORT_OFF } Report;

/* ---- text: strings with placeholders and inline styles ---- */

typedef enum FilterKind { FILTER_ADD, FILTER_DATE, FILTER_DEFAULT, FILTER_DIGITS, FILTER_PAD, FILTER_TEL, FILTER_TRIM, FILTER_UNTIL, FILTER_UPPER } FilterKind;
typedef struct Filter { FilterKind kind; const char *argument; } Filter;   /* argument: after the colon, or NULL */

typedef struct TextStyle TextStyle;
typedef struct Template Template;

/* What is read of words, set above or beside them: [words]{ruby: reading}. */
typedef struct Ruby {
    const Template *reading;      /* one reading for all the words, or as many as they have characters, between spaces */
    const TextStyle *style;       /* of the reading: half the size of the words, and what the style named "ruby" says */
    Span where;
} Ruby;

/* A picture or a code that stands for words in a line: [words]{image: file, height: 1.2em}. */
typedef struct InlineBox {
    bool is_code;
    const Template *content;      /* the file, or what the QR code says */
    double height;                /* em of the words around it; a code's with its quiet zone */
    bool is_on_baseline;          /* else in the middle of the em */
    unsigned quiet;               /* modules */
    int level;                    /* QrLevel */
    const Source *relative_to;
    Span where;
} InlineBox;

typedef struct Segment {
    const char *literal;          /* text as such (never parsed again); NULL for a placeholder. Vars and strings are already literals */
    const char *field;            /* "community", "station.phone", "@row"; NULL for a literal */
    const Filter *filters;        /* of a placeholder, or of a literal that a var became: data_fill applies them to both */
    size_t filter_count;
    const TextStyle *style;       /* inline style ([words]{style}, **strong**), or NULL for the text's own */
    const Ruby *ruby;             /* of the words that this is a part of, or NULL */
    const InlineBox *box;         /* stands for the words that this is a part of, or NULL */
    Span where;
} Segment;

struct Template {
    const Segment *segments;      /* no segment: the empty text */
    size_t segment_count;
    bool is_static;               /* no placeholder is left */
    Span where;
};

/* ---- text style: the cascade is done; every field has its final value ---- */

typedef enum FontWeight { WEIGHT_LIGHT = 300, WEIGHT_REGULAR = 400, WEIGHT_MEDIUM = 500, WEIGHT_BOLD = 700, WEIGHT_BLACK = 900 } FontWeight;
typedef enum TextAlign { TEXT_LEFT, TEXT_CENTER, TEXT_RIGHT, TEXT_JUSTIFY, TEXT_DISTRIBUTE, TEXT_START, TEXT_END } TextAlign;
typedef enum TextDirection { DIRECTION_AUTO, DIRECTION_LTR, DIRECTION_RTL } TextDirection;     /* AUTO: that of the language */
typedef enum Kashida { KASHIDA_NONE, KASHIDA_AUTO } Kashida;
typedef enum TextValign { VALIGN_TOP, VALIGN_MIDDLE, VALIGN_BOTTOM } TextValign;
typedef enum TextFit { FIT_NONE, FIT_SHRINK, FIT_GROW, FIT_STACK } TextFit;
typedef enum TextOverflow { OVERFLOW_ERROR, OVERFLOW_CLIP, OVERFLOW_ELLIPSIS } TextOverflow;
typedef enum LineBreak { LINE_BREAK_ANYWHERE, LINE_BREAK_LOOSE, LINE_BREAK_NORMAL, LINE_BREAK_STRICT } LineBreak;
typedef enum WordBreak { WORD_BREAK_NORMAL, WORD_BREAK_KEEP_ALL, WORD_BREAK_PHRASE } WordBreak;
typedef enum TextWrap { WRAP_STABLE, WRAP_BALANCE, WRAP_PRETTY, WRAP_AUTO } TextWrap;     /* AUTO: not given */
typedef enum SpacingTrim { TRIM_SPACE_ALL, TRIM_NORMAL, TRIM_START, TRIM_BOTH, TRIM_ALL } SpacingTrim;
typedef enum Hanging { HANGING_NONE, HANGING_FIRST, HANGING_LAST, HANGING_ALLOW_END, HANGING_FORCE_END } Hanging;
typedef enum RubyMode { RUBY_NONE, RUBY_AUTO } RubyMode;
typedef enum Emphasis { EMPHASIS_NONE, EMPHASIS_DOT, EMPHASIS_CIRCLE, EMPHASIS_LINE, EMPHASIS_WAVY } Emphasis;
typedef enum WritingMode { WRITING_HORIZONTAL_TB, WRITING_VERTICAL_RL, WRITING_VERTICAL_LR } WritingMode;
typedef enum Orientation { ORIENTATION_MIXED, ORIENTATION_UPRIGHT, ORIENTATION_SIDEWAYS } Orientation;     /* of characters in vertical text */
typedef enum Combine { COMBINE_NONE, COMBINE_DIGITS, COMBINE_ALL } Combine;
typedef enum Hyphens { HYPHENS_NONE, HYPHENS_MANUAL, HYPHENS_AUTO } Hyphens;
typedef enum Autospace { AUTOSPACE_NONE, AUTOSPACE_NORMAL } Autospace;

typedef enum StyleJoin { JOIN_ROUND, JOIN_MITER, JOIN_BEVEL } StyleJoin;     /* corners of an outline */

enum { DECORATION_UNDERLINE = 1, DECORATION_THROUGH = 2, DECORATION_OVERLINE = 4 };
typedef enum DecorationStyle { DECORATION_SOLID, DECORATION_DOUBLE, DECORATION_DOTTED, DECORATION_DASHED, DECORATION_WAVY } DecorationStyle;

/* Lines along words (CSS Text Decoration 4), at one height and of one thickness whatever is set within. */
typedef struct Decoration {
    unsigned lines;               /* DECORATION_*; 0: none */
    DecorationStyle style;
    const Color *color;           /* of the words where it was declared, unless given */
    double thickness, offset;     /* em; offset: of an underline, from the baseline to its upper edge */
    Length size;                  /* that em */
} Decoration;

/* A set of fonts as `fonts` declares it: families are looked up by font/. */
typedef struct FontSet {
    const char *name;
    const char *family;           /* or NULL when `file` is given */
    const char *file;             /* resolved path, or NULL */
    const char *const *fallback;  /* further families, in order */
    const Span *fallback_spans;
    size_t fallback_count;
    const char *exclude;          /* characters never taken from `family`, or NULL */
    size_t index;                 /* position in Document.fonts: a key for caches */
    Span where;                   /* of the family or file */
} FontSet;

typedef struct Feature { char tag[5]; unsigned value; } Feature;
/* variant-numeric: normal, then a bit for each of these. */
enum { NUMERIC_COUNT = 8 };
extern const char *const numeric_features[NUMERIC_COUNT];
typedef struct Axis { char tag[5]; double value; } Axis;

struct TextStyle {
    const FontSet *font;
    Length size;
    FontWeight weight;
    const Color *color;
    TextAlign align;
    TextValign valign;
    double leading;               /* baseline to baseline, factor of the size */
    double tracking;              /* added after each character, em */
    const char *lang;             /* BCP 47 */
    TextFit fit;
    Length fit_min, fit_max;      /* final: shrink down to fit_min; grow up to fit_max */
    TextOverflow overflow;
    unsigned lines;               /* at most so many lines; 0: no limit */
    LineBreak line_break;
    WordBreak word_break;
    TextWrap wrap;
    SpacingTrim spacing_trim;
    Autospace autospace;
    Emphasis emphasis;
    Hanging hanging;
    TextDirection direction;
    Kashida kashida;
    Hyphens hyphens;
    unsigned hyphenate_chars, hyphenate_before, hyphenate_after;      /* letters: of the word, before and after the hyphen, at least */
    WritingMode writing;
    Orientation orientation;
    Combine combine;
    const Color *stroke_color;    /* outline, drawn outside the glyph; NULL: none */
    Length stroke_width;
    StyleJoin stroke_join;
    const Color *shadow_color;    /* NULL: none */
    Length shadow_x, shadow_y;
    Decoration decoration;
    RubyMode ruby;
    const TextStyle *note;        /* of RUBY_AUTO: the style of readings; else NULL */
    unsigned numeric;             /* bits in the order of numeric_features */
    const Feature *features;
    size_t feature_count;
    Span features_where;          /* of these or those */
    const Axis *axes;             /* of a variable font */
    size_t axis_count;
    Span axes_where;
};

/* Does the text run from right to left, by `direction` and `lang`? */
bool style_is_backward(const TextStyle *style);

/* The alignment with start and end resolved; of a justified text that of its last lines is style_align_last. */
TextAlign style_align(const TextStyle *style);
TextAlign style_align_last(const TextStyle *style);

/* ---- boxes ---- */

typedef enum NodeKind { NODE_TEXT, NODE_IMAGE, NODE_QRCODE, NODE_BARCODE, NODE_SHAPE, NODE_BOX, NODE_SPACE } NodeKind;
typedef enum BoxKind { BOX_ROW, BOX_COLUMN, BOX_LAYERS, BOX_GRID } BoxKind;
typedef enum BoxAlign { ALIGN_START, ALIGN_CENTER, ALIGN_END, ALIGN_STRETCH, ALIGN_BASELINE } BoxAlign;   /* initial: stretch */
typedef enum BoxJustify { JUSTIFY_START, JUSTIFY_CENTER, JUSTIFY_END, JUSTIFY_SPACE_BETWEEN, JUSTIFY_SPACE_AROUND } BoxJustify;
typedef enum Anchor { ANCHOR_TOP_LEFT, ANCHOR_TOP, ANCHOR_TOP_RIGHT, ANCHOR_LEFT, ANCHOR_CENTER, ANCHOR_RIGHT,
                      ANCHOR_BOTTOM_LEFT, ANCHOR_BOTTOM, ANCHOR_BOTTOM_RIGHT } Anchor;   /* anchor / 3 = row, anchor % 3 = column */
typedef enum Cover { COVER_NONE, COVER_BLEED, COVER_PAGE, COVER_SAFE } Cover;
typedef enum Role { ROLE_NONE, ROLE_DECORATION, ROLE_HEADING, ROLE_FIGURE } Role;
typedef enum ImageFit { IMAGE_CONTAIN, IMAGE_COVER, IMAGE_FILL } ImageFit;
typedef enum ShapeKind { SHAPE_RECT, SHAPE_ELLIPSE, SHAPE_LINE, SHAPE_PATH } ShapeKind;
typedef enum BarcodeType { BARCODE_CODE128, BARCODE_EAN13, BARCODE_DATAMATRIX } BarcodeType;
typedef enum QrLevel { QR_L, QR_M, QR_Q, QR_H } QrLevel;

/* when / unless: every column must have its value (NULL: must not be empty). */
typedef struct Condition { const char *column; const char *value; Span where; } Condition;

typedef enum Effect { EFFECT_NONE, EFFECT_STILL, EFFECT_SCROLL_LEFT, EFFECT_SCROLL_RIGHT, EFFECT_SCROLL_UP, EFFECT_SCROLL_DOWN,
                      EFFECT_SLIDE_LEFT, EFFECT_SLIDE_RIGHT, EFFECT_SLIDE_UP, EFFECT_SLIDE_DOWN, EFFECT_WIPE, EFFECT_CURTAIN, EFFECT_TYPEWRITER,
                      EFFECT_BLINK, EFFECT_CUT } Effect;

/* The LED keys of a playlist item. */
typedef struct Motion {
    Effect effect;                /* EFFECT_NONE: enter / hold / exit tell */
    Effect enter, exit;           /* EFFECT_NONE means cut */
    double hold_seconds;          /* < 0: not given */
    double speed_px_s, speed_c_s; /* dots, or characters a second; < 0: not given */
    unsigned repeat;              /* times, at least 1 */
    Span effect_span, enter_span, exit_span, hold_span, speed_span;
} Motion;

typedef struct Border { Length width; const Color *color; } Border;    /* color NULL: none */

typedef struct Node Node;
struct Node {
    NodeKind kind;
    Span where;                   /* of the kind key's value */
    Span box_span;                /* of the kind key itself */
    const char *path;             /* "/body/items/1/text" */
    const char *id;               /* or NULL */
    bool is_static;               /* nothing in it depends on the data or a built-in */
    const Condition *when, *unless;
    size_t when_count, unless_count;
    bool has_at;
    Dim at[2];
    Anchor anchor;
    Cover cover;
    Dim width, height;
    double grow;
    Dim padding[4];               /* top right bottom left */
    const Color *background;
    Border border;
    Dim radius;
    double rotate;                /* degrees clockwise */
    double opacity;               /* 0-1 */
    bool clip;
    const Template *alt;          /* or NULL */
    Role role;
    const Color *plate;           /* or NULL */
    const TextStyle *style;       /* of a text; else of the surroundings: its size is the box's em */
    Motion motion;                /* of a playlist item */
    union {
        struct { const Template *content; } text;
        struct { const Template *file; ImageFit fit; double dpi; const Source *relative_to; } image;     /* dpi 0: from the box */
        struct { const Template *data; QrLevel level; unsigned quiet; const Color *color; } qrcode;       /* quiet: modules */
        struct { const Template *data; BarcodeType type; const Color *color; } barcode;
        struct { ShapeKind kind; const Color *fill; Border stroke; const char *d; Span d_span; } shape;
        struct { BoxKind kind; const Node *const *items; size_t count; Dim gap[2]; BoxAlign align; BoxJustify justify;
                 unsigned columns, rows; } box;                                                           /* gap: row gap (y), column gap (x) */
        struct { Dim length; } space;
    } u;
};

/* ---- page, sheet, fold, screen, data, checks, output ---- */

typedef enum DocKind { DOC_POSTER, DOC_STICKER, DOC_LEAFLET, DOC_BOOKLET, DOC_LED, DOC_PICTURE } DocKind;

enum { MARK_CROP = 1, MARK_FOLD = 2, MARK_REGISTRATION = 4, MARK_COLOR_BAR = 8, MARK_GRAY_BAR = 16, MARK_DIE = 32, MARK_PLATES = 64 };

typedef struct Page {
    Size size;                    /* trim size */
    Length bleed;
    Sides margin;                 /* the safe area */
    unsigned marks;
    Length mark_length, mark_offset;      /* of crop and fold marks; offset from the trim edge, 0: clear of the bleed */
    const Template *label;        /* beside the marks, or NULL */
    const TextStyle *label_style;
    Span where, label_span;
} Page;

typedef enum SheetOrder { ORDER_ROW, ORDER_COLUMN, ORDER_STACK } SheetOrder;
typedef enum SheetRotate { ROTATE_AUTO, ROTATE_NEVER, ROTATE_ALWAYS } SheetRotate;

/* How the back is printed. Sheetwise: on a side of its own. The others: front and back lie on one side, which is printed twice. */
typedef enum Duplex { DUPLEX_NONE, DUPLEX_SHEETWISE, DUPLEX_WORK_AND_TURN, DUPLEX_WORK_AND_TUMBLE } Duplex;
typedef enum SheetFlip { FLIP_TURN, FLIP_TUMBLE, FLIP_LONG_EDGE, FLIP_SHORT_EDGE } SheetFlip;

typedef enum CutShape { CUT_RECT, CUT_ELLIPSE, CUT_PATH } CutShape;

typedef struct Sheet {
    bool is_given;
    Size size;
    unsigned columns, rows;       /* 0: as many as fit */
    SheetRotate rotate;
    Length gap_x, gap_y;
    bool is_centered;
    Sides margin;
    Length gripper;               /* at the foot; where the sheet is tumbled also at the head */
    SheetOrder order;
    Duplex duplex;
    SheetFlip flip;               /* of duplex: sheetwise */
    Point back_shift;             /* of the back side, right and down, as somebody who looks at it sees it */
    unsigned marks;
    Length mark_length, mark_offset;
    const Template *label;        /* or NULL */
    const TextStyle *label_style;
    const Color *cut_color;       /* plate of the die line, or NULL */
    CutShape cut_shape;
    const char *cut_d;            /* of a path: SVG path data, fitted into the trim box; or NULL */
    Length cut_radius, cut_offset;
    Span cut_span, cut_d_span, cut_radius_span;
    unsigned first, repeat;       /* from 1; copies of each piece, at least 1; repeat 0: a whole sheet of each */
    Span where, gap_span, grid_span, duplex_span, flip_span, shift_span;
} Sheet;

typedef enum FoldType { FOLD_NONE, FOLD_HALF, FOLD_ROLL, FOLD_Z, FOLD_GATE, FOLD_DOUBLE_GATE, FOLD_MAP } FoldType;
typedef struct Fold {
    FoldType type;
    const Length *panels;         /* widths on page 1 from left to right */
    size_t panel_count;           /* across */
    const Length *rows;           /* heights from the top */
    size_t row_count;             /* 1 but for maps */
    Length compensation;
    const Color *crease;          /* plate of lines along the folds, or NULL */
    Span where;
} Fold;

/* kind booklet: pages folded into each other and stapled through the fold. */
typedef enum Binding { BINDING_LEFT, BINDING_RIGHT } Binding;
typedef struct Booklet { Binding binding; Length creep; } Booklet;      /* creep: of each leaf against the one around it */

typedef struct Panel { const char *name; const Color *background; const Node *body; } Panel;
typedef struct DocPage {
    const char *name;             /* or NULL */
    const Node *body;             /* NULL when there are panels */
    const Panel *panels;          /* from left to right as printed on this side, row by row */
    size_t panel_count;
} DocPage;

/* How things follow one another: line by line, or there and back (serpentine). */
typedef enum PanelPath { PATH_ROWS, PATH_COLUMNS, PATH_ROWS_SERPENTINE, PATH_COLUMNS_SERPENTINE } PanelPath;
typedef enum PanelFlip { FLIP_NONE, FLIP_HORIZONTAL, FLIP_VERTICAL } PanelFlip;

/* Equal panels in a grid, dots of the screen on channels of the controller. Sizes are px, as they hang. */
typedef struct ScreenPanel {
    unsigned x, y;                /* top left corner on the screen */
    unsigned width, height;       /* of one panel */
    unsigned tile_columns, tile_rows;
    PanelPath chain;              /* from panel to panel */
    bool turns_back;              /* serpentine chain: every second line of panels hangs upside down */
    PanelPath wiring;             /* from dot to dot, seen by the panel */
    enum { TURN_0, TURN_90, TURN_180, TURN_270 } rotate;         /* clockwise, how the panel hangs */
    PanelFlip flip;               /* before it is turned */
    enum { LAMPS_RGB, LAMPS_RBG, LAMPS_GRB, LAMPS_GBR, LAMPS_BRG, LAMPS_BGR } order;
    unsigned start;               /* first channel, from 1; 0: after the panel before */
    Span where, start_span;
} ScreenPanel;

typedef enum ScreenColor { SCREEN_RED, SCREEN_AMBER, SCREEN_GREEN, SCREEN_BLUE, SCREEN_WHITE, SCREEN_RED_GREEN, SCREEN_RGB } ScreenColor;
typedef struct Screen {
    const char *profile;          /* of the library, or NULL */
    unsigned columns, rows;       /* modules; 0: not given */
    int width, height;            /* px */
    double pitch_mm;              /* 0: not given */
    ScreenColor color;
    unsigned levels;              /* 2: no grey; 256: full */
    unsigned fps;
    double distance_m;            /* 0: not given */
    const ScreenPanel *map;       /* of outputs that address lamps; none: row by row from the top left dot */
    size_t map_count;
    double current_a;             /* with all lamps at full; 0: not known */
    bool is_current_estimate;     /* it is the library's */
    double current_limit_a;       /* 0: not given */
    const char *now;              /* "2026-11-26T08:00:00": what clocks begin with in a file; NULL: not given */
    Span where, limit_span;
} Screen;

typedef struct Playlist {
    const Node *const *items;     /* each with its motion */
    size_t count;
    bool is_forever;
    unsigned loop;                /* times, when not forever */
    bool seamless;
    Length gap;
    Span where;
} Playlist;

/* A part of a screen with a playlist of its own; all of them loop for ever. */
typedef struct Area {
    const char *name;             /* never NULL */
    int x, y, width, height;      /* px; inside the screen, beside the others */
    const Color *background;      /* or NULL: dark */
    Playlist playlist;
    Span where;
} Area;

typedef enum ColumnType { COLUMN_TEXT, COLUMN_NUMBER, COLUMN_DATE, COLUMN_URL } ColumnType;
typedef struct ColumnRule {
    const char *name;
    bool required;
    const char *pattern;          /* PCRE2 regular expression that must match the whole field, or NULL */
    unsigned max;                 /* characters; 0: no limit */
    ColumnType type;
    Span where, pattern_span;
} ColumnRule;
typedef struct NamedSpan { const char *name; Span where; } NamedSpan;
typedef struct FilterRule { const char *column; const char *const *values; size_t value_count; Span where; } FilterRule;
/* file: resolved path. */
typedef struct LookupRule { const char *column, *file, *key; Span where, file_span, key_span; } LookupRule;
typedef enum Encoding { ENCODING_AUTO, ENCODING_UTF8, ENCODING_GB18030, ENCODING_UTF16 } Encoding;

typedef struct DataSpec {
    bool is_given;
    const char *rows;             /* resolved path or "-" */
    const char *rows_written;     /* as the layout says it */
    Encoding encoding;
    char delimiter;               /* 0: by the file's ending */
    const char *sheet;            /* xlsx */
    const ColumnRule *columns;  size_t column_count;
    const NamedSpan *unique;    size_t unique_count;
    const FilterRule *filter;   size_t filter_count;
    const NamedSpan *sort;      size_t sort_count;
    NamedSpan copies;             /* name NULL: none */
    const LookupRule *lookup;   size_t lookup_count;
    Span where, rows_span;
} DataSpec;

/* A limit of the print profile, changed by the layout: in the unit of its rule (pt, mm, per cent, ppi, a count); < 0: never. */
typedef struct PrintLimit { const char *rule; double warn, error; } PrintLimit;
#define PRINT_LIMITS 16

typedef struct Checks {
    Report overflow, missing_glyph, empty_field, punctuation, look_alike, emoji;
    double burn_in;               /* share of a loop, 0-1; 0: off */
    Length min_size;
    double contrast;              /* ratio; 0: auto; < 0: off */
    double distance_m;            /* 0: none */
    double image_dpi_warn, image_dpi_error;
    const char *profile;          /* of the press; "sheetfed-coated" when not given */
    PrintLimit limits[PRINT_LIMITS];
    size_t limit_count;
    enum { QR_CHECK_SAMPLE, QR_CHECK_ALL, QR_CHECK_OFF } qrcode;
} Checks;

typedef enum OutputFormat { FORMAT_UNSET, FORMAT_PDF, FORMAT_PNG, FORMAT_PNG_SEQUENCE, FORMAT_SVG,
                            FORMAT_GIF, FORMAT_APNG, FORMAT_WEBP, FORMAT_Y4M, FORMAT_RGB, FORMAT_FSEQ, FORMAT_FSEQ_PLAIN, FORMAT_FSEQ_V1,
                            FORMAT_STREAM, FORMAT_MP4 } OutputFormat;      /* from FORMAT_GIF on: films of a screen */
typedef struct Output {
    OutputFormat format;
    const char *standard;         /* "PDF/X-4", "PDF/VT-1", or NULL: a screen PDF */
    Span standard_span;
    const NamedSpan *record;  size_t record_count;  /* columns that a PDF/VT file says of each record */
    const char *profile;          /* resolved path of an ICC profile, or NULL */
    Span profile_span;
    double dpi;                   /* of a PNG of a paper layout; initial 150 */
    const Template *cut_file;     /* or NULL */
    const Template *name;         /* path relative to the current folder; placeholders allowed; or NULL */
    const char *preview;          /* or NULL */
    enum { DUPLICATES_COPY, DUPLICATES_LINK } duplicates;        /* of an LED screen's frames; link: hard links to the first */
    Span where, preview_span;
} Output;

/* How a word is read wherever `ruby: auto` meets it. */
typedef struct Reading { const char *word, *reading; Span where; } Reading;

/* A key that was given, is right, but whose drawing is not there yet and would change the picture. */
typedef struct NotYet { const char *key; Span where; const char *path; } NotYet;

/* A placeholder somewhere in the document: data/ checks that the column is there. */
typedef struct FieldUse { const char *field; Span where; const char *path; } FieldUse;

typedef struct Document {
    const Source *source;         /* the layout file itself */
    DocKind kind;
    bool is_screen;               /* led, picture: Lengths are px */
    const char *title;            /* "" when not given */
    const char *lang;             /* "zh-Hans" when not given */
    Page page;                    /* led: the screen's size, no bleed */
    Sheet sheet;
    Fold fold;
    Booklet booklet;              /* of kind booklet */
    Screen screen;
    Playlist playlist;            /* of a screen with areas: no items, for ever */
    const Area *areas;  size_t area_count;
    const DocPage *pages;  size_t page_count;       /* 0 for led; `body` counts as one page */
    DataSpec data;
    Checks checks;
    Output output;
    const FontSet *fonts;  size_t font_count;
    const Color *colors;   size_t color_count;
    const TextStyle *const *font_styles; size_t font_style_count;      /* every style that asks its font for axes or features, once */
    const char *const *words;  size_t word_count;
    const Reading *readings;   size_t reading_count;      /* by length in bytes, then by bytes */
    const char *const *var_names; size_t var_count; /* vars, for did-you-mean of placeholders */
    const FieldUse *fields; size_t field_count;     /* every placeholder left, when/unless columns included */
    const NotYet *not_yet;  size_t not_yet_count;
    const Source *const *files; size_t file_count;  /* every layout and style sheet read, in order */
} Document;

typedef struct Setting { const char *name, *value; } Setting;        /* --set name=value */

typedef struct DocumentOptions {
    const Setting *settings;
    size_t setting_count;
    const char *strings_lang;     /* --lang: chooses from `strings`; NULL: the layout's own */
} DocumentOptions;

/* Read the layout at `path` with its templates and style sheets. Reports all problems; NULL when any was an error. The
 * Document and all it holds live in `arena`. */
const Document *document_read(Arena *arena, const char *path, const DocumentOptions *options, DiagList *diags);

/* The argument of the filter `until`: a date or time, and one of "days" "hours" "minutes" "seconds" "clock". */
bool template_read_until(Arena *arena, const char *argument, Civil *target, const char **unit);

/* Parse a text with placeholders outside of a layout (for tests and `name` options). No vars. */
const Template *document_parse_template(Arena *arena, const Source *source, DiagList *diags);

/* ---- the manual, from the same table ---- */

/* A JSON Schema (draft-07) for editors. */
void document_write_schema(StrBuf *out);

/* The page of a key ("fit", "text", "sheet.gap") or of an error code ("unknown-key"), as plain text; false when there is
 * none, with `*nearest` a name that is like it, or NULL. */
bool document_explain(StrBuf *out, const char *name, const char **nearest);

/* All error codes, in groups. */
void document_list_codes(StrBuf *out);

/* The reference chapters of layouts/README.md, as Markdown. */
void document_write_reference(StrBuf *out);

#endif
