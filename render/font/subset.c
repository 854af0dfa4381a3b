/* subset.c -- a face with nothing but the glyphs that are drawn, and which glyphs those are. */
#include "font/private.h"

#include <hb-ot.h>
#include <hb-subset.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ---- a subset ---- */

/* All tables but the one that maps characters: glyphs are asked for by their ids, and to look for the characters of each of them
 * takes longer than all the rest. */
static hb_blob_t *table_but_cmap(hb_face_t *face, hb_tag_t tag, void *whole)
{
    (void)face;
    return tag == HB_TAG('c', 'm', 'a', 'p') ? hb_blob_get_empty() : hb_face_reference_table(whole, tag);
}

static hb_subset_input_t *input_of(hb_face_t *face, const hb_set_t *glyphs, unsigned keeps)
{
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (!input) return NULL;
    hb_set_union(hb_subset_input_glyph_set(input), glyphs);
    hb_ot_var_axis_info_t axes[32];                            /* a variable font that nobody asked for another place of */
    unsigned axis_count = 32;
    hb_ot_var_get_axis_infos(face, 0, &axis_count, axes);
    for (unsigned i = 0; i < axis_count && i < 32; i++) hb_subset_input_pin_axis_to_default(input, face, axes[i].tag);
    /* Without the first three no glyph is added for what a feature might turn it into. */
    static const char *const dropped[] = {"GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG", "name"};
    size_t count = sizeof dropped / sizeof *dropped;
    if (keeps & FONT_KEEPS_NAME) count--;
    for (size_t i = 0; i < count; i++) hb_set_add(hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG), hb_tag_from_string(dropped[i], 4));
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_NOTDEF_OUTLINE | (keeps & FONT_KEEPS_IDS ? HB_SUBSET_FLAGS_RETAIN_GIDS : 0));
    return input;
}

FontSubset font_subset(const Face *face, const hb_set_t *glyphs, unsigned keeps)
{
    FontSubset subset = {0};
    hb_face_t *whole = hb_face_create_for_tables(table_but_cmap, font_hb_face(face), NULL);
    hb_subset_input_t *input = input_of(whole, glyphs, keeps);
    hb_subset_plan_t *plan = input ? hb_subset_plan_create_or_fail(whole, input) : NULL;
    if (plan) {
        subset.face = hb_subset_plan_execute_or_fail(plan);
        subset.to_new = hb_map_copy(hb_subset_plan_old_to_new_glyph_mapping(plan));
        hb_subset_plan_destroy(plan);
    }
    hb_subset_input_destroy(input);
    hb_face_destroy(whole);
    return subset;
}

void font_subset_free(FontSubset *subset)
{
    hb_face_destroy(subset->face);
    hb_map_destroy(subset->to_new);
    *subset = (FontSubset){0};
}

/* ---- which glyphs ---- */

#define FACES_MOST 64
#define GLYPH_IDS 65536
#define WORD_BITS 64

typedef struct FaceGlyphs { const Face *face; atomic_uint_fast64_t bits[GLYPH_IDS / WORD_BITS]; } FaceGlyphs;

struct FontGlyphs {
    pthread_mutex_t mutex;        /* of what is added to faces */
    FaceGlyphs *faces[FACES_MOST];
    atomic_size_t count;
};

static void release_glyphs(void *pointer)
{
    FontGlyphs *glyphs = pointer;
    for (size_t i = 0; i < glyphs->count; i++) free(glyphs->faces[i]);
    pthread_mutex_destroy(&glyphs->mutex);
}

FontGlyphs *font_glyphs_new(Arena *arena)
{
    void **place = arena_own(arena, release_glyphs);
    FontGlyphs *glyphs = ARENA_NEW(arena, FontGlyphs);
    pthread_mutex_init(&glyphs->mutex, NULL);
    return *place = glyphs;
}

static FaceGlyphs *find_face(const FontGlyphs *glyphs, const Face *face)
{
    size_t count = atomic_load_explicit(&glyphs->count, memory_order_acquire);
    for (size_t i = 0; i < count; i++)
        if (glyphs->faces[i]->face == face) return glyphs->faces[i];
    return NULL;
}

static FaceGlyphs *add_face(FontGlyphs *glyphs, const Face *face)
{
    pthread_mutex_lock(&glyphs->mutex);
    FaceGlyphs *of = find_face(glyphs, face);
    if (!of && glyphs->count < FACES_MOST && (of = calloc(1, sizeof *of))) {
        of->face = face;
        glyphs->faces[glyphs->count] = of;
        atomic_fetch_add_explicit(&glyphs->count, 1, memory_order_release);
    }
    pthread_mutex_unlock(&glyphs->mutex);
    return of;
}

FaceGlyphs *font_glyphs_of(FontGlyphs *glyphs, const Face *face)
{
    FaceGlyphs *of = find_face(glyphs, face);
    return of ? of : add_face(glyphs, face);
}

void face_glyphs_add(FaceGlyphs *glyphs, uint32_t id)
{
    if (id >= GLYPH_IDS) return;
    atomic_uint_fast64_t *word = &glyphs->bits[id / WORD_BITS];
    uint64_t bit = (uint64_t)1 << id % WORD_BITS;
    if (!(atomic_load_explicit(word, memory_order_relaxed) & bit)) atomic_fetch_or_explicit(word, bit, memory_order_relaxed);
}

void face_glyphs_list(const FaceGlyphs *glyphs, hb_set_t *out)
{
    for (uint32_t word = 0; word < GLYPH_IDS / WORD_BITS; word++) {
        uint64_t bits = atomic_load_explicit(&glyphs->bits[word], memory_order_relaxed);
        for (uint32_t bit = 0; bits; bit++, bits >>= 1)
            if (bits & 1) hb_set_add(out, word * WORD_BITS + bit);
    }
}
