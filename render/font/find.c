/* find.c -- the library, and a face of it found by family and weight. */
#include "font/private.h"

#include <hb-ot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/suggest.h"

static void release_library(void *pointer)
{
    FontLibrary *library = pointer;
    for (FaceHandle *own = library->own_faces, *next; own; own = next) {
        next = own->next;
        face_release(own);
    }
    for (size_t f = 0; f < library->family_count; f++)
        for (size_t i = 0; i < library->families[f].face_count; i++)
            face_release(&library->families[f].faces[i]);
    for (size_t i = 0; i < library->file_count; i++)
        fontfile_release(&library->files[i]);
    system_release(library);
    pthread_mutex_destroy(&library->lock);
}

FontLibrary *font_library_open(Arena *arena, const FontOptions *options, DiagList *diags)
{
    void **place = arena_own(arena, release_library);
    FontLibrary *library = ARENA_NEW(arena, FontLibrary);
    library->arena = arena;
    library->system_fonts = options->system_fonts;
    library->skip_hashes = options->skip_hashes;
    pthread_mutex_init(&library->lock, NULL);
    *place = library;
    return catalogue_read(library, options->catalogue, diags) ? library : NULL;
}

/* ---- a family by name ---- */

static bool say_unknown(const FontLibrary *library, const char *family, Span where, DiagList *diags)
{
    size_t count = 0;
    for (size_t f = 0; f < library->family_count; f++)
        count += library->families[f].name_count;
    const char **names = ARENA_ARRAY(diags->arena, const char *, count + 1);
    size_t at = 0;
    for (size_t f = 0; f < library->family_count; f++)
        for (size_t i = 0; i < library->families[f].name_count; i++)
            names[at++] = library->families[f].names[i];
    const char *near = suggest_nearest(family, names, count);
    StrBuf hint;
    strbuf_init(&hint, diags->arena);
    if (near)
        strbuf_addf(&hint, "did you mean \"%s\"? `biaoyu fonts` lists all", near);
    else
        strbuf_add(&hint, "the catalogue has ");
    for (size_t f = 0; !near && f < library->family_count; f++)
        strbuf_addf(&hint, "%s%s", f ? ", " : "", library->families[f].name);
    return diag_error(diags, where, "unknown-font", hint.bytes, "no font family \"%s\"", family);
}

/* ---- the nearest weight ---- */

/* How far from wanted, by the font matching of CSS Fonts 4 section 5.2: 400-500 look up to 500, then down, then up;
 * lighter ones look down first, bolder ones up first. The smaller the nearer. */
static int weight_distance(int wanted, int weight)
{
    bool is_up = weight > wanted;
    int gap = is_up ? weight - wanted : wanted - weight;
    if (wanted >= 400 && wanted <= 500)
        return is_up ? (weight <= 500 ? gap : 4000 + gap) : weight == wanted ? 0 : 2000 + gap;
    if (wanted < 400)
        return is_up ? 2000 + gap : gap;
    return is_up || weight == wanted ? gap : 2000 + gap;
}

static bool is_installed(FontLibrary *library, const FaceHandle *handle)
{
    return fontfile_find(library, handle->file);
}

static FaceHandle *nearest_face(FontLibrary *library, FontFamily *family, int weight, bool installed_only)
{
    FaceHandle *best = NULL;
    for (size_t i = 0; i < family->face_count; i++) {
        FaceHandle *face = &family->faces[i];
        if (installed_only && !is_installed(library, face))
            continue;
        if (!best || weight_distance(weight, face->face.weight) < weight_distance(weight, best->face.weight))
            best = face;
    }
    return best;
}

/* A family that has strikes in several files is as good as its installed ones: take the installed file nearest to 16. */
static void choose_installed_strike(FontLibrary *library, FaceHandle *handle)
{
    if (!handle->strike_files || handle->is_open || fontfile_find(library, handle->file))
        return;
    int nearest = 1 << 20;
    for (size_t i = 0; i < handle->face.strike_count; i++) {
        int gap = abs(handle->face.strikes[i] - 16);
        if (gap < nearest && fontfile_find(library, handle->strike_files[i])) {
            nearest = gap;
            handle->file = handle->strike_files[i];
        }
    }
}

/* A variable font has every weight of its axis. */
static bool has_weight(const FaceHandle *face, int wanted)
{
    hb_ot_var_axis_info_t axis;
    if (!face->hb_face || face->face.strikes_only || !hb_ot_var_find_axis_info(face->hb_face, HB_TAG('w', 'g', 'h', 't'), &axis)) return false;
    return (float)wanted >= axis.min_value && (float)wanted <= axis.max_value;
}

/* Told once a place: the bold of a poster must not quietly become regular. Dots have one weight; nobody expects two. */
static void say_weight(const FaceHandle *face, const FaceHandle *ideal, int wanted, Span where, DiagList *diags)
{
    if (abs(face->face.weight - wanted) < 200 || face->face.strike_count || has_weight(face, wanted))
        return;
    char hint[256];
    if (ideal != face)
        snprintf(hint, sizeof hint, "apt-get install %s", ideal->file->package);
    else
        snprintf(hint, sizeof hint, "choose a family that has it, or ask for weight %d", face->face.weight);
    diag_warning(diags, where, "font-weight", hint, "\"%s\" %s weight %d, %s (%d) is used", face->face.family,
                 ideal != face ? "is not installed in" : "has no", wanted, face->face.style_name, face->face.weight);
}

const Face *font_find(FontLibrary *library, const char *family, int weight, Span where, DiagList *diags)
{
    FontFamily *found = catalogue_find(library, family);
    if (!found && library->system_fonts) {
        size_t said = diags->error_count;
        const Face *face = system_find(library, family, weight, where, diags);
        if (face || diags->error_count > said)
            return face;
    }
    if (!found) {
        say_unknown(library, family, where, diags);
        return NULL;
    }
    pthread_mutex_lock(&library->lock);
    for (size_t i = 0; i < found->face_count; i++)
        choose_installed_strike(library, &found->faces[i]);
    FaceHandle *ideal = nearest_face(library, found, weight, false);
    FaceHandle *face = nearest_face(library, found, weight, true);
    bool is_missing = !face;
    bool ok = face && face_open(face);
    const FontProblem *problem = face && !ok ? face->file->problem : NULL;
    pthread_mutex_unlock(&library->lock);

    if (is_missing) {
        const char *package = ideal->file->package;
        const char *hint = package[0] ? arena_printf(diags->arena, "apt-get install %s", package)
                                      : arena_printf(diags->arena, "restore the file \"%s\"", ideal->file->name);
        diag_system(diags, where, "font-missing", hint, "the font file of \"%s\" is not installed", found->name);
        return NULL;
    }
    if (!ok) {
        problem_say(problem, where, diags);
        return NULL;
    }
    say_weight(face, ideal, weight, where, diags);
    return &face->face;
}

const Face *font_find_file(FontLibrary *library, const char *path, Span where, DiagList *diags)
{
    if (access(path, F_OK) != 0) {
        diag_error(diags, where, "missing-file", "the path of a font file starts at the folder of the layout",
                   "no font file \"%s\"", path);
        return NULL;
    }
    FontProblem problem = {0};
    pthread_mutex_lock(&library->lock);
    FaceHandle *handle = face_open_own(library, path, 0, &problem);
    pthread_mutex_unlock(&library->lock);
    if (!handle) {
        problem_say(&problem, where, diags);
        return NULL;
    }
    return &handle->face;
}

const Face *font_find_emoji(FontLibrary *library, bool is_dots, Span where, DiagList *diags)
{
    const char *name = is_dots ? "Unifont Upper" : "emoji";
    return catalogue_find(library, name) ? font_find(library, name, 400, where, diags) : NULL;
}

hb_blob_t *font_emoji_png(const Face *face, uint32_t glyph) { return hb_ot_color_glyph_reference_png(face->handle->hb_font, glyph); }

hb_face_t *font_hb_face(const Face *face)
{
    return face->handle->hb_face;
}

hb_font_t *font_hb_font(const Face *face)
{
    return face->handle->hb_font;
}

static bool fits_16(hb_position_t value) { return value >= INT16_MIN && value <= INT16_MAX; }

/* Threads that ask for the same glyph at once find the same box, and may both store it. */
bool font_glyph_box(const Face *face, uint32_t glyph, hb_glyph_extents_t *out)
{
    const FaceHandle *handle = face->handle;
    bool is_kept = handle->boxes && glyph < handle->box_count;
    uint64_t packed = is_kept ? atomic_load_explicit(&handle->boxes[glyph], memory_order_relaxed) : 0;
    if (packed) {
        *out = (hb_glyph_extents_t){(int16_t)packed, (int16_t)(packed >> 16), (int16_t)(packed >> 32), (int16_t)(packed >> 48)};
        return true;
    }
    if (!handle->hb_font || !hb_font_get_glyph_extents(handle->hb_font, glyph, out)) return false;
    if (is_kept && fits_16(out->x_bearing) && fits_16(out->y_bearing) && fits_16(out->width) && fits_16(out->height)) {
        packed = (uint64_t)(uint16_t)out->x_bearing | (uint64_t)(uint16_t)out->y_bearing << 16 | (uint64_t)(uint16_t)out->width << 32 | (uint64_t)(uint16_t)out->height << 48;
        atomic_store_explicit(&handle->boxes[glyph], packed, memory_order_relaxed);
    }
    return true;
}

hb_font_t *font_hb_vertical(const Face *face)
{
    return face->handle->hb_vertical;
}
