/* play.h -- private to cli/: the command that shows a layout on a network screen. */
#ifndef RENDER_CLI_PLAY_H
#define RENDER_CLI_PLAY_H

#include "cli/options.h"

bool play_layout(Arena *arena, const char *layout, const CommandLine *line, const JobOptions *job, DiagList *diags);

#endif
