/* hash.h -- SHA-256 (FIPS 180-4) through nettle. */
#ifndef RENDER_BASE_HASH_H
#define RENDER_BASE_HASH_H

#include <stddef.h>

#define HASH_HEX_ROOM 65

/* The SHA-256 of `length` bytes as 64 lower-case hex digits and a NUL. */
void hash_sha256(const void *bytes, size_t length, char hex[HASH_HEX_ROOM]);

#endif
