/* hash.h -- SHA-256 (FIPS 180-4) through nettle. */
#ifndef RENDER_BASE_HASH_H
#define RENDER_BASE_HASH_H

#include <stddef.h>

#include <nettle/sha2.h>

#define HASH_HEX_ROOM 65

/* The SHA-256 of `length` bytes as 64 lower-case hex digits and a NUL. */
void hash_sha256(const void *bytes, size_t length, char hex[HASH_HEX_ROOM]);

/* The same in pieces. hash_add_string adds the NUL too, so that "a", "bc" and "ab", "c" differ; NULL is as "". */
typedef struct sha256_ctx Hash;
void hash_begin(Hash *hash);
void hash_add(Hash *hash, const void *bytes, size_t length);
void hash_add_string(Hash *hash, const char *string);
void hash_end(Hash *hash, char hex[HASH_HEX_ROOM]);

#endif
