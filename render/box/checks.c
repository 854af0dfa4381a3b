/* checks.c -- can it be read? Contrast against what was painted under a text (WCAG 2.2, 1.4.3), and the height of its
 * characters against the viewing distance (reference layout-language, section 8: height in mm x 0.4 = clear distance in m). */
#include "box/item.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#include "base/num.h"

#define CLEAR_M_PER_MM 0.4

void item_painted(BoxBuild *build, Rect rect, const Color *color)
{
    build->painted = ARENA_GROW(build->context->arena, build->painted, build->painted_count, &build->painted_capacity);
    build->painted[build->painted_count++] = (Painted){rect, color};
}

/* What lies under the middle of a rectangle: the last paint there, else the paper (NULL). */
static const Painted *under(const BoxBuild *build, Rect rect)
{
    Length x = rect.x + rect.width / 2, y = rect.y + rect.height / 2;
    for (size_t i = build->painted_count; i-- > 0;) {
        Rect painted = build->painted[i].rect;
        if (x >= painted.x && x < painted.x + painted.width && y >= painted.y && y < painted.y + painted.height) return &build->painted[i];
    }
    return NULL;
}

/* sRGB to linear light. The same few colours are asked for again and again. */
static double linear_of[256];
static pthread_once_t linear_once = PTHREAD_ONCE_INIT;

static void make_linear(void)
{
    for (int value = 0; value < 256; value++) {
        double v = value / 255.0;
        linear_of[value] = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
    }
}

static double linear(uint8_t value)
{
    pthread_once(&linear_once, make_linear);
    return linear_of[value];
}

static double luminance(const uint8_t rgb[3]) { return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]); }

/* Large text is easier to read: from 18 pt, or from 14 pt when bold (24 and 18.66 px on screens). */
static bool is_large(const BoxBuild *build, Length size, int weight)
{
    double pt = length_to_pt(size) * (build->context->document->is_screen ? 0.75 : 1);
    return pt >= 18 || (pt >= 14 && weight >= WEIGHT_BOLD);
}

static double contrast(const uint8_t color[3], const uint8_t background[3])
{
    double a = luminance(color), b = luminance(background);
    return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

#define SAMPLES 5                 /* across and down a text, where gradients meet */

/* Where it is the hardest to read. `ground` NULL: white paper. */
static double least_contrast(const Color *color, Rect text, const Painted *ground)
{
    static const uint8_t paper[3] = {255, 255, 255};
    double least = INFINITY;
    int samples = color->gradient || (ground && ground->color->gradient) ? SAMPLES : 1;
    for (int i = 0; i < samples * samples; i++) {
        double across = samples > 1 ? (double)(i % samples) / (samples - 1) : 0.5, down = samples > 1 ? (double)(i / samples) / (samples - 1) : 0.5;
        Point point = {text.x + (Length)(text.width * across), text.y + (Length)(text.height * down)};
        uint8_t letters[3], under[3];
        color_at(color, text, point, letters);
        if (ground) color_at(ground->color, ground->rect, point, under);
        least = fmin(least, contrast(letters, ground ? under : paper));
    }
    return least;
}

static void check_contrast(BoxBuild *build, const PlacedBox *box, const Painted *ground, const TextStyle *style, Length size)
{
    double wanted = build->context->document->checks.contrast;
    const Color *color = style->color, *background = ground ? ground->color : NULL;
    if (wanted < 0 || !color || !color->has_rgb || (background && !background->has_rgb) || style->stroke_color) return;
    bool large = is_large(build, size, style->weight);
    if (wanted == 0) wanted = large ? 3 : 4.5;
    double ratio = least_contrast(color, box->outer, ground);
    if (ratio >= wanted) return;
    char is[NUM_ROOM], must[NUM_ROOM];
    diag_warning(build->context->diags, box->node->where, "low-contrast", "a lighter or darker colour, or a larger size",
                 "\"%s\" on %s%s%s has a contrast of %s : 1, %s text needs %s : 1", color->name, background ? "\"" : "",
                 background ? background->name : "white paper", background ? "\"" : "", num_format(is, ratio, 2), large ? "large" : "small",
                 num_format(must, wanted, 1));
}

static void check_distance(BoxBuild *build, const PlacedBox *box, Length size)
{
    const Document *document = build->context->document;
    double distance = document->checks.distance_m;
    if (distance <= 0 || document->is_screen) return;
    double height = length_to_mm(size), wanted = distance / CLEAR_M_PER_MM;
    if (height >= wanted) return;
    char far[NUM_ROOM], is[NUM_ROOM], must[NUM_ROOM];
    diag_warning(build->context->diags, box->node->where, "too-small", "a larger size, or a smaller checks.distance",
                 "read from %s m, characters %s mm high are too small; clear reading needs about %s mm", num_format(far, distance, 1),
                 num_format(is, height, 1), num_format(must, wanted, 1));
}

static void check_text(BoxBuild *build, const PlacedBox *box)
{
    if (!box->text->line_count || build->context->document->kind == DOC_LED) return;
    if (box->node->role == ROLE_DECORATION) return;            /* WCAG 2.2, 1.4.3: what only decorates need not be read */
    const Painted *background = under(build, box->outer);
    const Template *content = box->node->u.text.content;
    build->context->diags->path = box->node->path;
    check_contrast(build, box, background, box->node->style, box->text->size);
    for (size_t i = 0; i < content->segment_count; i++)
        if (content->segments[i].style) check_contrast(build, box, background, content->segments[i].style, box->text->size);
    check_distance(build, box, box->text->size);
    build->context->diags->path = NULL;
}

void item_check(BoxBuild *build, const PlacedBox *box)
{
    const Node *node = box->node;
    if (node->background && node->opacity >= 1) item_painted(build, box->outer, node->background);
    if (node->kind == NODE_SHAPE && node->u.shape.kind == SHAPE_RECT && node->u.shape.fill && node->opacity >= 1) item_painted(build, box->inner, node->u.shape.fill);
    if (node->kind == NODE_TEXT) check_text(build, box);
    for (size_t i = 0; i < box->child_count; i++) item_check(build, &box->children[i]);
}
