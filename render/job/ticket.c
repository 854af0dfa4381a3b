/* ticket.c -- the job ticket: what is printed, how often, on what, cut and folded how; as JSON for programs and as a page for
 * people, which is drawn by the program itself from the layout below. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "job/pack.h"

#define RECIPIENTS_SHOWN 16
#define FILES_SHOWN 12
#define PICTURES_ACROSS 6
#define PICTURES_SHOWN 12

static const char overprint_note[] = "Text, lines and codes in 100 % K overprint (OPM 1); plates that are no ink overprint. Everything else knocks out.";
static const char *const folds[] = {[FOLD_NONE] = "none", [FOLD_HALF] = "half", [FOLD_ROLL] = "roll", [FOLD_Z] = "z", [FOLD_GATE] = "gate",
                                    [FOLD_DOUBLE_GATE] = "double-gate", [FOLD_MAP] = "map"};

static void add_mm(StrBuf *out, Length length)
{
    char room[NUM_ROOM];
    strbuf_add(out, num_format(room, length_to_mm(length), 2));
}

/* ---- recipients: rows of the data, copies counted ---- */

typedef struct Recipient { size_t row, index, pieces; } Recipient;

/* How many come out when each sheet is printed once. Fronts and backs on one side: all of it twice. */
static size_t copies_of_piece(const Run *run)
{
    const Imposition *plan = &run->imposition;
    if (!run->is_sheet) return 1;
    return (plan->sheet->repeat ? plan->sheet->repeat : plan->per_sheet) * (plan->cells / plan->per_sheet);
}

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

/* Of the sheets: a layout that asks for PDF/VT-1 has it in the one-up file. */
static const char *standard_of(const Run *run)
{
    const char *standard = run->document->output.standard;
    return strcmp(standard, "PDF/VT-1") == 0 ? "PDF/X-4" : standard;
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
    for (size_t i = 0; fold->row_count > 1 && i < fold->row_count; i++) {
        strbuf_add(out, i ? ", " : "], \"rows_mm\": [");
        add_mm(out, fold->rows[i]);
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
    strbuf_addf(out, ",\n  \"standard\": \"%s\",\n  \"profile\": \"%s\",\n  \"date\": ", standard_of(run), document->checks.profile);
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

/* The layout of the page as it grows. Texts come in by vars, which are never read as mark-up. */
typedef struct TicketPage { Arena *arena; StrBuf vars, body; size_t pairs; } TicketPage;

typedef struct PairStyle { const char *indent, *left, *right; } PairStyle;      /* left and right: keys of both texts */

static const PairStyle fact_style = {"        ", "style: note, width: 32mm", "grow: 1"};
static const PairStyle plate_style = {"        ", "style: note, width: 38mm", "grow: 1"};
static const PairStyle people_style = {"      ", "style: note, width: 120mm, lines: 1, overflow: ellipsis", "grow: 1"};
static const PairStyle file_style = {"      ", "style: small, width: 26mm", "style: small, grow: 1"};

static void add_var(StrBuf *out, char letter, size_t number, const char *value)
{
    strbuf_addf(out, "  %c%zu: ", letter, number);
    strbuf_add_json(out, value);
    strbuf_add_char(out, '\n');
}

/* What it is and what is said of it: a row of its own, so that words which need a second line push the next down. */
static void add_pair(TicketPage *page, const PairStyle *style, const char *left, const char *right)
{
    add_var(&page->vars, 'l', page->pairs, left);
    add_var(&page->vars, 'r', page->pairs, right);
    strbuf_addf(&page->body, "%s- {box: row, gap: 4mm, items: [{text: \"{{l%zu | default: }}\", %s}, {text: \"{{r%zu | default: }}\", %s}]}\n", style->indent, page->pairs, style->left, page->pairs,
                style->right);
    page->pairs++;
}

static const char *lengths(Arena *arena, const Length *items, size_t count)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (size_t i = 0; i < count; i++) {
        if (i) strbuf_add(&out, " + ");
        add_mm(&out, items[i]);
    }
    return out.bytes;
}

static const char *area_words(Arena *arena, Size size)
{
    StrBuf out;
    strbuf_init(&out, arena);
    add_mm(&out, size.width);
    strbuf_add(&out, " × ");
    add_mm(&out, size.height);
    strbuf_add(&out, " mm");
    return out.bytes;
}

static void add_facts(TicketPage *page, const Pack *pack)
{
    const Run *run = pack->run;
    const Document *document = run->document;
    const Fold *fold = &document->fold;
    Arena *arena = page->arena;
    char room[NUM_ROOM];
    add_pair(page, &fact_style, "成品尺寸 Trim", area_words(arena, document->page.size));
    add_pair(page, &fact_style, "出血 Bleed", arena_printf(arena, "%s mm", lengths(arena, &document->page.bleed, 1)));
    add_pair(page, &fact_style, "页数 Pages", arena_printf(arena, "%zu", document->page_count));
    add_pair(page, &fact_style, "印张 Sheet", !run->is_sheet ? "—" : arena_printf(arena, "%s, %u-up%s", area_words(arena, run->imposition.sheet->size), run->imposition.per_sheet,
                                                                                 run->imposition.sides > 1 ? ", both sides" : ""));
    const char *across = lengths(arena, fold->panels, fold->panel_count), *down = fold->row_count > 1 ? arena_printf(arena, " × %s", lengths(arena, fold->rows, fold->row_count)) : "";
    add_pair(page, &fact_style, "折叠 Folds", !fold->panel_count ? "—" : arena_printf(arena, "%s: %s%s mm", folds[fold->type], across, down));
    add_pair(page, &fact_style, "数量 Pieces", arena_printf(arena, "%zu", run->row_count * copies_of_piece(run)));
    add_pair(page, &fact_style, "张数 Sheets", arena_printf(arena, "%zu", pack->sheet_count));
    add_pair(page, &fact_style, "标准 Standard", arena_printf(arena, "%s, %s", standard_of(run), document->checks.profile));
    add_pair(page, &fact_style, "油墨总量 Ink, most", arena_printf(arena, "%s %%", num_format(room, run->ink.most_ink, 0)));
}

static void add_plates(TicketPage *page, const Run *run)
{
    char room[NUM_ROOM];
    for (size_t i = 0; i < run->ink.count; i++)
        add_pair(page, &plate_style, run->ink.names[i], arena_printf(page->arena, "%s cm²", num_format(room, run->ink.areas_mm2[i] / 100, 1)));
}

/* Of the first page or sheet side. */
static void add_pictures(TicketPage *page, const Pack *pack)
{
    size_t count = 0;
    while (count < pack->picture_count && count < PICTURES_SHOWN && pack->pictures[count].page == 1) count++;
    if (!count) return;
    strbuf_addf(&page->body, "    - box: grid\n      columns: %d\n      gap: [4mm, 3mm]\n      items:\n", PICTURES_ACROSS);
    for (size_t i = 0; i < count; i++) {
        strbuf_add(&page->body, "        - {box: column, gap: 1mm, items: [{image: ");
        strbuf_add_json(&page->body, pack->pictures[i].file);
        strbuf_add(&page->body, ", height: 32mm, border: {width: 0.25pt, color: line}}, {text: ");
        strbuf_add_json(&page->body, pack->pictures[i].plate);
        strbuf_add(&page->body, ", size: 7pt, color: grey, align: center, lines: 1, fit: {min: 5pt}, overflow: ellipsis}]}\n");
    }
}

static void add_recipients(TicketPage *page, const Run *run)
{
    Recipient recipient;
    size_t at = 0, more = 0;
    strbuf_add(&page->body, "    - box: column\n      items:\n      - {text: \"收件方  Recipients\", style: head}\n      - {space: 2mm}\n");
    for (size_t count = 0; count < RECIPIENTS_SHOWN && next_recipient(run, &at, &recipient); count++) {
        PressRecord record = run_press_record(run, at - 1, page->arena);
        StrBuf who;
        strbuf_init(&who, page->arena);
        for (size_t i = 0; i < record.field_count; i++) strbuf_addf(&who, "%s%s", i ? "  " : "", record.fields[i].value);
        add_pair(page, &people_style, who.bytes, arena_printf(page->arena, "%zu", recipient.pieces));
    }
    while (next_recipient(run, &at, &recipient)) more++;
    if (more) add_pair(page, &people_style, arena_printf(page->arena, "… %zu more: ticket.json", more), "");
}

static void add_files(TicketPage *page, const Pack *pack)
{
    size_t shown = 0, more = 0;
    strbuf_add(&page->body, "    - box: column\n      items:\n      - {text: SHA-256, style: head}\n      - {space: 2mm}\n");
    for (size_t i = 0; i < pack->file_count; i++) {
        const PackFile *file = &pack->files[i];
        if (strchr(file->name, '/')) continue;
        if (shown++ < FILES_SHOWN) add_pair(page, &file_style, file->name, file->sha256);
        else more++;
    }
    if (more) add_pair(page, &file_style, arena_printf(page->arena, "… %zu more", more), "ticket.json");
}

static const char *page_layout(const Pack *pack, Arena *arena)
{
    const Run *run = pack->run;
    const Document *document = run->document;
    const FontSet *set = document->font_count ? &document->fonts[0] : NULL;
    TicketPage page = {.arena = arena};
    strbuf_init(&page.vars, arena);
    strbuf_init(&page.body, arena);
    strbuf_add(&page.vars, "format: 1\nkind: poster\ntitle: ticket\nfonts:\n  sans: {");
    strbuf_add(&page.vars, set && set->file ? "file: " : "family: ");
    strbuf_add_json(&page.vars, set ? set->file ? set->file : set->family : "Noto Sans CJK SC");
    strbuf_add(&page.vars, "}\ncolors:\n  black: {rgb: \"#1A1A1A\"}\n  grey: {rgb: \"#6E6E6E\"}\n  line: {rgb: \"#C8C8C8\"}\n"
                           "styles:\n  base: {font: sans, size: 9pt, color: black, leading: 1.5, word-break: normal}\n  note: {color: grey}\n  small: {size: 6pt, leading: 1.4}\n"
                           "  head: {size: 9pt, weight: bold}\n"
                           "page: {size: A4, margin: 16mm}\n"
                           "checks: {min-size: 5pt, image-dpi: {warn: 0, error: 0}, contrast: off, punctuation: off, empty-field: off, overflow: warn}\noutput: {format: pdf}\nvars:\n");
    add_var(&page.vars, 't', 0, *document->title ? document->title : "印刷任务单");
    strbuf_add(&page.body, "body:\n  box: column\n  gap: 5mm\n  items:\n"
                           "    - {text: \"{{t0}}\", size: 22pt, weight: bold, leading: 1.25}\n"
                           "    - {text: \"印刷任务单  Job ticket\", color: grey}\n"
                           "    - {shape: rect, height: 0.5pt, fill: line}\n"
                           "    - box: row\n      gap: 8mm\n      items:\n"
                           "      - box: column\n        width: 58%\n        items:\n");
    add_facts(&page, pack);
    strbuf_add(&page.body, "      - box: column\n        grow: 1\n        items:\n        - {text: \"印版与墨量  Plates, ink area\", style: head}\n        - {space: 2mm}\n");
    add_plates(&page, run);
    add_pictures(&page, pack);
    if (document->data.is_given) add_recipients(&page, run);
    strbuf_addf(&page.body, "    - {box: column, gap: 1mm, items: [{text: \"叠印  Overprint\", style: head}, {text: \"%s\", size: 8pt, color: grey}]}\n", overprint_note);
    add_files(&page, pack);
    strbuf_add(&page.vars, page.body.bytes);
    return page.vars.bytes;
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
