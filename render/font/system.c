/* system.c -- --system-fonts: a family the catalogue does not know is asked of fontconfig.
 *
 * The library is loaded at the first such question only: fontconfig costs 7 ms to start. It always answers something
 * (DejaVu Sans for 宋体), so its answer counts only when it carries the name that was asked for. */
#include "font/private.h"

#include <dlfcn.h>
#include <fontconfig/fontconfig.h>
#include <stdlib.h>
#include <string.h>

#define FONTCONFIG(X) \
    X(FcInitLoadConfigAndFonts) X(FcConfigDestroy) X(FcPatternCreate) X(FcPatternDestroy) X(FcPatternAddString) \
    X(FcPatternAddDouble) X(FcConfigSubstitute) X(FcDefaultSubstitute) X(FcFontMatch) X(FcPatternGetString) X(FcPatternGetInteger) X(FcWeightFromOpenTypeDouble)

typedef struct SystemFonts {
#define X(name) __typeof__(&name) name;
    FONTCONFIG(X)
#undef X
    FcConfig *config;             /* our own: Cairo in the same process may use the common one */
} SystemFonts;

/* Loaded once a library; one that cannot be loaded is kept too, without a config. */
static SystemFonts *load(void)
{
    SystemFonts *fc = calloc(1, sizeof *fc);
    void *library = fc ? dlopen("libfontconfig.so.1", RTLD_NOW | RTLD_LOCAL) : NULL;
    if (!library)
        return fc;
    bool ok = true;
#define X(name) *(void **)&fc->name = dlsym(library, #name); ok = ok && fc->name;
    FONTCONFIG(X)
#undef X
    fc->config = ok ? fc->FcInitLoadConfigAndFonts() : NULL;
    return fc;
}

void system_release(FontLibrary *library)
{
    SystemFonts *fc = library->system;
    if (fc && fc->config)
        fc->FcConfigDestroy(fc->config);
    free(fc);
}

typedef struct Answer { char *path; int index; } Answer;

static bool is_same_family(const SystemFonts *fc, FcPattern *match, const char *family)
{
    char wanted[256], key[256];
    FcChar8 *name;
    font_key(family, wanted, sizeof wanted);
    for (int i = 0; fc->FcPatternGetString(match, FC_FAMILY, i, &name) == FcResultMatch; i++) {
        font_key((const char *)name, key, sizeof key);
        if (key[0] && strcmp(key, wanted) == 0)
            return true;
    }
    return false;
}

static bool ask(const SystemFonts *fc, const char *family, int weight, Answer *answer)
{
    FcPattern *pattern = fc->FcPatternCreate();
    fc->FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family);
    fc->FcPatternAddDouble(pattern, FC_WEIGHT, fc->FcWeightFromOpenTypeDouble(weight));
    fc->FcConfigSubstitute(fc->config, pattern, FcMatchPattern);
    fc->FcDefaultSubstitute(pattern);
    FcResult result;
    FcPattern *match = fc->FcFontMatch(fc->config, pattern, &result);
    FcChar8 *path;
    int index = 0;
    bool ok = match && is_same_family(fc, match, family) &&
              fc->FcPatternGetString(match, FC_FILE, 0, &path) == FcResultMatch;
    if (ok) {
        fc->FcPatternGetInteger(match, FC_INDEX, 0, &index);
        answer->path = strdup((const char *)path);
        answer->index = index & 0xffff;           /* the upper half names an instance of a variable font */
        ok = answer->path != NULL;
    }
    if (match)
        fc->FcPatternDestroy(match);
    fc->FcPatternDestroy(pattern);
    return ok;
}

const Face *system_find(FontLibrary *library, const char *family, int weight, Span where, DiagList *diags)
{
    FontProblem problem = {0};
    Answer answer = {0};
    FaceHandle *handle = NULL;

    pthread_mutex_lock(&library->lock);
    if (!library->system)
        library->system = load();
    const SystemFonts *fc = library->system;
    bool is_answered = fc && fc->config && ask(fc, family, weight, &answer);
    if (is_answered)
        handle = face_open_own(library, answer.path, answer.index, &problem);
    pthread_mutex_unlock(&library->lock);
    free(answer.path);
    if (!is_answered)
        return NULL;
    if (!handle) {
        problem_say(&problem, where, diags);
        return NULL;
    }
    diag_warning(diags, where, "system-font", "other machines may have another font of this name; pin it in the catalogue",
                 "\"%s\" is not in the catalogue: the system's \"%s\" is used", family, handle->face.file);
    return &handle->face;
}
