/* private.h -- what the files of font/ share and nobody else sees.
 *
 * Everything opened lazily is opened under FontLibrary.lock and never changed afterwards. Nothing lazy comes from the
 * library's arena, which belongs to the thread that made it, and no message is made under the lock, since running out of
 * memory there would leave it locked: a failure is written down as a FontProblem and said after unlocking. */
#ifndef RENDER_FONT_PRIVATE_H
#define RENDER_FONT_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "font/font.h"

/* What went wrong with a file, to be said by everybody who wants it. */
typedef struct FontProblem {
    const char *code;
    bool is_input;                /* the layout's fault, not the machine's */
    char message[640], hint[640];
} FontProblem;

/* One accepted version of a file. */
typedef struct FontPin {
    size_t size;
    const char *check;            /* of both ends, see fontfile_check_hash; "" when only the whole is pinned */
    const char *sha256;
} FontPin;

typedef struct FontFile {
    const char *name;             /* as catalogued: relative to a font folder, "./x" beside the catalogue, or absolute */
    const char *package, *licence;
    const FontPin *pins;
    size_t pin_count;
    /* below: under the lock */
    char *path;                   /* where it was found, or NULL */
    bool is_looked_for;
    hb_blob_t *blob;              /* mapped, and its check hash compared */
    const FontPin *pin;           /* the version it is */
    FontProblem *problem;         /* why it cannot be used */
} FontFile;

typedef struct FontFamily FontFamily;

typedef struct CodeRange { uint32_t first, last; } CodeRange;

typedef struct FaceHandle {
    Face face;                    /* face.handle points back here */
    FontLibrary *library;
    FontFamily *family;           /* NULL for a file that is not in the catalogue */
    FontFile *file;               /* the file; of a family with one file a strike, that of the strike nearest to 16 */
    FontFile **strike_files;      /* one for each of face.strikes, or NULL: all are in `file` */
    const Face *base;             /* of an instance of a variable font: the face its axes were fixed of; else NULL */
    struct FaceHandle *next;      /* in FontLibrary.own_faces */
    /* below: set once, under the lock */
    bool is_open;
    hb_face_t *hb_face;
    hb_font_t *hb_font;
    atomic_uint_fast64_t *boxes;  /* of each glyph: its ink box, 4 x 16 bits; 0: not asked yet. NULL: no memory for them */
    size_t box_count;
    hb_font_t *hb_vertical;       /* hb_font, or one that measures down the em where the file has no vertical metrics */
    bool is_sfnt;
    int own_strikes[16];          /* of a file that is not in the catalogue: what face.strikes points to */
    uint8_t *strike_glyphs;       /* bit per glyph: some strike draws it; NULL when that is not asked of this face */
    atomic_bool has_ranges;       /* for files that are not sfnt: read at the first question */
    CodeRange *ranges;
    size_t range_count;
} FaceHandle;

struct FontFamily {
    const char *name;
    const char **names, **keys;   /* all names, canonical first; the same as font_key writes them */
    size_t name_count;
    FaceHandle *faces;            /* by rising weight */
    size_t face_count;
};

struct FontLibrary {
    Arena *arena;                 /* of the thread that opened the library; not for lazy things */
    const Source *source;
    const char *folder;           /* of the catalogue, with its slash */
    const char *charsets;         /* folder of the character sets, with its slash */
    bool system_fonts, skip_hashes;
    FontFile *files;
    size_t file_count;
    FontFamily *families;
    size_t family_count;
    size_t serial_count;
    pthread_mutex_t lock;
    struct SystemFonts *system;   /* fontconfig, once it was asked; under the lock */
    FaceHandle *own_faces;        /* a layout's files and system fonts */
};

/* file.c */
bool fontfile_find(FontLibrary *library, FontFile *file);                       /* is it installed? under the lock */
bool fontfile_open(FontLibrary *library, FontFile *file);                       /* map and compare; under the lock */
bool fontfile_fail(FontFile *file, const char *code, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void fontfile_check_hash(const char *bytes, size_t size, char *hex);
void fontfile_release(FontFile *file);
bool problem_say(const FontProblem *problem, Span where, DiagList *diags);  /* always false; not under the lock */

/* face.c */
bool face_open(FaceHandle *handle);                                         /* under the lock; file->problem on failure */
void face_release(FaceHandle *handle);
void face_add_own(FontLibrary *library, FaceHandle *handle);               /* under the lock */
FaceHandle *face_open_own(FontLibrary *library, const char *path, int index, FontProblem *problem);   /* under the lock */

/* catalogue.c */
bool catalogue_read(FontLibrary *library, const char *path, DiagList *diags);
FontFamily *catalogue_find(const FontLibrary *library, const char *name);
const char *font_weight_name(int weight);
size_t font_key(const char *name, char *out, size_t room);                  /* lower case, no spaces, no - and _ */

/* strikes.c */
uint8_t *strike_glyphs_read(hb_face_t *face, unsigned glyph_count);

/* system.c */
const Face *system_find(FontLibrary *library, const char *family, int weight, Span where, DiagList *diags);
void system_release(FontLibrary *library);

#endif
