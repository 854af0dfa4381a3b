/* place.c -- lines become positioned glyph runs: alignment, justification, baselines, visual order. */
#include "text/placing.h"

/* ---- runs ---- */

/* UAX #9, rule L2, on whole parts. */
static void reorder(Part *parts, size_t count)
{
    unsigned highest = 0, lowest_odd = 255;
    for (size_t i = 0; i < count; i++) {
        unsigned level = parts[i].item->level;
        if (level > highest) highest = level;
        if (level & 1 && level < lowest_odd) lowest_odd = level;
    }
    for (unsigned level = highest; level >= lowest_odd && level > 0; level--)
        for (size_t i = 0; i < count; i++) {
            size_t end = i;
            while (end < count && parts[end].item->level >= level) end++;
            for (size_t a = i, b = end; a + 1 < b; a++) {
                Part kept = parts[a];
                parts[a] = parts[--b];
                parts[b] = kept;
            }
            if (end > i) i = end - 1;
        }
}

static bool joins(const Part *a, const Part *b)
{
    return !a->item->object && !b->item->object && a->item->face == b->item->face && a->item->style == b->item->style && a->item->stance == b->item->stance &&
           a->item->stance != STANCE_COMBINED && a->end == b->start &&
           !(a->item->level & 1) && !(b->item->level & 1);
}

/* On dots, whole ones. */
Length place_whole(const ShapedText *shaped, Length length)
{
    if (!shaped->is_dots) return length;
    return (Length)(((int64_t)length + (length < 0 ? -LENGTH_ONE / 2 : LENGTH_ONE / 2)) / LENGTH_ONE * LENGTH_ONE);
}

/* Font units (26.6 dots) of a glyph as Lengths; a font's own numbers are not trusted to be small. */
static int64_t scaled(const Placing *placing, const Item *item, Length own, int64_t units)
{
    if (units == 0) return 0;
    if (units > INT32_MAX || units < -INT32_MAX) units = units < 0 ? -INT32_MAX : INT32_MAX;
    if (placing->shaped->is_dots) return (units + (units < 0 ? -32 : 32)) / 64 * LENGTH_ONE;
    int64_t em = item->face->units_per_em > 0 ? item->face->units_per_em : 1000, product = units * own;
    return (product + (product < 0 ? -em : em) / 2) / em;
}

static void place_cluster(Placing *placing, uint32_t index, const Item *item, Length own, Glyph *glyphs, size_t *count)
{
    const ShapedText *shaped = placing->shaped;
    const ShapedCluster *cluster = &shaped->clusters[index];
    int64_t x = (int64_t)placing->x + placing->gaps + shaped_length(shaped, placing->pen, placing->size);
    int64_t advance = 0;
    for (uint32_t g = 0; g < cluster->glyph_count; g++) {
        const ShapedGlyph *glyph = &shaped->glyphs[cluster->glyph + g];
        Point at = line_point(is_vertical(shaped), placing->baseline, x + placing->after + scaled(placing, item, own, advance + glyph->x),
                              scaled(placing, item, own, glyph->y) - placing->down);
        glyphs[(*count)++] = (Glyph){glyph->id, at.x, at.y};
        advance += glyph->advance;
    }
}

static void advance_gap(Placing *placing, uint32_t index)
{
    if (placing->gap_after && index >= placing->line->start && index < placing->line->end)
        placing->gaps += placing->gap_after[index - placing->line->start];
}

/* Remember the mark under a cluster whose left edge is the pen. */
static void stress_cluster(Placing *placing, uint32_t index, const Item *item, Length own)
{
    const ShapedText *shaped = placing->shaped;
    if (!placing->stresses || !stress_marks(shaped, &shaped->clusters[index], item->style->emphasis)) return;
    int64_t x = (int64_t)placing->x + placing->gaps + shaped_length(shaped, placing->pen, placing->size);
    int64_t width = shaped->clusters[index].flags & CLUSTER_SPACE ? shaped->sum[index + 1] - shaped->sum[index]
                                                                  : shaped->trimmed[index + 1] - shaped->sum[index];
    placing->stresses[placing->stress_count++] = (TextStress){.kind = item->style->emphasis, .x = text_bounded(x),
        .width = shaped_length(shaped, width, placing->size), .baseline = placing->baseline, .size = own, .color = item->style->color,
        .joins = placing->stress_count && placing->stressed + 1 == index};
    placing->stressed = index;
}

/* Draw on the decoration that runs along the cluster at the pen, or begin one. */
static void rule_cluster(Placing *placing, uint32_t index, const Item *item)
{
    const ShapedText *shaped = placing->shaped;
    const Decoration *decoration = &item->style->decoration;
    if (!placing->rules) return;
    const ShapedCluster *cluster = &shaped->clusters[index];
    if (!decoration->lines) {
        placing->rule_is_open = false;
        return;
    }
    int64_t left = (int64_t)placing->x + placing->gaps + shaped_length(shaped, placing->pen, placing->size);
    bool is_space = cluster->flags & CLUSTER_SPACE;
    int64_t right = left + shaped_length(shaped, (is_space ? shaped->sum[index + 1] : shaped->trimmed[index + 1]) - shaped->sum[index], placing->size);
    /* The blank of a mark that is trimmed at an end of the line is outside of it. */
    const LineRange *line = placing->line;
    if (shaped->lead && index == line->start && shaped->lead[index] > 0) left += shaped_length(shaped, shaped->lead[index], placing->size);
    if (shaped->trail && index + 1 == line->end && shaped->trail[index] > 0) right -= shaped_length(shaped, shaped->trail[index], placing->size);
    TextRule *last = placing->rule_is_open ? &placing->rules[placing->rule_count - 1] : NULL;
    if (!last || !decoration_is_same(last->style, item->style)) {
        double em = shaped->input.style->size > 0 ? shaped->input.style->size : 1;
        last = &placing->rules[placing->rule_count++];
        *last = (TextRule){.style = item->style, .x = text_bounded(left), .baseline = placing->baseline,
                           .size = length_from_double((double)decoration->size * placing->size / em)};
    }
    last->width = text_bounded(right - last->x);
    last->has_wide |= (cluster->flags & CLUSTER_WIDE) != 0;
    last->has_dots |= item->style->emphasis == EMPHASIS_DOT || item->style->emphasis == EMPHASIS_CIRCLE;
    placing->rule_is_open = true;
}

static bool has_rules(const ShapedText *shaped, const LineRange *line)
{
    if (line->end <= line->start) return false;
    for (uint32_t i = shaped->clusters[line->start].item; i <= shaped->clusters[line->end - 1].item; i++)
        if (shaped->itemised.items[i].style->decoration.lines) return true;
    return false;
}

/* Where a cluster stands whose left edge is the pen. */
static void edge_cluster(Placing *placing, uint32_t index)
{
    const ShapedText *shaped = placing->shaped;
    if (!placing->edges) return;
    int64_t x = (int64_t)placing->x + placing->gaps + shaped_length(shaped, placing->pen, placing->size);
    placing->edges[index - placing->line->start] = (struct Edges){text_bounded(x),
        text_bounded(x + shaped_length(shaped, shaped->trimmed[index + 1] - shaped->sum[index], placing->size))};
}

Rect object_area(const ShapedText *shaped, const TextObject *object, Length em, double share)
{
    Length width = length_from_double(object->width * em), height = length_from_double(object->height * em);
    if (shaped->is_dots) {
        width = (width + LENGTH_ONE - 1) / LENGTH_ONE * LENGTH_ONE;
        height = (height + LENGTH_ONE - 1) / LENGTH_ONE * LENGTH_ONE;
    }
    if (is_vertical(shaped)) return (Rect){place_whole(shaped, -width / 2), 0, width, height};
    Length top = object->is_on_baseline ? -height : length_from_double((0.5 - share) * em) - height / 2;
    return (Rect){0, place_whole(shaped, top), width, height};
}

/* Remember the object that stands at the pen. */
static void object_cluster(Placing *placing, const Item *item, Length own)
{
    const ShapedText *shaped = placing->shaped;
    if (!item->object || !placing->objects) return;
    Length along = text_bounded((int64_t)placing->x + placing->gaps + shaped_length(shaped, placing->pen, placing->size));
    Rect area = object_area(shaped, item->object, own, placing->share);
    bool vertical = is_vertical(shaped);
    area.x = text_bounded((int64_t)area.x + (vertical ? placing->baseline : along));
    area.y = text_bounded((int64_t)area.y + (vertical ? along : placing->baseline));
    placing->objects[placing->object_count++] = (TextPlaced){.object = item->object, .area = area};
}

/* Remember the pictures of the emoji cluster at the pen. */
static void emoji_cluster(Placing *placing, uint32_t index, const Item *item, Length own)
{
    const ShapedText *shaped = placing->shaped;
    const ShapedCluster *cluster = &shaped->clusters[index];
    if (!item->face || !item->face->is_color || !placing->objects) return;
    int64_t along = (int64_t)placing->x + placing->gaps + shaped_length(shaped, placing->pen, placing->size);
    bool vertical = is_vertical(shaped);
    for (uint32_t g = 0; g < cluster->glyph_count; g++) {
        double height;
        const ShapedGlyph *glyph = &shaped->glyphs[cluster->glyph + g];
        const Image *image = emoji_picture(placing->engine, item->face, glyph->id, &height);
        const TextObject square = {1, height, false};
        Rect area = object_area(shaped, &square, own, placing->share);
        area.x = text_bounded((int64_t)area.x + (vertical ? placing->baseline : along));
        area.y = text_bounded((int64_t)area.y + (vertical ? along : placing->baseline));
        size_t from = cluster->start, length = shaped->clusters[index + 1].start - from;
        if (image) placing->objects[placing->object_count++] = (TextPlaced){.emoji = image, .area = area,
            .emoji_text = arena_copy(placing->arena, shaped->input.text + from, length)};
        along += glyph->advance ? own : 0;
    }
}

static bool has_stress(const ShapedText *shaped, const LineRange *line)
{
    if (line->end <= line->start) return false;
    for (uint32_t i = shaped->clusters[line->start].item; i <= shaped->clusters[line->end - 1].item; i++)
        if (shaped->itemised.items[i].style->emphasis != EMPHASIS_NONE) return true;
    return false;
}

/* Characters that lie in a vertical line have their baseline where the em box of Chinese has it: words of another size are
 * centred beside upright ones, and stand on one baseline where everything lies. */
static Length down_of(const Placing *placing, const Item *item, Length own)
{
    if (item->stance != STANCE_SIDEWAYS) return 0;
    Length em = placing->shaped->input.style->orientation == ORIENTATION_SIDEWAYS ? placing->largest : own;
    return place_whole(placing->shaped, length_from_double((placing->share - 0.5) * em));
}

/* Upright glyphs hang from the pen by the font's own word; strikes and combined characters by the em box. */
static Length after_of(const Placing *placing, const Item *item, Length own)
{
    bool hangs = item->stance == STANCE_COMBINED || (item->stance == STANCE_UPRIGHT && placing->shaped->is_dots);
    return hangs ? place_whole(placing->shaped, length_from_double(placing->share * own)) : 0;
}

static void place_part(Placing *placing, const Part *part, Glyph *glyphs, size_t *count)
{
    const ShapedText *shaped = placing->shaped;
    Length own = item_size(shaped, part->item, placing->size);
    placing->down = down_of(placing, part->item, own);
    placing->after = after_of(placing, part->item, own);
    if (!(part->item->level & 1)) {
        for (uint32_t i = part->start; i < part->end; i++) {
            stress_cluster(placing, i, part->item, own);
            edge_cluster(placing, i);
            rule_cluster(placing, i, part->item);
            object_cluster(placing, part->item, own);
            emoji_cluster(placing, i, part->item, own);
            place_cluster(placing, i, part->item, own, glyphs, count);
            placing->pen += shaped->sum[i + 1] - shaped->sum[i];
            advance_gap(placing, i);
        }
        return;
    }
    /* Right to left: tracking and gap "after" a cluster lie on its left; the line's last has neither. */
    for (uint32_t i = part->end; i-- > part->start;) {
        int64_t own_width = shaped->clusters[i].flags & CLUSTER_SPACE ? shaped->sum[i + 1] - shaped->sum[i]
                                                                      : shaped->trimmed[i + 1] - shaped->sum[i];
        if (i + 1 < placing->line->end) {
            placing->pen += shaped->sum[i + 1] - shaped->sum[i] - own_width;
            advance_gap(placing, i);
        }
        stress_cluster(placing, i, part->item, own);
        edge_cluster(placing, i);
        rule_cluster(placing, i, part->item);
        object_cluster(placing, part->item, own);
        emoji_cluster(placing, i, part->item, own);
        place_cluster(placing, i, part->item, own, glyphs, count);
        placing->pen += own_width;
    }
}

/* Clusters of a run, long ones cut in pieces that a Cluster can count. */
#define CLUSTER_MOST 60000u
static size_t list_clusters(const ShapedText *shaped, uint32_t start, uint32_t end, Cluster *out)
{
    size_t count = 0;
    for (uint32_t i = start; i < end; i++) {
        uint32_t at = shaped->clusters[i].start, bytes = shaped->clusters[i + 1].start - at, glyphs = shaped->clusters[i].glyph_count;
        while (bytes > CLUSTER_MOST || glyphs > CLUSTER_MOST) {
            uint32_t cut = bytes > CLUSTER_MOST ? CLUSTER_MOST : bytes, taken = glyphs > CLUSTER_MOST ? CLUSTER_MOST : glyphs;
            while (cut < bytes && cut > 1 && ((unsigned char)shaped->input.text[at + cut] & 0xC0) == 0x80) cut--;
            if (out) out[count] = (Cluster){(uint16_t)cut, (uint16_t)taken};
            count++;
            at += cut, bytes -= cut, glyphs -= taken;
        }
        if (out) out[count] = (Cluster){(uint16_t)bytes, (uint16_t)glyphs};
        count++;
    }
    return count;
}

/* One run of parts that follow each other in the text (one part when it runs backward). */
static GlyphRun build_run(Placing *placing, const Part *parts, size_t part_count)
{
    const ShapedText *shaped = placing->shaped;
    const Item *item = parts[0].item;
    uint32_t start = parts[0].start, end = parts[part_count - 1].end;
    size_t glyph_count = 0, placed = 0;
    for (uint32_t i = start; i < end; i++) glyph_count += shaped->clusters[i].glyph_count;
    Glyph *glyphs = ARENA_ARRAY(placing->arena, Glyph, glyph_count + 1);
    for (size_t i = 0; i < part_count; i++) place_part(placing, &parts[i], glyphs, &placed);

    static const StrokeJoin joins_of[] = {[JOIN_ROUND] = STROKE_ROUND, [JOIN_MITER] = STROKE_MITER, [JOIN_BEVEL] = STROKE_BEVEL};
    GlyphRun run = {.face = item->face, .size = item_size(shaped, item, placing->size), .is_dots = shaped->is_dots,
                    .color = item->style->color, .stroke_color = item->style->stroke_color,
                    .stroke_width = item->style->stroke_width, .stroke_join = joins_of[item->style->stroke_join], .glyphs = glyphs, .glyph_count = glyph_count,
                    .is_backward = item->level & 1, .rotate = item->stance == STANCE_SIDEWAYS ? 90 : 0, .is_vertical = placing->has_upright};
    if (shaped->stretches) run.stretch = shaped->stretches[item - shaped->itemised.items];
    size_t from = shaped->clusters[start].start;
    run.text = arena_copy(placing->arena, shaped->input.text + from, shaped->clusters[end].start - from);
    size_t most = (size_t)(end - start) + (shaped->clusters[end].start - from) / (CLUSTER_MOST - 4) + glyph_count / CLUSTER_MOST + 1;
    Cluster *clusters = ARENA_ARRAY(placing->arena, Cluster, most);
    run.cluster_count = list_clusters(shaped, start, end, clusters);
    run.clusters = clusters;
    return run;
}

/* The line's parts in visual order; the count. */
static size_t list_parts(const ShapedText *shaped, const LineRange *line, Part *parts)
{
    size_t count = 0;
    bool has_backward = false;
    for (uint32_t i = line->start; i < line->end;) {
        uint32_t item = shaped->clusters[i].item, start = i;
        while (i < line->end && shaped->clusters[i].item == item) i++;
        parts[count++] = (Part){start, i, &shaped->itemised.items[item]};
        has_backward |= parts[count - 1].item->level & 1;
    }
    if (has_backward) reorder(parts, count);
    return count;
}

size_t place_runs(Placing *placing, Part *parts, GlyphRun *runs, const TextStyle **styles)
{
    size_t part_count = list_parts(placing->shaped, placing->line, parts), count = 0;
    for (size_t i = 0; i < part_count; i++) placing->has_upright |= parts[i].item->stance >= STANCE_UPRIGHT;
    for (size_t i = 0, end; i < part_count; i = end) {
        end = i + 1;
        while (end < part_count && joins(&parts[end - 1], &parts[end])) end++;
        size_t none = 0;
        if (parts[i].item->object) place_part(placing, &parts[i], NULL, &none);
        else if (parts[i].item->face) {
            styles[count] = parts[i].item->style;
            runs[count++] = build_run(placing, parts + i, end - i);
        }
    }
    return count;
}

static GlyphRun build_ellipsis(const Placing *placing)
{
    const ShapedText *dots = placing->shaped->ellipsis;
    LineRange all = {.start = 0, .end = (uint32_t)dots->cluster_count};
    Placing own = {.engine = placing->engine, .has_upright = placing->has_upright, .arena = placing->arena, .shaped = dots, .size = placing->size, .line = &all,
        .share = placing->share, .largest = placing->size,
        .x = text_bounded((int64_t)placing->x + placing->gaps + shaped_length(placing->shaped, placing->pen, placing->size)), .baseline = placing->baseline};
    Part part = {0, all.end, &dots->itemised.items[0]};
    return build_run(&own, &part, 1);
}

/* ---- lines ---- */

double ascent_share(TextEngine *engine, const ShapedText *shaped)
{
    const TextStyle *style = shaped->input.style;
    DiagList none;
    diag_list_init(&none, engine->scratch);
    const ResolvedFonts *fonts = engine_fonts(engine, style, &none);
    if (!fonts || fonts->faces[0]->ascent + fonts->faces[0]->descent <= 0) return 0.88;
    const Face *face = fonts->faces[0];
    int rows = (int)(style->size / LENGTH_ONE);
    if (shaped->is_dots && rows > 0 && font_has_strike(face, rows)) return (double)dots_above(face, rows) / rows;
    return (double)face->ascent / ((double)face->ascent + face->descent);
}

static Length align_offset(const ShapedText *shaped, TextAlign align, Length slack)
{
    if (align != TEXT_CENTER && align != TEXT_RIGHT) return 0;
    Length offset = align == TEXT_CENTER ? slack / 2 : slack;
    return shaped->is_dots ? (offset >= 0 ? offset : offset - LENGTH_ONE + 1) / LENGTH_ONE * LENGTH_ONE : offset;
}

/* Room for what may stand on a line: one a cluster, one a glyph. */
static size_t places_on(const ShapedText *shaped, const LineRange *line)
{
    return line->end - line->start + (shaped->clusters[line->end].glyph - shaped->clusters[line->start].glyph) + 1;
}

static void place_line(Placing *placing, Part *parts, Length measure, Length width, TextLine *line)
{
    const ShapedText *shaped = placing->shaped;
    const TextStyle *style = shaped->input.style;
    Length slack = measure - width;
    bool is_distributed = style->align == TEXT_DISTRIBUTE;
    Slack gaps = {placing->shaped, placing->arena, placing->line, placing->size, NULL};
    if (slack < 0 && style->align == TEXT_JUSTIFY && !placing->line->has_ellipsis && !placing->line->size) width -= slack_close(&gaps, -slack);
    else if (!placing->line->size && (is_distributed || (style->align == TEXT_JUSTIFY && !placing->line->ends_paragraph)) && !placing->line->has_ellipsis)
        width += slack_open(&gaps, slack, is_distributed);
    placing->gap_after = gaps.gap_after;
    /* A single character cannot be spread: it stands in the middle. */
    bool is_single = is_distributed && placing->line->end == placing->line->start + 1;
    placing->x = line->x = align_offset(shaped, is_single ? TEXT_CENTER : style_align_last(style), measure - width);
    line->natural = measure - slack;
    line->width = width;
    line->size = placing->size;
    line->baseline = placing->baseline;
    line->is_vertical = is_vertical(shaped);
    line->text_start = shaped->clusters[placing->line->start].start;
    line->text_end = shaped->clusters[placing->line->end].start;
    line->ends_paragraph = placing->line->ends_paragraph;
    line->reason = placing->line->reason;
    line->cost = (double)placing->line->cost / COST_ONE;

    bool is_cut = placing->line->has_ellipsis;
    if (placing->line->size) placing->pen -= placing->line->ink_left;
    else if (shaped->lead && !is_cut && placing->line->end > placing->line->start) placing->pen -= shaped->lead[placing->line->start];

    size_t most = 2;
    if (placing->line->end > placing->line->start)
        most += shaped->clusters[placing->line->end - 1].item - shaped->clusters[placing->line->start].item;
    GlyphRun *runs = ARENA_ARRAY(placing->arena, GlyphRun, most);
    const TextStyle **styles = ARENA_ARRAY(placing->arena, const TextStyle *, most);
    bool is_backward = placing->line->has_ellipsis && shaped->clusters[placing->line->start].item < shaped->itemised.item_count &&
                       shaped->itemised.items[shaped->clusters[placing->line->start].item].level & 1;
    if (is_backward) {
        styles[line->run_count] = style;
        runs[line->run_count++] = build_ellipsis(placing);
        placing->pen += shaped->ellipsis->sum[shaped->ellipsis->cluster_count];
    }
    if (has_stress(shaped, placing->line))
        placing->stresses = ARENA_ARRAY(placing->arena, TextStress, placing->line->end - placing->line->start);
    if (shaped->ruby_count && placing->line->end > placing->line->start)
        placing->edges = ARENA_ARRAY(placing->arena, struct Edges, placing->line->end - placing->line->start);
    if ((shaped->has_objects || shaped->has_emoji) && placing->line->end > placing->line->start)
        placing->objects = ARENA_ARRAY(placing->arena, TextPlaced, places_on(shaped, placing->line));
    if (has_rules(shaped, placing->line)) placing->rules = ARENA_ARRAY(placing->arena, TextRule, placing->line->end - placing->line->start);
    line->run_count += place_runs(placing, parts, runs + line->run_count, styles + line->run_count);
    line->rules = placing->rules;
    line->rule_count = placing->rule_count;
    line->objects = placing->objects;
    line->object_count = placing->object_count;
    if (placing->line->has_ellipsis && !is_backward) {
        styles[line->run_count] = style;
        runs[line->run_count++] = build_ellipsis(placing);
    }
    line->runs = runs;
    line->run_styles = styles;
    line->stresses = placing->stresses;
    line->stress_count = placing->stress_count;
}

/* The advance of a line as it is set in `measure` (LENGTH_MAX: free), before slack is spent. */
static Length line_width(const ShapedText *shaped, const LineRange *line, Length size, Length measure)
{
    if (line->has_ellipsis) {
        const ShapedText *dots = shaped->ellipsis;
        int64_t units = line->end > line->start ? shaped->sum[line->end] - shaped->sum[line->start] : 0;
        return shaped_length(shaped, units + dots->trimmed[dots->cluster_count], size);
    }
    if (line->size) return shaped_length(shaped, line->ink_width, line->size);
    Length width = range_width(shaped, line->start, line->end, size);
    Length hang = shaped_length(shaped, range_hang(shaped, line->start, line->end), size);
    return hang && (measure >= LENGTH_MAX || (int64_t)width + hang <= measure) ? width + hang : width;
}

/* Where the line box from `from` on has its baseline; a vertical one, in a block `extent` wide, its middle. */
static Length baseline_of(const ShapedText *shaped, int64_t from, const LineRoom *room, double share, int64_t extent)
{
    Length height = room->height - room->above - room->below;
    switch (shaped->input.style->writing) {
    case WRITING_VERTICAL_RL: return place_whole(shaped, text_bounded(extent - from - room->above - height / 2));
    case WRITING_VERTICAL_LR: return place_whole(shaped, text_bounded(from + height / 2));
    case WRITING_HORIZONTAL_TB: break;
    }
    return place_whole(shaped, length_from_double((double)from + room->above + (height - room->largest) / 2.0 + share * room->largest));
}

TextBlock place_lines(TextEngine *engine, Arena *arena, const LineSet *set, Length measure)
{
    const ShapedText *shaped = set->shaped;
    bool vertical = is_vertical(shaped);
    TextLine *lines = ARENA_ARRAY(arena, TextLine, set->count + 1);
    TextBlock block = {.lines = lines, .line_count = set->count, .size = set->size, .fits = set->fits,
        .needed_width = vertical ? set->needed_height : set->needed_width,
        .needed_height = vertical ? set->needed_width : set->needed_height, .needed_lines = set->needed_lines, .shaped = shaped};
    Length *widths = ARENA_ARRAY(arena, Length, set->count + 1), widest = 0;
    LineRoom *rooms = ARENA_ARRAY(arena, LineRoom, set->count + 1);
    int64_t extent = 0;
    for (size_t i = 0; i < set->count; i++) {
        const LineRange *line = &set->lines[i];
        rooms[i] = line_room(shaped, line->start, line->end, line->size ? line->size : set->size, i == 0);
        extent += rooms[i].height;
        widths[i] = line_width(shaped, line, set->size, measure);
        if (widths[i] > widest) widest = widths[i];
    }
    if (measure >= LENGTH_MAX) measure = widest;
    Part *parts = ARENA_ARRAY(arena, Part, shaped->itemised.item_count + 1);
    double share = set->count ? ascent_share(engine, shaped) : 0;
    int64_t from = 0;
    Length longest = 0;
    for (size_t i = 0; i < set->count; i++) {
        LineRange range = set->lines[i];
        const ShapedText *own = reshape_line(shaped, arena, &range, measure_units(shaped, measure, set->size));
        if (own) {
            range.start = 0;
            range.end = (uint32_t)own->cluster_count;
            widths[i] = line_width(own, &range, set->size, measure);
        }
        Placing placing = {.engine = engine, .arena = arena, .shaped = own ? own : shaped, .size = set->lines[i].size ? set->lines[i].size : set->size,
            .line = &range, .share = share, .largest = rooms[i].largest, .baseline = baseline_of(shaped, from, &rooms[i], share, extent)};
        place_line(&placing, parts, measure, widths[i], &lines[i]);
        if (placing.edges) place_notes(&placing, &lines[i]);
        if (lines[i].width > longest) longest = lines[i].width;
        from += rooms[i].height;
    }
    block.width = vertical ? text_bounded(extent) : longest;
    block.height = vertical ? longest : text_bounded(extent);
    return block;
}
