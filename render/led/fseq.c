/* fseq.c -- Falcon Player sequences: v2 in zstd blocks, v2 uncompressed, v1. Channels are those of the screen's map, else RGB,
 * row by row from the top left dot, in sRGB: the player applies its own gamma (FPP docs/FSEQ_Sequence_File_Format.txt).
 *
 * v2 is sparse where lamps hang on some of the channels only: it stores the ranges in use, one after the other. v1 cannot,
 * and stores dark channels between them; so does v2 when there are more ranges than its header can count. */
#include "led/film.h"

#include <string.h>
#include <zstd.h>

#include "base/hash.h"

#define V2_HEAD 32
#define V1_HEAD 28
#define FIRST_BLOCK 10            /* frames: a quick start, as xLights and FPP write it */
#define BLOCK_BYTES 65536         /* of raw data a block, at least 2 frames */
#define MOST_BLOCKS 255
#define ZSTD_LEVEL 3

static const char producer[] = "biaoyu";
#define VARIABLE_BYTES (4 + sizeof producer)
#define MOST_RANGES 255
#define RANGE_BYTES 6
#define HEAD_ROOM (V2_HEAD + 8 * MOST_BLOCKS + RANGE_BYTES * MOST_RANGES + VARIABLE_BYTES + 4)

typedef struct Block { uint8_t *bytes; size_t length; } Block;

/* Ranges written to the header; 0: the frames are stored from channel 1 without a hole. */
static size_t range_count(const LedFilm *film)
{
    const LedMap *map = film->plan->map;
    bool is_whole = map->used_count == map->channel_count;
    return film->id == FORMAT_FSEQ_V1 || is_whole || map->range_count > MOST_RANGES ? 0 : map->range_count;
}

/* Bytes of a stored frame. */
static size_t channel_count(const LedFilm *film) { return range_count(film) ? film->plan->map->used_count : film->plan->map->channel_count; }

/* The channels of frame `index` that are stored; `to` has channel_count bytes. */
static void store_frame(const LedFilm *film, size_t index, uint8_t *to, Arena *scratch)
{
    const LedMap *map = film->plan->map;
    PngPicture frame = led_frame(film->plan, index, scratch);
    const uint8_t *rgb = led_frame_rgb(&frame, scratch);
    if (!range_count(film)) {
        led_map_frame(map, rgb, to);
        return;
    }
    uint8_t *all = arena_alloc(scratch, map->channel_count);
    led_map_frame(map, rgb, all);
    for (size_t i = 0; i < map->range_count; i++) {
        memcpy(to, all + map->ranges[i].first, map->ranges[i].count);
        to += map->ranges[i].count;
    }
}

static void put_ranges(const LedFilm *film, uint8_t *to)
{
    for (size_t i = 0; i < range_count(film); i++, to += RANGE_BYTES) {
        const LedRange *range = &film->plan->map->ranges[i];
        put16le(to, range->first), to[2] = (uint8_t)(range->first >> 16);
        put16le(to + 3, range->count), to[5] = (uint8_t)(range->count >> 16);
    }
}

static size_t aligned(size_t length) { return (length + 3) & ~(size_t)3; }

/* What both versions begin with, and the variable header, up to the data; returns the length. */
static size_t put_header(const LedFilm *film, uint8_t *to, size_t fixed, unsigned major)
{
    size_t offset = aligned(fixed + VARIABLE_BYTES);
    memset(to, 0, offset);
    memcpy(to, "PSEQ", 4);
    put16le(to + 4, (uint32_t)offset);
    to[7] = (uint8_t)major;
    put16le(to + 8, (uint32_t)fixed);
    put32le(to + 10, (uint32_t)channel_count(film));
    put32le(to + 14, (uint32_t)led_frame_count(film->plan));
    to[18] = (uint8_t)film->ticks;
    if (major == 2) to[22] = (uint8_t)range_count(film);
    uint8_t *variable = to + fixed;
    put16le(variable, VARIABLE_BYTES);
    memcpy(variable + 2, "sp", 2);
    memcpy(variable + 4, producer, sizeof producer);
    return offset;
}

/* Players know files apart by this number: from the content, so that the same layout gives the same bytes. */
static void put_id(const LedFilm *film, uint8_t *to)
{
    Hash hash;
    char hex[HASH_HEX_ROOM];
    hash_begin(&hash);
    const Screen *screen = film->plan->screen;
    uint32_t numbers[3] = {(uint32_t)screen->width, (uint32_t)screen->height, screen->fps};
    uint8_t packed[12];
    for (int i = 0; i < 3; i++) put32le(packed + 4 * i, numbers[i]);
    hash_add(&hash, packed, sizeof packed);
    const Block *blocks = film->state;
    for (size_t i = 0; blocks && i < film->run_count; i++) hash_add(&hash, blocks[i].bytes, blocks[i].length);
    hash_end(&hash, hex);
    for (int i = 0; i < 8; i++) {
        uint8_t byte = 0;
        for (int digit = 0; digit < 2; digit++) {
            char c = hex[2 * i + digit];
            byte = (uint8_t)(byte << 4 | (c <= '9' ? c - '0' : c - 'a' + 10));
        }
        to[i] = byte;
    }
}

static bool check_size(LedFilm *film, Span where, DiagList *diags)
{
    if ((uint64_t)channel_count(film) * led_frame_count(film->plan) <= (uint64_t)8 << 30) return true;
    return diag_error(diags, where, "film-size", "divide the playlist", "the sequence would be larger than 8 GiB");
}

/* ---- zstd ---- */

static bool zstd_begin(LedFilm *film, Span where, DiagList *diags)
{
    if (!check_size(film, where, diags)) return false;
    size_t count = led_frame_count(film->plan), frame = channel_count(film);
    size_t each = BLOCK_BYTES / frame < 2 ? 2 : BLOCK_BYTES / frame, least = count / (MOST_BLOCKS - 1) + 1;
    if (each < least) each = least;
    film->run_count = 0;
    for (size_t at = 0; at < count;) {
        size_t length = at ? each : FIRST_BLOCK;
        if (length > count - at) length = count - at;
        film->runs[film->run_count++] = (FilmRun){at, length};
        at += length;
    }
    film->state = ARENA_ARRAY(film->arena, Block, film->run_count);
    return true;
}

static bool zstd_shoot(const LedFilm *film, const FilmRun *run, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags)
{
    (void)encoder;
    size_t frame_bytes = channel_count(film), length = frame_bytes * run->count;
    Arena *scratch = arena_new(0);
    uint8_t *raw = arena_alloc(arena, length);
    for (size_t i = 0; scratch && i < run->count; i++) {
        store_frame(film, run->first + i, raw + i * frame_bytes, scratch);
        arena_reset(scratch);
    }
    arena_free(scratch);
    uint8_t *packed = arena_alloc(arena, ZSTD_compressBound(length));
    size_t packed_length = ZSTD_compress(packed, ZSTD_compressBound(length), raw, length, ZSTD_LEVEL);
    if (!scratch || ZSTD_isError(packed_length))
        return diag_system(diags, film->plan->screen->where, "out-of-memory", NULL, "there is no memory to pack frame %zu", run->first);
    *out = (LedShot){packed, packed_length};
    return true;
}

static bool zstd_add(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags)
{
    (void)file;
    (void)diags;
    Block *blocks = film->state;
    blocks[index] = (Block){(uint8_t *)arena_copy(film->arena, (const char *)shot->bytes, shot->length), shot->length};
    return true;
}

/* FPP's reader cuts a block that is longer than its frames: then nothing is compressed. */
static bool has_grown_block(const LedFilm *film)
{
    const Block *blocks = film->state;
    for (size_t i = 0; i < film->run_count; i++)
        if (blocks[i].length > channel_count(film) * film->runs[i].count) return true;
    return false;
}

static bool write_unpacked(const LedFilm *film, OutFile *file)
{
    const Block *blocks = film->state;
    uint8_t head[HEAD_ROOM];
    size_t length = put_header(film, head, V2_HEAD + RANGE_BYTES * range_count(film), 2);
    put_id(film, head + 24);
    put_ranges(film, head + V2_HEAD);
    if (!file_write(file, head, length)) return false;
    size_t most = channel_count(film) * film->runs[0].count;
    for (size_t i = 1; i < film->run_count; i++)
        if (film->runs[i].count * channel_count(film) > most) most = film->runs[i].count * channel_count(film);
    uint8_t *raw = arena_alloc(film->arena, most);
    for (size_t i = 0; i < film->run_count; i++) {
        size_t size = ZSTD_decompress(raw, most, blocks[i].bytes, blocks[i].length);
        if (ZSTD_isError(size) || !file_write(file, raw, size)) return false;
    }
    return true;
}

static bool zstd_finish(LedFilm *film, OutFile *file, DiagList *diags)
{
    (void)diags;
    if (has_grown_block(film)) return write_unpacked(film, file);
    const Block *blocks = film->state;
    uint8_t head[HEAD_ROOM];
    size_t fixed = V2_HEAD + 8 * film->run_count + RANGE_BYTES * range_count(film), length = put_header(film, head, fixed, 2);
    head[20] = 1;
    head[21] = (uint8_t)film->run_count;
    put_id(film, head + 24);
    for (size_t i = 0; i < film->run_count; i++) {
        put32le(head + V2_HEAD + 8 * i, (uint32_t)film->runs[i].first);
        put32le(head + V2_HEAD + 8 * i + 4, (uint32_t)blocks[i].length);
    }
    put_ranges(film, head + V2_HEAD + 8 * film->run_count);
    if (!file_write(file, head, length)) return false;
    for (size_t i = 0; i < film->run_count; i++)
        if (!file_write(file, blocks[i].bytes, blocks[i].length)) return false;
    return true;
}

/* ---- uncompressed ---- */

static bool plain_shoot(const LedFilm *film, const FilmRun *run, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags)
{
    (void)encoder;
    (void)diags;
    uint8_t *channels = arena_alloc(arena, channel_count(film));
    store_frame(film, run->first, channels, arena);
    *out = (LedShot){channels, channel_count(film)};
    return true;
}

static bool plain_add(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags)
{
    (void)diags;
    if (index == 0) {
        uint8_t head[HEAD_ROOM];
        bool is_v1 = film->id == FORMAT_FSEQ_V1;
        size_t length = put_header(film, head, is_v1 ? V1_HEAD : V2_HEAD + RANGE_BYTES * range_count(film), is_v1 ? 1 : 2);
        if (is_v1) head[24] = 1, head[25] = 2;               /* gamma 1, RGB */
        else put_id(film, head + 24), put_ranges(film, head + V2_HEAD);
        if (!file_write(file, head, length)) return false;
    }
    return file_write(file, shot->bytes, shot->length);
}

/* A frame's milliseconds are one byte. */
const FilmFormat film_fseq = {"an FSEQ", 1000, 1, 255, 0, zstd_begin, zstd_shoot, zstd_add, zstd_finish};
const FilmFormat film_fseq_plain = {"an FSEQ", 1000, 1, 255, 0, check_size, plain_shoot, plain_add, NULL};
const FilmFormat film_fseq_v1 = {"an FSEQ", 1000, 1, 255, 0, check_size, plain_shoot, plain_add, NULL};
