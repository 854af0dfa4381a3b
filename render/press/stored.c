/* stored.c -- a finished page as bytes, to be put by until its turn comes: what lives as long as the setup (faces, pictures, shared forms, and
 * what colours and patterns are made of) is told by its address, so they are good within the process only. */
#include <string.h>

#include "press/private.h"

/* Followed by its forms, of which the first is the page's own content, then by its faces. */
typedef struct StoredPage { PressBoxes boxes; PressFacts facts; size_t form_count, face_count; bool has_transparency; } StoredPage;
/* Followed by its uses, each with what its key points to where that is of the page (use_key_size), and its data. */
typedef struct StoredForm { size_t length, use_count; double box[4]; bool is_group; } StoredForm;
/* Followed by its glyphs, each with its text. */
typedef struct StoredFace { const Face *face; size_t glyph_count; } StoredFace;
typedef struct StoredGlyph { uint32_t id; uint16_t length; } StoredGlyph;

/* ---- to bytes ---- */

/* The page's forms, each once. */
typedef struct FormList { Arena *arena; const Form **items; size_t count, capacity; } FormList;

static size_t index_of(FormList *list, const Form *form)
{
    size_t at = 0;
    while (at < list->count && list->items[at] != form) at++;
    if (at < list->count) return at;
    list->items = ARENA_GROW(list->arena, list->items, list->count, &list->capacity);
    list->items[list->count] = form;
    return list->count++;
}

static void store_form(StrBuf *out, FormList *list, const Form *form)
{
    StoredForm head = {.length = form->length, .use_count = form->uses.count, .is_group = form->is_group};
    memcpy(head.box, form->box, sizeof head.box);
    strbuf_add_bytes(out, &head, sizeof head);
    for (size_t i = 0; i < form->uses.count; i++) {
        Use use = form->uses.items[i];
        const void *key = use.key;
        if (use.kind == USE_FORM) use.key = (const void *)(uintptr_t)index_of(list, key);
        strbuf_add_bytes(out, &use, sizeof use);
        strbuf_add_bytes(out, key, use_key_size(use.kind));
    }
    strbuf_add_bytes(out, form->data, form->length);
}

static void store_face(StrBuf *out, const FaceUse *use)
{
    StoredFace head = {use->face, use->count};
    strbuf_add_bytes(out, &head, sizeof head);
    for (size_t i = 0; i < use->capacity; i++) {
        const GlyphUse *glyph = &use->slots[i];
        if (!glyph->is_used) continue;
        StoredGlyph stored = {glyph->id, glyph->length};
        strbuf_add_bytes(out, &stored, sizeof stored);
        strbuf_add_bytes(out, glyph->text, glyph->length);
    }
}

void press_page_store(const PressPage *page, StrBuf *out)
{
    FormList list = {.arena = out->arena};
    StoredPage head = {.boxes = page->boxes, .facts = page->facts, .face_count = page->face_count, .has_transparency = page->has_transparency};
    size_t at = out->length;
    strbuf_add_bytes(out, &head, sizeof head);
    index_of(&list, &page->content);
    for (size_t i = 0; i < list.count; i++) store_form(out, &list, list.items[i]);
    for (size_t i = 0; i < page->face_count; i++) store_face(out, &page->faces[i]);
    head.form_count = list.count;
    memcpy(out->bytes + at, &head, sizeof head);
}

/* ---- and back ---- */

typedef struct Reading { Arena *arena; const char *at; } Reading;

static void take(Reading *reading, void *to, size_t length)
{
    memcpy(to, reading->at, length);
    reading->at += length;
}

static const char *take_bytes(Reading *reading, size_t length)
{
    const char *bytes = reading->at;
    reading->at += length;
    return bytes;
}

static void load_form(Reading *reading, Form *forms, Form *form)
{
    StoredForm head;
    take(reading, &head, sizeof head);
    *form = (Form){.length = head.length, .is_group = head.is_group, .uses = {.count = head.use_count, .capacity = head.use_count}};
    memcpy(form->box, head.box, sizeof head.box);
    form->uses.items = ARENA_ARRAY(reading->arena, Use, head.use_count + 1);
    for (size_t i = 0; i < head.use_count; i++) {
        Use *use = &form->uses.items[i];
        take(reading, use, sizeof *use);
        if (use->kind == USE_FORM) use->key = &forms[(uintptr_t)use->key];
        size_t size = use_key_size(use->kind);
        if (!size) continue;
        void *key = arena_alloc(reading->arena, size);
        take(reading, key, size);
        use->key = key;
    }
    form->data = take_bytes(reading, head.length);
}

static void load_face(Reading *reading, FaceUse *use)
{
    StoredFace head;
    take(reading, &head, sizeof head);
    *use = (FaceUse){.face = head.face, .capacity = head.glyph_count, .count = head.glyph_count};
    use->slots = ARENA_ARRAY(reading->arena, GlyphUse, head.glyph_count + 1);
    for (size_t i = 0; i < head.glyph_count; i++) {
        StoredGlyph stored;
        take(reading, &stored, sizeof stored);
        use->slots[i] = (GlyphUse){.id = stored.id, .length = stored.length, .is_used = true, .text = take_bytes(reading, stored.length)};
    }
}

const PressPage *press_page_load(Arena *arena, const char **bytes)
{
    Reading reading = {arena, *bytes};
    StoredPage head;
    take(&reading, &head, sizeof head);
    PressPage *page = ARENA_NEW(arena, PressPage);
    *page = (PressPage){.boxes = head.boxes, .facts = head.facts, .face_count = head.face_count, .has_transparency = head.has_transparency};
    Form *forms = ARENA_ARRAY(arena, Form, head.form_count + 1);
    for (size_t i = 0; i < head.form_count; i++) load_form(&reading, forms, &forms[i]);
    page->content = forms[0];
    page->faces = ARENA_ARRAY(arena, FaceUse, head.face_count + 1);
    for (size_t i = 0; i < head.face_count; i++) load_face(&reading, &page->faces[i]);
    *bytes = reading.at;
    return page;
}
