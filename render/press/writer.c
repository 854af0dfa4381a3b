/* writer.c -- objects, object streams, cross-references. */
#include "press/writer.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBJECTS_PER_STREAM 200
#define BATCH_BYTES ((size_t)256 << 10)
#define LEVEL 6

/* Where an object lies: a byte offset, or an index in an object stream. */
typedef struct Place { uint64_t at; uint32_t stream; } Place;

struct Writer {
    Arena *arena;
    OutFile *file;
    bool has_object_streams, has_failed;
    Place *places;                /* by object number; malloc, doubled */
    unsigned count, capacity;
    Arena *batch_arena;           /* of the objects waiting for their stream */
    StrBuf heads, bodies;         /* "number offset " of each, and the objects */
    unsigned batch_count;
    char hash[HASH_HEX_ROOM];
};

static void release_writer(void *pointer)
{
    Writer *writer = pointer;
    free(writer->places);
    arena_free(writer->batch_arena);
}

static void put(Writer *writer, const void *bytes, size_t length)
{
    if (!writer->has_failed && !file_write(writer->file, bytes, length)) writer->has_failed = true;
}

static void put_text(Writer *writer, const char *text) { put(writer, text, strlen(text)); }

static void start_batch(Writer *writer)
{
    arena_reset(writer->batch_arena);
    strbuf_init(&writer->heads, writer->batch_arena);
    strbuf_init(&writer->bodies, writer->batch_arena);
    writer->batch_count = 0;
}

Writer *writer_new(Arena *arena, OutFile *file, bool has_object_streams)
{
    void **place = arena_own(arena, release_writer);
    Writer *writer = ARENA_NEW(arena, Writer);
    *writer = (Writer){.arena = arena, .file = file, .has_object_streams = has_object_streams, .count = 1};
    *place = writer;
    writer->batch_arena = arena_new(0);
    if (!writer->batch_arena) {
        writer->has_failed = true;
        return writer;
    }
    start_batch(writer);
    hash_sha256("", 0, writer->hash);
    /* The second line tells transfer programs that the file is binary (ISO 32000-1, 7.5.2). */
    put_text(writer, has_object_streams ? "%PDF-1.6\n%\xE6\xA0\x87\xE8\xAF\xAD\n" : "%PDF-1.4\n%\xE6\xA0\x87\xE8\xAF\xAD\n");
    return writer;
}

unsigned writer_reserve(Writer *writer)
{
    if (writer->count >= writer->capacity) {
        unsigned capacity = writer->capacity ? writer->capacity * 2 : 256;
        Place *places = realloc(writer->places, capacity * sizeof *places);
        if (!places) {
            writer->has_failed = true;
            return 0;
        }
        memset(places + writer->capacity, 0, (capacity - writer->capacity) * sizeof *places);
        writer->places = places;
        writer->capacity = capacity;
    }
    return writer->count++;
}

static void place(Writer *writer, unsigned number, Place where)
{
    if (number && number < writer->count) writer->places[number] = where;
}

/* The fingerprint is a chain, so that nothing need be kept. */
static void add_to_hash(Writer *writer, const void *data, size_t length)
{
    char chain[2 * HASH_HEX_ROOM];
    hash_sha256(data, length, chain);
    memcpy(chain + HASH_HEX_ROOM - 1, writer->hash, HASH_HEX_ROOM - 1);
    hash_sha256(chain, 2 * (HASH_HEX_ROOM - 1), writer->hash);
}

static void release_compressor(void *compressor) { libdeflate_free_compressor(compressor); }

void *press_deflate(Arena *arena, const void *data, size_t length, int level, size_t *out_length)
{
    void **place_of = arena_own(arena, release_compressor);
    struct libdeflate_compressor *compressor = *place_of = libdeflate_alloc_compressor(level);
    *out_length = 0;
    if (!compressor) return NULL;
    size_t room = libdeflate_zlib_compress_bound(compressor, length);
    void *out = arena_alloc(arena, room);
    *out_length = libdeflate_zlib_compress(compressor, data, length, out, room);
    libdeflate_free_compressor(compressor);
    *place_of = NULL;
    return out;
}

static void put_stream(Writer *writer, unsigned number, bool is_deflated, const char *entries, const void *data, size_t length)
{
    char head[128];
    place(writer, number, (Place){.at = file_written(writer->file)});
    snprintf(head, sizeof head, "%u 0 obj\n<</Length %zu%s", number, length, is_deflated ? "/Filter/FlateDecode" : "");
    put_text(writer, head);
    put_text(writer, entries);
    put_text(writer, ">>\nstream\n");
    put(writer, data, length);
    put_text(writer, "\nendstream\nendobj\n");
}

void writer_stream(Writer *writer, unsigned number, StreamKind kind, const char *entries, const void *data, size_t length)
{
    add_to_hash(writer, data, length);
    if (kind != STREAM_DEFLATE) {
        put_stream(writer, number, kind == STREAM_DEFLATED, entries, data, length);
        return;
    }
    Arena *scratch = arena_new(0);
    size_t packed_length = 0;
    void *packed = scratch ? press_deflate(scratch, data, length, LEVEL, &packed_length) : NULL;
    if (packed && packed_length) put_stream(writer, number, true, entries, packed, packed_length);
    else writer->has_failed = true;
    arena_free(scratch);
}

static void end_batch(Writer *writer)
{
    if (!writer->batch_count) return;
    unsigned number = writer_reserve(writer);
    size_t first = writer->heads.length, count = writer->batch_count;
    /* The objects' numbers stand in the heads; their places only wait for this stream's number. */
    const char *at = writer->heads.bytes;
    for (uint32_t index = 0; index < count; index++) {
        char *end;
        unsigned object = (unsigned)strtoul(at, &end, 10);
        strtoul(end, &end, 10);
        at = end;
        place(writer, object, (Place){.at = index, .stream = number});
    }
    strbuf_add_bytes(&writer->heads, writer->bodies.bytes, writer->bodies.length);
    char entries[96];
    snprintf(entries, sizeof entries, "/Type/ObjStm/N %zu/First %zu", count, first);
    writer_stream(writer, number, STREAM_DEFLATE, entries, writer->heads.bytes, writer->heads.length);
    start_batch(writer);
}

void writer_object(Writer *writer, unsigned number, const char *text, size_t length)
{
    if (writer->has_failed) return;
    if (!writer->has_object_streams) {
        char head[32];
        add_to_hash(writer, text, length);
        place(writer, number, (Place){.at = file_written(writer->file)});
        snprintf(head, sizeof head, "%u 0 obj\n", number);
        put_text(writer, head);
        put(writer, text, length);
        put_text(writer, "\nendobj\n");
        return;
    }
    strbuf_addf(&writer->heads, "%u %zu ", number, writer->bodies.length);
    strbuf_add_bytes(&writer->bodies, text, length);
    strbuf_add_char(&writer->bodies, '\n');
    if (++writer->batch_count == OBJECTS_PER_STREAM || writer->bodies.length > BATCH_BYTES) end_batch(writer);
}

void writer_add_name(StrBuf *out, const char *name)
{
    strbuf_add_char(out, '/');
    for (const char *c = name; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte <= 0x20 || byte >= 0x7F || strchr("#/()<>[]{}%", *c)) strbuf_addf(out, "#%02X", (unsigned)byte);
        else strbuf_add_char(out, *c);
    }
}

void writer_fail(Writer *writer) { writer->has_failed = true; }

const char *writer_hash(const Writer *writer) { return writer->hash; }

/* ---- cross-references ---- */

static void write_table(Writer *writer, const char *trailer)
{
    uint64_t start = file_written(writer->file);
    char line[64];
    snprintf(line, sizeof line, "xref\n0 %u\n0000000000 65535 f \n", writer->count);
    put_text(writer, line);
    for (unsigned i = 1; i < writer->count; i++) {
        snprintf(line, sizeof line, "%010llu 00000 n \n", (unsigned long long)writer->places[i].at);
        put_text(writer, line);
    }
    snprintf(line, sizeof line, "trailer\n<</Size %u", writer->count);
    put_text(writer, line);
    put_text(writer, trailer);
    snprintf(line, sizeof line, ">>\nstartxref\n%llu\n%%%%EOF\n", (unsigned long long)start);
    put_text(writer, line);
}

#define ROW_BYTES 9               /* type 1, place 6 (offset, or number of the object stream), index 2 */

static void write_stream_table(Writer *writer, const char *trailer)
{
    unsigned number = writer_reserve(writer);
    if (!number) return;
    uint64_t start = file_written(writer->file);
    place(writer, number, (Place){.at = start});
    uint8_t *rows = arena_alloc_array(writer->batch_arena, writer->count, ROW_BYTES);
    for (unsigned i = 0; i < writer->count; i++) {
        const Place *where = &writer->places[i];
        uint8_t *row = rows + (size_t)i * ROW_BYTES;
        uint64_t field = where->stream ? where->stream : where->at;
        row[0] = i == 0 ? 0 : where->stream ? 2 : 1;
        for (int byte = 0; byte < 6; byte++) row[1 + byte] = (uint8_t)(field >> (40 - 8 * byte));
        if (where->stream) row[7] = (uint8_t)(where->at >> 8), row[8] = (uint8_t)where->at;
        if (i == 0) row[7] = row[8] = 255;
    }
    char *entries = arena_printf(writer->batch_arena, "/Type/XRef/Size %u/W[1 6 2]%s", writer->count, trailer);
    writer_stream(writer, number, STREAM_DEFLATE, entries, rows, (size_t)writer->count * ROW_BYTES);
    char line[64];
    snprintf(line, sizeof line, "startxref\n%llu\n%%%%EOF\n", (unsigned long long)start);
    put_text(writer, line);
}

bool writer_finish(Writer *writer, const char *trailer)
{
    if (writer->has_failed) return false;
    end_batch(writer);
    if (writer->has_object_streams) write_stream_table(writer, trailer);
    else write_table(writer, trailer);
    return !writer->has_failed;
}

bool writer_check(const Writer *writer, DiagList *diags)
{
    if (!writer->has_failed) return true;
    if (file_report(writer->file, diags)) return false;
    return diag_system(diags, SPAN_NONE, "out-of-memory", "draw fewer pages at once", "there is not enough memory to write the press file");
}
