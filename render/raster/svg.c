/* svg.c -- one scene as an SVG file, letters as outlines, through Cairo's SVG surface.
 *
 * Cairo names images after a counter of the process; here they are numbered in the order of the file, so that the same
 * scene gives the same bytes. */
#include "raster/private.h"

#include <cairo-svg.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

cairo_status_t svg_collect(void *closure, const unsigned char *bytes, unsigned int length)
{
    SvgBuffer *buffer = closure;
    if (buffer->capacity - buffer->length < length) {
        size_t capacity = buffer->capacity * 2 + length + 4096;
        char *grown = realloc(buffer->bytes, capacity);
        if (!grown)
            return CAIRO_STATUS_NO_MEMORY;
        buffer->bytes = grown;
        buffer->capacity = capacity;
    }
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    return CAIRO_STATUS_SUCCESS;
}

static void release_buffer(void *buffer)
{
    free(((SvgBuffer *)buffer)->bytes);
}

/* ---- names that do not depend on what the process did before ---- */

typedef struct Names { unsigned long *numbers; size_t count, capacity; } Names;

static size_t number_of(Names *names, unsigned long number, Arena *arena)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->numbers[i] == number)
            return i;
    if (names->count == names->capacity) {
        unsigned long *grown = ARENA_ARRAY(arena, unsigned long, names->capacity * 2 + 16);
        if (names->count)
            memcpy(grown, names->numbers, names->count * sizeof *grown);
        names->numbers = grown;
        names->capacity = names->capacity * 2 + 16;
    }
    names->numbers[names->count] = number;
    return names->count++;
}

/* The number at the end of id="image123" or #image123 at `at` (the '"' or '#'); its first digit, or NULL. */
static const char *counted_name(const char *at, const char *end)
{
    static const char *const words[] = {"image", "surface", "recording"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(end - at) > length + 1 && memcmp(at + 1, words[i], length) == 0 && isdigit((unsigned char)at[1 + length]))
            return at + 1 + length;
    }
    return NULL;
}

static bool write_renumbered(const SvgBuffer *svg, OutFile *file, Arena *arena)
{
    Names names = {0};
    const char *end = svg->bytes + svg->length, *written = svg->bytes;
    for (const char *at = svg->bytes; at < end; at++) {
        if (*at != '"' && *at != '#')
            continue;
        const char *digits = counted_name(at, end);
        if (!digits)
            continue;
        unsigned long number = 0;
        const char *after = digits;
        while (after < end && isdigit((unsigned char)*after))
            number = number * 10 + (unsigned long)(*after++ - '0');
        char text[24];
        int length = snprintf(text, sizeof text, "%zu", number_of(&names, number, arena));
        if (!file_write(file, written, (size_t)(digits - written)) || !file_write(file, text, (size_t)length))
            return false;
        written = after;
        at = after - 1;
    }
    return file_write(file, written, (size_t)(end - written));
}

bool raster_write_svg(Raster *raster, const Scene *scene, OutFile *file, DiagList *diags)
{
    void **place = arena_own(raster->arena, release_buffer);
    SvgBuffer *buffer = ARENA_NEW(raster->arena, SvgBuffer);
    *place = buffer;
    double bleed = length_to_pt(scene->bleed > 0 ? scene->bleed : 0);
    double width = fmax(length_to_pt(scene->width) + 2 * bleed, 1), height = fmax(length_to_pt(scene->height) + 2 * bleed, 1);
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(svg_collect, buffer, width, height);
    cairo_svg_surface_restrict_to_version(surface, CAIRO_SVG_VERSION_1_2);
    cairo_svg_surface_set_document_unit(surface, scene->is_screen ? CAIRO_SVG_UNIT_PX : CAIRO_SVG_UNIT_PT);
    Drawing drawing = {.raster = raster, .cr = cairo_create(surface), .target = TARGET_SVG, .diags = diags};
    cairo_translate(drawing.cr, bleed, bleed);
    draw_scene(&drawing, scene);
    cairo_destroy(drawing.cr);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    bool is_done = draw_is_well(&drawing, status);
    if (is_done && !write_renumbered(buffer, file, raster->arena))
        is_done = diag_system(diags, SPAN_NONE, "unwritable", "is the disk full?", "the SVG file cannot be written");
    free(buffer->bytes);
    *buffer = (SvgBuffer){0};
    return is_done;
}
