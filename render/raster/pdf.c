/* pdf.c -- screen PDF: Cairo's PDF surface, streamed to a file.
 *
 * Cairo 1.16 names an XObject in a page's resources once for each use. Repeated keys are no valid dictionary (ISO 32000-1,
 * 7.3.7) and libcupsfilters drops such pages without a word, so the stream passes through a filter that blanks the
 * repeats with spaces, which moves nothing. */
#include "raster/private.h"

#include <cairo-pdf.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the filter ---- */

static const char start_of_names[] = "/XObject <<";

#define ENTRY_ROOM 64

typedef struct NameFilter {
    OutFile *file;
    bool has_failed;
    size_t matched;               /* of start_of_names */
    bool is_inside;               /* between << and >> */
    char entry[ENTRY_ROOM];       /* " /x12 12 0 R", being read */
    size_t entry_length;
    unsigned long *seen;          /* names of this dictionary */
    size_t seen_count, seen_capacity;
} NameFilter;

static void pass(NameFilter *filter, const void *bytes, size_t length)
{
    if (length && !filter->has_failed && !file_write(filter->file, bytes, length))
        filter->has_failed = true;
}

static bool is_seen(NameFilter *filter, unsigned long name)
{
    for (size_t i = filter->seen_count; i > 0; i--)
        if (filter->seen[i - 1] == name)
            return true;
    if (filter->seen_count == filter->seen_capacity) {
        size_t capacity = filter->seen_capacity ? filter->seen_capacity * 2 : 64;
        unsigned long *seen = realloc(filter->seen, capacity * sizeof *seen);
        if (!seen)
            return false;
        filter->seen = seen;
        filter->seen_capacity = capacity;
    }
    filter->seen[filter->seen_count++] = name;
    return false;
}

/* What stands before the next " /" or ">>" is one entry, or no dictionary of Cairo's at all. */
static void end_entry(NameFilter *filter)
{
    unsigned long name;
    char last;
    filter->entry[filter->entry_length] = 0;
    if (sscanf(filter->entry, " /x%lu %*u 0 %c", &name, &last) == 2 && last == 'R' && is_seen(filter, name))
        memset(filter->entry, ' ', filter->entry_length);
    pass(filter, filter->entry, filter->entry_length);
    filter->entry_length = 0;
}

static void filter_inside(NameFilter *filter, char c)
{
    bool ends_entry = c == '/' || c == '>';
    if (ends_entry && filter->entry_length > 1)
        end_entry(filter);
    filter->entry[filter->entry_length++] = c;
    bool is_strange = !isalnum((unsigned char)c) && c != ' ' && c != '/';
    if (is_strange || filter->entry_length == ENTRY_ROOM - 1) {
        pass(filter, filter->entry, filter->entry_length);
        filter->entry_length = 0;
        filter->is_inside = false;
    }
}

static cairo_status_t write_filtered(void *closure, const unsigned char *bytes, unsigned int length)
{
    NameFilter *filter = closure;
    size_t passed = 0, at = 0;
    while (at < length) {
        if (filter->is_inside) {
            filter_inside(filter, (char)bytes[at++]);
            passed = at;
            continue;
        }
        if (filter->matched == 0) {
            const unsigned char *slash = memchr(bytes + at, '/', length - at);
            if (!slash)
                break;
            at = (size_t)(slash - bytes);
        }
        if ((char)bytes[at] == start_of_names[filter->matched]) {
            at++;
            if (start_of_names[++filter->matched] == 0) {
                pass(filter, bytes + passed, at - passed);
                passed = at;
                filter->is_inside = true;
                filter->matched = filter->seen_count = 0;
            }
        } else if (filter->matched == 0) {
            at++;
        } else {
            filter->matched = 0;                      /* look at this byte again: it may be a slash */
        }
    }
    pass(filter, bytes + passed, length - passed);
    return filter->has_failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* ---- the document ---- */

typedef struct Bookmark { struct Bookmark *next; int page; char title[]; } Bookmark;

struct Pdf {
    Arena *arena;
    Raster *raster;
    NameFilter filter;
    cairo_surface_t *surface;
    cairo_t *cr;
    FaceTable *subsets;
    Bookmark *first, **last;
    int page_count;
    bool has_failed;
};

static void release_pdf(void *pointer)
{
    Pdf *pdf = pointer;
    if (pdf->cr)
        cairo_destroy(pdf->cr);
    if (pdf->surface) {
        pdf->filter.has_failed = true;                /* the file may be gone: write nothing more */
        cairo_surface_destroy(pdf->surface);
    }
    free(pdf->filter.seen);
}

static bool has_pattern(const char *text, const char *pattern)
{
    for (; *pattern; pattern++, text++)
        if (*pattern == '0' ? !isdigit((unsigned char)*text) : *text != *pattern)
            return false;
    return true;
}

/* Cairo would ask the clock; and it takes whole dates only. */
static void set_date(Pdf *pdf, const char *date)
{
    const char *whole = "1970-01-01T00:00:00Z";
    if (date && has_pattern(date, "0000-00-00"))
        whole = has_pattern(date, "0000-00-00T00:00:00") ? date : arena_printf(pdf->arena, "%.10sT00:00:00Z", date);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, whole);
}

static void set_metadata(Pdf *pdf, const PdfMeta *meta)
{
    const struct { cairo_pdf_metadata_t key; const char *value; } rows[] = {
        {CAIRO_PDF_METADATA_TITLE, meta ? meta->title : NULL},
        {CAIRO_PDF_METADATA_AUTHOR, meta ? meta->author : NULL},
        {CAIRO_PDF_METADATA_SUBJECT, meta ? meta->subject : NULL},
        {CAIRO_PDF_METADATA_CREATOR, "biaoyu"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].value && *rows[i].value)
            cairo_pdf_surface_set_metadata(pdf->surface, rows[i].key, rows[i].value);
    set_date(pdf, meta ? meta->date : NULL);
}

Pdf *raster_pdf_new(Arena *arena, Raster *raster, OutFile *file, const PdfMeta *meta, FontGlyphs *glyphs)
{
    void **place = arena_own(arena, release_pdf);
    Pdf *pdf = ARENA_NEW(arena, Pdf);
    *place = pdf;
    pdf->arena = arena;
    pdf->raster = raster;
    pdf->filter.file = file;
    pdf->last = &pdf->first;
    if (glyphs) pdf->subsets = text_faces_new(arena, glyphs);
    pdf->surface = cairo_pdf_surface_create_for_stream(write_filtered, &pdf->filter, 1, 1);
    set_metadata(pdf, meta);
    pdf->cr = cairo_create(pdf->surface);
    return pdf;
}

void raster_pdf_expect(FontGlyphs *glyphs, const Scene *scene)
{
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        if (op->kind == SCENE_FORM) raster_pdf_expect(glyphs, op->u.form.scene);
        if (op->kind != SCENE_GLYPHS) continue;
        const GlyphRun *run = op->u.glyphs;
        FaceGlyphs *of = font_glyphs_of(glyphs, run->face);
        for (size_t g = 0; of && g < run->glyph_count; g++) face_glyphs_add(of, run->glyphs[g].id);
    }
}

static void add_bookmark(Pdf *pdf, const char *title)
{
    size_t length = strlen(title);
    Bookmark *bookmark = arena_alloc(pdf->arena, sizeof *bookmark + length + 1);
    bookmark->page = pdf->page_count;
    memcpy(bookmark->title, title, length);
    *pdf->last = bookmark;
    pdf->last = &bookmark->next;
}

bool raster_pdf_add_page(Pdf *pdf, const Scene *scene, DiagList *diags)
{
    if (pdf->has_failed)
        return false;
    double bleed = length_to_pt(scene->bleed > 0 ? scene->bleed : 0);
    double width = length_to_pt(scene->width) + 2 * bleed, height = length_to_pt(scene->height) + 2 * bleed;
    cairo_pdf_surface_set_size(pdf->surface, fmax(width, 1), fmax(height, 1));
    Drawing drawing = {.raster = pdf->raster, .cr = pdf->cr, .target = TARGET_PDF, .subsets = pdf->subsets, .diags = diags};
    cairo_save(pdf->cr);
    cairo_translate(pdf->cr, bleed, bleed);
    bool is_drawn = draw_scene(&drawing, scene);
    cairo_restore(pdf->cr);
    cairo_show_page(pdf->cr);
    pdf->page_count++;
    if (scene->title && *scene->title)
        add_bookmark(pdf, scene->title);
    if (!is_drawn || !draw_is_well(&drawing, cairo_status(pdf->cr)))
        pdf->has_failed = true;
    return !pdf->has_failed;
}

static void add_outline(Pdf *pdf)
{
    for (const Bookmark *bookmark = pdf->first; bookmark && pdf->page_count > 1; bookmark = bookmark->next) {
        char target[32];
        snprintf(target, sizeof target, "page=%d", bookmark->page);
        cairo_pdf_surface_add_outline(pdf->surface, CAIRO_PDF_OUTLINE_ROOT, bookmark->title, target, 0);
    }
}

bool raster_pdf_finish(Pdf *pdf, DiagList *diags)
{
    if (!pdf->has_failed)
        add_outline(pdf);
    else
        pdf->filter.has_failed = true;                /* nobody will keep the file */
    cairo_destroy(pdf->cr);
    cairo_surface_finish(pdf->surface);
    cairo_status_t status = cairo_surface_status(pdf->surface);
    cairo_surface_destroy(pdf->surface);
    pdf->cr = NULL;
    pdf->surface = NULL;
    if (pdf->has_failed)
        return false;
    pass(&pdf->filter, pdf->filter.entry, pdf->filter.entry_length);
    if (pdf->filter.has_failed)
        return true;                                  /* file_commit has kept the cause, and says it */
    Drawing drawing = {.diags = diags};
    return draw_is_well(&drawing, status);
}
