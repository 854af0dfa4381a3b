/* ticket.c -- the job ticket: what is printed, how often, on what, cut and folded how; as JSON for programs and as a page for
 * people, which is drawn by the program itself from the layout below. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "job/pack.h"

#define RECIPIENTS_SHOWN 16

static const char overprint_note[] = "Text, lines and codes in 100 % K overprint (OPM 1); plates that are no ink overprint. Everything else knocks out.";
static const char *const folds[] = {[FOLD_NONE] = "none", [FOLD_HALF] = "half", [FOLD_ROLL] = "roll", [FOLD_Z] = "z", [FOLD_GATE] = "gate"};

static void add_mm(StrBuf *out, Length length)
{
    char room[NUM_ROOM];
    strbuf_add(out, num_format(room, length_to_mm(length), 2));
}

/* ---- recipients: rows of the data, copies counted ---- */

typedef struct Recipient { size_t row, index, pieces; } Recipient;

static size_t copies_of_piece(const Run *run) { return run->is_sheet && run->imposition.sheet->repeat ? run->imposition.sheet->repeat : 1; }

/* The next recipient from run->rows[*at] on: copies of a row follow each other. */
static bool next_recipient(const Run *run, size_t *at, Recipient *out)
{
    if (*at >= run->row_count) return false;
    *out = (Recipient){.row = data_row_ref(run->data, run->rows[*at]).row, .index = run->rows[*at]};
    if (!out->row) out->row = *at + 1;
    do out->pieces += copies_of_piece(run);
    while (++*at < run->row_count && data_row_ref(run->data, run->rows[*at]).row == out->row);
    return true;
}

/* ---- JSON ---- */

static void add_sheet_json(StrBuf *out, const Run *run)
{
    if (!run->is_sheet) {
        strbuf_add(out, ",\n  \"sheet\": null");
        return;
    }
    const Imposition *plan = &run->imposition;
    strbuf_add(out, ",\n  \"sheet\": {\"width_mm\": ");
    add_mm(out, plan->sheet->size.width);
    strbuf_add(out, ", \"height_mm\": ");
    add_mm(out, plan->sheet->size.height);
    strbuf_addf(out, ", \"columns\": %u, \"rows\": %u, \"pieces\": %u, \"sides\": %u}", plan->columns, plan->rows, plan->per_sheet, plan->sides);
}

static void add_fold_json(StrBuf *out, const Document *document)
{
    const Fold *fold = &document->fold;
    if (!fold->panel_count) {
        strbuf_add(out, ",\n  \"fold\": null");
        return;
    }
    strbuf_addf(out, ",\n  \"fold\": {\"type\": \"%s\", \"panels_mm\": [", folds[fold->type]);
    for (size_t i = 0; i < fold->panel_count; i++) {
        if (i) strbuf_add(out, ", ");
        add_mm(out, fold->panels[i]);
    }
    strbuf_add(out, "]}");
}

static void add_recipients_json(StrBuf *out, const Run *run, Arena *arena)
{
    strbuf_add(out, ",\n  \"recipients\": [");
    Recipient recipient;
    for (size_t at = 0, count = 0; run->document->data.is_given && next_recipient(run, &at, &recipient); count++) {
        PressRecord record = run_press_record(run, at - 1, arena);
        strbuf_addf(out, "%s\n    {\"row\": %zu, \"pieces\": %zu, \"fields\": {", count ? "," : "", recipient.row, recipient.pieces);
        for (size_t i = 0; i < record.field_count; i++) {
            if (i) strbuf_add(out, ", ");
            strbuf_add_json(out, record.fields[i].name);
            strbuf_add(out, ": ");
            strbuf_add_json(out, record.fields[i].value);
        }
        strbuf_add(out, "}}");
    }
    strbuf_add(out, "\n  ]");
}

static void add_plates_json(StrBuf *out, const PressInk *ink)
{
    char room[NUM_ROOM];
    strbuf_add(out, ",\n  \"plates\": [");
    for (size_t i = 0; i < ink->count; i++) {
        strbuf_add(out, i ? ", {\"name\": " : "{\"name\": ");
        strbuf_add_json(out, ink->names[i]);
        strbuf_addf(out, ", \"ink_cm2\": %s}", num_format(room, ink->areas_mm2[i] / 100, 2));
    }
    strbuf_addf(out, "],\n  \"most_ink_percent\": %s", num_format(room, ink->most_ink, 0));
}

static size_t warning_count(const PressFindings *findings)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++) count += findings->items[i].severity == SEVERITY_WARNING;
    return count;
}

static void write_json(const Pack *pack, Arena *arena, StrBuf *out)
{
    const Run *run = pack->run;
    const Document *document = run->document;
    strbuf_add(out, "{\n  \"v\": 1,\n  \"title\": ");
    strbuf_add_json(out, document->title);
    strbuf_addf(out, ",\n  \"standard\": \"%s\",\n  \"profile\": \"%s\",\n  \"date\": ", document->output.standard, document->checks.profile);
    if (run->options->date) strbuf_add_json(out, run->options->date);
    else strbuf_add(out, "null");
    strbuf_add(out, ",\n  \"piece\": {\"width_mm\": ");
    add_mm(out, document->page.size.width);
    strbuf_add(out, ", \"height_mm\": ");
    add_mm(out, document->page.size.height);
    strbuf_add(out, ", \"bleed_mm\": ");
    add_mm(out, document->page.bleed);
    strbuf_addf(out, ", \"pages\": %zu}", document->page_count);
    add_sheet_json(out, run);
    add_fold_json(out, document);
    strbuf_addf(out, ",\n  \"counts\": {\"pieces\": %zu, \"sheets\": %zu, \"pdf_pages\": %zu, \"cut_files\": %zu}", run->row_count * copies_of_piece(run), pack->sheet_count,
                run->summary->pages, pack->cut_count);
    add_plates_json(out, &run->ink);
    strbuf_addf(out, ",\n  \"preflight_warnings\": %zu,\n  \"overprint\": ", warning_count(&run->findings));
    strbuf_add_json(out, overprint_note);
    add_recipients_json(out, run, arena);
    strbuf_add(out, ",\n  \"files\": [");
    for (size_t i = 0; i < pack->file_count; i++) {
        strbuf_add(out, i ? ",\n    {\"name\": " : "\n    {\"name\": ");
        strbuf_add_json(out, pack->files[i].name);
        strbuf_addf(out, ", \"bytes\": %llu, \"sha256\": \"%s\"}", (unsigned long long)pack->files[i].bytes, pack->files[i].sha256);
    }
    strbuf_add(out, "\n  ]\n}\n");
}

/* ---- the page ---- */

/* Texts come in by vars, which are never read as mark-up. */
static void add_var(StrBuf *out, const char *name, const char *value)
{
    strbuf_addf(out, "  %s: ", name);
    strbuf_add_json(out, value);
    strbuf_add_char(out, '\n');
}

static const char *facts(const Pack *pack, Arena *arena, bool is_left)
{
    const Run *run = pack->run;
    const Document *document = run->document;
    StrBuf out;
    strbuf_init(&out, arena);
    char room[NUM_ROOM];
    if (is_left) strbuf_add(&out, "成品尺寸 Trim\n出血 Bleed\n页数 Pages\n印张 Sheet\n折叠 Folds\n数量 Pieces\n张数 Sheets\n标准 Standard\n油墨总量 Ink, most");
    if (is_left) return out.bytes;
    add_mm(&out, document->page.size.width);
    strbuf_add(&out, " × ");
    add_mm(&out, document->page.size.height);
    strbuf_add(&out, " mm\n");
    add_mm(&out, document->page.bleed);
    strbuf_addf(&out, " mm\n%zu\n", document->page_count);
    if (run->is_sheet) {
        add_mm(&out, run->imposition.sheet->size.width);
        strbuf_add(&out, " × ");
        add_mm(&out, run->imposition.sheet->size.height);
        strbuf_addf(&out, " mm, %u-up%s\n", run->imposition.per_sheet, run->imposition.sides > 1 ? ", both sides" : "");
    } else {
        strbuf_add(&out, "—\n");
    }
    strbuf_add(&out, document->fold.panel_count ? folds[document->fold.type] : "—");
    for (size_t i = 0; i < document->fold.panel_count; i++) {
        strbuf_add(&out, i ? " + " : ": ");
        add_mm(&out, document->fold.panels[i]);
    }
    strbuf_addf(&out, "%s\n%zu\n%zu\n%s, %s\n%s %%", document->fold.panel_count ? " mm" : "", run->row_count * copies_of_piece(run), pack->sheet_count, document->output.standard,
                document->checks.profile, num_format(room, run->ink.most_ink, 0));
    return out.bytes;
}

static const char *plate_lines(const Run *run, Arena *arena, bool is_left)
{
    StrBuf out;
    strbuf_init(&out, arena);
    char room[NUM_ROOM];
    for (size_t i = 0; i < run->ink.count; i++) {
        if (i) strbuf_add_char(&out, '\n');
        if (is_left) strbuf_add(&out, run->ink.names[i]);
        else strbuf_addf(&out, "%s cm²", num_format(room, run->ink.areas_mm2[i] / 100, 1));
    }
    return out.bytes;
}

static const char *recipient_lines(const Run *run, Arena *arena, bool is_left)
{
    StrBuf out;
    strbuf_init(&out, arena);
    Recipient recipient;
    size_t at = 0, count = 0;
    while (count < RECIPIENTS_SHOWN && next_recipient(run, &at, &recipient)) {
        PressRecord record = run_press_record(run, at - 1, arena);
        if (count++) strbuf_add_char(&out, '\n');
        if (!is_left) strbuf_addf(&out, "%zu", recipient.pieces);
        for (size_t i = 0; is_left && i < record.field_count; i++) strbuf_addf(&out, "%s%s", i ? "  " : "", record.fields[i].value);
    }
    size_t more = 0;
    while (next_recipient(run, &at, &recipient)) more++;
    if (more && is_left) strbuf_addf(&out, "\n… %zu more: ticket.json", more);
    return out.bytes;
}

static const char *hash_lines(const Pack *pack, Arena *arena, bool is_left)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (size_t i = 0, count = 0; i < pack->file_count; i++) {
        const PackFile *file = &pack->files[i];
        if (strchr(file->name, '/')) continue;
        if (count++) strbuf_add_char(&out, '\n');
        strbuf_add(&out, is_left ? file->name : file->sha256);
    }
    return out.bytes;
}

static void add_table(StrBuf *out, const char *heading, const char *left, const char *right, const char *width)
{
    if (heading) strbuf_addf(out, "          - {text: \"%s\", style: head}\n", heading);
    strbuf_addf(out, "          - {box: row, gap: 4mm, items: [{text: \"{{%s | default: }}\", style: note, width: %s}, {text: \"{{%s | default: }}\", style: body, grow: 1}]}\n", left, width, right);
}

static const char *page_layout(const Pack *pack, Arena *arena)
{
    const Run *run = pack->run;
    const Document *document = run->document;
    const FontSet *set = document->font_count ? &document->fonts[0] : NULL;
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_add(&out, "format: 1\nkind: poster\ntitle: ticket\nfonts:\n  sans: {");
    strbuf_add(&out, set && set->file ? "file: " : "family: ");
    strbuf_add_json(&out, set ? set->file ? set->file : set->family : "Noto Sans CJK SC");
    strbuf_add(&out, "}\ncolors:\n  black: {rgb: \"#1A1A1A\"}\n  grey: {rgb: \"#6E6E6E\"}\n  line: {rgb: \"#C8C8C8\"}\nvars:\n");
    add_var(&out, "title", *document->title ? document->title : "印刷任务单");
    add_var(&out, "facts_left", facts(pack, arena, true));
    add_var(&out, "facts_right", facts(pack, arena, false));
    add_var(&out, "plates_left", plate_lines(run, arena, true));
    add_var(&out, "plates_right", plate_lines(run, arena, false));
    add_var(&out, "people_left", document->data.is_given ? recipient_lines(run, arena, true) : "");
    add_var(&out, "people_right", document->data.is_given ? recipient_lines(run, arena, false) : "");
    add_var(&out, "files_left", hash_lines(pack, arena, true));
    add_var(&out, "files_right", hash_lines(pack, arena, false));
    strbuf_add(&out,
               "styles:\n  base: {font: sans, size: 9pt, color: black, leading: 1.5, word-break: normal}\n  note: {color: grey}\n  body: {}\n"
               "  head: {size: 9pt, weight: bold}\n"
               "page: {size: A4, margin: 16mm}\nbody:\n  box: column\n  gap: 5mm\n  items:\n"
               "    - {text: \"{{title}}\", size: 22pt, weight: bold, leading: 1.25}\n"
               "    - {text: \"印刷任务单  Job ticket\", color: grey}\n"
               "    - {shape: rect, height: 0.5pt, fill: line}\n"
               "    - box: row\n      gap: 8mm\n      items:\n"
               "      - box: column\n        gap: 2mm\n        width: 60%\n        items:\n");
    add_table(&out, NULL, "facts_left", "facts_right", "32mm");
    strbuf_add(&out, "      - box: column\n        gap: 2mm\n        grow: 1\n        items:\n");
    add_table(&out, "印版与墨量  Plates, ink area", "plates_left", "plates_right", "30mm");
    if (pack->picture_count) {
        strbuf_add(&out, "    - box: row\n      gap: 4mm\n      items:\n");
        for (size_t i = 0; i < pack->picture_count && i < 6 && pack->pictures[i].page == 1; i++) {
            strbuf_add(&out, "        - {box: column, gap: 1mm, width: 26mm, items: [{image: ");
            strbuf_add_json(&out, pack->pictures[i].file);
            strbuf_add(&out, ", height: 32mm, border: {width: 0.25pt, color: line}}, {text: ");
            strbuf_add_json(&out, pack->pictures[i].plate);
            strbuf_add(&out, ", size: 7pt, color: grey, align: center, lines: 1, fit: {min: 5pt}}]}\n");
        }
    }
    if (document->data.is_given) {
        strbuf_add(&out, "    - box: column\n      gap: 2mm\n      items:\n");
        add_table(&out, "收件方  Recipients", "people_left", "people_right", "120mm");
    }
    strbuf_addf(&out, "    - {box: column, gap: 1mm, items: [{text: \"叠印  Overprint\", style: head}, {text: \"%s\", size: 8pt, color: grey}]}\n    - {text: SHA-256, style: head}\n", overprint_note);
    strbuf_add(&out, "    - {box: row, gap: 4mm, items: [{text: \"{{files_left}}\", size: 6pt, width: 26mm, leading: 1.4}, {text: \"{{files_right}}\", size: 6pt, grow: 1, leading: 1.4}]}\n"
                     "checks: {min-size: 5pt, image-dpi: {warn: 0, error: 0}, contrast: off, punctuation: off, empty-field: off, overflow: warn}\noutput: {format: pdf}\n");
    return out.bytes;
}

/* Drawn from a file in the pack's own folder, so that its pictures are beside it; then the file goes. */
static bool draw_page(Pack *pack, Arena *arena, DiagList *diags)
{
    const char *layout = pack_path(pack, "ticket.yaml"), *text = page_layout(pack, arena);
    OutFile *file = file_create(layout, diags);
    if (!file) return false;
    file_write(file, text, strlen(text));
    if (!file_commit(file, true, diags)) return false;
    const JobOptions *given = pack->run->options;
    JobOptions options = {.output = pack_path(pack, "ticket.pdf"), .fonts = given->fonts, .words = given->words, .jobs = 1, .date = given->date, .program = given->program,
                          .is_part = true, .stop = given->stop};
    JobSummary summary;
    DiagList own;
    diag_list_init(&own, arena);
    bool ok = job_render(arena, layout, &options, &own, &summary);
    unlink(layout);
    for (size_t i = 0; !ok && i < own.count; i++) diag_add(diags, &own.items[i]);
    return ok;
}

bool ticket_write(Pack *pack, DiagList *diags)
{
    if (!draw_page(pack, pack->arena, diags)) return false;
    StrBuf json;
    strbuf_init(&json, pack->arena);
    write_json(pack, pack->arena, &json);
    return pack_write(pack, "ticket.json", json.bytes, json.length, diags);
}
