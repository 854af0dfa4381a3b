/* setup.c -- the output profile, found and checked once, and the conversion of colours that have no recipe. */
#include "press/private.h"

#include <lcms2.h>
#include <string.h>

#include "base/limits.h"
#include "press/writer.h"

#define DEFAULT_PROFILE "/usr/share/scribus/profiles/ISOcoated_v2_300_bas.icc"
#define PROFILE_LEVEL 6
/* ICC.1, 7.2: the header. */
#define HEADER_BYTES 128

static void close_transform(void *transform) { cmsDeleteTransform(transform); }
static void close_profile(void *profile) { cmsCloseProfile(profile); }

static bool is_header(const Source *profile, size_t at, const char *signature) { return memcmp(profile->text + at, signature, 4) == 0; }

/* lcms prints to nobody: what is wrong is said by us. */
static void say_nothing(cmsContext context, cmsUInt32Number code, const char *text) { (void)context, (void)code, (void)text; }

/* Without its cache a transform may be used by many threads. */
static void *open_transform(Arena *arena, cmsHPROFILE from, cmsUInt32Number from_type, cmsHPROFILE to, cmsUInt32Number to_type, cmsUInt32Number quality)
{
    void **place = arena_own(arena, close_transform);
    return *place = cmsCreateTransform(from, from_type, to, to_type, INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE | quality);
}

static bool open_transforms(PressSetup *setup, Arena *arena)
{
    cmsSetLogErrorHandler(say_nothing);
    void **place_of_press = arena_own(arena, close_profile), **place_of_screen = arena_own(arena, close_profile);
    cmsHPROFILE press = *place_of_press = cmsOpenProfileFromMem(setup->profile->text, (cmsUInt32Number)setup->profile->length);
    cmsHPROFILE screen = *place_of_screen = cmsCreate_sRGBProfile();
    if (!press || !screen) return false;
    setup->from_rgb = open_transform(arena, screen, TYPE_RGB_8, press, TYPE_CMYK_8, 0);
    setup->to_rgb = open_transform(arena, press, TYPE_CMYK_8, screen, TYPE_RGB_8, cmsFLAGS_HIGHRESPRECALC);
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
    if (!open_transforms(setup, arena)) return bad_profile(setup, path, "is broken", diags);
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

const PressSetup *press_setup_new(Arena *arena, const PressOptions *options, DiagList *diags)
{
    PressSetup *setup = ARENA_NEW(arena, PressSetup);
    setup->options = *options;
    if (!setup->options.limits.profile) press_limits_find("sheetfed-coated", &setup->options.limits);
    setup->looks = image_looks_new(arena);
    if (!read_profile(setup, arena, diags)) return NULL;
    name_condition(setup, arena);
    setup->pictures = image_store_new(arena);
    setup->packed_profile = press_deflate(arena, setup->profile->text, setup->profile->length, PROFILE_LEVEL, &setup->packed_length);
    return setup->packed_profile ? setup : NULL;
}

void setup_convert(const PressSetup *setup, const uint8_t *rgb, uint8_t *cmyk, size_t count)
{
    cmsDoTransform(setup->from_rgb, rgb, cmyk, (cmsUInt32Number)count);
}

void setup_show(const PressSetup *setup, const uint8_t *cmyk, uint8_t *rgb, size_t count)
{
    cmsDoTransform(setup->to_rgb, cmyk, rgb, (cmsUInt32Number)count);
}
