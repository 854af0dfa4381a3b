/* flat.c -- fast compression (RFC 1950, 1951) of flat pictures: letters and plain ground, as posters are.
 *
 * Repeats are looked for at two places only, the pixel to the left and the one above, which is where flat pictures repeat;
 * there is nothing to hash, so 6 MB of poster take a fraction of libdeflate's fastest level. Block by block with codes of
 * its own. Whoever calls falls back to libdeflate when the answer is 0. */
#include "raster/private.h"

#include <libdeflate.h>
#include <string.h>

#define BLOCK_TOKENS 65536
#define LITERALS 286
#define DISTANCES 30
#define END_OF_BLOCK 256
#define LONGEST_MATCH 258
#define SHORTEST_MATCH 4
/* the largest block: 15 + 5 + 15 + 13 bits a token, and its header */
#define BLOCK_ROOM ((size_t)BLOCK_TOKENS * 6 + 1024)

typedef struct Code { uint16_t bits[LITERALS]; uint8_t lengths[LITERALS]; } Code;

struct FlatWork {
    uint16_t tokens[BLOCK_TOKENS];            /* below 256: literal; else 512 x which distance + 256 + length - 3 */
    Code literals, distances, meta;
};

typedef struct BitWriter { uint8_t *at; uint64_t bits; unsigned count; } BitWriter;

static inline void put_bits(BitWriter *out, uint32_t value, unsigned count)
{
    out->bits |= (uint64_t)value << out->count;
    out->count += count;
    while (out->count >= 8) {
        *out->at++ = (uint8_t)out->bits;
        out->bits >>= 8;
        out->count -= 8;
    }
}

/* ---- Huffman codes ---- */

/* Depth of every used symbol in Huffman's tree; the greatest. */
static unsigned tree_depths(const uint32_t *frequencies, size_t count, uint8_t *lengths)
{
    uint32_t weight[2 * LITERALS];
    int16_t parent[2 * LITERALS];
    bool is_open[2 * LITERALS];
    size_t nodes = count;
    for (size_t i = 0; i < count; i++)
        weight[i] = frequencies[i], is_open[i] = frequencies[i] > 0, parent[i] = -1;
    for (;;) {
        int least = -1, next = -1;
        for (size_t i = 0; i < nodes; i++) {
            if (!is_open[i])
                continue;
            if (least < 0 || weight[i] < weight[least])
                next = least, least = (int)i;
            else if (next < 0 || weight[i] < weight[next])
                next = (int)i;
        }
        if (next < 0)
            break;
        weight[nodes] = weight[least] + weight[next], is_open[nodes] = true, parent[nodes] = -1;
        is_open[least] = is_open[next] = false;
        parent[least] = parent[next] = (int16_t)nodes++;
    }
    unsigned deepest = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned depth = 0;
        for (int node = parent[i]; node >= 0; node = parent[node])
            depth++;
        lengths[i] = (uint8_t)depth;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

/* Canonical codes (RFC 1951, 3.2.2) of at most `limit` bits, bits reversed as they are written. Two symbols at least. */
static void make_code(Code *code, uint32_t *frequencies, size_t count, unsigned limit)
{
    while (tree_depths(frequencies, count, code->lengths) > limit)
        for (size_t i = 0; i < count; i++)        /* flatter weights, flatter tree */
            frequencies[i] = (frequencies[i] + 1) / 2;
    unsigned per_length[16] = {0}, next[16] = {0};
    for (size_t i = 0; i < count; i++)
        per_length[code->lengths[i]]++;
    per_length[0] = 0;
    for (unsigned length = 1; length < 16; length++)
        next[length] = (next[length - 1] + per_length[length - 1]) << 1;
    for (size_t i = 0; i < count; i++) {
        unsigned value = code->lengths[i] ? next[code->lengths[i]]++ : 0, reversed = 0;
        for (unsigned bit = 0; bit < code->lengths[i]; bit++)
            reversed = reversed << 1 | (value >> bit & 1);
        code->bits[i] = (uint16_t)reversed;
    }
}

/* ---- lengths and distances (RFC 1951, 3.2.5) ---- */

typedef struct Part { unsigned symbol, extra_bits, extra; } Part;

static Part length_part(unsigned length)
{
    if (length == LONGEST_MATCH)
        return (Part){285, 0, 0};
    unsigned rest = length - 3, bits = 0;
    while (rest >> bits >= 8)
        bits++;
    return (Part){257 + bits * 4 + (rest >> bits), bits, rest & ((1u << bits) - 1)};
}

static Part distance_part(size_t distance)
{
    unsigned rest = (unsigned)distance - 1, bits = 0;
    while (rest >> bits >= 4)
        bits++;
    return (Part){bits * 2 + (rest >> bits), bits, rest & ((1u << bits) - 1)};
}

/* ---- blocks ---- */

static void write_lengths(BitWriter *out, FlatWork *work)
{
    static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    uint32_t frequencies[19] = {0};
    for (size_t i = 0; i < LITERALS; i++)
        frequencies[work->literals.lengths[i]]++;
    for (size_t i = 0; i < DISTANCES; i++)
        frequencies[work->distances.lengths[i]]++;
    make_code(&work->meta, frequencies, 19, 7);
    put_bits(out, LITERALS - 257, 5);
    put_bits(out, DISTANCES - 1, 5);
    put_bits(out, 19 - 4, 4);
    for (size_t i = 0; i < 19; i++)
        put_bits(out, work->meta.lengths[order[i]], 3);
    for (size_t i = 0; i < LITERALS + DISTANCES; i++) {
        unsigned length = i < LITERALS ? work->literals.lengths[i] : work->distances.lengths[i - LITERALS];
        put_bits(out, work->meta.bits[length], work->meta.lengths[length]);
    }
}

static void write_block(BitWriter *out, FlatWork *work, size_t token_count, const Part distances[2], bool is_last)
{
    uint32_t literal_counts[LITERALS] = {[END_OF_BLOCK] = 1}, distance_counts[DISTANCES] = {0};
    distance_counts[distances[0].symbol] = distance_counts[distances[1].symbol] = 1;
    Part lengths[256];
    for (unsigned i = 0; i < 256; i++)
        lengths[i] = length_part(i + 3);
    for (size_t i = 0; i < token_count; i++) {
        unsigned token = work->tokens[i];
        literal_counts[token & 256 ? lengths[token & 255].symbol : token]++;
        if (token & 256)
            distance_counts[distances[token >> 9].symbol]++;
    }
    make_code(&work->literals, literal_counts, LITERALS, 15);
    make_code(&work->distances, distance_counts, DISTANCES, 15);
    put_bits(out, is_last, 1);
    put_bits(out, 2, 2);
    write_lengths(out, work);
    const Code *literals = &work->literals;
    for (size_t i = 0; i < token_count; i++) {
        unsigned token = work->tokens[i];
        if (!(token & 256)) {
            put_bits(out, literals->bits[token], literals->lengths[token]);
            continue;
        }
        Part length = lengths[token & 255], distance = distances[token >> 9];
        put_bits(out, literals->bits[length.symbol], literals->lengths[length.symbol]);
        put_bits(out, length.extra, length.extra_bits);
        put_bits(out, work->distances.bits[distance.symbol], work->distances.lengths[distance.symbol]);
        put_bits(out, distance.extra, distance.extra_bits);
    }
    put_bits(out, literals->bits[END_OF_BLOCK], literals->lengths[END_OF_BLOCK]);
}

static size_t match_length(const uint8_t *a, const uint8_t *b, size_t most)
{
    size_t length = 0;
    while (length + 8 <= most) {
        uint64_t left, right;
        memcpy(&left, a + length, 8);
        memcpy(&right, b + length, 8);
        if (left != right)
            break;
        length += 8;
    }
    while (length < most && a[length] == b[length])
        length++;
    return length;
}

/* Fill the block's tokens from `*at`; how many. A length of 258 counts as 255 + 3. */
static size_t find_tokens(FlatWork *work, const uint8_t *in, size_t size, const size_t distances[2], size_t *at)
{
    size_t count = 0, here = *at;
    for (; count < BLOCK_TOKENS && here < size; count++) {
        size_t most = size - here < LONGEST_MATCH ? size - here : LONGEST_MATCH, best = 0;
        unsigned which = 0;
        for (unsigned i = 0; i < 2 && best < most; i++) {
            if (!distances[i] || here < distances[i])
                continue;
            size_t length = match_length(in + here, in + here - distances[i], most);
            if (length > best)
                best = length, which = i;
        }
        if (best < SHORTEST_MATCH) {
            work->tokens[count] = in[here++];
            continue;
        }
        work->tokens[count] = (uint16_t)(which << 9 | 256 | (best - 3));
        here += best;
    }
    *at = here;
    return count;
}

FlatWork *flat_new(Arena *arena)
{
    return ARENA_NEW(arena, FlatWork);
}

size_t flat_compress(FlatWork *work, const uint8_t *in, size_t size, size_t line, size_t pixel, uint8_t *out, size_t out_room)
{
    const size_t distances[2] = {pixel, line <= 32768 && line > pixel ? line : 0};
    Part parts[2] = {distance_part(pixel), distance_part(distances[1] ? distances[1] : 1)};
    if (parts[0].symbol == parts[1].symbol)
        return 0;
    out[0] = 0x78, out[1] = 0x01;
    BitWriter writer = {.at = out + 2};
    for (size_t at = 0; at < size;) {
        if (out_room < (size_t)(writer.at - out) + BLOCK_ROOM)
            return 0;
        size_t count = find_tokens(work, in, size, distances, &at);
        write_block(&writer, work, count, parts, at == size);
    }
    put_bits(&writer, 0, (8 - writer.count) & 7);
    uint32_t sum = libdeflate_adler32(1, in, size);
    for (int shift = 24; shift >= 0; shift -= 8)
        *writer.at++ = (uint8_t)(sum >> shift);
    return (size_t)(writer.at - out);
}
