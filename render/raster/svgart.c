/* svgart.c -- SVG files through librsvg, opened only when a page has one: linked, it would triple the start-up time.
 *
 * The handle is made from bytes and has no base URI, so a file cannot pull in other files. */
#include "raster/private.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

/* The little of glib and librsvg (2.46 and later) we call, declared here to need no headers of theirs. */
typedef struct RsvgRectangle { double x, y, width, height; } RsvgRectangle;
typedef struct GError { uint32_t domain; int code; char *message; } GError;

static struct Rsvg {
    void *(*handle_new_from_data)(const uint8_t *, size_t, GError **);
    int (*handle_render_document)(void *, cairo_t *, const RsvgRectangle *, GError **);
    void (*handle_set_dpi)(void *, double);
    void (*object_unref)(void *);
    void (*error_free)(GError *);
} rsvg;
static bool has_rsvg;
static pthread_once_t rsvg_once = PTHREAD_ONCE_INIT;

/* The library stays open: glib does not survive being unloaded. */
static void open_rsvg(void)
{
    void *library = dlopen("librsvg-2.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
    const struct { void *place; const char *name; } symbols[] = {
        {&rsvg.handle_new_from_data, "rsvg_handle_new_from_data"},
        {&rsvg.handle_render_document, "rsvg_handle_render_document"},
        {&rsvg.handle_set_dpi, "rsvg_handle_set_dpi"},
        {&rsvg.object_unref, "g_object_unref"},
        {&rsvg.error_free, "g_error_free"},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(library, symbols[i].name);      /* looks into glib too, which librsvg needs */
        if (!symbol)
            return;
        *(void **)symbols[i].place = symbol;
    }
    has_rsvg = true;
}

static bool report(Drawing *drawing, const Image *image, GError *error)
{
    drawing->failed = true;
    diag_error(drawing->diags, SPAN_NONE, "bad-image", "open it in a browser to see whether it is a whole SVG file",
               "the SVG file \"%s\" cannot be drawn: %s", image->path ? image->path : "",
               error && error->message ? error->message : "no reason given");
    if (error)
        rsvg.error_free(error);
    return false;
}

bool svgart_draw(Drawing *drawing, cairo_t *cr, const Image *image, double width, double height)
{
    if (drawing->failed)
        return false;
    pthread_once(&rsvg_once, open_rsvg);
    if (!has_rsvg || !image->file) {
        drawing->failed = true;
        return diag_error(drawing->diags, SPAN_NONE, "no-svg", "install the package librsvg2-2",
                          "\"%s\" is an SVG file and librsvg-2.so.2 is not there to draw it", image->path ? image->path : "");
    }
    GError *error = NULL;
    void *handle = rsvg.handle_new_from_data((const uint8_t *)image->file->text, image->file->length, &error);
    if (!handle)
        return report(drawing, image, error);
    rsvg.handle_set_dpi(handle, 96);
    double natural_width = image->natural_width > 0 ? image->natural_width : width;
    double natural_height = image->natural_height > 0 ? image->natural_height : height;
    cairo_save(cr);
    cairo_scale(cr, width / natural_width, height / natural_height);
    const RsvgRectangle viewport = {0, 0, natural_width, natural_height};
    bool is_drawn = rsvg.handle_render_document(handle, cr, &viewport, &error);
    cairo_restore(cr);
    rsvg.object_unref(handle);
    return is_drawn ? true : report(drawing, image, error);
}
