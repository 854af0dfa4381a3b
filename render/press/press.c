/* press.c -- made pages into the file, in order: what they use gets numbers, once for the whole file; at the end the
 * fonts, the page tree, the layers and the catalogue. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "press/fonts.h"
#include "press/metadata.h"
#include "press/records.h"

#define KIDS 64                   /* pages in a node of the page tree */

/* Something of the whole file that pages share: known again by its key or its name. */
typedef struct Shared { struct Shared *next; UseKind kind; const void *key; const char *name; double value; unsigned number; } Shared;

typedef struct Node { struct Node *next; unsigned number, count; unsigned kids[KIDS]; } Node;

/* The forms that pages share, by what they are. */
typedef struct KnownForm { FormIdentity identity; unsigned number; } KnownForm;

struct Press {
    Arena *arena;
    const PressSetup *setup;
    Writer *writer;
    FontTable *fonts;
    Shared *shared, **last_shared;
    KnownForm *forms;             /* open addressing; number 0: free */
    size_t form_count, form_capacity;
    Node *nodes, **last_node, *node;
    unsigned root;                /* of the page tree */
    PressFacts facts;
    Records *records;             /* of PDF/VT, or NULL */
    unsigned part, first_page, last_page;     /* of the record being added; 0: none */
};

Press *press_new(Arena *arena, const PressSetup *setup, OutFile *file)
{
    Press *press = ARENA_NEW(arena, Press);
    press->arena = arena;
    press->setup = setup;
    press->writer = writer_new(arena, file, setup->options.standard == PRESS_X4);
    press->fonts = fonts_new(arena, press->writer);
    press->last_shared = &press->shared;
    press->last_node = &press->nodes;
    press->root = writer_reserve(press->writer);
    if (setup->options.has_records) press->records = records_new(arena, press->writer);
    return press;
}

static void write_text(Press *press, unsigned number, const StrBuf *out) { writer_object(press->writer, number, out->bytes, out->length); }

static void add_number(StrBuf *out, double value, int decimals)
{
    char room[NUM_ROOM];
    strbuf_add_char(out, ' ');
    strbuf_add(out, num_format(room, value, decimals));
}

/* ---- what all pages share ---- */

static Shared *find_shared(Press *press, UseKind kind, const void *key, const char *name, double value)
{
    for (Shared *shared = press->shared; shared; shared = shared->next)
        if (shared->kind == kind && shared->value == value && (name ? strcmp(shared->name, name) == 0 : shared->key == key)) return shared;
    Shared *shared = ARENA_NEW(press->arena, Shared);
    *shared = (Shared){.kind = kind, .key = key, .name = name ? arena_copy_string(press->arena, name) : NULL, .value = value};
    *press->last_shared = shared;
    press->last_shared = &shared->next;
    return shared;
}

static void write_plate(Press *press, const Shared *shared, Arena *scratch)
{
    Ink ink = ink_of(press->setup, shared->key);
    StrBuf out;
    strbuf_init(&out, scratch);
    strbuf_add(&out, "[/Separation");
    writer_add_name(&out, ink.plate);
    strbuf_add(&out, "/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[");
    for (int i = 0; i < 4; i++) add_number(&out, ink.cmyk[i], 4);
    strbuf_add(&out, "]/N 1>>]");
    write_text(press, shared->number, &out);
}

/* ISO 19593-1: the layer says what the plate is for. */
static void write_layer(Press *press, const Shared *shared, Arena *scratch)
{
    const Color *color = shared->key;
    const Step *step = ink_step(color);
    StrBuf out;
    strbuf_init(&out, scratch);
    strbuf_add(&out, "<</Type/OCG/Name");
    metadata_add_text(&out, color->spot);
    strbuf_addf(&out, "/GTS_Metadata<</GTS_ProcStepsGroup/%s", step->group);
    if (step->type) strbuf_addf(&out, "/GTS_ProcStepsType/%s", step->type);
    strbuf_add(&out, ">>>>");
    write_text(press, shared->number, &out);
}

static void write_state(Press *press, const Shared *shared, Arena *scratch)
{
    StrBuf out;
    strbuf_init(&out, scratch);
    if (shared->kind == USE_OVERPRINT) {
        strbuf_add(&out, shared->value > 0 ? "<</Type/ExtGState/OP true/op true/OPM 1>>" : "<</Type/ExtGState/OP false/op false/OPM 0>>");
    } else {
        strbuf_add(&out, "<</Type/ExtGState/CA");
        add_number(&out, shared->value, 4);
        strbuf_add(&out, "/ca");
        add_number(&out, shared->value, 4);
        strbuf_add(&out, ">>");
    }
    write_text(press, shared->number, &out);
}

static bool write_image(Press *press, const Shared *shared, DiagList *diags)
{
    const Image *image = shared->key;
    Arena *scratch = arena_new(0);
    ImageData data = scratch ? image_data(press->setup, scratch, image, diags) : (ImageData){0};
    if (data.entries) {
        unsigned mask = data.mask ? writer_reserve(press->writer) : 0;
        const char *entries = mask ? arena_printf(scratch, "%s/SMask %u 0 R", data.entries, mask) : data.entries;
        writer_stream(press->writer, shared->number, data.is_deflated ? STREAM_DEFLATED : STREAM_RAW, entries, data.data, data.length);
        if (mask) {
            const char *of_mask = arena_printf(scratch, "/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceGray", image->width, image->height);
            writer_stream(press->writer, mask, STREAM_DEFLATED, of_mask, data.mask, data.mask_length);
        }
    }
    bool ok = data.entries != NULL;
    arena_free(scratch);
    return ok;
}

static unsigned plate_number(void *context, const Color *color)
{
    Press *press = context;
    Shared *shared = find_shared(press, USE_PLATE, color, color->spot, 0);
    if (shared->number) return shared->number;
    Arena *scratch = arena_new(0);
    shared->number = writer_reserve(press->writer);
    if (scratch) write_plate(press, shared, scratch);
    arena_free(scratch);
    return shared->number;
}

/* Not remembered: where gradients stand may differ from row to row, and there may be a million. */
static unsigned write_pattern(Press *press, const Pattern *pattern, Arena *scratch)
{
    Shared *shading = find_shared(press, USE_SHADING, pattern->gradient, NULL, 0);
    if (!shading->number) {
        shading->number = writer_reserve(press->writer);
        shading_write(press->writer, shading->number, press->setup, pattern->gradient, plate_number, press, scratch);
    }
    unsigned number = writer_reserve(press->writer);
    StrBuf out;
    strbuf_init(&out, scratch);
    strbuf_addf(&out, "<</PatternType 2/Shading %u 0 R/Matrix[", shading->number);
    for (int i = 0; i < 6; i++) add_number(&out, pattern->matrix[i], 4);
    strbuf_add(&out, "]>>");
    write_text(press, number, &out);
    return number;
}

static unsigned number_of(Press *press, const Use *use, Arena *scratch, bool *ok, DiagList *diags)
{
    if (use->kind == USE_FONT) return fonts_number(press->fonts, use->key, use->value != 0);
    if (use->kind == USE_PLATE) return plate_number(press, use->key);
    if (use->kind == USE_PATTERN) return write_pattern(press, use->key, scratch);
    const char *name = use->kind == USE_LAYER ? ((const Color *)use->key)->spot : NULL;
    Shared *shared = find_shared(press, use->kind, use->key, name, use->value);
    if (shared->number) return shared->number;
    shared->number = writer_reserve(press->writer);
    if (use->kind == USE_LAYER) write_layer(press, shared, scratch);
    else if (use->kind == USE_IMAGE) *ok &= write_image(press, shared, diags);
    else write_state(press, shared, scratch);
    return shared->number;
}

/* ---- resources, forms ---- */

static bool write_form(Press *press, const Form *form, unsigned number, bool is_in_shared, Arena *scratch, DiagList *diags);

static KnownForm *form_slot(KnownForm *forms, size_t capacity, const FormIdentity *identity)
{
    size_t at;
    memcpy(&at, identity->digest, sizeof at);
    for (at += identity->layer;; at++) {
        KnownForm *known = &forms[at & (capacity - 1)];
        if (!known->number || memcmp(&known->identity, identity, sizeof *identity) == 0) return known;
    }
}

static void make_room(Press *press)
{
    if (press->form_count * 2 < press->form_capacity) return;
    size_t capacity = press->form_capacity ? press->form_capacity * 2 : 64;
    KnownForm *forms = ARENA_ARRAY(press->arena, KnownForm, capacity);
    for (size_t i = 0; i < press->form_capacity; i++)
        if (press->forms[i].number) *form_slot(forms, capacity, &press->forms[i].identity) = press->forms[i];
    press->forms = forms;
    press->form_capacity = capacity;
}

/* The number of a shared form, written when it is used for the first time. The form may be another file's too. */
static unsigned shared_number(Press *press, const Form *form, Arena *scratch, bool *ok, DiagList *diags)
{
    make_room(press);
    KnownForm *known = form_slot(press->forms, press->form_capacity, &form->identity);
    if (known->number) return known->number;
    unsigned number = writer_reserve(press->writer);
    *known = (KnownForm){form->identity, number};
    press->form_count++;
    for (size_t i = 0; i < form->face_count; i++) fonts_add(press->fonts, &form->faces[i]);
    press->facts.shared_forms++;
    *ok &= write_form(press, form, number, true, scratch, diags);
    return number;
}

/* A form of one page, or a group in a shared form: that belongs to this one, and is written with it in every file. */
static unsigned form_number(Press *press, const Form *form, bool is_in_shared, Arena *scratch, bool *ok, DiagList *diags)
{
    if (!is_in_shared && form->number) return form->number;
    unsigned number = writer_reserve(press->writer);
    if (!is_in_shared) ((Form *)(uintptr_t)form)->number = number;
    *ok &= write_form(press, form, number, is_in_shared, scratch, diags);
    return number;
}

/* The resource dictionary: names as content.c counted them. */
static bool add_resources(Press *press, const UseList *uses, bool is_in_shared, Arena *scratch, StrBuf *out, DiagList *diags)
{
    static const struct { const char *name; const char *kinds; } groups[] = {
        {"Font", "F"}, {"ColorSpace", "S"}, {"Pattern", "G"}, {"XObject", "IXY"}, {"ExtGState", "AO"}, {"Properties", "P"},
    };
    bool ok = true;
    strbuf_add(out, "<<");
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        bool is_open = false;
        for (size_t i = 0; i < uses->count; i++) {
            const Use *use = &uses->items[i];
            if (!strchr(groups[g].kinds, (char)use->kind)) continue;
            unsigned number = use->kind == USE_FORM     ? form_number(press, use->key, is_in_shared, scratch, &ok, diags)
                              : use->kind == USE_SHARED ? shared_number(press, use->key, scratch, &ok, diags)
                                                        : number_of(press, use, scratch, &ok, diags);
            if (!is_open) strbuf_addf(out, "/%s<<", groups[g].name);
            is_open = true;
            strbuf_addf(out, "/%c%zu %u 0 R", (char)use->kind, i, number);
        }
        if (is_open) strbuf_add(out, ">>");
    }
    strbuf_add(out, ">>");
    return ok;
}

static bool write_form(Press *press, const Form *form, unsigned number, bool is_in_shared, Arena *scratch, DiagList *diags)
{
    StrBuf out;
    strbuf_init(&out, scratch);
    strbuf_add(&out, "/Type/XObject/Subtype/Form/BBox[");
    for (int i = 0; i < 4; i++) add_number(&out, i < 2 ? floor(form->box[i]) : ceil(form->box[i]), 0);
    strbuf_add(&out, "]");
    if (form->is_group) strbuf_add(&out, "/Group<</S/Transparency/CS/DeviceCMYK/I true>>");
    strbuf_add(&out, "/Resources");
    bool ok = add_resources(press, &form->uses, is_in_shared, scratch, &out, diags);
    writer_stream(press->writer, number, STREAM_DEFLATED, out.bytes, form->data, form->length);
    return ok;
}

/* ---- pages ---- */

static Node *node_for_page(Press *press)
{
    if (press->node && press->node->count < KIDS) return press->node;
    Node *node = ARENA_NEW(press->arena, Node);
    node->number = writer_reserve(press->writer);
    *press->last_node = node;
    press->last_node = &node->next;
    return press->node = node;
}

/* From the scene's space (down from the media's top) to the page's (up from its foot). */
static void add_box(StrBuf *out, const char *name, const PressBoxes *boxes, Rect rect)
{
    double left = length_to_pt(rect.x - boxes->media.x), foot = length_to_pt(boxes->media.y + boxes->media.height - rect.y - rect.height);
    strbuf_addf(out, "/%s[", name);
    add_number(out, left, 4);
    add_number(out, foot, 4);
    add_number(out, left + length_to_pt(rect.width), 4);
    add_number(out, foot + length_to_pt(rect.height), 4);
    strbuf_add_char(out, ']');
}

static void add_facts(PressFacts *all, const PressFacts *page)
{
    if (!all->pages) all->boxes = page->boxes;
    all->pages += page->pages;
    facts_join(all, page);
}

bool press_add_page(Press *press, const PressPage *page, DiagList *diags)
{
    Arena *scratch = arena_new(0);
    if (!scratch) return diag_system(diags, SPAN_NONE, "out-of-memory", "draw fewer pages at once", "there is not enough memory to write the page");
    for (size_t i = 0; i < page->face_count; i++) fonts_add(press->fonts, &page->faces[i]);
    Node *node = node_for_page(press);
    unsigned content = writer_reserve(press->writer), number = writer_reserve(press->writer);
    writer_stream(press->writer, content, STREAM_DEFLATED, "", page->content.data, page->content.length);
    StrBuf out;
    strbuf_init(&out, scratch);
    strbuf_addf(&out, "<</Type/Page/Parent %u 0 R", node->number);
    add_box(&out, "MediaBox", &page->boxes, page->boxes.media);
    add_box(&out, "BleedBox", &page->boxes, page->boxes.bleed);
    add_box(&out, "TrimBox", &page->boxes, page->boxes.trim);
    if (press->part) strbuf_addf(&out, "/DPart %u 0 R", press->part);
    if (!press->first_page) press->first_page = number;
    press->last_page = number;
    /* Where anything is blended, it is in the inks of the press, whatever the reader would take (ISO 32000-1, 11.6.5.6). */
    if (page->has_transparency) strbuf_add(&out, "/Group<</S/Transparency/CS/DeviceCMYK>>");
    strbuf_addf(&out, "/Contents %u 0 R/Resources", content);
    bool ok = add_resources(press, &page->content.uses, false, scratch, &out, diags);
    strbuf_add(&out, ">>");
    write_text(press, number, &out);
    node->kids[node->count++] = number;
    add_facts(&press->facts, &page->facts);
    arena_free(scratch);
    return ok;
}

bool press_add_record(Press *press, const PressPage *const *pages, size_t count, const PressRecord *record, DiagList *diags)
{
    size_t packed_length;
    setup_packed_profile(press->setup, &packed_length);         /* while other threads make the next pages */
    press->first_page = press->last_page = 0;
    press->part = press->records && count ? records_begin(press->records) : 0;
    for (size_t i = 0; i < count; i++)
        if (!press_add_page(press, pages[i], diags)) return false;
    if (!press->part) return writer_check(press->writer, diags);
    Arena *scratch = arena_new(0);
    if (scratch) records_end(press->records, press->first_page, press->last_page, record, scratch);
    else writer_fail(press->writer);
    arena_free(scratch);
    press->part = 0;
    return writer_check(press->writer, diags);
}

PressPage *press_make_page(const PressSetup *setup, Arena *arena, const Scene *scene, const PressBoxes *boxes, DiagList *diags)
{
    PressPage *page = ARENA_NEW(arena, PressPage);
    page->boxes = page->facts.boxes = *boxes;
    return content_make(setup, arena, scene, page, diags) ? page : NULL;
}

/* ---- the end ---- */

static void write_page_tree(Press *press, StrBuf *out)
{
    size_t pages = 0;
    out->length = 0;
    strbuf_add(out, "<</Type/Pages/Kids[");
    for (const Node *node = press->nodes; node; node = node->next) strbuf_addf(out, "%u 0 R ", node->number), pages += node->count;
    strbuf_addf(out, "]/Count %zu>>", pages);
    write_text(press, press->root, out);
    for (const Node *node = press->nodes; node; node = node->next) {
        out->length = 0;
        strbuf_addf(out, "<</Type/Pages/Parent %u 0 R/Count %u/Kids[", press->root, node->count);
        for (unsigned i = 0; i < node->count; i++) strbuf_addf(out, "%u 0 R ", node->kids[i]);
        strbuf_add(out, "]>>");
        write_text(press, node->number, out);
    }
}

static void add_layer_numbers(const Press *press, StrBuf *out)
{
    strbuf_add_char(out, '[');
    for (const Shared *shared = press->shared; shared; shared = shared->next)
        if (shared->kind == USE_LAYER) strbuf_addf(out, "%u 0 R ", shared->number);
    strbuf_add_char(out, ']');
}

static void add_layers(const Press *press, StrBuf *out)
{
    bool has_layers = false;
    for (const Shared *shared = press->shared; shared; shared = shared->next) has_layers |= shared->kind == USE_LAYER;
    if (!has_layers) return;
    strbuf_add(out, "/OCProperties<</OCGs");
    add_layer_numbers(press, out);
    strbuf_add(out, "/D<</Name(Default)/Order");
    add_layer_numbers(press, out);
    strbuf_add(out, "/ON");
    add_layer_numbers(press, out);
    strbuf_add(out, ">>>>");
}

bool press_finish(Press *press, DiagList *diags)
{
    if (!fonts_write(press->fonts, diags)) return false;
    StrBuf out;
    strbuf_init(&out, press->arena);
    write_page_tree(press, &out);
    Metadata metadata = metadata_write(press->writer, press->setup, press->arena);
    unsigned parts = press->records ? records_finish(press->records) : 0, catalog = writer_reserve(press->writer);
    out.length = 0;
    strbuf_addf(&out, "<</Type/Catalog/Pages %u 0 R/Metadata %u 0 R/OutputIntents[%u 0 R]", press->root, metadata.xmp, metadata.intent);
    if (press->setup->options.language && *press->setup->options.language) {
        strbuf_add(&out, "/Lang");
        metadata_add_text(&out, press->setup->options.language);
    }
    add_layers(press, &out);
    if (parts) strbuf_addf(&out, "/DPartRoot %u 0 R", parts);
    strbuf_add(&out, ">>");
    write_text(press, catalog, &out);
    char *trailer = arena_printf(press->arena, "/Root %u 0 R/Info %u 0 R/ID[<%s><%s>]", catalog, metadata.info, metadata.id, metadata.id);
    return writer_finish(press->writer, trailer) || writer_check(press->writer, diags);
}

/* ---- what the report tells ---- */

const PressFacts *press_facts(const Press *press) { return &press->facts; }

const FontTable *press_fonts(const Press *press) { return press->fonts; }

const char *press_plate_at(const Press *press, size_t index)
{
    for (const Shared *shared = press->shared; shared; shared = shared->next)
        if (shared->kind == USE_PLATE && strcmp(shared->name, "All") != 0 && !index--) return shared->name;
    return NULL;
}
