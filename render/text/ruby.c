/* ruby.c -- readings over words: pinyin, kana, translations; and bopomofo beside them (clreq and jlreq, "ruby").
 *
 * A reading is a text of its own, shaped in its own style and centred over its words. Where it is wider than they are it
 * may reach over a neighbour that has none, by its own em at most; between two readings stays a quarter of that em, and
 * where it would not, the words are pushed apart: by the same everywhere in words that are read character by character.
 * All of it is sums of advances, as in marks.c: a push is gone at the end of a line, and what a reading reaches beyond its
 * words is taken from the line at both its ends. */
#include "text/private.h"

#include <string.h>

#include <unicode/uchar.h>

#include "base/utf8.h"

bool ruby_is_tone(uint32_t c) { return c == 0x2CA || c == 0x2C7 || c == 0x2CB || c == 0x2D9; }

static bool is_bopomofo(const char *text)
{
    size_t length = strlen(text), at = 0;
    while (at < length) {
        uint32_t c = utf8_next(text, length, &at);
        if ((c >= 0x3105 && c <= 0x312F) || (c >= 0x31A0 && c <= 0x31BF)) return true;
    }
    return false;
}

Length ruby_size(const ShapedText *shaped, const ShapedText *note, Length size)
{
    if (shaped->is_dots) return note->size;
    Length own = shaped->input.style->size;
    Length scaled = length_from_double((double)note->input.style->size * size / (own > 0 ? own : 1));
    return scaled > 0 ? scaled : 1;
}

size_t ruby_from(const ShapedText *shaped, uint32_t cluster)
{
    size_t low = 0, high = shaped->ruby_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (shaped->ruby[middle].end <= cluster) low = middle + 1;
        else high = middle;
    }
    return low;
}

const RubyUnit *ruby_at(const ShapedText *shaped, uint32_t cluster)
{
    size_t at = ruby_from(shaped, cluster);
    return at < shaped->ruby_count && shaped->ruby[at].start <= cluster ? &shaped->ruby[at] : NULL;
}

static int64_t dots_up(const ShapedText *shaped, int64_t units)
{
    return shaped->is_dots ? (units + LENGTH_ONE - 1) / LENGTH_ONE * LENGTH_ONE : units;
}

/* The em of a reading, in units of the words' text. */
static int64_t em_of(const ShapedText *shaped, const RubyUnit *unit)
{
    if (shaped->is_dots) return unit->note->size;
    double words = shaped->input.style->size > 0 ? shaped->input.style->size : 1;
    return llround((double)EM_UNITS * unit->note->input.style->size / words);
}

/* Does it need room between the lines, and not in its own? Bopomofo in horizontal lines does not. */
static bool stands_over(const ShapedText *shaped, const RubyUnit *unit) { return !unit->is_beside || is_vertical(shaped); }

/* What bopomofo takes after its character: half the character's width. */
static int64_t beside_units(const ShapedText *shaped, const RubyUnit *unit)
{
    return stands_over(shaped, unit) ? 0 : dots_up(shaped, em_of(shaped, unit) * 5 / 3);
}

Length ruby_height(const ShapedText *shaped, uint32_t start, uint32_t end, Length size)
{
    Length highest = 0;
    for (size_t u = ruby_from(shaped, start); u < shaped->ruby_count && shaped->ruby[u].start < end; u++) {
        const RubyUnit *unit = &shaped->ruby[u];
        if (!stands_over(shaped, unit) || unit->start < start || unit->end > end) continue;
        Length own = ruby_size(shaped, unit->note, size);
        if (unit->is_beside) own = (Length)((int64_t)own * 5 / 3);
        if (own > highest) highest = own;
    }
    return highest;
}

/* ---- readings and their words ---- */

/* Does the cluster want a reading of its own: a letter or a figure, no mark, no space? */
static bool is_read(const ShapedText *shaped, uint32_t cluster)
{
    const ShapedCluster *c = &shaped->clusters[cluster];
    return !(c->flags & (CLUSTER_SPACE | CLUSTER_NEWLINE)) && u_isalnum((UChar32)shaped->itemised.chars[c->character].codepoint);
}

typedef struct Word { const char *start; size_t length; } Word;

/* The readings between spaces; how many, of which at most `most` are kept. */
static size_t split_reading(const char *text, Word *words, size_t most)
{
    size_t count = 0;
    while (*text) {
        size_t length = strcspn(text, " \t\n");
        if (length && count < most) words[count] = (Word){text, length};
        count += length > 0;
        text += length;
        text += strspn(text, " \t\n");
    }
    return count;
}

static const ShapedText *shape_note(ShapedText *shaped, const TextReading *reading, Word word, DiagList *diags)
{
    Arena *arena = shaped->arena;
    TextSpan *span = ARENA_NEW(arena, TextSpan);
    const TextStyle *style = reading->style;
    if (is_bopomofo(reading->text)) {      /* 3 : 10 of the words (clreq), where other readings are 1 : 2 */
        TextStyle *smaller = ARENA_NEW(arena, TextStyle);
        *smaller = *style;
        smaller->writing = WRITING_HORIZONTAL_TB;      /* each symbol is placed by itself */
        smaller->size = style->size > 1 ? (Length)((int64_t)style->size * 3 / 5) : 1;
        style = smaller;
    }
    *span = (TextSpan){.end = word.length, .style = style, .where = reading->where};
    TextInput input = {.text = arena_copy(arena, word.start, word.length), .length = word.length, .spans = span, .span_count = 1,
                       .style = style, .missing_glyph = shaped->input.missing_glyph, .where = reading->where};
    Itemised itemised;
    DiagList quiet;
    if (!diags) {
        diag_list_init(&quiet, shaped->engine->scratch);
        diags = &quiet;
    }
    if (!itemize(shaped->engine, arena, &input, &itemised, diags)) return NULL;
    Length size = style->size;
    if (shaped->is_dots && shaped->size != shaped->input.style->size) {
        size = length_from_double((double)size * shaped->size / shaped->input.style->size);
        size = (size + LENGTH_ONE / 2) / LENGTH_ONE * LENGTH_ONE;
    }
    return shape_items(shaped->engine, arena, &input, &itemised, size, diags);
}

static bool add_unit(ShapedText *shaped, RubyUnit *units, const TextReading *reading, Word word, uint32_t start, uint32_t end, DiagList *diags)
{
    RubyUnit unit = {.start = start, .end = end, .note = shape_note(shaped, reading, word, diags)};
    if (!unit.note) return false;
    unit.is_beside = is_bopomofo(unit.note->input.text);
    int64_t own = unit.note->trimmed[unit.note->cluster_count];
    double words = shaped->input.style->size > 0 ? shaped->input.style->size : 1;
    unit.width = shaped->is_dots ? own : llround((double)own * (unit.note->input.style->size / words));
    units[shaped->ruby_count++] = unit;
    return true;
}

static bool wrong_count(const ShapedText *shaped, const TextReading *reading, size_t readings, size_t characters, DiagList *diags)
{
    if (!diags) return false;
    return diag_error(diags, reading->where.source ? reading->where : shaped->input.where, "ruby-count",
                      "give each character a reading, or all of them one without spaces (a no-break space, U+00A0, is none)",
                      "%zu reading%s for %zu character%s: \"%s\"", readings, readings == 1 ? "" : "s", characters, characters == 1 ? "" : "s", reading->text);
}

/* The units of words that share a reading: clusters [start, end). */
static bool read_words(ShapedText *shaped, RubyUnit *units, const TextReading *reading, uint32_t start, uint32_t end, DiagList *diags)
{
    size_t characters = 0;
    for (uint32_t i = start; i < end; i++) characters += is_read(shaped, i);
    Word *words = ARENA_ARRAY(shaped->engine->scratch, Word, characters + 1);
    size_t readings = split_reading(reading->text, words, characters + 1);
    if (readings == 0) return true;
    bool is_single = readings == 1 && (characters == 1 || !is_bopomofo(reading->text));
    if (is_single) {
        while (end > start + 1 && shaped->clusters[end - 1].flags & CLUSTER_SPACE) end--;
        return add_unit(shaped, units, reading, words[0], start, end, diags);
    }
    if (readings != characters) return wrong_count(shaped, reading, readings, characters, diags);
    for (uint32_t i = start, at = 0; i < end; i++)
        if (is_read(shaped, i) && !add_unit(shaped, units, reading, words[at++], i, i + 1, diags)) return false;
    return true;
}

static bool find_units(ShapedText *shaped, DiagList *diags)
{
    const TextInput *input = &shaped->input;
    RubyUnit *units = ARENA_ARRAY(shaped->arena, RubyUnit, shaped->cluster_count + 1);
    shaped->ruby = units;
    uint32_t at = 0;
    for (size_t s = 0, next; s < input->span_count; s = next) {
        const TextReading *reading = input->spans[s].reading;
        for (next = s + 1; next < input->span_count && input->spans[next].reading == reading;) next++;
        while (at < shaped->cluster_count && shaped->clusters[at].start < input->spans[s].start) at++;
        uint32_t end = at;
        while (end < shaped->cluster_count && shaped->clusters[end].start < input->spans[next - 1].end) end++;
        for (uint32_t i = at; reading && i < end; i++)
            if (shaped->clusters[i].flags & CLUSTER_NEWLINE) end = i;      /* words are on one line */
        if (reading && end > at && !read_words(shaped, units, reading, at, end, diags)) return false;
        at = end;
    }
    return true;
}

/* ---- room for them ---- */

/* How far a reading reaches over its words on either side; less than 0: not as far as they do. */
static int64_t reach_of(const ShapedText *shaped, const RubyUnit *unit)
{
    if (unit->is_beside) return 0;
    return dots_up(shaped, (unit->width - (shaped->trimmed[unit->end] - shaped->sum[unit->start])) / 2);
}

/* What must open between two units that touch, or whose words have `between` units of others between them. */
static int64_t push_between(const ShapedText *shaped, const RubyUnit *left, const RubyUnit *right, int64_t between)
{
    int64_t gap = (left->note->input.style->size > right->note->input.style->size ? em_of(shaped, left) : em_of(shaped, right)) / 4;
    int64_t push = reach_of(shaped, left) + reach_of(shaped, right) + gap - between;
    return push > 0 ? dots_up(shaped, push) : 0;
}

/* Two characters of the same words, each with its reading. */
static bool is_same_words(const ShapedText *shaped, const RubyUnit *left, const RubyUnit *right)
{
    const Char *chars = shaped->itemised.chars;
    const TextSpan *spans = shaped->input.spans;
    return left->end == right->start && spans[chars[shaped->clusters[left->start].character].span].reading ==
                                        spans[chars[shaped->clusters[right->start].character].span].reading;
}

/* The pushes after each cluster. */
static int64_t *find_pushes(const ShapedText *shaped)
{
    int64_t *push = ARENA_ARRAY(shaped->arena, int64_t, shaped->cluster_count + 1);
    for (size_t u = 0; u < shaped->ruby_count; u++) {
        const RubyUnit *unit = &shaped->ruby[u], *next = u + 1 < shaped->ruby_count ? unit + 1 : NULL;
        int64_t reach = reach_of(shaped, unit), free_reach = em_of(shaped, unit);
        bool has_before = unit->start > 0 && !(shaped->clusters[unit->start - 1].flags & CLUSTER_NEWLINE);
        bool has_after = unit->end < shaped->cluster_count && !(shaped->clusters[unit->end].flags & CLUSTER_NEWLINE);
        bool touches_before = u && unit[-1].end == unit->start, touches_after = next && next->start == unit->end;
        push[unit->end - 1] += beside_units(shaped, unit);
        if (has_before && !touches_before && reach > free_reach) push[unit->start - 1] += dots_up(shaped, reach - free_reach);
        if (has_after && !touches_after && reach > free_reach) push[unit->end - 1] += dots_up(shaped, reach - free_reach);
        if (!next) continue;
        int64_t between = shaped->sum[next->start] - shaped->trimmed[unit->end] + push[unit->end - 1];
        if (next->start > unit->end) between += push[next->start - 1];
        int64_t more = unit->is_beside || next->is_beside ? 0 : push_between(shaped, unit, next, between);
        push[unit->end - 1] += more;
    }
    /* Characters of the same words keep their rhythm: the widest push of all. */
    for (size_t u = 0, end; u < shaped->ruby_count; u = end) {
        int64_t most = 0;
        for (end = u + 1; end < shaped->ruby_count && is_same_words(shaped, &shaped->ruby[end - 1], &shaped->ruby[end]); end++)
            if (push[shaped->ruby[end - 1].end - 1] > most) most = push[shaped->ruby[end - 1].end - 1];
        for (size_t i = u; i + 1 < end; i++) push[shaped->ruby[i].end - 1] = most;
    }
    return push;
}

static int64_t *copied(const ShapedText *shaped, const int64_t *edges)
{
    int64_t *own = ARENA_ARRAY(shaped->arena, int64_t, shaped->cluster_count + 1);
    if (edges) memcpy(own, edges, shaped->cluster_count * sizeof *own);
    return own;
}

bool ruby_apply(ShapedText *shaped, DiagList *diags)
{
    bool has_reading = false;
    for (size_t i = 0; i < shaped->input.span_count && !has_reading; i++) has_reading = shaped->input.spans[i].reading != NULL;
    if (!has_reading) return true;
    if (!find_units(shaped, diags)) return false;
    if (!shaped->ruby_count) return true;
    shaped->is_mixed = true;
    int64_t *push = find_pushes(shaped), *lead = copied(shaped, shaped->lead), *trail = copied(shaped, shaped->trail), shift = 0;
    for (size_t u = 0; u < shaped->ruby_count; u++) {
        const RubyUnit *unit = &shaped->ruby[u];
        int64_t reach = reach_of(shaped, unit);
        trail[unit->end - 1] -= beside_units(shaped, unit);
        if (reach > 0) lead[unit->start] -= reach, trail[unit->end - 1] -= reach;
    }
    for (size_t i = 0; i < shaped->cluster_count; i++) {
        bool is_space = shaped->clusters[i].flags & CLUSTER_SPACE && !(shaped->clusters[i].flags & CLUSTER_NEWLINE);
        shaped->trimmed[i + 1] = is_space ? shaped->trimmed[i] : shaped->trimmed[i + 1] + shift;
        shift += push[i];
        shaped->sum[i + 1] += shift;
        if (shaped->clusters[i].flags & CLUSTER_NEWLINE) shaped->trimmed[i + 1] = shaped->sum[i + 1];
    }
    shaped->lead = lead;
    shaped->trail = trail;
    return true;
}
