/* coverage.c -- which characters a face has.
 *
 * An sfnt face is asked through HarfBuzz's immutable character map. Bitmap files (PCF, BDF) have none that HarfBuzz reads:
 * FreeType lists theirs once, at the first question, as sorted ranges. */
#include "font/private.h"

#include <stdlib.h>
#include <string.h>

#include <hb.h>

typedef struct RangeList { CodeRange *items; size_t count, room; bool failed; } RangeList;

static void add_code(RangeList *list, uint32_t code)
{
    if (list->count && list->items[list->count - 1].last + 1 == code) {
        list->items[list->count - 1].last = code;
        return;
    }
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 64;
        CodeRange *items = realloc(list->items, room * sizeof *items);
        if (!items) {
            list->failed = true;
            return;
        }
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = (CodeRange){code, code};
}

static void list_codes(FT_Library freetype, FontFile *file, int index, RangeList *list)
{
    unsigned size;
    const char *bytes = hb_blob_get_data(file->blob, &size);
    FT_Face face;
    if (FT_New_Memory_Face(freetype, (const FT_Byte *)bytes, (FT_Long)size, index, &face) != 0)
        return;
    FT_UInt glyph;
    FT_ULong code = FT_Get_First_Char(face, &glyph);
    while (glyph != 0 && !list->failed) {
        add_code(list, (uint32_t)code);
        code = FT_Get_Next_Char(face, code, &glyph);
    }
    FT_Done_Face(face);
}

static int by_first(const void *a, const void *b)
{
    const CodeRange *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

/* Several files (strikes) list their own; sorted and joined they are the characters of any strike. */
static void join_ranges(RangeList *list)
{
    if (list->count == 0)
        return;
    qsort(list->items, list->count, sizeof *list->items, by_first);
    size_t kept = 0;
    for (size_t i = 1; i < list->count; i++) {
        CodeRange *last = &list->items[kept], next = list->items[i];
        if (next.first <= last->last + 1)
            last->last = next.last > last->last ? next.last : last->last;
        else
            list->items[++kept] = next;
    }
    list->count = kept + 1;
}

static void read_ranges(FaceHandle *handle)
{
    FT_Library freetype;
    RangeList list = {0};
    if (FT_Init_FreeType(&freetype) == 0) {
        size_t count = handle->strike_files ? handle->face.strike_count : 1;
        for (size_t i = 0; i < count; i++) {
            FontFile *file = handle->strike_files ? handle->strike_files[i] : handle->file;
            if (fontfile_open(handle->library, file))
                list_codes(freetype, file, handle->face.index, &list);
        }
        FT_Done_FreeType(freetype);
    }
    join_ranges(&list);
    handle->ranges = list.items;
    handle->range_count = list.count;
}

static bool has_in_ranges(FaceHandle *handle, uint32_t codepoint)
{
    if (!atomic_load_explicit(&handle->has_ranges, memory_order_acquire)) {
        pthread_mutex_lock(&handle->library->lock);
        if (!atomic_load_explicit(&handle->has_ranges, memory_order_relaxed)) {
            read_ranges(handle);
            atomic_store_explicit(&handle->has_ranges, true, memory_order_release);
        }
        pthread_mutex_unlock(&handle->library->lock);
    }
    size_t low = 0, high = handle->range_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (handle->ranges[middle].last < codepoint)
            low = middle + 1;
        else
            high = middle;
    }
    return low < handle->range_count && handle->ranges[low].first <= codepoint;
}

bool font_has(const Face *face, uint32_t codepoint)
{
    FaceHandle *handle = face->handle;
    if (!handle->is_sfnt)
        return has_in_ranges(handle, codepoint);
    hb_codepoint_t glyph;
    if (!hb_font_get_nominal_glyph(handle->hb_font, codepoint, &glyph) || glyph == 0)
        return false;
    return !handle->strike_glyphs || (handle->strike_glyphs[glyph / 8] >> (glyph % 8) & 1);
}

size_t font_families_with(FontLibrary *library, uint32_t codepoint, const char **names, size_t most)
{
    size_t count = 0;
    for (size_t f = 0; f < library->family_count && count < most; f++) {
        FontFamily *family = &library->families[f];
        FaceHandle *open = NULL;
        pthread_mutex_lock(&library->lock);
        for (size_t i = 0; i < family->face_count && !open; i++)
            open = fontfile_find(library, family->faces[i].file) && face_open(&family->faces[i]) ? &family->faces[i] : NULL;
        pthread_mutex_unlock(&library->lock);
        if (open && font_has(&open->face, codepoint))
            names[count++] = family->name;
    }
    return count;
}
