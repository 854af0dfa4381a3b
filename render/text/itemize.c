/* itemize.c -- characters get a direction, a script and a font; neighbours that agree become items. */
#include "text/private.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/limits.h"
#include "base/strbuf.h"
#include "base/utf8.h"

/* ---- classes of characters ---- */

bool char_is_han(uint32_t c)
{
    if (c < 0x3005) return false;
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x3FFFF) ||
           (c >= 0xF900 && c <= 0xFAFF) || c == 0x3005 || c == 0x3007;
}

static bool is_cjk_mark(uint32_t c)
{
    return (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFF65) || (c >= 0xFFE0 && c <= 0xFFEE) ||
           (c >= 0xFE30 && c <= 0xFE4F);
}

bool char_is_wide(uint32_t c)
{
    return char_is_han(c) || is_cjk_mark(c) || (c >= 0x3040 && c <= 0x31FF);
}

/* Marks shared with Western text, Chinese unless Western text stands on both sides. */
static bool is_shared_mark(uint32_t c)
{
    return c == 0xB7 || c == 0x2026 || c == 0x22EF || c == 0x2E3A || (c >= 0x2010 && c <= 0x201F) || c == 0x2027;
}

bool char_is_invisible(uint32_t c)
{
    if (c >= 0x20 && c < 0x7F) return false;
    if (char_is_han(c)) return false;
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
           c == 0x2028 || c == 0x2029;
}

static bool is_space(uint32_t c)
{
    return c == 0x20 || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

static bool needs_bidi(uint32_t c)
{
    if (c < 0x590 || (c > 0x2069 && c < 0xFB1D)) return false;
    return c <= 0x8FF || (c >= 0x200E && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFE) || (c >= 0x10800 && c <= 0x10FFF) ||
           (c >= 0x1E800 && c <= 0x1EFFF);
}

/* ---- graphemes: UAX #29, the rules that font choice needs ---- */

/* Rule GB11: does the joiner stand after a picture and what belongs to it? */
static bool joins_pictures(const Char *chars, size_t joiner)
{
    size_t i = joiner;
    while (i > 0 && u_getIntPropertyValue((UChar32)chars[i - 1].codepoint, UCHAR_GRAPHEME_CLUSTER_BREAK) == U_GCB_EXTEND) i--;
    return i > 0 && u_hasBinaryProperty((UChar32)chars[i - 1].codepoint, UCHAR_EXTENDED_PICTOGRAPHIC);
}

static bool continues_grapheme(const Char *chars, size_t i, size_t regional_before)
{
    uint32_t c = chars[i].codepoint, before = chars[i - 1].codepoint;
    if (c == '\n' || before == '\n') return false;
    if (c < 0x300 && before < 0x300) return false;
    if (char_is_han(c)) return false;
    int class = u_getIntPropertyValue((UChar32)c, UCHAR_GRAPHEME_CLUSTER_BREAK);
    if (class == U_GCB_EXTEND || class == U_GCB_ZWJ || class == U_GCB_SPACING_MARK) return before >= 0x20;
    int last = u_getIntPropertyValue((UChar32)before, UCHAR_GRAPHEME_CLUSTER_BREAK);
    switch (last) {
    case U_GCB_PREPEND: return class != U_GCB_CONTROL && class != U_GCB_CR;
    case U_GCB_ZWJ: return u_hasBinaryProperty((UChar32)c, UCHAR_EXTENDED_PICTOGRAPHIC) && joins_pictures(chars, i - 1);
    case U_GCB_REGIONAL_INDICATOR: return class == U_GCB_REGIONAL_INDICATOR && regional_before % 2 == 1;
    case U_GCB_L: return class == U_GCB_L || class == U_GCB_V || class == U_GCB_LV || class == U_GCB_LVT;
    case U_GCB_LV: case U_GCB_V: return class == U_GCB_V || class == U_GCB_T;
    case U_GCB_LVT: case U_GCB_T: return class == U_GCB_T;
    default: return false;
    }
}

static void find_graphemes(Char *chars, size_t count)
{
    size_t regional = 0;
    for (size_t i = 0; i < count; i++) {
        chars[i].starts_grapheme = i == 0 || !continues_grapheme(chars, i, regional);
        regional = chars[i].codepoint >= 0x1F1E6 && chars[i].codepoint <= 0x1F1FF ? regional + 1 : 0;
    }
}

/* ---- direction ---- */

static void find_levels(TextEngine *engine, Char *chars, size_t count, bool is_backward)
{
    if (!engine->bidi) *engine->bidi_place = engine->bidi = ubidi_open();
    if (!engine->bidi) return;
    UChar *units = ARENA_ARRAY(engine->scratch, UChar, 2 * count + 1);
    int32_t length = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t c = chars[i].codepoint;
        if (c > 0xFFFF) units[length++] = (UChar)U16_LEAD(c);
        units[length++] = (UChar)(c > 0xFFFF ? U16_TRAIL(c) : c);
    }
    UErrorCode status = U_ZERO_ERROR;
    ubidi_setPara(engine->bidi, units, length, is_backward ? 1 : 0, NULL, &status);
    const UBiDiLevel *levels = U_SUCCESS(status) ? ubidi_getLevels(engine->bidi, &status) : NULL;
    if (U_FAILURE(status) || !levels) return;
    for (size_t i = 0, at = 0; i < count; at += chars[i].codepoint > 0xFFFF ? 2 : 1, i++) chars[i].level = levels[at];
}

/* ---- script ---- */

static hb_script_t script_of(uint32_t c)
{
    if (char_is_han(c)) return HB_SCRIPT_HAN;
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') return HB_SCRIPT_LATIN;
    if (c < 0x80) return HB_SCRIPT_COMMON;
    if (is_cjk_mark(c) && c < 0xFF10) return HB_SCRIPT_HAN;
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode code = uscript_getScript((UChar32)c, &status);
    if (U_FAILURE(status)) return HB_SCRIPT_COMMON;
    if (code == USCRIPT_INHERITED) return HB_SCRIPT_INHERITED;
    if (code == USCRIPT_COMMON) return is_cjk_mark(c) ? HB_SCRIPT_HAN : HB_SCRIPT_COMMON;
    return hb_script_from_string(uscript_getShortName(code), -1);
}

static bool is_weak(hb_script_t script) { return script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED; }

static hb_script_t language_script(const char *lang)
{
    if (!lang || !*lang || strncmp(lang, "zh", 2) == 0 || strncmp(lang, "ja", 2) == 0) return HB_SCRIPT_HAN;
    if (strncmp(lang, "he", 2) == 0 || strncmp(lang, "yi", 2) == 0) return HB_SCRIPT_HEBREW;
    return style_is_backward(&(TextStyle){.lang = lang}) ? HB_SCRIPT_ARABIC : HB_SCRIPT_LATIN;
}

#define BRACKET_DEPTH 32
typedef struct Bracket { uint32_t closes; hb_script_t script; } Bracket;

/* Weak characters take the strong script before them (the first one after them at the start). */
static void find_scripts(Char *chars, size_t count, const char *lang)
{
    hb_script_t before = HB_SCRIPT_COMMON, fallback = language_script(lang);
    for (size_t i = 0; i < count; i++) chars[i].script = script_of(chars[i].codepoint);
    for (size_t i = 0; i < count && is_weak(before); i++)
        if (chars[i].script != HB_SCRIPT_HAN || !is_cjk_mark(chars[i].codepoint)) before = chars[i].script;
    if (is_weak(before)) before = fallback;

    Bracket open[BRACKET_DEPTH];
    size_t depth = 0;
    /* `after[i]` would be the next strong script; walked with a second index so that the pass stays linear. */
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t c = chars[i].codepoint;
        if (!is_weak(chars[i].script)) {
            if (!is_cjk_mark(c)) before = chars[i].script;
            continue;
        }
        if (is_shared_mark(c)) {
            if (next <= i) next = i + 1;
            while (next < count && is_weak(chars[next].script)) next++;
            hb_script_t after = next < count ? chars[next].script : before;
            bool is_chinese = before == HB_SCRIPT_HAN || after == HB_SCRIPT_HAN;
            chars[i].script = is_chinese ? HB_SCRIPT_HAN : before;
            continue;
        }
        hb_script_t script = before;
        int kind = c == '(' || c == '[' || c == '{' || c == ')' || c == ']' || c == '}' || c > 0x2000
                 ? u_getIntPropertyValue((UChar32)c, UCHAR_BIDI_PAIRED_BRACKET_TYPE) : U_BPT_NONE;
        if (kind == U_BPT_OPEN && depth < BRACKET_DEPTH)
            open[depth++] = (Bracket){(uint32_t)u_getBidiPairedBracket((UChar32)c), before};
        for (size_t d = kind == U_BPT_CLOSE ? depth : 0; d-- > 0;)
            if (open[d].closes == c) { script = open[d].script; depth = d; break; }
        chars[i].script = script;
    }
}

/* ---- font ---- */

typedef struct Missing { uint32_t seen[32]; size_t count; bool is_error; } Missing;

static void report_missing(TextEngine *engine, const TextInput *input, const Char *c, const ResolvedFonts *fonts,
                           Missing *missing, DiagList *diags)
{
    for (size_t i = 0; i < missing->count; i++) if (missing->seen[i] == c->codepoint) return;
    if (missing->count == sizeof missing->seen / sizeof *missing->seen) return;
    missing->seen[missing->count++] = c->codepoint;
    Arena *scratch = engine->scratch;
    StrBuf tried, hint;
    strbuf_init(&tried, scratch);
    for (size_t i = 0; i < fonts->face_count; i++)
        strbuf_addf(&tried, "%s%s %s", i ? ", " : "", fonts->faces[i]->family, fonts->faces[i]->style_name);
    char shown[5] = {0};
    utf8_put(c->codepoint, shown);
    strbuf_init(&hint, scratch);
    const char *names[4];
    size_t name_count = font_families_with(engine->library, c->codepoint, names, 4);
    if (name_count > 4) name_count = 4;
    for (size_t i = 0; i < name_count; i++)
        strbuf_addf(&hint, "%s%s", i ? ", " : "catalogued fonts that have it: ", names[i]);
    if (!name_count) strbuf_addf(&hint, "find a font that has it: biaoyu fonts --has %s", shown);

    const TextSpan *span = &input->spans[c->span];
    const char *name = span->style->font->name ? span->style->font->name : "the style";
    Diag diag = {.severity = input->missing_glyph == REPORT_ERROR ? SEVERITY_ERROR : SEVERITY_WARNING, .cause = DIAG_INPUT,
                 .code = "missing-glyph", .where = span->where.source ? span->where : input->where, .hint = hint.bytes};
    diag.message = arena_printf(scratch, "no font of \"%s\" has \"%s\" (U+%04X): fonts tried: %s", name, shown,
                                (unsigned)c->codepoint, tried.bytes);
    if (span->column) {
        diag.data = diags->row;
        diag.data.column = span->column;
        diag.data.value = arena_copy(scratch, input->text + span->start, span->end - span->start);
    }
    diag_add(diags, &diag);
    if (diag.severity == SEVERITY_ERROR) missing->is_error = true;
}

/* A letter and its marks can be there as one character (é), which HarfBuzz composes. */
static bool has_composed(const Face *face, const Char *chars, size_t count)
{
    hb_codepoint_t whole = chars[0].codepoint;
    for (size_t i = 1; i < count; i++)
        if (!hb_unicode_compose(hb_unicode_funcs_get_default(), whole, chars[i].codepoint, &whole)) return false;
    return font_has(face, whole);
}

static bool has_glyph(TextEngine *engine, const Face *face, uint32_t c)
{
    struct KnownGlyph *known = &engine->glyphs[(c ^ c >> 10 ^ face->serial * 37u) % ENGINE_GLYPHS];
    if (known->face != face || known->codepoint != c) *known = (struct KnownGlyph){face, c, font_has(face, c)};
    return known->is_there;
}

/* Has the face everything of the grapheme that needs a glyph? A space can be made of any other (HarfBuzz does). */
static bool covers(TextEngine *engine, const Face *face, const Char *chars, size_t count, const Char **lacking)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t c = chars[i].codepoint;
        if (c == '\t') c = ' ';
        if (has_glyph(engine, face, c) || char_is_invisible(c) || (is_space(c) && font_has(face, ' '))) continue;
        if (count > 1 && has_composed(face, chars, count)) return true;
        *lacking = &chars[i];
        return false;
    }
    return true;
}

static bool is_excluded(const char *exclude, uint32_t c)
{
    if (!exclude) return false;
    for (size_t at = 0, length = strlen(exclude); at < length;)
        if (utf8_next(exclude, length, &at) == c) return true;
    return false;
}

/* The font for emoji, when it has all of the grapheme. */
static const Face *emoji_face(TextEngine *engine, const Char *chars, size_t count, const TextInput *input, DiagList *diags)
{
    const TextSpan *span = &input->spans[chars[0].span];
    const Char *lacking;
    if (!engine->is_dots && !engine->images) return NULL;
    const Face *face = font_find_emoji(engine->library, engine->is_dots, span->where.source ? span->where : input->where, diags);
    return face && covers(engine, face, chars, count, &lacking) ? face : NULL;
}

static bool find_faces(TextEngine *engine, const TextInput *input, Char *chars, size_t count, DiagList *diags)
{
    Missing missing = {.count = 0};
    const ResolvedFonts *fonts = NULL;
    const TextStyle *style = NULL;
    for (size_t i = 0, end; i < count; i = end) {
        end = i + 1;
        while (end < count && !chars[end].starts_grapheme) end++;
        const TextStyle *wanted = input->spans[chars[i].span].style;
        if (input->spans[chars[i].span].object) continue;       /* drawn instead */
        if (wanted != style) {
            fonts = engine_fonts(engine, wanted, diags);
            if (!fonts) return false;
            if (fonts->dots && !dot_fonts_has(wanted->size)) {
                const TextSpan *span = &input->spans[chars[i].span];
                return diag_error(diags, span->where.source ? span->where : input->where, "strike-size", "use 10, 12, 13, 14, 15 or 16 px, or 18 and more",
                                  "no font of dots has %d rows", (int)(wanted->size / LENGTH_ONE));
            }
            style = wanted;
        }
        if (chars[i].codepoint == '\n' || (end == i + 1 && chars[i].codepoint != '\t' && char_is_invisible(chars[i].codepoint)))
            continue;
        EmojiKind kind = emoji_kind(chars + i, end - i);
        const Face *face = kind == EMOJI_WANTED ? emoji_face(engine, chars + i, end - i, input, diags) : NULL;
        const Char *lacking = &chars[i], *first_lacking = NULL;
        for (size_t f = 0; f < fonts->face_count && !face; f++) {
            if (is_excluded(fonts->excludes[f], chars[i].codepoint)) continue;
            if (covers(engine, fonts->faces[f], chars + i, end - i, &lacking)) face = fonts->faces[f];
            else if (!first_lacking) first_lacking = lacking;
        }
        if (!face && kind == EMOJI_POSSIBLE) face = emoji_face(engine, chars + i, end - i, input, diags);
        bool is_missing = !face;
        if (is_missing) {
            if (input->missing_glyph != REPORT_OFF)
                report_missing(engine, input, first_lacking ? first_lacking : lacking, fonts, &missing, diags);
            face = fonts->faces[0];
        }
        for (size_t g = i; g < end; g++) chars[g].face = face, chars[g].is_missing = is_missing;
    }
    return !missing.is_error;
}

/* ---- items ---- */

static bool splits(const TextInput *input, const Char *a, const Char *b)
{
    return a->face != b->face || a->level != b->level || a->script != b->script || a->stance != b->stance ||
           input->spans[a->span].style != input->spans[b->span].style || input->spans[a->span].object != input->spans[b->span].object;
}

static void add_paragraph(TextEngine *engine, const TextInput *input, Itemised *out, size_t start, size_t end)
{
    Char *chars = out->chars;
    /* Characters without a glyph of their own go with the text before them, at the start with the text after. */
    const Face *face = NULL;
    for (size_t i = start; i < end && !face; i++) face = chars[i].face;
    for (size_t i = start; i < end; i++) {
        if (chars[i].face) face = chars[i].face;
        else chars[i].face = face;
        if (!chars[i].starts_grapheme || (i > start && char_is_invisible(chars[i].codepoint) && chars[i].codepoint != '\t'))
            chars[i].script = i > start ? chars[i - 1].script : chars[i].script;
        if (i > start && !chars[i].starts_grapheme) chars[i].span = chars[i - 1].span, chars[i].level = chars[i - 1].level;
    }
    if (input->style->writing != WRITING_HORIZONTAL_TB) vertical_stand(engine, input, chars + start, out->codepoints + start, end - start);
    for (size_t i = start; i < end; i++) {
        if (i == start || splits(input, &chars[i - 1], &chars[i]))
            out->items[out->item_count++] = (Item){.start = (uint32_t)i, .paragraph = (uint32_t)start,
                .paragraph_end = (uint32_t)end, .face = chars[i].face, .style = input->spans[chars[i].span].style, .object = input->spans[chars[i].span].object,
                .script = chars[i].script, .level = chars[i].level, .stance = chars[i].stance};
        Item *item = &out->items[out->item_count - 1];
        item->end = (uint32_t)i + 1;
        item->draws_missing |= chars[i].is_missing;
    }
}

bool itemize(TextEngine *engine, Arena *arena, const TextInput *input, Itemised *out, DiagList *diags)
{
    size_t bad;
    if (!utf8_is_valid(input->text, input->length, &bad))
        return diag_error(diags, input->where, "not-utf8", "save the file as UTF-8",
                          "byte %zu of the text is not UTF-8", bad + 1);
    size_t count = 0;
    for (size_t i = 0; i < input->length; i++) count += ((unsigned char)input->text[i] & 0xC0) != 0x80;      /* it is valid */
    if (count > LIMIT_TEXT_CHARS)
        return diag_error(diags, input->where, "text-too-long", "split it over several boxes",
                          "the text has more than %zu characters", LIMIT_TEXT_CHARS);
    *out = (Itemised){.chars = ARENA_ARRAY(arena, Char, count + 1), .codepoints = ARENA_ARRAY(arena, uint32_t, count + 1)};
    size_t span = 0;
    bool has_bidi = style_is_backward(input->style);
    for (size_t at = 0; at < input->length;) {
        while (span + 1 < input->span_count && at >= input->spans[span].end) span++;
        Char *c = &out->chars[out->char_count];
        *c = (Char){.offset = (uint32_t)at, .span = (uint32_t)span};
        c->codepoint = utf8_next(input->text, input->length, &at);
        uint32_t shaped = c->codepoint;
        if (shaped == '\t') shaped = ' ';
        else if (shaped < 0x20 || (shaped >= 0x7F && shaped < 0xA0) || shaped == 0x2028 || shaped == 0x2029) shaped = 0x200B;
        out->codepoints[out->char_count++] = shaped;
        has_bidi |= needs_bidi(c->codepoint);
    }
    find_graphemes(out->chars, out->char_count);
    if (!find_faces(engine, input, out->chars, out->char_count, diags)) return false;

    out->items = ARENA_ARRAY(arena, Item, out->char_count + 1);
    for (size_t start = 0, end; start < out->char_count; start = end + 1) {
        for (end = start; end < out->char_count && out->chars[end].codepoint != '\n';) end++;
        const TextStyle *style = input->style;
        if (has_bidi) find_levels(engine, out->chars + start, end - start, style_is_backward(style));
        find_scripts(out->chars + start, end - start, style->lang);
        add_paragraph(engine, input, out, start, end);
    }
    return true;
}
