/* catalogue.c -- fonts/catalogue.yaml becomes families, faces and files; a family found by any of its names. */
#include "font/private.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "base/yaml.h"

#define KEY_ROOM 256

const char *font_weight_name(int weight)
{
    static const char *const names[] = {"Thin", "ExtraLight", "Light", "Regular", "Medium", "SemiBold", "Bold",
                                        "ExtraBold", "Black"};
    int step = (weight + 50) / 100;
    return names[step < 1 ? 0 : step > 9 ? 8 : step - 1];
}

size_t font_key(const char *name, char *out, size_t room)
{
    size_t length = 0, size = strlen(name), at = 0;
    while (at < size && length + 5 < room) {
        uint32_t c = utf8_next(name, size, &at);
        if (c == ' ' || c == '-' || c == '_' || c == 0x3000 || c == '\t')
            continue;
        if (c < 0x80)
            out[length++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        else
            length += utf8_put(c, out + length);
    }
    out[length] = 0;
    return length;
}

FontFamily *catalogue_find(const FontLibrary *library, const char *name)
{
    char key[KEY_ROOM];
    if (font_key(name, key, sizeof key) == 0)
        return NULL;
    for (size_t f = 0; f < library->family_count; f++)
        for (size_t i = 0; i < library->families[f].name_count; i++)
            if (strcmp(library->families[f].keys[i], key) == 0)
                return &library->families[f];
    return NULL;
}

/* ---- reading ---- */

typedef struct Reader { FontLibrary *library; DiagList *diags; } Reader;

static bool bad(Reader *reader, Span where, const char *what)
{
    return diag_error(reader->diags, where, "bad-catalogue", "fonts/README.md shows the form of the catalogue", "%s", what);
}

static const char *text_of(const YamlNode *map, const char *key)
{
    const YamlNode *node = yaml_find(map, key);
    return node && node->kind == YAML_SCALAR ? node->scalar : "";
}

static bool is_hash(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static bool read_pin(Reader *reader, const YamlNode *node, FontPin *pin)
{
    long size = 0;
    if (node->kind != YAML_MAP || !num_parse_count(text_of(node, "size"), &size) || size <= 0)
        return bad(reader, node->span, "a version of a font file needs a size in bytes");
    pin->size = (size_t)size;
    pin->check = text_of(node, "check");
    pin->sha256 = text_of(node, "sha256");
    if (!is_hash(pin->sha256) || (pin->check[0] && !is_hash(pin->check)))
        return bad(reader, node->span, "a hash of a font file is 64 digits 0-9 a-f");
    return true;
}

static bool read_file(Reader *reader, const YamlNode *package, const YamlEntry *entry, FontFile *file)
{
    const YamlNode *versions = entry->value;
    file->name = entry->key;
    file->package = text_of(package, "name");
    file->licence = text_of(package, "licence");
    if (versions->kind != YAML_LIST || versions->count == 0)
        return bad(reader, entry->key_span, "a font file needs a list of the versions that are accepted");
    FontPin *pins = ARENA_ARRAY(reader->library->arena, FontPin, versions->count);
    file->pins = pins;
    file->pin_count = versions->count;
    bool ok = true;
    for (size_t i = 0; i < versions->count; i++)
        ok = read_pin(reader, versions->items[i], &pins[i]) && ok;
    return ok;
}

static bool read_files(Reader *reader, const YamlNode *packages)
{
    FontLibrary *library = reader->library;
    size_t total = 0;
    bool ok = true;
    for (size_t p = 0; p < packages->count; p++) {
        const YamlNode *files = yaml_find(packages->items[p], "files");
        if (!files || files->kind != YAML_MAP)
            return bad(reader, packages->items[p]->span, "a package of fonts needs its files");
        total += files->count;
    }
    library->files = ARENA_ARRAY(library->arena, FontFile, total);
    for (size_t p = 0; p < packages->count; p++) {
        const YamlNode *files = yaml_find(packages->items[p], "files");
        for (size_t i = 0; i < files->count; i++)
            ok = read_file(reader, packages->items[p], &files->entries[i], &library->files[library->file_count++]) && ok;
    }
    return ok;
}

static FontFile *find_file(Reader *reader, const YamlNode *node)
{
    const char *name = node->kind == YAML_SCALAR ? node->scalar : "";
    for (size_t i = 0; i < reader->library->file_count; i++)
        if (strcmp(reader->library->files[i].name, name) == 0)
            return &reader->library->files[i];
    bad(reader, node->span, "a face names a file that no package of the catalogue holds");
    return NULL;
}

/* `files` {12: file, 16: file}: one file for each strike. */
static bool read_strike_files(Reader *reader, const YamlNode *node, FaceHandle *handle)
{
    int *strikes = ARENA_ARRAY(reader->library->arena, int, node->count);
    handle->strike_files = ARENA_ARRAY(reader->library->arena, FontFile *, node->count);
    int nearest = 1 << 20;
    for (size_t i = 0; i < node->count; i++) {
        long ppem = 0;
        if (!num_parse_count(node->entries[i].key, &ppem) || ppem < 1 || ppem > 255 || (i && ppem <= strikes[i - 1]))
            return bad(reader, node->entries[i].key_span, "strikes are whole numbers of dots, the smallest first");
        strikes[i] = (int)ppem;
        handle->strike_files[i] = find_file(reader, node->entries[i].value);
        if (!handle->strike_files[i])
            return false;
        if (abs(strikes[i] - 16) < nearest) {
            nearest = abs(strikes[i] - 16);
            handle->file = handle->strike_files[i];
        }
    }
    handle->face.strikes = strikes;
    handle->face.strike_count = node->count;
    return node->count > 0 || bad(reader, node->span, "a face needs a file");
}

static bool read_strikes(Reader *reader, const YamlNode *node, const int **strikes, size_t *count)
{
    *count = 0;
    if (!node)
        return true;
    if (node->kind != YAML_LIST)
        return bad(reader, node->span, "strikes are a list of whole numbers of dots");
    int *list = ARENA_ARRAY(reader->library->arena, int, node->count ? node->count : 1);
    for (size_t i = 0; i < node->count; i++) {
        long ppem = 0;
        if (!num_parse_count(node->items[i]->scalar ? node->items[i]->scalar : "", &ppem) || ppem < 1 || ppem > 255 ||
            (i && ppem <= list[i - 1]))
            return bad(reader, node->items[i]->span, "strikes are whole numbers of dots, the smallest first");
        list[i] = (int)ppem;
    }
    *strikes = list;
    *count = node->count;
    return true;
}

static bool read_names(Reader *reader, const YamlNode *node, FontFamily *family)
{
    const YamlNode *aliases = yaml_find(node, "aliases");
    size_t alias_count = aliases && aliases->kind == YAML_LIST ? aliases->count : 0;
    family->names = ARENA_ARRAY(reader->library->arena, const char *, alias_count + 1);
    family->keys = ARENA_ARRAY(reader->library->arena, const char *, alias_count + 1);
    for (size_t i = 0; i <= alias_count; i++) {
        const YamlNode *alias = i ? aliases->items[i - 1] : NULL;
        const char *name = !alias ? family->name : alias->kind == YAML_SCALAR ? alias->scalar : "";
        char key[KEY_ROOM];
        size_t length = font_key(name, key, sizeof key);
        if (length == 0)
            return bad(reader, node->span, "a name of a family is empty");
        const FontFamily *other = catalogue_find(reader->library, name);
        if (other && other != family)
            return diag_error(reader->diags, node->span, "bad-catalogue", "each name belongs to one family",
                              "the name \"%s\" of \"%s\" is also one of \"%s\"", name, family->name, other->name);
        family->names[i] = name;
        family->keys[i] = arena_copy(reader->library->arena, key, length);
        family->name_count = i + 1;
    }
    return true;
}

static bool read_family(Reader *reader, const YamlNode *node, FontFamily *family)
{
    FontLibrary *library = reader->library;
    const YamlNode *faces = yaml_find(node, "faces");
    family->name = text_of(node, "name");
    if (!family->name[0] || !faces || faces->kind != YAML_MAP || faces->count == 0)
        return bad(reader, node->span, "a family needs a name and its faces (weight: file)");
    library->family_count++;
    if (!read_names(reader, node, family))
        return false;
    long index = 0;
    const int *strikes = NULL;
    size_t strike_count;
    if (yaml_find(node, "index") && (!num_parse_count(text_of(node, "index"), &index) || index > 255))
        return bad(reader, node->span, "the index of a face in its collection is a whole number");
    if (!read_strikes(reader, yaml_find(node, "strikes"), &strikes, &strike_count))
        return false;
    family->faces = ARENA_ARRAY(library->arena, FaceHandle, faces->count);
    for (size_t i = 0; i < faces->count; i++) {
        const YamlEntry *entry = &faces->entries[i];
        FaceHandle *handle = &family->faces[i];
        long weight = 0;
        if (!num_parse_count(entry->key, &weight) || weight < 1 || weight > 1000 ||
            (i && weight <= family->faces[i - 1].face.weight))
            return bad(reader, entry->key_span, "the faces of a family are weights from 1 to 1000, the lightest first");
        handle->library = library;
        handle->family = family;
        handle->face = (Face){.family = family->name, .style_name = font_weight_name((int)weight), .index = (int)index,
                              .weight = (int)weight, .strikes = strikes, .strike_count = strike_count,
                              .strikes_only = strcmp(text_of(node, "strikes_only"), "true") == 0,
                              .serial = library->serial_count++, .handle = handle, .sha256 = "", .axes = "", .file = ""};
        if (entry->value->kind == YAML_MAP ? !read_strike_files(reader, entry->value, handle)
                                           : !(handle->file = find_file(reader, entry->value)))
            return false;
    }
    family->face_count = faces->count;
    return true;
}

bool catalogue_read(FontLibrary *library, const char *path, DiagList *diags)
{
    Reader reader = {library, diags};
    library->source = file_read(library->arena, path, LIMIT_LAYOUT_BYTES, SPAN_NONE, diags);
    const YamlNode *root = library->source ? yaml_read(library->arena, library->source, diags) : NULL;
    if (!root)
        return false;
    const YamlNode *packages = yaml_find(root, "packages"), *families = yaml_find(root, "families");
    if (!packages || packages->kind != YAML_LIST || !families || families->kind != YAML_LIST || families->count == 0)
        return bad(&reader, root->span, "a font catalogue needs packages and families");
    if (!read_files(&reader, packages))
        return false;
    const char *slash = strrchr(path, '/');
    library->folder = slash ? arena_copy(library->arena, path, (size_t)(slash - path) + 1) : "";
    const char *charsets = text_of(root, "charsets");
    library->charsets = arena_printf(library->arena, "%s%s/", charsets[0] == '/' ? "" : library->folder,
                                     charsets[0] ? charsets : "charsets");
    library->families = ARENA_ARRAY(library->arena, FontFamily, families->count);
    bool ok = true;
    for (size_t i = 0; i < families->count; i++)
        ok = read_family(&reader, families->items[i], &library->families[library->family_count]) && ok;
    return ok;
}
