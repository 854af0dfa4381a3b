/* suggest.c -- the nearest name, by optimal string alignment (Damerau-Levenshtein: a swap of neighbours counts one). */
#include "base/suggest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unicode/uchar.h>

#include "base/utf8.h"

#define WORD_MAX 64               /* characters; nobody mistypes a longer name into another */

typedef struct Folded {
    int32_t characters[WORD_MAX];
    size_t count;
} Folded;

/* Lower case, without - and _. Count 0 when too long to compare. */
static Folded fold(const char *word)
{
    Folded folded = {.count = 0};
    size_t length = strlen(word);
    for (size_t at = 0; at < length;) {
        uint32_t character = utf8_next(word, length, &at);
        if (character == '-' || character == '_')
            continue;
        if (folded.count == WORD_MAX)
            return (Folded){.count = 0};
        folded.characters[folded.count++] = u_tolower((UChar32)character);
    }
    return folded;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const Folded *a, const Folded *b)
{
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b->count; j++)
        last[j] = j;
    for (size_t i = 1; i <= a->count; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b->count; j++) {
            bool is_same = a->characters[i - 1] == b->characters[j - 1];
            row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + !is_same);
            if (i > 1 && j > 1 && a->characters[i - 1] == b->characters[j - 2] &&
                a->characters[i - 2] == b->characters[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b->count];
}

/* What CSS calls font-size and writing-mode is a size and a writing here. */
static const char *part_of(const char *word, const char *const *candidates, size_t count)
{
    const char *dash = strchr(word, '-');
    if (!dash) return NULL;
    bool is_after = strncmp(word, "font-", 5) == 0 || strncmp(word, "text-", 5) == 0;
    const char *part = is_after ? dash + 1 : word;
    size_t length = is_after ? strlen(part) : (size_t)(dash - word);
    for (size_t i = 0; i < count; i++)
        if (strlen(candidates[i]) == length && strncmp(candidates[i], part, length) == 0) return candidates[i];
    return NULL;
}

const char *suggest_nearest(const char *word, const char *const *candidates, size_t count)
{
    Folded wanted = fold(word);
    if (!wanted.count)
        return NULL;
    const char *nearest = NULL;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        Folded candidate = fold(candidates[i]);
        size_t longer = wanted.count > candidate.count ? wanted.count : candidate.count;
        size_t far = longer / 3 ? longer / 3 : 1;
        size_t apart = candidate.count ? distance(&wanted, &candidate) : SIZE_MAX;
        if (apart > far || apart >= longer || apart >= best)   /* all characters different is never "near" */
            continue;
        nearest = candidates[i];
        best = apart;
    }
    return nearest ? nearest : part_of(word, candidates, count);
}
