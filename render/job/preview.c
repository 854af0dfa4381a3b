/* preview.c -- a screen's preview beside what is written: output.preview or --preview. */
#include "job/run.h"

#include <string.h>
#include <strings.h>

#include "base/file.h"

#define PREVIEW_LEVEL 6

static const char *preview_name(const Run *run)
{
    return run->options->preview ? run->options->preview : run->document->output.preview;
}

static bool has_ending(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);
    return length > tail && strcasecmp(name + length - tail, ending) == 0;
}

bool preview_plan(Run *run, DiagList *diags)
{
    const char *name = preview_name(run);
    Span where = run->options->preview ? SPAN_NONE : run->document->output.preview_span;
    if (!name) return true;
    if (run->document->kind != DOC_LED)
        return diag_error(diags, where, "bad-format", "leave the preview out", "a preview is made of an LED layout");
    if (has_ending(name, ".png") || has_ending(name, ".html")) return true;
    return diag_error(diags, where, "bad-format", "end it in .png or .html", "cannot tell the kind of preview from \"%s\"", name);
}

bool preview_write(Run *run, const LedPlan *plan)
{
    const char *name = preview_name(run);
    if (!name || run->options->dry_run) return true;
    if (!names_make_folder(run->arena, name, run->diags)) return false;
    OutFile *file = file_create(name, run->diags);
    if (!file) return false;
    PngEncoder *encoder = raster_png_new(run->arena);
    if (has_ending(name, ".html")) {
        led_preview_page(plan, encoder, file, run->arena);
    } else {
        PngPicture picture = led_preview_picture(plan, run->arena);
        size_t length;
        const uint8_t *png = raster_png_encode(encoder, &picture, PREVIEW_LEVEL, &length);
        file_write(file, png, length);
    }
    return file_commit(file, false, run->diags);
}
