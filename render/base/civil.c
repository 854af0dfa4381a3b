/* civil.c -- the calendar by arithmetic: days are counted from 1 March, so that leap days come last. */
#include "base/civil.h"

#include <stdio.h>

#define DAY_SECONDS 86400

/* Howard Hinnant, "chrono-compatible low-level date algorithms": days since 1970-01-01. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400, day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void date_at(int64_t days, Civil *out)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097, day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100), month = (5 * day_of_year + 2) / 153;
    out->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    out->month = (int)(month < 10 ? month + 3 : month - 9);
    out->year = (int)(year_of_era + era * 400 + (out->month <= 2));
}

/* Exactly `count` digits. */
static const char *read_digits(const char *at, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++, at++) {
        if (*at < '0' || *at > '9') return NULL;
        *out = *out * 10 + (*at - '0');
    }
    return at;
}

static const char *read_after(const char *at, char sign, int *out) { return *at == sign ? read_digits(at + 1, 2, out) : NULL; }

static bool is_zone(const char *at)
{
    int hours, minutes;
    if (!*at || (*at == 'Z' && !at[1])) return true;
    if (*at != '+' && *at != '-') return false;
    if (!(at = read_digits(at + 1, 2, &hours))) return false;
    if (!*at) return hours <= 14;
    return (at = read_after(at, ':', &minutes)) && !*at && hours <= 14 && minutes < 60;
}

bool civil_read(const char *text, Civil *out)
{
    *out = (Civil){0};
    const char *at = read_digits(text, 4, &out->year);
    if (!at || !(at = read_after(at, '-', &out->month)) || !(at = read_after(at, '-', &out->day))) return false;
    if (out->year < 1 || out->month < 1 || out->month > 12 || out->day < 1 || out->day > 31) return false;
    Civil same;
    date_at(days_of(out->year, out->month, out->day), &same);
    if (same.month != out->month) return false;              /* 30 February */
    if (!*at) return true;
    if (*at != 'T' && *at != ' ') return false;
    if (!(at = read_digits(at + 1, 2, &out->hour)) || !(at = read_after(at, ':', &out->minute))) return false;
    if (*at == ':' && !(at = read_after(at, ':', &out->second))) return false;
    return out->hour < 24 && out->minute < 60 && out->second < 60 && is_zone(at);
}

int64_t civil_seconds(const Civil *time)
{
    return days_of(time->year, time->month, time->day) * DAY_SECONDS + time->hour * 3600 + time->minute * 60 + time->second;
}

Civil civil_at(int64_t seconds)
{
    int64_t days = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
    if (rest < 0) rest += DAY_SECONDS, days--;
    Civil out = {.hour = (int)(rest / 3600), .minute = (int)(rest / 60 % 60), .second = (int)(rest % 60)};
    date_at(days, &out);
    return out;
}

int civil_weekday(const Civil *time)
{
    int64_t days = days_of(time->year, time->month, time->day) + 3;      /* 1970-01-01 was a Thursday */
    return (int)((days % 7 + 7) % 7);
}

char *civil_text(char *out, const Civil *time)
{
    snprintf(out, CIVIL_ROOM, "%04u-%02u-%02uT%02u:%02u:%02u", (unsigned)time->year % 10000, (unsigned)time->month % 100, (unsigned)time->day % 100,
             (unsigned)time->hour % 100, (unsigned)time->minute % 100, (unsigned)time->second % 100);
    return out;
}
