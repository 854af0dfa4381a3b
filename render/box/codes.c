/* codes.c -- QR codes through libqrencode, bar codes and Data Matrix through zint, and where their modules lie. */
#include "box/codes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <qrencode.h>

#include "base/num.h"
#include "base/utf8.h"

/* zint.h has macros with the names of document.h's BarcodeType: keep ours before they are hidden. */
enum { TYPE_CODE128 = BARCODE_CODE128, TYPE_EAN13 = BARCODE_EAN13, TYPE_DATAMATRIX = BARCODE_DATAMATRIX };
#include <zint.h>

/* ---- QR ---- */

typedef enum QrMode { QR_DIGITS, QR_CAPITALS, QR_BYTES } QrMode;

/* What version 40 holds at each level (ISO/IEC 18004, table 7). */
static const struct { QRecLevel level; char letter; unsigned most[3]; } qr_levels[] = {
    [QR_L] = {QR_ECLEVEL_L, 'L', {7089, 4296, 2953}},
    [QR_M] = {QR_ECLEVEL_M, 'M', {5596, 3391, 2331}},
    [QR_Q] = {QR_ECLEVEL_Q, 'Q', {3993, 2420, 1663}},
    [QR_H] = {QR_ECLEVEL_H, 'H', {3057, 1852, 1273}},
};

static QrMode qr_mode(const char *data)
{
    if (!data[strspn(data, "0123456789")]) return QR_DIGITS;
    return data[strspn(data, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")] ? QR_BYTES : QR_CAPITALS;
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text > 0x7e) return false;
    return true;
}

static void release_qr(void *code)
{
    QRcode_free(code);
}

static const QrSymbol *qr_too_long(const char *data, QrLevel level, Span where, DiagList *diags)
{
    static const char *const whats[] = {"digits", "capital letters and digits", "bytes"};
    QrMode mode = qr_mode(data);
    diag_error(diags, where, "qr-too-long", level == QR_L ? "shorten the text" : "shorten the text, or lower the level (L holds most)",
               "%zu %s do not fit a QR code: at level %c at most %u do", strlen(data), whats[mode], qr_levels[level].letter,
               qr_levels[level].most[mode]);
    return NULL;
}

const QrSymbol *codes_qr(Arena *arena, const char *data, QrLevel level, Span where, DiagList *diags)
{
    if (!data || !*data) {
        diag_error(diags, where, "empty-code", "leave the box out with \"when\" where there is no data", "the QR code has nothing to say");
        return NULL;
    }
    if (strlen(data) > qr_levels[level].most[qr_mode(data)]) return qr_too_long(data, level, where, diags);

    void **place = arena_own(arena, release_qr);
    errno = 0;
    QRcode *code = QRcode_encodeString(data, 0, qr_levels[level].level, QR_MODE_8, 1);
    *place = code;
    if (!code && errno == ERANGE) return qr_too_long(data, level, where, diags);
    if (!code) {
        diag_system(diags, where, "out-of-memory", NULL, "the QR code for \"%.40s\" could not be made", data);
        return NULL;
    }
    if (!is_ascii(data))
        diag_warning(diags, where, "qr-non-ascii", "use an ASCII address, with percent signs where it has to be (%E8%AF%88)",
                     "the QR code says \"%s\": telephones read text beyond ASCII in different ways", data);

    size_t count = (size_t)code->width * (size_t)code->width;
    uint8_t *dark = ARENA_ARRAY(arena, uint8_t, count);
    for (size_t i = 0; i < count; i++) dark[i] = code->data[i] & 1;         /* the other bits say what a module is for */
    QrSymbol *symbol = ARENA_NEW(arena, QrSymbol);
    *symbol = (QrSymbol){.size = code->width, .dark = dark, .data = arena_copy_string(arena, data)};
    *place = NULL;
    QRcode_free(code);
    return symbol;
}

/* ---- how small modules may be ---- */

typedef struct ModuleSizes {
    const char *code, *name;
    double least_mm, good_mm;
    int least_px;
    Length em;                    /* of the words around a code in a line, in which its height is given; 0: a box of its own */
} ModuleSizes;

static const ModuleSizes qr_sizes = {"qr-too-small", "QR code", 0.25, 0.35, 2, 0};
static const ModuleSizes matrix_sizes = {"bar-too-small", "Data Matrix", 0.25, 0.35, 2, 0};
/* 0.264 mm is EAN-13 at 80 %, the smallest the GS1 General Specifications let through. */
static const ModuleSizes linear_sizes = {"bar-too-small", "bar code", 0.25, 0.264, 1, 0};

/* The size to write for `extent` pt or px. */
static void size_hint(char *hint, size_t room, const ModuleSizes *sizes, double extent, bool is_screen)
{
    char number[NUM_ROOM];
    if (sizes->em > 0) snprintf(hint, room, "height: %sem", num_format(number, ceil(extent * LENGTH_ONE / sizes->em * 10 - 1e-6) / 10, 1));
    else if (is_screen) snprintf(hint, room, "width: %spx", num_format(number, extent, 0));
    else snprintf(hint, room, "width: %smm", num_format(number, ceil(extent * 25.4 / 72 * 10 - 1e-6) / 10, 1));
}

/* Compare a module (1/1024 pt or px, a fraction) with what can be read; `modules` across with the quiet zones. */
static bool check_module(double module, int64_t modules, const ModuleSizes *sizes, bool is_screen, Span where, DiagList *diags)
{
    char number[NUM_ROOM], need[NUM_ROOM], hint[128];
    if (is_screen) {
        if (module >= (double)sizes->least_px * LENGTH_ONE) return true;
        size_hint(hint, sizeof hint, sizes, (double)modules * sizes->least_px, true);
        return diag_error(diags, where, sizes->code, hint, "the %s is too small: a module has %s px, it needs %d px", sizes->name,
                          num_format(number, module / LENGTH_ONE, 2), sizes->least_px);
    }
    double mm = module / LENGTH_ONE * 25.4 / 72;
    /* Half a Length a module over: 0.35 mm asked for is 0.35 mm, whatever the rounding did. */
    if (mm + 0.0002 >= sizes->good_mm) return true;
    size_hint(hint, sizeof hint, sizes, (double)modules * sizes->good_mm * 72 / 25.4, false);
    num_format(number, mm, 3);
    num_format(need, sizes->good_mm, 3);
    if (mm + 0.0002 < sizes->least_mm)
        return diag_error(diags, where, sizes->code, hint, "the %s is too small: module %s mm, it needs %s mm", sizes->name, number, need);
    diag_warning(diags, where, sizes->code, hint, "the %s is small: module %s mm, %s mm is safer", sizes->name, number, need);
    return true;
}

/* Centre columns x rows modules (quiet zones: left, right, and above and below each) in `box`, as large as they go. */
static bool place_square(int columns, int rows, int64_t quiet, const ModuleSizes *sizes, Rect box, bool is_screen, Span where,
                         DiagList *diags, Rect *area)
{
    int64_t across = columns + 2 * quiet, down = rows + 2 * quiet;
    double by_width = (double)box.width / (double)across, by_height = (double)box.height / (double)down;
    double module = fmax(by_width < by_height ? by_width : by_height, 0);
    if (!check_module(module, across, sizes, is_screen, where, diags)) return false;

    /* On screens whole px a module, on a whole px: a code of grey edges is not read. */
    int64_t unit = is_screen ? (int64_t)(module / LENGTH_ONE) * LENGTH_ONE : 0;
    int64_t width = is_screen ? unit * columns : (int64_t)(module * columns), height = is_screen ? unit * rows : (int64_t)(module * rows);
    int64_t x = box.x + (box.width - width) / 2, y = box.y + (box.height - height) / 2;
    if (is_screen) {
        x = (int64_t)floor((double)x / LENGTH_ONE) * LENGTH_ONE;
        y = (int64_t)floor((double)y / LENGTH_ONE) * LENGTH_ONE;
    }
    *area = (Rect){(Length)x, (Length)y, (Length)width, (Length)height};
    return true;
}

bool codes_qr_place(const QrSymbol *symbol, Rect box, unsigned quiet, bool is_screen, Span where, DiagList *diags, Rect *area)
{
    return place_square(symbol->size, symbol->size, quiet, &qr_sizes, box, is_screen, where, diags, area);
}

bool codes_qr_place_inline(const QrSymbol *symbol, Rect box, unsigned quiet, Length em, bool is_screen, Span where, DiagList *diags, Rect *area)
{
    ModuleSizes sizes = qr_sizes;
    sizes.em = em;
    return place_square(symbol->size, symbol->size, quiet, &sizes, box, is_screen, where, diags, area);
}

/* ---- bar codes ---- */

typedef struct Symbology {
    int zint, options;            /* options: zint's option_3 */
    const char *name;
    size_t most;                  /* bytes of data */
    int quiet_left, quiet_right;  /* modules: ISO/IEC 15420 (EAN), 15417 (Code 128), 16022 (Data Matrix) */
    bool modules;
} Symbology;

static const Symbology symbologies[] = {
    [TYPE_CODE128] = {BARCODE_CODE128, 0, "Code 128", 160, 10, 10, false},
    [TYPE_EAN13] = {BARCODE_EANX, 0, "EAN-13", 13, 11, 7, false},
    [TYPE_DATAMATRIX] = {BARCODE_DATAMATRIX, DM_SQUARE, "Data Matrix", 3116, 1, 1, true},
};

static const Symbology *symbology_of(BarcodeType type)
{
    return &symbologies[type];
}

/* GS1 General Specifications, 7.9: weights 1 and 3 by turns from the left of the first twelve. */
static char ean_check_digit(const char *digits)
{
    int sum = 0;
    for (int i = 0; i < 12; i++) sum += (digits[i] - '0') * (i % 2 ? 3 : 1);
    return (char)('0' + (10 - sum % 10) % 10);
}

/* zint would take 8 digits for an EAN-8 and 5 for an add-on: we say what is wrong with an EAN-13. */
static bool check_ean13(const char *data, Span where, DiagList *diags)
{
    size_t length = strlen(data), digits = strspn(data, "0123456789");
    if (digits != length)
        return diag_error(diags, where, "bad-barcode", "write 12 digits, or 13 with the check digit",
                          "an EAN-13 has only digits, not \"%s\"", data);
    if (length != 12 && length != 13)
        return diag_error(diags, where, "bad-barcode", "write 12 digits, or 13 with the check digit",
                          "an EAN-13 has 12 or 13 digits, \"%s\" has %zu", data, length);
    char check = ean_check_digit(data), hint[80];
    if (length == 12 || data[12] == check) return true;
    snprintf(hint, sizeof hint, "look at the number again: the check digit of %.12s is %c", data, check);
    return diag_error(diags, where, "bad-barcode", hint, "the check digit of \"%s\" is wrong", data);
}

static bool check_data(const char *data, const Symbology *symbology, Span where, DiagList *diags)
{
    if (symbology->zint == BARCODE_EANX) return check_ean13(data, where, diags);
    if (strlen(data) > symbology->most)
        return diag_error(diags, where, "bad-barcode", "shorten it, or use a QR code", "%zu bytes do not fit a %s (at most %zu)",
                          strlen(data), symbology->name, symbology->most);
    if (is_ascii(data)) return true;
    if (symbology->zint == BARCODE_CODE128)
        return diag_error(diags, where, "bad-barcode", "use a QR code, or an address in ASCII",
                          "a Code 128 holds letters, digits and signs of ASCII, not \"%s\"", data);
    diag_warning(diags, where, "qr-non-ascii", "use an ASCII address, with percent signs where it has to be (%E8%AF%88)",
                 "the %s says \"%s\": telephones read text beyond ASCII in different ways", symbology->name, data);
    return true;
}

/* zint's "Error 224: Invalid character in data (digits only)" in our style. */
static const char *zint_words(Arena *arena, const char *text)
{
    const char *colon = strncmp(text, "Error ", 6) == 0 || strncmp(text, "Warning ", 8) == 0 ? strstr(text, ": ") : NULL;
    char *words = arena_copy_string(arena, colon ? colon + 2 : text);
    if (words[0] >= 'A' && words[0] <= 'Z' && words[1] >= 'a' && words[1] <= 'z') words[0] += 'a' - 'A';
    size_t length = strlen(words);
    if (length && words[length - 1] == '.') words[length - 1] = '\0';
    return words;
}

static void release_zint(void *symbol)
{
    ZBarcode_Delete(symbol);
}

static const BarSymbol *copy_symbol(Arena *arena, const struct zint_symbol *zint, const Symbology *symbology, const char *data)
{
    int rows = symbology->modules ? zint->rows : 1;
    uint8_t *dark = ARENA_ARRAY(arena, uint8_t, (size_t)zint->width * (size_t)rows);
    for (int row = 0; row < rows; row++)
        for (int x = 0; x < zint->width; x++)
            dark[(size_t)row * (size_t)zint->width + (size_t)x] = zint->encoded_data[row][x >> 3] >> (x & 7) & 1;
    BarSymbol *symbol = ARENA_NEW(arena, BarSymbol);
    *symbol = (BarSymbol){.width = zint->width, .height = rows, .dark = dark, .quiet_left = symbology->quiet_left,
                          .quiet_right = symbology->quiet_right, .modules = symbology->modules};
    /* zint's own text has the check digit it added; a Data Matrix has none. */
    symbol->data = arena_copy_string(arena, zint->text[0] ? (const char *)zint->text : data);
    return symbol;
}

const BarSymbol *codes_bars(Arena *arena, const char *data, BarcodeType type, Span where, DiagList *diags)
{
    const Symbology *symbology = symbology_of(type);
    if (!data || !*data) {
        diag_error(diags, where, "empty-code", "leave the box out with \"when\" where there is no data", "the bar code has nothing to say");
        return NULL;
    }
    if (!check_data(data, symbology, where, diags)) return NULL;

    void **place = arena_own(arena, release_zint);
    struct zint_symbol *zint = *place = ZBarcode_Create();
    if (!zint) {
        diag_system(diags, where, "out-of-memory", NULL, "the bar code for \"%.40s\" could not be made", data);
        return NULL;
    }
    zint->symbology = symbology->zint;
    zint->option_3 = symbology->options;
    zint->input_mode = UNICODE_MODE;
    const BarSymbol *symbol = NULL;
    if (ZBarcode_Encode(zint, (const unsigned char *)data, (int)strlen(data)) < ZINT_ERROR)
        symbol = copy_symbol(arena, zint, symbology, data);
    else
        diag_error(diags, where, "bad-barcode", NULL, "no %s can be made of \"%s\": %s", symbology->name, data,
                   zint_words(arena, zint->errtxt));
    *place = NULL;
    ZBarcode_Delete(zint);
    return symbol;
}

/* ---- bars as a path ---- */

/* One closed rectangle for each run of dark modules; `edges` are the x of every module's left side and the last one's right. */
static const Path *bars_path(Arena *arena, const BarSymbol *symbol, const Length *edges, Length top, Length bottom)
{
    static const uint8_t rectangle[] = {PATH_MOVE, PATH_LINE, PATH_LINE, PATH_LINE, PATH_CLOSE};
    size_t most = (size_t)symbol->width / 2 + 1, count = 0;
    uint8_t *verbs = ARENA_ARRAY(arena, uint8_t, most * 5);
    Point *points = ARENA_ARRAY(arena, Point, most * 4);
    for (int x = 0; x < symbol->width; x++) {
        if (!symbol->dark[x]) continue;
        int first = x;
        while (x < symbol->width && symbol->dark[x]) x++;
        Length left = edges[first], right = edges[x];
        Point corners[] = {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
        memcpy(verbs + count * 5, rectangle, 5);
        memcpy(points + count * 4, corners, sizeof corners);
        count++;
    }
    Path *path = ARENA_NEW(arena, Path);
    *path = (Path){.verbs = verbs, .verb_count = count * 5, .points = points, .point_count = count * 4};
    return path;
}

static bool place_linear(const BarSymbol *symbol, Rect box, bool is_screen, Arena *arena, Span where, DiagList *diags,
                         const Path **bars, Rect *area)
{
    int64_t across = (int64_t)symbol->width + symbol->quiet_left + symbol->quiet_right;
    double module = fmax((double)box.width / (double)across, 0);
    if (!check_module(module, across, &linear_sizes, is_screen, where, diags)) return false;
    if (box.height < LENGTH_ONE)
        return diag_error(diags, where, "bar-too-small", "give it a height", "the bar code has no height");

    if (is_screen) module = floor(module / LENGTH_ONE) * LENGTH_ONE;
    double left = box.x + ((double)box.width - module * (double)across) / 2 + module * symbol->quiet_left;
    if (is_screen) left = floor(left / LENGTH_ONE) * LENGTH_ONE;
    Length *edges = ARENA_ARRAY(arena, Length, (size_t)symbol->width + 1);
    for (int i = 0; i <= symbol->width; i++) edges[i] = length_from_double(left + module * i);
    *area = (Rect){edges[0], box.y, edges[symbol->width] - edges[0], box.height};
    *bars = bars_path(arena, symbol, edges, box.y, box.y + box.height);
    return true;
}

bool codes_bars_place(const BarSymbol *symbol, Rect box, bool is_screen, Arena *arena, Span where, DiagList *diags,
                      const Path **bars, Rect *area)
{
    *bars = NULL;
    if (symbol->modules)
        return place_square(symbol->width, symbol->height, symbol->quiet_left, &matrix_sizes, box, is_screen, where, diags, area);
    return place_linear(symbol, box, is_screen, arena, where, diags, bars, area);
}
