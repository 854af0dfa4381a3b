/* press.h -- scenes become files for the press: PDF/X-4 (ISO 15930-7) and PDF/X-1a (ISO 15930-4), streamed.
 *
 * Inside: setup.c (profile, colour conversion, what all threads share), content.c (scene to operators), text.c (glyph runs),
 * ink.c (colours, overprint, plates), images.c, fonts.c (subsets at the end), writer.c (objects and cross-references),
 * metadata.c (Info, XMP, output intent), press.c (pages and the file), checks.c (what a print shop would send back).
 *
 * Two steps: any thread turns a Scene into a PressPage (operators, compressed, and a list of what they use); one thread
 * adds PressPages in order. Memory does not grow with the pages: of each only its number and the glyphs used are kept. */
#ifndef RENDER_PRESS_PRESS_H
#define RENDER_PRESS_PRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "font/font.h"
#include "scene/scene.h"

typedef enum PressStandard { PRESS_X4, PRESS_X1A } PressStandard;

typedef struct PressOptions {
    PressStandard standard;
    const char *title, *language;
    const char *date;             /* "YYYY-MM-DD" or NULL: 1970-01-01 */
    const char *profile;          /* path of a CMYK output profile; NULL: ISO Coated v2 300 % (bas) of scribus-data */
    Span where;                   /* of the standard, for messages */
} PressOptions;

typedef struct PressSetup PressSetup;

/* Read the profile. Shared by all threads, immutable; lives in `arena`. NULL and a diag: `no-profile` names the package to
 * install, `bad-profile` is none for CMYK printing. */
const PressSetup *press_setup_new(Arena *arena, const PressOptions *options, DiagList *diags);

/* Where things lie on the page, in the coordinates of the scene. Trim within bleed within media. */
typedef struct PressBoxes { Rect media, bleed, trim; } PressBoxes;

/* What was seen while drawing; 0: nothing of the kind. */
typedef struct PressFacts {
    double smallest_text, thinnest_line;      /* pt */
    double least_ppi;                         /* of images */
    double least_module;                      /* of codes, mm */
    double most_ink;                          /* per cent, of any one colour */
    size_t pages, glyph_runs, images, codes, forms;
} PressFacts;

typedef struct PressPage PressPage;

/* The operators of one page; lives in `arena`, as must the scene until the page is added. NULL after a diag: `no-svg-press`,
 * `no-transparency`, `font-not-embeddable`. */
PressPage *press_make_page(const PressSetup *setup, Arena *arena, const Scene *scene, const PressBoxes *boxes, DiagList *diags);

/* Would the page (without its marks) come back from the print shop? Colours without cmyk (`no-cmyk`, a warning: converted
 * through the profile), too much ink (`too-much-ink`) and thin lines (`thin-line`), warnings both, art that reaches the trim
 * and not the bleed (`no-bleed`). `where`: the layout's page. False after an error. */
bool press_check_page(const PressSetup *setup, const Scene *scene, Span where, DiagList *diags);

/* The declared colours: two recipes for one plate (`two-recipes`), a step nobody knows (`unknown-step`). */
bool press_check_colors(const Color *colors, size_t count, Span where, DiagList *diags);

typedef struct Press Press;

Press *press_new(Arena *arena, const PressSetup *setup, OutFile *file);
bool press_add_page(Press *press, const PressPage *page, DiagList *diags);
bool press_finish(Press *press, DiagList *diags);

/* What press_finish has written, as JSON. */
void press_report(const Press *press, StrBuf *out);

#endif
