/* breaks.c -- every place where a line of a text may end, with what a break there costs: `inspect --explain-breaks`. */
#include "box/item.h"

#include <string.h>

#include "base/num.h"
#include "base/utf8.h"

#define AROUND 4                  /* characters shown before and after a place */

/* Where `count` characters before (or after) a byte end; a line end is not passed. */
static size_t back(const char *text, size_t at, int count)
{
    for (; count > 0 && at > 0 && text[at - 1] != '\n'; count--)
        do at--; while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

static size_t forth(const char *text, size_t at, int count)
{
    for (; count > 0 && text[at] && text[at] != '\n'; count--)
        do at++; while (((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

static int cells(const char *text, size_t start, size_t end)
{
    int sum = 0;
    for (size_t at = start; at < end;) sum += utf8_cells(utf8_next(text, end, &at));
    return sum;
}

static const char *format(char *room, double value) { return num_format(room, value, 2); }

void breaks_add_json(StrBuf *out, const PlacedBox *box)
{
    TextExplanation why = text_explain(box->text, out->arena);
    char number[NUM_ROOM];
    strbuf_addf(out, ",\"wrap\":\"%s\",\"wordBreak\":\"%s\",\"breaks\":[", why.wrap, why.word_break);
    for (size_t i = 0; i < why.break_count; i++) {
        const TextBreak *at = &why.breaks[i];
        size_t start = back(box->text_filled, at->at, AROUND), end = forth(box->text_filled, at->at, AROUND);
        strbuf_addf(out, "%s{\"at\":%zu,\"before\":", i ? "," : "", at->at);
        strbuf_add_json(out, arena_copy(out->arena, box->text_filled + start, at->at - start));
        strbuf_add(out, ",\"after\":");
        strbuf_add_json(out, arena_copy(out->arena, box->text_filled + at->at, end - at->at));
        strbuf_addf(out, ",\"why\":\"%s\",\"icu\":%s,\"jieba\":%s,\"budoux\":%s,\"cost\":%s", text_line_reason(at->reason), at->seen_by_icu ? "true" : "false",
                    at->seen_by_jieba ? "true" : "false", at->seen_by_budoux ? "true" : "false", at->is_never ? "null" : format(number, at->cost));
        strbuf_addf(out, ",\"width\":%s,\"taken\":%s}", num_format(number, length_to_pt(at->width), 3), at->is_taken ? "true" : "false");
    }
    strbuf_add(out, "],\"uneven\":[");
    for (size_t i = 0; i < box->text->line_count; i++) strbuf_addf(out, "%s%s", i ? "," : "", format(number, why.uneven[i]));
    strbuf_add(out, "]");
}

static void add_padded(StrBuf *out, const char *text, int width)
{
    for (int i = (int)strlen(text); i < width; i++) strbuf_add(out, " ");
    strbuf_add(out, text);
}

static void add_place(StrBuf *out, const char *text, const TextBreak *at)
{
    size_t start = back(text, at->at, AROUND), end = forth(text, at->at, AROUND);
    for (int i = cells(text, start, at->at); i < 2 * AROUND; i++) strbuf_add(out, " ");
    strbuf_add_bytes(out, text + start, at->at - start);
    strbuf_add(out, "|");
    strbuf_add_bytes(out, text + at->at, end - at->at);
    for (int i = cells(text, at->at, end); i < 2 * AROUND; i++) strbuf_add(out, " ");
}

static void add_breaks(StrBuf *out, const PlacedBox *box, const TextExplanation *why)
{
    char number[NUM_ROOM];
    bool has_votes = strcmp(why->word_break, "phrase") == 0;
    strbuf_addf(out, "    %*s|%-*s  %-12s  icu  jieba  budoux    cost   width\n", 2 * AROUND, "ends", 2 * AROUND, "begins", "why");
    for (size_t i = 0; i < why->break_count; i++) {
        const TextBreak *at = &why->breaks[i];
        bool is_asked = has_votes && at->reason >= LINE_AFTER_WORD && at->reason <= LINE_INSIDE_WORD && !at->is_never;
        strbuf_add(out, at->is_taken ? "  * " : "    ");
        add_place(out, box->text_filled, at);
        bool is_third = is_asked && (at->seen_by_icu || at->seen_by_jieba);
        strbuf_addf(out, "  %-12s  %-3s  %-5s  %-6s", at->is_never ? "kept whole" : text_line_reason(at->reason), !is_asked ? "" : at->seen_by_icu ? "yes" : "no",
                    !is_asked ? "" : at->seen_by_jieba ? "yes" : "no", !is_third ? "" : at->seen_by_budoux ? "yes" : "no");
        add_padded(out, at->is_never ? "never" : format(number, at->cost), 8);
        add_padded(out, num_format(number, length_to_pt(at->width), 1), 8);
        strbuf_add(out, "\n");
    }
}

static void add_line(StrBuf *out, const PlacedBox *box, size_t index, const TextExplanation *why)
{
    const TextLine *line = &box->text->lines[index];
    char number[NUM_ROOM];
    Length stretch = line->width - line->natural;
    strbuf_addf(out, "  line %zu: %s %s", index + 1, num_format(number, length_to_pt(line->width), 1), line->is_vertical ? "high" : "wide");
    if (stretch) strbuf_addf(out, ", %s by %s", stretch > 0 ? "stretched" : "shrunk", num_format(number, length_to_pt(stretch > 0 ? stretch : -stretch), 2));
    strbuf_addf(out, "; break %s", line->ends_paragraph ? "none" : format(number, line->cost));
    strbuf_addf(out, ", uneven %s: ", format(number, why->uneven[index]));
    strbuf_add_bytes(out, box->text_filled + line->text_start, line->text_end - line->text_start);
    strbuf_add(out, "\n");
}

void breaks_add_table(StrBuf *out, const PlacedBox *box, const BoxContext *context)
{
    if (!box->text->line_count) return;
    TextExplanation why = text_explain(box->text, out->arena);
    char wide[NUM_ROOM], size[NUM_ROOM];
    bool vertical = box->text->lines[0].is_vertical;
    const char *unit = context->document->is_screen ? "px" : "pt";
    size_t row = data_row_ref(context->fill.data, context->fill.row_index).row;
    strbuf_addf(out, "%s%s%s", box->node->path, box->node->id ? " " : "", box->node->id ? box->node->id : "");
    if (row) strbuf_addf(out, ", row %zu", row);
    strbuf_addf(out, ": %s %s %s, letters of %s %s, wrap: %s, word-break: %s\n",
                num_format(wide, length_to_pt(vertical ? box->inner.height : box->inner.width), 1), unit, vertical ? "high" : "wide",
                num_format(size, length_to_pt(box->text->size), 2), unit, why.wrap, why.word_break);
    if (why.break_count) add_breaks(out, box, &why);
    for (size_t i = 0; i < box->text->line_count; i++) add_line(out, box, i, &why);
    strbuf_add(out, "\n");
}
