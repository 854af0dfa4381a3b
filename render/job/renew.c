/* renew.c -- a screen that tells the time and is played on and on: while one time round is shown, the next is made ready by
 * another thread, as it will be at its own time. */
#include "job/run.h"

#include <pthread.h>

#include "base/civil.h"

typedef struct Round { Arena *arena; const LedPlan *plan; } Round;

typedef struct Renewal {
    Run *run;
    Civil start;                  /* at the very first frame */
    uint64_t at;                  /* frames after it, where the round in the making begins */
    Round rounds[2];              /* shown, and in the making */
    unsigned making;
    pthread_t thread;
    bool is_running;
} Renewal;

static void *make_round(void *context)
{
    Renewal *renewal = context;
    Round *round = &renewal->rounds[renewal->making];
    DiagList diags;
    diag_list_init(&diags, round->arena);
    JobOptions options = *renewal->run->options;
    char text[CIVIL_ROOM];
    Civil now = civil_at(civil_seconds(&renewal->start) + (int64_t)(renewal->at / renewal->run->document->screen.fps));
    options.now = civil_text(text, &now);
    Run run = *renewal->run;
    run.arena = round->arena;
    run.diags = &diags;
    run.options = &options;
    round->plan = frames_plan(&run);
    return NULL;
}

/* A round that could not be begun is one that says the old time: better than a dark screen. */
static void begin_round(Renewal *renewal, uint64_t at)
{
    Round *round = &renewal->rounds[renewal->making];
    arena_free(round->arena);
    *round = (Round){arena_new(0), NULL};
    renewal->at = at;
    renewal->is_running = round->arena && pthread_create(&renewal->thread, NULL, make_round, renewal) == 0;
}

static const LedPlan *next_round(void *context, uint64_t at)
{
    Renewal *renewal = context;
    if (renewal->is_running) pthread_join(renewal->thread, NULL);
    const LedPlan *plan = renewal->is_running ? renewal->rounds[renewal->making].plan : NULL;
    /* Without a new one the old one is shown on: it must not be overwritten. */
    if (plan) renewal->making ^= 1;
    begin_round(renewal, at + led_frame_count(renewal->rounds[renewal->making ^ 1].plan));
    return plan;
}

bool renew_play(Run *run, const LedPlan *plan, const LedPlayOptions *play, LedPlayed *played)
{
    const char *now = strips_now(run);
    Renewal renewal = {.run = run};
    if (!now || !strips_tell_time(run->document) || !civil_read(now, &renewal.start)) return led_play(plan, play, run->arena, run->diags, played);
    LedPlayOptions options = *play;
    options.renew = next_round;
    options.renew_context = &renewal;
    renewal.rounds[1].plan = plan;
    begin_round(&renewal, led_frame_count(plan));
    bool ok = led_play(plan, &options, run->arena, run->diags, played);
    if (renewal.is_running) pthread_join(renewal.thread, NULL);
    for (int i = 0; i < 2; i++) arena_free(renewal.rounds[i].arena);
    return ok;
}
