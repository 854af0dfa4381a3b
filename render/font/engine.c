/* engine.c -- the FreeType faces of one thread, and HarfBuzz fonts at a whole number of dots.
 *
 * Dots must be shaped as they will be drawn: HarfBuzz's own OpenType functions answer glyph 0 for bitmap files and outline
 * advances for embedded strikes, so here it asks FreeType, with the very load flags of drawing. Some of FreeType's
 * advances are still fractions (light hinting keeps the linear ones): they are rounded to whole dots. */
#include "font/private.h"

#include <hb-ft.h>
#include <stdlib.h>

/* One file opened by this engine: a face, or one strike of a face that has a file for each. */
typedef struct OpenFace {
    const FaceHandle *handle;
    FontFile *file;
    FT_Face ft;                   /* NULL: FreeType refused it */
    struct OpenFace *next;
} OpenFace;

typedef struct DotFont {
    OpenFace *open;
    int ppem;
    DotMode mode;
    hb_font_t *through_freetype, *rounded;
    struct DotFont *next;
} DotFont;

struct FontEngine {
    Arena *arena;
    FontLibrary *library;
    FT_Library freetype;
    OpenFace *faces;              /* the most recently chosen file of a face stands before its others */
    DotFont *dots;
};

/* In this order: the HarfBuzz fonts hold FreeType faces, those need the FreeType library. */
static void release_engine(void *pointer)
{
    FontEngine *engine = pointer;
    for (DotFont *dots = engine->dots; dots; dots = dots->next) {
        hb_font_destroy(dots->rounded);
        hb_font_destroy(dots->through_freetype);
    }
    for (OpenFace *open = engine->faces; open; open = open->next)
        if (open->ft)
            FT_Done_Face(open->ft);
    if (engine->freetype)
        FT_Done_FreeType(engine->freetype);
}

FontEngine *font_engine_new(Arena *arena, FontLibrary *library)
{
    void **place = arena_own(arena, release_engine);
    FontEngine *engine = ARENA_NEW(arena, FontEngine);
    engine->arena = arena;
    engine->library = library;
    *place = engine;
    if (FT_Init_FreeType(&engine->freetype) != 0)
        engine->freetype = NULL;
    return engine;
}

static OpenFace *open_file(FontEngine *engine, const FaceHandle *handle, FontFile *file)
{
    OpenFace **link = &engine->faces;
    while (*link && !((*link)->handle == handle && (*link)->file == file))
        link = &(*link)->next;
    OpenFace *open = *link;
    if (open) {
        *link = open->next;                       /* to the front: font_ft_face answers with the last chosen */
    } else {
        open = ARENA_NEW(engine->arena, OpenFace);
        open->handle = handle;
        open->file = file;
        pthread_mutex_lock(&engine->library->lock);
        bool is_mapped = fontfile_open(engine->library, file);
        pthread_mutex_unlock(&engine->library->lock);
        unsigned size = 0;
        const char *bytes = is_mapped ? hb_blob_get_data(file->blob, &size) : NULL;
        if (!bytes || !engine->freetype ||
            FT_New_Memory_Face(engine->freetype, (const FT_Byte *)bytes, (FT_Long)size, handle->face.index, &open->ft) != 0)
            open->ft = NULL;
    }
    open->next = engine->faces;
    engine->faces = open;
    return open;
}

FT_Face font_ft_face(FontEngine *engine, const Face *face)
{
    for (OpenFace *open = engine->faces; open; open = open->next)
        if (open->handle == face->handle && open->ft)
            return open->ft;
    return open_file(engine, face->handle, face->handle->file)->ft;
}

FT_Int32 font_load_flags(DotMode mode)
{
    static const FT_Int32 flags[] = {
        [DOT_STRIKE] = FT_LOAD_TARGET_MONO,
        [DOT_MONO] = FT_LOAD_NO_BITMAP | FT_LOAD_TARGET_MONO,     /* never FORCE_AUTOHINT: it makes 胃 and 胄 the same */
        [DOT_LIGHT] = FT_LOAD_NO_BITMAP | FT_LOAD_TARGET_LIGHT,
    };
    return flags[mode];
}

bool font_has_strike(const Face *face, int ppem)
{
    for (size_t i = 0; i < face->strike_count; i++)
        if (face->strikes[i] == ppem)
            return true;
    return false;
}

/* The file that draws `ppem` dots: the strike's own, or the only one. */
static FontFile *file_for(const FaceHandle *handle, int ppem)
{
    for (size_t i = 0; handle->strike_files && i < handle->face.strike_count; i++)
        if (handle->face.strikes[i] == ppem)
            return handle->strike_files[i];
    return handle->file;
}

/* By y_ppem and exactly: FT_Set_Pixel_Sizes matches a strike by nominal height, which is not the dots of every font. */
static bool set_dots(FT_Face ft, int ppem, DotMode mode)
{
    if (mode == DOT_STRIKE || !FT_IS_SCALABLE(ft))
        for (int i = 0; i < ft->num_fixed_sizes; i++)
            if (ft->available_sizes[i].y_ppem == ppem * 64)
                return FT_Select_Size(ft, i) == 0;
    return FT_IS_SCALABLE(ft) && FT_Set_Pixel_Sizes(ft, 0, (FT_UInt)ppem) == 0;
}

static OpenFace *open_dots(FontEngine *engine, const Face *face, int ppem, DotMode mode)
{
    if (ppem < 1 || ppem > 4096 || (mode == DOT_STRIKE && !font_has_strike(face, ppem)))
        return NULL;
    OpenFace *open = open_file(engine, face->handle, file_for(face->handle, ppem));
    return open->ft && set_dots(open->ft, ppem, mode) ? open : NULL;
}

FT_Face font_ft_dots(FontEngine *engine, const Face *face, int ppem, DotMode mode)
{
    OpenFace *open = open_dots(engine, face, ppem, mode);
    return open ? open->ft : NULL;
}

static hb_position_t whole_advance(hb_font_t *font, void *data, hb_codepoint_t glyph, void *user)
{
    (void)data, (void)user;
    hb_position_t advance = hb_font_get_glyph_h_advance(hb_font_get_parent(font), glyph);
    return (advance + 32) & ~63;
}

static hb_font_t *round_advances(hb_font_t *font)
{
    hb_font_t *rounded = hb_font_create_sub_font(font);
    hb_font_funcs_t *functions = hb_font_funcs_create();
    hb_font_funcs_set_glyph_h_advance_func(functions, whole_advance, NULL, NULL);
    hb_font_set_funcs(rounded, functions, NULL, NULL);
    hb_font_funcs_destroy(functions);
    return rounded;
}

hb_font_t *font_hb_dots(FontEngine *engine, const Face *face, int ppem, DotMode mode)
{
    OpenFace *open = open_dots(engine, face, ppem, mode);
    if (!open)
        return NULL;
    for (DotFont *dots = engine->dots; dots; dots = dots->next)
        if (dots->open == open && dots->ppem == ppem && dots->mode == mode)
            return dots->rounded;
    DotFont *dots = ARENA_NEW(engine->arena, DotFont);
    *dots = (DotFont){.open = open, .ppem = ppem, .mode = mode, .next = engine->dots};
    engine->dots = dots;
    dots->through_freetype = hb_ft_font_create_referenced(open->ft);
    hb_ft_font_set_load_flags(dots->through_freetype, font_load_flags(mode));
    dots->rounded = round_advances(dots->through_freetype);
    return dots->rounded;
}
