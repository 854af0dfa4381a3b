/* civil.h -- dates and times of day as people write them (ISO 8601, Gregorian), without zones or leap seconds. Pure. */
#ifndef RENDER_BASE_CIVIL_H
#define RENDER_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Civil { int year, month, day, hour, minute, second; } Civil;

#define CIVIL_ROOM 32

/* "2026-11-26", "2026-11-26T08:00", "2026-11-26 08:00:30", with "Z" or "+08:00" behind it, which says where the time holds
 * and changes nothing. Years 1 to 9999. False: it is none. */
bool civil_read(const char *text, Civil *out);

/* Seconds since 1970-01-01T00:00:00 of the same calendar, and back. */
int64_t civil_seconds(const Civil *time);
Civil civil_at(int64_t seconds);

/* 0 Monday .. 6 Sunday. */
int civil_weekday(const Civil *time);

/* "2026-11-26T08:00:00" into `out` of CIVIL_ROOM bytes; returns it. */
char *civil_text(char *out, const Civil *time);

#endif
