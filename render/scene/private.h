/* private.h -- what the files of this room share: digests, a path that grows, SVG's numbers, and the decoders behind image.c. */
#ifndef RENDER_SCENE_PRIVATE_H
#define RENDER_SCENE_PRIVATE_H

#include "scene/scene.h"

/* ---- units.c ---- */

void scene_digest_all(const Scene *scene, uint8_t digest[SCENE_SHARED_DIGEST]);

/* ---- path.c ---- */

typedef struct PathBuilder {
    Arena *arena;
    uint8_t *verbs;
    size_t verb_count, verb_capacity;
    Point *points;
    size_t point_count, point_capacity;
} PathBuilder;

void path_builder_init(PathBuilder *builder, Arena *arena);
void path_builder_move(PathBuilder *builder, Point to);
void path_builder_line(PathBuilder *builder, Point to);
void path_builder_curve(PathBuilder *builder, Point control_1, Point control_2, Point to);
void path_builder_close(PathBuilder *builder);
Path *path_builder_finish(PathBuilder *builder);

/* ---- svgpath.c ---- */

/* An SVG number ([+-] digits, a point, an exponent; ".5", "5." and "1e-3" too) at the start of `text`. Answers the bytes it
 * took, 0 when there is none; a value beyond any use comes back as infinity. */
size_t svg_number(const char *text, size_t length, double *value);

/* ---- images: png.c, jpeg.c, svgsize.c ---- */

/* Cairo and pixman count pixels of a side in 16 bits with sign. */
#define IMAGE_SIDE_MAX 32767

#define DECODE_MESSAGE_ROOM 256

typedef enum DecodeResult { DECODE_DONE, DECODE_BAD, DECODE_TOO_LARGE } DecodeResult;

/* What a decoder made. It never allocates from an arena, so that no jump can cross a library: `pixels` and `inks` are from
 * malloc and the caller's to free. */
typedef struct Decoded {
    int width, height;
    double natural_width, natural_height;
    uint8_t *pixels;
    uint8_t *inks;                          /* of CMYK, else NULL */
    bool is_converted;                      /* from the file's own profile */
    char message[DECODE_MESSAGE_ROOM];      /* of DECODE_BAD: what is wrong, in the library's words or ours */
    const char *hint;                       /* a literal, or NULL */
} Decoded;

/* ---- icc.c ---- */

typedef enum IccPixels { ICC_RGBA, ICC_ARGB32, ICC_CMYK } IccPixels;         /* bytes; opaque ARGB32 in little-endian order; inks, to ARGB32 */
typedef enum IccResult { ICC_DONE, ICC_SAME, ICC_OTHER, ICC_BROKEN } IccResult;

/* Bring pixels of 4 bytes from the profile to sRGB; `to` may be `from`. Only of ICC_DONE is anything written. */
IccResult icc_convert(const void *profile, size_t length, IccPixels kind, const uint8_t *from, uint8_t *to, size_t count);
DecodeResult icc_say_broken(Decoded *out);

DecodeResult png_decode(const uint8_t *bytes, size_t length, Decoded *out);
DecodeResult jpeg_decode(const uint8_t *bytes, size_t length, Decoded *out);

/* Does this look like SVG: is the first element <svg>, after at most a byte order mark, an XML declaration, comments and a
 * DOCTYPE? */
bool svg_is_svg(const char *text, size_t length);
/* The natural size from the root element; nothing is drawn. */
DecodeResult svg_measure(const char *text, size_t length, Decoded *out);

/* Does a picture of this size fit the limits? */
bool image_size_fits(uint64_t width, uint64_t height);

/* A message of a library in our style: no capital, no full stop, no control characters. */
void decode_say(Decoded *out, const char *message);

#endif
