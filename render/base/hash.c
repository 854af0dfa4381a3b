/* hash.c -- SHA-256 through nettle. */
#include "base/hash.h"

#include <nettle/sha2.h>
#include <stdint.h>

void hash_sha256(const void *bytes, size_t length, char hex[HASH_HEX_ROOM])
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, length, bytes);
    sha256_digest(&context, sizeof digest, digest);
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * sizeof digest] = '\0';
}
