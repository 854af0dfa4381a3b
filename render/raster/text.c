/* text.c -- glyph runs through Cairo's fonts: text that can be searched and copied in PDF, outlines in SVG, and paths of
 * glyphs too large for masks.
 *
 * Cairo keeps fonts in a cache of the process after our last reference, so it gets FreeType handles of its own (one
 * library a face, closed by Cairo's last reference) and never the engine's, which die with the engine.
 *
 * For a PDF, Cairo reads all of a font to write a few of its glyphs, 16 MB of Noto CJK twice over. So where it is known which glyphs there
 * will be, it gets a font that has no others. */
#include "raster/private.h"

#include <cairo-ft.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

struct FaceTable {
    struct FaceSlot {
        const Face *face;
        cairo_font_face_t *cairo; /* NULL: there is no such subset */
        hb_map_t *to_new;         /* of a subset: its ids by those of the face */
    } *slots;
    size_t count, capacity;
    cairo_font_options_t *options;
    FontGlyphs *glyphs;           /* what subsets are made of; NULL: whole faces */
};

typedef struct OwnFace { FT_Library library; FT_Face face; hb_blob_t *blob; } OwnFace;      /* blob: the bytes FreeType reads */

static const cairo_user_data_key_t own_face_key;

static void release_own_face(void *pointer)
{
    OwnFace *own = pointer;
    if (own->face)
        FT_Done_Face(own->face);
    if (own->library)
        FT_Done_FreeType(own->library);
    hb_blob_destroy(own->blob);
    free(own);
}

static void release_faces(void *pointer)
{
    FaceTable *table = pointer;
    for (size_t i = 0; i < table->count; i++) {
        cairo_font_face_destroy(table->slots[i].cairo);
        hb_map_destroy(table->slots[i].to_new);
    }
    free(table->slots);
    cairo_font_options_destroy(table->options);
}

FaceTable *text_faces_new(Arena *arena, FontGlyphs *glyphs)
{
    void **place = arena_own(arena, release_faces);
    FaceTable *table = ARENA_NEW(arena, FaceTable);
    *place = table;
    table->glyphs = glyphs;
    table->options = cairo_font_options_create();
    cairo_font_options_set_hint_style(table->options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(table->options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(table->options, CAIRO_ANTIALIAS_GRAY);
    return table;
}

/* Takes the blob over. */
static cairo_font_face_t *open_cairo_face(hb_blob_t *blob, int index)
{
    OwnFace *own = calloc(1, sizeof *own);
    if (!own) {
        hb_blob_destroy(blob);
        return NULL;
    }
    own->blob = blob;
    unsigned size = 0;
    const char *bytes = hb_blob_get_data(own->blob, &size);
    if (FT_Init_FreeType(&own->library) != 0 ||
        FT_New_Memory_Face(own->library, (const FT_Byte *)bytes, (FT_Long)size, index, &own->face) != 0) {
        release_own_face(own);
        return NULL;
    }
    cairo_font_face_t *cairo = cairo_ft_font_face_create_for_ft_face(own->face, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP);
    if (cairo_font_face_set_user_data(cairo, &own_face_key, own, release_own_face) != CAIRO_STATUS_SUCCESS) {
        cairo_font_face_destroy(cairo);
        release_own_face(own);
        return NULL;
    }
    return cairo;
}

static struct FaceSlot open_subset(FontGlyphs *glyphs, const Face *face)
{
    struct FaceSlot slot = {.face = face};
    FaceGlyphs *of = font_glyphs_of(glyphs, face);
    hb_set_t *ids = hb_set_create();
    if (of)
        face_glyphs_list(of, ids);
    FontSubset subset = font_subset(face, ids, FONT_KEEPS_NAME);
    hb_set_destroy(ids);
    if (subset.face)
        slot.cairo = open_cairo_face(hb_face_reference_blob(subset.face), 0);
    if (slot.cairo)
        slot.to_new = hb_map_reference(subset.to_new);
    font_subset_free(&subset);
    return slot;
}

/* The Cairo face, opened on first use; NULL when FreeType refuses the file or memory is out. */
static const struct FaceSlot *find_slot(FaceTable *table, const Face *face)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->slots[i].face == face)
            return &table->slots[i];
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 8;
        struct FaceSlot *slots = realloc(table->slots, capacity * sizeof *slots);
        if (!slots)
            return NULL;
        table->slots = slots;
        table->capacity = capacity;
    }
    struct FaceSlot *slot = &table->slots[table->count++];
    *slot = table->glyphs ? open_subset(table->glyphs, face)
                          : (struct FaceSlot){.face = face, .cairo = open_cairo_face(hb_face_reference_blob(font_hb_face(face)), face->index)};
    return slot;
}

/* Are all glyphs of the run in the subset? (What is drawn may differ from what was expected: a sheet's number.) */
static bool has_all(const struct FaceSlot *slot, const GlyphRun *run)
{
    if (!slot || !slot->cairo)
        return false;
    for (size_t i = 0; i < run->glyph_count; i++)
        if (hb_map_get(slot->to_new, run->glyphs[i].id) == HB_MAP_VALUE_INVALID)
            return false;
    return true;
}

static const struct FaceSlot *slot_for(Drawing *drawing, const GlyphRun *run)
{
    const struct FaceSlot *slot = drawing->subsets ? find_slot(drawing->subsets, run->face) : NULL;
    if (!has_all(slot, run))
        slot = find_slot(drawing->raster->faces, run->face);
    return slot && slot->cairo ? slot : NULL;
}

/* ---- glyphs and clusters as Cairo wants them ---- */

static unsigned long id_in(const struct FaceSlot *slot, uint32_t id) { return slot->to_new ? hb_map_get(slot->to_new, id) : id; }

static cairo_glyph_t *glyphs_of(Raster *raster, const GlyphRun *run, const struct FaceSlot *slot)
{
    if (raster->glyph_capacity < run->glyph_count) {
        raster->glyph_capacity = run->glyph_count * 2;
        raster->glyph_room = ARENA_ARRAY(raster->arena, cairo_glyph_t, raster->glyph_capacity);
    }
    for (size_t i = 0; i < run->glyph_count; i++)
        raster->glyph_room[i] = (cairo_glyph_t){id_in(slot, run->glyphs[i].id), length_to_pt(run->glyphs[i].x), length_to_pt(run->glyphs[i].y)};
    return raster->glyph_room;
}

/* NULL unless the clusters cover text and glyphs exactly; Cairo would put the whole page in error. */
static cairo_text_cluster_t *clusters_of(Raster *raster, const GlyphRun *run, size_t text_length)
{
    if (!run->cluster_count || !utf8_is_valid(run->text, text_length, NULL))
        return NULL;
    if (raster->cluster_capacity < run->cluster_count) {
        raster->cluster_capacity = run->cluster_count * 2;
        raster->cluster_room = ARENA_ARRAY(raster->arena, cairo_text_cluster_t, raster->cluster_capacity);
    }
    size_t bytes = 0, glyphs = 0;
    for (size_t i = 0; i < run->cluster_count; i++) {
        Cluster cluster = run->clusters[i];
        size_t end = bytes + cluster.byte_count;
        bool splits_character = end < text_length && ((unsigned char)run->text[end] & 0xC0) == 0x80;
        if ((!cluster.byte_count && !cluster.glyph_count) || end > text_length || splits_character)
            return NULL;
        bytes = end;
        glyphs += cluster.glyph_count;
        raster->cluster_room[i] = (cairo_text_cluster_t){cluster.byte_count, cluster.glyph_count};
    }
    return bytes == text_length && glyphs == run->glyph_count ? raster->cluster_room : NULL;
}

/* ---- drawing ---- */

static void set_font(Drawing *drawing, const GlyphRun *run, cairo_font_face_t *face)
{
    double size = length_to_pt(run->size), quarters = run->rotate / 90;
    cairo_matrix_t matrix;
    cairo_matrix_init_rotate(&matrix, run->rotate * (M_PI / 180));
    if (quarters == floor(quarters)) {            /* cos(pi / 2) is not quite zero */
        matrix.xx = matrix.yy = round(matrix.xx);
        matrix.yx = round(matrix.yx), matrix.xy = round(matrix.xy);
    }
    cairo_matrix_scale(&matrix, run->stretch != 0 ? size * run->stretch : size, size);
    cairo_set_font_face(drawing->cr, face);
    cairo_set_font_matrix(drawing->cr, &matrix);
    cairo_set_font_options(drawing->cr, drawing->raster->faces->options);
}

/* The outline under the letters: twice as wide as it shows. */
static void draw_outline(Drawing *drawing, const GlyphRun *run, const cairo_glyph_t *glyphs)
{
    cairo_t *cr = drawing->cr;
    draw_set_color(drawing, run->stroke_color, true);
    cairo_set_dash(cr, NULL, 0, 0);
    cairo_set_line_width(cr, 2 * length_to_pt(run->stroke_width));
    static const cairo_line_join_t joins[] = {[STROKE_ROUND] = CAIRO_LINE_JOIN_ROUND, [STROKE_MITER] = CAIRO_LINE_JOIN_MITER, [STROKE_BEVEL] = CAIRO_LINE_JOIN_BEVEL};
    double limit = cairo_get_miter_limit(cr);
    cairo_set_line_join(cr, joins[run->stroke_join]);
    cairo_set_miter_limit(cr, STROKE_MITER_LIMIT);
    cairo_new_path(cr);
    cairo_glyph_path(cr, glyphs, (int)run->glyph_count);
    cairo_stroke(cr);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_MITER);
    cairo_set_miter_limit(cr, limit);
}

/* ---- what a file says ---- */

/* Drawn, and no text in any file: glyphs of a font would be taken for what they usually say. */
static void draw_silently(cairo_t *cr, const cairo_glyph_t *glyphs, int count)
{
    cairo_new_path(cr);
    cairo_glyph_path(cr, glyphs, count);
    cairo_fill(cr);
}

static double lying_advance(const GlyphRun *run, const Glyph *glyph)
{
    return hb_font_get_glyph_h_advance(font_hb_font(run->face), glyph->id) * length_to_pt(run->size) / run->face->units_per_em;
}

/* Says `text` by glyphs of a run lying in its line, one under the other and each `step` long, clipped to a hair. */
static void say_lying(Drawing *drawing, const GlyphRun *run, const struct FaceSlot *slot, const char *text, size_t length, const Glyph *from, size_t count,
                      const cairo_text_cluster_t *clusters, size_t cluster_count, double step, double width)
{
    cairo_t *cr = drawing->cr;
    const Face *own = run->face;
    double size = length_to_pt(run->size), share = (double)own->ascent / (own->ascent + own->descent), advance = lying_advance(run, from);
    GlyphRun lying = *run;
    lying.rotate = 90;
    lying.stretch = advance > 0 ? step / advance : 1;
    set_font(drawing, &lying, slot->cairo);
    double x = length_to_pt(from->x) + width / 2 - (share - 0.5) * size;
    cairo_glyph_t *glyphs = drawing->raster->glyph_room;
    for (size_t i = 0; i < count; i++)
        glyphs[i] = (cairo_glyph_t){id_in(slot, from[i].id), x, length_to_pt(from[step == size ? i : 0].y) - share * size + (step == size ? 0 : (double)i * step)};
    cairo_text_extents_t ink;
    cairo_glyph_extents(cr, glyphs, (int)count, &ink);
    cairo_save(cr);
    cairo_rectangle(cr, glyphs[0].x + ink.x_bearing + ink.width / 2, glyphs[0].y + ink.y_bearing, 0.02, ink.height);
    cairo_clip(cr);
    cairo_set_source_rgba(cr, 1, 1, 1, 0.004);
    cairo_show_text_glyphs(cr, text, (int)length, glyphs, (int)count, clusters, (int)cluster_count, 0);
    cairo_restore(cr);
}

#define COMBINED_MOST 8

/* As many characters as glyphs, as far as one can see one each: figures that share a square. */
static bool split_cluster(const char *text, size_t length, size_t count, cairo_text_cluster_t own[COMBINED_MOST])
{
    size_t at = 0, found = 0;
    while (at < length && found < count && count <= COMBINED_MOST) {
        size_t start = at;
        utf8_next(text, length, &at);
        own[found++] = (cairo_text_cluster_t){(int)(at - start), 1};
    }
    return at == length && found == count;
}

/* Says the text of upright characters in a vertical line. Cairo knows no vertical writing: shown as they are, readers of
 * the file would find a line in each of them, and the columns in the wrong order. So the text is said a second time by the
 * same glyphs lying in the line, where nobody sees them. */
static void say_vertical(Drawing *drawing, const GlyphRun *run, const struct FaceSlot *slot, const cairo_text_cluster_t *clusters)
{
    double size = length_to_pt(run->size);
    bool is_square = run->glyph_count == run->cluster_count;
    for (size_t i = 0; i < run->glyph_count && is_square; i++) is_square = fabs(lying_advance(run, &run->glyphs[i]) - size) < 0.01 * size;
    if (is_square) {
        say_lying(drawing, run, slot, run->text, strlen(run->text), run->glyphs, run->glyph_count, clusters, run->cluster_count, size, size);
        return;
    }
    const char *text = run->text;
    const Glyph *glyph = run->glyphs;
    for (size_t i = 0; i < run->cluster_count; i++) {
        size_t count = run->clusters[i].glyph_count, length = run->clusters[i].byte_count;
        double width = count > 1 ? size : count ? lying_advance(run, glyph) : 0;
        cairo_text_cluster_t own[COMBINED_MOST];
        bool is_each = count > 1 && split_cluster(text, length, count, own);
        if (count) say_lying(drawing, run, slot, text, length, glyph, count, is_each ? own : &clusters[i], is_each ? count : 1, size / (double)count, width);
        text += length;
        glyph += count;
    }
}

void draw_text(Drawing *drawing, const GlyphRun *run)
{
    cairo_t *cr = drawing->cr;
    if (!run->glyph_count || run->size <= 0 || run->glyph_count > INT_MAX)
        return;
    if (run->face->strikes_only) {
        glyphs_draw_as_squares(drawing, run);
        return;
    }
    const struct FaceSlot *slot = slot_for(drawing, run);
    if (!slot) {
        drawing->failed = true;
        diag_system(drawing->diags, SPAN_NONE, "unreadable-font", "install the font's package again",
                    "the font file \"%s\" cannot be opened for drawing", run->face->file);
        return;
    }
    set_font(drawing, run, slot->cairo);
    cairo_glyph_t *glyphs = glyphs_of(drawing->raster, run, slot);
    if (run->stroke_color && run->stroke_width > 0)
        draw_outline(drawing, run, glyphs);
    if (!run->color)                              /* an outline and nothing in it */
        return;
    draw_set_color(drawing, run->color, true);
    if (drawing->target == TARGET_PIXELS) {
        draw_silently(cr, glyphs, (int)run->glyph_count);
        return;
    }
    size_t length = run->text ? strlen(run->text) : 0;
    cairo_text_cluster_t *clusters = length && length <= INT_MAX ? clusters_of(drawing->raster, run, length) : NULL;
    bool is_pdf = drawing->target == TARGET_PDF, is_upright = run->is_vertical && run->rotate == 0;
    if (is_pdf && (!clusters || is_upright)) {
        draw_silently(cr, glyphs, (int)run->glyph_count);
        if (clusters)
            say_vertical(drawing, run, slot, clusters);
        return;
    }
    if (!clusters) {
        cairo_show_glyphs(cr, glyphs, (int)run->glyph_count);
        return;
    }
    cairo_show_text_glyphs(cr, run->text, (int)length, glyphs, (int)run->glyph_count, clusters, (int)run->cluster_count,
                           run->is_backward ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : 0);
}
