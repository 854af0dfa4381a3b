/* codes.c -- QR codes are read back from the finished page, at the resolution it will be seen at: 1:1 on screens, 300 dpi on
 * paper. What the page does to a code (too small, too little contrast, art over it or in its quiet zone) shows only there.
 *
 * zbar reads; it is loaded when the first code is checked, as with it come the libraries of cameras and windows. */
#include "job/run.h"

#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <zbar.h>

#include "base/num.h"

#define PAPER_DPI 300
#define SAMPLE_ROWS 8             /* first, last, and some between */
#define MARGIN_MODULES 5          /* round the code: its quiet zone, and a little of what lies there */
#define CONTRAST_LEAST 51         /* of 255: below 20 % is the worst grade of ISO/IEC 15415, which cameras see and zbar does not */
#define DEPTH_MAX 32

static struct Zbar {
    __typeof__(zbar_image_scanner_create) *image_scanner_create;
    __typeof__(zbar_image_scanner_destroy) *image_scanner_destroy;
    __typeof__(zbar_image_scanner_set_config) *image_scanner_set_config;
    __typeof__(zbar_scan_image) *scan_image;
    __typeof__(zbar_image_create) *image_create;
    __typeof__(zbar_image_destroy) *image_destroy;
    __typeof__(zbar_image_set_format) *image_set_format;
    __typeof__(zbar_image_set_size) *image_set_size;
    __typeof__(zbar_image_set_data) *image_set_data;
    __typeof__(zbar_image_first_symbol) *image_first_symbol;
    __typeof__(zbar_symbol_next) *symbol_next;
    __typeof__(zbar_symbol_get_data) *symbol_get_data;
    __typeof__(zbar_symbol_get_data_length) *symbol_get_data_length;
} zbar;
static bool has_zbar;
static pthread_once_t zbar_once = PTHREAD_ONCE_INIT;

static void open_zbar(void)
{
    void *library = dlopen("libzbar.so.0", RTLD_LAZY | RTLD_LOCAL);
    if (!library) return;
    const struct { void *place; const char *name; } symbols[] = {
        {&zbar.image_scanner_create, "zbar_image_scanner_create"}, {&zbar.image_scanner_destroy, "zbar_image_scanner_destroy"},
        {&zbar.image_scanner_set_config, "zbar_image_scanner_set_config"}, {&zbar.scan_image, "zbar_scan_image"},
        {&zbar.image_create, "zbar_image_create"}, {&zbar.image_destroy, "zbar_image_destroy"},
        {&zbar.image_set_format, "zbar_image_set_format"}, {&zbar.image_set_size, "zbar_image_set_size"},
        {&zbar.image_set_data, "zbar_image_set_data"}, {&zbar.image_first_symbol, "zbar_image_first_symbol"},
        {&zbar.symbol_next, "zbar_symbol_next"}, {&zbar.symbol_get_data, "zbar_symbol_get_data"},
        {&zbar.symbol_get_data_length, "zbar_symbol_get_data_length"},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (!symbol) return;
        *(void **)symbols[i].place = symbol;
    }
    has_zbar = true;
}

/* ---- reading ---- */

typedef enum ReadResult { READ_NOTHING, READ_OTHER, READ_RIGHT } ReadResult;

static bool is_ascii(const char *text)
{
    while (*text && (unsigned char)*text < 0x80) text++;
    return !*text;
}

/* What zbar makes of a code that is not ASCII is a guess, as a telephone's: that it is read is all we ask. */
static ReadResult compare(const zbar_image_t *image, const char *data)
{
    ReadResult result = READ_NOTHING;
    for (const zbar_symbol_t *symbol = zbar.image_first_symbol(image); symbol; symbol = zbar.symbol_next(symbol)) {
        size_t length = zbar.symbol_get_data_length(symbol);
        if (!is_ascii(data) || (length == strlen(data) && !memcmp(zbar.symbol_get_data(symbol), data, length))) return READ_RIGHT;
        result = READ_OTHER;
    }
    return result;
}

static void destroy_scanner(void *scanner) { zbar.image_scanner_destroy(scanner); }
static void destroy_image(void *image) { zbar.image_destroy(image); }

/* Each pixel `times` x `times`: an eye has more of them than the page, and learns nothing new by it; zbar wants so many. */
static ReadResult read_grey(const uint8_t *grey, int width, int height, int times, const char *data, Arena *arena)
{
    size_t wide = (size_t)width * (size_t)times, high = (size_t)height * (size_t)times;
    uint8_t *large = ARENA_ARRAY(arena, uint8_t, wide * high);
    for (size_t y = 0; y < high; y++)
        for (size_t x = 0; x < wide; x++) large[y * wide + x] = grey[y / (size_t)times * (size_t)width + x / (size_t)times];
    void **scanner_place = arena_own(arena, destroy_scanner), **image_place = arena_own(arena, destroy_image);
    zbar_image_scanner_t *scanner = *scanner_place = zbar.image_scanner_create();
    zbar_image_t *image = *image_place = zbar.image_create();
    if (!scanner || !image) return READ_NOTHING;
    zbar.image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar.image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    zbar.image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar.image_set_size(image, (unsigned)wide, (unsigned)high);
    zbar.image_set_data(image, large, wide * high, NULL);
    ReadResult result = zbar.scan_image(scanner, image) < 0 ? READ_NOTHING : compare(image, data);
    zbar.image_destroy(image);
    zbar.image_scanner_destroy(scanner);
    *image_place = *scanner_place = NULL;
    return result;
}

/* ---- where the codes lie ---- */

typedef struct Code {
    const Modules *modules;
    double left, top, right, bottom;      /* on the page, Lengths */
    double module;
} Code;

typedef struct Search {
    Arena *arena;
    Code *codes;
    size_t count, capacity;
} Search;

/* Versions 1 to 40 have 21, 25 .. 177 modules a side; a Data Matrix an even number. */
static bool is_qr(const Modules *modules)
{
    return modules->columns == modules->rows && modules->columns >= 21 && (modules->columns - 17) % 4 == 0;
}

static void add_code(Search *search, const Modules *modules, const Matrix *at)
{
    search->codes = ARENA_GROW(search->arena, search->codes, search->count, &search->capacity);
    Code code = {.modules = modules, .left = INFINITY, .top = INFINITY, .right = -INFINITY, .bottom = -INFINITY};
    for (int corner = 0; corner < 4; corner++) {
        double x = modules->area.x + (corner & 1 ? modules->area.width : 0), y = modules->area.y + (corner & 2 ? modules->area.height : 0);
        double to_x = at->xx * x + at->xy * y + at->x0, to_y = at->yx * x + at->yy * y + at->y0;
        code.left = fmin(code.left, to_x), code.right = fmax(code.right, to_x);
        code.top = fmin(code.top, to_y), code.bottom = fmax(code.bottom, to_y);
    }
    code.module = (double)modules->area.width * hypot(at->xx, at->yx) / modules->columns;
    search->codes[search->count++] = code;
}

static void find_codes(Search *search, const Scene *scene, Matrix base, int depth)
{
    Matrix stack[DEPTH_MAX];
    int level = 0;
    stack[0] = base;
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        if (op->kind == SCENE_BEGIN) {
            if (++level < DEPTH_MAX) stack[level] = op->u.begin.matrix ? matrix_join(*op->u.begin.matrix, stack[level - 1]) : stack[level - 1];
        } else if (op->kind == SCENE_END) {
            level--;
        } else if (level < DEPTH_MAX && op->kind == SCENE_MODULES && is_qr(op->u.modules)) {
            add_code(search, op->u.modules, &stack[level]);
        } else if (level < DEPTH_MAX && op->kind == SCENE_FORM && depth < DEPTH_MAX) {
            Matrix moved = {.xx = 1, .yy = 1, .x0 = op->u.form.x, .y0 = op->u.form.y};
            find_codes(search, op->u.form.scene, matrix_join(moved, stack[level]), depth + 1);
        }
    }
}

static const PlacedBox *find_box(const PlacedBox *box, const Modules *modules)
{
    if (box->modules && box->modules->dark == modules->dark) return box;
    for (size_t i = 0; i < box->code_count; i++)
        if (box->codes[i]->dark == modules->dark) return box;
    for (size_t i = 0; i < box->child_count; i++) {
        const PlacedBox *found = find_box(&box->children[i], modules);
        if (found) return found;
    }
    return NULL;
}

static const PlacedBox *box_of(const BoxPage *page, const Modules *modules)
{
    for (size_t i = 0; page && i < page->root_count; i++) {
        const PlacedBox *found = find_box(page->roots[i], modules);
        if (found) return found;
    }
    return NULL;
}

/* ---- the check ---- */

static const Color paper_white = {.name = "white", .has_rgb = true, .rgb = {255, 255, 255}, .has_cmyk = true};

/* Between the darkest and the lightest pixel of the code, `margin` pixels from the edge. */
static int contrast_of(const uint8_t *grey, int width, int height, int margin)
{
    int dark = 255, light = 0;
    for (int y = margin; y < height - margin; y++)
        for (int x = margin; x < width - margin; x++) {
            int value = grey[(size_t)y * (size_t)width + (size_t)x];
            if (value < dark) dark = value;
            if (value > light) light = value;
        }
    return light - dark;
}

/* The code drawn with `scale` pixels a pt, on whole pixels of the page, and read. */
static ReadResult read_at(Worker *worker, const Scene *scene, const Code *code, double scale, Arena *arena, DiagList *diags)
{
    double pixel = LENGTH_ONE / scale, margin = MARGIN_MODULES * code->module;
    double left = floor((code->left - margin) / pixel), top = floor((code->top - margin) / pixel);
    double right = ceil((code->right + margin) / pixel), bottom = ceil((code->bottom + margin) / pixel);
    RasterOptions options = {.scale = scale, .background = &paper_white};
    options.area = (Rect){length_from_double(left * pixel), length_from_double(top * pixel), length_from_double((right - left) * pixel),
                          length_from_double((bottom - top) * pixel)};
    Pixels pixels;
    if (!raster_draw(worker->raster, scene, &options, arena, &pixels, diags)) return READ_NOTHING;
    uint8_t *grey = ARENA_ARRAY(arena, uint8_t, (size_t)pixels.width * (size_t)pixels.height);
    for (int y = 0; y < pixels.height; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(pixels.data + (size_t)y * pixels.stride);
        for (int x = 0; x < pixels.width; x++)
            grey[(size_t)y * (size_t)pixels.width + (size_t)x] =
                (uint8_t)(((row[x] >> 16 & 255) * 77 + (row[x] >> 8 & 255) * 150 + (row[x] & 255) * 29) >> 8);
    }
    if (contrast_of(grey, pixels.width, pixels.height, (int)(margin / pixel)) < CONTRAST_LEAST) return READ_NOTHING;
    ReadResult best = READ_NOTHING;
    for (int times = 1; times <= 3 && best != READ_RIGHT; times++) {
        ReadResult result = read_grey(grey, pixels.width, pixels.height, times, code->modules->data, arena);
        if (result > best) best = result;
    }
    return best;
}

/* "width: 24mm", the smallest of some widths at which it is read; NULL when size is not what it lacks. */
static const char *width_that_does(Worker *worker, const Scene *scene, const Code *code, const PlacedBox *box, double scale, Arena *arena, DiagList *diags)
{
    static const double factors[] = {1.25, 1.5, 2, 3};
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        if (read_at(worker, scene, code, scale * factors[i], arena, diags) != READ_RIGHT) continue;
        char number[NUM_ROOM];
        if (box && box->text) return arena_printf(diags->arena, "a height %s times as large", num_format(number, factors[i], 2));
        bool is_screen = worker->run->document->is_screen;
        double width = (box ? (double)box->outer.width : code->right - code->left) * factors[i] / LENGTH_ONE;
        num_format(number, ceil(is_screen ? width : width * 25.4 / 72), 0);
        return arena_printf(diags->arena, "width: %s%s", number, is_screen ? "px" : "mm");
    }
    return NULL;
}

static bool report(Worker *worker, const Scene *scene, const Code *code, const BoxPage *page, double scale, ReadResult result, Arena *arena, DiagList *diags)
{
    const PlacedBox *box = box_of(page, code->modules);
    Span where = box ? box->node->where : SPAN_NONE;
    bool is_screen = worker->run->document->is_screen;
    const char *hint = width_that_does(worker, scene, code, box, scale, arena, diags);
    if (!hint) hint = "dark modules on a light ground, quiet: 4, and nothing drawn over it";
    char module[NUM_ROOM], dpi[NUM_ROOM];
    num_format(module, is_screen ? code->module / LENGTH_ONE : code->module / LENGTH_ONE * 25.4 / 72, 3);
    num_format(dpi, scale * 72, 0);
    diags->path = box ? box->node->path : NULL;
    diag_error(diags, where, "qr-unreadable", hint, "row %zu: the QR code \"%.60s\" %s %s%s: a module has %s %s",
               diags->row.row ? diags->row.row : 1, code->modules->data, result == READ_OTHER ? "says something else when read back at" : "cannot be read back at",
               is_screen ? "1:1" : dpi, is_screen ? "" : " dpi", module, is_screen ? "px" : "mm");
    diags->path = NULL;
    return false;
}

static bool is_sampled(size_t index, size_t count)
{
    if (count <= SAMPLE_ROWS) return true;
    for (size_t i = 0; i < SAMPLE_ROWS; i++)
        if (i * (count - 1) / (SAMPLE_ROWS - 1) == index) return true;
    return false;
}

/* Pixels a pt of the finished page. */
static double output_scale(const Run *run)
{
    const Output *output = &run->document->output;
    if (run->document->is_screen) return 1;
    bool is_picture = run->format == FORMAT_PNG || (run->format == FORMAT_UNSET && output->format == FORMAT_PNG);
    return (is_picture ? (output->dpi > 0 ? output->dpi : 150) : PAPER_DPI) / 72.0;
}

bool codes_read_back(Worker *worker, const PageSet *pages, size_t index, Arena *arena, DiagList *diags)
{
    Run *run = worker->run;
    const Checks *checks = &run->document->checks;
    if (checks->qrcode == QR_CHECK_OFF || (checks->qrcode == QR_CHECK_SAMPLE && !is_sampled(index, run->row_count))) return true;
    bool ok = true;
    for (size_t page = 0; page < pages->count; page++) {
        Search search = {.arena = arena};
        find_codes(&search, pages->scenes[page], (Matrix){.xx = 1, .yy = 1}, 0);
        if (!search.count) continue;
        pthread_once(&zbar_once, open_zbar);
        if (!has_zbar) {
            const char *hint = "install the package libzbar0, or say checks: {qrcode: off}", *message = "QR codes are not read back: libzbar.so.0 is not there";
            if (checks->qrcode == QR_CHECK_ALL) return diag_system(diags, SPAN_NONE, "no-zbar", hint, "%s", message);
            diag_warning(diags, SPAN_NONE, "no-zbar", hint, "%s", message);
            return true;
        }
        diags->row = data_row_ref(run->data, run->rows[index]);
        double scale = output_scale(run);
        for (size_t i = 0; i < search.count; i++) {
            ReadResult result = read_at(worker, pages->scenes[page], &search.codes[i], scale, arena, diags);
            if (result != READ_RIGHT)
                ok = report(worker, pages->scenes[page], &search.codes[i], pages->pages ? &pages->pages[page] : NULL, scale, result, arena, diags);
        }
        diags->row = (DataRef){0};
    }
    return ok;
}
