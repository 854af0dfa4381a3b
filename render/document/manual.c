/* manual.c -- the JSON Schema, `explain` and the reference, written from the one table. */
#include <string.h>

#include "base/num.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "document/reader.h"

static void add_json_name(StrBuf *out, const char *name, const char *text)
{
    strbuf_addf(out, "\"%s\": ", name);
    strbuf_add_json(out, text);
}

static void add_choices(StrBuf *out, const Row *row)
{
    strbuf_add(out, "\"enum\": [");
    for (size_t i = 0; row->choices[i]; i++) {
        if (i) strbuf_add(out, ", ");
        strbuf_add_json(out, row->choices[i]);
    }
    strbuf_add(out, "]");
}

static void add_range(StrBuf *out, const Row *row)
{
    char number[NUM_ROOM];
    strbuf_addf(out, ", \"minimum\": %s", num_format(number, row->min, 3));
    if (row->max > 0) strbuf_addf(out, ", \"maximum\": %s", num_format(number, row->max, 3));
}

static const char *const kind_json[VALUE_KINDS] = {
    [VALUE_TEXT] = "\"type\": [\"string\", \"number\", \"boolean\"]", [VALUE_PATH] = "\"type\": \"string\"",
    [VALUE_TEMPLATE] = "\"type\": [\"string\", \"number\"]", [VALUE_BOOL] = "\"type\": \"boolean\"",
    [VALUE_LENGTH] = "\"$ref\": \"#/definitions/length\"", [VALUE_DIM] = "\"$ref\": \"#/definitions/length\"",
    [VALUE_SIDES] = "\"$ref\": \"#/definitions/lengths\"", [VALUE_DIM_PAIR] = "\"$ref\": \"#/definitions/lengths\"",
    [VALUE_DIM_SIDES] = "\"$ref\": \"#/definitions/lengths\"", [VALUE_COLOR] = "\"$ref\": \"#/definitions/paint\"",
    [VALUE_SECONDS] = "\"type\": \"string\", \"pattern\": \"^[0-9.]+s$\"",
    [VALUE_METRES] = "\"type\": \"string\", \"pattern\": \"^[0-9.]+m$\"", [VALUE_MILLIMETRES] = "\"type\": \"string\", \"pattern\": \"^[0-9.]+mm$\"",
    [VALUE_AMPERES] = "\"type\": \"string\", \"pattern\": \"^[0-9.]+A$\"",
    [VALUE_MARKS] = "\"type\": \"array\", \"items\": {\"enum\": [\"crop\", \"fold\", \"registration\", \"color-bar\", \"gray-bar\", \"die\", \"plates\"]}",
};

/* Draft-07 ignores what stands beside a $ref: it goes inside allOf, so that the help is still shown. */
static void add_value(StrBuf *out, const Row *row)
{
    const char *fragment = row->kind == VALUE_CUSTOM ? row->json : kind_json[row->kind];
    if (row->flags & ROW_PLAIN) fragment = kind_json[VALUE_PATH];
    if (row->kind == VALUE_COUNT || row->kind == VALUE_NUMBER) {
        strbuf_addf(out, "\"type\": \"%s\"", row->kind == VALUE_COUNT ? "integer" : "number");
        add_range(out, row);
    } else if (row->kind == VALUE_OBJECT) strbuf_addf(out, "\"allOf\": [{\"$ref\": \"#/definitions/%s\"}]", row->object->name);
    else if (row->object && !fragment) strbuf_addf(out, "\"anyOf\": [{\"$ref\": \"#/definitions/%s\"}, {\"type\": \"string\"}]", row->object->name);
    else if (row->choices) add_choices(out, row);
    else if (fragment && strstr(fragment, "$ref") == fragment + 1) strbuf_addf(out, "\"allOf\": [{%s}]", fragment);
    else if (fragment) strbuf_add(out, fragment);
}

static void add_property(StrBuf *out, const Row *row)
{
    strbuf_add_json(out, row->name);
    strbuf_add(out, ": {");
    size_t before = out->length;
    add_value(out, row);
    if (out->length > before) strbuf_add(out, ", ");
    add_json_name(out, "markdownDescription", row->help);
    strbuf_add(out, "}");
}

/* An object that allows the keys of all the objects in the list and no other. */
static void add_object(StrBuf *out, const Object *const *objects, size_t count)
{
    strbuf_add(out, "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {");
    bool is_first = true;
    for (size_t o = 0; o < count; o++)
        for (size_t i = 0; i < objects[o]->count; i++) {
            if (!is_first) strbuf_add(out, ", ");
            is_first = false;
            add_property(out, &objects[o]->rows[i]);
        }
    strbuf_add(out, "}");
    bool has_required = false;
    for (size_t o = 0; o < count; o++)
        for (size_t i = 0; i < objects[o]->count; i++) {
            if (!(objects[o]->rows[i].flags & ROW_REQUIRED)) continue;
            strbuf_add(out, has_required ? ", " : ", \"required\": [");
            has_required = true;
            strbuf_add_json(out, objects[o]->rows[i].name);
        }
    strbuf_add(out, has_required ? "]}" : "}");
}

static void add_box(StrBuf *out)
{
    strbuf_add(out, ",\n\"box\": {\"type\": \"object\", \"allOf\": [");
    for (size_t i = 0; i < box_type_count; i++)
        strbuf_addf(out, "%s{\"if\": {\"required\": [\"%s\"]}, \"then\": {\"$ref\": \"#/definitions/box_%s\"}}", i ? ", " : "", box_types[i].key, box_types[i].key);
    strbuf_add(out, "], \"anyOf\": [");
    for (size_t i = 0; i < box_type_count; i++) strbuf_addf(out, "%s{\"required\": [\"%s\"]}", i ? ", " : "", box_types[i].key);
    strbuf_add(out, "]}");
    for (size_t i = 0; i < box_type_count; i++) {
        const Object *objects[] = {box_types[i].own, &object_common, &object_motion, &object_style};
        strbuf_addf(out, ",\n\"box_%s\": ", box_types[i].key);
        add_object(out, objects, box_types[i].has_style ? 4 : 3);
    }
}

void document_write_schema(StrBuf *out)
{
    static const struct { const char *name; const Object *object; } named[] = {
        {"page", &object_page}, {"sheet", &object_sheet}, {"cut", &object_cut}, {"fold", &object_fold}, {"booklet", &object_booklet}, {"pages-entry", &object_doc_page},
        {"panel", &object_panel}, {"screen", &object_screen}, {"screen-panel", &object_screen_panel}, {"playlist", &object_playlist}, {"data", &object_data}, {"column", &object_column},
        {"lookup", &object_lookup}, {"checks", &object_checks}, {"image-dpi", &object_image_dpi}, {"limits", &object_limits}, {"output", &object_output}, {"color", &object_color},
        {"area", &object_screen_area},
        {"linear-gradient", &object_linear_gradient}, {"radial-gradient", &object_radial_gradient},
        {"font", &object_font}, {"part-definition", &object_part_definition}, {"stroke", &object_stroke}, {"outline", &object_outline}, {"decoration", &object_decoration}, {"border", &object_border},
        {"shadow", &object_shadow}, {"fit", &object_fit},
    };
    strbuf_add(out, "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"title\": \"biaoyu layout\", \"allOf\": [{\"$ref\": \"#/definitions/file\"}],\n"
                    "\"definitions\": {\n\"length\": {\"type\": [\"string\", \"integer\"], \"pattern\": \"^(-?[0-9.]+(mm|cm|in|pt|px|em|%)|0|auto|.*\\\\{\\\\{.*)$\", \"maximum\": 0},\n"
                    "\"lengths\": {\"anyOf\": [{\"$ref\": \"#/definitions/length\"}, {\"enum\": [\"center\"]}, {\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/length\"}, \"maxItems\": 4}]},\n"
                    "\"paint\": {\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"object\", \"required\": [\"linear-gradient\"]}, {\"type\": \"object\", \"required\": [\"radial-gradient\"]}]},\n"
                    "\"font-size\": {\"type\": \"string\", \"pattern\": \"^([0-9.]+(mm|cm|in|pt|px|em)|[初小一二三四五六七八]+号?|.*\\\\{\\\\{.*)$\"},\n\"file\": ");
    const Object *const file[] = {&object_file}, *const style[] = {&object_style_extends, &object_style};
    add_object(out, file, 1);
    strbuf_add(out, ",\n\"style\": ");
    add_object(out, style, 2);
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        strbuf_addf(out, ",\n\"%s\": ", named[i].name);
        add_object(out, &named[i].object, 1);
    }
    add_box(out);
    strbuf_add(out, "\n}}\n");
}

/* ---- explain and the reference ---- */

static void add_value_words(StrBuf *out, const Row *row)
{
    bool has_words = row->kind == VALUE_CUSTOM && row->values;      /* they name the choices, too */
    for (size_t i = 0; !has_words && row->choices && row->choices[i]; i++) strbuf_addf(out, "%s%s", i ? ", " : "", row->choices[i]);
    if (!row->choices || has_words) strbuf_add(out, value_words(row));
}

static bool has_range(const Row *row)
{
    return row->max > 0 && (row->kind == VALUE_COUNT || row->kind == VALUE_NUMBER);
}

static void add_values(StrBuf *out, const Row *row)
{
    char a[NUM_ROOM], b[NUM_ROOM];
    add_value_words(out, row);
    if (has_range(row)) strbuf_addf(out, ", %s to %s", num_format(a, row->min, 3), num_format(b, row->max, 3));
}

enum { PAGE_COLUMNS = 80 };

static size_t cells(const char *text, size_t length)
{
    size_t sum = 0;
    for (size_t at = 0; at < length;) sum += (size_t)utf8_cells(utf8_next(text, length, &at));
    return sum;
}

static void add_spaces(StrBuf *out, size_t count)
{
    for (size_t i = 0; i < count; i++) strbuf_add_char(out, ' ');
}

/* `label` and `text`, broken at spaces into lines of a page's width that begin below the text or at `indent`. */
static void add_paragraph(StrBuf *out, const char *label, size_t indent, const char *text)
{
    size_t column = cells(label, strlen(label));
    bool begins = true;
    strbuf_add(out, label);
    while (*text) {
        size_t length = strcspn(text, " "), width = cells(text, length);
        if (!begins && column + 1 + width > PAGE_COLUMNS) {
            strbuf_add_char(out, '\n');
            add_spaces(out, indent);
            column = indent;
        } else if (!begins) {
            strbuf_add_char(out, ' ');
            column++;
        }
        strbuf_add_bytes(out, text, length);
        column += width;
        begins = false;
        text += length + strspn(text + length, " ");
    }
    strbuf_add_char(out, '\n');
}

/* An example keeps its lines; they stand below each other. */
static void add_example(StrBuf *out, const char *label, const char *text)
{
    size_t indent = strlen(label);
    strbuf_add(out, label);
    for (; *text; text++) {
        strbuf_add_char(out, *text);
        if (*text == '\n') add_spaces(out, indent);
    }
    strbuf_add_char(out, '\n');
}

static void explain_code(StrBuf *out, const CodeEntry *entry)
{
    static const char *const levels[] = {[CODE_ERROR] = "error", [CODE_WARNING] = "warning", [CODE_EITHER] = "error or warning",
                                         [CODE_SYSTEM] = "error of the computer, not of the layout"};
    strbuf_addf(out, "%s (%s)\n", entry->code, levels[entry->level]);
    add_paragraph(out, "  ", 2, entry->meaning);
    add_paragraph(out, "  What to do: ", 2, entry->remedy);
    if (entry->wrong) add_example(out, "  Instead of   ", entry->wrong);
    if (entry->right) add_example(out, entry->wrong ? "  write        " : "  Write        ", entry->right);
}

/* A value that changes something, where the row says enough to name one; else NULL. */
static const char *sample_value(const Row *row)
{
    const char *initial = row->initial ? row->initial : "";
    if (row->kind == VALUE_BOOL) return strcmp(initial, "true") == 0 ? "false" : "true";
    for (size_t i = 0; row->choices && row->choices[i]; i++)
        if (strcmp(row->choices[i], initial) != 0) return row->choices[i];
    return NULL;
}

static void explain_row(StrBuf *out, const Object *object, const Row *row)
{
    char a[NUM_ROOM], b[NUM_ROOM];
    strbuf_addf(out, "%s (key of %s)\n", row->name, object->name);
    add_paragraph(out, "  ", 2, row->help);
    StrBuf values;
    strbuf_init(&values, out->arena);
    add_value_words(&values, row);
    for (size_t i = 0; row->kind == VALUE_OBJECT && i < row->object->count; i++)
        strbuf_addf(&values, "%s%s", i ? ", " : ": ", row->object->rows[i].name);
    add_paragraph(out, "  Values:   ", 12, values.bytes);
    if (has_range(row)) strbuf_addf(out, "  Range:    %s to %s\n", num_format(a, row->min, 3), num_format(b, row->max, 3));
    if (row->initial && *row->initial) add_paragraph(out, "  Initial:  ", 12, row->initial);
    if (sample_value(row)) strbuf_addf(out, "  Example:  %s: %s\n", row->name, sample_value(row));
    if (row->flags & ROW_REQUIRED) strbuf_add(out, "  It must be given.\n");
}

/* Each key with the first sentence of its help. */
static void list_keys(StrBuf *out, const Object *object)
{
    size_t widest = 0;
    for (size_t i = 0; i < object->count; i++)
        if (strlen(object->rows[i].name) > widest) widest = strlen(object->rows[i].name);
    for (size_t i = 0; i < object->count; i++) {
        const Row *row = &object->rows[i];
        const char *end = strstr(row->help, ". ");
        StrBuf label;
        strbuf_init(&label, out->arena);
        strbuf_addf(&label, "    %s", row->name);
        add_spaces(&label, widest + 2 - strlen(row->name));
        add_paragraph(out, label.bytes, widest + 6, end ? arena_printf(out->arena, "%.*s.", (int)(end - row->help), row->help) : row->help);
    }
}

static void explain_object(StrBuf *out, const Object *object)
{
    const BoxType *type = box_type_find(object->name);
    bool is_box = type && type->own == object;
    strbuf_addf(out, is_box ? "%s (a kind of box)\n" : "%s (an object of keys)\n", object->name);
    add_paragraph(out, "  ", 2, object->help);
    strbuf_add(out, "  Keys:\n");
    list_keys(out, object);
    if (is_box)
        strbuf_addf(out, "  It also takes the keys of \"%s\"%s%s%s.\n", object_common.name, type->has_style ? " and of \"" : "",
                    type->has_style ? object_style.name : "", type->has_style ? "\"" : "");
}

/* A blank line between two pages. */
static void begin_page(StrBuf *out, bool *found)
{
    if (*found) strbuf_add_char(out, '\n');
    *found = true;
}

void document_list_codes(StrBuf *out)
{
    strbuf_add(out, "biaoyu explain CODE says more about a code, biaoyu explain KEY about a key of the language.\n");
    for (size_t i = 0; i < all_code_count;) {
        StrBuf codes;
        strbuf_init(&codes, out->arena);
        strbuf_addf(out, "\n%s\n", all_codes[i].group);
        do strbuf_addf(&codes, "%s%s", codes.length ? " " : "", all_codes[i].code);
        while (++i < all_code_count && !all_codes[i].group);
        add_paragraph(out, "  ", 2, codes.bytes);
    }
}

bool document_explain(StrBuf *out, const char *name, const char **nearest)
{
    bool found = false;
    const char *dot = strchr(name, '.'), *key = dot ? dot + 1 : name;
    const char *names[1024];
    size_t count = 0;
    *nearest = NULL;
    for (size_t i = 0; i < all_code_count; i++) {
        if (count < sizeof names / sizeof *names) names[count++] = all_codes[i].code;
        if (strcmp(all_codes[i].code, name) != 0) continue;
        begin_page(out, &found);
        explain_code(out, &all_codes[i]);
    }
    for (size_t o = 0; o < all_object_count; o++) {
        const Object *object = all_objects[o];
        if (!dot && object != &object_style_extends && strcmp(object->name, name) == 0) {
            begin_page(out, &found);
            explain_object(out, object);
        }
        bool is_named = !dot || (strlen(object->name) == (size_t)(dot - name) && strncmp(object->name, name, (size_t)(dot - name)) == 0);
        for (size_t i = 0; i < object->count; i++) {
            if (count < sizeof names / sizeof *names) names[count++] = object->rows[i].name;
            if (!is_named || strcmp(object->rows[i].name, key) != 0) continue;
            begin_page(out, &found);
            explain_row(out, object, &object->rows[i]);
        }
    }
    if (!found) *nearest = suggest_nearest(name, names, count);
    return found;
}

/* A text in a cell of a Markdown table. */
static void add_cell(StrBuf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '|') strbuf_add_char(out, '\\');
        strbuf_add_char(out, *text);
    }
}

void document_write_reference(StrBuf *out)
{
    for (size_t o = 0; o < all_object_count; o++) {
        const Object *object = all_objects[o];
        if (object == &object_style_extends) continue;
        strbuf_addf(out, "### %s\n\n%s\n\n| key | values | initial | meaning |\n|---|---|---|---|\n", object->name, object->help);
        for (size_t i = 0; i < object->count; i++) {
            const Row *row = &object->rows[i];
            strbuf_addf(out, "| `%s` | ", row->name);
            StrBuf values;
            strbuf_init(&values, out->arena);
            add_values(&values, row);
            add_cell(out, values.bytes);
            strbuf_add(out, " | ");
            add_cell(out, row->flags & ROW_REQUIRED ? "*required*" : row->initial ? row->initial : "");
            strbuf_add(out, " | ");
            add_cell(out, row->help);
            strbuf_add(out, " |\n");
        }
        strbuf_add(out, "\n");
    }
}
