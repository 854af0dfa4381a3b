/* engine.c -- the handles of one worker: buffer, bidi, iterators, and the faces of the font sets in use. */
#include "text/private.h"

#include <hb-ot.h>
#include <string.h>

#define AXES_MOST 32

static void release_buffer(void *buffer) { hb_buffer_destroy(buffer); }
static void release_bidi(void *bidi) { ubidi_close(bidi); }
static void release_utext(void *utext) { utext_close(utext); }
static void release_arena(void *arena) { arena_free(arena); }

TextEngine *text_engine_new(Arena *arena, FontLibrary *library, bool is_dots)
{
    TextEngine *engine = ARENA_NEW(arena, TextEngine);
    engine->arena = arena;
    engine->library = library;
    engine->is_dots = is_dots;
    engine->fonts = font_engine_new(arena, library);
    void **scratch = arena_own(arena, release_arena);
    *scratch = arena_new(0);
    engine->scratch = *scratch ? *scratch : arena;
    void **buffer = arena_own(arena, release_buffer);
    *buffer = engine->buffer = hb_buffer_create();
    engine->bidi_place = arena_own(arena, release_bidi);
    engine->utext_place = arena_own(arena, release_utext);
    return engine;
}

static bool has_same_axes(const ResolvedFonts *known, const TextStyle *style)
{
    if (known->axis_count != style->axis_count) return false;
    for (size_t i = 0; i < style->axis_count && known->axes != style->axes; i++)
        if (known->axes[i].value != style->axes[i].value || strcmp(known->axes[i].tag, style->axes[i].tag) != 0) return false;
    return true;
}

static const ResolvedFonts *known_fonts(const TextEngine *engine, const TextStyle *style)
{
    const FontSet *set = style->font;
    for (size_t i = 0; i < engine->set_count; i++) {
        const ResolvedFonts *known = &engine->sets[i];
        if (known->set == set && known->weight == (int)style->weight && known->family == set->family && known->file == set->file && has_same_axes(known, style) &&
            (!known->dots || known->dots == style->size))
            return known;
    }
    return NULL;
}

/* The face at the style's axes. Those of a fallback take what they have of them. */
static const Face *instance_of(TextEngine *engine, const Face *face, const TextStyle *style, bool is_first, DiagList *diags)
{
    FontAxis axes[AXES_MOST];
    size_t count = style->axis_count < AXES_MOST ? style->axis_count : AXES_MOST;
    for (size_t i = 0; i < count; i++) {
        memcpy(axes[i].tag, style->axes[i].tag, sizeof axes[i].tag);
        axes[i].value = (float)style->axes[i].value;
    }
    return font_instance(engine->library, face, axes, count, (int)style->weight, is_first, style->axes_where, diags);
}

static bool find_dot_fonts(TextEngine *engine, const TextStyle *style, ResolvedFonts *found, DiagList *diags)
{
    int weight = (int)style->weight;
    found->dots = style->size;
    for (const DotFont *font = dot_fonts(style->size, &weight); font->family; font++) {
        const Face *face = font_find(engine->library, font->family, weight, style->font->where, diags);
        if (!face) return false;
        found->excludes[found->face_count] = font->exclude;
        found->faces[found->face_count++] = face;
    }
    return true;
}

const ResolvedFonts *engine_fonts(TextEngine *engine, const TextStyle *style, DiagList *diags)
{
    const FontSet *set = style->font;
    const ResolvedFonts *known = known_fonts(engine, style);
    if (known) return known;
    ResolvedFonts found = {.set = set, .family = set->family, .file = set->file, .weight = (int)style->weight, .axes = style->axes, .axis_count = style->axis_count};
    found.faces = ARENA_ARRAY(engine->arena, const Face *, set->fallback_count + DOT_FONTS + 1);
    found.excludes = ARENA_ARRAY(engine->arena, const char *, set->fallback_count + DOT_FONTS + 1);
    found.excludes[0] = set->exclude;
    bool is_dots = engine->is_dots && !set->file && dot_fonts_is(set->family);
    bool is_good = !is_dots || find_dot_fonts(engine, style, &found, diags);
    for (size_t i = is_dots; i <= set->fallback_count; i++) {
        Span where = i == 0 ? set->where : set->fallback_spans ? set->fallback_spans[i - 1] : set->where;
        const Face *face = i == 0 && set->file ? font_find_file(engine->library, set->file, where, diags)
                         : font_find(engine->library, i == 0 ? set->family : set->fallback[i - 1], (int)style->weight, where, diags);
        if (face) face = instance_of(engine, face, style, i == 0, diags);
        if (!face) is_good = false;
        else found.faces[found.face_count++] = face;
    }
    if (!is_good) return NULL;
    /* A full table forgets its oldest entry: a document with more sets than that is only slower. */
    size_t slot = engine->set_count < ENGINE_FONT_SETS ? engine->set_count++ : engine->next_set++ % ENGINE_FONT_SETS;
    engine->sets[slot] = found;
    return &engine->sets[slot];
}

bool text_check_font(TextEngine *engine, const FontSet *font, FontWeight weight, DiagList *diags)
{
    return engine_fonts(engine, &(TextStyle){.font = font, .weight = weight}, diags) != NULL;
}

/* ---- features ---- */

static bool has_feature(hb_face_t *face, hb_tag_t tag)
{
    static const hb_tag_t tables[] = {HB_OT_TAG_GSUB, HB_OT_TAG_GPOS};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        hb_tag_t tags[64];
        unsigned start = 0, count;
        do {
            count = sizeof tags / sizeof *tags;
            hb_ot_layout_table_get_feature_tags(face, tables[t], start, &count, tags);
            for (unsigned i = 0; i < count; i++)
                if (tags[i] == tag) return true;
            start += count;
        } while (count == sizeof tags / sizeof *tags);
    }
    return false;
}

/* Figures are lining and of one width in most fonts, which then have no feature for it. */
static bool has_anyway(const Face *face, const char *tag)
{
    if (strcmp(tag, "lnum") == 0) return true;
    if (strcmp(tag, "tnum") != 0) return false;
    hb_font_t *font = font_hb_font(face);
    hb_position_t width = 0;
    for (uint32_t c = '0'; c <= '9'; c++) {
        hb_codepoint_t glyph;
        if (!hb_font_get_nominal_glyph(font, c, &glyph)) return true;
        hb_position_t own = hb_font_get_glyph_h_advance(font, glyph);
        if (c > '0' && own != width) return false;
        width = own;
    }
    return true;
}

static void check_feature(const ResolvedFonts *fonts, const char *tag, const TextStyle *style, DiagList *diags)
{
    for (size_t i = 0; i < fonts->face_count; i++)
        if (has_feature(font_hb_face(fonts->faces[i]), hb_tag_from_string(tag, -1)) || has_anyway(fonts->faces[i], tag)) return;
    diag_warning(diags, style->features_where, "no-feature", "take a font that has it, or leave it out", "\"%s\" has no feature \"%s\": nothing changes",
                 fonts->faces[0]->family, tag);
}

bool text_check_style(TextEngine *engine, const TextStyle *style, DiagList *diags)
{
    const ResolvedFonts *fonts = engine_fonts(engine, style, diags);
    if (!fonts) return false;
    if (engine->is_dots || fonts->faces[0]->strikes_only) return true;       /* dots know figures of one width, and no features */
    for (unsigned i = 0; i < NUMERIC_COUNT; i++)
        if (style->numeric & 1u << i) check_feature(fonts, numeric_features[i], style, diags);
    for (size_t i = 0; i < style->feature_count; i++)
        if (style->features[i].value) check_feature(fonts, style->features[i].tag, style, diags);
    return true;
}
