/* icc.c -- pictures that say in which colours they are meant (an embedded ICC profile) are brought to sRGB, relative
 * colorimetric with black point compensation, once, when they are opened. */
#include "scene/private.h"

#include <lcms2.h>
#include <string.h>

/* What most pictures have: there is nothing to convert, and their pixels stay as they are. */
static bool is_srgb(cmsHPROFILE profile)
{
    char name[256] = "";
    cmsGetProfileInfoASCII(profile, cmsInfoDescription, "en", "US", name, sizeof name);
    return strstr(name, "sRGB") != NULL;
}

IccResult icc_convert(const void *profile, size_t length, IccPixels kind, const uint8_t *from, uint8_t *to, size_t count)
{
    static const struct { cmsUInt32Number from, to; cmsColorSpaceSignature space; } types[] = {
        [ICC_RGBA] = {TYPE_RGBA_8, TYPE_RGBA_8, cmsSigRgbData},
        [ICC_ARGB32] = {TYPE_BGRA_8, TYPE_BGRA_8, cmsSigRgbData},
        [ICC_CMYK] = {TYPE_CMYK_8, TYPE_BGRA_8, cmsSigCmykData},
    };
    cmsHPROFILE own = cmsOpenProfileFromMem(profile, (cmsUInt32Number)length), screen = NULL;
    cmsHTRANSFORM transform = NULL;
    IccResult result = ICC_BROKEN;
    if (own && cmsGetColorSpace(own) != types[kind].space) {
        result = ICC_OTHER;                                    /* of grey, or wrong: the pixels say more than the profile */
    } else if (own && is_srgb(own)) {
        result = ICC_SAME;
    } else if (own && (screen = cmsCreate_sRGBProfile())) {
        transform = cmsCreateTransform(own, types[kind].from, screen, types[kind].to, INTENT_RELATIVE_COLORIMETRIC,
                                       cmsFLAGS_BLACKPOINTCOMPENSATION | (kind == ICC_CMYK ? 0 : cmsFLAGS_COPY_ALPHA));
        for (size_t done = 0, part; transform && done < count; done += part) {
            part = count - done < 1 << 20 ? count - done : 1 << 20;
            cmsDoTransform(transform, from + 4 * done, to + 4 * done, (cmsUInt32Number)part);
        }
        if (transform) result = ICC_DONE;
    }
    if (transform) cmsDeleteTransform(transform);
    if (screen) cmsCloseProfile(screen);
    if (own) cmsCloseProfile(own);
    return result;
}

DecodeResult icc_say_broken(Decoded *out)
{
    decode_say(out, "its colour profile is broken");
    out->hint = "save it again as sRGB, or without a profile";
    return DECODE_BAD;
}
