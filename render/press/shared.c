/* shared.c -- forms that come again from page to page: what the layout draws alike on many rows (a Scene with a digest). Made once for
 * the whole run, whatever the thread, and kept with the setup, for all files.
 *
 * A form is made from its scene alone, by whoever wants it first, and outside of the lock: at worst two make the same. What is
 * kept is a copy that points to nothing shorter-lived than the run. */
#include "press/private.h"

#include <pthread.h>
#include <string.h>

#define SLOTS 1024                /* a power of two */

typedef struct SharedEntry { const struct SharedEntry *next; uint8_t digest[SCENE_SHARED_DIGEST]; FormSet forms; } SharedEntry;

/* Entries never change: they are found without the lock, which is for those who add one. */
typedef struct SharedStore {
    pthread_mutex_t lock;
    Arena *arena;
    _Atomic(const SharedEntry *) slots[SLOTS];
} SharedStore;

static void release_store(void *pointer)
{
    SharedStore *store = pointer;
    arena_free(store->arena);
    pthread_mutex_destroy(&store->lock);
}

SharedStore *shared_store_new(Arena *arena)
{
    void **place = arena_own(arena, release_store);
    SharedStore *store = ARENA_NEW(arena, SharedStore);
    store->arena = arena_new(0);
    pthread_mutex_init(&store->lock, NULL);
    *place = store;
    return store->arena ? store : NULL;
}

static size_t slot_of(const uint8_t *digest) { return (digest[0] | (size_t)digest[1] << 8) & (SLOTS - 1); }

const FormSet *shared_find(const PressSetup *setup, const Scene *scene)
{
    const SharedEntry *entry = atomic_load_explicit(&setup->shared->slots[slot_of(scene->digest)], memory_order_acquire);
    for (; entry; entry = entry->next)
        if (memcmp(entry->digest, scene->digest, SCENE_SHARED_DIGEST) == 0) return &entry->forms;
    return NULL;
}

/* ---- copies ---- */

static Form *copy_form(Arena *arena, const Form *form);

static void copy_uses(Arena *arena, UseList *uses)
{
    Use *items = ARENA_ARRAY(arena, Use, uses->count + 1);
    for (size_t i = 0; i < uses->count; i++) {
        items[i] = uses->items[i];
        size_t size = use_key_size(items[i].kind);
        if (items[i].kind == USE_FORM) items[i].key = copy_form(arena, items[i].key);
        else if (size) items[i].key = memcpy(arena_alloc(arena, size), items[i].key, size);
    }
    *uses = (UseList){items, uses->count, uses->count};
}

static Form *copy_form(Arena *arena, const Form *form)
{
    Form *copy = ARENA_NEW(arena, Form);
    *copy = *form;
    if (form->data) copy->data = memcpy(arena_alloc(arena, form->length + 1), form->data, form->length);
    if (form->operators) copy->operators = arena_copy(arena, form->operators, form->operator_length);
    copy->names.items = ARENA_ARRAY(arena, NamePlace, form->names.count + 1);
    if (form->names.count) memcpy(copy->names.items, form->names.items, form->names.count * sizeof *copy->names.items);
    copy_uses(arena, &copy->uses);
    FaceUse *faces = ARENA_ARRAY(arena, FaceUse, form->face_count + 1);
    for (size_t i = 0; i < form->face_count; i++) faces[i] = text_copy_face(arena, &form->faces[i]);
    copy->faces = faces;
    return copy;
}

typedef struct Keeping { const PressSetup *setup; const Scene *scene; const FormSet *made, *kept; } Keeping;

static void keep(void *context)
{
    Keeping *keeping = context;
    SharedStore *store = keeping->setup->shared;
    if ((keeping->kept = shared_find(keeping->setup, keeping->scene))) return;
    SharedEntry *entry = ARENA_NEW(store->arena, SharedEntry);
    memcpy(entry->digest, keeping->scene->digest, SCENE_SHARED_DIGEST);
    entry->forms = *keeping->made;
    for (int layer = 0; layer < LAYER_COUNT; layer++)
        if (entry->forms.of[layer]) entry->forms.of[layer] = copy_form(store->arena, entry->forms.of[layer]);
    _Atomic(const SharedEntry *) *slot = &store->slots[slot_of(entry->digest)];
    entry->next = atomic_load_explicit(slot, memory_order_relaxed);
    atomic_store_explicit(slot, entry, memory_order_release);
    keeping->kept = &entry->forms;
}

const FormSet *shared_keep(const PressSetup *setup, const Scene *scene, const FormSet *made, DiagList *diags)
{
    SharedStore *store = setup->shared;
    Keeping keeping = {.setup = setup, .scene = scene, .made = made};
    pthread_mutex_lock(&store->lock);
    /* Its own arena_run: the jump of an arena without memory must not pass over the lock. */
    bool ok = arena_run(keep, &keeping);
    pthread_mutex_unlock(&store->lock);
    if (ok) return keeping.kept;
    diag_system(diags, SPAN_NONE, "out-of-memory", "draw fewer pages at once", "there is not enough memory for what comes again on every page");
    return NULL;
}
