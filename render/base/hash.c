/* hash.c -- SHA-256 through nettle. */
#include "base/hash.h"

#include <stdint.h>
#include <string.h>

void hash_begin(Hash *hash)
{
    sha256_init(hash);
}

void hash_add(Hash *hash, const void *bytes, size_t length)
{
    sha256_update(hash, length, bytes);
}

void hash_add_string(Hash *hash, const char *string)
{
    if (!string)
        string = "";
    sha256_update(hash, strlen(string) + 1, (const uint8_t *)string);
}

void hash_end(Hash *hash, char hex[HASH_HEX_ROOM])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(hash, sizeof digest, digest);
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * sizeof digest] = '\0';
}

void hash_sha256(const void *bytes, size_t length, char hex[HASH_HEX_ROOM])
{
    Hash hash;
    hash_begin(&hash);
    hash_add(&hash, bytes, length);
    hash_end(&hash, hex);
}
