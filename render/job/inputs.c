/* inputs.c -- what a run reads is not written over: a name made from data may be that of the table, of the layout or of a photo. */
#include "job/run.h"

#include <stdlib.h>
#include <sys/stat.h>

typedef struct Input { dev_t device; ino_t number; } Input;
typedef struct Inputs { Arena *arena; Input *items; size_t count, capacity; } Inputs;

static void add(void *context, const char *path)
{
    Inputs *inputs = context;
    struct stat status;
    if (!path || stat(path, &status) || !S_ISREG(status.st_mode)) return;
    inputs->items = ARENA_GROW(inputs->arena, inputs->items, inputs->count, &inputs->capacity);
    inputs->items[inputs->count++] = (Input){status.st_dev, status.st_ino};
}

static int compare_inputs(const void *a, const void *b)
{
    const Input *left = a, *right = b;
    if (left->device != right->device) return left->device < right->device ? -1 : 1;
    return (left->number > right->number) - (left->number < right->number);
}

/* Every file of this run but its fonts, which nobody keeps among the outputs; of pictures those that its rows have asked for. */
static Inputs collect(const Run *run)
{
    Inputs inputs = {.arena = run->arena};
    const Document *document = run->document;
    for (size_t i = 0; i < document->file_count; i++) add(&inputs, document->files[i]->path);
    const Source *table = data_source(run->data);
    if (table) add(&inputs, table->path);
    for (size_t i = 0; i < document->data.lookup_count; i++) add(&inputs, document->data.lookup[i].file);
    add(&inputs, document->output.profile);
    scene_images_each(run->images, add, &inputs);
    qsort(inputs.items, inputs.count, sizeof *inputs.items, compare_inputs);
    return inputs;
}

bool inputs_are_kept(Run *run)
{
    const Document *document = run->document;
    const Inputs inputs = collect(run);
    size_t pages = run->format == FORMAT_PDF ? 1 : run->unit_pages, units = run->one_file ? 1 : pages_unit_count(run);
    for (size_t i = 0; i < units * pages; i++) {
        const char *name = names_of(run, i / pages, i % pages);
        struct stat status;
        if (stat(name, &status)) continue;
        const Input wanted = {status.st_dev, status.st_ino};
        if (!bsearch(&wanted, inputs.items, inputs.count, sizeof wanted, compare_inputs)) continue;
        Span where = run->options->output || !document->output.name ? SPAN_NONE : document->output.name->where;
        return diag_error(run->diags, where, "writes-over-input", "write into another folder: -o made/",
                          "the result \"%s\" would be written over a file that this run reads", name);
    }
    return true;
}
