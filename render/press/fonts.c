/* fonts.c -- each face once: a Type 0 font whose codes are the original glyph ids (ISO 32000-1, 9.7). Where the subset
 * numbers its glyphs anew (TrueType), a /CIDToGIDMap leads there; CFF keeps its ids. */
#include "press/fonts.h"

#include <hb-ot.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "press/cff.h"

#define GLYPHS 65536
#define TEXT_NONE 0x40000000u     /* used, says nothing by itself */
#define TEXT_STRING 0x80000000u   /* an index into strings */

typedef struct FontEntry {
    struct FontEntry *next;
    const Face *face;
    unsigned number, down_number; /* down: with the encoding Identity-V; 0: not used */
    uint32_t *texts;              /* by glyph id: 0 unused, a code point, TEXT_NONE, or TEXT_STRING | index; malloc */
    const char **strings;
    size_t string_count, string_capacity, glyph_count;
    const char *name;             /* ABCDEF+Name, once written */
} FontEntry;

struct FontTable {
    Arena *arena;
    Writer *writer;
    FontEntry *first, **last;
};

static void release_texts(void *texts) { free(texts); }

FontTable *fonts_new(Arena *arena, Writer *writer)
{
    FontTable *table = ARENA_NEW(arena, FontTable);
    *table = (FontTable){.arena = arena, .writer = writer};
    table->last = &table->first;
    return table;
}

static FontEntry *find_entry(FontTable *table, const Face *face)
{
    for (FontEntry *entry = table->first; entry; entry = entry->next)
        if (entry->face == face) return entry;
    void **place = arena_own(table->arena, release_texts);
    FontEntry *entry = ARENA_NEW(table->arena, FontEntry);
    entry->face = face;
    if (!(entry->texts = *place = calloc(GLYPHS, sizeof *entry->texts))) return NULL;
    entry->number = writer_reserve(table->writer);
    *table->last = entry;
    table->last = &entry->next;
    return entry;
}

unsigned fonts_number(FontTable *table, const Face *face, bool is_down)
{
    FontEntry *entry = find_entry(table, face);
    if (!entry) return 0;
    if (is_down && !entry->down_number) entry->down_number = writer_reserve(table->writer);
    return is_down ? entry->down_number : entry->number;
}

Hang fonts_hang(const Face *face)
{
    int em = face->ascent + face->descent;
    double up = em > 0 ? round(1000.0 * face->ascent / em) : 880;
    return (Hang){up / 1000, (1000 - up) / 1000};
}

/* ---- what glyphs say ---- */

static size_t text_of(const FontEntry *entry, uint32_t value, char room[4], const char **text)
{
    *text = room;
    if (value == TEXT_NONE || !value) return 0;
    if (!(value & TEXT_STRING)) return utf8_put(value, room);
    *text = entry->strings[value & ~TEXT_STRING];
    return strlen(*text);
}

static uint32_t keep_text(FontTable *table, FontEntry *entry, const char *text, size_t length)
{
    size_t at = 0;
    uint32_t c = utf8_next(text, length, &at);
    if (at == length) return c ? c : TEXT_NONE;
    entry->strings = ARENA_GROW(table->arena, entry->strings, entry->string_count, &entry->string_capacity);
    entry->strings[entry->string_count] = arena_copy(table->arena, text, length);
    return TEXT_STRING | (uint32_t)entry->string_count++;
}

void fonts_add(FontTable *table, const FaceUse *use)
{
    FontEntry *entry = find_entry(table, use->face);
    for (size_t i = 0; entry && i < use->capacity; i++) {
        const GlyphUse *glyph = &use->slots[i];
        if (!glyph->is_used || glyph->id >= GLYPHS) continue;
        uint32_t *value = &entry->texts[glyph->id];
        if (!*value) {
            entry->glyph_count++;
            *value = TEXT_NONE;
        }
        char room[4];
        const char *old;
        size_t length = text_of(entry, *value, room, &old);
        bool is_better = glyph->length && (!length || glyph->length < length || (glyph->length == length && memcmp(glyph->text, old, length) < 0));
        if (is_better) *value = keep_text(table, entry, glyph->text, glyph->length);
    }
}

static void add_utf16(StrBuf *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t c = utf8_next(text, length, &at);
        if (c > 0xFFFF) strbuf_addf(out, "%04X%04X", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + (c & 0x3FF));
        else strbuf_addf(out, "%04X", (unsigned)c);
    }
}

#define MAPPINGS_A_BLOCK 100      /* the limit of bfchar (Adobe Technical Note 5014) */

static unsigned write_to_unicode(FontTable *table, const FontEntry *entry, Arena *arena)
{
    StrBuf out, block;
    strbuf_init(&out, arena);
    strbuf_init(&block, arena);
    strbuf_add(&out, "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
                     "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n");
    size_t count = 0;
    for (uint32_t id = 0; id <= GLYPHS; id++) {
        char room[4];
        const char *text;
        size_t length = id < GLYPHS ? text_of(entry, entry->texts[id], room, &text) : 0;
        if (length) {
            strbuf_addf(&block, "<%04X><", (unsigned)id);
            add_utf16(&block, text, length);
            strbuf_add(&block, ">\n");
            count++;
        }
        if (count == MAPPINGS_A_BLOCK || (id == GLYPHS && count)) {
            strbuf_addf(&out, "%zu beginbfchar\n%sendbfchar\n", count, block.bytes);
            block.length = count = 0;
        }
    }
    strbuf_add(&out, "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n");
    unsigned number = writer_reserve(table->writer);
    writer_stream(table->writer, number, STREAM_DEFLATE, "", out.bytes, out.length);
    return number;
}

/* ---- the font program ---- */

static hb_blob_t *table_of(hb_face_t *face, const char *tag) { return hb_face_reference_table(face, hb_tag_from_string(tag, 4)); }

static bool has_table(hb_face_t *face, const char *tag)
{
    hb_blob_t *blob = table_of(face, tag);
    bool has = hb_blob_get_length(blob) > 0;
    hb_blob_destroy(blob);
    return has;
}

static int s16(const uint8_t *at) { return (int16_t)(at[0] << 8 | at[1]); }

typedef struct Subset { FontSubset font; bool is_cff, has_other_cids; } Subset;

static Subset make_subset(const FontEntry *entry)
{
    hb_face_t *face = font_hb_face(entry->face);
    Subset subset = {.is_cff = has_table(face, "CFF ")};
    bool keeps_ids = false;
    if (!subset.is_cff && !has_table(face, "glyf")) return subset;
    if (subset.is_cff) {
        hb_blob_t *cff = table_of(face, "CFF ");
        CffKind kind = cff_kind((const uint8_t *)hb_blob_get_data(cff, NULL), hb_blob_get_length(cff));
        hb_blob_destroy(cff);
        keeps_ids = kind == CFF_NAMES;
        subset.has_other_cids = kind == CFF_OTHER_CIDS;
        if (kind == CFF_BROKEN) return subset;
    }
    hb_set_t *glyphs = hb_set_create();
    for (uint32_t id = 0; id < GLYPHS; id++)
        if (entry->texts[id]) hb_set_add(glyphs, id);
    subset.font = font_subset(entry->face, glyphs, keeps_ids ? FONT_KEEPS_IDS : 0);
    hb_set_destroy(glyphs);
    return subset;
}

/* The CIDs in the content are the glyphs' ids in the whole font. */
static const void *with_ids_as_cids(const Subset *subset, const void *cff, size_t *length, Arena *arena)
{
    size_t count = hb_face_get_glyph_count(subset->font.face);
    uint16_t *cids = ARENA_ARRAY(arena, uint16_t, count + 1);
    for (uint32_t id = 0; id < GLYPHS; id++) {
        hb_codepoint_t new_id = hb_map_get(subset->font.to_new, id);
        if (new_id < count) cids[new_id] = (uint16_t)id;
    }
    return cff_with_cids(arena, cff, *length, cids, count, length);
}

static unsigned write_program(FontTable *table, const Subset *subset, Arena *arena)
{
    hb_blob_t *blob = subset->is_cff ? table_of(subset->font.face, "CFF ") : hb_face_reference_blob(subset->font.face);
    unsigned blob_length, number = writer_reserve(table->writer);
    const void *data = hb_blob_get_data(blob, &blob_length);
    size_t length = blob_length;
    if (subset->has_other_cids) data = with_ids_as_cids(subset, data, &length, arena);
    char entries[64] = "/Subtype/CIDFontType0C";
    if (!subset->is_cff) snprintf(entries, sizeof entries, "/Length1 %zu", length);
    bool ok = data && length;
    if (ok) writer_stream(table->writer, number, STREAM_DEFLATE, entries, data, length);
    hb_blob_destroy(blob);
    return ok ? number : 0;
}

static unsigned write_gid_map(FontTable *table, const FontEntry *entry, const Subset *subset, Arena *arena)
{
    uint8_t *map = arena_alloc(arena, 2 * GLYPHS);
    size_t length = 0;
    for (uint32_t id = 0; id < GLYPHS; id++) {
        if (!entry->texts[id]) continue;
        hb_codepoint_t new_id = hb_map_get(subset->font.to_new, id);
        if (new_id == HB_MAP_VALUE_INVALID) new_id = 0;
        map[2 * id] = (uint8_t)(new_id >> 8);
        map[2 * id + 1] = (uint8_t)new_id;
        length = 2 * (size_t)id + 2;
    }
    unsigned number = writer_reserve(table->writer);
    writer_stream(table->writer, number, STREAM_DEFLATE, "", map, length);
    return number;
}

/* ---- dictionaries ---- */

/* Six letters from the glyphs: another subset has another tag (ISO 32000-1, 9.6.4). */
static void add_tag(const FontEntry *entry, StrBuf *out)
{
    uint64_t hash = 1469598103934665603u;
    for (uint32_t id = 0; id < GLYPHS; id++)
        if (entry->texts[id]) hash = (hash ^ id) * 1099511628211u;
    for (const char *c = entry->face->axes; *c; c++) hash = (hash ^ (uint8_t)*c) * 1099511628211u;      /* one family, several fonts */
    for (int i = 0; i < 6; i++, hash /= 26) strbuf_add_char(out, (char)('A' + hash % 26));
    strbuf_add_char(out, '+');
}

static const char *make_name(FontTable *table, const FontEntry *entry)
{
    StrBuf name;
    strbuf_init(&name, table->arena);
    add_tag(entry, &name);
    for (const char *c = entry->face->family; *c; c++)
        if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9')) strbuf_add_char(&name, *c);
    strbuf_addf(&name, "-%d", entry->face->weight);
    return name.bytes;
}

static void add_widths(const FontEntry *entry, StrBuf *out)
{
    hb_font_t *font = font_hb_font(entry->face);
    double units = 1000.0 / entry->face->units_per_em;
    char room[NUM_ROOM];
    bool is_open = false;
    strbuf_add(out, "/DW 1000/W[");
    for (uint32_t id = 0; id < GLYPHS; id++) {
        double width = entry->texts[id] ? hb_font_get_glyph_h_advance(font, id) * units : 1000;
        if (width == 1000) {
            if (is_open) strbuf_add_char(out, ']');
            is_open = false;
            continue;
        }
        if (!is_open) strbuf_addf(out, " %u[", (unsigned)id);
        else strbuf_add_char(out, ' ');
        strbuf_add(out, num_format(room, width, 3));
        is_open = true;
    }
    strbuf_add(out, is_open ? "]]" : "]");
}

/* Lines that run down step by the em (ISO 32000-1, 9.7.4.3); every other step is written in the content. Glyph by glyph:
 * Ghostscript 10.00 draws nothing of a range. */
static void add_steps_down(const FontEntry *entry, StrBuf *out)
{
    Hang hang = fonts_hang(entry->face);
    bool is_open = false;
    strbuf_add(out, "/W2[");
    for (uint32_t id = 0; id < GLYPHS; id++) {
        if (!entry->texts[id] && is_open) strbuf_add_char(out, ']');
        if (entry->texts[id]) {
            if (is_open) strbuf_add_char(out, ' ');
            else strbuf_addf(out, " %u[", (unsigned)id);
            strbuf_addf(out, "-1000 %d %d", (int)lround(1000 * hang.right), (int)lround(1000 * hang.up));
        }
        is_open = entry->texts[id] != 0;
    }
    strbuf_add(out, is_open ? "]]" : "]");
}

static unsigned write_descriptor(FontTable *table, const FontEntry *entry, unsigned program, bool is_cff, Arena *arena)
{
    const Face *face = entry->face;
    hb_blob_t *head = table_of(font_hb_face(face), "head");
    const uint8_t *bytes = (const uint8_t *)hb_blob_get_data(head, NULL);
    bool has_head = hb_blob_get_length(head) >= 44;
    int units = face->units_per_em, box[4];
    for (int i = 0; i < 4; i++) box[i] = (int)lround((has_head ? s16(bytes + 36 + 2 * i) : 0) * 1000.0 / units);
    hb_blob_destroy(head);
    StrBuf out;
    strbuf_init(&out, arena);
    int ascent = (int)lround(face->ascent * 1000.0 / units), descent = (int)lround(face->descent * 1000.0 / units);
    /* Flag 3, symbolic: it has characters beyond the standard Latin set. */
    strbuf_addf(&out, "<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV %d/%s %u 0 R>>",
                entry->name, box[0], box[1], box[2], box[3], ascent, -descent, ascent * 8 / 10, face->weight / 5, is_cff ? "FontFile3" : "FontFile2", program);
    unsigned number = writer_reserve(table->writer);
    writer_object(table->writer, number, out.bytes, out.length);
    return number;
}

static bool write_font(FontTable *table, FontEntry *entry, Arena *arena)
{
    Subset subset = make_subset(entry);
    if (!subset.font.face) {
        font_subset_free(&subset.font);
        return false;
    }
    entry->name = make_name(table, entry);
    unsigned program = write_program(table, &subset, arena), unicode = write_to_unicode(table, entry, arena);
    unsigned map = subset.is_cff ? 0 : write_gid_map(table, entry, &subset, arena);
    unsigned descriptor = write_descriptor(table, entry, program, subset.is_cff, arena), descendant = writer_reserve(table->writer);
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_addf(&out, "<</Type/Font/Subtype/CIDFontType%d/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %u 0 R",
                subset.is_cff ? 0 : 2, entry->name, descriptor);
    if (map) strbuf_addf(&out, "/CIDToGIDMap %u 0 R", map);
    add_widths(entry, &out);
    if (entry->down_number) add_steps_down(entry, &out);
    strbuf_add(&out, ">>");
    writer_object(table->writer, descendant, out.bytes, out.length);
    for (int is_down = 0; is_down < 2; is_down++) {
        unsigned number = is_down ? entry->down_number : entry->number;
        char way = is_down ? 'V' : 'H', suffix[16] = "";
        if (subset.is_cff) snprintf(suffix, sizeof suffix, "-Identity-%c", way);
        char *font = arena_printf(arena, "<</Type/Font/Subtype/Type0/BaseFont/%s%s/Encoding/Identity-%c/DescendantFonts[%u 0 R]/ToUnicode %u 0 R>>", entry->name,
                                  suffix, way, descendant, unicode);
        if (number) writer_object(table->writer, number, font, strlen(font));
    }
    font_subset_free(&subset.font);
    return program != 0;
}

bool fonts_write(FontTable *table, DiagList *diags)
{
    for (FontEntry *entry = table->first; entry; entry = entry->next) {
        Arena *arena = arena_new(0);
        bool ok = arena && write_font(table, entry, arena);
        arena_free(arena);
        if (!ok)
            return diag_error(diags, SPAN_NONE, "font-not-embeddable", "take another font", "the font \"%s\" (%s) cannot be made part of a press file",
                              entry->face->family, entry->face->file);
    }
    return true;
}

bool fonts_at(const FontTable *table, size_t index, FontFact *out)
{
    const FontEntry *entry = table->first;
    while (entry && index--) entry = entry->next;
    if (entry) *out = (FontFact){entry->face->family, entry->face->style_name, entry->name ? entry->name : "", entry->glyph_count};
    return entry != NULL;
}
