/* yaml_private.h -- what the files behind yaml.h share: yaml.c (the door), yaml_tree.c (libfyaml's events become nodes), yaml_merge.c (finished maps),
 * yaml_traps.c (accepted, but not meant), yaml_lines.c (refused: the line is scanned for what the author meant). */
#ifndef RENDER_BASE_YAML_PRIVATE_H
#define RENDER_BASE_YAML_PRIVATE_H

#include "base/yaml.h"

/* Every node of a tree is one of these; YamlNode is its public part. */
typedef struct RawNode {
    YamlNode node;
    size_t weight;                /* nodes below and with it, aliases counted as often as they stand there */
    int height;                   /* levels below it */
    bool is_flow;                 /* of a list or map: [ ] or { } */
    bool is_absent;               /* YAML_NULL because nothing was written */
    bool is_open;                 /* still being read: an alias to it would be endless */
    bool is_broken;               /* already reported: no trap looks at it again */
} RawNode;

/* Where a value stands. */
typedef struct YamlPlace {
    const YamlEntry *entry;       /* its entry in a map, or NULL */
    const RawNode *previous;      /* the value of the entry before it, or NULL */
    bool in_flow;
    bool is_item;                 /* of a list */
} YamlPlace;

/* A value that waits for its list or map to be closed. */
typedef struct YamlPending {
    YamlEntry entry;
    RawNode *value;
    bool is_merge;
} YamlPending;

/* The entries of a finished map from what was pending, in `arena`; the count. Keys said twice are reported, and so is what `<<` cannot
 * take. */
size_t yaml_merge(Arena *arena, const YamlPending *pending, size_t count, YamlEntry **out, DiagList *diags);

typedef struct YamlTree {
    const RawNode *root;          /* NULL: the file is empty, or it was refused */
    bool is_refused;
    size_t refused_at;            /* where libfyaml stopped */
    size_t first_diag;            /* messages of this file start here */
    const char *refusal;          /* its words, "" when it had none */
} YamlTree;

/* Read the events of libfyaml; what they alone can tell is reported on the way. */
YamlTree yaml_tree_build(Arena *arena, const Source *source, DiagList *diags);

/* Traps in a value, and in all of a finished flow list. False when one was reported. */
bool yaml_trap_value(const Source *source, const RawNode *value, const YamlPlace *place, DiagList *diags);
bool yaml_trap_key(const Source *source, const YamlEntry *entry, DiagList *diags);
void yaml_trap_list(const RawNode *list, DiagList *diags);

/* `{{name}}` at `start` without quotes. */
bool yaml_trap_placeholder(const Source *source, size_t start, DiagList *diags);

/* Report what made libfyaml refuse the file, in words an author understands; its own words only when nothing is found. */
void yaml_scan_lines(const Source *source, const YamlTree *tree, DiagList *diags);

/* The messages that both ways of looking give. */
bool yaml_say_markup(Span where, DiagList *diags);
bool yaml_say_reserved(Span where, DiagList *diags);
bool yaml_say_hash(const Source *source, size_t hash, DiagList *diags);
bool yaml_say_missing_space(Span key, DiagList *diags);
bool yaml_say_wide_colon(Span colon, DiagList *diags);

/* The first offset from `at` on that is no space or tab; never past the end. */
size_t yaml_skip_blanks(const Source *source, size_t at);

#endif
