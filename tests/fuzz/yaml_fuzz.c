/* yaml_fuzz.c -- any bytes through yaml_read: an answer with or without messages, never a crash, a leak or a long wait. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"
#include "base/yaml.h"

#define ARENA_LIMIT ((size_t)256 << 20)

typedef struct Task {
    Arena *arena;
    const uint8_t *bytes;
    size_t length;
} Task;

/* libfyaml 0.7.12 forgets a buffer of its own on some unclosed quotes; only its allocations are excused. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml.so";
}

/* Walk the tree as a reader would: every span inside the file, every string there. */
static void walk(const YamlNode *node, const Source *source)
{
    if (node->span.start > node->span.end || node->span.end > source->length || !node->scalar)
        abort();
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_MAP && node->entries[i].key_span.end > source->length)
            abort();
        walk(node->kind == YAML_MAP ? node->entries[i].value : node->items[i], source);
    }
}

static void check_diags(const DiagList *diags, const Source *source)
{
    for (size_t i = 0; i < diags->count; i++) {
        Span where = diags->items[i].where;
        if (where.start > where.end || where.end > source->length)
            abort();
        source_locate(source, where.start);
    }
}

static void run(void *context)
{
    Task *task = context;
    Source source = {"fuzz.yaml", arena_copy(task->arena, (const char *)task->bytes, task->length), task->length};
    DiagList diags;
    diag_list_init(&diags, task->arena);
    const YamlNode *root = yaml_read(task->arena, &source, &diags);
    if (!root != (diags.error_count > 0))
        abort();
    check_diags(&diags, &source);
    if (root)
        walk(root, &source);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    Task task = {arena_new(ARENA_LIMIT), bytes, length};
    if (!task.arena)
        return 0;
    arena_run(run, &task);
    arena_free(task.arena);
    return 0;
}
