/* font.h -- the pinned catalogue of fonts, their faces, strikes and coverage.
 *
 * Inside: catalogue.c (fonts/catalogue.yaml), find.c (a family by name and weight), file.c (files found, mapped, compared
 * with their pins), face.c (HarfBuzz handles, metrics), strikes.c (glyphs of embedded bitmaps), instance.c (variable fonts), coverage.c (who has
 * a character), engine.c (FreeType, dots), subset.c, system.c (fontconfig), report.c (`biaoyu fonts`). A FontLibrary is opened once
 * and shared: catalogue, mapped files and HarfBuzz faces are immutable (faces are opened on first use, under a lock).
 * FreeType handles and hinted HarfBuzz fonts belong to one worker: FontEngine. */
#ifndef RENDER_FONT_FONT_H
#define RENDER_FONT_FONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include <hb.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/length.h"
#include "base/strbuf.h"

typedef struct FontLibrary FontLibrary;

typedef struct FontOptions {
    const char *catalogue;        /* path of catalogue.yaml */
    bool system_fonts;            /* --system-fonts: families not in the catalogue are asked of fontconfig, and said */
    bool skip_hashes;             /* do not compare SHA-256 of font files (bench only) */
} FontOptions;

/* Read the catalogue. NULL and diags on failure. The library lives in `arena` and is released with it. Cheap: no font
 * file is opened here. */
FontLibrary *font_library_open(Arena *arena, const FontOptions *options, DiagList *diags);

/* One face of one file: a family at a weight. Immutable; lives as long as the library. Compare by pointer. */
typedef struct Face {
    const char *family;           /* canonical name, "Noto Sans CJK SC" */
    const char *style_name;       /* "Bold" */
    const char *file;             /* full path */
    int index;                    /* in a collection */
    int weight;                   /* 300 400 500 700 900 */
    const char *sha256;           /* of the file, as the catalogue pins it; "" for a layout's own file */
    const int *strikes;           /* ppem of its bitmap strikes, ascending */
    size_t strike_count;
    bool strikes_only;            /* never draw it as outlines (bitmap family) */
    bool is_color;                /* glyphs are pictures (CBDT, sbix): never drawn as outlines or dots */
    int units_per_em;
    int ascent, descent;          /* font units, both positive; descent below the baseline. OS/2 typo: the em box of CJK */
    const char *axes;             /* of an instance of a variable font: "opsz=28 wght=650"; else "" */
    size_t serial;                /* 0, 1, 2.. in catalogue order, for caches */
    struct FaceHandle *handle;    /* private */
} Face;

/* Find a family by any of its names (canonical or alias, also Chinese; case and spaces do not count) at the wanted weight
 * or the nearest installed one by the rule of CSS, never a synthetic one; the warning `font-weight` says when it is 200 or
 * more off. The file is opened on first use and its size and `check` hash (both ends of the file) compared with the
 * catalogue: the SHA-256 of a whole 19 MB font would cost more than drawing a poster; font_report compares that. On
 * failure NULL and a diag at `where`: `unknown-font` with the nearest names, `font-missing` with the Debian package to
 * install, `font-changed`, `bad-font`. */
const Face *font_find(FontLibrary *library, const char *family, int weight, Span where, DiagList *diags);

/* A font file a layout brings itself. NULL and a diag: `missing-file`, `bad-font`. */
const Face *font_find_file(FontLibrary *library, const char *path, Span where, DiagList *diags);

/* An axis of a variable font and a place on it, in the axis's own scale. */
typedef struct FontAxis { char tag[5]; float value; } FontAxis;

/* The catalogue's font for emoji: the family that answers to "emoji", pictures in colour; for dots "Unifont Upper". NULL
 * without a word when the catalogue has none; NULL and a diag when it is not installed. */
const Face *font_find_emoji(FontLibrary *library, bool is_dots, Span where, DiagList *diags);

/* A glyph of such a face as a PNG file; the caller destroys the blob. Empty for a glyph without ink. */
hb_blob_t *font_emoji_png(const Face *face, uint32_t glyph);

/* The face as a font of its own, all axes fixed: those given, the others where the font has them. A weight axis that is not
 * given follows `weight`, as in CSS. The same face when there is nothing to fix. The instance is made once and shared.
 * `is_asked`: an axis that the face does not have is the error `no-axis` with the axes there are, or else let pass; a value
 * beyond the axis is `axis-range`. NULL after a diag. */
const Face *font_instance(FontLibrary *library, const Face *face, const FontAxis *axes, size_t count, int weight, bool is_asked,
                          Span where, DiagList *diags);

/* Does its character map have the code point? For a strikes_only face: in any strike. Thread-safe, fast (a set). */
bool font_has(const Face *face, uint32_t codepoint);

/* The blob and face shared by all threads (immutable); for shaping in font units. */
hb_face_t *font_hb_face(const Face *face);

/* A HarfBuzz font scaled to units_per_em, hb-ot functions, immutable, shared. For outline faces. */
hb_font_t *font_hb_font(const Face *face);

/* The box of a glyph's ink, as hb_font_get_glyph_extents of that font says; false when it cannot. What was asked once is
 * remembered (an outline in CFF is interpreted for every answer). Any thread. */
bool font_glyph_box(const Face *face, uint32_t glyph, hb_glyph_extents_t *out);

/* The same for text from top to bottom: where the file has no vertical metrics, a character is an em high and its em box
 * lies where it does in horizontal text. */
hb_font_t *font_hb_vertical(const Face *face);

/* ---- subsets: subset.c ---- */

/* A face made of some glyphs of another, axes at their initial places, without character map and what only shaping needs.
 * `face` NULL: it could not be made. */
typedef struct FontSubset { hb_face_t *face; hb_map_t *to_new; } FontSubset;       /* to_new: from the ids in the whole face */
enum { FONT_KEEPS_IDS = 1, FONT_KEEPS_NAME = 2 };              /* glyphs keep their ids; there is a `name` table */
FontSubset font_subset(const Face *face, const hb_set_t *glyphs, unsigned keeps);
void font_subset_free(FontSubset *subset);

/* Which glyphs of which faces are drawn. Lives in `arena`; any thread may add. */
typedef struct FontGlyphs FontGlyphs;
typedef struct FaceGlyphs FaceGlyphs;
FontGlyphs *font_glyphs_new(Arena *arena);
FaceGlyphs *font_glyphs_of(FontGlyphs *glyphs, const Face *face);          /* NULL: too many faces, or no memory */
void face_glyphs_add(FaceGlyphs *glyphs, uint32_t id);
void face_glyphs_list(const FaceGlyphs *glyphs, hb_set_t *out);

/* ---- per worker ---- */

typedef struct FontEngine FontEngine;

/* Handles of one thread. Released with the arena. */
FontEngine *font_engine_new(Arena *arena, FontLibrary *library);

/* FreeType face, unsized (the caller sets sizes), borrowed. NULL when FreeType refuses the file. */
FT_Face font_ft_face(FontEngine *engine, const Face *face);

/* How glyphs of a face become dots on a screen without grey (and the load flags that say so). */
typedef enum DotMode { DOT_STRIKE, DOT_MONO, DOT_LIGHT } DotMode;
FT_Int32 font_load_flags(DotMode mode);

/* The FreeType face that draws `ppem` dots, set to that size. Use this and not font_ft_face for dots: a family like efont
 * has a file for each strike, with its own glyph ids. NULL when there is no such strike (DOT_STRIKE) or FreeType refuses.
 * An outline font that is drawn on a grid (Unifont at 16) is catalogued with a strike: its slot then holds an outline, to
 * be rendered with FT_RENDER_MODE_MONO. */
FT_Face font_ft_dots(FontEngine *engine, const Face *face, int ppem, DotMode mode);

/* Is there a strike of exactly `ppem` dots? */
bool font_has_strike(const Face *face, int ppem);

/* A HarfBuzz font through FreeType at a whole number of dots, advances in 26.6 and whole dots; `mode` as it will be drawn.
 * Borrowed; valid until the next call for the same face. The FT_Face is set to that size. NULL as font_ft_dots. Kerning of
 * an outline font is not rounded: switch it off for dots. */
hb_font_t *font_hb_dots(FontEngine *engine, const Face *face, int ppem, DotMode mode);

/* ---- the `fonts` command ---- */

typedef struct FontReportOptions { const char *has; const char *coverage; bool json; } FontReportOptions;

/* Catalogue, files found, what is missing (package to install); with `has`: which faces have the characters; with
 * `coverage` "gb2312" or "8105": how many of the set each family lacks. False after a diag. */
bool font_report(FontLibrary *library, const FontReportOptions *options, StrBuf *out, DiagList *diags);

/* Names of installed catalogued families that have the character, at most `most`; the count. Lives in the library. */
size_t font_families_with(FontLibrary *library, uint32_t codepoint, const char **names, size_t most);

#endif
