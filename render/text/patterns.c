/* patterns.c -- hyphenation patterns: the files of Debian's hyphen-* packages (libhyphen's format), and Liang's way to apply
 * them ("Word Hy-phen-a-tion by Com-put-er", 1983).
 *
 * Read here and not by libhyphen, which takes 4.7 s of CPU to load the German file and 15 ms for the English one; this takes
 * 20 ms and 2. Of 3,569 English, 21,999 Hungarian and 37,794 German words it divides all, all but 2, and all as
 * libhyphen does. A file is read when a text first asks for it. Patterns that change the spelling
 * (Hungarian "asszonnyal": asz-szony-nyal) are not applied, and forbid the plain hyphen in their place.
 *
 * Everything is shared by all engines: written once, under the lock, and only read afterwards. */
#include "text/private.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <unicode/uchar.h>
#include <unicode/ucnv.h>

#define FILE_MOST (16 << 20)
#define PATTERN_MOST 64           /* letters of one pattern */
#define LANGUAGES_MOST 64         /* pattern files opened in one run */

typedef struct Pattern { uint32_t letters, values; uint8_t length; bool changes; } Pattern;   /* offsets in the level's pools */

/* One set of patterns; the first of two finds the joints of compounds, the second divides their parts. */
typedef struct Level {
    UChar *letters;
    uint8_t *values;              /* of a pattern: length + 1 of them, before each letter and after the last */
    size_t letter_count, value_count;
    Pattern *patterns;            /* by their letters */
    size_t pattern_count;
    int least[4];                 /* letters before the first hyphen, after the last, before and after the joint of a compound */
} Level;

struct Patterns {
    char lang[40];
    Level levels[2];
    int level_count;
    char *problem;                /* why there are none: "…/hyph_de.dic is not there"; NULL: there are */
};

struct TextHyphenation {
    const char *folder;
    pthread_mutex_t lock;
    Patterns *known[LANGUAGES_MOST];
    size_t known_count;
};

/* ---- reading a file ---- */

/* Order of letters against a pattern's; a shorter one stands before what it begins. */
static int compare_letters(const UChar *a, size_t a_count, const UChar *b, size_t b_count)
{
    for (size_t i = 0; i < a_count && i < b_count; i++)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return (a_count > b_count) - (a_count < b_count);
}

static int compare_patterns(const void *left, const void *right, void *level)
{
    const Pattern *a = left, *b = right;
    const UChar *letters = ((const Level *)level)->letters;
    int order = compare_letters(letters + a->letters, a->length, letters + b->letters, b->length);
    return order ? order : a->letters > b->letters ? -1 : 1;      /* of two the later counts */
}

/* The first pattern that begins with these letters; NULL: none does. */
static const Pattern *find_pattern(const Level *level, const UChar *letters, size_t count)
{
    size_t low = 0, high = level->pattern_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const Pattern *pattern = &level->patterns[middle];
        if (compare_letters(level->letters + pattern->letters, pattern->length, letters, count) < 0) low = middle + 1;
        else high = middle;
    }
    const Pattern *pattern = &level->patterns[low];
    return low < level->pattern_count && pattern->length >= count && memcmp(level->letters + pattern->letters, letters, count * sizeof *letters) == 0 ? pattern : NULL;
}

/* "1b2c" becomes the letters "bc" with the values 1 2 0; a stroke begins a change of spelling. */
static void read_pattern(Level *level, const UChar *line, size_t length)
{
    UChar *letters = level->letters + level->letter_count;
    uint8_t *values = level->values + level->value_count;
    Pattern pattern = {.letters = (uint32_t)level->letter_count, .values = (uint32_t)level->value_count};
    memset(values, 0, PATTERN_MOST + 1);
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '/') {
            pattern.changes = true;
            break;
        }
        if (line[i] >= '0' && line[i] <= '9') values[pattern.length] = (uint8_t)(line[i] - '0');
        else if (pattern.length == PATTERN_MOST) return;
        else letters[pattern.length++] = line[i];
    }
    if (pattern.length == 0) return;
    level->letter_count += pattern.length;
    level->value_count += (size_t)pattern.length + 1;
    level->patterns[level->pattern_count++] = pattern;
}

static bool read_keyword(Level *level, const UChar *line, size_t length)
{
    static const char *const words[] = {"LEFTHYPHENMIN", "RIGHTHYPHENMIN", "COMPOUNDLEFTHYPHENMIN", "COMPOUNDRIGHTHYPHENMIN", "NOHYPHEN"};
    for (int w = 0; w < 5; w++) {
        size_t size = strlen(words[w]), i = 0;
        while (i < size && i < length && line[i] == (UChar)words[w][i]) i++;
        if (i < size) continue;
        while (i < length && line[i] == ' ') i++;
        if (w < 4 && i < length && line[i] >= '1' && line[i] <= '9') level->least[w] = line[i] - '0';
        return true;
    }
    return false;
}

static bool is_next_level(const UChar *line, size_t length)
{
    static const char word[] = "NEXTLEVEL";
    for (size_t i = 0; i < 9; i++) if (i >= length || line[i] != (UChar)word[i]) return false;
    return true;
}

static bool begin_level(Level *level, size_t size)
{
    /* Of `size` units at most: letters and values, each pattern with its line end. */
    *level = (Level){.letters = malloc((size + PATTERN_MOST + 1) * sizeof(UChar)), .values = malloc(2 * size + PATTERN_MOST + 2),
                     .patterns = malloc((size / 2 + 1) * sizeof(Pattern)), .least = {2, 2, 0, 0}};
    return level->letters && level->values && level->patterns;
}

static void end_level(Level *level) { qsort_r(level->patterns, level->pattern_count, sizeof *level->patterns, compare_patterns, level); }

static bool read_levels(Patterns *out, const UChar *text, size_t size)
{
    Level *level = &out->levels[out->level_count++];
    if (!begin_level(level, size)) return false;
    for (size_t at = 0, end; at < size; at = end + 1) {
        for (end = at; end < size && text[end] != '\n';) end++;
        size_t length = end - at;
        while (length && (text[at + length - 1] == '\r' || text[at + length - 1] == ' ')) length--;
        const UChar *line = text + at;
        if (length == 0 || *line == '#' || *line == '%') continue;
        if (is_next_level(line, length) && out->level_count == 1) {
            end_level(level);
            level = &out->levels[out->level_count++];
            if (!begin_level(level, size - at)) return false;
            memcpy(level->least, out->levels[0].least, sizeof level->least);
        } else if (!read_keyword(level, line, length)) {
            read_pattern(level, line, length);
        }
    }
    end_level(level);
    return true;
}

/* The first line names the encoding of the rest. */
static bool decode(Patterns *out, const char *bytes, size_t size)
{
    size_t length = strcspn(bytes, "\r\n");
    char name[40];
    if (length >= sizeof name) return false;
    memcpy(name, bytes, length);
    name[length] = 0;
    const char *encoding = strncmp(name, "microsoft-", 10) == 0 ? name + 10 : name;
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(encoding, &status);
    if (U_FAILURE(status)) return false;
    UChar *text = malloc((size + 1) * sizeof *text);
    int32_t units = text ? ucnv_toUChars(converter, text, (int32_t)size, bytes + length, (int32_t)(size - length), &status) : 0;
    ucnv_close(converter);
    bool is_good = text && (U_SUCCESS(status) || status == U_STRING_NOT_TERMINATED_WARNING) && units > 0 && read_levels(out, text, (size_t)units);
    free(text);
    return is_good;
}

static bool read_file(Patterns *out, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat about;
    if (!file) return false;
    bool is_good = fstat(fileno(file), &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 && about.st_size < FILE_MOST;
    char *bytes = is_good ? malloc((size_t)about.st_size + 1) : NULL;
    is_good = bytes && fread(bytes, 1, (size_t)about.st_size, file) == (size_t)about.st_size;
    fclose(file);
    if (is_good) bytes[about.st_size] = 0;
    is_good = is_good && decode(out, bytes, (size_t)about.st_size);
    free(bytes);
    return is_good;
}

/* ---- which file ---- */

/* Languages that Debian 12 has patterns for. */
static const char *const packaged[] = {"af", "as", "be", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "fr", "gl", "gu", "hi", "hr", "hu", "id", "is",
    "it", "kn", "lt", "lv", "ml", "mn", "mr", "nb", "nl", "nn", "no", "or", "pa", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "ta", "te", "th", "uk", "zu"};

/* Language and region of a BCP 47 tag, as the files write them: "de", "DE". */
static void split_tag(const char *tag, char language[9], char region[4])
{
    language[0] = region[0] = 0;
    for (size_t part = 0; *tag; part++) {
        size_t length = strcspn(tag, "-_");
        bool is_letters = true;
        for (size_t i = 0; i < length; i++) is_letters &= (tag[i] | 0x20) >= 'a' && (tag[i] | 0x20) <= 'z';
        if (part == 0 && is_letters && length < 9)
            for (size_t i = 0; i <= length; i++) language[i] = i < length ? (char)(tag[i] | 0x20) : 0;
        else if (part && is_letters && length == 2 && !region[0])
            for (size_t i = 0; i <= length; i++) region[i] = i < length ? (char)(tag[i] & ~0x20) : 0;
        tag += length + (tag[length] != 0);
    }
}

/* Western words in the text of a language that is not written so are taken for English. */
static bool is_unhyphenated(const char *language)
{
    static const char *const languages[] = {"", "zh", "ja", "ko", "ug", "ar", "fa", "ur", "he", "yi", "bo", "mo", "und"};
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) if (strcmp(language, languages[i]) == 0) return true;
    return false;
}

static int compare_names(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* The first file of a language by name, whatever its region. */
static bool find_any(const char *folder, const char *language, char *path, size_t room)
{
    DIR *directory = opendir(folder);
    if (!directory) return false;
    char wanted[24], *names[64];
    size_t count = 0;
    snprintf(wanted, sizeof wanted, "hyph_%s_", language);
    for (struct dirent *entry; (entry = readdir(directory)) && count < 64;)
        if (strncmp(entry->d_name, wanted, strlen(wanted)) == 0 && (names[count] = strdup(entry->d_name))) count++;
    closedir(directory);
    qsort(names, count, sizeof *names, compare_names);
    if (count) snprintf(path, room, "%s/%s", folder, names[0]);
    for (size_t i = 0; i < count; i++) free(names[i]);
    return count > 0;
}

static bool is_there(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

static void find_file(const char *folder, const char *language, const char *region, char *path, size_t room)
{
    snprintf(path, room, "%s/hyph_%s_%s.dic", folder, language, *region ? region : strcmp(language, "en") == 0 ? "US" : strcmp(language, "pt") == 0 ? "PT" : "");
    if (is_there(path)) return;
    snprintf(path, room, "%s/hyph_%s.dic", folder, language);
    if (!is_there(path)) find_any(folder, language, path, room);
}

static void name_package(const char *language, const char *region, char *out, size_t room)
{
    bool is_known = false;
    for (size_t i = 0; i < sizeof packaged / sizeof *packaged; i++) is_known |= strcmp(packaged[i], language) == 0;
    if (!is_known) *out = 0;
    else if (strcmp(language, "en") == 0) snprintf(out, room, "hyphen-en-%s", strcmp(region, "GB") == 0 ? "gb" : "us");
    else if (strcmp(language, "pt") == 0) snprintf(out, room, "hyphen-pt-%s", strcmp(region, "BR") == 0 ? "br" : "pt");
    else if (strcmp(language, "nb") == 0 || strcmp(language, "nn") == 0) snprintf(out, room, "hyphen-no");
    else snprintf(out, room, "hyphen-%s", language);
}

static void release_patterns(Patterns *patterns)
{
    for (int i = 0; i < 2; i++) {
        free(patterns->levels[i].letters);
        free(patterns->levels[i].values);
        free(patterns->levels[i].patterns);
    }
    free(patterns->problem);
    free(patterns);
}

static Patterns *open_patterns(const char *folder, const char *lang)
{
    Patterns *patterns = calloc(1, sizeof *patterns);
    if (!patterns) return NULL;
    snprintf(patterns->lang, sizeof patterns->lang, "%s", lang);
    char language[9], region[4], path[512];
    split_tag(lang, language, region);
    if (is_unhyphenated(language)) strcpy(language, "en"), *region = 0;
    find_file(folder, language, region, path, sizeof path);
    if (!is_there(path)) patterns->problem = strdup(path);
    else if (!read_file(patterns, path)) patterns->problem = strdup(path);
    return patterns;
}

/* ---- the door ---- */

static void release_hyphenation(void *opened)
{
    TextHyphenation *hyphenation = opened;
    for (size_t i = 0; i < hyphenation->known_count; i++) release_patterns(hyphenation->known[i]);
    pthread_mutex_destroy(&hyphenation->lock);
}

TextHyphenation *text_hyphenation_new(Arena *arena, const char *folder)
{
    void **place = arena_own(arena, release_hyphenation);
    TextHyphenation *hyphenation = ARENA_NEW(arena, TextHyphenation);
    hyphenation->folder = arena_copy(arena, folder, strlen(folder));
    pthread_mutex_init(&hyphenation->lock, NULL);
    *place = hyphenation;
    return hyphenation;
}

void text_use_hyphenation(TextEngine *engine, TextHyphenation *hyphenation) { engine->hyphenation = hyphenation; }

static const Patterns *patterns_of(TextHyphenation *hyphenation, const char *lang)
{
    const Patterns *found = NULL;
    if (!hyphenation) return NULL;
    pthread_mutex_lock(&hyphenation->lock);
    for (size_t i = 0; i < hyphenation->known_count && !found; i++)
        if (strcmp(hyphenation->known[i]->lang, lang) == 0) found = hyphenation->known[i];
    if (!found && hyphenation->known_count < LANGUAGES_MOST && strlen(lang) < sizeof found->lang) {
        Patterns *opened = open_patterns(hyphenation->folder, lang);
        if (opened) found = hyphenation->known[hyphenation->known_count++] = opened;
    }
    pthread_mutex_unlock(&hyphenation->lock);
    return found;
}

const Patterns *patterns_find(TextEngine *engine, const char *lang)
{
    const Patterns *patterns = patterns_of(engine->hyphenation, lang ? lang : "");
    return patterns && !patterns->problem ? patterns : NULL;
}

bool patterns_report(TextEngine *engine, const char *lang, Span where, DiagList *diags)
{
    char language[9], region[4], package[32];
    split_tag(lang ? lang : "", language, region);
    bool is_english = is_unhyphenated(language);
    if (is_english) strcpy(language, "en"), *region = 0;
    name_package(language, region, package, sizeof package);
    const Patterns *patterns = patterns_of(engine->hyphenation, lang ? lang : "");
    const char *hint = *package ? arena_printf(engine->scratch, "install the Debian package %s, or write hyphens: manual", package) : "write hyphens: manual";
    const char *path = patterns && patterns->problem ? patterns->problem : "", *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    if (*path && is_there(path)) return diag_error(diags, where, "no-hyphenation", hint, "hyphens: auto: \"%s\" holds no patterns", path);
    const char *why = is_english ? arena_printf(engine->scratch, ", for Western words in a text of \"%s\"", lang ? lang : "") : "";
    return diag_error(diags, where, "no-hyphenation", hint, "hyphens: auto: there are no patterns for \"%s\" (%s)%s", language, name, why);
}

/* ---- Liang ---- */

/* values[i] for the place before letter i of `word`, marked with dots at both ends. As in libhyphen, of all that ends at a
 * letter only the longest beginning of a pattern counts, and only if it is a whole one: its files were made for that. */
static void apply(const Level *level, const UChar *word, size_t count, uint8_t *values, bool *changes)
{
    size_t start = 0;
    for (size_t end = 1; end <= count; end++) {
        const Pattern *pattern = NULL;
        while (start < end && !(pattern = find_pattern(level, word + start, end - start))) start++;
        if (!pattern || pattern->length != end - start) continue;
        const uint8_t *own = level->values + pattern->values;
        for (size_t i = 0; i <= pattern->length; i++)
            if (own[i] > values[start + i]) values[start + i] = own[i], changes[start + i] = pattern->changes;
    }
}

/* One step: points[i], before letter i, from the patterns of a level. How many. */
static size_t find_points(const Level *level, const UChar *letters, size_t count, uint8_t *points)
{
    UChar word[HYPHEN_WORD_MOST + 2];
    uint8_t values[HYPHEN_WORD_MOST + 3] = {0};
    bool changes[HYPHEN_WORD_MOST + 3] = {false};
    size_t found = 0;
    word[0] = word[count + 1] = '.';
    memcpy(word + 1, letters, count * sizeof *letters);
    apply(level, word, count + 2, values, changes);
    for (size_t i = 1; i < count; i++) found += points[i] = values[i + 1] % 2 && !changes[i + 1];
    return found;
}

/* A compound is parted at its joints, and each part again, until there are none; then come the patterns of the last level.
 * is_start, is_end: the part stands at an end of the whole word. */
static void divide(const Patterns *patterns, const UChar *letters, size_t count, bool is_start, bool is_end, uint8_t *points)
{
    const Level *first = &patterns->levels[0], *last = &patterns->levels[patterns->level_count - 1];
    if (first != last && find_points(first, letters, count, points)) {
        size_t begin = 0;
        for (size_t i = 1; i <= count; i++) {
            if (i < count && !points[i]) continue;
            if (i - begin > 1) divide(patterns, letters + begin, i - begin, is_start && begin == 0, is_end && i == count, points + begin);
            begin = i;
        }
        return;
    }
    find_points(last, letters, count, points);
    for (size_t i = 1; i < count; i++)
        if ((!is_start && (int)i < first->least[2]) || (!is_end && (int)(count - i) < first->least[3])) points[i] = 0;
}

void patterns_divide(const Patterns *patterns, const uint32_t *letters, size_t count, int before, int after, uint8_t *points)
{
    UChar word[HYPHEN_WORD_MOST] = {0};
    memset(points, 0, count + 1);
    if (count == 0 || count > HYPHEN_WORD_MOST) return;
    for (size_t i = 0; i < count; i++) {
        uint32_t lower = (uint32_t)u_tolower((UChar32)letters[i]);
        word[i] = lower > 0xFFFF ? 0xFFFD : (UChar)lower;
    }
    divide(patterns, word, count, true, true, points);
    const int *least = patterns->levels[0].least;
    if (before < least[0]) before = least[0];
    if (after < least[1]) after = least[1];
    for (size_t i = 1; i < count; i++)
        if ((int)i < before || (int)(count - i) < after) points[i] = 0;
}
