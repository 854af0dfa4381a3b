/* png.c -- a PNG file (ISO/IEC 15948) in memory becomes premultiplied ARGB32: every colour type and depth, by its ICC profile if it has one; gamma alone is ignored. */
#include "scene/private.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

typedef struct PngReader {
    const uint8_t *bytes;
    size_t length, at;
    bool has_broken_profile;
    Decoded *out;
} PngReader;

static void on_error(png_structp png, png_const_charp message)
{
    PngReader *reader = png_get_error_ptr(png);
    decode_say(reader->out, message);
    png_longjmp(png, 1);
}

/* libpng leaves a profile out that it does not like, and says so; old sRGB profiles are none of these. */
static void on_warning(png_structp png, png_const_charp message)
{
    PngReader *reader = png_get_error_ptr(png);
    if (strncmp(message, "iCCP: ", 6) == 0 && !strstr(message, "sRGB") && !strstr(message, "duplicate")) reader->has_broken_profile = true;
}

static void on_read(png_structp png, png_bytep out, size_t length)
{
    PngReader *reader = png_get_io_ptr(png);
    if (length > reader->length - reader->at) png_error(png, "the file ends too early");
    memcpy(out, reader->bytes + reader->at, length);
    reader->at += length;
}

/* Whatever the file has, rows come as 8-bit RGBA. */
static void ask_for_rgba(png_structp png, png_infop info)
{
    png_set_expand(png);                          /* palette, 1-4 bit grey and tRNS */
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
    (void)png_set_interlace_handling(png);
    png_read_update_info(png, info);
}

/* All that may jump. Nothing here is written after setjmp and read after the jump but through `out`. */
static DecodeResult read_pixels(png_structp png, png_infop info, Decoded *out)
{
    if (setjmp(png_jmpbuf(png))) return DECODE_BAD;
    png_set_user_limits(png, IMAGE_SIDE_MAX, IMAGE_SIDE_MAX);
    png_set_chunk_malloc_max(png, (png_alloc_size_t)8 << 20);
    png_set_chunk_cache_max(png, 128);
    png_read_info(png, info);
    ask_for_rgba(png, info);
    size_t stride = (size_t)out->width * 4;
    if (png_get_rowbytes(png, info) != stride) png_error(png, "rows of a strange length");
    for (int pass = png_get_interlace_type(png, info) == PNG_INTERLACE_ADAM7 ? 7 : 1; pass > 0; pass--)
        for (int y = 0; y < out->height; y++) png_read_row(png, out->pixels + (size_t)y * stride, NULL);
    png_read_end(png, NULL);
    return DECODE_DONE;
}

/* The pixels as the file's profile means them; false when it is broken. */
static bool apply_profile(png_structp png, png_infop info, PngReader *reader)
{
    png_charp name;
    png_bytep profile;
    png_uint_32 length;
    int compression;
    Decoded *out = reader->out;
    if (reader->has_broken_profile) return false;
    if (!png_get_iCCP(png, info, &name, &compression, &profile, &length)) return true;
    IccResult result = icc_convert(profile, length, ICC_RGBA, out->pixels, out->pixels, (size_t)out->width * (size_t)out->height);
    out->is_converted = result == ICC_DONE;
    return result != ICC_BROKEN;
}

static void premultiply(uint8_t *pixels, size_t count)
{
    for (size_t i = 0; i < count; i++, pixels += 4) {
        uint32_t alpha = pixels[3], argb = alpha << 24;
        for (int channel = 0; channel < 3; channel++)
            argb |= ((pixels[channel] * alpha + 127) / 255) << (16 - 8 * channel);
        memcpy(pixels, &argb, sizeof argb);
    }
}

static uint32_t big_endian(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

DecodeResult png_decode(const uint8_t *bytes, size_t length, Decoded *out)
{
    /* IHDR comes first by the standard, so the size is known before anything is allocated. */
    if (length < 33 || memcmp(bytes + 12, "IHDR", 4) != 0) {
        decode_say(out, "the file ends within its header");
        return DECODE_BAD;
    }
    uint32_t width = big_endian(bytes + 16), height = big_endian(bytes + 20);
    if (width && height && !image_size_fits(width, height)) return DECODE_TOO_LARGE;
    if (!width || !height) {
        decode_say(out, "it has no width or no height");
        return DECODE_BAD;
    }
    out->width = (int)width;
    out->height = (int)height;
    out->pixels = calloc((size_t)width * height, 4);

    PngReader reader = {.bytes = bytes, .length = length, .out = out};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    DecodeResult result = DECODE_BAD;
    if (!out->pixels || !info) {
        decode_say(out, "there is not enough memory for it");
    } else {
        png_set_read_fn(png, &reader, on_read);
        result = read_pixels(png, info, out);
        if (result == DECODE_DONE && !apply_profile(png, info, &reader)) result = icc_say_broken(out);
    }
    png_destroy_read_struct(&png, &info, NULL);
    if (result == DECODE_DONE) premultiply(out->pixels, (size_t)width * height);
    out->natural_width = width;
    out->natural_height = height;
    return result;
}
