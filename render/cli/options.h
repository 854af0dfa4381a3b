/* options.h -- private to cli/: the command line, read from one table that also prints the help. */
#ifndef RENDER_CLI_OPTIONS_H
#define RENDER_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "job/job.h"

typedef enum When { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER } When;
typedef enum ProgressStyle { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER, PROGRESS_JSON } ProgressStyle;

typedef enum CommandId { COMMAND_RENDER, COMMAND_CHECK, COMMAND_INSPECT, COMMAND_DUMP, COMMAND_PLAY, COMMAND_GATHER, COMMAND_FONTS, COMMAND_SCHEMA, COMMAND_EXPLAIN,
                         COMMAND_REFERENCE, COMMAND_HELP, COMMAND_VERSION } CommandId;

typedef struct CommandLine {
    CommandId command;
    bool wants_help;              /* -h after a command */
    const char **operands;
    size_t operand_count;
    JobOptions job;
    LedPlayOptions play;
    FontReportOptions fonts;
    bool wants_clock;             /* --now clock */
    bool json;
    ProgressStyle progress;
    When color;
} CommandLine;

/* Read argv. False after one message on `errors`: exit code 2. */
bool options_read(Arena *arena, int argc, char **argv, CommandLine *out, FILE *errors);

/* The page of `biaoyu -h`, or of a command. */
void options_help(FILE *out, const CommandLine *line);

#endif
