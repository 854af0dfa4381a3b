/* report.c -- --report: what is in the press file, by what it was judged, and what was found, as JSON. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "press/fonts.h"

static void add_value(StrBuf *out, double value, int decimals)
{
    char room[NUM_ROOM];
    strbuf_add(out, isfinite(value) ? num_format(room, value, decimals) : "null");
}

/* 0 stands for "nothing of the kind". */
static void add_fact(StrBuf *out, const char *name, double value, int decimals)
{
    strbuf_addf(out, ",\n  \"%s\": ", name);
    add_value(out, value > 0 ? value : NAN, decimals);
}

static void add_limit(StrBuf *out, double limit)
{
    if (limit == PRESS_NEVER) strbuf_add(out, "null");
    else add_value(out, limit, 3);
}

static void add_limits(StrBuf *out, const PressLimits *limits)
{
    strbuf_add(out, ",\n  \"profile\": ");
    strbuf_add_json(out, limits->profile);
    strbuf_add(out, ",\n  \"limits\": {");
    for (PressRule rule = 0; rule < RULE_COUNT; rule++) {
        const PressRuleInfo *info = press_rule(rule);
        strbuf_addf(out, "%s\n    \"%s\": {\"at\": \"%s\", \"unit\": \"%s\", \"warn\": ", rule ? "," : "", info->name, info->is_most ? "most" : "least", info->unit);
        add_limit(out, limits->of[rule].warn);
        strbuf_add(out, ", \"error\": ");
        add_limit(out, limits->of[rule].error);
        strbuf_add_char(out, '}');
    }
    strbuf_add(out, "\n  }");
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void add_finding(StrBuf *out, const PressFinding *finding)
{
    strbuf_addf(out, "{\"severity\": \"%s\", \"code\": \"%s\", \"message\": ", finding->severity == SEVERITY_ERROR ? "error" : "warning", finding->code);
    strbuf_add_json(out, press_finding_words(finding, out->arena));
    if (finding->where.source) {
        Position at = source_locate(finding->where.source, finding->where.start);
        strbuf_add(out, ", \"file\": ");
        strbuf_add_json(out, base_of(finding->where.source->path));
        strbuf_addf(out, ", \"line\": %zu, \"column\": %zu", at.line, at.column);
    }
    if (finding->data.row) strbuf_addf(out, ", \"row\": %zu, \"more_rows\": %zu", finding->data.row, finding->repeats);
    if (finding->unit) {
        strbuf_add(out, ", \"measured\": ");
        add_value(out, finding->measured, 3);
        strbuf_add(out, ", \"allowed\": ");
        add_value(out, finding->allowed, 3);
        strbuf_addf(out, ", \"unit\": \"%s\"", finding->unit);
    }
    strbuf_add(out, ", \"remedy\": ");
    strbuf_add_json(out, finding->remedy ? finding->remedy : "");
    strbuf_add_char(out, '}');
}

static void add_fonts(StrBuf *out, const FontTable *table)
{
    FontFact font;
    strbuf_add(out, ",\n  \"fonts\": [");
    for (size_t i = 0; fonts_at(table, i, &font); i++) {
        strbuf_add(out, i ? ", {\"family\": " : "{\"family\": ");
        strbuf_add_json(out, font.family);
        strbuf_add(out, ", \"style\": ");
        strbuf_add_json(out, font.style);
        strbuf_addf(out, ", \"subset\": \"%s\", \"glyphs\": %zu}", font.subset, font.glyph_count);
    }
    strbuf_add_char(out, ']');
}

/* Of the first page, seen from the top left corner of its media. */
static void add_boxes(StrBuf *out, const PressBoxes *boxes)
{
    const struct { const char *name; Rect box; } named[] = {{"media", boxes->media}, {"bleed", boxes->bleed}, {"trim", boxes->trim}};
    strbuf_add(out, ",\n  \"boxes_mm\": {");
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        Rect box = named[i].box;
        const Length sides[] = {box.x - boxes->media.x, box.y - boxes->media.y, box.width, box.height};
        strbuf_addf(out, "%s\"%s\": [", i ? ", " : "", named[i].name);
        for (int k = 0; k < 4; k++) {
            if (k) strbuf_add(out, ", ");
            add_value(out, length_to_mm(sides[k]), 2);
        }
        strbuf_add_char(out, ']');
    }
    strbuf_add_char(out, '}');
}

static void add_facts(StrBuf *out, const Press *press)
{
    const PressFacts *facts = press_facts(press);
    strbuf_addf(out, ",\n  \"pages\": %zu,\n  \"plates\": [\"Cyan\", \"Magenta\", \"Yellow\", \"Black\"", facts->pages);
    const char *plate;
    for (size_t i = 0; (plate = press_plate_at(press, i)); i++) {
        strbuf_add(out, ", ");
        strbuf_add_json(out, plate);
    }
    strbuf_add_char(out, ']');
    add_boxes(out, &facts->boxes);
    add_fonts(out, press_fonts(press));
    add_fact(out, "smallest_text_pt", facts->smallest_text, 2);
    add_fact(out, "thinnest_line_pt", facts->thinnest_line, 3);
    add_fact(out, "least_image_ppi", facts->least_ppi, 1);
    add_fact(out, "least_module_mm", facts->least_module, 3);
    add_fact(out, "most_ink_of_one_colour_percent", facts->most_ink, 1);
    strbuf_addf(out, ",\n  \"text_runs\": %zu,\n  \"images\": %zu,\n  \"codes\": %zu,\n  \"repeated_forms\": %zu,\n  \"shared_forms\": %zu", facts->glyph_runs,
                facts->images, facts->codes, facts->forms, facts->shared_forms);
    strbuf_addf(out, ",\n  \"converted_from_rgb\": {\"paints\": %zu, \"images\": %zu}", facts->rgb_paints, facts->rgb_images);
}

static void add_ink(StrBuf *out, const PressInk *ink)
{
    add_fact(out, "most_ink_percent", ink->most_ink, 1);
    strbuf_add(out, ",\n  \"ink_cm2\": {");
    bool is_first = true;
    for (size_t i = 0; i < ink->count; i++) {
        strbuf_add(out, is_first ? "" : ", ");
        strbuf_add_json(out, ink->names[i]);
        strbuf_add(out, ": ");
        add_value(out, ink->areas_mm2[i] / 100, 2);
        is_first = false;
    }
    strbuf_add_char(out, '}');
}

const char *press_standard_name(const PressSetup *setup)
{
    return setup->options.has_records ? "PDF/VT-1" : setup->options.standard == PRESS_X4 ? "PDF/X-4" : "PDF/X-1a:2003";
}

void press_report(const PressSetup *setup, const Press *press, const PressFindings *findings, const PressInk *ink, StrBuf *out)
{
    strbuf_addf(out, "{\n  \"standard\": \"%s\",\n  \"condition\": ", press_standard_name(setup));
    strbuf_add_json(out, setup->condition_id);
    strbuf_addf(out, ",\n  \"written\": %s", press ? "true" : "false");
    if (press) add_facts(out, press);
    if (press && ink->count) add_ink(out, ink);
    add_limits(out, &setup->options.limits);
    strbuf_add(out, ",\n  \"findings\": [");
    for (size_t i = 0; i < findings->count; i++) {
        strbuf_add(out, i ? ",\n    " : "\n    ");
        add_finding(out, &findings->items[i]);
    }
    strbuf_add(out, findings->count ? "\n  ]\n}\n" : "]\n}\n");
}
