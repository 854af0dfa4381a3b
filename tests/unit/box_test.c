/* box_test.c -- QR codes, bar codes and where their modules lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "box/codes.h"

#define PX LENGTH_ONE

static Arena *arena;
static DiagList diags;

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

static void assert_diag(const char *code, const char *message, const char *hint)
{
    assert_int_equal(diags.count, 1);
    assert_string_equal(diags.items[0].code, code);
    assert_string_equal(diags.items[0].message, message);
    if (hint) assert_string_equal(diags.items[0].hint, hint);
    diag_list_init(&diags, arena);
}

static Rect millimetres(double width, double height)
{
    return (Rect){0, 0, length_from_mm(width), length_from_mm(height)};
}

/* ---- what readers say ---- */

/* A picture of dark modules, `scale_y` high rows, decoded by zbar as a type of its; NULL without zbarimg. */
static const char *decode(const uint8_t *dark, int columns, int rows, int scale_y, const char *type)
{
    if (system("command -v zbarimg >/dev/null 2>&1") != 0) return NULL;
    char path[] = "/tmp/box_test_XXXXXX";
    FILE *file = fdopen(mkstemp(path), "wb");
    int width = (columns + 24) * 4, height = rows * scale_y + 96;
    fprintf(file, "P5 %d %d 255\n", width, height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int column = x / 4 - 12, row = y >= 48 ? (y - 48) / scale_y : rows;
            bool is_dark = column >= 0 && column < columns && row < rows && dark[row * columns + column];
            fputc(is_dark ? 0 : 255, file);
        }
    fclose(file);
    char command[200], *said = arena_alloc(arena, 8000);
    snprintf(command, sizeof command, "zbarimg -q --raw -Sdisable -S%s.enable pnm:%s 2>/dev/null", type, path);
    FILE *reader = popen(command, "r");
    size_t length = fread(said, 1, 7999, reader);
    pclose(reader);
    unlink(path);
    while (length && said[length - 1] == '\n') said[--length] = '\0';
    return said;
}

static void test_qr_is_read(void **state)
{
    (void)state;
    static const char *const texts[] = {"https://example.org/tip?id=17", "12345678901234567890", "HELLO WORLD", "a"};
    for (size_t i = 0; i < 4; i++)
        for (int level = QR_L; level <= QR_H; level++) {
            const QrSymbol *symbol = codes_qr(arena, texts[i], (QrLevel)level, SPAN_NONE, &diags);
            assert_non_null(symbol);
            assert_int_equal(symbol->size % 4, 1);        /* 17 + 4 * version */
            assert_string_equal(symbol->data, texts[i]);
            assert_int_equal(symbol->dark[0], 1);
            const char *said = level == QR_Q ? decode(symbol->dark, symbol->size, symbol->size, 4, "qrcode") : NULL;
            if (said) assert_string_equal(said, texts[i]);
        }
    assert_int_equal(diags.count, 0);
    /* digits take less room than letters */
    assert_true(codes_qr(arena, "12345678901234567890", QR_L, SPAN_NONE, &diags)->size
                < codes_qr(arena, "abcdefghijklmnopqrst", QR_L, SPAN_NONE, &diags)->size);
}

static void test_qr_limits(void **state)
{
    (void)state;
    static const struct { char fill; QrLevel level; size_t most; const char *message; } cases[] = {
        {'a', QR_H, 1273, "1274 bytes do not fit a QR code: at level H at most 1273 do"},
        {'a', QR_L, 2953, "2954 bytes do not fit a QR code: at level L at most 2953 do"},
        {'1', QR_M, 5596, "5597 digits do not fit a QR code: at level M at most 5596 do"},
        {'A', QR_Q, 2420, "2421 capital letters and digits do not fit a QR code: at level Q at most 2420 do"},
    };
    char text[8000];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(text, cases[i].fill, sizeof text);
        text[cases[i].most] = '\0';
        assert_int_equal(codes_qr(arena, text, cases[i].level, SPAN_NONE, &diags)->size, 177);
        text[cases[i].most] = cases[i].fill;
        text[cases[i].most + 1] = '\0';
        assert_null(codes_qr(arena, text, cases[i].level, SPAN_NONE, &diags));
        assert_diag("qr-too-long", cases[i].message, NULL);
    }
    assert_null(codes_qr(arena, "", QR_M, SPAN_NONE, &diags));
    assert_diag("empty-code", "the QR code has nothing to say", NULL);
    assert_non_null(codes_qr(arena, "反诈", QR_M, SPAN_NONE, &diags));
    assert_int_equal(diags.warning_count, 1);
    assert_diag("qr-non-ascii", "the QR code says \"反诈\": telephones read text beyond ASCII in different ways", NULL);
}

static void test_qr_place(void **state)
{
    (void)state;
    const QrSymbol symbol = {.size = 29, .data = "x"};
    Rect area;
    /* on a screen: 37 modules in 200 x 300 px are 5 px each, 145 px, centred on whole px */
    assert_true(codes_qr_place(&symbol, (Rect){PX / 2, 0, 200 * PX, 300 * PX}, 4, true, SPAN_NONE, &diags, &area));
    assert_int_equal(area.width, 145 * PX);
    assert_int_equal(area.height, 145 * PX);
    assert_int_equal(area.x, 28 * PX);
    assert_int_equal(area.y, 77 * PX);
    assert_false(codes_qr_place(&symbol, (Rect){0, 0, 73 * PX, 300 * PX}, 4, true, SPAN_NONE, &diags, &area));
    assert_diag("qr-too-small", "the QR code is too small: a module has 1.97 px, it needs 2 px", "width: 74px");

    Rect box = millimetres(37, 50);
    assert_true(codes_qr_place(&symbol, box, 4, false, SPAN_NONE, &diags, &area));
    assert_in_range(area.width, length_from_mm(29) - 29, length_from_mm(29) + 1);
    assert_in_range(area.x, length_from_mm(4) - 2, length_from_mm(4) + 20);
    assert_true(codes_qr_place(&symbol, millimetres(37 * 0.35, 30), 4, false, SPAN_NONE, &diags, &area));
    assert_int_equal(diags.count, 0);
    assert_true(codes_qr_place(&symbol, millimetres(30, 37 * 0.3), 4, false, SPAN_NONE, &diags, &area));
    assert_int_equal(diags.warning_count, 1);
    assert_diag("qr-too-small", "the QR code is small: module 0.3 mm, 0.35 mm is safer", "width: 13mm");
    assert_false(codes_qr_place(&symbol, millimetres(37 * 0.21, 30), 4, false, SPAN_NONE, &diags, &area));
    assert_diag("qr-too-small", "the QR code is too small: module 0.21 mm, it needs 0.35 mm", "width: 13mm");
    assert_false(codes_qr_place(&symbol, (Rect){0, 0, -5, 0}, 4, false, SPAN_NONE, &diags, &area));
    assert_false(codes_qr_place(&symbol, (Rect){0, 0, 0, 0}, 4000000000u, true, SPAN_NONE, &diags, &area));
}

static void test_bars_are_read(void **state)
{
    (void)state;
    const BarSymbol *ean = codes_bars(arena, "690123456789", BARCODE_EAN13, SPAN_NONE, &diags);
    assert_non_null(ean);
    assert_int_equal(ean->width, 95);
    assert_int_equal(ean->height, 1);
    assert_int_equal(ean->quiet_left, 11);
    assert_int_equal(ean->quiet_right, 7);
    assert_string_equal(ean->data, "6901234567892");
    const char *said = decode(ean->dark, ean->width, 1, 200, "ean13");
    if (said) assert_string_equal(said, "6901234567892");
    assert_memory_equal(ean->dark, codes_bars(arena, "6901234567892", BARCODE_EAN13, SPAN_NONE, &diags)->dark, 95);
    const BarSymbol *code = codes_bars(arena, "LOT-2024/Ab", BARCODE_CODE128, SPAN_NONE, &diags);
    assert_string_equal(code->data, "LOT-2024/Ab");
    assert_int_equal(code->quiet_left, 10);
    said = decode(code->dark, code->width, 1, 200, "code128");
    if (said) assert_string_equal(said, "LOT-2024/Ab");
    const BarSymbol *matrix = codes_bars(arena, "LOT-2024/Ab", BARCODE_DATAMATRIX, SPAN_NONE, &diags);
    assert_true(matrix->modules);
    assert_int_equal(matrix->width, matrix->height);
    for (int i = 0; i < matrix->height; i++) {            /* ISO/IEC 16022: solid on the left and below, dashed on top */
        assert_int_equal(matrix->dark[i * matrix->width], 1);
        assert_int_equal(matrix->dark[(matrix->height - 1) * matrix->width + i], 1);
        assert_int_equal(matrix->dark[i], i % 2 == 0);
    }
    assert_string_equal(matrix->data, "LOT-2024/Ab");
    assert_int_equal(diags.count, 0);
}

static void test_bad_bars(void **state)
{
    (void)state;
    static const struct { BarcodeType type; const char *data, *message; } cases[] = {
        {BARCODE_EAN13, "6901234567890", "the check digit of \"6901234567890\" is wrong"},
        {BARCODE_EAN13, "12345678", "an EAN-13 has 12 or 13 digits, \"12345678\" has 8"},
        {BARCODE_EAN13, "69012345678X", "an EAN-13 has only digits, not \"69012345678X\""},
        {BARCODE_EAN13, "690123456789+12", "an EAN-13 has only digits, not \"690123456789+12\""},
        {BARCODE_CODE128, "反诈", "a Code 128 holds letters, digits and signs of ASCII, not \"反诈\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(codes_bars(arena, cases[i].data, cases[i].type, SPAN_NONE, &diags));
        assert_diag("bad-barcode", cases[i].message, i ? NULL : "look at the number again: the check digit of 690123456789 is 2");
    }
    assert_null(codes_bars(arena, "", BARCODE_CODE128, SPAN_NONE, &diags));
    assert_diag("empty-code", "the bar code has nothing to say", NULL);
    char text[20000];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_null(codes_bars(arena, text, BARCODE_CODE128, SPAN_NONE, &diags));
    assert_diag("bad-barcode", "19999 bytes do not fit a Code 128 (at most 160)", "shorten it, or use a QR code");
    text[3000] = '\0';            /* under our bound, over what letters may take: zint's own words */
    assert_null(codes_bars(arena, text, BARCODE_DATAMATRIX, SPAN_NONE, &diags));
    assert_int_equal(diags.count, 1);
    assert_string_equal(diags.items[0].code, "bad-barcode");
    assert_non_null(strstr(diags.items[0].message, "no Data Matrix can be made of"));
    assert_null(strstr(diags.items[0].message, "Error"));
}

static void test_bars_place(void **state)
{
    (void)state;
    const BarSymbol *ean = codes_bars(arena, "690123456789", BARCODE_EAN13, SPAN_NONE, &diags);
    const Path *bars;
    Rect area;
    /* 113 modules with the quiet zones; 240 px make 2 px each, 14 px left over */
    assert_true(codes_bars_place(ean, (Rect){0, 10 * PX, 240 * PX, 50 * PX}, true, arena, SPAN_NONE, &diags, &bars, &area));
    assert_int_equal(area.x, (7 + 22) * PX);
    assert_int_equal(area.width, 190 * PX);
    assert_int_equal(bars->verb_count, 30 * 5);           /* an EAN-13 has 30 bars */
    Rect bounds = path_bounds(bars);
    assert_memory_equal(&bounds, &area, sizeof bounds);
    for (size_t i = 0; i < bars->point_count; i++) assert_int_equal(bars->points[i].x % (2 * PX), PX);   /* 29, 31, .. */
    assert_true(codes_bars_place(ean, millimetres(40, 15), false, arena, SPAN_NONE, &diags, &bars, &area));
    assert_in_range(area.x, length_from_mm(40.0 * 11 / 113) - 1, length_from_mm(40.0 * 11 / 113) + 1);
    assert_int_equal(diags.count, 0);
    assert_false(codes_bars_place(ean, millimetres(20, 15), false, arena, SPAN_NONE, &diags, &bars, &area));
    assert_diag("bar-too-small", "the bar code is too small: module 0.177 mm, it needs 0.264 mm", "width: 29.9mm");
    assert_null(bars);
    assert_false(codes_bars_place(ean, millimetres(40, 0), false, arena, SPAN_NONE, &diags, &bars, &area));
    assert_diag("bar-too-small", "the bar code has no height", NULL);
    const BarSymbol *matrix = codes_bars(arena, "A1", BARCODE_DATAMATRIX, SPAN_NONE, &diags);
    assert_int_equal(matrix->width, 10);
    assert_true(codes_bars_place(matrix, (Rect){0, 0, 120 * PX, 130 * PX}, true, arena, SPAN_NONE, &diags, &bars, &area));
    assert_null(bars);
    assert_int_equal(area.x, 10 * PX);
    assert_int_equal(area.width, 100 * PX);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(test_qr_is_read), TEST(test_qr_limits), TEST(test_qr_place),
        TEST(test_bars_are_read), TEST(test_bad_bars), TEST(test_bars_place),
    };
    return cmocka_run_group_tests_name("box", tests, NULL, NULL);
}
