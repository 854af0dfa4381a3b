/* load.c -- a layout with its template and style sheets becomes one merged tree; variables and strings are chosen. */
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "document/reader.h"

typedef struct Chain { const char *path; const struct Chain *up; unsigned depth; } Chain;

static YamlNode *new_map(Reader *r, size_t room, Span span)
{
    YamlNode *map = ARENA_NEW(r->arena, YamlNode);
    *map = (YamlNode){.kind = YAML_MAP, .span = span, .entries = ARENA_ARRAY(r->arena, YamlEntry, room + 1)};
    return map;
}

static const char *box_kind_of(const YamlNode *map)
{
    for (size_t i = 0; i < box_type_count; i++)
        if (yaml_find(map, box_types[i].key)) return box_types[i].key;
    return NULL;
}

/* `over` wins; maps merge key by key, except that a box of another kind replaces the whole box. */
static const YamlNode *merge(Reader *r, const YamlNode *base, const YamlNode *over)
{
    if (!base) return over;
    if (!over || base == over) return base;
    if (base->kind != YAML_MAP || over->kind != YAML_MAP) return over;
    const char *kind = box_kind_of(over);
    if (kind && !yaml_find(base, kind) && box_kind_of(base)) return over;
    YamlNode *map = new_map(r, base->count + over->count, over->span);
    YamlEntry *entries = (YamlEntry *)map->entries;
    for (size_t i = 0; i < base->count; i++) {
        entries[map->count] = base->entries[i];
        for (size_t k = 0; k < over->count; k++)
            if (strcmp(over->entries[k].key, base->entries[i].key) == 0) {
                entries[map->count] = over->entries[k];
                entries[map->count].value = merge(r, base->entries[i].value, over->entries[k].value);
            }
        map->count++;
    }
    for (size_t k = 0; k < over->count; k++)
        if (!yaml_find(base, over->entries[k].key)) entries[map->count++] = over->entries[k];
    return map;
}

/* A copy of the map with only (or without) some keys. */
static const YamlNode *select_keys(Reader *r, const YamlNode *map, const char *const *names, bool is_kept)
{
    YamlNode *result = new_map(r, map->count, map->span);
    for (size_t i = 0; i < map->count; i++) {
        bool is_named = false;
        for (size_t k = 0; names[k]; k++) is_named |= strcmp(names[k], map->entries[i].key) == 0;
        if (is_named == is_kept) ((YamlEntry *)result->entries)[result->count++] = map->entries[i];
    }
    return result;
}

static const YamlNode *load_tree(Reader *r, const Source *source, const Chain *chain, bool is_sheet);

/* A file that another names. NULL after a message. */
static const YamlNode *load_named(Reader *r, const YamlNode *name, const Chain *chain, bool is_sheet)
{
    if (name->kind != YAML_SCALAR || !*name->scalar) {
        diag_error(r->diags, name->span, "wrong-type", "write the path of a file", "\"%s\" needs a path", is_sheet ? "use" : "extends");
        return NULL;
    }
    const char *path = name->span.source ? file_resolve(r->arena, name->span.source->path, name->scalar) : name->scalar;
    for (const Chain *c = chain; c; c = c->up)
        if (strcmp(c->path, path) == 0) {
            diag_error(r->diags, name->span, "extends-cycle", "remove one of them", "\"%s\" leads back to itself", name->scalar);
            return NULL;
        }
    if (chain->depth >= LIMIT_EXTENDS_DEPTH) {
        diag_error(r->diags, name->span, "too-deep", "merge some of the files", "more than 8 files name each other");
        return NULL;
    }
    if (r->files.count >= 256) {
        diag_error(r->diags, name->span, "too-large", "use fewer style sheets", "more than 256 files are read for one layout");
        return NULL;
    }
    const Source *source = file_read(r->arena, path, LIMIT_LAYOUT_BYTES, name->span, r->diags);
    return source ? load_tree(r, source, &(Chain){path, chain, chain->depth + 1}, is_sheet) : NULL;
}

static const YamlNode *join_words(Reader *r, const YamlNode *a, const YamlNode *b)
{
    if (!a || !b || a->kind != YAML_LIST || b->kind != YAML_LIST) return b ? b : a;
    YamlNode *list = ARENA_NEW(r->arena, YamlNode);
    const YamlNode **items = ARENA_ARRAY(r->arena, const YamlNode *, a->count + b->count + 1);
    if (a->count) memcpy(items, a->items, a->count * sizeof *items);
    if (b->count) memcpy(items + a->count, b->items, b->count * sizeof *items);
    *list = (YamlNode){.kind = YAML_LIST, .span = b->span, .items = items, .count = a->count + b->count};
    return list;
}

/* As merge at file level: words add up, and one of body, pages, playlist, areas takes the place of another. */
static const YamlNode *merge_files(Reader *r, const YamlNode *base, const YamlNode *over)
{
    static const char *const bodies[] = {"body", "pages", "playlist", "areas", NULL};
    if (!base) return over;
    for (size_t i = 0; bodies[i]; i++)
        if (yaml_find(over, bodies[i])) {
            const char *others[4] = {bodies[(i + 1) % 4], bodies[(i + 2) % 4], bodies[(i + 3) % 4], NULL};
            base = select_keys(r, base, others, false);
            break;
        }
    const YamlNode *words = join_words(r, yaml_find(base, "words"), yaml_find(over, "words"));
    const YamlNode *merged = merge(r, base, over);
    for (size_t i = 0; words && i < merged->count; i++)
        if (merged != base && merged != over && strcmp(merged->entries[i].key, "words") == 0) ((YamlEntry *)merged->entries)[i].value = words;
    return merged;
}

static const char *const sheet_keys[] = {"colors", "fonts", "styles", "parts", "vars", "words", "strings", "checks", "lang", NULL};

static const YamlNode *load_tree(Reader *r, const Source *source, const Chain *chain, bool is_sheet)
{
    static const char *const own_keys[] = {"extends", "use", NULL};
    *(const Source **)list_add(r->arena, &r->files, sizeof source) = source;
    const YamlNode *tree = yaml_read(r->arena, source, r->diags);
    if (!tree) return NULL;
    if (tree->kind != YAML_MAP) {
        diag_error(r->diags, tree->span, "wrong-type", "begin with format: 1", "a layout file is a map of keys");
        return NULL;
    }
    if (!tree->count) {
        diag_error(r->diags, tree->span, "missing-key", "begin with format: 1", "there is nothing in this file");
        return NULL;
    }
    const YamlNode *kind = yaml_find(tree, "kind"), *extends = yaml_find(tree, "extends"), *use = yaml_find(tree, "use"), *merged = NULL;
    bool ok = true;
    if (is_sheet && kind && kind->kind == YAML_SCALAR && strcmp(kind->scalar, "stylesheet") != 0)
        ok = diag_error(r->diags, kind->span, "bad-choice", "\"use\" takes style sheets; a template is named by \"extends\"", "\"%s\" is no stylesheet", source->path);
    for (size_t i = 0; is_sheet && i < tree->count; i++) {
        const char *key = tree->entries[i].key;
        bool is_known = strcmp(key, "format") == 0 || strcmp(key, "kind") == 0 || strcmp(key, "title") == 0 || strcmp(key, "use") == 0;
        for (size_t k = 0; sheet_keys[k]; k++) is_known |= strcmp(sheet_keys[k], key) == 0;
        if (is_known) continue;
        const char *hint = object_find(&object_file, key) ? "it belongs in the layout that uses the style sheet" : hint_nearest(r->arena, key, sheet_keys, 9);
        ok = diag_error(r->diags, tree->entries[i].key_span, "unknown-key", hint, "\"%s\" is not a key of a style sheet", key);
    }
    if (extends && !is_sheet) {
        merged = load_named(r, extends, chain, false);
        ok &= merged != NULL;
    }
    const YamlNode *const *sheets = use && use->kind == YAML_LIST ? use->items : &use;
    for (size_t i = 0; use && i < (use->kind == YAML_LIST ? use->count : 1); i++) {
        const YamlNode *sheet = load_named(r, sheets[i], chain, true);
        ok &= sheet != NULL;
        if (sheet) merged = merge_files(r, merged, select_keys(r, sheet, sheet_keys, true));
    }
    merged = merge_files(r, merged, select_keys(r, tree, own_keys, false));
    return ok ? merged : NULL;
}

/* ---- variables and strings ---- */

static void read_vars(Reader *r)
{
    const YamlNode *map = yaml_find(r->root, "vars");
    if (map && map->kind != YAML_MAP) {
        value_wrong_type(r, object_find(&object_file, "vars"), map);
        map = NULL;
    }
    size_t count = map ? map->count : 0;
    Variable *vars = ARENA_ARRAY(r->arena, Variable, count + 1);
    const char **names = ARENA_ARRAY(r->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const YamlEntry *entry = &map->entries[i];
        if (entry->value->kind == YAML_LIST || entry->value->kind == YAML_MAP)
            diag_error(r->diags, entry->value->span, "wrong-type", "write one text", "the variable \"%s\" is %s", entry->key, entry->value->kind == YAML_LIST ? "a list" : "a map");
        vars[i] = (Variable){names[i] = entry->key, entry->value->scalar ? entry->value->scalar : "", entry->value->span, false};
    }
    for (size_t s = 0; s < r->options->setting_count; s++) {
        const Setting *setting = &r->options->settings[s];
        size_t i = 0;
        while (i < count && strcmp(names[i], setting->name) != 0) i++;
        if (i < count) {
            vars[i].value = arena_copy_string(r->arena, setting->value);
            vars[i].is_set = true;
        } else diag_error(r->diags, SPAN_NONE, "unknown-var", count ? hint_nearest(r->arena, setting->name, names, count) : "the layout declares no vars",
                        "--set: no variable \"%s\"", setting->name);
    }
    r->vars = vars;
    r->var_count = count;
    r->document->var_names = names;
    r->document->var_count = count;
}

static void read_strings(Reader *r)
{
    const YamlNode *map = yaml_find(r->root, "strings"), *lang = yaml_find(r->root, "lang");
    const char *wanted = r->options->strings_lang;
    r->strings_lang = wanted ? wanted : lang && lang->kind == YAML_SCALAR ? lang->scalar : "zh-Hans";
    if (map && map->kind != YAML_MAP) {
        value_wrong_type(r, object_find(&object_file, "strings"), map);
        return;
    }
    r->strings = map ? yaml_find(map, r->strings_lang) : NULL;
    if (r->strings && r->strings->kind != YAML_MAP) {
        diag_error(r->diags, r->strings->span, "wrong-type", "write {key: text}", "the strings of \"%s\" are no map", r->strings_lang);
        r->strings = NULL;
    }
    if (!wanted || r->strings) return;
    size_t count = map ? map->count : 0;
    const char **names = ARENA_ARRAY(r->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) names[i] = map->entries[i].key;
    diag_error(r->diags, SPAN_NONE, "unknown-lang", count ? hint_nearest(r->arena, wanted, names, count) : "the layout declares no strings",
               "--lang: no strings for \"%s\"", wanted);
}

bool load_layout(Reader *r, const Source *source)
{
    r->root = load_tree(r, source, &(Chain){source->path, NULL, 0}, false);
    if (!r->root) return false;
    read_vars(r);
    read_strings(r);
    return true;
}

const Document *document_build(Arena *arena, const Source *source, const DocumentOptions *options, DiagList *diags)
{
    static const DocumentOptions none = {0};
    Document *document = ARENA_NEW(arena, Document);
    Reader reader = {.arena = arena, .diags = diags, .options = options ? options : &none, .document = document, .path = ""};
    diag_list_init(&reader.mute, arena);
    size_t errors = diags->error_count;
    const char *path = diags->path;
    document->source = source;
    if (load_layout(&reader, source)) check_layout(&reader);
    diags->path = path;
    document->fields = reader.fields.items;
    document->field_count = reader.fields.count;
    document->font_styles = reader.font_styles.items;
    document->font_style_count = reader.font_styles.count;
    document->not_yet = reader.not_yet.items;
    document->not_yet_count = reader.not_yet.count;
    document->files = reader.files.items;
    document->file_count = reader.files.count;
    return diags->error_count == errors ? document : NULL;
}

const Document *document_read(Arena *arena, const char *path, const DocumentOptions *options, DiagList *diags)
{
    const Source *source = file_read(arena, path, LIMIT_LAYOUT_BYTES, SPAN_NONE, diags);
    return source ? document_build(arena, source, options, diags) : NULL;
}
