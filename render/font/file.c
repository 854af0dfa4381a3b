/* file.c -- font files found, mapped, and compared with what the catalogue pins. */
#include "font/private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/limits.h"

#define CHECK_BYTES 4096

bool problem_say(const FontProblem *problem, Span where, DiagList *diags)
{
    const char *hint = problem->hint[0] ? problem->hint : NULL;
    if (problem->is_input)
        return diag_error(diags, where, problem->code, hint, "%s", problem->message);
    return diag_system(diags, where, problem->code, hint, "%s", problem->message);
}

bool fontfile_fail(FontFile *file, const char *code, const char *hint, const char *format, ...)
{
    static FontProblem out_of_memory = {.code = "bad-font", .message = "no memory left to open a font"};
    FontProblem *problem = calloc(1, sizeof *problem);
    if (!problem) {
        file->problem = &out_of_memory;
        return false;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem->message, sizeof problem->message, format, arguments);
    va_end(arguments);
    snprintf(problem->hint, sizeof problem->hint, "%s", hint ? hint : "");
    problem->code = code;
    file->problem = problem;
    return false;
}

void fontfile_release(FontFile *file)
{
    hb_blob_destroy(file->blob);
    free(file->path);
    /* The static problem of fontfile_fail has no hint and is met only when the machine is out of memory: let it be. */
    if (file->problem && file->problem->hint[0])
        free(file->problem);
    file->blob = NULL;
    file->path = NULL;
    file->problem = NULL;
}

static char *join(const char *folder, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s%s", folder, name) < 0 ? NULL : path;
}

static bool is_regular(const char *path, size_t *size)
{
    struct stat info;
    if (!path || stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    *size = (size_t)info.st_size;
    return true;
}

bool fontfile_find(FontLibrary *library, FontFile *file)
{
    if (file->is_looked_for)
        return file->path != NULL;
    file->is_looked_for = true;

    const char *home = getenv("HOME");
    char *own_folder = home && home[0] == '/' ? join(home, "/.local/share/fonts/") : NULL;
    const char *folders[] = {"/usr/share/fonts/", "/usr/local/share/fonts/", own_folder};
    size_t folder_count = sizeof folders / sizeof *folders;
    const char *name = file->name;
    if (name[0] == '/') {
        folders[0] = "";
        folder_count = 1;
    } else if (strncmp(name, "./", 2) == 0) {
        folders[0] = library->folder;
        name += 2;
        folder_count = 1;
    }
    for (size_t i = 0; i < folder_count && !file->path; i++) {
        size_t size;
        char *path = folders[i] ? join(folders[i], name) : NULL;
        if (is_regular(path, &size))
            file->path = path;
        else
            free(path);
    }
    free(own_folder);
    return file->path != NULL;
}

/* Both ends are where a changed font shows: the directory of an sfnt holds the checksums of all its tables, the tail of
 * a .gz the CRC of the whole. In a shell: (head -c 4096 F; tail -c 4096 F) | sha256sum */
void fontfile_check_hash(const char *bytes, size_t size, char *hex)
{
    char ends[2 * CHECK_BYTES];
    size_t part = size < CHECK_BYTES ? size : CHECK_BYTES;
    memcpy(ends, bytes, part);
    memcpy(ends + part, bytes + size - part, part);
    hash_sha256(ends, 2 * part, hex);
}

/* Which of the pinned versions is it? A pin without `check` is compared whole. */
static const FontPin *find_pin(const FontFile *file, const char *bytes, size_t size)
{
    char check[HASH_HEX_ROOM] = "", whole[HASH_HEX_ROOM] = "";
    for (size_t i = 0; i < file->pin_count; i++) {
        const FontPin *pin = &file->pins[i];
        if (pin->size != size)
            continue;
        if (!check[0])
            fontfile_check_hash(bytes, size, check);
        if (!pin->check[0] && !whole[0])
            hash_sha256(bytes, size, whole);
        if (pin->check[0] ? strcmp(pin->check, check) == 0 : strcmp(pin->sha256, whole) == 0)
            return pin;
    }
    return NULL;
}

static bool fail_changed(FontFile *file, const char *bytes, size_t size)
{
    char check[HASH_HEX_ROOM], whole[HASH_HEX_ROOM], hint[640];
    fontfile_check_hash(bytes, size, check);
    hash_sha256(bytes, size, whole);
    snprintf(hint, sizeof hint, "%s%s%s to accept this version, add to \"%s\" in the catalogue: "
             "- {size: %zu, check: %s, sha256: %s}",
             file->package[0] ? "apt-get install --reinstall " : "restore the file", file->package, ";",
             file->name, size, check, whole);
    return fontfile_fail(file, "font-changed", hint, "the font file \"%s\" is not the one the catalogue pins", file->path);
}

bool fontfile_open(FontLibrary *library, FontFile *file)
{
    if (file->problem)                            /* first: a mapped file may have turned out to be no font */
        return false;
    if (file->blob)
        return true;
    if (!fontfile_find(library, file)) {
        char hint[640];
        snprintf(hint, sizeof hint, file->package[0] ? "apt-get install %s" : "restore the file \"%s\"",
                 file->package[0] ? file->package : file->name);
        return fontfile_fail(file, "font-missing", hint, "the font file \"%s\" is not installed", file->name);
    }
    size_t size;
    if (!is_regular(file->path, &size) || size > LIMIT_FONT_BYTES)
        return fontfile_fail(file, "bad-font", "give a font file of less than 256 MB",
                             "\"%s\" is too large for a font", file->path);
    hb_blob_t *blob = hb_blob_create_from_file_or_fail(file->path);
    unsigned length = 0;
    const char *bytes = blob ? hb_blob_get_data(blob, &length) : NULL;
    if (!bytes || length == 0) {
        hb_blob_destroy(blob);
        const char *hint = "reinstall it, or check who may read it";
        return fontfile_fail(file, "bad-font", hint, "the font file \"%s\" cannot be read or is empty", file->path);
    }
    file->pin = file->pin_count ? find_pin(file, bytes, length) : NULL;
    if (file->pin_count && !file->pin && !library->skip_hashes) {
        fail_changed(file, bytes, length);
        hb_blob_destroy(blob);
        return false;
    }
    file->blob = blob;
    return true;
}
