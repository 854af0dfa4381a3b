/* forms.c -- forms of a PDF: drawn inline the only time they are used, recorded once and referred to otherwise.
 *
 * Cairo writes a recording surface once a document as long as it is the same unchanged surface, and keeps it until the
 * document is finished. A form used on one page only, once, is therefore not worth a recording. */
#include "raster/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct Form {
    const Scene *scene;
    size_t uses;                  /* seen so far, those of the page being drawn included */
    cairo_surface_t *recording;
} Form;

struct FormTable {
    Form *slots;
    size_t capacity, count;       /* capacity: a power of two */
};

void forms_forget(FormTable *forms)
{
    for (size_t i = 0; i < forms->capacity; i++)
        if (forms->slots[i].recording)
            cairo_surface_destroy(forms->slots[i].recording);
    if (forms->capacity > 4096) {
        free(forms->slots);
        *forms = (FormTable){0};
        return;
    }
    if (forms->count)
        memset(forms->slots, 0, forms->capacity * sizeof *forms->slots);
    forms->count = 0;
}

static void release_forms(void *pointer)
{
    FormTable *forms = pointer;
    forms_forget(forms);
    free(forms->slots);
}

FormTable *forms_new(Arena *arena)
{
    void **place = arena_own(arena, release_forms);
    FormTable *forms = ARENA_NEW(arena, FormTable);
    *place = forms;
    return forms;
}

/* The address only finds the entry; it never decides what is written. */
static Form *find_slot(Form *slots, size_t capacity, const Scene *scene)
{
    size_t at = (size_t)(((uintptr_t)scene >> 4) * 0x9E3779B97F4A7C15u >> 20) & (capacity - 1);
    while (slots[at].scene && slots[at].scene != scene)
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static Form *find_form(FormTable *forms, const Scene *scene)
{
    if (forms->count * 4 >= forms->capacity * 3) {
        size_t capacity = forms->capacity ? forms->capacity * 2 : 64;
        Form *slots = calloc(capacity, sizeof *slots);
        if (!slots)
            return NULL;
        for (size_t i = 0; i < forms->capacity; i++)
            if (forms->slots[i].scene)
                *find_slot(slots, capacity, forms->slots[i].scene) = forms->slots[i];
        free(forms->slots);
        forms->slots = slots;
        forms->capacity = capacity;
    }
    Form *form = find_slot(forms->slots, forms->capacity, scene);
    if (!form->scene) {
        form->scene = scene;
        forms->count++;
    }
    return form;
}

void forms_count(FormTable *forms, const Scene *scene)
{
    for (size_t i = 0; i < scene->op_count; i++) {
        if (scene->ops[i].kind != SCENE_FORM)
            continue;
        Form *form = find_form(forms, scene->ops[i].u.form.scene);
        /* What stands in a form is counted with its first use only: the others draw the same recording. */
        if (form && form->uses++ == 0)
            forms_count(forms, scene->ops[i].u.form.scene);
    }
}

static cairo_surface_t *record(Drawing *drawing, const Scene *scene)
{
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    Drawing inner = *drawing;
    inner.cr = cairo_create(surface);
    inner.in_form = true;
    draw_scene(&inner, scene);
    cairo_destroy(inner.cr);
    drawing->failed = inner.failed;
    return surface;
}

/* Cairo 1.16 never sets two flags of the snapshot it takes of a recording, and whether the form gets a /Group hangs on
 * them: the same page would give different bytes from run to run. The snapshot's memory is the next of its size from
 * malloc, so that size is handed back as zeros just before. */
#define SNAPSHOT_BYTES 384
#define FREE_LIST 7                               /* blocks of one size that glibc keeps for a thread */

static void settle_snapshot(void)
{
    void *volatile blocks[FREE_LIST];             /* volatile: the compiler would see no use in this */
    for (int i = 0; i < FREE_LIST; i++)
        if ((blocks[i] = malloc(SNAPSHOT_BYTES)))
            explicit_bzero(blocks[i], SNAPSHOT_BYTES);
    for (int i = 0; i < FREE_LIST; i++)
        free(blocks[i]);
}

void forms_draw(Drawing *drawing, const Scene *scene)
{
    Form *form = find_form(drawing->forms, scene);
    if (!form || form->uses < 2) {
        draw_scene(drawing, scene);
        return;
    }
    cairo_surface_t *recording = form->recording;
    if (!recording) {
        recording = record(drawing, scene);
        find_form(drawing->forms, scene)->recording = recording;      /* the table may have moved */
    }
    cairo_t *cr = drawing->cr;
    cairo_set_source_surface(cr, recording, 0, 0);
    settle_snapshot();
    cairo_paint(cr);
    if (!drawing->in_form)
        draw_links(drawing, scene);
}
