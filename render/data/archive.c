/* archive.c -- the ZIP file round a workbook: libzip, opened only when a workbook is read (its libcrypto alone would double the
 * start-up time), and expat over the inflated pieces. Every size is held against limits: a small file may claim a large one. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/limits.h"
#include "data/workbook.h"

#define PIECE ((size_t)64 << 10)
#define DEPTH_MAX 64
#define RATIO_FROM ((uint64_t)16 << 20)   /* below this no ratio is a bomb */

static struct Zip {
    __typeof__(zip_source_buffer_create) *source_buffer_create;
    __typeof__(zip_open_from_source) *open_from_source;
    __typeof__(zip_source_free) *source_free;
    __typeof__(zip_discard) *discard;
    __typeof__(zip_get_num_entries) *get_num_entries;
    __typeof__(zip_stat) *stat;
    __typeof__(zip_name_locate) *name_locate;
    __typeof__(zip_fopen_index) *fopen_index;
    __typeof__(zip_fread) *fread;
    __typeof__(zip_fclose) *fclose;
} zip;
static bool has_zip;
static pthread_once_t zip_once = PTHREAD_ONCE_INIT;

static void open_zip(void)
{
    void *library = dlopen("libzip.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    const struct { void *place; const char *name; } symbols[] = {
        {&zip.source_buffer_create, "zip_source_buffer_create"}, {&zip.open_from_source, "zip_open_from_source"},
        {&zip.source_free, "zip_source_free"}, {&zip.discard, "zip_discard"}, {&zip.get_num_entries, "zip_get_num_entries"},
        {&zip.stat, "zip_stat"}, {&zip.name_locate, "zip_name_locate"}, {&zip.fopen_index, "zip_fopen_index"},
        {&zip.fread, "zip_fread"}, {&zip.fclose, "zip_fclose"},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (!symbol) return;
        *(void **)symbols[i].place = symbol;
    }
    has_zip = true;
}

struct Archive {
    const Source *source;
    Arena *arena;
    zip_t *zip;
};

static void release_zip(void *handle) { zip.discard(handle); }
static void release_part(void *handle) { zip.fclose(handle); }
static void release_parser(void *parser) { XML_ParserFree(parser); }

static bool fail(const Archive *archive, DiagList *diags, const char *code, const char *hint, const char *message)
{
    Diag diag = {.severity = SEVERITY_ERROR, .code = code, .hint = hint, .message = arena_printf(diags->arena, "%s %s", archive->source->path, message),
                 .data = {.file = archive->source->path}};
    diag_add(diags, &diag);
    return false;
}

Archive *archive_open(Arena *arena, const Source *source, DiagList *diags)
{
    Archive *archive = ARENA_NEW(arena, Archive);
    *archive = (Archive){.source = source, .arena = arena};
    pthread_once(&zip_once, open_zip);
    if (!has_zip) {
        diag_system(diags, SPAN_NONE, "no-libzip", "install the package libzip4, or save the table as \"CSV UTF-8\"",
                    "%s is a workbook and libzip.so.4 is not there to open it", source->path);
        return NULL;
    }
    void **place = arena_own(arena, release_zip);
    zip_error_t error;
    zip_source_t *bytes = zip.source_buffer_create(source->text, source->length, 0, &error);
    if (bytes) archive->zip = *place = zip.open_from_source(bytes, ZIP_RDONLY, &error);
    if (!archive->zip) {
        if (bytes) zip.source_free(bytes);
        fail(archive, diags, "bad-workbook", "open it in Excel or LibreOffice and save it again", "is cut off or no ZIP file");
        return NULL;
    }
    if (zip.get_num_entries(archive->zip, 0) > LIMIT_WORKBOOK_PARTS) {
        fail(archive, diags, "workbook-too-large", NULL, arena_printf(arena, "has over %d parts", LIMIT_WORKBOOK_PARTS));
        return NULL;
    }
    return archive;
}

bool archive_has(Archive *archive, const char *name)
{
    return zip.name_locate(archive->zip, name, ZIP_FL_NOCASE) >= 0;
}

/* ---- XML ---- */

typedef struct Parse { PartReader *reader; XML_Parser parser; int depth; bool has_doctype, too_deep; } Parse;

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void on_start(void *context, const char *name, const char **attributes)
{
    Parse *parse = context;
    if (++parse->depth > DEPTH_MAX) {
        parse->too_deep = true;
        XML_StopParser(parse->parser, XML_FALSE);
        return;
    }
    parse->reader->start(parse->reader->context, local_name(name), attributes);
    if (parse->reader->stop) XML_StopParser(parse->parser, XML_FALSE);
}

static void on_end(void *context, const char *name)
{
    Parse *parse = context;
    parse->depth--;
    if (parse->reader->end) parse->reader->end(parse->reader->context, local_name(name));
    if (parse->reader->stop) XML_StopParser(parse->parser, XML_FALSE);
}

static void on_text(void *context, const char *text, int length)
{
    Parse *parse = context;
    if (parse->reader->text) parse->reader->text(parse->reader->context, text, length);
}

/* No part of a workbook has one; with it would come entities, of which a few lines make gigabytes. */
static void on_doctype(void *context, const char *name, const char *system, const char *public, int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    Parse *parse = context;
    parse->has_doctype = true;
    XML_StopParser(parse->parser, XML_FALSE);
}

const char *part_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (!strcmp(local_name(attributes[0]), name)) return attributes[1];
    return NULL;
}

static bool check_size(const Archive *archive, const char *name, const zip_stat_t *about, DiagList *diags)
{
    if ((about->valid & ZIP_STAT_ENCRYPTION_METHOD) && about->encryption_method != ZIP_EM_NONE)
        return fail(archive, diags, "workbook-kind", "save it without a password", "is encrypted");
    if (about->size > LIMIT_WORKBOOK_PART_BYTES)
        return fail(archive, diags, "workbook-too-large", "cut the table into several files",
                    arena_printf(archive->arena, "has a part of %llu MB (%s); at most %zu MB are read", (unsigned long long)(about->size >> 20), name,
                                 LIMIT_WORKBOOK_PART_BYTES >> 20));
    if (about->size > RATIO_FROM && about->size / LIMIT_WORKBOOK_RATIO > about->comp_size)
        return fail(archive, diags, "workbook-too-large", "it is made to fill the memory, not to be read",
                    arena_printf(archive->arena, "is a bomb: %s grows from %llu to %llu bytes", name, (unsigned long long)about->comp_size,
                                 (unsigned long long)about->size));
    return true;
}

static bool bad_xml(const Archive *archive, const char *name, const Parse *parse, DiagList *diags)
{
    if (parse->has_doctype)
        return fail(archive, diags, "bad-workbook", "open it in Excel or LibreOffice and save it again",
                    arena_printf(archive->arena, "declares XML entities in %s, which no workbook needs: refused", name));
    if (parse->too_deep) return fail(archive, diags, "bad-workbook", NULL, arena_printf(archive->arena, "is nested too deep in %s", name));
    return fail(archive, diags, "bad-workbook", "open it in Excel or LibreOffice and save it again",
                arena_printf(archive->arena, "is broken: %s is no XML at line %lu", name, (unsigned long)XML_GetCurrentLineNumber(parse->parser)));
}

static bool parse_pieces(const Archive *archive, const char *name, Parse *parse, zip_file_t *part, uint64_t size, DiagList *diags)
{
    uint64_t total = 0;
    for (;;) {
        void *piece = XML_GetBuffer(parse->parser, (int)PIECE);
        if (!piece) return fail(archive, diags, "out-of-memory", NULL, "needs more memory than there is");
        zip_int64_t count = zip.fread(part, piece, PIECE);
        if (count < 0) return fail(archive, diags, "bad-workbook", "open it in Excel or LibreOffice and save it again", arena_printf(archive->arena, "is broken: %s cannot be unpacked", name));
        total += (uint64_t)count;
        if (total > size)
            return fail(archive, diags, "workbook-too-large", NULL, arena_printf(archive->arena, "lies about the size of %s", name));
        if (XML_ParseBuffer(parse->parser, (int)count, count == 0) == XML_STATUS_ERROR)
            return parse->reader->stop ? true : bad_xml(archive, name, parse, diags);
        if (!count) return true;
    }
}

bool archive_parse(Archive *archive, const char *name, PartReader *reader, DiagList *diags)
{
    zip_stat_t about;
    zip_int64_t index = zip.name_locate(archive->zip, name, ZIP_FL_NOCASE);
    if (index < 0 || zip.stat(archive->zip, name, ZIP_FL_NOCASE, &about) || !(about.valid & ZIP_STAT_SIZE))
        return fail(archive, diags, "bad-workbook", "open it in Excel or LibreOffice and save it again", arena_printf(archive->arena, "is broken: it has no part \"%s\"", name));
    if (!check_size(archive, name, &about, diags)) return false;
    void **part_place = arena_own(archive->arena, release_part), **parser_place = arena_own(archive->arena, release_parser);
    zip_file_t *part = *part_place = zip.fopen_index(archive->zip, (zip_uint64_t)index, 0);
    if (!part) return fail(archive, diags, "bad-workbook", "open it in Excel or LibreOffice and save it again", arena_printf(archive->arena, "is broken: %s cannot be unpacked", name));
    Parse parse = {.reader = reader, .parser = XML_ParserCreate(NULL)};
    *parser_place = parse.parser;
    if (!parse.parser) return fail(archive, diags, "out-of-memory", NULL, "needs more memory than there is");
    XML_SetUserData(parse.parser, &parse);
    XML_SetElementHandler(parse.parser, on_start, on_end);
    XML_SetCharacterDataHandler(parse.parser, on_text);
    XML_SetStartDoctypeDeclHandler(parse.parser, on_doctype);
    bool ok = parse_pieces(archive, name, &parse, part, about.size, diags);
    XML_ParserFree(parse.parser);
    zip.fclose(part);
    *parser_place = *part_place = NULL;
    return ok;
}

/* ---- pools ---- */

void pool_init(Pool *pool, Arena *arena)
{
    *pool = (Pool){.place = arena_own(arena, free)};
}

void pool_init_spilled(Pool *pool, Arena *arena, Spill *spill)
{
    *pool = (Pool){.place = ARENA_NEW(arena, void *), .spill = spill};
}

static void *grow(Pool *pool, size_t capacity)
{
    return pool->spill ? spill_resize(pool->spill, *pool->place, pool->length, capacity) : realloc(*pool->place, capacity);
}

void *pool_add(Pool *pool, const void *bytes, size_t length)
{
    if (pool->failed) return NULL;
    if (pool->capacity - pool->length < length) {
        size_t capacity = pool->capacity ? pool->capacity * 2 : 4096;
        while (capacity - pool->length < length && capacity < LIMIT_TABLE_BYTES) capacity *= 2;
        void *grown = capacity - pool->length < length || capacity > 2 * LIMIT_TABLE_BYTES ? NULL : grow(pool, capacity);
        if (!grown) {
            pool->failed = true;
            return NULL;
        }
        *pool->place = grown;
        pool->capacity = capacity;
    }
    char *at = (char *)*pool->place + pool->length;
    if (bytes) memcpy(at, bytes, length);
    else memset(at, 0, length);
    pool->length += length;
    return at;
}
