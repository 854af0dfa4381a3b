/* filenames.c -- is a name that data has a part in one that every system can hold, and that stays in its folder?
 *
 * What the layout itself writes is its author's business: only path components with a field in them are looked at. The rules
 * are those of the strictest system the results will be copied to. */
#include "job/run.h"

#include <string.h>
#include <strings.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/utf8.h"

#define COMPONENT_BYTES 255       /* ext4, APFS, NTFS (there UTF-16 units, of which UTF-8 needs as many bytes at least) */

/* Devices of Windows, whatever ending follows. */
static const char *const reserved[] = {
    "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$", "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
    "COM¹", "COM²", "COM³", "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
};

/* Ranges that turn the direction of what follows, or cannot be seen: two names would look alike. */
static const struct { uint32_t first, last; } unseen[] = {
    {0x00, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad}, {0x61c, 0x61c}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff},
    {0xfff9, 0xfffd}, {0xe000, 0xf8ff}, {0xe0000, 0xe0fff},
};

static const char *sign_problem(const char *value, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t c = utf8_next(value, length, &at);
        if (c < 0x80 && c && strchr("/\\:*?\"<>|", (int)c)) return "has a sign that file names cannot have";
        for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
            if (c >= unseen[i].first && c <= unseen[i].last) return "has a character that cannot be seen";
    }
    return NULL;
}

static bool is_reserved(const char *name, size_t length)
{
    size_t stem = 0;
    while (stem < length && name[stem] != '.') stem++;
    while (stem && name[stem - 1] == ' ') stem--;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strlen(reserved[i]) == stem && !strncasecmp(name, reserved[i], stem)) return true;
    return false;
}

static const char *component_problem(const char *name, size_t length)
{
    if (!length) return "is empty";
    if (*name == '.') return "begins with a dot";
    if (*name == '-') return "begins with a dash, which commands take for an option";
    if (*name == ' ' || *name == '~') return "begins with a sign that shells take for something else";
    if (name[length - 1] == '.' || name[length - 1] == ' ') return "ends in a dot or a space, which Windows drops";
    if (length > COMPONENT_BYTES) return "is over 255 bytes long";
    return is_reserved(name, length) ? "is the name of a device on Windows" : NULL;
}

const char *filename_problem(const Template *template, const FilledText *name, size_t *start, size_t *end)
{
    const char *text = name->text;
    for (size_t i = 0; i < name->span_count; i++) {
        const FilledSpan *span = &name->spans[i];
        *start = span->start;
        *end = span->end;
        const char *problem = span->column ? sign_problem(text + span->start, span->end - span->start) : NULL;
        if (problem) return problem;
    }
    for (size_t from = 0; from <= name->length;) {
        const char *slash = memchr(text + from, '/', name->length - from);
        size_t to = slash ? (size_t)(slash - text) : name->length;
        bool has_field = false;
        for (size_t i = 0; i < name->span_count; i++)
            has_field |= name->spans[i].column && name->spans[i].start < to && name->spans[i].end > from;
        *start = from;
        *end = to;
        const char *problem = has_field ? component_problem(text + from, to - from) : NULL;
        if (problem) return problem;
        from = to + 1;
    }
    *start = 0;
    *end = name->length;
    /* An empty field before the first slash would make "/x.pdf" of "{{folder}}/x.pdf". */
    const char *first = template->segment_count ? template->segments[0].literal : NULL;
    return *text == '/' && !(first && *first == '/') ? "begins at the root" : NULL;
}

const char *filename_folded(Arena *arena, const char *name)
{
    bool is_plain = true;
    for (const char *at = name; *at; at++) is_plain &= (unsigned char)*at < 0x80 && !(*at >= 'A' && *at <= 'Z');
    if (is_plain) return name;
    /* Windows and macOS do not tell case apart, macOS not é from e with an accent either. */
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *canonical = unorm2_getNFDInstance(&status);
    int32_t length = (int32_t)strlen(name), wide_length = 0;
    UChar *wide = ARENA_ARRAY(arena, UChar, (size_t)length + 1);
    u_strFromUTF8WithSub(wide, length + 1, &wide_length, name, length, 0xfffd, NULL, &status);
    int32_t folded_room = wide_length * 3 + 1, room = folded_room * 4;      /* the most that folding and NFD make of a unit */
    UChar *folded = ARENA_ARRAY(arena, UChar, (size_t)folded_room), *decomposed = ARENA_ARRAY(arena, UChar, (size_t)room);
    int32_t folded_length = u_strFoldCase(folded, folded_room, wide, wide_length, U_FOLD_CASE_DEFAULT, &status);
    int32_t count = U_SUCCESS(status) ? unorm2_normalize(canonical, folded, folded_length, decomposed, room, &status) : 0;
    if (U_FAILURE(status)) return name;
    char *out = ARENA_ARRAY(arena, char, (size_t)count * 3 + 1);
    u_strToUTF8(out, count * 3 + 1, NULL, decomposed, count, &status);
    return U_SUCCESS(status) ? out : name;
}
