/* jpeg.c -- a JPEG file (ITU-T T.81) in memory becomes ARGB32: grey, RGB, YCbCr, CMYK and YCCK, upright by its
 * Exif, by its ICC profile if it has one. */
#include "scene/private.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

/* A progressive file of a few kilobytes can ask for hours of work, one scan after the other. */
#define MAX_SCANS 500

typedef struct JpegReader {
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf jump;
    bool is_too_big;              /* for libjpeg itself */
    bool has_broken_profile;
    uint8_t *profile;             /* from malloc, or NULL */
    unsigned profile_length;
    unsigned orientation;         /* Exif's 1-8, read before libjpeg drops its markers at the end */
    Decoded *out;
} JpegReader;

static void on_error(j_common_ptr cinfo)
{
    JpegReader *reader = cinfo->client_data;
    char message[JMSG_LENGTH_MAX];
    cinfo->err->format_message(cinfo, message);
    reader->is_too_big = cinfo->err->msg_code == JERR_IMAGE_TOO_BIG;
    decode_say(reader->out, message);
    longjmp(reader->jump, 1);
}

/* libjpeg paints what is missing grey and warns; a poster with a grey half is not what anybody wants. */
static void on_message(j_common_ptr cinfo, int level)
{
    int code = cinfo->err->msg_code;
    if (level < 0 && code == JWRN_BOGUS_ICC) ((JpegReader *)cinfo->client_data)->has_broken_profile = true;
    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE)) on_error(cinfo);
}

static void on_progress(j_common_ptr cinfo)
{
    JpegReader *reader = cinfo->client_data;
    if (reader->cinfo.input_scan_number <= MAX_SCANS) return;
    decode_say(reader->out, "it has more scans than any camera writes");
    longjmp(reader->jump, 1);
}

/* ---- Exif 2.3: which way up ---- */

static unsigned exif_number(const uint8_t *at, int size, bool is_little)
{
    unsigned value = 0;
    for (int i = 0; i < size; i++) value |= (unsigned)at[i] << 8 * (is_little ? i : size - 1 - i);
    return value;
}

/* Tag 0x0112 of the first directory; 1, upright, when there is none. */
static unsigned exif_orientation(const uint8_t *segment, size_t length)
{
    if (length < 14 || memcmp(segment, "Exif\0\0", 6) != 0) return 1;
    const uint8_t *tiff = segment + 6;
    size_t size = length - 6;
    bool is_little = tiff[0] == 'I';
    size_t at = exif_number(tiff + 4, 4, is_little);
    if (at > size || size - at < 2) return 1;
    size_t entries = exif_number(tiff + at, 2, is_little);
    at += 2;
    for (size_t i = 0; i < entries && size - at >= 12; i++, at += 12) {
        if (exif_number(tiff + at, 2, is_little) != 0x0112) continue;
        unsigned value = exif_number(tiff + at + 8, 2, is_little);
        return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
}

static unsigned orientation_of(const struct jpeg_decompress_struct *cinfo)
{
    for (jpeg_saved_marker_ptr marker = cinfo->marker_list; marker; marker = marker->next) {
        unsigned value = exif_orientation(marker->data, marker->data_length);
        if (value != 1) return value;
    }
    return 1;
}

/* Turn pixels of 4 bytes upright; NULL when there is no memory. 2-4 mirror and turn by half, 5-8 swap the sides too. */
static uint8_t *turned(const uint8_t *pixels, int width, int height, unsigned orientation)
{
    bool swaps = orientation >= 5;
    bool flips_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool flips_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int new_width = swaps ? height : width, new_height = swaps ? width : height;
    uint32_t *out = malloc((size_t)width * (size_t)height * 4);
    for (int y = 0; out && y < new_height; y++)
        for (int x = 0; x < new_width; x++) {
            int from_x = swaps ? y : x, from_y = swaps ? x : y;
            if (flips_x) from_x = width - 1 - from_x;
            if (flips_y) from_y = height - 1 - from_y;
            memcpy(&out[(size_t)y * (size_t)new_width + (size_t)x], pixels + ((size_t)from_y * (size_t)width + (size_t)from_x) * 4, 4);
        }
    return (uint8_t *)out;
}

static bool turn_upright(Decoded *out, unsigned orientation)
{
    uint8_t **kinds[] = {&out->pixels, &out->inks};
    for (int i = 0; i < 2; i++) {
        if (!*kinds[i]) continue;
        uint8_t *upright = turned(*kinds[i], out->width, out->height, orientation);
        if (!upright) return false;
        free(*kinds[i]);
        *kinds[i] = upright;
    }
    if (orientation >= 5) {
        int width = out->width;
        out->width = out->height;
        out->height = width;
    }
    return true;
}

/* ---- pixels ---- */

/* Without a profile there is no right answer: ink on ink as filters. Adobe's files have the inks inverted. */
static void cmyk_to_argb(uint8_t *inks, uint8_t *out, int width, bool is_inverted)
{
    for (int x = 0; x < width; x++, inks += 4, out += 4) {
        unsigned light[4];
        for (int i = 0; i < 4; i++) {
            if (is_inverted) inks[i] = (uint8_t)(255 - inks[i]);
            light[i] = 255u - inks[i];
        }
        uint32_t argb = 0xff000000u;
        for (int i = 0; i < 3; i++) argb |= (uint32_t)((light[i] * light[3] + 127) / 255) << (16 - 8 * i);
        memcpy(out, &argb, sizeof argb);
    }
}

static DecodeResult read_pixels(JpegReader *reader)
{
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    Decoded *out = reader->out;
    bool is_cmyk = cinfo->jpeg_color_space == JCS_CMYK || cinfo->jpeg_color_space == JCS_YCCK;
    bool is_little = *(const uint8_t *)&(const uint16_t){1} == 1;
    cinfo->out_color_space = is_cmyk ? JCS_CMYK : is_little ? JCS_EXT_BGRA : JCS_EXT_ARGB;

    out->width = (int)cinfo->image_width;
    out->height = (int)cinfo->image_height;
    size_t stride = (size_t)out->width * 4;
    out->pixels = calloc((size_t)out->height, stride);
    if (is_cmyk) out->inks = calloc((size_t)out->height, stride);
    if (!out->pixels || (is_cmyk && !out->inks)) {
        decode_say(out, "there is not enough memory for it");
        return DECODE_BAD;
    }
    jpeg_start_decompress(cinfo);
    while (cinfo->output_scanline < cinfo->output_height) {
        size_t at = cinfo->output_scanline * stride;
        JSAMPROW row = (is_cmyk ? out->inks : out->pixels) + at;
        jpeg_read_scanlines(cinfo, &row, 1);
        if (is_cmyk) cmyk_to_argb(row, out->pixels + at, out->width, cinfo->saw_Adobe_marker);
    }
    jpeg_finish_decompress(cinfo);
    return DECODE_DONE;
}

/* All that may jump; locals changed after setjmp are not read after the jump. */
static DecodeResult read_file(JpegReader *reader, const uint8_t *bytes, size_t length)
{
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    if (setjmp(reader->jump)) return reader->is_too_big ? DECODE_TOO_LARGE : DECODE_BAD;
    jpeg_create_decompress(cinfo);
    cinfo->progress = &reader->progress;
    jpeg_mem_src(cinfo, bytes, (unsigned long)length);
    jpeg_save_markers(cinfo, JPEG_APP0 + 1, 0xffff);
    jpeg_save_markers(cinfo, JPEG_APP0 + 2, 0xffff);
    jpeg_read_header(cinfo, TRUE);
    if (!image_size_fits(cinfo->image_width, cinfo->image_height)) return DECODE_TOO_LARGE;
    reader->orientation = orientation_of(cinfo);
    jpeg_read_icc_profile(cinfo, &reader->profile, &reader->profile_length);
    return read_pixels(reader);
}

/* The pixels as the file's profile means them; false when it is broken. Of CMYK the inks stay. */
static bool apply_profile(const JpegReader *reader)
{
    Decoded *out = reader->out;
    if (reader->has_broken_profile) return false;
    bool is_little = *(const uint8_t *)&(const uint16_t){1} == 1;
    if (!reader->profile || !is_little) return true;
    IccResult result = icc_convert(reader->profile, reader->profile_length, out->inks ? ICC_CMYK : ICC_ARGB32, out->inks ? out->inks : out->pixels, out->pixels,
                                   (size_t)out->width * (size_t)out->height);
    out->is_converted = result == ICC_DONE;
    return result != ICC_BROKEN;
}

DecodeResult jpeg_decode(const uint8_t *bytes, size_t length, Decoded *out)
{
    JpegReader reader = {.out = out};
    reader.cinfo.err = jpeg_std_error(&reader.errors);
    reader.cinfo.client_data = &reader;
    reader.errors.error_exit = on_error;
    reader.errors.emit_message = on_message;
    reader.progress.progress_monitor = on_progress;

    DecodeResult result = read_file(&reader, bytes, length);
    jpeg_destroy_decompress(&reader.cinfo);
    if (result == DECODE_DONE && !apply_profile(&reader)) result = icc_say_broken(out);
    free(reader.profile);
    if (result == DECODE_DONE && reader.orientation != 1 && !turn_upright(out, reader.orientation)) {
        decode_say(out, "there is not enough memory for it");
        result = DECODE_BAD;
    }
    out->natural_width = out->width;
    out->natural_height = out->height;
    return result;
}
