/* shape.c -- items become glyphs (HarfBuzz, the whole paragraph as context) and clusters in the order of the text. */
#include "text/private.h"

#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"

Length item_size(const ShapedText *shaped, const Item *item, Length size)
{
    if (item->style->size == shaped->input.style->size) return size;
    double own = shaped->input.style->size > 0 ? shaped->input.style->size : 1;
    Length scaled = length_from_double(size * ((double)item->style->size / own));
    if (!shaped->is_dots) return scaled > 0 ? scaled : 1;
    Length px = (scaled + LENGTH_ONE / 2) / LENGTH_ONE;
    return (px > 0 ? px : 1) * LENGTH_ONE;
}

/* ---- dots: the strikes there are ---- */

static bool strike_error(const ShapedText *shaped, const Item *item, int ppem, DiagList *diags)
{
    if (!diags) return false;
    StrBuf sizes;
    strbuf_init(&sizes, shaped->engine->scratch);
    for (size_t i = 0; i < item->face->strike_count; i++) strbuf_addf(&sizes, "%s%d", i ? ", " : "", item->face->strikes[i]);
    const TextInput *input = &shaped->input;
    const TextSpan *span = &input->spans[shaped->itemised.chars[item->start].span];
    const char *hint = arena_printf(shaped->engine->scratch, "use one of its sizes: %s px", sizes.bytes);
    return diag_error(diags, span->where.source ? span->where : input->where, "strike-size", hint,
                      "\"%s\" has no strike of %d px", item->face->family, ppem);
}

static bool check_dots(const ShapedText *shaped, const Item *item, Length size, DiagList *diags)
{
    Length own = item_size(shaped, item, size);
    if (own % LENGTH_ONE != 0) {
        const char *hint = arena_printf(shaped->engine->scratch, "use %d px", own / LENGTH_ONE > 0 ? own / LENGTH_ONE : 1);
        return diags ? diag_error(diags, shaped->input.where, "strike-size", hint,
                                  "the text size is not a whole number of dots") : false;
    }
    int ppem = own / LENGTH_ONE;
    if (item->face->strikes_only && !font_has_strike(item->face, ppem)) return strike_error(shaped, item, ppem, diags);
    return true;
}

/* ---- HarfBuzz ---- */

hb_language_t shape_language(const char *lang)
{
    if (!lang || !*lang || strcmp(lang, "zh") == 0) lang = "zh-hans";
    return hb_language_from_string(lang, -1);
}

/* Kerning between Han does nothing but cost (1.05 us a line against 0.90) and would leave the grid. */
static bool is_pure_han(const Itemised *text, const Item *item)
{
    if (item->script != HB_SCRIPT_HAN || item->stance == STANCE_COMBINED) return false;
    for (uint32_t i = item->start; i < item->end; i++)
        if (text->codepoints[i] > 0x20 && text->codepoints[i] < 0x250) return false;
    return true;
}

/* Outlines stand by the font's own vertical forms and metrics; strikes have neither and are set upright by stand_dots. */
static hb_direction_t direction_of(const Item *item, bool is_dots)
{
    bool is_backward = item->level & 1;
    if (item->stance == STANCE_UPRIGHT && !is_dots) return is_backward ? HB_DIRECTION_BTT : HB_DIRECTION_TTB;
    return is_backward ? HB_DIRECTION_RTL : HB_DIRECTION_LTR;
}

#define MOST_FEATURES 32

/* Characters [start, end) of `context` in the manner of an item; what stands around them is seen. */
static void shape_stretch(TextEngine *engine, const uint32_t *context, uint32_t length, uint32_t start, uint32_t end, const Item *item,
                          bool is_pure, hb_font_t *font)
{
    hb_buffer_t *buffer = engine->buffer;
    hb_buffer_clear_contents(buffer);
    hb_buffer_set_cluster_level(buffer, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_GRAPHEMES);
    unsigned flags = HB_BUFFER_FLAG_REMOVE_DEFAULT_IGNORABLES;
    if (start == 0) flags |= HB_BUFFER_FLAG_BOT;
    if (end == length) flags |= HB_BUFFER_FLAG_EOT;
    if (item->script == HB_SCRIPT_ARABIC) flags |= HB_BUFFER_FLAG_PRODUCE_SAFE_TO_INSERT_TATWEEL;
    hb_buffer_set_flags(buffer, (hb_buffer_flags_t)flags);
    hb_buffer_add_codepoints(buffer, context, (int)length, start, (int)(end - start));
    hb_buffer_set_direction(buffer, direction_of(item, engine->is_dots));
    hb_buffer_set_script(buffer, item->script);
    hb_buffer_set_language(buffer, shape_language(item->style->lang));

    hb_feature_t features[MOST_FEATURES];
    unsigned count = 0;
    if (is_pure)
        features[count++] = (hb_feature_t){HB_TAG('k', 'e', 'r', 'n'), 0, 0, HB_FEATURE_GLOBAL_END};
    if (item->stance == STANCE_UPRIGHT && engine->is_dots) features[count++] = (hb_feature_t){HB_TAG('v', 'e', 'r', 't'), 1, 0, HB_FEATURE_GLOBAL_END};
    if (item->stance == STANCE_COMBINED) {        /* narrow forms, where the font has them */
        features[count++] = (hb_feature_t){HB_TAG('h', 'w', 'i', 'd'), 1, 0, HB_FEATURE_GLOBAL_END};
        if (item->end - item->start == 3) features[count++] = (hb_feature_t){HB_TAG('t', 'w', 'i', 'd'), 1, 0, HB_FEATURE_GLOBAL_END};
    }
    for (unsigned i = 0; i < NUMERIC_COUNT; i++)
        if (item->style->numeric & 1u << i) features[count++] = (hb_feature_t){hb_tag_from_string(numeric_features[i], -1), 1, 0, HB_FEATURE_GLOBAL_END};
    for (size_t i = 0; i < item->style->feature_count && count < MOST_FEATURES; i++) {
        const Feature *wanted = &item->style->features[i];
        features[count++] = (hb_feature_t){hb_tag_from_string(wanted->tag, -1), wanted->value, 0, HB_FEATURE_GLOBAL_END};
    }
    hb_shape(font, buffer, features, count);
}

static void shape_item(TextEngine *engine, const Itemised *text, const Item *item, hb_font_t *font)
{
    shape_stretch(engine, text->codepoints + item->paragraph, item->paragraph_end - item->paragraph, item->start - item->paragraph,
                  item->end - item->paragraph, item, is_pure_han(text, item), font);
}

static hb_font_t *font_of(const ShapedText *shaped, const Item *item, Length size)
{
    if (!shaped->is_dots) return item->stance == STANCE_UPRIGHT ? font_hb_vertical(item->face) : font_hb_font(item->face);
    int ppem = item_size(shaped, item, size) / LENGTH_ONE;
    return font_hb_dots(shaped->engine->fonts, item->face, ppem, font_has_strike(item->face, ppem) ? DOT_STRIKE : DOT_MONO);
}

/* ---- glyphs and clusters ---- */

typedef struct Growth {
    ShapedText *shaped;
    size_t glyph_room, cluster_room;
} Growth;

static void reserve_glyphs(Growth *out, Arena *arena, size_t more)
{
    ShapedText *shaped = out->shaped;
    if (shaped->glyph_count + more <= out->glyph_room) return;
    size_t room = (shaped->glyph_count + more) * 2;
    ShapedGlyph *glyphs = ARENA_ARRAY(arena, ShapedGlyph, room);
    if (shaped->glyph_count) memcpy(glyphs, shaped->glyphs, shaped->glyph_count * sizeof *glyphs);
    shaped->glyphs = glyphs;
    out->glyph_room = room;
}

static void add_cluster(ShapedText *shaped, const Itemised *text, uint32_t item, uint32_t character, uint32_t glyph, uint32_t count)
{
    uint32_t c = text->chars[character].codepoint;
    shaped->clusters[shaped->cluster_count++] = (ShapedCluster){.start = text->chars[character].offset, .character = character,
        .glyph = glyph, .glyph_count = count, .item = item,
        .flags = (c == ' ' || c == '\t' || c == 0x3000 || c == 0x200B ? CLUSTER_SPACE : 0) |
                 (char_is_wide(c) || text->items[item].stance >= STANCE_UPRIGHT ? CLUSTER_WIDE : 0)};
}

/* Clusters of an item in the order of the text. HarfBuzz answers glyphs in visual order, cluster values rising (left to
 * right) or falling; a cluster's glyphs stand together. */
static void add_clusters(ShapedText *shaped, const Itemised *text, uint32_t item_index, const hb_glyph_info_t *infos, unsigned count)
{
    const Item *item = &text->items[item_index];
    uint32_t base = (uint32_t)shaped->glyph_count - count;
    if (count == 0) {
        add_cluster(shaped, text, item_index, item->start, base, 0);
        return;
    }
    if (item->stance == STANCE_COMBINED) {        /* of one piece */
        add_cluster(shaped, text, item_index, item->start, base, count);
        return;
    }
    bool is_first = true;
    bool is_backward = item->level & 1;
    for (unsigned done = 0; done < count;) {
        unsigned start = is_backward ? count - 1 - done : done, glyphs = 1;
        uint32_t cluster = infos[start].cluster;
        while (done + glyphs < count && infos[is_backward ? start - glyphs : start + glyphs].cluster == cluster) glyphs++;
        uint32_t character = is_first ? item->start : item->paragraph + cluster;
        if (character < item->start || character >= item->end) character = item->start;
        add_cluster(shaped, text, item_index, character, base + (is_backward ? start + 1 - glyphs : start), glyphs);
        hb_glyph_flags_t flags = hb_glyph_info_get_glyph_flags(&infos[start]);
        shaped->clusters[shaped->cluster_count - 1].flags |= (flags & HB_GLYPH_FLAG_UNSAFE_TO_BREAK ? CLUSTER_UNSAFE : 0) |
            (flags & HB_GLYPH_FLAG_SAFE_TO_INSERT_TATWEEL ? CLUSTER_ELONGATES : 0);
        is_first = false;
        done += glyphs;
    }
}

/* The face has the character, but not here: in another strike only, or the sequence cannot be made. */
static bool undrawable(const ShapedText *shaped, const Item *item, uint32_t character, Length size, DiagList *diags)
{
    if (!diags) return false;
    const Char *c = &shaped->itemised.chars[character];
    const TextSpan *span = &shaped->input.spans[c->span];
    char shown[5] = {0};
    utf8_put(c->codepoint, shown);
    Length own = item_size(shaped, item, size);
    if (item->face->strikes_only && !shaped->is_dots)
        return diag_error(diags, span->where.source ? span->where : shaped->input.where, "strike-size", "use another font",
                          "\"%s\" has dots only: it is for LED screens without grey", item->face->family);
    return diag_error(diags, span->where.source ? span->where : shaped->input.where, "missing-glyph",
                      shaped->is_dots ? "use another size or another font" : "use another font",
                      "\"%s\" cannot draw \"%s\" (U+%04X) at %d %s",
                      item->face->family, shown, (unsigned)c->codepoint, own / LENGTH_ONE, shaped->is_dots ? "px" : "pt");
}

/* HarfBuzz's numbers along the line and above it. Above a vertical line is to its right. */
static ShapedGlyph on_line(const Item *item, int ppem, uint32_t id, const hb_glyph_position_t *at)
{
    if (item->stance == STANCE_UPRIGHT && !ppem) return (ShapedGlyph){id, -at->y_advance, -at->y_offset, at->x_offset};
    ShapedGlyph glyph = {id, at->x_advance, at->x_offset, at->y_offset};
    if (ppem) glyph.advance = (glyph.advance + 32) & ~63;
    /* Strikes know nothing of vertical text: they step by the em, the middle of each on the line. place.c lets them hang. */
    if (item->stance == STANCE_UPRIGHT) glyph = (ShapedGlyph){id, ppem * 64, -at->y_offset, at->x_offset - glyph.advance / 128 * 64};
    return glyph;
}

/* Shape one item and add its glyphs and clusters. */
static bool add_item(Growth *out, Arena *arena, const Itemised *text, uint32_t index, Length size, DiagList *diags)
{
    ShapedText *shaped = out->shaped;
    TextEngine *engine = shaped->engine;
    const Item *item = &text->items[index];
    if (item->object) {
        add_cluster(shaped, text, index, item->start, (uint32_t)shaped->glyph_count, 0);
        shaped->clusters[shaped->cluster_count - 1].flags = CLUSTER_OBJECT | CLUSTER_WIDE;
        shaped->has_objects = shaped->is_mixed = true;
        return true;
    }
    if (!item->face) {            /* nothing but characters without glyphs */
        add_cluster(shaped, text, index, item->start, (uint32_t)shaped->glyph_count, 0);
        return true;
    }
    int ppem = shaped->is_dots ? item_size(shaped, item, size) / LENGTH_ONE : 0;
    hb_font_t *font = font_of(shaped, item, size);
    if (!font)
        return diags ? diag_system(diags, shaped->input.where, "unreadable-font", NULL, "\"%s\" cannot be shaped",
                                   item->face->family) : false;
    shape_item(engine, text, item, font);
    unsigned count = 0;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(engine->buffer, &count);
    const hb_glyph_position_t *positions = hb_buffer_get_glyph_positions(engine->buffer, &count);
    reserve_glyphs(out, arena, count);
    size_t first_glyph = shaped->glyph_count;
    for (unsigned i = 0; i < count; i++) {
        ShapedGlyph *glyph = &shaped->glyphs[shaped->glyph_count++];
        if (infos[i].codepoint == 0 && !item->draws_missing && shaped->input.missing_glyph == REPORT_ERROR)
            return undrawable(shaped, item, item->paragraph + infos[i].cluster, size, diags);
        *glyph = on_line(item, ppem, infos[i].codepoint, &positions[i]);
        /* An emoji is one em wide, whatever its font says. */
        if (item->face->is_color) *glyph = (ShapedGlyph){.id = glyph->id, .advance = glyph->advance ? item->face->units_per_em : 0};
    }
    if (item->stance == STANCE_UPRIGHT) vertical_lift_stops(shaped, item, infos, count, first_glyph, ppem);
    if (shaped->is_dots) dots_set_figures(shaped->glyphs + shaped->glyph_count - count, infos, count, text, item, font);
    size_t first_cluster = shaped->cluster_count;
    add_clusters(shaped, text, index, infos, count);
    for (size_t i = first_cluster; item->face->is_color && i < shaped->cluster_count; i++) shaped->clusters[i].flags |= CLUSTER_WIDE;
    shaped->has_emoji |= item->face->is_color;
    return item->stance != STANCE_COMBINED || vertical_combine(shaped, index, first_glyph, ppem ? ppem * 64 : item->face->units_per_em, diags);
}

/* No cluster is wider than 2^43 units, so that 100,000 of them cannot overflow a sum. */
static int64_t sane(double units)
{
    const double most = (double)((int64_t)1 << 43);
    return !(units > -most) ? -(int64_t)most : units > most ? (int64_t)most : llround(units);
}

/* The advance of an object: its height in vertical lines. */
static int64_t object_units(const ShapedText *shaped, const Item *item, Length size)
{
    double em = is_vertical(shaped) ? item->object->height : item->object->width;
    if (shaped->is_dots) return sane(ceil(em * item_size(shaped, item, size) / LENGTH_ONE)) * LENGTH_ONE;
    double own = shaped->input.style->size > 0 ? shaped->input.style->size : 1;
    return sane(em * item->style->size / own * (double)EM_UNITS);
}

/* The letters' space of an item, in units. */
static int64_t tracking_of(const ShapedText *shaped, const Item *item, Length size)
{
    double ratio = (double)item->style->size / (shaped->input.style->size > 0 ? shaped->input.style->size : 1);
    return shaped->is_dots ? sane(item->style->tracking * item_size(shaped, item, size) / LENGTH_ONE) * LENGTH_ONE
                           : sane(item->style->tracking * ratio * (double)EM_UNITS);
}

int64_t shape_units(const ShapedText *shaped, const Item *item, const uint32_t *codepoints, uint32_t count, size_t *clusters)
{
    hb_font_t *font = item->face ? font_of(shaped, item, shaped->size) : NULL;
    *clusters = 0;
    if (!font) return 0;
    shape_stretch(shaped->engine, codepoints, count, 0, count, item, false, font);
    unsigned glyphs = 0;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(shaped->engine->buffer, &glyphs);
    const hb_glyph_position_t *positions = hb_buffer_get_glyph_positions(shaped->engine->buffer, &glyphs);
    int64_t advance = 0;
    for (unsigned i = 0; i < glyphs; i++) {
        advance += on_line(item, shaped->is_dots, infos[i].codepoint, &positions[i]).advance;
        *clusters += i == 0 || infos[i].cluster != infos[i - 1].cluster;
    }
    if (shaped->is_dots) return advance * (LENGTH_ONE / 64);
    double ratio = (double)item->style->size / (shaped->input.style->size > 0 ? shaped->input.style->size : 1);
    return sane((double)advance * ratio * (double)EM_UNITS / (item->face->units_per_em > 0 ? item->face->units_per_em : 1000));
}

int64_t shape_tracking(const ShapedText *shaped, const Item *item) { return tracking_of(shaped, item, shaped->size); }

/* Prefix sums of the clusters' advances. */
static void add_up(ShapedText *shaped, Length size)
{
    const Item *item = NULL;
    uint32_t item_index = UINT32_MAX;
    double factor = 0;
    int64_t tracking = 0, units_per_em = 1;
    bool is_plain = false;
    for (size_t i = 0; i < shaped->cluster_count; i++) {
        const ShapedCluster *cluster = &shaped->clusters[i];
        if (cluster->flags & CLUSTER_NEWLINE) {
            shaped->sum[i + 1] = shaped->sum[i];
            shaped->trimmed[i + 1] = shaped->sum[i + 1];
            continue;
        }
        if (cluster->item != item_index) {
            item_index = cluster->item;
            item = &shaped->itemised.items[item_index];
            double ratio = (double)item->style->size / (shaped->input.style->size > 0 ? shaped->input.style->size : 1);
            units_per_em = item->face && item->face->units_per_em > 0 ? item->face->units_per_em : 1000;
            is_plain = ratio == 1;
            factor = ratio * (double)EM_UNITS / (double)units_per_em;
            tracking = tracking_of(shaped, item, size);
        }
        int64_t advance = 0;
        for (uint32_t g = 0; g < cluster->glyph_count; g++) advance += shaped->glyphs[cluster->glyph + g].advance;
        int64_t width = shaped->is_dots ? advance * (LENGTH_ONE / 64)
                      : is_plain ? (advance * EM_UNITS + units_per_em / 2) / units_per_em : sane((double)advance * factor);
        if (cluster->flags & CLUSTER_OBJECT) width = object_units(shaped, item, size);
        int64_t after = cluster->glyph_count || cluster->flags & CLUSTER_OBJECT ? tracking : 0;
        shaped->sum[i + 1] = shaped->sum[i] + width + after;
        shaped->trimmed[i + 1] = cluster->flags & CLUSTER_SPACE ? shaped->trimmed[i] : shaped->sum[i] + width;
    }
}

ShapedText *shape_items(TextEngine *engine, Arena *arena, const TextInput *input, const Itemised *text, Length size, DiagList *diags)
{
    ShapedText *shaped = ARENA_NEW(arena, ShapedText);
    *shaped = (ShapedText){.engine = engine, .arena = arena, .input = *input, .itemised = *text, .size = size,
                           .is_dots = engine->is_dots};
    shaped->clusters = ARENA_ARRAY(arena, ShapedCluster, text->char_count + 1);
    shaped->sum = ARENA_ARRAY(arena, int64_t, text->char_count + 1);
    shaped->trimmed = ARENA_ARRAY(arena, int64_t, text->char_count + 1);
    shaped->breaks = ARENA_NEW(arena, Breaks);
    Growth out = {.shaped = shaped};
    reserve_glyphs(&out, arena, text->char_count + 8);
    uint32_t at = 0;
    for (uint32_t i = 0; i <= text->item_count; i++) {
        uint32_t end = i < text->item_count ? text->items[i].start : (uint32_t)text->char_count;
        for (; at < end; at++) {  /* between items stand only line ends */
            add_cluster(shaped, text, i < text->item_count ? i : i ? i - 1 : 0, at, (uint32_t)shaped->glyph_count, 0);
            shaped->clusters[shaped->cluster_count - 1].flags = CLUSTER_NEWLINE;
        }
        if (i == text->item_count) break;
        const Item *item = &text->items[i];
        if (item->style->size != input->style->size) shaped->is_mixed = true;
        if (shaped->is_dots && item->face && !item->object && !check_dots(shaped, item, size, diags)) return NULL;
        if (!add_item(&out, arena, text, i, size, diags)) return NULL;
        at = item->end;
    }
    shaped->clusters[shaped->cluster_count] = (ShapedCluster){.start = (uint32_t)input->length,
        .character = (uint32_t)text->char_count, .glyph = (uint32_t)shaped->glyph_count, .flags = CLUSTER_NEWLINE};
    if (shaped->has_objects) shaped->share = ascent_share(engine, shaped);
    add_up(shaped, size);
    marks_apply(shaped);
    return ruby_apply(shaped, diags) ? shaped : NULL;
}

/* ---- the door ---- */

static const ShapedText *shape_ellipsis(TextEngine *engine, Arena *arena, const TextInput *input, DiagList *diags)
{
    TextSpan *span = ARENA_NEW(arena, TextSpan);
    *span = (TextSpan){.end = 3, .style = input->style, .where = input->where};
    TextInput dots = {.text = "\xE2\x80\xA6", .length = 3, .spans = span, .span_count = 1, .style = input->style,
                      .missing_glyph = input->missing_glyph, .where = input->where};
    Itemised itemised;
    if (!itemize(engine, arena, &dots, &itemised, diags)) return NULL;
    return shape_items(engine, arena, &dots, &itemised, input->style->size, diags);
}

ShapedText *text_shape(TextEngine *engine, Arena *arena, const TextInput *input, DiagList *diags)
{
    if (engine->scratch != engine->arena) arena_reset(engine->scratch);
    TextInput own = *input;
    own.text = arena_copy(arena, input->text ? input->text : "", input->length);
    TextSpan *spans = ARENA_ARRAY(arena, TextSpan, input->span_count + 1);
    if (input->span_count) memcpy(spans, input->spans, input->span_count * sizeof *spans);
    else spans[own.span_count++] = (TextSpan){.end = input->length, .style = input->style, .where = input->where};
    own.spans = spans;
    Itemised itemised;
    if (!itemize(engine, arena, &own, &itemised, diags) || !hyphenate_check(engine, &own, &itemised, diags)) return NULL;
    ShapedText *shaped = shape_items(engine, arena, &own, &itemised, own.style->size, diags);
    if (shaped && own.style->overflow == OVERFLOW_ELLIPSIS && own.length) {
        shaped->ellipsis = shape_ellipsis(engine, arena, &own, diags);
        if (!shaped->ellipsis) return NULL;
    }
    return shaped;
}
