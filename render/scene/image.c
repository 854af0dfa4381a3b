/* image.c -- the store of images: a file is recognised by its first bytes, decoded once and shared by all threads. Of a picture for
 * every row there are more than memory holds: what does not fit in a part of it lies in a spill.
 *
 * One lock covers table, arena and decoding: of many threads that want an image one decodes and the others wait. Failed
 * opens are remembered like the others, and said to everyone who asks. */
#include "scene/private.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/spill.h"
#include "base/suggest.h"
#include "base/utf8.h"

#define NEIGHBOURS_MAX 1000
#define KEPT_BYTES ((size_t)192 << 20)        /* of decoded pixels in memory */
#define WARM_BYTES ((size_t)32 << 20)         /* of those in the spill while they are decoded */

typedef struct Entry {
    const char *path;
    uint64_t hash;
    const Image *image;           /* NULL: it failed, and this is why */
    Diag failure;
} Entry;

struct ImageStore {
    pthread_mutex_t lock;
    Arena *arena;
    Entry **slots;                /* open addressing; slot_count is a power of two */
    size_t slot_count, entry_count, image_count;
    Spill *spill, *encoded;       /* pixels past KEPT_BYTES, and the bytes of their files; or NULL */
    Arena *scratch;               /* a file on its way there; or NULL */
    size_t pixel_bytes, warm_bytes;
};

ImageStore *scene_images_new(void)
{
    ImageStore *store = calloc(1, sizeof *store);
    if (!store) return NULL;
    store->arena = arena_new(0);
    if (!store->arena || pthread_mutex_init(&store->lock, NULL) != 0) {
        arena_free(store->arena);
        free(store);
        return NULL;
    }
    return store;
}

void scene_images_free(ImageStore *store)
{
    if (!store) return;
    arena_free(store->scratch);
    arena_free(store->arena);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

void scene_images_cool(ImageStore *store)
{
    if (!store) return;
    pthread_mutex_lock(&store->lock);
    if (store->spill) spill_cool(store->spill);
    if (store->encoded) spill_cool(store->encoded);
    pthread_mutex_unlock(&store->lock);
}

void scene_images_each(const ImageStore *store, void (*each)(void *context, const char *path), void *context)
{
    for (size_t i = 0; i < store->slot_count; i++)
        if (store->slots[i]) each(context, store->slots[i]->path);
}

/* ---- the table ---- */

static uint64_t hash_path(const char *path)
{
    uint64_t hash = 0xcbf29ce484222325u;                  /* FNV-1a */
    for (; *path; path++) hash = (hash ^ (uint8_t)*path) * 0x100000001b3u;
    return hash;
}

static Entry **find_slot(Entry **slots, size_t slot_count, uint64_t hash, const char *path)
{
    size_t at = hash & (slot_count - 1);
    while (slots[at] && (slots[at]->hash != hash || strcmp(slots[at]->path, path) != 0)) at = (at + 1) & (slot_count - 1);
    return &slots[at];
}

static void make_room(ImageStore *store)
{
    if (store->entry_count * 2 < store->slot_count) return;
    size_t slot_count = store->slot_count ? store->slot_count * 2 : 64;
    Entry **slots = ARENA_ARRAY(store->arena, Entry *, slot_count);
    for (size_t i = 0; i < store->slot_count; i++)
        if (store->slots[i]) *find_slot(slots, slot_count, store->slots[i]->hash, store->slots[i]->path) = store->slots[i];
    store->slots = slots;
    store->slot_count = slot_count;
}

/* ---- helpers of the decoders ---- */

bool image_size_fits(uint64_t width, uint64_t height)
{
    return width <= IMAGE_SIDE_MAX && height <= IMAGE_SIDE_MAX && width * height <= LIMIT_IMAGE_PIXELS;
}

void decode_say(Decoded *out, const char *message)
{
    size_t length = 0;
    for (; *message && length < sizeof out->message - 1; message++)
        out->message[length++] = (unsigned char)*message < 0x20 || (unsigned char)*message > 0x7e ? '?' : *message;
    while (length && (out->message[length - 1] == '.' || out->message[length - 1] == ' ')) length--;
    out->message[length] = '\0';
    /* "Not a JPEG file" begins small; "IDAT" and "JFIF" stay as they are. */
    bool is_word = length > 1 && out->message[1] >= 'a' && out->message[1] <= 'z';
    if ((is_word || out->message[1] == ' ') && out->message[0] >= 'A' && out->message[0] <= 'Z') out->message[0] += 'a' - 'A';
}

/* ---- what is not there ---- */

static bool looks_like_image(const char *name)
{
    static const char *const endings[] = {".png", ".jpg", ".jpeg", ".svg"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (strcasecmp(dot, endings[i]) == 0) return true;
    return false;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "did you mean", of the images in the folder the file should be in; NULL when none is near. */
static const char *hint_for_missing(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *folder = !slash ? "." : slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
    const char **names = ARENA_ARRAY(arena, const char *, NEIGHBOURS_MAX);
    size_t count = 0;
    DIR *listing = opendir(folder);
    if (!listing) return arena_printf(arena, "there is no folder \"%s\"", folder);
    /* malloc, not the arena: a jump out of here would leave the folder open */
    for (const struct dirent *item; count < NEIGHBOURS_MAX && (item = readdir(listing));) {
        char *copy = looks_like_image(item->d_name) ? strdup(item->d_name) : NULL;
        if (copy) names[count++] = copy;
    }
    closedir(listing);
    if (count) qsort(names, count, sizeof *names, compare_names);     /* a folder has no order of its own */
    const char *nearest = suggest_nearest(name, names, count);
    char hint[512] = "";
    if (nearest) snprintf(hint, sizeof hint, "did you mean \"%s\"?", nearest);
    for (size_t i = 0; i < count; i++) free((char *)(uintptr_t)names[i]);
    return *hint ? arena_copy_string(arena, hint) : "a path is seen from the layout file that names it";
}

/* ---- opening ---- */

typedef struct Opening {
    ImageStore *store;
    const char *path;
    const char *bytes;            /* of a picture in memory; NULL: in the file `path` */
    size_t length;
    Entry *entry;                 /* the answer */
} Opening;

static void fail(Opening *opening, const char *code, const char *hint, const char *message)
{
    opening->entry->failure = (Diag){.severity = SEVERITY_ERROR, .cause = DIAG_INPUT, .code = code, .hint = hint, .message = message};
}

static const Source *read_encoded(Opening *opening, DiagList *diags)
{
    ImageStore *store = opening->store;
    const char *path = opening->entry->path;
    if (!store->scratch && store->pixel_bytes >= KEPT_BYTES && (store->scratch = arena_new(0))) {
        store->spill = spill_new(store->arena);
        store->encoded = spill_new(store->arena);
    }
    const Source *file = file_read(store->scratch ? store->scratch : store->arena, path, LIMIT_IMAGE_BYTES, SPAN_NONE, diags);
    if (!store->scratch) return file;
    Source *kept = file ? ARENA_NEW(store->arena, Source) : NULL;
    const char *text = file ? spill_put(store->encoded, file->text, file->length + 1) : NULL;
    if (file) *kept = (Source){path, text ? text : arena_copy(store->arena, file->text, file->length), file->length};
    arena_reset(store->scratch);
    return kept;
}

/* The file's bytes, or NULL after noting why not. */
static const Source *read_file(Opening *opening)
{
    Arena *arena = opening->store->arena;
    const char *path = opening->entry->path;
    if (opening->bytes) {
        Source *picture = ARENA_NEW(arena, Source);
        *picture = (Source){path, arena_copy(arena, opening->bytes, opening->length), opening->length};
        return picture;
    }
    struct stat status;
    if (stat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
        fail(opening, "missing-image", hint_for_missing(arena, path), arena_printf(arena, "no image at \"%s\"", path));
        return NULL;
    }
    if (S_ISDIR(status.st_mode)) {
        fail(opening, "missing-image", "name a PNG, JPEG or SVG file in it", arena_printf(arena, "\"%s\" is a folder", path));
        return NULL;
    }
    DiagList diags;
    diag_list_init(&diags, arena);
    const Source *file = read_encoded(opening, &diags);
    if (file) return file;
    if (diags.count) opening->entry->failure = diags.items[0];
    if (!diags.count || strcmp(diags.items[0].code, "file-too-large") == 0)
        fail(opening, "image-too-large", "save it smaller", arena_printf(arena, "\"%s\" is over %zu MB", path, LIMIT_IMAGE_BYTES >> 20));
    return NULL;
}

static bool begins(const Source *file, size_t at, const char *magic, size_t length)
{
    return file->length >= at + length && memcmp(file->text + at, magic, length) == 0;
}

/* Kinds of file people try, so that the message can name them. */
static const char *foreign_kind(const Source *file)
{
    static const struct { const char *magic; size_t at, length; const char *name; } kinds[] = {
        {"GIF8", 0, 4, "a GIF"},      {"WEBP", 8, 4, "a WebP"},      {"BM", 0, 2, "a BMP"},
        {"II*\0", 0, 4, "a TIFF"},    {"MM\0*", 0, 4, "a TIFF"},     {"%PDF", 0, 4, "a PDF"},
        {"8BPS", 0, 4, "a Photoshop file"}, {"%!PS", 0, 4, "a PostScript file"}, {"ftypheic", 4, 8, "a HEIC photo"},
        {"ftypavif", 4, 8, "an AVIF"}, {"\x1f\x8b", 0, 2, "a compressed file (SVGZ?)"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (begins(file, kinds[i].at, kinds[i].magic, kinds[i].length)) return kinds[i].name;
    return file->length ? "no PNG, JPEG or SVG" : "empty";
}

static DecodeResult decode(const Source *file, ImageKind *kind, bool *is_jpeg, Decoded *out)
{
    *kind = IMAGE_PIXELS;
    if (begins(file, 0, "\x89PNG\r\n\x1a\n", 8)) return png_decode((const uint8_t *)file->text, file->length, out);
    *is_jpeg = begins(file, 0, "\xff\xd8\xff", 3);
    if (*is_jpeg) return jpeg_decode((const uint8_t *)file->text, file->length, out);
    *kind = IMAGE_SVG;
    if (svg_is_svg(file->text, file->length)) return svg_measure(file->text, file->length, out);
    snprintf(out->message, sizeof out->message, "it is %s", foreign_kind(file));
    out->hint = "save it as PNG, JPEG or SVG";
    return DECODE_BAD;
}

/* Where pixels stay. `place` holds them as long as they are in memory. */
static const uint8_t *put_by(ImageStore *store, uint8_t *pixels, size_t bytes, void **place)
{
    if (!pixels) return NULL;
    if (!store->spill) {
        store->pixel_bytes += bytes;
        return pixels;
    }
    const uint8_t *stays = spill_put(store->spill, pixels, bytes);      /* 4 bytes a pixel: they stay aligned */
    if (!stays) return pixels;
    free(pixels);
    *place = NULL;
    if ((store->warm_bytes += bytes) < WARM_BYTES) return stays;
    store->warm_bytes = 0;
    spill_cool(store->spill);
    return stays;
}

static void open_new(Opening *opening)
{
    ImageStore *store = opening->store;
    Arena *arena = store->arena;
    const char *path = opening->entry->path;
    const Source *file = read_file(opening);
    if (!file) return;

    Image *image = ARENA_NEW(arena, Image);
    void **pixels = arena_own(arena, free), **inks = arena_own(arena, free);       /* made before the decoder allocates */
    Decoded decoded = {0};
    DecodeResult result = decode(file, &image->kind, &image->is_jpeg, &decoded);
    *pixels = decoded.pixels;
    *inks = decoded.inks;
    if (result != DECODE_DONE) {
        free(decoded.pixels);
        free(decoded.inks);
        *pixels = *inks = NULL;
    }
    if (result == DECODE_TOO_LARGE) {
        const char *hint = arena_printf(arena, "at most %d pixels a side and %zu million in all", IMAGE_SIDE_MAX, LIMIT_IMAGE_PIXELS / 1000000);
        fail(opening, "image-too-large", hint, arena_printf(arena, "\"%s\" is too large a picture", path));
        return;
    }
    if (result == DECODE_BAD) {
        fail(opening, "bad-image", decoded.hint, arena_printf(arena, "cannot read \"%s\": %s", path, decoded.message));
        return;
    }
    image->path = path;
    image->file = file;
    image->width = decoded.width;
    image->height = decoded.height;
    image->natural_width = decoded.natural_width;
    image->natural_height = decoded.natural_height;
    size_t bytes = 4 * (size_t)decoded.width * (size_t)decoded.height;
    image->pixels = put_by(store, decoded.pixels, bytes, pixels);
    image->inks = put_by(store, decoded.inks, bytes, inks);
    image->is_converted = decoded.is_converted;
    hash_sha256(file->text, file->length, image->sha256);
    image->serial = store->image_count++;
    opening->entry->image = image;
}

static void find_or_open(void *context)
{
    Opening *opening = context;
    ImageStore *store = opening->store;
    make_room(store);
    uint64_t hash = hash_path(opening->path);
    Entry **slot = find_slot(store->slots, store->slot_count, hash, opening->path);
    if (!*slot) {
        Entry *entry = ARENA_NEW(store->arena, Entry);
        entry->path = arena_copy_string(store->arena, opening->path);
        entry->hash = hash;
        opening->entry = entry;
        open_new(opening);
        *slot = entry;                            /* last: a jump for want of memory leaves no half entry */
        store->entry_count++;
    }
    opening->entry = *slot;
}

static const Image *open_shared(ImageStore *store, Opening opening, Span where, DiagList *diags)
{
    const char *path = opening.path;
    pthread_mutex_lock(&store->lock);
    /* Its own arena_run: the jump of an arena without memory must not pass over the lock. */
    bool is_done = arena_run(find_or_open, &opening);
    pthread_mutex_unlock(&store->lock);
    if (!is_done) {
        diag_system(diags, where, "out-of-memory", NULL, "there is not enough memory for the image \"%s\"", path);
        return NULL;
    }
    if (opening.entry->image) return opening.entry->image;      /* an entry never changes again */
    const Diag *failure = &opening.entry->failure;
    if (failure->cause == DIAG_SYSTEM) diag_system(diags, where, failure->code, failure->hint, "%s", failure->message);
    else diag_error(diags, where, failure->code, failure->hint, "%s", failure->message);
    return NULL;
}

const Image *scene_image_open(ImageStore *store, const char *path, Span where, DiagList *diags)
{
    return open_shared(store, (Opening){.store = store, .path = path}, where, diags);
}

const Image *scene_image_from_png(ImageStore *store, const char *name, const void *bytes, size_t length, Span where, DiagList *diags)
{
    return open_shared(store, (Opening){.store = store, .path = name, .bytes = bytes, .length = length}, where, diags);
}
