/* jpeg.c -- may a JPEG file stand in a PDF as it is? Only its headers are read (ITU-T T.81, annex B; Exif 2.3). */
#include "raster/private.h"

#include <string.h>

static unsigned be16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static unsigned exif16(const uint8_t *p, bool is_little)
{
    return is_little ? (unsigned)p[1] << 8 | p[0] : be16(p);
}

/* Orientation (tag 0x0112) of the first directory of an Exif segment; 1, upright, when there is none. */
static unsigned exif_orientation(const uint8_t *segment, size_t length)
{
    if (length < 14 || memcmp(segment, "Exif\0\0", 6) != 0)
        return 1;
    const uint8_t *tiff = segment + 6;
    size_t size = length - 6;
    bool is_little = tiff[0] == 'I';
    size_t high = exif16(tiff + (is_little ? 6 : 4), is_little), low = exif16(tiff + (is_little ? 4 : 6), is_little);
    size_t at = high << 16 | low;
    if (at > size - 2 || size < 10)
        return 1;
    size_t entries = exif16(tiff + at, is_little);
    at += 2;
    for (; entries > 0 && at <= size && size - at >= 12; entries--, at += 12)
        if (exif16(tiff + at, is_little) == 0x0112)
            return exif16(tiff + at + 8, is_little);
    return 1;
}

static bool is_plain_frame(unsigned marker, const uint8_t *frame, size_t length, int width, int height)
{
    /* Baseline, extended, progressive: DCTDecode reads these (ISO 32000-1, 7.4.8). */
    if (marker > 0xC2 || length < 6)
        return false;
    bool is_size = (int)be16(frame + 1) == height && (int)be16(frame + 3) == width;
    return frame[0] == 8 && is_size && (frame[5] == 1 || frame[5] == 3);
}

bool jpeg_is_plain(const uint8_t *bytes, size_t length, int width, int height)
{
    if (length < 4 || be16(bytes) != 0xFFD8)
        return false;
    size_t at = 2;
    while (length - at >= 4 && bytes[at] == 0xFF) {
        unsigned marker = bytes[at + 1];
        if (marker == 0xFF) {                         /* a fill byte */
            at++;
            continue;
        }
        size_t segment = be16(bytes + at + 2);
        if (segment < 2 || segment > length - at - 2)
            return false;
        const uint8_t *body = bytes + at + 4;
        bool is_frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (is_frame)
            return is_plain_frame(marker, body, segment - 2, width, height);
        if (marker == 0xE1 && exif_orientation(body, segment - 2) > 1)
            return false;
        at += 2 + segment;
    }
    return false;
}
