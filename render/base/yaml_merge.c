/* yaml_merge.c -- a finished map: its own keys, each once, and what `<<` brings in (YAML 1.1, the merge key). */
#include <stdlib.h>
#include <string.h>

#include "base/yaml_private.h"

static int compare_keys(const void *a, const void *b)
{
    const YamlEntry *const *left = a, *const *right = b;
    int order = strcmp((*left)->key, (*right)->key);
    return order ? order : (*left > *right) - (*left < *right);
}

/* Keys said twice, the second one reported; those that explicit keys hide are dropped from what `<<` brought in. */
static size_t drop_doubles(Arena *arena, YamlEntry *entries, size_t count, size_t explicit_count, DiagList *diags)
{
    const YamlEntry **sorted = ARENA_ARRAY(arena, const YamlEntry *, count);
    bool *is_double = ARENA_ARRAY(arena, bool, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &entries[i];
    qsort(sorted, count, sizeof *sorted, compare_keys);
    for (size_t i = 1; i < count; i++)
        if (!strcmp(sorted[i - 1]->key, sorted[i]->key))
            is_double[sorted[i] - entries] = true;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_double[i] && i < explicit_count && *entries[i].key)      /* "" was no key, and is reported */
            diag_error(diags, entries[i].key_span, "duplicate-key", "keep one of them",
                       "\"%s\" is given twice here", entries[i].key);
        if (!is_double[i])
            entries[kept++] = entries[i];
    }
    return kept;
}

/* How many entries `<<` brings; 0 and a message when its value is no map. */
static size_t merge_count(const YamlPending *merge, DiagList *diags)
{
    const YamlNode *value = merge->entry.value;
    if (merge->value->is_broken)
        return 0;
    if (value->kind == YAML_MAP)
        return value->count;
    size_t count = 0;
    bool is_good = value->kind == YAML_LIST;
    for (size_t i = 0; is_good && i < value->count; i++) {
        is_good = value->items[i]->kind == YAML_MAP;
        count += value->items[i]->count;
    }
    if (!is_good)
        diag_error(diags, merge->entry.key_span, "bad-merge", "write <<: *name, where &name marks a map",
                   "\"<<\" takes a map or a list of maps");
    return is_good ? count : 0;
}

static size_t copy_merged(const YamlNode *value, YamlEntry *out)
{
    if (value->kind == YAML_MAP) {
        if (value->count)
            memcpy(out, value->entries, value->count * sizeof *out);
        return value->count;
    }
    size_t count = 0;
    for (size_t i = 0; i < value->count; i++)
        count += copy_merged(value->items[i], out + count);
    return count;
}

size_t yaml_merge(Arena *arena, const YamlPending *pending, size_t count, YamlEntry **out, DiagList *diags)
{
    size_t explicit_count = 0, total = 0;
    for (size_t i = 0; i < count; i++)
        total += pending[i].is_merge ? merge_count(&pending[i], diags) : 1;
    YamlEntry *entries = *out = ARENA_ARRAY(arena, YamlEntry, total);
    for (size_t i = 0; i < count; i++)
        if (!pending[i].is_merge)
            entries[explicit_count++] = pending[i].entry;
    size_t filled = explicit_count;
    for (size_t i = 0; i < count && filled < total; i++)
        if (pending[i].is_merge && !pending[i].value->is_broken && pending[i].entry.value->kind != YAML_SCALAR)
            filled += copy_merged(pending[i].entry.value, entries + filled);
    return drop_doubles(arena, entries, filled, explicit_count, diags);
}
