/* manifest.c -- the lines of a manifest, written and read back. What is read was written by us or is not ours: a line that
 * does not have just our form ends the file. */
#include "job/ledger.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/spill.h"
#include "base/utf8.h"

void ledger_write_entry(StrBuf *out, const LedgerEntry *entry)
{
    strbuf_add(out, "{\"name\":");
    strbuf_add_json(out, entry->name);
    strbuf_addf(out, ",\"unit\":%zu,\"rows\":", entry->unit);
    if (entry->rows) strbuf_add_json(out, entry->rows);
    else strbuf_add(out, "null");
    strbuf_addf(out, ",\"count\":%zu,\"inputs\":\"%s\",\"sha256\":\"%s\",\"bytes\":%llu}\n", entry->row_count, entry->inputs, entry->sha256,
                (unsigned long long)entry->bytes);
}

void ledger_write_end(StrBuf *out, size_t outputs, size_t left_out)
{
    strbuf_addf(out, "{\"state\":\"whole\",\"outputs\":%zu,\"left_out\":%zu}\n", outputs, left_out);
}

/* ---- reading: a flat object a line ---- */

static uint32_t hex4(const char *at)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef", *digit = at[i] ? strchr(digits, at[i] | 0x20) : NULL;
        if (!digit) return UINT32_MAX;
        value = value << 4 | (uint32_t)(digit - digits);
    }
    return value;
}

/* The string that starts behind the quote at `at`; unescaped it is never longer. */
static const char *read_string(Arena *arena, const char *at, const char **end)
{
    static const char escapes[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    size_t length = 0;
    for (; at[length] && at[length] != '"' && at[length] != '\n'; length++)
        if (at[length] == '\\' && at[length + 1] && at[length + 1] != '\n') length++;
    if (at[length] != '"') return NULL;
    const char *close = at + length;
    char *out = arena_alloc(arena, length + 1), *to = out;
    for (; at < close; at++) {
        if (*at != '\\') {
            *to++ = *at;
            continue;
        }
        at++;
        const char *escape = strchr(escapes, *at);
        uint32_t code = *at == 'u' ? hex4(at + 1) : UINT32_MAX;
        if (escape) *to++ = meant[escape - escapes];
        else if (code != UINT32_MAX) to += utf8_put(code, to), at += 4;
        else return NULL;
    }
    *end = close + 1;
    return out;
}

/* Behind `"key":` in the line, or NULL. Keys are ours and come in our order: searching past values is enough. */
static const char *find_value(const char *line, const char *key)
{
    size_t length = strlen(key);
    for (const char *at = line; *at && *at != '\n'; at++) {
        if (*at != '"') continue;
        if (strncmp(at + 1, key, length) == 0 && at[length + 1] == '"' && at[length + 2] == ':' && (at == line + 1 || at[-1] == ','))
            return at + length + 3;
        for (at++; *at && *at != '"' && *at != '\n'; at++)
            if (*at == '\\' && at[1] && at[1] != '\n') at++;
        if (*at != '"') return NULL;
    }
    return NULL;
}

const char *ledger_text(Arena *arena, const char *line, const char *key)
{
    const char *at = find_value(line, key), *end;
    return at && *at == '"' ? read_string(arena, at + 1, &end) : NULL;
}

bool ledger_count(const char *line, const char *key, uint64_t *out)
{
    const char *at = find_value(line, key);
    if (!at || *at < '0' || *at > '9') return false;
    *out = strtoull(at, NULL, 10);
    return true;
}

static bool read_hash(const char *line, const char *key, char out[HASH_HEX_ROOM])
{
    const char *at = find_value(line, key);
    if (!at || *at != '"' || strspn(at + 1, "0123456789abcdef") != HASH_HEX_ROOM - 1 || at[HASH_HEX_ROOM] != '"') return false;
    memcpy(out, at + 1, HASH_HEX_ROOM - 1);
    return true;
}

static bool read_entry(Arena *arena, const char *line, LedgerEntry *out)
{
    uint64_t unit, count;
    *out = (LedgerEntry){.name = ledger_text(arena, line, "name"), .rows = ledger_text(arena, line, "rows")};
    if (!out->name || !ledger_count(line, "unit", &unit) || !ledger_count(line, "count", &count) || !ledger_count(line, "bytes", &out->bytes)) return false;
    out->unit = (size_t)unit;
    out->row_count = (size_t)count;
    return read_hash(line, "inputs", out->inputs) && read_hash(line, "sha256", out->sha256);
}

LedgerFile ledger_read(Arena *arena, const char *path)
{
    LedgerFile file = {0};
    if (access(path, R_OK)) return file;
    DiagList unheard;                               /* a manifest that cannot be read is none */
    diag_list_init(&unheard, arena);
    Spill *spill = spill_new(arena);
    const Source *source = file_read_spilled(arena, spill, path, LIMIT_TABLE_BYTES, SPAN_NONE, &unheard);
    if (!source) return file;
    size_t lines = 0, cool_at = 0;
    for (size_t i = 0; i < source->length; i++) lines += source->text[i] == '\n';
    file.entries = SPILL_ARRAY(spill, LedgerEntry, lines + 1);
    const char *end;
    for (const char *line = source->text; (end = memchr(line, '\n', source->length - (size_t)(line - source->text))); line = end + 1) {
        if (file.is_whole) break;
        spill_walk(spill, (size_t)(line - source->text), &cool_at);
        uint64_t left_out;
        if (!file.head) file.head = arena_copy(arena, line, (size_t)(end - line) + 1);
        else if (end - line > 16 && strncmp(line, "{\"state\":\"whole\"", 16) == 0 && ledger_count(line, "left_out", &left_out))
            file.is_whole = true, file.left_out = (size_t)left_out;
        else if (read_entry(arena, line, &file.entries[file.entry_count])) file.entry_count++;
        else break;
    }
    spill_cool(spill);
    return file;
}

bool ledger_hash_file(const char *path, char hex[HASH_HEX_ROOM], uint64_t *bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat status;
    bool ok = fd >= 0 && !fstat(fd, &status) && S_ISREG(status.st_mode);
    Hash hash;
    hash_begin(&hash);
    *bytes = 0;
    uint8_t buffer[32768];
    ssize_t length = 0;
    while (ok && (length = read(fd, buffer, sizeof buffer)) > 0) {
        hash_add(&hash, buffer, (size_t)length);
        *bytes += (uint64_t)length;
    }
    if (fd >= 0) close(fd);
    hash_end(&hash, hex);
    return ok && length == 0;
}
