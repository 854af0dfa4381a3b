/* document_fuzz.c -- any bytes as a layout file: diagnostics, never a crash. */
#include <stdint.h>
#include <string.h>

#include "document/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

typedef struct Task { Arena *arena; const uint8_t *bytes; size_t length; } Task;

static void run(void *context)
{
    const Task *task = context;
    DiagList diags;
    diag_list_init(&diags, task->arena);
    const Source source = {"fuzz.yaml", arena_copy(task->arena, (const char *)task->bytes, task->length), task->length};
    document_build(task->arena, &source, NULL, &diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    Arena *arena = arena_new((size_t)256 << 20);
    if (arena) arena_run(run, &(Task){arena, bytes, length});
    arena_free(arena);
    return 0;
}
