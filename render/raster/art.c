/* art.c -- SVG art as a Scene of paths, so that it can be printed in inks.
 *
 * librsvg draws the file on Cairo's SVG surface; what comes out is SVG again, of which every style sheet, unit, view box, text
 * and transformation is worked off: paths with plain styles, groups with a clip, uses with a constant mask (opacity) and
 * gradients in user space. That closed subset is read here. What Cairo could only write as a picture (filters, masks,
 * blend modes, patterns, pictures in the file) cannot be paths, and is named. */
#include "raster/private.h"

#include <cairo-svg.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

#define LONGEST_PX 2048                       /* of the drawing: Cairo's path coordinates are 1/256 px */
#define UNITS_A_PX (LENGTH_ONE / 4)           /* Lengths */
#define FALLBACK_DPI 9                        /* of what Cairo can only write as a picture: it is refused, so let it be small */
#define DEPTH_MAX 200
#define DASHES_MAX 16

/* A stretch of the text. */
typedef struct Piece { const char *text; size_t length; } Piece;

typedef struct Element Element;
struct Element {
    Piece name, attributes;
    Element *first, *last, *next, *parent;
};

typedef struct Named { Piece id; const Element *element; } Named;
typedef struct Shade { uint32_t rgb; const Color *color; } Shade;

typedef struct Reading {
    Arena *arena;                             /* of what stays: the scene */
    Arena *scratch;
    SceneBuilder *scene;
    const Color *swatches;
    size_t swatch_count;
    Named *names;
    size_t name_count;
    Shade *shades;                            /* colours of the file met so far */
    size_t shade_count, shade_capacity;
    const char *reason;                       /* why it cannot be paths, or NULL */
    int depth;
} Reading;

static void refuse(Reading *reading, const char *reason)
{
    if (!reading->reason)
        reading->reason = reason;
}

/* ---- the text as a tree ---- */

static bool is_called(const Element *element, const char *name)
{
    return element->name.length == strlen(name) && memcmp(element->name.text, name, element->name.length) == 0;
}

/* The value of an attribute, or nothing. */
static Piece attribute(const Element *element, const char *name)
{
    size_t length = strlen(name);
    const char *at = element->attributes.text, *end = at + element->attributes.length;
    while (at < end) {
        at += strspn(at, " \n");
        const char *equals = at < end ? memchr(at, '=', (size_t)(end - at)) : NULL;
        const char *close = equals && equals + 1 < end ? memchr(equals + 2, '"', (size_t)(end - equals - 2)) : NULL;
        if (!close)
            break;
        if ((size_t)(equals - at) == length && memcmp(at, name, length) == 0)
            return (Piece){equals + 2, (size_t)(close - equals - 2)};
        at = close + 1;
    }
    return (Piece){0};
}

static Element *add_element(Reading *reading, Element *parent, Piece name, Piece attributes)
{
    Element *element = ARENA_NEW(reading->scratch, Element);
    *element = (Element){.name = name, .attributes = attributes, .parent = parent};
    if (parent->last)
        parent->last->next = element;
    else
        parent->first = element;
    return parent->last = element;
}

/* Tags only: Cairo writes no text. Attribute values have no '>' and no '"'. */
static void read_tree(Reading *reading, const char *text, size_t length, Element *root, size_t *count)
{
    const char *end = text + length;
    Element *parent = root;
    for (const char *at = text; (at = memchr(at, '<', (size_t)(end - at)));) {
        const char *close = memchr(at, '>', (size_t)(end - at));
        if (!close)
            return;
        bool is_end = at[1] == '/', is_whole = close[-1] == '/' || at[1] == '?' || at[1] == '!';
        if (is_end) {
            if (parent->parent)
                parent = parent->parent;
        } else if (at[1] != '?' && at[1] != '!') {
            size_t name = strcspn(at + 1, " />\n");
            Piece attributes = {at + 1 + name, (size_t)(close - at - 1) - name - (is_whole ? 1 : 0)};
            Element *element = add_element(reading, parent, (Piece){at + 1, name}, attributes);
            ++*count;
            if (!is_whole)
                parent = element;
        }
        at = close;
    }
}

static int compare_names(const void *a, const void *b)
{
    const Piece *left = &((const Named *)a)->id, *right = &((const Named *)b)->id;
    size_t common = left->length < right->length ? left->length : right->length;
    int order = memcmp(left->text, right->text, common);
    return order ? order : (left->length > right->length) - (left->length < right->length);
}

static void list_names(Reading *reading, const Element *element)
{
    for (; element; element = element->next) {
        Piece id = attribute(element, "id");
        if (id.length)
            reading->names[reading->name_count++] = (Named){id, element};
        list_names(reading, element->first);
    }
}

/* What "#name" or "url(#name)" means, or NULL. */
static const Element *find_element(const Reading *reading, Piece reference)
{
    const char *hash = reference.length ? memchr(reference.text, '#', reference.length) : NULL;
    if (!hash)
        return NULL;
    Named key = {.id = {hash + 1, (size_t)(reference.text + reference.length - hash - 1)}};
    if (key.id.length && key.id.text[key.id.length - 1] == ')')
        key.id.length--;
    const Named *found = bsearch(&key, reading->names, reading->name_count, sizeof key, compare_names);
    return found ? found->element : NULL;
}

/* ---- values ---- */

static double number_of(Piece piece, double otherwise)
{
    double value;
    return piece.length && num_parse(piece.text, piece.length, &value) ? value : otherwise;
}

static double number_attribute(const Element *element, const char *name, double otherwise)
{
    return number_of(attribute(element, name), otherwise);
}

/* Up to `room` numbers between commas or blanks. */
static size_t read_numbers(Piece piece, double *out, size_t room)
{
    size_t count = 0;
    for (size_t at = 0; at < piece.length && count < room;) {
        size_t used = num_parse(piece.text + at, piece.length - at, &out[count]);
        if (used)
            count++;
        at += used ? used : 1;
    }
    return count;
}

/* "matrix(a,b,c,d,e,f)" in Lengths; false when there is none. */
static bool read_matrix(Piece piece, Matrix *out)
{
    double n[6];
    if (piece.length < 8 || memcmp(piece.text, "matrix(", 7) != 0 || read_numbers(piece, n, 6) != 6)
        return false;
    *out = (Matrix){n[0], n[1], n[2], n[3], n[4] * UNITS_A_PX, n[5] * UNITS_A_PX};
    return true;
}

/* The value of a property in a style, or nothing. */
static Piece property(Piece style, const char *name)
{
    size_t length = strlen(name);
    for (size_t at = 0; at < style.length;) {
        while (at < style.length && (style.text[at] == ' ' || style.text[at] == ';'))
            at++;
        const char *start = style.text + at, *semicolon = memchr(start, ';', style.length - at);
        size_t whole = semicolon ? (size_t)(semicolon - start) : style.length - at;
        if (whole > length && start[length] == ':' && memcmp(start, name, length) == 0)
            return (Piece){start + length + 1, whole - length - 1};
        at += whole;
    }
    return (Piece){0};
}

static bool is_word(Piece piece, const char *word) { return piece.length == strlen(word) && memcmp(piece.text, word, piece.length) == 0; }

static int choice_of(Piece piece, const char *second, const char *third) { return is_word(piece, second) ? 1 : is_word(piece, third) ? 2 : 0; }

/* ---- colours ---- */

/* A swatch of the layout that looks like this is meant: its inks are known. */
static const Color *shade_of(Reading *reading, const uint8_t rgb[3])
{
    for (size_t i = 0; i < reading->swatch_count; i++) {
        const Color *swatch = &reading->swatches[i];
        if (swatch->has_rgb && !swatch->gradient && memcmp(swatch->rgb, rgb, 3) == 0)
            return swatch;
    }
    uint32_t key = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
    for (size_t i = 0; i < reading->shade_count; i++)
        if (reading->shades[i].rgb == key)
            return reading->shades[i].color;
    reading->shades = ARENA_GROW(reading->scratch, reading->shades, reading->shade_count, &reading->shade_capacity);
    Color *color = ARENA_NEW(reading->arena, Color);
    *color = (Color){.name = arena_printf(reading->arena, "#%06X", (unsigned)key), .has_rgb = true, .rgb = {rgb[0], rgb[1], rgb[2]}};
    reading->shades[reading->shade_count++] = (Shade){key, color};
    return color;
}

/* "rgb(78.431374%,6.27451%,18.039216%)" */
static const Color *read_rgb(Reading *reading, Piece piece)
{
    double n[3];
    uint8_t rgb[3];
    if (piece.length < 4 || memcmp(piece.text, "rgb", 3) != 0 || read_numbers(piece, n, 3) != 3)
        return NULL;
    for (int i = 0; i < 3; i++)
        rgb[i] = (uint8_t)lround(fmin(fmax(n[i], 0), 100) * 2.55);
    return shade_of(reading, rgb);
}

/* From 0 to 1, as a Gradient has them; false when some shine through more than others. */
static bool read_stops(Reading *reading, const Element *element, Gradient *out, double *opacity)
{
    size_t count = 0, room = 2;
    for (const Element *stop = element->first; stop; stop = stop->next)
        room++;
    GradientStop *stops = ARENA_ARRAY(reading->arena, GradientStop, room);
    double last = 0;
    for (const Element *stop = element->first; stop; stop = stop->next) {
        Piece style = attribute(stop, "style");
        const Color *color = read_rgb(reading, property(style, "stop-color"));
        double at = fmin(fmax(number_attribute(stop, "offset", 0), last), 1), own = number_of(property(style, "stop-opacity"), 1);
        if (!color || (count && own != *opacity))
            return false;
        *opacity = own;
        if (!count && at > 0)
            stops[count++] = (GradientStop){0, color};
        stops[count++] = (GradientStop){at, color};
        last = at;
    }
    if (count && last < 1)
        stops[count] = (GradientStop){1, stops[count - 1].color}, count++;
    out->stops = stops;
    out->stop_count = count;
    return count >= 2;
}

static const Color *read_gradient(Reading *reading, const Element *element, double scale, double *opacity)
{
    Gradient *gradient = ARENA_NEW(reading->arena, Gradient);
    Matrix own, outer;
    bool is_linear = is_called(element, "linearGradient");
    if (attribute(element, "spreadMethod").length) {
        refuse(reading, "a gradient that is repeated");
        return NULL;
    }
    gradient->kind = is_linear ? GRADIENT_LINEAR : GRADIENT_RADIAL;
    if (is_linear) {
        double x = number_attribute(element, "x1", 0), y = number_attribute(element, "y1", 0);
        double dx = number_attribute(element, "x2", 0) - x, dy = number_attribute(element, "y2", 0) - y;
        own = (Matrix){dx, dy, -dy, dx, x, y};
    } else {
        double radius = number_attribute(element, "r", 0), x = number_attribute(element, "cx", 0), y = number_attribute(element, "cy", 0);
        own = (Matrix){radius, 0, 0, radius, x, y};
        gradient->focus[0] = radius > 0 ? (number_attribute(element, "fx", x) - x) / radius : 0;
        gradient->focus[1] = radius > 0 ? (number_attribute(element, "fy", y) - y) / radius : 0;
    }
    own = matrix_join(own, (Matrix){UNITS_A_PX, 0, 0, UNITS_A_PX, 0, 0});
    if (read_matrix(attribute(element, "gradientTransform"), &outer))
        own = matrix_join(own, outer);
    own = matrix_join(own, (Matrix){scale, 0, 0, scale, 0, 0});
    if (!read_stops(reading, element, gradient, opacity)) {
        refuse(reading, "a gradient that fades into nothing");
        return NULL;
    }
    if (fabs(own.xx * own.yy - own.xy * own.yx) < 1)       /* without extent it is its last colour */
        return gradient->stops[gradient->stop_count - 1].color;
    Color *color = ARENA_NEW(reading->arena, Color);
    *color = (Color){.name = "gradient", .has_rgb = true, .gradient = gradient, .axis = {own.xx, own.yx, own.xy, own.yy, own.x0, own.y0}};
    return color;
}

/* fill or stroke: NULL for none, or after a refusal. `scale`: of the path's own space. */
static const Color *read_paint(Reading *reading, Piece style, const char *name, const char *opacity_name, double scale, double *opacity)
{
    Piece value = property(style, name);
    *opacity = number_of(property(style, opacity_name), 1);
    if (!value.length || is_word(value, "none"))
        return NULL;
    const Element *server = find_element(reading, value);
    bool is_gradient = server && (is_called(server, "linearGradient") || is_called(server, "radialGradient"));
    const Color *color = is_gradient ? read_gradient(reading, server, scale, opacity) : read_rgb(reading, value);
    if (!color)
        refuse(reading, "a pattern or a picture");
    return color;
}

/* ---- drawing ---- */

static const Path *read_path(Reading *reading, const Element *element, double scale, bool is_even_odd)
{
    DiagList quiet;
    diag_list_init(&quiet, reading->scratch);
    if (is_called(element, "rect")) {
        Rect rect = {length_from_double(number_attribute(element, "x", 0) * scale), length_from_double(number_attribute(element, "y", 0) * scale),
                     length_from_double(number_attribute(element, "width", 0) * scale), length_from_double(number_attribute(element, "height", 0) * scale)};
        return path_rect(reading->arena, rect);
    }
    Piece d = attribute(element, "d");
    const Path *path = d.length ? path_from_svg(reading->arena, arena_copy(reading->scratch, d.text, d.length), scale, (Point){0, 0}, SPAN_NONE, &quiet) : NULL;
    if (d.length && !path)
        refuse(reading, "a path of more than 100000 segments");
    if (!path || !is_even_odd)
        return path;
    Path *copy = ARENA_NEW(reading->arena, Path);
    *copy = *path;
    copy->is_even_odd = true;
    return copy;
}

static void add_stroke(Reading *reading, const Path *path, Piece style, const Color *color, double scale)
{
    double numbers[DASHES_MAX];
    size_t count = read_numbers(property(style, "stroke-dasharray"), numbers, DASHES_MAX);
    Length *dashes = ARENA_ARRAY(reading->arena, Length, count + 1);
    for (size_t i = 0; i < count; i++)
        dashes[i] = length_from_double(numbers[i] * scale);
    double miter = number_of(property(style, "stroke-miterlimit"), 10), width = number_of(property(style, "stroke-width"), 1) * scale;
    scene_set_nib(reading->scene, (Nib){(uint8_t)choice_of(property(style, "stroke-linecap"), "round", "square"),
                                        (uint8_t)choice_of(property(style, "stroke-linejoin"), "round", "bevel"), (uint8_t)fmin(fmax(ceil(miter), 1), 255)});
    scene_add_stroke(reading->scene, path, color, length_from_double(fmax(width, 1)), dashes, count);
}

static void draw_path(Reading *reading, const Element *element)
{
    Piece style = attribute(element, "style");
    Matrix matrix;
    double scale = UNITS_A_PX, factor = 1;
    bool has_matrix = read_matrix(attribute(element, "transform"), &matrix);
    if (property(style, "mix-blend-mode").length || property(style, "comp-op").length)
        refuse(reading, "a blend mode");
    if (has_matrix) {
        /* As large as it shows: in a small space Lengths would be coarse. */
        factor = sqrt(fabs(matrix.xx * matrix.yy - matrix.xy * matrix.yx));
        if (!(factor > 1e-9) || !isfinite(factor))
            return;
        matrix = (Matrix){matrix.xx / factor, matrix.yx / factor, matrix.xy / factor, matrix.yy / factor, matrix.x0, matrix.y0};
        scale *= factor;
        scene_begin(reading->scene, &matrix, NULL, 1);
    }
    const Path *path = read_path(reading, element, scale, is_word(property(style, "fill-rule"), "evenodd"));
    for (int pass = 0; pass < 2 && path && !reading->reason; pass++) {
        double opacity;
        const Color *color = pass == 0 ? read_paint(reading, style, "fill", "fill-opacity", factor, &opacity)
                                       : read_paint(reading, style, "stroke", "stroke-opacity", factor, &opacity);
        if (!color || opacity <= 0)
            continue;
        if (opacity < 1)
            scene_begin(reading->scene, NULL, NULL, opacity);
        if (pass == 0)
            scene_add_fill(reading->scene, path, color);
        else
            add_stroke(reading, path, style, color, scale);
        if (opacity < 1)
            scene_end(reading->scene);
    }
    if (has_matrix)
        scene_end(reading->scene);
}

static void draw_children(Reading *reading, const Element *element);

static void draw_group(Reading *reading, const Element *element, double opacity)
{
    Piece clip = attribute(element, "clip-path");
    const Element *shape = find_element(reading, clip);
    const Path *path = shape && shape->first ? read_path(reading, shape->first, UNITS_A_PX, is_word(attribute(element, "clip-rule"), "evenodd")) : NULL;
    if (attribute(element, "filter").length || attribute(element, "mask").length)
        refuse(reading, "a filter");
    /* An empty clip shows nothing. */
    if (clip.length && !path)
        return;
    bool is_group = path || opacity < 1;
    if (is_group)
        scene_begin(reading->scene, NULL, path, opacity);
    draw_children(reading, element);
    if (is_group)
        scene_end(reading->scene);
}

/* A group that was drawn for itself, and then painted with a mask that is the same everywhere: its opacity. */
static void draw_use(Reading *reading, const Element *element)
{
    const Element *what = find_element(reading, attribute(element, "xlink:href"));
    Piece mask_name = attribute(element, "mask");
    const Element *mask = find_element(reading, mask_name), *inner = mask ? mask->first : NULL, *rect = inner ? inner->first : NULL;
    double opacity = 1;
    Matrix matrix;
    if (!what || !is_called(what, "g") || attribute(element, "style").length) {
        refuse(reading, "a picture or a filter");
        return;
    }
    if (mask_name.length) {
        Piece style = rect && is_called(rect, "rect") && !rect->next && !rect->first ? attribute(rect, "style") : (Piece){0};
        opacity = number_of(property(style, "fill-opacity"), -1);
        if (opacity < 0 || find_element(reading, property(style, "fill"))) {
            refuse(reading, "a mask");
            return;
        }
    }
    bool has_matrix = read_matrix(attribute(element, "transform"), &matrix);
    if (has_matrix)
        scene_begin(reading->scene, &matrix, NULL, 1);
    draw_group(reading, what, opacity);
    if (has_matrix)
        scene_end(reading->scene);
}

static void draw_children(Reading *reading, const Element *element)
{
    if (++reading->depth > DEPTH_MAX)
        refuse(reading, "groups more than 200 deep");
    for (const Element *child = element->first; child && !reading->reason; child = child->next) {
        if (is_called(child, "path") || is_called(child, "rect"))
            draw_path(reading, child);
        else if (is_called(child, "g"))
            draw_group(reading, child, 1);
        else if (is_called(child, "use"))
            draw_use(reading, child);
        else if (!is_called(child, "defs"))
            refuse(reading, is_called(child, "image") ? "a picture or a filter" : "something that is no path");
    }
    reading->depth--;
}

/* ---- the file ---- */

static void release_scratch(void *arena) { arena_free(arena); }
static void release_buffer(void *buffer) { free(((SvgBuffer *)buffer)->bytes); }

/* Cairo's SVG of the file, `*width` x `*height` px. False after a diag. */
static bool redraw(Arena *arena, const Image *image, SvgBuffer **out, double *width, double *height, DiagList *diags)
{
    void **place = arena_own(arena, release_buffer);
    SvgBuffer *buffer = *out = ARENA_NEW(arena, SvgBuffer);
    *place = buffer;
    double natural_width = fmax(image->natural_width, 1e-3), natural_height = fmax(image->natural_height, 1e-3);
    double scale = LONGEST_PX / fmax(natural_width, natural_height);
    *width = fmax(natural_width * scale, 1);
    *height = fmax(natural_height * scale, 1);
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(svg_collect, buffer, *width, *height);
    cairo_surface_set_fallback_resolution(surface, FALLBACK_DPI, FALLBACK_DPI);
    Drawing drawing = {.cr = cairo_create(surface), .target = TARGET_SVG, .diags = diags};
    bool ok = svgart_draw(&drawing, drawing.cr, image, *width, *height);
    cairo_status_t status = cairo_status(drawing.cr);
    cairo_destroy(drawing.cr);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return ok && draw_is_well(&drawing, status);
}

bool raster_read_art(Arena *arena, const Image *image, const Color *swatches, size_t swatch_count, RasterArt *out, DiagList *diags)
{
    SvgBuffer *svg;
    double width, height;
    void **place = arena_own(arena, release_scratch);
    Arena *scratch = *place = arena_new(0);
    *out = (RasterArt){0};
    if (!scratch || !redraw(scratch, image, &svg, &width, &height, diags))
        return false;
    Reading reading = {.arena = arena, .scratch = scratch, .swatches = swatches, .swatch_count = swatch_count};
    Element root = {0};
    size_t count = 0;
    read_tree(&reading, svg->bytes, svg->length, &root, &count);
    reading.names = ARENA_ARRAY(scratch, Named, count + 1);
    list_names(&reading, root.first);
    qsort(reading.names, reading.name_count, sizeof *reading.names, compare_names);
    reading.scene = scene_new(arena, length_from_double(width * UNITS_A_PX), length_from_double(height * UNITS_A_PX), 0, false);
    if (root.first)
        draw_children(&reading, root.first);
    const Scene *scene = scene_finish(reading.scene, NULL);
    out->reason = reading.reason;
    out->scene = reading.reason ? NULL : scene;
    arena_free(scratch);
    *place = NULL;
    return true;
}

const Image *raster_draw_art(Arena *arena, const Image *image, int width, int height, DiagList *diags)
{
    size_t stride = (size_t)width * 4;
    uint8_t *pixels = arena_alloc_array(arena, (size_t)height, stride);
    cairo_surface_t *surface = cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_ARGB32, width, height, (int)stride);
    Drawing drawing = {.cr = cairo_create(surface), .target = TARGET_PIXELS, .diags = diags};
    bool ok = svgart_draw(&drawing, drawing.cr, image, width, height);
    cairo_status_t status = cairo_status(drawing.cr);
    cairo_destroy(drawing.cr);
    cairo_surface_flush(surface);
    cairo_surface_destroy(surface);
    if (!ok || !draw_is_well(&drawing, status))
        return NULL;
    Image *picture = ARENA_NEW(arena, Image);
    *picture = *image;
    picture->kind = IMAGE_PIXELS;
    picture->width = width;
    picture->height = height;
    picture->natural_width = width;
    picture->natural_height = height;
    picture->pixels = pixels;
    return picture;
}
