/* images.c -- pictures in the inks of the press: a CMYK or grey JPEG as it is, everything else through the profile. */
#include "press/private.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "press/writer.h"

#define LEVEL 6

/* ---- JPEG as it is (ITU-T T.81, annex B) ---- */

typedef struct JpegHead { int components, width, height; bool is_adobe, is_turned; } JpegHead;

static unsigned be16(const uint8_t *p) { return (unsigned)p[0] << 8 | p[1]; }

/* Any orientation but upright counts as turned; Exif is rare in what is sent to a press, so no more is asked of it. */
static bool may_be_turned(const uint8_t *body, size_t length)
{
    static const uint8_t big[] = {0x01, 0x12, 0, 3, 0, 0, 0, 1}, little[] = {0x12, 0x01, 3, 0, 1, 0, 0, 0};
    if (length < 6 || memcmp(body, "Exif\0\0", 6) != 0) return false;
    const uint8_t *at = memmem(body, length, big, sizeof big), *tag = at ? at : memmem(body, length, little, sizeof little);
    if (!tag || (size_t)(body + length - tag) < 12) return false;
    return (at ? tag[9] : tag[8]) > 1;
}

/* Is it a baseline, extended or progressive JPEG of 8 bits (ISO 32000-1, 7.4.8)? */
static bool read_head(const uint8_t *bytes, size_t length, JpegHead *head)
{
    *head = (JpegHead){0};
    size_t at = 2;
    while (length > at && length - at >= 4 && bytes[at] == 0xFF) {
        unsigned marker = bytes[at + 1];
        if (marker == 0xFF) {
            at++;
            continue;
        }
        size_t segment = be16(bytes + at + 2);
        if (segment < 2 || segment > length - at - 2) return false;
        const uint8_t *body = bytes + at + 4;
        size_t size = segment - 2;
        if (marker == 0xEE && size >= 12 && memcmp(body, "Adobe", 5) == 0) head->is_adobe = true;
        if (marker == 0xE1 && may_be_turned(body, size)) head->is_turned = true;
        if (marker == 0xDA) return head->components > 0;
        if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
            if (marker > 0xC2 || size < 6 || body[0] != 8) return false;
            head->height = (int)be16(body + 1);
            head->width = (int)be16(body + 3);
            head->components = body[5];
        }
        at += 2 + segment;
    }
    return false;
}

static bool pass_through(const Image *image, Arena *arena, ImageData *out)
{
    JpegHead head;
    if (!image->is_jpeg || !image->file || !read_head((const uint8_t *)image->file->text, image->file->length, &head)) return false;
    if (head.is_turned || head.width != image->width || head.height != image->height || (head.components != 1 && head.components != 4)) return false;
    /* Adobe's programs write CMYK inverted and mark the file; a PDF reader does not look at the mark. */
    out->entries = arena_printf(arena, "/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/%s/Filter/DCTDecode%s", head.width, head.height,
                                head.components == 1 ? "DeviceGray" : "DeviceCMYK", head.components == 4 && head.is_adobe ? "/Decode[1 0 1 0 1 0 1 0]" : "");
    out->data = image->file->text;
    out->length = image->file->length;
    return true;
}

/* ---- pixels ---- */

typedef struct Survey { bool is_grey, is_opaque; } Survey;

static Survey survey(const Image *image)
{
    Survey seen = {true, true};
    const uint32_t *pixels = (const uint32_t *)(const void *)image->pixels;
    size_t count = (size_t)image->width * (size_t)image->height;
    for (size_t i = 0; i < count && (seen.is_grey || seen.is_opaque); i++) {
        uint32_t p = pixels[i], blue = p & 255;
        if (p >> 24 != 255) seen.is_opaque = false;
        if ((p >> 8 & 255) != blue || (p >> 16 & 255) != blue) seen.is_grey = false;
    }
    return seen;
}

/* A row without its premultiplied alpha: 3 bytes a pixel. */
static void plain_row(const Image *image, int y, uint8_t *rgb, uint8_t *alpha)
{
    const uint32_t *row = (const uint32_t *)(const void *)image->pixels + (size_t)y * (size_t)image->width;
    for (int x = 0; x < image->width; x++) {
        uint32_t p = row[x], a = p >> 24;
        alpha[x] = (uint8_t)a;
        for (int i = 0; i < 3; i++) {
            uint32_t value = p >> (16 - 8 * i) & 255;
            if (a && a < 255) value = (value * 255 + a / 2) / a;
            rgb[3 * x + i] = (uint8_t)(a ? value > 255 ? 255 : value : 255);
        }
    }
}

static bool has_pixels(const Image *image, DiagList *diags)
{
    if (image->kind == IMAGE_PIXELS && image->pixels && image->width > 0 && image->height > 0) return true;
    return diag_error(diags, SPAN_NONE, "not-drawn", NULL, "the image \"%s\" has no pixels", image->path ? image->path : "");
}

ImageData image_data(const PressSetup *setup, Arena *arena, const Image *image, DiagList *diags)
{
    ImageData out = {0};
    if (!has_pixels(image, diags)) return out;
    if (pass_through(image, arena, &out)) return out;
    Survey seen = survey(image);
    if (!seen.is_opaque && setup->options.standard == PRESS_X1A) {
        diag_error(diags, setup->options.where, "no-transparency", "save it without transparency, or ask for PDF/X-4",
                   "PDF/X-1a has no transparency, and \"%s\" is not opaque", image->path ? image->path : "");
        return out;
    }
    if (image->inks) seen.is_grey = false;
    size_t width = (size_t)image->width, height = (size_t)image->height, depth = seen.is_grey ? 1 : 4;
    uint8_t *data = arena_alloc_array(arena, width * height, depth), *mask = seen.is_opaque ? NULL : arena_alloc_array(arena, width, height);
    uint8_t *rgb = arena_alloc_array(arena, width, 3), *alpha = arena_alloc(arena, width);
    for (size_t y = 0; y < height; y++) {
        plain_row(image, (int)y, rgb, alpha);
        uint8_t *row = data + y * width * depth;
        if (seen.is_grey)
            for (size_t x = 0; x < width; x++) row[x] = rgb[3 * x];
        else if (image->inks) memcpy(row, image->inks + y * width * 4, width * 4);
        else setup_convert(setup, rgb, row, width);
        if (mask) memcpy(mask + y * width, alpha, width);
    }
    out.data = press_deflate(arena, data, width * height * depth, LEVEL, &out.length);
    if (mask) out.mask = press_deflate(arena, mask, width * height, LEVEL, &out.mask_length);
    if (!out.data || (mask && !out.mask)) return (ImageData){0};
    out.is_deflated = true;
    out.entries = arena_printf(arena, "/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/%s", image->width, image->height,
                               seen.is_grey ? "DeviceGray" : "DeviceCMYK");
    return out;
}

/* ---- what an image is like ---- */

#define BLOCK 8                   /* pixels a side: total ink is seen as a mean over some area */

typedef struct LookEntry { struct LookEntry *next; const Image *image; ImageLook look; } LookEntry;
struct ImageLooks { pthread_mutex_t mutex; LookEntry *first; };

static void release_looks(void *pointer)
{
    struct ImageLooks *looks = pointer;
    for (LookEntry *entry = looks->first, *next; entry; entry = next) {
        next = entry->next;
        free(entry);
    }
    pthread_mutex_destroy(&looks->mutex);
}

struct ImageLooks *image_looks_new(Arena *arena)
{
    void **place = arena_own(arena, release_looks);
    struct ImageLooks *looks = ARENA_NEW(arena, struct ImageLooks);
    pthread_mutex_init(&looks->mutex, NULL);
    return *place = looks;
}

/* Blocks on white paper, through the profile; of a JPEG in four inks, these. */
static ImageLook look_at(const PressSetup *setup, const Image *image)
{
    ImageLook look = {.is_two_tone = true, .is_rgb = image->pixels && !image->inks && !survey(image).is_grey};
    const uint32_t *pixels = (const uint32_t *)(const void *)image->pixels;
    for (int top = 0; image->pixels && top < image->height; top += BLOCK)
        for (int left = 0; left < image->width; left += BLOCK) {
            unsigned sum[3] = {0}, inks = 0, count = 0;
            for (int y = top; y < top + BLOCK && y < image->height; y++)
                for (int x = left; x < left + BLOCK && x < image->width; x++, count++) {
                    uint32_t p = pixels[(size_t)y * (size_t)image->width + (size_t)x], rest = 255 - (p >> 24), value = p & 0xFFFFFF;
                    look.has_alpha |= p >> 24 != 255;
                    if (p >> 24 != 255 || (value && value != 0xFFFFFF)) look.is_two_tone = false;
                    for (int i = 0; i < 3; i++) sum[i] += (p >> (16 - 8 * i) & 255) + rest;
                    for (size_t i = 0; image->inks && i < 4; i++) inks += image->inks[((size_t)y * (size_t)image->width + (size_t)x) * 4 + i];
                }
            uint8_t rgb[3], cmyk[4];
            for (int i = 0; i < 3; i++) rgb[i] = (uint8_t)(sum[i] / count);
            bool is_grey = rgb[0] == rgb[1] && rgb[1] == rgb[2];
            if (!is_grey) setup_convert(setup, rgb, cmyk, 1);
            double total = image->inks ? inks / 2.55 / count : is_grey ? 100 - rgb[0] / 2.55 : (cmyk[0] + cmyk[1] + cmyk[2] + cmyk[3]) / 2.55;
            look.most_ink = fmax(look.most_ink, total);
        }
    return look;
}

ImageLook setup_image_look(const PressSetup *setup, const Image *image)
{
    struct ImageLooks *looks = setup->looks;
    ImageLook look = {0};
    pthread_mutex_lock(&looks->mutex);
    LookEntry *entry = looks->first;
    while (entry && entry->image != image) entry = entry->next;
    if (!entry && (entry = calloc(1, sizeof *entry))) {
        *entry = (LookEntry){looks->first, image, look_at(setup, image)};
        looks->first = entry;
    }
    if (entry) look = entry->look;
    pthread_mutex_unlock(&looks->mutex);
    return look;
}

/* ---- proofs ---- */

typedef struct Picture { struct Picture *next; const Image *image; uint8_t *inks; } Picture;

/* One lock for the list and the converting: of many threads that want a picture one converts and the others wait. */
typedef struct PictureStore { pthread_mutex_t lock; Picture *first; } PictureStore;

static void release_store(void *pointer)
{
    PictureStore *store = pointer;
    for (Picture *picture = store->first, *next; picture; picture = next) {
        next = picture->next;
        free(picture->inks);
        free(picture);
    }
    pthread_mutex_destroy(&store->lock);
}

PictureStore *image_store_new(Arena *arena)
{
    void **place = arena_own(arena, release_store);
    PictureStore *store = ARENA_NEW(arena, PictureStore);
    pthread_mutex_init(&store->lock, NULL);
    return *place = store;
}

/* As image_data writes them; grey is black ink alone. False without memory. */
static bool convert(const PressSetup *setup, const Image *image, uint8_t *inks)
{
    size_t width = (size_t)image->width;
    uint8_t *rgb = malloc(width * 4), *alpha = rgb ? rgb + 3 * width : NULL;
    Survey seen = survey(image);
    for (size_t y = 0; rgb && y < (size_t)image->height; y++, inks += 4 * width) {
        plain_row(image, (int)y, rgb, alpha);
        if (!seen.is_grey) setup_convert(setup, rgb, inks, width);
        for (size_t x = 0; seen.is_grey && x < width; x++) {
            memset(inks + 4 * x, 0, 3);
            inks[4 * x + 3] = (uint8_t)(255 - rgb[3 * x]);
        }
    }
    free(rgb);
    return rgb != NULL;
}

const uint8_t *image_inks(const PressSetup *setup, const Image *image, DiagList *diags)
{
    if (!has_pixels(image, diags)) return NULL;
    if (image->inks) return image->inks;
    PictureStore *store = setup->pictures;
    pthread_mutex_lock(&store->lock);
    Picture *picture = store->first;
    while (picture && picture->image != image) picture = picture->next;
    if (!picture && (picture = calloc(1, sizeof *picture))) {
        picture->image = image;
        picture->inks = malloc((size_t)image->width * (size_t)image->height * 4);
        if (picture->inks && convert(setup, image, picture->inks)) {
            picture->next = store->first;
            store->first = picture;
        } else {
            free(picture->inks);
            free(picture);
            picture = NULL;
        }
    }
    const uint8_t *inks = picture ? picture->inks : NULL;
    pthread_mutex_unlock(&store->lock);
    if (!inks) diag_system(diags, SPAN_NONE, "out-of-memory", NULL, "there is not enough memory for the image \"%s\"", image->path ? image->path : "");
    return inks;
}
