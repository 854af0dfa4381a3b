/* yaml.c -- the door: what is no text is refused first, then the tree is built, then a refused file explained. */
#include "base/yaml.h"

#include <string.h>

#include "base/limits.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "base/yaml_private.h"

/* libfyaml keeps all tokens of a line that may be a key before it says a word: about 150 bytes for each. */
#define LINE_SIGNS_MAX ((size_t)400000)

static bool looks_like_gb18030(const char *text, size_t length)
{
    size_t pairs = 0;
    for (size_t at = 0; at < length;) {
        unsigned char lead = (unsigned char)text[at];
        if (lead < 0x80) {
            at++;
            continue;
        }
        unsigned char tail = at + 1 < length ? (unsigned char)text[at + 1] : 0;
        bool is_four = tail >= '0' && tail <= '9' && at + 3 < length;
        if (lead == 0x80 || lead == 0xff || (!is_four && (tail < 0x40 || tail == 0x7f || tail == 0xff)))
            return false;
        at += is_four ? 4 : 2;
        pairs++;
    }
    return pairs > 0;
}

static bool report_encoding(const Source *source, size_t bad, DiagList *diags)
{
    const unsigned char *bytes = (const unsigned char *)source->text;
    Span where = {source, bad, bad + 1};
    if (source->length >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff)))
        return diag_error(diags, where, "not-utf8", "save it as UTF-8 in your editor",
                          "the file is written in UTF-16, not in UTF-8");
    size_t line = source_locate(source, bad).line;
    if (looks_like_gb18030(source->text, source->length))
        return diag_error(diags, where, "not-utf8", "it looks like GB18030 (GBK): save it as UTF-8 in your editor",
                          "line %zu is not UTF-8: byte %02X %02X", line, bytes[bad],
                          bad + 1 < source->length ? bytes[bad + 1] : 0u);
    return diag_error(diags, where, "not-utf8", "save it as UTF-8 in your editor", "line %zu is not UTF-8: byte %02X",
                      line, bytes[bad]);
}

/* A control character that YAML 1.2 (5.1) does not allow. */
static bool check_controls(const Source *source, DiagList *diags)
{
    for (size_t at = 0; at < source->length; at++) {
        unsigned char c = (unsigned char)source->text[at];
        if ((c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n' || c == '\r')
            continue;
        return diag_error(diags, (Span){source, at, at + 1}, "control-character",
                          "delete it; is this really a text file?", "a control character (byte %02X) in the text", c);
    }
    return true;
}

static bool check_size(const Source *source, DiagList *diags)
{
    if (source->length > LIMIT_LAYOUT_BYTES)
        return diag_error(diags, (Span){source, 0, 0}, "too-large", "cut it into several files",
                          "the file has %zu MB; a layout has at most %zu MB", source->length >> 20,
                          LIMIT_LAYOUT_BYTES >> 20);
    size_t signs = 0, start = 0;
    for (size_t at = 0; at < source->length; at++) {
        if (source->text[at] == '\n') {
            signs = 0;
            start = at + 1;
        } else if (source->text[at] && strchr(",[]{}&*!?-:", source->text[at]) && ++signs > LINE_SIGNS_MAX) {
            return diag_error(diags, (Span){source, start, start + 1}, "too-large", "write it over several lines",
                              "this line holds over %zu signs of YAML", LINE_SIGNS_MAX);
        }
    }
    return true;
}

size_t yaml_skip_blanks(const Source *source, size_t at)
{
    while (at < source->length && (source->text[at] == ' ' || source->text[at] == '\t'))
        at++;
    return at;
}

const YamlNode *yaml_read(Arena *arena, const Source *source, DiagList *diags)
{
    size_t errors = diags->error_count, bad = 0;
    if (!check_size(source, diags))
        return NULL;
    if (!utf8_is_valid(source->text, source->length, &bad)) {
        report_encoding(source, bad, diags);
        return NULL;
    }
    if (!check_controls(source, diags))
        return NULL;
    YamlTree tree = yaml_tree_build(arena, source, diags);
    if (tree.is_refused)
        yaml_scan_lines(source, &tree, diags);
    if (diags->error_count != errors)
        return NULL;
    if (tree.root)
        return &tree.root->node;
    YamlNode *empty = ARENA_NEW(arena, YamlNode);
    *empty = (YamlNode){.kind = YAML_MAP, .span = {source, 0, 0}, .scalar = ""};
    return empty;
}

const YamlNode *yaml_find(const YamlNode *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (!strcmp(map->entries[i].key, key))
            return map->entries[i].value;
    return NULL;
}
