/* spill.h -- arrays that may be larger than what should stay in memory: the rows of a table, what is known of each.
 *
 * A large one lies in an unlinked file of its own (in TMPDIR, else /var/tmp, else /tmp), mapped: it is read and written as any
 * memory, and spill_cool lets go of the pages it takes, which come back when they are touched. Where there is no room for the
 * file, it lies in memory like a small one. Nothing is left behind, whatever ends the process. */
#ifndef RENDER_BASE_SPILL_H
#define RENDER_BASE_SPILL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

typedef struct Spill Spill;

/* All of a spill's arrays live until `arena` is reset or freed. One thread makes arrays; any may use them. */
Spill *spill_new(Arena *arena);

/* `count` zeroed items of `size` bytes; the product is checked. Never NULL: as arena_alloc. */
void *spill_array(Spill *spill, size_t count, size_t size);
#define SPILL_ARRAY(spill, Type, count) ((Type *)spill_array((spill), (count), sizeof(Type)))

/* Make an array of spill_resize (NULL: a new one) hold `length` bytes, of which the first `used` are kept; what is new is not
 * cleared. NULL when there is no memory: the old one is there still. Never jumps: for callbacks. */
void *spill_resize(Spill *spill, void *array, size_t used, size_t length);

/* Put bytes by, unaligned: they stay where they are. NULL when there is no file for them (and they are more than a little), which is
 * no error: whoever put them by must be able to do without. Never jumps. */
const void *spill_put(Spill *spill, const void *bytes, size_t length);

/* What an array took is given back before the arena ends; nothing where the arena itself has it. NULL is allowed. */
void spill_free(Spill *spill, void *array);

/* Let the pages go that nobody is using just now. Any thread, at any time; cheap enough for every few hundred rows. */
void spill_cool(const Spill *spill);

/* For loops over much: cool once every so many bytes. `at` is where the loop is, `*next` (0 at first) where it cools again. */
#define SPILL_STEP ((size_t)1 << 20)
static inline void spill_walk(const Spill *spill, size_t at, size_t *next)
{
    if (at < *next) return;
    if (*next) spill_cool(spill);
    *next = at + SPILL_STEP;
}

/* Does this array of spill_resize lie in a file? For tests. */
bool spill_is_file(const Spill *spill, const void *array);

#endif
