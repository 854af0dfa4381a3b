/* base_test.c -- the ground floor: memory, strings, numbers, messages, files, and YAML with all its traps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/source.h"
#include "base/spill.h"
#include "base/strbuf.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "base/yaml.h"

#define DATA "tests/unit/data-base/"

static Arena *arena;
static DiagList diags;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(0);
    diag_list_init(&diags, arena);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* ---- arena ---- */

static int released;
static int release_order[4];

static void note_release(void *thing)
{
    release_order[released++ % 4] = *(int *)thing;
}

static void arena_gives_zeroed_memory_after_reset(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 500; i++) {
            unsigned char *bytes = arena_alloc(arena, 1000);
            assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
            for (int k = 0; k < 1000; k++)
                assert_int_equal(bytes[k], 0);
            memset(bytes, 0xa5, 1000);
        }
        assert_true(arena_used(arena) >= 500000);
        arena_reset(arena);
        assert_int_equal(arena_used(arena), 0);
    }
}

static void arena_releases_newest_first(void **state)
{
    (void)state;
    static int things[3] = {1, 2, 3};
    released = 0;
    for (int i = 0; i < 3; i++)
        *arena_own(arena, note_release) = &things[i];
    arena_own(arena, note_release);                 /* never filled */
    arena_reset(arena);
    assert_int_equal(released, 3);
    assert_int_equal(release_order[0], 3);
    assert_int_equal(release_order[2], 1);
    arena_reset(arena);
    assert_int_equal(released, 3);
}

static void arena_grows_an_array(void **state)
{
    (void)state;
    Arena *own = arena_new(0);
    int *items = NULL;
    size_t capacity = 0;
    for (size_t count = 0; count < 1000; count++) {
        items = ARENA_GROW(own, items, count, &capacity);
        assert_true(capacity > count);
        assert_int_equal(items[count], 0);
        items[count] = (int)count;
    }
    for (int i = 0; i < 1000; i++) assert_int_equal(items[i], i);
    assert_int_equal(capacity, 1024);
    arena_free(own);
}

static void take_too_much(void *context)
{
    Arena *small = context;
    for (;;)
        arena_alloc(small, 100);
}

static void take_overflow(void *context)
{
    arena_alloc_array(context, SIZE_MAX / 2, 16);
}

static void take_nested(void *context)
{
    assert_false(arena_run(take_too_much, context));
    arena_alloc(arena, 10);
    arena_alloc_array(context, SIZE_MAX, SIZE_MAX);
    fail();
}

static void take_little(void *context)
{
    *(int *)arena_alloc(arena, sizeof(int)) = 1;
    *(bool *)context = true;
}

static void arena_limit_ends_the_task(void **state)
{
    (void)state;
    Arena *small = arena_new(4096);
    assert_false(arena_run(take_too_much, small));
    assert_true(arena_used(small) <= 4096);
    assert_false(arena_run(take_overflow, small));
    assert_false(arena_run(take_nested, small));
    bool was_run = false;
    assert_true(arena_run(take_little, &was_run));
    assert_true(was_run);
    arena_free(small);
    arena_free(NULL);
}

/* ---- strings ---- */

static void strbuf_grows_and_writes_json(void **state)
{
    (void)state;
    StrBuf buf;
    strbuf_init(&buf, arena);
    assert_string_equal(buf.bytes, "");
    for (int i = 0; i < 1000; i++)
        strbuf_addf(&buf, "%d,", i);
    assert_int_equal(buf.length, 3890);
    assert_int_equal(strlen(buf.bytes), 3890);
    strbuf_init(&buf, arena);
    strbuf_add_json(&buf, "a\"b\\\n\x01防\xff\xe2\x80\xa8");
    assert_string_equal(buf.bytes, "\"a\\\"b\\\\\\n\\u0001防\xef\xbf\xbd\\u2028\"");
    strbuf_init(&buf, arena);
    strbuf_add_codepoint(&buf, 0x1f600);
    strbuf_add_codepoint(&buf, 0xd800);
    assert_string_equal(buf.bytes, "\xf0\x9f\x98\x80\xef\xbf\xbd");
}

static void utf8_refuses_what_rfc_3629_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t bad;
    } cases[] = {
        {"ok\x80", 2}, {"\xc0\xaf", 0}, {"\xe0\x80\xaf", 0}, {"\xed\xa0\x80", 0}, {"\xf4\x90\x80\x80", 0},
        {"a\xe9\x98", 1}, {"\xf8\x88\x80\x80\x80", 0}, {"\xf0\x8f\xbf\xbf", 0}, {"\xb7\xc0\xd5\xa9", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t bad = 99;
        assert_false(utf8_is_valid(cases[i].text, strlen(cases[i].text), &bad));
        assert_int_equal(bad, cases[i].bad);
    }
    assert_true(utf8_is_valid("防诈\xf4\x8f\xbf\xbf", 10, NULL));
    size_t at = 0;
    assert_int_equal(utf8_next("\xe9\x98", 2, &at), 0xfffd);
    assert_int_equal(at, 1);
    assert_int_equal(utf8_count("防a诈", 7), 3);
    char out[4];
    for (uint32_t c = 0; c < 0x110000; c += 97) {
        if (c >= 0xd800 && c < 0xe000)
            continue;
        at = 0;
        size_t length = utf8_put(c, out);
        assert_int_equal(utf8_next(out, length, &at), c);
        assert_int_equal(at, length);
    }
}

static void utf8_counts_terminal_cells(void **state)
{
    (void)state;
    assert_int_equal(utf8_cells('a'), 1);
    assert_int_equal(utf8_cells(0x9632), 2);
    assert_int_equal(utf8_cells(0xff0c), 2);
    assert_int_equal(utf8_cells(0x3000), 2);
    assert_int_equal(utf8_cells(0x1f600), 2);
    assert_int_equal(utf8_cells(0x20000), 2);
    assert_int_equal(utf8_cells(0x301), 0);
    assert_int_equal(utf8_cells(0x200b), 0);
    assert_int_equal(utf8_cells('\t'), 0);
    assert_int_equal(utf8_cells(0x201c), 1);
}

/* ---- numbers ---- */

static void num_reads_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t taken;
        double value;
    } cases[] = {
        {"0.5", 3, 0.5}, {"-12.25mm", 6, -12.25}, {"+7", 2, 7}, {"1e5", 1, 1}, {"5.", 1, 5}, {".5", 0, 0},
        {"", 0, 0}, {"-", 0, 0}, {"inf", 0, 0}, {"0x10", 1, 0}, {"0.1", 3, 0.1}, {"2.675", 5, 2.675},
        {"123456789012345678901234567890", 30, 123456789012345678901234567890.0},
        {"0.00000000000000000000000000000001", 34, 1e-32}, {"1,5", 1, 1}, {"00012", 5, 12},
        {"０．５", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = 0;
        assert_int_equal(num_parse(cases[i].text, strlen(cases[i].text), &value), cases[i].taken);
        assert_true(value == cases[i].value || fabs((value - cases[i].value) / cases[i].value) < 1e-15);
    }
    char huge[500];
    memset(huge, '9', sizeof huge);
    double value = 0;
    assert_int_equal(num_parse(huge, sizeof huge, &value), 0);
    assert_int_equal(num_parse("10000000000000000000", 20, &value), 20);
    assert_true(value == 1e19);
    assert_int_equal(num_parse("123", 2, &value), 2);
    assert_true(value == 12);
}

static void num_reads_counts(void **state)
{
    (void)state;
    long value = 0;
    assert_true(num_parse_count("0042", &value));
    assert_int_equal(value, 42);
    assert_false(num_parse_count("", &value));
    assert_false(num_parse_count("-1", &value));
    assert_false(num_parse_count("4x", &value));
    assert_false(num_parse_count("99999999999999999999", &value));
    assert_int_equal(value, 42);
}

static void num_writes_the_same_in_every_locale(void **state)
{
    (void)state;
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {
        {0.5, 2, "0.5"}, {-0.001, 2, "0"}, {-1.25, 1, "-1.3"}, {100, 3, "100"}, {1.0 / 3, 6, "0.333333"},
        {0.999999, 3, "1"}, {12.0304, 4, "12.0304"}, {1e300, 6, "9000000000000000000"}, {2.5, 0, "3"},
    };
    static const char *const locales[] = {"C", "de_DE.UTF-8", "fr_FR.UTF-8", "ru_RU.UTF-8"};
    for (size_t l = 0; l < sizeof locales / sizeof *locales; l++) {
        if (!setlocale(LC_ALL, locales[l]))
            continue;
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            char out[NUM_ROOM];
            assert_string_equal(num_format(out, cases[i].value, cases[i].decimals), cases[i].text);
        }
        double value = 0;
        assert_int_equal(num_parse("0.5", 3, &value), 3);
        assert_true(value == 0.5);
    }
    setlocale(LC_ALL, "C");
    char out[NUM_ROOM];
    assert_string_equal(num_format(out, 0.0 / 0.0, 2), "0");
    assert_string_equal(num_format(out, -1.0 / 0.0, 6), "-9000000000000000000");
}

/* ---- sources, messages, names ---- */

static void source_locates_characters(void **state)
{
    (void)state;
    const char *text = "\xef\xbb\xbf" "防a\r\nb\n";
    Source source = {"x", text, strlen(text)};
    Position at = source_locate(&source, 3 + 3);
    assert_int_equal(at.line, 1);
    assert_int_equal(at.column, 2);
    at = source_locate(&source, 3 + 6);
    assert_int_equal(at.line, 2);
    assert_int_equal(at.column, 1);
    at = source_locate(&source, 9999);
    assert_int_equal(at.line, 3);
    size_t length = 0;
    const char *line = source_line(&source, 4, &length);
    assert_int_equal(length, 4);
    assert_memory_equal(line, "防a", 4);
    source_line(&source, 9999, &length);
    assert_int_equal(length, 0);
}

static void diags_merge_repeats(void **state)
{
    (void)state;
    Source source = {"x", "abc", 3};
    diags.row = (DataRef){.file = "d.csv", .row = 7, .line = 8};
    for (int i = 0; i < 5; i++)
        assert_false(diag_error(&diags, (Span){&source, 0, 1}, "some-code", "a hint", "same %d", 1));
    diag_error(&diags, (Span){&source, 1, 2}, "some-code", NULL, "same %d", 1);
    diag_warning(&diags, SPAN_NONE, "other", NULL, "w");
    assert_int_equal(diags.count, 3);
    assert_int_equal(diags.items[0].repeats, 4);
    assert_int_equal(diags.error_count, 6);
    assert_int_equal(diags.warning_count, 1);
    assert_int_equal(diags.items[0].data.row, 7);
    assert_string_equal(diags.items[0].data.file, "d.csv");
    assert_false(diags.has_system_error);
    DiagList other;
    diag_list_init(&other, arena);
    diag_error(&other, (Span){&source, 0, 1}, "some-code", NULL, "same 1");
    diag_system(&other, SPAN_NONE, "unwritable", NULL, "disk");
    diag_join(&diags, &other);
    assert_int_equal(diags.count, 4);
    assert_int_equal(diags.items[0].repeats, 5);
    assert_int_equal(diags.error_count, 8);
    assert_true(diags.has_system_error);
}

static void diags_stop_at_the_limit(void **state)
{
    (void)state;
    for (int i = 0; i < (int)LIMIT_DIAGS + 50; i++)
        diag_error(&diags, SPAN_NONE, "c", NULL, "number %d", i);
    assert_int_equal(diags.count, LIMIT_DIAGS);
    assert_int_equal(diags.dropped, 50);
    assert_int_equal(diags.error_count, LIMIT_DIAGS + 50);
    char *text = arena_alloc(arena, 5001);
    memset(text, 'x', 5000);
    DiagList list;
    diag_list_init(&list, arena);
    diag_error(&list, SPAN_NONE, "c", NULL, "%s", text);
    assert_int_equal(strlen(list.items[0].message), 5000);
}

static void suggest_finds_what_was_meant(void **state)
{
    (void)state;
    static const char *const names[] = {"size", "style", "center", "line-break", "alert-red", "三号", "小三号"};
    size_t count = sizeof names / sizeof *names;
    assert_string_equal(suggest_nearest("szie", names, count), "size");
    assert_string_equal(suggest_nearest("centre", names, count), "center");
    assert_string_equal(suggest_nearest("LineBreak", names, count), "line-break");
    assert_string_equal(suggest_nearest("alert_red", names, count), "alert-red");
    assert_string_equal(suggest_nearest("三浩", names, count), "三号");
    assert_string_equal(suggest_nearest("font-size", names, count), "size");
    assert_string_equal(suggest_nearest("style-mode", names, count), "style");
    assert_null(suggest_nearest("text-", names, count));
    assert_null(suggest_nearest("orientation", names, count));
    assert_null(suggest_nearest("", names, count));
    assert_null(suggest_nearest("z", (const char *const[]){"d"}, 1));
    char *long_word = arena_alloc(arena, 100001);
    memset(long_word, 'a', 100000);
    assert_null(suggest_nearest(long_word, names, count));
}

static void hash_knows_its_vectors(void **state)
{
    (void)state;
    char hex[HASH_HEX_ROOM];
    hash_sha256("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_sha256("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* ---- files ---- */

static char folder[64];

static int make_folder(void **state)
{
    strcpy(folder, "/tmp/biaoyu-base-XXXXXX");
    return set_up(state) || !mkdtemp(folder);
}

static size_t count_files(const char *path)
{
    size_t count = 0;
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    if (dir)
        closedir(dir);
    return count;
}

static int remove_folder(void **state)
{
    char command[256];
    snprintf(command, sizeof command, "chmod -R u+w %s; rm -rf %s", folder, folder);
    return system(command) | tear_down(state);
}

static const char *in_folder(const char *name)
{
    return arena_printf(arena, "%s/%s", folder, name);
}

static void file_appears_whole_or_not_at_all(void **state)
{
    (void)state;
    const char *path = in_folder("a.pdf");
    char *big = arena_alloc(arena, 700000);
    memset(big, 'x', 700000);
    for (int round = 0; round < 2; round++) {       /* a new file, then one that is there */
        OutFile *file = file_create(path, &diags);
        assert_non_null(file);
        assert_true(file_write(file, "head", 4));
        assert_true(file_write(file, big, 700000));
        assert_true(file_write(file, "tail", 4));
        assert_int_equal(file_written(file), 700008);
        assert_int_equal(count_files(folder), round);
        assert_true(file_commit(file, true, &diags));
        assert_int_equal(count_files(folder), 1);
    }
    const Source *back = file_read(arena, path, 1 << 20, SPAN_NONE, &diags);
    assert_non_null(back);
    assert_int_equal(back->length, 700008);
    assert_memory_equal(back->text + 700004, "tail", 5);
    OutFile *file = file_create(path, &diags);
    file_write(file, "half", 4);
    file_abandon(file);
    file_abandon(NULL);
    assert_int_equal(count_files(folder), 1);
    assert_int_equal(file_read(arena, path, 1 << 20, SPAN_NONE, &diags)->length, 700008);
    assert_int_equal(diags.count, 0);
}

static void file_follows_a_link(void **state)
{
    (void)state;
    OutFile *file = file_create(in_folder("real"), &diags);
    assert_true(file_commit(file, false, &diags));
    assert_int_equal(symlink("real", in_folder("link")), 0);
    file = file_create(in_folder("link"), &diags);
    file_write(file, "new", 3);
    assert_true(file_commit(file, false, &diags));
    struct stat status;
    assert_int_equal(lstat(in_folder("link"), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(file_read(arena, in_folder("real"), 10, SPAN_NONE, &diags)->length, 3);
}

static void file_says_what_cannot_be_written(void **state)
{
    (void)state;
    assert_null(file_create(in_folder("none/a.pdf"), &diags));
    assert_string_equal(diags.items[0].code, "unwritable");
    assert_true(diags.has_system_error);
    assert_string_equal(diags.items[0].message,
                        arena_printf(arena, "cannot write \"%s/none/a.pdf\": No such file or directory", folder));
    assert_string_equal(diags.items[0].hint, "make the folder first");
    assert_null(file_create(folder, &diags));
    OutFile *full = file_create("/dev/full", &diags);
    assert_non_null(full);
    file_write(full, "x", 1);
    assert_false(file_commit(full, true, &diags));
    assert_string_equal(diags.items[diags.count - 1].message, "cannot write \"/dev/full\": No space left on device");
    struct stat status;
    assert_int_equal(stat("/dev/full", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
    assert_true(file_make_folder(in_folder("x/y/z"), &diags));
    assert_true(file_make_folder(in_folder("x/y/z"), &diags));
    assert_int_equal(file_commit(file_create(in_folder("f"), &diags), false, &diags), true);
    size_t before = diags.count;
    assert_false(file_make_folder(in_folder("f/g"), &diags));
    assert_int_equal(diags.count, before + 1);
    if (geteuid() != 0) {
        chmod(in_folder("x"), 0555);
        assert_null(file_create(in_folder("x/a"), &diags));
    }
}

static void file_says_what_cannot_be_read(void **state)
{
    (void)state;
    assert_null(file_read(arena, in_folder("none.yaml"), 100, SPAN_NONE, &diags));
    assert_string_equal(diags.items[0].code, "missing-file");
    assert_false(diags.has_system_error);
    assert_null(file_read(arena, folder, 100, SPAN_NONE, &diags));
    assert_string_equal(diags.items[1].code, "unreadable-file");
    assert_true(diags.has_system_error);
    OutFile *file = file_create(in_folder("a"), &diags);
    file_write(file, "0123456789", 10);
    assert_true(file_commit(file, false, &diags));
    assert_null(file_read(arena, in_folder("a"), 9, SPAN_NONE, &diags));
    assert_string_equal(diags.items[2].code, "file-too-large");
    const Source *whole = file_read(arena, in_folder("a"), 10, SPAN_NONE, &diags);
    assert_non_null(whole);
    assert_string_equal(whole->text, "0123456789");
    assert_true(file_exists(in_folder("a")));
    assert_false(file_exists(in_folder("b")));
    assert_string_equal(file_resolve(arena, "layouts/a.yaml", "data/x.csv"), "layouts/data/x.csv");
    assert_string_equal(file_resolve(arena, "a.yaml", "x.csv"), "x.csv");
    assert_string_equal(file_resolve(arena, "/l/a.yaml", "/x.csv"), "/x.csv");
    assert_string_equal(file_resolve(arena, "/a.yaml", "x.csv"), "/x.csv");
}

/* ---- YAML: right files ---- */

static const YamlNode *read_bytes(const char *text, size_t length)
{
    Source *source = ARENA_NEW(arena, Source);
    *source = (Source){"t.yaml", arena_copy(arena, text, length), length};
    return yaml_read(arena, source, &diags);
}

static const YamlNode *read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void assert_no_diags(const char *what)
{
    for (size_t i = 0; i < diags.count; i++) {
        Position at = source_locate(diags.items[i].where.source, diags.items[i].where.start);
        print_error("%s:%zu:%zu [%s] %s\n", what, at.line, at.column, diags.items[i].code, diags.items[i].message);
    }
    assert_int_equal(diags.count, 0);
}

static void yaml_reads_the_examples(void **state)
{
    (void)state;
    static const char *const names[] = {"campaign", "poster", "sticker", "leaflet", "led", "picture"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = arena_printf(arena, DATA "%s.yaml", names[i]);
        const Source *source = file_read(arena, path, 1 << 20, SPAN_NONE, &diags);
        assert_non_null(source);
        const YamlNode *root = yaml_read(arena, source, &diags);
        assert_no_diags(path);
        assert_non_null(root);
        assert_string_equal(yaml_find(root, "format")->scalar, "1");
    }
}

static void yaml_accepts_what_is_meant(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "# only a comment\n", "---\na: 1\n...\n", "a: null\nb: ~\n", "text: \"不轻信\\n不透露\"\n",
        "text: |-\n  不轻信\n  不透露\n", "text: >-\n  all is\n  joined\n", "text: 【紧急】通知\n", "text: “甲”和“乙”\n",
        "text: 甲 {{x}} 乙\n", "url: tel:110\n", "- https://example.org/a:b\n- tel:110\n", "{\"a\":1,\"b\":[true,null]}",
        "size: A4   #纸\n", "size: A4 # 纸\n", "text: 甲#乙\n", "words: [电信诈骗, 反诈，宣传]\n", "pattern: '^a\\n'\n",
        "items:\n- a\n- b\n", "a: &x 1\nb: *x\n", "text: 警方提示：不要转账\n", "a: \"x\\\n  y\"\n", "text: 　甲\n",
        "a: 1 # {{x}} \"y\n", "text: \"他说“别信”。\"\n", "text: 'it''s'\n", "? a\n: b\n", "date: 2026-11-23T10:00:00\n",
        "text: 08:30开始\n", "- 08:30\n", "a: !!str 1\n", "b: \"#fff\"\n", "text: \"甲\n\n  乙\"\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const YamlNode *root = read_text(texts[i]);
        assert_no_diags(texts[i]);
        assert_non_null(root);
    }
}

static void yaml_gives_kinds_styles_and_places(void **state)
{
    (void)state;
    const char *text = "\xef\xbb\xbf" "防: \"x y\"\r\nb: 007\r\nc: |-\r\n  l1\r\n  l2\r\nd: [1, {e: ~}]\r\n";
    const YamlNode *root = read_text(text);
    assert_no_diags(text);
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->count, 4);
    const YamlNode *quoted = yaml_find(root, "防");
    assert_int_equal(quoted->style, YAML_DOUBLE_QUOTED);
    assert_int_equal(quoted->span.end - quoted->span.start, 5);
    assert_memory_equal(text + quoted->span.start, "\"x y\"", 5);
    assert_string_equal(yaml_find(root, "b")->scalar, "007");
    assert_string_equal(yaml_find(root, "c")->scalar, "l1\nl2");
    assert_int_equal(yaml_find(root, "c")->style, YAML_LITERAL);
    const YamlNode *list = yaml_find(root, "d");
    assert_int_equal(list->kind, YAML_LIST);
    assert_memory_equal(text + list->span.start, "[1, {e: ~}]", list->span.end - list->span.start);
    assert_int_equal(yaml_find(list->items[1], "e")->kind, YAML_NULL);
    assert_null(yaml_find(root, "nothing"));
    assert_null(yaml_find(list, "d"));
    Position at = source_locate(root->entries[3].key_span.source, root->entries[3].key_span.start);
    assert_int_equal(at.line, 6);
    assert_int_equal(at.column, 1);
}

static void yaml_merges_and_shares(void **state)
{
    (void)state;
    const YamlNode *root = read_text("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: *a, x: 9}\nd: {<<: [*a, *b]}\ne: *a\n");
    assert_no_diags("merge");
    assert_string_equal(yaml_find(yaml_find(root, "c"), "x")->scalar, "9");
    assert_string_equal(yaml_find(yaml_find(root, "c"), "y")->scalar, "2");
    assert_int_equal(yaml_find(root, "c")->count, 2);
    assert_string_equal(yaml_find(yaml_find(root, "d"), "y")->scalar, "2");
    assert_int_equal(yaml_find(root, "d")->count, 3);
    assert_string_equal(yaml_find(yaml_find(root, "e"), "x")->scalar, "1");
}

/* ---- YAML: every trap, its code and its place ---- */

static const struct Trap {
    const char *text, *code;
    size_t line, column;
} traps[] = {
    /* accepted silently */
    {"qrcode: {{url}}\n", "unquoted-placeholder", 1, 9},
    {"a:\n  - size: {{size}}\n    b: {{b}}\n", "unquoted-placeholder", 2, 11},
    {"rgb: #BB0A21\n", "hash-comment", 1, 6},
    {"text: 热线 #00000\n", "hash-comment", 1, 10},
    {"{text: 甲,乙, style: x}\n", "comma-in-text", 1, 10},
    {"a: {text: hello, world, style: x}\n", "comma-in-text", 1, 18},
    {"size: [50mm，30mm]\n", "ime-punct", 1, 12},
    {"　size: A4\n", "ime-space", 1, 1},
    {"page:\n  a: 1\n　size: A4\n", "ime-space", 3, 1},
    {"size: 【50mm, 30mm】\n", "ime-punct", 1, 7},
    {"a: {size: 【50mm, 30mm】}\n", "ime-punct", 1, 11},
    {"text: “{{x}}”\n", "ime-punct", 1, 7},
    {"size:A4\n", "missing-space", 1, 1},
    {"page:\n  size:A4\n", "missing-space", 2, 3},
    {"page: {size:A4}\n", "missing-space", 1, 8},
    {"page:\n  size:A4\n  bleed: 3mm\n", "missing-space", 2, 3},
    {"text: >-\n  不轻信\n  不透露\n", "folded-space", 2, 3},
    {"text: 不轻信\n  不透露\n", "folded-space", 1, 7},
    {"text: \"不轻信\n  不透露\"\n", "folded-space", 1, 7},
    {"text: &注意 防骗\n", "anchor-in-text", 1, 7},
    {"text: '甲\\n乙'\n", "literal-backslash", 1, 9},
    {"text: 甲\\n乙\n", "literal-backslash", 1, 8},
    {"weight:\nsize: 1\n", "empty-value", 1, 1},
    {"a: {weight: , size: 1}\n", "empty-value", 1, 5},
    {"weight: # todo\n", "empty-value", 1, 1},
    {"a:\n  - 1\n  -\n", "empty-value", 3, 3},
    {"a:\n- size：A4\n", "ime-punct", 2, 7},
    /* refused with words nobody understands */
    {"red: {rgb: #BB0A21}\nb: 1\n", "hash-comment", 1, 12},
    {"text: 警方提示: 不要转账\n", "colon-in-text", 1, 11},
    {"page：\n  size: A4\n", "ime-punct", 1, 5},
    {"kind: led\nsize：A4\nb: 1\n", "ime-punct", 2, 5},
    {"text: **不轻信**\n", "unquoted-markup", 1, 7},
    {"text: *不轻信*，不透露\n", "unquoted-markup", 1, 7},
    {"text: [不轻信]{red} 三要\n", "unquoted-markup", 1, 7},
    {"a: {text: 甲 {{x}} 乙}\n", "unquoted-placeholder", 1, 13},
    {"text: {{x}} 乙\nb: 1\n", "unquoted-placeholder", 1, 7},
    {"text: \"他说\"别信\"。\"\n", "nested-quotes", 1, 10},
    {"a: {text: \"他说\"别信\"。\"}\n", "nested-quotes", 1, 14},
    {"text: !注意\n", "reserved-start", 1, 7},
    {"text: !abc 防骗\n", "reserved-start", 1, 7},
    {"text: @注意\n", "reserved-start", 1, 7},
    {"text: %50\n", "reserved-start", 1, 7},
    {"text: `x`\n", "reserved-start", 1, 7},
    {"text: - 甲\n", "reserved-start", 1, 7},
    {"text: ? 甲\n", "reserved-start", 1, 7},
    {"page:\n\tsize: A4\n", "tab-indentation", 2, 1},
    {"a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1},
    {"a: {x: 1, x: 2}\n", "duplicate-key", 1, 11},
    /* the rest */
    {"a: [1, 2\nb: 3\n", "yaml-syntax", 0, 0},
    {"a: 1\n---\nb: 2\n", "yaml-syntax", 2, 1},
    {"a: &x [1, *x]\n", "recursive-alias", 1, 11},
    {"a: {<<: 1}\n", "bad-merge", 1, 5},
};

static void yaml_names_every_trap(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        diag_list_init(&diags, arena);
        const YamlNode *root = read_text(traps[i].text);
        const Diag *first = diags.count ? &diags.items[0] : NULL;
        Position at = first ? source_locate(first->where.source, first->where.start) : (Position){0};
        bool is_right = !root && first && !strcmp(first->code, traps[i].code) &&
                        (!traps[i].line || (at.line == traps[i].line && at.column == traps[i].column));
        if (is_right && first->hint && *first->hint)
            continue;
        failures++;
        print_error("%s -- wanted %s %zu:%zu\n", traps[i].text, traps[i].code, traps[i].line, traps[i].column);
        for (size_t k = 0; k < diags.count; k++) {
            at = source_locate(diags.items[k].where.source, diags.items[k].where.start);
            print_error("   got %zu:%zu [%s] %s\n", at.line, at.column, diags.items[k].code, diags.items[k].message);
        }
    }
    assert_int_equal(failures, 0);
}

static void yaml_says_one_thing_once(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{text: 甲,乙, style: x}\n", "qrcode: {{url}}\n", "text: **不轻信**\n", "red: {rgb: #BB0A21}\nb: 1\n",
        "text: [不轻信]{red} 三要\n", "page:\n\tsize: A4\n", "text: \"他说\"别信\"。\"\n", "text: &注意 防骗\n",
        "a: {text: 甲 {{x}} 乙}\n", "text: !注意\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        diag_list_init(&diags, arena);
        read_text(texts[i]);
        if (diags.count != 1)
            print_error("%s: %zu messages\n", texts[i], diags.count);
        assert_int_equal(diags.count, 1);
    }
}

static void yaml_finds_several_mistakes(void **state)
{
    (void)state;
    read_text("text: @甲\nb: 1\nlabel: 警方: 好\nc: |\n  d: @ok\n  \"x\"y\nalt: \"a\"b\n");
    assert_int_equal(diags.count, 3);
    assert_string_equal(diags.items[0].code, "reserved-start");
    assert_string_equal(diags.items[1].code, "colon-in-text");
    assert_string_equal(diags.items[2].code, "nested-quotes");
}

static void yaml_words_its_messages(void **state)
{
    (void)state;
    read_text("a: {text: 甲,乙, style: x}\n");
    assert_string_equal(diags.items[0].message,
                        "the comma before \"乙\" ends the text; \"乙\" is read as a key without a value");
    assert_string_equal(diags.items[0].hint, "use \"，\" inside a text, or put the whole text in quotes");
    diag_list_init(&diags, arena);
    read_text("qrcode: {{url}}\n");
    assert_string_equal(diags.items[0].message, "a placeholder without quotes is no text for YAML: \"{{url}}\"");
    assert_string_equal(diags.items[0].hint, "write it in quotes: \"{{url}}\"");
    diag_list_init(&diags, arena);
    read_text("rgb: #BB0A21\n");
    assert_string_equal(diags.items[0].message,
                        "# after a space starts a comment, so \"#BB0A21\" is not part of the value");
}

/* ---- YAML: hostile files ---- */

static void yaml_refuses_other_encodings(void **state)
{
    (void)state;
    assert_null(read_bytes("a: 1\ntext: \xb7\xc0\xd5\xa9\n", 16));
    assert_string_equal(diags.items[0].code, "not-utf8");
    assert_string_equal(diags.items[0].message, "line 2 is not UTF-8: byte B7 C0");
    assert_non_null(strstr(diags.items[0].hint, "GB18030"));
    diag_list_init(&diags, arena);
    assert_null(read_bytes("\xff\xfe" "a\0", 4));
    assert_non_null(strstr(diags.items[0].message, "UTF-16"));
    diag_list_init(&diags, arena);
    assert_null(read_bytes("a: \0b\n", 6));
    assert_string_equal(diags.items[0].code, "control-character");
    diag_list_init(&diags, arena);
    assert_null(read_text("a: \"x\\0y\"\n"));
    assert_string_equal(diags.items[0].code, "control-character");
}

static void assert_refused(const char *code)
{
    assert_true(diags.count >= 1);
    assert_string_equal(diags.items[0].code, code);
}

static void yaml_counts_aliases(void **state)
{
    (void)state;
    StrBuf bomb;
    strbuf_init(&bomb, arena);
    strbuf_add(&bomb, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
        strbuf_addf(&bomb, "a%d: &a%d [", i, i);
        for (int k = 0; k < 9; k++)
            strbuf_addf(&bomb, "%s*a%d", k ? ", " : "", i - 1);
        strbuf_add(&bomb, "]\n");
    }
    size_t before = arena_used(arena);
    assert_null(read_text(bomb.bytes));
    assert_refused("alias-bomb");
    assert_true(arena_used(arena) - before < ((size_t)1 << 20));
}

static char *repeated(const char *text, size_t count)
{
    size_t length = strlen(text);
    char *out = arena_alloc(arena, length * count + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(out + i * length, text, length);
    return out;
}

static void yaml_bounds_depth_and_size(void **state)
{
    (void)state;
    char *open = repeated("[", 63), *close = repeated("]", 63);
    assert_non_null(read_text(arena_printf(arena, "%s1%s", open, close)));
    assert_no_diags("63 deep");
    assert_null(read_text(repeated("[", 100000)));
    assert_refused("too-deep");
    diag_list_init(&diags, arena);
    assert_null(read_text(repeated("{a: ", 70)));
    assert_refused("too-deep");
    diag_list_init(&diags, arena);
    assert_null(read_text(repeated("- ", 200)));
    assert_refused("too-deep");
    diag_list_init(&diags, arena);
    StrBuf levels;                                  /* each alias alone is shallow, together they are not */
    strbuf_init(&levels, arena);
    strbuf_add(&levels, "a0: &a0 [[[[[[[[[[1]]]]]]]]]]\n");
    for (int i = 1; i < 8; i++)
        strbuf_addf(&levels, "a%d: &a%d [[[[[[[[[[*a%d]]]]]]]]]]\n", i, i, i - 1);
    assert_null(read_text(levels.bytes));
    assert_refused("too-deep");
    diag_list_init(&diags, arena);
    assert_null(read_text(arena_printf(arena, "[%s1]", repeated("1,", 500000))));
    assert_refused("too-large");
    diag_list_init(&diags, arena);
    assert_null(read_text(repeated("aaaaaaaaaaaaaaaa", (LIMIT_LAYOUT_BYTES >> 4) + 1)));
    assert_refused("too-large");
}

static void yaml_bounds_keys_anchors_and_messages(void **state)
{
    (void)state;
    assert_null(read_text(repeated("? ", 5000)));
    assert_string_equal(diags.items[diags.count - 1].code, "too-deep");
    diag_list_init(&diags, arena);
    StrBuf many;
    strbuf_init(&many, arena);
    for (int i = 0; i < 1001; i++)
        strbuf_addf(&many, "- &a%d {}\n", i);
    assert_null(read_text(many.bytes));
    assert_refused("too-large");
    diag_list_init(&diags, arena);
    assert_null(read_text(repeated("- *nobody\n", 5000)));
    assert_refused("unquoted-markup");
    assert_int_equal(diags.count, LIMIT_DIAGS);
    assert_int_equal(diags.error_count, LIMIT_DIAGS + 1);
}

/* Every prefix of something tricky, and every byte changed: an answer, never a crash. */
static void yaml_survives_broken_files(void **state)
{
    (void)state;
    const char *text = "\xef\xbb\xbf" "a: &x {b: [\"甲\", 'c'], <<: *y}\n? *x\n: |-\n  乙\n- {{z}} #1\n\t“x”：【5，6】\n";
    size_t length = strlen(text);
    for (size_t cut = 0; cut <= length; cut++) {
        diag_list_init(&diags, arena);
        const YamlNode *root = read_bytes(text, cut);
        assert_true((root != NULL) == (diags.error_count == 0));
    }
    static const char signs[] = "\"'{}[],:#&*!|>-?%@`\n\t \\x";
    for (size_t at = 0; at < length; at++)
        for (size_t s = 0; s + 1 < sizeof signs; s++) {
            char *changed = arena_copy(arena, text, length);
            changed[at] = signs[s];
            diag_list_init(&diags, arena);
            const YamlNode *root = read_bytes(changed, length);
            assert_true((root != NULL) == (diags.error_count == 0));
        }
}

static void read_in_small_arena(void *context)
{
    Source source = {"t", "a: [1, 2, 3]\nb: {c: d}\n", 23};
    DiagList list;
    diag_list_init(&list, context);
    while (yaml_read(context, &source, &list))
        ;
}

static void yaml_leaves_nothing_when_memory_ends(void **state)
{
    (void)state;
    Arena *small = arena_new(20000);                /* the leak checker looks at what libfyaml held */
    assert_false(arena_run(read_in_small_arena, small));
    arena_free(small);
}

/* ---- spill ---- */

static void spills_hold_what_is_written(void **state)
{
    (void)state;
    Spill *spill = spill_new(arena);
    enum { COUNT = 500000 };
    uint32_t *large = SPILL_ARRAY(spill, uint32_t, COUNT), *small = SPILL_ARRAY(spill, uint32_t, 100);
    assert_true(spill_is_file(spill, large));
    assert_false(spill_is_file(spill, small));
    for (size_t i = 0; i < COUNT; i++) assert_int_equal(large[i], 0);
    size_t cool_at = 0;
    for (uint32_t i = 0; i < COUNT; i++) {
        spill_walk(spill, i * sizeof *large, &cool_at);
        large[i] = i * 7;
    }
    spill_cool(spill);
    for (uint32_t i = 0; i < COUNT; i++) assert_int_equal(large[i], i * 7);
    char *grown = spill_resize(spill, NULL, 0, 10);
    strcpy(grown, "abc");
    size_t used = 4;
    for (size_t length = 20; length < (size_t)8 << 20; length *= 3) {
        grown = spill_resize(spill, grown, used, length);
        for (; used < length; used++) grown[used] = (char)(used * 31);
        spill_cool(spill);
    }
    assert_true(spill_is_file(spill, grown));
    assert_string_equal(grown, "abc");
    for (size_t i = 4; i < used; i++) assert_int_equal(grown[i], (char)(i * 31));
}

static void spills_do_without_a_folder(void **state)
{
    (void)state;
    setenv("TMPDIR", "/nonexistent", 1);
    Spill *spill = spill_new(arena);
    char *bytes = spill_array(spill, (size_t)3 << 20, 1);
    unsetenv("TMPDIR");
    assert_false(spill_is_file(spill, bytes));
    memset(bytes, 1, (size_t)3 << 20);
    spill_cool(spill);
    assert_int_equal(bytes[(3 << 20) - 1], 1);
}

static void spills_put_bytes_by(void **state)
{
    (void)state;
    Spill *spill = spill_new(arena);
    enum { COUNT = 3000, LENGTH = 1001 };
    static const char *places[COUNT];
    char bytes[LENGTH];
    for (int i = 0; i < COUNT; i++) {
        memset(bytes, i % 251, LENGTH);
        places[i] = spill_put(spill, bytes, LENGTH);
        assert_non_null(places[i]);
        if (i % 100 == 0) spill_cool(spill);
    }
    for (int i = 0; i < COUNT; i++) assert_true((unsigned char)places[i][0] == i % 251 && (unsigned char)places[i][LENGTH - 1] == i % 251);
    static char large[5 << 20];
    memset(large, 7, sizeof large);
    const char *at = spill_put(spill, large, sizeof large);
    assert_memory_equal(at, large, sizeof large);
}

/* A little is put by in memory; then whoever puts by is told to do without. */
static void spills_put_no_more_by_than_they_may(void **state)
{
    (void)state;
    setenv("TMPDIR", "/nonexistent", 1);
    Spill *spill = spill_new(arena);
    static char bytes[1000];
    int count = 0;
    while (count < 100000 && spill_put(spill, bytes, sizeof bytes)) count++;
    unsetenv("TMPDIR");
    assert_in_range(count, 200, 300);
}

static void civil_reads_times_and_counts_seconds(void **state)
{
    (void)state;
    static const struct { const char *text; int64_t seconds; int weekday; } times[] = {
        {"1970-01-01", 0, 3}, {"2000-02-29T12:34:56", 951827696, 1}, {"2026-11-26T08:00:00+08:00", 1795680000, 3}, {"2026-11-26 08:00", 1795680000, 3},
        {"1969-12-31T23:59:59Z", -1, 2}, {"0001-01-01", -62135596800, 0}, {"9999-12-31T23:59:59-05", 253402300799, 4},
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        Civil time, back;
        assert_true(civil_read(times[i].text, &time));
        assert_int_equal(civil_seconds(&time), times[i].seconds);
        assert_int_equal(civil_weekday(&time), times[i].weekday);
        back = civil_at(times[i].seconds);
        assert_memory_equal(&back, &time, sizeof back);
    }
    static const char *const wrong[] = {"", "2026", "2026-02-30", "2026-13-01", "2026-11-26T", "2026-11-26T24:00", "2026-11-26T08:60", "2026-11-26T08:00:00+8",
                                        "2026-11-26T08:00:00 ", "2026-11-26x", "0000-01-01", "二〇二六", "2026-11-26T08:00+08:0"};
    Civil time;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (civil_read(wrong[i], &time)) fail_msg("taken for a time: %s", wrong[i]);
    for (int64_t day = -800000; day < 800000; day += 37) {
        Civil at = civil_at(day * 86400 + 3661);
        assert_int_equal(civil_seconds(&at), day * 86400 + 3661);
    }
    char text[CIVIL_ROOM];
    assert_true(civil_read("2026-11-26 08:05:09Z", &time));
    assert_string_equal(civil_text(text, &time), "2026-11-26T08:05:09");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(spills_hold_what_is_written), TEST(spills_do_without_a_folder), TEST(spills_put_bytes_by), TEST(spills_put_no_more_by_than_they_may),
        TEST(arena_gives_zeroed_memory_after_reset), TEST(arena_releases_newest_first),
        TEST(arena_grows_an_array), TEST(arena_limit_ends_the_task),
        TEST(strbuf_grows_and_writes_json), TEST(utf8_refuses_what_rfc_3629_refuses), TEST(utf8_counts_terminal_cells),
        TEST(num_reads_decimals), TEST(num_reads_counts), TEST(num_writes_the_same_in_every_locale),
        TEST(source_locates_characters), TEST(diags_merge_repeats), TEST(diags_stop_at_the_limit),
        TEST(suggest_finds_what_was_meant), TEST(hash_knows_its_vectors),
        FILE_TEST(file_appears_whole_or_not_at_all), FILE_TEST(file_follows_a_link),
        FILE_TEST(file_says_what_cannot_be_written), FILE_TEST(file_says_what_cannot_be_read),
        TEST(yaml_reads_the_examples), TEST(yaml_accepts_what_is_meant), TEST(yaml_gives_kinds_styles_and_places),
        TEST(yaml_merges_and_shares), TEST(yaml_names_every_trap), TEST(yaml_says_one_thing_once),
        TEST(yaml_finds_several_mistakes), TEST(yaml_words_its_messages), TEST(yaml_refuses_other_encodings),
        TEST(yaml_counts_aliases), TEST(yaml_bounds_depth_and_size), TEST(yaml_bounds_keys_anchors_and_messages),
        TEST(yaml_survives_broken_files),
        TEST(civil_reads_times_and_counts_seconds),
        TEST(yaml_leaves_nothing_when_memory_ends),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
