/* font_test.c -- the catalogue, faces by name and weight, coverage, dots, and files that are not what they should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hb-ot.h>

#include "base/file.h"
#include "base/hash.h"
#include "font/font.h"

#define TEST_CATALOGUE "tests/fonts/catalogue.yaml"
#define SIGN_INSTALLED "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"

typedef struct Bench { Arena *arena; DiagList diags; FontLibrary *library; char folder[64]; } Bench;

static Bench *bench_open(const char *catalogue)
{
    Arena *arena = arena_new(0);
    Bench *bench = ARENA_NEW(arena, Bench);
    bench->arena = arena;
    diag_list_init(&bench->diags, arena);
    bench->library = font_library_open(arena, &(FontOptions){.catalogue = catalogue}, &bench->diags);
    return bench;
}

static void bench_close(Bench *bench)
{
    arena_free(bench->arena);
}

/* The last message; the test fails when there is none or it has another code. */
static const Diag *last(Bench *bench, const char *code)
{
    assert_true(bench->diags.count > 0);
    const Diag *diag = &bench->diags.items[bench->diags.count - 1];
    assert_string_equal(diag->code, code);
    return diag;
}

static const Face *find(Bench *bench, const char *family, int weight)
{
    return font_find(bench->library, family, weight, SPAN_NONE, &bench->diags);
}

/* ---- made-up catalogues and files in a folder of their own ---- */

static char scratch[] = "/tmp/biaoyu-font-XXXXXX";
static char scratch_path[256];

static int make_scratch(void **state)
{
    (void)state;
    return mkdtemp(scratch) ? 0 : -1;
}

static int drop_scratch(void **state)
{
    (void)state;
    static const char *const names[] = {"a.otf", "b.otf", "c.otf", "catalogue.yaml", "x.ttf"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(scratch_path, sizeof scratch_path, "%s/%s", scratch, names[i]);
        unlink(scratch_path);
    }
    return rmdir(scratch);
}

static const char *put(const char *name, const void *bytes, size_t size)
{
    snprintf(scratch_path, sizeof scratch_path, "%s/%s", scratch, name);
    FILE *file = fopen(scratch_path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return scratch_path;
}

static const char *put_text(const char *name, const char *text)
{
    return put(name, text, strlen(text));
}

static const Source *test_font(Arena *arena)
{
    DiagList diags;
    diag_list_init(&diags, arena);
    const Source *font = file_read(arena, "tests/fonts/TestSans-Regular.otf", 1 << 20, SPAN_NONE, &diags);
    assert_non_null(font);
    return font;
}

/* A catalogue of one file at three weights: a.otf 300 (pinned as given), b.otf 400, c.otf 900. */
static Bench *open_made_up(const char *pin)
{
    char *text = NULL;
    int length = asprintf(&text, "packages:\n  - name: fonts-made-up\n    licence: OFL-1.1\n    files:\n"
                          "      ./a.otf:\n        - %s\n      ./b.otf:\n        - %s\n      ./c.otf:\n        - %s\n"
                          "families:\n  - name: Made Up\n    faces:\n      300: ./a.otf\n      400: ./b.otf\n      900: ./c.otf\n",
                          pin, pin, pin);
    assert_true(length > 0);
    Bench *bench = bench_open(put_text("catalogue.yaml", text));
    free(text);
    return bench;
}

static char *pin_of(Arena *arena, const Source *font, bool with_check)
{
    char whole[HASH_HEX_ROOM], check[HASH_HEX_ROOM], ends[8192];
    memcpy(ends, font->text, 4096);
    memcpy(ends + 4096, font->text + font->length - 4096, 4096);
    hash_sha256(ends, sizeof ends, check);
    hash_sha256(font->text, font->length, whole);
    if (!with_check)
        return arena_printf(arena, "{size: %zu, sha256: %s}", font->length, whole);
    return arena_printf(arena, "{size: %zu, check: %s, sha256: %s}", font->length, check, whole);
}

/* ---- names and weights ---- */

static void test_names(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    assert_non_null(bench->library);
    const Face *face = find(bench, "Test Sans", 400);
    assert_non_null(face);
    assert_string_equal(face->family, "Test Sans");
    assert_string_equal(face->style_name, "Regular");
    assert_int_equal(face->units_per_em, 1000);
    assert_int_equal(face->ascent, 880);
    assert_int_equal(face->descent, 120);
    assert_int_equal(strlen(face->sha256), 64);
    assert_false(face->strikes_only);
    static const char *const same[] = {"测试黑体", "TEST-SANS", "test_sans", " testsans ", "Test　Sans", "Test-Hei"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_ptr_equal(find(bench, same[i], 400), face);
    const Face *bold = find(bench, "测试黑体", 700);
    assert_string_equal(bold->style_name, "Bold");
    assert_int_equal(bold->serial, face->serial + 1);
    assert_int_equal(bench->diags.count, 0);
    bench_close(bench);
}

static void test_unknown(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    assert_null(find(bench, "Tset Sans", 400));
    const Diag *diag = last(bench, "unknown-font");
    assert_string_equal(diag->message, "no font family \"Tset Sans\"");
    assert_string_equal(diag->hint, "did you mean \"Test Sans\"? `biaoyu fonts` lists all");
    assert_int_equal(diag->cause, DIAG_INPUT);
    assert_null(find(bench, "仿宋", 400));
    assert_string_equal(last(bench, "unknown-font")->hint, "the catalogue has Test Sans, Test Reading, Test Mongolian, Test Variable, Test Arabic, Test Tibetan, Test Thai, Test Regions, Test Emoji, Test Dots");
    assert_null(find(bench, "", 400));
    assert_null(find(bench, " -_", 400));
    assert_null(find(bench, "\xff\xfe%s%n", 400));
    bench_close(bench);
}

static void test_weights(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    static const int cases[][2] = {{1, 400}, {300, 400}, {400, 400}, {450, 400}, {500, 400}, {501, 700}, {600, 700},
                                   {700, 700}, {900, 700}, {1000, 700}, {-5, 400}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(find(bench, "Test Sans", cases[i][0])->weight, cases[i][1]);
    bench_close(bench);
    bench = bench_open(TEST_CATALOGUE);
    assert_int_equal(find(bench, "Test Sans", 550)->weight, 700);
    assert_int_equal(bench->diags.count, 0);                /* less than 200 off */
    find(bench, "Test Sans", 900);
    assert_string_equal(last(bench, "font-weight")->message, "\"Test Sans\" has no weight 900, Bold (700) is used");
    assert_int_equal(last(bench, "font-weight")->severity, SEVERITY_WARNING);
    bench_close(bench);
}

/* ---- files missing, changed, broken ---- */

static void test_missing(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    const Source *font = test_font(arena);
    put("b.otf", font->text, font->length);
    Bench *bench = open_made_up(pin_of(arena, font, true));
    assert_non_null(bench->library);
    assert_int_equal(find(bench, "made up", 900)->weight, 400);        /* the black one is not installed */
    const Diag *diag = last(bench, "font-weight");
    assert_string_equal(diag->message, "\"Made Up\" is not installed in weight 900, Regular (400) is used");
    assert_string_equal(diag->hint, "apt-get install fonts-made-up");
    bench_close(bench);
    unlink(put_text("b.otf", ""));

    bench = open_made_up(pin_of(arena, font, true));
    assert_null(find(bench, "Made Up", 400));
    diag = last(bench, "font-missing");
    assert_string_equal(diag->message, "the font file of \"Made Up\" is not installed");
    assert_string_equal(diag->hint, "apt-get install fonts-made-up");
    assert_int_equal(diag->cause, DIAG_SYSTEM);
    StrBuf out;
    strbuf_init(&out, bench->arena);
    assert_true(font_report(bench->library, &(FontReportOptions){.has = "A"}, &out, &bench->diags));
    assert_string_equal(out.bytes, "A   U+0041  no installed font of the catalogue\n"
                        "not asked, because not installed: Made Up (fonts-made-up)\n");
    bench_close(bench);
    arena_free(arena);
}

static void test_changed(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    const Source *font = test_font(arena);
    char *pins[] = {pin_of(arena, font, true), pin_of(arena, font, false)};
    char *bytes = arena_copy(arena, font->text, font->length);
    for (int i = 0; i < 2; i++) {
        put("b.otf", font->text, font->length);
        Bench *bench = open_made_up(pins[i]);
        assert_non_null(find(bench, "Made Up", 400));
        bench_close(bench);

        bytes[font->length - 1] ^= 1;
        put("b.otf", bytes, font->length);
        bytes[font->length - 1] ^= 1;
        bench = open_made_up(pins[i]);
        assert_null(find(bench, "Made Up", 400));
        const Diag *diag = last(bench, "font-changed");
        assert_non_null(strstr(diag->message, "b.otf\" is not the one the catalogue pins"));
        assert_non_null(strstr(diag->hint, "apt-get install --reinstall fonts-made-up"));
        assert_non_null(strstr(diag->hint, "sha256: "));
        assert_null(find(bench, "Made Up", 400));                      /* and again, without a leak */
        bench_close(bench);

        Arena *other = arena_new(0);                                   /* the bench may look away */
        DiagList diags;
        diag_list_init(&diags, other);
        snprintf(scratch_path, sizeof scratch_path, "%s/catalogue.yaml", scratch);
        FontLibrary *library = font_library_open(other, &(FontOptions){.catalogue = scratch_path, .skip_hashes = true}, &diags);
        assert_non_null(font_find(library, "Made Up", 400, SPAN_NONE, &diags));
        arena_free(other);
    }
    /* A change in the middle passes the quick check; the report finds it. */
    bytes[font->length / 2] ^= 1;
    put("b.otf", bytes, font->length);
    Bench *bench = open_made_up(pins[0]);
    assert_non_null(find(bench, "Made Up", 400));
    StrBuf out;
    strbuf_init(&out, bench->arena);
    assert_true(font_report(bench->library, &(FontReportOptions){0}, &out, &bench->diags));
    assert_non_null(strstr(out.bytes, "400 Regular (changed: fonts-made-up)"));
    assert_non_null(strstr(out.bytes, "300 Light (missing: fonts-made-up)"));
    assert_non_null(strstr(out.bytes, "missing: apt-get install fonts-made-up\n"));
    bench_close(bench);
    unlink(put_text("b.otf", ""));
    arena_free(arena);
}

static void expect_bad(const void *bytes, size_t size)
{
    Bench *bench = bench_open(TEST_CATALOGUE);
    const char *path = put("x.ttf", bytes, size);
    assert_null(font_find_file(bench->library, path, SPAN_NONE, &bench->diags));
    const Diag *diag = last(bench, "bad-font");
    assert_non_null(strstr(diag->message, "x.ttf"));
    assert_int_equal(diag->cause, DIAG_SYSTEM);
    bench_close(bench);
}

static void test_broken(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    const Source *font = test_font(arena);
    expect_bad("", 0);
    expect_bad("x", 1);
    expect_bad("OTTO", 4);
    expect_bad("ttcf\0\1\0\0\xff\xff\xff\xff\xff\xff\xff\xff", 16);
    expect_bad("STARTFONT 2.1\n", 14);
    static const size_t cuts[] = {12, 13, 100, 1000, 50000, 200000};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
        expect_bad(font->text, cuts[i]);
    expect_bad(font->text, font->length - 64);
    char garbage[4096];
    for (uint32_t i = 0, seed = 1; i < sizeof garbage; i++)
        garbage[i] = (char)((seed = seed * 1664525 + 1013904223) >> 24);
    expect_bad(garbage, sizeof garbage);
    memcpy(garbage, "\0\1\0\0", 4);
    expect_bad(garbage, sizeof garbage);

    /* Bytes turned over anywhere: refused or used, never a crash. */
    char *bytes = arena_copy(arena, font->text, font->length);
    for (uint32_t round = 0, seed = 7; round < 60; round++) {
        size_t at = (seed = seed * 1664525 + 1013904223) % (round < 40 ? 2000 : font->length);
        bytes[at] ^= (char)0xa5;
        Bench *bench = bench_open(TEST_CATALOGUE);
        const Face *face = font_find_file(bench->library, put("x.ttf", bytes, font->length), SPAN_NONE, &bench->diags);
        if (face) {
            FontEngine *engine = font_engine_new(bench->arena, bench->library);
            font_has(face, 0x4fe1);
            hb_font_t *dots = font_hb_dots(engine, face, 16, DOT_MONO);
            if (dots)
                hb_font_get_glyph_h_advance(dots, 1);
        } else {
            last(bench, "bad-font");
        }
        bytes[at] ^= (char)0xa5;
        bench_close(bench);
    }
    arena_free(arena);
}

static void test_own_file(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    const char *path = "tests/fonts/TestSans-Bold.otf";
    const Face *face = font_find_file(bench->library, path, SPAN_NONE, &bench->diags);
    assert_non_null(face);
    assert_int_equal(face->weight, 700);
    assert_string_equal(face->sha256, "");
    assert_string_equal(face->file, path);
    assert_string_equal(face->family, "Noto Sans CJK SC");
    assert_ptr_equal(font_find_file(bench->library, path, SPAN_NONE, &bench->diags), face);
    const Face *dots = font_find_file(bench->library, "tests/fonts/TestDots-12.bdf", SPAN_NONE, &bench->diags);
    assert_true(dots->strikes_only);
    assert_int_equal(dots->strike_count, 1);
    assert_int_equal(dots->strikes[0], 12);
    assert_true(dots->serial != face->serial && dots->serial > find(bench, "Test Dots", 400)->serial);
    assert_int_equal(bench->diags.count, 0);
    assert_null(font_find_file(bench->library, "no/such.ttf", SPAN_NONE, &bench->diags));
    assert_string_equal(last(bench, "missing-file")->message, "no font file \"no/such.ttf\"");
    assert_null(font_find_file(bench->library, "tests/fonts", SPAN_NONE, &bench->diags));
    last(bench, "bad-font");
    bench_close(bench);
}

static void expect_bad_catalogue(const char *text, const char *code)
{
    Bench *bench = bench_open(put_text("catalogue.yaml", text));
    assert_null(bench->library);
    last(bench, code);
    bench_close(bench);
}

static void test_bad_catalogue(void **state)
{
    (void)state;
#define FILES "packages:\n  - files:\n      ./a.otf:\n        - {size: 5, sha256: " \
    "0123456789012345678901234567890123456789012345678901234567890123}\n"
    expect_bad_catalogue("", "bad-catalogue");
    expect_bad_catalogue("[1, 2]\n", "bad-catalogue");
    expect_bad_catalogue("packages: []\nfamilies: []\n", "bad-catalogue");
    expect_bad_catalogue("packages: [{name: x}]\nfamilies: [{name: y}]\n", "bad-catalogue");
    expect_bad_catalogue("packages:\n  - files:\n      ./a.otf:\n        - {size: 5, sha256: 12}\nfamilies: [{name: y}]\n",
                         "bad-catalogue");
    expect_bad_catalogue(FILES "families: [{name: y, faces: {400: ./b.otf}}]\n", "bad-catalogue");
    expect_bad_catalogue(FILES "families: [{name: y, faces: {bold: ./a.otf}}]\n", "bad-catalogue");
    expect_bad_catalogue(FILES "families: [{name: y, faces: {700: ./a.otf, 400: ./a.otf}}]\n", "bad-catalogue");
    expect_bad_catalogue(FILES "families: [{name: y, index: 999, faces: {400: ./a.otf}}]\n", "bad-catalogue");
    expect_bad_catalogue(FILES "families: [{name: y, strikes: [x], faces: {400: ./a.otf}}]\n", "bad-catalogue");
    expect_bad_catalogue(FILES "families: [{name: y, faces: {400: {}}}]\n", "bad-catalogue");
    expect_bad_catalogue(FILES "families: [{name: y, faces: {400: {12: ./z.bdf}}}]\n", "bad-catalogue");
    expect_bad_catalogue(FILES "families: [{name: y, aliases: [[z]], faces: {400: ./a.otf}}]\n", "bad-catalogue");
    expect_bad_catalogue(FILES "families:\n  - {name: y, aliases: [Z z], faces: {400: ./a.otf}}\n"
                         "  - {name: zz, faces: {400: ./a.otf}}\n", "bad-catalogue");
    Bench *bench = bench_open("no/catalogue.yaml");
    assert_null(bench->library);
    assert_int_equal(bench->diags.error_count, 1);
    bench_close(bench);
}

/* ---- characters ---- */

static void test_coverage(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    static const char *const families[] = {"Test Sans", "Test Dots"};
    for (size_t i = 0; i < 2; i++) {
        const Face *face = find(bench, families[i], 400);
        assert_true(font_has(face, 0x4fe1));                /* 信 */
        assert_true(font_has(face, 'A'));
        assert_true(font_has(face, 0xff0c));
        assert_false(font_has(face, 0x9f98));               /* 龘 */
        assert_false(font_has(face, 0x2a6d7));              /* 𪛗 */
        assert_false(font_has(face, 0));
        assert_false(font_has(face, 0x110000));
        assert_false(font_has(face, UINT32_MAX));
    }
    const char *names[4];
    assert_int_equal(font_families_with(bench->library, 0x4fe1, names, 4), 2);
    assert_string_equal(names[0], "Test Sans");
    assert_string_equal(names[1], "Test Dots");
    assert_int_equal(font_families_with(bench->library, 0x4fe1, names, 1), 1);
    assert_int_equal(font_families_with(bench->library, 0x2a6d7, names, 4), 0);
    bench_close(bench);
}

static void test_nominal_glyphs(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    const Face *face = find(bench, "Test Sans", 400);
    FontEngine *engine = font_engine_new(bench->arena, bench->library);
    FT_Face ft = font_ft_face(engine, face);
    assert_non_null(ft);
    assert_ptr_equal(font_ft_face(engine, face), ft);
    hb_codepoint_t glyph;
    assert_true(hb_font_get_nominal_glyph(font_hb_font(face), 0x4fe1, &glyph));
    assert_int_equal(glyph, FT_Get_Char_Index(ft, 0x4fe1));
    assert_int_equal(hb_font_get_glyph_h_advance(font_hb_font(face), glyph), 1000);
    assert_true(hb_font_is_immutable(font_hb_font(face)));
    assert_ptr_equal(hb_font_get_face(font_hb_font(face)), font_hb_face(face));
    /* What the text engine lives on is still in the subset. */
    hb_tag_t tags[64];
    unsigned count = 64;
    hb_ot_layout_table_get_feature_tags(font_hb_face(face), HB_OT_TAG_GPOS, 0, &count, tags);
    bool has_halt = false;
    for (unsigned i = 0; i < count; i++)
        has_halt = has_halt || tags[i] == HB_TAG('h', 'a', 'l', 't');
    assert_true(has_halt);
    bench_close(bench);
}

/* ---- dots ---- */

static void test_strike_family(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    const Face *face = find(bench, "测试点阵", 700);
    assert_non_null(face);
    assert_int_equal(bench->diags.count, 0);                /* nobody expects bold dots: no warning */
    assert_true(face->strikes_only);
    assert_true(font_has_strike(face, 12) && font_has_strike(face, 16));
    assert_false(font_has_strike(face, 14) || font_has_strike(face, 0));
    assert_int_equal(face->ascent * 16 / face->units_per_em, 14);

    FontEngine *engine = font_engine_new(bench->arena, bench->library);
    FT_Face files[2];
    for (int i = 0; i < 2; i++) {
        int ppem = i ? 16 : 12;
        hb_font_t *dots = font_hb_dots(engine, face, ppem, DOT_STRIKE);
        assert_non_null(dots);
        assert_ptr_equal(font_hb_dots(engine, face, ppem, DOT_STRIKE), dots);
        hb_codepoint_t han, latin;
        assert_true(hb_font_get_nominal_glyph(dots, 0x4fe1, &han));
        assert_true(hb_font_get_nominal_glyph(dots, 'A', &latin));
        assert_int_equal(hb_font_get_glyph_h_advance(dots, han), ppem * 64);
        assert_int_equal(hb_font_get_glyph_h_advance(dots, latin), ppem * 32);
        FT_Face ft = files[i] = font_ft_dots(engine, face, ppem, DOT_STRIKE);
        assert_ptr_equal(font_ft_face(engine, face), ft);   /* the last one chosen */
        assert_int_equal(ft->size->metrics.y_ppem, ppem);
        assert_int_equal(FT_Load_Glyph(ft, han, font_load_flags(DOT_STRIKE)), 0);
        assert_int_equal(ft->glyph->format, FT_GLYPH_FORMAT_BITMAP);
        assert_int_equal(ft->glyph->bitmap.pixel_mode, FT_PIXEL_MODE_MONO);
    }
    assert_ptr_not_equal(files[0], files[1]);
    assert_null(font_hb_dots(engine, face, 14, DOT_STRIKE));
    assert_null(font_hb_dots(engine, face, 14, DOT_MONO));
    assert_null(font_hb_dots(engine, face, 0, DOT_STRIKE));
    assert_null(font_hb_dots(engine, face, -16, DOT_MONO));
    assert_null(font_ft_dots(engine, face, 1 << 30, DOT_MONO));
    bench_close(bench);
}

static void test_whole_advances(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    const Face *face = find(bench, "Test Sans", 700);
    FontEngine *engine = font_engine_new(bench->arena, bench->library);
    assert_null(font_hb_dots(engine, face, 16, DOT_STRIKE));
    for (int ppem = 13; ppem <= 40; ppem += 3)
        for (DotMode mode = DOT_MONO; mode <= DOT_LIGHT; mode++) {
            hb_font_t *dots = font_hb_dots(engine, face, ppem, mode);
            for (char c = ' '; c <= '~'; c++) {
                hb_codepoint_t glyph;
                assert_true(hb_font_get_nominal_glyph(dots, (hb_codepoint_t)c, &glyph));
                assert_int_equal(hb_font_get_glyph_h_advance(dots, glyph) % 64, 0);
            }
            hb_codepoint_t han;
            hb_font_get_nominal_glyph(dots, 0x4fe1, &han);
            assert_int_equal(hb_font_get_glyph_h_advance(dots, han), ppem * 64);
        }
    /* A caller that sets its own size, or asks another size, does not disturb a font made before. */
    hb_font_t *at_32 = font_hb_dots(engine, face, 32, DOT_MONO);
    hb_codepoint_t letter;
    hb_font_get_nominal_glyph(at_32, 'W', &letter);
    hb_position_t before = hb_font_get_glyph_h_advance(at_32, letter);
    font_hb_dots(engine, face, 20, DOT_MONO);
    FT_Set_Pixel_Sizes(font_ft_face(engine, face), 0, 99);
    assert_ptr_equal(font_hb_dots(engine, face, 32, DOT_MONO), at_32);
    hb_font_get_nominal_glyph(at_32, 'm', &letter);
    assert_int_equal(hb_font_get_glyph_h_advance(at_32, letter) <= 32 * 64, true);
    hb_font_get_nominal_glyph(at_32, 'W', &letter);
    assert_int_equal(hb_font_get_glyph_h_advance(at_32, letter), before);
    bench_close(bench);
}

/* The installed fonts, where they are: figures measured for the manual. */
static void test_installed_sharp(void **state)
{
    (void)state;
    if (!file_exists(SIGN_INSTALLED) || !file_exists("/usr/share/fonts/opentype/unifont/unifont.otf")) {
        print_message("fonts-wqy-zenhei or fonts-unifont is not installed\n");
        skip();
    }
    Bench *bench = bench_open("fonts/catalogue.yaml");
    const Face *sharp = find(bench, "文泉驿点阵正黑", 400);
    assert_non_null(sharp);
    assert_int_equal(sharp->index, 2);
    FontEngine *engine = font_engine_new(bench->arena, bench->library);
    hb_font_t *dots = font_hb_dots(engine, sharp, 16, DOT_STRIKE);
    FT_Face ft = font_ft_dots(engine, sharp, 16, DOT_STRIKE);
    hb_codepoint_t glyph;
    hb_font_get_nominal_glyph(dots, 'A', &glyph);
    assert_int_equal(hb_font_get_glyph_h_advance(dots, glyph), 640);
    for (uint32_t code = 0x4e00; code < 0x9fa6; code += 7) {
        assert_true(font_has(sharp, code));
        hb_font_get_nominal_glyph(dots, code, &glyph);
        assert_int_equal(FT_Load_Glyph(ft, glyph, font_load_flags(DOT_STRIKE)), 0);
        assert_int_equal(ft->glyph->format, FT_GLYPH_FORMAT_BITMAP);
    }
    assert_null(font_hb_dots(engine, sharp, 17, DOT_STRIKE));
    hb_font_t *unifont = font_hb_dots(engine, find(bench, "unifont", 700), 16, DOT_STRIKE);
    hb_font_get_nominal_glyph(unifont, 'A', &glyph);
    assert_int_equal(hb_font_get_glyph_h_advance(unifont, glyph), 512);
    assert_int_equal(bench->diags.count, 0);
    bench_close(bench);
}

/* ---- the report ---- */

static char *report(Bench *bench, FontReportOptions options)
{
    StrBuf out;
    strbuf_init(&out, bench->arena);
    assert_true(font_report(bench->library, &options, &out, &bench->diags));
    return out.bytes;
}

/* A subset draws its glyphs as the whole does, under ids of its own. */
static void test_subset(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    const Face *face = find(bench, "Test Sans", 400);
    hb_codepoint_t ids[2] = {0, 0};
    hb_font_get_nominal_glyph(font_hb_font(face), 0x4E0D, &ids[0]);
    hb_font_get_nominal_glyph(font_hb_font(face), 0x8D26, &ids[1]);
    assert_true(ids[0] && ids[1]);
    FontGlyphs *glyphs = font_glyphs_new(bench->arena);
    for (int i = 0; i < 2; i++) face_glyphs_add(font_glyphs_of(glyphs, face), ids[i]);
    face_glyphs_add(font_glyphs_of(glyphs, face), 70000);
    hb_set_t *set = hb_set_create();
    face_glyphs_list(font_glyphs_of(glyphs, face), set);
    assert_int_equal(hb_set_get_population(set), 2);
    FontSubset subset = font_subset(face, set, FONT_KEEPS_NAME), same_ids = font_subset(face, set, FONT_KEEPS_IDS);
    assert_non_null(subset.face);
    assert_int_equal(hb_face_get_glyph_count(subset.face), 3);              /* and .notdef */
    assert_int_equal(hb_map_get(same_ids.to_new, ids[1]), ids[1]);
    hb_font_t *font = hb_font_create(subset.face);
    for (int i = 0; i < 2; i++) {
        hb_codepoint_t own = hb_map_get(subset.to_new, ids[i]);
        hb_glyph_extents_t a, b;
        assert_int_equal(hb_font_get_glyph_h_advance(font, own), hb_font_get_glyph_h_advance(font_hb_font(face), ids[i]));
        assert_true(hb_font_get_glyph_extents(font, own, &a) && hb_font_get_glyph_extents(font_hb_font(face), ids[i], &b));
        assert_memory_equal(&a, &b, sizeof a);
    }
    hb_font_destroy(font);
    hb_set_destroy(set);
    font_subset_free(&subset);
    font_subset_free(&same_ids);
    bench_close(bench);
}

static void test_report(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    assert_string_equal(report(bench, (FontReportOptions){0}),
                        "Test Sans                 400 Regular, 700 Bold; OFL-1.1\n"
                        "                          also: 测试黑体, test-hei\n"
                        "Test Reading              400 Regular; OFL-1.1\n"
                        "                          also: 测试注音\n"
                        "Test Mongolian            400 Regular; OFL-1.1\n"
                        "Test Variable             400 Regular; OFL-1.1\n"
                        "Test Arabic               400 Regular; OFL-1.1\n"
                        "Test Tibetan              400 Regular; OFL-1.1\n"
                        "Test Thai                 400 Regular; OFL-1.1\n"
                        "Test Regions              400 Regular; OFL-1.1\n"
                        "Test Emoji                400 Regular; OFL-1.1\n"
                        "                          also: emoji\n"
                        "Test Dots                 400 Regular; dots 12 16 only; BSD-3-Clause\n"
                        "                          also: 测试点阵\n");
    assert_string_equal(report(bench, (FontReportOptions){.has = "信𪛗"}),
                        "信  U+4FE1  Test Sans, Test Dots\n"
                        "𪛗  U+2A6D7  no installed font of the catalogue\n");
    assert_string_equal(report(bench, (FontReportOptions){.has = "信", .json = true}),
                        "{\"has\":[{\"character\":\"信\",\"code\":\"U+4FE1\",\"families\":[\"Test Sans\",\"Test Dots\"]}]}\n");
    char *text = report(bench, (FontReportOptions){.coverage = "gb2312"});
    assert_int_equal(strncmp(text, "gb2312: 6763 characters\nTest Sans                 lacks 6", 56), 0);
    text = report(bench, (FontReportOptions){.coverage = "8105", .json = true});
    assert_int_equal(strncmp(text, "{\"coverage\":{\"set\":\"8105\",\"count\":8105,\"families\":[{\"name\":\"Test Sans\"", 70), 0);
    StrBuf out;
    strbuf_init(&out, bench->arena);
    assert_false(font_report(bench->library, &(FontReportOptions){.coverage = "gbk"}, &out, &bench->diags));
    assert_string_equal(last(bench, "bad-option")->message, "no character set \"gbk\"");
    assert_false(font_report(bench->library, &(FontReportOptions){.has = "\xff"}, &out, &bench->diags));
    bench_close(bench);
}

/* ---- threads ---- */

typedef struct Racer { FontLibrary *library; const Face *sans, *dots; bool ok; } Racer;

static void *race(void *pointer)
{
    Racer *racer = pointer;
    Arena *arena = arena_new(0);
    DiagList diags;
    diag_list_init(&diags, arena);
    racer->sans = font_find(racer->library, "测试黑体", 700, SPAN_NONE, &diags);
    racer->dots = font_find(racer->library, "Test Dots", 400, SPAN_NONE, &diags);
    const Face *own = font_find_file(racer->library, "tests/fonts/TestSans-Bold.otf", SPAN_NONE, &diags);
    FontEngine *engine = font_engine_new(arena, racer->library);
    racer->ok = racer->sans && racer->dots && own && font_has(racer->dots, 0x4fe1) && font_has(racer->sans, 0x4fe1) &&
                font_hb_dots(engine, racer->dots, 16, DOT_STRIKE) && font_hb_dots(engine, racer->sans, 32, DOT_MONO) &&
                diags.count == 0;
    arena_free(arena);
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    pthread_t threads[8];
    Racer racers[8];
    for (int i = 0; i < 8; i++) {
        racers[i] = (Racer){.library = bench->library};
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 8; i++) {
        assert_true(racers[i].ok);
        assert_ptr_equal(racers[i].sans, racers[0].sans);
        assert_ptr_equal(racers[i].dots, racers[0].dots);
    }
    bench_close(bench);
}

static void test_system_fonts(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    DiagList diags;
    diag_list_init(&diags, arena);
    FontLibrary *library = font_library_open(arena, &(FontOptions){.catalogue = TEST_CATALOGUE, .system_fonts = true}, &diags);
    assert_null(font_find(library, "No Such Family 宋体", 400, SPAN_NONE, &diags));     /* no substitute is taken */
    assert_string_equal(diags.items[diags.count - 1].code, "unknown-font");
    if (!file_exists("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")) {
        print_message("fonts-dejavu-core is not installed\n");
        arena_free(arena);
        skip();
    }
    const Face *face = font_find(library, "DejaVu Sans", 400, SPAN_NONE, &diags);
    assert_non_null(face);
    assert_string_equal(face->family, "DejaVu Sans");
    assert_string_equal(diags.items[diags.count - 1].code, "system-font");
    assert_non_null(strstr(diags.items[diags.count - 1].message, "DejaVuSans.ttf"));
    arena_free(arena);
}

/* Asked the first time and again: what HarfBuzz says, and nothing for a glyph that is not there. */
static void test_glyph_boxes(void **state)
{
    (void)state;
    Bench *bench = bench_open(TEST_CATALOGUE);
    const Face *face = find(bench, "Test Sans", 400);
    assert_non_null(face);
    unsigned count = hb_face_get_glyph_count(font_hb_face(face));
    for (int round = 0; round < 2; round++)
        for (unsigned glyph = 0; glyph < count + 3; glyph++) {
            hb_glyph_extents_t want, got;
            bool has = hb_font_get_glyph_extents(font_hb_font(face), glyph, &want);
            assert_int_equal(font_glyph_box(face, glyph, &got), has);
            if (has) assert_memory_equal(&got, &want, sizeof want);
        }
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_own_file),
        cmocka_unit_test(test_bad_catalogue),
        cmocka_unit_test(test_coverage),
        cmocka_unit_test(test_nominal_glyphs),
        cmocka_unit_test(test_strike_family),
        cmocka_unit_test(test_whole_advances),
        cmocka_unit_test(test_installed_sharp),
        cmocka_unit_test(test_glyph_boxes), cmocka_unit_test(test_subset), cmocka_unit_test(test_report),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_system_fonts),
    };
    return cmocka_run_group_tests_name("font", tests, make_scratch, drop_scratch);
}
