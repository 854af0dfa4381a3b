/* scene_test.c -- the builder, paths, SVG path data, images of every kind and hostile ones, and the dump word for word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jpeglib.h>
#include <lcms2.h>
#include <png.h>
#include <pthread.h>
#include <zlib.h>

#include "scene/scene.h"

#define PT LENGTH_ONE

static Arena *arena;
static DiagList diags;
static char folder[] = "/tmp/scene_test_XXXXXX";

static int start(void **state)
{
    (void)state;
    arena = arena_new(0);
    diag_list_init(&diags, arena);
    return arena ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

/* ---- builder ---- */

static const Color red = {.name = "alert-red", .has_rgb = true, .rgb = {0xBB, 0x0A, 0x21}};

static void test_builder_copies_and_skips(void **state)
{
    (void)state;
    SceneBuilder *builder = scene_new(arena, 100 * PT, 50 * PT, 0, false);
    scene_add_rect(builder, (Rect){0, 0, 0, 10}, &red);
    scene_add_rect(builder, (Rect){0, 0, 10, 10}, NULL);
    scene_add_line(builder, (Point){0, 0}, (Point){PT, PT}, &red, 0);
    scene_add_link(builder, (Rect){0, 0, PT, PT}, "");
    scene_add_form(builder, NULL, 0, 0);
    scene_add_glyphs(builder, &(GlyphRun){.text = "", .color = &red});
    Modules modules = {.columns = 1, .rows = 1, .dark = (const uint8_t[]){1}, .area = {0, 0, PT, PT}, .color = &red, .data = "x"};
    scene_add_modules(builder, &modules);
    modules.columns = 99;
    for (int i = 0; i < 100; i++) scene_add_rect(builder, (Rect){i, 0, PT, PT}, &red);
    Matrix matrix = {2, 0, 0, 2, 0, 0};
    scene_begin(builder, &matrix, NULL, 7);
    matrix.xx = 9;
    scene_end(builder);
    const Scene *scene = scene_finish(builder, "title");
    assert_int_equal(scene->op_count, 103);
    assert_int_equal(scene->ops[0].kind, SCENE_MODULES);
    assert_int_equal(scene->ops[0].u.modules->columns, 1);
    assert_int_equal(scene->ops[100].u.fill.path->rect.x, 99);
    assert_true(scene->ops[101].u.begin.matrix->xx == 2);
    assert_true(scene->ops[101].u.begin.opacity == 1);
    assert_string_equal(scene->ops[5].role, "art");
    assert_string_equal(scene->title, "title");
}

/* ---- paths ---- */

static void assert_rect(Rect rect, Length x, Length y, Length width, Length height)
{
    assert_int_equal(rect.x, x);
    assert_int_equal(rect.y, y);
    assert_int_equal(rect.width, width);
    assert_int_equal(rect.height, height);
}

static void test_paths(void **state)
{
    (void)state;
    const Path *rect = path_rect(arena, (Rect){1, 2, 30, 40});
    assert_true(rect->is_rect);
    assert_int_equal(rect->verb_count, 5);
    assert_int_equal(rect->points[2].x, 31);
    assert_int_equal(rect->points[2].y, 42);
    const Path *rounded = path_rounded_rect(arena, (Rect){0, 0, 100 * PT, 50 * PT}, 10 * PT);
    assert_false(rounded->is_rect);
    assert_int_equal(rounded->verb_count, 10);      /* M, 4 lines, 4 curves, Z */
    assert_rect(path_bounds(rounded), 0, 0, 100 * PT, 50 * PT);
    /* more than half the side: no straight part up and down */
    assert_rect(path_bounds(path_rounded_rect(arena, (Rect){0, 0, 100 * PT, 50 * PT}, 500 * PT)), 0, 0, 100 * PT, 50 * PT);
    assert_true(path_rounded_rect(arena, (Rect){0, 0, 9, 9}, 0)->is_rect);
    const Path *ellipse = path_ellipse(arena, (Rect){PT, PT, 100 * PT, 50 * PT});
    assert_rect(path_bounds(ellipse), PT, PT, 100 * PT, 50 * PT);
    assert_int_equal(ellipse->points[1].x, 51 * PT + 28277);        /* 51200 * kappa = 28276.98 */
    assert_rect(path_bounds(path_line(arena, (Point){5, 9}, (Point){1, 20})), 1, 9, 4, 11);
    assert_rect(path_bounds(path_from_svg(arena, "M0 0C0 40 40 40 40 0", PT, (Point){0, 0}, SPAN_NONE, &diags)), 0, 0, 40 * PT, 30 * PT);
    Rect huge = {LENGTH_MAX - 1, -LENGTH_MAX, LENGTH_MAX, LENGTH_MAX};
    assert_int_equal(path_rect(arena, huge)->points[2].x, LENGTH_MAX);
    path_bounds(path_ellipse(arena, huge));
}

/* The path in `d` as the dump writes it. */
static const char *svg_text(const char *d)
{
    const Path *path = path_from_svg(arena, d, PT, (Point){0, 0}, SPAN_NONE, &diags);
    if (!path) return "none";
    SceneBuilder *builder = scene_new(arena, PT, PT, 0, false);
    scene_add_fill(builder, path, &red);
    StrBuf out;
    strbuf_init(&out, arena);
    scene_dump(scene_finish(builder, NULL), &out);
    char *from = strstr(out.bytes, "fill path ") + 10, *to = strstr(from, " color ");
    return arena_copy(arena, from, (size_t)(to - from));
}

static void test_svg_path_commands(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"M 1 2 L 3 4 Z", "M 1,2 L 3,4 Z"},
        {"m1,2 3,4z", "M 1,2 L 4,6 Z"},
        {"M.5-.5.25.75", "M 0.5,-0.5 L 0.25,0.75"},
        {"M1e1-2.5E-1L5.+6", "M 10,-0.25 L 5,6"},
        {"M0 0H5V6h-1v-2", "M 0,0 L 5,0 L 5,6 L 4,6 L 4,4"},
        {"M1 1c1 0 2 1 2 2", "M 1,1 C 2,1 3,2 3,3"},
        {"M0 0C1 1 2 2 3 0S5 5 6 0", "M 0,0 C 1,1 2,2 3,0 C 4,-2 5,5 6,0"},
        {"M0 0S5 5 6 0", "M 0,0 C 0,0 5,5 6,0"},
        {"M0 0Q3 3 6 0T12 0", "M 0,0 C 2,2 4,2 6,0 C 8,-2 10,-2 12,0"},
        {"M0 0T3 3", "M 0,0 C 0,0 1,1 3,3"},
        {"M1 1L2 2ZL3 3", "M 1,1 L 2,2 Z M 1,1 L 3,3"},
        {"M1 1l1 1zm5 5l1 0", "M 1,1 L 2,2 Z M 6,6 L 7,6"},
        {" \n M\t1 , 2\r\n", "M 1,2"},
        {"M0 0L1 2 3 4,5,6", "M 0,0 L 1,2 L 3,4 L 5,6"},
        {"M0 0A5 0 0 0 1 9 9", "M 0,0 L 9,9"},
        {"M0 0A5 5 0 0 1 0 0L1 1", "M 0,0 L 1,1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = svg_text(cases[i][0]);
        assert_string_equal(got, cases[i][1]);
    }
    assert_int_equal(diags.count, 0);
}

static Point last_point(const Path *path)
{
    return path->points[path->point_count - 1];
}

static void test_svg_path_arcs(void **state)
{
    (void)state;
    const Path *half = path_from_svg(arena, "M 0 0 a 10 10 0 0 1 20 0", PT, (Point){PT, 2 * PT}, SPAN_NONE, &diags);
    assert_int_equal(half->verb_count, 3);
    assert_int_equal(last_point(half).x, 21 * PT);
    assert_int_equal(last_point(half).y, 2 * PT);
    assert_in_range(half->points[3].x, 11 * PT - 1, 11 * PT + 1);     /* sweep 1, y down: over the top */
    assert_in_range((uint32_t)(half->points[3].y + 100 * PT), 92 * PT - 1, 92 * PT + 1);
    /* flags without space; radii too small are made to fit */
    assert_string_equal(svg_text("M0 0a1 1 0 0110 0"), svg_text("M0 0A5 5 0 0 1 10 0"));
    /* large arc: three quarters */
    const Path *large = path_from_svg(arena, "M0 0A10 10 0 1 0 10 10", PT, (Point){0, 0}, SPAN_NONE, &diags);
    const Path *small = path_from_svg(arena, "M0 0A10 10 0 0 0 10 10", PT, (Point){0, 0}, SPAN_NONE, &diags);
    assert_int_equal(large->verb_count, 4);
    assert_int_equal(small->verb_count, 2);
    assert_rect(path_bounds(small), 0, 0, 10 * PT, 10 * PT);
    Rect bounds = path_bounds(large);
    assert_in_range(bounds.width, 20 * PT - 12, 20 * PT + 12);
    const Path *turned = path_from_svg(arena, "M0 0A20 10 90 0 1 0 40", PT, (Point){0, 0}, SPAN_NONE, &diags);
    assert_int_equal(last_point(turned).y, 40 * PT);
    assert_in_range(path_bounds(turned).width, 10 * PT - 12, 10 * PT + 12);
    assert_int_equal(diags.count, 0);
}

static void test_svg_path_errors(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "the path is empty"},
        {"L 1 1", "cannot read the path at character 1, \"L 1 1\": a path starts with M or m"},
        {"1 1", "cannot read the path at character 1, \"1 1\": a command letter is missing"},
        {"M 1", "the path breaks off: a number is missing"},
        {"M 0 0 L 1 1 K 2", "cannot read the path at character 13, \"K 2\": no such command"},
        {"M 0 0 L 诈 1", "cannot read the path at character 9, \"诈 1\": a number is missing"},
        {"M0 0Z 1", "cannot read the path at character 7, \"1\": a command letter is missing"},
        {"M0 0A1 1 0 2 0 5 5", "cannot read the path at character 12, \"2 0 5 5\": an arc's flag must be 0 or 1"},
        {"M 1e9 0", "cannot read the path at character 3, \"1e9 0\": the path leads too far away"},
        {"M 1e999 0", "cannot read the path at character 3, \"1e999 0\": the number is too large"},
        {"M0 0,,1 1", "cannot read the path at character 6, \",1 1\": a number is missing"},
        {"M0 0L1 1,", "the path breaks off: a number is missing"},
        {"M0 0L--1 1", "cannot read the path at character 6, \"--1 1\": a number is missing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        diag_list_init(&diags, arena);
        assert_string_equal(svg_text(cases[i][0]), "none");
        assert_int_equal(diags.count, 1);
        assert_string_equal(diags.items[0].code, "bad-path");
        if (i != 8) assert_string_equal(diags.items[0].message, cases[i][1]);
        else assert_non_null(strstr(diags.items[0].message, "the path leads too far away"));
    }
    diag_list_init(&diags, arena);
    StrBuf many;
    strbuf_init(&many, arena);
    strbuf_add(&many, "M0 0");
    for (int i = 0; i < 100001; i++) strbuf_add(&many, "h1");
    assert_string_equal(svg_text(many.bytes), "none");
    assert_string_equal(diags.items[0].message, "the path has more than 100000 segments");
}

/* ---- gradients ---- */

static const Color yellow = {.name = "yellow", .has_rgb = true, .rgb = {255, 212, 0}};
static const GradientStop two_stops[] = {{0, &red}, {1, &yellow}};

/* The values are a browser's: computed from the definitions of CSS Images 3, sections 3.1 and 3.2. */
static void test_gradient_places(void **state)
{
    (void)state;
    const Rect area = {100, 200, 4000, 3000};
    static const struct { Gradient gradient; double ends[6]; } cases[] = {       /* x0 y0 x1 y1, or x0 y0 and the radii */
        {{.kind = GRADIENT_LINEAR, .angle = 180}, {2100, 200, 2100, 3200, 0, 0}},
        {{.kind = GRADIENT_LINEAR, .angle = 90}, {100, 1700, 4100, 1700, 0, 0}},
        {{.kind = GRADIENT_LINEAR, .angle = -90}, {4100, 1700, 100, 1700, 0, 0}},
        {{.kind = GRADIENT_LINEAR, .angle = 45}, {350, 3450, 3850, -50, 0, 0}},
        {{.kind = GRADIENT_LINEAR, .to_x = 1}, {100, 1700, 4100, 1700, 0, 0}},
        /* perpendicular to the other diagonal: (3, 4) / 5, half as long as 4000 x 0.6 + 3000 x 0.8 */
        {{.kind = GRADIENT_LINEAR, .to_x = 1, .to_y = 1}, {660, -220, 3540, 3620, 0, 0}},
        {{.kind = GRADIENT_RADIAL, .at = {0.5, 0.5}}, {2100, 1700, 0, 0, 2828.427, 2121.320}},
        {{.kind = GRADIENT_RADIAL, .at = {0.25, 0.5}, .size = GRADIENT_CLOSEST_SIDE}, {1100, 1700, 0, 0, 1000, 1500}},
        {{.kind = GRADIENT_RADIAL, .at = {0.25, 0.5}, .size = GRADIENT_FARTHEST_SIDE}, {1100, 1700, 0, 0, 3000, 1500}},
        {{.kind = GRADIENT_RADIAL, .at = {0.25, 0.5}, .size = GRADIENT_CLOSEST_CORNER}, {1100, 1700, 0, 0, 1414.214, 2121.320}},
        {{.kind = GRADIENT_RADIAL, .at = {0.25, 0.5}, .shape = GRADIENT_CIRCLE}, {1100, 1700, 0, 0, 3354.102, 3354.102}},
        {{.kind = GRADIENT_RADIAL, .at = {0.25, 0.5}, .shape = GRADIENT_CIRCLE, .size = GRADIENT_CLOSEST_SIDE}, {1100, 1700, 0, 0, 1000, 1000}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        GradientAxis axis;
        assert_true(gradient_place(&cases[i].gradient, area, &axis));
        bool is_linear = cases[i].gradient.kind == GRADIENT_LINEAR;
        const double got[] = {axis.x0, axis.y0, is_linear ? axis.x0 + axis.xx : 0, is_linear ? axis.y0 + axis.yx : 0, is_linear ? 0 : axis.xx, is_linear ? 0 : axis.yy}, *want = cases[i].ends;
        assert_float_equal(is_linear ? axis.xx * axis.xy + axis.yx * axis.yy : axis.xy + axis.yx, 0, 1e-3);
        for (int k = 0; k < 6; k++) assert_float_equal(got[k], want[k], 0.001);
    }
    GradientAxis none;
    assert_false(gradient_place(&cases[1].gradient, (Rect){0, 0, 0, 1000}, &none));       /* along a line without width */
    assert_false(gradient_place(&cases[7].gradient, (Rect){0, 0, 1000, 0}, &none));
}

static void test_gradient_at_a_point(void **state)
{
    (void)state;
    const GradientStop stops[] = {{0, &red}, {0.5, &red}, {0.5, &yellow}, {1, &yellow}};
    const Gradient line = {.kind = GRADIENT_LINEAR, .angle = 90, .stops = two_stops, .stop_count = 2}, edge = {.kind = GRADIENT_LINEAR, .angle = 90, .stops = stops, .stop_count = 4};
    const Color smooth = {.gradient = &line}, sharp = {.gradient = &edge};
    const Rect area = {0, 0, 1000, 1000};
    uint8_t rgb[3];
    color_at(&smooth, area, (Point){500, 3}, rgb);
    assert_memory_equal(rgb, ((uint8_t[]){221, 111, 17}), 3);
    color_at(&smooth, area, (Point){-500, 3}, rgb);                /* before the start it is the first colour */
    assert_memory_equal(rgb, red.rgb, 3);
    color_at(&sharp, area, (Point){499, 3}, rgb);
    assert_memory_equal(rgb, red.rgb, 3);
    color_at(&sharp, area, (Point){501, 3}, rgb);
    assert_memory_equal(rgb, yellow.rgb, 3);
    color_at(&red, area, (Point){501, 3}, rgb);
    assert_memory_equal(rgb, red.rgb, 3);
}

/* Everything in an area shares one place; a plate knows no gradient; what has no extent gets the last colour. */
static void test_gradient_in_a_scene(void **state)
{
    (void)state;
    const Gradient gradient = {.kind = GRADIENT_LINEAR, .angle = 90, .stops = two_stops, .stop_count = 2};
    const Color dusk = {.name = "dusk", .gradient = &gradient}, plate = {.name = "White", .spot = "White"};
    SceneBuilder *builder = scene_new(arena, 100 * PT, 50 * PT, 0, false);
    scene_add_rect(builder, (Rect){10 * PT, 0, 20 * PT, 5 * PT}, &dusk);
    scene_set_area(builder, &(Rect){0, 0, 100 * PT, 50 * PT});
    scene_add_rect(builder, (Rect){10 * PT, 0, 20 * PT, 5 * PT}, &dusk);
    scene_add_rect(builder, (Rect){40 * PT, 0, 20 * PT, 5 * PT}, &dusk);
    scene_set_area(builder, NULL);
    scene_add_line(builder, (Point){0, 0}, (Point){0, 9 * PT}, &dusk, PT);
    scene_set_plate(builder, &plate);
    scene_add_rect(builder, (Rect){10 * PT, 0, 20 * PT, 5 * PT}, &dusk);
    const Scene *scene = scene_finish(builder, NULL);
    assert_true(scene->ops[0].u.fill.color->axis.x0 == 10 * PT && scene->ops[0].u.fill.color->axis.xx == 20 * PT);
    assert_true(scene->ops[1].u.fill.color->axis.x0 == 0 && scene->ops[1].u.fill.color->axis.xx == 100 * PT);
    assert_ptr_equal(scene->ops[1].u.fill.color, scene->ops[2].u.fill.color);
    assert_ptr_equal(scene->ops[3].u.stroke.color, &yellow);
    assert_ptr_equal(scene->ops[4].u.fill.color, &plate);
    assert_true(dusk.axis.xx == 0);
}

/* ---- dump ---- */

static void test_dump(void **state)
{
    (void)state;
    const Color ink = {.name = "dark ink", .has_cmyk = true, .cmyk = {0, 12.5, 0, 100}, .spot = "PANTONE 485 C", .step = "Cutting"};
    const Face face = {.file = "/usr/share/fonts/NotoSansCJK-Bold.ttc", .index = 2};
    const Glyph glyphs[] = {{7, 10 * PT, 20 * PT}, {8, 160 * PT, 20 * PT}, {9, 150 * PT, 21 * PT}};
    const Cluster plain[] = {{3, 1}, {3, 1}, {3, 1}}, joined[] = {{6, 1}, {3, 2}};
    GlyphRun run = {.face = &face, .size = 150 * PT, .color = &red, .glyphs = glyphs, .glyph_count = 3,
                    .text = "不轻信", .clusters = plain, .cluster_count = 3};
    SceneBuilder *inner = scene_new(arena, 10 * PT, 10 * PT, 0, false);
    scene_add_rect(inner, (Rect){0, 0, PT, PT}, &red);
    const Scene *dot = scene_finish(inner, NULL);
    SceneBuilder *outer = scene_new(arena, 20 * PT, 20 * PT, 0, false);
    scene_add_form(outer, dot, 5 * PT, 0);
    const Scene *pair = scene_finish(outer, NULL);

    const Length dashes[] = {2 * PT, PT};
    const Image image = {.kind = IMAGE_PIXELS, .path = "/somewhere/else/badge.png", .width = 3, .height = 4, .sha256 = "00ff"};
    const Modules modules = {.columns = 2, .rows = 2, .dark = (const uint8_t[]){1, 0, 0, 1}, .area = {0, 0, PT, PT}, .color = &red, .data = "a\"b"};
    SceneBuilder *builder = scene_new(arena, length_from_pt(1190.551), length_from_pt(1683.78), length_from_pt(8.504), false);
    scene_add_rect(builder, (Rect){-PT / 2, 0, 100 * PT, 200 * PT}, &red);
    scene_begin(builder, &(Matrix){0, 1, -1, 0, 5 * PT, 0}, path_rect(arena, (Rect){0, 0, PT, PT}), 0.5);
    scene_add_glyphs(builder, &run);
    run.clusters = joined;
    run.cluster_count = 2;
    run.is_dots = run.is_backward = true;
    run.rotate = 90;
    run.stroke_color = &red;
    run.stroke_width = PT;
    scene_add_glyphs(builder, &run);
    scene_end(builder);
    scene_add_form(builder, pair, 0, 0);
    scene_add_form(builder, dot, PT, PT);
    scene_add_form(builder, pair, PT, 0);
    scene_set_role(builder, "crop-mark");
    scene_add_stroke(builder, path_line(arena, (Point){0, 0}, (Point){PT, 0}), &ink, PT / 4, dashes, 2);
    scene_set_role(builder, "art");
    scene_add_image(builder, &image, (Rect){0, 0, PT, PT});
    scene_add_modules(builder, &modules);
    scene_add_link(builder, (Rect){0, 0, PT, PT}, "https://example.org/");
    StrBuf out;
    strbuf_init(&out, arena);
    scene_dump(scene_finish(builder, "封面"), &out);
    assert_string_equal(out.bytes,
        "scene 1190.551 x 1683.78 pt bleed 8.504 title \"封面\"\n"
        "fill rect -0.5,0 100x200 color alert-red #BB0A21\n"
        "begin matrix 0 1 -1 0 5 0 clip rect 0,0 1x1 opacity 0.5\n"
        "  text \"不轻信\" face \"NotoSansCJK-Bold.ttc#2\" size 150 color alert-red #BB0A21 at 10,20\n"
        "    glyphs 7 +150 8 -10,1 9\n"
        "  text \"不轻信\" face \"NotoSansCJK-Bold.ttc#2\" size 150 dots color alert-red #BB0A21 stroke alert-red #BB0A21 width 1 "
        "rotate 90 backward at 10,20\n"
        "    glyphs 7 +150 8 -10,1 9\n"
        "    clusters 6:1 3:2\n"
        "end\n"
        "form 1 at 0,0\n"
        "form 2 at 1,1\n"
        "form 1 at 1,0\n"
        "role crop-mark\n"
        "stroke path M 0,0 L 1,0 color \"dark ink\" cmyk(0 12.5 0 100) spot \"PANTONE 485 C\" step \"Cutting\" width 0.25 dashes 2 1\n"
        "role art\n"
        "image \"badge.png\" png 3x4 sha256 00ff at 0,0 1x1\n"
        "modules 2x2 \"a\\\"b\" pattern afa7518106309c22 at 0,0 1x1 color alert-red #BB0A21\n"
        "link \"https://example.org/\" at 0,0 1x1\n"
        "form 1: scene 20 x 20 pt\n"
        "form 2 at 5,0\n"
        "form 2: scene 10 x 10 pt\n"
        "fill rect 0,0 1x1 color alert-red #BB0A21\n");
}

/* ---- units ---- */

static void digest_of(const SceneOp *ops, size_t count, uint8_t out[SCENE_DIGEST])
{
    Scene scene = {.ops = ops, .op_count = count};
    scene_unit_digest(&scene, 0, out);
}

/* Each of these draws something else than all others. */
static void test_digests_tell_units_apart(void **state)
{
    (void)state;
    static const Color blue = {.name = "alert-red", .has_rgb = true, .rgb = {0, 0, 1}}, ink = {.has_cmyk = true, .cmyk = {0, 0, 0, 100}};
    static const Glyph glyphs[] = {{5, 0, 0}, {6, 10, 0}}, moved[] = {{5, 0, 0}, {6, 10, 1}};
    static const uint8_t dark[] = {1, 0, 0, 1}, light[] = {1, 0, 0, 0};
    static const Matrix matrix = {1, 0, 0, 1, 0, 5};
    const GradientStop stops[] = {{0, &red}, {1, &blue}}, others[] = {{0, &red}, {0.5, &blue}};
    const Gradient gradient = {.stops = stops, .stop_count = 2}, gradient_2 = {.stops = others, .stop_count = 2}, gradient_3 = {.kind = GRADIENT_RADIAL, .stops = stops, .stop_count = 2};
    const Color fades[] = {{.gradient = &gradient}, {.gradient = &gradient_2}, {.gradient = &gradient_3}, {.gradient = &gradient, .axis = {.xx = 1}}};
    const Path *a = path_rect(arena, (Rect){0, 0, 10, 10}), *b = path_rect(arena, (Rect){0, 0, 10, 11}), *round = path_ellipse(arena, (Rect){0, 0, 10, 10});
    Path odd = *round;
    odd.is_even_odd = true;
    const Length dash[] = {3, 4};
    const GlyphRun run = {.size = 10, .color = &red, .glyphs = glyphs, .glyph_count = 2};
    GlyphRun runs[9];
    for (int i = 0; i < 9; i++) runs[i] = run;
    runs[1].size = 11, runs[2].is_dots = true, runs[3].color = &blue, runs[4].stroke_color = &red, runs[5].glyphs = moved, runs[6].glyph_count = 1, runs[7].rotate = 90, runs[8].stroke_color = &red, runs[8].stroke_join = STROKE_MITER;
    static const Image one = {.sha256 = "1"}, two = {.sha256 = "2"};
    const Modules code = {2, 2, dark, {0, 0, 4, 4}, &red, ""}, other = {2, 2, light, {0, 0, 4, 4}, &red, ""}, placed = {2, 2, dark, {0, 0, 4, 5}, &red, ""};
    const SceneOp inner = {.kind = SCENE_FILL, .u.fill = {a, &red}};
    const Scene form = {.ops = &inner, .op_count = 1}, empty = {0};
    const SceneOp ops[] = {
        {.kind = SCENE_FILL, .u.fill = {a, &red}}, {.kind = SCENE_FILL, .u.fill = {b, &red}}, {.kind = SCENE_FILL, .u.fill = {round, &red}},
        {.kind = SCENE_FILL, .u.fill = {a, &blue}}, {.kind = SCENE_FILL, .u.fill = {a, &ink}},
        {.kind = SCENE_FILL, .u.fill = {a, &fades[0]}}, {.kind = SCENE_FILL, .u.fill = {a, &fades[1]}}, {.kind = SCENE_FILL, .u.fill = {a, &fades[2]}},
        {.kind = SCENE_FILL, .u.fill = {a, &fades[3]}},
        {.kind = SCENE_STROKE, .u.stroke = {a, &red, 1, {0}, NULL, 0}}, {.kind = SCENE_STROKE, .u.stroke = {a, &red, 2, {0}, NULL, 0}},
        {.kind = SCENE_STROKE, .u.stroke = {a, &red, 1, {NIB_ROUND, 0, 0}, NULL, 0}}, {.kind = SCENE_STROKE, .u.stroke = {a, &red, 1, {0, 0, 4}, NULL, 0}}, {.kind = SCENE_FILL, .u.fill = {&odd, &red}},
        {.kind = SCENE_STROKE, .u.stroke = {a, &red, 1, {0}, dash, 2}}, {.kind = SCENE_STROKE, .u.stroke = {a, &red, 1, {0}, dash, 1}},
        {.kind = SCENE_GLYPHS, .u.glyphs = &runs[0]}, {.kind = SCENE_GLYPHS, .u.glyphs = &runs[1]}, {.kind = SCENE_GLYPHS, .u.glyphs = &runs[2]},
        {.kind = SCENE_GLYPHS, .u.glyphs = &runs[3]}, {.kind = SCENE_GLYPHS, .u.glyphs = &runs[4]}, {.kind = SCENE_GLYPHS, .u.glyphs = &runs[5]},
        {.kind = SCENE_GLYPHS, .u.glyphs = &runs[6]}, {.kind = SCENE_GLYPHS, .u.glyphs = &runs[7]}, {.kind = SCENE_GLYPHS, .u.glyphs = &runs[8]},
        {.kind = SCENE_IMAGE, .u.image = {&one, {0, 0, 9, 9}}}, {.kind = SCENE_IMAGE, .u.image = {&two, {0, 0, 9, 9}}}, {.kind = SCENE_IMAGE, .u.image = {&one, {0, 0, 9, 8}}},
        {.kind = SCENE_MODULES, .u.modules = &code}, {.kind = SCENE_MODULES, .u.modules = &other}, {.kind = SCENE_MODULES, .u.modules = &placed},
        {.kind = SCENE_FORM, .u.form = {&form, 0, 0}}, {.kind = SCENE_FORM, .u.form = {&form, 0, 1}}, {.kind = SCENE_FORM, .u.form = {&empty, 0, 0}},
    };
    enum { COUNT = sizeof ops / sizeof *ops };
    uint8_t digests[COUNT + 4][SCENE_DIGEST];
    for (size_t i = 0; i < COUNT; i++) digest_of(&ops[i], 1, digests[i]);
    const SceneOp groups[4][3] = {
        {{.kind = SCENE_BEGIN, .u.begin = {NULL, NULL, 1}}, ops[0], {.kind = SCENE_END}}, {{.kind = SCENE_BEGIN, .u.begin = {&matrix, NULL, 1}}, ops[0], {.kind = SCENE_END}},
        {{.kind = SCENE_BEGIN, .u.begin = {NULL, a, 1}}, ops[0], {.kind = SCENE_END}}, {{.kind = SCENE_BEGIN, .u.begin = {NULL, NULL, 0.5}}, ops[0], {.kind = SCENE_END}},
    };
    for (size_t i = 0; i < 4; i++) digest_of(groups[i], 3, digests[COUNT + i]);
    for (size_t i = 0; i < COUNT + 4; i++)
        for (size_t k = 0; k < i; k++)
            if (!memcmp(digests[i], digests[k], SCENE_DIGEST)) fail_msg("%zu and %zu are told the same", k, i);
    /* What is not seen does not count. */
    const Color renamed = {.name = "x", .has_rgb = true, .rgb = {0xBB, 0x0A, 0x21}, .spot = "y"};
    uint8_t again[SCENE_DIGEST];
    digest_of(&(SceneOp){.kind = SCENE_FILL, .role = "label", .u.fill = {path_rect(arena, (Rect){0, 0, 10, 10}), &renamed}}, 1, again);
    assert_memory_equal(again, digests[0], SCENE_DIGEST);
}

/* A form that pages share: made twice, for nothing but its own sake. */
static const Scene *shared_form(Arena *own, const char *role, const Color *color, const char *text)
{
    static const Glyph glyphs[] = {{5, 0, 0}, {6, 10, 0}};
    static const Cluster clusters[] = {{1, 1}, {1, 1}};
    static const Span where = {0};
    SceneBuilder *builder = scene_new(own, 100, 200, 0, false);
    scene_set_role(builder, role);
    scene_set_where(builder, own == arena ? &where : NULL);
    scene_add_rect(builder, (Rect){-10, 20, 30, 40}, color);
    scene_add_rect(builder, (Rect){10, 50, 90, 40}, color);
    scene_add_glyphs(builder, &(GlyphRun){.size = 10, .color = &red, .glyphs = glyphs, .glyph_count = 2, .text = text, .clusters = clusters, .cluster_count = 2, .is_dots = true});
    return scene_finish_shared(builder);
}

static void test_digests_of_shared_forms(void **state)
{
    (void)state;
    static const Color renamed = {.name = "x", .has_rgb = true, .rgb = {0xBB, 0x0A, 0x21}}, spot = {.name = "alert-red", .has_rgb = true, .rgb = {0xBB, 0x0A, 0x21}, .spot = "y"};
    Arena *other = arena_new(0);
    const Scene *one = shared_form(arena, "art", &red, "ab");
    const Scene *same = shared_form(other, "art", &red, "ab");
    const Scene *others[] = {shared_form(arena, "label", &red, "ab"), shared_form(arena, "art", &renamed, "ab"), shared_form(arena, "art", &spot, "ab"), shared_form(arena, "art", &red, "ac")};
    assert_memory_equal(one->digest, same->digest, SCENE_SHARED_DIGEST);      /* not of where it comes from */
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!memcmp(one->digest, others[i]->digest, SCENE_SHARED_DIGEST)) fail_msg("%zu is told the same", i);
        uint8_t seen[2][SCENE_DIGEST];                                         /* though it looks the same */
        scene_unit_digest(one, 0, seen[0]);
        scene_unit_digest(others[i], 0, seen[1]);
        assert_memory_equal(seen[0], seen[1], SCENE_DIGEST);
    }
    arena_free(other);
    SceneBuilder *builder = scene_new(arena, 100, 200, 0, false);
    scene_add_rect(builder, (Rect){-10, 20, 30, 40}, &red);
    scene_add_rect(builder, (Rect){10, 50, 90, 40}, &red);
    const Scene *plain = scene_finish(builder, NULL);
    assert_null(plain->digest);
    Rect extent = scene_extent(plain);
    assert_memory_equal(&extent, (&(Rect){-10, 20, 110, 70}), sizeof extent);
}

static void test_extents(void **state)
{
    (void)state;
    SceneBuilder *builder = scene_new(arena, 100 * PT, 100 * PT, 0, false);
    const Matrix quarter = {0, 1, -1, 0, 50 * PT, 0};
    scene_add_rect(builder, (Rect){10, 20, 30, 40}, &red);
    scene_begin(builder, &quarter, NULL, 1);
    scene_add_rect(builder, (Rect){10, 20, 30, 40}, &red);
    scene_begin(builder, NULL, path_rect(arena, (Rect){0, 0, 15, 1000}), 1);
    scene_add_rect(builder, (Rect){0, 500, 30, 40}, &red);
    scene_end(builder);
    scene_end(builder);
    scene_add_stroke(builder, path_rect(arena, (Rect){100, 100, 100, 100}), &red, 10, NULL, 0);
    scene_add_link(builder, (Rect){0, 0, 10, 10}, "https://example.org/");
    const Scene *scene = scene_finish(builder, NULL);
    assert_int_equal(scene_unit_end(scene, 0), 1);
    assert_int_equal(scene_unit_end(scene, 1), 7);
    Rect extent = scene_unit_extent(scene, 0);
    assert_memory_equal(&extent, (&(Rect){10, 20, 30, 40}), sizeof extent);
    extent = scene_unit_extent(scene, 1);      /* x from 50 pt - 540 to 50 pt - 20, y from 0 to 40 */
    assert_memory_equal(&extent, (&(Rect){50 * PT - 540, 0, 520, 40}), sizeof extent);
    extent = scene_unit_extent(scene, 7);
    assert_true(extent.x <= 95 && extent.y <= 95 && extent.x + extent.width >= 205 && extent.y + extent.height >= 205);
    extent = scene_unit_extent(scene, 8);
    assert_int_equal(extent.width, 0);
    /* An END that has lost its BEGIN, a BEGIN without END. */
    const SceneOp odd[] = {{.kind = SCENE_END}, {.kind = SCENE_BEGIN, .u.begin.opacity = 1}, scene->ops[0]};
    const Scene broken = {.ops = odd, .op_count = 3};
    assert_int_equal(scene_unit_end(&broken, 0), 1);
    assert_int_equal(scene_unit_end(&broken, 1), 3);
}

/* ---- images ---- */

static const char *write_file(const char *name, const void *bytes, size_t length)
{
    char *path = arena_printf(arena, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
    return path;
}

typedef struct Bytes { unsigned char *data; size_t length; } Bytes;

static void grow(png_structp png, png_bytep data, size_t length)
{
    Bytes *bytes = png_get_io_ptr(png);
    bytes->data = realloc(bytes->data, bytes->length + length);
    memcpy(bytes->data + bytes->length, data, length);
    bytes->length += length;
}

/* A 4 x 4 PNG of zero bytes but for the top left pixel, which has all its bits set; palette: 0 green, the last red. */
static Bytes make_png(int type, int depth, int interlace, bool trns)
{
    Bytes bytes = {0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, &bytes, grow, NULL);
    png_set_IHDR(png, info, 4, 4, depth, type, interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    int colors = 1 << depth;
    png_color palette[256] = {{0, 255, 0}};
    if (type == PNG_COLOR_TYPE_PALETTE) {
        palette[colors - 1] = (png_color){255, 0, 0};
        png_set_PLTE(png, info, palette, colors);
    }
    png_byte clear = 0;
    png_color_16 black = {0};
    if (trns) png_set_tRNS(png, info, &clear, 1, &black);
    png_write_info(png, info);
    unsigned char rows[4][64] = {{0}}, *pointers[4] = {rows[0], rows[1], rows[2], rows[3]};
    static const int channels[] = {[0] = 1, [2] = 3, [3] = 1, [4] = 2, [6] = 4};
    int bits = channels[type] * depth;
    if (bits < 8) rows[0][0] = (unsigned char)(0xff << (8 - bits));
    else memset(rows[0], 0xff, (size_t)bits / 8);
    png_write_image(png, pointers);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    return bytes;
}

static uint32_t pixel(const Image *image, int at)
{
    uint32_t value;
    memcpy(&value, image->pixels + at * 4, 4);
    return value;
}

static void test_png_of_every_kind(void **state)
{
    (void)state;
    static const struct { int type, depths; } kinds[] = {
        {PNG_COLOR_TYPE_GRAY, 1 | 2 | 4 | 8 | 16}, {PNG_COLOR_TYPE_RGB, 8 | 16}, {PNG_COLOR_TYPE_PALETTE, 1 | 2 | 4 | 8},
        {PNG_COLOR_TYPE_GRAY_ALPHA, 8 | 16}, {PNG_COLOR_TYPE_RGB_ALPHA, 8 | 16},
    };
    ImageStore *store = scene_images_new();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (int depth = 1; depth <= 16; depth *= 2)
            for (int variant = 0; variant < 4; variant++) {
                bool has_alpha = kinds[i].type & PNG_COLOR_MASK_ALPHA, trns = variant & 1;
                if (!(kinds[i].depths & depth) || (has_alpha && trns)) continue;
                Bytes bytes = make_png(kinds[i].type, depth, variant & 2 ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, trns);
                const char *path = write_file(arena_printf(arena, "k%d-%d-%d.png", kinds[i].type, depth, variant), bytes.data, bytes.length);
                free(bytes.data);
                const Image *image = scene_image_open(store, path, SPAN_NONE, &diags);
                assert_non_null(image);
                bool is_palette = kinds[i].type == PNG_COLOR_TYPE_PALETTE;
                assert_int_equal(image->width, 4);
                assert_true(image->natural_height == 4);
                assert_int_equal(pixel(image, 0), is_palette ? 0xffff0000u : 0xffffffffu);
                assert_int_equal(pixel(image, 1), has_alpha || trns ? 0 : is_palette ? 0xff00ff00u : 0xff000000u);
                assert_int_equal(pixel(image, 15), pixel(image, 1));
                assert_int_equal(strlen(image->sha256), 64);
            }
    assert_int_equal(diags.count, 0);
    scene_images_free(store);
}

static void test_png_is_premultiplied(void **state)
{
    (void)state;
    png_image png = {.version = PNG_IMAGE_VERSION, .width = 1, .height = 1, .format = PNG_FORMAT_RGBA};
    const unsigned char rgba[] = {200, 100, 255, 128};
    unsigned char bytes[1000];
    png_alloc_size_t length = sizeof bytes;
    assert_true(png_image_write_to_memory(&png, bytes, &length, 0, rgba, 0, NULL));
    ImageStore *store = scene_images_new();
    const Image *image = scene_image_open(store, write_file("half.png", bytes, length), SPAN_NONE, &diags);
    assert_int_equal(pixel(image, 0), 0x80643280u);
    scene_images_free(store);
}

/* 16 x 8 of one colour, with the left half of another when there is Exif to turn it; CMYK with the marker Adobe writes. */
/* What the next JPEG and PNG have embedded. */
static const void *embedded;
static cmsUInt32Number embedded_length;

static const char *make_jpeg(const char *name, J_COLOR_SPACE space, int channels, const unsigned char *value, int orientation)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *out = NULL, row[16 * 4];
    unsigned long length = 0;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &out, &length);
    jpeg.image_width = 16;
    jpeg.image_height = 8;
    jpeg.input_components = channels;
    jpeg.in_color_space = space;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 100, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    unsigned char exif[] = "Exif\0\0II*\0\10\0\0\0\1\0\22\1\3\0\1\0\0\0\0\0\0\0\0\0\0";
    exif[24] = (unsigned char)orientation;
    if (orientation) jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif, sizeof exif - 1);
    if (embedded) jpeg_write_icc_profile(&jpeg, embedded, embedded_length);
    for (int i = 0; i < 16 * channels; i++) row[i] = orientation && i / channels < 8 ? 0 : value[i % channels];
    JSAMPROW rows[] = {row};
    for (int y = 0; y < 8; y++) jpeg_write_scanlines(&jpeg, rows, 1);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    const char *path = write_file(name, out, length);
    free(out);
    return path;
}

static void assert_near(uint32_t got, uint32_t wanted)
{
    for (int shift = 0; shift < 32; shift += 8) {
        int a = (int)(got >> shift & 255), b = (int)(wanted >> shift & 255);
        assert_in_range(a - b + 3, 0, 6);
    }
}

/* ---- colour profiles ---- */

/* Adobe RGB (1998): its primaries, D65, gamma 563/256. */
static void embed_adobe_rgb(const char *name)
{
    const cmsCIExyY white = {0.3127, 0.3290, 1};
    const cmsCIExyYTRIPLE primaries = {{0.6400, 0.3300, 1}, {0.2100, 0.7100, 1}, {0.1500, 0.0600, 1}};
    cmsToneCurve *gamma = cmsBuildGamma(NULL, 563 / 256.0), *curves[3] = {gamma, gamma, gamma};
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    cmsMLU *text = cmsMLUalloc(NULL, 1);
    cmsMLUsetASCII(text, "en", "US", name);
    cmsWriteTag(profile, cmsSigProfileDescriptionTag, text);
    cmsMLUfree(text);
    cmsSaveProfileToMem(profile, NULL, &embedded_length);
    void *bytes = arena_alloc(arena, embedded_length);
    cmsSaveProfileToMem(profile, bytes, &embedded_length);
    embedded = bytes;
    cmsCloseProfile(profile);
    cmsFreeToneCurve(gamma);
}

/* One pixel. */
static const char *make_tagged_png(const char *name)
{
    Bytes bytes = {0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, &bytes, grow, NULL);
    png_set_IHDR(png, info, 1, 1, 8, PNG_COLOR_TYPE_RGB_ALPHA, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    /* libpng would not write a broken profile. */
    unsigned char chunk[4096] = "own";                 /* its name, a zero, method 0 */
    uLongf packed = sizeof chunk - 5;
    assert_int_equal(compress(chunk + 5, &packed, embedded, embedded_length), Z_OK);
    png_write_chunk(png, (png_const_bytep)"iCCP", chunk, packed + 5);
    png_write_row(png, (const unsigned char[]){120, 160, 120, 255});
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    const char *path = write_file(name, bytes.data, bytes.length);
    free(bytes.data);
    return path;
}

/* Adobe RGB 120 160 120 is sRGB 100 161 118, by the primaries of both. */
static void test_profiles(void **state)
{
    (void)state;
    ImageStore *store = scene_images_new();
    embed_adobe_rgb("Adobe RGB (1998)");
    const Image *png = scene_image_open(store, make_tagged_png("adobe.png"), SPAN_NONE, &diags);
    const Image *jpeg = scene_image_open(store, make_jpeg("adobe.jpg", JCS_RGB, 3, (const unsigned char[]){120, 160, 120}, 0), SPAN_NONE, &diags);
    assert_true(png && jpeg && png->is_converted && jpeg->is_converted);
    assert_near(pixel(png, 0), 0xff64a176);
    assert_near(pixel(jpeg, 0), 0xff64a176);
    embed_adobe_rgb("as sRGB IEC61966-2.1");           /* what says it is sRGB is left alone */
    const Image *same = scene_image_open(store, make_tagged_png("srgb.png"), SPAN_NONE, &diags);
    assert_true(same && !same->is_converted && pixel(same, 0) == 0xff78a078);
    /* A profile of RGB in a grey file says nothing about it. */
    embed_adobe_rgb("Adobe RGB (1998)");
    const Image *grey = scene_image_open(store, make_jpeg("grey-adobe.jpg", JCS_GRAYSCALE, 1, (const unsigned char[]){90}, 0), SPAN_NONE, &diags);
    assert_true(grey != NULL);
    assert_int_equal(diags.count, 0);
    char *broken = arena_copy(arena, embedded, embedded_length);
    memset(broken + 128, 0xEE, embedded_length - 128);
    embedded = broken;
    assert_null(scene_image_open(store, make_jpeg("broken.jpg", JCS_RGB, 3, (const unsigned char[]){120, 160, 120}, 0), SPAN_NONE, &diags));
    assert_null(scene_image_open(store, make_tagged_png("broken.png"), SPAN_NONE, &diags));
    assert_int_equal(diags.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(diags.items[i].code, "bad-image");
        assert_non_null(strstr(diags.items[i].message, "its colour profile is broken"));
    }
    embedded = NULL;
    scene_images_free(store);
}

static void test_jpeg(void **state)
{
    (void)state;
    ImageStore *store = scene_images_new();
    const Image *grey = scene_image_open(store, make_jpeg("grey.jpg", JCS_GRAYSCALE, 1, (const unsigned char[]){90}, 0), SPAN_NONE, &diags);
    const Image *rgb = scene_image_open(store, make_jpeg("rgb.jpg", JCS_RGB, 3, (const unsigned char[]){200, 20, 40}, 0), SPAN_NONE, &diags);
    /* libjpeg writes the Adobe marker with CMYK: 255 is no ink */
    const Image *cmyk = scene_image_open(store, make_jpeg("cmyk.jpg", JCS_CMYK, 4, (const unsigned char[]){255, 51, 0, 255}, 0), SPAN_NONE, &diags);
    assert_non_null(grey);
    assert_true(rgb && rgb->is_jpeg && cmyk);
    assert_near(pixel(grey, 5), 0xff5a5a5a);
    assert_near(pixel(rgb, 127), 0xffc81428);
    assert_near(pixel(cmyk, 0), 0xffff3300);
    const uint8_t inks[] = {0, 204, 255, 0};       /* the file has light: Adobe's way */
    assert_null(rgb->inks);
    for (int i = 0; i < 4; i++) assert_in_range(cmyk->inks[i] + 2, inks[i], inks[i] + 4);
    assert_int_equal(rgb->width, 16);
    assert_int_equal(rgb->serial, 1);
    /* Dark on the left as stored; 6 means: turn it clockwise, so dark comes on top. */
    const Image *turned = scene_image_open(store, make_jpeg("six.jpg", JCS_GRAYSCALE, 1, (const unsigned char[]){255}, 6), SPAN_NONE, &diags);
    assert_int_equal(turned->width, 8);
    assert_int_equal(turned->height, 16);
    assert_near(pixel(turned, 0), 0xff000000);
    assert_near(pixel(turned, 127), 0xffffffff);
    const Image *eight = scene_image_open(store, make_jpeg("eight.jpg", JCS_GRAYSCALE, 1, (const unsigned char[]){255}, 8), SPAN_NONE, &diags);
    assert_near(pixel(eight, 0), 0xffffffff);
    assert_near(pixel(eight, 127), 0xff000000);
    assert_int_equal(diags.count, 0);
    scene_images_free(store);
}

static void test_svg_sizes(void **state)
{
    (void)state;
    static const struct { const char *text; double width, height; } cases[] = {
        {"<svg width='10mm' height=\"1in\"/>", 10 / 25.4 * 96, 96},
        {"<svg xmlns='x' width='30px' height='40'>", 30, 40},
        {"<svg viewBox='0 0 12 34'>", 12, 34},
        {"<svg width='24' viewBox='0,0,12,34'>", 24, 68},
        {"<svg height='17' viewBox='-1 -1 12 34'>", 6, 17},
        {"<svg width='100%' height='100%' viewBox='0 0 12 34'>", 12, 34},
        {"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <svg width='1'> -->\n<svg:svg width='3pt' height='1e1'/>", 4, 10},
        {"<svg data-width='5' a='>' width='7.5' height='8'>", 7.5, 8},
    };
    ImageStore *store = scene_images_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = write_file(arena_printf(arena, "s%zu.svg", i), cases[i].text, strlen(cases[i].text));
        const Image *image = scene_image_open(store, path, SPAN_NONE, &diags);
        assert_non_null(image);
        assert_int_equal(image->kind, IMAGE_SVG);
        assert_null(image->pixels);
        assert_true(fabs(image->natural_width - cases[i].width) < 1e-9);
        assert_true(fabs(image->natural_height - cases[i].height) < 1e-9);
        assert_int_equal(image->width, (int)ceil(cases[i].width));
    }
    scene_images_free(store);
}

/* Code and message of opening a file with these bytes; the folder is left out of the message. */
static void assert_refused(const char *name, const void *bytes, size_t length, const char *code, const char *message)
{
    ImageStore *store = scene_images_new();
    diag_list_init(&diags, arena);
    const char *path = write_file(name, bytes, length);
    assert_null(scene_image_open(store, path, SPAN_NONE, &diags));
    assert_int_equal(diags.count, 1);
    assert_string_equal(diags.items[0].code, code);
    const char *wanted = message[0] == '=' ? message + 1 : arena_printf(arena, "cannot read \"%s\": %s", path, message);
    if (*wanted) assert_string_equal(diags.items[0].message, wanted);
    /* remembered, and said again to the next */
    diag_list_init(&diags, arena);
    assert_null(scene_image_open(store, path, SPAN_NONE, &diags));
    assert_int_equal(diags.count, 1);
    scene_images_free(store);
}

static void test_refused_images(void **state)
{
    (void)state;
    assert_refused("e.png", "", 0, "bad-image", "it is empty");
    assert_refused("g.png", "GIF89a..", 8, "bad-image", "it is a GIF");
    assert_refused("t.png", "hello", 5, "bad-image", "it is no PNG, JPEG or SVG");
    assert_refused("h.png", "\x89PNG\r\n\x1a\n\0\0", 10, "bad-image", "the file ends within its header");
    static const char doctype[] = "<!DOCTYPE svg [<!ENTITY a \"b>\">]><svg width='1' height='1'/>";
    assert_refused("d.svg", doctype, sizeof doctype - 1, "bad-image", "SVG with a DOCTYPE is not read");
    assert_refused("n.svg", "<svg>", 5, "bad-image", "its <svg> says no size");
    assert_refused("w.svg", "<svg width='0' height='5'>", 26, "bad-image", "its <svg> says no size");
    assert_refused("x.svg", "<svgs width='1' height='1'>", 27, "bad-image", "it is no PNG, JPEG or SVG");
    assert_refused("l.svg", "<svg width='1e9' height='1'>", 28, "image-too-large", "=");
    unsigned char header[40] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\10\6";
    assert_refused("huge.png", header, sizeof header, "image-too-large", "=");
    header[16] = 0xff;
    assert_refused("huger.png", header, sizeof header, "image-too-large", "=");
    unsigned char jpeg[] = {0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0, 0xff, 0, 1, 1, 0x11, 0,
                                         0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0};
    assert_refused("huge.jpg", jpeg, sizeof jpeg, "image-too-large", "=");
    jpeg[8] = jpeg[10] = 0xff;
    assert_refused("huger.jpg", jpeg, sizeof jpeg, "image-too-large", "=");
}

static void test_corrupt_images_never_crash(void **state)
{
    (void)state;
    Bytes png = make_png(PNG_COLOR_TYPE_RGB_ALPHA, 8, PNG_INTERLACE_ADAM7, false);
    const char *jpeg_path = make_jpeg("whole.jpg", JCS_RGB, 3, (const unsigned char[]){1, 200, 3}, 6);
    unsigned char jpeg[4096];
    FILE *file = fopen(jpeg_path, "rb");
    size_t jpeg_length = fread(jpeg, 1, sizeof jpeg, file);
    fclose(file);
    for (size_t length = 8; length < png.length; length += 3) assert_refused("cut.png", png.data, length, "bad-image", "=");
    for (size_t length = 3; length < jpeg_length - 2; length += 17) assert_refused("cut.jpg", jpeg, length, "bad-image", "=");
    ImageStore *store = scene_images_new();
    diag_list_init(&diags, arena);
    for (size_t at = 8; at < png.length; at++) {
        png.data[at] ^= 0x55;
        scene_image_open(store, write_file(arena_printf(arena, "b%zu", at), png.data, png.length), SPAN_NONE, &diags);
        png.data[at] ^= 0x55;
    }
    for (size_t at = 3; at < jpeg_length; at += 2) {
        jpeg[at] ^= 0x55;
        scene_image_open(store, write_file(arena_printf(arena, "j%zu", at), jpeg, jpeg_length), SPAN_NONE, &diags);
        jpeg[at] ^= 0x55;
    }
    assert_true(diags.error_count > 0);
    scene_images_free(store);
    free(png.data);
}

static void test_missing_image(void **state)
{
    (void)state;
    ImageStore *store = scene_images_new();
    write_file("police-badge.png", "x", 1);
    const char *path = arena_printf(arena, "%s/police-bagde.png", folder);
    assert_null(scene_image_open(store, path, SPAN_NONE, &diags));
    assert_string_equal(diags.items[0].code, "missing-image");
    assert_string_equal(diags.items[0].message, arena_printf(arena, "no image at \"%s\"", path));
    assert_string_equal(diags.items[0].hint, "did you mean \"police-badge.png\"?");
    assert_null(scene_image_open(store, "/no-such-folder/a.png", SPAN_NONE, &diags));
    assert_string_equal(diags.items[1].hint, "there is no folder \"/no-such-folder\"");
    assert_null(scene_image_open(store, folder, SPAN_NONE, &diags));
    assert_string_equal(diags.items[2].message, arena_printf(arena, "\"%s\" is a folder", folder));
    scene_images_free(store);
}

typedef struct Worker { ImageStore *store; const char **paths; const Image *seen[20]; size_t errors; } Worker;

static void *open_all(void *context)
{
    Worker *worker = context;
    Arena *own = arena_new(0);
    DiagList list;
    diag_list_init(&list, own);
    for (int i = 0; i < 20; i++) worker->seen[i] = scene_image_open(worker->store, worker->paths[i], SPAN_NONE, &list);
    worker->errors = list.error_count;
    arena_free(own);
    return NULL;
}

static void test_threads_share_images(void **state)
{
    (void)state;
    Bytes bytes = make_png(PNG_COLOR_TYPE_RGB, 8, 0, false);
    const char *paths[20];
    for (int i = 0; i < 20; i++) paths[i] = i == 9 ? "/no-such-folder/a.png" : write_file(arena_printf(arena, "p%d.png", i), bytes.data, bytes.length);
    free(bytes.data);
    ImageStore *store = scene_images_new();
    pthread_t threads[8];
    Worker workers[8];
    for (int i = 0; i < 8; i++) {
        workers[i] = (Worker){.store = store, .paths = paths};
        assert_int_equal(pthread_create(&threads[i], NULL, open_all, &workers[i]), 0);
    }
    for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < 8; i++) {
        assert_memory_equal(workers[i].seen, workers[0].seen, sizeof workers[i].seen);
        assert_int_equal(workers[i].errors, 1);
    }
    assert_non_null(workers[0].seen[19]);
    assert_null(workers[0].seen[9]);
    scene_images_free(store);
}

/* ---- the line beside a path ---- */

static double area_of(const Path *path)
{
    Outline *outlines;
    size_t count = path_flatten(arena, path, 4, &outlines);
    double area = 0;
    for (size_t o = 0; o < count; o++)
        for (size_t i = 0, j = outlines[o].count - 1; i < outlines[o].count; j = i++)
            area += (outlines[o].xy[2 * j] * outlines[o].xy[2 * i + 1] - outlines[o].xy[2 * i] * outlines[o].xy[2 * j + 1]) / 2;
    return fabs(area) / LENGTH_ONE / LENGTH_ONE;
}

static void test_offset(void **state)
{
    (void)state;
    const Path *square = path_rect(arena, (Rect){0, 0, 100 * PT, 100 * PT});
    assert_ptr_equal(path_offset(arena, square, 0), square);
    assert_true(fabs(area_of(path_offset(arena, square, 10 * PT)) - (10000 + 4000 + 100 * 3.14159)) < 1);       /* corners open round */
    assert_true(fabs(area_of(path_offset(arena, square, -10 * PT)) - 6400) < 0.1);                             /* and close sharp */
    assert_null(path_offset(arena, square, -50 * PT));
    assert_true(fabs(area_of(path_offset(arena, path_ellipse(arena, (Rect){0, 0, 100 * PT, 100 * PT}), 10 * PT)) - 3600 * 3.14159) < 5);
    /* A hole is drawn in by what its surroundings grow; the other way round it is the same hole. */
    for (int way = 0; way < 2; way++) {
        const Path *ring = path_from_svg(arena, way ? "M0 0H100V100H0Z M40 40H60V60H40Z" : "M0 0V100H100V0Z M40 40H60V60H40Z", LENGTH_ONE, (Point){0, 0}, SPAN_NONE, &diags);
        const Path *line = path_offset(arena, ring, 5 * PT);
        assert_non_null(line);
        Outline *outlines;
        assert_int_equal(path_flatten(arena, line, 4, &outlines), 2);
        for (size_t i = 0; i < outlines[1].count; i++) assert_true(outlines[1].xy[2 * i] >= 45 * PT - 20 && outlines[1].xy[2 * i] <= 55 * PT + 20);
    }
    const Path *narrow = path_from_svg(arena, "M0 0H50V30H30V4H20V30H0Z", LENGTH_ONE, (Point){0, 0}, SPAN_NONE, &diags);
    assert_non_null(path_offset(arena, narrow, 4 * PT));
    assert_null(path_offset(arena, narrow, 6 * PT));           /* the notch of 10 would close */
    assert_null(path_offset(arena, path_line(arena, (Point){0, 0}, (Point){5 * PT, 0}), 1 * PT));
    assert_null(path_offset(arena, path_from_svg(arena, "M0 0L10 0L5 0Z", LENGTH_ONE, (Point){0, 0}, SPAN_NONE, &diags), 1 * PT));
}

static void test_transform(void **state)
{
    (void)state;
    const Path *rect = path_transform(arena, path_rect(arena, (Rect){1 * PT, 2 * PT, 3 * PT, 4 * PT}), &(Matrix){0, 1, -1, 0, 50 * PT, 60 * PT});
    assert_true(rect->is_rect);
    assert_int_equal(rect->rect.x, 44 * PT);
    assert_int_equal(rect->rect.y, 61 * PT);
    assert_int_equal(rect->rect.width, 4 * PT);
    assert_int_equal(rect->rect.height, 3 * PT);
    const Path *line = path_transform(arena, path_line(arena, (Point){1 * PT, 0}, (Point){3 * PT, 1 * PT}), &(Matrix){2, 0, 0, 2, 1 * PT, 0});
    assert_int_equal(line->points[1].x, 7 * PT);
    assert_int_equal(line->points[1].y, 2 * PT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(test_builder_copies_and_skips), TEST(test_paths), TEST(test_svg_path_commands), TEST(test_svg_path_arcs),
        TEST(test_svg_path_errors), TEST(test_offset), TEST(test_transform), TEST(test_gradient_places), TEST(test_gradient_at_a_point), TEST(test_gradient_in_a_scene), TEST(test_profiles), TEST(test_dump), TEST(test_digests_tell_units_apart), TEST(test_digests_of_shared_forms), TEST(test_extents), TEST(test_png_of_every_kind), TEST(test_png_is_premultiplied),
        TEST(test_jpeg), TEST(test_svg_sizes), TEST(test_refused_images), TEST(test_corrupt_images_never_crash),
        TEST(test_missing_image), TEST(test_threads_share_images),
    };
    return cmocka_run_group_tests_name("scene", tests, make_folder, remove_folder);
}
