/* text.c -- glyph runs: original glyph ids as two-byte codes, so that pages can be streamed and fonts subset at the end
 * (reference: ISO 32000-1, 9.4 and 9.7); what a glyph says goes into /ToUnicode, what it alone cannot say into /ActualText. */
#include "press/fonts.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

/* ---- glyphs used ---- */

static FaceUse *face_use(Drawing *drawing, const Face *face)
{
    PressPage *page = drawing->page;
    for (size_t i = 0; i < page->face_count; i++)
        if (page->faces[i].face == face) return &page->faces[i];
    page->faces = ARENA_GROW(drawing->arena, page->faces, page->face_count, &page->face_capacity);
    FaceUse *use = &page->faces[page->face_count++];
    *use = (FaceUse){.face = face};
    return use;
}

static GlyphUse *glyph_slot(GlyphUse *slots, size_t capacity, uint32_t id)
{
    size_t at = id * 2654435761u & (capacity - 1);
    while (slots[at].is_used && slots[at].id != id) at = (at + 1) & (capacity - 1);
    return &slots[at];
}

/* Of several texts for one glyph the shortest, then the smallest: the same whatever comes first. */
static bool is_smaller(const char *text, size_t length, const GlyphUse *than)
{
    if (!than->length) return length > 0;
    if (!length || length != than->length) return length && length < than->length;
    return memcmp(text, than->text, length) < 0;
}

/* Its width as the font's dictionary will have it, thousandths of an em. */
static double width_in(const Face *face, uint32_t id)
{
    return round(hb_font_get_glyph_h_advance(font_hb_font(face), id) * (1000.0 / face->units_per_em) * 1000) / 1000;
}

static const GlyphUse *use_glyph(Drawing *drawing, FaceUse *use, uint32_t id, const char *text, size_t length)
{
    if (use->count * 2 >= use->capacity) {
        size_t capacity = use->capacity ? use->capacity * 2 : 256;
        GlyphUse *slots = ARENA_ARRAY(drawing->arena, GlyphUse, capacity);
        for (size_t i = 0; i < use->capacity; i++)
            if (use->slots[i].is_used) *glyph_slot(slots, capacity, use->slots[i].id) = use->slots[i];
        use->slots = slots;
        use->capacity = capacity;
    }
    GlyphUse *slot = glyph_slot(use->slots, use->capacity, id);
    if (!slot->is_used) {
        *slot = (GlyphUse){.id = id, .is_used = true, .width = width_in(use->face, id)};
        use->count++;
    }
    if (is_smaller(text, length, slot)) slot->text = text, slot->length = (uint16_t)length;
    return slot;
}

void text_use_faces(Drawing *drawing, const FaceUse *faces, size_t count)
{
    for (size_t i = 0; i < count; i++) face_use(drawing, faces[i].face);
}

void text_join_faces(Drawing *drawing, const FaceUse *faces, size_t count)
{
    for (size_t f = 0; f < count; f++) {
        const FaceUse *face = &faces[f];
        FaceUse *use = face_use(drawing, face->face);
        for (size_t i = 0; i < face->capacity; i++)
            if (face->slots[i].is_used) use_glyph(drawing, use, face->slots[i].id, face->slots[i].text, face->slots[i].length);
    }
}

FaceUse text_copy_face(Arena *arena, const FaceUse *face)
{
    FaceUse copy = {.face = face->face, .count = face->count, .capacity = face->count, .slots = ARENA_ARRAY(arena, GlyphUse, face->count + 1)};
    size_t at = 0;
    for (size_t i = 0; i < face->capacity; i++) {
        if (!face->slots[i].is_used) continue;
        copy.slots[at] = face->slots[i];
        if (copy.slots[at].text) copy.slots[at].text = arena_copy(arena, copy.slots[at].text, copy.slots[at].length);
        at++;
    }
    return copy;
}

/* Kangxi and other radicals and compatibility ideographs share glyphs with the common characters, and come before them. */
static bool needs_own_text(const char *text, size_t length)
{
    unsigned char lead = (unsigned char)text[0];
    if (lead != 0xE2 && lead < 0xEF) return length > 32;       /* far from them */
    size_t at = 0;
    uint32_t c = utf8_next(text, length, &at);
    return (c >= 0x2E80 && c <= 0x2FDF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F) || length > 32;
}

/* ---- showing ---- */

typedef struct Show {
    Drawing *drawing;
    const GlyphRun *run;
    FaceUse *use;
    bool is_silent;               /* the pass that draws the outline: the one over it says what there is to say */
    double size;                  /* pt */
    bool is_open;                 /* inside [< >] */
    bool has_line;
    bool is_spelt;                /* as a whole */
    bool follows;                 /* glyphs follow each other on one line: not stretched, turned by nothing or a quarter clockwise */
    bool is_down;                 /* the line runs down the page */
    bool is_upright;              /* and its characters keep their heads up: with the font that says so */
    double across;                /* where the line is: y, of one that runs down x, pt */
    double pen;                   /* where on it the next glyph would stand, pt */
} Show;

/* Where the pen must stand for a glyph: in a line of upright ones not at its origin (ISO 32000-1, 9.7.4.3). */
typedef struct Pen { double x, y; } Pen;

static Pen pen_for(const Show *show, const Glyph *glyph)
{
    Pen pen = {length_to_pt(glyph->x), length_to_pt(glyph->y)};
    if (!show->is_upright) return pen;
    double across = show->run->stretch != 0 ? show->run->stretch : 1;
    Hang hang = fonts_hang(show->run->face);
    return (Pen){pen.x + hang.right * across * show->size, pen.y - hang.up * show->size};
}

static void close_string(Show *show)
{
    if (show->is_open) put(show->drawing, ">]TJ\n");
    show->is_open = false;
}

static void start_line(Show *show, Pen pen)
{
    Drawing *drawing = show->drawing;
    close_string(show);
    double rotate = show->run->rotate, across = show->run->stretch != 0 ? show->run->stretch : 1;
    if (rotate == 0 && across == 1) {
        put(drawing, "1 0 0 -1 ");
    } else {
        double angle = rotate * 3.14159265358979323846 / 180, c = cos(angle), s = sin(angle);
        if (rotate / 90 == floor(rotate / 90)) c = round(c), s = round(s);
        const double m[4] = {c * across, s * across, s, -c};
        for (int i = 0; i < 4; i++) put_number(drawing, m[i], 6);
    }
    put_number(drawing, pen.x, 3);
    put_number(drawing, pen.y, 3);
    put(drawing, "Tm ");
    show->has_line = true;
    show->across = show->is_down ? pen.x : pen.y;
    show->pen = show->is_down ? pen.y : pen.x;
}

/* `text`: what it says by itself, of `length` bytes. */
static void show_glyph(Show *show, const Glyph *glyph, const char *text, size_t length)
{
    static const char digits[] = "0123456789ABCDEF";
    Drawing *drawing = show->drawing;
    Pen pen = pen_for(show, glyph);
    if (!show->has_line || !show->follows || fabs((show->is_down ? pen.x : pen.y) - show->across) > 0.0005) start_line(show, pen);
    double off = (show->is_down ? pen.y : pen.x) - show->pen, forward = show->is_upright ? 1 : -1;
    bool moves = fabs(off) > 0.002;
    if (!show->is_open) put(drawing, moves ? "[" : "[<");
    else if (moves) put(drawing, ">");
    if (moves) {
        /* Rounded so that a step is under 0.005 pt; the pen follows the rounded value, so errors do not add up. */
        int decimals = show->size < 10 ? 0 : show->size < 100 ? 1 : 2;
        double step = decimals == 0 ? 1 : decimals == 1 ? 10 : 100;
        double adjustment = round(forward * off * 1000 / show->size * step) / step;
        put_number(drawing, adjustment, decimals);
        put(drawing, "<");
        show->pen += forward * adjustment * show->size / 1000;
    }
    show->is_open = true;
    const char hex[4] = {digits[glyph->id >> 12 & 15], digits[glyph->id >> 8 & 15], digits[glyph->id >> 4 & 15], digits[glyph->id & 15]};
    strbuf_add_bytes(&drawing->out, hex, 4);
    const GlyphUse *use = use_glyph(drawing, show->use, glyph->id, text, length);
    show->pen += show->is_upright ? show->size : use->width * show->size / 1000;
}

static void begin_actual_text(Show *show, const char *text, size_t length)
{
    close_string(show);
    put(show->drawing, "/Span<</ActualText<FEFF");
    for (size_t at = 0; at < length;) {
        uint32_t c = utf8_next(text, length, &at);
        if (c > 0xFFFF) strbuf_addf(&show->drawing->out, "%04X%04X", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + (c & 0x3FF));
        else strbuf_addf(&show->drawing->out, "%04X", (unsigned)c);
    }
    put(show->drawing, ">>>BDC\n");
}

static void show_cluster(Show *show, const Glyph *glyphs, size_t count, const char *text, size_t length)
{
    if (!count) return;
    bool needs_text = !show->is_silent && (count > 1 || (length && needs_own_text(text, length))), is_spelt = needs_text && !show->is_spelt;
    if (is_spelt) begin_actual_text(show, text, length);
    /* Figures that share a square: each says itself to those who do not read what is spelt, and none goes down the line, since
     * poppler takes what is spelt to reach as far as the last one goes from the first. Each is placed by itself anyway. */
    bool is_each = show->is_upright && count > 1 && count == length;
    if (is_each) {
        put_number(show->drawing, show->size, 3);
        put(show->drawing, "Tc\n");
    }
    size_t own = is_each ? 1 : needs_text || show->is_silent ? 0 : length;
    for (size_t i = 0; i < count; i++) show_glyph(show, &glyphs[i], is_each ? text + i : text, own);
    if (is_spelt || is_each) close_string(show);
    if (is_each) put(show->drawing, "0 Tc\n");
    if (is_spelt) put(show->drawing, "EMC\n");
}

/* Do the clusters cover text and glyphs exactly? */
static bool has_clusters(const GlyphRun *run)
{
    size_t bytes = 0, glyphs = 0;
    for (size_t i = 0; i < run->cluster_count; i++) bytes += run->clusters[i].byte_count, glyphs += run->clusters[i].glyph_count;
    return run->cluster_count && run->text && bytes == strlen(run->text) && glyphs == run->glyph_count;
}

static bool is_upright(const GlyphRun *run) { return run->is_vertical && run->rotate == 0; }

static void set_font(Drawing *drawing, const Face *face, Length size, bool is_down)
{
    State *state = &drawing->state;
    if (state->face == face && state->size == size && state->is_down == is_down) return;
    state->face = face;
    state->size = size;
    state->is_down = is_down;
    put_name(drawing, USE_FONT, add_use(drawing, USE_FONT, face, is_down));
    put_length(drawing, size);
    put(drawing, "Tf\n");
}

/* Words that lie in a line of upright characters are spelt as a whole, and what is spelt ends in the font of its neighbours:
 * poppler takes the direction of such text from there, and finds one line where it would see several. */
static void end_lying(Show *show)
{
    close_string(show);
    set_font(show->drawing, show->run->face, show->run->size, true);
    put(show->drawing, "1 0 0 -1 ");
    put_length(show->drawing, show->run->glyphs[0].x);
    put_length(show->drawing, show->run->glyphs[0].y);
    put(show->drawing, "Tm <>Tj EMC\n");
}

static void show_all(Show *show)
{
    const GlyphRun *run = show->run;
    if (show->is_silent || !has_clusters(run)) {               /* an outline or a shadow says nothing */
        begin_actual_text(show, "", 0);
        for (size_t i = 0; i < run->glyph_count; i++) show_glyph(show, &run->glyphs[i], "", 0);
        close_string(show);
        put(show->drawing, "EMC\n");
        return;
    }
    bool is_lying = run->is_vertical && run->rotate != 0 && run->glyph_count;
    if (is_lying) begin_actual_text(show, run->text, strlen(run->text));
    show->is_spelt = is_lying;
    size_t byte = 0, glyph = run->is_backward ? run->glyph_count : 0;
    for (size_t i = 0; i < run->cluster_count; i++) {
        Cluster cluster = run->clusters[i];
        if (run->is_backward) glyph -= cluster.glyph_count;
        show_cluster(show, run->glyphs + glyph, cluster.glyph_count, run->text + byte, cluster.byte_count);
        byte += cluster.byte_count;
        if (!run->is_backward) glyph += cluster.glyph_count;
    }
    if (is_lying) end_lying(show);
    else close_string(show);
}

/* The outline under the letters: twice as wide as it shows. */
static void show_outline(Drawing *drawing, Show show)
{
    put_color(drawing, show.run->stroke_color, true, true);
    Length width = 2 * show.run->stroke_width;
    if (drawing->state.dashes) put(drawing, "[] 0 d ");
    static const int joins[] = {[STROKE_ROUND] = 1, [STROKE_MITER] = 0, [STROKE_BEVEL] = 2};
    int join = joins[show.run->stroke_join];
    if (drawing->state.join != join) strbuf_addf(&drawing->out, "%d j ", join);
    if (join == 0) strbuf_addf(&drawing->out, "%d M ", STROKE_MITER_LIMIT);
    put_length(drawing, width);
    put(drawing, "w 1 Tr\n");
    drawing->state.dashes = 0;
    drawing->state.join = join;
    drawing->state.width = width;
    show.is_silent = true;
    show_all(&show);
    put(drawing, join == 0 ? "0 Tr 10 M\n" : "0 Tr\n");
}

void text_show(Drawing *drawing, const GlyphRun *run)
{
    if (!run->glyph_count || run->size <= 0 || run->face->strikes_only) return;
    PressFacts *facts = &drawing->page->facts;
    double size = length_to_pt(run->size);
    if (facts->smallest_text == 0 || size < facts->smallest_text) facts->smallest_text = size;
    facts->glyph_runs++;
    Show show = {.drawing = drawing, .run = run, .use = face_use(drawing, run->face), .size = size,
                 .follows = (run->rotate == 0 || run->rotate == 90) && (run->stretch == 0 || run->stretch == 1),
                 .is_down = run->is_vertical || run->rotate == 90, .is_upright = is_upright(run)};
    put(drawing, "BT\n");
    set_font(drawing, run->face, run->size, is_upright(run));
    if (run->stroke_color && run->stroke_width > 0) show_outline(drawing, show);
    if (run->color) {
        put_color(drawing, run->color, false, true);
        show_all(&show);
    }
    put(drawing, "ET\n");
}
