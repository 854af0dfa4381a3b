/* play.c -- `biaoyu play`: frames to a network screen, and what became of them in one line. */
#include "cli/play.h"

#include <stdio.h>

#include "base/num.h"

static void report(const LedPlayed *played, bool as_json)
{
    char seconds[NUM_ROOM];
    num_format(seconds, (double)played->nanoseconds * 1e-9, 2);
    unsigned long long frames = played->frames, late = played->late, packets = played->packets, lost = played->lost, checked = played->checked;
    if (as_json) {
        fprintf(stderr, "{\"played\":%llu,\"late\":%llu,\"packets\":%llu,\"lost\":%llu,\"checked\":%llu,\"seconds\":%s}\n", frames, late, packets, lost, checked,
                seconds);
        return;
    }
    fprintf(stderr, "played %llu frame%s in %s s, %llu packet%s", frames, frames == 1 ? "" : "s", seconds, packets, packets == 1 ? "" : "s");
    if (late) fprintf(stderr, "; %llu late, left out", late);
    if (lost) fprintf(stderr, "; %llu packet%s not taken by the network", lost, lost == 1 ? "" : "s");
    if (checked) fprintf(stderr, "; %llu frame%s came back dot for dot", checked, checked == 1 ? "" : "s");
    fputs("\n", stderr);
}

bool play_layout(Arena *arena, const char *layout, const CommandLine *line, const JobOptions *job, DiagList *diags)
{
    LedPlayOptions options = line->play;
    LedPlayed played;
    options.stop = job->stop;
    bool ok = job_play(arena, layout, job, &options, diags, &played);
    if (played.frames) report(&played, line->json);
    return ok;
}
