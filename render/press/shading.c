/* shading.c -- a gradient in the inks of the press: an axial or radial shading (ISO 32000-1, 8.7.4.5) whose function runs
 * through the stops in DeviceCMYK, in one plate of its own, or in DeviceN where plates meet each other or the process inks.
 *
 * The shading lies in a unit space, so that the file has it once, wherever and however large it stands. */
#include "press/private.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "press/writer.h"

void shading_matrix(const GradientAxis *axis, const Matrix *to_stream, double matrix[6])
{
    const Matrix *m = to_stream;
    const double found[6] = {m->xx * axis->xx + m->xy * axis->yx, m->yx * axis->xx + m->yy * axis->yx,
                             m->xx * axis->xy + m->xy * axis->yy, m->yx * axis->xy + m->yy * axis->yy,
                             m->xx * axis->x0 + m->xy * axis->y0 + m->x0, m->yx * axis->x0 + m->yy * axis->y0 + m->y0};
    for (int i = 0; i < 6; i++) matrix[i] = found[i] / LENGTH_ONE;
}

/* ---- which inks ---- */

size_t shading_plate_count(const Gradient *gradient)
{
    size_t count = 0;
    for (size_t i = 0; i < gradient->stop_count; i++) {
        const char *plate = gradient->stops[i].color->spot;
        size_t before = 0;
        while (plate && before < i && (!gradient->stops[before].color->spot || strcmp(gradient->stops[before].color->spot, plate) != 0)) before++;
        count += plate && before == i;
    }
    return count;
}

typedef struct Inks {
    bool has_process;
    const Color *plates[SHADING_PLATES_MAX];      /* one colour of each plate */
    size_t plate_count;
} Inks;

static void add_plate(Inks *inks, const Color *color)
{
    size_t at = 0;
    while (at < inks->plate_count && strcmp(inks->plates[at]->spot, color->spot) != 0) at++;
    if (at == inks->plate_count && at < SHADING_PLATES_MAX) inks->plates[inks->plate_count++] = color;
}

static Inks inks_of(const PressSetup *setup, const Gradient *gradient)
{
    Inks inks = {0};
    for (size_t i = 0; i < gradient->stop_count; i++) {
        const Color *color = gradient->stops[i].color;
        Ink ink = ink_of(setup, color);
        if (ink.plate) add_plate(&inks, color);
        else inks.has_process |= ink_total(&ink) > 0;          /* white paper is none of any ink */
    }
    if (!inks.plate_count) inks.has_process = true;
    return inks;
}

static size_t amounts_of(const PressSetup *setup, const Inks *inks, const Color *color, double *amounts)
{
    Ink ink = ink_of(setup, color);
    size_t count = 0;
    for (int i = 0; inks->has_process && i < 4; i++) amounts[count++] = ink.plate ? 0 : ink.cmyk[i];
    for (size_t i = 0; i < inks->plate_count; i++) amounts[count++] = ink.plate && strcmp(inks->plates[i]->spot, ink.plate) == 0 ? ink.tint : 0;
    return count;
}

/* ---- writing ---- */

static void add_number(StrBuf *out, double value, int decimals)
{
    char room[NUM_ROOM];
    strbuf_add_char(out, ' ');
    strbuf_add(out, num_format(room, value, decimals));
}

static void add_amounts(StrBuf *out, const char *key, const double *amounts, size_t count)
{
    strbuf_addf(out, "/%s[", key);
    for (size_t i = 0; i < count; i++) add_number(out, amounts[i], 4);
    strbuf_add_char(out, ']');
}

/* What other printers see: the recipes of all inks, added. A function of type 4: each result is summed from copies of the
 * inputs that lie below it; in the end these are dropped. */
static void write_sum(Writer *writer, const PressSetup *setup, const Inks *inks, unsigned number, Arena *arena)
{
    size_t process = inks->has_process ? 4 : 0, count = process + inks->plate_count;
    StrBuf code, entries;
    strbuf_init(&code, arena);
    strbuf_init(&entries, arena);
    strbuf_add_char(&code, '{');
    for (size_t ink = 0; ink < 4; ink++) {
        strbuf_add(&code, " 0");
        for (size_t i = 0; i < count; i++) {
            double share = i < process ? i == ink : ink_of(setup, inks->plates[i - process]).cmyk[ink];
            if (!(share > 0)) continue;
            strbuf_addf(&code, " %zu index", count + ink - i);
            add_number(&code, share, 4);
            strbuf_add(&code, " mul add");
        }
        strbuf_add(&code, " dup 1 gt{pop 1}if");
    }
    strbuf_addf(&code, " %zu 4 roll", count + 4);
    for (size_t i = 0; i < count; i++) strbuf_add(&code, " pop");
    strbuf_add_char(&code, '}');
    strbuf_add(&entries, "/FunctionType 4/Domain[");
    for (size_t i = 0; i < count; i++) strbuf_add(&entries, "0 1 ");
    strbuf_add(&entries, "]/Range[0 1 0 1 0 1 0 1]");
    writer_stream(writer, number, STREAM_DEFLATE, entries.bytes, code.bytes, code.length);
}

static void add_space(Writer *writer, const PressSetup *setup, const Inks *inks, unsigned (*plate_number)(void *, const Color *), void *context, StrBuf *out)
{
    unsigned numbers[SHADING_PLATES_MAX];
    for (size_t i = 0; i < inks->plate_count; i++) numbers[i] = plate_number(context, inks->plates[i]);
    if (!inks->plate_count) {
        strbuf_add(out, "/DeviceCMYK");
        return;
    }
    if (!inks->has_process && inks->plate_count == 1) {
        strbuf_addf(out, " %u 0 R", numbers[0]);
        return;
    }
    unsigned sum = writer_reserve(writer);
    write_sum(writer, setup, inks, sum, out->arena);
    strbuf_addf(out, "[/DeviceN[%s", inks->has_process ? "/Cyan/Magenta/Yellow/Black" : "");
    for (size_t i = 0; i < inks->plate_count; i++) writer_add_name(out, inks->plates[i]->spot);
    strbuf_addf(out, "]/DeviceCMYK %u 0 R<</Colorants<<", sum);
    for (size_t i = 0; i < inks->plate_count; i++) {
        writer_add_name(out, inks->plates[i]->spot);
        strbuf_addf(out, " %u 0 R", numbers[i]);
    }
    strbuf_add(out, ">>>>]");
}

/* From stop to stop in a straight line; two stops at one place are the joint of two pieces and no piece. */
static void add_function(const PressSetup *setup, const Gradient *gradient, const Inks *inks, StrBuf *out)
{
    StrBuf bounds, encode;
    strbuf_init(&bounds, out->arena);
    strbuf_init(&encode, out->arena);
    size_t pieces = 0;
    for (size_t i = 1; i < gradient->stop_count; i++) pieces += gradient->stops[i].at > gradient->stops[i - 1].at;
    if (pieces > 1) strbuf_add(out, "<</FunctionType 3/Domain[0 1]/Functions[");
    for (size_t i = 1; i < gradient->stop_count; i++) {
        const GradientStop *from = &gradient->stops[i - 1], *to = &gradient->stops[i];
        if (!(to->at > from->at)) continue;
        double start[4 + SHADING_PLATES_MAX], end[4 + SHADING_PLATES_MAX];
        size_t count = amounts_of(setup, inks, from->color, start);
        amounts_of(setup, inks, to->color, end);
        strbuf_add(out, "<</FunctionType 2/Domain[0 1]");
        add_amounts(out, "C0", start, count);
        add_amounts(out, "C1", end, count);
        strbuf_add(out, "/N 1>>");
        if (to->at < 1) add_number(&bounds, to->at, 6);
        strbuf_add(&encode, "0 1 ");
    }
    if (pieces > 1) strbuf_addf(out, "]/Bounds[%s]/Encode[%s]>>", bounds.bytes, encode.bytes);
}

void shading_write(Writer *writer, unsigned number, const PressSetup *setup, const Gradient *gradient, unsigned (*plate_number)(void *, const Color *), void *context, Arena *arena)
{
    Inks inks = inks_of(setup, gradient);
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_addf(&out, "<</ShadingType %d/ColorSpace", gradient->kind == GRADIENT_LINEAR ? 2 : 3);
    add_space(writer, setup, &inks, plate_number, context, &out);
    strbuf_add(&out, "/Coords[");
    if (gradient->kind == GRADIENT_LINEAR) {
        strbuf_add(&out, "0 0 1 0");
    } else {
        add_number(&out, gradient->focus[0], 6);
        add_number(&out, gradient->focus[1], 6);
        strbuf_add(&out, " 0 0 0 1");
    }
    strbuf_add(&out, "]/Function");
    add_function(setup, gradient, &inks, &out);
    strbuf_add(&out, "/Extend[true true]>>");
    writer_object(writer, number, out.bytes, out.length);
}
