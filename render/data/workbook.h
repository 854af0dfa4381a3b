/* workbook.h -- private to data/: the parts of an XLSX file (ECMA-376, Office Open XML) and how its numbers are shown.
 *
 * The handlers of expat are library callbacks: they take memory from the Pool, never from an arena, and note what is wrong
 * for later. */
#ifndef RENDER_DATA_WORKBOOK_H
#define RENDER_DATA_WORKBOOK_H

#include <expat.h>

#include "data/table.h"

/* ---- archive.c: the ZIP file (libzip, loaded when the first workbook is read) ---- */

typedef struct Archive Archive;

/* NULL after a diag: broken, encrypted, too much in it. */
Archive *archive_open(Arena *arena, const Source *source, DiagList *diags);
bool archive_has(Archive *archive, const char *name);

/* A handler of an XML part. `stop`: it has seen enough; the rest is not read. */
typedef struct PartReader {
    void *context;
    void (*start)(void *context, const char *name, const char **attributes);
    void (*end)(void *context, const char *name);
    void (*text)(void *context, const char *text, int length);
    bool stop;
} PartReader;

/* Parse a part, inflated piece by piece. Names come without their prefix. False after `bad-workbook`, `workbook-too-large`. */
bool archive_parse(Archive *archive, const char *name, PartReader *reader, DiagList *diags);

const char *part_attribute(const char **attributes, const char *name);

/* ---- memory for callbacks ---- */

/* Bytes that grow; `failed` once there was no memory, after which nothing is added. Released with its arena. */
typedef struct Pool { void **place; Spill *spill; size_t length, capacity; bool failed; } Pool;
void pool_init(Pool *pool, Arena *arena);
void pool_init_spilled(Pool *pool, Arena *arena, Spill *spill);     /* for what grows with the rows */
void *pool_add(Pool *pool, const void *bytes, size_t length);      /* NULL when failed; bytes NULL: zeros */
static inline char *pool_text(const Pool *pool) { return *pool->place; }

/* ---- shown.c: a number as the sheet shows it ---- */

typedef enum ShownKind { SHOWN_GENERAL, SHOWN_NUMBER, SHOWN_DATE, SHOWN_TEXT, SHOWN_UNKNOWN } ShownKind;

typedef struct ShownSection {
    ShownKind kind;
    int least, fixed, most;       /* digits: before the point at least; after it at least and at most */
    int shift;                    /* 2 for per cent, -3 for each comma at the end */
    bool is_grouped, has_digits, is_masked, has_date, has_time, has_seconds, is_elapsed;
    char before[32], after[32];
    char mask[32];                /* digits before the point with what stands between them, as in 000-0000-0000 */
} ShownSection;

typedef struct Shown { ShownSection sections[3]; int count; bool is_text; } Shown;    /* positive; negative; zero */

void shown_parse(const char *code, Shown *out);
const char *shown_builtin(unsigned id);      /* the code of a built-in format, or NULL */

#define SHOWN_ROOM 400
typedef enum ShownResult { SHOWN_OK, SHOWN_NO_NUMBER, SHOWN_TOO_LONG, SHOWN_AS_GENERAL } ShownResult;

/* `value` is what stands in the file. SHOWN_TOO_LONG: over 15 digits, of which Excel kept 15. SHOWN_AS_GENERAL: written, but
 * the format is none we know. */
ShownResult shown_write(const Shown *format, const char *value, bool is_1904, char out[SHOWN_ROOM]);

/* ---- sheet.c ---- */

typedef struct Workbook {
    Spill *spill;
    const Source *source;
    bool is_1904;
    Pool text;                    /* shared strings, then the cells' own; offset 0: the empty text */
    Pool strings;                 /* uint32_t: offset of each shared string */
    const Shown *formats;         /* of each cell style */
    const char *const *format_codes;
    size_t format_count;
} Workbook;

/* The rows of a sheet's part; NULL after errors. */
Table *sheet_read(Arena *arena, Archive *archive, const char *part, Workbook *book, const char *sheet, Span where, DiagList *diags);

/* Text of a cell: _x000D_ and the like are what they stand for, line ends are \n. In place; the new length. */
size_t sheet_unescape(char *text, size_t length);

#endif
