/* face.c -- one face of one file: its HarfBuzz handles and its metrics.
 *
 * ascent and descent are OS/2 sTypoAscender and sTypoDescender: for CJK fonts the em box (880 + 120 of 1000), which is
 * what Chinese leading is counted from. hhea (1160 + 288 in Noto) is a clipping bound, not a line. A font without them
 * falls back to hhea, a font with neither to 880 + 120. */
#include "font/private.h"

#include <hb-ft.h>
#include <hb-ot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Table { hb_blob_t *blob; const uint8_t *at; unsigned size; } Table;

static Table table_open(hb_face_t *face, hb_tag_t tag)
{
    Table table = {.blob = hb_face_reference_table(face, tag)};
    table.at = (const uint8_t *)hb_blob_get_data(table.blob, &table.size);
    return table;
}

static int table_s16(const Table *table, unsigned at)
{
    return at + 2 <= table->size ? (int16_t)(table->at[at] << 8 | table->at[at + 1]) : 0;
}

static void read_metrics(FaceHandle *handle)
{
    Face *face = &handle->face;
    face->units_per_em = (int)hb_face_get_upem(handle->hb_face);
    Table os2 = table_open(handle->hb_face, HB_TAG('O', 'S', '/', '2'));
    Table hhea = table_open(handle->hb_face, HB_TAG('h', 'h', 'e', 'a'));
    int ascent = table_s16(&os2, 68), descent = -table_s16(&os2, 70);
    if (ascent <= 0 || descent < 0) {
        ascent = table_s16(&hhea, 4);
        descent = -table_s16(&hhea, 6);
    }
    if (ascent <= 0 || descent < 0) {
        ascent = face->units_per_em * 88 / 100;
        descent = face->units_per_em - ascent;
    }
    face->ascent = ascent;
    face->descent = descent;
    hb_blob_destroy(os2.blob);
    hb_blob_destroy(hhea.blob);
}

static size_t u32(const char *at)
{
    const uint8_t *b = (const uint8_t *)at;
    return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
}

/* A table that ends after the file is a font cut short: HarfBuzz would treat it as absent and draw nothing. */
static bool tables_are_whole(hb_face_t *face, const char *bytes, size_t size, int index)
{
    size_t base = 0;
    if (size < 12)
        return false;
    if (memcmp(bytes, "ttcf", 4) == 0) {
        size_t at = 12 + 4 * (size_t)index;
        if (at + 4 > size || (size_t)index >= u32(bytes + 8))
            return false;
        base = u32(bytes + at);
    }
    if (base + 12 > size)
        return false;
    size_t count = (size_t)(uint8_t)bytes[base + 4] << 8 | (uint8_t)bytes[base + 5];
    for (size_t i = 0; i < count; i++) {
        size_t at = base + 12 + 16 * i;
        if (at + 16 > size || u32(bytes + at + 8) + u32(bytes + at + 12) > size)
            return false;
    }
    return count > 0 && hb_face_get_glyph_count(face) > 0;
}

static bool is_sfnt(const char *bytes, size_t size)
{
    static const char *const magics[] = {"ttcf", "OTTO", "true", "typ1", "\0\1\0\0"};
    for (size_t i = 0; size >= 4 && i < sizeof magics / sizeof *magics; i++)
        if (memcmp(bytes, magics[i], 4) == 0)
            return true;
    return false;
}

static bool fail_bad(FontFile *file)
{
    return fontfile_fail(file, "bad-font", "give an unbroken .ttf, .otf, .ttc, .pcf, .pcf.gz or .bdf file",
                     "\"%s\" is not a font that can be read", file->path);
}

/* Bitmap files (PCF, BDF): FreeType says whether it is one; the baseline comes from its own strike. */
static bool open_bitmap(FaceHandle *handle, const char *bytes, size_t size)
{
    FT_Library freetype;
    FT_Face face = NULL;
    if (FT_Init_FreeType(&freetype) != 0)
        return fail_bad(handle->file);
    bool ok = FT_New_Memory_Face(freetype, (const FT_Byte *)bytes, (FT_Long)size, handle->face.index, &face) == 0 &&
              face->num_fixed_sizes > 0 && FT_Select_Size(face, 0) == 0;
    if (ok) {
        int rows = face->size->metrics.y_ppem, below = (int)(-face->size->metrics.descender / 64);
        handle->face.units_per_em = 1000;
        handle->face.descent = rows > 0 && below >= 0 && below < rows ? below * 1000 / rows : 120;
        handle->face.ascent = 1000 - handle->face.descent;
        if (!handle->face.strikes) {
            handle->own_strikes[0] = rows;
            handle->face.strikes = handle->own_strikes;
            handle->face.strike_count = 1;
        }
        handle->face.strikes_only = true;
    }
    FT_Done_FreeType(freetype);                   /* its faces too */
    return ok ? true : fail_bad(handle->file);
}

/* ---- vertical text ---- */

/* Where a file says nothing of vertical text, HarfBuzz would take the height of a line for the height of a character, and
 * centre the ink of each: a comma would stand in the middle of its square. Characters follow each other by the em, and the
 * em box is where it is in horizontal text. */
static hb_position_t em_advance(hb_font_t *font, void *face, hb_codepoint_t glyph, void *user)
{
    (void)font, (void)glyph, (void)user;
    return -((const Face *)face)->units_per_em;
}

static hb_bool_t em_origin(hb_font_t *font, void *data, hb_codepoint_t glyph, hb_position_t *x, hb_position_t *y, void *user)
{
    (void)user;
    const Face *face = data;
    *x = hb_font_get_glyph_h_advance(font, glyph) / 2;
    *y = (hb_position_t)((int64_t)face->units_per_em * face->ascent / (face->ascent + face->descent));
    return true;
}

static hb_font_t *open_vertical(FaceHandle *handle)
{
    hb_blob_t *metrics = hb_face_reference_table(handle->hb_face, HB_TAG('v', 'm', 't', 'x'));
    bool has_metrics = hb_blob_get_length(metrics) > 0;
    hb_blob_destroy(metrics);
    if (has_metrics)
        return hb_font_reference(handle->hb_font);
    hb_font_t *font = hb_font_create_sub_font(handle->hb_font);
    hb_font_funcs_t *functions = hb_font_funcs_create();
    hb_font_funcs_set_glyph_v_advance_func(functions, em_advance, NULL, NULL);
    hb_font_funcs_set_glyph_v_origin_func(functions, em_origin, NULL, NULL);
    hb_font_set_funcs(font, functions, &handle->face, NULL);
    hb_font_funcs_destroy(functions);
    hb_font_make_immutable(font);
    return font;
}

bool face_open(FaceHandle *handle)
{
    if (handle->is_open)
        return true;
    FontFile *file = handle->file;
    if (!fontfile_open(handle->library, file))
        return false;
    unsigned size;
    const char *bytes = hb_blob_get_data(file->blob, &size);
    handle->is_sfnt = is_sfnt(bytes, size);
    hb_face_t *face = hb_face_create(file->blob, (unsigned)handle->face.index);
    hb_face_make_immutable(face);
    handle->hb_face = face;
    if (handle->is_sfnt) {
        if (!tables_are_whole(face, bytes, size, handle->face.index))
            return fail_bad(file);
        read_metrics(handle);
    } else if (!open_bitmap(handle, bytes, size)) {
        return false;
    }
    if (handle->is_sfnt && handle->face.strikes_only) {
        hb_blob_t *strikes = hb_face_reference_table(face, HB_TAG('E', 'B', 'L', 'C'));
        if (hb_blob_get_length(strikes) > 0)
            handle->strike_glyphs = strike_glyphs_read(face, hb_face_get_glyph_count(face));
        hb_blob_destroy(strikes);
    }
    hb_font_t *font = hb_font_create(face);
    hb_ot_font_set_funcs(font);
    hb_font_set_scale(font, handle->face.units_per_em, handle->face.units_per_em);
    hb_font_make_immutable(font);
    handle->hb_font = font;
    handle->box_count = hb_face_get_glyph_count(face);
    handle->boxes = calloc(handle->box_count + 1, sizeof *handle->boxes);     /* only what is used of it is ever touched */
    handle->face.is_color = handle->is_sfnt && hb_ot_color_has_png(face);
    handle->hb_vertical = open_vertical(handle);
    handle->face.file = file->path;
    handle->face.sha256 = file->pin ? file->pin->sha256 : "";
    handle->is_open = true;
    return true;
}

void face_release(FaceHandle *handle)
{
    hb_font_destroy(handle->hb_vertical);
    hb_font_destroy(handle->hb_font);
    hb_face_destroy(handle->hb_face);
    free(handle->boxes);
    free(handle->strike_glyphs);
    free(handle->ranges);
    if (!handle->family) {
        fontfile_release(handle->file);
        free((char *)handle->file->name);
        free(handle->file);
        free((char *)handle->face.family);
        if (handle->face.axes[0]) free((char *)handle->face.axes);
        free(handle);
    }
}

/* The strikes of an sfnt file, ascending, from available_sizes[].y_ppem (`height` is another thing: 18 for 16 dots). */
static void read_own_strikes(FaceHandle *handle, FT_Face face)
{
    size_t count = 0, room = sizeof handle->own_strikes / sizeof *handle->own_strikes;
    for (int i = 0; i < face->num_fixed_sizes && count < room; i++) {
        int ppem = (int)((face->available_sizes[i].y_ppem + 32) / 64);
        size_t at = count;
        while (at > 0 && handle->own_strikes[at - 1] > ppem)
            at--;
        if (ppem < 1 || (at > 0 && handle->own_strikes[at - 1] == ppem))
            continue;
        memmove(handle->own_strikes + at + 1, handle->own_strikes + at, (count - at) * sizeof *handle->own_strikes);
        handle->own_strikes[at] = ppem;
        count++;
    }
    handle->face.strikes = handle->own_strikes;
    handle->face.strike_count = count;
    handle->face.strikes_only = !FT_IS_SCALABLE(face);
}

/* What a file says of itself: names and weight, and whether FreeType, which will draw it, can open it at all. */
static bool read_own_names(FaceHandle *handle)
{
    FT_Library freetype;
    FT_Face face = NULL;
    unsigned size;
    const char *bytes = hb_blob_get_data(handle->file->blob, &size);
    if (FT_Init_FreeType(&freetype) != 0)
        return fail_bad(handle->file);
    bool ok = FT_New_Memory_Face(freetype, (const FT_Byte *)bytes, (FT_Long)size, handle->face.index, &face) == 0 &&
              (FT_IS_SCALABLE(face) || face->num_fixed_sizes > 0);
    if (ok) {
        if (handle->is_sfnt)
            read_own_strikes(handle, face);
        Table os2 = table_open(handle->hb_face, HB_TAG('O', 'S', '/', '2'));
        int weight = table_s16(&os2, 4);
        hb_blob_destroy(os2.blob);
        handle->face.weight = weight >= 1 && weight <= 1000 ? weight : face->style_flags & FT_STYLE_FLAG_BOLD ? 700 : 400;
        handle->face.style_name = font_weight_name(handle->face.weight);
        const char *slash = strrchr(handle->file->path, '/');
        const char *file_name = slash ? slash + 1 : handle->file->path;
        const char *name = face->family_name && face->family_name[0] ? face->family_name : file_name;
        char *copy = strdup(name);
        if (copy) {
            for (char *c = copy; *c; c++)          /* a hostile name must not reach a terminal or a dump */
                if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f)
                    *c = '?';
            handle->face.family = copy;
        }
        ok = copy != NULL;
    }
    FT_Done_FreeType(freetype);
    return ok ? true : fail_bad(handle->file);
}

void face_add_own(FontLibrary *library, FaceHandle *handle)
{
    handle->face.serial = library->serial_count++;
    handle->next = library->own_faces;
    library->own_faces = handle;
}

FaceHandle *face_open_own(FontLibrary *library, const char *path, int index, FontProblem *problem)
{
    for (FaceHandle *own = library->own_faces; own; own = own->next)
        if (!own->base && own->face.index == index && strcmp(own->file->name, path) == 0)
            return own;
    FaceHandle *handle = calloc(1, sizeof *handle);
    FontFile *file = calloc(1, sizeof *file);
    if (handle && file) {
        file->name = strdup(path);
        file->path = strdup(path);
        file->package = file->licence = "";
        file->is_looked_for = true;
        handle->library = library;
        handle->file = file;
        handle->face = (Face){.family = NULL, .style_name = "Regular", .index = index, .weight = 400, .sha256 = "",
                              .axes = "", .file = "", .handle = handle};
    }
    if (!handle || !file || !file->name || !file->path) {
        if (file) {
            free((char *)file->name);
            free(file->path);
        }
        free(file);
        free(handle);
        *problem = (FontProblem){.code = "bad-font", .message = "no memory left to open a font"};
        return NULL;
    }
    if (!face_open(handle) || !read_own_names(handle)) {
        *problem = *file->problem;
        face_release(handle);
        return NULL;
    }
    face_add_own(library, handle);
    return handle;
}
