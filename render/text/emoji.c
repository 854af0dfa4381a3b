/* emoji.c -- which characters are emoji, and the pictures that draw them.
 *
 * A character with the property Emoji_Presentation, or one that a variation selector, a modifier or a joiner makes an emoji,
 * is taken from the font for emoji before any other; one that U+FE0E follows never is, but where no other font has it. In
 * a line an emoji is one em wide and stands in the middle of the em, as a Chinese character does. */
#include "text/private.h"

#include <string.h>

#include <unicode/uchar.h>

EmojiKind emoji_kind(const Char *chars, size_t count)
{
    uint32_t first = chars[0].codepoint;
    if (first < 0x23 || char_is_han(first) || (count == 1 && first < 0xA9) || !u_hasBinaryProperty((UChar32)first, UCHAR_EMOJI)) return EMOJI_NONE;
    bool is_one = u_hasBinaryProperty((UChar32)first, UCHAR_EMOJI_PRESENTATION);
    for (size_t i = 1; i < count; i++) {
        uint32_t c = chars[i].codepoint;
        if (c == 0xFE0E) return EMOJI_POSSIBLE;
        if (c == 0xFE0F || c == 0x200D || u_hasBinaryProperty((UChar32)c, UCHAR_EMOJI_MODIFIER)) is_one = true;
    }
    return is_one ? EMOJI_WANTED : first < 0xA9 ? EMOJI_NONE : EMOJI_POSSIBLE;
}

void text_use_images(TextEngine *engine, ImageStore *images) { engine->images = images; }

const Image *emoji_picture(TextEngine *engine, const Face *face, uint32_t glyph, double *height)
{
    const char *slash = strrchr(face->file, '/');
    const char *name = arena_printf(engine->scratch, "%s#%u", slash ? slash + 1 : face->file, (unsigned)glyph);
    if (!engine->images) return NULL;
    hb_blob_t *png = font_emoji_png(face, glyph);
    unsigned length = 0;
    const char *bytes = hb_blob_get_data(png, &length);
    DiagList none;                /* a picture that cannot be read is the font's fault, and the same on every row */
    diag_list_init(&none, engine->scratch);
    const Image *image = length ? scene_image_from_png(engine->images, name, bytes, length, SPAN_NONE, &none) : NULL;
    hb_blob_destroy(png);
    *height = image && image->width > 0 ? (double)image->height / image->width : 1;
    return image;
}
