/* suggest.h -- "did you mean": the nearest of some names. */
#ifndef RENDER_BASE_SUGGEST_H
#define RENDER_BASE_SUGGEST_H

#include <stddef.h>

/* The candidate with the smallest Damerau-Levenshtein distance (in characters) to `word`, when that is near enough to be
 * meant (at most a third of the longer one, at least 1; letter case and - _ ignored); else the one that is what a name of CSS has
 * after font- or text-, or before its first dash; else NULL. First wins on a tie. */
const char *suggest_nearest(const char *word, const char *const *candidates, size_t count);

#endif
