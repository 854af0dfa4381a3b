/* art.c -- SVG art for the press: read once as paths (raster/art.c) and made into forms, one for each layer it has something
 * on; where it cannot be paths, pictures of 600 ppi for the sizes it is placed in. Kept with the setup, for all pages. */
#include "press/private.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"

#define PPI 600.0
#define PIXELS_MAX 36e6           /* of a picture: beyond it the ppi get fewer */

typedef struct ArtPicture { struct ArtPicture *next; const Image *of, *picture; int width, height; } ArtPicture;
typedef struct ArtEntry { struct ArtEntry *next; const Image *image; const Art *art; } ArtEntry;

/* One lock for the lists and the reading: of many threads that want some art one reads it and the others wait. */
typedef struct ArtStore {
    pthread_mutex_t lock;
    Arena *arena;
    ArtEntry *first;
    ArtPicture *pictures;
} ArtStore;

static void release_store(void *pointer)
{
    ArtStore *store = pointer;
    arena_free(store->arena);
    pthread_mutex_destroy(&store->lock);
}

ArtStore *art_store_new(Arena *arena)
{
    void **place = arena_own(arena, release_store);
    ArtStore *store = ARENA_NEW(arena, ArtStore);
    store->arena = arena_new(0);
    pthread_mutex_init(&store->lock, NULL);
    *place = store;
    return store->arena ? store : NULL;
}

/* ---- paths ---- */

typedef struct Asking { const PressSetup *setup; const Image *image; int width, height; const Art *art; const Image *picture; DiagList *diags; } Asking;

static bool make_forms(const PressSetup *setup, Art *art, const Image *image, DiagList *diags)
{
    const Scene *scene = art->scene;
    uint8_t digest[SCENE_SHARED_DIGEST];
    Hash hash;
    hash_begin(&hash);
    hash_add_string(&hash, "art");
    hash_add_string(&hash, image->sha256);
    sha256_digest(&hash, sizeof digest, digest);
    Rect area = {-scene->bleed, -scene->bleed, scene->width + 2 * scene->bleed, scene->height + 2 * scene->bleed};
    return content_make_forms(setup, setup->art->arena, scene, digest, area, &art->forms, diags);
}

/* Failed art stays in the list without a scene and a reason, and is said to everyone who asks. */
static void read_art(void *context)
{
    Asking *asking = context;
    const PressSetup *setup = asking->setup;
    ArtStore *store = setup->art;
    for (ArtEntry *entry = store->first; entry && !asking->art; entry = entry->next)
        if (entry->image == asking->image) asking->art = entry->art;
    if (asking->art) return;
    Art *art = ARENA_NEW(store->arena, Art);
    RasterArt read;
    DiagList quiet;
    diag_list_init(&quiet, store->arena);
    if (raster_read_art(store->arena, asking->image, setup->options.colors, setup->options.color_count, &read, &quiet)) {
        art->scene = read.scene;
        art->reason = read.reason;
        if (art->scene && !make_forms(setup, art, asking->image, &quiet)) art->scene = NULL;
    }
    if (quiet.count) art->failure = &quiet.items[0];
    ArtEntry *entry = ARENA_NEW(store->arena, ArtEntry);
    *entry = (ArtEntry){store->first, asking->image, art};
    store->first = entry;
    asking->art = art;
}

static bool ask(Asking *asking, void (*what)(void *))
{
    ArtStore *store = asking->setup->art;
    pthread_mutex_lock(&store->lock);
    /* Its own arena_run: the jump of an arena without memory must not pass over the lock. */
    bool ok = arena_run(what, asking);
    pthread_mutex_unlock(&store->lock);
    return ok || diag_system(asking->diags, SPAN_NONE, "out-of-memory", NULL, "there is not enough memory for the image \"%s\"", asking->image->path ? asking->image->path : "");
}

const Art *art_find(const PressSetup *setup, const Image *image, DiagList *diags)
{
    Asking asking = {.setup = setup, .image = image, .diags = diags};
    if (!ask(&asking, read_art)) return NULL;
    if (!asking.art->failure) return asking.art;
    if (diags) diag_add(diags, asking.art->failure);
    return NULL;
}

const Scene *press_art_scene(const PressSetup *setup, const Image *image)
{
    const Art *art = image->kind == IMAGE_SVG ? art_find(setup, image, NULL) : NULL;
    return art ? art->scene : NULL;
}

/* ---- pictures ---- */

static void draw_picture(void *context)
{
    Asking *asking = context;
    ArtStore *store = asking->setup->art;
    for (ArtPicture *known = store->pictures; known && !asking->picture; known = known->next)
        if (known->of == asking->image && known->width == asking->width && known->height == asking->height) asking->picture = known->picture;
    if (asking->picture) return;
    asking->picture = raster_draw_art(store->arena, asking->image, asking->width, asking->height, asking->diags);
    ArtPicture *known = ARENA_NEW(store->arena, ArtPicture);
    *known = (ArtPicture){store->pictures, asking->image, asking->picture, asking->width, asking->height};
    if (asking->picture) store->pictures = known;
}

const Image *art_picture(const PressSetup *setup, const Image *image, double width_pt, double height_pt, DiagList *diags)
{
    double ppi = PPI, pixels = width_pt * height_pt * (PPI / 72) * (PPI / 72);
    if (pixels > PIXELS_MAX) ppi *= sqrt(PIXELS_MAX / pixels);
    Asking asking = {.setup = setup, .image = image, .diags = diags,
                     .width = (int)fmin(fmax(round(width_pt * ppi / 72), 1), 32767), .height = (int)fmin(fmax(round(height_pt * ppi / 72), 1), 32767)};
    return ask(&asking, draw_picture) ? asking.picture : NULL;
}
