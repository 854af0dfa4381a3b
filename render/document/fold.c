/* fold.c -- the folds of a leaflet: what each way of folding allows, and the widths of its panels when they are not given. */
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "document/reader.h"

#define PANELS_MOST 100
#define SLACK 32                  /* 0.01 mm: widths in mm are rounded one by one */

/* The least, most and usual panels across, and how much narrower the panel is that another one is folded over: amounts of the
 * trade, for paper up to about 170 g; `fold.compensation` overrides them. */
typedef struct Scheme { const char *name; unsigned least, most, usual; double compensation_mm; } Scheme;
static const Scheme schemes[] = {
    [FOLD_NONE] = {"no", 1, PANELS_MOST, 1, 0},     [FOLD_HALF] = {"half", 2, 2, 2, 0},
    [FOLD_ROLL] = {"roll", 3, 6, 3, 3},             [FOLD_Z] = {"z", 3, 16, 3, 0},
    [FOLD_GATE] = {"gate", 3, 3, 3, 1},             [FOLD_DOUBLE_GATE] = {"double gate", 4, 4, 4, 1},
    [FOLD_MAP] = {"map", 2, 8, 4, 1},
};

static const char *mm(Reader *r, double length)
{
    char room[NUM_ROOM];
    return arena_copy_string(r->arena, num_format(room, length / LENGTH_ONE * 25.4 / 72, 2));
}

/* ---- reading ---- */

/* A count, or a list of lengths. */
static bool read_panels(Reader *r, const Row *row, const YamlNode *value, const Length **lengths, size_t *count)
{
    if (value->kind == YAML_SCALAR) {
        unsigned number;
        if (!value_read(r, &(Row){.name = row->name, .kind = VALUE_COUNT, .min = 1, .max = PANELS_MOST}, value, &number)) return false;
        *lengths = NULL;
        *count = number;
        return true;
    }
    if (value->kind != YAML_LIST || !value->count) return value_wrong_type(r, row, value);
    if (value->count > PANELS_MOST) return diag_error(r->diags, value->span, "too-large", "fold fewer panels", "\"%s\" has more than %d widths", row->name, PANELS_MOST);
    Length *out = ARENA_ARRAY(r->arena, Length, value->count);
    bool ok = true;
    for (size_t i = 0; i < value->count; i++)
        ok &= value_read(r, &(Row){.name = row->name, .kind = VALUE_LENGTH, .min = 1, .max = LIMIT_PAGE_MM}, value->items[i], &out[i]);
    if (!ok) return false;
    *lengths = out;
    *count = value->count;
    return true;
}

bool set_fold_panels(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Fold *fold = base;
    return read_panels(r, row, value, &fold->panels, &fold->panel_count);
}

bool set_fold_rows(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Fold *fold = base;
    return read_panels(r, row, value, &fold->rows, &fold->row_count);
}

/* ---- widths that are not given ---- */

/* How many compensations narrower than the widest a panel is. Outside of the leaflet, from left to right. */
static unsigned narrower(FoldType type, size_t count, size_t at)
{
    switch (type) {
    case FOLD_ROLL: return at + 2 < count ? (unsigned)(count - 2 - at) : 0;      /* the leftmost lies in the middle of the roll, the cover is the last */
    case FOLD_GATE:
    case FOLD_DOUBLE_GATE: return at == 0 || at + 1 == count;                    /* the doors must not meet */
    case FOLD_Z:
    case FOLD_MAP: return at > 0 && at + 1 < count;                              /* between the covers */
    default: return 0;
    }
}

/* All panels together are `whole`. The middle of a gate is as wide as both doors and what they are short of it. */
static const Length *divide(Reader *r, FoldType type, size_t count, Length whole, Length compensation)
{
    double units = 0, less = 0;
    for (size_t i = 0; i < count; i++) {
        double share = type == FOLD_GATE && i == 1 ? 2 : 1;
        units += share;
        less += narrower(type, count, i);
    }
    double widest = (whole + less * compensation) / units;
    Length *out = ARENA_ARRAY(r->arena, Length, count), sum = 0;
    for (size_t i = 0; i < count; i++) {
        double share = type == FOLD_GATE && i == 1 ? 2 : 1;
        out[i] = length_from_double(share * widest - narrower(type, count, i) * (double)compensation);
        if (i + 1 < count) sum += out[i];
    }
    out[count - 1] = whole - sum;
    return out;
}

/* ---- checks ---- */

static bool check_sum(Reader *r, const YamlNode *map, const char *key, const char *side, const Length *lengths, size_t count, Length whole)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += lengths[i];
    int64_t off = sum - whole, slack = (int64_t)count + 1;
    if (!whole || (off <= slack && -off <= slack)) return true;
    const YamlNode *value = yaml_find(map, key);
    bool is_width = side[0] == 'w';
    return diag_error(r->diags, value ? value->span : map->span, "fold-width", is_width ? "make the widths add up to the page width" : "make the heights add up to the page height",
                      is_width ? "the panels add up to %smm, the page is %smm wide" : "the rows add up to %smm, the page is %smm high", mm(r, (double)sum), mm(r, whole));
}

static bool check_count(Reader *r, const YamlNode *map, const Fold *fold)
{
    const Scheme *scheme = &schemes[fold->type];
    const YamlNode *value = yaml_find(map, "panels");
    if (fold->panel_count >= scheme->least && fold->panel_count <= scheme->most) return true;
    const char *allowed = scheme->least == scheme->most ? arena_printf(r->arena, "%u", scheme->least) : arena_printf(r->arena, "%u to %u", scheme->least, scheme->most);
    return diag_error(r->diags, value ? value->span : map->span, "fold-scheme",
                      fold->type == FOLD_HALF ? "type: roll or z folds more often" : fold->panel_count == 2 ? "type: half has 2 panels" : "another type, or another count", "a %s fold has %s panels%s, not %zu", scheme->name,
                      allowed, fold->type == FOLD_MAP ? " across" : "", fold->panel_count);
}

/* Widths that somebody chose: would they lie flat? */
static void check_widths(Reader *r, const YamlNode *map, const Fold *fold)
{
    const YamlNode *value = yaml_find(map, "panels"), *compensation = yaml_find(map, "compensation");
    const Length *w = fold->panels;
    size_t n = fold->panel_count;
    if (fold->type == FOLD_ROLL && compensation && fold->compensation == 0)
        diag_warning(r->diags, compensation->span, "fold-tight", "compensation: 3mm", "a panel that is rolled in is not narrower than the one around it: it would crumple at the fold");
    if (!value || value->kind != YAML_LIST) return;
    if (fold->type == FOLD_ROLL) {
        bool from_left = true, from_right = true;
        for (size_t i = 0; i + 2 < n; i++) {
            from_left &= w[i] < w[i + 1];
            from_right &= w[n - 1 - i] < w[n - 2 - i];
        }
        if (!from_left && !from_right)
            diag_warning(r->diags, value->span, "fold-tight", arena_printf(r->arena, "panels: %zu works the widths out", n),
                         "a panel that is rolled in is not narrower than the one around it: it would crumple at the fold");
    }
    if (fold->type == FOLD_GATE && (int64_t)w[0] + w[2] > (int64_t)w[1] + SLACK)
        diag_warning(r->diags, value->span, "fold-tight", "panels: 3 works the widths out", "the doors of the gate are %s mm wide together and the middle is %s mm: they would not close", mm(r, (double)w[0] + w[2]),
                     mm(r, w[1]));
    if (fold->type == FOLD_DOUBLE_GATE && (w[0] > w[1] || w[3] > w[2]))
        diag_warning(r->diags, value->span, "fold-tight", "panels: 4 works the widths out", "a door of the gate is wider than the panel it closes on");
}

/* ---- the section ---- */

/* 8, 10 or 12 panels of a map are 4, 5 or 6 across in two rows. */
static bool divide_map(Reader *r, const YamlNode *map, Fold *fold)
{
    const YamlNode *panels = yaml_find(map, "panels"), *rows = yaml_find(map, "rows");
    if (fold->type != FOLD_MAP) {
        fold->row_count = 1;
        return !rows || diag_error(r->diags, rows->span, "fold-scheme", "type: map", "only a map is folded across, too: a %s fold has no \"rows\"", schemes[fold->type].name);
    }
    if (!rows) fold->row_count = 2;
    if (fold->row_count < 2 || fold->row_count > 4)
        return diag_error(r->diags, rows->span, "fold-scheme", "rows: 2", "a map has 2 to 4 rows, not %zu", fold->row_count);
    if (!panels) fold->panel_count = 4;
    if (fold->panels || !panels) return true;
    if (fold->panel_count % fold->row_count)
        return diag_error(r->diags, panels->span, "fold-scheme", "panels: 8, 10 or 12", "%zu panels of a map cannot be divided into %zu rows", fold->panel_count, fold->row_count);
    fold->panel_count /= fold->row_count;
    return true;
}

void fold_read(Reader *r, const YamlNode *map)
{
    Document *d = r->document;
    Fold *fold = &d->fold;
    if (d->kind != DOC_LEAFLET) diag_error(r->diags, map->span, "unknown-key", "kind: leaflet", "\"fold\" is a key of leaflets");
    fold->where = map->span;
    if (fold->type == FOLD_NONE) {
        static const char *const keys[] = {"panels", "rows", "compensation", "crease"};
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            const YamlNode *value = yaml_find(map, keys[i]);
            if (value) diag_error(r->diags, value->span, "fold-scheme", "leave it out, or take another type", "type none folds nothing, and has no \"%s\"", keys[i]);
        }
        fold->panels = NULL, fold->panel_count = fold->row_count = 0;
        return;
    }
    const Scheme *scheme = &schemes[fold->type];
    const YamlNode *panels = yaml_find(map, "panels"), *compensation = yaml_find(map, "compensation");
    if (!compensation) fold->compensation = length_from_mm(scheme->compensation_mm);
    if (!panels && fold->type != FOLD_MAP) fold->panel_count = scheme->usual;
    if (compensation && !panels && fold->type == FOLD_HALF)
        diag_error(r->diags, compensation->span, "fold-scheme", "leave it out, or give panels: [widths]", "compensation narrows panels that others are folded over, and a half fold has none");
    bool ok = (!panels || fold->panel_count) && divide_map(r, map, fold) && check_count(r, map, fold);
    if (ok && !fold->panels && d->page.size.width) fold->panels = divide(r, fold->type, fold->panel_count, d->page.size.width, fold->compensation);
    else if (ok && compensation && fold->panels)
        ok = diag_error(r->diags, compensation->span, "fold-scheme", arena_printf(r->arena, "panels: %zu, or leave compensation out", fold->panel_count), "compensation works widths out, and \"panels\" gives them");
    if (ok && !fold->rows && d->page.size.height) fold->rows = divide(r, FOLD_HALF, fold->row_count, d->page.size.height, 0);
    if (!ok || !fold->panels || !fold->rows) {
        fold->panels = NULL, fold->panel_count = 0;
        return;
    }
    for (size_t i = 0; i < fold->panel_count; i++)
        if (fold->panels[i] <= 0) {
            diag_error(r->diags, compensation ? compensation->span : map->span, "fold-scheme", "a wider page, or a smaller compensation", "%zu panels of a page %s mm wide leave nothing of one", fold->panel_count,
                       mm(r, d->page.size.width));
            return;
        }
    if (check_sum(r, map, "panels", "width", fold->panels, fold->panel_count, d->page.size.width) && check_sum(r, map, "rows", "height", fold->rows, fold->row_count, d->page.size.height))
        check_widths(r, map, fold);
}
