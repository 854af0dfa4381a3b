/* text.c -- how long lines take: shaping and breaking a sticker's four lines, a page of a leaflet, the first text of a process.
 * `text sticker|new|leaflet|first`: microseconds of the processor, alone, on standard output. Every text is another one:
 * `text breaks FILE` counts line breaks inside the words of a file.
 * `sticker` has the campaign's lines with a name of a place in them, `new` no line that was ever seen before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text/text.h"

static const char *const places[] = {"向阳", "东湖", "南桥", "西苑", "北辰", "中心", "朝霞", "清泉", "玉兰", "长安", "和平", "胜利", "新华", "光明", "金水", "红旗"};
static const char *const body = "近年来，电信网络诈骗犯罪形势严峻，作案手法不断翻新。公检法机关不会通过电话办案，更不会设立所谓的「安全账户」；"
    "凡是要求转账、汇款的，一律不要相信。接到96110来电，一定要接听。不轻信陌生电话和短信，不透露个人信息和银行卡密码，不向陌生账户转账。";

typedef struct Desk { Arena *arena, *page; DiagList diags; TextEngine *engine; TextStyle style; FontSet font; } Desk;

/* Of the processor: others may be using the machine. */
static double now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

static void open_desk(Desk *desk)
{
    desk->arena = arena_new(0);
    desk->page = arena_new(0);
    diag_list_init(&desk->diags, desk->arena);
    FontLibrary *library = font_library_open(desk->arena, &(FontOptions){.catalogue = "fonts/catalogue.yaml"}, &desk->diags);
    desk->engine = text_engine_new(desk->arena, library, false);
    text_use_lexicon(desk->engine, text_lexicon_new(desk->arena, "out/build/words.bin", NULL, 0));
    desk->font = (FontSet){.name = "sans", .family = "Noto Sans CJK SC"};
    desk->style = (TextStyle){.font = &desk->font, .size = 10 * LENGTH_ONE, .weight = WEIGHT_REGULAR, .leading = 1.5, .lang = "zh-Hans", .line_break = LINE_BREAK_STRICT,
                              .word_break = WORD_BREAK_PHRASE, .wrap = WRAP_AUTO, .spacing_trim = TRIM_BOTH, .autospace = AUTOSPACE_NORMAL};
    desk->style.fit_min = desk->style.fit_max = desk->style.size;
}

static size_t set(Desk *desk, const char *text, Length width)
{
    TextInput input = {.text = text, .length = strlen(text), .style = &desk->style};
    ShapedText *shaped = text_shape(desk->engine, desk->page, &input, &desk->diags);
    if (!shaped) exit(1);
    return text_flow(desk->engine, desk->page, shaped, width, LENGTH_MAX).line_count;
}

static void say_sticker(char *out, size_t room, unsigned i)
{
    snprintf(out, room, "抬头见防诈标语，低头看防诈彩页，人人见防诈预警，%s%s声音", places[i % 16], places[i / 16 % 16]);
}

/* No run of characters comes twice. */
static void say_new(char *out, size_t room, unsigned i)
{
    const char *a = places[i % 16], *b = places[i / 16 % 16], *c = places[i / 256 % 16];
    snprintf(out, room, "抬头%s%s%s见标语，%s%s%s看彩页，%s人%s见%s，处处%s%s是%s声", a, b, c, b, c, a, c, b, a, a, c, b);
}

static void say_leaflet(char *out, size_t room, unsigned i)
{
    size_t length = 0;
    for (size_t characters = 0; characters < 2000; characters += 125) length += (size_t)snprintf(out + length, room - length, "%s%s：%s", places[(i + characters) % 16], places[i / 16 % 16], body);
}

static double measure(Desk *desk, void (*say)(char *, size_t, unsigned), Length width, unsigned count, unsigned rounds)
{
    char *texts = malloc((size_t)count * 8192);
    double best = 1e30;
    for (unsigned i = 0; i < count; i++) say(texts + (size_t)i * 8192, 8192, i);
    for (unsigned round = 0; round < rounds; round++) {
        double before = now_us();
        for (unsigned i = 0; i < count; i++) {
            arena_reset(desk->page);
            set(desk, texts + (size_t)i * 8192, width);
        }
        double each = (now_us() - before) / count;
        if (each < best) best = each;
    }
    free(texts);
    return best;
}

/* Of a file with a space between words: how many line breaks fall inside one, over widths from 4 to 12 em. */
static int count_breaks(Desk *desk, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[4096];
    size_t breaks = 0, inside = 0;
    if (!file) return 1;
    while (fgets(line, sizeof line, file)) {
        char text[4096] = {0};
        bool is_bound[4096] = {false};
        size_t length = 0;
        if (*line == '#' || *line == '\n') continue;
        for (const char *at = line; *at && *at != '\n'; at++) {
            if (*at == ' ') is_bound[length] = true;
            else text[length++] = *at;
        }
        for (int em = 4; em <= 12; em++) {
            arena_reset(desk->page);
            TextInput input = {.text = text, .length = length, .style = &desk->style};
            ShapedText *shaped = text_shape(desk->engine, desk->page, &input, &desk->diags);
            if (!shaped) break;
            TextBlock block = text_flow(desk->engine, desk->page, shaped, em * desk->style.size, LENGTH_MAX);
            for (size_t l = 0; l + 1 < block.line_count; l++) breaks++, inside += !is_bound[block.lines[l].text_end];
        }
    }
    fclose(file);
    printf("%zu of %zu breaks inside words\n", inside, breaks);
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    double began = now_us();
    Desk desk;
    open_desk(&desk);
    if (strcmp(what, "breaks") == 0 && argc > 2) return count_breaks(&desk, argv[2]);
    if (strcmp(what, "first") == 0) {
        size_t lines = set(&desk, "新型犯罪要新型应对，防诈宣传要先于诈前", 100 * LENGTH_ONE);
        printf("%.1f\n", lines == 2 ? now_us() - began : -1);
    } else if (strcmp(what, "sticker") == 0) {
        printf("%.2f\n", measure(&desk, say_sticker, 100 * LENGTH_ONE, 4096, argc > 2 ? 1 : 9));
    } else if (strcmp(what, "new") == 0) {
        printf("%.2f\n", measure(&desk, say_new, 100 * LENGTH_ONE, 4096, argc > 2 ? 1 : 9));
    } else if (strcmp(what, "leaflet") == 0) {
        desk.style.align = TEXT_JUSTIFY;
        desk.style.word_break = WORD_BREAK_NORMAL;
        printf("%.1f\n", measure(&desk, say_leaflet, 300 * LENGTH_ONE, 32, argc > 2 ? 1 : 9));
    } else return 2;
    arena_free(desk.page);
    arena_free(desk.arena);
    return 0;
}
