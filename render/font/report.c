/* report.c -- the `fonts` command: what the catalogue holds, what of it is on this machine, and who has a character. */
#include "font/private.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/ucnv.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"

typedef enum FileState { FILE_OK, FILE_MISSING, FILE_CHANGED, FILE_BAD } FileState;
static const char *const state_words[] = {"ok", "missing", "changed", "bad"};

/* The whole file is hashed here and nowhere else. */
static FileState check_file(FontLibrary *library, FontFile *file)
{
    pthread_mutex_lock(&library->lock);
    bool is_found = fontfile_find(library, file), is_open = is_found && fontfile_open(library, file);
    pthread_mutex_unlock(&library->lock);
    if (!is_open)
        return !is_found ? FILE_MISSING : strcmp(file->problem->code, "font-changed") == 0 ? FILE_CHANGED : FILE_BAD;
    unsigned size;
    const char *bytes = hb_blob_get_data(file->blob, &size);
    char whole[HASH_HEX_ROOM];
    hash_sha256(bytes, size, whole);
    return file->pin && strcmp(file->pin->sha256, whole) == 0 ? FILE_OK : FILE_CHANGED;
}

/* An opened face of the family, or NULL when none is installed and whole. */
static FaceHandle *open_any(FontLibrary *library, FontFamily *family)
{
    FaceHandle *open = NULL;
    pthread_mutex_lock(&library->lock);
    for (size_t i = 0; i < family->face_count && !open; i++)
        if (fontfile_find(library, family->faces[i].file) && face_open(&family->faces[i]))
            open = &family->faces[i];
    pthread_mutex_unlock(&library->lock);
    return open;
}

static void pad(StrBuf *out, const char *text, int cells)
{
    size_t length = strlen(text), at = 0;
    strbuf_add(out, text);
    while (at < length)
        cells -= utf8_cells(utf8_next(text, length, &at));
    do
        strbuf_add_char(out, ' ');
    while (--cells > 0);
}

/* ---- the catalogue ---- */

typedef struct States { const FileState *of_files; const FontLibrary *library; } States;

static FileState state_of(States states, const FontFile *file)
{
    return states.of_files[file - states.library->files];
}

/* A face in several files is as good as its worst file. */
static FileState face_state(States states, const FaceHandle *face)
{
    FileState state = state_of(states, face->file);
    for (size_t i = 0; face->strike_files && i < face->face.strike_count; i++)
        if (state_of(states, face->strike_files[i]) > state)
            state = state_of(states, face->strike_files[i]);
    return state;
}

static void list_family(StrBuf *out, const FontFamily *family, States states)
{
    const FaceHandle *first = &family->faces[0];
    pad(out, family->name, 26);
    for (size_t i = 0; i < family->face_count; i++) {
        const FaceHandle *face = &family->faces[i];
        FileState state = face_state(states, face);
        strbuf_addf(out, "%s%d %s", i ? ", " : "", face->face.weight, face->face.style_name);
        if (state != FILE_OK)
            strbuf_addf(out, " (%s: %s)", state_words[state],
                        face->file->package[0] ? face->file->package : face->file->name);
    }
    if (first->face.strike_count) {
        strbuf_add(out, "; dots");
        for (size_t i = 0; i < first->face.strike_count; i++)
            strbuf_addf(out, " %d", first->face.strikes[i]);
        if (first->face.strikes_only)
            strbuf_add(out, " only");
    }
    strbuf_addf(out, "; %s\n", first->file->licence);
    if (family->name_count > 1) {
        pad(out, "", 26);
        strbuf_add(out, "also:");
        for (size_t i = 1; i < family->name_count; i++)
            strbuf_addf(out, "%s %s", i > 1 ? "," : "", family->names[i]);
        strbuf_add_char(out, '\n');
    }
}

static void list_advice(StrBuf *out, States states)
{
    const char *last = "";
    for (size_t i = 0; i < states.library->file_count; i++) {
        const FontFile *file = &states.library->files[i];
        if (states.of_files[i] == FILE_MISSING && strcmp(file->package, last) != 0) {
            last = file->package;
            strbuf_addf(out, "missing: apt-get install %s\n", last);
        }
        if (states.of_files[i] == FILE_CHANGED)
            strbuf_addf(out, "changed: %s is not a version the catalogue pins: apt-get install --reinstall %s\n",
                        file->path, file->package);
        if (states.of_files[i] == FILE_BAD)
            strbuf_addf(out, "bad: %s\n", file->problem->message);
    }
}

static void list_family_json(StrBuf *out, const FontFamily *family, States states)
{
    strbuf_add(out, "{\"name\":");
    strbuf_add_json(out, family->name);
    strbuf_add(out, ",\"aliases\":[");
    for (size_t i = 1; i < family->name_count; i++) {
        strbuf_add(out, i > 1 ? "," : "");
        strbuf_add_json(out, family->names[i]);
    }
    strbuf_add(out, "],\"faces\":[");
    for (size_t i = 0; i < family->face_count; i++) {
        const FaceHandle *face = &family->faces[i];
        strbuf_addf(out, "%s{\"weight\":%d,\"style\":", i ? "," : "", face->face.weight);
        strbuf_add_json(out, face->face.style_name);
        strbuf_add(out, ",\"file\":");
        strbuf_add_json(out, face->file->path ? face->file->path : face->file->name);
        strbuf_addf(out, ",\"index\":%d,\"state\":\"%s\",\"package\":", face->face.index,
                    state_words[face_state(states, face)]);
        strbuf_add_json(out, face->file->package);
        strbuf_add(out, ",\"licence\":");
        strbuf_add_json(out, face->file->licence);
        strbuf_add(out, ",\"strikes\":[");
        for (size_t s = 0; s < face->face.strike_count; s++)
            strbuf_addf(out, "%s%d", s ? "," : "", face->face.strikes[s]);
        strbuf_addf(out, "],\"strikesOnly\":%s}", face->face.strikes_only ? "true" : "false");
    }
    strbuf_add(out, "]}");
}

static void report_catalogue(FontLibrary *library, bool json, StrBuf *out)
{
    FileState *of_files = ARENA_ARRAY(out->arena, FileState, library->file_count + 1);
    for (size_t i = 0; i < library->file_count; i++)
        of_files[i] = check_file(library, &library->files[i]);
    States states = {of_files, library};
    for (size_t f = 0; f < library->family_count; f++)
        if (json) {
            strbuf_add(out, f ? "," : "\"families\":[");
            list_family_json(out, &library->families[f], states);
        } else {
            list_family(out, &library->families[f], states);
        }
    if (json)
        strbuf_add_char(out, ']');
    else
        list_advice(out, states);
}

/* ---- --has ---- */

/* "No installed font" is half an answer when a family that is not installed could not be asked. */
static void list_unasked(FontLibrary *library, StrBuf *out)
{
    for (size_t f = 0; f < library->family_count; f++)
        if (!open_any(library, &library->families[f]))
            strbuf_addf(out, "not asked, because not installed: %s (%s)\n", library->families[f].name,
                        library->families[f].faces[0].file->package);
}

static bool report_has(FontLibrary *library, const char *characters, bool json, StrBuf *out, DiagList *diags)
{
    size_t length = strlen(characters), at = 0, count = 0;
    if (length == 0 || !utf8_is_valid(characters, length, NULL))
        return diag_error(diags, SPAN_NONE, "bad-option", "write the characters themselves: --has 字",
                          "--has needs characters");
    const char **names = ARENA_ARRAY(out->arena, const char *, library->family_count);
    if (json)
        strbuf_add(out, "\"has\":[");
    while (at < length) {
        size_t from = at;
        uint32_t code = utf8_next(characters, length, &at);
        char *text = arena_copy(out->arena, characters + from, at - from);
        size_t found = font_families_with(library, code, names, library->family_count);
        if (json) {
            strbuf_addf(out, "%s{\"character\":", count++ ? "," : "");
            strbuf_add_json(out, text);
            strbuf_addf(out, ",\"code\":\"U+%04X\",\"families\":[", (unsigned)code);
            for (size_t i = 0; i < found; i++) {
                strbuf_add(out, i ? "," : "");
                strbuf_add_json(out, names[i]);
            }
            strbuf_add(out, "]}");
            continue;
        }
        pad(out, code < 0x20 || code == 0x7f ? "?" : text, 4);
        strbuf_addf(out, "U+%04X  ", (unsigned)code);
        for (size_t i = 0; i < found; i++)
            strbuf_addf(out, "%s%s", i ? ", " : "", names[i]);
        strbuf_add(out, found ? "\n" : "no installed font of the catalogue\n");
    }
    if (json)
        strbuf_add_char(out, ']');
    else
        list_unasked(library, out);
    return true;
}

/* ---- --coverage ---- */

typedef struct CharSet { const char *name; uint32_t *codes; size_t count; } CharSet;

/* GB/T 2312-1980, the 6763 Han of rows 16 to 87, as ICU's converter knows them. */
static bool read_gb2312(CharSet *set, DiagList *diags)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open("GB2312", &status);
    if (U_FAILURE(status))
        return diag_system(diags, SPAN_NONE, "no-converter", "reinstall libicu72", "ICU has no converter for GB2312");
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    for (int row = 16; row <= 87; row++)
        for (int cell = 1; cell <= 94; cell++) {
            const char bytes[2] = {(char)(0xa0 + row), (char)(0xa0 + cell)};
            UChar wide[4];
            status = U_ZERO_ERROR;
            ucnv_reset(converter);
            if (ucnv_toUChars(converter, wide, 4, bytes, 2, &status) == 1 && U_SUCCESS(status) &&
                wide[0] >= 0x4e00 && wide[0] <= 0x9fff)       /* not the five empty cells, which ICU sends to private use */
                set->codes[set->count++] = wide[0];
        }
    ucnv_close(converter);
    return true;
}

/* One hexadecimal code point a line; # starts a comment. */
static bool read_hex(FontLibrary *library, Arena *arena, const char *name, size_t room, CharSet *set, DiagList *diags)
{
    const char *path = arena_printf(arena, "%s%s.hex", library->charsets, name);
    const Source *source = file_read(arena, path, LIMIT_LAYOUT_BYTES, SPAN_NONE, diags);
    if (!source)
        return false;
    for (const char *line = source->text; *line && set->count < room; line += strcspn(line, "\n"), line += *line == '\n') {
        char *end;
        unsigned long code = *line == '#' ? 0 : strtoul(line, &end, 16);
        if (code > 0 && code <= 0x10ffff)
            set->codes[set->count++] = (uint32_t)code;
    }
    return true;
}

#define MOST_NAMED 24

static void report_set(FontLibrary *library, const CharSet *set, bool json, StrBuf *out)
{
    bool is_first = true;
    if (json)
        strbuf_addf(out, "\"coverage\":{\"set\":\"%s\",\"count\":%zu,\"families\":[", set->name, set->count);
    else
        strbuf_addf(out, "%s: %zu characters\n", set->name, set->count);
    for (size_t f = 0; f < library->family_count; f++) {
        FaceHandle *face = open_any(library, &library->families[f]);
        if (!face)
            continue;
        size_t missing = 0;
        StrBuf some;
        strbuf_init(&some, out->arena);
        for (size_t i = 0; i < set->count; i++)
            if (!font_has(&face->face, set->codes[i]) && ++missing <= MOST_NAMED)
                strbuf_add_codepoint(&some, set->codes[i]);
        if (json) {
            strbuf_add(out, is_first ? "{\"name\":" : ",{\"name\":");
            strbuf_add_json(out, library->families[f].name);
            strbuf_addf(out, ",\"missing\":%zu}", missing);
            is_first = false;
            continue;
        }
        pad(out, library->families[f].name, 26);
        if (missing)
            strbuf_addf(out, "lacks %zu: %s%s\n", missing, some.bytes, missing > MOST_NAMED ? "…" : "");
        else
            strbuf_add(out, "has all\n");
    }
    if (json)
        strbuf_add(out, "]}");
}

static bool report_coverage(FontLibrary *library, const char *name, bool json, StrBuf *out, DiagList *diags)
{
    const size_t room = 10000;
    CharSet set = {name, ARENA_ARRAY(out->arena, uint32_t, room), 0};
    bool ok;
    if (strcmp(name, "gb2312") == 0)
        ok = read_gb2312(&set, diags);
    else if (strcmp(name, "8105") == 0)
        ok = read_hex(library, out->arena, name, room, &set, diags);
    else
        return diag_error(diags, SPAN_NONE, "bad-option", "gb2312 or 8105", "no character set \"%s\"", name);
    if (ok)
        report_set(library, &set, json, out);
    return ok;
}

bool font_report(FontLibrary *library, const FontReportOptions *options, StrBuf *out, DiagList *diags)
{
    bool ok = true;
    if (options->json)
        strbuf_add_char(out, '{');
    if (options->has)
        ok = report_has(library, options->has, options->json, out, diags);
    if (options->has && options->coverage)
        strbuf_add(out, options->json ? "," : "\n");
    if (options->coverage)
        ok = report_coverage(library, options->coverage, options->json, out, diags) && ok;
    if (!options->has && !options->coverage)
        report_catalogue(library, options->json, out);
    if (options->json)
        strbuf_add(out, "}\n");
    return ok;
}
