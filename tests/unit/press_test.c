/* press_test.c -- the press writer from inside: colours, plates, objects, glyphs, boxes, what a shop would send back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <libdeflate.h>
#include <stdio.h>
#include <string.h>

#include "press/cff.h"
#include "press/fonts.h"
#include "press/private.h"
#include "press/writer.h"

static const Color red = {.name = "red", .has_rgb = true, .rgb = {200, 16, 46}, .has_cmyk = true, .cmyk = {10, 100, 85, 5}};
static const Color black = {.name = "black", .has_cmyk = true, .cmyk = {0, 0, 0, 100}};
static const Color rgb_black = {.name = "rgb-black", .has_rgb = true};
static const Color rgb_blue = {.name = "blue", .has_rgb = true, .rgb = {20, 60, 160}};
static const Color white = {.name = "white", .has_cmyk = true};
static const Color cut = {.name = "cut", .spot = "CutContour"};
static const Color varnish = {.name = "gloss", .spot = "Glanz", .step = "Varnish"};
static const Color gold = {.name = "gold", .spot = "Gold 871", .has_cmyk = true, .cmyk = {20, 30, 90, 10}};
static const Color marks = {.name = "marks", .spot = "All", .has_cmyk = true, .cmyk = {100, 100, 100, 100}};

typedef struct Fixture { Arena *arena; DiagList diags; const PressSetup *setup; } Fixture;

static Fixture *fixture(void **state) { return *state; }

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = arena_new(0);
    diag_list_init(&f->diags, f->arena);
    f->setup = press_setup_new(f->arena, &(PressOptions){.title = "t", .date = "2026-01-02"}, &f->diags);
    *state = f;
    return f->setup ? 0 : -1;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    arena_free(f->arena);
    free(f);
    return 0;
}

/* ---- inks ---- */

static void test_inks(void **state)
{
    const PressSetup *setup = fixture(state)->setup;
    Ink ink = ink_of(setup, &red);
    assert_true(ink.cmyk[1] == 1 && ink.cmyk[0] == 0.1 && !ink.plate && !ink.is_converted);
    assert_true(ink_total(&ink) > 199.9 && ink_total(&ink) < 200.1);
    ink = ink_of(setup, &black);
    assert_true(ink_is_black(&ink));
    ink = ink_of(setup, &rgb_black);
    assert_true(ink_is_black(&ink) && !ink.is_converted);     /* never black of four inks */
    ink = ink_of(setup, &rgb_blue);
    assert_true(ink.is_converted && ink.cmyk[0] > 0.7 && ink.cmyk[2] < 0.3);
    ink = ink_of(setup, &white);
    assert_false(ink_is_black(&ink));
    assert_true(ink_total(&ink) == 0);
    ink = ink_of(setup, &cut);
    assert_string_equal(ink.plate, "CutContour");
    assert_string_equal(ink.step->type, "Cutting");
    assert_true(ink.cmyk[1] == 1);                            /* shown in magenta when nothing else is said */
}

static void test_layers(void **state)
{
    (void)state;
    assert_int_equal(ink_layer(&red, "art"), LAYER_ART);
    assert_int_equal(ink_layer(&gold, "art"), LAYER_ART);     /* an ink of its own is still ink */
    assert_int_equal(ink_layer(&varnish, "art"), LAYER_WHITE);
    assert_int_equal(ink_layer(&cut, "art"), LAYER_CUT);
    assert_int_equal(ink_layer(&marks, "crop-mark"), LAYER_MARKS);
    assert_int_equal(ink_layer(NULL, "art"), LAYER_ART);
    Color unknown = {.name = "x", .spot = "CutContour", .step = "Cuting"};
    assert_null(ink_step(&unknown));
}

/* ---- files ---- */

static char *read_all(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = calloc(1, 4 << 20);
    *length = fread(bytes, 1, (4 << 20) - 1, file);
    fclose(file);
    return bytes;
}

static const Scene *sample(Arena *arena, Length bleed)
{
    SceneBuilder *scene = scene_new(arena, length_from_mm(50), length_from_mm(30), bleed, false);
    scene_add_stroke(scene, path_rect(arena, (Rect){0, 0, 1000, 1000}), &cut, 256, NULL, 0);
    scene_add_rect(scene, (Rect){-bleed, -bleed, length_from_mm(50) + 2 * bleed, length_from_mm(30) + 2 * bleed}, &red);
    scene_begin(scene, NULL, path_rect(arena, (Rect){0, 0, 5000, 5000}), 1);
    scene_add_rect(scene, (Rect){0, 0, 2048, 1024}, &black);
    scene_end(scene);
    return scene_finish(scene, NULL);
}

/* `stored`: each page is put by as bytes first. */
static char *write_pages(Fixture *f, const PressSetup *setup, const Scene *scene, int pages, bool stored, size_t *length)
{
    char path[] = "/tmp/press-test-XXXXXX";
    int handle = mkstemp(path);
    assert_true(handle >= 0);
    OutFile *file = file_create(path, &f->diags);
    Press *press = press_new(f->arena, setup, file);
    Rect trim = {0, 0, scene->width, scene->height}, bleed = {-scene->bleed, -scene->bleed, scene->width + 2 * scene->bleed, scene->height + 2 * scene->bleed};
    for (int i = 0; i < pages; i++) {
        const PressPage *page = press_make_page(setup, f->arena, scene, &(PressBoxes){bleed, bleed, trim}, &f->diags);
        assert_non_null(page);
        if (stored) {
            StrBuf out;
            strbuf_init(&out, f->arena);
            strbuf_add(&out, "x");
            press_page_store(page, &out);
            const char *at = out.bytes + 1;
            page = press_page_load(f->arena, &at);
            assert_ptr_equal(at, out.bytes + out.length);
        }
        assert_true(press_add_page(press, page, &f->diags));
    }
    assert_true(press_finish(press, &f->diags));
    assert_true(file_commit(file, false, &f->diags));
    char *bytes = read_all(path, length);
    remove(path);
    return bytes;
}

static char *write_file(Fixture *f, const PressSetup *setup, const Scene *scene, int pages, size_t *length)
{
    return write_pages(f, setup, scene, pages, false, length);
}

/* Forms in forms, gradients, groups. */
static void test_stored_pages(void **state)
{
    Fixture *f = fixture(state);
    const GradientStop stops[] = {{0, &red}, {1, &black}};
    const Gradient gradient = {.stops = stops, .stop_count = 2};
    const Color sky = {.name = "sky", .gradient = &gradient};
    SceneBuilder *piece = scene_new(f->arena, 40960, 20480, 0, false), *scene = scene_new(f->arena, 409600, 204800, 0, false);
    scene_add_rect(piece, (Rect){0, 0, 20480, 10240}, &sky);
    scene_begin(piece, NULL, NULL, 0.5);
    scene_add_rect(piece, (Rect){0, 0, 2048, 1024}, &gold);
    scene_end(piece);
    const Scene *form = scene_finish(piece, NULL);
    for (int i = 0; i < 5; i++) scene_add_form(scene, form, i * 51200, 0);
    size_t length, again;
    const Scene *sheet = scene_finish(scene, NULL);
    char *bytes = write_pages(f, f->setup, sheet, 3, false, &length), *same = write_pages(f, f->setup, sheet, 3, true, &again);
    assert_int_equal(length, again);
    assert_memory_equal(bytes, same, length);
    free(bytes);
    free(same);
}

static const Scene *page_with_shared(Arena *arena, const Color *sky, Length x, Length width)
{
    SceneBuilder *part = scene_new(arena, 40960, 20480, 0, false), *page = scene_new(arena, 409600, 204800, 0, false);
    scene_add_rect(part, (Rect){0, 0, 20480, 10240}, sky);
    scene_begin(part, NULL, NULL, 0.5);
    scene_add_rect(part, (Rect){0, 0, 2048, 1024}, &gold);
    scene_add_rect(part, (Rect){1024, 0, 2048, 1024}, &rgb_blue);
    scene_end(part);
    scene_add_stroke(part, path_rect(arena, (Rect){0, 0, 1000, 1000}), &cut, 256, NULL, 0);
    const Scene *form = scene_finish_shared(part);
    scene_add_rect(page, (Rect){0, 0, width, 1024}, &black);
    scene_add_form(page, form, x, 2048);
    scene_add_form(page, form, x + 51200, 2048);
    return scene_finish(page, NULL);
}

static size_t count_of(const char *bytes, size_t length, const char *what)
{
    size_t count = 0, size = strlen(what);
    for (const char *at = bytes; (at = memmem(at, length - (size_t)(at - bytes), what, size)); at += size) count++;
    return count;
}

/* Each page's scene is gone before the next one is made: what is shared must not point there. */
static void test_shared_forms(void **state)
{
    Fixture *f = fixture(state);
    char path[] = "/tmp/press-test-XXXXXX";
    assert_true(mkstemp(path) >= 0);
    OutFile *file = file_create(path, &f->diags);
    Press *press = press_new(f->arena, f->setup, file);
    StrBuf stored;
    strbuf_init(&stored, f->arena);
    PressFacts facts[2];
    for (int i = 0; i < 4; i++) {
        Arena *own = arena_new(0);
        GradientStop *stops = ARENA_ARRAY(f->arena, GradientStop, 2);
        stops[0] = (GradientStop){0, &red}, stops[1] = (GradientStop){1, &black};
        Gradient *gradient = ARENA_NEW(f->arena, Gradient);                    /* colours live as long as the run */
        *gradient = (Gradient){.stops = stops, .stop_count = 2};
        Color *sky = ARENA_NEW(own, Color);
        *sky = (Color){.name = "sky", .gradient = gradient};
        const Scene *scene = page_with_shared(own, sky, i * 1024, 1024 * (i + 1));
        const Rect all = {0, 0, scene->width, scene->height};
        PressPage *page = press_make_page(f->setup, own, scene, &(PressBoxes){all, all, all}, &f->diags);
        assert_non_null(page);
        if (i < 2) facts[i] = page->facts;
        stored.length = 0;
        press_page_store(page, &stored);
        arena_free(own);
        const char *at = stored.bytes;
        assert_true(press_add_page(press, press_page_load(f->arena, &at), &f->diags));
    }
    assert_true(press_finish(press, &f->diags));
    assert_true(file_commit(file, false, &f->diags));
    assert_int_equal(facts[0].rgb_paints, 2);                                  /* made for the first page, found for the second: counted for both */
    assert_memory_equal(&facts[0], &facts[1], sizeof facts[0]);
    assert_int_equal(press_facts(press)->rgb_paints, 8);
    assert_int_equal(press_facts(press)->shared_forms, 1);                     /* the art; the line that is cut stands in its place */
    size_t length;
    char *bytes = read_all(path, &length);
    remove(path);
    assert_int_equal(count_of(bytes, length, "/Subtype/Form"), 2);             /* and the group in the art */
    assert_int_equal(count_of(bytes, length, "/S/Transparency/CS/DeviceCMYK/I true"), 1);
    free(bytes);
}

static void test_file(void **state)
{
    Fixture *f = fixture(state);
    const Scene *scene = sample(f->arena, length_from_mm(3));
    size_t length, again;
    char *bytes = write_file(f, f->setup, scene, 130, &length), *same = write_file(f, f->setup, scene, 130, &again);
    assert_memory_equal(bytes, "%PDF-1.6\n", 9);
    assert_non_null(memmem(bytes, length, "<pdfxid:GTS_PDFXVersion>PDF/X-4<", 32));
    assert_non_null(memmem(bytes, length, "<xmp:CreateDate>2026-01-02T00:00:00Z<", 37));
    assert_string_equal(bytes + length - 6, "%%EOF\n");
    assert_int_equal(length, again);
    assert_memory_equal(bytes, same, length);
    free(bytes);
    free(same);
}

static void test_old_file(void **state)
{
    Fixture *f = fixture(state);
    const PressSetup *setup = press_setup_new(f->arena, &(PressOptions){.standard = PRESS_X1A, .title = "a (b) \\"}, &f->diags);
    size_t length;
    char *bytes = write_file(f, setup, sample(f->arena, 0), 1, &length);
    assert_memory_equal(bytes, "%PDF-1.4\n", 9);
    assert_non_null(memmem(bytes, length, "/Title(a \\(b\\) \\\\)", sizeof "/Title(a \\(b\\) \\\\)" - 1));
    assert_non_null(memmem(bytes, length, "/GTS_PDFXVersion(PDF/X-1a:2003)", sizeof "/GTS_PDFXVersion(PDF/X-1a:2003)" - 1));
    /* The table tells where each object lies. */
    const char *start = strstr(bytes + length - 100, "startxref\n");
    size_t table = strtoul(start + 10, NULL, 10), number = 0;
    assert_memory_equal(bytes + table, "xref\n", 5);
    for (const char *line = strstr(bytes + table, " f \n") + 4; line[17] == 'n'; line += 20) {
        char head[16];
        snprintf(head, sizeof head, "%zu 0 obj", ++number);
        assert_memory_equal(bytes + strtoul(line, NULL, 10), head, strlen(head));
    }
    assert_true(number > 8);
    free(bytes);
}

/* ---- operators: made without deflate for looking at them ---- */

static const char *operators(Fixture *f, const Scene *scene, PressPage *page)
{
    *page = (PressPage){.boxes.media = {0, 0, scene->width, scene->height}};
    assert_true(content_make(f->setup, f->arena, scene, page, &f->diags));
    size_t length = 0;
    char *text = arena_alloc(f->arena, 1 << 16);
    struct libdeflate_decompressor *inflate = libdeflate_alloc_decompressor();
    assert_int_equal(libdeflate_zlib_decompress(inflate, page->content.data, page->content.length, text, (1 << 16) - 1, &length), 0);
    libdeflate_free_decompressor(inflate);
    return text;
}

static void test_operators(void **state)
{
    Fixture *f = fixture(state);
    PressPage page;
    const char *text = operators(f, sample(f->arena, 0), &page);
    const char *fill = strstr(text, ".1 1 .85 .05 k\n"), *area = strstr(text, "0 0 0 1 k\n"), *line = strstr(text, "/OC /P");
    assert_true(fill && area && line);
    assert_true(fill < area && area < line);                  /* the die line, drawn first, comes last */
    assert_null(strstr(text, "K\n"));
    assert_true(page.facts.most_ink > 199 && page.facts.thinnest_line == 0.25);
    assert_non_null(strstr(text, "0 0 2 1 re\nf\n"));         /* 2048 x 1024 units are 2 x 1 pt */
}

static void test_empty_groups_leave_nothing(void **state)
{
    Fixture *f = fixture(state);
    PressPage page;
    SceneBuilder *scene = scene_new(f->arena, 10240, 10240, 0, false);
    scene_begin(scene, NULL, path_rect(f->arena, (Rect){0, 0, 100, 100}), 0.5);
    scene_begin(scene, &(Matrix){0, 0, 0, 0, 0, 0}, NULL, 1);
    scene_add_rect(scene, (Rect){0, 0, 100, 100}, &red);
    scene_end(scene);
    scene_end(scene);
    const char *text = operators(f, scene_finish(scene, NULL), &page);
    assert_string_equal(text, "1 0 0 -1 0 10 cm\n");
}

static void test_codes_are_counted_in_modules(void **state)
{
    Fixture *f = fixture(state);
    PressPage page;
    static const uint8_t dark[] = {1, 1, 0, 0, 0, 1};
    SceneBuilder *scene = scene_new(f->arena, 10240, 10240, 0, false);
    scene_add_modules(scene, &(Modules){.columns = 3, .rows = 2, .dark = dark, .area = {1024, 1024, 3072, 2048}, .color = &black});
    const char *text = operators(f, scene_finish(scene, NULL), &page);
    assert_non_null(strstr(text, "/O0 gs 0 0 0 1 k\nq 1 0 0 1 1 1 cm\n0 0 2 1 re\n2 1 1 1 re\nf Q\n"));
    assert_int_equal(page.facts.codes, 1);
}

/* ---- checks ---- */

static size_t errors_of(Fixture *f, Rect rect, Length bleed)
{
    DiagList diags;
    diag_list_init(&diags, f->arena);
    SceneBuilder *scene = scene_new(f->arena, 100000, 100000, bleed, false);
    scene_add_rect(scene, rect, &red);
    PressJudged judged;
    press_check_page(f->setup, f->arena, scene_finish(scene, NULL), SPAN_NONE, (DataRef){0}, &judged);
    press_findings_say(&judged.found, &diags);
    return diags.error_count;
}

static void test_bleed(void **state)
{
    Fixture *f = fixture(state);
    Length bleed = length_from_mm(3);
    assert_int_equal(errors_of(f, (Rect){20000, 20000, 1000, 1000}, bleed), 0);
    assert_int_equal(errors_of(f, (Rect){-bleed, -bleed, 100000 + 2 * bleed, 100000 + 2 * bleed}, bleed), 0);
    assert_int_equal(errors_of(f, (Rect){0, 0, 100000, 100000}, bleed), 4);
    assert_int_equal(errors_of(f, (Rect){20000, 20000, 80000, 1000}, bleed), 1);
    assert_int_equal(errors_of(f, (Rect){20000, 20000, 80000 + bleed / 2, 1000}, bleed), 1);
    assert_int_equal(errors_of(f, (Rect){20000, 20000, 80000 + bleed, 1000}, bleed), 0);
    assert_int_equal(errors_of(f, (Rect){0, 0, 100000, 100000}, 0), 0);
}

static void test_colors(void **state)
{
    Fixture *f = fixture(state);
    Color two[] = {gold, gold, {.name = "step", .spot = "Knife", .step = "Cuting"}};
    assert_false(press_check_colors(two, 3, SPAN_NONE, &f->diags));
    assert_int_equal(f->diags.error_count, 1);
    two[1].cmyk[0] = 50;
    assert_false(press_check_colors(two, 2, SPAN_NONE, &f->diags));
    assert_int_equal(f->diags.error_count, 2);
    assert_true(press_check_colors(two, 1, SPAN_NONE, &f->diags));
}

/* ---- plates as pixels ---- */

static const uint8_t *ink_at(const PressPlates *plates, int x, int y)
{
    return plates->pixels.ink + ((size_t)y * (size_t)plates->pixels.width + (size_t)x) * plates->pixels.count;
}

static void assert_inks(const uint8_t *ink, const double *per_cent, size_t count)
{
    for (size_t i = 0; i < count; i++) assert_true(ink[i] >= per_cent[i] * 2.55 - 1.01 && ink[i] <= per_cent[i] * 2.55 + 1.01);
}

/* Red below everything; from left to right: a black line over it, black area, gold, a die line drawn before the red, half a
 * group of gold, a gradient of gold into nothing. */
static void test_plates(void **state)
{
    Fixture *f = fixture(state);
    const Length px = LENGTH_ONE;
    const Color pale = {.name = "pale", .spot = "Gold 871", .has_cmyk = true, .cmyk = {20, 30, 90, 10}, .less = 0.6};
    const GradientStop stops[] = {{0, &gold}, {1, &white}};
    const Gradient gradient = {.kind = GRADIENT_LINEAR, .angle = 90, .stops = stops, .stop_count = 2};
    const Color fade = {.name = "fade", .gradient = &gradient};
    SceneBuilder *builder = scene_new(f->arena, 100 * px, 20 * px, 0, false);
    scene_add_line(builder, (Point){30 * px, 0}, (Point){30 * px, 20 * px}, &cut, 4 * px);
    scene_add_rect(builder, (Rect){0, 0, 100 * px, 20 * px}, &red);
    scene_add_line(builder, (Point){5 * px, 0}, (Point){5 * px, 20 * px}, &black, 4 * px);
    scene_add_rect(builder, (Rect){10 * px, 0, 5 * px, 20 * px}, &black);
    scene_add_rect(builder, (Rect){18 * px, 0, 5 * px, 20 * px}, &pale);
    scene_begin(builder, NULL, NULL, 0.5);
    scene_add_rect(builder, (Rect){40 * px, 0, 10 * px, 20 * px}, &gold);
    scene_end(builder);
    scene_add_rect(builder, (Rect){60 * px, 0, 40 * px, 20 * px}, &fade);
    const Scene *scene = scene_finish(builder, NULL);

    PressPlates plates;
    Raster *raster = raster_new(f->arena, NULL);
    assert_true(press_draw_plates(f->setup, raster, scene, &(RasterOptions){.scale = 1}, true, f->arena, &plates, &f->diags));
    assert_int_equal(plates.pixels.count, 6);
    assert_string_equal(plates.names[3], "Black");
    assert_string_equal(plates.names[4], "CutContour");
    assert_string_equal(plates.names[5], "Gold 871");
    assert_inks(ink_at(&plates, 1, 9), (double[]){10, 100, 85, 5, 0, 0}, 6);
    assert_inks(ink_at(&plates, 5, 9), (double[]){10, 100, 85, 100, 0, 0}, 6);        /* a line of black overprints */
    assert_inks(ink_at(&plates, 12, 9), (double[]){0, 0, 0, 100, 0, 0}, 6);           /* an area of it does not */
    assert_inks(ink_at(&plates, 20, 9), (double[]){0, 0, 0, 0, 0, 40}, 6);
    assert_inks(ink_at(&plates, 30, 9), (double[]){10, 100, 85, 5, 100, 0}, 6);       /* the knife comes last and cuts nothing out */
    assert_inks(ink_at(&plates, 45, 9), (double[]){5, 50, 42.5, 2.5, 0, 50}, 6);
    assert_inks(ink_at(&plates, 79, 9), (double[]){0, 0, 0, 0, 0, 51}, 6);

    Pixels proof;
    assert_true(press_proof(f->setup, raster, scene, &(RasterOptions){.scale = 1}, f->arena, &proof, &f->diags));
    const uint32_t *row = (const uint32_t *)(const void *)(proof.data + 9 * proof.stride);
    /* red and black as Ghostscript shows them through the same profile, within two steps */
    const struct { int x; uint8_t rgb[3]; } looks[] = {{1, {205, 8, 37}}, {12, {24, 23, 21}}};
    for (size_t i = 0; i < 2; i++)
        for (int k = 0; k < 3; k++) assert_in_range((row[looks[i].x] >> (16 - 8 * k) & 255) + 3, looks[i].rgb[k], looks[i].rgb[k] + 6);
    assert_true((row[5] & 255) < (row[12] & 255));            /* black on red is darker */
    assert_int_equal(row[99] >> 24, 255);
    assert_int_equal(f->diags.count, 0);
}

/* A picture of four inks keeps them, also where its pixels have been made light. */
static void test_picture_inks(void **state)
{
    Fixture *f = fixture(state);
    const uint32_t pixels[] = {0xFF808080, 0xFFFFFFFF, 0xFF000000, 0xFF404040}, colours[] = {0xFFC8102E, 0xFFFFFFFF};
    const uint8_t own[] = {1, 2, 3, 4, 5, 6, 7, 8};
    const Image grey = {.kind = IMAGE_PIXELS, .path = "grey.png", .width = 2, .height = 2, .pixels = (const uint8_t *)pixels};
    Image colour = {.kind = IMAGE_PIXELS, .path = "c.png", .width = 2, .height = 1, .pixels = (const uint8_t *)colours};
    const uint8_t *inks = image_inks(f->setup, &grey, &f->diags);
    assert_memory_equal(inks, ((uint8_t[]){0, 0, 0, 127, 0, 0, 0, 0, 0, 0, 0, 255}), 12);
    assert_ptr_equal(image_inks(f->setup, &grey, &f->diags), inks);
    inks = image_inks(f->setup, &colour, &f->diags);
    assert_true(inks[1] > 230 && inks[4] == 0 && inks[5] == 0);
    colour.inks = own;
    assert_ptr_equal(image_inks(f->setup, &colour, &f->diags), own);
    ImageData data = image_data(f->setup, f->arena, &colour, &f->diags);
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    uint8_t out[8];
    assert_int_equal(libdeflate_zlib_decompress(d, data.data, data.length, out, sizeof out, NULL), 0);
    libdeflate_free_decompressor(d);
    assert_memory_equal(out, own, sizeof own);
}

/* ---- profiles ---- */

static void test_bad_profiles(void **state)
{
    Fixture *f = fixture(state);
    static char head[256];
    memcpy(head + 36, "acsp", 4);
    memcpy(head + 12, "prtrCMYK", 8);
    const struct { size_t length; const char *at12; } cases[] = {{0, "prtrCMYK"}, {127, "prtrCMYK"}, {256, "mntrRGB "}, {256, "prtrRGB "}, {256, "prtrCMYK"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[] = "/tmp/press-profile-XXXXXX";
        int handle = mkstemp(path);
        memcpy(head + 12, cases[i].at12, 8);
        FILE *file = fdopen(handle, "wb");
        fwrite(head, 1, cases[i].length, file);
        fclose(file);
        assert_null(press_setup_new(f->arena, &(PressOptions){.profile = path}, &f->diags));
        assert_string_equal(f->diags.items[f->diags.count - 1].code, "bad-profile");
        remove(path);
    }
    assert_null(press_setup_new(f->arena, &(PressOptions){.profile = "/no/such.icc"}, &f->diags));
}

/* ---- CFF ---- */

static void test_cff(void **state)
{
    Fixture *f = fixture(state);
    /* Header, Name INDEX (one name), Top DICT INDEX (ROS, charset at 40, CharStrings at 50), then both tables. */
    uint8_t cff[64] = {1, 0, 4, 1, 0, 1, 1, 1, 2, 'A', 0, 1, 1, 1, 14, 139, 139, 139, 12, 30, 29, 0, 0, 0, 40, 15, 139 + 50, 17};
    uint8_t identity[] = {2, 0, 1, 0, 1};                     /* from CID 1, one more: three glyphs */
    uint8_t glyphs[] = {0, 3, 1, 1, 2, 3, 4, 14, 14, 14};
    memcpy(cff + 40, identity, sizeof identity);
    memcpy(cff + 50, glyphs, sizeof glyphs);
    assert_int_equal(cff_kind(cff, sizeof cff), CFF_CIDS);
    cff[42] = 7;                                              /* glyph 1 is CID 7 */
    assert_int_equal(cff_kind(cff, sizeof cff), CFF_OTHER_CIDS);
    size_t size;
    const uint8_t *other = cff_with_cids(f->arena, cff, sizeof cff, (const uint16_t[]){0, 9, 300}, 3, &size), charset[] = {0, 0, 9, 1, 44};
    assert_int_equal(size, sizeof cff + 5);
    assert_memory_equal(other + sizeof cff, charset, 5);      /* behind the font, where the Top DICT says */
    assert_memory_equal(other + 20, ((uint8_t[]){29, 0, 0, 0, 64}), 5);
    assert_int_equal(cff_kind(other, size), CFF_OTHER_CIDS);
    other = cff_with_cids(f->arena, cff, sizeof cff, (const uint16_t[]){0, 1, 2}, 3, &size);
    assert_int_equal(cff_kind(other, size), CFF_CIDS);
    assert_null(cff_with_cids(f->arena, cff, sizeof cff, (const uint16_t[]){0, 1, 2, 3}, 4, &size));
    for (size = 0; size < 28; size++) {
        size_t length;
        assert_int_equal(cff_kind(cff, size), CFF_BROKEN);
        assert_null(cff_with_cids(f->arena, cff, size, (const uint16_t[]){0, 1, 2}, 3, &length));
    }
    cff[19] = 7;                                              /* no ROS: names */
    assert_int_equal(cff_kind(cff, sizeof cff), CFF_NAMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_inks, set_up, tear_down),
        cmocka_unit_test(test_layers),
        cmocka_unit_test_setup_teardown(test_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stored_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_shared_forms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_old_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_operators, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_empty_groups_leave_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_codes_are_counted_in_modules, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bleed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_colors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_plates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_picture_inks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_profiles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cff, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("press", tests, NULL, NULL);
}
