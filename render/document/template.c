/* template.c -- text with {{placeholders}}, **strong** and [words]{style} becomes segments. Variables and strings become
 * literals, which nothing parses again. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "document/reader.h"

enum { MARKUP_DEPTH = 16 };

typedef struct Parser {
    Reader *reader;
    const YamlNode *scalar;
    const char *text;
    const uint32_t *places;       /* source offset of each byte of text; NULL: only the whole scalar is known */
    size_t known;                 /* so many of them are known */
    List segments;
    StrBuf literal;
    size_t literal_start;
    const Ruby *ruby;             /* of the words being read, or NULL */
    const InlineBox *box;         /* likewise */
    bool has_markup, is_static, failed;
} Parser;

/* Where each byte of a scalar stands in its file: both are walked side by side over escapes, indentation and '' . */
static const uint32_t *find_places(Arena *arena, const YamlNode *scalar, size_t length, size_t *known)
{
    *known = 0;
    const Source *source = scalar->span.source;
    if (!source || scalar->span.end > source->length || scalar->span.start >= scalar->span.end) return NULL;
    uint32_t *places = arena_alloc_array(arena, length + 1, sizeof *places);
    const char *raw = source->text;
    size_t at = scalar->span.start, end = scalar->span.end, i = 0;
    bool is_double = scalar->style == YAML_DOUBLE_QUOTED;
    if ((is_double && raw[at] == '"') || (scalar->style == YAML_SINGLE_QUOTED && raw[at] == '\'')) at++;
    if ((scalar->style == YAML_LITERAL || scalar->style == YAML_FOLDED) && (raw[at] == '|' || raw[at] == '>'))
        while (at < end && raw[at++] != '\n') {}
    while (i < length && at < end) {
        places[i] = (uint32_t)at;
        if (is_double && raw[at] == '\\' && at + 1 < end) {
            char c = raw[at + 1];
            size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0, bytes = 1;
            if (digits) {
                char hex[9] = "";
                memcpy(hex, raw + at + 2, digits < end - at - 2 ? digits : 0);
                unsigned long code = strtoul(hex, NULL, 16);
                bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
            }
            for (size_t k = 0; k < bytes && i < length; k++) places[i++] = (uint32_t)at;
            at += 2 + digits;
        } else if (raw[at] == scalar->scalar[i]) {
            at += scalar->style == YAML_SINGLE_QUOTED && raw[at] == '\'' ? 2 : 1;
            i++;
        } else if (raw[at] == ' ' || raw[at] == '\r' || raw[at] == '\n' || raw[at] == '\t') at++;
        else break;
    }
    *known = i;
    places[i] = (uint32_t)(at < end ? at : end);
    return places;
}

static Span span_of(const Parser *p, size_t start, size_t end)
{
    if (!p->places || end > p->known || start >= end) return p->scalar->span;
    size_t last = p->places[end - 1], stop = p->places[end];
    return (Span){p->scalar->span.source, p->places[start], stop > last ? stop : last + 1};
}

static void flush(Parser *p, size_t end, const TextStyle *style)
{
    if (!p->literal.length) return;
    Segment *segment = list_add(p->reader->arena, &p->segments, sizeof *segment);
    *segment = (Segment){.literal = p->literal.bytes, .style = style, .ruby = p->ruby, .box = p->box, .where = span_of(p, p->literal_start, end)};
    strbuf_init(&p->literal, p->reader->arena);
}

static bool fail(Parser *p, size_t start, size_t end, const char *code, const char *hint, const char *message)
{
    p->failed = true;
    return diag_error(p->reader->diags, span_of(p, start, end), code, hint, "%s", message);
}

static const char *trimmed(Arena *arena, const char *start, const char *end)
{
    while (start < end && (*start == ' ' || *start == '\t' || *start == '\n')) start++;
    while (end > start && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\n')) end--;
    return arena_copy(arena, start, (size_t)(end - start));
}

/* pad: how many digits; add: what is added. */
static bool is_filter_number(FilterKind kind, const char *argument)
{
    size_t length = strlen(argument ? argument : "");
    if (!length || length > 9 || strspn(argument, "0123456789") != length) return false;
    return kind == FILTER_ADD || (length <= 2 && atoi(argument) >= 1 && atoi(argument) <= 20);
}

/* "2027-06-07 days": what is counted down to, and in what. */
bool template_read_until(Arena *arena, const char *argument, Civil *target, const char **unit)
{
    static const char *const units[] = {"days", "hours", "minutes", "seconds", "clock"};
    if (!argument) return false;
    const char *last = strrchr(argument, ' '), *found = NULL;
    for (size_t i = 0; last && i < sizeof units / sizeof *units; i++)
        if (strcmp(last + 1, units[i]) == 0) found = units[i];
    *unit = found ? found : units[0];
    return civil_read(found ? trimmed(arena, argument, last) : argument, target);
}

static bool read_filters(Parser *p, size_t from, size_t end, Segment *segment)
{
    static const char *const names[] = {"add", "date", "default", "digits", "pad", "tel", "trim", "until", "upper"};
    enum { COUNT = sizeof names / sizeof *names };
    Arena *arena = p->reader->arena;
    List list = {0};
    while (from < end) {
        const char *start = p->text + from, *bar = memchr(start, '|', end - from);
        size_t stop = bar ? (size_t)(bar - p->text) : end;
        const char *colon = memchr(start, ':', stop - from);
        const char *name = trimmed(arena, start, colon ? colon : p->text + stop);
        size_t k = 0;
        while (k < COUNT && strcmp(names[k], name) != 0) k++;
        if (k == COUNT) return fail(p, from, stop, "unknown-filter", hint_nearest(arena, name, names, COUNT), arena_printf(arena, "no filter \"%s\"", name));
        if (!colon && (k == FILTER_DEFAULT))
            return fail(p, from, stop, "unknown-filter", "write default:text", arena_printf(arena, "the filter \"%s\" needs a value", name));
        const char *argument = colon ? trimmed(arena, colon + 1, p->text + stop) : NULL;
        if ((k == FILTER_ADD || k == FILTER_PAD) && !is_filter_number((FilterKind)k, argument))
            return fail(p, from, stop, "unknown-filter", k == FILTER_ADD ? "write add:1000" : "write pad:6; 20 digits are the most",
                        arena_printf(arena, "the filter \"%s\" needs a whole number", name));
        Civil target;
        const char *unit;
        if (k == FILTER_UNTIL && !template_read_until(arena, argument, &target, &unit))
            return fail(p, from, stop, "unknown-filter", "write until:2027-06-07, or until:2027-06-07T09:00 clock; units are days hours minutes seconds clock",
                        "the filter \"until\" needs a date");
        Filter *filter = list_add(arena, &list, sizeof *filter);
        *filter = (Filter){(FilterKind)k, argument};
        from = stop + 1;
    }
    segment->filters = list.items;
    segment->filter_count = list.count;
    return true;
}

static const Variable *find_var(const Reader *r, const char *name)
{
    for (size_t i = 0; i < r->var_count; i++)
        if (strcmp(r->vars[i].name, name) == 0) return &r->vars[i];
    return NULL;
}

/* A column that the layout declares is meant where a style sheet happens to have a variable of its name. */
static bool is_declared_column(const Reader *r, const char *name)
{
    const YamlNode *data = yaml_find(r->root, "data"), *columns = data && data->kind == YAML_MAP ? yaml_find(data, "columns") : NULL;
    return columns && columns->kind == YAML_MAP && yaml_find(columns, name);
}

/* {{t.key}}: the text of the chosen language. */
static const char *find_string(Parser *p, const char *name, size_t start, size_t end)
{
    Reader *r = p->reader;
    const char *key = name + 2;
    const YamlNode *value = r->strings ? yaml_find(r->strings, key) : NULL;
    if (value && value->kind == YAML_SCALAR) return value->scalar;
    size_t count = r->strings ? r->strings->count : 0;
    const char **names = ARENA_ARRAY(r->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) names[i] = r->strings->entries[i].key;
    fail(p, start, end, "unknown-string", count ? hint_nearest(r->arena, key, names, count) : "declare it under strings: {zh-Hans: {key: text}}",
         arena_printf(r->arena, "no string \"%s\" in %s", key, r->strings_lang));
    return NULL;
}

static bool check_built_in(Parser *p, const char *name, size_t start, size_t end)
{
    static const char *const names[] = {"@row", "@serial", "@page", "@pages", "@sheet", "@sheets", "@first", "@last", "@frame", "@date", "@now"};
    enum { COUNT = sizeof names / sizeof *names };
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(names[i], name) == 0) return true;
    return fail(p, start, end, "unknown-builtin", hint_nearest(p->reader->arena, name, names, COUNT), arena_printf(p->reader->arena, "no built-in \"%s\"", name));
}

/* The placeholder that begins at `start` ("{{"); moves `*at` behind it. */
static bool read_placeholder(Parser *p, size_t start, size_t *at, const TextStyle *style)
{
    Reader *r = p->reader;
    const char *open = p->text + start + 2, *close = strstr(open, "}}");
    size_t length = strlen(p->text);
    if (!close) {
        *at = length;
        return fail(p, start, length, "bad-placeholder", "write {{column}}; a brace as such is \\{", "\"{{\" is never closed");
    }
    size_t end = (size_t)(close - p->text);
    *at = end + 2;
    Segment segment = {.style = style, .ruby = p->ruby, .box = p->box, .where = span_of(p, start, end + 2)};
    const char *quoted_end = *open == TEMPLATE_QUOTE ? strchr(open + 1, TEMPLATE_QUOTE) : NULL;
    const char *rest = quoted_end && quoted_end < close ? quoted_end + 1 : open;
    const char *bar = memchr(rest, '|', (size_t)(close - rest));
    const char *name = trimmed(r->arena, open, bar ? bar : close);
    if (bar && !read_filters(p, (size_t)(bar - p->text) + 1, end, &segment)) return false;
    if (rest != open) segment.literal = arena_copy(r->arena, open + 1, (size_t)(quoted_end - open - 1));
    else if (!*name) return fail(p, start, end + 2, "bad-placeholder", "write {{column}}", "a placeholder without a name");
    else if (name[0] == '@' && !check_built_in(p, name, start, end + 2)) return false;
    else if (strncmp(name, "t.", 2) == 0 && !(segment.literal = find_string(p, name, start, end + 2))) return false;
    const Variable *var = segment.literal ? NULL : find_var(r, name);
    if (var && (var->is_set || !is_declared_column(r, name))) segment.literal = var->value;
    /* A value is not read again: its braces would be printed. */
    if (segment.literal && rest == open && strstr(segment.literal, "{{"))
        return fail(p, start, end + 2, "bad-placeholder", "write all placeholders in the text itself",
                    arena_printf(r->arena, "the value of \"%s\" holds a placeholder of its own: \"%s\"", name, segment.literal));
    if (!segment.literal) {
        segment.field = name;
        p->is_static = false;
        FieldUse *use = list_add(r->arena, &r->fields, sizeof *use);
        *use = (FieldUse){name, segment.where, r->path};
    }
    *(Segment *)list_add(r->arena, &p->segments, sizeof segment) = segment;
    return true;
}

/* The "]" of "[words]{style}" that belongs to the "[" at `open`; 0: these are just brackets. */
static size_t find_close(const char *text, size_t open, size_t end, bool *is_closed)
{
    int depth = 0;
    *is_closed = false;
    for (size_t i = open; i < end; i++) {
        if (text[i] == '\\' && i + 1 < end) i++;
        else if (text[i] == '[') depth++;
        else if (text[i] == ']' && --depth == 0) {
            *is_closed = true;
            return i + 2 < end && text[i + 1] == '{' && text[i + 2] != '{' ? i : 0;
        }
    }
    return 0;
}

static void parse(Parser *p, size_t from, size_t end, const TextStyle *style, unsigned depth);

/* The style that inline styles at this place are applied over. */
static const TextStyle *style_here(const Parser *p, const TextStyle *style)
{
    return style ? style : p->reader->own ? p->reader->own : p->reader->base;
}

/* The "}" that ends what begins at `from`; `end` when there is none. Placeholders have braces of their own. */
static size_t find_brace(const char *text, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++) {
        if (text[i] == '\\' && i + 1 < end) i++;
        else if (text[i] == '{' && i + 1 < end && text[i + 1] == '{') {
            const char *close = strstr(text + i, "}}");
            if (!close || (size_t)(close - text) >= end) return end;
            i = (size_t)(close - text) + 1;
        } else if (text[i] == '}') return i;
    }
    return end;
}

/* text[from, end) as a template of its own: placeholders, no marks. */
static const Template *read_value(Parser *p, size_t from, size_t end)
{
    while (from < end && p->text[from] == ' ') from++;
    while (end > from && p->text[end - 1] == ' ') end--;
    Parser own = *p;
    own.segments = (List){0};
    own.has_markup = false;
    own.is_static = true;
    own.ruby = NULL;
    own.box = NULL;
    strbuf_init(&own.literal, p->reader->arena);
    parse(&own, from, end, NULL, 0);
    p->failed |= own.failed;
    p->is_static &= own.is_static;
    Template *made = ARENA_NEW(p->reader->arena, Template);
    *made = (Template){own.segments.items, own.segments.count, own.is_static, span_of(p, from, end)};
    return made;
}

/* ---- [words]{ruby: reading} ---- */

static size_t read_ruby(Parser *p, size_t open, size_t close, size_t value, size_t stop, const TextStyle *style, unsigned depth)
{
    Arena *arena = p->reader->arena;
    if (p->ruby || p->box) {
        fail(p, open, stop + 1, "bad-markup", "give the words one reading", "words inside [words]{ruby: ..} have a reading of their own");
        return stop + 1;
    }
    Ruby *ruby = ARENA_NEW(arena, Ruby);
    *ruby = (Ruby){read_value(p, value, stop), style_of_readings(p->reader, style_here(p, style)), span_of(p, close + 2, stop)};
    if (!ruby->reading->segment_count) {
        fail(p, close + 1, stop + 1, "bad-markup", "write [words]{ruby: reading}", "\"ruby\" has no reading");
        return stop + 1;
    }
    p->ruby = ruby;
    parse(p, open + 1, close, style, depth + 1);
    p->ruby = NULL;
    return stop + 1;
}

/* ---- [words]{image: file}, [words]{qrcode: address} ---- */

#define CODE_HEIGHT 6.0           /* em: every telephone reads 29 modules in a text of 12 pt */

static const Row inline_rows[] = {
    {.name = "height", .kind = VALUE_CUSTOM, .set = set_em, .min = 0.1, .max = 100, .offset = offsetof(InlineBox, height)},
    {.name = "valign", .kind = VALUE_CHOICE, .choices = (const char *const[]){"middle", "baseline", NULL}, .offset = offsetof(InlineBox, is_on_baseline)},
    {.name = "level", .kind = VALUE_CHOICE, .choices = (const char *const[]){"L", "M", "Q", "H", NULL}, .offset = offsetof(InlineBox, level)},
    {.name = "quiet", .kind = VALUE_COUNT, .max = 20, .offset = offsetof(InlineBox, quiet)},
};
enum { INLINE_COUNT = sizeof inline_rows / sizeof *inline_rows, INLINE_OF_IMAGES = 2 };

/* Where an option of this name begins (", height: ..") from `from` on; `stop` when there is none. `*row`: which, `*value`: its value. */
static size_t find_option(const Parser *p, size_t from, size_t stop, const Row **row, size_t *value)
{
    for (size_t i = from; i < stop; i++) {
        if (p->text[i] != ',') continue;
        size_t name = i + 1;
        while (name < stop && p->text[name] == ' ') name++;
        for (size_t k = 0; k < INLINE_COUNT; k++) {
            size_t length = strlen(inline_rows[k].name);
            if (stop - name <= length || memcmp(p->text + name, inline_rows[k].name, length) != 0 || p->text[name + length] != ':') continue;
            *row = &inline_rows[k];
            *value = name + length + 1;
            return i;
        }
    }
    return stop;
}

static bool read_option(Parser *p, const Row *row, size_t from, size_t end, InlineBox *box)
{
    Reader *r = p->reader;
    while (from < end && p->text[from] == ' ') from++;
    const YamlNode value = {.kind = YAML_SCALAR, .scalar = trimmed(r->arena, p->text + from, p->text + end), .span = span_of(p, from, end)};
    int index = box->is_on_baseline;
    if (row->kind == VALUE_CUSTOM) return row->set(r, row, &value, box);
    if (strcmp(row->name, "valign") != 0) return value_read(r, row, &value, (char *)box + row->offset);
    if (!value_choice(r, row, value.scalar, value.span, &index)) return false;
    box->is_on_baseline = index == 1;
    return true;
}

static size_t read_inline_box(Parser *p, size_t open, size_t close, size_t value, size_t stop, const TextStyle *style, unsigned depth, bool is_code)
{
    Reader *r = p->reader;
    InlineBox *box = ARENA_NEW(r->arena, InlineBox);
    *box = (InlineBox){.is_code = is_code, .height = is_code ? CODE_HEIGHT : 1, .level = QR_M, .quiet = 4, .relative_to = p->scalar->span.source,
                       .where = span_of(p, close + 2, stop)};
    if (p->box || p->ruby) {
        fail(p, open, stop + 1, "bad-markup", "put it beside them", "a picture or code inside words that have a reading or are a picture");
        return stop + 1;
    }
    const Row *row = NULL, *next = NULL;
    size_t option = 0, at = find_option(p, value, stop, &row, &option), next_option = 0;
    box->content = read_value(p, value, at);
    while (at < stop) {
        size_t end = find_option(p, option, stop, &next, &next_option);
        if (!is_code && row >= inline_rows + INLINE_OF_IMAGES) fail(p, at, end, "bad-markup", "its options: height, valign", "an image in a line has no level or quiet zone");
        else if (!read_option(p, row, option, end, box)) p->failed = true;
        at = end, row = next, option = next_option;
    }
    if (!box->content->segment_count) {
        fail(p, close + 1, stop + 1, "bad-markup", is_code ? "write [words]{qrcode: address}" : "write [words]{image: file}",
             is_code ? "\"qrcode\" says nothing" : "\"image\" has no file");
        return stop + 1;
    }
    p->box = box;
    size_t before = p->segments.count;
    parse(p, open + 1, close, style, depth + 1);
    if (p->segments.count == before) {             /* no words: U+FFFC, the object replacement character */
        strbuf_add(&p->literal, "\xEF\xBF\xBC");
        p->literal_start = open;
        flush(p, stop, style);
    }
    p->box = NULL;
    return stop + 1;
}

static size_t read_inline_image(Parser *p, size_t open, size_t close, size_t value, size_t stop, const TextStyle *style, unsigned depth)
{
    return read_inline_box(p, open, close, value, stop, style, depth, false);
}

static size_t read_inline_code(Parser *p, size_t open, size_t close, size_t value, size_t stop, const TextStyle *style, unsigned depth)
{
    return read_inline_box(p, open, close, value, stop, style, depth, true);
}

/* ---- [words]{..} ---- */

/* What words in brackets may be given besides a style. */
typedef struct Attribute {
    const char *name;
    size_t (*read)(Parser *p, size_t open, size_t close, size_t value, size_t stop, const TextStyle *style, unsigned depth);
} Attribute;

static const Attribute attributes[] = {{"ruby", read_ruby}, {"image", read_inline_image}, {"qrcode", read_inline_code}};
enum { ATTRIBUTE_COUNT = sizeof attributes / sizeof *attributes };

/* Bytes of the "name:" that begins what stands in the braces; 0: it is the name of a style. */
static size_t attribute_length(const char *text, size_t from, size_t stop)
{
    size_t length = 0;
    while (from + length < stop && ((text[from + length] >= 'a' && text[from + length] <= 'z') || text[from + length] == '-')) length++;
    return length && from + length < stop && text[from + length] == ':' ? length : 0;
}

static size_t read_brackets(Parser *p, size_t open, size_t end, const TextStyle *style, unsigned depth)
{
    Reader *r = p->reader;
    bool is_closed;
    size_t close = find_close(p->text, open, end, &is_closed);
    if (!is_closed) {
        fail(p, open, end, "bad-markup", "write [words]{style}; a bracket as such is \\[", "\"[\" is never closed");
        return end;
    }
    if (!close) {
        strbuf_add_char(&p->literal, '[');
        return open + 1;
    }
    size_t stop = find_brace(p->text, close + 2, end);
    if (stop == end) {
        fail(p, close + 1, end, "bad-markup", "write [words]{style}", "the style of \"[words]{\" is never closed");
        return end;
    }
    flush(p, open, style);
    size_t from = close + 2;
    while (from < stop && p->text[from] == ' ') from++;
    size_t length = attribute_length(p->text, from, stop);
    for (size_t i = 0; length && i < ATTRIBUTE_COUNT; i++)
        if (strlen(attributes[i].name) == length && memcmp(attributes[i].name, p->text + from, length) == 0)
            return attributes[i].read(p, open, close, from + length + 1, stop, style, depth);
    if (length) {
        const char *names[ATTRIBUTE_COUNT], *name = arena_copy(r->arena, p->text + from, length);
        for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) names[i] = attributes[i].name;
        fail(p, from, from + length, "bad-markup", hint_nearest(r->arena, name, names, ATTRIBUTE_COUNT),
             arena_printf(r->arena, "words in brackets have no \"%s\"", name));
        return stop + 1;
    }
    TextStyle *over = ARENA_NEW(r->arena, TextStyle);
    *over = *style_here(p, style);
    if (!style_apply(r, trimmed(r->arena, p->text + close + 2, p->text + stop), span_of(p, close + 2, stop), over)) p->failed = true;
    style_finish(r, over);
    if (!style_check_writing(r, over, style_here(p, style), span_of(p, close + 2, stop))) p->failed = true;
    parse(p, open + 1, close, over, depth + 1);
    return stop + 1;
}

static size_t read_strong(Parser *p, size_t open, size_t end, const TextStyle *style, unsigned depth)
{
    Reader *r = p->reader;
    size_t close = open + 2;
    while (close + 1 < end && !(p->text[close] == '*' && p->text[close + 1] == '*')) close += p->text[close] == '\\' ? 2 : 1;
    if (close + 1 >= end) {
        fail(p, open, end, "bad-markup", "write **words**; a star as such is \\*", "\"**\" is never closed");
        return end;
    }
    flush(p, open, style);
    TextStyle *over = ARENA_NEW(r->arena, TextStyle);
    *over = *style_here(p, style);
    over->weight = WEIGHT_BOLD;
    style_finish(r, over);
    parse(p, open + 2, close, over, depth + 1);
    return close + 2;
}

static void parse(Parser *p, size_t from, size_t end, const TextStyle *style, unsigned depth)
{
    const char *text = p->text;
    if (depth > MARKUP_DEPTH) {
        fail(p, from, end, "too-deep", "write it flatter", "styles inside styles, more than 16 deep");
        return;
    }
    size_t at = from;
    p->literal_start = at;
    while (at < end) {
        if (!p->literal.length) p->literal_start = at;
        char next = at + 1 < end ? text[at + 1] : '\0';
        if (text[at] == '{' && next == '{') {
            flush(p, at, style);
            read_placeholder(p, at, &at, style);
        } else if (text[at] == '\\' && next && (p->has_markup ? strchr("{}[]*\\", next) : strchr("{}", next))) {
            strbuf_add_char(&p->literal, next);
            at += 2;
        } else if (p->has_markup && text[at] == '[') at = read_brackets(p, at, end, style, depth);
        else if (p->has_markup && text[at] == '*' && next == '*') at = read_strong(p, at, end, style, depth);
        else strbuf_add_char(&p->literal, text[at++]);
    }
    flush(p, end, style);
}

const Template *template_read(Reader *r, const YamlNode *scalar, bool has_markup)
{
    size_t length = strlen(scalar->scalar);
    if (utf8_count(scalar->scalar, length) > LIMIT_TEXT_CHARS) {
        diag_error(r->diags, scalar->span, "too-large", "make several texts of it", "a text has more than 100000 characters");
        return NULL;
    }
    Parser p = {.reader = r, .scalar = scalar, .text = scalar->scalar, .has_markup = has_markup, .is_static = true};
    p.places = find_places(r->arena, scalar, length, &p.known);
    strbuf_init(&p.literal, r->arena);
    parse(&p, 0, length, NULL, 0);
    if (p.failed) return NULL;
    Template *result = ARENA_NEW(r->arena, Template);
    *result = (Template){p.segments.items, p.segments.count, p.is_static, scalar->span};
    return result;
}

const char *template_expand_vars(Reader *r, const YamlNode *scalar)
{
    if (!strstr(scalar->scalar, "{{")) return scalar->scalar;
    size_t fields = r->fields.count;
    const Template *made = template_read(r, scalar, false);
    r->fields.count = fields;
    if (!made) return NULL;
    StrBuf buf;
    strbuf_init(&buf, r->arena);
    for (size_t i = 0; i < made->segment_count; i++) {
        const Segment *segment = &made->segments[i];
        if (segment->literal && !segment->filter_count) strbuf_add(&buf, segment->literal);
        else {
            diag_error(r->diags, segment->where, "bad-placeholder", "only variables and parameters can stand in a value that is no text",
                       "\"{{%s}}\" cannot stand here", segment->field ? segment->field : "..|..");
            return NULL;
        }
    }
    return buf.bytes;
}

const Template *document_parse_template(Arena *arena, const Source *source, DiagList *diags)
{
    Document document = {0};
    DocumentOptions options = {0};
    TextStyle base = {0};
    Reader reader = {.arena = arena, .diags = diags, .options = &options, .document = &document, .base = &base, .strings_lang = ""};
    const YamlNode root = {.kind = YAML_MAP};
    reader.root = &root;
    const YamlNode scalar = {.kind = YAML_SCALAR, .span = {source, 0, source->length}, .scalar = source->text};
    return template_read(&reader, &scalar, false);
}
