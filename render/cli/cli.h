/* cli.h -- commands, options and how messages look. The only room that prints.
 *
 * Inside: cli.c (which command), options.c (the table of options), report.c (diagnostics as text and JSON), commands in
 * files of their own. */
#ifndef RENDER_CLI_CLI_H
#define RENDER_CLI_CLI_H

/* The program. Answers the exit code: 0 done, 1 problems in layout or data, 2 wrong command line, 3 done with rows left
 * out, 4 file, disk or font, 130 stopped. */
int cli_main(int argc, char **argv);

#endif
