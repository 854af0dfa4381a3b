/* yaml.h -- a YAML 1.2 file becomes a tree of scalars, lists and maps that knows where each came from.
 *
 * Reading is by libfyaml; what it accepts silently and a layout's author did not mean (and what it refuses with words
 * nobody understands) is found by our own scan and said in ours: reference layout-language, "YAML traps". Anchors, aliases
 * and << are resolved under a limit. Every scalar is kept as text; a plain `null`, `~` or nothing is YAML_NULL. */
#ifndef RENDER_BASE_YAML_H
#define RENDER_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"

typedef enum YamlKind { YAML_NULL, YAML_SCALAR, YAML_LIST, YAML_MAP } YamlKind;
typedef enum YamlStyle { YAML_PLAIN, YAML_SINGLE_QUOTED, YAML_DOUBLE_QUOTED, YAML_LITERAL, YAML_FOLDED } YamlStyle;

typedef struct YamlNode YamlNode;

typedef struct YamlEntry {
    const char *key;
    Span key_span;
    const YamlNode *value;
} YamlEntry;

struct YamlNode {
    YamlKind kind;
    YamlStyle style;              /* of a scalar */
    Span span;                    /* of the value; of its key when the value is empty */
    const char *scalar;           /* NUL-terminated UTF-8 without U+0000; "" for YAML_NULL */
    const YamlNode *const *items; /* of a list */
    const YamlEntry *entries;     /* of a map, in file order, keys unique */
    size_t count;                 /* of items or entries */
};

/* Parse `source` into the arena. All problems that can be found are reported; NULL when any was an error. An empty file
 * is an empty map. Safe for hostile input: bounded depth, nodes and time. */
const YamlNode *yaml_read(Arena *arena, const Source *source, DiagList *diags);

/* The value of `key` in a map, or NULL. */
const YamlNode *yaml_find(const YamlNode *map, const char *key);

#endif
