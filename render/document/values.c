/* values.c -- a scalar or short list of the layout becomes a typed value, or a message that says how to write it. */
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/suggest.h"
#include "document/reader.h"

typedef struct Unit { const char *name; double pt; } Unit;

/* CSS Values 4, section 6: 1 in = 96 px = 72 pt. */
static const Unit units[] = {{"mm", 72.0 / 25.4}, {"cm", 720.0 / 25.4}, {"in", 72.0}, {"pt", 1.0}, {"px", 0.75}};
static const char *const unit_names[] = {"mm", "cm", "in", "pt", "px", "em", "%"};

static const struct { const char *name; double pt; } size_names[] = {
    {"初号", 42}, {"小初", 36}, {"一号", 26}, {"小一", 24}, {"二号", 22}, {"小二", 18}, {"三号", 16}, {"小三", 15},
    {"四号", 14}, {"小四", 12}, {"五号", 10.5}, {"小五", 9}, {"六号", 7.5}, {"小六", 6.5}, {"七号", 5.5}, {"八号", 5},
};

double value_font_size_name(const char *name)
{
    for (size_t i = 0; i < sizeof size_names / sizeof *size_names; i++)
        if (strcmp(name, size_names[i].name) == 0) return size_names[i].pt;
    return 0;
}

Length value_from_pt(const Reader *reader, double pt)
{
    return length_from_pt(reader->document->is_screen ? pt * 96.0 / 72.0 : pt);
}

const char *join_names(Arena *arena, const char *const *names, size_t count)
{
    StrBuf buf;
    strbuf_init(&buf, arena);
    for (size_t i = 0; i < count && i < 60; i++) {
        if (i) strbuf_add(&buf, ", ");
        strbuf_add(&buf, names[i]);
    }
    return buf.bytes;
}

const char *hint_nearest(Arena *arena, const char *word, const char *const *names, size_t count)
{
    const char *near = suggest_nearest(word, names, count);
    if (!count) return NULL;
    if (near) return arena_printf(arena, "did you mean \"%s\"? (%s)", near, join_names(arena, names, count));
    return arena_printf(arena, "choose from %s", join_names(arena, names, count));
}

const char *value_words(const Row *row)
{
    static const char *const words[VALUE_KINDS] = {
        [VALUE_TEXT] = "a text", [VALUE_PATH] = "a path", [VALUE_TEMPLATE] = "a text", [VALUE_BOOL] = "true or false",
        [VALUE_CHOICE] = "one of its names", [VALUE_COUNT] = "a whole number", [VALUE_NUMBER] = "a number",
        [VALUE_LENGTH] = "a length such as 3mm", [VALUE_SIDES] = "a length, or [top, right, bottom, left]",
        [VALUE_DIM] = "a length such as 30mm", [VALUE_DIM_PAIR] = "a length, or [x, y]",
        [VALUE_DIM_SIDES] = "a length, or [top, right, bottom, left]", [VALUE_COLOR] = "a name from colors, or a gradient",
        [VALUE_SECONDS] = "a time such as 3s", [VALUE_METRES] = "a distance such as 3m", [VALUE_AMPERES] = "a current such as 40A",
        [VALUE_MILLIMETRES] = "a distance such as 10mm", [VALUE_MARKS] = "a list of crop, fold, registration, color-bar, gray-bar, die, plates",
    };
    if (row->flags & ROW_PLAIN) return "a name from colors";
    if (row->kind == VALUE_OBJECT) return row->values ? row->values : "a map of keys";
    if (row->kind == VALUE_CUSTOM) return row->values ? row->values : "one of its names";
    return words[row->kind];
}

static const char *kind_words(const YamlNode *value)
{
    switch (value->kind) {
    case YAML_NULL: return "empty";
    case YAML_SCALAR: return "a text";
    case YAML_LIST: return "a list";
    case YAML_MAP: return "a map";
    }
    return "";
}

bool value_wrong_type(Reader *r, const Row *row, const YamlNode *value)
{
    return diag_error(r->diags, value->span, "wrong-type", arena_printf(r->arena, "write %s", value_words(row)),
                      "\"%s\" is %s", row->name, kind_words(value));
}

/* The text of a scalar, variables put in; NULL after a message. */
const char *value_scalar(Reader *r, const Row *row, const YamlNode *value)
{
    if (value->kind != YAML_SCALAR) {
        value_wrong_type(r, row, value);
        return NULL;
    }
    return template_expand_vars(r, value);
}

/* `low` and `high` with their unit, as the user would write them. */
static bool out_of_range(Reader *r, const Row *row, const char *text, Span where, double low, double high, const char *unit)
{
    char a[NUM_ROOM], b[NUM_ROOM];
    return diag_error(r->diags, where, "out-of-range",
                      arena_printf(r->arena, "write a value from %s%s to %s%s", num_format(a, low, 2), unit, num_format(b, high, 2), unit),
                      "\"%s\" cannot be %s", row->name, text);
}

static bool length_in_range(Reader *r, const Row *row, const char *text, Span where, double pt)
{
    double mm = pt * 25.4 / 72.0;
    double high = row->min == 0 && row->max == 0 ? LIMIT_PAGE_MM : row->max;
    double low = row->flags & ROW_NEGATIVE && row->min == 0 ? -high : row->min;
    if (mm >= low - 1e-9 && mm <= high + 1e-9) return true;
    if (!r->document->is_screen) return out_of_range(r, row, text, where, low, high, "mm");
    return out_of_range(r, row, text, where, low * 96 / 25.4, high * 96 / 25.4, "px");
}

static bool missing_unit(Reader *r, const Row *row, const char *number, Span where)
{
    const char *hint = r->document->is_screen ? arena_printf(r->arena, "write %spx", number)
                                              : arena_printf(r->arena, "write %smm, %spt or %spx", number, number, number);
    return diag_error(r->diags, where, "missing-unit", hint, "\"%s\" has no unit: %s", row->name, number);
}

/* The units allowed at this key. */
static size_t allowed_units(const Row *row, const char **names)
{
    size_t count = 5;
    memcpy(names, unit_names, 5 * sizeof *names);
    if (row->flags & ROW_EM) names[count++] = "em";
    if (row->flags & ROW_PERCENT) names[count++] = "%";
    return count;
}

bool value_dim(Reader *r, const Row *row, const YamlNode *value, Dim *out)
{
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    *out = (Dim){.where = value->span};
    if (row->flags & ROW_AUTO && strcmp(text, "auto") == 0) {
        out->unit = DIM_AUTO;
        return true;
    }
    double number;
    size_t length = strlen(text), used = num_parse(text, length, &number);
    if (!used)
        return diag_error(r->diags, value->span, "wrong-type", row->values ? arena_printf(r->arena, "write %s", row->values) : "write a number and a unit: 30mm, 9pt, 64px",
                          "\"%s\" is no length: \"%s\"", row->name, text);
    const char *unit = text + used;
    if (!*unit && number == 0) {
        out->unit = DIM_LENGTH;
        return length_in_range(r, row, text, value->span, 0);
    }
    if (!*unit) return missing_unit(r, row, text, value->span);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(unit, units[i].name) != 0) continue;
        double pt = number * units[i].pt;
        out->unit = DIM_LENGTH;
        out->length = value_from_pt(r, pt);
        return length_in_range(r, row, text, value->span, pt);
    }
    bool is_em = strcmp(unit, "em") == 0, is_percent = strcmp(unit, "%") == 0;
    if ((is_em && row->flags & ROW_EM) || (is_percent && row->flags & ROW_PERCENT)) {
        out->unit = is_em ? DIM_EM : DIM_PERCENT;
        out->number = number;
        double high = is_em ? 1000 : 1000, low = row->flags & ROW_NEGATIVE ? -high : 0;
        if (number >= low && number <= high) return true;
        return out_of_range(r, row, text, value->span, low, high, unit);
    }
    const char *names[8];
    size_t count = allowed_units(row, names);
    if (is_em || is_percent)
        return diag_error(r->diags, value->span, "bad-unit", arena_printf(r->arena, "use %s", join_names(r->arena, names, count)),
                          "\"%s\" cannot be in %s: %s", row->name, unit, text);
    if (*unit == ' ')
        return diag_error(r->diags, value->span, "bad-unit", arena_printf(r->arena, "write %.*s%s", (int)used, text, unit + strspn(unit, " ")),
                          "\"%s\" has a space before its unit: %s", row->name, text);
    const char *near = suggest_nearest(unit, names, count);
    const char *all = join_names(r->arena, names, count);
    return diag_error(r->diags, value->span, "bad-unit",
                      near ? arena_printf(r->arena, "did you mean \"%s\"? (%s)", near, all) : arena_printf(r->arena, "use %s", all),
                      "\"%s\" is no unit: %s", unit, text);
}

static bool read_length(Reader *r, const Row *row, const YamlNode *value, Length *out)
{
    Dim dim;
    if (!value_dim(r, row, value, &dim)) return false;
    *out = dim.length;
    return true;
}

bool value_choice(Reader *r, const Row *row, const char *text, Span where, int *out)
{
    size_t count = 0;
    for (; row->choices[count]; count++) {
        if (strcmp(row->choices[count], text) != 0) continue;
        *out = (int)count;
        return true;
    }
    return diag_error(r->diags, where, "bad-choice", hint_nearest(r->arena, text, row->choices, count),
                      "\"%s\" cannot be \"%s\"", row->name, text);
}

static bool read_number(Reader *r, const Row *row, const YamlNode *value, const char *unit, double scale, double *out)
{
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    size_t used = num_parse(text, strlen(text), out);
    if (!used || (*unit == '\0' && text[used]))
        return diag_error(r->diags, value->span, "wrong-type", arena_printf(r->arena, "write %s", row->values ? row->values : value_words(row)),
                          "\"%s\" is not %s: \"%s\"", row->name, value_words(row), text);
    if (!text[used] && *unit && *out != 0)
        return diag_error(r->diags, value->span, "missing-unit", arena_printf(r->arena, "write %s%s", text, unit), "\"%s\" has no unit: %s", row->name, text);
    if (text[used] && strcmp(text + used, unit) != 0)
        return diag_error(r->diags, value->span, "bad-unit", arena_printf(r->arena, "write %s", value_words(row)), "\"%s\" is no unit: %s", text + used, text);
    double high = row->min == 0 && row->max == 0 ? 1e6 : row->max;
    if (*out < row->min || *out > high) return out_of_range(r, row, text, value->span, row->min, high, unit);
    *out *= scale;
    return true;
}

static bool read_count(Reader *r, const Row *row, const YamlNode *value, unsigned *out)
{
    const char *text = value_scalar(r, row, value);
    long number;
    if (!text) return false;
    if (!num_parse_count(text, &number)) {
        double real;
        if (num_parse(text, strlen(text), &real) == strlen(text) && real < row->min) return out_of_range(r, row, text, value->span, row->min, row->max, "");
        return diag_error(r->diags, value->span, "wrong-type", row->values ? arena_printf(r->arena, "write %s", row->values) : "write a whole number without a unit", "\"%s\" is not a whole number: \"%s\"", row->name, text);
    }
    if ((double)number < row->min || (double)number > row->max) return out_of_range(r, row, text, value->span, row->min, row->max, "");
    *out = (unsigned)number;
    return true;
}

/* One value for all of `want` places, or a list of just so many. */
static bool read_several(Reader *r, const Row *row, const YamlNode *value, Dim *out, size_t want)
{
    if (value->kind == YAML_SCALAR) {
        if (!value_dim(r, row, value, &out[0])) return false;
        for (size_t i = 1; i < want; i++) out[i] = out[0];
        return true;
    }
    if (value->kind != YAML_LIST) return value_wrong_type(r, row, value);
    if (value->count != want)
        return diag_error(r->diags, value->span, "wrong-type", arena_printf(r->arena, "write %s", value_words(row)),
                          "\"%s\" has %zu values, it takes 1 or %zu", row->name, value->count, want);
    bool ok = true;
    for (size_t i = 0; i < want; i++) ok &= value_dim(r, row, value->items[i], &out[i]);
    return ok;
}

static bool read_marks(Reader *r, const Row *row, const YamlNode *value, unsigned *out)
{
    static const char *const names[] = {"crop", "fold", "registration", "color-bar", "gray-bar", "die", "plates", NULL};
    const Row choice = {.name = row->name, .choices = names};
    unsigned marks = 0;
    bool ok = true;
    if (value->kind != YAML_LIST) return value_wrong_type(r, row, value);
    for (size_t i = 0; i < value->count; i++) {
        const char *text = value_scalar(r, row, value->items[i]);
        int index;
        if (!text || !value_choice(r, &choice, text, value->items[i]->span, &index)) ok = false;
        else marks |= 1u << index;
    }
    *out = marks;
    return ok;
}

bool value_read(Reader *r, const Row *row, const YamlNode *value, void *field)
{
    const char *text;
    int index;
    Dim dims[4] = {{0}};
    switch (row->kind) {
    case VALUE_TEXT:
    case VALUE_PATH:
        if (!(text = value_scalar(r, row, value))) return false;
        if (row->kind == VALUE_PATH && value->span.source) text = file_resolve(r->arena, value->span.source->path, text);
        *(const char **)field = text;
        return true;
    case VALUE_TEMPLATE:
        if (value->kind != YAML_SCALAR) return value_wrong_type(r, row, value);
        return (*(const Template **)field = template_read(r, value, strcmp(row->name, "text") == 0)) != NULL;
    case VALUE_BOOL:
        if (!(text = value_scalar(r, row, value))) return false;
        if (!value_choice(r, &(Row){.name = row->name, .choices = (const char *const[]){"false", "true", NULL}}, text, value->span, &index)) return false;
        *(bool *)field = index == 1;
        return true;
    case VALUE_CHOICE:
        if (!(text = value_scalar(r, row, value)) || !value_choice(r, row, text, value->span, &index)) return false;
        *(int *)field = index;
        return true;
    case VALUE_COUNT: return read_count(r, row, value, field);
    case VALUE_NUMBER: return read_number(r, row, value, "", 1, field);
    case VALUE_SECONDS: return read_number(r, row, value, "s", 1, field);
    case VALUE_AMPERES: return read_number(r, row, value, "A", 1, field);
    case VALUE_METRES: return read_number(r, row, value, "m", 1, field);
    case VALUE_MILLIMETRES: return read_number(r, row, value, "mm", 1, field);
    case VALUE_LENGTH: return read_length(r, row, value, field);
    case VALUE_SIDES:
        if (!read_several(r, row, value, dims, 4)) return false;
        *(Sides *)field = (Sides){dims[0].length, dims[1].length, dims[2].length, dims[3].length};
        return true;
    case VALUE_DIM: return value_dim(r, row, value, field);
    case VALUE_DIM_PAIR:
        /* Written [x, y] as everywhere; kept as row gap, column gap. */
        if (!read_several(r, row, value, dims, 2)) return false;
        ((Dim *)field)[0] = dims[1];
        ((Dim *)field)[1] = dims[0];
        return true;
    case VALUE_DIM_SIDES: return read_several(r, row, value, field, 4);
    case VALUE_COLOR:
        return (*(const Color **)field = color_read(r, row, value)) != NULL;
    case VALUE_MARKS: return read_marks(r, row, value, field);
    case VALUE_OBJECT:
        if (value->kind != YAML_MAP) return value_wrong_type(r, row, value);
        return check_map(r, value, row->object->name, &(Target){row->object, field}, 1);
    case VALUE_CUSTOM:
    case VALUE_KINDS: break;
    }
    return false;
}
