/* text.h -- a filled text becomes lines of positioned glyphs.
 *
 * Inside, one step per file: itemize.c (bidi, script, language, font with fallback per grapheme), shape.c (HarfBuzz, whole
 * paragraph as context), vertical.c (who stands and who lies in vertical lines), marks.c (punctuation trimmed, gaps between
 * Chinese and Latin; dots.c: on strikes; dotfonts.c: which), segment.c (where a line may end: ICU in the paragraph's language
 * and clreq's rules), hyphenate.c (in words; patterns.c), phrase.c (what a break costs: lexicon.c's words, ICU's words),
 * balance.c (the cheapest lines), lines.c (which lines, and fit), reshape.c (what a line looks like alone; kashida.c), slack.c
 * (gaps of justified lines), place.c (alignment, leading, positioned runs), notes.c (where readings stand), ruby.c (readings over and beside words), stress.c
 * (emphasis), decorate.c (underlines and the like), emoji.c (which characters are emoji, their pictures), ink.c (what it
 * covers, drawing), explain.c (why the lines are as they are), punctuation.c (a check). Other folders include only this
 * header.
 *
 * Text is shaped once, in font units; sizes and line counts are then tried without shaping again (closed form), but for
 * dots (LED), where every size has advances of its own. */
#ifndef RENDER_TEXT_TEXT_H
#define RENDER_TEXT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/length.h"
#include "document/document.h"
#include "font/font.h"
#include "scene/scene.h"

typedef struct TextEngine TextEngine;   /* faces, buffers and iterators of one worker */

/* One engine per thread; different engines may run at once. Lives in `arena`. `is_dots`: for screens without grey, where
 * glyphs are strikes or hinted outlines and advances whole dots. */
TextEngine *text_engine_new(Arena *arena, FontLibrary *library, bool is_dots);

/* The words that `word-break: phrase` keeps whole: `file`, the compiled dictionary (NULL: ICU's alone is asked), and `words`
 * of the layout, which are never split. Shared by any number of engines; lives in `arena`; the file is mapped when a line
 * must first be broken. */
typedef struct TextLexicon TextLexicon;
TextLexicon *text_lexicon_new(Arena *arena, const char *file, const char *const *words, size_t count);
void text_use_lexicon(TextEngine *engine, TextLexicon *lexicon);

/* The hyphenation patterns of `hyphens: auto`: files as Debian's hyphen-* packages have them in /usr/share/hyphen. Shared by
 * any number of engines; lives in `arena`; a file is read when a text first asks for its language. */
typedef struct TextHyphenation TextHyphenation;
TextHyphenation *text_hyphenation_new(Arena *arena, const char *folder);
void text_use_hyphenation(TextEngine *engine, TextHyphenation *hyphenation);

/* Where pictures of emoji are kept; without it they are not drawn in colour. */
void text_use_images(TextEngine *engine, ImageStore *images);

/* Resolve a font set of the document (its family, then its fallbacks) at a weight; false after a diag. Called for every set
 * in use before any row, so that a wrong family is one message and not one a row. */
bool text_check_font(TextEngine *engine, const FontSet *font, FontWeight weight, DiagList *diags);

/* The same for a style that asks its font for axes (`no-axis`, `axis-range`) or features (`no-feature`, a warning). */
bool text_check_style(TextEngine *engine, const TextStyle *style, DiagList *diags);

/* How words are read: pinyin, kana, a translation over them, or bopomofo beside them. One reading for all the words, or,
 * between spaces, as many as they have characters. */
typedef struct TextReading { const char *text; const TextStyle *style; Span where; } TextReading;

/* What stands for words in a line, upright: a picture, a code. The caller draws it. */
typedef struct TextObject {
    double width, height;         /* em of the words' style */
    bool is_on_baseline;          /* else in the middle of the em */
} TextObject;

/* A stretch of the text in one style. Touching, in order, covering all of it. */
typedef struct TextSpan {
    size_t start, end;            /* bytes */
    const TextStyle *style;       /* final: the text's own where the layout gave no inline style */
    const TextReading *reading;   /* the same one for all spans of the words that have it; or NULL */
    const TextObject *object;     /* likewise: drawn in their place, never broken; or NULL */
    const char *column;           /* data column it came from, or NULL: for messages */
    Span where;
} TextSpan;

typedef struct TextInput {
    const char *text;             /* UTF-8; U+000A ends a line */
    size_t length;
    const TextSpan *spans;
    size_t span_count;
    const TextStyle *style;       /* of the whole: alignment, leading, fit, lines, language */
    Report missing_glyph;         /* REPORT_OFF draws .notdef */
    Span where;
} TextInput;

/* Half-width commas and the like between Chinese characters are `punctuation`, once a text; REPORT_ERROR makes it an error. */
void text_check_punctuation(const TextInput *input, Report severity, DiagList *diags);

typedef struct ShapedText ShapedText;

/* Itemise and shape. NULL after an error: a character that no listed font has is `missing-glyph`, with its code point, the
 * fonts tried and the catalogued fonts that have it. Lives in `arena`. Empty text is shaped, too: no lines. */
ShapedText *text_shape(TextEngine *engine, Arena *arena, const TextInput *input, DiagList *diags);

/* Lengths of lines (in vertical text their heights) at the style's own size: of the longest line if nothing is broken but at
 * U+000A, and of the longest piece that cannot be broken. */
Length text_max_content(const ShapedText *shaped);
Length text_min_content(const ShapedText *shaped);

/* Why a line ends where it does. */
typedef enum LineReason {
    LINE_ENDS_TEXT,               /* the text or its line end */
    LINE_AFTER_MARK,              /* 。，、 and the like */
    LINE_AFTER_SPACE,
    LINE_AFTER_WORD,              /* both dictionaries see a word end here, or only one was asked */
    LINE_AFTER_WORD_PERHAPS,      /* they do not agree */
    LINE_INSIDE_WORD,             /* nothing else would do */
    LINE_AT_HYPHEN,               /* in a word, with a hyphen */
    LINE_AT_RULE,                 /* words were not asked for: the rules of line breaking allow it */
    LINE_CUT                      /* overflow: ellipsis */
} LineReason;
const char *text_line_reason(LineReason reason);       /* in words, for `inspect` */

/* A mark under a character, or a piece of a line under several (`joins`: to the piece before it). x, width, baseline: as those
 * of its line. */
typedef struct TextStress {
    Emphasis kind;
    Length x, width, baseline, size;
    const Color *color;
    bool joins;
} TextStress;

/* x, baseline, width of a vertical line: where it begins, down from the block's top; the middle of its column, from the
 * block's left edge; how long it is. */
/* A piece of a line's decoration, over all that it runs along. */
typedef struct TextRule {
    const TextStyle *style;       /* whose decoration it is */
    Length x, width, baseline, size;      /* size: its em */
    bool has_wide, has_dots;      /* runs along Chinese; along characters with emphasis dots, which it goes below */
} TextRule;

/* What stands in a line beside glyphs: an object, which the caller draws, or an emoji. */
typedef struct TextPlaced {
    const TextObject *object;     /* or NULL: */
    const Image *emoji;
    const char *emoji_text;       /* what it is */
    Rect area;                    /* from the block's top left corner */
} TextPlaced;

typedef struct TextLine {
    const GlyphRun *runs;         /* visual order, left to right (top to bottom); glyph positions from the block's top left corner */
    const TextStyle **run_styles; /* of each run */
    size_t run_count;
    size_t text_start, text_end;  /* bytes of the input, line end excluded */
    Length x, baseline, width;    /* baseline: down from the block's top; width: advance, trailing space excluded */
    Length natural;               /* width before it was stretched (less than width) or shrunk (more) to fill the measure */
    bool is_vertical;
    Length size;                  /* em of the text's own style on this line: fit: stack gives each its own */
    bool ends_paragraph;
    const GlyphRun *notes;        /* readings, drawn after the words */
    const TextStyle **note_styles;
    size_t note_count;
    const TextPlaced *objects;    /* in the order of the text */
    size_t object_count;
    const TextStress *stresses;
    size_t stress_count;
    const TextRule *rules;
    size_t rule_count;
    LineReason reason;
    double cost;                  /* of the break after this line, by the scale of the reference typography, section 8 */
} TextLine;

typedef struct TextBlock {
    const TextLine *lines;
    size_t line_count;
    Length width, height;         /* width: of the widest line; height: line boxes, line_count * leading (first and last with half-leading);
                                     of vertical text the other way round */
    Length size;                  /* em actually used for the text's own style */
    bool fits;                    /* false: too wide, too high or too many lines even at the smallest size */
    Length needed_width;          /* when it does not fit: width that would do with the lines allowed, at the smallest size */
    Length needed_height;
    unsigned needed_lines;
    const ShapedText *shaped;     /* what it was set from */
} TextBlock;

/* Set shaped text in a box `width` x `height` (LENGTH_MAX: free). Applies fit, lines, align; valign is the caller's.
 * overflow: ellipsis cuts here; clip is the caller's. Reports nothing: the caller sees `fits`. Lives in `arena`. */
TextBlock text_flow(TextEngine *engine, Arena *arena, const ShapedText *shaped, Length width, Length height);

/* Would the text of `block`, set in a width with free height, be the same in that width and `height`? False when that must be
 * seen. */
bool text_flow_holds(const TextBlock *block, Length height);

/* A place where a line may end, and what is known of it. */
typedef struct TextBreak {
    size_t at;                    /* byte of the text: the next line would start here */
    LineReason reason;
    double cost;                  /* by the scale of the reference typography, section 8 */
    bool is_never;                /* in a word of the layout, a short title or a short value of a column */
    bool is_taken;
    bool seen_by_icu, seen_by_jieba, seen_by_budoux;      /* as the start of a word, of a phrase; false where they were not asked */
    Length width;                 /* of the line if it ended here; it starts where a line of the block does */
} TextBreak;

typedef struct TextExplanation {
    const TextBreak *breaks;      /* in the order of the text */
    size_t break_count;
    const double *uneven;         /* by line of the block: what it costs that it is not as long as the others; 0 but for wrap: balance */
    const char *wrap, *word_break;        /* the ways that were taken */
} TextExplanation;

/* Why the lines of a block are as they are: every place that was open to them. Lives in `arena`. */
TextExplanation text_explain(const TextBlock *block, Arena *arena);

/* The ink of a block: the smallest rectangle (from its top left) that holds every dot or outline. Empty for no ink. */
Rect text_ink(TextEngine *engine, const TextBlock *block);

/* Draw the block with its top left at x, y: shadow, stroke, fill, marks of emphasis. */
void text_draw(const TextBlock *block, Length x, Length y, Arena *arena, SceneBuilder *scene);

#endif
