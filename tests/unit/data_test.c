/* data_test.c -- tables as people save them, rules word for word, selection, filling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/strbuf.h"
#include "data/workbook.h"

typedef struct Fixture {
    Arena *arena;
    DiagList diags;
    Document document;
    char folder[64];
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = arena_new(0);
    diag_list_init(&f->diags, f->arena);
    strcpy(f->folder, "/tmp/data_test_XXXXXX");
    if (!mkdtemp(f->folder)) return 1;
    Source *source = ARENA_NEW(f->arena, Source);
    *source = (Source){"layout.yaml", "rows: x.csv\npattern: y\n", 23};
    f->document.source = source;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    static const char *const names[] = {"t.csv", "t.tsv", "look.csv", "t.jsonl"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", f->folder, names[i]);
        unlink(path);
    }
    rmdir(f->folder);
    arena_free(f->arena);
    free(f);
    return 0;
}

static const Table *read_bytes(Fixture *f, const char *path, const char *text, size_t length, char delimiter)
{
    Source *source = ARENA_NEW(f->arena, Source);
    *source = (Source){path, arena_copy(f->arena, text, length), length};
    return csv_read(f->arena, spill_new(f->arena), source, delimiter, NULL, &f->diags);
}

static const Table *read_text(Fixture *f, const char *text) { return read_bytes(f, "t.csv", text, strlen(text), 0); }

static void assert_field(const Table *table, size_t row, size_t column, const char *text)
{
    assert_non_null(table);
    assert_true(row < table->row_count && column < table->column_count);
    assert_string_equal(table_field(table, row, column), text);
}

static const Diag *only(Fixture *f)
{
    if (f->diags.count != 1)
        for (size_t i = 0; i < f->diags.count; i++) print_message("  %s: %s\n", f->diags.items[i].code, f->diags.items[i].message);
    assert_int_equal(f->diags.count, 1);
    return &f->diags.items[0];
}

static void assert_only(Fixture *f, const char *code, const char *message)
{
    const Diag *diag = only(f);
    assert_string_equal(diag->code, code);
    assert_string_equal(diag->message, message);
}

/* ---- csv ---- */

static void test_good_tables(void **state)
{
    Fixture *f = *state;
    const Table *t = read_text(f, "a,b\n1,2\n3,4");
    assert_int_equal(t->row_count, 2);
    assert_field(t, 1, 1, "4");
    t = read_text(f, "\xef\xbb\xbf名称,电话\r\n东站,\"0,1\"\r\n\r\n西站,\r\n");
    assert_string_equal(t->columns[0], "名称");
    assert_int_equal(t->row_count, 2);
    assert_field(t, 0, 1, "0,1");
    assert_field(t, 1, 1, "");
    assert_int_equal(t->lines[1], 4);
    t = read_text(f, "a,b\r\n1,2\n3,4\r\n");    /* line ends mixed */
    assert_int_equal(t->row_count, 2);
    assert_field(t, 0, 1, "2");
    t = read_text(f, "\"a\",\"b \"\"q\"\"\"\n\"\",\"\"\"\"\n");
    assert_string_equal(t->columns[1], "b \"q\"");
    assert_field(t, 0, 0, "");
    assert_field(t, 0, 1, "\"");
    t = read_text(f, "a,b\n5\" x 7\",q\n");      /* a quote inside an unquoted field is a quote */
    assert_field(t, 0, 0, "5\" x 7\"");
    t = read_text(f, "a\n1\n2\n");
    assert_int_equal(t->row_count, 2);
    t = read_bytes(f, "x.TSV", "a\tb\n\"x\ty\"\t1,5\n", 14, 0);
    assert_field(t, 0, 0, "x\ty");
    assert_field(t, 0, 1, "1,5");
    t = read_bytes(f, "x.csv", "a;b\n1,5;2\n", 10, ';');
    assert_field(t, 0, 0, "1,5");
    t = read_text(f, "a,b\n");
    assert_int_equal(t->row_count, 0);
    assert_int_equal(f->diags.count, 0);
}

static void test_records_and_lines_differ(void **state)
{
    Fixture *f = *state;
    const Table *t = read_text(f, "a,b\n\"x\r\ny\nz\",1\n2,3\n");
    assert_field(t, 0, 0, "x\ny\nz");
    assert_int_equal(t->lines[0], 2);
    assert_int_equal(t->lines[1], 5);
    Span span = csv_field_span(t, 1, 1);
    assert_int_equal(t->source->text[span.start], '3');
    span = csv_field_span(t, 0, 0);
    assert_int_equal(span.end - span.start, 8);
}

static void test_shape(void **state)
{
    Fixture *f = *state;
    assert_null(read_text(f, "code,name,hotline,url\n1,2,3,4\n1,2\n"));
    assert_only(f, "csv-shape", "t.csv:3 has 2 fields, the header has 4; missing: hotline, url");
    const Diag *diag = only(f);
    assert_int_equal(diag->data.row, 2);
    assert_int_equal(diag->data.line, 3);
    assert_string_equal(diag->data.file, "t.csv");
    assert_int_equal(source_locate(diag->where.source, diag->where.start).line, 3);
}

static void test_trailing_delimiter(void **state)
{
    Fixture *f = *state;
    assert_null(read_text(f, "a,b\n1,2,\n"));
    assert_only(f, "csv-shape", "t.csv:2 has 3 fields, the header has 2");
    assert_string_equal(only(f)->hint, "a delimiter at the end of the line makes one more, empty field: take it out");
}

static void test_all_shapes_are_reported(void **state)
{
    Fixture *f = *state;
    assert_null(read_text(f, "a,b\n1\n1,2\n1,2,3\n"));
    assert_int_equal(f->diags.count, 2);
    assert_string_equal(f->diags.items[0].message, "t.csv:2 has 1 field, the header has 2; missing: b");
    assert_string_equal(f->diags.items[1].hint, "a field with \",\" in it must stand in quotes");
}

static void test_quote_never_closed(void **state)
{
    Fixture *f = *state;
    assert_null(read_text(f, "a,b\n1,2\n3,\"4\n5,6\n7,8\n"));
    assert_only(f, "csv-quote", "t.csv:3: the quote opened in field 2 is never closed (it swallowed 2 lines)");
    assert_int_equal(only(f)->where.start, 10);
}

static void test_quote_closed_by_a_later_one(void **state)
{
    Fixture *f = *state;
    assert_null(read_text(f, "a,b\n1,\"2\n3,4\n5,\"6\"\nx\n"));
    assert_int_equal(f->diags.count, 2);          /* and the reader goes on behind the line at fault */
    assert_string_equal(f->diags.items[0].message, "t.csv:2: the quote opened in field 2 is not closed in its line (it swallowed 2 lines)");
    assert_string_equal(f->diags.items[1].message, "t.csv:5 has 1 field, the header has 2; missing: b");
}

static void test_quote_that_joins_records(void **state)
{
    Fixture *f = *state;
    assert_null(read_text(f, "a,b\n\"1,2\n3,4\n5,6\"\n7,8\n"));
    assert_only(f, "csv-quote", "t.csv:2: the quote opened in field 1 is not closed in its line (it swallowed 2 lines)");
}

static void test_junk_after_quote(void **state)
{
    Fixture *f = *state;
    assert_null(read_text(f, "a,b\n\"他说\"别信\"\",1\n"));
    assert_only(f, "csv-quote", "t.csv:2: field 1 goes on after its closing quote");
}

static void test_space_before_quote(void **state)
{
    Fixture *f = *state;
    assert_null(read_text(f, "a,b\n1, \"2,3\"\n"));
    assert_only(f, "csv-quote", "t.csv:2: field 2 has a space before its quote");
}

static void test_bad_files(void **state)
{
    static const struct { const char *text; size_t length; const char *code, *message; } cases[] = {
        {"", 0, "csv-empty", "t.csv is empty"},
        {"\n\r\n", 3, "csv-empty", "t.csv is empty"},
        {"\xef\xbb\xbf", 3, "csv-empty", "t.csv is empty"},
        {"a,,c\n", 5, "csv-header", "t.csv:1: column 2 of the header has no name"},
        {"a,b,a\n", 6, "csv-header", "t.csv:1: columns 1 and 3 are both \"a\""},
        {"a\n\0\n", 4, "csv-encoding", "t.csv:2 has a NUL byte"},
        {"a\nb\n\xb1\xb1\n", 7, "csv-encoding", "t.csv:3 is not UTF-8"},
        {"\xff\xfe" "a\0", 4, "csv-encoding", "t.csv is UTF-16, not UTF-8"},
        {"a;b\n1;2;3\n", 10, "csv-delimiter", "t.csv:1: the header has no \",\" but has \";\""},
        {"a;b|c\n1;2|3\n", 12, "csv-delimiter", "t.csv:1: the header has no \",\" but has \";\""},
        {"a\tb\n", 4, "csv-delimiter", "t.csv:1: the header has no \",\" but has \"\\t\""},
        {"a，b\n", 6, "csv-delimiter", "t.csv:1: the header has no \",\" but has \"，\""},
        {"a,b\n1,2\r3,4\r", 12, "csv-line-end", "t.csv:2 has a lone carriage return (the line end of old Macs)"},
    };
    Fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        diag_list_init(&f->diags, f->arena);
        assert_null(read_bytes(f, "t.csv", cases[i].text, cases[i].length, 0));
        assert_only(f, cases[i].code, cases[i].message);
    }
    diag_list_init(&f->diags, f->arena);
    assert_null(read_text(f, "a;b\n"));
    assert_string_equal(only(f)->hint, "delimiter: \";\"");
}

static void test_limits(void **state)
{
    Fixture *f = *state;
    StrBuf wide;
    strbuf_init(&wide, f->arena);
    for (int i = 0; i < 10000; i++) strbuf_addf(&wide, "%sc%d", i ? "," : "", i);
    assert_null(read_text(f, wide.bytes));
    assert_only(f, "csv-size", "t.csv has 10000 columns; at most 1000 are read");
    diag_list_init(&f->diags, f->arena);
    char *large = malloc(LIMIT_FIELD_BYTES + 8);
    memset(large, 'x', LIMIT_FIELD_BYTES + 8);
    memcpy(large, "a\n", 2);
    assert_non_null(read_bytes(f, "t.csv", large, LIMIT_FIELD_BYTES + 2, 0));
    assert_null(read_bytes(f, "t.csv", large, LIMIT_FIELD_BYTES + 3, 0));
    free(large);
    assert_only(f, "csv-size", "t.csv:2: field 1 has 1048577 bytes; at most 1048576 are read");
}

/* Every line opens a quote that the next one closes wrongly: bounded work, bounded messages. */
static void test_hostile_quotes(void **state)
{
    Fixture *f = *state;
    StrBuf text;
    strbuf_init(&text, f->arena);
    strbuf_add(&text, "a,b\n");
    for (int i = 0; i < 20000; i++) strbuf_add(&text, "\"x\"\"\n");
    assert_null(read_text(f, text.bytes));
    assert_true(f->diags.count <= 20);
}

/* ---- the delimiter, found ---- */

static void test_delimiter_is_found(void **state)
{
    static const struct { const char *path, *text, *fields[2]; char delimiter; } cases[] = {
        {"t.csv", "a;b\n1,5;2\n", {"1,5", "2"}, ';'},
        {"t.csv", "a\tb\r\n1\t2\r\n", {"1", "2"}, '\t'},
        {"t.csv", "a|b\n\n\"1|1\"|2\n", {"1|1", "2"}, '|'},
        {"t.tsv", "a,b\n1,2\n", {"1", "2"}, ','},
    };
    Fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        diag_list_init(&f->diags, f->arena);
        const Table *t = read_bytes(f, cases[i].path, cases[i].text, strlen(cases[i].text), 0);
        assert_field(t, 0, 0, cases[i].fields[0]);
        assert_field(t, 0, 1, cases[i].fields[1]);
        assert_int_equal(t->delimiter, cases[i].delimiter);
        assert_string_equal(only(f)->code, "csv-delimiter");
        assert_int_equal(only(f)->severity, SEVERITY_WARNING);
    }
    diag_list_init(&f->diags, f->arena);
    assert_int_equal(read_text(f, "a;b,c\n1;2,3\n")->column_count, 2);      /* the comma divides it */
    assert_int_equal(read_text(f, "a\n1;2\n")->column_count, 1);             /* one column is no mistake */
    assert_int_equal(f->diags.count, 0);
}

/* ---- encodings ---- */

static const Source *decode(Fixture *f, const char *bytes, size_t length, Encoding encoding, const char **guess)
{
    Source *raw = ARENA_NEW(f->arena, Source);
    *raw = (Source){"t.csv", arena_copy(f->arena, bytes, length), length};
    diag_list_init(&f->diags, f->arena);
    return decode_text(f->arena, spill_new(f->arena), raw, encoding, guess, &f->diags);
}

static void test_encodings(void **state)
{
    static const struct { const char *bytes; size_t length; Encoding encoding; const char *text, *guess; } cases[] = {
        {"a\n\xe4\xb8\x80", 5, ENCODING_AUTO, "a\n一", NULL},
        {"a\n\xb7\xb4\xd5\xa9", 6, ENCODING_AUTO, "a\n反诈", "GB18030 (not valid UTF-8"},
        {"a\n\xb7\xb4\xd5\xa9", 6, ENCODING_GB18030, "a\n反诈", NULL},
        {"\x84\x31\x95\x33\xb7\xb4", 6, ENCODING_AUTO, "反", NULL},
        {"\x95\x32\x82\x36", 4, ENCODING_GB18030, "\xf0\xa0\x80\x80", NULL},    /* U+20000, four bytes */
        {"\xff\xfe" "a\0\x0a\0\x00\x4e", 8, ENCODING_AUTO, "a\n一", NULL},
        {"\xfe\xff" "\0a\0\x0a\x4e\0", 8, ENCODING_AUTO, "a\n一", NULL},
        {"a\0,\0\x0a\0\xc8\x8b", 8, ENCODING_AUTO, "a,\n诈", "UTF-16 (no mark, but NULs where it has them"},
        {"\0a\0,\0\x0a\x8b\xc8", 8, ENCODING_UTF16, "a,\n诈", NULL},
        {"\x3d\xd8\x00\xde", 4, ENCODING_UTF16, "\xf0\x9f\x98\x80", NULL},
    };
    Fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *guess;
        const Source *source = decode(f, cases[i].bytes, cases[i].length, cases[i].encoding, &guess);
        assert_non_null(source);
        assert_string_equal(source->text, cases[i].text);
        assert_int_equal(source->length, strlen(cases[i].text));
        if (cases[i].guess) assert_string_equal(guess, cases[i].guess);
        else assert_null(guess);
        assert_int_equal(f->diags.count, 0);
    }
}

static void test_wrong_encodings(void **state)
{
    static const struct { const char *bytes; size_t length; Encoding encoding; const char *message; } cases[] = {
        {"a\n\xff\xfe", 4, ENCODING_AUTO, "t.csv:2 is neither UTF-8 nor GB18030 (bytes FF)"},
        {"caf\xe9\nx", 6, ENCODING_AUTO, "t.csv:1 is neither UTF-8 nor GB18030 (bytes E9)"},       /* Latin-1 */
        {"a\nb\n\xb7", 5, ENCODING_GB18030, "t.csv:3 is not GB18030 (bytes B7)"},
        {"\xef\xbb\xbf" "a", 4, ENCODING_GB18030, "t.csv begins with the mark of UTF-8, but encoding is gb18030"},
        {"\xff\xfe\0\0a\0\0\0", 8, ENCODING_AUTO, "t.csv is UTF-32, which is not read"},
        {"\xff\xfe" "a\0\x0a\0\0\xd8", 8, ENCODING_AUTO, "t.csv:2 is not UTF-16 (bytes 00 D8)"},
        {"\xff\xfe" "a\0b", 5, ENCODING_AUTO, "t.csv:1 is not UTF-16 (bytes 62)"},
    };
    Fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *guess;
        assert_null(decode(f, cases[i].bytes, cases[i].length, cases[i].encoding, &guess));
        assert_only(f, "csv-encoding", cases[i].message);
    }
    const char *guess;
    assert_non_null(decode(f, "\xe5\x8f\x8d\xe8\xaf\x88", 6, ENCODING_GB18030, &guess));      /* 反诈 in UTF-8 is also six bytes of GBK */
    assert_int_equal(only(f)->severity, SEVERITY_WARNING);
}

/* A character cut by the end of the decoder's buffer is whole all the same. */
/* What spreadsheets and old programs have round a table. */
static void test_spreadsheet_habits(void **state)
{
    Fixture *f = *state;
    assert_field(read_text(f, "sep=;\r\na;b\r\n1,5;2\r\n"), 0, 0, "1,5");
    assert_field(read_text(f, "\xef\xbb\xbf\xef\xbb\xbfSEP=\t\na\tb\n1\t2\n"), 0, 1, "2");
    assert_field(read_bytes(f, "t.csv", "sep=;\na|b\n1|2\n", 14, '|'), 0, 1, "2");
    assert_field(read_text(f, "a,b\r1,\"2\r3\"\r4,5\r"), 0, 1, "2\n3");
    assert_int_equal(f->diags.count, 0);
    const Table *table = read_text(f, "a,b,,\n1,2,,\n3,4\n");
    assert_int_equal(table->column_count, 2);
    assert_field(table, 1, 1, "4");
    assert_only(f, "csv-header", "t.csv:1: the last 2 columns have no name and are left out");
    assert_int_equal(only(f)->severity, SEVERITY_WARNING);
    diag_list_init(&f->diags, f->arena);
    assert_null(read_text(f, "a,b,\n1,2,3\n"));
    assert_int_equal(f->diags.count, 2);
    diag_list_init(&f->diags, f->arena);
    assert_null(read_text(f, "a,,b\n1,2,3\n"));
    assert_only(f, "csv-header", "t.csv:1: column 2 of the header has no name");
    diag_list_init(&f->diags, f->arena);
    table = read_text(f, "a,b\n1,2\n,\n3,\n,\n");
    assert_int_equal(table->row_count, 2);
    assert_field(table, 1, 0, "3");
    assert_int_equal(table->lines[1], 4);
    assert_only(f, "csv-shape", "t.csv has 2 rows of nothing but delimiters (the first in line 3): left out");
    diag_list_init(&f->diags, f->arena);
    assert_int_equal(read_text(f, "a\n1\n\"\"\n")->row_count, 2);      /* of one column it is a field */
}

static void test_long_text_is_decoded_whole(void **state)
{
    Fixture *f = *state;
    StrBuf wide, text;
    strbuf_init(&wide, f->arena);
    strbuf_init(&text, f->arena);
    for (int i = 0; i < 9000; i++) {
        strbuf_add_bytes(&wide, i % 3 ? "\x3d\xd8\x00\xde" : "a\0", i % 3 ? 4 : 2);
        strbuf_add(&text, i % 3 ? "\xf0\x9f\x98\x80" : "a");
    }
    const char *guess;
    const Source *source = decode(f, wide.bytes, wide.length, ENCODING_UTF16, &guess);
    assert_non_null(source);
    assert_int_equal(source->length, text.length);
    assert_memory_equal(source->text, text.bytes, text.length);
}

/* ---- JSON lines ---- */

static const Table *read_json(Fixture *f, const char *text)
{
    Source *source = ARENA_NEW(f->arena, Source);
    *source = (Source){"t.jsonl", arena_copy_string(f->arena, text), strlen(text)};
    diag_list_init(&f->diags, f->arena);
    return jsonl_read(f->arena, spill_new(f->arena), source, &f->diags);
}

static void test_json_lines(void **state)
{
    Fixture *f = *state;
    const Table *t = read_json(f, "{\"name\": \"东站\", \"n\": 12.50, \"ok\": true, \"x\": null}\r\n\n"
                                  "  {\"n\":-1e3,\"name\":\"a\\n\\u8bc8\\ud83d\\ude00\\\"\"}");
    assert_int_equal(t->row_count, 2);
    assert_int_equal(t->column_count, 4);
    assert_field(t, 0, 0, "东站");
    assert_field(t, 0, 1, "12.50");      /* as written */
    assert_field(t, 0, 2, "true");
    assert_field(t, 0, 3, "");
    assert_field(t, 1, 0, "a\n诈\xf0\x9f\x98\x80\"");
    assert_field(t, 1, 1, "-1e3");
    assert_field(t, 1, 2, "");
    assert_int_equal(t->lines[1], 3);
    Span span = jsonl_field_span(t, 1, 1);
    assert_int_equal(span.end - span.start, 4);
    assert_memory_equal(t->source->text + span.start, "-1e3", 4);
}

static void test_bad_json(void **state)
{
    static const struct { const char *text, *message; } cases[] = {
        {"", "t.jsonl:1: the table is empty"},
        {"[1]", "t.jsonl:1: the line is a list, not an object"},
        {"{}", "t.jsonl:1: the first object is empty"},
        {"{\n  \"a\": 1\n}\n", "t.jsonl:1: the object does not end in its line"},
        {"{\"a\":1,\n", "t.jsonl:1: the object does not end in its line"},
        {"{\"a\":1}\n{\"b\":2}", "t.jsonl:2: the key \"b\" is not in the first line"},
        {"{\"a\":1,\"a\":2}", "t.jsonl:1: the key \"a\" comes twice"},
        {"{\"a\":1}\n{\"a\":1,\"a\":2}", "t.jsonl:2: the key \"a\" comes twice"},
        {"{\"a\":{\"b\":1}}", "t.jsonl:1: a field is a text, a number, true, false or null, not a list or an object"},
        {"{\"a\":\"x}", "t.jsonl:1: the text is never closed"},
        {"{\"a\":\"\\ud800\"}", "t.jsonl:1: half of a surrogate pair"},
        {"{\"a\":\"\\u0000\"}", "t.jsonl:1: a NUL character in a text"},
        {"{\"a\":\"\\q\"}", "t.jsonl:1: a backslash before a letter that needs none"},
        {"{\"a\":\"\t\"}", "t.jsonl:1: a control character in a text"},
        {"{\"a\":tru}", "t.jsonl:1: this is no value"},
        {"{\"a\":}", "t.jsonl:1: this is no value"},
        {"{\"a\":", "t.jsonl:1: a value is missing"},
        {"{\"a\" 1}", "t.jsonl:1: no colon after the key"},
        {"{\"a\":1 \"b\":2}", "t.jsonl:1: a comma or } is missing"},
        {"{\"a\":1,}", "t.jsonl:1: a key is missing"},
        {"{\"a\":1} x", "t.jsonl:1: something follows the object"},
        {"{\"a\":1}\nb", "t.jsonl:2: the line is no JSON object"},
        {"{\"a\":\"\xff\"}", "t.jsonl:1: not UTF-8"},
    };
    Fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(read_json(f, cases[i].text));
        assert_only(f, "bad-json", cases[i].message);
    }
    assert_null(read_json(f, "{\"phone\":1}\n{\"phoen\":1}\n3\n"));       /* all of them in one run */
    assert_int_equal(f->diags.count, 2);
    assert_string_equal(f->diags.items[0].hint, "did you mean \"phone\"?");
}

/* ---- a workbook's numbers ---- */

static void assert_shown(const char *code, const char *value, const char *text)
{
    Shown format;
    char out[SHOWN_ROOM];
    shown_parse(code, &format);
    ShownResult result = shown_write(&format, value, false, out);
    if (result != SHOWN_OK || strcmp(out, text)) print_message("  %s of %s: \"%s\", not \"%s\" (%d)\n", code, value, out, text, (int)result);
    assert_int_equal(result, SHOWN_OK);
    assert_string_equal(out, text);
}

static void test_numbers_as_shown(void **state)
{
    (void)state;
    static const struct { const char *code, *value, *text; } cases[] = {
        {"General", "96110", "96110"}, {"General", "13800138000", "13800138000"}, {"General", "0.1", "0.1"}, {"General", "0", "0"},
        {"General", "96.099999999999994", "96.1"}, {"General", "-1.5E-3", "-0.0015"}, {"General", "1E3", "1000"}, {"General", "123456789012345", "123456789012345"},
        {"General", "0.33333333333333331", "0.333333333"}, {"General", "-0", "0"}, {"General", "1.0000000000000002", "1"},
        {"0", "1.5", "2"}, {"0", "2.5", "3"}, {"0", "-0.4", "0"}, {"0.00", "1.005", "1.01"}, {"0.00", "99.999", "100.00"}, {"0.0#", "1.25", "1.25"}, {"0.0#", "1", "1.0"},
        {"00000", "110", "00110"}, {"#,##0", "1234567", "1,234,567"}, {"#,##0.00", "-1234.5", "-1,234.50"}, {"#,##0", "999", "999"}, {"0%", "0.125", "13%"},
        {"0.00%", "0.12345", "12.35%"}, {"0.0,", "12345", "12.3"}, {"#", "0", ""}, {"0.00", "0", "0.00"}, {"\"¥\"#,##0.00", "12.5", "¥12.50"},
        {"[$¥-804]#,##0", "-5", "-¥5"}, {"0\"人\"", "90", "90人"}, {"0_);(0)", "-7", "(7)"}, {"0;[Red]-0", "-7", "-7"}, {"0;-0;\"无\"", "0", "无"}, {"@", "42", "42"},
        {"yyyy-mm-dd", "46349", "2026-11-23"}, {"m/d/yy", "46349", "2026-11-23"}, {"yyyy\"年\"m\"月\"d\"日\"", "46349", "2026-11-23"},
        {"yyyy/m/d h:mm", "46349.5", "2026-11-23 12:00"}, {"h:mm:ss", "0.39583333333333331", "09:30:00"}, {"h:mm AM/PM", "0.75", "18:00"},
        {"yyyy-mm-dd", "1", "1900-01-01"}, {"yyyy-mm-dd", "59", "1900-02-28"}, {"yyyy-mm-dd", "61", "1900-03-01"}, {"yyyy-mm-dd", "45351", "2024-02-29"},
        {"000-0000-0000", "13800138000", "138-0013-8000"}, {"000-0000-0000", "42", "000-0000-0042"}, {"(###) ###-####", "5551234567", "(555) 123-4567"},
        {"000\\-00\\-0000", "-1234567890", "-1234-56-7890"}, {"0\\.0,\"万\"", "123456", "12.3万"}, {"0!.0,\"万\"", "123456", "12.3万"}, {"#\"-\"#", "7", "-7"},
        {"0\"-\"0.0", "42.25", "4-2.3"}, {"0000 0000", "12345678", "1234 5678"}, {"General\"元\"", "-5.5", "-5.5元"}, {"0_元", "5", "5"}, {"*诈0", "5", "5"}, {"\"第\"General", "3", "第3"}, {"G/通用格式\"个\"", "5", "5个"},
        {";;;", "5", ""}, {";;;", "-5", ""}, {"\"固定\"", "5", "固定"}, {"0;0;;@", "0", ""}, {"", "5", "5"}, {"General;\"负\"General", "-2", "负2"},
        {"aaaa", "46349", "2026-11-23"}, {"[$-411]ggge\"年\"", "46349", "2026-11-23"}, {"[h]:mm", "1.25", "30:00"}, {"[hh]:mm:ss", "0.5", "12:00:00"},
        {"yyyy-mm-dd", "2958465", "9999-12-31"}, {"mmm", "46349", "2026-11-23"}, {"yyyy-mm-dd h:mm:ss", "46349.999999", "2026-11-24 00:00:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_shown(cases[i].code, cases[i].value, cases[i].text);
    for (unsigned id = 0; id < 200; id++)
        if (shown_builtin(id)) assert_true(strlen(shown_builtin(id)) > 0);
    assert_string_equal(shown_builtin(14), "yyyy-mm-dd");
    assert_null(shown_builtin(164));
}

static void test_numbers_that_cannot_be_shown(void **state)
{
    (void)state;
    static const struct { const char *code, *value; ShownResult result; } cases[] = {
        {"General", "110101199001011230", SHOWN_TOO_LONG}, {"General", "1E15", SHOWN_TOO_LONG}, {"General", "x", SHOWN_NO_NUMBER}, {"General", "", SHOWN_NO_NUMBER},
        {"General", "1,5", SHOWN_NO_NUMBER}, {"General", "1e", SHOWN_NO_NUMBER}, {"General", "1e99999999999", SHOWN_NO_NUMBER}, {"0.00E+00", "12", SHOWN_AS_GENERAL},
        {"# ?/?", "0.5", SHOWN_AS_GENERAL}, {"[mm]:ss", "2", SHOWN_AS_GENERAL}, {"0\"-\"#,##0", "2", SHOWN_AS_GENERAL}, {"0.0\" \"0", "2", SHOWN_AS_GENERAL},
        {"0\"----------\"0\"----------\"0\"----------\"0", "2", SHOWN_AS_GENERAL}, {"[DBNum1]0", "2", SHOWN_AS_GENERAL}, {"[>=9]0;0.0", "2", SHOWN_AS_GENERAL},
        {"yyyy-mm-dd", "-1", SHOWN_AS_GENERAL}, {"yyyy-mm-dd", "2958466", SHOWN_AS_GENERAL}, {"\"open", "1", SHOWN_AS_GENERAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Shown format;
        char out[SHOWN_ROOM];
        shown_parse(cases[i].code, &format);
        assert_int_equal(shown_write(&format, cases[i].value, false, out), cases[i].result);
    }
    Shown date;
    char out[SHOWN_ROOM];
    shown_parse("yyyy-mm-dd", &date);
    assert_int_equal(shown_write(&date, "0", true, out), SHOWN_OK);
    assert_string_equal(out, "1904-01-01");
}

static void test_cells(void **state)
{
    Fixture *f = *state;
    static const struct { const char *text, *is; } cases[] = {
        {"a_x000D_\nb", "a\nb"}, {"a\r\nb", "a\nb"}, {"a\rb", "a\nb"}, {"_x005F_x000D_", "_x000D_"}, {"_x00", "_x00"}, {"_xZZZZ_", "_xZZZZ_"}, {"_x4E00_", "_x4E00_"},
        {"a_x000D__x000A_b", "a\nb"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = arena_copy_string(f->arena, cases[i].text);
        text[sheet_unescape(text, strlen(text))] = '\0';
        assert_string_equal(text, cases[i].is);
    }
    assert_string_equal(table_cell_name(f->arena, 0, 1), "A1");
    assert_string_equal(table_cell_name(f->arena, 25, 9), "Z9");
    assert_string_equal(table_cell_name(f->arena, 26, 44), "AA44");
    assert_string_equal(table_cell_name(f->arena, 16383, 1048576), "XFD1048576");
}

/* ---- rules, through the door ---- */

static const char *write_file(Fixture *f, const char *name, const char *text)
{
    const char *path = arena_printf(f->arena, "%s/%s", f->folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(text, 1, strlen(text), file);
    fclose(file);
    return path;
}

static const Data *open_with(Fixture *f, const char *text, const DataOptions *options)
{
    diag_list_init(&f->diags, f->arena);
    f->document.data.is_given = true;
    f->document.data.rows = write_file(f, "t.csv", text);
    return data_open(f->arena, &f->document, options, &f->diags);
}

static const Data *open_text(Fixture *f, const char *text) { return open_with(f, text, NULL); }

static void assert_rule(Fixture *f, ColumnRule rule, const char *text, const char *code, const char *message)
{
    f->document.data.columns = &rule;
    f->document.data.column_count = 1;
    const Data *data = open_text(f, text);
    if (!code) {
        assert_int_equal(f->diags.count, 0);
        assert_non_null(data);
    } else {
        assert_null(data);
        assert_only(f, code, message);
    }
    f->document.data.column_count = 0;
}

static void test_column_rules(void **state)
{
    Fixture *f = *state;
    ColumnRule five = {.name = "tel", .pattern = "[0-9]{5}"}, number = {.name = "n", .type = COLUMN_NUMBER};
    ColumnRule date = {.name = "d", .type = COLUMN_DATE}, url = {.name = "u", .type = COLUMN_URL}, max = {.name = "n", .max = 3};
    assert_rule(f, (ColumnRule){.name = "a", .required = true}, "a,b\n1,1\n,2\n", "empty-field", "row 2: a is empty");
    const Diag *diag = only(f);
    assert_int_equal(diag->data.line, 3);
    assert_string_equal(diag->data.column, "a");
    assert_rule(f, five, "tel\n00000\n", NULL, NULL);
    assert_rule(f, five, "tel,x\n12345,\n,x\n123456,\n", "bad-field", "row 3: tel \"123456\" does not match \"[0-9]{5}\"");
    assert_string_equal(only(f)->data.value, "123456");
    assert_rule(f, (ColumnRule){.name = "t", .pattern = "\\p{Han}+"}, "t\n东站\n", NULL, NULL);
    assert_rule(f, (ColumnRule){.name = "t", .pattern = "(a"}, "t\nx\n", "bad-pattern", "pattern \"(a\" cannot be read at character 3: missing closing parenthesis");
    assert_rule(f, (ColumnRule){.name = "t", .pattern = "(a+)+b"}, "t\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac\n", "bad-field",
                "row 1: t \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\" does not match \"(a+)+b\"");
    assert_rule(f, (ColumnRule){.name = "t", .pattern = "(a+)+"}, "t\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac\n", "bad-pattern",
                "pattern \"(a+)+\" takes too long on row 1");
    assert_rule(f, max, "n\n一二三\n", NULL, NULL);
    assert_rule(f, max, "n\n一二三四\n", "bad-field", "row 1: n \"一二三四\" has 4 characters, at most 3 are allowed");
    assert_rule(f, number, "n\n-0.5\n007\n", NULL, NULL);
    assert_rule(f, number, "n\n1e5\n", "bad-field", "row 1: n \"1e5\" is not a number");
    assert_rule(f, number, "n\n１２\n", "bad-field", "row 1: n \"１２\" is not a number");
    assert_rule(f, date, "d\n2024-02-29\n", NULL, NULL);
    assert_rule(f, date, "d\n2023-02-29\n", "bad-field", "row 1: d \"2023-02-29\" is not a date");
    assert_rule(f, date, "d\n2023/02/02\n", "bad-field", "row 1: d \"2023/02/02\" is not a date");
    assert_rule(f, date, "d\n1900-02-29\n", "bad-field", "row 1: d \"1900-02-29\" is not a date");
    assert_rule(f, url, "u\nhttps://example.org/a?b=1\n", NULL, NULL);
    assert_rule(f, url, "u\nhttps://例.org\n", "bad-field", "row 1: u \"https://例.org\" is not a web address");
    assert_rule(f, url, "u\nhttps://\n", "bad-field", "row 1: u \"https://\" is not a web address");
    assert_rule(f, url, "u\nftp://x\n", "bad-field", "row 1: u \"ftp://x\" is not a web address");
}

static void test_missing_column(void **state)
{
    Fixture *f = *state;
    ColumnRule rule = {.name = "staton", .required = true};
    f->document.data.columns = &rule;
    f->document.data.column_count = 1;
    assert_null(open_text(f, "code,station\n1,2\n"));
    assert_only(f, "missing-column", arena_printf(f->arena, "%s has no column \"staton\"; columns: code, station", f->document.data.rows));
    assert_string_equal(only(f)->hint, "did you mean \"station\"?");
    rule.required = false;        /* a rule for nothing is most likely misspelt */
    assert_non_null(open_text(f, "code,station\n1,2\n"));
    assert_int_equal(only(f)->severity, SEVERITY_WARNING);
}

static void test_unique(void **state)
{
    Fixture *f = *state;
    NamedSpan unique[] = {{.name = "a"}, {.name = "b"}};
    f->document.data.unique = unique;
    f->document.data.unique_count = 2;
    assert_null(open_text(f, "a,b\nx,1\ny,2\nx,3\n"));
    assert_only(f, "not-unique", "rows 1 and 3 both have a \"x\"");
    assert_null(open_text(f, "a,b\nx,1\ny,1\nx,1\n"));
    assert_int_equal(f->diags.count, 3);
    assert_string_equal(f->diags.items[1].message, "rows 1 and 2 both have b \"1\"");
    assert_non_null(open_text(f, "a,b\n,1\n,2\n"));
}

static void test_filter_sort_copies(void **state)
{
    Fixture *f = *state;
    const char *values[] = {"p", "q"};
    FilterRule filter = {.column = "kind", .values = values, .value_count = 2};
    NamedSpan sort = {.name = "code"};
    f->document.data.filter = &filter;
    f->document.data.filter_count = 1;
    f->document.data.sort = &sort;
    f->document.data.sort_count = 1;
    f->document.data.copies.name = "n";
    const Data *data = open_text(f, "kind,code,n\np,S10,2\nx,S1,9\nq,S9,1\nq,S09,0\np,S2,1\n");
    assert_non_null(data);
    assert_int_equal(data_row_count(data), 4);
    static const char *const codes[] = {"S2", "S9", "S10", "S10"};
    for (size_t i = 0; i < 4; i++) assert_string_equal(data_field(data, i, "code"), codes[i]);
    assert_int_equal(data_row_ref(data, 0).row, 5);
    assert_int_equal(data_row_ref(data, 0).line, 6);
    assert_null(data_field(data, 0, "nix"));
    assert_null(open_text(f, "kind,code,n\np,S10,-1\n"));
    assert_only(f, "bad-copies", "row 1: n \"-1\" is no number of copies");
    assert_null(open_text(f, "kind,code,n\np,S10,1000001\n"));
    assert_only(f, "bad-copies", "row 1: n \"1000001\" is no number of copies");
    assert_null(open_text(f, "kind,code,n\nx,S10,1\n"));
    assert_string_equal(only(f)->code, "no-rows");
}

static void test_compare(void **state)
{
    (void)state;
    assert_true(rules_compare("a2", "a10") < 0);
    assert_int_equal(rules_compare("a02", "a2"), 0);
    assert_true(rules_compare("a", "ab") < 0);
    assert_true(rules_compare("第9号", "第10号") < 0);
    assert_true(rules_compare("0", "") > 0);
    assert_true(rules_compare("99999999999999999999999998", "99999999999999999999999999") < 0);
}

static void test_selection(void **state)
{
    Fixture *f = *state;
    const char *table = "a\nx\ny\nz\ny\n";
    const Data *data = open_with(f, table, &(DataOptions){.rows = "2-3,1"});
    assert_int_equal(data_row_count(data), 3);
    assert_string_equal(data_field(data, 0, "a"), "x");
    data = open_with(f, table, &(DataOptions){.rows = "3-"});
    assert_int_equal(data_row_count(data), 2);
    assert_null(open_with(f, table, &(DataOptions){.rows = "2-5"}));
    assert_only(f, "bad-rows", arena_printf(f->arena, "--rows 2-5: %s has 4 rows", f->document.data.rows));
    static const char *const wrong[] = {"", "0", "3-2", "1,,2", "a", "1-2-3", "1,", "-1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null(open_with(f, table, &(DataOptions){.rows = wrong[i]}));
        assert_only(f, "bad-rows", arena_printf(f->arena, "--rows \"%s\" cannot be read", wrong[i]));
    }
    assert_null(open_with(f, table, &(DataOptions){.rows = "99999999999999999999999"}));
    assert_string_equal(only(f)->code, "bad-rows");
    Setting where = {"a", "y"};
    data = open_with(f, table, &(DataOptions){.where = &where, .where_count = 1});
    assert_int_equal(data_row_count(data), 2);
    assert_int_equal(data_row_ref(data, 1).row, 4);
    where.value = "q";
    assert_null(open_with(f, table, &(DataOptions){.where = &where, .where_count = 1}));
    assert_only(f, "no-rows", arena_printf(f->arena, "no row of %s has a \"q\"", f->document.data.rows));
    where.name = "b";
    assert_null(open_with(f, table, &(DataOptions){.where = &where, .where_count = 1}));
    assert_string_equal(only(f)->code, "unknown-column");
    assert_null(open_text(f, "a,b\n"));
    assert_only(f, "no-rows", arena_printf(f->arena, "%s has a header but no row", f->document.data.rows));
}

/* Several runs of order.c, of fields of all lengths: each row once, none before its elder, equal ones as they stood. */
static void test_order_of_many(void **state)
{
    Fixture *f = *state;
    enum { ROWS = 70000 };
    StrBuf text;
    strbuf_init(&text, f->arena);
    strbuf_add(&text, "a,b\n");
    uint32_t random = 7;
    for (size_t i = 0; i < ROWS; i++) {
        random = random * 1664525 + 1013904223;
        strbuf_addf(&text, "第%u号%.*s,%u\n", random >> 22, (int)(random >> 9) % 80, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", random >> 30);
    }
    const Table *table = read_bytes(f, "t.csv", text.bytes, strlen(text.bytes), 0);
    assert_non_null(table);
    const size_t columns[] = {1, 0};
    const OrderKey key = {table, columns, 2, rules_compare};
    uint32_t *rows = ARENA_ARRAY(f->arena, uint32_t, ROWS);
    for (size_t i = 0; i < ROWS; i++) rows[i] = (uint32_t)i;
    bool *seen = ARENA_ARRAY(f->arena, bool, ROWS);
    Order *order = order_open(f->arena, spill_new(f->arena), &key, rows, ROWS);
    uint32_t row, before = 0;
    const char *texts;
    size_t count = 0;
    for (; order_next(order, &row, &texts); before = row, count++) {
        assert_false(seen[row]);
        seen[row] = true;
        assert_string_equal(texts, table_field(table, row, 1));
        assert_string_equal(texts + strlen(texts) + 1, table_field(table, row, 0));
        if (!count) continue;
        int least = rules_compare(table_field(table, before, 1), texts);
        if (!least) least = rules_compare(table_field(table, before, 0), table_field(table, row, 0));
        assert_true(least < 0 || (!least && before < row));
    }
    assert_int_equal(count, ROWS);
    assert_false(order_next(order, &row, &texts));
    order_close(order);
    Order *empty = order_open(f->arena, spill_new(f->arena), &key, rows, 0);
    assert_false(order_next(empty, &row, &texts));
    order_close(empty);
}

/* A sorted table is written down anew: its fields, lookups, copies and numbers stay with their rows. */
static void test_sorted_rows_keep_what_they_have(void **state)
{
    Fixture *f = *state;
    enum { ROWS = 20000 };
    StrBuf text;
    strbuf_init(&text, f->arena);
    strbuf_add(&text, "code,station,n\n");
    for (unsigned i = 0; i < ROWS; i++) strbuf_addf(&text, "S%u,%s,%u\n", i * 7919 % ROWS, i % 2 ? "东站" : "西站", i % 3);
    LookupRule rule = {.column = "station", .file = write_file(f, "look.csv", "name,phone\n东站,111\n西站,222\n"), .key = "name"};
    NamedSpan by = {.name = "code"};
    f->document.data.lookup = &rule;
    f->document.data.sort = &by;
    f->document.data.lookup_count = f->document.data.sort_count = 1;
    f->document.data.copies.name = "n";
    const Data *data = open_text(f, text.bytes);
    assert_non_null(data);
    size_t count = data_row_count(data), before = ROWS, copies = 0, seen = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned code = (unsigned)strtoul(data_field(data, i, "code") + 1, NULL, 10);
        DataRef ref = data_row_ref(data, i);
        assert_int_equal((ref.row - 1) * 7919 % ROWS, code);
        assert_int_equal(ref.line, ref.row + 1);
        assert_string_equal(data_field(data, i, "station.phone"), (ref.row - 1) % 2 ? "111" : "222");
        copies = code == before ? copies + 1 : 1;
        assert_true(i == 0 || code >= before);
        assert_true(copies <= (ref.row - 1) % 3);
        before = code;
        seen++;
    }
    assert_int_equal(seen, 6667 + 2 * 6666);
}

static void test_lookup(void **state)
{
    Fixture *f = *state;
    LookupRule rule = {.column = "station", .file = write_file(f, "look.csv", "name,phone\n东站,111\n西站,222\n"), .key = "name"};
    f->document.data.lookup = &rule;
    f->document.data.lookup_count = 1;
    FieldUse uses[] = {{.field = "station.phone"}, {.field = "@row"}, {.field = "station"}};
    f->document.fields = uses;
    f->document.field_count = 3;
    const Data *data = open_text(f, "id,station\n1,西站\n2,\n");
    assert_non_null(data);
    assert_string_equal(data_field(data, 0, "station.phone"), "222");
    assert_string_equal(data_field(data, 1, "station.phone"), "");
    data = open_text(f, "id,station\n1,西站\n2,东站\n3,西站\n");
    assert_string_equal(data_field(data, 1, "station.phone"), "111");
    assert_string_equal(data_field(data, 2, "station.phone"), "222");
    assert_null(data_field(data, 0, "station.fax"));
    assert_null(open_text(f, "id,station\n1,西栈\n"));
    assert_only(f, "lookup-miss", arena_printf(f->arena, "row 1: no \"西栈\" in column name of %s", rule.file));
    uses[0].field = "station.phon";
    assert_null(open_text(f, "id,station\n1,西站\n"));
    assert_only(f, "unknown-column", "no column \"station.phon\"; columns: id, station");
    assert_string_equal(only(f)->hint, "did you mean \"station.phone\"?");
    uses[0].field = "station.phone";
    write_file(f, "look.csv", "name,phone\n东站,111\n东站,222\n");
    assert_null(open_text(f, "id,station\n1,东站\n"));
    assert_only(f, "not-unique", "rows 1 and 2 both have name \"东站\"");
    rule.key = "nam";
    assert_null(open_text(f, "id,station\n1,东站\n"));
    assert_string_equal(only(f)->code, "unknown-column");
    assert_string_equal(only(f)->hint, "did you mean \"name\"?");
}

static void test_unknown_columns(void **state)
{
    Fixture *f = *state;
    const char *vars[] = {"hotline"};
    FieldUse use = {.field = "hotlin", .where = {f->document.source, 0, 4}, .path = "/body"};
    f->document.fields = &use;
    f->document.field_count = 1;
    f->document.var_names = vars;
    f->document.var_count = 1;
    assert_null(open_text(f, "code,station\n1,2\n"));
    assert_only(f, "unknown-column", "no column \"hotlin\"; columns: code, station");
    assert_string_equal(only(f)->hint, "did you mean \"hotline\"?");
    assert_string_equal(only(f)->path, "/body");
    f->document.data.is_given = false;
    diag_list_init(&f->diags, f->arena);
    assert_null(data_open(f->arena, &f->document, NULL, &f->diags));
    assert_only(f, "unknown-column", "no column \"hotlin\": the layout has no data");
}

static void test_without_data(void **state)
{
    Fixture *f = *state;
    const Data *data = data_open(f->arena, &f->document, NULL, &f->diags);
    assert_int_equal(data_row_count(data), 1);
    assert_null(data_field(data, 0, "a"));
    assert_int_equal(data_row_ref(data, 0).row, 0);
    assert_null(data_open(f->arena, &f->document, &(DataOptions){.rows = "1"}, &f->diags));
    assert_only(f, "bad-rows", "--rows 1: the layout has no data");
}

static void test_missing_file(void **state)
{
    Fixture *f = *state;
    f->document.data = (DataSpec){.is_given = true, .rows = "/nowhere/t.csv"};
    assert_null(data_open(f->arena, &f->document, NULL, &f->diags));
    assert_string_equal(only(f)->code, "missing-file");
}

/* ---- filling ---- */

static const char *filled(Fixture *f, const FillContext *context, Segment segment, Report empty)
{
    Template template = {&segment, 1, false, {0}};
    FilledText out;
    diag_list_init(&f->diags, f->arena);
    return data_fill(&template, context, empty, f->arena, &f->diags, &out) ? out.text : NULL;
}

static void test_filters(void **state)
{
    static const struct { Filter filter; const char *in, *out; } cases[] = {
        {{FILTER_DATE, "YYYY年M月D日"}, "2026-01-05", "2026年1月5日"},
        {{FILTER_DATE, "YYYYMMDD"}, "2026/1/5", "20260105"},
        {{FILTER_DATE, "MM/DD"}, "2026/11/23", "11/23"},
        {{FILTER_DATE, NULL}, "2026/1/5", "2026-01-05"},
        {{FILTER_DATE, "YY MMM %s"}, "2026-01-05", "YY MMM %s"},
        {{FILTER_DATE, NULL}, "2026-1-5", NULL},
        {{FILTER_DATE, NULL}, "2026-02-30", NULL},
        {{FILTER_DATE, NULL}, "2026-01/05", NULL},
        {{FILTER_DATE, NULL}, "明天", NULL},
        {{FILTER_DEFAULT, "无"}, "", "无"},
        {{FILTER_DEFAULT, "无"}, "x", "x"},
        {{FILTER_DIGITS, NULL}, "电话 (０３７３) 12-3", "0373123"},
        {{FILTER_TEL, NULL}, "13800138000", "138 0013 8000"},
        {{FILTER_TEL, NULL}, "138-0013-8000", "138 0013 8000"},
        {{FILTER_TEL, NULL}, "03731234567", "0373-1234567"},
        {{FILTER_TEL, NULL}, "（０３７３）12345678", "0373-12345678"},
        {{FILTER_TEL, NULL}, "01012345678", "010-12345678"},
        {{FILTER_TEL, NULL}, "4001234567", "400-123-4567"},
        {{FILTER_TEL, NULL}, "96110", "96110"},
        {{FILTER_TEL, NULL}, "1380013800a", "1380013800a"},
        {{FILTER_TRIM, NULL}, "　 a　b \n", "a　b"},
        {{FILTER_TRIM, NULL}, "　", ""},
        {{FILTER_UPPER, NULL}, "abcé东ａ", "ABCÉ东Ａ"},
    };
    Fixture *f = *state;
    FillContext context = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *out = filled(f, &context, (Segment){.literal = cases[i].in, .filters = &cases[i].filter, .filter_count = 1}, REPORT_ERROR);
        if (!cases[i].out) {
            assert_null(out);
            assert_string_equal(only(f)->code, "bad-date");
        } else {
            assert_non_null(out);
            assert_string_equal(out, cases[i].out);
        }
    }
}

static void test_fill_rows(void **state)
{
    Fixture *f = *state;
    const Data *data = open_text(f, "a,b,d,bad\n{{b}} **x** [y]{z},,bad,\"q\x07\"\n\xe2\x80\xa8,1,2026-01-01,x\n");
    assert_non_null(data);
    FillContext context = {.data = data};
    assert_string_equal(filled(f, &context, (Segment){.field = "a"}, REPORT_ERROR), "{{b}} **x** [y]{z}");
    assert_null(filled(f, &context, (Segment){.field = "b"}, REPORT_ERROR));
    assert_only(f, "empty-field", "row 1: b is empty");
    assert_string_equal(only(f)->data.column, "b");
    assert_string_equal(filled(f, &context, (Segment){.field = "b"}, REPORT_WARN), "");
    assert_int_equal(only(f)->severity, SEVERITY_WARNING);
    assert_string_equal(filled(f, &context, (Segment){.field = "b"}, REPORT_OFF), "");
    assert_int_equal(f->diags.count, 0);
    Filter with_default = {FILTER_DEFAULT, "-"}, date = {FILTER_DATE, "M"};
    assert_string_equal(filled(f, &context, (Segment){.field = "b", .filters = &with_default, .filter_count = 1}, REPORT_ERROR), "-");
    assert_null(filled(f, &context, (Segment){.field = "d", .filters = &date, .filter_count = 1}, REPORT_ERROR));
    assert_only(f, "bad-date", "row 1: d \"bad\" is not a date");
    assert_null(filled(f, &context, (Segment){.field = "bad"}, REPORT_OFF));
    assert_only(f, "control-character", "row 1: bad has the control character U+0007");
    assert_null(filled(f, &context, (Segment){.field = "gone"}, REPORT_OFF));
    context.row_index = 1;
    assert_string_equal(filled(f, &context, (Segment){.field = "a"}, REPORT_ERROR), "\xe2\x80\xa8");
}

static void test_builtins(void **state)
{
    Fixture *f = *state;
    FillContext context = {.page = 2, .sheets = 40, .date = "2026-11-23"};
    assert_string_equal(filled(f, &context, (Segment){.field = "@page"}, REPORT_ERROR), "2");
    assert_string_equal(filled(f, &context, (Segment){.field = "@sheets"}, REPORT_ERROR), "40");
    assert_string_equal(filled(f, &context, (Segment){.field = "@row"}, REPORT_ERROR), "1");
    Filter date = {FILTER_DATE, "M月"};
    assert_string_equal(filled(f, &context, (Segment){.field = "@date", .filters = &date, .filter_count = 1}, REPORT_ERROR), "11月");
    assert_null(filled(f, &context, (Segment){.field = "@frame"}, REPORT_ERROR));
    assert_only(f, "unknown-here", "\"@frame\" is not known here");
    assert_null(filled(f, &context, (Segment){.field = "@nix"}, REPORT_ERROR));
    context.date = NULL;
    assert_null(filled(f, &context, (Segment){.field = "@date"}, REPORT_ERROR));
    assert_string_equal(only(f)->hint, "give it with --date YYYY-MM-DD");
}

static void test_now(void **state)
{
    Fixture *f = *state;
    FillContext context = {.now = "2026-11-26T08:05:09"};
    static const struct { FilterKind kind; const char *argument, *text; } cases[] = {
        {FILTER_DATE, "H:mm:ss", "8:05:09"}, {FILTER_DATE, "HH:mm", "08:05"}, {FILTER_DATE, "YYYY年M月D日 星期W", "2026年11月26日 星期四"},
        {FILTER_UNTIL, "2027-06-07", "193"}, {FILTER_UNTIL, "2026-11-27T00:00", "1"}, {FILTER_UNTIL, "2026-11-26T20:00 hours", "12"},
        {FILTER_UNTIL, "2026-11-26T08:07 minutes", "2"}, {FILTER_UNTIL, "2026-11-26T08:05:20 seconds", "11"},
        {FILTER_UNTIL, "2026-11-28T00:00 clock", "39:54:51"}, {FILTER_UNTIL, "2020-01-01", "0"}, {FILTER_UNTIL, "2020-01-01 clock", "00:00:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Filter filter = {cases[i].kind, cases[i].argument};
        assert_string_equal(filled(f, &context, (Segment){.field = "@now", .filters = &filter, .filter_count = 1}, REPORT_ERROR), cases[i].text);
    }
    context.now = NULL;
    assert_null(filled(f, &context, (Segment){.field = "@now"}, REPORT_ERROR));
    assert_only(f, "unknown-here", "\"@now\" is not known here");
}

static void test_spans(void **state)
{
    Fixture *f = *state;
    const Data *data = open_text(f, "a,b\n东,\n");
    TextStyle red = {0};
    Segment segments[] = {{.literal = "<"}, {.field = "a", .style = &red, .where = {f->document.source, 3, 6}}, {.field = "b"}, {.literal = ">"}};
    Template template = {segments, 4, false, {0}};
    FilledText out;
    assert_true(data_fill(&template, &(FillContext){.data = data}, REPORT_OFF, f->arena, &f->diags, &out));
    assert_string_equal(out.text, "<东>");
    assert_int_equal(out.span_count, 3);
    assert_ptr_equal(out.spans[1].style, &red);
    assert_string_equal(out.spans[1].column, "a");
    assert_int_equal(out.spans[1].where.start, 3);
    assert_null(out.spans[2].column);
    for (size_t i = 0; i < 3; i++) assert_int_equal(out.spans[i].end, i < 2 ? out.spans[i + 1].start : out.length);
}

static void test_conditions(void **state)
{
    Fixture *f = *state;
    FillContext context = {.data = open_text(f, "a,b\nx,\n"), .page = 2};
    Condition a_x = {"a", "x", {0}}, has_b = {"b", NULL, {0}}, has_a = {"a", NULL, {0}}, page = {"@page", "2", {0}};
    assert_true(data_matches(&a_x, 1, NULL, 0, &context));
    assert_false(data_matches(&has_b, 1, NULL, 0, &context));
    assert_false(data_matches(NULL, 0, &has_a, 1, &context));
    assert_true(data_matches(NULL, 0, &has_b, 1, &context));
    assert_true(data_matches(&page, 1, NULL, 0, &context));
    assert_true(data_matches(NULL, 0, NULL, 0, &context));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_good_tables), TEST(test_records_and_lines_differ), TEST(test_shape), TEST(test_trailing_delimiter),
        TEST(test_all_shapes_are_reported), TEST(test_quote_never_closed), TEST(test_quote_closed_by_a_later_one),
        TEST(test_quote_that_joins_records), TEST(test_junk_after_quote), TEST(test_space_before_quote), TEST(test_bad_files),
        TEST(test_limits), TEST(test_hostile_quotes), TEST(test_delimiter_is_found), TEST(test_encodings), TEST(test_wrong_encodings),
        TEST(test_spreadsheet_habits), TEST(test_long_text_is_decoded_whole), TEST(test_json_lines), TEST(test_bad_json), TEST(test_numbers_as_shown),
        TEST(test_numbers_that_cannot_be_shown), TEST(test_cells), TEST(test_column_rules), TEST(test_missing_column), TEST(test_unique),
        TEST(test_filter_sort_copies), TEST(test_compare), TEST(test_selection), TEST(test_order_of_many), TEST(test_sorted_rows_keep_what_they_have), TEST(test_lookup), TEST(test_unknown_columns),
        TEST(test_without_data), TEST(test_missing_file), TEST(test_filters), TEST(test_fill_rows), TEST(test_builtins), TEST(test_now),
        TEST(test_spans), TEST(test_conditions),
    };
    return cmocka_run_group_tests_name("data", tests, NULL, NULL);
}
