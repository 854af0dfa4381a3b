/* schema.c -- the one table: every key of the layout language, its values, range, initial value and help.
 *
 * Order inside an object is the order of the reference. A new property is a new row; nothing else lists the keys. */
#include "document/schema.h"

#include <string.h>

#include "base/limits.h"
#include "document/reader.h"

#define AT(type, field) .offset = offsetof(type, field)
#define SPAN_AT(type, field) .span_at = offsetof(type, field) + 1
#define CHOICES(...) .choices = (const char *const[]){__VA_ARGS__, NULL}
#define OBJECT(variable, title, table, text) \
    const Object variable = {.name = title, .rows = table, .count = sizeof table / sizeof *table, .help = text}

#define JSON_LENGTH "\"$ref\": \"#/definitions/length\""
#define JSON_EM "\"type\": \"string\", \"pattern\": \"^-?[0-9.]+em$|^0$\""
#define JSON_STRINGS "\"type\": \"array\", \"items\": {\"type\": \"string\"}"
#define JSON_PAPER "\"anyOf\": [{\"enum\": [\"A0\", \"A1\", \"A2\", \"A3\", \"A4\", \"A5\", \"A6\", \"B4\", \"B5\", \"A3+\", \"SRA3\", " \
    "\"大度全开\", \"大度对开\", \"大度4开\", \"大度8开\", \"正度全开\", \"正度对开\", \"正度4开\", \"正度8开\"]}, " \
    "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/length\"}, \"minItems\": 2, \"maxItems\": 2}]"
#define PAPER_WORDS "A0, A1, A2, A3, A4, A5, A6, B4, B5, A3+, SRA3, 大度全开, 大度对开, 大度4开, 大度8开, 正度全开, 正度对开, 正度4开, 正度8开, or [width, height]"

const int weight_values[] = {WEIGHT_LIGHT, WEIGHT_REGULAR, WEIGHT_MEDIUM, WEIGHT_BOLD, WEIGHT_BLACK};

/* ---- text styles ---- */

static const Row stroke_rows[] = {
    {.name = "width", .kind = VALUE_LENGTH, .flags = ROW_REQUIRED, .max = 100, AT(Border, width),
     .help = "Thickness of the line."},
    {.name = "color", .kind = VALUE_COLOR, .flags = ROW_REQUIRED, AT(Border, color), .help = "Colour of the line."},
};
OBJECT(object_stroke, "stroke", stroke_rows, "A line around letters or a shape: {width: 0.5mm, color: white}.");
OBJECT(object_border, "border", stroke_rows, "A line inside the edge of a box: {width: 0.5mm, color: white}.");

static const Row outline_rows[] = {
    {.name = "width", .kind = VALUE_LENGTH, .flags = ROW_REQUIRED, .max = 100, AT(Outline, line.width), .help = "How far the outline reaches outside the letters."},
    {.name = "color", .kind = VALUE_COLOR, .flags = ROW_REQUIRED, AT(Outline, line.color), .help = "Colour of the outline."},
    {.name = "join", .kind = VALUE_CHOICE, CHOICES("round", "miter", "bevel"), .initial = "round", AT(Outline, join), .help = "Its corners: round, pointed or cut off."},
};
OBJECT(object_outline, "stroke of text", outline_rows, "An outline outside the letters, under them: {width: 0.5mm, color: white, join: miter}.");

typedef struct Shadow { Length x, y; const Color *color; } Shadow;
static const Row shadow_rows[] = {
    {.name = "x", .kind = VALUE_LENGTH, .flags = ROW_NEGATIVE, .min = -100, .max = 100, .initial = "0", AT(Shadow, x),
     .help = "How far the shadow lies to the right."},
    {.name = "y", .kind = VALUE_LENGTH, .flags = ROW_NEGATIVE, .min = -100, .max = 100, .initial = "0", AT(Shadow, y),
     .help = "How far the shadow lies below."},
    {.name = "color", .kind = VALUE_COLOR, .flags = ROW_REQUIRED, AT(Shadow, color), .help = "Colour of the shadow."},
};
OBJECT(object_shadow, "shadow", shadow_rows, "A hard shadow of the letters: {x: 1mm, y: 1mm, color: black}.");

static const Row decoration_rows[] = {
    {.name = "line", .kind = VALUE_CUSTOM, .set = set_decoration_line, .flags = ROW_REQUIRED, CHOICES("underline", "line-through", "overline"),
     .values = "underline, line-through, overline, or a list of them", .json = "\"type\": [\"string\", \"array\"]", .help = "Where the lines run."},
    {.name = "style", .kind = VALUE_CHOICE, CHOICES("solid", "double", "dotted", "dashed", "wavy"), .initial = "solid", AT(Decoration, style),
     .help = "How they are drawn."},
    {.name = "color", .kind = VALUE_COLOR, .flags = ROW_COMPUTED, .initial = "of the letters", AT(Decoration, color), .help = "Colour of the lines."},
    {.name = "thickness", .kind = VALUE_CUSTOM, .set = set_em, .min = 0.01, .max = 1, .initial = "0.06em", AT(Decoration, thickness),
     .values = "a length in em such as 0.1em", .json = JSON_EM, .help = "Thickness of a line."},
    {.name = "offset", .kind = VALUE_CUSTOM, .set = set_em, .min = -2, .max = 2, .initial = "0.18em", AT(Decoration, offset),
     .values = "a length in em such as 0.1em", .json = JSON_EM, .help = "How far below the baseline an underline begins; in vertical text, as far from the letters."},
};
OBJECT(object_decoration, "decoration", decoration_rows, "Lines along words, spaces and all: {line: underline, style: wavy, color: red}.");

typedef struct FitRange { Length min, max; } FitRange;
static const Row fit_rows[] = {
    {.name = "min", .kind = VALUE_LENGTH, .min = 0.3, .max = 5000, .initial = "checks.min-size", .flags = ROW_COMPUTED,
     AT(FitRange, min), .help = "The smallest size the text may shrink to."},
    {.name = "max", .kind = VALUE_LENGTH, .min = 0.3, .max = 5000, .flags = ROW_COMPUTED, .initial = "the style's size",
     AT(FitRange, max), .help = "The largest size the text may grow to; without it the text only shrinks."},
};
OBJECT(object_fit, "fit", fit_rows, "How far a text may change its size to fit its box.");

static const Row style_rows[] = {
    {.name = "font", .kind = VALUE_CUSTOM, .set = set_font, .flags = ROW_COMPUTED, .initial = "the set \"sans\", else the first declared",
     .values = "a name from fonts", .json = "\"type\": \"string\"", AT(TextStyle, font), .help = "The font set."},
    {.name = "size", .kind = VALUE_CUSTOM, .set = set_font_size, .flags = ROW_COMPUTED, .min = 0.3, .max = 5000,
     .initial = "10.5pt (screens: 32px)", .values = "a length, or 初号 小初 一号 小一 二号 小二 三号 小三 四号 小四 五号 小五 六号 小六 七号 八号",
     .json = "\"$ref\": \"#/definitions/font-size\"",
     AT(TextStyle, size), .help = "Size of the letters. em is relative to the style this one extends or is applied over."},
    {.name = "weight", .kind = VALUE_CUSTOM, .set = set_weight, CHOICES("light", "regular", "medium", "bold", "black"), .initial = "regular",
     AT(TextStyle, weight), .help = "Thickness of the letters."},
    {.name = "color", .kind = VALUE_COLOR, .flags = ROW_COMPUTED, .initial = "black (kind led: all lamps of the screen)", AT(TextStyle, color),
     .help = "Colour of the letters: a name from colors."},
    {.name = "align", .kind = VALUE_CHOICE, CHOICES("left", "center", "right", "justify", "distribute", "start", "end"), .initial = "start",
     AT(TextStyle, align), .help = "How lines are set between left and right; start is left, and right where the text runs from right to left; distribute spreads every line over the whole width."},
    {.name = "direction", .kind = VALUE_CHOICE, CHOICES("auto", "ltr", "rtl"), .initial = "auto", AT(TextStyle, direction),
     .help = "Base direction of the text; auto is that of its lang: from right to left for Uyghur, Arabic, Hebrew .., else from left to right."},
    {.name = "kashida", .kind = VALUE_CHOICE, CHOICES("none", "auto"), .initial = "auto", AT(TextStyle, kashida),
     .help = "auto: a justified line of Arabic script is filled by drawn-out letters (ـ) and wider spaces; none: by spaces alone."},
    {.name = "valign", .kind = VALUE_CHOICE, CHOICES("top", "middle", "bottom"), .initial = "top", AT(TextStyle, valign),
     .help = "Where the lines stand in a box that is higher than they are."},
    {.name = "leading", .kind = VALUE_NUMBER, .min = 0.5, .max = 10, .initial = "1.5", AT(TextStyle, leading),
     .help = "Distance from baseline to baseline, a factor of the size."},
    {.name = "tracking", .kind = VALUE_CUSTOM, .set = set_em, .min = -1, .max = 10, .initial = "0em", AT(TextStyle, tracking),
     .values = "a length in em such as 0.1em", .json = JSON_EM,
     .help = "Space added after each character."},
    {.name = "stroke", .kind = VALUE_CUSTOM, .set = set_stroke, .object = &object_outline, .values = "{width, color, join}, or none", .initial = "none",
     .help = "An outline around the letters."},
    {.name = "shadow", .kind = VALUE_CUSTOM, .set = set_shadow, .object = &object_shadow, .values = "{x, y, color}, or none", .initial = "none",
     .help = "A hard shadow of the letters."},
    {.name = "fit", .kind = VALUE_CUSTOM, .set = set_text_fit, CHOICES("none", "shrink", "grow", "stack"), .object = &object_fit, .initial = "none",
     .values = "none, shrink, grow, stack, or {min, max}",
     .help = "Change the size to fit the box: shrink (from size down to checks.min-size), grow (fill the box), or between {min, max}; stack: each line has a size of its own and is as wide as the box (not on LED screens)."},
    {.name = "overflow", .kind = VALUE_CHOICE, CHOICES("error", "clip", "ellipsis"), .initial = "error", AT(TextStyle, overflow),
     .help = "What is drawn when nothing fits; checks.overflow says how it is reported."},
    {.name = "lines", .kind = VALUE_COUNT, .max = 1000, .initial = "0", AT(TextStyle, lines),
     .help = "At most so many lines; 0 is no limit."},
    {.name = "line-break", .kind = VALUE_CHOICE, CHOICES("anywhere", "loose", "normal", "strict"), .initial = "strict", AT(TextStyle, line_break),
     .help = "Which characters may not begin or end a line (kinsoku): loose is clreq's basic level, normal GB, strict strict."},
    {.name = "word-break", .kind = VALUE_CHOICE, CHOICES("normal", "keep-all", "phrase"),
     .flags = ROW_COMPUTED, .initial = "phrase (kind leaflet: normal)", AT(TextStyle, word_break),
     .help = "phrase: do not split a word such as 电信诈骗 while there is another way, and never one of \"words\"; keep-all: break at spaces and marks only."},
    {.name = "hyphens", .kind = VALUE_CHOICE, CHOICES("none", "manual", "auto"), .initial = "manual", AT(TextStyle, hyphens),
     .help = "Where a word may end a line with a hyphen: manual, at soft hyphens (U+00AD); auto, also by the patterns of its language (Debian's hyphen-* packages); none, nowhere."},
    {.name = "hyphenate-limit-chars", .kind = VALUE_CUSTOM, .set = set_hyphenate_limit, .min = 1, .max = 60, .values = "[letters of the word, before the hyphen, after it]",
     .initial = "[5, 2, 3]", .json = "\"type\": \"array\", \"items\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 60}, \"minItems\": 3, \"maxItems\": 3",
     .help = "Shorter words, and shorter ends of words, get no hyphen by patterns."},
    {.name = "wrap", .kind = VALUE_CHOICE, CHOICES("stable", "balance", "pretty"), .flags = ROW_COMPUTED,
     .initial = "balance with word-break: phrase, pretty with align: justify, else stable", AT(TextStyle, wrap),
     .help = "stable: each line as full as it can be; balance: lines of about the same length; pretty: the best lines for the whole paragraph."},
    {.name = "spacing-trim", .kind = VALUE_CHOICE, CHOICES("space-all", "normal", "trim-start", "trim-both", "trim-all"), .initial = "trim-both",
     AT(TextStyle, spacing_trim),
     .help = "Trim the blank half of full-width marks: normal where two marks meet, trim-start also at a line's start, trim-both at both its ends, trim-all everywhere; space-all keeps it. Of dots, whole columns without ink."},
    {.name = "autospace", .kind = VALUE_CHOICE, CHOICES("no-autospace", "normal"), .initial = "normal", AT(TextStyle, autospace),
     .help = "A gap of a quarter em between Chinese and Latin letters or digits, where no space was typed."},
    {.name = "hanging", .kind = VALUE_CHOICE, CHOICES("none", "first", "last", "allow-end", "force-end"), .initial = "none", AT(TextStyle, hanging),
     .help = "Marks that hang over the edge of the text: first, an opening mark that begins it; last, a closing mark that ends it; force-end, a stop or comma at a line's end; allow-end, only when it would not fit."},
    {.name = "writing", .kind = VALUE_CHOICE, CHOICES("horizontal-tb", "vertical-rl", "vertical-lr"), .initial = "horizontal-tb",
     AT(TextStyle, writing), .help = "Direction of the lines: horizontal-tb; vertical-rl is 直排, the first line on the right; vertical-lr begins on the left, as Mongolian does. In vertical lines align is along the line (left is the top), valign across them (top is where the first stands), leading their pitch."},
    {.name = "orientation", .kind = VALUE_CHOICE, CHOICES("mixed", "upright", "sideways"), .initial = "mixed",
     AT(TextStyle, orientation), .help = "In vertical lines: mixed, Chinese stands and Latin lies (UAX #50); upright, letters stand one under the other; sideways, all lie."},
    {.name = "combine", .kind = VALUE_CHOICE, CHOICES("none", "digits", "all"), .initial = "none",
     AT(TextStyle, combine), .help = "In vertical lines, characters side by side in one square (tate-chu-yoko): digits, one to three figures alone among Chinese; all, whatever has this style, as in [GDP]{tcy}."},
    {.name = "emphasis", .kind = VALUE_CHOICE, CHOICES("none", "dot", "circle", "line", "wavy"), .initial = "none", AT(TextStyle, emphasis),
     .help = "Emphasis marks under the characters: dot (着重号), circle, or a line or wave under all of them."},
    {.name = "decoration", .kind = VALUE_CUSTOM, .set = set_decoration, .object = &object_decoration, CHOICES("none", "underline", "line-through", "overline"), .initial = "none",
     .values = "none, underline, line-through, overline, or {line, style, color, thickness, offset}",
     .help = "Lines along words: underline, line-through, overline; solid, double, dotted, dashed or wavy."},
    {.name = "ruby", .kind = VALUE_CHOICE, CHOICES("none", "auto"), .initial = "none", AT(TextStyle, ruby),
     .help = "auto: words that stand in the layout's readings get theirs above or beside them (pinyin, bopomofo, kana); [words]{ruby: reading} gives one by hand."},
    {.name = "variant-numeric", .kind = VALUE_CUSTOM, .set = set_numeric, .initial = "normal",
     CHOICES("normal", "lining-nums", "oldstyle-nums", "proportional-nums", "tabular-nums", "diagonal-fractions", "stacked-fractions", "ordinal", "slashed-zero"),
     .values = "normal, lining-nums, oldstyle-nums, proportional-nums, tabular-nums, diagonal-fractions, stacked-fractions, ordinal, slashed-zero, or a list of them",
     .json = "\"type\": [\"string\", \"array\"]", .help = "Figures: of one width for tables (tabular-nums), with ascenders and descenders (oldstyle-nums), fractions and more, as far as the font has them."},
    {.name = "features", .kind = VALUE_CUSTOM, .set = set_features, .values = "[tags]: palt, -kern, ss01=2", .initial = "[]",
     .json = JSON_STRINGS, .help = "OpenType features: a tag switches it on, a leading minus off, tag=2 gives a value."},
    {.name = "axes", .kind = VALUE_CUSTOM, .set = set_axes, .values = "{tag: number}, or none", .initial = "none",
     .json = "\"type\": [\"object\", \"string\"]", .help = "Places on the axes of a variable font: {wght: 650, wdth: 87.5}. Without a wght here its weight follows the key weight."},
    {.name = "lang", .kind = VALUE_TEXT, .flags = ROW_COMPUTED, .initial = "the layout's lang", AT(TextStyle, lang),
     .help = "Language of the text (BCP 47)."},
};
OBJECT(object_style, "style", style_rows, "A named text style, and the same keys at a text.");

static const Row style_extends_rows[] = {
    {.name = "extends", .kind = VALUE_TEXT, .flags = ROW_NO_FIELD, .help = "The style this one starts from. Every text starts from the style \"base\" anyway."},
};
OBJECT(object_style_extends, "style", style_extends_rows, "");

/* ---- colours, fonts, parts ---- */

#define JSON_STOPS "\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"minItems\": 2, \"maxItems\": 64"
#define STOPS_ROW {.name = "stops", .kind = VALUE_CUSTOM, .set = set_stops, .flags = ROW_REQUIRED | ROW_NO_FIELD, .values = "[colours]: [alert-red, yellow 60%, white]", \
    .json = JSON_STOPS, .help = "Colours from start to end, by their names; each may say where it stands, 0% to 100%, or from where to where (red 0% 20%). What says nothing is spread evenly."}
static const Row linear_gradient_rows[] = {
    {.name = "angle", .kind = VALUE_CUSTOM, .set = set_angle, .flags = ROW_NO_FIELD, .values = "degrees, or \"to right\", \"to bottom left\"", .initial = "180",
     .json = "\"type\": [\"number\", \"string\"]", .help = "Where the end lies: 0 is up, 90 right, 180 down (CSS). \"to bottom right\" leads into the corner whatever the sides are."},
    STOPS_ROW,
};
OBJECT(object_linear_gradient, "linear-gradient", linear_gradient_rows, "A colour that changes along a line: {angle: 90, stops: [alert-red, yellow]}.");

static const Row radial_gradient_rows[] = {
    {.name = "shape", .kind = VALUE_CHOICE, CHOICES("ellipse", "circle"), .initial = "ellipse", AT(Gradient, shape),
     .help = "ellipse is as slim as what it fills."},
    {.name = "size", .kind = VALUE_CHOICE, CHOICES("farthest-corner", "closest-corner", "farthest-side", "closest-side"), .initial = "farthest-corner", AT(Gradient, size),
     .help = "Where the last colour is reached."},
    {.name = "at", .kind = VALUE_CUSTOM, .set = set_middle, .flags = ROW_NO_FIELD, .values = "[x, y] per cent", .initial = "[50%, 50%]",
     .json = "\"type\": \"array\", \"items\": {\"type\": \"string\", \"pattern\": \"^[0-9.]+%$\"}, \"minItems\": 2, \"maxItems\": 2", .help = "The middle, in per cent of what is filled."},
    STOPS_ROW,
};
OBJECT(object_radial_gradient, "radial-gradient", radial_gradient_rows, "A colour that changes from a point outwards: {at: [50%, 30%], stops: [yellow, alert-red]}.");

static const Row color_rows[] = {
    {.name = "rgb", .kind = VALUE_CUSTOM, .set = set_rgb, .values = "\"#RRGGBB\"", .json = "\"type\": \"string\", \"pattern\": \"^#[0-9A-Fa-f]{6}$\"",
     .help = "For screens and pictures (sRGB). Quote it: # starts a comment."},
    {.name = "cmyk", .kind = VALUE_CUSTOM, .set = set_cmyk, .min = 0, .max = 100, .values = "[c, m, y, k] per cent",
     .json = "\"type\": \"array\", \"items\": {\"type\": \"number\", \"minimum\": 0, \"maximum\": 100}, \"minItems\": 4, \"maxItems\": 4",
     .help = "For print, per cent. [0, 0, 0, 100] is black ink alone."},
    {.name = "spot", .kind = VALUE_TEXT, AT(Color, spot), .help = "Name of a plate of its own (专色), such as CutContour. What shops call a plate needs no rgb or cmyk."},
    {.name = "step", .kind = VALUE_TEXT, AT(Color, step), .help = "ISO 19593-1 processing step of a spot that is no ink: Cutting, Creasing, Folding, Perforating, White, Varnish. Names such as CutContour say it already."},
    {.name = "of", .kind = VALUE_TEXT, .flags = ROW_NO_FIELD, .help = "With tint: the declared colour this one is a lighter shade of, on the same plates."},
    {.name = "tint", .kind = VALUE_CUSTOM, .set = set_tint, .flags = ROW_NO_FIELD, .values = "per cent such as 40%", .json = "\"type\": \"string\", \"pattern\": \"^[0-9.]+%$\"",
     .help = "How much of the ink of `of`."},
    {.name = "cycle", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .values = "[colours]", .json = JSON_STRINGS, .help = "On an LED screen, instead of a recipe: these colours one after the other, for ever. With black a word blinks."},
    {.name = "period", .kind = VALUE_SECONDS, .max = 60, .flags = ROW_NO_FIELD, .initial = "1s", .help = "Of a cycle: once round."},
    {.name = "blend", .kind = VALUE_BOOL, .flags = ROW_NO_FIELD, .initial = "false", .help = "Of a cycle: each colour passes into the next."},
    {.name = "linear-gradient", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .object = &object_linear_gradient, .values = "{angle, stops}",
     .json = "\"$ref\": \"#/definitions/linear-gradient\"", .help = "Instead of a recipe: a gradient along a line. May also be written where a colour is used."},
    {.name = "radial-gradient", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .object = &object_radial_gradient, .values = "{shape, size, at, stops}",
     .json = "\"$ref\": \"#/definitions/radial-gradient\"", .help = "Instead of a recipe: a gradient from a point outwards."},
};
OBJECT(object_color, "color", color_rows, "A declared colour.");

static const Row font_rows[] = {
    {.name = "family", .kind = VALUE_TEXT, AT(FontSet, family), .help = "Name of a family in the font catalogue."},
    {.name = "file", .kind = VALUE_PATH, AT(FontSet, file), .help = "A font file, instead of a family."},
    {.name = "fallback", .kind = VALUE_CUSTOM, .set = set_fallback, .values = "[families]", .initial = "[]", .json = JSON_STRINGS,
     .help = "Further families, asked in this order for characters the first has not."},
    {.name = "exclude", .kind = VALUE_TEXT, AT(FontSet, exclude), .help = "Characters never taken from the first family."},
};
OBJECT(object_font, "font", font_rows, "A set of fonts: one family or file, and what stands in for its missing characters.");

static const Row part_definition_rows[] = {
    {.name = "params", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .values = "{name: default}, or [names] without a default",
     .json = "\"type\": [\"object\", \"array\"]", .help = "Parameters; {{name}} in the body stands for what `with` gives. null: must be given."},
    {.name = "body", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD | ROW_REQUIRED, .values = "a box", .json = "\"$ref\": \"#/definitions/box\"",
     .help = "The box that stands where the part is used."},
};
OBJECT(object_part_definition, "part definition", part_definition_rows, "A box with parameters, to be used several times.");

/* ---- boxes ---- */

static const Row common_rows[] = {
    {.name = "id", .kind = VALUE_TEXT, AT(Node, id), .help = "A name for inspect and for messages."},
    {.name = "when", .kind = VALUE_CUSTOM, .set = set_condition, AT(Node, when), .values = "{column: value}, or a column that must not be empty",
     .json = "\"type\": [\"object\", \"string\", \"array\"]", .help = "Draw the box only for rows like this."},
    {.name = "unless", .kind = VALUE_CUSTOM, .set = set_condition, AT(Node, unless), .values = "{column: value}, or a column that must be empty",
     .json = "\"type\": [\"object\", \"string\", \"array\"]", .help = "Do not draw the box for rows like this."},
    {.name = "at", .kind = VALUE_CUSTOM, .set = set_at, AT(Node, at), .flags = ROW_NEGATIVE | ROW_PERCENT | ROW_EM, .values = "[x, y]",
     .json = "\"type\": \"array\", \"items\": {" JSON_LENGTH "}, \"minItems\": 2, \"maxItems\": 2",
     .help = "Where the anchor of a box in `layers` stands, measured from the top left corner of the parent."},
    {.name = "anchor", .kind = VALUE_CHOICE, CHOICES("top-left", "top", "top-right", "left", "center", "right", "bottom-left", "bottom", "bottom-right"),
     .initial = "top-left", AT(Node, anchor), .help = "The point of the box that stands on `at`; without `at`, on the same point of the parent."},
    {.name = "cover", .kind = VALUE_CHOICE, CHOICES("none", "bleed", "page", "safe"), .initial = "none", AT(Node, cover),
     .help = "Fill the page with its bleed, the page, or the page within its margin."},
    {.name = "width", .kind = VALUE_DIM, .flags = ROW_PERCENT | ROW_AUTO | ROW_EM, .initial = "auto", AT(Node, width), .help = "Width of the box."},
    {.name = "height", .kind = VALUE_DIM, .flags = ROW_PERCENT | ROW_AUTO | ROW_EM, .initial = "auto", AT(Node, height), .help = "Height of the box."},
    {.name = "grow", .kind = VALUE_NUMBER, .max = 1000, .initial = "0", AT(Node, grow), .help = "Share of the free space in a row or column."},
    {.name = "padding", .kind = VALUE_DIM_SIDES, .flags = ROW_PERCENT | ROW_EM, .initial = "0", AT(Node, padding),
     .help = "Space inside the edge: one length or [top, right, bottom, left]."},
    {.name = "background", .kind = VALUE_COLOR, AT(Node, background), .help = "Colour behind the content."},
    {.name = "border", .kind = VALUE_OBJECT, .object = &object_border, AT(Node, border), .help = "A line inside the edge."},
    {.name = "radius", .kind = VALUE_DIM, .flags = ROW_PERCENT | ROW_EM, .initial = "0", AT(Node, radius), .help = "Radius of rounded corners."},
    {.name = "rotate", .kind = VALUE_NUMBER, .flags = ROW_NEGATIVE, .min = -360, .max = 360, .initial = "0", AT(Node, rotate),
     .help = "Degrees clockwise around the middle of the box."},
    {.name = "opacity", .kind = VALUE_NUMBER, .max = 1, .initial = "1", AT(Node, opacity), .help = "1 is opaque, 0 invisible."},
    {.name = "clip", .kind = VALUE_BOOL, .initial = "false", AT(Node, clip), .help = "Cut off what stands out of the box."},
    {.name = "alt", .kind = VALUE_TEMPLATE, AT(Node, alt), .help = "What a reader hears who cannot see the box."},
    {.name = "role", .kind = VALUE_CHOICE, CHOICES("none", "decoration", "heading", "figure"), .initial = "none", AT(Node, role),
     .help = "What the box is for assistive software; decoration is skipped, also by the checks of contrast and distance."},
    {.name = "plate", .kind = VALUE_COLOR, .flags = ROW_PLAIN | ROW_PLATE, AT(Node, plate), .help = "The plate the whole box is printed on: a spot colour, or what shops call one: CutContour, Crease, Perforate, White, Varnish. On screens it is drawn in that colour."},
};
OBJECT(object_common, "every box", common_rows, "Keys that every box may have.");

#define EFFECTS_ENTER "still", "scroll-left", "scroll-right", "scroll-up", "scroll-down", "slide-left", "slide-right", "slide-up", "slide-down", "wipe", "curtain", "typewriter"
/* In the order of Effect; "none" is not offered to the user but keeps the index. */
static const Row motion_rows[] = {
    {.name = "effect", .kind = VALUE_CHOICE, CHOICES("none", EFFECTS_ENTER, "blink"), .initial = "none", AT(Motion, effect),
     SPAN_AT(Motion, effect_span), .help = "The movement of an item. Instead of it: enter, hold, exit."},
    {.name = "enter", .kind = VALUE_CHOICE, CHOICES("none", EFFECTS_ENTER, "blink", "cut"), .initial = "cut", .flags = ROW_COMPUTED, AT(Motion, enter),
     SPAN_AT(Motion, enter_span), .help = "How the item comes. curtain opens from the middle, typewriter shows one character after the other."},
    {.name = "hold", .kind = VALUE_SECONDS, .max = 86400, .flags = ROW_COMPUTED, .initial = "3s where the item stands still", AT(Motion, hold_seconds), SPAN_AT(Motion, hold_span),
     .help = "How long the item stands still."},
    {.name = "exit", .kind = VALUE_CHOICE, CHOICES("none", EFFECTS_ENTER, "blink", "cut"), .initial = "cut", .flags = ROW_COMPUTED, AT(Motion, exit),
     SPAN_AT(Motion, exit_span), .help = "How the item goes. curtain closes from both sides, typewriter takes back one character after the other."},
    {.name = "speed", .kind = VALUE_CUSTOM, .set = set_speed, .flags = ROW_COMPUTED, .initial = "50px/s, typewriter 5c/s", .values = "a speed such as 100px/s, or 3c/s (characters)", .json = "\"type\": \"string\", \"pattern\": \"^[0-9.]+(px|c)/s$\"",
     SPAN_AT(Motion, speed_span), .help = "Speed of the movement; whole pixels a frame run smoothly. In characters a second it becomes the nearest such speed."},
    {.name = "repeat", .kind = VALUE_COUNT, .min = 1, .max = 10000, .initial = "1", AT(Motion, repeat), .help = "How often the item is shown in a row."},
};
OBJECT(object_motion, "playlist item", motion_rows, "Keys of an item of a playlist, beside those of its box.");

static const Row text_rows[] = {
    {.name = "text", .kind = VALUE_TEMPLATE, .flags = ROW_REQUIRED, AT(Node, u.text.content),
     .help = "The words, with {{column}}, {{column | filter}}, **strong**, [words]{style}, [words]{ruby: reading}, [words]{image: file}, [words]{qrcode: address}. Quote it."},
    {.name = "style", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .values = "a name from styles, or a list of names",
     .json = "\"type\": [\"string\", \"array\"]", .help = "Named styles, later over earlier; the text's own keys come last."},
};
OBJECT(object_text, "text", text_rows, "Words set in lines.");

static const Row image_rows[] = {
    {.name = "image", .kind = VALUE_TEMPLATE, .flags = ROW_REQUIRED, AT(Node, u.image.file), .help = "A PNG, JPEG or SVG file, relative to the layout; {{column}} for a file per row."},
    {.name = "fit", .kind = VALUE_CHOICE, CHOICES("contain", "cover", "fill"), .initial = "contain", AT(Node, u.image.fit),
     .help = "contain: all of it is seen; cover: the box is full and edges are cut; fill: stretched."},
    {.name = "dpi", .kind = VALUE_NUMBER, .min = 1, .max = 4800, .flags = ROW_COMPUTED, .initial = "from the box", AT(Node, u.image.dpi), .help = "Draw the picture at this resolution instead of the box's size."},
};
OBJECT(object_image, "image", image_rows, "A picture.");

static const Row qrcode_rows[] = {
    {.name = "qrcode", .kind = VALUE_TEMPLATE, .flags = ROW_REQUIRED, AT(Node, u.qrcode.data), .help = "What the code says, usually an address."},
    {.name = "level", .kind = VALUE_CHOICE, CHOICES("L", "M", "Q", "H"), .initial = "M", AT(Node, u.qrcode.level), .help = "How much of the code may be damaged: L 7, M 15, Q 25, H 30 per cent."},
    {.name = "quiet", .kind = VALUE_COUNT, .max = 20, .initial = "4", AT(Node, u.qrcode.quiet), .help = "Blank modules around the code; the standard asks for 4."},
    {.name = "color", .kind = VALUE_COLOR, .flags = ROW_COMPUTED, .initial = "black", AT(Node, u.qrcode.color), .help = "Colour of the modules."},
};
OBJECT(object_qrcode, "qrcode", qrcode_rows, "A QR code.");

static const Row barcode_rows[] = {
    {.name = "barcode", .kind = VALUE_TEMPLATE, .flags = ROW_REQUIRED, AT(Node, u.barcode.data), .help = "What the code says."},
    {.name = "type", .kind = VALUE_CHOICE, CHOICES("code128", "ean13", "datamatrix"), .initial = "code128", AT(Node, u.barcode.type), .help = "The kind of code."},
    {.name = "color", .kind = VALUE_COLOR, .flags = ROW_COMPUTED, .initial = "black", AT(Node, u.barcode.color), .help = "Colour of the bars."},
};
OBJECT(object_barcode, "barcode", barcode_rows, "A bar code.");

static const Row shape_rows[] = {
    {.name = "shape", .kind = VALUE_CHOICE, .flags = ROW_REQUIRED, CHOICES("rect", "ellipse", "line", "path"), AT(Node, u.shape.kind), .help = "The form."},
    {.name = "fill", .kind = VALUE_COLOR, AT(Node, u.shape.fill), .help = "Colour of the inside."},
    {.name = "stroke", .kind = VALUE_OBJECT, .object = &object_stroke, AT(Node, u.shape.stroke), .help = "The line along the edge."},
    {.name = "d", .kind = VALUE_CUSTOM, .set = set_path_data, AT(Node, u.shape.d), SPAN_AT(Node, u.shape.d_span), .values = "SVG path data",
     .json = "\"type\": \"string\"", .help = "Of a path: SVG path data, made as large as the box's width and height allow; without them its numbers are points."},
};
OBJECT(object_shape, "shape", shape_rows, "A drawn form.");

static const Row box_rows[] = {
    {.name = "box", .kind = VALUE_CHOICE, .flags = ROW_REQUIRED, CHOICES("row", "column", "layers", "grid"), AT(Node, u.box.kind), .help = "How the items are arranged."},
    {.name = "gap", .kind = VALUE_DIM_PAIR, .flags = ROW_PERCENT | ROW_EM, .initial = "0", AT(Node, u.box.gap), .help = "Space between items: one length, or [between columns, between rows]."},
    {.name = "align", .kind = VALUE_CHOICE, CHOICES("start", "center", "end", "stretch", "baseline"), .initial = "stretch", AT(Node, u.box.align), .help = "How items stand across the row or column."},
    {.name = "justify", .kind = VALUE_CHOICE, CHOICES("start", "center", "end", "space-between", "space-around"), .initial = "start", AT(Node, u.box.justify), .help = "Where free space goes along the row or column."},
    {.name = "columns", .kind = VALUE_COUNT, .min = 1, .max = 1000, .initial = "1", AT(Node, u.box.columns), .help = "Columns of a grid."},
    {.name = "rows", .kind = VALUE_COUNT, .max = 100000, .initial = "0", AT(Node, u.box.rows), .help = "Rows of a grid; 0: as many as the items need."},
    {.name = "items", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .values = "[boxes]", .initial = "[]",
     .json = "\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/box\"}", .help = "The boxes inside."},
};
OBJECT(object_box, "box", box_rows, "Boxes in a row, a column, on top of each other, or in a grid.");

static const Row part_rows[] = {
    {.name = "part", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_REQUIRED | ROW_NO_FIELD, .values = "a name from parts", .json = "\"type\": \"string\"", .help = "The part to put here; common keys given beside it go to its box."},
    {.name = "with", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .values = "{parameter: value}", .json = "\"type\": \"object\"", .help = "Values for the parameters."},
};
OBJECT(object_part, "part", part_rows, "A part from a style sheet.");

static const Row slot_rows[] = {
    {.name = "slot", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_REQUIRED | ROW_NO_FIELD, .values = "a name", .json = "\"type\": \"string\"", .help = "A place in a template that `fill` of the layout fills."},
    {.name = "default", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .values = "[boxes]", .json = "\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/box\"}", .help = "What stands here when nothing fills the slot."},
};
OBJECT(object_slot, "slot", slot_rows, "A place in a template.");

static const Row space_rows[] = {
    {.name = "space", .kind = VALUE_DIM, .flags = ROW_REQUIRED | ROW_PERCENT | ROW_EM, AT(Node, u.space.length), .help = "Empty space along the row or column."},
};
OBJECT(object_space, "space", space_rows, "Empty space.");

const BoxType box_types[] = {
    {"text", NODE_TEXT, &object_text, true},
    {"image", NODE_IMAGE, &object_image, false},
    {"qrcode", NODE_QRCODE, &object_qrcode, false},
    {"barcode", NODE_BARCODE, &object_barcode, false},
    {"shape", NODE_SHAPE, &object_shape, false},
    {"box", NODE_BOX, &object_box, false},
    {"part", -1, &object_part, false},
    {"slot", -1, &object_slot, false},
    {"space", NODE_SPACE, &object_space, false},
};
const size_t box_type_count = sizeof box_types / sizeof *box_types;

/* ---- page, sheet, fold ---- */

#define MARK_ROWS(type) \
    {.name = "mark-length", .kind = VALUE_LENGTH, .min = 1, .max = 50, .initial = "5mm", AT(type, mark_length), .help = "How long crop and fold marks are."}, \
    {.name = "mark-offset", .kind = VALUE_LENGTH, .max = 50, .flags = ROW_COMPUTED, .initial = "the bleed, at least 2mm", AT(type, mark_offset), \
     .help = "How far from the trim edge crop and fold marks begin."}

static const Row page_rows[] = {
    {.name = "size", .kind = VALUE_CUSTOM, .set = set_page_size, AT(Page, size), .flags = ROW_REQUIRED, .values = PAPER_WORDS, .json = JSON_PAPER,
     .help = "Size after cutting; of a booklet, of one page. B4 and B5 are ISO sizes."},
    {.name = "landscape", .kind = VALUE_BOOL, .flags = ROW_NO_FIELD, .initial = "false", .help = "Turn a named size on its side."},
    {.name = "bleed", .kind = VALUE_LENGTH, .max = 50, .initial = "0", AT(Page, bleed), .help = "Paint past the trim edge by this much; print shops ask for 2mm to 3mm."},
    {.name = "margin", .kind = VALUE_SIDES, .initial = "0", AT(Page, margin), .help = "The safe area: nothing that matters stands nearer to the edge. One length or [top, right, bottom, left]."},
    {.name = "marks", .kind = VALUE_MARKS, .initial = "[]", AT(Page, marks), .help = "Printer's marks: crop, fold, registration, color-bar, gray-bar, plates (the name of each plate, printed on it)."},
    MARK_ROWS(Page),
    {.name = "label", .kind = VALUE_TEMPLATE, AT(Page, label), SPAN_AT(Page, label_span), .help = "A line below the marks of the page, on every plate; in the style named label if there is one."},
};
OBJECT(object_page, "page", page_rows, "The page. Of kind led it is the screen.");

static const Row cut_rows[] = {
    {.name = "plate", .kind = VALUE_COLOR, .flags = ROW_PLAIN | ROW_PLATE | ROW_COMPUTED, .initial = "CutContour", AT(Sheet, cut_color), .help = "The plate of the cutting line: a spot colour, or what shops call it: CutContour, Thru-cut, Kiss-cut, 刀版."},
    {.name = "shape", .kind = VALUE_CHOICE, CHOICES("rect", "ellipse", "path"), .initial = "rect", AT(Sheet, cut_shape), .help = "The form that is cut out: the trim box, the ellipse in it, or path data."},
    {.name = "d", .kind = VALUE_TEXT, AT(Sheet, cut_d), SPAN_AT(Sheet, cut_d_span), .help = "Of a path: SVG path data, closed by Z, made as large as the trim box allows and set in its middle."},
    {.name = "radius", .kind = VALUE_LENGTH, .max = 1000, .initial = "0", AT(Sheet, cut_radius), SPAN_AT(Sheet, cut_radius_span), .help = "Of a rect: rounded corners of the cutting line; sharp ones tear."},
    {.name = "offset", .kind = VALUE_LENGTH, .flags = ROW_NEGATIVE, .min = -100, .max = 100, .initial = "0", AT(Sheet, cut_offset), .help = "Cut so far outside the trim edge; negative: inside."},
};
OBJECT(object_cut, "cut", cut_rows, "A line for the cutting plotter around every piece.");

static const Row sheet_rows[] = {
    {.name = "size", .kind = VALUE_CUSTOM, .set = set_sheet_size, AT(Sheet, size), .initial = "A4", .values = PAPER_WORDS, .json = JSON_PAPER, .help = "Size of the press sheet."},
    {.name = "landscape", .kind = VALUE_BOOL, .flags = ROW_NO_FIELD, .initial = "false", .help = "Turn a named size on its side."},
    {.name = "grid", .kind = VALUE_CUSTOM, .set = set_grid, .initial = "auto", SPAN_AT(Sheet, grid_span), .min = 1, .max = 1000, .values = "auto, or [columns, rows], each a count or auto",
     .json = "\"anyOf\": [{\"const\": \"auto\"}, {\"type\": \"array\", \"items\": {\"anyOf\": [{\"const\": \"auto\"}, {\"type\": \"integer\", \"minimum\": 1}]}, \"minItems\": 2, \"maxItems\": 2}]",
     .help = "How many pieces stand side by side and below each other; auto: as many as fit with their bleed and crop marks."},
    {.name = "rotate", .kind = VALUE_CHOICE, CHOICES("auto", "never", "always"), .initial = "auto", AT(Sheet, rotate),
     .help = "Turn the pieces by a quarter, clockwise; auto: when grid is auto and more fit."},
    {.name = "gap", .kind = VALUE_CUSTOM, .set = set_sheet_gap, .flags = ROW_COMPUTED, .initial = "2 x bleed", .values = "a length, or [between columns, between rows]", SPAN_AT(Sheet, gap_span),
     .json = "\"$ref\": \"#/definitions/lengths\"", .help = "Space between pieces: 0 (one cut, neighbours share the edge colour) or at least twice the bleed (two cuts)."},
    {.name = "margin", .kind = VALUE_CUSTOM, .set = set_sheet_margin, .initial = "center", .values = "center, a length, or [top, right, bottom, left]", .json = "\"$ref\": \"#/definitions/lengths\"", .help = "Where the pieces stand on the sheet."},
    {.name = "gripper", .kind = VALUE_LENGTH, .max = 100, .initial = "0", AT(Sheet, gripper),
     .help = "Room at the foot of the sheet that the press takes hold of (咬口): no piece lies in it. A sheet that is tumbled has it at the head, too."},
    {.name = "order", .kind = VALUE_CHOICE, CHOICES("row", "column", "stack"), .initial = "row", AT(Sheet, order), .help = "Order of the pieces; stack: cut, lay the stacks on each other, and they are in order."},
    {.name = "duplex", .kind = VALUE_CHOICE, CHOICES("none", "sheetwise", "work-and-turn", "work-and-tumble"), .initial = "none", AT(Sheet, duplex), SPAN_AT(Sheet, duplex_span),
     .help = "Page 1 is the front of a piece, page 2 its back. sheetwise (正反版): backs on a side of their own; work-and-turn (左右翻) and work-and-tumble (天地翻): "
             "fronts and backs share one side that is printed on both faces of the paper, so each piece comes out twice."},
    {.name = "flip", .kind = VALUE_CHOICE, CHOICES("turn", "tumble", "long-edge", "short-edge"), .initial = "turn", AT(Sheet, flip), SPAN_AT(Sheet, flip_span),
     .help = "Of sheetwise: about which axis the paper is turned over. turn: the vertical one, tumble: the horizontal one; long-edge and short-edge as printer drivers say it."},
    {.name = "back-shift", .kind = VALUE_CUSTOM, .set = set_back_shift, .flags = ROW_NEGATIVE, .min = -20, .max = 20, .initial = "0", SPAN_AT(Sheet, shift_span), .values = "[right, down], lengths", .json = "\"$ref\": \"#/definitions/lengths\"",
     .help = "Of sheetwise: moves the back side, as you look at it, to make up for a printer that is out of register (see --calibration)."},
    {.name = "marks", .kind = VALUE_MARKS, .initial = "[crop]", AT(Sheet, marks), .help = "Printer's marks on the sheet: crop, fold, registration, color-bar, gray-bar, plates (the name of each plate, printed on it), and die: dots for the camera of a cutting plotter."},
    MARK_ROWS(Sheet),
    {.name = "label", .kind = VALUE_TEMPLATE, AT(Sheet, label), .help = "A line in the margin of each sheet, in the style named label if there is one; {{@sheet}} {{@sheets}} {{@first}} {{@last}} stand for what is on it, columns for its first row."},
    {.name = "cut", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .object = &object_cut, .values = "{plate, shape, d, radius, offset}", .help = "A cutting line around every piece; {} is a rectangle on the plate CutContour."},
    {.name = "first", .kind = VALUE_COUNT, .min = 1, .max = 1000000, .initial = "1", AT(Sheet, first), .help = "Position of the first piece, for a sheet that is partly used."},
    {.name = "repeat", .kind = VALUE_CUSTOM, .set = set_sheet_repeat, .min = 1, .max = 100000, .initial = "1", .values = "a count, or fill", .json = "\"type\": [\"integer\", \"string\"]",
     .help = "How many of each piece; fill: a whole sheet of each."},
};
OBJECT(object_sheet, "sheet", sheet_rows, "Several pieces on one press sheet.");

static const Row fold_rows[] = {
    {.name = "type", .kind = VALUE_CHOICE, .flags = ROW_REQUIRED, CHOICES("none", "half", "roll", "z", "gate", "double-gate", "map"), AT(Fold, type),
     .help = "How the leaflet is folded: half (对折), roll (包心折), z (风琴折, also with more panels), gate (关门折), double-gate (双关门折), map (地图折: as z, and then across)."},
    {.name = "panels", .kind = VALUE_CUSTOM, .set = set_fold_panels, .flags = ROW_COMPUTED, .initial = "worked out from type and page", .values = "[widths], or a count", .json = "\"anyOf\": [{\"type\": \"integer\"}, {\"type\": \"array\", \"items\": {" JSON_LENGTH "}}]",
     .help = "Widths of the panels of page 1 from left to right; they add up to the page width. Page 2 is mirrored by the program. Of a map a count is of all panels: 8, 10, 12."},
    {.name = "rows", .kind = VALUE_CUSTOM, .set = set_fold_rows, .flags = ROW_COMPUTED, .initial = "2 of a map", .values = "[heights], or a count", .json = "\"anyOf\": [{\"type\": \"integer\"}, {\"type\": \"array\", \"items\": {" JSON_LENGTH "}}]",
     .help = "Of a map: its rows from the top."},
    {.name = "compensation", .kind = VALUE_LENGTH, .max = 20, .flags = ROW_COMPUTED, .initial = "roll 3mm, gates and map 1mm, else 0", AT(Fold, compensation),
     .help = "When widths are worked out: how much narrower a panel is that others are folded over, for each layer of a roll. Ask the shop: it depends on the paper."},
    {.name = "crease", .kind = VALUE_COLOR, .flags = ROW_PLAIN | ROW_PLATE, AT(Fold, crease), .help = "The plate of lines along the folds, such as Crease, 压痕 or Perforate, for paper that breaks when it is only folded (from about 170 g)."},
};
OBJECT(object_fold, "fold", fold_rows, "The folds of a leaflet.");

static const Row booklet_rows[] = {
    {.name = "binding", .kind = VALUE_CHOICE, CHOICES("left", "right"), .initial = "left", AT(Booklet, binding), .help = "Where it is stapled, seen on its cover: right for books with vertical lines."},
    {.name = "creep", .kind = VALUE_LENGTH, .max = 2, .initial = "0", AT(Booklet, creep), .help = "How far each leaf moves its pages to the fold against the one around it, about the paper's thickness: 0.1mm for 80 g, 0.12mm for 157 g coated."},
};
OBJECT(object_booklet, "booklet", booklet_rows, "Of kind booklet: pages folded into each other and stapled through the fold (骑马订).");

static const Row doc_page_rows[] = {
    {.name = "name", .kind = VALUE_TEXT, AT(DocPage, name), .help = "Name of the page, for messages."},
    {.name = "body", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .values = "a box", .json = "\"$ref\": \"#/definitions/box\"", .help = "What is on the page."},
    {.name = "panels", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .values = "[{name, background, body}]",
     .json = "\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/panel\"}", .help = "The panels of a folded page, from left to right as printed on this side."},
};
OBJECT(object_doc_page, "pages entry", doc_page_rows, "One of several pages.");

static const Row panel_rows[] = {
    {.name = "name", .kind = VALUE_TEXT, AT(Panel, name), .help = "Name of the panel, for messages."},
    {.name = "background", .kind = VALUE_COLOR, AT(Panel, background), .help = "Colour of the whole panel, bleed included."},
    {.name = "body", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .values = "a box", .json = "\"$ref\": \"#/definitions/box\"", .help = "What is on the panel."},
};
OBJECT(object_panel, "panel", panel_rows, "A panel of a leaflet, between two folds.");

/* ---- screens ---- */

#define JSON_DOTS "\"type\": \"array\", \"items\": {\"type\": \"integer\", \"minimum\": 0}, \"minItems\": 2, \"maxItems\": 2"
#define PANEL_PATHS CHOICES("rows", "columns", "rows-serpentine", "columns-serpentine")

static const Row screen_panel_rows[] = {
    {.name = "at", .kind = VALUE_CUSTOM, .set = set_panel_at, .flags = ROW_COMPUTED, .max = LIMIT_SCREEN_PX, .initial = "[0, 0]", .values = "[x, y] in pixels", .json = JSON_DOTS,
     .help = "Where its top left corner hangs on the screen."},
    {.name = "size", .kind = VALUE_CUSTOM, .set = set_panel_size, .flags = ROW_REQUIRED, .min = 1, .max = LIMIT_SCREEN_PX, .values = "[width, height] in pixels", .json = JSON_DOTS,
     .help = "Pixels of one panel, as it hangs."},
    {.name = "tiles", .kind = VALUE_CUSTOM, .set = set_panel_tiles, .flags = ROW_COMPUTED, .min = 1, .max = LIMIT_SCREEN_PX, .initial = "[1, 1]", .values = "[columns, rows]", .json = JSON_DOTS,
     .help = "So many such panels side by side and below each other."},
    {.name = "chain", .kind = VALUE_CHOICE, PANEL_PATHS, .initial = "rows", AT(ScreenPanel, chain), .help = "How the cable goes from panel to panel; serpentine: there and back."},
    {.name = "turn-back", .kind = VALUE_BOOL, .initial = "false", AT(ScreenPanel, turns_back), .help = "Of a serpentine chain: every second line of panels hangs upside down, as short cables want it."},
    {.name = "wiring", .kind = VALUE_CHOICE, PANEL_PATHS, .initial = "rows", AT(ScreenPanel, wiring), .help = "How the lamps of one panel follow one another; serpentine is usual for LED strips."},
    {.name = "rotate", .kind = VALUE_CHOICE, CHOICES("0", "90", "180", "270"), .initial = "0", AT(ScreenPanel, rotate), .help = "How far the panel is turned clockwise."},
    {.name = "flip", .kind = VALUE_CHOICE, CHOICES("none", "horizontal", "vertical"), .initial = "none", AT(ScreenPanel, flip), .help = "Mirrored, before it is turned."},
    {.name = "order", .kind = VALUE_CHOICE, CHOICES("RGB", "RBG", "GRB", "GBR", "BRG", "BGR"), .initial = "RGB", AT(ScreenPanel, order), .help = "Order of a lamp's three channels."},
    {.name = "start", .kind = VALUE_COUNT, .min = 1, .max = LIMIT_CHANNELS, .flags = ROW_COMPUTED, .initial = "after the panel before", AT(ScreenPanel, start), SPAN_AT(ScreenPanel, start_span),
     .help = "First channel of the panel, counted from 1."},
};
OBJECT(object_screen_panel, "panel of map", screen_panel_rows, "Panels that hang on the channels of a controller.");

static const Row screen_rows[] = {
    {.name = "profile", .kind = VALUE_CUSTOM, .set = set_screen_profile, .choices = screen_profile_names, .help = "A common module, by the trade's name: P and the pitch in mm, F and the lamp's diameter. It brings pitch, color, levels, distance and current; each may be given besides."},
    {.name = "modules", .kind = VALUE_CUSTOM, .set = set_screen_modules, .values = "across x down, such as 16x2", .json = "\"type\": \"string\", \"pattern\": \"^[0-9]+x[0-9]+$\"", .help = "Size of the screen in modules of its profile, instead of size."},
    {.name = "size", .kind = VALUE_CUSTOM, .set = set_screen_size, .min = 1, .max = LIMIT_SCREEN_PX, .values = "[width, height] in pixels",
     .json = "\"type\": \"array\", \"items\": {\"type\": \"integer\", \"minimum\": 1}, \"minItems\": 2, \"maxItems\": 2", .help = "Pixels of the screen."},
    {.name = "pitch", .kind = VALUE_MILLIMETRES, .min = 0.1, .max = 1000, AT(Screen, pitch_mm), .help = "Distance between two pixels, such as 10mm."},
    {.name = "color", .kind = VALUE_CHOICE, CHOICES("red", "amber", "green", "blue", "white", "red-green", "rgb"), .initial = "rgb", AT(Screen, color), .help = "Which lamps the screen has. Of one colour it shows that one (amber: #FFBF00) and black."},
    {.name = "levels", .kind = VALUE_COUNT, .min = 2, .max = 256, .initial = "256", AT(Screen, levels), .help = "Grey levels a lamp can show; 2: on and off only."},
    {.name = "fps", .kind = VALUE_COUNT, .min = 1, .max = LIMIT_FPS, .initial = "50", AT(Screen, fps), .help = "Frames a second."},
    {.name = "distance", .kind = VALUE_METRES, .max = 10000, AT(Screen, distance_m), .help = "How far away the reader stands, such as 15m; letters must be high enough for it."},
    {.name = "map", .kind = VALUE_CUSTOM, .set = set_screen_map, .object = &object_screen_panel, .values = "[panels]", .json = "\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/screen-panel\"}",
     .help = "How the panels hang on the controller's channels, for play and FSEQ files; without it row by row from the top left pixel."},
    {.name = "now", .kind = VALUE_CUSTOM, .set = set_now, .values = "a time such as 2026-11-26T08:00:00", .json = "\"type\": \"string\"", .help = "What {{@now}} says in the first frame of a file; `play` takes the time of the machine. --now overrides."},
    {.name = "current", .kind = VALUE_AMPERES, .min = 0.1, .max = 100000, .flags = ROW_COMPUTED, .initial = "the profile's estimate", AT(Screen, current_a), .help = "What the whole screen takes with all lamps at full."},
    {.name = "current-limit", .kind = VALUE_AMPERES, .min = 0.1, .max = 100000, AT(Screen, current_limit_a), SPAN_AT(Screen, limit_span), .help = "What its power supplies can give; the brightest frame may not need more."},
};
OBJECT(object_screen, "screen", screen_rows, "An LED screen.");

static const Row playlist_rows[] = {
    {.name = "loop", .kind = VALUE_CUSTOM, .set = set_loop, .min = 1, .max = 1000000, .initial = "forever", .values = "forever, or a count", .json = "\"type\": [\"string\", \"integer\"]", .help = "How often the whole list is shown."},
    {.name = "seamless", .kind = VALUE_BOOL, .initial = "false", AT(Playlist, seamless), .help = "The last frame leads into the first without a jump."},
    {.name = "gap", .kind = VALUE_LENGTH, .max = 10000, .initial = "0", AT(Playlist, gap), .help = "Empty pixels between two items that scroll."},
    {.name = "items", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD | ROW_REQUIRED, .values = "[boxes with effect, or enter / hold / exit]",
     .json = "\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/box\"}", .help = "What is shown, one after the other."},
};
OBJECT(object_playlist, "playlist", playlist_rows, "What an LED screen shows.");

static const Row area_rows[] = {
    {.name = "name", .kind = VALUE_TEXT, .flags = ROW_COMPUTED, .initial = "1, 2, ..", AT(Area, name), .help = "What messages and the manifest call it."},
    {.name = "x", .kind = VALUE_COUNT, .max = LIMIT_SCREEN_PX, .initial = "0", AT(Area, x), .help = "Dots from the left edge of the screen."},
    {.name = "y", .kind = VALUE_COUNT, .max = LIMIT_SCREEN_PX, .initial = "0", AT(Area, y), .help = "Dots from its upper edge."},
    {.name = "width", .kind = VALUE_COUNT, .min = 1, .max = LIMIT_SCREEN_PX, .flags = ROW_COMPUTED, .initial = "to the right edge", AT(Area, width), .help = "Dots."},
    {.name = "height", .kind = VALUE_COUNT, .min = 1, .max = LIMIT_SCREEN_PX, .flags = ROW_COMPUTED, .initial = "to the lower edge", AT(Area, height), .help = "Dots."},
    {.name = "background", .kind = VALUE_COLOR, .flags = ROW_PLAIN, AT(Area, background), .help = "What lies behind the items; without it the lamps are dark."},
    {.name = "playlist", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD | ROW_REQUIRED, .values = "{seamless, gap, items}",
     .json = "\"$ref\": \"#/definitions/playlist\"", .help = "What the area shows, over and over."},
};
OBJECT(object_screen_area, "area", area_rows, "A part of an LED screen with a playlist of its own. Areas may not overlap; the whole repeats when all of them are back at their first frame.");

/* ---- data ---- */

static const Row column_rows[] = {
    {.name = "required", .kind = VALUE_BOOL, .initial = "false", AT(ColumnRule, required), .help = "No row may leave it empty."},
    {.name = "pattern", .kind = VALUE_TEXT, AT(ColumnRule, pattern), SPAN_AT(ColumnRule, pattern_span), .help = "A regular expression (PCRE2) the whole field must match."},
    {.name = "max", .kind = VALUE_COUNT, .max = 1000000, .initial = "0", AT(ColumnRule, max), .help = "At most so many characters; 0: no limit."},
    {.name = "type", .kind = VALUE_CHOICE, CHOICES("text", "number", "date", "url"), .initial = "text", AT(ColumnRule, type), .help = "What the field must be."},
};
OBJECT(object_column, "column", column_rows, "Rules for one column of the data.");

static const Row lookup_rows[] = {
    {.name = "file", .kind = VALUE_PATH, .flags = ROW_REQUIRED, AT(LookupRule, file), SPAN_AT(LookupRule, file_span), .help = "The other table."},
    {.name = "key", .kind = VALUE_TEXT, .flags = ROW_REQUIRED, AT(LookupRule, key), SPAN_AT(LookupRule, key_span), .help = "The column of the other table that is searched."},
};
OBJECT(object_lookup, "lookup", lookup_rows, "Fields of another table: {{column.field}}.");

static const Row data_rows[] = {
    {.name = "rows", .kind = VALUE_CUSTOM, .set = set_rows, .flags = ROW_REQUIRED, AT(DataSpec, rows), SPAN_AT(DataSpec, rows_span), .values = "a csv, tsv, xlsx or jsonl file; - is standard input", .json = "\"type\": \"string\"", .help = "The table: one copy for each row."},
    {.name = "encoding", .kind = VALUE_CUSTOM, .set = set_encoding, CHOICES("auto", "utf-8", "gb18030", "utf-16"), .initial = "auto", AT(DataSpec, encoding), .help = "How the file is encoded. Excel in Chinese saves GBK, which gb18030 reads."},
    {.name = "delimiter", .kind = VALUE_CUSTOM, .set = set_delimiter, .flags = ROW_COMPUTED, .initial = "by the file's ending, or what alone divides its lines", AT(DataSpec, delimiter), .values = "one character, or tab", .json = "\"type\": \"string\"", .help = "What stands between two fields."},
    {.name = "sheet", .kind = VALUE_TEXT, AT(DataSpec, sheet), .help = "Name of the sheet in an xlsx file; initially the first that is not hidden."},
    {.name = "columns", .kind = VALUE_CUSTOM, .set = set_columns, .object = &object_column, .values = "{column: {required, pattern, max, type}}", .json = "\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/definitions/column\"}", .help = "Rules the fields are checked against."},
    {.name = "unique", .kind = VALUE_CUSTOM, .set = set_names, AT(DataSpec, unique), .values = "[columns]", .json = JSON_STRINGS, .help = "Columns in which no value may come twice."},
    {.name = "filter", .kind = VALUE_CUSTOM, .set = set_filter, .values = "{column: value, or [values]}", .json = "\"type\": \"object\"", .help = "Only rows like this."},
    {.name = "sort", .kind = VALUE_CUSTOM, .set = set_names, AT(DataSpec, sort), .values = "[columns]", .json = JSON_STRINGS, .help = "Order of the rows."},
    {.name = "copies", .kind = VALUE_CUSTOM, .set = set_name, AT(DataSpec, copies), .values = "a column", .json = "\"type\": \"string\"", .help = "The column that says how many copies of a row are made."},
    {.name = "lookup", .kind = VALUE_CUSTOM, .set = set_lookup, .object = &object_lookup, .values = "{column: {file, key}}", .json = "\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/definitions/lookup\"}", .help = "The value of `column` is searched in `key` of `file`; its other fields are {{column.field}}."},
};
OBJECT(object_data, "data", data_rows, "The table of rows. Without it one copy is made.");

/* ---- checks and output ---- */

#define REPORTS CHOICES("error", "warn", "off")
static const Row image_dpi_rows[] = {
    {.name = "warn", .kind = VALUE_NUMBER, .max = 4800, .initial = "200", AT(Checks, image_dpi_warn), .help = "Warn below so many pixels an inch; 0: never."},
    {.name = "error", .kind = VALUE_NUMBER, .max = 4800, .initial = "120", AT(Checks, image_dpi_error), .help = "Refuse below so many pixels an inch; 0: never."},
};
OBJECT(object_image_dpi, "image-dpi", image_dpi_rows, "How coarse a picture may be.");

#define LIMIT(key, most, words, text) \
    {.name = key, .kind = VALUE_CUSTOM, .set = set_limit, .max = most, .flags = ROW_COMPUTED, .initial = "the profile's", .values = words ", {warn, error}, or off", \
     .json = "\"type\": [\"string\", \"number\", \"object\"]", .help = text}
static const Row limit_rows[] = {
    LIMIT("total-ink", 400, "per cent", "The most ink at one spot, all plates together, after overprinting."),
    LIMIT("text", 0, "a length such as 5pt", "The least size of text in one ink on paper, or in black."),
    LIMIT("knockout-text", 0, "a length such as 6pt", "The least size of text that is cut out of its ground or printed in several inks."),
    LIMIT("line", 0, "a length such as 0.25pt", "The least width of a line."),
    LIMIT("knockout-line", 0, "a length such as 0.5pt", "The least width of a line that is cut out of its ground or printed in several inks."),
    LIMIT("image-ppi", 4800, "pixels an inch", "The least resolution of a picture. checks.image-dpi, which holds without a press file too, goes before it."),
    LIMIT("bitmap-ppi", 4800, "pixels an inch", "The least resolution of a picture of black and white alone."),
    LIMIT("tint", 100, "per cent", "The least tint of a colour's strongest ink; a weaker one may vanish."),
    LIMIT("module", 0, "a length such as 0.4mm", "The least side of a QR code's module."),
    LIMIT("code-contrast", 100, "per cent", "The least contrast of a code and what lies under it."),
    LIMIT("safe", 0, "a length such as 3mm", "How far text keeps from the edge of the page."),
    LIMIT("rich-black-text", 0, "a length such as 50pt", "The least size of text in a black of several inks."),
    LIMIT("spots", 100, "a count", "How many inks of their own a page may have."),
};
OBJECT(object_limits, "limits", limit_rows, "Limits of the press, instead of the profile's: a number stops the file, {warn, error} are two.");

static const Row checks_rows[] = {
    {.name = "overflow", .kind = VALUE_CHOICE, REPORTS, .initial = "error", AT(Checks, overflow), .help = "Text that does not fit its box."},
    {.name = "missing-glyph", .kind = VALUE_CHOICE, REPORTS, .initial = "error", AT(Checks, missing_glyph), .help = "Characters that no font has."},
    {.name = "empty-field", .kind = VALUE_CHOICE, REPORTS, .initial = "error", AT(Checks, empty_field), .help = "A placeholder whose field is empty."},
    {.name = "emoji", .kind = VALUE_CHOICE, REPORTS, .initial = "error", AT(Checks, emoji), .help = "Emoji in what goes to the press: there they are small pictures, not letters."},
    {.name = "punctuation", .kind = VALUE_CHOICE, REPORTS, .initial = "warn", AT(Checks, punctuation), .help = "Half-width , ; : ! ? between Chinese characters."},
    {.name = "look-alike", .kind = VALUE_CHOICE, REPORTS, .initial = "error", AT(Checks, look_alike), .help = "On an LED screen, different characters that come out as the same picture; one dot of difference is a warning."},
    {.name = "burn-in", .kind = VALUE_CUSTOM, .set = set_burn_in, .initial = "90%", .values = "per cent of the loop, or off", .json = "\"type\": \"string\"", .help = "On an LED screen, lamps that a text resting for a minute or more keeps lit for more of the loop than this."},
    {.name = "min-size", .kind = VALUE_LENGTH, .flags = ROW_COMPUTED, .min = 0.3, .max = 5000, .initial = "5pt (screens: 8px)", AT(Checks, min_size), .help = "No text is set smaller."},
    {.name = "contrast", .kind = VALUE_CUSTOM, .set = set_contrast, .initial = "auto", .min = 1, .max = 21, AT(Checks, contrast), .values = "auto, off, or a ratio such as 4.5", .json = "\"type\": [\"string\", \"number\"]", .help = "Contrast of text and background; auto is 4.5 : 1, and 3 : 1 from 18pt, or bold from 14pt."},
    {.name = "distance", .kind = VALUE_METRES, .max = 10000, AT(Checks, distance_m), .help = "How far away the reader stands, such as 3m; letters must be high enough for it."},
    {.name = "image-dpi", .kind = VALUE_OBJECT, .object = &object_image_dpi, .values = "{warn, error}", .help = "How coarse a picture may be: {warn: 200, error: 120}. In a press file the profile's limits, unless they are given here."},
    {.name = "profile", .kind = VALUE_CHOICE, CHOICES("sheetfed-coated", "sheetfed-uncoated", "newsprint", "digital", "large-format"), .flags = ROW_NO_FIELD, .initial = "sheetfed-coated",
     .help = "Which press a press file is for: smallest text, thinnest line, most ink and the like are judged by what it can print."},
    {.name = "limits", .kind = VALUE_OBJECT, .object = &object_limits, .help = "Limits of the press, instead of the profile's: {total-ink: 280, text: 6pt}."},
    {.name = "qrcode", .kind = VALUE_CHOICE, CHOICES("sample", "all", "off"), .initial = "sample", AT(Checks, qrcode), .help = "Which QR codes are read back from the finished page, 300 dpi on paper: those of some rows, first and last among them, or of all."},
};
OBJECT(object_checks, "checks", checks_rows, "What is checked, and how strictly.");

static const Row output_rows[] = {
    {.name = "format", .kind = VALUE_CHOICE, CHOICES("auto", "pdf", "png", "png-sequence", "svg", "gif", "apng", "webp", "y4m", "rgb", "fseq", "fseq-plain", "fseq-v1", "stream", "mp4"), .initial = "auto", AT(Output, format),
     .help = "Kind of file; auto: by the ending of the name. Of a screen: png-sequence (a folder), or one file of all frames: gif, apng, webp (lossless), y4m and rgb (raw, for pipes), "
             "fseq (Falcon Player, zstd), fseq-plain (not compressed), fseq-v1, stream (rpi-rgb-led-matrix), mp4 (by ffmpeg; loses colour)."},
    {.name = "standard", .kind = VALUE_CHOICE, CHOICES("PDF/X-4", "PDF/X-1a", "PDF/VT-1", "PDF/A-2b", "PDF/UA-1"), .flags = ROW_NO_FIELD, SPAN_AT(Output, standard_span), .help = "The standard a PDF for the press conforms to: CMYK and plates, overprinting black, boxes, fonts as subsets; without it a screen PDF is made. PDF/VT-1 is PDF/X-4 with a record for each data row, its pieces not imposed on sheets. The last two are not written yet."},
    {.name = "record", .kind = VALUE_CUSTOM, .set = set_names, AT(Output, record), .values = "[columns]", .json = JSON_STRINGS, .help = "Columns that a PDF/VT-1 file says of each record; initially data.unique, else the first column."},
    {.name = "profile", .kind = VALUE_PATH, AT(Output, profile), SPAN_AT(Output, profile_span), .help = "The print shop's ICC profile for a press file; without it ISO Coated v2 300 % (FOGRA39) of Debian's scribus-data."},
    {.name = "color", .kind = VALUE_CHOICE, CHOICES("cmyk", "rgb"), .flags = ROW_COMPUTED | ROW_NO_FIELD, .initial = "cmyk with a standard, else rgb", .help = "Colour values that are written."},
    {.name = "dpi", .kind = VALUE_NUMBER, .min = 10, .max = 2400, .initial = "150", AT(Output, dpi), .help = "Pixels an inch of a PNG of a paper layout."},
    {.name = "name", .kind = VALUE_TEMPLATE, AT(Output, name), .help = "File name; {{column}} makes a file for each row, {{@frame}} for each frame."},
    {.name = "cut-file", .kind = VALUE_TEMPLATE, AT(Output, cut_file), .help = "Beside the PDF a file of the lines on plates for cutting, creasing, perforating and drilling, in .svg or .dxf; {{@sheet}} makes one for each sheet."},
    {.name = "preview", .kind = VALUE_TEXT, AT(Output, preview), SPAN_AT(Output, preview_span), .help = "Of a screen, how it looks on the wall: a name in .png (the brightest frame) or .html (a page that plays all frames)."},
    {.name = "duplicates", .kind = VALUE_CHOICE, CHOICES("copy", "link"), .initial = "copy", AT(Output, duplicates), .help = "Frames of a screen that equal an earlier one: written again, or hard links to it."},
};
OBJECT(object_output, "output", output_rows, "What is written, and where.");

/* ---- the file ---- */

#define STAGED(key, text, fragment, words) {.name = key, .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_NO_FIELD, .values = text, .json = fragment, .help = words}
#define BOX_REF "\"$ref\": \"#/definitions/box\""
static const Row file_rows[] = {
    {.name = "format", .kind = VALUE_CUSTOM, .set = set_any, .flags = ROW_REQUIRED | ROW_NO_FIELD, .values = "1", .json = "\"const\": 1", .help = "Version of the layout language."},
    {.name = "kind", .kind = VALUE_CHOICE, .flags = ROW_REQUIRED | ROW_NO_FIELD, CHOICES("poster", "sticker", "leaflet", "booklet", "led", "picture", "stylesheet"), .help = "What is made; chooses defaults and checks."},
    {.name = "title", .kind = VALUE_TEXT, .initial = "", AT(Document, title), .help = "Title in the PDF."},
    {.name = "lang", .kind = VALUE_TEXT, .initial = "zh-Hans", AT(Document, lang), .help = "Language (BCP 47); zh-Hans selects mainland forms of characters."},
    STAGED("extends", "a path", "\"type\": \"string\"", "A template: its keys hold where this file gives none; maps merge key by key, lists are replaced."),
    STAGED("use", "[paths]", JSON_STRINGS, "Style sheets; later ones win. Paths are relative to the file that names them."),
    STAGED("vars", "{name: value}", "\"type\": \"object\"", "Values for {{name}}; --set name=value overrides."),
    STAGED("strings", "{language: {key: text}}", "\"type\": \"object\"", "Texts in several languages: {{t.key}}, chosen by --lang."),
    {.name = "data", .kind = VALUE_OBJECT, .flags = ROW_NO_FIELD, .object = &object_data, .help = "The table of rows."},
    {.name = "page", .kind = VALUE_OBJECT, .flags = ROW_NO_FIELD, .object = &object_page, .help = "The page."},
    {.name = "screen", .kind = VALUE_OBJECT, .flags = ROW_NO_FIELD, .object = &object_screen, .help = "The LED screen."},
    {.name = "sheet", .kind = VALUE_OBJECT, .flags = ROW_NO_FIELD, .object = &object_sheet, .help = "Several pieces on one press sheet."},
    {.name = "fold", .kind = VALUE_OBJECT, .flags = ROW_NO_FIELD, .object = &object_fold, .help = "The folds of a leaflet."},
    {.name = "booklet", .kind = VALUE_OBJECT, .flags = ROW_NO_FIELD, .object = &object_booklet, .help = "How a booklet is bound."},
    STAGED("colors", "{name: {rgb, cmyk, spot, step}, or {of, tint}, or a gradient}", "\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/definitions/color\"}", "Declared colours."),
    STAGED("fonts", "{name: {family, file, fallback, exclude}}", "\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/definitions/font\"}", "Declared font sets."),
    STAGED("styles", "{name: {extends, text keys}}", "\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/definitions/style\"}", "Declared text styles. Every text starts from the one named base."),
    STAGED("parts", "{name: {params, body}}", "\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/definitions/part-definition\"}", "Boxes to be used several times."),
    {.name = "words", .kind = VALUE_CUSTOM, .set = set_strings_list, .values = "[words]", .json = JSON_STRINGS, .help = "Words that word-break: phrase never splits, beside those of its dictionary."},
    {.name = "readings", .kind = VALUE_CUSTOM, .set = set_readings, .values = "{word: reading}", .json = "\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}",
     .help = "How words are read where ruby: auto is asked for: {银行: yín háng}; the longest word counts."},
    STAGED("fill", "{slot: [boxes]}", "\"type\": \"object\"", "Boxes for the slots of the template."),
    STAGED("body", "a box", BOX_REF, "The one page. Exactly one of body, pages, playlist, areas is given."),
    STAGED("pages", "[{name, body} or {name, panels}]", "\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/pages-entry\"}", "Several pages."),
    STAGED("playlist", "{loop, seamless, gap, items}", "\"$ref\": \"#/definitions/playlist\"", "What an LED screen shows."),
    STAGED("areas", "[{x, y, width, height, background, playlist}]", "\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/area\"}", "Instead of playlist: parts of an LED screen, each with a playlist of its own."),
    {.name = "checks", .kind = VALUE_OBJECT, .flags = ROW_NO_FIELD, .object = &object_checks, .help = "What is checked."},
    {.name = "output", .kind = VALUE_OBJECT, .flags = ROW_NO_FIELD, .object = &object_output, .help = "What is written."},
};
OBJECT(object_file, "a layout file", file_rows, "The keys at the left edge of a layout file.");

const Object *const all_objects[] = {
    &object_file, &object_page, &object_sheet, &object_cut, &object_fold, &object_booklet, &object_doc_page, &object_panel, &object_screen, &object_screen_panel,
    &object_playlist, &object_screen_area, &object_motion, &object_data, &object_column, &object_lookup, &object_color, &object_linear_gradient, &object_radial_gradient,
    &object_font, &object_part_definition,
    &object_style_extends, &object_style, &object_stroke, &object_outline, &object_shadow, &object_decoration, &object_fit, &object_common, &object_text, &object_image, &object_qrcode, &object_barcode,
    &object_shape, &object_box, &object_part, &object_slot, &object_space, &object_border, &object_checks, &object_image_dpi, &object_limits,
    &object_output,
};
const size_t all_object_count = sizeof all_objects / sizeof *all_objects;

const Row *object_find(const Object *object, const char *name)
{
    for (size_t i = 0; i < object->count; i++)
        if (strcmp(object->rows[i].name, name) == 0) return &object->rows[i];
    return NULL;
}

const BoxType *box_type_find(const char *key)
{
    for (size_t i = 0; i < box_type_count; i++)
        if (strcmp(box_types[i].key, key) == 0) return &box_types[i];
    return NULL;
}
