/* assets.c -- where a picture may be read from: what the layout's author writes is his business, what a table says is not.
 *
 * A table comes from many hands, and a picture of it goes out in print: a field may name only what lies below the layout's
 * folder, or a folder that --asset-path allows, after all links are followed. */
#include "box/assets.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

static bool comes_from_data(const FilledText *name)
{
    for (size_t i = 0; i < name->span_count; i++)
        if (name->spans[i].column) return true;
    return false;
}

/* Does the file lie below the folder? Both must be there. */
static bool lies_below(const char *folder, const char *path)
{
    char real_folder[PATH_MAX], real_path[PATH_MAX];
    if (!realpath(folder, real_folder) || !realpath(path, real_path)) return false;
    size_t length = strlen(real_folder);
    return !strcmp(real_folder, "/") || (!strncmp(real_folder, real_path, length) && real_path[length] == '/');
}

static const char *folder_of(Arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');
    return !slash ? "." : slash == file ? "/" : arena_copy(arena, file, (size_t)(slash - file));
}

/* "../" and the root lead out whether there is a file or not: nobody learns from the message what lies there. */
static bool leads_out(const char *name)
{
    if (*name == '/') return true;
    for (const char *at = name; at; at = strchr(at, '/')) {
        if (*at == '/') at++;
        if (!strncmp(at, "..", 2) && (at[2] == '/' || !at[2])) return true;
    }
    return false;
}

const char *assets_find(BoxContext *context, const char *layout, const FilledText *name)
{
    const char *path = file_resolve(context->arena, layout, name->text);
    if (!comes_from_data(name)) return path;
    const char *folder = folder_of(context->arena, layout);
    bool is_inside = lies_below(folder, path), leads = leads_out(name->text);
    if (is_inside) return path;
    for (size_t i = 0; i < context->asset_path_count; i++) {
        const char *found = *name->text == '/' ? path : arena_printf(context->arena, "%s/%s", context->asset_paths[i], name->text);
        if (lies_below(context->asset_paths[i], found)) return found;
        if (lies_below(context->asset_paths[i], path)) return path;
    }
    if (!leads && !file_exists(path)) return path;     /* missing: the store of images says so */
    const char *from = NULL;
    Span where = name->where;
    for (size_t i = 0; i < name->span_count && !from; i++)
        if ((from = name->spans[i].column)) where = name->spans[i].where;
    diag_error(context->diags, where, "image-outside", "put the picture below the layout's folder, or allow its own with --asset-path DIR",
               "%s names \"%s\", which is not below \"%s\"", from, name->text, folder);
    return NULL;
}
