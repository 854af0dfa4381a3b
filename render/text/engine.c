/* engine.c -- the handles of one worker: buffer, bidi, iterators, and the faces of the font sets in use. */
#include "text/private.h"

#include <string.h>

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

static const ResolvedFonts *known_fonts(const TextEngine *engine, const FontSet *set, FontWeight weight)
{
    for (size_t i = 0; i < engine->set_count; i++) {
        const ResolvedFonts *known = &engine->sets[i];
        if (known->set == set && known->weight == (int)weight && known->family == set->family && known->file == set->file)
            return known;
    }
    return NULL;
}

const ResolvedFonts *engine_fonts(TextEngine *engine, const FontSet *set, FontWeight weight, DiagList *diags)
{
    const ResolvedFonts *known = known_fonts(engine, set, weight);
    if (known) return known;
    ResolvedFonts found = {.set = set, .family = set->family, .file = set->file, .weight = (int)weight};
    found.faces = ARENA_ARRAY(engine->arena, const Face *, set->fallback_count + 1);
    bool is_good = true;
    for (size_t i = 0; i <= set->fallback_count; i++) {
        Span where = i == 0 ? set->where : set->fallback_spans ? set->fallback_spans[i - 1] : set->where;
        const Face *face = i == 0 && set->file ? font_find_file(engine->library, set->file, where, diags)
                         : font_find(engine->library, i == 0 ? set->family : set->fallback[i - 1], (int)weight, where, diags);
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
    return engine_fonts(engine, font, weight, diags) != NULL;
}
