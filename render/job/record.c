/* record.c -- what an output is made of, told apart by SHA-256; and the ledger that remembers it. */
#include "job/run.h"

#include <string.h>

#include "base/file.h"
#include "base/limits.h"

/* ---- what all outputs share ---- */

static void add_file(Hash *hash, const char *path)
{
    char hex[HASH_HEX_ROOM];
    uint64_t bytes;
    hash_add_string(hash, ledger_hash_file(path, hex, &bytes) ? hex : "");
}

static bool uses(const Document *document, const char *prefix)
{
    for (size_t i = 0; i < document->field_count; i++)
        if (!strncmp(document->fields[i].field, prefix, strlen(prefix))) return true;
    return false;
}

/* With --system-fonts: what this machine has of each family. Another machine, or this one tomorrow, may have another. */
static void hash_system_fonts(Run *run, Hash *hash)
{
    static const int weights[] = {300, 400, 500, 700, 900};
    DiagList said;                /* before, where they are used */
    diag_list_init(&said, run->arena);
    hash_add_string(hash, "system");
    for (size_t i = 0; i < run->document->font_count; i++) {
        const FontSet *set = &run->document->fonts[i];
        for (size_t k = 0; k <= set->fallback_count; k++) {
            const char *family = k ? set->fallback[k - 1] : set->family, *before = "";
            for (size_t w = 0; family && w < sizeof weights / sizeof *weights; w++) {
                const Face *face = font_find(run->fonts, family, weights[w], SPAN_NONE, &said);
                if (!face || *face->sha256 || strcmp(face->file, before) == 0) continue;
                add_file(hash, before = face->file);
            }
        }
    }
}

/* The program, the layout and its style sheets, the settings, the fonts (which the catalogue pins by their SHA-256) and
 * the format: when one of these changes, everything is drawn anew. */
static void hash_run(Run *run)
{
    const Document *document = run->document;
    const JobOptions *options = run->options;
    Hash hash;
    hash_begin(&hash);
    hash_add_string(&hash, options->program);
    for (size_t i = 0; i < document->file_count; i++) {
        hash_add(&hash, document->files[i]->text, document->files[i]->length);
        hash_add_string(&hash, "");
    }
    for (size_t i = 0; i < options->document.setting_count; i++) {
        hash_add_string(&hash, options->document.settings[i].name);
        hash_add_string(&hash, options->document.settings[i].value);
    }
    hash_add_string(&hash, options->document.strings_lang);
    add_file(&hash, options->fonts.catalogue);
    for (size_t i = 0; i < document->font_count; i++)
        if (document->fonts[i].file) add_file(&hash, document->fonts[i].file);
    if (document->output.profile) add_file(&hash, document->output.profile);
    if (options->fonts.system_fonts) hash_system_fonts(run, &hash);
    if (run->format == FORMAT_PDF || uses(document, "@date")) hash_add_string(&hash, options->date);
    int format = run->format;
    hash_add(&hash, &format, sizeof format);
    hash_end(&hash, run->identity);
}

/* ---- what a row brings ---- */

static void hash_images(Hash *hash, const Scene *scene)
{
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        if (op->kind == SCENE_IMAGE) hash_add_string(hash, op->u.image.image->sha256);
        if (op->kind == SCENE_FORM) hash_images(hash, op->u.form.scene);
    }
}

void record_row(Run *run, size_t index, const PageSet *pages)
{
    if (!run->row_inputs) return;
    const Document *document = run->document;
    size_t row = run->rows[index];
    Hash hash;
    hash_begin(&hash);
    for (size_t i = 0; i < document->field_count; i++) {
        const char *field = document->fields[i].field;
        if (field[0] != '@') hash_add_string(&hash, data_field(run->data, row, field));
    }
    if (run->uses_row) {
        size_t number = data_row_ref(run->data, row).row;
        hash_add(&hash, &number, sizeof number);
    }
    if (run->uses_serial) hash_add(&hash, &row, sizeof row);
    for (size_t i = 0; i < pages->count; i++) hash_images(&hash, pages->scenes[i]);
    sha256_digest(&hash, ROW_HASH, run->row_inputs[row]);
}

void record_unit(const Run *run, size_t unit, char hex[HASH_HEX_ROOM])
{
    Hash hash;
    hash_begin(&hash);
    hash_add_string(&hash, run->identity);
    if (!run->is_sheet) {
        hash_add(&hash, run->row_inputs[run->rows[unit]], ROW_HASH);
        hash_end(&hash, hex);
        return;
    }
    for (unsigned cell = 0; cell < run->imposition.per_sheet; cell++) {
        size_t leaf, piece = pages_row_at(run, unit, cell, &leaf);
        static const uint8_t empty[ROW_HASH];
        hash_add(&hash, piece == SIZE_MAX ? empty : run->row_inputs[run->rows[piece]], ROW_HASH);
        if (run->leaves > 1) hash_add(&hash, &leaf, sizeof leaf);
    }
    if (run->uses_sheet) {
        FillContext fill = {0};
        pages_fill_sheet(run, unit, &fill);
        size_t said[] = {fill.sheet, fill.sheets, fill.first, fill.last};
        hash_add(&hash, said, sizeof said);
    }
    hash_end(&hash, hex);
}

/* "1-24,30": the data rows of a unit. */
const char *record_rows(const Run *run, size_t unit, Arena *arena, size_t *count)
{
    StrBuf out;
    strbuf_init(&out, arena);
    size_t first = 0, last = 0, cells = run->is_sheet ? run->imposition.per_sheet : 1;
    *count = 0;
    for (size_t cell = 0; cell <= cells; cell++) {
        size_t piece = cell == cells ? SIZE_MAX : run->is_sheet ? pages_row_at(run, unit, (unsigned)cell, NULL) : unit;
        size_t row = piece == SIZE_MAX ? 0 : data_row_ref(run->data, run->rows[piece]).row;
        if (piece != SIZE_MAX) ++*count;
        if (row && first && (row == last + 1 || row == last)) {
            last = row;
            continue;
        }
        if (!row && cell < cells) continue;         /* an empty cell ends no range */
        if (first) strbuf_addf(&out, first == last ? "%s%zu" : "%s%zu-%zu", out.length ? "," : "", first, last);
        first = last = row;
    }
    return out.bytes;
}

/* ---- the ledger of the run ---- */

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void add_source(StrBuf *out, const char *path, const char *hex)
{
    strbuf_add(out, "{\"name\":");
    strbuf_add_json(out, base_of(path));
    strbuf_addf(out, ",\"sha256\":\"%s\"}", hex);
}

static const char *head_line(Run *run)
{
    static const char *const formats[] = {[FORMAT_PDF] = "pdf", [FORMAT_PNG] = "png", [FORMAT_SVG] = "svg"};
    char hex[HASH_HEX_ROOM];
    StrBuf out;
    strbuf_init(&out, run->arena);
    strbuf_add(&out, "{\"v\":1,\"program\":");
    strbuf_add_json(&out, run->options->program ? run->options->program : "");
    strbuf_add(&out, ",\"run\":");
    strbuf_add_json(&out, run->identity);
    strbuf_addf(&out, ",\"format\":\"%s\",\"one_file\":", formats[run->format]);
    if (run->one_file) strbuf_add_json(&out, base_of(run->whole_name));
    else strbuf_add(&out, "null");
    const JobShard *shard = &run->options->shard;
    strbuf_addf(&out, shard->count ? ",\"shard\":\"%zu/%zu\"" : ",\"shard\":null", shard->number, shard->count);
    strbuf_addf(&out, ",\"units\":%zu,\"layouts\":[", run->is_sheet ? pages_unit_count(run) : data_row_count(run->data));
    for (size_t i = 0; i < run->document->file_count; i++) {
        if (i) strbuf_add_char(&out, ',');
        hash_sha256(run->document->files[i]->text, run->document->files[i]->length, hex);
        add_source(&out, run->document->files[i]->path, hex);
    }
    strbuf_add(&out, "],\"data\":");
    const Source *data = data_source(run->data);
    if (data) {
        data_hash(run->data, hex);
        add_source(&out, data->path, hex);
    } else {
        strbuf_add(&out, "null");
    }
    uint64_t bytes;
    strbuf_addf(&out, ",\"fonts\":\"%s\"}\n", ledger_hash_file(run->options->fonts.catalogue, hex, &bytes) ? hex : "");
    return out.bytes;
}

void record_begin(Run *run)
{
    if (!run->folder) return;
    hash_run(run);
    run->uses_row = uses(run->document, "@row");
    run->uses_serial = uses(run->document, "@serial");
    run->uses_sheet = uses(run->document, "@sheet") || uses(run->document, "@first") || uses(run->document, "@last");
    run->row_inputs = spill_array(run->spill, data_row_count(run->data) + 1, sizeof *run->row_inputs);
}

bool record_open(Run *run)
{
    if (!run->folder) return true;
    const JobOptions *options = run->options;
    const JobShard *shard = &options->shard;
    LedgerPlan plan = {.folder = run->folder, .name = run->ledger_name, .head = head_line(run), .one_file = run->is_single,
                       .is_shard = shard->count > 0, .use_known = options->resume || options->only_changed};
    if (shard->count) plan.name = arena_printf(run->arena, "%s.shard-%zu-of-%zu", plan.name, shard->number, shard->count);
    run->ledger = ledger_open(run->arena, &plan, run->diags);
    return run->ledger != NULL;
}

bool record_is_known(const Run *run, const char *path, const char *inputs, LedgerEntry *entry)
{
    const LedgerEntry *known = run->ledger ? ledger_find(run->ledger, record_name(run, path)) : NULL;
    char hex[HASH_HEX_ROOM];
    uint64_t bytes;
    if (!known || strcmp(known->inputs, inputs) != 0) return false;
    if (!ledger_hash_file(path, hex, &bytes) || bytes != known->bytes || strcmp(hex, known->sha256) != 0) return false;
    memcpy(entry->sha256, hex, sizeof hex);
    entry->bytes = bytes;
    return true;
}

bool record_hash(const char *path, LedgerEntry *entry, DiagList *diags)
{
    if (ledger_hash_file(path, entry->sha256, &entry->bytes)) return true;
    return diag_system(diags, SPAN_NONE, "unwritable", "does another program work in this folder?", "\"%s\" was written but cannot be read back", path);
}

const char *record_name(const Run *run, const char *path)
{
    size_t length = strlen(run->folder);
    if (!strncmp(path, run->folder, length) && path[length] == '/') path += length;
    while (*path == '/') path++;
    return path;
}
