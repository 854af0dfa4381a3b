/* svgsize.c -- is a file SVG, and how large does it want to be? A light look at the root element; drawing is raster/'s. */
#include "scene/private.h"

#include <math.h>
#include <string.h>

/* The root element stands within the first KB of any file that means to be SVG; its attributes may go on after that. */
#define ROOT_WITHIN 1024
#define SIDE_MAX 1e6

typedef struct Text { const char *at; size_t length; } Text;

static bool starts(Text text, const char *word)
{
    size_t length = strlen(word);
    return text.length >= length && memcmp(text.at, word, length) == 0;
}

static Text skip(Text text, size_t count)
{
    return count > text.length ? (Text){text.at + text.length, 0} : (Text){text.at + count, text.length - count};
}

/* After the next `word`; nothing left when there is none. */
static Text skip_past(Text text, const char *word)
{
    const char *found = memmem(text.at, text.length, word, strlen(word));
    return found ? skip(text, (size_t)(found - text.at) + strlen(word)) : skip(text, text.length);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static Text skip_space(Text text)
{
    while (text.length && is_space(*text.at)) text = skip(text, 1);
    return text;
}

/* From an opening bracket past its end; a DOCTYPE's internal subset stands in [ ]. */
static Text skip_doctype(Text text)
{
    while (text.length && *text.at != '>' && *text.at != '[') text = skip(text, 1);
    if (text.length && *text.at == '[') text = skip_past(text, "]");
    return skip_past(text, ">");
}

/* The root element, from its <; length 0 when the file is not SVG. */
static Text find_root(const char *bytes, size_t length)
{
    Text text = {bytes, length};
    if (starts(text, "\xef\xbb\xbf")) text = skip(text, 3);
    for (;;) {
        text = skip_space(text);
        if (starts(text, "<?")) text = skip_past(text, "?>");
        else if (starts(text, "<!--")) text = skip_past(text, "-->");
        else if (starts(text, "<!DOCTYPE")) text = skip_doctype(text);
        else break;
    }
    bool is_root = starts(text, "<svg:svg") || starts(text, "<svg");
    size_t tag = starts(text, "<svg:svg") ? 8 : 4;
    bool ends = text.length > tag && (is_space(text.at[tag]) || text.at[tag] == '>' || text.at[tag] == '/');
    if (!is_root || !ends || text.at - bytes >= ROOT_WITHIN) return (Text){bytes, 0};
    return skip(text, tag);
}

bool svg_is_svg(const char *text, size_t length)
{
    return find_root(text, length).length > 0;
}

/* The value of attribute `wanted` in a start tag; at NULL when it has none. */
static Text find_attribute(Text tag, const char *wanted)
{
    for (;;) {
        tag = skip_space(tag);
        if (!tag.length || *tag.at == '>' || *tag.at == '/') return (Text){0};
        Text name = tag;
        while (tag.length && !is_space(*tag.at) && *tag.at != '=' && *tag.at != '>') tag = skip(tag, 1);
        name.length = (size_t)(tag.at - name.at);
        tag = skip_space(tag);
        if (!tag.length || *tag.at != '=') return (Text){0};
        tag = skip_space(skip(tag, 1));
        if (!tag.length || (*tag.at != '"' && *tag.at != '\'')) return (Text){0};
        const char *end = memchr(tag.at + 1, *tag.at, tag.length - 1);
        if (!end) return (Text){0};
        Text value = {tag.at + 1, (size_t)(end - tag.at) - 1};
        if (name.length == strlen(wanted) && memcmp(name.at, wanted, name.length) == 0) return value;
        tag = skip(tag, value.length + 2);
    }
}

/* A length in px at 96 dpi; 0 when there is none to be known here (per cent, em). */
static double read_length(Text text)
{
    static const struct { const char *name; double px; } units[] = {
        {"", 1}, {"px", 1}, {"pt", 96.0 / 72}, {"pc", 16}, {"mm", 96 / 25.4}, {"cm", 96 / 2.54}, {"in", 96},
    };
    if (!text.at) return 0;
    text = skip_space(text);
    double value;
    size_t taken = svg_number(text.at, text.length, &value);
    if (!taken) return 0;
    text = skip(text, taken);
    while (text.length && is_space(text.at[text.length - 1])) text.length--;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (text.length == strlen(units[i].name) && memcmp(text.at, units[i].name, text.length) == 0) return value * units[i].px;
    return 0;
}

/* Width and height of a viewBox; false when it has none that can be used. */
static bool read_view_box(Text text, double *width, double *height)
{
    double numbers[4];
    if (!text.at) return false;
    for (int i = 0; i < 4; i++) {
        while (text.length && (is_space(*text.at) || *text.at == ',')) text = skip(text, 1);
        size_t taken = svg_number(text.at, text.length, &numbers[i]);
        if (!taken) return false;
        text = skip(text, taken);
    }
    *width = numbers[2];
    *height = numbers[3];
    return *width > 0 && *height > 0;
}

static DecodeResult bad(Decoded *out, const char *message, const char *hint)
{
    decode_say(out, message);
    out->hint = hint;
    return DECODE_BAD;
}

DecodeResult svg_measure(const char *text, size_t length, Decoded *out)
{
    /* An entity can grow without end or read other files; no drawing program needs a DOCTYPE. */
    if (memmem(text, length, "<!DOCTYPE", 9) || memmem(text, length, "<!ENTITY", 8))
        return bad(out, "SVG with a DOCTYPE is not read", "delete the <!DOCTYPE ...> from the file; SVG does not need it");

    Text tag = find_root(text, length);
    double width = read_length(find_attribute(tag, "width")), height = read_length(find_attribute(tag, "height"));
    double box_width = 0, box_height = 0;
    bool has_box = read_view_box(find_attribute(tag, "viewBox"), &box_width, &box_height);
    if (!(width > 0) && !(height > 0) && has_box) {
        width = box_width;
        height = box_height;
    } else if (!(width > 0) && height > 0 && has_box) {
        width = height * box_width / box_height;
    } else if (!(height > 0) && width > 0 && has_box) {
        height = width * box_height / box_width;
    }
    if (!(width > 0) || !(height > 0))
        return bad(out, "its <svg> says no size", "give the <svg> element a width and a height, or a viewBox");
    if (!(width <= SIDE_MAX) || !(height <= SIDE_MAX)) return DECODE_TOO_LARGE;
    out->natural_width = width;
    out->natural_height = height;
    out->width = (int)ceil(width);
    out->height = (int)ceil(height);
    return DECODE_DONE;
}
