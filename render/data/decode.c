/* decode.c -- a table's bytes become UTF-8 text: by its mark (BOM), as the layout says, or by what they can only be.
 *
 * `auto` is: a mark; NULs where UTF-16 has them; strict UTF-8; GB18030 when every byte of it decodes. Excel in Chinese saves
 * "CSV" in GBK, a part of GB18030. Text of one is practically never right in the other, so the guess is safe; it is said. */
#include <stdio.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "data/table.h"

#define PIECE 4096                /* UTF-16 units decoded at a time */
#define PATTERN_BYTES 4096        /* looked at for NULs */

typedef enum Mark { MARK_NONE, MARK_UTF8, MARK_UTF16LE, MARK_UTF16BE, MARK_UTF32, MARK_GB18030 } Mark;

static const struct { const char *bytes; size_t length; Mark mark; } marks[] = {
    {"\xff\xfe\0\0", 4, MARK_UTF32}, {"\0\0\xfe\xff", 4, MARK_UTF32},      {"\xef\xbb\xbf", 3, MARK_UTF8},
    {"\xff\xfe", 2, MARK_UTF16LE},   {"\xfe\xff", 2, MARK_UTF16BE}, {"\x84\x31\x95\x33", 4, MARK_GB18030},
};

static Mark mark_of(const Source *source, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (source->length < marks[i].length || memcmp(source->text, marks[i].bytes, marks[i].length)) continue;
        *length = marks[i].length;
        return marks[i].mark;
    }
    return MARK_NONE;
}

/* In UTF-16 every delimiter and line end has a NUL on the same side; few characters (一 is 4E 00) have one on the other. */
static Mark nul_pattern(const Source *source)
{
    size_t end = source->length < PATTERN_BYTES ? source->length : PATTERN_BYTES, nuls[2] = {0, 0};
    for (size_t i = 0; i < end; i++) nuls[i & 1] += source->text[i] == '\0';
    bool is_little = nuls[1] > nuls[0];
    if (source->length % 2 || nuls[is_little] < 2 || nuls[is_little] <= 3 * nuls[!is_little]) return MARK_NONE;
    return is_little ? MARK_UTF16LE : MARK_UTF16BE;
}

/* In blocks, each cut before a character: the first NUL of all before the first byte that is not UTF-8. */
TextCheck decode_check(const Spill *spill, const Source *source, size_t *bad)
{
    const char *nul = NULL;
    size_t wrong = SIZE_MAX;
    for (size_t at = 0, end; at < source->length && !nul; at = end) {
        end = source->length - at > SPILL_STEP ? at + SPILL_STEP : source->length;
        while (end < source->length && end > at + SPILL_STEP - 4 && ((unsigned char)source->text[end] & 0xc0) == 0x80) end--;
        nul = memchr(source->text + at, '\0', end - at);
        size_t in_block;
        if (wrong == SIZE_MAX && !utf8_is_valid(source->text + at, end - at, &in_block)) wrong = at + in_block;
        spill_cool(spill);
    }
    *bad = nul ? (size_t)(nul - source->text) : wrong;
    return nul ? TEXT_NUL : wrong != SIZE_MAX ? TEXT_NOT_UTF8 : TEXT_UTF8;
}

static bool fail(DiagList *diags, const Source *source, size_t at, const char *hint, const char *message)
{
    Diag diag = {.severity = SEVERITY_ERROR, .code = "csv-encoding", .message = message, .hint = hint, .data = {.file = source->path, .line = at}};
    diag_add(diags, &diag);
    return false;
}

/* What stopped a converter. */
typedef struct Stop { size_t at, line; char bytes[32]; bool no_converter; } Stop;

static void note_stop(UConverter *converter, const char *text, size_t done, bool is_wide, Stop *stop)
{
    char bad[16];
    int8_t count = sizeof bad;
    UErrorCode status = U_ZERO_ERROR;
    ucnv_getInvalidChars(converter, bad, &count, &status);
    if (U_FAILURE(status)) count = 0;
    size_t end = done - (size_t)count;
    stop->at = end;
    stop->line = 1;
    for (size_t i = 0; i < end; i++) stop->line += text[i] == '\n' && (!is_wide || (i + 1 < end && !text[i + 1]) || (i && !text[i - 1]));
    size_t at = 0;
    for (int i = 0; i < count && at + 4 < sizeof stop->bytes; i++)
        at += (size_t)snprintf(stop->bytes + at, sizeof stop->bytes - at, "%s%02X", i ? " " : "", (unsigned char)bad[i]);
}

/* All of `text` as UTF-8; NULL when a byte has no meaning (`*stop` says where). Characters for private use have none. */
static const char *convert(Arena *arena, Spill *spill, const char *name, const char *text, size_t length, size_t *out_length, Stop *stop)
{
    UErrorCode status = U_ZERO_ERROR;
    void **place = arena_own(arena, (void (*)(void *))ucnv_close);
    UConverter *converter = *place = ucnv_open(name, &status);
    *stop = (Stop){.line = 1, .no_converter = U_FAILURE(status)};
    if (U_FAILURE(status)) return NULL;
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    /* Two bytes never make more than three. */
    char *out = spill_array(spill, length + length / 2 + 8, 1);
    size_t at = 0, cool_at = 0;
    const char *from = text, *end = text + length;
    UChar lead = 0;               /* of a pair that the buffer's end cut */
    bool more = true;
    while (more) {
        UChar units[PIECE], *to = units;
        const char *before = from;
        spill_walk(spill, at, &cool_at);
        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &to, units + PIECE, &from, end, NULL, true, &status);
        more = status == U_BUFFER_OVERFLOW_ERROR;
        if (U_FAILURE(status) && !more) {
            note_stop(converter, text, (size_t)(from - text), strncmp(name, "UTF-16", 6) == 0, stop);
            return NULL;
        }
        if (more && from == before && to == units) return NULL;
        for (const UChar *unit = units; unit < to; unit++) {
            bool is_lead = U16_IS_LEAD(*unit);
            if (!is_lead) at += utf8_put(lead ? (uint32_t)U16_GET_SUPPLEMENTARY(lead, *unit) : *unit, out + at);
            lead = is_lead ? *unit : 0;
        }
    }
    ucnv_close(converter);
    *place = NULL;
    out[at] = '\0';
    *out_length = at;
    return out;
}

static const Source *converted(Arena *arena, Spill *spill, const Source *raw, const char *name, size_t skip, Stop *stop)
{
    size_t length;
    const char *text = convert(arena, spill, name, raw->text + skip, raw->length - skip, &length, stop);
    if (!text) return NULL;
    Source *source = ARENA_NEW(arena, Source);
    *source = (Source){raw->path, text, length};
    return source;
}

static const Source *read_utf16(Arena *arena, Spill *spill, const Source *raw, Mark mark, size_t skip, DiagList *diags)
{
    Stop stop;
    const Source *source = converted(arena, spill, raw, mark == MARK_UTF16BE ? "UTF-16BE" : "UTF-16LE", skip, &stop);
    if (!source)
        fail(diags, raw, stop.line, "save the table as \"CSV UTF-8\"",
             arena_printf(arena, "%s:%zu is not UTF-16%s%s%s", raw->path, stop.line, *stop.bytes ? " (bytes " : "", stop.bytes, *stop.bytes ? ")" : ""));
    return source;
}

/* Nearly every byte of Big5 or Shift-JIS decodes as GB18030, into characters hardly anyone writes or that nobody has defined. Of
 * real text in simplified characters nine in ten are in level 1 of GB 2312 (rows 16 to 55); of traditional ones it is still half. */
static bool makes_words(const Spill *spill, const Source *raw)
{
    size_t count = 0, common = 0, undefined = 0, cool_at = 0;
    for (size_t i = 0; i + 1 < raw->length; i++) {
        spill_walk(spill, i, &cool_at);
        unsigned lead = (unsigned char)raw->text[i], trail = (unsigned char)raw->text[i + 1];
        if (lead < 0x80) continue;
        i++;
        if (trail >= '0' && trail <= '9') {       /* four bytes */
            i += 2;
            continue;
        }
        bool is_high = trail >= 0xa1, is_symbol = lead >= 0xa1 && lead <= 0xa9;
        if (is_high ? (lead >= 0xaa && lead <= 0xaf) || lead >= 0xf8 : lead >= 0xa1 && lead <= 0xa7) undefined++;
        if (is_symbol && is_high) continue;
        count++;
        common += is_high && lead >= 0xb0 && lead <= 0xd7;
    }
    return !(undefined >= 2 && undefined * 50 >= count) && !(count >= 10 && common * 4 < count);
}

/* The first characters that are not ASCII, for a message. */
static const char *first_words(Arena *arena, const Source *source)
{
    size_t at = 0;
    while (at < source->length && (unsigned char)source->text[at] < 0x80) at++;
    size_t end = at;
    for (int i = 0; i < 12 && end < source->length && (unsigned char)source->text[end] >= 0x20; i++) utf8_next(source->text, source->length, &end);
    return table_shown(arena, arena_copy(arena, source->text + at, end - at));
}

static const Source *report_gb18030(Arena *arena, const Source *raw, const Stop *stop, const char *not_this, DiagList *diags)
{
    if (stop->no_converter) {
        diag_system(diags, SPAN_NONE, "no-converter", "reinstall libicu72", "the ICU library cannot read GB18030");
        return NULL;
    }
    fail(diags, raw, stop->line, "save the table as \"CSV UTF-8\"",
         arena_printf(arena, "%s:%zu is %s GB18030 (bytes %s)", raw->path, stop->line, not_this, *stop->bytes ? stop->bytes : "cut off"));
    return NULL;
}

static const Source *read_gb18030(Arena *arena, Spill *spill, const Source *raw, size_t skip, DiagList *diags)
{
    Stop stop;
    const Source *source = converted(arena, spill, raw, "gb18030", skip, &stop);
    return source ? source : report_gb18030(arena, raw, &stop, "not", diags);
}

static const Source *read_auto(Arena *arena, Spill *spill, const Source *raw, const char **guess, DiagList *diags)
{
    size_t skip;
    Mark mark = mark_of(raw, &skip);
    switch (mark) {
    case MARK_UTF32: fail(diags, raw, 1, "save the table as \"CSV UTF-8\"", arena_printf(arena, "%s is UTF-32, which is not read", raw->path)); return NULL;
    case MARK_UTF16LE:
    case MARK_UTF16BE: return read_utf16(arena, spill, raw, mark, skip, diags);
    case MARK_GB18030: return read_gb18030(arena, spill, raw, skip, diags);
    case MARK_UTF8: return raw;
    case MARK_NONE: break;
    }
    mark = nul_pattern(raw);
    if (mark != MARK_NONE) {
        *guess = "UTF-16 (no mark, but NULs where it has them";
        return read_utf16(arena, spill, raw, mark, 0, diags);
    }
    size_t bad;
    if (decode_check(spill, raw, &bad) != TEXT_NOT_UTF8) return raw;
    *guess = "GB18030 (not valid UTF-8";
    Stop stop;
    const Source *source = converted(arena, spill, raw, "gb18030", 0, &stop);
    if (source && makes_words(spill, raw)) return source;
    if (source) {
        fail(diags, raw, 1, "it may be Big5 or Shift-JIS: save the table as \"CSV UTF-8\" (encoding: gb18030 reads it all the same)",
             arena_printf(arena, "%s is not UTF-8, and as GB18030 it makes no words: \"%s\"", raw->path, first_words(arena, source)));
        return NULL;
    }
    if (!stop.no_converter && bad > stop.at) {      /* what it is for longer, it is */
        size_t line = 1;
        for (size_t i = 0; i < bad; i++) line += raw->text[i] == '\n';
        fail(diags, raw, line, "save the table as \"CSV UTF-8\"",
             arena_printf(arena, "%s:%zu is not UTF-8 (byte %02X), and the file is not GB18030 either", raw->path, line, (unsigned char)raw->text[bad]));
        return NULL;
    }
    return report_gb18030(arena, raw, &stop, "neither UTF-8 nor", diags);
}

static bool has_non_ascii(const Spill *spill, const Source *source)
{
    size_t cool_at = 0;
    for (size_t i = 0; i < source->length; i++) {
        spill_walk(spill, i, &cool_at);
        if ((unsigned char)source->text[i] >= 0x80) return true;
    }
    return false;
}

const Source *decode_text(Arena *arena, Spill *spill, const Source *raw, Encoding encoding, const char **guess, DiagList *diags)
{
    *guess = NULL;
    size_t skip;
    Mark mark = mark_of(raw, &skip);
    switch (encoding) {
    case ENCODING_AUTO: return read_auto(arena, spill, raw, guess, diags);
    case ENCODING_UTF8: return raw;
    case ENCODING_UTF16:
        if (mark == MARK_NONE) mark = nul_pattern(raw);
        return read_utf16(arena, spill, raw, mark, skip && (mark == MARK_UTF16LE || mark == MARK_UTF16BE) ? skip : 0, diags);
    case ENCODING_GB18030:
        if (mark == MARK_UTF8 || mark == MARK_UTF16LE || mark == MARK_UTF16BE) {
            fail(diags, raw, 1, "encoding: auto", arena_printf(arena, "%s begins with the mark of %s, but encoding is gb18030", raw->path,
                                                               mark == MARK_UTF8 ? "UTF-8" : "UTF-16"));
            return NULL;
        }
        if (has_non_ascii(spill, raw) && decode_check(spill, raw, &(size_t){0}) == TEXT_UTF8)
            diag_warning(diags, SPAN_NONE, "csv-encoding", "encoding: auto", "%s is valid UTF-8, but is read as GB18030 as the layout says", raw->path);
        return read_gb18030(arena, spill, raw, mark == MARK_GB18030 ? skip : 0, diags);
    }
    return raw;
}
