/* arena.c -- zeroed memory in chunks, freed all at once; and the one place where running out of it is caught. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif
#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#endif

#define ALIGNMENT _Alignof(max_align_t)
#define CHUNK_MIN ((size_t)64 << 10)
#define CHUNK_MAX ((size_t)4 << 20)

typedef struct Chunk {
    struct Chunk *next;
    size_t size, used;
    size_t dirty;                 /* bytes before this may hold what an earlier life wrote */
    max_align_t bytes[];
} Chunk;

typedef struct Owned {
    struct Owned *older;
    void (*release)(void *);
    void *thing;
} Owned;

struct Arena {
    Chunk *chunks;                /* the one being filled first */
    Owned *owned;                 /* newest first */
    size_t limit, used;
};

typedef struct JumpFrame {
    struct JumpFrame *outer;
    jmp_buf buffer;
} JumpFrame;

static _Thread_local JumpFrame *innermost;

static _Noreturn void run_out(void)
{
    if (innermost)
        longjmp(innermost->buffer, 1);
    /* Only a caller of ours that forgot its arena_run comes here. */
    static const char line[] = "biaoyu: out of memory outside a task\n";
    ssize_t ignored = write(STDERR_FILENO, line, sizeof line - 1);
    (void)ignored;
    abort();
}

bool arena_run(void (*task)(void *), void *context)
{
    JumpFrame frame = {.outer = innermost};
    if (setjmp(frame.buffer)) {
        innermost = frame.outer;
        return false;
    }
    innermost = &frame;
    task(context);
    innermost = frame.outer;
    return true;
}

Arena *arena_new(size_t limit_bytes)
{
    Arena *arena = calloc(1, sizeof *arena);
    if (arena)
        arena->limit = limit_bytes ? limit_bytes : SIZE_MAX;
    return arena;
}

static void release_owned(Arena *arena)
{
    while (arena->owned) {
        Owned *owned = arena->owned;
        arena->owned = owned->older;
        if (owned->thing)
            owned->release(owned->thing);
    }
}

static void free_chunks(Chunk *chunk)
{
    while (chunk) {
        Chunk *next = chunk->next;
        ASAN_UNPOISON_MEMORY_REGION(chunk->bytes, chunk->size);
        free(chunk);
        chunk = next;
    }
}

void arena_free(Arena *arena)
{
    if (!arena)
        return;
    release_owned(arena);
    free_chunks(arena->chunks);
    free(arena);
}

/* The largest chunk of ordinary size is kept, taken out of the list. */
static Chunk *take_kept_chunk(Arena *arena)
{
    Chunk **best = NULL;
    for (Chunk **at = &arena->chunks; *at; at = &(*at)->next)
        if ((*at)->size <= CHUNK_MAX && (!best || (*at)->size > (*best)->size))
            best = at;
    if (!best)
        return NULL;
    Chunk *kept = *best;
    *best = kept->next;
    kept->next = NULL;
    return kept;
}

/* What was not enough for one life gives way to a chunk that holds the next like it. */
static Chunk *grown_chunk(Chunk *kept, size_t used)
{
    size_t room = used / ALIGNMENT * ALIGNMENT + used / 4 / ALIGNMENT * ALIGNMENT;
    if (room > CHUNK_MAX)
        room = CHUNK_MAX;
    if (!kept || used <= kept->size || room <= kept->size)
        return kept;
    Chunk *grown = calloc(1, sizeof(Chunk) + room);
    if (!grown)
        return kept;
    free_chunks(kept);
    grown->size = room;
    return grown;
}

void arena_reset(Arena *arena)
{
    release_owned(arena);
    Chunk *kept = take_kept_chunk(arena);
    free_chunks(arena->chunks);
    kept = grown_chunk(kept, arena->used);
    arena->chunks = kept;
    arena->used = 0;
    if (!kept)
        return;
    if (kept->dirty < kept->used)
        kept->dirty = kept->used;
    kept->used = 0;
    ASAN_POISON_MEMORY_REGION(kept->bytes, kept->size);
}

static Chunk *add_chunk(Arena *arena, size_t size)
{
    size_t room = arena->used < CHUNK_MIN ? CHUNK_MIN : arena->used > CHUNK_MAX ? CHUNK_MAX : arena->used;
    room = (room + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    bool is_own = size > room / 4;
    if (is_own)
        room = size;
    if (room > SIZE_MAX - sizeof(Chunk))
        run_out();
    Chunk *chunk = calloc(1, sizeof(Chunk) + room);
    if (!chunk)
        run_out();
    chunk->size = room;
    ASAN_POISON_MEMORY_REGION(chunk->bytes, room);
    if (is_own && arena->chunks) {      /* a large thing alone does not end the chunk being filled */
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

void *arena_alloc(Arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        run_out();
    size_t room = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    if (room > arena->limit - arena->used)
        run_out();
    Chunk *chunk = arena->chunks;
    if (!chunk || room > chunk->size - chunk->used)
        chunk = add_chunk(arena, room);
    char *bytes = (char *)chunk->bytes + chunk->used;
    ASAN_UNPOISON_MEMORY_REGION(bytes, size);
    if (chunk->used < chunk->dirty)
        memset(bytes, 0, size);
    chunk->used += room;
    arena->used += room;
    return bytes;
}

void *arena_alloc_array(Arena *arena, size_t count, size_t size)
{
    size_t product;
    if (__builtin_mul_overflow(count, size, &product))
        run_out();
    return arena_alloc(arena, product);
}

void *arena_grow(Arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 16;
    void *grown = arena_alloc_array(arena, *capacity, size);
    if (count)
        memcpy(grown, items, count * size);
    return grown;
}

char *arena_copy(Arena *arena, const char *bytes, size_t length)
{
    if (length == SIZE_MAX)
        run_out();
    char *copy = arena_alloc(arena, length + 1);
    if (length)
        memcpy(copy, bytes, length);
    return copy;
}

char *arena_copy_string(Arena *arena, const char *string)
{
    return arena_copy(arena, string, strlen(string));
}

char *arena_vprintf(Arena *arena, const char *format, va_list arguments)
{
    char room[256];               /* most are short: formatted once */
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(room, sizeof room, format, again);
    va_end(again);
    if (length < 0)
        return arena_copy(arena, "", 0);
    if (length < (int)sizeof room)
        return arena_copy(arena, room, (size_t)length);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}

void **arena_own(Arena *arena, void (*release)(void *))
{
    Owned *owned = ARENA_NEW(arena, Owned);
    owned->older = arena->owned;
    owned->release = release;
    arena->owned = owned;
    return &owned->thing;
}

size_t arena_used(const Arena *arena)
{
    return arena->used;
}
