/* pipeline.c -- a ring of slots: workers fill them in any order, the caller empties them in theirs. */
#include "job/pipeline.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"

typedef enum SlotState { SLOT_FREE, SLOT_BUSY, SLOT_READY } SlotState;

typedef struct Slot {
    SlotState state;
    size_t index;
    Arena *arena;
    DiagList diags;
    void *item;
    bool out_of_memory;
} Slot;

typedef struct Ring {
    const Pipeline *pipeline;
    Slot *slots;
    size_t slot_count;
    size_t next;                  /* item nobody has begun */
    bool quit;
    pthread_mutex_t mutex;
    pthread_cond_t slot_ready, slot_free;
} Ring;

typedef struct Call {
    const Pipeline *pipeline;
    void *worker;
    Arena *worker_arena;
    Slot *slot;
} Call;

static void start_call(void *context)
{
    Call *call = context;
    call->worker = call->pipeline->start_worker(call->pipeline->context, call->worker_arena);
}

static void produce_call(void *context)
{
    Call *call = context;
    Slot *slot = call->slot;
    slot->item = call->pipeline->produce(call->pipeline->context, call->worker, slot->index, slot->arena, &slot->diags);
}

static void fill_slot(const Pipeline *pipeline, void *worker, Slot *slot)
{
    arena_reset(slot->arena);
    diag_list_init(&slot->diags, slot->arena);
    slot->item = NULL;
    Call call = {.pipeline = pipeline, .worker = worker, .slot = slot};
    slot->out_of_memory = !worker || !arena_run(produce_call, &call);
}

static bool is_stopped(const Pipeline *pipeline) { return pipeline->stop && *pipeline->stop; }

static bool empty_slot(const Pipeline *pipeline, Slot *slot, DiagList *diags)
{
    if (slot->out_of_memory)
        return diag_system(diags, SPAN_NONE, "out-of-memory", "fewer --jobs, or a smaller page or picture", "the memory ran out");
    return pipeline->consume(pipeline->context, slot->index, slot->item, slot->arena, &slot->diags);
}

static bool run_alone(const Pipeline *pipeline, DiagList *diags)
{
    Slot slot = {.arena = arena_new(LIMIT_UNIT_BYTES)};
    Call call = {.pipeline = pipeline, .worker_arena = arena_new(0)};
    bool ok = slot.arena && call.worker_arena;
    if (ok && !arena_run(start_call, &call)) call.worker = NULL;
    for (size_t i = 0; ok && i < pipeline->count; i++) {
        slot.index = i;
        fill_slot(pipeline, call.worker, &slot);
        ok = !is_stopped(pipeline) && empty_slot(pipeline, &slot, diags);
    }
    arena_free(slot.arena);
    arena_free(call.worker_arena);
    return ok;
}

static void *worker_main(void *argument)
{
    Ring *ring = argument;
    Call call = {.pipeline = ring->pipeline, .worker_arena = arena_new(0)};
    if (!call.worker_arena || !arena_run(start_call, &call)) call.worker = NULL;
    pthread_mutex_lock(&ring->mutex);
    while (!ring->quit && ring->next < ring->pipeline->count) {
        Slot *slot = &ring->slots[ring->next % ring->slot_count];
        if (slot->state != SLOT_FREE) {
            pthread_cond_wait(&ring->slot_free, &ring->mutex);
            continue;
        }
        slot->state = SLOT_BUSY;
        slot->index = ring->next++;
        pthread_mutex_unlock(&ring->mutex);
        fill_slot(ring->pipeline, call.worker, slot);
        pthread_mutex_lock(&ring->mutex);
        slot->state = SLOT_READY;
        pthread_cond_broadcast(&ring->slot_ready);
    }
    /* What a worker keeps from item to item may be in items that wait to be consumed. */
    while (!ring->quit) pthread_cond_wait(&ring->slot_free, &ring->mutex);
    pthread_mutex_unlock(&ring->mutex);
    arena_free(call.worker_arena);
    return NULL;
}

static bool consume_all(Ring *ring, DiagList *diags)
{
    for (size_t i = 0; i < ring->pipeline->count; i++) {
        Slot *slot = &ring->slots[i % ring->slot_count];
        pthread_mutex_lock(&ring->mutex);
        while (slot->state != SLOT_READY || slot->index != i) pthread_cond_wait(&ring->slot_ready, &ring->mutex);
        pthread_mutex_unlock(&ring->mutex);
        if (is_stopped(ring->pipeline) || !empty_slot(ring->pipeline, slot, diags)) return false;
        pthread_mutex_lock(&ring->mutex);
        slot->state = SLOT_FREE;
        pthread_cond_broadcast(&ring->slot_free);
        pthread_mutex_unlock(&ring->mutex);
    }
    return true;
}

static bool run_together(const Pipeline *pipeline, unsigned jobs, DiagList *diags)
{
    Ring ring = {.pipeline = pipeline, .slot_count = jobs + (pipeline->waiting ? pipeline->waiting : 3 * (size_t)jobs)};
    pthread_t *threads = calloc(jobs, sizeof *threads);
    ring.slots = calloc(ring.slot_count, sizeof *ring.slots);
    bool ok = threads && ring.slots;
    for (size_t i = 0; ok && i < ring.slot_count; i++) ok = (ring.slots[i].arena = arena_new(LIMIT_UNIT_BYTES)) != NULL;
    pthread_mutex_init(&ring.mutex, NULL);
    pthread_cond_init(&ring.slot_ready, NULL);
    pthread_cond_init(&ring.slot_free, NULL);
    unsigned started = 0;
    while (ok && started < jobs && pthread_create(&threads[started], NULL, worker_main, &ring) == 0) started++;
    if (!started) ok = diag_system(diags, SPAN_NONE, "out-of-memory", "fewer --jobs", "no thread could be started");
    if (ok) ok = consume_all(&ring, diags);
    pthread_mutex_lock(&ring.mutex);
    ring.quit = true;
    pthread_cond_broadcast(&ring.slot_free);
    pthread_mutex_unlock(&ring.mutex);
    for (unsigned i = 0; i < started; i++) pthread_join(threads[i], NULL);
    for (size_t i = 0; ring.slots && i < ring.slot_count; i++) arena_free(ring.slots[i].arena);
    pthread_cond_destroy(&ring.slot_free);
    pthread_cond_destroy(&ring.slot_ready);
    pthread_mutex_destroy(&ring.mutex);
    free(ring.slots);
    free(threads);
    return ok;
}

bool pipeline_run(const Pipeline *pipeline, DiagList *diags)
{
    if (!pipeline->count) return true;
    unsigned jobs = pipeline->jobs < pipeline->count ? pipeline->jobs : (unsigned)pipeline->count;
    return jobs <= 1 ? run_alone(pipeline, diags) : run_together(pipeline, jobs, diags);
}
