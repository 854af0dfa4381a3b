/* parts.c -- parts and slots are expanded away: a part's body with its parameters put in, a slot's filling. */
#include <string.h>

#include "base/limits.h"
#include "document/reader.h"

enum { COPIED_BYTES_LIMIT = 64 << 20 };

typedef struct Argument { const char *name; const YamlNode *value; } Argument;
typedef struct Arguments { const Argument *items; size_t count; } Arguments;

static bool is_full(Reader *r, Span where, size_t nodes, size_t bytes)
{
    r->copied_nodes += nodes;
    r->copied_bytes += bytes;
    if (r->copied_nodes <= LIMIT_YAML_NODES && r->copied_bytes <= COPIED_BYTES_LIMIT) return false;
    if (!r->is_full) diag_error(r->diags, where, "too-large", "use fewer or smaller parts", "the parts together are too large");
    r->is_full = true;
    return true;
}

static const Argument *find_argument(const Arguments *arguments, const char *name, size_t length)
{
    for (size_t i = 0; i < arguments->count; i++)
        if (strlen(arguments->items[i].name) == length && memcmp(arguments->items[i].name, name, length) == 0) return &arguments->items[i];
    return NULL;
}

/* The name inside "{{ name | filters }}" at `open`; `rest` is where the filters begin, or the closing braces. */
static const Argument *placeholder_at(const Arguments *arguments, const char *open, const char **rest, const char **close)
{
    const char *start = open + 2 + strspn(open + 2, " "), *end;
    *close = strstr(open, "}}");
    if (!*close) return NULL;
    size_t inside = (size_t)(*close - (open + 2));
    *rest = memchr(open + 2, '|', inside);
    if (!*rest) *rest = *close;
    for (end = *rest; end > start && end[-1] == ' ';) end--;
    return end > start ? find_argument(arguments, start, (size_t)(end - start)) : NULL;
}

static const YamlNode *substitute_scalar(Reader *r, const YamlNode *node, const Arguments *arguments)
{
    const char *at = node->scalar, *open, *rest, *close;
    if (!strstr(at, "{{")) return node;
    StrBuf buf;
    strbuf_init(&buf, r->arena);
    while ((open = strstr(at, "{{"))) {
        const Argument *argument = placeholder_at(arguments, open, &rest, &close);
        if (!close) break;
        strbuf_add_bytes(&buf, at, (size_t)(open - at));
        at = close + 2;
        if (!argument) {
            strbuf_add_bytes(&buf, open, (size_t)(at - open));
            continue;
        }
        const YamlNode *value = argument->value;
        bool is_whole = open == node->scalar && !*at && *rest != '|';
        if (is_whole && value->kind != YAML_SCALAR) return value;
        if (is_full(r, node->span, 0, strlen(value->scalar ? value->scalar : "") + buf.length / 16)) return node;
        const char *text = value->kind == YAML_SCALAR ? value->scalar : "";
        size_t length = strlen(text);
        bool is_placeholder = length > 4 && strstr(text, "{{") == text && strstr(text, "}}") == text + length - 2;
        if (*rest != '|') strbuf_add(&buf, text);
        else if (is_placeholder) {
            strbuf_add_bytes(&buf, text, length - 2);
            strbuf_add_bytes(&buf, rest, (size_t)(at - rest));
        } else {
            strbuf_add(&buf, "{{");
            strbuf_add_char(&buf, TEMPLATE_QUOTE);
            strbuf_add(&buf, text);
            strbuf_add_char(&buf, TEMPLATE_QUOTE);
            strbuf_add_bytes(&buf, rest, (size_t)(at - rest));
        }
    }
    strbuf_add(&buf, at);
    YamlNode *copy = ARENA_NEW(r->arena, YamlNode);
    *copy = *node;
    copy->scalar = buf.bytes;
    return copy;
}

static const YamlNode *substitute(Reader *r, const YamlNode *node, const Arguments *arguments)
{
    if (is_full(r, node->span, 1, 0)) return node;
    if (node->kind == YAML_SCALAR) return substitute_scalar(r, node, arguments);
    if (node->kind == YAML_NULL) return node;
    YamlNode *copy = ARENA_NEW(r->arena, YamlNode);
    *copy = *node;
    if (node->kind == YAML_LIST) {
        const YamlNode **items = ARENA_ARRAY(r->arena, const YamlNode *, node->count + 1);
        for (size_t i = 0; i < node->count; i++) items[i] = substitute(r, node->items[i], arguments);
        copy->items = items;
    } else {
        YamlEntry *entries = ARENA_ARRAY(r->arena, YamlEntry, node->count + 1);
        for (size_t i = 0; i < node->count; i++) {
            entries[i] = node->entries[i];
            entries[i].value = substitute(r, node->entries[i].value, arguments);
        }
        copy->entries = entries;
    }
    return copy;
}

/* The parameters of a part with what `with` gives them. */
static bool read_arguments(Reader *r, const char *name, const YamlNode *params, const YamlNode *with, Span where, Arguments *out)
{
    size_t count = params ? params->count : 0;
    Argument *arguments = ARENA_ARRAY(r->arena, Argument, count + 1);
    const char **names = ARENA_ARRAY(r->arena, const char *, count + 1);
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        bool is_list = params->kind == YAML_LIST;
        names[i] = is_list ? (params->items[i]->scalar ? params->items[i]->scalar : "") : params->entries[i].key;
        const YamlNode *initial = is_list || params->entries[i].value->kind == YAML_NULL ? NULL : params->entries[i].value;
        const YamlNode *given = with ? yaml_find(with, names[i]) : NULL;
        arguments[i] = (Argument){names[i], given ? given : initial};
        if (!arguments[i].value)
            ok = diag_error(r->diags, where, "missing-parameter", arena_printf(r->arena, "write with: {%s: ..}", names[i]), "part \"%s\" needs \"%s\"", name, names[i]);
    }
    for (size_t i = 0; with && i < with->count; i++)
        if (!find_argument(&(Arguments){arguments, count}, with->entries[i].key, strlen(with->entries[i].key)))
            ok = diag_error(r->diags, with->entries[i].key_span, "unknown-parameter", count ? hint_nearest(r->arena, with->entries[i].key, names, count) : "it has no parameters",
                            "\"%s\" is not a parameter of part \"%s\"", with->entries[i].key, name);
    *out = (Arguments){arguments, count};
    return ok;
}

/* The body with the keys given beside `part` over its own. */
static const YamlNode *with_keys(Reader *r, const YamlNode *body, const YamlNode *map)
{
    YamlNode *copy = ARENA_NEW(r->arena, YamlNode);
    YamlEntry *entries = ARENA_ARRAY(r->arena, YamlEntry, body->count + map->count + 1);
    *copy = *body;
    copy->entries = entries;
    copy->count = 0;
    for (size_t i = 0; i < body->count; i++) {
        bool is_given = object_find(&object_common, body->entries[i].key) && yaml_find(map, body->entries[i].key);
        if (!is_given) entries[copy->count++] = body->entries[i];
    }
    for (size_t i = 0; i < map->count; i++)
        if (object_find(&object_common, map->entries[i].key) || object_find(&object_motion, map->entries[i].key))
            entries[copy->count++] = map->entries[i];
    return copy;
}

const YamlNode *part_expand(Reader *r, const YamlNode *map)
{
    const YamlNode *name = yaml_find(map, "part"), *with = yaml_find(map, "with"), *parts = yaml_find(r->root, "parts");
    const Row row = {.name = "part", .kind = VALUE_CUSTOM, .values = "a name from parts"};
    const char *text = value_scalar(r, &row, name);
    if (!text) return NULL;
    const YamlNode *part = parts && parts->kind == YAML_MAP ? yaml_find(parts, text) : NULL;
    if (!part) {
        size_t count = parts && parts->kind == YAML_MAP ? parts->count : 0;
        const char **names = ARENA_ARRAY(r->arena, const char *, count + 1);
        for (size_t i = 0; i < count; i++) names[i] = parts->entries[i].key;
        diag_error(r->diags, name->span, "unknown-part", count ? hint_nearest(r->arena, text, names, count) : "declare it under parts", "no part \"%s\"", text);
        return NULL;
    }
    if (part->kind != YAML_MAP || (with && with->kind != YAML_MAP)) {
        diag_error(r->diags, part->kind != YAML_MAP ? part->span : with->span, "wrong-type", part->kind != YAML_MAP ? "write {params, body}" : "write {parameter: value}",
                   part->kind != YAML_MAP ? "the part \"%s\" is no map" : "\"with\" of part \"%s\" is no map", text);
        return NULL;
    }
    if (r->part_depth >= LIMIT_PART_DEPTH) {
        diag_error(r->diags, name->span, "part-recursion", "a part cannot hold itself", "parts inside parts, more than 16 deep: \"%s\"", text);
        return NULL;
    }
    if (!check_map(r, part, "part definition", &(Target){&object_part_definition, NULL}, 1)) return NULL;
    const YamlNode *params = yaml_find(part, "params"), *body = yaml_find(part, "body");
    if (params && params->kind == YAML_SCALAR) {
        diag_error(r->diags, params->span, "wrong-type", "write {name: default}", "\"params\" is a text");
        return NULL;
    }
    if (body->kind != YAML_MAP) {
        diag_error(r->diags, body->span, "wrong-type", "write a box", "the body of part \"%s\" is no box", text);
        return NULL;
    }
    Arguments arguments;
    if (!read_arguments(r, text, params, with, name->span, &arguments)) return NULL;
    const YamlNode *expanded = substitute(r, body, &arguments);
    return r->is_full ? NULL : with_keys(r, expanded, map);
}

/* ---- slots ---- */

bool slot_boxes(Reader *r, const YamlNode *map, const YamlNode *const **items, size_t *count)
{
    const YamlNode *name = yaml_find(map, "slot"), *fill = yaml_find(r->root, "fill");
    const char *text = value_scalar(r, &(Row){.name = "slot", .kind = VALUE_CUSTOM, .values = "a name"}, name);
    *count = 0;
    *items = NULL;
    if (!text) return false;
    const YamlNode *boxes = fill && fill->kind == YAML_MAP ? yaml_find(fill, text) : NULL;
    if (!boxes) boxes = yaml_find(map, "default");
    if (!boxes || boxes->kind == YAML_NULL) return true;
    if (boxes->kind != YAML_LIST) return diag_error(r->diags, boxes->span, "wrong-type", "write a list of boxes", "the slot \"%s\" is filled with no list", text);
    *items = boxes->items;
    *count = boxes->count;
    return true;
}

/* A slot that is a box of its own: a column of its boxes. */
const YamlNode *slot_expand(Reader *r, const YamlNode *map)
{
    static const YamlNode column = {.kind = YAML_SCALAR, .scalar = "column"};
    YamlNode *list = ARENA_NEW(r->arena, YamlNode), *body = ARENA_NEW(r->arena, YamlNode);
    list->kind = YAML_LIST;
    list->span = map->span;
    if (!slot_boxes(r, map, &list->items, &list->count)) return NULL;
    YamlEntry *entries = ARENA_ARRAY(r->arena, YamlEntry, 2);
    const Span where = yaml_find(map, "slot")->span;
    entries[0] = (YamlEntry){"box", where, &column};
    entries[1] = (YamlEntry){"items", where, list};
    *body = (YamlNode){.kind = YAML_MAP, .span = map->span, .entries = entries, .count = 2};
    return with_keys(r, body, map);
}

static void collect_slots(const Reader *r, const YamlNode *node, const char **names, size_t room, size_t *count)
{
    if (!node) return;
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_LIST) collect_slots(r, node->items[i], names, room, count);
        else if (node->kind == YAML_MAP && strcmp(node->entries[i].key, "slot") == 0 && node->entries[i].value->kind == YAML_SCALAR) {
            if (*count < room) names[(*count)++] = node->entries[i].value->scalar;
        } else if (node->kind == YAML_MAP) collect_slots(r, node->entries[i].value, names, room, count);
    }
}

/* Every filling must have its slot. */
void fill_check(Reader *r)
{
    enum { ROOM = 1000 };
    const YamlNode *fill = yaml_find(r->root, "fill");
    if (!fill) return;
    if (fill->kind != YAML_MAP) {
        value_wrong_type(r, object_find(&object_file, "fill"), fill);
        return;
    }
    const char **names = ARENA_ARRAY(r->arena, const char *, ROOM);
    size_t count = 0;
    static const char *const roots[] = {"body", "pages", "playlist", "areas", "parts"};
    for (size_t i = 0; i < 5; i++) collect_slots(r, yaml_find(r->root, roots[i]), names, ROOM, &count);
    for (size_t i = 0; i < fill->count; i++) {
        bool is_known = count == ROOM;
        for (size_t k = 0; k < count; k++) is_known |= strcmp(names[k], fill->entries[i].key) == 0;
        if (!is_known)
            diag_error(r->diags, fill->entries[i].key_span, "unknown-slot", count ? hint_nearest(r->arena, fill->entries[i].key, names, count) : "the template has no slots",
                       "no slot \"%s\"", fill->entries[i].key);
    }
}
