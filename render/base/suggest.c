/* suggest.c -- Damerau-Levenshtein (optimal string alignment) over characters. */
#include "base/suggest.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#define LONGEST 64                /* characters compared; names are shorter */

static size_t letters(const char *word, uint32_t out[LONGEST])
{
    size_t count = 0, length = strlen(word);
    for (size_t at = 0; at < length && count < LONGEST;) {
        uint32_t c = utf8_next(word, length, &at);
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        if (c == '-' || c == '_' || c == ' ') continue;
        out[count++] = c;
    }
    return count;
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t distance(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b_count; j++) rows[0][j] = j;
    for (size_t i = 1; i <= a_count; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_count; j++) {
            size_t cost = a[i - 1] != b[j - 1];
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a_count % 3][b_count];
}

const char *suggest_nearest(const char *word, const char *const *candidates, size_t count)
{
    uint32_t a[LONGEST], b[LONGEST];
    size_t a_count = letters(word, a), best = SIZE_MAX;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!candidates[i]) continue;
        size_t b_count = letters(candidates[i], b), longer = a_count > b_count ? a_count : b_count;
        size_t allowed = longer / 3 ? longer / 3 : 1, found = distance(a, a_count, b, b_count);
        if (found > allowed || found >= best || found >= longer) continue;
        best = found;
        nearest = candidates[i];
    }
    return nearest;
}
