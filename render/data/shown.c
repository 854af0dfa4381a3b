/* shown.c -- a workbook's numbers as its number formats show them (ECMA-376, 18.8.31): decimal digits, never doubles, so that
 * 96.1 stays 96.1 and every machine writes the same. Dates are written as ISO 8601 whatever their format. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "data/workbook.h"

#define DIGITS_MAX 40
#define EXCEL_DIGITS 15

/* 0.d1d2d3... x 10^point */
typedef struct Decimal { bool is_negative; int count, point; char digits[DIGITS_MAX + 1]; } Decimal;

/* ---- decimals ---- */

static bool decimal_read(const char *text, Decimal *out)
{
    *out = (Decimal){.is_negative = *text == '-'};
    const char *at = text + (*text == '-' || *text == '+');
    bool seen_point = false, seen_digit = false;
    for (; (*at >= '0' && *at <= '9') || (*at == '.' && !seen_point); at++) {
        if (*at == '.') {
            seen_point = true;
            continue;
        }
        seen_digit = true;
        bool is_leading = out->count == 0 && *at == '0';
        if (!is_leading && out->count < DIGITS_MAX) out->digits[out->count++] = *at;
        if (out->point > 1000 || out->point < -1000) return false;
        if (!seen_point && !is_leading) out->point++;
        if (seen_point && is_leading) out->point--;
    }
    if (!seen_digit) return false;
    if (*at == 'e' || *at == 'E') {
        bool is_negative = *++at == '-';
        if (*at == '-' || *at == '+') at++;
        int power = 0;
        if (*at < '0' || *at > '9') return false;
        for (; *at >= '0' && *at <= '9'; at++)
            if (power < 10000) power = power * 10 + (*at - '0');
        out->point += is_negative ? -power : power;
    }
    while (out->count && out->digits[out->count - 1] == '0') out->count--;
    if (!out->count) out->point = 0;
    return !*at && out->point > -320 && out->point < 320;
}

/* Keep the first `keep` digits, half away from zero. */
static void decimal_round(Decimal *d, int keep)
{
    if (keep >= d->count) return;
    if (keep < 0) {
        d->count = d->point = 0;
        return;
    }
    bool up = d->digits[keep] >= '5';
    d->count = keep;
    while (up && d->count && d->digits[d->count - 1] == '9') d->count--;
    if (up && d->count) d->digits[d->count - 1]++;
    else if (up) {
        d->digits[d->count++] = '1';
        d->point++;
    }
    while (d->count && d->digits[d->count - 1] == '0') d->count--;
    if (!d->count) d->point = 0;
}

static char digit_at(const Decimal *d, int place)      /* place: from 0 after the leading point */
{
    return place >= 0 && place < d->count ? d->digits[place] : '0';
}

/* Digits only, no sign. `least` before the point; `fixed` to `most` after it. */
static size_t decimal_write(Decimal d, int least, int fixed, int most, bool is_grouped, char *out, size_t room)
{
    decimal_round(&d, d.point + most);
    int whole = d.point > 0 ? d.point : 0, before = whole > least ? whole : least;
    int after = d.count - d.point > fixed ? d.count - d.point : fixed;
    if (!d.count) after = fixed;
    size_t at = 0;
    for (int i = before; i > 0; i--) {
        if (at + 2 < room) out[at++] = i > whole ? '0' : digit_at(&d, whole - i);
        if (is_grouped && i > 1 && i % 3 == 1 && at + 2 < room) out[at++] = ',';
    }
    if (after > 0 && at + 2 < room) out[at++] = '.';
    for (int i = 0; i < after && at + 2 < room; i++) out[at++] = digit_at(&d, d.point + i);
    out[at] = '\0';
    return at;
}

/* ---- formats ---- */

const char *shown_builtin(unsigned id)
{
    static const struct { unsigned first, last; const char *code; } codes[] = {
        {0, 0, "General"}, {1, 1, "0"}, {2, 2, "0.00"}, {3, 3, "#,##0"}, {4, 4, "#,##0.00"}, {9, 9, "0%"}, {10, 10, "0.00%"},
        {11, 11, "0.00E+00"}, {12, 12, "# ?/?"}, {13, 13, "# ?\?/?\?"}, {14, 17, "yyyy-mm-dd"}, {18, 18, "h:mm"}, {19, 19, "h:mm:ss"},
        {20, 20, "h:mm"}, {21, 21, "h:mm:ss"}, {22, 22, "yyyy-mm-dd h:mm"}, {27, 31, "yyyy-mm-dd"}, {32, 32, "h:mm"}, {33, 33, "h:mm:ss"},
        {34, 34, "h:mm"}, {35, 35, "h:mm:ss"}, {36, 36, "yyyy-mm-dd"}, {37, 38, "#,##0;-#,##0"}, {39, 40, "#,##0.00;-#,##0.00"},
        {41, 42, "#,##0;-#,##0"}, {43, 44, "#,##0.00;-#,##0.00"}, {45, 45, "h:mm:ss"}, {46, 46, "[h]:mm:ss"}, {47, 47, "h:mm:ss"},
        {48, 48, "##0.0E+0"}, {49, 49, "@"}, {50, 54, "yyyy-mm-dd"}, {55, 55, "h:mm"}, {56, 56, "h:mm:ss"}, {57, 58, "yyyy-mm-dd"},
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (id >= codes[i].first && id <= codes[i].last) return codes[i].code;
    return NULL;
}

typedef struct Parsing { ShownSection *section; bool seen_digit, seen_point, has_letters; int commas; } Parsing;

/* `into` has SHOWN_LITERAL bytes, of which the rest are zeros. */
#define SHOWN_LITERAL sizeof((ShownSection *)0)->mask
static void append(Parsing *p, char *into, const char *bytes, size_t length)
{
    size_t used = strlen(into);
    if (used + length < SHOWN_LITERAL) memcpy(into + used, bytes, length);
    else p->section->kind = SHOWN_UNKNOWN;
}

static void add_literal(Parsing *p, const char *bytes, size_t length)
{
    append(p, p->seen_digit ? p->section->after : p->section->before, bytes, length);
}

#define MASK_ZERO '\1'
#define MASK_DIGIT '\2'

/* The literal before a digit stands between two: 000-0000-0000. */
static void add_to_mask(Parsing *p, char c)
{
    ShownSection *s = p->section;
    append(p, s->mask, s->after, strlen(s->after));
    append(p, s->mask, c == '0' ? "\1" : "\2", 1);
    if (*s->after) s->is_masked = true;
    memset(s->after, 0, sizeof s->after);
}

static void add_digit(Parsing *p, char c)
{
    ShownSection *s = p->section;
    if (p->seen_point) {
        if (*s->after) s->kind = SHOWN_UNKNOWN;
        s->most++;
        if (c != '#') s->fixed = s->most;
    } else {
        if (p->seen_digit && p->commas) s->is_grouped = true;
        if (c == '0') s->least++;
        add_to_mask(p, c);
    }
    if (s->is_masked && s->is_grouped) s->kind = SHOWN_UNKNOWN;
    p->seen_digit = s->has_digits = true;
    p->commas = 0;
    if (s->most > 30 || s->least > 30) s->kind = SHOWN_UNKNOWN;
}

/* [Red] says nothing about the text, [$¥-804] is a currency sign, [h] are hours past 24; conditions and Chinese numerals change it. */
static void read_bracket(Parsing *p, const char *inside, size_t length)
{
    static const char *const colours[] = {"Black", "Blue", "Cyan", "Green", "Magenta", "Red", "White", "Yellow", "Color"};
    if (length && *inside == '$') {
        const char *dash = memchr(inside, '-', length);
        add_literal(p, inside + 1, dash ? (size_t)(dash - inside) - 1 : length - 1);
        return;
    }
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
        if (length >= strlen(colours[i]) && !strncasecmp(inside, colours[i], strlen(colours[i]))) return;
    if (length && length <= 2 && strspn(inside, "hH") == length) p->section->has_time = p->section->is_elapsed = true;
    else p->section->kind = SHOWN_UNKNOWN;
}

/* A letter of dates and times; false when it is none. */
static bool read_letter(Parsing *p, const char **at)
{
    ShownSection *s = p->section;
    if (!strncasecmp(*at, "AM/PM", 5) || !strncasecmp(*at, "A/P", 3)) {
        *at += strncasecmp(*at, "AM/PM", 5) ? 2 : 4;
        return s->has_time = true;
    }
    switch (**at | 32) {
    case 'y': case 'd': case 'a': case 'b': case 'g': s->has_date = true; break;     /* aaaa is 星期一, g an era */
    case 'h': s->has_time = true; break;
    case 's': s->has_time = s->has_seconds = true; break;
    case 'm': p->has_letters = true; break;
    case 'e':
        if ((*at)[1] == '+' || (*at)[1] == '-') s->kind = SHOWN_UNKNOWN;    /* 0.00E+00 */
        else s->has_date = true;
        break;
    default: return false;
    }
    return true;
}

/* How long the word for "as it is" is that stands here; 0: none does. */
static size_t general_length(const char *at)
{
    static const char *const words[] = {"General", "G/通用格式"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strncasecmp(at, words[i], strlen(words[i]))) return strlen(words[i]);
    return 0;
}

static const char *parse_section(const char *at, ShownSection *section)
{
    *section = (ShownSection){.kind = SHOWN_NUMBER};
    Parsing p = {.section = section};
    for (; *at && *at != ';'; at++) {
        const char *end;
        size_t general = general_length(at);
        if (general) {
            section->kind = SHOWN_GENERAL;
            p.seen_digit = true;
            at += general - 1;
            continue;
        }
        switch (*at) {
        case '"':
            end = strchr(at + 1, '"');
            if (!end) return section->kind = SHOWN_UNKNOWN, at + strlen(at);
            add_literal(&p, at + 1, (size_t)(end - at) - 1);
            at = end;
            break;
        case '\\':
            if (at[1]) add_literal(&p, ++at, 1);
            break;
        case '!':                 /* 0!.0, is how the Chinese Excel writes 0\.0, (tens of thousands with one digit more) */
            at += at[1] == '.';
            add_literal(&p, at, 1);
            break;
        case '_': case '*':       /* as wide as the next character; as many of it as there is room for */
            if (at[1]) at++;
            while (((unsigned char)at[1] & 0xc0) == 0x80) at++;
            break;
        case '[':
            end = strchr(at, ']');
            if (!end) return section->kind = SHOWN_UNKNOWN, at + strlen(at);
            read_bracket(&p, at + 1, (size_t)(end - at) - 1);
            at = end;
            break;
        case '0': case '#': case '?': add_digit(&p, *at); break;
        case '.':
            if (section->has_time) break;         /* ss.000 */
            p.seen_point = true;
            break;
        case ',': p.commas++; break;
        case '%':
            section->shift += 2;
            add_literal(&p, "%", 1);
            break;
        case '@': section->kind = SHOWN_TEXT; break;
        case '/':
            if (p.seen_digit) section->kind = SHOWN_UNKNOWN;
            else add_literal(&p, at, 1);
            break;
        default:
            if (!read_letter(&p, &at)) add_literal(&p, at, 1);
        }
    }
    section->shift -= 3 * p.commas;
    if (p.has_letters && !section->has_time) section->has_date = true;      /* m is months, but after h minutes */
    if (section->kind == SHOWN_NUMBER && (section->has_date || section->has_time)) section->kind = SHOWN_DATE;
    return at;
}

void shown_parse(const char *code, Shown *out)
{
    *out = (Shown){.count = 0};
    if (!*code) code = "General";
    for (const char *at = code; out->count < 3; at++) {
        at = parse_section(at, &out->sections[out->count++]);
        if (!*at) break;
    }
    out->is_text = out->sections[0].kind == SHOWN_TEXT;
}

/* ---- dates ---- */

/* Days since 0000-03-01 to a date of the proleptic Gregorian calendar. */
static void civil_from_days(long days, int *year, int *month, int *day)
{
    long era = days / 146097, of_era = days % 146097;
    long of_year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long rest = of_era - (365 * of_year + of_year / 4 - of_year / 100), shifted = (5 * rest + 2) / 153;
    *day = (int)(rest - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int)(era * 400 + of_year + (*month <= 2));
}

#define DAYS_TO_1899_12_30 693899L   /* from 0000-03-01 */
#define DAYS_TO_1904_01_01 695361L
#define LAST_SERIAL 2958465L         /* 9999-12-31 */

static bool write_date(const ShownSection *section, const Decimal *d, bool is_1904, char *out)
{
    if (d->is_negative || d->point > 7) return false;
    long days = 0;
    for (int i = 0; i < d->point; i++) days = days * 10 + (digit_at(d, i) - '0');
    double part = 0, weight = 1;
    for (int i = d->point > 0 ? d->point : 0; i < d->count; i++) part += (d->digits[i] - '0') * (weight /= 10);
    if (d->point < 0)
        for (int i = d->point; i < 0; i++) part /= 10;
    long seconds = (long)(part * 86400 + 0.5);
    if (seconds >= 86400) days++, seconds -= 86400;
    /* Lotus 1-2-3 took 1900 for a leap year, and Excel keeps its day 60. */
    if (!is_1904 && days < 60 && section->has_date) days++;
    if (days > LAST_SERIAL || (!is_1904 && section->has_date && days < 2)) return false;
    size_t at = 0;
    if (section->has_date) {
        int year, month, day;
        civil_from_days((is_1904 ? DAYS_TO_1904_01_01 : DAYS_TO_1899_12_30) + days, &year, &month, &day);
        at = (size_t)snprintf(out, SHOWN_ROOM, "%04d-%02d-%02d", year, month, day);
    }
    long hours = seconds / 3600 + (section->is_elapsed ? days * 24 : 0);
    if (section->has_time) at += (size_t)snprintf(out + at, SHOWN_ROOM - at, "%s%02ld:%02ld", at ? " " : "", hours, seconds / 60 % 60);
    if (section->has_seconds) snprintf(out + at, SHOWN_ROOM - at, ":%02ld", seconds % 60);
    return true;
}

/* ---- numbers ---- */

/* Up to 11 characters for a fraction, as a cell that is wide enough shows; whole numbers in full. */
static void write_general(const Decimal *d, char *out)
{
    int whole = d->point > 1 ? d->point : 1, most = whole < 10 ? 10 - whole : 0;
    if (d->point < -3) most = d->count - d->point;      /* 0.00001234: Excel would write 1.234E-05 */
    char *to = out;
    if (d->is_negative && d->count) *to++ = '-';
    decimal_write(*d, 1, 0, most, false, to, SHOWN_ROOM - 1);
}

/* The digits before the point fill the mask from its end; the first place takes those that are too many. */
static void write_masked(const char *mask, const char *digits, char *out)
{
    size_t whole = strspn(digits, "0123456789"), places = 0, next = 0;
    for (const char *at = mask; *at; at++) places += *at == MASK_ZERO || *at == MASK_DIGIT;
    for (const char *at = mask; *at; at++) {
        if (*at != MASK_ZERO && *at != MASK_DIGIT) {
            *out++ = *at;
            continue;
        }
        places--;
        if (places < whole)
            while (next < whole - places) *out++ = digits[next++];
        else if (*at == MASK_ZERO) *out++ = '0';
    }
    strcpy(out, digits + whole);
}

static void write_number(const ShownSection *section, const Decimal *d, bool keeps_sign, char *out)
{
    char digits[SHOWN_ROOM / 2], masked[SHOWN_ROOM / 2 + sizeof section->mask];
    Decimal rounded = *d;
    decimal_round(&rounded, rounded.point + section->most);
    decimal_write(*d, section->least, section->fixed, section->most, section->is_grouped, digits, sizeof digits);
    if (!section->has_digits) *digits = '\0';       /* words alone, or nothing: ;;; hides a number */
    if (section->is_masked) write_masked(section->mask, digits, masked);
    snprintf(out, SHOWN_ROOM, "%s%s%s%s", keeps_sign && rounded.count ? "-" : "", section->before, section->is_masked ? masked : digits, section->after);
}

ShownResult shown_write(const Shown *format, const char *value, bool is_1904, char out[SHOWN_ROOM])
{
    Decimal d;
    if (!decimal_read(value, &d)) return SHOWN_NO_NUMBER;
    if (d.point > EXCEL_DIGITS) return SHOWN_TOO_LONG;
    decimal_round(&d, EXCEL_DIGITS);      /* what binary fractions add: 96.099999999999994 */
    int which = d.count == 0 && format->count > 2 ? 2 : d.is_negative && format->count > 1 ? 1 : 0;
    const ShownSection *section = &format->sections[which];
    bool keeps_sign = which == 0 && d.is_negative;
    switch (format->count ? section->kind : SHOWN_GENERAL) {
    case SHOWN_DATE:
        if (write_date(section, &d, is_1904, out)) return SHOWN_OK;
        write_general(&d, out);
        return SHOWN_AS_GENERAL;
    case SHOWN_NUMBER:
        if (d.count) d.point += section->shift;
        write_number(section, &d, keeps_sign, out);
        return SHOWN_OK;
    case SHOWN_GENERAL: {
        char digits[SHOWN_ROOM];
        d.is_negative = false;
        write_general(&d, digits);
        snprintf(out, SHOWN_ROOM, "%s%s%.*s%s", keeps_sign && d.count ? "-" : "", section->before, SHOWN_ROOM - 80, digits, section->after);
        return SHOWN_OK;
    }
    case SHOWN_TEXT: write_general(&d, out); return SHOWN_OK;
    case SHOWN_UNKNOWN: break;
    }
    write_general(&d, out);
    return SHOWN_AS_GENERAL;
}
