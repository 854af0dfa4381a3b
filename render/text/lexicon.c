/* lexicon.c -- the words that breaking by phrases knows: jieba's dictionary (mapped when a line must first be broken), the
 * words of the layout, and the likeliest way to cut a stretch of Chinese into them.
 *
 * A lexicon is shared by all engines: everything is written once, under its lock, and only read afterwards. */
#include "text/private.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "text/wordlist/format.h"

#define USER_WORD_MOST 64         /* characters */

typedef struct UserWord { uint32_t *characters; size_t length; } UserWord;

struct TextLexicon {
    const char *file;
    UserWord *words;
    size_t word_count;
    pthread_mutex_t lock;
    bool is_tried;
    const WordFile *mapped;       /* NULL: not found, or not ours */
    size_t mapped_size;
};

static void release_lexicon(void *opened)
{
    TextLexicon *lexicon = opened;
    if (lexicon->mapped) munmap((void *)lexicon->mapped, lexicon->mapped_size);
    pthread_mutex_destroy(&lexicon->lock);
}

TextLexicon *text_lexicon_new(Arena *arena, const char *file, const char *const *words, size_t count)
{
    void **place = arena_own(arena, release_lexicon);
    TextLexicon *lexicon = ARENA_NEW(arena, TextLexicon);
    lexicon->file = file ? arena_copy(arena, file, strlen(file)) : NULL;
    lexicon->words = ARENA_ARRAY(arena, UserWord, count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i]), bad;
        if (!utf8_is_valid(words[i], length, &bad)) continue;
        size_t characters = utf8_count(words[i], length);
        if (characters < 2 || characters > USER_WORD_MOST) continue;
        UserWord *word = &lexicon->words[lexicon->word_count++];
        word->characters = ARENA_ARRAY(arena, uint32_t, characters);
        for (size_t at = 0; at < length;) word->characters[word->length++] = utf8_next(words[i], length, &at);
    }
    pthread_mutex_init(&lexicon->lock, NULL);
    *place = lexicon;
    return lexicon;
}

void text_use_lexicon(TextEngine *engine, TextLexicon *lexicon)
{
    engine->lexicon = lexicon;
    engine->known_runs = NULL;
}

/* ---- the mapped file ---- */

/* Whatever the file says, no look-up may leave it: every bucket must lie inside, in order, and hold what it promises. */
static bool is_sound(const WordFile *file, size_t size)
{
    if (size < sizeof *file || memcmp(file->magic, WORD_MAGIC, sizeof file->magic) != 0 || file->byte_order != WORD_BYTE_ORDER) return false;
    return size - sizeof *file == file->bucket[WORD_BUCKETS] * sizeof(uint16_t) + MODEL_SLOTS * sizeof(ModelWeight);
}

static void map_file(TextLexicon *lexicon)
{
    lexicon->is_tried = true;
    int file = lexicon->file ? open(lexicon->file, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    struct stat about;
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 && about.st_size < (64 << 20)) {
        size_t size = (size_t)about.st_size;
        void *mapped = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
        if (mapped != MAP_FAILED && !is_sound(mapped, size)) munmap(mapped, size);
        else if (mapped != MAP_FAILED) lexicon->mapped = mapped, lexicon->mapped_size = size;
    }
    close(file);
}

bool lexicon_has_dictionary(TextLexicon *lexicon)
{
    if (!lexicon) return false;
    pthread_mutex_lock(&lexicon->lock);
    if (!lexicon->is_tried) map_file(lexicon);
    bool is_there = lexicon->mapped != NULL;
    pthread_mutex_unlock(&lexicon->lock);
    return is_there;
}

static int compare_rest(const uint16_t *rest, const Char *chars, unsigned length)
{
    for (unsigned i = 0; i < length; i++)
        if (rest[i] != chars[i].codepoint) return rest[i] < chars[i].codepoint ? -1 : 1;
    return 0;
}

/* Costs of the words that begin at chars[0], by length (0: none), no longer than `most`. */
static void find_costs(const WordFile *file, const Char *chars, unsigned most, uint32_t costs[WORD_MOST + 1])
{
    memset(costs, 0, (WORD_MOST + 1) * sizeof *costs);
    costs[1] = file->unknown;
    if (chars[0].codepoint < WORD_FIRST || chars[0].codepoint > WORD_LAST) return;
    uint32_t from = file->bucket[chars[0].codepoint - WORD_FIRST], to = file->bucket[chars[0].codepoint - WORD_FIRST + 1];
    if (to <= from || to > file->bucket[WORD_BUCKETS]) return;
    const uint16_t *bucket = (const uint16_t *)(file + 1) + from;
    size_t room = to - from, at = 1 + 2 * (size_t)bucket[0];
    for (unsigned group = 0; group < bucket[0] && at <= room; group++) {
        unsigned length = bucket[1 + 2 * group], count = bucket[2 + 2 * group];
        size_t units = (size_t)count * length;
        if (length < 1 || length > most || units > room - at) return;
        const uint16_t *words = bucket + at, *word_costs = words + (size_t)count * (length - 1);
        at += units;
        unsigned low = 0, high = count;
        while (low < high) {
            unsigned middle = (low + high) / 2;
            int order = compare_rest(words + (size_t)middle * (length - 1), chars + 1, length - 1);
            if (order == 0) {
                costs[length] = word_costs[middle] + 1u;
                break;
            }
            if (order < 0) low = middle + 1;
            else high = middle;
        }
    }
}

/* ---- the words of the layout ---- */

size_t lexicon_user_word(const TextLexicon *lexicon, const Char *chars, size_t count)
{
    size_t longest = 0;
    for (size_t i = 0; lexicon && i < lexicon->word_count; i++) {
        const UserWord *word = &lexicon->words[i];
        if (word->length > count || word->length <= longest || word->characters[0] != chars[0].codepoint) continue;
        size_t same = 1;
        while (same < word->length && word->characters[same] == chars[same].codepoint) same++;
        if (same == word->length) longest = same;
    }
    return longest;
}

/* ---- the likeliest words ---- */

#define STRETCH_MOST 512          /* characters looked at together */

/* A word of the layout is as likely as a common word of the language. */
#define USER_WORD_COST (6u * WORD_COST_ONE)

static void cut_stretch(const WordFile *file, const Char *chars, size_t count, const uint8_t *user, uint8_t *starts)
{
    uint32_t best[STRETCH_MOST + 1];
    uint8_t length_of[STRETCH_MOST + 1];
    best[count] = 0;
    for (size_t i = count; i-- > 0;) {
        uint32_t costs[WORD_MOST + 1];
        unsigned most = count - i < WORD_MOST ? (unsigned)(count - i) : WORD_MOST;
        find_costs(file, chars + i, most, costs);
        best[i] = UINT32_MAX;
        for (unsigned length = 1; length <= most; length++)
            if (costs[length] && costs[length] + best[i + length] < best[i])
                best[i] = costs[length] + best[i + length], length_of[i] = (uint8_t)length;
        if (user[i] && user[i] <= count - i && USER_WORD_COST + best[i + user[i]] < best[i])
            best[i] = USER_WORD_COST + best[i + user[i]], length_of[i] = user[i];
    }
    for (size_t i = 0; i < count; i += length_of[i]) starts[i] = length_of[i] == 1 ? WORD_SINGLE : WORD_STARTS;
}

void lexicon_cut(TextLexicon *lexicon, const Char *chars, size_t count, const uint8_t *user, uint8_t *starts)
{
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && end - i < STRETCH_MOST && char_is_han(chars[end].codepoint);) end++;
        if (end > i) cut_stretch(lexicon->mapped, chars + i, end - i, user + i, starts + i);
        else starts[end++] = WORD_STARTS;
    }
}

/* ---- BudouX ---- */

static int weight_of(const ModelWeight *model, unsigned feature, const uint16_t *around, int first, int count)
{
    uint16_t characters[3] = {0};
    for (int i = 0; i < count; i++) {
        if (!around[first + i]) return 0;
        characters[i] = around[first + i];
    }
    for (uint32_t slot = model_hash(feature, characters);; slot = (slot + 1) & (MODEL_SLOTS - 1)) {
        if (!model[slot].feature) return 0;
        if (model[slot].feature == feature && memcmp(model[slot].characters, characters, sizeof characters) == 0) return model[slot].weight;
    }
}

bool lexicon_is_phrase_start(TextLexicon *lexicon, const Char *chars, size_t count, size_t at)
{
    const WordFile *file = lexicon->mapped;
    const ModelWeight *model = (const ModelWeight *)((const uint16_t *)(file + 1) + file->bucket[WORD_BUCKETS]);
    uint16_t around[6] = {0};
    int sum = 0;
    for (size_t i = 0; i < 6; i++)
        if (at + i >= 3 && at + i - 3 < count && chars[at + i - 3].codepoint <= 0xFFFF) around[i] = (uint16_t)chars[at + i - 3].codepoint;
    for (int i = 0; i < 6; i++) sum += weight_of(model, (unsigned)i + 1, around, i, 1);
    for (int i = 0; i < 3; i++) sum += weight_of(model, (unsigned)i + 7, around, i + 1, 2);
    for (int i = 0; i < 4; i++) sum += weight_of(model, (unsigned)i + 10, around, i, 3);
    return 2 * sum > file->model_sum;
}
