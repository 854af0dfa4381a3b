/* private.h -- what the files of text/ share. Not for other rooms.
 *
 * Units: widths are counted in EM_UNITS parts of the text's own em (outlines: free of any size, so that a size is tried
 * without shaping again) or in Lengths (dots: shaped for one size). shaped_length() turns either into Lengths. */
#ifndef RENDER_TEXT_PRIVATE_H
#define RENDER_TEXT_PRIVATE_H

#include <stdint.h>

#include <hb.h>
#include <unicode/ubidi.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "text/text.h"

#define EM_UNITS ((int64_t)1 << 20)
#define ENGINE_FONT_SETS 64
#define ENGINE_ITERATORS 16
#define ENGINE_MARKS 256
#define ENGINE_FORMS 64
#define ENGINE_GLYPHS 1024

/* ---- dotfonts.c: the family "dots" ---- */

#define DOT_FONTS 5
typedef struct DotFont { const char *family, *exclude; } DotFont;

bool dot_fonts_is(const char *family);

/* Are there fonts for the size? Below 18 rows those drawn dot by dot are the only ones. */
bool dot_fonts_has(Length size);

/* The families for a size in whole dots, until one is NULL; `weight` is changed where they are to be bold. */
const DotFont *dot_fonts(Length size, int *weight);

/* ---- the engine ---- */

typedef struct ResolvedFonts {
    const FontSet *set;
    const char *family, *file;    /* compared too: an address may be used again */
    int weight;
    const Axis *axes;
    size_t axis_count;
    const Face **faces;           /* family first, then fallbacks */
    const char **excludes;        /* beside them: characters never taken from each, or NULL */
    Length dots;                  /* size that the family "dots" was resolved for; 0: another family */
    size_t face_count;
} ResolvedFonts;

typedef struct LineIterator {
    char lang[40];
    LineBreak strictness;
    UBreakIterator **place;       /* owned by the arena */
} LineIterator;

/* How much of a full-width mark is blank before and after its ink: font units, or dots where `dots` is the size. */
typedef struct MarkBlank { const Face *face; const char *lang; uint32_t codepoint; bool is_upright; int dots, before, after; } MarkBlank;

/* Has a face a form of its own for a character in vertical text? */
typedef struct KnownForm { const Face *face; const char *lang; uint32_t codepoint; bool is_there; } KnownForm;

/* Where words begin in a run of Chinese characters, as ICU, jieba and BudouX see it: titles and slogans come again and again. */
#define KNOWN_RUNS 1024          /* two places for each hash */
#define KNOWN_RUN_MOST 32
typedef struct KnownRun { uint8_t length, user[KNOWN_RUN_MOST], icu[KNOWN_RUN_MOST], jieba[KNOWN_RUN_MOST], budoux[KNOWN_RUN_MOST];
    uint16_t chars[KNOWN_RUN_MOST], before[2], after[2]; } KnownRun;      /* with what stands around it */

struct TextEngine {
    Arena *arena, *scratch;       /* scratch: of one text_shape, reset at its start */
    FontLibrary *library;
    FontEngine *fonts;
    bool is_dots;
    hb_buffer_t *buffer;
    UBiDi *bidi;
    UText *utext;
    void **bidi_place, **utext_place;
    ResolvedFonts sets[ENGINE_FONT_SETS];
    size_t set_count, next_set;
    ImageStore *images;           /* of emoji, or NULL */
    TextLexicon *lexicon;         /* or NULL */
    TextHyphenation *hyphenation; /* or NULL */
    KnownRun *known_runs;         /* [KNOWN_RUNS], of this lexicon; NULL: none yet */
    UBreakIterator *words;        /* ICU's words, opened when first asked for */
    void **words_place;
    MarkBlank marks[ENGINE_MARKS];
    KnownForm forms[ENGINE_FORMS];
    struct KnownGlyph { const Face *face; uint32_t codepoint; bool is_there; } glyphs[ENGINE_GLYPHS];      /* the last answers of font_has */
    LineIterator iterators[ENGINE_ITERATORS];
    size_t iterator_count, next_iterator;
};

/* The faces of a style: its set at its weight and axes; NULL after a diag. Borrowed until the next call. */
const ResolvedFonts *engine_fonts(TextEngine *engine, const TextStyle *style, DiagList *diags);

/* ---- itemised text ---- */

/* How characters stand on the line. In vertical text, which is horizontal text turned by a quarter clockwise, either they
 * lie as the line does (SIDEWAYS) or keep their heads up (UPRIGHT), alone or several in one square (COMBINED). */
typedef enum Stance { STANCE_HORIZONTAL, STANCE_SIDEWAYS, STANCE_UPRIGHT, STANCE_COMBINED } Stance;

typedef struct Char {
    uint32_t codepoint, offset;   /* offset: byte in the text */
    uint32_t span;
    hb_script_t script;
    const Face *face;             /* NULL: no glyph is needed */
    uint8_t level;                /* bidi */
    uint8_t stance;
    bool starts_grapheme, is_missing;
} Char;

/* Neighbours that are shaped together: one face, script, direction, stance and style. Logical order; none across U+000A. */
typedef struct Item {
    uint32_t start, end;          /* characters */
    uint32_t paragraph, paragraph_end;
    const Face *face;
    const TextStyle *style;
    hb_script_t script;
    uint8_t level, stance;
    const TextObject *object;     /* drawn instead of its characters, or NULL */
    bool draws_missing;           /* holds a character whose .notdef is drawn on purpose */
} Item;

typedef struct Itemised {
    Char *chars;
    size_t char_count;
    uint32_t *codepoints;         /* what HarfBuzz is given */
    Item *items;
    size_t item_count;
} Itemised;

bool itemize(TextEngine *engine, Arena *arena, const TextInput *input, Itemised *out, DiagList *diags);

/* Decide the stance of a paragraph's characters, faces and scripts known; codepoints[i] becomes the form to be shaped where
 * vertical text has another (『 for “ in Chinese). */
void vertical_stand(TextEngine *engine, const TextInput *input, Char *chars, uint32_t *codepoints, size_t count);

/* Characters that share a square: the most of them, and the most the square may hold of what they are wide. */
#define COMBINE_DIGITS_MOST 3
#define COMBINE_NARROWEST 0.5
#define COMBINE_DOTS_WIDEST 1.25  /* dots cannot be squeezed: a few stand beside the square */

/* Does an upright stop go to the upper right of its square, where the font has no form for vertical text? It does when all its
 * ink, which begins `before` below the top of the em box, is in the lower half. */
bool vertical_lifts(uint32_t c, int before, int em);

/* Lift the stops among the glyphs of an upright item that were added from `first_glyph` on; ppem 0: of outlines. */
void vertical_lift_stops(ShapedText *shaped, const Item *item, const hb_glyph_info_t *infos, unsigned count, size_t first_glyph, int ppem);

/* Squeeze the glyphs of a combined item, shaped left to right and the last that were added, into one square: side by side
 * across the line. `em`: of the item, in the glyphs' units. False after a diag (diags NULL: quietly). */
bool vertical_combine(ShapedText *shaped, uint32_t item, size_t first_glyph, int32_t em, DiagList *diags);

/* Does `c` need no glyph: controls, joiners, variation selectors, bidi controls? */
bool char_is_invisible(uint32_t c);
bool char_is_han(uint32_t c);
bool char_is_wide(uint32_t c);    /* Han, kana, and their punctuation: gaps may open beside it */

/* ---- shaped text ---- */

/* Font units, or 26.6 dots: advance and x along the line, y above it (in vertical text: to the right of it). */
typedef struct ShapedGlyph { uint32_t id; int32_t advance, x, y; } ShapedGlyph;

/* UNSAFE: cut before it, the glyphs on both sides would be others; ELONGATES: a tatweel may stand before it. */
enum { CLUSTER_SPACE = 1, CLUSTER_WIDE = 2, CLUSTER_NEWLINE = 4, CLUSTER_OBJECT = 8, CLUSTER_UNSAFE = 16, CLUSTER_ELONGATES = 32 };

typedef struct ShapedCluster {
    uint32_t start;               /* byte; it ends where the next one starts */
    uint32_t character;           /* first character */
    uint32_t glyph, glyph_count;  /* in Shaped.glyphs */
    uint32_t item;
    uint32_t flags;
} ShapedCluster;

/* Which breaks are good enough: those every dictionary agrees on, those one sees, all but those in a word of the layout. */
enum { BREAK_AGREED, BREAK_VOTED, BREAK_ANY, BREAK_LEVELS };

/* The last answer of balancing: a box asks the same question when it is measured and when it is placed. */
#define DISPLAY_LINES_MOST 24
typedef struct Balanced {
    bool is_known;
    uint32_t start, end;
    size_t fewest, more, chosen;
    int64_t measure;
    uint32_t ends[DISPLAY_LINES_MOST];
} Balanced;

/* Where a line may end; found when a line must first be broken. */
typedef struct Breaks {
    bool is_known, is_weighed;
    uint32_t *at;                 /* a line may start at this cluster; ascending */
    size_t count;
    int32_t *cost;                /* weighed: of a break there, COST_ONE = 1 of the reference's scale; COST_NEVER: in a user word */
    uint8_t *reason;              /* weighed: LineReason */
    bool *has_hyphen;             /* by cluster: a line that ends before it ends with a hyphen; NULL: none does */
    struct Seams { bool *is_anew; int64_t *start, *end; } seams;      /* see reshape.c; NULL: no line is shaped anew */
    uint8_t *votes;               /* weighed by phrases: VOTE_* of those who see a word start there; else NULL */
    struct Allowed { uint32_t *at; size_t count; } allowed[BREAK_LEVELS];      /* weighed: places up to a cost */
    Balanced balanced;
} Breaks;

enum { VOTE_ICU = 1, VOTE_JIEBA = 2, VOTE_BUDOUX = 4 };

#define COST_ONE 1000
#define COST_NEVER (INT32_MAX / 4)

/* What may be taken after a cluster to shrink a justified line (clreq, "line adjustment"); taken in this order. */
enum { GIVE_BRACKET, GIVE_COMMA, GIVE_GAP, GIVE_STOP, GIVE_ORDERS };
typedef struct Give { int64_t units, before; uint8_t order; } Give;      /* before: sum of all earlier clusters' units */

/* Words and what is read of them: never parted. */
typedef struct RubyUnit {
    uint32_t start, end;          /* clusters of the words */
    const ShapedText *note;       /* the reading, shaped */
    int64_t width;                /* of it, in units of the words' text */
    bool is_beside;               /* bopomofo: right of its character, from top to bottom */
} RubyUnit;

struct ShapedText {
    TextEngine *engine;
    Arena *arena;
    TextInput input;
    Itemised itemised;
    Length size;                  /* of the text's own style; dots: the size this was shaped for */
    bool is_dots;
    ShapedGlyph *glyphs;
    size_t glyph_count;
    ShapedCluster *clusters;      /* logical order, one more than cluster_count (a sentinel at the end of the text) */
    size_t cluster_count;
    int64_t *sum;                 /* [cluster_count + 1] advance of all clusters before, tracking included */
    int64_t *trimmed;             /* [cluster_count + 1] as sum, but without spaces and tracking at the end */
    const struct Give *give;      /* by cluster, of justified text; NULL: nothing gives */
    const int64_t *lead, *trail;  /* by cluster: blank that goes at a line's start and end; NULL: none */
    const int64_t *hang;          /* and what may hang over the end besides, when the line would be too wide; NULL: nothing */
    Breaks *breaks;
    bool has_objects, has_emoji;
    double share;                 /* with objects: how much of the em stands above the baseline */
    const RubyUnit *ruby;         /* in the order of the text */
    size_t ruby_count;
    const double *stretches;      /* by item, of combined characters squeezed into their square; NULL: none */
    bool is_mixed;                /* lines may differ in height: spans of different sizes, readings */
    const ShapedText *ellipsis;   /* "…" in the text's style, for overflow: ellipsis; or NULL */
};

hb_language_t shape_language(const char *lang);        /* "" and "zh" mean zh-hans */

/* Shape itemised text; `size` is the em of the text's own style. NULL after a diag (diags NULL: quietly). */
ShapedText *shape_items(TextEngine *engine, Arena *arena, const TextInput *input, const Itemised *itemised, Length size,
                        DiagList *diags);

/* Characters in the manner of an item, with nothing around them: their width in units, without tracking; `clusters` gets how
 * many they make. */
int64_t shape_units(const ShapedText *shaped, const Item *item, const uint32_t *codepoints, uint32_t count, size_t *clusters);
int64_t shape_tracking(const ShapedText *shaped, const Item *item);       /* in units, after each cluster */

/* Trim marks and open gaps in the sums (spacing-trim, autospace). */
void marks_apply(ShapedText *shaped);

/* ---- dots ---- */

/* Where a picture of dots has ink: left <= x < right, top <= y < bottom; all 0 when it has none. */
typedef struct DotInk { int left, top, right, bottom; } DotInk;
DotInk dots_ink(const FT_Bitmap *bitmap);

/* Fill in a mark's blank columns; none when it is not full-width or has ink in both halves. */
/* How many of a strike's rows stand above its baseline. */
int dots_above(const Face *face, int rows);
void dots_measure_mark(TextEngine *engine, const Face *face, MarkBlank *blank);

/* Figures of one width, when the style asks for them (tnum). Glyphs of one item, as HarfBuzz gave them. */
void dots_set_figures(ShapedGlyph *glyphs, const hb_glyph_info_t *infos, unsigned count, const Itemised *text, const Item *item, hb_font_t *font);

/* Shape the readings, and push words apart that these would not fit over. False after a diag. */
bool ruby_apply(ShapedText *shaped, DiagList *diags);

/* The em of a reading when the words' is `size`. */
Length ruby_size(const ShapedText *shaped, const ShapedText *note, Length size);
bool ruby_is_tone(uint32_t c);    /* of bopomofo */

/* The first unit that ends after the cluster; ruby_count: none. */
size_t ruby_from(const ShapedText *shaped, uint32_t cluster);

/* The unit that cluster is in, or NULL. */
const RubyUnit *ruby_at(const ShapedText *shaped, uint32_t cluster);

/* What stands over a line with readings, of the em: how much higher than the em box it reaches. 0: nothing. */
Length ruby_height(const ShapedText *shaped, uint32_t start, uint32_t end, Length size);

/* How much of the em stands above the baseline: the ideographic em box of the text's first face. */
double ascent_share(TextEngine *engine, const ShapedText *shaped);

/* Where an object whose words have this em stands, from the pen on the baseline (of vertical text: on the middle). */
Rect object_area(const ShapedText *shaped, const TextObject *object, Length em, double share);

/* The size of an item when the text's own em is `size`. */
Length item_size(const ShapedText *shaped, const Item *item, Length size);

static inline Length shaped_length(const ShapedText *shaped, int64_t units, Length size)
{
    if (shaped->is_dots) return units > LENGTH_MAX ? LENGTH_MAX : (Length)units;
    __int128 length = ((__int128)units * size + EM_UNITS / 2) >> 20;
    return length > LENGTH_MAX ? LENGTH_MAX : length < -LENGTH_MAX ? -LENGTH_MAX : (Length)length;
}

/* ---- emoji.c ---- */

/* Is the grapheme drawn as an emoji (Unicode Technical Standard 51, 4.3), can it be one, or is it none? */
typedef enum EmojiKind { EMOJI_NONE, EMOJI_POSSIBLE, EMOJI_WANTED } EmojiKind;
EmojiKind emoji_kind(const Char *chars, size_t count);

/* The picture of an emoji's glyph and how high it is when it is one em wide; NULL when there is none, or after a diag. */
const Image *emoji_picture(TextEngine *engine, const Face *face, uint32_t glyph, double *height);

/* ---- lines ---- */

/* Legal breaks, once. */
void segment_find(const ShapedText *shaped);

/* The iterator of a language and strictness; NULL when ICU has none. */
UBreakIterator *segment_iterator(TextEngine *engine, const char *lang, LineBreak strictness);

bool mark_ends_clause(uint32_t c);     /* 。，、 and closing marks */

/* What a break at each legal place costs (word-break: phrase), once. */
void phrase_weigh(const ShapedText *shaped);

/* ---- hyphens ---- */

#define HYPHEN_WORD_MOST 64       /* letters; longer words are not parted */

typedef struct Patterns Patterns;      /* of a language */

/* NULL when there are none; read when first asked for. */
const Patterns *patterns_find(TextEngine *engine, const char *lang);
bool patterns_report(TextEngine *engine, const char *lang, Span where, DiagList *diags);      /* say that there are none: false */

/* points[i]: may a hyphen stand before letter i? At least `before` letters before the first, `after` after the last; room
 * for count + 1. */
void patterns_divide(const Patterns *patterns, const uint32_t *letters, size_t count, int before, int after, uint8_t *points);

/* Are the patterns there that the text asks for? False after a diag. */
bool hyphenate_check(TextEngine *engine, const TextInput *input, const Itemised *text, DiagList *diags);

/* Add the places inside words to the legal breaks. */
void hyphenate_find(const ShapedText *shaped);

/* ---- words ---- */

enum { WORD_INSIDE, WORD_STARTS, WORD_SINGLE };        /* SINGLE: starts and is one character */

bool lexicon_has_dictionary(TextLexicon *lexicon);     /* maps it when first asked */

/* Characters of the longest word of the layout that begins at chars[0]; 0: none. */
size_t lexicon_user_word(const TextLexicon *lexicon, const Char *chars, size_t count);

/* Cut characters into the likeliest words; starts[i] is one of the above. `user`: length of the layout's word that begins at
 * each, or 0. The dictionary must be there. */
bool lexicon_is_phrase_start(TextLexicon *lexicon, const Char *chars, size_t count, size_t at);      /* as BudouX sees it; the dictionary must be there */
void lexicon_cut(TextLexicon *lexicon, const Char *chars, size_t count, const uint8_t *user, uint8_t *starts);

typedef struct LineRange {
    uint32_t start, end;          /* clusters; end: line end and trailing spaces excluded */
    bool ends_paragraph, has_ellipsis;
    uint8_t reason;               /* LineReason */
    int32_t cost;
    Length size;                  /* its own, of a stack; 0: the set's */
    int64_t ink_left, ink_width;  /* of a stack: units */
} LineRange;

typedef struct LineSet {
    const ShapedText *shaped;     /* dots: may be shaped again for another size */
    LineRange *lines;
    size_t count;
    Length size;
    bool fits;
    Length needed_width, needed_height;
    unsigned needed_lines;
} LineSet;

/* ---- lines shaped anew ---- */

/* For every legal break whose lines do not look as the paragraph does there: by how much they are wider. Drops those that
 * cannot be known in bounded time. */
void reshape_measure(const ShapedText *shaped);

/* A line as a text of its own, when it must be shaped anew, else NULL. Byte offsets stay those of the whole text. `measure`:
 * units that a justified line may fill. */
const ShapedText *reshape_line(const ShapedText *shaped, Arena *arena, const LineRange *line, int64_t measure);

/* Tatweels of a line, by place, in the order of the text. */
#define KASHIDAS_MOST 64
typedef struct KashidaPlace { uint32_t character; unsigned rank, tatweels; } KashidaPlace;     /* before this character */
typedef struct Kashidas { KashidaPlace places[KASHIDAS_MOST]; size_t count, total; } Kashidas;

/* Tatweels for a line that is `room` units short; false: none. */
bool kashida_choose(const ShapedText *shaped, const LineRange *line, int64_t room, Kashidas *out);

/* The most units whose rounded length is still no more than `width`. */
int64_t measure_units(const ShapedText *shaped, Length width, Length size);

/* ---- measuring and choosing ---- */

/* Can a gap between Chinese and Latin open after this cluster? */
bool marks_has_gap(const ShapedText *shaped, size_t cluster);

/* Advance of clusters [start, end) in units, as a line of its own. */
int64_t range_units(const ShapedText *shaped, uint32_t start, uint32_t end);

/* What of that width hangs over the line's end (hanging: allow-end), and is taken back where there is room. */
int64_t range_hang(const ShapedText *shaped, uint32_t start, uint32_t end);

/* Clusters [start, end), one paragraph, to be set in lines no wider than `measure`. NULL when it is too long for that. */
typedef struct Balancing Balancing;
Balancing *balance_begin(const ShapedText *shaped, Arena *arena, uint32_t start, uint32_t end, int64_t measure);

/* The cheapest way to set it in exactly `count` lines; `ends` gets where each line's successor starts. The cost, or COST_NONE
 * when there is no such way for less than `limit`. */
#define COST_NONE INT64_MAX
int64_t balance_lines(const Balancing *balancing, size_t count, int64_t limit, uint32_t *ends);

/* What it costs a line to be `off` units away from `target` (> 0). */
int64_t balance_unevenness(int64_t off, int64_t target);

/* Is it nothing but one wide character, with or without marks? */
bool line_is_lonely(const ShapedText *shaped, uint32_t start, uint32_t end);

/* The cheapest way in any number of lines, for body text; the lines (ends has room for one a break), 0 when there is none. */
size_t balance_body(const ShapedText *shaped, Arena *arena, uint32_t start, uint32_t end, int64_t measure, uint32_t *ends);

/* The way lines are filled when the style leaves it open. */
TextWrap lines_wrap(const TextStyle *style);

/* fit: stack. */
LineSet stack_choose(Arena *arena, const ShapedText *shaped, Length width, Length height);

LineSet lines_choose(TextEngine *engine, Arena *arena, const ShapedText *shaped, Length width, Length height);

/* Advance of clusters [start, end) without trailing spaces and tracking. */
Length range_width(const ShapedText *shaped, uint32_t start, uint32_t end, Length size);

/* A line's height: by the leading of its largest em; and what must be added above and below where that leaves too little for
 * readings and objects. `is_first`: nothing stands over it whose white space it could use. */
typedef struct LineRoom { Length height, largest, above, below; } LineRoom;
LineRoom line_room(const ShapedText *shaped, uint32_t start, uint32_t end, Length size, bool is_first);

static inline bool is_vertical(const ShapedText *shaped) { return shaped->input.style->writing != WRITING_HORIZONTAL_TB; }

/* ---- from the line to the page: where the directions of writing part ---- */

static inline Length text_bounded(int64_t length)
{
    return length > LENGTH_MAX ? LENGTH_MAX : length < -LENGTH_MAX ? -LENGTH_MAX : (Length)length;
}

/* The point `along` a line and `up` from its baseline. A vertical line runs down, up is right. */
static inline Point line_point(bool vertical, Length baseline, int64_t along, int64_t up)
{
    return vertical ? (Point){text_bounded(baseline + up), text_bounded(along)} : (Point){text_bounded(along), text_bounded(baseline - up)};
}

/* The rectangle from `along` on, `length` long, from `up` on up, `thick` high. */
static inline Rect line_rect(bool vertical, Length baseline, int64_t along, int64_t up, Length length, Length thick)
{
    Point corner = line_point(vertical, baseline, along, vertical ? up : up + thick);
    return vertical ? (Rect){corner.x, corner.y, thick, length} : (Rect){corner.x, corner.y, length, thick};
}

/* Does a cluster get a mark of this kind? Then the marks of a line are drawn. */
bool stress_marks(const ShapedText *shaped, const ShapedCluster *cluster, Emphasis emphasis);
void stress_draw(const TextLine *line, Length x, Length y, Arena *arena, SceneBuilder *scene);

/* ---- decorate.c ---- */

/* Do both ask for one and the same line, with the same shadow? */
bool decoration_is_same(const TextStyle *a, const TextStyle *b);

/* The lines that lie under the letters (underline, overline) or over them (line-through), or their shadows. */
void decorate_draw(const TextLine *line, bool is_over, bool is_shadow, Length x, Length y, Arena *arena, SceneBuilder *scene);

/* Waves from one point to the other along a line: half waves, `half` long as near as they go, `high` to either side. */
void decorate_wave(bool vertical, Length baseline, int64_t along, Length length, Length half, int64_t up, Length high, Length thick, const Color *color,
                   Length x, Length y, Arena *arena, SceneBuilder *scene);

/* What is spent on the gaps of a line: by cluster from its start, what opens (or, below 0, closes) after it; NULL: nothing. */
typedef struct Slack {
    const ShapedText *shaped;
    Arena *arena;
    const LineRange *line;
    Length size;
    const Length *gap_after;
} Slack;

/* A line that is too wide gives back what its marks and gaps can spare; one with room opens them. Both answer what was spent. */
Length slack_close(Slack *slack, Length excess);
Length slack_open(Slack *slack, Length spare, bool is_distributed);

TextBlock place_lines(TextEngine *engine, Arena *arena, const LineSet *set, Length measure);

#endif
