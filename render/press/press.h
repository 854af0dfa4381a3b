/* press.h -- scenes become files for the press: PDF/X-4 (ISO 15930-7), PDF/X-1a (ISO 15930-4) and PDF/VT-1 (ISO 16612-2),
 * streamed.
 *
 * Inside: setup.c (profile, colour conversion, what all threads share), content.c (scene to operators: layers, groups, forms), operators.c (colours, paths), text.c (glyph runs),
 * ink.c (colours, overprint, plates), shading.c (gradients), pictures.c (pictures and codes on a page), images.c (their bytes), art.c (SVG), shared.c (forms that pages share), fonts.c (subsets at the end), writer.c (objects and cross-references),
 * metadata.c (Info, XMP, output intent), records.c (the document parts of PDF/VT), press.c (pages and the file), stored.c (pages put by), proof.c (plates as
 * pixels, and how they look), cutfile.c (lines for knives); and preflight, what a print shop would send back:
 * limits.c (what presses can print), colors.c (what is declared), checks.c (a page looked at), judge.c (what was found), area.c
 * (how much ink), report.c and reportpage.c (for programs, for people).
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
#include "raster/raster.h"
#include "scene/scene.h"

typedef enum PressStandard { PRESS_X4, PRESS_X1A } PressStandard;

/* ---- what a press can print: limits.c ---- */

typedef enum PressRule {
    RULE_INK, RULE_TEXT, RULE_KNOCKOUT_TEXT, RULE_LINE, RULE_KNOCKOUT_LINE, RULE_PPI, RULE_BITMAP_PPI, RULE_TINT, RULE_MODULE,
    RULE_CONTRAST, RULE_SAFE, RULE_RICH_TEXT, RULE_SPOTS, RULE_COUNT
} PressRule;

/* `is_most`: values above the limit are found, else those below. */
typedef struct PressRuleInfo { const char *name, *unit; bool is_most; int decimals; } PressRuleInfo;

#define PRESS_NEVER (-1.0)
typedef struct PressLimit { double warn, error; } PressLimit;              /* in the rule's unit, or PRESS_NEVER */
typedef struct PressLimits { const char *profile; PressLimit of[RULE_COUNT]; } PressLimits;

const PressRuleInfo *press_rule(PressRule rule);

/* The profile's limits. False: there is no such profile. */
bool press_limits_find(const char *profile, PressLimits *out);

/* Another limit for the rule of that name. False: there is no such rule. */
bool press_limits_set(PressLimits *limits, const char *rule, PressLimit limit);

/* ---- the setup of a run ---- */

typedef struct PressOptions {
    PressStandard standard;
    bool has_records;             /* PDF/VT-1 (ISO 16612-2) on top of PDF/X-4: which pages belong to which data row */
    const char *title, *language;
    const char *date;             /* "YYYY-MM-DD" or NULL: 1970-01-01 */
    const char *profile;          /* path of a CMYK output profile; NULL: ISO Coated v2 300 % (bas) of scribus-data */
    PressLimits limits;
    Span where;                   /* of the standard, for messages */
    const Color *colors;          /* declared: SVG art that has the rgb of one is printed in it */
    size_t color_count;
} PressOptions;

typedef struct PressSetup PressSetup;

/* Read the profile. Shared by all threads, immutable; lives in `arena`. NULL and a diag: `no-profile` names the package to
 * install, `bad-profile` is none for CMYK printing. */
const PressSetup *press_setup_new(Arena *arena, const PressOptions *options, DiagList *diags);

/* A file is going to be written: compress the profile now, in a thread of its own, while pages are made. Not needed; one thread may ask. */
void press_pack_ahead(const PressSetup *setup);

/* Where things lie on the page, in the coordinates of the scene. Trim within bleed within media. */
typedef struct PressBoxes { Rect media, bleed, trim; } PressBoxes;

/* What was seen while drawing; 0: nothing of the kind. */
typedef struct PressFacts {
    double smallest_text, thinnest_line;      /* pt */
    double least_ppi;                         /* of images */
    double least_module;                      /* of codes, mm */
    double most_ink;                          /* per cent, of any one colour */
    size_t pages, glyph_runs, images, codes;
    size_t forms, shared_forms;               /* forms for what comes again on a page; of the whole file: for what comes again on its pages */
    PressBoxes boxes;                         /* of the first page */
    size_t rgb_paints, rgb_images;            /* how often a colour without cmyk, a picture in RGB, went through the profile */
} PressFacts;

typedef struct PressPage PressPage;

/* The operators of one page; lives in `arena`, as must the scene until the page is added. NULL after a diag:
 * `no-transparency`, `font-not-embeddable`. */
PressPage *press_make_page(const PressSetup *setup, Arena *arena, const Scene *scene, const PressBoxes *boxes, DiagList *diags);

/* The page as bytes behind what is in `out`, for as long as the setup lives; and back, in `arena`: `*bytes` is moved behind it, and must
 * stay until the page is added. */
void press_page_store(const PressPage *page, StrBuf *out);
const PressPage *press_page_load(Arena *arena, const char **bytes);

/* ---- preflight ---- */

typedef struct PressFinding {
    const char *code;
    Severity severity;
    Span where;                   /* the box, or the page */
    DataRef data;
    double measured, allowed;     /* in `unit`; NAN: nothing is measured */
    const char *unit;             /* "pt", "mm", "ppi", "%", ..; NULL: nothing is measured */
    const char *message;          /* NULL: what was measured, as press_finding_words says it */
    const char *before, *after, *profile;    /* of what was measured */
    PressRule rule;
    const char *remedy;
    size_t repeats;               /* further rows with the same */
} PressFinding;

typedef struct PressFindings { PressFinding *items; size_t count, capacity; } PressFindings;

/* How a page was judged. */
typedef struct PressJudged {
    PressFindings found;
    double most_ink;              /* per cent: no spot of the page has more, overprinting included. Often less */
    double most_named_ink;        /* the most of one colour alone */
} PressJudged;

/* Look at a page (without its marks) as the print shop would: inks, text, lines, pictures, codes, edges, against the limits.
 * `where`: the layout's page, for what comes from no box; `row`: the data it was made from. False when an error was found. */
bool press_check_page(const PressSetup *setup, Arena *arena, const Scene *scene, Span where, DataRef row, PressJudged *out);

/* Total ink as it was measured on the page's plates, at `at`. False when it is an error. */
bool press_check_ink(const PressSetup *setup, Arena *arena, double measured, Point at, Span where, DataRef row, PressJudged *judged);

/* Add what one page had to a whole run's: the same place and code once, the worst of them. Strings are copied. */
void press_findings_join(PressFindings *all, const PressFindings *page, Arena *arena);

/* What it says. Few of what a thousand rows are found to have is ever said: words are made last. */
const char *press_finding_words(const PressFinding *finding, Arena *arena);

/* As messages. */
void press_findings_say(const PressFindings *findings, DiagList *diags);

/* The declared colours: two recipes for one plate (`two-recipes`), a step nobody knows (`unknown-step`), names of plates that
 * a press may take for others (`spot-name`). */
bool press_check_colors(const Color *colors, size_t count, Span where, DiagList *diags);

/* ---- how it will look ---- */

/* A page as its plates: amounts of ink pixel by pixel, after overprinting; `names` in the order of the bytes: Cyan, Magenta,
 * Yellow, Black, then the page's own, of which some are no ink (`is_step`). All lives in `arena`. */
typedef struct PressPlates {
    PlatePixels pixels;
    const char *names[RASTER_PLATES_MAX];
    const Color *colors[RASTER_PLATES_MAX];
    bool is_step[RASTER_PLATES_MAX];
} PressPlates;
bool press_draw_plates(const PressSetup *setup, Raster *raster, const Scene *scene, const RasterOptions *options, bool has_marks, Arena *arena, PressPlates *out, DiagList *diags);

/* A soft proof: the plates as light, the process inks through the profile (relative colorimetric, black point compensation),
 * plates of their own as filters over them. As raster_draw. */
bool press_proof(const PressSetup *setup, Raster *raster, const Scene *scene, const RasterOptions *options, Arena *arena, Pixels *out, DiagList *diags);

/* The paths of SVG art as they are printed; NULL: as a picture, or not at all. */
const Scene *press_art_scene(const PressSetup *setup, const Image *image);

typedef struct Press Press;

Press *press_new(Arena *arena, const PressSetup *setup, OutFile *file);
bool press_add_page(Press *press, const PressPage *page, DiagList *diags);

/* What a record of PDF/VT says of itself: names and values as they are in the data. */
typedef struct PressField { const char *name, *value; } PressField;
typedef struct PressRecord { size_t row; const PressField *fields; size_t field_count; } PressRecord;

/* The pages of one data row. With `has_records` they become a document part of their own. */
bool press_add_record(Press *press, const PressPage *const *pages, size_t count, const PressRecord *record, DiagList *diags);
bool press_finish(Press *press, DiagList *diags);

/* The ink of all pages: of each plate what it would cover at full strength, and the most on one spot, in per cent. */
typedef struct PressInk { size_t count; const char *names[RASTER_PLATES_MAX]; double areas_mm2[RASTER_PLATES_MAX]; double most_ink; Point at; } PressInk;

/* The ink of a page without its marks; `at`, where the most lies, is seen from the scene's origin. False after a diag. */
bool press_measure_ink(const PressSetup *setup, Raster *raster, const Scene *scene, PressInk *out, DiagList *diags);
void press_ink_join(PressInk *all, const PressInk *page);

/* What press_finish has written and preflight found, as JSON. `press` NULL: an error stopped the file; `ink`: count 0 when it was not measured. */
void press_report(const PressSetup *setup, const Press *press, const PressFindings *findings, const PressInk *ink, StrBuf *out);

/* The same as a page for people, in HTML. */
void press_report_page(const PressSetup *setup, const Press *press, const PressFindings *findings, const PressInk *ink, StrBuf *out);

/* ---- beside the PDF: the lines that are cut, creased, perforated and drilled ---- */

typedef enum CutFormat { CUT_SVG, CUT_DXF } CutFormat;

/* The lines of a finished page or sheet on plates of these steps, a layer for each plate, in mm, where the sheet has them; dots of
 * role "die-mark" on a layer RegMark. With a setup (or NULL) those in SVG art, too: it says which colour is which plate. False
 * when there are none, or dots alone. Warns of words there (`cut-words`). */
bool press_cut_file(const PressSetup *setup, Arena *arena, const Scene *scene, CutFormat format, StrBuf *out, Span where, DiagList *diags);

#endif
