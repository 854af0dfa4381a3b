/* styles.c -- colours and fonts are declared, and the cascade of text styles is worked out. */
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/suggest.h"
#include "document/reader.h"

enum { STYLE_DEPTH = 32 };

bool set_font(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    TextStyle *style = base;
    const Document *d = r->document;
    const char *name = value_scalar(r, row, value);
    if (!name) return false;
    const char **names = ARENA_ARRAY(r->arena, const char *, d->font_count + 1);
    for (size_t i = 0; i < d->font_count; i++) {
        names[i] = d->fonts[i].name;
        if (strcmp(names[i], name) != 0) continue;
        style->font = &d->fonts[i];
        return true;
    }
    return diag_error(r->diags, value->span, "unknown-font-set", hint_nearest(r->arena, name, names, d->font_count), "no font \"%s\" under fonts", name);
}

bool set_font_size(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    TextStyle *style = base;
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    double pt = value_font_size_name(text);
    if (pt > 0) {
        style->size = value_from_pt(r, pt);
        return true;
    }
    const Row with_em = {.name = row->name, .kind = VALUE_DIM, .flags = ROW_EM, .min = row->min, .max = row->max};
    Dim dim;
    if (!value_dim(r, &with_em, value, &dim)) return false;
    style->size = dim.unit == DIM_EM ? length_from_double(dim.number * style->size) : dim.length;
    if (style->size > 0) return true;
    return diag_error(r->diags, value->span, "out-of-range", "write a size above 0", "\"size\" cannot be %s", text);
}

bool set_weight(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    int index;
    const char *text = value_scalar(r, row, value);
    if (!text || !value_choice(r, row, text, value->span, &index)) return false;
    ((TextStyle *)base)->weight = (FontWeight)weight_values[index];
    return true;
}

bool set_em(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    TextStyle *style = base;
    double number;
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    size_t used = num_parse(text, strlen(text), &number);
    if (used && !text[used] && number != 0)
        return diag_error(r->diags, value->span, "missing-unit", arena_printf(r->arena, "write %sem", text), "\"%s\" has no unit: %s", row->name, text);
    if (!used || (text[used] && strcmp(text + used, "em") != 0))
        return diag_error(r->diags, value->span, "bad-unit", "write it in em, such as 0.1em", "\"%s\" cannot be %s", row->name, text);
    if (number < row->min || number > row->max) {
        char low[NUM_ROOM], high[NUM_ROOM];
        const char *hint = arena_printf(r->arena, "write a value from %sem to %sem", num_format(low, row->min, 2), num_format(high, row->max, 2));
        return diag_error(r->diags, value->span, "out-of-range", hint, "\"%s\" cannot be %s", row->name, text);
    }
    *(double *)(void *)((char *)style + row->offset) = number;
    return true;
}

bool set_text_fit(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    TextStyle *style = base;
    Length least = r->document->checks.min_size;
    if (value->kind == YAML_MAP) {
        struct { Length min, max; } range = {least, 0};
        if (!check_map(r, value, "fit", &(Target){&object_fit, &range}, 1)) return false;
        if (range.max && range.max < range.min)
            return diag_error(r->diags, value->span, "out-of-range", "make max at least min", "\"fit\" has a max below its min");
        style->fit = range.max ? FIT_GROW : FIT_SHRINK;
        style->fit_min = range.min;
        style->fit_max = range.max;
        return true;
    }
    int index;
    const char *text = value_scalar(r, row, value);
    if (!text || !value_choice(r, row, text, value->span, &index)) return false;
    style->fit = (TextFit)index;
    style->fit_min = least;
    style->fit_max = index >= FIT_GROW ? LENGTH_MAX : 0;
    return true;
}

static bool is_none(const YamlNode *value) { return value->kind == YAML_SCALAR && strcmp(value->scalar, "none") == 0; }

bool set_stroke(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    TextStyle *style = base;
    Outline outline = {0};
    if (!is_none(value) && !value_read(r, &(Row){.name = row->name, .kind = VALUE_OBJECT, .object = row->object}, value, &outline)) return false;
    style->stroke_color = outline.line.color;
    style->stroke_width = outline.line.width;
    style->stroke_join = outline.join;
    return true;
}

bool set_shadow(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    TextStyle *style = base;
    struct { Length x, y; const Color *color; } shadow = {0};
    if (!is_none(value) && !value_read(r, &(Row){.name = row->name, .kind = VALUE_OBJECT, .object = row->object}, value, &shadow)) return false;
    style->shadow_color = shadow.color;
    style->shadow_x = shadow.x;
    style->shadow_y = shadow.y;
    return true;
}

const char *const numeric_features[NUMERIC_COUNT] = {"lnum", "onum", "pnum", "tnum", "frac", "afrc", "ordn", "zero"};

/* CSS Fonts 4, 6.7: of each of the first three pairs only one. */
bool set_numeric(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    TextStyle *style = base;
    const YamlNode *const *items = value->kind == YAML_LIST ? value->items : &value;
    size_t count = value->kind == YAML_LIST ? value->count : 1;
    unsigned bits = 0;
    bool ok = count > 0 || value_wrong_type(r, row, value);
    for (size_t i = 0; i < count; i++) {
        int index;
        const char *text = value_scalar(r, row, items[i]);
        if (!text || !value_choice(r, row, text, items[i]->span, &index)) {
            ok = false;
            continue;
        }
        unsigned bit = index ? 1u << (index - 1) : 0, other = index && index <= 6 ? 1u << ((index - 1) ^ 1) : 0;
        if (bits & other)
            ok = diag_error(r->diags, items[i]->span, "bad-choice", "keep one of the two", "\"%s\" cannot be \"%s\" and \"%s\"", row->name,
                            row->choices[1 + ((index - 1) ^ 1)], text);
        bits |= bit;
    }
    style->numeric = bits;
    style->features_where = value->span;
    return ok;
}

bool set_axes(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    TextStyle *style = base;
    style->axes = NULL;
    style->axis_count = 0;
    if (is_none(value)) return true;
    if (value->kind != YAML_MAP) return value_wrong_type(r, row, value);
    Axis *axes = ARENA_ARRAY(r->arena, Axis, value->count + 1);
    bool ok = true;
    for (size_t i = 0; i < value->count; i++) {
        const YamlEntry *entry = &value->entries[i];
        const char *text = value_scalar(r, row, entry->value);
        if (!text) return false;
        if (strlen(entry->key) != 4) {
            ok = diag_error(r->diags, entry->key_span, "bad-choice", "write a tag of 4 letters: wght, wdth, slnt, opsz", "\"axes\" cannot have \"%s\"", entry->key);
            continue;
        }
        memcpy(axes[i].tag, entry->key, 4);
        size_t used = num_parse(text, strlen(text), &axes[i].value);
        if (!used || text[used])
            ok = diag_error(r->diags, entry->value->span, "wrong-type", "write a number, in the font's own scale", "\"%s\" is not a number: \"%s\"", entry->key, text);
    }
    style->axes = axes;
    style->axis_count = value->count;
    style->axes_where = value->span;
    return ok;
}

bool set_decoration_line(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Decoration *decoration = base;
    const YamlNode *const *items = value->kind == YAML_LIST ? value->items : &value;
    size_t count = value->kind == YAML_LIST ? value->count : 1;
    bool ok = count > 0 || value_wrong_type(r, row, value);
    for (size_t i = 0; i < count; i++) {
        int index;
        const char *text = value_scalar(r, row, items[i]);
        if (!text || !value_choice(r, row, text, items[i]->span, &index)) ok = false;
        else decoration->lines |= 1u << index;
    }
    return ok;
}

bool set_decoration(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    TextStyle *style = base;
    Decoration decoration = {0};
    check_initials(r, &object_decoration, &decoration);
    if (value->kind == YAML_MAP) {
        if (!check_map(r, value, "decoration", &(Target){&object_decoration, &decoration}, 1)) return false;
    } else {
        int index;
        const char *text = value_scalar(r, row, value);
        if (!text || !value_choice(r, row, text, value->span, &index)) return false;
        decoration.lines = index ? 1u << (index - 1) : 0;
    }
    style->decoration = decoration;
    return true;
}

bool set_features(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    TextStyle *style = base;
    if (value->kind != YAML_LIST) return value_wrong_type(r, row, value);
    Feature *features = ARENA_ARRAY(r->arena, Feature, value->count + 1);
    for (size_t i = 0; i < value->count; i++) {
        const char *text = value_scalar(r, row, value->items[i]);
        if (!text) return false;
        bool is_off = text[0] == '-';
        const char *tag = text + is_off, *equals = strchr(tag, '=');
        size_t length = equals ? (size_t)(equals - tag) : strlen(tag);
        long number = !is_off;
        if (length != 4 || (equals && (is_off || !num_parse_count(equals + 1, &number) || number > 65535)))
            return diag_error(r->diags, value->items[i]->span, "bad-choice", "write a tag of 4 letters: palt, -kern, ss01=2", "\"features\" cannot be \"%s\"", text);
        memcpy(features[i].tag, tag, 4);
        features[i].value = (unsigned)number;
    }
    style->features = features;
    style->feature_count = value->count;
    style->features_where = value->span;
    return true;
}

/* ---- named styles ---- */

/* Does the chain of "extends" come back to this style? Circles larger than the depth allowed are just too deep. */
static bool is_cycle(const YamlNode *styles, const char *name)
{
    const char *next = name;
    for (int i = 0; i < STYLE_DEPTH; i++) {
        const YamlNode *map = yaml_find(styles, next), *parent = map && map->kind == YAML_MAP ? yaml_find(map, "extends") : NULL;
        if (!parent || parent->kind != YAML_SCALAR) return false;
        next = parent->scalar;
        if (strcmp(next, name) == 0) return true;
    }
    return false;
}

static bool apply_named(Reader *r, const char *name, Span where, TextStyle *style, unsigned depth)
{
    const YamlNode *styles = yaml_find(r->root, "styles");
    const YamlNode *map = styles && styles->kind == YAML_MAP ? yaml_find(styles, name) : NULL;
    if (!map) {
        size_t count = styles && styles->kind == YAML_MAP ? styles->count : 0;
        const char **names = ARENA_ARRAY(r->arena, const char *, count + 1);
        for (size_t i = 0; i < count; i++) names[i] = styles->entries[i].key;
        return diag_error(r->diags, where, "unknown-style", count ? hint_nearest(r->arena, name, names, count) : "declare it under styles", "no style \"%s\"", name);
    }
    if (map->kind != YAML_MAP) return diag_error(r->diags, map->span, "wrong-type", "write {size: 12pt, ..}", "the style \"%s\" is no map", name);
    const YamlNode *parent = yaml_find(map, "extends");
    bool ok = true;
    if (r->diags->dropped) return false;            /* enough is said */
    if (parent && depth >= STYLE_DEPTH && !is_cycle(styles, name))
        return diag_error(r->diags, parent->span, "too-deep", "let it extend a style further up", "styles that extend each other, more than %d deep", STYLE_DEPTH);
    if (parent && depth >= STYLE_DEPTH) return diag_error(r->diags, parent->span, "style-cycle", "remove one \"extends\"", "the style \"%s\" extends itself", name);
    if (parent && parent->kind == YAML_SCALAR && strcmp(parent->scalar, "base") != 0) ok = apply_named(r, parent->scalar, parent->span, style, depth + 1);
    else if (parent && parent->kind == YAML_SCALAR && !yaml_find(styles, "base")) ok = apply_named(r, "base", parent->span, style, depth + 1);
    const Target targets[] = {{&object_style_extends, NULL}, {&object_style, style}};
    DiagList *kept = r->diags;
    if (depth) r->diags = &r->mute;       /* a parent's mistakes are reported at its own turn */
    ok = check_map(r, map, "style", targets, 2) && ok;
    r->diags = kept;
    return ok;
}

/* A style's own mistakes are reported once, where it is declared; here only that it does not exist. */
bool style_apply(Reader *r, const char *name, Span where, TextStyle *style)
{
    const YamlNode *styles = yaml_find(r->root, "styles");
    if (!styles || styles->kind != YAML_MAP || !yaml_find(styles, name)) return apply_named(r, name, where, style, 0);
    DiagList *kept = r->diags;
    size_t notes = r->not_yet.count;
    r->diags = &r->mute;
    bool ok = apply_named(r, name, where, style, 0);
    r->not_yet.count = notes;
    r->diags = kept;
    return ok;
}

bool style_apply_names(Reader *r, const YamlNode *value, TextStyle *style)
{
    const Row row = {.name = "style", .kind = VALUE_CUSTOM, .values = "a name from styles, or a list of names"};
    const YamlNode *const *items = value->kind == YAML_LIST ? value->items : &value;
    size_t count = value->kind == YAML_LIST ? value->count : 1;
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        const char *name = value_scalar(r, &row, items[i]);
        ok &= name && style_apply(r, name, items[i]->span, style);
    }
    return ok;
}

const TextStyle *style_of_readings(Reader *r, const TextStyle *words)
{
    TextStyle *style = ARENA_NEW(r->arena, TextStyle);
    *style = *words;
    style->emphasis = EMPHASIS_NONE;
    style->decoration = (Decoration){0};
    style->tracking = 0;
    style->fit = FIT_NONE;
    style->overflow = OVERFLOW_ERROR;
    style->ruby = RUBY_NONE;
    style->combine = COMBINE_NONE;
    style->numeric = 0;
    style->features = NULL;
    style->feature_count = 0;
    style->stroke_color = style->shadow_color = NULL;
    style->align = TEXT_LEFT;
    const YamlNode *styles = yaml_find(r->root, "styles");
    bool is_declared = styles && styles->kind == YAML_MAP && yaml_find(styles, "ruby");
    if (is_declared) style_apply(r, "ruby", SPAN_NONE, style);       /* its mistakes are reported where it stands */
    if (style->size == words->size) style->size = words->size / 2;
    style->ruby = RUBY_NONE;
    style_finish(r, style);
    return style;
}

void style_settle(TextStyle *style)
{
    Decoration *decoration = &style->decoration;
    if (!decoration->size) decoration->size = style->size;
    if (!decoration->color) decoration->color = style->color;
}

static bool is_same_place(Span a, Span b) { return a.source == b.source && a.start == b.start; }

/* Where the same is asked for again (in styles over styles), it needs to be held against a font once. */
static void note_font_style(Reader *r, const TextStyle *style)
{
    const TextStyle **known = r->font_styles.items;
    for (size_t i = 0; i < r->font_styles.count; i++)
        if (known[i]->font == style->font && is_same_place(known[i]->axes_where, style->axes_where) && is_same_place(known[i]->features_where, style->features_where)) return;
    TextStyle *kept = ARENA_NEW(r->arena, TextStyle);
    *kept = *style;
    *(const TextStyle **)list_add(r->arena, &r->font_styles, sizeof kept) = kept;
}

void style_finish(Reader *r, TextStyle *style)
{
    style_settle(style);
    if (style->axis_count || style->feature_count || style->numeric) note_font_style(r, style);
    style->note = style->ruby == RUBY_AUTO ? style_of_readings(r, style) : NULL;
    if (style->fit == FIT_NONE) style->fit_min = style->fit_max = style->size;
    if (style->fit == FIT_SHRINK) {
        style->fit_max = style->size;
        if (style->fit_min > style->size) style->fit_min = style->size;
    }
}

bool style_check_writing(Reader *r, const TextStyle *style, const TextStyle *around, Span where)
{
    if (around && style->writing != around->writing)
        return diag_error(r->diags, where, "inline-writing", "give \"writing\" to the text, or set these words in a box of their own",
                          "words cannot be written another way than the text they stand in");
    const char *key = style->combine != (around ? around->combine : COMBINE_NONE) ? "combine"
                    : style->orientation != (around ? around->orientation : ORIENTATION_MIXED) ? "orientation" : NULL;
    if (!key || style->writing != WRITING_HORIZONTAL_TB) return true;
    return diag_error(r->diags, where, "not-vertical", arena_printf(r->arena, "writing: vertical-rl, or take \"%s\" out", key),
                      "\"%s\" is for vertical lines, and these are horizontal", key);
}

/* ---- declarations ---- */

const YamlNode *styles_declared(Reader *r, const char *key)
{
    const YamlNode *map = yaml_find(r->root, key);
    if (!map || map->kind == YAML_MAP) return map;
    value_wrong_type(r, object_find(&object_file, key), map);
    return NULL;
}

static const FontSet built_in_font = {.name = "built-in", .family = "Noto Sans CJK SC"}, built_in_dots = {.name = "built-in", .family = "dots"};
static const Color built_in_black = {.name = "black", .has_rgb = true, .has_cmyk = true, .cmyk = {0, 0, 0, 100}};

/* A screen of one colour lights its letters in that one. */
static const Color built_in_lamps[] = {
    [SCREEN_RED] = {.name = "red", .has_rgb = true, .rgb = {255, 0, 0}}, [SCREEN_AMBER] = {.name = "amber", .has_rgb = true, .rgb = {255, 191, 0}},
    [SCREEN_GREEN] = {.name = "green", .has_rgb = true, .rgb = {0, 255, 0}}, [SCREEN_BLUE] = {.name = "blue", .has_rgb = true, .rgb = {0, 0, 255}},
    [SCREEN_WHITE] = {.name = "white", .has_rgb = true, .rgb = {255, 255, 255}}, [SCREEN_RED_GREEN] = {.name = "yellow", .has_rgb = true, .rgb = {255, 255, 0}},
    [SCREEN_RGB] = {.name = "white", .has_rgb = true, .has_cmyk = true, .rgb = {255, 255, 255}},
};

static void declare_fonts(Reader *r)
{
    const YamlNode *map = styles_declared(r, "fonts");
    size_t count = map ? map->count : 0;
    FontSet *fonts = ARENA_ARRAY(r->arena, FontSet, count + 1);
    for (size_t i = 0; i < count; i++) {
        const YamlEntry *entry = &map->entries[i];
        fonts[i] = (FontSet){.name = entry->key, .index = i, .where = entry->value->span};
        if (entry->value->kind != YAML_MAP) {
            diag_error(r->diags, entry->value->span, "wrong-type", "write {family: Noto Sans CJK SC}", "the font \"%s\" is no map", entry->key);
            continue;
        }
        size_t errors = r->diags->error_count;
        check_map(r, entry->value, "font", &(Target){&object_font, &fonts[i]}, 1);
        const YamlNode *family = yaml_find(entry->value, "family"), *file = yaml_find(entry->value, "file");
        if (family || file) fonts[i].where = (file ? file : family)->span;
        if (!family == !file && r->diags->error_count == errors)
            diag_error(r->diags, entry->value->span, "missing-key", "give one of family, file", "the font \"%s\" has %s of family and file", entry->key, family ? "both" : "none");
    }
    if (!count) fonts[count++] = r->document->kind == DOC_LED ? built_in_dots : built_in_font;
    r->document->fonts = fonts;
    r->document->font_count = count;
}

static const FontSet *initial_font(const Document *d)
{
    for (size_t i = 0; i < d->font_count; i++)
        if (strcmp(d->fonts[i].name, "sans") == 0) return &d->fonts[i];
    return &d->fonts[0];
}

const Color *style_initial_color(const Document *d)
{
    if (d->kind == DOC_LED) return &built_in_lamps[d->screen.color];
    for (size_t i = 0; i < d->color_count; i++)
        if (strcmp(d->colors[i].name, "black") == 0) return &d->colors[i];
    return &built_in_black;
}

void styles_declare(Reader *r)
{
    colors_declare(r);
    declare_fonts(r);
    TextStyle *base = ARENA_NEW(r->arena, TextStyle);
    check_initials(r, &object_style, base);
    base->font = initial_font(r->document);
    base->hyphenate_chars = 5;
    base->hyphenate_before = 2;
    base->hyphenate_after = 3;
    base->color = style_initial_color(r->document);
    base->size = r->document->is_screen ? 32 * LENGTH_ONE : length_from_pt(10.5);
    base->lang = r->document->lang;
    base->word_break = r->document->kind == DOC_LEAFLET ? WORD_BREAK_NORMAL : WORD_BREAK_PHRASE;
    base->wrap = WRAP_AUTO;
    r->base = base;
    const YamlNode *map = styles_declared(r, "styles");
    if (map && yaml_find(map, "base")) style_apply(r, "base", map->span, base);
    for (size_t i = 0; map && i < map->count; i++) {
        TextStyle probe = *base;
        apply_named(r, map->entries[i].key, map->entries[i].key_span, &probe, 0);
    }
    style_finish(r, base);
}

/* ---- direction ---- */

bool style_is_backward(const TextStyle *style)
{
    static const char *const languages[] = {"ar", "ug", "fa", "he", "ur", "yi", "ckb", "ps", "sd", "dv"};
    static const char *const scripts[] = {"Arab", "Hebr", "Thaa", "Syrc", "Nkoo"};
    const char *lang = style->lang ? style->lang : "";
    if (style->direction != DIRECTION_AUTO) return style->direction == DIRECTION_RTL;
    size_t length = strcspn(lang, "-_");
    const char *script = lang[length] ? lang + length + 1 : "";
    if (strcspn(script, "-_") == 4) {             /* ug-Latn is written from left to right, kk-Arab from right to left */
        for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) if (strncasecmp(script, scripts[i], 4) == 0) return true;
        return false;
    }
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if ((lang[0] | 0x20) == languages[i][0] && strlen(languages[i]) == length && strncasecmp(languages[i], lang, length) == 0) return true;
    return false;
}

TextAlign style_align(const TextStyle *style)
{
    if (style->align != TEXT_START && style->align != TEXT_END) return style->align;
    return (style->align == TEXT_START) == style_is_backward(style) ? TEXT_RIGHT : TEXT_LEFT;
}

TextAlign style_align_last(const TextStyle *style)
{
    if (style->align != TEXT_JUSTIFY) return style_align(style);
    return style_is_backward(style) ? TEXT_RIGHT : TEXT_LEFT;
}
