/* compile.c -- a build tool: jieba's dictionary ("word count tag" a line, UTF-8) and BudouX's model become the file that
 * lexicon.c maps.
 *
 * The file, in the byte order of the machine: a WordFile header, then 16-bit units. Words are kept by their first
 * character; `bucket` gives where its words start. A bucket: the number of lengths, then (length, count) of each, shortest
 * first; then for each length the words without their first character, sorted, and after them their costs: -ln of the
 * word's share of all counts, in 1/256. So a look-up touches one or two pages. */
#include "text/wordlist/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Word { uint16_t units[WORD_MOST]; unsigned length; double count; } Word;
typedef struct Words { Word *items; size_t count, capacity; double total; } Words;

/* A word of characters between U+4E00 and U+9FFF; false for any other. */
static int read_word(const char *text, size_t length, Word *out)
{
    const unsigned char *bytes = (const unsigned char *)text;
    out->length = 0;
    if (length % 3 != 0 || length / 3 > WORD_MOST) return 0;
    for (size_t i = 0; i < length; i += 3) {
        if ((bytes[i] & 0xF0) != 0xE0 || (bytes[i + 1] & 0xC0) != 0x80 || (bytes[i + 2] & 0xC0) != 0x80) return 0;
        unsigned c = (bytes[i] & 0x0Fu) << 12 | (bytes[i + 1] & 0x3Fu) << 6 | (bytes[i + 2] & 0x3Fu);
        if (c < WORD_FIRST || c > WORD_LAST) return 0;
        out->units[out->length++] = (uint16_t)c;
    }
    return out->length > 0;
}

static int read_dictionary(const char *path, Words *words)
{
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    char line[512];
    while (fgets(line, sizeof line, file)) {
        const char *space = strchr(line, ' ');
        if (!space) continue;
        double count = (double)strtoul(space + 1, NULL, 10);
        words->total += count;
        Word word;
        if (count < 1 || !read_word(line, (size_t)(space - line), &word)) continue;
        word.count = count;
        if (words->count == words->capacity) {
            words->capacity = words->capacity ? 2 * words->capacity : 65536;
            words->items = realloc(words->items, words->capacity * sizeof *words->items);
            if (!words->items) exit(1);
        }
        words->items[words->count++] = word;
    }
    fclose(file);
    return words->count > 0;
}

/* First character, then length, then the rest: the order of the file. */
static int compare(const void *left, const void *right)
{
    const Word *a = left, *b = right;
    if (a->units[0] != b->units[0]) return a->units[0] < b->units[0] ? -1 : 1;
    if (a->length != b->length) return a->length < b->length ? -1 : 1;
    for (unsigned i = 1; i < a->length; i++)
        if (a->units[i] != b->units[i]) return a->units[i] < b->units[i] ? -1 : 1;
    return 0;
}

static uint16_t cost_of(const Word *word, double total)
{
    double cost = -log(word->count / total) * WORD_COST_ONE;
    return cost < 0 ? 0 : cost > 65535 ? 65535 : (uint16_t)(cost + 0.5);
}

/* The words of one first character, [start, end); the units written. */
static size_t write_bucket(const Words *words, size_t start, size_t end, uint16_t *out)
{
    size_t at = 1;
    for (size_t i = start, next; i < end; i = next) {
        for (next = i; next < end && words->items[next].length == words->items[i].length;) next++;
        out[0]++;
        out[at++] = (uint16_t)words->items[i].length;
        out[at++] = (uint16_t)(next - i);
    }
    for (size_t i = start, next; i < end; i = next) {
        for (next = i; next < end && words->items[next].length == words->items[i].length; next++)
            for (unsigned k = 1; k < words->items[next].length; k++) out[at++] = words->items[next].units[k];
        for (size_t k = i; k < next; k++) out[at++] = cost_of(&words->items[k], words->total);
    }
    return at;
}

/* "BW1 characters weight" a line, tabs between. */
static int read_model(const char *path, ModelWeight *slots, int32_t *sum)
{
    static const char *const features[] = {"UW1", "UW2", "UW3", "UW4", "UW5", "UW6", "BW1", "BW2", "BW3", "TW1", "TW2", "TW3", "TW4"};
    FILE *file = fopen(path, "r");
    char line[128];
    size_t count = 0;
    if (!file) return 0;
    while (fgets(line, sizeof line, file)) {
        char *characters = strchr(line, '\t'), *number = characters ? strchr(characters + 1, '\t') : NULL;
        ModelWeight weight = {0};
        if (*line == '#' || !number) continue;
        *characters++ = *number++ = 0;
        for (unsigned f = 0; f < 13; f++) if (strcmp(features[f], line) == 0) weight.feature = (uint16_t)(f + 1);
        const unsigned char *at = (const unsigned char *)characters;
        for (int i = 0; i < 3 && *at; i++) {
            unsigned bytes = *at < 0x80 ? 1 : *at < 0xE0 ? 2 : 3, c = bytes == 1 ? *at : *at & (0x7Fu >> bytes);
            for (unsigned k = 1; k < bytes; k++) c = c << 6 | (at[k] & 0x3Fu);
            weight.characters[i] = (uint16_t)c;
            at += bytes;
        }
        weight.weight = (int16_t)strtol(number, NULL, 10);
        *sum += weight.weight;
        uint32_t slot = model_hash(weight.feature, weight.characters);
        while (slots[slot].feature) slot = (slot + 1) & (MODEL_SLOTS - 1);
        slots[slot] = weight;
        if (++count > MODEL_SLOTS * 3 / 4) return 0;
    }
    fclose(file);
    return count > 0;
}

int main(int argc, char **argv)
{
    Words words = {0};
    static ModelWeight model[MODEL_SLOTS];
    int32_t model_sum = 0;
    if (argc != 4 || !read_dictionary(argv[1], &words) || !read_model(argv[2], model, &model_sum)) {
        fprintf(stderr, "usage: compile DICT.TXT MODEL.TSV OUT\n");
        return 1;
    }
    qsort(words.items, words.count, sizeof *words.items, compare);
    WordFile *header = calloc(1, sizeof *header);
    uint16_t *units = calloc(words.count * (WORD_MOST + 1) + 64 * WORD_BUCKETS, sizeof *units);
    if (!header || !units) return 1;
    memcpy(header->magic, WORD_MAGIC, sizeof header->magic);
    header->byte_order = WORD_BYTE_ORDER;
    header->unknown = (uint32_t)(log(words.total) * WORD_COST_ONE);
    size_t at = 0, start = 0;
    for (unsigned c = 0; c < WORD_BUCKETS; c++) {
        header->bucket[c] = (uint32_t)at;
        size_t end = start;
        while (end < words.count && words.items[end].units[0] == WORD_FIRST + c) end++;
        if (end > start) at += write_bucket(&words, start, end, units + at);
        start = end;
    }
    header->bucket[WORD_BUCKETS] = (uint32_t)at;
    header->model_sum = model_sum;
    FILE *out = fopen(argv[3], "w");
    int good = out && fwrite(header, sizeof *header, 1, out) == 1 && fwrite(units, sizeof *units, at, out) == at &&
               fwrite(model, sizeof *model, MODEL_SLOTS, out) == MODEL_SLOTS;
    if (out && fclose(out) != 0) good = 0;
    return good ? 0 : 1;
}
