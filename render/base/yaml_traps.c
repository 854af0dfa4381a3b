/* yaml_traps.c -- values that YAML accepts and the author did not mean, recognised one by one. Each test is narrow: a file
 * that is right must never hear of them. */
#include <string.h>

#include "base/utf8.h"
#include "base/yaml_private.h"

#define WIDE_COMMA "\xef\xbc\x8c"
#define WIDE_COLON "\xef\xbc\x9a"
#define WIDE_SPACE "\xe3\x80\x80"
#define HARD_SPACE "\xc2\xa0"

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool is_ascii(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

static bool starts_with(const char *text, const char *start)
{
    return !strncmp(text, start, strlen(start));
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && !memcmp(text + length - tail, end, tail);
}

/* ---- the messages shared with the scan of refused lines ---- */

static int shown_length(Span span)
{
    size_t length = span.end - span.start;
    const char *line_end = memchr(span.source->text + span.start, '\n', length);
    if (line_end)
        length = (size_t)(line_end - (span.source->text + span.start));
    if (length <= 60)
        return (int)length;
    for (length = 60; ((unsigned char)span.source->text[span.start + length] & 0xc0) == 0x80;)
        length--;                                   /* never half a character */
    return (int)length;
}

#define SHOWN(span) shown_length(span), (span).source->text + (span).start

bool yaml_say_markup(Span where, DiagList *diags)
{
    return diag_error(diags, where, "unquoted-markup", "put the whole text in double quotes",
                      "a text that starts with a mark-up sign must be quoted: \"%.*s\"", SHOWN(where));
}

bool yaml_say_reserved(Span where, DiagList *diags)
{
    return diag_error(diags, where, "reserved-start", "put the whole text in double quotes",
                      "\"%.*s\": a value cannot start with this sign without quotes", SHOWN(where));
}

bool yaml_say_hash(const Source *source, size_t hash, DiagList *diags)
{
    size_t end = hash;
    while (end < source->length && !strchr("\r\n,}] ", source->text[end]))
        end++;
    Span where = {source, hash, end > hash ? end : hash + 1};
    return diag_error(diags, where, "hash-comment", "put the value in double quotes",
                      "# after a space starts a comment, so \"%.*s\" is not part of the value", SHOWN(where));
}

bool yaml_say_missing_space(Span key, DiagList *diags)
{
    Span name = key;
    const char *colon = memchr(key.source->text + key.start, ':', key.end - key.start);
    if (colon)
        name.end = (size_t)(colon - key.source->text) + 1;
    return diag_error(diags, key, "missing-space", "write a space after the colon",
                      "\"%.*s\" needs a space after the colon to be a key", SHOWN(name));
}

bool yaml_say_wide_colon(Span colon, DiagList *diags)
{
    return diag_error(diags, colon, "ime-punct", "switch the input method off and write \": \"",
                      "full-width colon: a key ends with \":\" and a space");
}

bool yaml_trap_placeholder(const Source *source, size_t start, DiagList *diags)
{
    if (start + 1 >= source->length || memcmp(source->text + start, "{{", 2))
        return false;
    size_t line_end = start;
    while (line_end < source->length && source->text[line_end] != '\n')
        line_end++;
    const char *close = memmem(source->text + start, line_end - start, "}}", 2);
    Span where = {source, start, close ? (size_t)(close - source->text) + 2 : start + 2};
    char hint[160];
    hint[0] = '\0';
    if (close && where.end - where.start < 60) {
        static const char words[] = "write it in quotes: \"";
        size_t length = where.end - where.start;
        memcpy(hint, words, sizeof words - 1);
        memcpy(hint + sizeof words - 1, source->text + start, length);
        memcpy(hint + sizeof words - 1 + length, "\"", 2);
    }
    diag_error(diags, where, "unquoted-placeholder", *hint ? hint : "put the whole value in quotes",
               "a placeholder without quotes is no text for YAML: \"%.*s\"", SHOWN(where));
    return true;
}

/* ---- keys ---- */

bool yaml_trap_key(const Source *source, const YamlEntry *entry, DiagList *diags)
{
    (void)source;
    const char *key = entry->key;
    if (starts_with(key, WIDE_SPACE) || starts_with(key, HARD_SPACE) || ends_with(key, WIDE_SPACE) ||
        ends_with(key, HARD_SPACE))
        return diag_error(diags, entry->key_span, "ime-space", "switch the input method off and indent with spaces",
                          "full-width space: it became part of the key \"%s\"", key);
    return true;
}

/* ---- nothing where a value should be ---- */

/* `key:` in full, not `key` alone as in {甲, 乙}. */
static bool has_colon(const Source *source, const YamlEntry *entry)
{
    size_t at = entry->key_span.end;
    while (at < source->length && strchr(" \t\r\n", source->text[at]))
        at++;
    return at < source->length && source->text[at] == ':';
}

static bool is_uri_scheme(const char *text, size_t length)
{
    static const char *const schemes[] = {"http", "https", "tel", "mailto", "sms", "smsto", "geo", "data", "file",
                                          "urn", "weixin", "sacn", "artnet", "ddp"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strlen(schemes[i]) == length && !memcmp(schemes[i], text, length))
            return true;
    return false;
}

/* `size:A4`: a word of lower-case letters, a colon, and no space. */
static bool lacks_space(const char *text)
{
    size_t name = 0;
    while (is_word_byte(text[name]) && !(text[name] >= 'A' && text[name] <= 'Z'))
        name++;
    if (!name || text[name] != ':' || !text[name + 1] || strchr(" /:\\", text[name + 1]))
        return false;
    return text[0] >= 'a' && text[0] <= 'z' && !is_uri_scheme(text, name);
}

/* "1,5mm": a digit and the comma stand right before. */
static bool is_number_before(const Source *source, size_t at)
{
    return at >= 2 && source->text[at - 1] == ',' && source->text[at - 2] >= '0' && source->text[at - 2] <= '9';
}

static bool trap_bare_key(const Source *source, const RawNode *value, const YamlPlace *place, DiagList *diags)
{
    const YamlEntry *entry = place->entry;
    char first = entry->key_span.start < source->length ? source->text[entry->key_span.start] : '\0';
    if (lacks_space(entry->key))
        return yaml_say_missing_space(entry->key_span, diags);
    if (strstr(entry->key, WIDE_COLON) && first != '"' && first != '\'') {
        size_t at = entry->key_span.start + (size_t)(strstr(entry->key, WIDE_COLON) - entry->key);
        return yaml_say_wide_colon((Span){source, at, at + 3}, diags);
    }
    bool follows_text = place->previous && place->previous->node.kind == YAML_SCALAR && first != '"' && first != '\'';
    bool is_decimal = follows_text && entry->key[0] >= '0' && entry->key[0] <= '9' && is_number_before(source, entry->key_span.start);
    if (is_decimal)
        return diag_error(diags, entry->key_span, "comma-in-text", "write a decimal point: 1.5mm", "the comma before \"%s\" ends the number", entry->key);
    if (follows_text)
        return diag_error(diags, entry->key_span, "comma-in-text",
                          "use \"，\" inside a text, or put the whole text in quotes",
                          "the comma before \"%s\" ends the text; \"%s\" is read as a key without a value", entry->key,
                          entry->key);
    return diag_error(diags, value->node.span, "empty-value", "give it a value or leave it out",
                      "\"%s\" has no value", entry->key);
}

static bool trap_absent(const Source *source, const RawNode *value, const YamlPlace *place, DiagList *diags)
{
    if (!place->entry && !place->is_item)
        return true;                                /* an empty file */
    if (!place->entry)
        return diag_error(diags, value->node.span, "empty-value", "give it a value or delete the line",
                          "an item of the list is empty");
    if (place->in_flow && !has_colon(source, place->entry))
        return trap_bare_key(source, value, place, diags);
    size_t colon = place->entry->key_span.end;
    while (colon < source->length && source->text[colon] != ':' && source->text[colon] != '\n')
        colon++;
    size_t at = yaml_skip_blanks(source, colon + 1);
    bool is_hash = at + 1 < source->length && source->text[at] == '#' && !strchr(" \t\r\n#", source->text[at + 1]);
    if (is_hash)
        return yaml_say_hash(source, at, diags);
    return diag_error(diags, value->node.span, "empty-value", "give it a value or leave it out", "\"%s\" has no value",
                      place->entry->key);
}

/* ---- texts ---- */

/* `热线 #00000`: one space, # and something right behind it. A comment that is meant stands off or has a space after #. */
static bool trap_hash(const Source *source, const RawNode *value, DiagList *diags)
{
    size_t end = value->node.span.end;
    if (end + 2 >= source->length || source->text[end] != ' ' || source->text[end + 1] != '#' ||
        strchr(" \t\r\n#!-=", source->text[end + 2]))
        return true;
    return yaml_say_hash(source, end + 1, diags);
}

static uint32_t character_before(const Source *source, size_t start, size_t end)
{
    size_t at = end;
    while (at > start && ((unsigned char)source->text[--at] & 0xc0) == 0x80)
        ;
    return at < end ? utf8_next(source->text, end, &at) : 0;
}

/* A line end inside the value becomes a space; between Chinese characters nobody wants one. */
static bool trap_folded(const Source *source, const RawNode *value, DiagList *diags)
{
    const YamlNode *node = &value->node;
    const char *text = source->text;
    for (size_t at = node->span.start; at < node->span.end; at++) {
        if (text[at] != '\n')
            continue;
        size_t last = at, next = at + 1;
        while (last > node->span.start && strchr(" \t\r", text[last - 1]))
            last--;
        next = yaml_skip_blanks(source, next);
        bool is_beside_empty = text[next] == '\n' || text[next] == '\r' || (last > 0 && text[last - 1] == '\n');
        if (next >= node->span.end || is_beside_empty)
            continue;                               /* an empty line stays a line end */
        uint32_t before = character_before(source, node->span.start, last);
        uint32_t after = utf8_next(text, source->length, &next);
        if (utf8_cells(before) == 2 || utf8_cells(after) == 2) {
            size_t start = yaml_skip_blanks(source, node->span.start);
            return diag_error(diags, (Span){source, start, node->span.end}, "folded-space",
                              "write |- and the lines below it, or all in one line",
                              "the lines of this text are joined with a space between them");
        }
    }
    return true;
}

static bool trap_backslash(const RawNode *value, const YamlPlace *place, DiagList *diags)
{
    const YamlNode *node = &value->node;
    const char *found = strstr(node->scalar, "\\n");
    if (!found || (place->entry && !strcmp(place->entry->key, "pattern")))
        return true;
    size_t length = node->span.end - node->span.start;
    const char *start = node->span.source->text + node->span.start;
    const char *at = memmem(start, length, "\\n", 2);
    Span where = node->span;
    if (at)
        where.start = node->span.start + (size_t)(at - start), where.end = where.start + 2;
    return diag_error(diags, where, "literal-backslash", "put the text in double quotes, or write |- and the lines below it",
                      "\"\\n\" ends a line in double quotes only; here it is a backslash and an n");
}

/* ---- signs of the input method ---- */

/* The whole of `text` stands between `open` and the first `close`. */
static bool is_wrapped(const char *text, const char *open, const char *close)
{
    if (!starts_with(text, open))
        return false;
    const char *end = strstr(text + strlen(open), close);
    return end && !end[strlen(close)];
}

static bool trap_wrapped(const RawNode *value, DiagList *diags)
{
    static const struct {
        const char *open, *close, *hint;
        bool is_quote;
    } pairs[] = {
        {"\xe2\x80\x9c", "\xe2\x80\x9d", "write \" instead of the signs at both ends", true},
        {"\xe2\x80\x98", "\xe2\x80\x99", "write ' instead of the signs at both ends", true},
        {"\xef\xbc\x82", "\xef\xbc\x82", "write \" instead of the signs at both ends", true},
        {"\xe3\x80\x90", "\xe3\x80\x91", "write [ and ] instead of the signs at both ends", false},
        {"\xef\xbc\xbb", "\xef\xbc\xbd", "write [ and ] instead of the signs at both ends", false},
        {"\xef\xbd\x9b", "\xef\xbd\x9d", "write { and } instead of the signs at both ends", false},
    };
    const char *text = value->node.scalar;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t open = strlen(pairs[i].open);
        if (!is_wrapped(text, pairs[i].open, pairs[i].close))
            continue;
        size_t inner = strlen(text) - open - strlen(pairs[i].close);
        /* 【紧急】 is a text; 【50mm, 30mm】 was to be a list. */
        if (!pairs[i].is_quote && !is_ascii(text + open, inner) && !memchr(text + open, ',', inner))
            continue;
        return diag_error(diags, value->node.span, "ime-punct", pairs[i].hint,
                          "full-width signs do not quote or make a list: \"%.*s\"", SHOWN(value->node.span));
    }
    return true;
}

/* In {size: 【50mm, 30mm】} the comma cuts the list: the first half is told by its beginning. */
static bool trap_cut_bracket(const RawNode *value, const YamlPlace *place, DiagList *diags)
{
    const char *text = value->node.scalar;
    static const char open[] = "\xe3\x80\x90";
    if (!place->in_flow || !starts_with(text, open) || strstr(text, "\xe3\x80\x91") ||
        !is_ascii(text + 3, strlen(text + 3)))
        return true;
    return diag_error(diags, value->node.span, "ime-punct", "write [ and ] instead",
                      "full-width brackets do not make a list: \"%s\"", text);
}

static bool trap_wide_space(const RawNode *value, DiagList *diags)
{
    const char *text = value->node.scalar;
    size_t skipped = 0;
    while (starts_with(text + skipped, WIDE_SPACE))
        skipped += 3;
    if (!skipped || !text[skipped] || (unsigned char)text[skipped] >= 0x80)
        return true;
    return diag_error(diags, value->node.span, "ime-space", "switch the input method off and indent with spaces",
                      "full-width space: it became part of the value");
}

/* ---- keys that are none ---- */

static bool is_on_later_line(const Source *source, const RawNode *value, const YamlPlace *place)
{
    size_t start = place->entry->key_span.end, end = value->node.span.start;
    return end > start && memchr(source->text + start, '\n', end - start);
}

/* Where a map could stand: an item of a list, the root, a line below its key. */
static bool trap_no_key(const Source *source, const RawNode *value, const YamlPlace *place, DiagList *diags)
{
    const char *text = value->node.scalar;
    if (place->entry && !is_on_later_line(source, value, place))
        return true;
    if (lacks_space(text))
        return yaml_say_missing_space(value->node.span, diags);
    size_t name = 0;
    while (is_word_byte(text[name]) && !(text[name] >= 'A' && text[name] <= 'Z'))
        name++;
    if (!name || !starts_with(text + name, WIDE_COLON))
        return true;
    size_t at = value->node.span.start + name;
    return yaml_say_wide_colon((Span){source, at, at + 3}, diags);
}

bool yaml_trap_value(const Source *source, const RawNode *value, const YamlPlace *place, DiagList *diags)
{
    if (value->is_absent)
        return trap_absent(source, value, place, diags);
    if (value->node.kind != YAML_SCALAR)
        return true;
    YamlStyle style = value->node.style;
    if (style == YAML_LITERAL)
        return true;
    if (style == YAML_PLAIN && !(trap_no_key(source, value, place, diags) && trap_wide_space(value, diags) &&
                                 trap_wrapped(value, diags) && trap_cut_bracket(value, place, diags)))
        return false;
    if (style == YAML_DOUBLE_QUOTED && memmem(source->text + value->node.span.start,
                                              value->node.span.end - value->node.span.start, "\\\n", 2))
        return true;                                /* its author knows how lines are joined */
    bool is_good = trap_folded(source, value, diags);
    if (style == YAML_PLAIN)
        is_good &= trap_hash(source, value, diags);
    if (style == YAML_PLAIN || style == YAML_SINGLE_QUOTED)
        is_good &= trap_backslash(value, place, diags);
    return is_good;
}

/* [50mm，30mm]: a lone item, or one where only ASCII stands beside the comma. */
void yaml_trap_list(const RawNode *list, DiagList *diags)
{
    for (size_t i = 0; i < list->node.count; i++) {
        const YamlNode *item = list->node.items[i];
        if (item->kind != YAML_SCALAR || item->style != YAML_PLAIN)
            continue;
        const char *comma = strstr(item->scalar, WIDE_COMMA);
        if (!comma)
            continue;
        bool is_figure = comma > item->scalar && (unsigned char)comma[-1] < 0x80;
        if (list->node.count > 1 && !is_figure)
            continue;
        size_t at = item->span.start + (size_t)(comma - item->scalar);
        diag_error(diags, (Span){item->span.source, at, at + 3}, "ime-punct",
                   "write \", \" between items; quote a text that holds \"，\"",
                   "full-width comma: it does not separate, the list has one item \"%s\"", item->scalar);
    }
}
