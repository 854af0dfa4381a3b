/* spill.c -- unlinked files, mapped. */
#include "base/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FILE_LEAST ((size_t)1 << 20)          /* smaller arrays are not worth a file */
#define CHUNK_FIRST ((size_t)256 << 10)       /* of spill_put: a little lies in memory */
#define CHUNK ((size_t)4 << 20)

typedef struct Region { void *bytes; size_t length; bool is_file; int fd; } Region;      /* fd: of a file that may grow; else -1 */

struct Spill {
    Arena *arena;
    Region *regions;
    size_t count, capacity;
    char *chunk;                  /* of spill_put: where the next bytes go */
    size_t chunk_room;
    bool has_chunks;
};

static void release_region(const Region *region)
{
    if (!region->is_file) {
        free(region->bytes);
        return;
    }
    munmap(region->bytes, region->length);
    if (region->fd >= 0) close(region->fd);
}

static void release_spill(void *pointer)
{
    Spill *spill = pointer;
    for (size_t i = 0; i < spill->count; i++) release_region(&spill->regions[i]);
    free(spill->regions);
}

Spill *spill_new(Arena *arena)
{
    void **place = arena_own(arena, release_spill);
    Spill *spill = ARENA_NEW(arena, Spill);
    spill->arena = arena;
    return *place = spill;
}

/* ---- regions: nothing here jumps ---- */

static int open_in(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) return fd;
    char path[4096];                              /* a file system that cannot make files without a name */
    if ((size_t)snprintf(path, sizeof path, "%s/biaoyu-XXXXXX", folder) >= sizeof path) return -1;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) unlink(path);
    return fd;
}

static int open_file(void)
{
    const char *named = getenv("TMPDIR");
    if (named && *named) return open_in(named);
    int fd = open_in("/var/tmp");
    return fd >= 0 ? fd : open_in("/tmp");
}

/* All of the file's blocks are taken at once: a write to a mapped page that the disk has no block for would end the process. */
static bool take_blocks(int fd, size_t from, size_t to)
{
    int error;
    while ((error = posix_fallocate(fd, (off_t)from, (off_t)(to - from))) == EINTR) continue;
    return !error;
}

static void map_file(Region *region, bool grows)
{
    int fd = open_file();
    if (fd < 0) return;
    void *bytes = take_blocks(fd, 0, region->length) ? mmap(NULL, region->length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    region->is_file = bytes != MAP_FAILED;
    if (region->is_file) region->bytes = bytes;
    if (region->is_file && grows) region->fd = fd;
    else close(fd);
}

static bool region_open(Region *region, size_t length, bool grows)
{
    *region = (Region){.length = length, .fd = -1};
    if (length >= FILE_LEAST) map_file(region, grows);
    if (!region->is_file) region->bytes = calloc(length ? length : 1, 1);
    return region->bytes != NULL;
}

/* A file grows where it is: copying would bring all of it into memory. */
static bool region_extend(Region *region, size_t length)
{
    if (region->fd < 0 || length < region->length || !take_blocks(region->fd, region->length, length)) return false;
    void *bytes = mremap(region->bytes, region->length, length, MREMAP_MAYMOVE);
    if (bytes == MAP_FAILED) return false;
    region->bytes = bytes;
    region->length = length;
    return true;
}

static Region *find_region(const Spill *spill, const void *array)
{
    for (size_t i = 0; array && i < spill->count; i++)
        if (spill->regions[i].bytes == array) return &spill->regions[i];
    return NULL;
}

static Region *new_place(Spill *spill)
{
    if (spill->count == spill->capacity) {
        size_t capacity = spill->capacity ? spill->capacity * 2 : 16;
        Region *grown = realloc(spill->regions, capacity * sizeof *grown);
        if (!grown) return NULL;
        spill->regions = grown;
        spill->capacity = capacity;
    }
    return &spill->regions[spill->count];
}

static void *resize(Spill *spill, void *array, size_t used, size_t length, bool grows)
{
    Region *place = find_region(spill, array), fresh;
    bool is_new = !place;
    if (is_new && !(place = new_place(spill))) return NULL;
    if (!is_new && region_extend(place, length)) return place->bytes;
    if (!region_open(&fresh, length, grows)) return NULL;
    if (!is_new) {
        memcpy(fresh.bytes, array, used);
        release_region(place);
    }
    *place = fresh;
    spill->count += is_new;
    return fresh.bytes;
}

void *spill_resize(Spill *spill, void *array, size_t used, size_t length) { return resize(spill, array, used, length, true); }

void *spill_array(Spill *spill, size_t count, size_t size)
{
    bool is_small = !size || count <= FILE_LEAST / size;
    void *array = is_small || count > SIZE_MAX / 2 / size ? NULL : resize(spill, NULL, 0, count * size, false);
    return array ? array : arena_alloc_array(spill->arena, count, size);
}

static bool open_chunk(Spill *spill, size_t least)
{
    bool is_little = !spill->has_chunks && least <= CHUNK_FIRST;
    size_t length = is_little ? CHUNK_FIRST : least > CHUNK ? least : CHUNK;
    Region *place = new_place(spill);
    if (!place || !region_open(place, length, false)) return false;
    if (!is_little && !place->is_file) {
        release_region(place);
        return false;
    }
    spill->count++;
    spill->has_chunks = true;
    spill->chunk = place->bytes;
    spill->chunk_room = length;
    return true;
}

const void *spill_put(Spill *spill, const void *bytes, size_t length)
{
    if (length > spill->chunk_room && !open_chunk(spill, length)) return NULL;
    char *at = spill->chunk;
    memcpy(at, bytes, length);
    spill->chunk += length;
    spill->chunk_room -= length;
    return at;
}

void spill_free(Spill *spill, void *array)
{
    Region *region = find_region(spill, array);
    if (!region) return;
    release_region(region);
    *region = spill->regions[--spill->count];
}

void spill_cool(const Spill *spill)
{
    for (size_t i = 0; i < spill->count; i++)
        if (spill->regions[i].is_file) madvise(spill->regions[i].bytes, spill->regions[i].length, MADV_DONTNEED);
}

bool spill_is_file(const Spill *spill, const void *array)
{
    const Region *region = find_region(spill, array);
    return region && region->is_file;
}
