/* setup.c -- the output profile, found and checked once, and the conversion of colours that have no recipe. */
#include "press/private.h"

#include <lcms2.h>
#include <pthread.h>
#include <string.h>

#include "base/limits.h"
#include "press/writer.h"

#define DEFAULT_PROFILE "/usr/share/scribus/profiles/ISOcoated_v2_300_bas.icc"
#define PROFILE_LEVEL 6
#define KNOWN_COLORS 256          /* a layout has some; two in one place are converted again and again */
/* ICC.1, 7.2: the header. */
#define HEADER_BYTES 128

static void close_transform(void *transform) { cmsDeleteTransform(transform); }
static void close_profile(void *profile) { cmsCloseProfile(profile); }

static bool is_header(const Source *profile, size_t at, const char *signature) { return memcmp(profile->text + at, signature, 4) == 0; }

/* lcms prints to nobody: what is wrong is said by us. */
static void say_nothing(cmsContext context, cmsUInt32Number code, const char *text) { (void)context, (void)code, (void)text; }

/* A conversion: step by step for single colours, which is exact and ready at once; for pictures through a table that takes lcms
 * a tenth of a second to make, and is made when the first picture comes. Without its cache a transform may be used by many threads. */
typedef struct Conversion {
    pthread_mutex_t mutex;
    cmsHPROFILE from, to;
    cmsUInt32Number from_type, to_type, quality;
    void **plain, **table;        /* places in the arena */
} Conversion;

#define FOR_A_TABLE 256           /* colours at once */

static void release_conversion(void *conversion) { pthread_mutex_destroy(&((Conversion *)conversion)->mutex); }

static void *open_transform(const Conversion *c, cmsUInt32Number quality)
{
    return cmsCreateTransform(c->from, c->from_type, c->to, c->to_type, INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE | quality);
}

static Conversion *open_conversion(Arena *arena, cmsHPROFILE from, cmsUInt32Number from_type, cmsHPROFILE to, cmsUInt32Number to_type, cmsUInt32Number quality)
{
    void **place = arena_own(arena, release_conversion);
    Conversion *c = ARENA_NEW(arena, Conversion);
    *c = (Conversion){.from = from, .to = to, .from_type = from_type, .to_type = to_type, .quality = quality, .plain = arena_own(arena, close_transform), .table = arena_own(arena, close_transform)};
    pthread_mutex_init(&c->mutex, NULL);
    *place = c;
    *c->plain = open_transform(c, cmsFLAGS_NOOPTIMIZE);
    return *c->plain ? c : NULL;
}

static void convert(Conversion *c, const void *in, void *out, size_t count)
{
    void *transform = *c->plain;
    if (count >= FOR_A_TABLE) {
        pthread_mutex_lock(&c->mutex);
        if (!*c->table) *c->table = open_transform(c, c->quality);
        if (*c->table) transform = *c->table;
        pthread_mutex_unlock(&c->mutex);
    }
    cmsDoTransform(transform, in, out, (cmsUInt32Number)count);
}

static bool open_conversions(PressSetup *setup, Arena *arena)
{
    cmsSetLogErrorHandler(say_nothing);
    void **place_of_press = arena_own(arena, close_profile), **place_of_screen = arena_own(arena, close_profile);
    cmsHPROFILE press = *place_of_press = cmsOpenProfileFromMem(setup->profile->text, (cmsUInt32Number)setup->profile->length);
    cmsHPROFILE screen = *place_of_screen = cmsCreate_sRGBProfile();
    if (!press || !screen) return false;
    setup->from_rgb = open_conversion(arena, screen, TYPE_RGB_8, press, TYPE_CMYK_8, 0);
    setup->to_rgb = open_conversion(arena, press, TYPE_CMYK_8, screen, TYPE_RGB_8, cmsFLAGS_HIGHRESPRECALC);
    setup->known_colors = ARENA_ARRAY(arena, atomic_uint_fast64_t, KNOWN_COLORS);
    return setup->from_rgb && setup->to_rgb;
}

static bool bad_profile(const PressSetup *setup, const char *path, const char *what, DiagList *diags)
{
    return diag_error(diags, setup->options.where, "bad-profile", "a CMYK output profile (class prtr) from the print shop", "\"%s\" %s", path, what);
}

static bool read_profile(PressSetup *setup, Arena *arena, DiagList *diags)
{
    const char *path = setup->options.profile ? setup->options.profile : DEFAULT_PROFILE;
    if (!setup->options.profile && !file_exists(path))
        return diag_system(diags, setup->options.where, "no-profile", "install the package scribus-data", "the output profile \"%s\" is not there", path);
    const Source *profile = file_read(arena, path, LIMIT_IMAGE_BYTES, setup->options.where, diags);
    if (!profile) return false;
    if (profile->length < HEADER_BYTES || !is_header(profile, 36, "acsp")) return bad_profile(setup, path, "is no ICC profile", diags);
    if (!is_header(profile, 12, "prtr")) return bad_profile(setup, path, "is no profile of a printer", diags);
    if (!is_header(profile, 16, "CMYK")) return bad_profile(setup, path, "is not for CMYK", diags);
    setup->profile = profile;
    if (!open_conversions(setup, arena)) return bad_profile(setup, path, "is broken", diags);
    return true;
}

static void name_condition(PressSetup *setup, Arena *arena)
{
    if (!setup->options.profile) {
        setup->condition_id = "FOGRA39";
        setup->condition = "ISO Coated v2 300% (basICColor), offset, ISO 12647-2, FOGRA39";
        setup->condition_info = "ISO Coated v2 300% (basICColor)";
        setup->is_registered = true;
        return;
    }
    const char *slash = strrchr(setup->options.profile, '/'), *name = slash ? slash + 1 : setup->options.profile;
    const char *dot = strrchr(name, '.');
    setup->condition_id = setup->condition = setup->condition_info = arena_copy(arena, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

/* ---- the profile as it is written ---- */

struct PackedProfile {
    pthread_mutex_t mutex;
    Arena *arena;
    const void *bytes;
    size_t length;
    pthread_t thread;             /* press_pack_ahead */
    bool has_thread;
};

static void release_packed(void *packed)
{
    struct PackedProfile *own = packed;
    if (own->has_thread) pthread_join(own->thread, NULL);
    pthread_mutex_destroy(&own->mutex);
    arena_free(own->arena);
}

static struct PackedProfile *packed_new(Arena *arena)
{
    struct PackedProfile *packed = ARENA_NEW(arena, struct PackedProfile);
    if (!(packed->arena = arena_new(0))) return NULL;
    pthread_mutex_init(&packed->mutex, NULL);
    *arena_own(arena, release_packed) = packed;
    return packed;
}

static void pack(void *context)
{
    const PressSetup *setup = context;
    struct PackedProfile *packed = setup->packed;
    packed->bytes = press_deflate(packed->arena, setup->profile->text, setup->profile->length, PROFILE_LEVEL, &packed->length);
}

const void *setup_packed_profile(const PressSetup *setup, size_t *length)
{
    struct PackedProfile *packed = setup->packed;
    pthread_mutex_lock(&packed->mutex);
    if (!packed->bytes && !arena_run(pack, (void *)setup)) packed->bytes = NULL;
    *length = packed->length;
    pthread_mutex_unlock(&packed->mutex);
    return packed->bytes;
}

static void *pack_in_thread(void *setup)
{
    size_t length;
    setup_packed_profile(setup, &length);
    return NULL;
}

void press_pack_ahead(const PressSetup *setup)
{
    struct PackedProfile *packed = setup->packed;
    if (!packed->has_thread) packed->has_thread = pthread_create(&packed->thread, NULL, pack_in_thread, (void *)setup) == 0;
}

const PressSetup *press_setup_new(Arena *arena, const PressOptions *options, DiagList *diags)
{
    PressSetup *setup = ARENA_NEW(arena, PressSetup);
    setup->options = *options;
    if (!setup->options.limits.profile) press_limits_find("sheetfed-coated", &setup->options.limits);
    setup->looks = image_looks_new(arena);
    if (!read_profile(setup, arena, diags)) return NULL;
    name_condition(setup, arena);
    setup->pictures = image_store_new(arena);
    if (!(setup->art = art_store_new(arena)) || !(setup->shared = shared_store_new(arena))) return NULL;
    setup->packed = packed_new(arena);
    return setup->packed ? setup : NULL;
}

void setup_convert(const PressSetup *setup, const uint8_t *rgb, uint8_t *cmyk, size_t count)
{
    convert(setup->from_rgb, rgb, cmyk, count);
}

void setup_show(const PressSetup *setup, const uint8_t *cmyk, uint8_t *rgb, size_t count)
{
    convert(setup->to_rgb, cmyk, rgb, count);
}

void setup_convert_color(const PressSetup *setup, const uint8_t rgb[3], uint8_t cmyk[4])
{
    /* One word holds a colour and its inks, so that threads need not wait for each other: at worst both find the same. */
    uint32_t key = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
    atomic_uint_fast64_t *place = &setup->known_colors[(key * 2654435761u >> 16) % KNOWN_COLORS];
    uint64_t known = atomic_load_explicit(place, memory_order_relaxed);
    if (known >> 32 != (1u << 24 | key)) {
        setup_convert(setup, rgb, cmyk, 1);
        known = (uint64_t)(1u << 24 | key) << 32 | (uint32_t)cmyk[0] << 24 | (uint32_t)cmyk[1] << 16 | (uint32_t)cmyk[2] << 8 | cmyk[3];
        atomic_store_explicit(place, known, memory_order_relaxed);
    }
    for (int i = 0; i < 4; i++) cmyk[i] = (uint8_t)(known >> (24 - 8 * i));
}
