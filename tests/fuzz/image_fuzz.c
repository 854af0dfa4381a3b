/* image_fuzz.c -- a file of any bytes opened as an image: decoded whole or refused with exactly one message. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scene/scene.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reading every pixel shows the sanitizer that all of them are there. */
static void check_image(const Image *image)
{
    volatile uint32_t sum = 0;
    if (image->width <= 0 || image->height <= 0 || !(image->natural_width > 0) || !(image->natural_height > 0)) abort();
    if ((image->kind == IMAGE_PIXELS) != (image->pixels != NULL)) abort();
    if (!image->pixels) return;
    for (size_t i = 0; i < (size_t)image->width * (size_t)image->height * 4; i++) sum = sum + image->pixels[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* The door takes a path: a file in memory has one. */
    static int file = -1;
    static char path[64];
    if (file < 0) {
        file = memfd_create("image", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != (ssize_t)size) abort();

    Arena *arena = arena_new(0);
    DiagList diags;
    diag_list_init(&diags, arena);
    ImageStore *store = scene_images_new();
    const Image *image = scene_image_open(store, path, SPAN_NONE, &diags);
    if ((image != NULL) != (diags.count == 0)) abort();
    if (image) check_image(image);
    scene_images_free(store);
    arena_free(arena);
    return 0;
}
