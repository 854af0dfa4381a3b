/* colors.c -- declared colours: single ones, tints of others, and gradients between others, which may also be written where
 * a colour is used. Tints and gradients name colours declared before or after them, but never one another. */
#include <string.h>

#include "base/num.h"
#include "base/plates.h"
#include "base/suggest.h"
#include "document/reader.h"

#define STOPS_MAX 64

static const Color *declared_color(const Reader *r, const char *name)
{
    for (size_t i = 0; i < r->declared_colors; i++)
        if (strcmp(r->document->colors[i].name, name) == 0) return &r->document->colors[i];
    return NULL;
}

static const Color *find_color(Reader *r, const char *name, Span where)
{
    const Document *document = r->document;
    const Color *found = declared_color(r, name);
    if (found) return found;
    size_t count = r->declared_colors;
    const char **names = ARENA_ARRAY(r->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) names[i] = document->colors[i].name;
    static const char *const css[][2] = {
        {"black", "#000000"}, {"white", "#FFFFFF"}, {"red", "#FF0000"}, {"green", "#008000"}, {"blue", "#0000FF"}, {"yellow", "#FFFF00"},
        {"orange", "#FFA500"}, {"purple", "#800080"}, {"gray", "#808080"}, {"grey", "#808080"}, {"pink", "#FFC0CB"}, {"gold", "#FFD700"},
    };
    const char *literal = name[0] == '#' ? name : NULL;
    const char *hint = NULL;
    const char *near = suggest_nearest(name, names, count);
    for (size_t i = 0; !near && i < sizeof css / sizeof *css; i++)
        if (strcmp(css[i][0], name) == 0) literal = css[i][1];
    if (literal)
        hint = arena_printf(r->arena, "declare it under colors and use its name: colors: {%s: {rgb: \"%s\"}}", name[0] == '#' ? "my-color" : name, literal);
    else if (count)
        hint = hint_nearest(r->arena, name, names, count);
    else
        hint = "declare it under colors: {name: {rgb: \"#RRGGBB\", cmyk: [c, m, y, k]}}";
    diag_error(r->diags, where, "unknown-color", hint, "no color \"%s\"", name);
    return NULL;
}

/* A declared colour, one whose spot is called so, or what shops call a plate: that one is added to the document's colours. */
const Color *color_plate(Reader *r, const char *name, Span where)
{
    Document *d = r->document;
    const Color *found = declared_color(r, name), *known = plate_find(name);
    for (size_t i = 0; !found && i < d->color_count; i++)
        if (d->colors[i].spot && strcmp(d->colors[i].spot, name) == 0) found = &d->colors[i];
    if (found) return found;
    if (!known) {
        const char **names = ARENA_ARRAY(r->arena, const char *, r->declared_colors + plate_count());
        size_t count = 0;
        for (size_t i = 0; i < r->declared_colors; i++) names[count++] = d->colors[i].name;
        for (size_t i = 0; i < plate_count(); i++) names[count++] = plate_at(i)->name;
        diag_error(r->diags, where, "unknown-color", hint_nearest(r->arena, name, names, count), "no color \"%s\", and no plate that shops call so", name);
        return NULL;
    }
    Color *added = (Color *)(uintptr_t)&d->colors[d->color_count++];      /* room was left: colors_declare */
    *added = *known;
    added->where = where;
    return added;
}

/* ---- gradients ---- */

/* The words of CSS: "to right", "to bottom left". */
static bool read_side(const char *text, Gradient *gradient)
{
    static const struct { const char *word; int x, y; } sides[] = {{"left", -1, 0}, {"right", 1, 0}, {"top", 0, -1}, {"bottom", 0, 1}};
    if (strncmp(text, "to ", 3) != 0) return false;
    gradient->to_x = gradient->to_y = 0;
    for (text += 2; *text;) {
        text += strspn(text, " ");
        size_t length = strcspn(text, " "), i = 0;
        for (; i < 4 && (strlen(sides[i].word) != length || strncmp(text, sides[i].word, length) != 0); i++) {}
        if (i == 4 || (sides[i].x ? gradient->to_x : gradient->to_y)) return false;
        gradient->to_x += sides[i].x;
        gradient->to_y += sides[i].y;
        text += length;
    }
    return gradient->to_x || gradient->to_y;
}

bool set_angle(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Gradient *gradient = base;
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    if (read_side(text, gradient)) return true;
    size_t used = num_parse(text, strlen(text), &gradient->angle);
    bool is_angle = used && (!text[used] || strcmp(text + used, "deg") == 0) && gradient->angle >= -360 && gradient->angle <= 360;
    return is_angle || diag_error(r->diags, value->span, "bad-gradient", "write degrees, 0 is upwards and 90 to the right, or \"to right\", \"to bottom left\"",
                                  "\"angle\" cannot be \"%s\"", text);
}

static bool read_percent(const char *text, double *out)
{
    size_t length = strlen(text), used = num_parse(text, length, out);
    *out /= 100;
    return used && used + 1 == length && text[used] == '%' && *out >= 0 && *out <= 1;
}

bool set_middle(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Gradient *gradient = base;
    bool ok = value->kind == YAML_LIST && value->count == 2;
    for (size_t i = 0; ok && i < 2; i++) {
        const char *text = value_scalar(r, row, value->items[i]);
        ok = text && read_percent(text, &gradient->at[i]);
    }
    return ok || diag_error(r->diags, value->span, "bad-gradient", "write [50%, 50%]: across and down, per cent of what is filled", "\"at\" is no place in the gradient");
}

/* A stop as written: its colour, and where it is said to stand, or -1. */
typedef struct WrittenStop { const Color *color; double at[2]; Span where; } WrittenStop;

/* "alert-red", "alert-red 30%", "alert-red 30% 50%"; a name may have blanks. */
static bool read_stop(Reader *r, const Row *row, const YamlNode *value, WrittenStop *out)
{
    *out = (WrittenStop){.at = {-1, -1}, .where = value->span};
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    char *name = arena_copy_string(r->arena, text);
    double places[2];
    int count = 0;
    for (char *blank; count < 2 && (blank = strrchr(name, ' ')) && read_percent(blank + 1, &places[count]); count++) {
        while (blank > name && blank[-1] == ' ') blank--;
        *blank = '\0';
    }
    for (int i = 0; i < count; i++) out->at[i] = places[count - 1 - i];
    const char *last = strrchr(name, ' ');
    if (last && last[1] && last[strlen(last) - 1] == '%')
        return diag_error(r->diags, value->span, "bad-gradient", "write yellow 60%, or yellow 40% 60% for a band of one colour", "a stop has at most two places, from 0%% to 100%%: \"%s\"", text);
    const Color *color = out->color = find_color(r, name, value->span);
    if (color && color->gradient)
        return diag_error(r->diags, value->span, "bad-gradient", "name its colours one by one", "the gradient \"%s\" cannot be a stop of another one", name);
    return color != NULL;
}

/* CSS Images 3, section 3.4.3: the ends stand at 0 and 100 %, what says nothing is spread evenly between its neighbours. */
static void spread(GradientStop *stops, size_t count)
{
    if (stops[0].at < 0) stops[0].at = 0;
    if (stops[count - 1].at < 0) stops[count - 1].at = 1;
    for (size_t i = 1, end; i < count; i = end + 1) {
        for (end = i; stops[end].at < 0;) end++;
        for (size_t k = i; k < end; k++) stops[k].at = stops[i - 1].at + (stops[end].at - stops[i - 1].at) * (double)(k - i + 1) / (double)(end - i + 1);
    }
}

bool set_stops(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Gradient *gradient = base;
    if (value->kind != YAML_LIST) return value_wrong_type(r, row, value);
    if (value->count < 2 || value->count > STOPS_MAX)
        return diag_error(r->diags, value->span, "bad-gradient", "write [alert-red, yellow 60%, white]", "a gradient has 2 to %d stops, this one %zu", STOPS_MAX, value->count);
    GradientStop *stops = ARENA_ARRAY(r->arena, GradientStop, 2 * value->count + 2);
    size_t count = 1;                                          /* room for one before the first */
    double highest = 0;
    for (size_t i = 0; i < value->count; i++) {
        WrittenStop written;
        if (!read_stop(r, row, value->items[i], &written)) return false;
        for (int k = 0; k < 2 && (k == 0 || written.at[k] >= 0); k++) {
            if (written.at[k] >= 0 && written.at[k] < highest)
                return diag_error(r->diags, written.where, "bad-gradient", "let the places rise: a 0%, b 40%, c 100%", "the stop \"%s\" stands before the one above it",
                                  written.color->name);
            if (written.at[k] >= 0) highest = written.at[k];
            stops[count++] = (GradientStop){written.at[k], written.color};
        }
    }
    spread(stops + 1, count - 1);
    stops[0] = (GradientStop){0, stops[1].color};
    if (stops[count - 1].at < 1) stops[count] = (GradientStop){1, stops[count - 1].color}, count++;
    size_t first = stops[1].at > 0 ? 0 : 1;
    gradient->stops = stops + first;
    gradient->stop_count = count - first;
    return true;
}

/* Where only one colour can be, a gradient is the mean of its stops. */
static void set_mean(Color *color)
{
    const Gradient *gradient = color->gradient;
    double rgb[3] = {0}, cmyk[4] = {0}, count = (double)gradient->stop_count;
    color->has_rgb = color->has_cmyk = true;
    for (size_t i = 0; i < gradient->stop_count; i++) {
        const Color *stop = gradient->stops[i].color;
        color->has_rgb &= stop->has_rgb;
        color->has_cmyk &= stop->has_cmyk;
        for (int k = 0; k < 3; k++) rgb[k] += stop->rgb[k] / count;
        for (int k = 0; k < 4; k++) cmyk[k] += stop->cmyk[k] / count;
    }
    for (int k = 0; k < 3; k++) color->rgb[k] = (uint8_t)(rgb[k] + 0.5);
    for (int k = 0; k < 4; k++) color->cmyk[k] = cmyk[k];
}

static const YamlNode *find_gradient(const YamlNode *map, GradientKind *kind)
{
    const YamlNode *linear = yaml_find(map, "linear-gradient"), *radial = yaml_find(map, "radial-gradient");
    *kind = linear ? GRADIENT_LINEAR : GRADIENT_RADIAL;
    return linear ? linear : radial;
}

/* The gradient in `map`, which is {linear-gradient: ..} or {radial-gradient: ..}. */
static bool read_gradient(Reader *r, const YamlNode *map, const char *name, Color *out)
{
    Gradient *gradient = ARENA_NEW(r->arena, Gradient);
    *gradient = (Gradient){.angle = 180, .at = {0.5, 0.5}};
    const YamlNode *value = find_gradient(map, &gradient->kind);
    const Object *object = gradient->kind == GRADIENT_LINEAR ? &object_linear_gradient : &object_radial_gradient;
    if (map->count > 1)
        return diag_error(r->diags, map->span, "bad-gradient", "the stops say the colours, and a gradient is of one kind", "a gradient has no other key beside \"%s\"", object->name);
    if (value->kind != YAML_MAP) return value_wrong_type(r, object_find(&object_color, object->name), value);
    if (!check_map(r, value, object->name, &(Target){object, gradient}, 1)) return false;
    *out = (Color){.name = name, .gradient = gradient};
    set_mean(out);
    return true;
}

const Color *color_read(Reader *r, const Row *row, const YamlNode *value)
{
    GradientKind kind;
    const Color *color;
    if (value->kind == YAML_MAP && find_gradient(value, &kind)) {
        Color *own = ARENA_NEW(r->arena, Color);
        color = read_gradient(r, value, kind == GRADIENT_LINEAR ? "linear-gradient" : "radial-gradient", own) ? own : NULL;
    } else {
        const char *name = value_scalar(r, row, value);
        color = !name ? NULL : row->flags & ROW_PLATE ? color_plate(r, name, value->span) : find_color(r, name, value->span);
    }
    if (!color || !(row->flags & ROW_PLAIN)) return color;
    if (color->gradient) {
        diag_error(r->diags, value->span, "bad-gradient", "name a colour", "\"%s\" cannot be a gradient", row->name);
        return NULL;
    }
    if (!color->spot && row->flags & ROW_PLATE) {
        diag_error(r->diags, value->span, "no-plate", arena_printf(r->arena, "name a plate such as CutContour or White, or give the colour one: %s: {spot: ..}", color->name),
                   "the colour \"%s\" has no plate of its own", color->name);
        return NULL;
    }
    return color;
}

/* ---- tints ---- */

bool set_tint(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Color *color = base;
    double share;
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    if (!read_percent(text, &share) || share <= 0)
        return diag_error(r->diags, value->span, "bad-color", "write 40%: that much of the full ink, over 0% to 100%", "\"tint\" cannot be \"%s\"", text);
    color->less = 1 - share;
    return true;
}

/* So much of the ink, and so much lighter on screens. */
static void make_tint(Color *color, const Color *full)
{
    double share = 1 - color->less;
    color->has_rgb = full->has_rgb;
    color->has_cmyk = full->has_cmyk;
    color->spot = full->spot;
    color->step = full->step;
    for (int i = 0; i < 3; i++) color->rgb[i] = (uint8_t)(255 - (255 - full->rgb[i]) * share + 0.5);
    for (int i = 0; i < 4; i++) color->cmyk[i] = full->cmyk[i] * (full->spot ? 1 : share);
    if (!full->spot) color->less = 0;                          /* its cmyk says it all */
}

static void read_tint(Reader *r, const YamlNode *map, Color *color)
{
    static const char *const others[] = {"rgb", "cmyk", "spot", "step"};
    const YamlNode *of = yaml_find(map, "of"), *tint = yaml_find(map, "tint");
    bool has_other = false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) has_other |= yaml_find(map, others[i]) != NULL;
    if (!of || !tint || has_other) {
        diag_error(r->diags, map->span, "bad-color", "write {of: gold, tint: 40%}, and declare gold with its recipe", "a tint is of a declared colour, and \"%s\" has %s", color->name,
                   has_other ? "a recipe of its own" : of ? "no tint" : "no \"of\"");
        return;
    }
    const char *name = value_scalar(r, object_find(&object_color, "of"), of);
    const Color *full = name ? find_color(r, name, of->span) : NULL;
    if (!full) return;
    const YamlNode *colors = yaml_find(r->root, "colors"), *written = yaml_find(colors, name);
    if (full->gradient || (written && written->kind == YAML_MAP && yaml_find(written, "of"))) {
        diag_error(r->diags, of->span, "bad-color", "name a colour with a recipe", "\"%s\" is a %s and has no tints", name, full->gradient ? "gradient" : "tint itself");
        return;
    }
    make_tint(color, full);
}

/* ---- cycles ---- */

#define CYCLE_MAX 64

static void read_cycle(Reader *r, const YamlNode *map, Color *color)
{
    const YamlNode *list = yaml_find(map, "cycle"), *period = yaml_find(map, "period"), *blend = yaml_find(map, "blend");
    ColorCycle *cycle = ARENA_NEW(r->arena, ColorCycle);
    *cycle = (ColorCycle){.seconds = 1};
    if (r->document->kind != DOC_LED) {
        diag_error(r->diags, list->span, "bad-color", "give it an rgb or cmyk value", "the color \"%s\" changes in time, which only kind led can show", color->name);
        return;
    }
    if (list->kind != YAML_LIST || list->count < 2 || list->count > CYCLE_MAX) {
        diag_error(r->diags, list->span, "bad-color", "cycle: [red, black], period: 1s", "the cycle \"%s\" needs 2 to %d colours", color->name, CYCLE_MAX);
        return;
    }
    const Color **colors = ARENA_ARRAY(r->arena, const Color *, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const YamlNode *item = list->items[i];
        const char *name = value_scalar(r, object_find(&object_color, "cycle"), item);
        colors[i] = name ? find_color(r, name, item->span) : NULL;
        if (!colors[i]) return;
        const YamlNode *written = yaml_find(yaml_find(r->root, "colors"), name);
        if (colors[i]->gradient || !colors[i]->has_rgb || (written && written->kind == YAML_MAP && yaml_find(written, "cycle"))) {
            diag_error(r->diags, item->span, "bad-color", "name single colours that have rgb", "\"%s\" cannot be part of a cycle", name);
            return;
        }
    }
    if (period) value_read(r, object_find(&object_color, "period"), period, &cycle->seconds);
    if (blend) value_read(r, object_find(&object_color, "blend"), blend, &cycle->blends);
    if (cycle->seconds <= 0) {
        diag_error(r->diags, period->span, "out-of-range", "write 1s", "\"period\" cannot be 0");
        return;
    }
    cycle->colors = colors;
    cycle->count = list->count;
    const char *name = color->name;
    Span where = color->where;
    *color = *colors[0];
    color->name = name;
    color->where = where;
    color->cycle = cycle;
}

/* ---- declarations ---- */

static void declare_plain(Reader *r, const YamlNode *map, Color *color)
{
    size_t errors = r->diags->error_count;
    GradientKind kind;
    check_map(r, map, "color", &(Target){&object_color, color}, 1);
    bool is_other = find_gradient(map, &kind) || yaml_find(map, "of") || yaml_find(map, "tint") || yaml_find(map, "cycle");
    const Color *plate = color->spot ? plate_find(color->spot) : NULL;
    if (plate && !color->has_rgb && !color->has_cmyk) {
        memcpy(color->rgb, plate->rgb, sizeof plate->rgb);
        memcpy(color->cmyk, plate->cmyk, sizeof plate->cmyk);
        color->has_rgb = color->has_cmyk = true;
    }
    if (!is_other && !color->has_rgb && !color->has_cmyk && r->diags->error_count == errors)
        diag_error(r->diags, map->span, "bad-color", "give rgb, cmyk or both", "the color \"%s\" has no value", color->name);
}

void colors_declare(Reader *r)
{
    const YamlNode *map = styles_declared(r, "colors");
    size_t count = map ? map->count : 0;
    Color *colors = ARENA_ARRAY(r->arena, Color, count + plate_count() + 1);      /* plates that are used without a declaration follow */
    GradientKind kind;
    for (size_t i = 0; i < count; i++) {
        const YamlEntry *entry = &map->entries[i];
        colors[i].name = entry->key;
        colors[i].where = entry->key_span;
        if (entry->value->kind == YAML_MAP) declare_plain(r, entry->value, &colors[i]);
        else diag_error(r->diags, entry->value->span, "bad-color", "write {rgb: \"#RRGGBB\", cmyk: [c, m, y, k]}", "the color \"%s\" is no map", entry->key);
        /* Known to be one before any other colour asks. */
        if (entry->value->kind == YAML_MAP && find_gradient(entry->value, &kind)) colors[i].gradient = ARENA_NEW(r->arena, Gradient);
    }
    r->document->colors = colors;
    r->document->color_count = r->declared_colors = count;
    for (size_t i = 0; i < count; i++) {
        const YamlNode *value = map->entries[i].value;
        if (value->kind == YAML_MAP && !colors[i].gradient && (yaml_find(value, "of") || yaml_find(value, "tint"))) read_tint(r, value, &colors[i]);
    }
    for (size_t i = 0; i < count; i++)
        if (map->entries[i].value->kind == YAML_MAP && yaml_find(map->entries[i].value, "cycle")) read_cycle(r, map->entries[i].value, &colors[i]);
    for (size_t i = 0; i < count; i++) {
        /* An empty gradient would be drawn: after an error nothing is. */
        Color made = {0};
        if (colors[i].gradient && read_gradient(r, map->entries[i].value, colors[i].name, &made)) made.where = colors[i].where, colors[i] = made;
    }
}
