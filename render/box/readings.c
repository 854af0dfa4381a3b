/* readings.c -- how the words of a text are read: as [words]{ruby: reading} says, filled in, or as the layout's `readings`
 * say, where `ruby: auto` asks for them. The longest word counts, from the left. */
#include "box/item.h"

#include <string.h>

/* Lengths in bytes that words of the table have, ascending; the count. */
#define LENGTHS_MOST 64
typedef struct Table { const Reading *readings; size_t count; size_t lengths[LENGTHS_MOST], length_count; } Table;

static Table table_of(const Document *document)
{
    Table table = {.readings = document->readings, .count = document->reading_count};
    for (size_t i = 0, last = 0; i < table.count && table.length_count < LENGTHS_MOST; i++) {
        size_t length = strlen(table.readings[i].word);
        if (length && length != last) table.lengths[table.length_count++] = last = length;
    }
    return table;
}

static const Reading *find_word(const Table *table, const char *text, size_t length)
{
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = (low + high) / 2, own = strlen(table->readings[middle].word);
        int order = own != length ? (own > length) - (own < length) : memcmp(table->readings[middle].word, text, length);
        if (order == 0) return &table->readings[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

/* The longest word that begins here. */
static const Reading *longest_word(const Table *table, const char *text, size_t length)
{
    for (size_t i = table->length_count; i-- > 0;) {
        if (table->lengths[i] > length) continue;
        const Reading *found = find_word(table, text, table->lengths[i]);
        if (found) return found;
    }
    return NULL;
}

typedef struct Spans {
    BoxBuild *build;
    const Node *node;
    Arena *arena;
    Table table;
    TextSpan *items;
    size_t count, capacity;
} Spans;

static void add_span(Spans *spans, const TextSpan *span, size_t start, size_t end, const TextReading *reading)
{
    if (start == end) return;
    spans->items = ARENA_GROW(spans->arena, spans->items, spans->count, &spans->capacity);
    TextSpan *added = &spans->items[spans->count++];
    *added = *span;
    added->start = start;
    added->end = end;
    added->reading = reading;
}

/* A word is sought in one style: where it changes, another begins. */
static void add_found(Spans *spans, const TextSpan *span, const char *text)
{
    size_t start = span->start;
    item_check_size(spans->build, spans->node->style, span->style->note, span->where, "a reading");
    for (size_t at = start; at < span->end;) {
        const Reading *found = longest_word(&spans->table, text + at, span->end - at);
        size_t length = found ? strlen(found->word) : 1;
        if (found) {
            TextReading *reading = ARENA_NEW(spans->arena, TextReading);
            *reading = (TextReading){found->reading, span->style->note, found->where};
            add_span(spans, span, start, at, NULL);
            add_span(spans, span, at, at + length, reading);
            start = at + length;
        }
        at += length;
    }
    add_span(spans, span, start, span->end, NULL);
}

static const TextReading *read_by_hand(Spans *spans, const Ruby *ruby)
{
    BoxContext *context = spans->build->context;
    FilledText filled;
    item_check_size(spans->build, spans->node->style, ruby->style, ruby->where, "a reading");
    if (!data_fill(ruby->reading, &context->fill, context->document->checks.empty_field, spans->arena, context->diags, &filled)) return NULL;
    TextReading *reading = ARENA_NEW(spans->arena, TextReading);
    *reading = (TextReading){filled.text, ruby->style, ruby->where};
    return reading;
}

const TextSpan *readings_spans(BoxBuild *build, const Node *node, const FilledText *filled, Arena *arena, size_t *count)
{
    Spans spans = {.build = build, .node = node, .arena = arena, .table = table_of(build->context->document),
                   .items = ARENA_ARRAY(arena, TextSpan, filled->span_count + 1), .capacity = filled->span_count + 1};
    const TextReading *reading = NULL;
    const InlineItem *object = NULL;
    for (size_t i = 0; i < filled->span_count; i++) {
        const FilledSpan *from = &filled->spans[i];
        TextSpan span = {.style = from->style ? from->style : node->style, .column = from->column, .where = from->where,
                         .start = from->start, .end = from->end};
        bool is_new = from->ruby && !(i && from[-1].ruby == from->ruby);
        if (is_new && !(reading = read_by_hand(&spans, from->ruby))) return NULL;
        bool is_object = from->box && !(i && from[-1].box == from->box);
        if (is_object && !(object = inline_resolve(build, from->box, span.style, arena))) return NULL;
        if (from->box) span.object = &object->text;
        if (!from->ruby && !from->box && span.style->ruby == RUBY_AUTO && spans.table.count) add_found(&spans, &span, filled->text);
        else add_span(&spans, &span, span.start, span.end, from->ruby ? reading : NULL);
    }
    *count = spans.count;
    return spans.items;
}
