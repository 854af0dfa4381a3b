/* document_test.c -- the examples of the language give the right typed values, and mistakes are named word for word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/source.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "document/document.h"
#include "document/reader.h"

static Arena *arena;
static DiagList diags;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(0);
    diag_list_init(&diags, arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void print_diags(void)
{
    for (size_t i = 0; i < diags.count; i++) {
        const Diag *d = &diags.items[i];
        Position at = d->where.source ? source_locate(d->where.source, d->where.start) : (Position){0};
        print_message("%s:%zu:%zu: [%s] %s (%s) %s\n", d->where.source ? d->where.source->path : "", at.line, at.column, d->code, d->message, d->hint ? d->hint : "", d->path ? d->path : "");
    }
}

static const Document *read_example(const char *name)
{
    const Document *d = document_read(arena, arena_printf(arena, "tests/fuzz/corpus/document/%s.yaml", name), NULL, &diags);
    if (!d || diags.count) print_diags();
    assert_non_null(d);
    assert_int_equal(diags.count, 0);
    return d;
}

static const Document *build(const char *text)
{
    Source *source = ARENA_NEW(arena, Source);
    *source = (Source){"layout.yaml", text, strlen(text)};
    return document_build(arena, source, NULL, &diags);
}

#define HEAD "format: 1\nkind: poster\npage: {size: A4}\ncolors: {red: {rgb: \"#FF0000\"}}\nstyles: {slogan: {size: 20pt}}\n"

/* One layout, its one mistake: code, line:column, message, hint. */
typedef struct Mistake { const char *text, *code; size_t line, column; const char *message, *hint; } Mistake;
static const Mistake mistakes[] = {
    {HEAD "body: {text: a, szie: 9pt}\n", "unknown-key", 6, 17, "\"szie\" is not a key of text", "did you mean \"size\"? (biaoyu explain text)"},
    {HEAD "body: {text: a, gap: 2mm}\n", "unknown-key", 6, 17, "\"gap\" is not a key of text", "\"gap\" is a key of box, not of text"},
    {HEAD "body: {text: a, size: 12}\n", "missing-unit", 6, 23, "\"size\" has no unit: 12", "write 12mm, 12pt or 12px"},
    {HEAD "body: {text: a, size: 12ptt}\n", "bad-unit", 6, 23, "\"ptt\" is no unit: 12ptt", "did you mean \"pt\"? (mm, cm, in, pt, px, em)"},
    {HEAD "body: {text: a, opacity: 2}\n", "out-of-range", 6, 26, "\"opacity\" cannot be 2", "write a value from 0 to 1"},
    {HEAD "body: {text: a, align: centre}\n", "bad-choice", 6, 24, "\"align\" cannot be \"centre\"", "did you mean \"center\"? (left, center, right, justify, distribute, start, end)"},
    {HEAD "body: {text: a, color: rad}\n", "unknown-color", 6, 24, "no color \"rad\"", "did you mean \"red\"? (red)"},
    {HEAD "body: {text: a, color: \"#BB0A21\"}\n", "unknown-color", 6, 24, "no color \"#BB0A21\"", "declare it under colors and use its name: colors: {my-color: {rgb: \"#BB0A21\"}}"},
    {HEAD "body: {text: a, style: slogn}\n", "unknown-style", 6, 24, "no style \"slogn\"", "did you mean \"slogan\"? (slogan)"},
    {HEAD "body: {text: a, font: serif}\n", "unknown-font-set", 6, 23, "no font \"serif\" under fonts", "choose from built-in"},
    {HEAD "body: {part: bar}\n", "unknown-part", 6, 14, "no part \"bar\"", "declare it under parts"},
    {HEAD "body: {text: a, image: b.png}\n", "two-kinds", 6, 17, "a box has one kind, this has \"text\" and \"image\"", "make two boxes of it"},
    {HEAD "body: {txt: a}\n", "no-kind", 6, 7, "a box without a kind", "did you mean \"text\"? (text, image, qrcode, barcode, shape, box, part, slot, space)"},
    {HEAD "body: {text: [a, b]}\n", "wrong-type", 6, 14, "\"text\" is a list", "write a text"},
    {HEAD "body: {text: \"a {{@pag}} b\"}\n", "unknown-builtin", 6, 17, "no built-in \"@pag\"", "did you mean \"@page\"? (@row, @serial, @page, @pages, @sheet, @sheets, @first, @last, @frame, @date, @now)"},
    {HEAD "body: {text: \"{{name | uper}}\"}\n", "unknown-filter", 6, 23, "no filter \"uper\"", "did you mean \"upper\"? (add, date, default, digits, pad, tel, trim, until, upper)"},
    {HEAD "body: {text: \"a **b\"}\n", "bad-markup", 6, 17, "\"**\" is never closed", "write **words**; a star as such is \\*"},
    {HEAD "pages: [{body: {text: a}}]\nbody: {text: a}\n", "two-bodies", 6, 8, "there is more than one of \"body\", \"pages\", \"playlist\", \"areas\"", "keep one of body, pages, playlist, areas"},
    {"format: 2\nkind: poster\npage: {size: A4}\nbody: {text: a}\n", "bad-format", 1, 9, "this program reads format 1, not \"2\"", "write format: 1"},
    {"format: 1\nkind: poster\npage: {bleed: 1mm}\nbody: {text: a}\n", "missing-key", 3, 7, "page needs \"size\"", "add size: A0, A1, A2, A3, A4, A5, A6, B4, B5, A3+, SRA3, 大度全开, 大度对开, 大度4开, 大度8开, 正度全开, 正度对开, 正度4开, 正度8开, or [width, height]"},
    {"format: 1\nkind: poster\npage: {size: A4}\ncolors: {red: {rgb: red}}\nbody: {text: a}\n", "bad-color", 4, 21, "\"rgb\" cannot be \"red\"", "write \"#RRGGBB\", six hex digits in quotes"},
    {"format: 1\nkind: leaflet\npage: {size: [297mm, 210mm]}\nfold: {type: roll, panels: [97mm, 100mm, 90mm]}\nbody: {text: a}\n", "fold-width", 4, 28, "the panels add up to 287mm, the page is 297mm wide", "make the widths add up to the page width"},
    {HEAD "parts: {bar: {params: {a: null}, body: {text: \"{{a}}\"}}}\nbody: {part: bar}\n", "missing-parameter", 7, 14, "part \"bar\" needs \"a\"", "write with: {a: ..}"},
    {HEAD "parts: {bar: {params: {size: 1pt}, body: {text: a}}}\nbody: {part: bar, with: {sise: 2pt}}\n", "unknown-parameter", 7, 26, "\"sise\" is not a parameter of part \"bar\"", "did you mean \"size\"? (size)"},
    {HEAD "fill: {main: []}\nbody: {text: a}\n", "unknown-slot", 6, 8, "no slot \"main\"", "the template has no slots"},
};

static void test_mistakes(void **state)
{
    (void)state;
    size_t failed = 0;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const Mistake *m = &mistakes[i];
        diag_list_init(&diags, arena);
        const Document *d = build(m->text);
        const Diag *first = diags.items;
        Position at = diags.count && first->where.source ? source_locate(first->where.source, first->where.start) : (Position){0};
        bool ok = !d && diags.count == 1 && !strcmp(first->code, m->code) && !strcmp(first->message, m->message) && first->hint && !strcmp(first->hint, m->hint) &&
                  at.line == m->line && at.column == m->column;
        if (ok) continue;
        failed++;
        print_message("mistake %zu (%s %zu:%zu) gave %zu:\n", i, m->code, m->line, m->column, diags.count);
        print_diags();
    }
    assert_int_equal(failed, 0);
}

static void test_poster(void **state)
{
    (void)state;
    const Document *d = read_example("poster");
    assert_int_equal(d->kind, DOC_POSTER);
    assert_int_equal(d->page.size.width, length_from_mm(420));
    assert_int_equal(d->page.margin.left, length_from_mm(25));
    assert_int_equal(d->page.marks, MARK_CROP | MARK_REGISTRATION | MARK_COLOR_BAR);
    assert_string_equal(d->data.rows, "tests/fuzz/corpus/document/data/stations.csv");
    const Node *column = d->pages[0].body->u.box.items[1];
    assert_int_equal(column->u.box.justify, JUSTIFY_SPACE_BETWEEN);
    assert_int_equal(column->cover, COVER_SAFE);
    assert_int_equal(column->u.box.count, 4);
    const Node *slogan = column->u.box.items[0];
    assert_string_equal(slogan->path, "/body/items/1/items/0/text");
    assert_int_equal(slogan->style->size, 150 * LENGTH_ONE);
    assert_int_equal(slogan->style->weight, WEIGHT_BOLD);
    assert_string_equal(slogan->style->color->name, "yellow");
    assert_true(slogan->style->leading > 1.14 && slogan->style->leading < 1.16);
    assert_string_equal(slogan->u.text.content->segments[0].literal, "不轻信\n不透露\n不转账");
    const Node *fit = column->u.box.items[1];
    assert_int_equal(fit->style->fit, FIT_SHRINK);
    assert_int_equal(fit->style->fit_min, 40 * LENGTH_ONE);
    assert_int_equal(fit->style->fit_max, 54 * LENGTH_ONE);
    const Node *bar = column->u.box.items[2];
    assert_int_equal(bar->u.box.gap[1].unit, DIM_EM);
    assert_int_equal(bar->u.box.items[0]->style->size, 90 * LENGTH_ONE);
    assert_string_equal(bar->u.box.items[1]->u.text.content->segments[0].literal, "00000");
    assert_true(bar->is_static);
    const Node *names = column->u.box.items[3];
    assert_false(names->is_static);
    assert_string_equal(names->u.text.content->segments[2].field, "phone");
    assert_string_equal(d->output.standard, "PDF/X-4");
    assert_int_equal(d->checks.min_size, 6 * LENGTH_ONE);
}

static void test_examples(void **state)
{
    (void)state;
    const Document *sticker = read_example("sticker");
    assert_int_equal(sticker->sheet.columns, 3);
    assert_int_equal(sticker->sheet.gap_x, length_from_mm(4));
    assert_string_equal(sticker->sheet.cut_color->spot, "CutContour");
    assert_true(sticker->sheet.is_centered);
    const Document *leaflet = read_example("leaflet");
    assert_int_equal(leaflet->page_count, 2);
    assert_int_equal(leaflet->pages[0].panel_count, 3);
    assert_string_equal(leaflet->pages[1].panels[2].body->u.box.items[0]->background->name, "alert-red");
    const Document *led = read_example("led");
    assert_int_equal(led->playlist.count, 2);
    assert_true(led->playlist.is_forever && led->playlist.seamless);
    assert_int_equal(led->playlist.items[0]->motion.enter, EFFECT_SLIDE_UP);
    assert_true(led->playlist.items[0]->motion.hold_seconds > 2.9);
    assert_int_equal(led->playlist.items[1]->motion.repeat, 2);
    assert_int_equal(led->playlist.items[0]->style->size, 28 * LENGTH_ONE);
    assert_int_equal(led->page.size.width, 512 * LENGTH_ONE);
    const Document *picture = read_example("picture");
    assert_int_equal(picture->page.size.height, 1920 * LENGTH_ONE);
    const Node *date = picture->pages[0].body->u.box.items[1]->u.box.items[0];
    assert_string_equal(date->u.text.content->segments[0].literal, "2026-11-23");
    assert_string_equal(date->u.text.content->segments[0].filters[0].argument, "YYYY年M月D日");
}

static void test_inline_styles(void **state)
{
    (void)state;
    const Document *d = build(HEAD "body: {text: \"a **b** [c]{slogan} \\\\[d] [e]\", size: 9pt}\n");
    print_diags();
    assert_non_null(d);
    const Template *t = d->pages[0].body->u.text.content;
    assert_int_equal(t->segment_count, 5);
    assert_int_equal(t->segments[1].style->weight, WEIGHT_BOLD);
    assert_int_equal(t->segments[1].style->size, 9 * LENGTH_ONE);
    assert_int_equal(t->segments[3].style->size, 20 * LENGTH_ONE);
    assert_string_equal(t->segments[4].literal, " [d] [e]");
}

static void test_not_yet(void **state)
{
    (void)state;
    const Document *d = build(HEAD "body: {text: a, axes: {wght: 500}, wrap: stable, ruby: none}\noutput: {standard: PDF/UA-1}\n");
    assert_non_null(d);
    assert_int_equal(d->not_yet_count, 1);
    assert_string_equal(d->not_yet[0].key, "standard");
}

static char folder[64];           /* of the files a test writes */

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"sheet.yaml", "base.yaml", "child.yaml", "self.yaml"};
    for (size_t i = 0; folder[0] && i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    if (folder[0]) rmdir(folder);
    return 0;
}

static const char *write_file(const char *name, const char *text)
{
    if (!folder[0]) {
        strcpy(folder, "/tmp/biaoyu-document-XXXXXX");
        assert_non_null(mkdtemp(folder));
    }
    const char *path = arena_printf(arena, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static void test_merging(void **state)
{
    (void)state;
    write_file("sheet.yaml", "format: 1\nkind: stylesheet\nwords: [a]\nvars: {who: sheet, what: x}\nstrings: {zh-Hans: {hi: 你好}, en: {hi: hello}}\n");
    write_file("base.yaml", "format: 1\nkind: poster\nuse: [sheet.yaml]\nwords: [b]\npage: {size: A4, bleed: 3mm}\n"
                            "body: {box: column, gap: 1mm, items: [{text: top}, {slot: main}, {slot: end, default: [{text: end}]}]}\n");
    const char *path = write_file("child.yaml", "format: 1\nkind: poster\nextends: base.yaml\npage: {size: A5}\nfill: {main: [{text: \"{{who}} {{t.hi}}\"}, {text: two}]}\n");
    const Setting setting = {"who", "**me**"}, wrong = {"wo", "x"};
    const Document *d = document_read(arena, path, &(DocumentOptions){&setting, 1, "en"}, &diags);
    print_diags();
    assert_non_null(d);
    assert_int_equal(d->page.size.width, length_from_mm(148));
    assert_int_equal(d->page.bleed, length_from_mm(3));
    assert_int_equal(d->word_count, 2);
    assert_int_equal(d->file_count, 3);
    assert_int_equal(d->pages[0].body->u.box.count, 4);
    const Template *t = d->pages[0].body->u.box.items[1]->u.text.content;
    assert_string_equal(t->segments[0].literal, "**me**");
    assert_string_equal(t->segments[2].literal, "hello");
    assert_null(document_read(arena, path, &(DocumentOptions){&wrong, 1, NULL}, &diags));
    assert_string_equal(diags.items[0].message, "--set: no variable \"wo\"");
    assert_string_equal(diags.items[0].hint, "did you mean \"who\"? (who, what)");
    diag_list_init(&diags, arena);
    path = write_file("self.yaml", "format: 1\nkind: poster\nextends: self.yaml\n");
    assert_null(document_read(arena, path, NULL, &diags));
    assert_string_equal(diags.items[0].code, "extends-cycle");
}

static void test_several_mistakes(void **state)
{
    (void)state;
    assert_null(build(HEAD "body: {box: row, gpa: 1mm, items: [{text: a, size: 3}, {text: b, color: blue}]}\n"));
    assert_int_equal(diags.error_count, 3);
    assert_string_equal(diags.items[1].path, "/body/items/0/text");
}

static void test_hostile(void **state)
{
    (void)state;
    assert_null(build(HEAD "parts: {a: {body: {part: a}}}\nbody: {part: a}\n"));
    assert_string_equal(diags.items[0].code, "part-recursion");
    diag_list_init(&diags, arena);
    assert_null(build("format: 1\nkind: poster\npage: {size: A4}\nstyles: {a: {extends: b}, b: {extends: a}}\nbody: {text: x}\n"));
    assert_string_equal(diags.items[0].code, "style-cycle");
    diag_list_init(&diags, arena);
    assert_null(build(HEAD "parts: {a: {body: {box: row, items: [{part: b}, {part: b}, {part: b}, {part: b}, {part: b}, {part: b}, {part: b}, {part: b}]}},\n"
                      " b: {body: {box: row, items: [{part: a}, {part: a}, {part: a}, {part: a}, {part: a}, {part: a}, {part: a}, {part: a}]}}}\nbody: {part: a}\n"));
    assert_true(diags.error_count >= 1);
    StrBuf many;
    strbuf_init(&many, arena);
    strbuf_add(&many, HEAD "body:\n  box: row\n  items:\n");
    for (size_t i = 0; i < 100001; i++) strbuf_add(&many, "    - {space: 1mm}\n");
    diag_list_init(&diags, arena);
    assert_null(build(many.bytes));
    assert_int_equal(diags.count, 1);
    assert_string_equal(diags.items[0].message, "the layout has more than 100000 boxes");
}

static void test_schema(void **state)
{
    (void)state;
    StrBuf out;
    strbuf_init(&out, arena);
    document_write_schema(&out);
    const Source source = {"schema.json", out.bytes, out.length};
    const YamlNode *schema = yaml_read(arena, &source, &diags);
    if (!schema) print_diags();
    assert_non_null(schema);
    for (size_t o = 0; o < all_object_count; o++)
        for (size_t i = 0; i < all_objects[o]->count; i++) {
            const char *name = all_objects[o]->rows[i].name;
            if (!strstr(out.bytes, arena_printf(arena, "\"%s\": {", name))) fail_msg("no %s", name);
        }
    const char *nearest;
    assert_true(document_explain(&out, "sheet.gap", &nearest));
    assert_true(document_explain(&out, "unknown-key", &nearest));
    assert_false(document_explain(&out, "unknwn-key", &nearest));
    assert_string_equal(nearest, "unknown-key");
    document_write_reference(&out);
    assert_non_null(strstr(out.bytes, "| `bleed` |"));
}

static const char *explained(const char *name)
{
    StrBuf out;
    const char *nearest;
    strbuf_init(&out, arena);
    assert_true(document_explain(&out, name, &nearest));
    return out.bytes;
}

static void test_explain(void **state)
{
    (void)state;
    assert_string_equal(explained("missing-space"),
                        "missing-space (error)\n"
                        "  Without a space behind the colon YAML reads one word, not a key and its value.\n"
                        "  What to do: Write a space after the colon.\n"
                        "  Instead of   size:A4\n"
                        "  write        size: A4\n");
    assert_string_equal(explained("screen.fps"),
                        "fps (key of screen)\n"
                        "  Frames a second.\n"
                        "  Values:   a whole number\n"
                        "  Range:    1 to 240\n"
                        "  Initial:  50\n");
    assert_non_null(strstr(explained("judder"), "judder (warning)\n"));
    assert_non_null(strstr(explained("text"), "text (a kind of box)\n"));
    assert_non_null(strstr(explained("folded-space"), "text: >-\n                 不轻信\n"));
}

/* A page is full sentences, and no line of it but an example's is wider than a terminal. */
static void test_codes(void **state)
{
    (void)state;
    StrBuf all;
    strbuf_init(&all, arena);
    document_list_codes(&all);
    assert_non_null(all_codes[0].group);
    for (size_t i = 0; i < all_code_count; i++) {
        const CodeEntry *entry = &all_codes[i];
        const char *parts[] = {entry->meaning, entry->remedy};
        for (size_t p = 0; p < 2; p++)
            if (!parts[p] || parts[p][strlen(parts[p]) - 1] != '.') fail_msg("%s: no sentence", entry->code);
        if (entry->wrong && entry->right && strcmp(entry->wrong, entry->right) == 0) fail_msg("%s: right as wrong", entry->code);
        for (size_t j = 0; j < i; j++)
            if (strcmp(all_codes[j].code, entry->code) == 0) fail_msg("%s is there twice", entry->code);
        if (!strstr(all.bytes, entry->code)) fail_msg("%s is not listed", entry->code);
        const char *page = explained(entry->code), *example = strstr(page, entry->wrong ? "\n  Instead of" : "\n  Write  ");
        for (const char *line = page; *line && (!example || line <= example); line += strcspn(line, "\n") + 1) {
            size_t width = 0, length = strcspn(line, "\n");
            for (size_t at = 0; at < length;) width += (size_t)utf8_cells(utf8_next(line, length, &at));
            if (width > 80) fail_msg("%s: \"%.*s\"", entry->code, (int)length, line);
            if (!line[length]) break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_poster, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_examples, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mistakes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_inline_styles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_yet, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_merging, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_several_mistakes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_schema, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_explain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_codes, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("document", tests, NULL, remove_folder);
}
