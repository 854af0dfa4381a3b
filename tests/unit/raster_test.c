/* Unit tests of render/raster: pixels, PNG, screen PDF and SVG of scenes made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <png.h>
#include <jpeglib.h>

#include "raster/raster.h"

#include "base/limits.h"

/* ---- one document for all tests ---- */

static Arena *arena;
static DiagList diags;
static FontLibrary *library;
static FontEngine *engine;
static Raster *raster;
static char folder[64];

static const Color red = {.name = "red", .has_rgb = true, .rgb = {255, 0, 0}};
static const Color green = {.name = "green", .has_rgb = true, .rgb = {0, 128, 0}};
static const Color black = {.name = "black", .has_rgb = true, .rgb = {0, 0, 0}};
static const Color white = {.name = "white", .has_rgb = true, .rgb = {255, 255, 255}};

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(0);
    diag_list_init(&diags, arena);
    library = font_library_open(arena, &(FontOptions){.catalogue = "tests/fonts/catalogue.yaml"}, &diags);
    if (!library) {
        print_message("%s\n", diags.items[0].message);
        return 1;
    }
    engine = font_engine_new(arena, library);
    raster = raster_new(arena, engine);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/raster_test_XXXXXX");
    return mkdtemp(folder) ? 0 : 1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static char *path_of(const char *name)
{
    return arena_printf(arena, "%s/%s", folder, name);
}

/* ---- building ---- */

#define PT(n) ((Length)((n) * 1024))
#define RECT(x, y, w, h) ((Rect){PT(x), PT(y), PT(w), PT(h)})

static Path *rect_path(Rect rect)
{
    Path *path = ARENA_NEW(arena, Path);
    *path = (Path){.is_rect = true, .rect = rect};
    return path;
}

static SceneOp fill(Rect rect, const Color *color)
{
    return (SceneOp){.kind = SCENE_FILL, .u.fill = {rect_path(rect), color}};
}

static SceneOp begin(const Matrix *matrix, const Path *clip, double opacity)
{
    return (SceneOp){.kind = SCENE_BEGIN, .u.begin = {matrix, clip, opacity}};
}

static const SceneOp end = {.kind = SCENE_END};

static Scene *scene_of(double width, double height, const SceneOp *ops, size_t count)
{
    Scene *scene = ARENA_NEW(arena, Scene);
    SceneOp *copy = ARENA_ARRAY(arena, SceneOp, count + 1);
    if (count)
        memcpy(copy, ops, count * sizeof *ops);
    *scene = (Scene){.width = PT(width), .height = PT(height), .ops = copy, .op_count = count};
    return scene;
}

#define SCENE(width, height, ...) \
    scene_of(width, height, (SceneOp[]){__VA_ARGS__}, sizeof((SceneOp[]){__VA_ARGS__}) / sizeof(SceneOp))

/* Text set with the font's own advances: one glyph and one cluster a character. */
static GlyphRun *run_of(const char *family, const char *text, double size, double x, double y, const Color *color)
{
    const Face *face = font_find(library, family, 400, SPAN_NONE, &diags);
    assert_non_null(face);
    hb_buffer_t *buffer = hb_buffer_create();
    hb_buffer_add_utf8(buffer, text, -1, 0, -1);
    hb_buffer_guess_segment_properties(buffer);
    bool is_dots = face->strikes_only;
    hb_font_t *font = is_dots ? font_hb_dots(engine, face, (int)size, DOT_STRIKE) : font_hb_font(face);
    assert_non_null(font);
    hb_shape(font, buffer, NULL, 0);
    unsigned count;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(buffer, &count);
    const hb_glyph_position_t *positions = hb_buffer_get_glyph_positions(buffer, NULL);
    Glyph *glyphs = ARENA_ARRAY(arena, Glyph, count);
    Cluster *clusters = ARENA_ARRAY(arena, Cluster, count);
    double at = PT(x);
    for (unsigned i = 0; i < count; i++) {
        size_t next = i + 1 < count ? infos[i + 1].cluster : strlen(text);
        glyphs[i] = (Glyph){infos[i].codepoint, (Length)at, PT(y)};
        clusters[i] = (Cluster){(uint16_t)(next - infos[i].cluster), 1};
        at += positions[i].x_advance * (is_dots ? 16.0 : size * 1024 / face->units_per_em);
    }
    hb_buffer_destroy(buffer);
    GlyphRun *run = ARENA_NEW(arena, GlyphRun);
    *run = (GlyphRun){.face = face, .size = PT(size), .is_dots = is_dots, .color = color, .glyphs = glyphs,
                      .glyph_count = count, .text = text, .clusters = clusters, .cluster_count = count};
    return run;
}

static SceneOp text(const GlyphRun *run)
{
    return (SceneOp){.kind = SCENE_GLYPHS, .u.glyphs = run};
}

static Pixels draw_at(const Scene *scene, double scale, bool dots, const Color *background)
{
    Pixels pixels = {0};
    bool is_drawn = raster_draw(raster, scene, &(RasterOptions){.scale = scale, .dots = dots, .background = background},
                                arena, &pixels, &diags);
    if (!is_drawn)
        print_message("%s\n", diags.items[0].message);
    assert_true(is_drawn);
    return pixels;
}

static uint32_t pixel(Pixels pixels, int x, int y)
{
    uint32_t value;
    memcpy(&value, pixels.data + (size_t)y * pixels.stride + (size_t)x * 4, 4);
    return value;
}

static size_t count_pixels(Pixels pixels, uint32_t value)
{
    size_t count = 0;
    for (int y = 0; y < pixels.height; y++)
        for (int x = 0; x < pixels.width; x++)
            count += pixel(pixels, x, y) == value;
    return count;
}

static bool has_code(const char *code)
{
    for (size_t i = 0; i < diags.count; i++)
        if (strcmp(diags.items[i].code, code) == 0)
            return true;
    return false;
}

/* ---- pixels ---- */

static void test_fill_and_background(void **state)
{
    (void)state;
    Pixels pixels = draw_at(SCENE(10, 8, fill(RECT(2, 1, 3, 4), &red)), 2, false, &white);
    assert_int_equal(pixels.width, 20);
    assert_int_equal(pixels.height, 16);
    assert_int_equal(count_pixels(pixels, 0xFFFF0000), 6 * 8);
    assert_int_equal(count_pixels(pixels, 0xFFFFFFFF), 20 * 16 - 6 * 8);
    assert_int_equal(pixel(pixels, 4, 2), 0xFFFF0000);
    assert_int_equal(pixel(pixels, 9, 9), 0xFFFF0000);
    assert_int_equal(pixel(pixels, 10, 9), 0xFFFFFFFF);
}

static void test_empty_scene(void **state)
{
    (void)state;
    Pixels pixels = draw_at(scene_of(3, 2, NULL, 0), 1, false, NULL);
    assert_int_equal(count_pixels(pixels, 0), 6);
    pixels = draw_at(scene_of(0, 0, NULL, 0), 1, false, NULL);
    assert_int_equal(pixels.width * pixels.height, 1);
}

static void test_area_shows_bleed(void **state)
{
    (void)state;
    Scene *scene = SCENE(4, 4, fill(RECT(-2, -2, 8, 8), &green));
    Pixels pixels;
    assert_true(raster_draw(raster, scene, &(RasterOptions){.scale = 1, .area = RECT(-3, -3, 10, 10)}, arena, &pixels, &diags));
    assert_int_equal(pixels.width, 10);
    assert_int_equal(count_pixels(pixels, 0xFF008000), 64);
    assert_int_equal(pixel(pixels, 0, 0), 0);
    assert_int_equal(pixel(pixels, 1, 1), 0xFF008000);
}

static void test_every_color_value_is_kept(void **state)
{
    (void)state;
    for (int v = 0; v < 256; v++) {
        Color color = {.has_rgb = true, .rgb = {(uint8_t)v, (uint8_t)(255 - v), (uint8_t)(v ^ 85)}};
        Pixels pixels = draw_at(SCENE(1, 1, fill(RECT(0, 0, 1, 1), &color)), 1, false, NULL);
        assert_int_equal(pixel(pixels, 0, 0), 0xFF000000 | (uint32_t)v << 16 | (uint32_t)(255 - v) << 8 | (uint32_t)(v ^ 85));
    }
}

static void test_cmyk_preview(void **state)
{
    (void)state;
    const Color ink = {.has_cmyk = true, .cmyk = {100, 0, 50, 20}};
    Pixels pixels = draw_at(SCENE(1, 1, fill(RECT(0, 0, 1, 1), &ink)), 1, false, NULL);
    assert_int_equal(pixel(pixels, 0, 0), 0xFF00CC66);
}

static void test_path_with_curve(void **state)
{
    (void)state;
    static const uint8_t verbs[] = {PATH_MOVE, PATH_LINE, PATH_CURVE, PATH_CLOSE};
    static const Point points[] = {{0, 0}, {PT(20), 0}, {PT(20), PT(20)}, {PT(20), PT(20)}, {0, PT(20)}};
    Path path = {.verbs = verbs, .verb_count = 4, .points = points, .point_count = 5};
    SceneOp op = {.kind = SCENE_FILL, .u.fill = {&path, &red}};
    Pixels pixels = draw_at(SCENE(20, 20, op), 1, false, NULL);
    assert_int_equal(pixel(pixels, 5, 5), 0xFFFF0000);
    assert_int_equal(pixel(pixels, 19, 19), 0);
    path.point_count = 3;                             /* too few points for the curve: no crash, no reading past them */
    draw_at(SCENE(20, 20, op), 1, false, NULL);
}

static void test_stroke_and_dashes(void **state)
{
    (void)state;
    static const uint8_t verbs[] = {PATH_MOVE, PATH_LINE};
    static const Point points[] = {{0, PT(5)}, {PT(20), PT(5)}};
    static const Length dashes[] = {PT(4), PT(1)};
    static const Length bad[] = {PT(4), -PT(1)}, zeros[] = {0, 0};
    const Path path = {.verbs = verbs, .verb_count = 2, .points = points, .point_count = 2};
    SceneOp op = {.kind = SCENE_STROKE, .u.stroke = {&path, &black, PT(2), {0}, NULL, 0}};
    assert_int_equal(count_pixels(draw_at(SCENE(20, 10, op), 1, false, NULL), 0xFF000000), 40);
    op.u.stroke.dashes = dashes, op.u.stroke.dash_count = 2;
    assert_int_equal(count_pixels(draw_at(SCENE(20, 10, op), 1, false, NULL), 0xFF000000), 32);
    op.u.stroke.dashes = bad;                         /* drawn solid rather than not at all */
    assert_int_equal(count_pixels(draw_at(SCENE(20, 10, op), 1, false, NULL), 0xFF000000), 40);
    op.u.stroke.dashes = zeros;
    assert_int_equal(count_pixels(draw_at(SCENE(20, 10, op), 1, false, NULL), 0xFF000000), 40);
}

static void test_clip_matrix_opacity(void **state)
{
    (void)state;
    const Matrix twice = {2, 0, 0, 2, PT(1), PT(2)};
    const Matrix quarter = {0, 1, -1, 0, PT(10), 0};  /* clockwise: (x, y) to (10 - y, x) */
    Pixels pixels = draw_at(SCENE(10, 10, begin(&twice, rect_path(RECT(0, 0, 2, 2)), 1), fill(RECT(0, 0, 9, 1), &red), end,
                                  fill(RECT(9, 9, 1, 1), &green)), 1, false, NULL);
    assert_int_equal(count_pixels(pixels, 0xFFFF0000), 8);
    assert_int_equal(pixel(pixels, 1, 2), 0xFFFF0000);
    assert_int_equal(pixel(pixels, 9, 9), 0xFF008000);
    pixels = draw_at(SCENE(10, 10, begin(&quarter, NULL, 1), fill(RECT(0, 0, 4, 1), &red), end), 1, false, NULL);
    assert_int_equal(count_pixels(pixels, 0xFFFF0000), 4);
    assert_int_equal(pixel(pixels, 9, 3), 0xFFFF0000);
    pixels = draw_at(SCENE(4, 4, begin(NULL, NULL, 0.5), fill(RECT(0, 0, 2, 2), &red), fill(RECT(0, 0, 2, 2), &black), end),
                     1, false, &white);
    /* one group: the red does not shine through the black */
    uint32_t grey = pixel(pixels, 0, 0);
    assert_in_range(grey & 0xFF, 126, 129);
    assert_int_equal(grey >> 16 & 0xFF, grey & 0xFF);
}

static void test_nothing_is_seen_through_a_flat_matrix(void **state)
{
    (void)state;
    const Matrix flat = {1, 0, 0, 0, 0, 0}, nan = {NAN, 0, 0, 1, 0, 0};
    Pixels pixels = draw_at(SCENE(4, 4, begin(&flat, NULL, 1), begin(NULL, NULL, 1), fill(RECT(0, 0, 4, 4), &red), end, end,
                                  begin(&nan, NULL, 1), fill(RECT(0, 0, 4, 4), &red), end,
                                  begin(NULL, NULL, 0), fill(RECT(0, 0, 4, 4), &red), end, end,
                                  fill(RECT(0, 0, 1, 1), &green)), 1, false, NULL);
    assert_int_equal(count_pixels(pixels, 0xFF008000), 1);
    assert_int_equal(count_pixels(pixels, 0), 15);
}

static void test_modules_are_whole_pixels(void **state)
{
    (void)state;
    static const uint8_t dark[9] = {1, 0, 1, 0, 1, 0, 1, 1, 1};
    const Modules modules = {.columns = 3, .rows = 3, .dark = dark, .area = {PT(0.3), PT(0.2), PT(10.4), PT(10.4)}, .color = &black};
    const SceneOp op = {.kind = SCENE_MODULES, .u.modules = &modules};
    Pixels pixels = draw_at(SCENE(12, 12, op), 1, false, &white);
    assert_int_equal(count_pixels(pixels, 0xFF000000), 6 * 9);
    assert_int_equal(count_pixels(pixels, 0xFFFFFFFF), 144 - 54);
    const Matrix quarter = {0, 1, -1, 0, PT(12), 0};
    pixels = draw_at(SCENE(12, 12, begin(&quarter, NULL, 1), op, end), 4, false, &white);
    assert_in_range(count_pixels(pixels, 0xFF000000), 800, 6 * 14 * 14);
}

static void test_form_is_drawn_where_it_stands(void **state)
{
    (void)state;
    const Scene *form = SCENE(2, 2, fill(RECT(0, 0, 1, 1), &red));
    const SceneOp here = {.kind = SCENE_FORM, .u.form = {form, PT(1), PT(1)}};
    const SceneOp there = {.kind = SCENE_FORM, .u.form = {form, PT(3), PT(2)}};
    Pixels pixels = draw_at(SCENE(5, 5, here, there), 1, false, NULL);
    assert_int_equal(count_pixels(pixels, 0xFFFF0000), 2);
    assert_int_equal(pixel(pixels, 1, 1), 0xFFFF0000);
    assert_int_equal(pixel(pixels, 3, 2), 0xFFFF0000);
}

static Image *checkerboard(void)
{
    static uint32_t board[4] = {0xFFFF0000, 0xFF0000FF, 0xFF0000FF, 0xFFFF0000};
    Image *image = ARENA_NEW(arena, Image);
    *image = (Image){.kind = IMAGE_PIXELS, .path = "board.png", .width = 2, .height = 2, .natural_width = 2,
                     .natural_height = 2, .pixels = (const uint8_t *)board};
    return image;
}

static void test_image_fills_its_area(void **state)
{
    (void)state;
    const SceneOp op = {.kind = SCENE_IMAGE, .u.image = {checkerboard(), RECT(1, 1, 8, 8)}};
    Scene *scene = SCENE(10, 10, op);
    for (int again = 0; again < 2; again++) {         /* the second time from the cache */
        Pixels pixels = draw_at(scene, 1, false, NULL);
        assert_int_equal(pixel(pixels, 1, 1), 0xFFFF0000);
        assert_int_equal(pixel(pixels, 8, 1), 0xFF0000FF);
        assert_int_equal(pixel(pixels, 8, 8), 0xFFFF0000);
        assert_int_equal(pixel(pixels, 0, 0), 0);
        assert_int_equal(pixel(pixels, 9, 5), 0);
        assert_int_equal(count_pixels(pixels, 0), 36);
    }
}

static Image *svg_image(const char *svg)
{
    Source *file = ARENA_NEW(arena, Source);
    *file = (Source){.path = "art.svg", .text = svg, .length = strlen(svg)};
    Image *image = ARENA_NEW(arena, Image);
    *image = (Image){.kind = IMAGE_SVG, .path = "art.svg", .file = file, .width = 10, .height = 10, .natural_width = 10,
                     .natural_height = 10};
    return image;
}

static void test_svg_art(void **state)
{
    (void)state;
    const Image *art = svg_image("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>"
                                 "<rect width='5' height='10' fill='#ff0000'/></svg>");
    const SceneOp op = {.kind = SCENE_IMAGE, .u.image = {art, RECT(0, 0, 20, 10)}};
    Pixels pixels = draw_at(SCENE(20, 10, op), 1, false, NULL);
    assert_int_equal(count_pixels(pixels, 0xFFFF0000), 100);
    const SceneOp broken = {.kind = SCENE_IMAGE, .u.image = {svg_image("<svg"), RECT(0, 0, 20, 10)}};
    assert_false(raster_draw(raster, SCENE(20, 10, broken), &(RasterOptions){.scale = 1}, arena, &pixels, &diags));
    assert_true(has_code("bad-image"));
    assert_int_equal(diags.count, 1);
}

static void test_svg_art_cannot_read_files(void **state)
{
    (void)state;
    char *secret = path_of("secret.png");
    static const uint8_t gray = 0;
    size_t length;
    const uint8_t *png = raster_png_encode(raster_png_new(arena), &(PngPicture){.type = PNG_GREY, .width = 1, .height = 1,
                                           .depth = 8, .rows = &gray, .stride = 1}, 1, &length);
    FILE *file = fopen(secret, "wb");
    fwrite(png, 1, length, file);
    fclose(file);
    const Image *art = svg_image(arena_printf(arena, "<svg xmlns='http://www.w3.org/2000/svg' "
        "xmlns:xlink='http://www.w3.org/1999/xlink' width='10' height='10'><image xlink:href='file://%s' width='10' height='10'/>"
        "<image xlink:href='%s' width='10' height='10'/></svg>", secret, secret));
    const SceneOp op = {.kind = SCENE_IMAGE, .u.image = {art, RECT(0, 0, 10, 10)}};
    assert_int_equal(count_pixels(draw_at(SCENE(10, 10, op), 1, false, NULL), 0), 100);
}

static void test_too_large(void **state)
{
    (void)state;
    Pixels pixels;
    Scene *scene = scene_of(100, 100, NULL, 0);
    assert_false(raster_draw(raster, scene, &(RasterOptions){.scale = 400}, arena, &pixels, &diags));
    assert_true(has_code("picture-too-large"));
    assert_string_equal(diags.items[0].message, "a picture of 40000 x 40000 pixels is too large: 32768 is the longest side "
                                                "and 400000000 pixels the most");
    assert_false(raster_draw(raster, scene, &(RasterOptions){.scale = 1e300}, arena, &pixels, &diags));
    assert_false(raster_draw(raster, scene, &(RasterOptions){.scale = NAN}, arena, &pixels, &diags));
    assert_false(raster_draw(raster, scene, &(RasterOptions){.scale = -1}, arena, &pixels, &diags));
}

static void test_long_strip_is_drawn_in_bands(void **state)
{
    (void)state;
    Scene *scene = SCENE(70000, 2, fill(RECT(16380, 0, 10, 2), &red), fill(RECT(69999, 1, 1, 1), &green));
    scene->is_screen = true;
    Pixels pixels = draw_at(scene, 1, true, &black);
    assert_int_equal(count_pixels(pixels, 0xFFFF0000), 20);
    assert_int_equal(pixel(pixels, 69999, 1), 0xFF008000);
}

/* ---- glyphs ---- */

static void test_text_in_pixels(void **state)
{
    (void)state;
    GlyphRun *run = run_of("Test Sans", "不转账", 40, 4, 40, &black);
    Pixels pixels = draw_at(SCENE(140, 60, text(run)), 1, false, &white);
    size_t ink = count_pixels(pixels, 0xFF000000), paper = count_pixels(pixels, 0xFFFFFFFF);
    assert_in_range(ink, 300, 4000);
    assert_true(paper < 140 * 60 - ink);              /* some grey at the edges */
    pixels = draw_at(SCENE(140, 60, text(run)), 1, true, &white);
    assert_int_equal(count_pixels(pixels, 0xFF000000) + count_pixels(pixels, 0xFFFFFFFF), 140 * 60);
    /* large enough to be filled as paths */
    run = run_of("Test Sans", "不", 3000, 0, 2600, &black);
    pixels = draw_at(SCENE(3000, 3000, text(run)), 1, false, NULL);
    assert_in_range(count_pixels(pixels, 0xFF000000), 500000, 5000000);
}

static double mean_difference(Pixels a, Pixels b)
{
    assert_int_equal(a.width, b.width);
    assert_int_equal(a.height, b.height);
    double sum = 0;
    for (int y = 0; y < a.height; y++)
        for (int x = 0; x < a.width * 4; x++)
            sum += abs(a.data[(size_t)y * a.stride + (size_t)x] - b.data[(size_t)y * b.stride + (size_t)x]);
    return sum / a.width / a.height / 4;
}

static void test_masks_and_paths_look_the_same(void **state)
{
    (void)state;
    /* the same glyph as a mask at 1000 px and, 1 % of it larger than masks go, as a path scaled down by the matrix */
    const Matrix third = {0.25, 0, 0, 0.25, 0, 0};
    Pixels mask = draw_at(SCENE(500, 500, text(run_of("Test Sans", "转", 480, 10, 430, &black))), 1, false, &white);
    Pixels turned = draw_at(SCENE(500, 500, begin(&third, NULL, 1), text(run_of("Test Sans", "转", 1920, 40, 1720, &black)), end),
                            1, false, &white);
    assert_true(mean_difference(mask, turned) < 0.01);
    Pixels large = draw_at(SCENE(2000, 2000, text(run_of("Test Sans", "转", 1920, 40, 1720, &black))), 1, false, &white);
    Pixels twice = draw_at(SCENE(1000, 1000, text(run_of("Test Sans", "转", 960, 20, 860, &black))), 1, false, &white);
    double ink_large = count_pixels(large, 0xFF000000) / 4.0, ink_twice = (double)count_pixels(twice, 0xFF000000);
    assert_true(fabs(ink_large - ink_twice) < 0.05 * ink_twice);
}

static void test_text_outline(void **state)
{
    (void)state;
    GlyphRun *run = run_of("Test Sans", "转", 80, 10, 80, &white);
    size_t fill_only = count_pixels(draw_at(SCENE(100, 100, text(run)), 1, true, &green), 0xFFFFFFFF);
    run->stroke_color = &red;
    run->stroke_width = PT(3);
    Pixels pixels = draw_at(SCENE(100, 100, text(run)), 1, true, &green);
    assert_int_equal(count_pixels(pixels, 0xFFFFFFFF), fill_only);      /* the outline lies under the letters */
    assert_true(count_pixels(pixels, 0xFFFF0000) > 500);
}

static void test_rotated_text(void **state)
{
    (void)state;
    GlyphRun *run = run_of("Test Sans", "不", 40, 10, 40, &black);
    Pixels upright = draw_at(SCENE(60, 60, text(run)), 1, false, &white);
    Glyph turned = {run->glyphs[0].id, PT(20), PT(10)};                 /* (x, y) turned round the middle: (60 - y, x) */
    run->glyphs = &turned;
    run->rotate = 90;
    Pixels rotated = draw_at(SCENE(60, 60, text(run)), 1, false, &white);
    for (int y = 0; y < 60; y++)
        for (int x = 0; x < 60; x++)
            assert_in_range((pixel(upright, x, y) & 0xFF) + 4 - (pixel(rotated, 59 - y, x) & 0xFF), 0, 8);
}

static void test_dots_are_the_strike(void **state)
{
    (void)state;
    GlyphRun *run = run_of("Test Dots", "不转账", 16, 0, 14, &red);
    Scene *scene = SCENE(64, 16, text(run));
    scene->is_screen = true;
    Pixels pixels = draw_at(scene, 1, true, &black);
    size_t lit = count_pixels(pixels, 0xFFFF0000);
    assert_in_range(lit, 60, 500);
    assert_int_equal(lit + count_pixels(pixels, 0xFF000000), 64 * 16);
    /* the very bits of FreeType */
    FT_Face ft = font_ft_dots(engine, run->face, 16, DOT_STRIKE);
    assert_int_equal(FT_Load_Glyph(ft, run->glyphs[0].id, font_load_flags(DOT_STRIKE)), 0);
    const FT_Bitmap *bitmap = &ft->glyph->bitmap;
    for (int y = 0; y < (int)bitmap->rows; y++)
        for (int x = 0; x < (int)bitmap->width; x++)
            assert_int_equal(bitmap->buffer[y * bitmap->pitch + x / 8] >> (7 - x % 8) & 1,
                             pixel(pixels, ft->glyph->bitmap_left + x, 14 - ft->glyph->bitmap_top + y) == 0xFFFF0000);
    /* twice as large: each dot two by two; half a dot beside: no grey */
    assert_int_equal(count_pixels(draw_at(scene, 2, true, &black), 0xFFFF0000), 4 * lit);
    const Matrix half = {1, 0, 0, 1, PT(0.5), PT(0.4)};
    pixels = draw_at(SCENE(66, 18, begin(&half, NULL, 1), text(run), end), 1, true, &black);
    assert_int_equal(count_pixels(pixels, 0xFFFF0000), lit);
}

static void test_turned_dots(void **state)
{
    (void)state;
    GlyphRun *run = run_of("Test Dots", "账", 16, 0, 14, &red);
    Pixels upright = draw_at(SCENE(16, 16, text(run)), 1, true, &black);
    static const int turns[4] = {0, 90, 180, 270};
    static const Point origins[4] = {{0, PT(14)}, {PT(2), 0}, {PT(16), PT(2)}, {PT(14), PT(16)}};
    for (int turn = 1; turn < 4; turn++) {
        Glyph glyph = {run->glyphs[0].id, origins[turn].x, origins[turn].y};
        GlyphRun turned = *run;
        turned.glyphs = &glyph;
        turned.rotate = turns[turn];
        Pixels pixels = draw_at(SCENE(16, 16, text(&turned)), 1, true, &black);
        for (int y = 0; y < 16; y++)
            for (int x = 0; x < 16; x++) {
                int tx = turn == 1 ? 15 - y : turn == 2 ? 15 - x : y, ty = turn == 1 ? x : turn == 2 ? 15 - y : 15 - x;
                assert_int_equal(pixel(upright, x, y), pixel(pixels, tx, ty));
            }
    }
}

/* ---- PNG ---- */

typedef struct Decoded { int width, height, depth, type; uint8_t *rgba; uint32_t per_metre; int palette_count; } Decoded;

typedef struct Reader { const uint8_t *at, *end; } Reader;

static void read_bytes(png_structp png, png_bytep out, size_t length)
{
    Reader *reader = png_get_io_ptr(png);
    assert_true((size_t)(reader->end - reader->at) >= length);
    memcpy(out, reader->at, length);
    reader->at += length;
}

static Decoded decode(const uint8_t *bytes, size_t length)
{
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png)))
        fail_msg("libpng refuses the file");
    Reader reader = {bytes, bytes + length};
    png_set_read_fn(png, &reader, read_bytes);
    png_read_info(png, info);
    Decoded out = {(int)png_get_image_width(png, info), (int)png_get_image_height(png, info), png_get_bit_depth(png, info),
                   png_get_color_type(png, info), NULL, png_get_x_pixels_per_meter(png, info), 0};
    png_colorp palette;
    if (png_get_valid(png, info, PNG_INFO_PLTE))
        png_get_PLTE(png, info, &palette, &out.palette_count);
    png_set_expand(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
    png_read_update_info(png, info);
    out.rgba = ARENA_ARRAY(arena, uint8_t, (size_t)out.width * (size_t)out.height * 4);
    for (int y = 0; y < out.height; y++)
        png_read_row(png, out.rgba + (size_t)y * (size_t)out.width * 4, NULL);
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    assert_ptr_equal(reader.at, reader.end);
    return out;
}

static uint32_t seed = 1;
static uint8_t noise(void)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint8_t)(seed >> 24);
}

static void test_png_of_every_type(void **state)
{
    (void)state;
    static const struct { PngType type; int depth, channels, color_type; } rows[] = {
        {PNG_RGB, 8, 3, 2}, {PNG_RGBA, 8, 4, 6}, {PNG_GREY, 8, 1, 0},
        {PNG_PALETTE, 8, 1, 3}, {PNG_PALETTE, 4, 1, 3}, {PNG_PALETTE, 2, 1, 3}, {PNG_PALETTE, 1, 1, 3},
    };
    PngEncoder *encoder = raster_png_new(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int kind = 0; kind < 4; kind++) {        /* flat, gradient, noise, one pixel */
            int width = kind == 3 ? 1 : 61, height = kind == 3 ? 1 : 23;
            size_t stride = ((size_t)(width * rows[i].channels * rows[i].depth) + 7) / 8 + 5;
            uint8_t *bytes = ARENA_ARRAY(arena, uint8_t, stride * (size_t)height);
            for (size_t at = 0; at < stride * (size_t)height; at++)
                bytes[at] = kind == 0 ? 0x55 : kind == 1 ? (uint8_t)(at % stride + at / stride) : noise();
            PngPicture picture = {.type = rows[i].type, .width = width, .height = height, .depth = rows[i].depth,
                                  .rows = bytes, .stride = stride, .dpi = 300};
            picture.palette_count = rows[i].type == PNG_PALETTE ? 1 << rows[i].depth : 0;
            for (int c = 0; c < picture.palette_count; c++)
                for (int k = 0; k < 3; k++)
                    picture.palette[c][k] = noise();
            for (int level = 0; level <= 13; level += 3) {            /* out of range: the nearest */
                size_t length;
                const uint8_t *png = raster_png_encode(encoder, &picture, level, &length);
                assert_non_null(png);
                Decoded decoded = decode(png, length);
                assert_int_equal(decoded.type, rows[i].color_type);
                assert_int_equal(decoded.depth, rows[i].depth);
                assert_int_equal(decoded.per_metre, 11811);
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        const uint8_t *row = bytes + (size_t)y * stride, *got = decoded.rgba + 4 * (y * width + x);
                        int depth = rows[i].depth, index = row[x * depth / 8] >> (8 - depth - x * depth % 8) & ((1 << depth) - 1);
                        uint8_t want[4] = {0, 0, 0, 255};
                        if (picture.type == PNG_PALETTE)
                            memcpy(want, picture.palette[index], 3);
                        else if (picture.type == PNG_GREY)
                            memset(want, row[x], 3);
                        else
                            memcpy(want, row + x * rows[i].channels, (size_t)rows[i].channels);
                        assert_memory_equal(got, want, 4);
                    }
                }
            }
        }
    }
}

static void test_bad_png_pictures(void **state)
{
    (void)state;
    static const uint8_t bytes[64];
    PngEncoder *encoder = raster_png_new(arena);
    const PngPicture good = {.type = PNG_PALETTE, .width = 8, .height = 8, .depth = 1, .rows = bytes, .stride = 1, .palette_count = 2};
    PngPicture bad[7] = {good, good, good, good, good, good, good};
    bad[0].width = 0, bad[1].height = -1, bad[2].palette_count = 3, bad[3].palette_count = 0, bad[4].depth = 3;
    bad[5].stride = 0, bad[6].type = PNG_RGB;
    size_t length;
    assert_non_null(raster_png_encode(encoder, &good, 1, &length));
    for (size_t i = 0; i < 7; i++) {
        assert_null(raster_png_encode(encoder, &bad[i], 1, &length));
        assert_int_equal(length, 0);
    }
}

/* `count` colours in a picture of 20 x 20. */
static Pixels pixels_with(int count, uint32_t alpha)
{
    uint32_t *data = ARENA_ARRAY(arena, uint32_t, 400);
    for (int i = 0; i < 400; i++)
        data[i] = alpha << 24 | (uint32_t)(i % count) * 0x000305 % 0x10000;
    return (Pixels){.width = 20, .height = 20, .stride = 80, .data = (uint8_t *)data};
}

static void test_pixels_choose_the_smallest_type(void **state)
{
    (void)state;
    static const struct { int count, type, depth; } rows[] = {{1, 3, 1}, {2, 3, 1}, {3, 3, 2}, {4, 3, 2}, {5, 3, 4},
                                                              {16, 3, 4}, {17, 3, 8}, {256, 3, 8}, {257, 2, 8}};
    PngEncoder *encoder = raster_png_new(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Pixels pixels = pixels_with(rows[i].count, 255);
        size_t length;
        const uint8_t *png = raster_png_encode_pixels(encoder, &pixels, 1, 0, &length);
        Decoded decoded = decode(png, length);
        assert_int_equal(decoded.type, rows[i].type);
        assert_int_equal(decoded.depth, rows[i].depth);
        assert_int_equal(decoded.palette_count, rows[i].type == 3 ? rows[i].count : 0);
        assert_int_equal(decoded.per_metre, 0);
        for (int p = 0; p < 400; p++) {
            uint32_t want = pixel(pixels, p % 20, p / 20);
            const uint8_t rgba[4] = {(uint8_t)(want >> 16), (uint8_t)(want >> 8), (uint8_t)want, 255};
            assert_memory_equal(decoded.rgba + 4 * p, rgba, 4);
        }
    }
}

static void test_clear_pixels_keep_their_alpha(void **state)
{
    (void)state;
    uint32_t data[4] = {0x80800000, 0x00000000, 0xFF123456, 0x01010101};
    Pixels pixels = {.width = 4, .height = 1, .stride = 16, .data = (uint8_t *)data};
    size_t length;
    const uint8_t *png = raster_png_encode_pixels(raster_png_new(arena), &pixels, 6, 0, &length);
    Decoded decoded = decode(png, length);
    static const uint8_t want[16] = {255, 0, 0, 128, 0, 0, 0, 0, 0x12, 0x34, 0x56, 255, 255, 255, 255, 1};
    assert_int_equal(decoded.type, 6);
    assert_memory_equal(decoded.rgba, want, 16);
}

static void test_large_picture_round_trip(void **state)
{
    (void)state;
    /* letters, flat ground, gradient and noise: every way of compressing in one picture of many colours */
    Pixels pixels = draw_at(SCENE(600, 500, text(run_of("Test Sans", "不转账", 150, 20, 180, &red)),
                                  text(run_of("Test Sans", "不转账", 30, 20, 300, &green))), 1, false, &white);
    uint32_t *data = (uint32_t *)pixels.data;
    for (int y = 320; y < 500; y++)
        for (int x = 0; x < 600; x++)
            data[y * 600 + x] = 0xFF000000 | (y < 400 ? (uint32_t)(x * y) & 0xFFFF : y < 450 ? (uint32_t)x : (uint32_t)noise() << 8 | noise());
    PngEncoder *encoder = raster_png_new(arena);
    for (int level = 1; level <= 9; level += 2) {
        size_t length;
        const uint8_t *png = raster_png_encode_pixels(encoder, &pixels, level, 72, &length);
        Decoded decoded = decode(png, length);
        assert_int_equal(decoded.type, 2);
        for (int p = 0; p < 600 * 500; p++) {
            const uint8_t rgba[4] = {(uint8_t)(data[p] >> 16), (uint8_t)(data[p] >> 8), (uint8_t)data[p], 255};
            if (memcmp(decoded.rgba + 4 * p, rgba, 4) != 0)
                fail_msg("level %d: pixel %d differs", level, p);
        }
    }
}

/* ---- pictures of a run: only what changed is drawn ---- */

static const Color shades[] = {
    {.name = "a", .has_rgb = true, .rgb = {200, 16, 46}}, {.name = "b", .has_rgb = true, .rgb = {16, 46, 200}},
    {.name = "c", .has_rgb = true, .rgb = {255, 222, 0}}, {.name = "d", .has_rgb = true, .rgb = {255, 255, 255}},
};

static unsigned below(unsigned count) { return noise() % count; }

/* Something at random: shapes over each other, text, a code at half pixels, groups that turn, cut and fade. */
static size_t add_random_unit(SceneOp *out, bool is_inside)
{
    static const char *const words[] = {"诈骗", "不轻信", "Ag", "向阳第一社区"};
    const Color *color = &shades[below(4)];
    Rect rect = {below(120) * 1024 + below(4) * 256, below(170) * 1024 + below(4) * 256, PT(4 + below(60)), PT(4 + below(60))};
    switch (below(is_inside ? 5 : 7)) {
    case 0: out[0] = fill(rect, color); return 1;
    case 1:
        out[0] = (SceneOp){.kind = SCENE_STROKE, .u.stroke = {path_ellipse(arena, rect), color, PT(1 + below(5)), {0}, NULL, 0}};
        return 1;
    case 2: out[0] = text(run_of("Test Sans", words[below(4)], 9 + below(40), below(100), 20 + below(160), color)); return 1;
    case 3: {
        Modules *modules = ARENA_NEW(arena, Modules);
        uint8_t *dark = ARENA_ARRAY(arena, uint8_t, 49);
        for (int i = 0; i < 49; i++) dark[i] = noise() & 1;
        rect.width = rect.height = PT(21 + 3 * below(8)) + 512;
        *modules = (Modules){7, 7, dark, rect, color, "x"};
        out[0] = (SceneOp){.kind = SCENE_MODULES, .u.modules = modules};
        return 1;
    }
    case 4: {
        static const GradientStop stops[] = {{0, &shades[0]}, {0.4, &shades[2]}, {1, &shades[1]}};
        static const Gradient across = {.angle = 30, .stops = stops, .stop_count = 3}, round = {.kind = GRADIENT_RADIAL, .at = {0.5, 0.5}, .stops = stops, .stop_count = 3};
        Color *fade = ARENA_NEW(arena, Color);
        *fade = (Color){.name = "fade", .has_rgb = true, .gradient = below(2) ? &across : &round};
        if (gradient_place(fade->gradient, rect, &fade->axis)) color = fade;
        out[0] = fill(rect, color);
        return 1;
    }
    default: {
        static const Matrix turned = {0.8, 0.6, -0.6, 0.8, 40 * 1024, -20 * 1024};
        bool is_turned = below(2), is_cut = below(2);
        out[0] = begin(is_turned ? &turned : NULL, is_cut ? path_ellipse(arena, rect) : NULL, below(2) ? 1 : 0.5);
        size_t count = 1;
        for (unsigned i = 0; i < 3; i++) count += add_random_unit(out + count, true);
        out[count] = end;
        return count + 1;
    }
    }
}

typedef struct Units { struct { SceneOp ops[8]; size_t count; } items[24]; size_t count; } Units;

static const Scene *scene_of_units(const Units *units)
{
    SceneOp ops[24 * 8];
    size_t count = 0;
    for (size_t i = 0; i < units->count; i++)
        for (size_t k = 0; k < units->items[i].count; k++) ops[count++] = units->items[i].ops[k];
    return scene_of(160, 200, ops, count);
}

/* One thing comes, goes, or is another: as rows of a table do to a layout. */
static void change_units(Units *units)
{
    unsigned at = units->count ? below((unsigned)units->count) : 0, what = below(4);
    if (what == 0 && units->count) {
        memmove(&units->items[at], &units->items[at + 1], (--units->count - at) * sizeof units->items[0]);
        return;
    }
    if (what == 1 && units->count < 24) {
        memmove(&units->items[at + 1], &units->items[at], (units->count++ - at) * sizeof units->items[0]);
        units->items[at].count = add_random_unit(units->items[at].ops, false);
    } else if (units->count) {
        units->items[at].count = add_random_unit(units->items[at].ops, false);
    }
}

/* Cairo cuts what it draws at the edge of what it draws upon, and samples rows by what edges meet in them: half covered
 * pixels of turned edges may have a shade a little off in a band, and fades the next one. */
#define SHADES_OFF 16

static void assert_shows(const uint8_t *png, size_t length, Pixels pixels)
{
    Decoded decoded = decode(png, length);
    size_t off = 0;
    assert_int_equal(decoded.width, pixels.width);
    assert_int_equal(decoded.height, pixels.height);
    for (int y = 0; y < pixels.height; y++)
        for (int x = 0; x < pixels.width; x++) {
            const uint8_t *got = decoded.rgba + 4 * ((size_t)y * (size_t)pixels.width + (size_t)x);
            uint32_t value = (uint32_t)got[3] << 24 | (uint32_t)got[0] << 16 | (uint32_t)got[1] << 8 | got[2], want = pixel(pixels, x, y);
            int most = 0;
            for (int shift = 0; shift < 32; shift += 8) {
                int shades_off = abs((int)(value >> shift & 255) - (int)(want >> shift & 255));
                if (shades_off > most) most = shades_off;
            }
            if (most > SHADES_OFF) fail_msg("%d, %d: %08x, not %08x", x, y, value, want);
            off += most > 2;
        }
    assert_true(off <= (size_t)pixels.width * (size_t)pixels.height / 1000);
}

/* Whatever was drawn before: the pixels of the plain way, and the bytes of a picture drawn alone. */
static void test_series_depend_on_nothing_before(void **state)
{
    (void)state;
    seed = 11;
    PictureSeries *series = raster_series_new(arena, raster);
    Units units = {.count = 0};
    for (int i = 0; i < 8; i++) units.items[units.count++].count = add_random_unit(units.items[i].ops, false);
    for (int round = 0; round < 150; round++) {
        const Scene *scene = scene_of_units(&units);
        RasterOptions options = {.scale = round % 50 < 40 ? 1 : 1.7, .background = &white};
        size_t length, alone_length;
        const uint8_t *png = raster_series_encode(series, scene, &options, 96, &length, &diags);
        assert_non_null(png);
        assert_shows(png, length, draw_at(scene, options.scale, false, &white));
        const uint8_t *alone = raster_series_encode(raster_series_new(arena, raster), scene, &options, 96, &alone_length, &diags);
        assert_int_equal(length, alone_length);
        assert_memory_equal(png, alone, length);
        for (unsigned i = below(3); i-- > 0;) change_units(&units);
    }
}

/* From a palette to true colours, to clear ones, and back. */
static void test_series_change_their_type(void **state)
{
    (void)state;
    PictureSeries *series = raster_series_new(arena, raster);
    SceneOp stripes[1200];
    Color *many = ARENA_ARRAY(arena, Color, 400);
    for (int i = 0; i < 400; i++) {
        many[i] = (Color){.has_rgb = true, .rgb = {(uint8_t)i, (uint8_t)(i >> 8), 7}};
        stripes[i] = fill(RECT(i % 20 * 5, i / 20 * 5, 5, 5), &many[i]);
    }
    static const struct { size_t count; bool clear; int type; } steps[] = {
        {3, false, 3}, {200, false, 3}, {400, false, 2}, {399, false, 2}, {2, false, 3}, {2, true, 6}, {2, true, 6}, {400, true, 2}, {250, false, 3}, {250, false, 3},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const Scene *scene = scene_of(100, 100, stripes, steps[i].count);
        RasterOptions options = {.scale = 1, .background = steps[i].clear ? NULL : &white};
        size_t length;
        const uint8_t *png = raster_series_encode(series, scene, &options, 0, &length, &diags);
        assert_non_null(png);
        assert_int_equal(decode(png, length).type, steps[i].type);
        assert_shows(png, length, draw_at(scene, 1, false, options.background));
    }
}

static void test_series_refuse_what_is_too_large(void **state)
{
    (void)state;
    size_t length;
    PictureSeries *series = raster_series_new(arena, raster);
    assert_null(raster_series_encode(series, SCENE(40000, 10), &(RasterOptions){.scale = 1}, 0, &length, &diags));
    assert_true(has_code("picture-too-large"));
    assert_non_null(raster_series_encode(series, SCENE(20000, 3, fill(RECT(0, 0, 20000, 2), &red)), &(RasterOptions){.scale = 1, .background = &white}, 0, &length, &diags));
    const Scene *scene = SCENE(20000, 3, fill(RECT(16000, 0, 2000, 2), &red));
    const uint8_t *png = raster_series_encode(series, scene, &(RasterOptions){.scale = 1, .background = &white}, 0, &length, &diags);
    assert_shows(png, length, draw_at(scene, 1, false, &white));
}

/* ---- PDF and SVG ---- */

/* Write pages; the path of the file, or NULL. */
static char *write_pdf_of(const char *name, const Scene *const *pages, size_t count, const PdfMeta *meta, FontGlyphs *glyphs)
{
    char *path = path_of(name);
    OutFile *file = file_create(path, &diags);
    assert_non_null(file);
    Pdf *pdf = raster_pdf_new(arena, raster, file, meta, glyphs);
    for (size_t i = 0; i < count; i++)
        assert_true(raster_pdf_add_page(pdf, pages[i], &diags));
    assert_true(raster_pdf_finish(pdf, &diags));
    assert_true(file_commit(file, false, &diags));
    return path;
}

static char *write_pdf(const char *name, const Scene *const *pages, size_t count, const PdfMeta *meta)
{
    return write_pdf_of(name, pages, count, meta, NULL);
}

static const Source *read_all(const char *path)
{
    const Source *source = file_read(arena, path, (size_t)1 << 28, SPAN_NONE, &diags);
    assert_non_null(source);
    return source;
}

/* Standard output of a command, or NULL when the program is not installed. */
static char *output_of(const char *program, const char *arguments)
{
    char *command = arena_printf(arena, "command -v %s >/dev/null && %s %s 2>&1", program, program, arguments);
    FILE *pipe = popen(command, "r");
    char *out = ARENA_ARRAY(arena, char, 1 << 20);
    size_t length = fread(out, 1, (1 << 20) - 1, pipe);
    out[length] = 0;
    int status = pclose(pipe);
    return status == 0 || length ? out : NULL;
}

static size_t count_of(const char *text_, size_t length, const char *word)
{
    size_t count = 0;
    for (const char *at = text_; (at = memmem(at, length - (size_t)(at - text_), word, strlen(word))); at++)
        count++;
    return count;
}

/* Letters on plain ground, narrow and very wide rows. */
static void test_flat_pictures_round_trip(void **state)
{
    (void)state;
    static const struct { int width, height, noise_every; } rows[] = {{1080, 1920, 40}, {1080, 800, 1000000}, {3, 200000, 50}, {20000, 60, 9}};
    PngEncoder *encoder = raster_png_new(arena);
    for (size_t i = 0; i < 4; i++) {
        size_t count = (size_t)rows[i].width * (size_t)rows[i].height;
        uint32_t *data = ARENA_ARRAY(arena, uint32_t, count);
        for (size_t p = 0; p < count; p++)
            data[p] = p % (size_t)rows[i].noise_every == 7 ? 0xFF000000 | (uint32_t)noise() << 16 | (uint32_t)noise() << 8 | noise()
                                                           : 0xFFC8101E + (p / 5000 % 2) * 0x1000;
        for (uint32_t p = 0; p < 300; p++)
            data[p] = 0xFF000000 | p;                 /* more than 256 colours */
        Pixels pixels = {.width = rows[i].width, .height = rows[i].height, .stride = (size_t)rows[i].width * 4, .data = (uint8_t *)data};
        size_t length;
        const uint8_t *png = raster_png_encode_pixels(encoder, &pixels, 1, 0, &length);
        assert_true(length < count * 3);
        Decoded decoded = decode(png, length);
        for (size_t p = 0; p < count; p++) {
            const uint8_t rgba[4] = {(uint8_t)(data[p] >> 16), (uint8_t)(data[p] >> 8), (uint8_t)data[p], 255};
            if (memcmp(decoded.rgba + 4 * p, rgba, 4) != 0)
                fail_msg("picture %zu: pixel %zu differs", i, p);
        }
    }
}

static void test_pdf_text_and_metadata(void **state)
{
    (void)state;
    Scene *scene = SCENE(200, 100, text(run_of("Test Sans", "不转账", 40, 10, 60, &black)));
    scene->bleed = PT(10);
    char *path = write_pdf("text.pdf", (const Scene *[]){scene}, 1, &(PdfMeta){.title = "防诈", .author = "A (B)", .date = "2020-09-29"});
    char *out = output_of("pdftotext", arena_printf(arena, "%s -", path));
    if (out)
        assert_non_null(strstr(out, "不转账"));
    if ((out = output_of("pdfinfo", path))) {
        assert_non_null(strstr(out, "防诈"));
        assert_non_null(strstr(out, "A (B)"));
        assert_non_null(strstr(out, "biaoyu"));
        assert_non_null(strstr(out, "220 x 120 pts"));
        assert_non_null(strstr(out, "2020"));
    }
    if ((out = output_of("qpdf", arena_printf(arena, "--check %s", path))))
        assert_non_null(strstr(out, "No syntax or stream encoding errors"));
    if ((out = output_of("pdffonts", path)))
        assert_non_null(strstr(out, "yes yes yes"));
}

/* Told which glyphs there will be, the file says the same; what nobody spoke of is drawn all the same. */
static void test_pdf_of_expected_glyphs(void **state)
{
    (void)state;
    const Scene *named = SCENE(200, 100, text(run_of("Test Sans", "不转账", 40, 10, 60, &black)));
    const Scene *both = SCENE(200, 100, text(run_of("Test Sans", "不转账", 40, 10, 60, &black)), text(run_of("Test Sans", "不轻信", 30, 10, 90, &red)));
    FontGlyphs *glyphs = font_glyphs_new(arena);
    raster_pdf_expect(glyphs, SCENE(200, 100, (SceneOp){.kind = SCENE_FORM, .u.form = {named, 0, 0}}));
    const Scene *pages[] = {named, both};
    char *whole = write_pdf("whole.pdf", pages, 2, NULL), *path = write_pdf_of("expected.pdf", pages, 2, NULL, glyphs);
    const Source *one = read_all(path), *two = read_all(write_pdf_of("expected-2.pdf", pages, 2, NULL, glyphs));
    assert_int_equal(one->length, two->length);
    assert_memory_equal(one->text, two->text, one->length);
    char *out = output_of("pdftotext", arena_printf(arena, "%s -", path));
    if (out) {
        assert_non_null(strstr(out, "不轻信"));
        assert_string_equal(out, output_of("pdftotext", arena_printf(arena, "%s -", whole)));
    }
    for (int page = 1; page <= 2; page++) {
        const char *pictures[2];
        for (int i = 0; i < 2; i++) pictures[i] = output_of("pdftoppm", arena_printf(arena, "-r 50 -png -f %d -singlefile %s %s", page, i ? path : whole, path_of(i ? "e" : "w")));
        if (!pictures[0]) return;
        const Source *a = read_all(path_of("w.png")), *b = read_all(path_of("e.png"));
        assert_int_equal(a->length, b->length);
        assert_memory_equal(a->text, b->text, a->length);
    }
}

static void test_bad_clusters_still_draw(void **state)
{
    (void)state;
    GlyphRun *run = run_of("Test Sans", "不转账", 40, 10, 60, &black);
    static const Cluster wrong[] = {{1, 1}, {8, 2}}, longer[] = {{3, 1}, {3, 1}, {4, 1}};
    GlyphRun split = *run, over = *run, broken = *run, silent = *run;
    split.clusters = wrong, split.cluster_count = 2;
    over.clusters = longer;
    broken.text = "\xff\xfe\xfd\xff\xfe\xfd\xff\xfe\xfd";
    silent.text = NULL, silent.cluster_count = 0;
    Scene *scene = SCENE(200, 100, text(&split), text(&over), text(&broken), text(&silent), text(run));
    char *path = write_pdf("clusters.pdf", (const Scene *[]){scene}, 1, NULL);
    char *out = output_of("pdftotext", arena_printf(arena, "%s -", path));
    if (out)
        assert_non_null(strstr(out, "不转账"));
}

static void test_pdf_is_the_same_twice(void **state)
{
    (void)state;
    const Scene *form = SCENE(10, 10, fill(RECT(0, 0, 5, 5), &red));
    SceneOp image = {.kind = SCENE_IMAGE, .u.image = {checkerboard(), RECT(50, 50, 20, 20)}};
    const SceneOp use = {.kind = SCENE_FORM, .u.form = {form, PT(1), PT(1)}}, again = {.kind = SCENE_FORM, .u.form = {form, PT(20), PT(1)}};
    Scene *scene = SCENE(200, 100, text(run_of("Test Sans", "不转账", 40, 10, 60, &black)), image, use, again,
                         begin(NULL, NULL, 0.5), fill(RECT(0, 0, 9, 9), &green), end);
    const Scene *pages[] = {scene, scene};
    const Source *one = read_all(write_pdf("one.pdf", pages, 2, NULL)), *two = read_all(write_pdf("two.pdf", pages, 2, NULL));
    assert_int_equal(one->length, two->length);
    assert_memory_equal(one->text, two->text, one->length);
    /* and with handles that never drew before */
    Raster *kept = raster;
    raster = raster_new(arena, font_engine_new(arena, library));
    const Source *three = read_all(write_pdf("three.pdf", pages, 2, NULL));
    raster = kept;
    assert_int_equal(one->length, three->length);
    assert_memory_equal(one->text, three->text, one->length);
}

static void test_forms_stand_wherever_they_are_used(void **state)
{
    (void)state;
    const Scene *form = SCENE(50, 50, text(run_of("Test Sans", "不转账", 12, 1, 20, &black)), fill(RECT(0, 30, 40, 2), &red));
    SceneOp ops[24];
    for (int i = 0; i < 24; i++)
        ops[i] = (SceneOp){.kind = SCENE_FORM, .u.form = {form, PT(i % 4 * 60), PT(i / 4 * 60)}};
    const Scene *page = scene_of(240, 360, ops, 24);
    char *path = write_pdf("forms.pdf", (const Scene *[]){page, page, page}, 3, NULL);
    char *out = output_of("qpdf", arena_printf(arena, "--qdf --object-streams=disable %s -", path));
    /* no XObject: Cairo 1.16's are not the same from run to run */
    if (out)
        assert_int_equal(count_of(out, strlen(out), "/Subtype /Form"), 0);
    if ((out = output_of("qpdf", arena_printf(arena, "--check %s", path))))
        assert_non_null(strstr(out, "No syntax or stream encoding errors"));
    if ((out = output_of("pdftotext", arena_printf(arena, "%s -", path))))
        assert_int_equal(count_of(out, strlen(out), "不转账"), 72);
}

/* Some print servers drop pages whose resources name an XObject twice. */
static void test_pdf_names_no_object_twice(void **state)
{
    (void)state;
    const Image *image = checkerboard();
    SceneOp ops[24];
    for (int i = 0; i < 24; i++)
        ops[i] = (SceneOp){.kind = SCENE_IMAGE, .u.image = {image, RECT(i % 4 * 60, i / 4 * 60, 20, 20)}};
    const Scene *page = scene_of(240, 360, ops, 24);
    char *path = write_pdf("names.pdf", (const Scene *[]){page, page, page}, 3, NULL);
    const Source *pdf = read_all(path);
    const char *at = pdf->text;
    size_t dictionaries = 0;
    while ((at = memmem(at, pdf->length - (size_t)(at - pdf->text), "/XObject <<", 11))) {
        const char *close = strstr(at, ">>");
        assert_non_null(close);
        assert_int_equal(count_of(at + 11, (size_t)(close - at - 11), "/x"), 1);
        at = close;
        dictionaries++;
    }
    assert_int_equal(dictionaries, 3);
    char *out = output_of("qpdf", arena_printf(arena, "--check %s", path));
    if (out)
        assert_non_null(strstr(out, "No syntax or stream encoding errors"));
}

static void test_scenes_may_die_once_drawn(void **state)
{
    (void)state;
    char *path = path_of("short-lived.pdf");
    OutFile *file = file_create(path, &diags);
    Pdf *pdf = raster_pdf_new(arena, raster, file, NULL, NULL);
    for (int page = 0; page < 3; page++) {
        Arena *short_lived = arena_new(0), *kept = arena;
        arena = short_lived;
        const Scene *form = SCENE(50, 50, fill(RECT(0, 0, 10 + page, 10), &red));
        const SceneOp one = {.kind = SCENE_FORM, .u.form = {form, 0, 0}}, two = {.kind = SCENE_FORM, .u.form = {form, PT(50), 0}};
        assert_true(raster_pdf_add_page(pdf, SCENE(100, 50, one, two), &diags));
        arena = kept;
        arena_free(short_lived);
    }
    assert_true(raster_pdf_finish(pdf, &diags));
    assert_true(file_commit(file, false, &diags));
}

static void test_pdf_links_and_bookmarks(void **state)
{
    (void)state;
    const SceneOp link = {.kind = SCENE_LINK, .u.link = {RECT(10, 20, 30, 40), "https://example.org/it's?(防)=\\b"}};
    const Matrix twice = {2, 0, 0, 2, 0, 0};
    Scene *form = SCENE(50, 50, link, fill(RECT(0, 0, 1, 1), &red));
    const SceneOp one = {.kind = SCENE_FORM, .u.form = {form, 0, 0}}, two = {.kind = SCENE_FORM, .u.form = {form, PT(50), 0}};
    Scene *first = SCENE(100, 100, begin(&twice, NULL, 1), link, end, fill(RECT(0, 0, 1, 1), &red)), *second = SCENE(100, 100, one, two);
    first->title = "第一页", second->title = "second";
    char *path = write_pdf("links.pdf", (const Scene *[]){first, second}, 2, NULL);
    char *out = output_of("qpdf", arena_printf(arena, "--qdf --object-streams=disable %s -", path));
    if (!out)
        skip();
    size_t length = strlen(out);
    assert_int_equal(count_of(out, length, "/URI (https://example.org/it%27s?%28%E9%98%B2%29=%5Cb)"), 3);
    assert_int_equal(count_of(out, length, "/Outlines"), 2);
    assert_non_null(strstr(out, "(second)"));
    const char *rect = strstr(out, "/Rect [");
    assert_non_null(rect);
    double left = strtod(rect + 7, NULL);
    char *check = output_of("qpdf", arena_printf(arena, "--check %s", path));
    assert_non_null(strstr(check, "No syntax or stream encoding errors"));
    assert_null(strstr(check, "WARNING"));
    assert_true(fabs(left - 20) < 0.01);
}

static const Image *jpeg_image(int components)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    unsigned char *bytes = NULL;
    unsigned long length = 0;
    jpeg_mem_dest(&jpeg, &bytes, &length);
    jpeg.image_width = jpeg.image_height = 16;
    jpeg.input_components = components;
    jpeg.in_color_space = components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    unsigned char row[64];
    memset(row, 128, sizeof row);
    JSAMPROW rows[] = {row};
    while (jpeg.next_scanline < 16)
        jpeg_write_scanlines(&jpeg, rows, 1);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    Source *file = ARENA_NEW(arena, Source);
    *file = (Source){.path = "a.jpg", .text = arena_copy(arena, (const char *)bytes, length), .length = length};
    free(bytes);
    uint32_t *pixels = ARENA_ARRAY(arena, uint32_t, 256);
    memset(pixels, 0xFF, 1024);
    Image *image = ARENA_NEW(arena, Image);
    *image = (Image){.kind = IMAGE_PIXELS, .path = "a.jpg", .file = file, .is_jpeg = true, .width = 16, .height = 16,
                     .natural_width = 16, .natural_height = 16, .pixels = (const uint8_t *)pixels};
    return image;
}

static void test_plain_jpegs_pass_through(void **state)
{
    (void)state;
    static const struct { int components; size_t passed; } rows[] = {{1, 1}, {3, 1}, {4, 0}};
    for (size_t i = 0; i < 3; i++) {
        SceneOp op = {.kind = SCENE_IMAGE, .u.image = {jpeg_image(rows[i].components), RECT(0, 0, 50, 50)}};
        const Source *pdf = read_all(write_pdf("jpeg.pdf", (const Scene *[]){SCENE(50, 50, op)}, 1, NULL));
        assert_int_equal(count_of(pdf->text, pdf->length, "/DCTDecode"), rows[i].passed);
    }
    /* cut short anywhere: decoded pixels are used, nothing is read past the end */
    Image cut = *jpeg_image(3);
    for (size_t length = 0; length < 200; length++) {
        Source file = {.path = "a.jpg", .text = malloc(length + 1), .length = length};
        memcpy((char *)(uintptr_t)file.text, cut.file->text, length);
        Image image = cut;
        image.file = &file;
        SceneOp op = {.kind = SCENE_IMAGE, .u.image = {&image, RECT(0, 0, 50, 50)}};
        draw_at(SCENE(5, 5, op), 1, false, NULL);
        free((char *)(uintptr_t)file.text);
    }
}

static void test_full_disk_is_said(void **state)
{
    (void)state;
    OutFile *file = file_create("/dev/full", &diags);
    if (!file)
        return;                                       /* said already, when it was opened */
    Pdf *pdf = raster_pdf_new(arena, raster, file, NULL, NULL);
    uint32_t *pixels = ARENA_ARRAY(arena, uint32_t, 512 * 512);
    for (int i = 0; i < 512 * 512; i++)
        pixels[i] = 0xFF000000 | (uint32_t)noise() << 16 | (uint32_t)noise() << 8 | noise();
    Image image = {.kind = IMAGE_PIXELS, .width = 512, .height = 512, .pixels = (const uint8_t *)pixels};
    SceneOp op = {.kind = SCENE_IMAGE, .u.image = {&image, RECT(0, 0, 50, 50)}};
    raster_pdf_add_page(pdf, SCENE(50, 50, op), &diags);
    bool is_finished = raster_pdf_finish(pdf, &diags);
    bool is_committed = is_finished ? file_commit(file, false, &diags) : (file_abandon(file), false);
    assert_false(is_finished && is_committed);
    assert_true(diags.has_system_error);
}

static void test_abandoned_pdf_writes_nothing_more(void **state)
{
    (void)state;
    OutFile *file = file_create(path_of("never.pdf"), &diags);
    Pdf *pdf = raster_pdf_new(arena, raster, file, NULL, NULL);
    assert_true(raster_pdf_add_page(pdf, SCENE(50, 50, fill(RECT(0, 0, 9, 9), &red)), &diags));
    file_abandon(file);
    /* the arena is freed with the document unfinished: no crash, no leak */
}

static Pixels read_ppm(const char *path)
{
    const Source *file = read_all(path);
    int width, height, used;
    assert_int_equal(sscanf(file->text, "P6 %d %d 255%n", &width, &height, &used), 2);
    const uint8_t *rgb = (const uint8_t *)file->text + used + 1;
    uint32_t *data = ARENA_ARRAY(arena, uint32_t, (size_t)width * (size_t)height);
    for (int i = 0; i < width * height; i++)
        data[i] = 0xFF000000 | (uint32_t)rgb[3 * i] << 16 | (uint32_t)rgb[3 * i + 1] << 8 | rgb[3 * i + 2];
    return (Pixels){.width = width, .height = height, .stride = (size_t)width * 4, .data = (uint8_t *)data};
}

static void test_pdf_looks_like_pixels(void **state)
{
    (void)state;
    static const uint8_t dark[9] = {1, 0, 1, 0, 1, 0, 1, 1, 1};
    static Modules modules = {.columns = 3, .rows = 3, .dark = dark, .area = {PT(150), PT(60), PT(30), PT(30)}, .color = &black};
    const SceneOp code = {.kind = SCENE_MODULES, .u.modules = &modules};
    GlyphRun *outlined = run_of("Test Sans", "账", 40, 150, 50, &red), *turned = run_of("Test Sans", "转", 30, 10, 70, &black);
    outlined->stroke_color = &green, outlined->stroke_width = PT(2);
    turned->rotate = 90;
    const Matrix slant = {0.9, 0.3, -0.3, 0.9, PT(60), PT(50)};
    Scene *scene = SCENE(200, 100, fill(RECT(0, 0, 200, 100), &white), text(run_of("Test Sans", "不转账", 40, 10, 50, &black)),
                         text(outlined), text(turned), code, begin(&slant, NULL, 0.5), text(run_of("Test Sans", "不", 40, 0, 40, &red)), end);
    char *path = write_pdf("look.pdf", (const Scene *[]){scene}, 1, NULL);
    if (!output_of("pdftoppm", arena_printf(arena, "-r 144 -singlefile %s %s", path, path_of("look"))))
        skip();
    double difference = mean_difference(read_ppm(path_of("look.ppm")), draw_at(scene, 2, false, &white));
    print_message("mean difference of PDF and pixels: %d/1000 of 255\n", (int)(difference * 1000));
    assert_true(difference < 2);
}

static const Source *write_svg(const char *name, const Scene *scene)
{
    char *path = path_of(name);
    OutFile *file = file_create(path, &diags);
    assert_true(raster_write_svg(raster, scene, file, &diags));
    assert_true(file_commit(file, false, &diags));
    return read_all(path);
}

static void test_svg(void **state)
{
    (void)state;
    Image *board = checkerboard();
    const SceneOp one = {.kind = SCENE_IMAGE, .u.image = {board, RECT(50, 50, 20, 20)}}, two = {.kind = SCENE_IMAGE, .u.image = {board, RECT(80, 50, 20, 20)}};
    Scene *scene = SCENE(200, 100, text(run_of("Test Sans", "不转账", 40, 10, 60, &black)), one, two,
                         begin(NULL, NULL, 0.5), fill(RECT(0, 0, 9, 9), &green), end);
    const Source *first = write_svg("one.svg", scene), *second = write_svg("two.svg", scene);
    assert_int_equal(first->length, second->length);
    assert_memory_equal(first->text, second->text, first->length);
    assert_non_null(strstr(first->text, "width=\"200pt\""));
    assert_null(strstr(first->text, "<text"));
    scene->is_screen = true;
    assert_non_null(strstr(write_svg("px.svg", scene)->text, "width=\"200px\""));
    char *out = output_of("rsvg-convert", arena_printf(arena, "-o %s %s", path_of("svg.png"), path_of("px.svg")));
    if (!out)
        skip();
    const Source *png = read_all(path_of("svg.png"));
    Decoded decoded = decode((const uint8_t *)png->text, png->length);
    Pixels pixels = draw_at(scene, 1, false, NULL);
    double sum = 0;
    for (int i = 0; i < 200 * 100; i++)
        sum += abs(decoded.rgba[4 * i + 3] - (int)(pixel(pixels, i % 200, i / 200) >> 24));
    assert_true(sum / (200 * 100) < 2);
}

/* Cairo 1.16's PDF surface forgets its snapshot of each recording, and its font subsetter a table (seen with a full
 * unwind: cairo_paint, cairo_surface_finish). Nothing else is forgiven. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libcairo.so\n";
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_fill_and_background), TEST(test_empty_scene), TEST(test_area_shows_bleed),
        TEST(test_every_color_value_is_kept), TEST(test_cmyk_preview), TEST(test_path_with_curve),
        TEST(test_stroke_and_dashes), TEST(test_clip_matrix_opacity), TEST(test_nothing_is_seen_through_a_flat_matrix),
        TEST(test_modules_are_whole_pixels), TEST(test_form_is_drawn_where_it_stands), TEST(test_image_fills_its_area),
        TEST(test_svg_art), TEST(test_svg_art_cannot_read_files), TEST(test_too_large),
        TEST(test_long_strip_is_drawn_in_bands), TEST(test_text_in_pixels), TEST(test_masks_and_paths_look_the_same),
        TEST(test_text_outline), TEST(test_rotated_text), TEST(test_dots_are_the_strike), TEST(test_turned_dots),
        TEST(test_png_of_every_type), TEST(test_bad_png_pictures), TEST(test_pixels_choose_the_smallest_type),
        TEST(test_clear_pixels_keep_their_alpha), TEST(test_large_picture_round_trip), TEST(test_flat_pictures_round_trip),
        TEST(test_series_depend_on_nothing_before), TEST(test_series_change_their_type), TEST(test_series_refuse_what_is_too_large),
        TEST(test_pdf_text_and_metadata),
        TEST(test_pdf_of_expected_glyphs), TEST(test_bad_clusters_still_draw), TEST(test_pdf_is_the_same_twice), TEST(test_forms_stand_wherever_they_are_used),
        TEST(test_pdf_names_no_object_twice), TEST(test_scenes_may_die_once_drawn), TEST(test_pdf_links_and_bookmarks), TEST(test_plain_jpegs_pass_through),
        TEST(test_full_disk_is_said), TEST(test_abandoned_pdf_writes_nothing_more), TEST(test_pdf_looks_like_pixels),
        TEST(test_svg),
    };
    return cmocka_run_group_tests_name("raster", tests, make_folder, remove_folder);
}
