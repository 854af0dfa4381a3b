/* calibration.c -- --calibration: instead of pieces, a sheet to measure how its back registers. */
#include "job/run.h"

#include "base/num.h"

#define NUMBERS 7

static const char *const words_of[] = {
    "正面 Front\n背面朝上对着光看\nPrint both sides as usual, then hold the back against the light.",
    "背面 Back\n正面的十字落在刻度上的读数（毫米）就是 back-shift: [右, 下]；已有的值要加上。\nWhere the crosses of the front fall on these scales is the back-shift: [right, down] in mm; add it to the one in use.",
};

static const Scene *text_scene(BoxContext *context, const char *text, double size, Size area)
{
    Arena *arena = context->arena;
    Segment *segment = ARENA_NEW(arena, Segment);
    *segment = (Segment){.literal = text};
    Template *content = ARENA_NEW(arena, Template);
    *content = (Template){.segments = segment, .segment_count = 1, .is_static = true};
    TextStyle *style = ARENA_NEW(arena, TextStyle);
    *style = *context->document->sheet.label_style;
    style->size = length_from_pt(size);
    style->align = TEXT_CENTER;
    style->leading = 1.3;
    style->fit = FIT_NONE;
    style->overflow = OVERFLOW_CLIP;
    Node *node = ARENA_NEW(arena, Node);
    *node = (Node){.kind = NODE_TEXT, .path = "/calibration", .opacity = 1, .role = ROLE_DECORATION, .style = style, .u.text.content = content};
    return box_build_node(context, node, area).scene;
}

bool calibration_sheet(Worker *worker, Arena *arena, DiagList *diags, PageSet *out)
{
    Run *run = worker->run;
    const Imposition *plan = &run->imposition;
    BoxContext context = pages_context(worker, 0, arena, diags);
    diags->row = (DataRef){0};
    const Scene *numbers[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) numbers[i] = text_scene(&context, arena_printf(arena, "%d", i - NUMBERS / 2), 6, (Size){LENGTH_MAX, LENGTH_MAX});
    *out = (PageSet){.count = plan->sides, .scenes = ARENA_ARRAY(arena, const Scene *, plan->sides)};
    Size room = {plan->sheet->size.width - 2 * length_from_mm(12), LENGTH_MAX};
    for (unsigned side = 0; side < plan->sides; side++)
        out->scenes[side] = sheet_calibration(arena, plan, side, numbers, text_scene(&context, words_of[side], 9, room));
    return !diags->error_count;
}

bool calibration_plan(Run *run, DiagList *diags)
{
    if (!run->options->calibration) return true;
    if (!run->is_sheet || run->imposition.sides != 2)
        return diag_error(diags, run->document->sheet.is_given ? run->document->sheet.where : run->document->page.where, "no-calibration", "sheet: {duplex: sheetwise}, or leave --calibration out",
                          "--calibration measures how a back side registers, and this layout has none");
    if (!run->options->output)
        return diag_error(diags, SPAN_NONE, "no-calibration", "give -o a name, such as calibration.pdf", "--calibration would write over the sheets themselves");
    if (run->options->cut_file)
        return diag_error(diags, SPAN_NONE, "no-calibration", "leave one of them out", "--calibration draws no pieces, and --cut-file has nothing to cut");
    if (run->row_count > 1) run->row_count = 1;
    return true;
}
