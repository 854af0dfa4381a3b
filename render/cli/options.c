/* options.c -- the table of commands and the table of options; the command line is read against them, and the help printed
 * from them. */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/civil.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/suggest.h"

enum { FOR_RENDER = 1, FOR_CHECK = 2, FOR_LOOK = 4, FOR_FONTS = 8, FOR_GATHER = 16, FOR_PLAY = 32, FOR_INSPECT = 64, FOR_ALL = 111, FOR_MESSAGES = 127, FOR_LAYOUTS = 103, FOR_NOTHING = 0 };

typedef struct Command {
    const char *name;
    CommandId id;
    int group;                    /* which options it takes */
    const char *operands;
    size_t least, most;           /* operands */
    const char *help;
} Command;

static const Command commands[] = {
    {"render", COMMAND_RENDER, FOR_RENDER, "LAYOUT...", 1, 1000, "draw; the format comes from -o's ending or the layout's output"},
    {"check", COMMAND_CHECK, FOR_CHECK, "LAYOUT...", 1, 1000, "everything but writing: all rows laid out, every check run"},
    {"play", COMMAND_PLAY, FOR_PLAY, "LAYOUT", 1, 1, "show an LED layout on a network screen until it is stopped"},
    {"inspect", COMMAND_INSPECT, FOR_INSPECT, "LAYOUT", 1, 1, "pages, boxes, lines and runs as JSON"},
    {"dump", COMMAND_DUMP, FOR_LOOK, "LAYOUT", 1, 1, "the finished scenes as text"},
    {"gather", COMMAND_GATHER, FOR_GATHER, "DIR", 1, 1, "shards of a job that are all there become one"},
    {"fonts", COMMAND_FONTS, FOR_FONTS, "", 0, 0, "the font catalogue: what is found, what is missing"},
    {"schema", COMMAND_SCHEMA, FOR_NOTHING, "", 0, 0, "a JSON Schema of the layout language, for editors"},
    {"explain", COMMAND_EXPLAIN, FOR_NOTHING, "[CODE|KEY]", 0, 1, "what an error code or a key of the language means; all codes"},
    {"reference", COMMAND_REFERENCE, FOR_NOTHING, "", 0, 0, "the language reference as Markdown"},
    {"help", COMMAND_HELP, FOR_NOTHING, "[COMMAND]", 0, 1, "this page, or a command's"},
};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

typedef enum OptionId { OPTION_TO, OPTION_BRIGHTNESS, OPTION_GAMMA, OPTION_LOOPS, OPTION_LOOPBACK, OPTION_OUTPUT, OPTION_PREVIEW, OPTION_FORMAT, OPTION_DATA, OPTION_ROWS, OPTION_WHERE, OPTION_SET, OPTION_LANG, OPTION_JOBS, OPTION_NOW, OPTION_DATE,
                        OPTION_KEEP_GOING, OPTION_RESUME, OPTION_ONLY_CHANGED, OPTION_SHARD, OPTION_REPORT, OPTION_CUT_FILE, OPTION_CALIBRATION, OPTION_PACK, OPTION_DRY_RUN, OPTION_CATALOGUE, OPTION_SYSTEM_FONTS, OPTION_ASSET_PATH, OPTION_HAS, OPTION_COVERAGE, OPTION_EXPLAIN_BREAKS,
                        OPTION_JSON, OPTION_PROGRESS, OPTION_COLOR, OPTION_HELP } OptionId;

typedef struct Option {
    const char *name;
    char letter;                  /* 0: none */
    OptionId id;
    int groups;
    const char *argument;         /* NULL: a flag */
    const char *help;
} Option;

static const Option options[] = {
    {"to", 0, OPTION_TO, FOR_PLAY, "URL", "ddp://HOST, sacn://HOST/UNIVERSE, sacn://multicast/UNIVERSE, artnet://HOST/UNIVERSE"},
    {"brightness", 0, OPTION_BRIGHTNESS, FOR_PLAY, "PERCENT", "of the light (100)"},
    {"gamma", 0, OPTION_GAMMA, FOR_PLAY, "NUMBER", "of the lamps (2.2); 1 where the receiver corrects"},
    {"loops", 0, OPTION_LOOPS, FOR_PLAY, "N", "times through (as the playlist says)"},
    {"loopback-check", 0, OPTION_LOOPBACK, FOR_PLAY, NULL, "send to ourselves, and prove that every dot arrives"},
    {"output", 'o', OPTION_OUTPUT, FOR_RENDER, "PATH", "file, folder (ends in /), or - for standard output"},
    {"preview", 0, OPTION_PREVIEW, FOR_RENDER, "PATH", "of a screen, how it looks on the wall: x.png or x.html"},
    {"format", 0, OPTION_FORMAT, FOR_RENDER, "FORMAT", "what is written, as output.format: gif, rgb, fseq, .."},
    {"data", 0, OPTION_DATA, FOR_LAYOUTS, "FILE", "this table instead of the layout's; - is standard input"},
    {"rows", 0, OPTION_ROWS, FOR_LAYOUTS, "A-B,C", "only these data rows, counted from 1"},
    {"where", 0, OPTION_WHERE, FOR_LAYOUTS, "COL=VALUE", "only rows with this value; may be given again"},
    {"set", 0, OPTION_SET, FOR_LAYOUTS, "NAME=VALUE", "give one of the layout's vars a value; may be given again"},
    {"lang", 0, OPTION_LANG, FOR_LAYOUTS, "TAG", "choose from the layout's strings"},
    {"jobs", 'j', OPTION_JOBS, FOR_RENDER | FOR_CHECK, "N", "threads (all cores it may use); the result is the same for any number"},
    {"now", 0, OPTION_NOW, FOR_LAYOUTS, "TIME", "what {{@now}} says in the first frame: 2026-11-26T08:00:00, or clock"},
    {"date", 0, OPTION_DATE, FOR_LAYOUTS, "YYYY-MM-DD", "what {{@date}} says and the PDF is dated"},
    {"keep-going", 'k', OPTION_KEEP_GOING, FOR_RENDER, NULL, "leave rows with errors out and list them in rejected.csv (exit code 3)"},
    {"resume", 0, OPTION_RESUME, FOR_RENDER, NULL, "go on with a run that was stopped or killed: what is done stays"},
    {"only-changed", 0, OPTION_ONLY_CHANGED, FOR_RENDER, NULL, "draw only what would come out other than it lies there"},
    {"shard", 0, OPTION_SHARD, FOR_RENDER, "K/N", "part K of N of the job, or auto: Slurm, Kubernetes, AWS Batch tell"},
    {"report", 0, OPTION_REPORT, FOR_RENDER, "FILE", "preflight of a press file: .html a page to read, .json for programs; may be given twice"},
    {"calibration", 0, OPTION_CALIBRATION, FOR_RENDER, NULL, "instead of the pieces, scales to measure how the backs of this sheet register"},
    {"cut-file", 0, OPTION_CUT_FILE, FOR_RENDER, "FILE", "lines for cutting and creasing beside the PDF, .svg or .dxf; as output.cut-file"},
    {"pack", 0, OPTION_PACK, FOR_RENDER, "DIR", "everything a print shop needs in one folder: sheets, one-up, cut file, ticket, plates"},
    {"dry-run", 'n', OPTION_DRY_RUN, FOR_RENDER, NULL, "check all, write nothing, say what would be written"},
    {"asset-path", 0, OPTION_ASSET_PATH, FOR_LAYOUTS, "DIR", "where pictures named by the data may lie too; may be given again"},
    {"explain-breaks", 0, OPTION_EXPLAIN_BREAKS, FOR_INSPECT, NULL, "a table of every place where a line may end, with its cost; --json: in the JSON"},
    {"catalogue", 0, OPTION_CATALOGUE, FOR_ALL, "FILE", "another font catalogue"},
    {"system-fonts", 0, OPTION_SYSTEM_FONTS, FOR_ALL, NULL, "ask fontconfig for families that are not catalogued, and say so"},
    {"has", 0, OPTION_HAS, FOR_FONTS, "TEXT", "which families have these characters"},
    {"coverage", 0, OPTION_COVERAGE, FOR_FONTS, "gb2312|8105", "how much of a character set each family has"},
    {"json", 0, OPTION_JSON, FOR_MESSAGES, NULL, "messages as one JSON object a line"},
    {"progress", 0, OPTION_PROGRESS, FOR_RENDER | FOR_CHECK, "WHEN", "auto, always, never or json"},
    {"color", 0, OPTION_COLOR, FOR_MESSAGES, "WHEN", "auto, always or never"},
    {"help", 'h', OPTION_HELP, FOR_MESSAGES, NULL, "this page"},
};
#define OPTION_COUNT (sizeof options / sizeof options[0])

typedef struct Reader {
    Arena *arena;
    CommandLine *line;
    const Command *command;
    FILE *errors;
    size_t setting_capacity;
} Reader;

static bool refuse(Reader *reader, const char *hint, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool refuse(Reader *reader, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("biaoyu: ", reader->errors);
    vfprintf(reader->errors, format, arguments);
    va_end(arguments);
    fprintf(reader->errors, "%s%s\n", hint ? "; " : "", hint ? hint : "");
    return false;
}

static bool read_when(Reader *reader, const char *name, const char *value, bool with_json, int *out)
{
    static const char *const names[] = {"auto", "always", "never", "json"};
    for (int i = 0; i < (with_json ? 4 : 3); i++)
        if (strcmp(value, names[i]) == 0) { *out = i; return true; }
    return refuse(reader, NULL, "--%s is %s", name, with_json ? "auto, always, never or json" : "auto, always or never");
}

/* NAME=VALUE appended to a growing list. */
static bool add_setting(Reader *reader, const char *name, const char *text, const Setting **list, size_t *count)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text) return refuse(reader, NULL, "--%s wants NAME=VALUE", name);
    Setting *grown = ARENA_ARRAY(reader->arena, Setting, *count + 1);
    if (*count) memcpy(grown, *list, *count * sizeof *grown);
    grown[*count] = (Setting){arena_copy(reader->arena, text, (size_t)(equals - text)), equals + 1};
    *list = grown;
    ++*count;
    return true;
}

static bool add_asset_path(Reader *reader, const char *folder)
{
    JobOptions *job = &reader->line->job;
    struct stat status;
    if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) return refuse(reader, NULL, "--asset-path wants a folder, \"%s\" is none", folder);
    const char **grown = ARENA_ARRAY(reader->arena, const char *, job->asset_path_count + 1);
    for (size_t i = 0; i < job->asset_path_count; i++) grown[i] = job->asset_paths[i];
    grown[job->asset_path_count++] = folder;
    job->asset_paths = grown;
    return true;
}

static bool is_date(const char *text)
{
    Civil date;
    return strlen(text) == 10 && civil_read(text, &date);
}

static bool read_jobs(Reader *reader, const char *value)
{
    long jobs;
    if (!num_parse_count(value, &jobs) || jobs < 1 || jobs > LIMIT_JOBS) return refuse(reader, NULL, "--jobs wants a number from 1 to %d, not \"%s\"", LIMIT_JOBS, value);
    reader->line->job.jobs = (unsigned)jobs;
    return true;
}

static bool read_number(Reader *reader, const char *name, const char *value, double least, double most, double scale, double *out)
{
    size_t length = strlen(value);
    if (!length || num_parse(value, length, out) != length || *out < least || *out > most) {
        char low[NUM_ROOM], high[NUM_ROOM];
        return refuse(reader, NULL, "--%s wants a number from %s to %s, not \"%s\"", name, num_format(low, least, 2), num_format(high, most, 2), value);
    }
    *out *= scale;
    return true;
}

/* By its ending; without one, as of a stream, JSON. */
static bool read_report(Reader *reader, const char *value)
{
    const char *slash = strrchr(value, '/'), *name = slash ? slash + 1 : value, *dot = strrchr(name, '.');
    if (dot && strcmp(dot, ".html") == 0) {
        reader->line->job.report_page = value;
        return true;
    }
    if (dot && strcmp(dot, ".json") != 0) return refuse(reader, NULL, "--report wants a name that ends in .json or .html, or -, not \"%s\"", value);
    reader->line->job.report = value;
    return true;
}

static bool apply(Reader *reader, const Option *option, const char *value)
{
    CommandLine *line = reader->line;
    int when = 0;
    switch (option->id) {
    case OPTION_TO: line->play.to = value; return true;
    case OPTION_BRIGHTNESS: return read_number(reader, option->name, value, 0, 100, 0.01, &line->play.brightness);
    case OPTION_GAMMA: return read_number(reader, option->name, value, 1, 4, 1, &line->play.gamma);
    case OPTION_LOOPS: {
        long loops;
        if (!num_parse_count(value, &loops) || loops < 1 || loops > 1000000) return refuse(reader, NULL, "--loops wants a number from 1 to 1000000, not \"%s\"", value);
        line->play.loops = (unsigned)loops;
        return true;
    }
    case OPTION_LOOPBACK: line->play.checks_loopback = true; return true;
    case OPTION_OUTPUT: line->job.output = value; return true;
    case OPTION_PREVIEW: line->job.preview = value; return true;
    case OPTION_FORMAT: line->job.format = value; return true;
    case OPTION_REPORT: return read_report(reader, value);
    case OPTION_PACK: line->job.pack = value; return true;
    case OPTION_CALIBRATION: line->job.calibration = true; return true;
    case OPTION_CUT_FILE: line->job.cut_file = value; return true;
    case OPTION_DATA: line->job.data.file = value; return true;
    case OPTION_ROWS: line->job.data.rows = value; return true;
    case OPTION_WHERE: return add_setting(reader, option->name, value, &line->job.data.where, &line->job.data.where_count);
    case OPTION_SET: return add_setting(reader, option->name, value, &line->job.document.settings, &line->job.document.setting_count);
    case OPTION_LANG: line->job.document.strings_lang = value; return true;
    case OPTION_JOBS: return read_jobs(reader, value);
    case OPTION_NOW: {
        Civil time;
        line->wants_clock = strcmp(value, "clock") == 0;
        if (line->wants_clock) return true;
        if (!civil_read(value, &time)) return refuse(reader, NULL, "--now wants a time such as 2026-11-26T08:00:00, or clock, not \"%s\"", value);
        line->job.now = civil_text(arena_alloc(reader->arena, CIVIL_ROOM), &time);
        return true;
    }
    case OPTION_DATE:
        if (!is_date(value)) return refuse(reader, NULL, "--date wants YYYY-MM-DD, not \"%s\"", value);
        line->job.date = value;
        return true;
    case OPTION_KEEP_GOING: line->job.keep_going = true; return true;
    case OPTION_RESUME: line->job.resume = true; return true;
    case OPTION_ONLY_CHANGED: line->job.only_changed = true; return true;
    case OPTION_SHARD: {
        const char *problem = job_read_shard(reader->arena, value, &line->job.shard);
        return !problem || refuse(reader, NULL, "%s", problem);
    }
    case OPTION_DRY_RUN: line->job.dry_run = true; return true;
    case OPTION_ASSET_PATH: return add_asset_path(reader, value);
    case OPTION_CATALOGUE: line->job.fonts.catalogue = value; return true;
    case OPTION_SYSTEM_FONTS: line->job.fonts.system_fonts = true; return true;
    case OPTION_HAS: line->fonts.has = value; return true;
    case OPTION_COVERAGE:
        if (strcmp(value, "gb2312") != 0 && strcmp(value, "8105") != 0) return refuse(reader, NULL, "--coverage is gb2312 or 8105, not \"%s\"", value);
        line->fonts.coverage = value;
        return true;
    case OPTION_EXPLAIN_BREAKS: line->job.breaks = BREAKS_TABLE; return true;
    case OPTION_JSON: line->json = line->fonts.json = true; return true;
    case OPTION_PROGRESS:
        if (!read_when(reader, option->name, value, true, &when)) return false;
        line->progress = (ProgressStyle)when;
        return true;
    case OPTION_COLOR:
        if (!read_when(reader, option->name, value, false, &when)) return false;
        line->color = (When)when;
        return true;
    case OPTION_HELP: line->wants_help = true; return true;
    }
    return false;
}

static const Option *find_option(const char *name, size_t length)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0) return &options[i];
    return NULL;
}

static bool unknown_option(Reader *reader, const char *text)
{
    const char *names[OPTION_COUNT];
    for (size_t i = 0; i < OPTION_COUNT; i++) names[i] = options[i].name;
    const char *equals = strchr(text, '=');
    const char *name = text[0] == '-' && text[1] == '-' ? text + 2 : text;
    char *word = arena_copy(reader->arena, name, equals ? (size_t)(equals - name) : strlen(name));
    const char *nearest = suggest_nearest(word, names, OPTION_COUNT);
    return refuse(reader, nearest ? arena_printf(reader->arena, "did you mean --%s?", nearest) : "biaoyu -h lists them", "there is no option \"%s\"", text);
}

/* One option at argv[*at]; its value may be the rest of the word or the next word. */
static bool read_option(Reader *reader, int argc, char **argv, int *at)
{
    const char *text = argv[*at], *value = NULL;
    const Option *option = NULL;
    if (text[1] == '-') {
        const char *equals = strchr(text, '=');
        option = find_option(text + 2, equals ? (size_t)(equals - text - 2) : strlen(text + 2));
        value = equals ? equals + 1 : NULL;
    } else {
        for (size_t i = 0; i < OPTION_COUNT; i++)
            if (options[i].letter && options[i].letter == text[1]) option = &options[i];
        value = text[2] ? text + 2 : NULL;
    }
    if (!option) return unknown_option(reader, text);
    if (!(option->groups & reader->command->group) && option->id != OPTION_HELP)
        return refuse(reader, NULL, "%s does not take --%s", reader->command->name, option->name);
    if (!option->argument && value) return refuse(reader, NULL, "--%s takes no value", option->name);
    if (option->argument && !value) {
        if (*at + 1 >= argc) return refuse(reader, NULL, "--%s wants a value", option->name);
        value = argv[++*at];
    }
    return apply(reader, option, value);
}

static bool find_command(Reader *reader, const char *name)
{
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        names[i] = commands[i].name;
        if (strcmp(name, commands[i].name) == 0) { reader->command = &commands[i]; return true; }
    }
    const char *nearest = suggest_nearest(name, names, COMMAND_COUNT);
    return refuse(reader, nearest ? arena_printf(reader->arena, "did you mean %s?", nearest) : "biaoyu -h lists them", "there is no command \"%s\"", name);
}

static bool check_operands(Reader *reader)
{
    const Command *command = reader->command;
    size_t count = reader->line->operand_count;
    if (reader->line->wants_help) return true;
    if (count < command->least) return refuse(reader, "biaoyu -h tells more", "%s wants %s", command->name, command->operands);
    if (count > command->most)
        return refuse(reader, NULL, "%s does not take \"%s\"", command->name, reader->line->operands[command->most]);
    if (command->id == COMMAND_PLAY && !reader->line->play.to) return refuse(reader, "such as --to ddp://192.168.1.20", "play wants --to URL");
    const char *output = reader->line->job.output;
    if (command->id == COMMAND_RENDER && count > 1 && output && output[strlen(output) - 1] != '/')
        return refuse(reader, "let -o name a folder, ending in /", "several layouts cannot go to \"%s\"", output);
    const JobOptions *job = &reader->line->job;
    const bool has_report = job->report && strcmp(job->report, "-") != 0;
    const struct { const char *option, *value; } single[] = {{"pack", job->pack}, {"report", has_report ? job->report : job->report_page}, {"cut-file", job->cut_file}, {"preview", job->preview}};
    for (size_t i = 0; i < sizeof single / sizeof *single && command->id == COMMAND_RENDER && count > 1; i++)
        if (single[i].value) return refuse(reader, "render them one after the other", "--%s \"%s\" is of one layout: the second would write over the first", single[i].option, single[i].value);
    return true;
}

bool options_read(Arena *arena, int argc, char **argv, CommandLine *out, FILE *errors)
{
    *out = (CommandLine){.play = {.brightness = 1, .gamma = 2.2}};
    Reader reader = {.arena = arena, .line = out, .errors = errors};
    if (argc < 2 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
        out->command = COMMAND_HELP;
        out->wants_help = argc < 2;
        return true;
    }
    if (strcmp(argv[1], "--version") == 0) {
        out->command = COMMAND_VERSION;
        return true;
    }
    if (!find_command(&reader, argv[1])) return false;
    out->command = reader.command->id;
    out->operands = ARENA_ARRAY(arena, const char *, (size_t)argc);
    bool only_operands = false;
    for (int i = 2; i < argc; i++) {
        const char *text = argv[i];
        if (!only_operands && strcmp(text, "--") == 0) only_operands = true;
        else if (only_operands || text[0] != '-' || !text[1]) out->operands[out->operand_count++] = text;
        else if (!read_option(&reader, argc, argv, &i)) return false;
    }
    if (out->job.breaks == BREAKS_TABLE && out->json) out->job.breaks = BREAKS_ALL;
    return check_operands(&reader);
}

static void print_options(FILE *out, int groups)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const Option *option = &options[i];
        if (!(option->groups & groups)) continue;
        char left[64];
        snprintf(left, sizeof left, "%s--%s%s%s", option->letter ? (char[]){'-', option->letter, ',', ' ', 0} : "    ", option->name,
                 option->argument ? " " : "", option->argument ? option->argument : "");
        fprintf(out, "  %-28s %s\n", left, option->help);
    }
}

void options_help(FILE *out, const CommandLine *line)
{
    const Command *one = NULL;
    const char *wanted = line->command == COMMAND_HELP && line->operand_count ? line->operands[0] : NULL;
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (wanted ? strcmp(commands[i].name, wanted) == 0 : commands[i].id == line->command && line->command != COMMAND_HELP) one = &commands[i];
    if (one) {
        fprintf(out, "biaoyu %s%s%s%s: %s\n\n", one->name, one->operands[0] ? " " : "", one->operands, one->group ? " [OPTION...]" : "", one->help);
        print_options(out, one->group);
        return;
    }
    fputs("biaoyu COMMAND [OPTION...]: layout files and data tables become posters, stickers, leaflets, pictures and LED frames\n\n", out);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        char left[64];
        snprintf(left, sizeof left, "%s %s", commands[i].name, commands[i].operands);
        fprintf(out, "  %-28s %s\n", left, commands[i].help);
    }
    fputs("\n", out);
    print_options(out, FOR_ALL);
    fputs("      --version              version and parts\n\n"
          "exit codes: 0 done, 1 problems in layout or data, 2 wrong command line, 3 done with rows left out,\n"
          "            4 a file, disk or font could not be read or written, 130 stopped\n", out);
}
