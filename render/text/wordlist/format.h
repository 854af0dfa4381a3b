/* format.h -- the mapped file of words: written by compile.c when the program is built, read by lexicon.c.
 *
 * A WordFile, then bucket[WORD_BUCKETS] units, then MODEL_SLOTS ModelWeights: BudouX's model, found by their hash. */
#ifndef RENDER_TEXT_WORDLIST_FORMAT_H
#define RENDER_TEXT_WORDLIST_FORMAT_H

#include <stdint.h>

#define WORD_MAGIC "BYWORDS2"
#define WORD_BYTE_ORDER 0x01020304u
#define WORD_FIRST 0x4E00u
#define WORD_LAST 0x9FFFu
#define WORD_BUCKETS (WORD_LAST - WORD_FIRST + 1)
#define WORD_MOST 8u              /* characters; longer entries are titles and sayings */
#define WORD_COST_ONE 256         /* one nat */

/* The weight of up to three characters at a place around a boundary (feature 1-13: UW1-6, BW1-3, TW1-4); feature 0: free. */
#define MODEL_SLOTS 8192u
typedef struct ModelWeight { uint16_t feature, characters[3]; int16_t weight; } ModelWeight;

static inline uint32_t model_hash(unsigned feature, const uint16_t characters[3])
{
    uint32_t hash = feature * 2654435761u;
    for (int i = 0; i < 3; i++) hash = (hash ^ characters[i]) * 16777619u;
    return (hash ^ hash >> 15) & (MODEL_SLOTS - 1);
}

typedef struct WordFile {
    char magic[8];
    uint32_t byte_order;
    uint32_t unknown;             /* cost of a character that is no word */
    int32_t model_sum;            /* of all weights */
    uint32_t bucket[WORD_BUCKETS + 1];      /* units after the header; equal neighbours: no word */
} WordFile;

#endif
