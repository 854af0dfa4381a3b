/* setters.c -- values that only one key has: paper names, grids, lists of columns, colours' numbers, conditions. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "document/reader.h"

bool set_any(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    (void)r, (void)row, (void)value, (void)base;
    return true;
}

/* ISO 216 and ISO 217 sizes and what the trade cuts from a mill's sheet, mm, upright. A3+ is 13 x 19 in of digital presses. 正度
 * is 787 x 1092, 大度 889 x 1194 mm (GB/T 788); the parts are halves of the longer side, whole mm: what the guillotine leaves. */
static const struct { const char *name; double width, height; } papers[] = {
    {"A0", 841, 1189}, {"A1", 594, 841}, {"A2", 420, 594}, {"A3", 297, 420}, {"A4", 210, 297}, {"A5", 148, 210}, {"A6", 105, 148},
    {"B4", 250, 353}, {"B5", 176, 250}, {"A3+", 329, 483}, {"SRA3", 320, 450},
    {"大度全开", 889, 1194}, {"大度对开", 597, 889}, {"大度4开", 444, 597}, {"大度8开", 298, 444},
    {"正度全开", 787, 1092}, {"正度对开", 546, 787}, {"正度4开", 393, 546}, {"正度8开", 273, 393},
};
enum { PAPER_COUNT = sizeof papers / sizeof *papers };

static bool read_size(Reader *r, const Row *row, const YamlNode *value, Size *out)
{
    Row side = *row;
    side.flags = 0;
    bool is_screen = r->document->is_screen;
    side.min = is_screen ? 25.4 / 96 : 0.2;
    side.max = is_screen ? LIMIT_PICTURE_PX * 25.4 / 96 : LIMIT_PAGE_MM;
    if (value->kind == YAML_LIST && value->count == 2) {
        Dim width, height;
        bool ok = value_dim(r, &side, value->items[0], &width);
        ok &= value_dim(r, &side, value->items[1], &height);
        if (!ok) return false;
        *out = (Size){width.length, height.length};
        return true;
    }
    if (value->kind != YAML_SCALAR) return value_wrong_type(r, row, value);
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    const char *names[PAPER_COUNT];
    for (size_t i = 0; i < PAPER_COUNT; i++) {
        names[i] = papers[i].name;
        if (strcmp(text, names[i]) != 0) continue;
        *out = (Size){value_from_pt(r, papers[i].width * 72 / 25.4), value_from_pt(r, papers[i].height * 72 / 25.4)};
        return true;
    }
    for (size_t i = 0; i < PAPER_COUNT; i++)
        if (strcasecmp(text, names[i]) == 0)
            return diag_error(r->diags, value->span, "bad-choice", arena_printf(r->arena, "write %s", names[i]),
                              "\"%s\" cannot be \"%s\"", row->name, text);
    /* A3 is as near to A7 as A4 is: nothing to suggest. */
    return diag_error(r->diags, value->span, "bad-choice",
                      arena_printf(r->arena, "choose from %s, or give [width, height]", join_names(r->arena, names, PAPER_COUNT)),
                      "\"%s\" cannot be \"%s\"", row->name, text);
}

static bool is_landscape(Reader *r, const char *section)
{
    const YamlNode *map = yaml_find(r->root, section);
    const YamlNode *flag = map && map->kind == YAML_MAP ? yaml_find(map, "landscape") : NULL;
    return flag && flag->kind == YAML_SCALAR && strcmp(flag->scalar, "true") == 0;
}

static bool set_turned_size(Reader *r, const Row *row, const YamlNode *value, Size *out, const char *section)
{
    if (!read_size(r, row, value, out)) return false;
    if (is_landscape(r, section) && out->width < out->height) *out = (Size){out->height, out->width};
    return true;
}

bool set_page_size(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    return set_turned_size(r, row, value, &((Page *)base)->size, "page");
}

bool set_sheet_size(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    return set_turned_size(r, row, value, &((Sheet *)base)->size, "sheet");
}

bool set_sheet_margin(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Sheet *sheet = base;
    sheet->is_centered = value->kind == YAML_SCALAR && strcmp(value->scalar, "center") == 0;
    const Row sides = {.name = row->name, .kind = VALUE_SIDES, .values = row->values};
    return sheet->is_centered || value_read(r, &sides, value, &sheet->margin);
}

bool read_counts(Reader *r, const Row *row, const YamlNode *value, unsigned *a, unsigned *b)
{
    const Row count = {.name = row->name, .kind = VALUE_COUNT, .min = row->min, .max = row->max};
    if (value->kind != YAML_LIST || value->count != 2) return value_wrong_type(r, row, value);
    bool ok = value_read(r, &count, value->items[0], a);
    return value_read(r, &count, value->items[1], b) && ok;
}

static bool is_word(const YamlNode *value, const char *word) { return value->kind == YAML_SCALAR && strcmp(value->scalar, word) == 0; }

bool set_grid(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Sheet *sheet = base;
    unsigned *const counts[] = {&sheet->columns, &sheet->rows};
    const Row count = {.name = row->name, .kind = VALUE_COUNT, .min = row->min, .max = row->max};
    sheet->columns = sheet->rows = 0;
    if (is_word(value, "auto")) return true;
    if (value->kind != YAML_LIST || value->count != 2) return value_wrong_type(r, row, value);
    bool ok = true;
    for (size_t i = 0; i < 2; i++)
        if (!is_word(value->items[i], "auto")) ok &= value_read(r, &count, value->items[i], counts[i]);
    return ok;
}

bool set_sheet_repeat(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Sheet *sheet = base;
    sheet->repeat = 0;
    return is_word(value, "fill") || value_read(r, &(Row){.name = row->name, .kind = VALUE_COUNT, .min = row->min, .max = row->max, .values = row->values}, value, &sheet->repeat);
}

bool set_back_shift(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Dim shift[2];
    const Row pair = {.name = row->name, .kind = VALUE_DIM_PAIR, .flags = row->flags, .min = row->min, .max = row->max};
    if (!value_read(r, &pair, value, shift)) return false;
    ((Sheet *)base)->back_shift = (Point){shift[1].length, shift[0].length};
    return true;
}

bool set_sheet_gap(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Sheet *sheet = base;
    Dim gap[2];
    if (!value_read(r, &(Row){.name = row->name, .kind = VALUE_DIM_PAIR}, value, gap)) return false;
    sheet->gap_y = gap[0].length;
    sheet->gap_x = gap[1].length;
    return true;
}

bool set_screen_size(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Screen *screen = base;
    unsigned width = 0, height = 0;
    if (!read_counts(r, row, value, &width, &height)) return false;
    screen->width = (int)width;
    screen->height = (int)height;
    return true;
}

bool set_loop(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Playlist *playlist = base;
    playlist->is_forever = value->kind == YAML_SCALAR && strcmp(value->scalar, "forever") == 0;
    playlist->loop = 1;
    return playlist->is_forever || value_read(r, &(Row){.name = row->name, .kind = VALUE_COUNT, .min = row->min, .max = row->max}, value, &playlist->loop);
}

/* ---- data ---- */

static void add_field(Reader *r, const char *field, Span where)
{
    FieldUse *use = list_add(r->arena, &r->fields, sizeof *use);
    *use = (FieldUse){field, where, r->path};
}

bool set_rows(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    DataSpec *data = base;
    if (!(data->rows_written = value_scalar(r, row, value))) return false;
    data->rows = strcmp(data->rows_written, "-") == 0 || !value->span.source ? data->rows_written
                                                                          : file_resolve(r->arena, value->span.source->path, data->rows_written);
    return true;
}

bool set_encoding(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    int index;
    const char *text = value_scalar(r, row, value);
    if (!text || !value_choice(r, row, text, value->span, &index)) return false;
    ((DataSpec *)base)->encoding = (Encoding)index;
    return true;
}

bool set_delimiter(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    if (strcmp(text, "tab") == 0) text = "\t";
    if (strlen(text) != 1 || *text == '"' || *text == '\n')
        return diag_error(r->diags, value->span, "bad-choice", "write \",\" or \";\" or tab", "\"delimiter\" cannot be \"%s\"", text);
    ((DataSpec *)base)->delimiter = *text;
    return true;
}

bool set_columns(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    DataSpec *data = base;
    if (value->kind != YAML_MAP) return value_wrong_type(r, row, value);
    ColumnRule *rules = ARENA_ARRAY(r->arena, ColumnRule, value->count + 1);
    bool ok = true;
    for (size_t i = 0; i < value->count; i++) {
        const YamlEntry *entry = &value->entries[i];
        rules[i] = (ColumnRule){.name = entry->key, .where = entry->key_span, .pattern_span = entry->key_span};
        if (entry->value->kind != YAML_MAP)
            ok = diag_error(r->diags, entry->value->span, "wrong-type", "write {required, pattern, max, type}", "the rules of column \"%s\" are a map", entry->key);
        else ok &= check_map(r, entry->value, "column", &(Target){&object_column, &rules[i]}, 1);
    }
    data->columns = rules;
    data->column_count = value->count;
    return ok;
}

/* One text, or a list of texts. */
static bool read_names(Reader *r, const Row *row, const YamlNode *value, NamedSpan **names, size_t *count)
{
    const YamlNode *const *items = value->kind == YAML_LIST ? value->items : &value;
    *count = value->kind == YAML_LIST ? value->count : 1;
    *names = ARENA_ARRAY(r->arena, NamedSpan, *count + 1);
    for (size_t i = 0; i < *count; i++) {
        const char *text = value_scalar(r, row, items[i]);
        if (!text) return false;
        (*names)[i] = (NamedSpan){text, items[i]->span};
    }
    return true;
}

bool set_names(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    DataSpec *data = base;
    NamedSpan *names;
    size_t count;
    if (!read_names(r, row, value, &names, &count)) return false;
    if (strcmp(row->name, "unique") == 0) {
        data->unique = names;
        data->unique_count = count;
    } else if (strcmp(row->name, "record") == 0) {
        Output *output = base;
        output->record = names;
        output->record_count = count;
        for (size_t i = 0; i < count; i++) *(FieldUse *)list_add(r->arena, &r->fields, sizeof(FieldUse)) = (FieldUse){names[i].name, names[i].where, "/output/record"};
    } else {
        data->sort = names;
        data->sort_count = count;
    }
    return true;
}

bool set_name(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    const char *text = value_scalar(r, row, value);
    *(NamedSpan *)(void *)((char *)base + row->offset) = (NamedSpan){text, value->span};
    return text != NULL;
}

bool set_filter(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    DataSpec *data = base;
    if (value->kind != YAML_MAP) return value_wrong_type(r, row, value);
    FilterRule *rules = ARENA_ARRAY(r->arena, FilterRule, value->count + 1);
    for (size_t i = 0; i < value->count; i++) {
        NamedSpan *names;
        size_t count;
        if (!read_names(r, row, value->entries[i].value, &names, &count)) return false;
        const char **values = ARENA_ARRAY(r->arena, const char *, count + 1);
        for (size_t k = 0; k < count; k++) values[k] = names[k].name;
        rules[i] = (FilterRule){value->entries[i].key, values, count, value->entries[i].key_span};
    }
    data->filter = rules;
    data->filter_count = value->count;
    return true;
}

bool set_lookup(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    DataSpec *data = base;
    if (value->kind != YAML_MAP) return value_wrong_type(r, row, value);
    LookupRule *rules = ARENA_ARRAY(r->arena, LookupRule, value->count + 1);
    bool ok = true;
    for (size_t i = 0; i < value->count; i++) {
        const YamlEntry *entry = &value->entries[i];
        rules[i] = (LookupRule){.column = entry->key, .where = entry->key_span};
        if (entry->value->kind != YAML_MAP) ok = diag_error(r->diags, entry->value->span, "wrong-type", "write {file, key}", "a lookup is a map");
        else ok &= check_map(r, entry->value, "lookup", &(Target){&object_lookup, &rules[i]}, 1);
    }
    data->lookup = rules;
    data->lookup_count = value->count;
    return ok;
}

/* ---- checks, colours, fonts, words ---- */

bool set_contrast(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Checks *checks = base;
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    checks->contrast = strcmp(text, "off") == 0 ? -1 : 0;
    if (checks->contrast < 0 || strcmp(text, "auto") == 0) return true;
    return value_read(r, &(Row){.name = row->name, .kind = VALUE_NUMBER, .min = row->min, .max = row->max, .values = row->values}, value, &checks->contrast);
}

/* Lengths in pt; those of the shop's millimetre rules (module, safe) in mm. */
static bool read_limit(Reader *r, const Row *row, const YamlNode *value, double *out)
{
    if (value->kind == YAML_SCALAR && strcmp(value->scalar, "off") == 0) {
        *out = -1;
        return true;
    }
    YamlNode plain = *value;
    size_t bytes = value->kind == YAML_SCALAR ? strlen(value->scalar) : 0;
    if (strncmp(row->values, "per cent", 8) == 0 && bytes && value->scalar[bytes - 1] == '%') {      /* 280 and 280% are the same */
        plain.scalar = arena_copy(r->arena, value->scalar, bytes - 1);
        value = &plain;
    }
    if (row->max > 0) return value_read(r, &(Row){.name = row->name, .kind = VALUE_NUMBER, .max = row->max, .values = row->values}, value, out);
    Length length;
    if (!value_read(r, &(Row){.name = row->name, .kind = VALUE_LENGTH, .max = 1000, .values = row->values}, value, &length)) return false;
    bool is_mm = strcmp(row->name, "module") == 0 || strcmp(row->name, "safe") == 0;
    *out = is_mm ? length_to_mm(length) : length_to_pt(length);
    return true;
}

/* A warning that would come after the error is never said. -1: off. */
bool limits_in_order(Reader *r, const YamlNode *value, const char *name, double warn, double error, bool is_most)
{
    if (warn < 0 || error < 0 || (is_most ? warn <= error : warn >= error)) return true;
    return diag_error(r->diags, value->span, "limit-order", "change the two numbers over", "\"%s\" refuses what it should only warn of: error comes before warn", name);
}

bool set_limit(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Checks *checks = base;
    PrintLimit limit = {row->name, -1, -1};
    bool ok = true;
    if (value->kind == YAML_MAP) {
        for (size_t i = 0; i < value->count; i++) {
            const YamlEntry *entry = &value->entries[i];
            double *out = strcmp(entry->key, "warn") == 0 ? &limit.warn : strcmp(entry->key, "error") == 0 ? &limit.error : NULL;
            if (out) ok &= read_limit(r, row, entry->value, out);
            else ok = diag_error(r->diags, entry->key_span, "unknown-key", "its keys: warn, error", "\"%s\" is not a key of %s", entry->key, row->name);
        }
    } else {
        ok = read_limit(r, row, value, &limit.error);
        limit.warn = limit.error;
    }
    bool is_most = strcmp(row->name, "total-ink") == 0 || strcmp(row->name, "spots") == 0;
    if (ok) ok = limits_in_order(r, value, row->name, limit.warn, limit.error, is_most);
    if (ok && checks->limit_count < PRINT_LIMITS) checks->limits[checks->limit_count++] = limit;
    return ok;
}

bool set_rgb(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Color *color = base;
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    bool ok = strlen(text) == 7 && text[0] == '#';
    for (size_t i = 1; ok && i < 7; i++) ok = isxdigit((unsigned char)text[i]) != 0;
    if (!ok) return diag_error(r->diags, value->span, "bad-color", "write \"#RRGGBB\", six hex digits in quotes", "\"rgb\" cannot be \"%s\"", text);
    for (size_t i = 0; i < 3; i++) {
        unsigned byte = 0;
        for (size_t k = 1; k < 3; k++) {
            char c = (char)tolower((unsigned char)text[2 * i + k]);
            byte = byte * 16 + (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        color->rgb[i] = (uint8_t)byte;
    }
    return color->has_rgb = true;
}

bool set_cmyk(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Color *color = base;
    if (value->kind != YAML_LIST || value->count != 4)
        return diag_error(r->diags, value->span, "bad-color", "write [c, m, y, k], per cent from 0 to 100", "\"cmyk\" needs 4 numbers");
    bool ok = true;
    for (size_t i = 0; i < 4; i++) ok &= value_read(r, &(Row){.name = row->name, .kind = VALUE_NUMBER, .max = 100}, value->items[i], &color->cmyk[i]);
    color->has_cmyk = ok;
    return ok;
}

bool set_hyphenate_limit(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    TextStyle *style = base;
    unsigned *limits[] = {&style->hyphenate_chars, &style->hyphenate_before, &style->hyphenate_after};
    if (value->kind != YAML_LIST || value->count != 3) return value_wrong_type(r, row, value);
    bool ok = true;
    for (size_t i = 0; i < 3; i++) ok &= value_read(r, &(Row){.name = row->name, .kind = VALUE_COUNT, .min = row->min, .max = row->max}, value->items[i], limits[i]);
    return ok;
}

bool set_strings_list(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Document *document = base;
    NamedSpan *names;
    size_t count;
    if (value->kind != YAML_LIST) return value_wrong_type(r, row, value);
    if (!read_names(r, row, value, &names, &count)) return false;
    const char **words = ARENA_ARRAY(r->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) words[i] = names[i].name;
    document->words = words;
    document->word_count = count;
    return true;
}

static int compare_readings(const void *left, const void *right)
{
    const Reading *a = left, *b = right;
    size_t a_length = strlen(a->word), b_length = strlen(b->word);
    return a_length != b_length ? (a_length > b_length) - (a_length < b_length) : memcmp(a->word, b->word, a_length);
}

bool set_readings(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Document *document = base;
    if (value->kind != YAML_MAP) return value_wrong_type(r, row, value);
    Reading *readings = ARENA_ARRAY(r->arena, Reading, value->count + 1);
    for (size_t i = 0; i < value->count; i++) {
        const YamlEntry *entry = &value->entries[i];
        readings[i] = (Reading){entry->key, value_scalar(r, row, entry->value), entry->value->span};
        if (!readings[i].reading) return false;
    }
    if (value->count) qsort(readings, value->count, sizeof *readings, compare_readings);
    document->readings = readings;
    document->reading_count = value->count;
    return true;
}

bool set_fallback(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    FontSet *font = base;
    NamedSpan *names;
    size_t count;
    if (!read_names(r, row, value, &names, &count)) return false;
    const char **families = ARENA_ARRAY(r->arena, const char *, count + 1);
    Span *spans = ARENA_ARRAY(r->arena, Span, count + 1);
    for (size_t i = 0; i < count; i++) families[i] = names[i].name, spans[i] = names[i].where;
    font->fallback = families;
    font->fallback_spans = spans;
    font->fallback_count = count;
    return true;
}

/* ---- boxes ---- */

bool set_condition(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Node *node = base;
    size_t count = value->kind == YAML_SCALAR ? 1 : value->count;
    Condition *conditions = ARENA_ARRAY(r->arena, Condition, count + 1);
    if (value->kind == YAML_NULL) return value_wrong_type(r, row, value);
    for (size_t i = 0; i < count; i++) {
        const YamlNode *item = value->kind == YAML_LIST ? value->items[i] : value;
        if (value->kind == YAML_MAP) {
            const YamlEntry *entry = &value->entries[i];
            conditions[i] = (Condition){entry->key, value_scalar(r, row, entry->value), entry->key_span};
            if (!conditions[i].value) return false;
        } else {
            conditions[i] = (Condition){value_scalar(r, row, item), NULL, item->span};
            if (!conditions[i].column) return false;
        }
        add_field(r, conditions[i].column, conditions[i].where);
    }
    if (strcmp(row->name, "when") == 0) node->when = conditions, node->when_count = count;
    else node->unless = conditions, node->unless_count = count;
    return true;
}

bool set_at(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Node *node = base;
    if (value->kind != YAML_LIST || value->count != 2) return value_wrong_type(r, row, value);
    node->has_at = true;
    bool ok = value_dim(r, row, value->items[0], &node->at[0]);
    return value_dim(r, row, value->items[1], &node->at[1]) && ok;
}

bool set_path_data(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    return (((Node *)base)->u.shape.d = value_scalar(r, row, value)) != NULL;
}
