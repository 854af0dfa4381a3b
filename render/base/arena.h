/* arena.h -- memory that is freed all at once.
 *
 * Three lifetimes in the program, three arenas: the document (until exit), the page (reset after each page), the scratch
 * of one call. A pointer may point to a longer life, never a shorter one. An arena belongs to one thread at a time. */
#ifndef RENDER_BASE_ARENA_H
#define RENDER_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Arena Arena;

/* A new, empty arena that will hand out at most `limit_bytes` (0: no limit but the machine's). NULL when there is no memory. */
Arena *arena_new(size_t limit_bytes);

/* Release every foreign thing the arena owns, newest first, and all its memory. NULL is allowed. */
void arena_free(Arena *arena);

/* Forget everything handed out (and release what is owned), keeping one block for reuse. */
void arena_reset(Arena *arena);

/* `size` zeroed bytes, aligned for any type. Never NULL: running out ends the task of the arena_run around the call. */
void *arena_alloc(Arena *arena, size_t size);

/* As arena_alloc for `count` items of `size` bytes; the product is checked. */
void *arena_alloc_array(Arena *arena, size_t count, size_t size);

#define ARENA_NEW(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
#define ARENA_ARRAY(arena, Type, count) ((Type *)arena_alloc_array((arena), (count), sizeof(Type)))

/* Room for one more item in an array that holds `count`: a full one moves to twice the room, zeroed behind the items. Answers
 * where they are now. */
void *arena_grow(Arena *arena, void *items, size_t count, size_t *capacity, size_t size);
#define ARENA_GROW(arena, items, count, capacity) arena_grow((arena), (items), (count), (capacity), sizeof *(items))

/* A NUL-terminated copy of `length` bytes. */
char *arena_copy(Arena *arena, const char *bytes, size_t length);
char *arena_copy_string(Arena *arena, const char *string);

/* printf into the arena. For %s %d %zu %c and the like only: %f obeys the locale, use base/num.h. */
char *arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(Arena *arena, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

/* A place for a foreign handle, made before the handle is opened, so that nothing can leak: when the arena is reset or
 * freed, `release` is called with what the place holds, if that is not NULL. */
void **arena_own(Arena *arena, void (*release)(void *));

/* Bytes handed out since the last reset. */
size_t arena_used(const Arena *arena);

/* Run `task(context)`; false when memory (or the limit) of any arena used inside ran out, after which the caller drops
 * the task's results. Calls nest; each thread has its own. Not to be crossed by C++ or library callbacks: do not allocate
 * from an arena inside a HarfBuzz, FreeType or Cairo callback. */
bool arena_run(void (*task)(void *), void *context);

#endif
