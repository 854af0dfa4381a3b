/* instance.c -- a variable font at one place of its axes becomes a font like any other (hb-subset pins the axes), so that
 * shaping, FreeType, Cairo's PDF and the press all draw the same outlines and none of them hears of axes.
 *
 * Made once for a library, under the lock, and kept among its own faces. */
#include "font/private.h"

#include <hb-ot.h>
#include <hb-subset.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/strbuf.h"

#define AXES_MOST 32

typedef struct Place { hb_ot_var_axis_info_t axes[AXES_MOST]; float values[AXES_MOST]; unsigned count; } Place;

static Place default_place(const Face *face)
{
    Place place = {.count = AXES_MOST};
    hb_ot_var_get_axis_infos(font_hb_face(face), 0, &place.count, place.axes);
    if (place.count > AXES_MOST) place.count = AXES_MOST;
    for (unsigned i = 0; i < place.count; i++) place.values[i] = place.axes[i].default_value;
    return place;
}

static int find_axis(const Place *place, const char *tag)
{
    for (unsigned i = 0; i < place->count; i++)
        if (place->axes[i].tag == hb_tag_from_string(tag, 4)) return (int)i;
    return -1;
}

/* ---- what is asked ---- */

static void add_tag(StrBuf *out, hb_tag_t tag)
{
    char name[5] = {(char)(tag >> 24), (char)(tag >> 16), (char)(tag >> 8), (char)tag, 0};
    for (char *c = name; *c; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7F) *c = '?';
    strbuf_add(out, name);
}

/* "its axes: wght 100 to 900, slnt -10 to 0" */
static const char *axes_hint(const Place *place, Arena *arena)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (unsigned i = 0; i < place->count; i++) {
        char low[NUM_ROOM], high[NUM_ROOM];
        strbuf_add(&out, i ? ", " : "its axes: ");
        add_tag(&out, place->axes[i].tag);
        strbuf_addf(&out, " %s to %s", num_format(low, (double)place->axes[i].min_value, 2), num_format(high, (double)place->axes[i].max_value, 2));
    }
    return out.bytes;
}

static bool set_places(Place *place, const Face *face, const FontAxis *axes, size_t count, bool is_asked, Span where, DiagList *diags)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        int at = find_axis(place, axes[i].tag);
        char value[NUM_ROOM];
        if (at < 0 && !is_asked) continue;
        if (at < 0) {
            ok = diag_error(diags, where, "no-axis", place->count ? axes_hint(place, diags->arena) : "take a variable font, or leave the axes out",
                            place->count ? "\"%s\" has no axis \"%s\"" : "\"%s\" is no variable font: it has no axis \"%s\"", face->family, axes[i].tag);
            continue;
        }
        if (axes[i].value < place->axes[at].min_value || axes[i].value > place->axes[at].max_value) {
            ok = diag_error(diags, where, "axis-range", axes_hint(place, diags->arena), "\"%s\" has no %s of %s", face->family, axes[i].tag,
                            num_format(value, (double)axes[i].value, 2));
            continue;
        }
        place->values[at] = axes[i].value;
    }
    return ok;
}

/* A weight axis goes as far as it can; what is missing then is said as for any family. */
static void set_weight(Place *place, const FontAxis *axes, size_t count, int weight)
{
    int at = find_axis(place, "wght");
    for (size_t i = 0; i < count; i++)
        if (strcmp(axes[i].tag, "wght") == 0) return;
    if (at < 0) return;
    const hb_ot_var_axis_info_t *axis = &place->axes[at];
    float value = (float)weight;
    place->values[at] = value < axis->min_value ? axis->min_value : value > axis->max_value ? axis->max_value : value;
}

/* ---- making it ---- */

static hb_blob_t *pin_axes(hb_face_t *face, const Place *place)
{
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (!input) return NULL;
    hb_set_clear(hb_subset_input_glyph_set(input));
    hb_set_invert(hb_subset_input_glyph_set(input));
    static const hb_subset_sets_t all[] = {HB_SUBSET_SETS_UNICODE, HB_SUBSET_SETS_LAYOUT_FEATURE_TAG, HB_SUBSET_SETS_LAYOUT_SCRIPT_TAG};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        hb_set_clear(hb_subset_input_set(input, all[i]));
        hb_set_invert(hb_subset_input_set(input, all[i]));
    }
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_NOTDEF_OUTLINE | HB_SUBSET_FLAGS_RETAIN_GIDS);
    bool ok = true;
    for (unsigned i = 0; i < place->count; i++) ok &= hb_subset_input_pin_axis_location(input, face, place->axes[i].tag, place->values[i]);
    hb_face_t *made = ok ? hb_subset_or_fail(face, input) : NULL;
    hb_subset_input_destroy(input);
    hb_blob_t *blob = made ? hb_face_reference_blob(made) : NULL;
    hb_face_destroy(made);
    if (blob && hb_blob_get_length(blob)) return blob;
    hb_blob_destroy(blob);
    return NULL;
}

static char *axes_text(const Place *place, Arena *arena)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (unsigned i = 0; i < place->count; i++) {
        char value[NUM_ROOM];
        if (i) strbuf_add_char(&out, ' ');
        add_tag(&out, place->axes[i].tag);
        strbuf_addf(&out, "=%s", num_format(value, (double)place->values[i], 2));
    }
    return out.bytes;
}

/* A handle with the fixed font as its file; NULL when there is no memory or the font cannot be fixed. Under the lock. */
static FaceHandle *make_instance(FontLibrary *library, const Face *face, const Place *place, const char *axes)
{
    FaceHandle *handle = calloc(1, sizeof *handle);
    FontFile *file = calloc(1, sizeof *file);
    char *family = strdup(face->family), *own_axes = strdup(axes);
    if (handle && file && family && own_axes) {
        file->name = strdup(face->file);
        file->path = strdup(face->file);
        file->package = file->licence = "";
        file->is_looked_for = true;
        file->blob = file->name && file->path ? pin_axes(font_hb_face(face), place) : NULL;
    }
    if (!file || !file->blob) {
        if (file) {
            free((char *)file->name);
            free(file->path);
        }
        free(file);
        free(handle);
        free(family);
        free(own_axes);
        return NULL;
    }
    int weight = find_axis(place, "wght");
    handle->library = library;
    handle->file = file;
    handle->base = face;
    handle->face = (Face){.family = family, .style_name = face->style_name, .weight = weight < 0 ? face->weight : (int)place->values[weight], .sha256 = "",
                          .axes = own_axes, .file = "", .handle = handle};
    if (weight >= 0) handle->face.style_name = font_weight_name(handle->face.weight);
    if (!face_open(handle)) {
        face_release(handle);
        return NULL;
    }
    face_add_own(library, handle);
    return handle;
}

static FaceHandle *find_instance(FontLibrary *library, const Face *face, const char *axes)
{
    for (FaceHandle *own = library->own_faces; own; own = own->next)
        if (own->base == face && strcmp(own->face.axes, axes) == 0) return own;
    return NULL;
}

const Face *font_instance(FontLibrary *library, const Face *face, const FontAxis *axes, size_t count, int weight, bool is_asked,
                          Span where, DiagList *diags)
{
    Place place = {.count = 0};
    if (!face->strikes_only && hb_ot_var_has_data(font_hb_face(face))) place = default_place(face);
    if (!place.count && !(is_asked && count)) return face;
    if (!set_places(&place, face, axes, count, is_asked, where, diags)) return NULL;
    set_weight(&place, axes, count, weight);
    bool is_default = true;
    for (unsigned i = 0; i < place.count; i++) is_default &= place.values[i] == place.axes[i].default_value;
    if (is_default) return face;
    const char *text = axes_text(&place, diags->arena);
    pthread_mutex_lock(&library->lock);
    FaceHandle *handle = find_instance(library, face, text);
    if (!handle) handle = make_instance(library, face, &place, text);
    pthread_mutex_unlock(&library->lock);
    if (handle) return &handle->face;
    diag_error(diags, where, "bad-font", "take a variable font with TrueType outlines (a table glyf)", "the axes of \"%s\" cannot be fixed (%s)", face->family, text);
    return NULL;
}
