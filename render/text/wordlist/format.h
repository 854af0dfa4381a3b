/* format.h -- the mapped file of words: written by compile.c when the program is built, read by lexicon.c. */
#ifndef RENDER_TEXT_WORDLIST_FORMAT_H
#define RENDER_TEXT_WORDLIST_FORMAT_H

#include <stdint.h>

#define WORD_MAGIC "BYWORDS1"
#define WORD_BYTE_ORDER 0x01020304u
#define WORD_FIRST 0x4E00u
#define WORD_LAST 0x9FFFu
#define WORD_BUCKETS (WORD_LAST - WORD_FIRST + 1)
#define WORD_MOST 8u              /* characters; longer entries are titles and sayings */
#define WORD_COST_ONE 256         /* one nat */

typedef struct WordFile {
    char magic[8];
    uint32_t byte_order;
    uint32_t unknown;             /* cost of a character that is no word */
    uint32_t bucket[WORD_BUCKETS + 1];      /* units after the header; equal neighbours: no word */
} WordFile;

#endif
