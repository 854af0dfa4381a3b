/* check.c -- the table applied to the merged tree: file level, page, sheet, fold, screen, playlist, pages. */
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/plates.h"
#include "base/suggest.h"
#include "document/reader.h"

void *list_add(Arena *arena, List *list, size_t item_size)
{
    list->items = arena_grow(arena, list->items, list->count, &list->capacity, item_size);
    return (char *)list->items + list->count++ * item_size;
}

bool check_row(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    void *field = base ? (char *)base + row->offset : NULL;
    union { max_align_t align; char bytes[256]; } scratch;
    if (row->span_at && base) *(Span *)(void *)((char *)base + row->span_at - 1) = value->span;
    if (row->kind == VALUE_CUSTOM) return row->set(r, row, value, base);
    if (row->flags & ROW_NO_FIELD && row->kind == VALUE_OBJECT) return true;         /* read by its own stage */
    return value_read(r, row, value, row->flags & ROW_NO_FIELD ? scratch.bytes : field);
}

/* The first object that has the key, for "is a key of box, not of text". */
static const char *owner_of(const char *key, const char *name)
{
    static const Object *const order[] = {&object_box, &object_text, &object_style, &object_image, &object_qrcode, &object_barcode, &object_shape, &object_common,
                                          &object_motion, &object_page, &object_sheet, &object_file, &object_checks, &object_output, &object_data, &object_screen, &object_fold, &object_booklet};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (object_find(order[i], key) && strcmp(order[i]->name, name) != 0)
            return order[i] == &object_style ? "text" : order[i]->name;
    return NULL;
}

static void unknown_key(Reader *r, const YamlEntry *entry, const char *name, const Target *targets, size_t count)
{
    size_t total = 0, n = 0;
    for (size_t t = 0; t < count; t++) total += targets[t].object->count;
    const char **names = ARENA_ARRAY(r->arena, const char *, total + 1);
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < targets[t].object->count; i++) names[n++] = targets[t].object->rows[i].name;
    bool is_heard = !r->diags->dropped;             /* beyond the limit nobody reads the hints */
    const char *near = is_heard ? suggest_nearest(entry->key, names, n) : NULL, *owner = owner_of(entry->key, name), *hint;
    const char *about = targets[0].object == &object_file ? "" : arena_printf(r->arena, " (biaoyu explain %s)", name);
    if (owner && strcmp(owner, name) != 0) hint = arena_printf(r->arena, "\"%s\" is a key of %s, not of %s", entry->key, owner, name);
    else if (near) hint = arena_printf(r->arena, "did you mean \"%s\"?%s", near, about);
    else hint = arena_printf(r->arena, "its keys: %s", join_names(r->arena, names, n));
    diag_error(r->diags, entry->key_span, "unknown-key", hint, "\"%s\" is not a key of %s", entry->key, name);
}

bool check_map(Reader *r, const YamlNode *map, const char *name, const Target *targets, size_t count)
{
    bool ok = true;
    for (size_t i = 0; i < map->count; i++) {
        const YamlEntry *entry = &map->entries[i];
        const Row *row = NULL;
        size_t t = 0;
        for (; t < count; t++)
            if ((row = object_find(targets[t].object, entry->key))) break;
        if (!row) {
            unknown_key(r, entry, name, targets, count);
            ok = false;
        } else if (!check_row(r, row, entry->value, targets[t].base)) ok = false;
    }
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < targets[t].object->count; i++) {
            const Row *row = &targets[t].object->rows[i];
            if (!(row->flags & ROW_REQUIRED) || yaml_find(map, row->name)) continue;
            ok = diag_error(r->diags, map->span, "missing-key", arena_printf(r->arena, "add %s: %s", row->name, value_words(row)),
                            "%s needs \"%s\"", name, row->name);
        }
    return ok;
}

/* Read every row's initial text as if the user had written it. */
void check_initials(Reader *r, const Object *object, void *base)
{
    for (size_t i = 0; i < object->count; i++) {
        const Row *row = &object->rows[i];
        if (row->kind == VALUE_OBJECT && row->object == &object_image_dpi) check_initials(r, row->object, base);
        if (!row->initial || row->flags & (ROW_COMPUTED | ROW_NO_FIELD) || row->kind == VALUE_OBJECT) continue;
        if (row->initial[0] == '[' || row->initial[0] == '{' || strcmp(row->initial, "none") == 0) continue;
        const YamlNode node = {.kind = YAML_SCALAR, .scalar = row->initial};
        if (row->kind == VALUE_CUSTOM) row->set(r, row, &node, base);
        else value_read(r, row, &node, (char *)base + row->offset);
    }
}

/* A section of the file: its keys over its initial values. NULL when it is not given or no map. */
static const YamlNode *section(Reader *r, const char *key, const Object *object, void *base)
{
    const YamlNode *map = yaml_find(r->root, key);
    check_initials(r, object, base);
    if (!map) return NULL;
    if (map->kind != YAML_MAP) {
        value_wrong_type(r, object_find(&object_file, key), map);
        return NULL;
    }
    check_map(r, map, object->name, &(Target){object, base}, 1);
    return map;
}

static void check_format(Reader *r)
{
    const YamlNode *format = yaml_find(r->root, "format");
    if (!format || (format->kind == YAML_SCALAR && strcmp(format->scalar, "1") == 0)) return;
    diag_error(r->diags, format->span, "bad-format", "write format: 1", "this program reads format 1, not \"%s\"", format->scalar ? format->scalar : "");
}

static void read_checks(Reader *r)
{
    Checks *checks = &r->document->checks;
    checks->min_size = r->document->is_screen ? 8 * LENGTH_ONE : 5 * LENGTH_ONE;
    const YamlNode *map = section(r, "checks", &object_checks, checks), *profile = map ? yaml_find(map, "profile") : NULL;
    checks->profile = profile && profile->kind == YAML_SCALAR ? profile->scalar : "sheetfed-coated";
    const YamlNode *dpi = map ? yaml_find(map, "image-dpi") : NULL, *output = yaml_find(r->root, "output");
    if (dpi && dpi->kind == YAML_MAP && yaml_find(dpi, "warn") && yaml_find(dpi, "error") && checks->image_dpi_warn > 0)
        limits_in_order(r, dpi, "image-dpi", checks->image_dpi_warn, checks->image_dpi_error, false);
    bool is_for_press = output && output->kind == YAML_MAP && yaml_find(output, "standard");
    if (!is_for_press) return;
    /* There pictures are judged with everything else, by the press's limits; what is given here stands in their place. */
    if (dpi && checks->limit_count < PRINT_LIMITS)
        checks->limits[checks->limit_count++] = (PrintLimit){"image-ppi", checks->image_dpi_warn > 0 ? checks->image_dpi_warn : -1, checks->image_dpi_error > 0 ? checks->image_dpi_error : -1};
    checks->image_dpi_warn = checks->image_dpi_error = 0;
}

/* The label is set in a style named `label`, if there is one; else small, as marks on a sheet are. */
static const TextStyle *label_style(Reader *r)
{
    TextStyle *style = ARENA_NEW(r->arena, TextStyle);
    *style = *r->base;
    const YamlNode *styles = yaml_find(r->root, "styles");
    if (styles && styles->kind == YAML_MAP && yaml_find(styles, "label")) {
        style_apply(r, "label", SPAN_NONE, style);
    } else {
        style->size = length_from_pt(7);
        style->color = &plate_all;
        style->align = TEXT_CENTER;
        style->leading = 1.2;
    }
    style_finish(r, style);
    return style;
}

static void read_page(Reader *r)
{
    Document *d = r->document;
    const YamlNode *map = section(r, "page", &object_page, &d->page);
    if (d->kind == DOC_LED) {
        const YamlNode *written = section(r, "screen", &object_screen, &d->screen);
        if (written) screen_finish(r, written, &d->screen);
        d->page.size = (Size){d->screen.width * LENGTH_ONE, d->screen.height * LENGTH_ONE};
        d->page.bleed = 0;
        const YamlNode *screen = yaml_find(r->root, "screen");
        d->screen.where = d->page.where = screen ? screen->span : r->root->span;
        if (!screen) diag_error(r->diags, r->root->span, "missing-key", "add screen: {size: [512, 32]}", "kind led needs \"screen\"");
        const YamlNode *page = yaml_find(r->root, "page");
        if (page) diag_error(r->diags, page->span, "unknown-key", "an LED screen has \"screen\" instead", "\"page\" is not a key of this kind of layout");
        return;
    }
    const YamlNode *screen = yaml_find(r->root, "screen");
    if (screen) diag_error(r->diags, screen->span, "unknown-key", "\"screen\" is for kind led; a page has \"page\"", "\"screen\" is not a key of this kind of layout");
    if (!map) {
        if (!yaml_find(r->root, "page"))
            diag_error(r->diags, r->root->span, "missing-key", "add page: {size: A4}", "a layout file needs \"page\"");
        return;
    }
    d->page.where = map->span;
    d->page.label_style = label_style(r);
    if (d->page.label && !d->page.marks)
        diag_error(r->diags, d->page.label_span, "label-without-marks", "marks: [crop]", "the label stands beside the marks of the page, and it has none");
    if (d->page.margin.left + (int64_t)d->page.margin.right >= d->page.size.width ||
        d->page.margin.top + (int64_t)d->page.margin.bottom >= d->page.size.height) {
        if (d->page.size.width)
            diag_error(r->diags, yaml_find(map, "margin") ? yaml_find(map, "margin")->span : map->span, "out-of-range", "make the margin smaller",
                       "the margins leave nothing of the page");
    }
}

/* A plate whose step (`step` NULL: ink) no machine follows in this way. */
static void wrong_plate(Reader *r, const YamlNode *value, const Color *plate, const char *does, const char *step)
{
    if (!value) return;
    const char *hint = plate_step(plate) ? arena_printf(r->arena, "a plate of another step, such as %s", strcmp(step, "Cutting") == 0 ? "CutContour" : "Crease")
                                         : arena_printf(r->arena, "say what it is for: %s: {spot: %s, step: %s}", plate->name, plate->spot, step);
    diag_error(r->diags, value->span, "no-plate", hint, plate_step(plate) ? "no machine %s along the plate \"%s\": it is for %s" : "no machine %s along the plate \"%s\": it is an ink%s", does, plate->spot,
               plate_step(plate) ? plate_step(plate) : "");
}

static void read_cut(Reader *r, const YamlNode *map, Sheet *sheet)
{
    if (!check_map(r, map, "cut", &(Target){&object_cut, sheet}, 1)) return;
    sheet->cut_span = map->span;
    if (!sheet->cut_color) sheet->cut_color = color_plate(r, "CutContour", map->span);
    const char *step = sheet->cut_color ? plate_step(sheet->cut_color) : NULL;
    bool is_right = step && (strstr(step, "Cutting") || strcmp(step, "Perforating") == 0 || strcmp(step, "Punching") == 0);
    if (sheet->cut_color && !is_right) wrong_plate(r, yaml_find(map, "plate"), sheet->cut_color, "cuts", "Cutting");
    if (sheet->cut_shape == CUT_PATH && !sheet->cut_d)
        diag_error(r->diags, map->span, "missing-key", "add d: and SVG path data", "a path needs \"d\"");
    if (sheet->cut_shape != CUT_PATH && sheet->cut_d)
        diag_error(r->diags, sheet->cut_d_span, "cut-shape", "shape: path", "\"d\" is the form of a path, and the line is %s", sheet->cut_shape == CUT_RECT ? "a rect" : "an ellipse");
    if (sheet->cut_shape != CUT_RECT && sheet->cut_radius > 0)
        diag_error(r->diags, sheet->cut_radius_span, "cut-shape", "shape: rect, or leave it out", "\"radius\" rounds the corners of a rect, and the line is %s",
                   sheet->cut_shape == CUT_PATH ? "a path" : "an ellipse");
}

static void read_sheet(Reader *r)
{
    Document *d = r->document;
    Sheet *sheet = &d->sheet;
    sheet->marks = MARK_CROP;
    const YamlNode *map = section(r, "sheet", &object_sheet, sheet);
    if (!map) return;
    if (d->kind == DOC_BOOKLET && sheet->duplex == DUPLEX_NONE) {
        if (sheet->duplex_span.source) diag_error(r->diags, sheet->duplex_span, "duplex-only", "duplex: sheetwise", "a booklet is printed on both sides");
        sheet->duplex = DUPLEX_SHEETWISE;
    }
    if (d->is_screen) {
        diag_error(r->diags, map->span, "unknown-key", "leave it out: a screen is not cut from sheets", "\"sheet\" is not a key of this kind of layout");
        return;
    }
    sheet->is_given = true;
    sheet->where = map->span;
    sheet->label_style = label_style(r);
    const YamlNode *cut = yaml_find(map, "cut");
    if (cut && cut->kind == YAML_MAP) read_cut(r, cut, sheet);
    else if (cut) value_wrong_type(r, object_find(&object_sheet, "cut"), cut);
    const struct { const char *key; Span where; } only[] = {{"flip", sheet->flip_span}, {"back-shift", sheet->shift_span}};
    for (size_t i = 0; i < 2 && sheet->duplex != DUPLEX_SHEETWISE; i++)
        if (only[i].where.source)
            diag_error(r->diags, only[i].where, "duplex-only", "write duplex: sheetwise, or leave it out", "\"%s\" is for backs on a side of their own, and this sheet has none", only[i].key);
    if (!yaml_find(map, "gap")) {
        sheet->gap_x = sheet->gap_y = 2 * d->page.bleed;
        sheet->gap_span = map->span;
    }
}

static void read_fold(Reader *r)
{
    const YamlNode *map = section(r, "fold", &object_fold, &r->document->fold);
    if (!map) return;
    fold_read(r, map);
    const Color *crease = r->document->fold.crease;
    const char *step = crease ? plate_step(crease) : NULL;
    bool is_right = step && (strstr(step, "Creasing") || strcmp(step, "Folding") == 0 || strcmp(step, "Perforating") == 0);
    if (crease && !is_right) wrong_plate(r, yaml_find(map, "crease"), crease, "creases", "Creasing");
}

static void read_booklet(Reader *r)
{
    const YamlNode *map = section(r, "booklet", &object_booklet, &r->document->booklet);
    if (map && r->document->kind != DOC_BOOKLET) diag_error(r->diags, map->span, "unknown-key", "kind: booklet", "\"booklet\" is a key of booklets");
}

static void read_output(Reader *r)
{
    Output *output = &r->document->output;
    const YamlNode *map = section(r, "output", &object_output, output);
    output->where = map ? map->span : r->root->span;
    const YamlNode *standard = map ? yaml_find(map, "standard") : NULL;
    if (map && !standard && output->profile)
        diag_warning(r->diags, yaml_find(map, "profile")->span, "no-standard", "standard: PDF/X-4, or leave profile out", "the profile is for a file for the press, and without a standard none is made");
    if (standard && standard->kind == YAML_SCALAR) output->standard = standard->scalar;
    const YamlNode *color = map ? yaml_find(map, "color") : NULL;
    /* Archive and accessible PDFs, and colours that are not the output's own. */
    bool is_later = output->standard && strncmp(output->standard, "PDF/X", 5) != 0 && strcmp(output->standard, "PDF/VT-1") != 0;
    bool is_other = color && color->kind == YAML_SCALAR && strcmp(color->scalar, output->standard ? "cmyk" : "rgb") != 0;
    if (is_later) *(NotYet *)list_add(r->arena, &r->not_yet, sizeof(NotYet)) = (NotYet){"standard", standard->span, "/output/standard"};
    if (is_other) *(NotYet *)list_add(r->arena, &r->not_yet, sizeof(NotYet)) = (NotYet){"color", color->span, "/output/color"};
}

static void read_panels(Reader *r, const YamlNode *list, const char *path, DocPage *page)
{
    if (list->kind != YAML_LIST) {
        value_wrong_type(r, object_find(&object_doc_page, "panels"), list);
        return;
    }
    Panel *panels = ARENA_ARRAY(r->arena, Panel, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        const YamlNode *map = list->items[i], *body;
        if (map->kind != YAML_MAP) {
            diag_error(r->diags, map->span, "wrong-type", "write {name, background, body}", "a panel is a map");
            continue;
        }
        check_map(r, map, "panel", &(Target){&object_panel, &panels[i]}, 1);
        if ((body = yaml_find(map, "body"))) panels[i].body = box_read(r, body, arena_printf(r->arena, "%s/%zu/body", path, i));
    }
    page->panels = panels;
    page->panel_count = list->count;
    size_t want = r->document->fold.panel_count * r->document->fold.row_count;
    if (!want && !yaml_find(r->root, "fold"))
        diag_error(r->diags, list->span, "missing-key", "add fold: {type: roll, panels: [widths]}", "\"panels\" needs \"fold\"");
    else if (want && want != list->count)
        diag_error(r->diags, list->span, "fold-panels", arena_printf(r->arena, "give %zu panels", want),
                   "the page has %zu %s, the fold has %zu", list->count, list->count == 1 ? "panel" : "panels", want);
}

static void read_pages(Reader *r, const YamlNode *list)
{
    Document *d = r->document;
    if (list->kind == YAML_LIST && !list->count) {
        diag_error(r->diags, list->span, "missing-key", "write - body: and a box", "\"pages\" has no page");
        return;
    }
    if (list->kind != YAML_LIST) {
        value_wrong_type(r, object_find(&object_file, "pages"), list);
        return;
    }
    DocPage *pages = ARENA_ARRAY(r->arena, DocPage, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const YamlNode *map = list->items[i];
        if (map->kind != YAML_MAP) {
            diag_error(r->diags, map->span, "wrong-type", "write {name, body} or {name, panels}", "a page is a map");
            continue;
        }
        const char *path = arena_printf(r->arena, "/pages/%zu", i);
        check_map(r, map, "pages entry", &(Target){&object_doc_page, &pages[i]}, 1);
        const YamlNode *body = yaml_find(map, "body"), *panels = yaml_find(map, "panels");
        if (!body == !panels)
            diag_error(r->diags, map->span, "missing-key", "give one of body, panels", "a page has %s of body and panels", body ? "both" : "none");
        if (body) pages[i].body = box_read(r, body, arena_printf(r->arena, "%s/body", path));
        if (panels) read_panels(r, panels, arena_printf(r->arena, "%s/panels", path), &pages[i]);
    }
    d->pages = pages;
    d->page_count = list->count;
}

void playlist_read(Reader *r, const YamlNode *map, const char *items_path, Playlist *playlist)
{
    if (map->kind != YAML_MAP) {
        value_wrong_type(r, object_find(&object_file, "playlist"), map);
        return;
    }
    check_initials(r, &object_playlist, playlist);
    check_map(r, map, "playlist", &(Target){&object_playlist, playlist}, 1);
    playlist->where = map->span;
    const YamlNode *items = yaml_find(map, "items");
    if (items) boxes_read(r, items, items_path, true, &playlist->items, &playlist->count);
}

/* A piece on a sheet has a front and, with duplex, a back. */
static void check_faces(Reader *r, const YamlNode *pages)
{
    const Sheet *sheet = &r->document->sheet;
    size_t count = r->document->page_count;
    if (r->document->kind == DOC_BOOKLET) {
        if (count % 4)
            diag_warning(r->diags, pages ? pages->span : r->root->span, "booklet-blank", "give it 4, 8, 12, .. pages", "%zu %s on %zu %s of paper: the last %zu stay blank", count, count == 1 ? "page lies" : "pages lie", (count + 3) / 4,
                         count > 4 ? "leaves" : "leaf", 4 - count % 4);
        return;
    }
    if (!sheet->is_given || !count) return;
    if (sheet->duplex != DUPLEX_NONE && count != 2)
        diag_error(r->diags, sheet->duplex_span, "sheet-pages", "pages: [{body: the front}, {body: the back}]", "duplex prints page 1 on the front and page 2 on the back, this layout has %zu %s",
                   count, count == 1 ? "page" : "pages");
    else if (sheet->duplex == DUPLEX_NONE && count > 1)
        diag_error(r->diags, pages ? pages->span : sheet->where, "sheet-pages", count == 2 ? "sheet: {duplex: sheetwise} prints page 2 on the back" : "keep one page, or leave out sheet: and print pages",
                   "a sheet repeats one page, this layout has %zu", count);
}

static void read_content(Reader *r)
{
    const YamlNode *body = yaml_find(r->root, "body"), *pages = yaml_find(r->root, "pages"), *playlist = yaml_find(r->root, "playlist");
    const YamlNode *areas = yaml_find(r->root, "areas");
    int given = !!body + !!pages + !!playlist + !!areas;
    bool is_led = r->document->kind == DOC_LED;
    if (given == 0) {
        diag_error(r->diags, r->root->span, "missing-key", is_led ? "add playlist: {items: [boxes]}" : "add body: and a box, or pages: and a list",
                   is_led ? "there is none of \"playlist\", \"areas\"" : "there is none of \"body\", \"pages\"");
        return;
    }
    if (given > 1) {
        const YamlNode *second = areas ? areas : playlist ? playlist : pages;
        diag_error(r->diags, second->span, "two-bodies", "keep one of body, pages, playlist, areas", "there is more than one of \"body\", \"pages\", \"playlist\", \"areas\"");
    } else if (is_led != (playlist || areas)) {
        const YamlNode *only = body ? body : pages ? pages : playlist ? playlist : areas;
        diag_error(r->diags, only->span, "wrong-body", is_led ? "write playlist: {items: [boxes]}" : "write body: and a box",
                   is_led ? "kind led has a playlist, not pages" : playlist ? "only kind led has a playlist" : "only kind led has areas");
    }
    if (body) {
        DocPage *page = ARENA_NEW(r->arena, DocPage);
        page->body = box_read(r, body, "/body");
        r->document->pages = page;
        r->document->page_count = 1;
    }
    if (pages) read_pages(r, pages);
    check_faces(r, pages);
    if (playlist) playlist_read(r, playlist, "/playlist/items", &r->document->playlist);
    if (areas) areas_read(r, areas);
}

void check_layout(Reader *r)
{
    Document *d = r->document;
    d->lang = "zh-Hans";
    d->title = "";
    check_format(r);
    const YamlNode *kind = yaml_find(r->root, "kind");
    int index = DOC_POSTER;
    if (kind && kind->kind == YAML_SCALAR) {
        DiagList *kept = r->diags;
        r->diags = &r->mute;
        value_choice(r, object_find(&object_file, "kind"), kind->scalar, kind->span, &index);
        r->diags = kept;
        if (index > DOC_PICTURE) {
            diag_error(r->diags, kind->span, "bad-choice", "name the layout that uses it: biaoyu render poster.yaml", "a stylesheet draws nothing itself");
            index = DOC_POSTER;
        }
    }
    d->kind = (DocKind)index;
    d->is_screen = d->kind == DOC_LED || d->kind == DOC_PICTURE;
    check_map(r, r->root, "a layout file", &(Target){&object_file, d}, 1);
    read_checks(r);                       /* before styles: fit needs checks.min-size */
    if (d->kind == DOC_LED) read_page(r); /* letters begin in the colour of the screen's lamps */
    styles_declare(r);
    if (d->kind != DOC_LED) read_page(r);
    read_fold(r);
    read_booklet(r);
    read_sheet(r);
    const YamlNode *data = section(r, "data", &object_data, &d->data);
    if (data) {
        d->data.is_given = true;
        d->data.where = data->span;
    }
    read_output(r);
    fill_check(r);
    read_content(r);
}
