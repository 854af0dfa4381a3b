/* yaml_tree.c -- libfyaml's events become nodes. Aliases are resolved here, by sharing the node: a bomb costs no memory,
 * and every node knows its weight, so that what it would cost a reader of the tree is refused by counting. */
#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/strbuf.h"
#include "base/yaml_private.h"

#define ANCHORS_MAX 1000          /* they are looked through one by one */

typedef struct Anchor {
    struct Anchor *older;
    const char *name;
    Span span;
    RawNode *node;
    bool is_used;
} Anchor;

/* A list or map still open. */
typedef struct Frame {
    RawNode *node;
    size_t first;                 /* its first entry among the pending */
    bool has_key;                 /* of a map: a key waits for its value */
    bool is_bad_key;              /* that key is no plain name */
} Frame;

typedef struct Reader {
    struct fy_diag *fy_diag;
    struct fy_parser *parser;
    struct fy_event *event;
    Arena *arena;
    const Source *source;
    DiagList *diags;
    Frame frames[LIMIT_YAML_DEPTH + 1];
    int depth;
    int skip_depth;               /* inside an unquoted placeholder: levels not kept */
    YamlPending *pending;         /* children of all open frames, outermost first */
    size_t pending_count, pending_capacity;
    size_t anchor_count, first_error;
    Anchor *anchors;              /* newest first: a later one of the same name hides it */
    RawNode *root;
    size_t node_count, alias_count;
    size_t last_end;              /* where the last thing with a place ended */
    size_t documents;
    bool is_stopped;              /* a limit was passed: no use in reading on */
} Reader;

static void close_reader(void *context)
{
    Reader *reader = context;
    if (reader->event)
        fy_parser_event_free(reader->parser, reader->event);
    if (reader->parser)
        fy_parser_destroy(reader->parser);
    if (reader->fy_diag)
        fy_diag_destroy(reader->fy_diag);
    free(reader);
}

static bool open_parser(Reader *reader)
{
    struct fy_diag_cfg diag_config;
    fy_diag_cfg_default(&diag_config);
    diag_config.fp = NULL;
    diag_config.colorize = false;
    reader->fy_diag = fy_diag_create(&diag_config);
    if (!reader->fy_diag)
        return false;
    fy_diag_set_collect_errors(reader->fy_diag, true);
    struct fy_parse_cfg config = {
        .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
        .diag = reader->fy_diag,
    };
    reader->parser = fy_parser_create(&config);
    return reader->parser && !fy_parser_set_string(reader->parser, reader->source->text, reader->source->length);
}

/* ---- places ---- */

static Span token_span(const Reader *reader, struct fy_token *token)
{
    const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;
    size_t length = reader->source->length;
    if (!start || !end || start->input_pos > length || end->input_pos > length || end->input_pos < start->input_pos)
        return (Span){reader->source, reader->last_end, reader->last_end};
    return (Span){reader->source, start->input_pos, end->input_pos};
}

static char byte_at(const Reader *reader, size_t at)
{
    return at < reader->source->length ? reader->source->text[at] : '\0';
}

/* libfyaml's marks leave the quotes out; the user's value has them. */
static Span scalar_span(const Reader *reader, struct fy_token *token, YamlStyle style)
{
    Span span = token_span(reader, token);
    char quote = style == YAML_DOUBLE_QUOTED ? '"' : style == YAML_SINGLE_QUOTED ? '\'' : '\0';
    if (quote && span.start && byte_at(reader, span.start - 1) == quote)
        span.start--;
    if (quote && byte_at(reader, span.end) == quote)
        span.end++;
    return span;
}

/* The dash of an item that has no value: nothing but blanks and comments can stand before it. */
static Span dash_span(const Reader *reader)
{
    size_t at = reader->last_end;
    while (at < reader->source->length && byte_at(reader, at) != '-') {
        if (byte_at(reader, at) == '#')
            while (at < reader->source->length && byte_at(reader, at) != '\n')
                at++;
        else
            at++;
    }
    return (Span){reader->source, at, at < reader->source->length ? at + 1 : at};
}

/* ---- children ---- */

static Frame *innermost_frame(Reader *reader)
{
    return reader->depth ? &reader->frames[reader->depth - 1] : NULL;
}

static YamlPending *add_pending(Reader *reader)
{
    reader->pending = ARENA_GROW(reader->arena, reader->pending, reader->pending_count, &reader->pending_capacity);
    YamlPending *pending = &reader->pending[reader->pending_count++];
    *pending = (YamlPending){0};
    return pending;
}

/* A value is done: into the open map or list, or it is the root. */
static void add_value(Reader *reader, RawNode *value)
{
    Frame *frame = innermost_frame(reader);
    if (!frame) {
        reader->root = value;
        YamlPlace place = {0};
        if (!value->is_broken && value->node.kind != YAML_MAP)
            yaml_trap_value(reader->source, value, &place, reader->diags);
        return;
    }
    bool is_map = frame->node->node.kind == YAML_MAP;
    YamlPending *pending = is_map ? &reader->pending[reader->pending_count - 1] : add_pending(reader);
    pending->value = value;
    pending->entry.value = &value->node;
    frame->has_key = false;
    frame->node->weight += value->weight;
    if (frame->node->height <= value->height)
        frame->node->height = value->height + 1;
    YamlPlace place = {.entry = is_map ? &pending->entry : NULL, .in_flow = frame->node->is_flow, .is_item = !is_map};
    if (is_map && reader->pending_count - frame->first > 1)
        place.previous = pending[-1].value;
    if (!value->is_broken && !frame->is_bad_key)
        yaml_trap_value(reader->source, value, &place, reader->diags);
}

/* A map waiting for a key takes scalars as keys only. */
static bool wants_key(const Frame *frame)
{
    return frame && frame->node->node.kind == YAML_MAP && !frame->has_key;
}

static void add_key(Reader *reader, Frame *frame, const char *key, Span span, bool is_plain, bool is_bad)
{
    YamlPending *pending = add_pending(reader);
    pending->entry = (YamlEntry){.key = key, .key_span = span};
    pending->is_merge = is_plain && !strcmp(key, "<<");
    frame->has_key = true;
    frame->is_bad_key = is_bad;
    if (!is_bad && !yaml_trap_key(reader->source, &pending->entry, reader->diags))
        frame->is_bad_key = true;
}

/* ---- limits ---- */

static bool count_node(Reader *reader, Span where)
{
    if (++reader->node_count <= LIMIT_YAML_NODES)
        return true;
    reader->is_stopped = true;
    return diag_error(reader->diags, where, "too-large", "cut it into several files",
                      "the file holds more than %zu values", LIMIT_YAML_NODES);
}

static bool report_depth(Reader *reader, Span where)
{
    reader->is_stopped = true;
    return diag_error(reader->diags, where, "too-deep", "name the inner boxes as parts and use those",
                      "lists and maps are nested more than %d deep", LIMIT_YAML_DEPTH);
}

/* ---- anchors and aliases ---- */

static void add_anchor(Reader *reader, struct fy_token *token, RawNode *node)
{
    if (!token)
        return;
    size_t length = 0;
    const char *name = fy_token_get_text(token, &length);
    if (!name)
        return;
    Anchor *anchor = ARENA_NEW(reader->arena, Anchor);
    Span span = token_span(reader, token);
    if (span.start && byte_at(reader, span.start - 1) == '&')
        span.start--;
    if (++reader->anchor_count > ANCHORS_MAX) {
        reader->is_stopped = true;
        diag_error(reader->diags, span, "too-large", "use styles and parts instead of anchors",
                   "the file holds more than %d anchors", ANCHORS_MAX);
    }
    *anchor = (Anchor){reader->anchors, arena_copy(reader->arena, name, length), span, node, false};
    reader->anchors = anchor;
}

static Anchor *find_anchor(Reader *reader, const char *name)
{
    for (Anchor *anchor = reader->anchors; anchor; anchor = anchor->older)
        if (!strcmp(anchor->name, name))
            return anchor;
    return NULL;
}

/* An anchor on a text that nobody uses was not meant as one: its name is missing from the text. */
static void check_anchors(Reader *reader)
{
    for (Anchor *anchor = reader->anchors; anchor; anchor = anchor->older) {
        YamlKind kind = anchor->node->node.kind;
        if (anchor->is_used || (kind != YAML_SCALAR && kind != YAML_NULL))
            continue;
        diag_error(reader->diags, anchor->span, "anchor-in-text", "put the whole text in quotes",
                   "\"&%s\" at the start of a value is a mark for YAML and is missing from the text", anchor->name);
    }
}

static RawNode *broken_node(Reader *reader, Span span)
{
    RawNode *node = ARENA_NEW(reader->arena, RawNode);
    *node = (RawNode){.node = {.kind = YAML_NULL, .span = span, .scalar = ""}, .weight = 1, .is_broken = true};
    return node;
}

/* What `*name` stands for. Shared, not copied. */
static RawNode *resolve_alias(Reader *reader, const char *name, Span span)
{
    Anchor *anchor = find_anchor(reader, name);
    if (!anchor) {
        reader->alias_count++;
        yaml_say_markup(span, reader->diags);
        return broken_node(reader, span);
    }
    anchor->is_used = true;
    RawNode *node = anchor->node;
    if (node->is_open) {
        diag_error(reader->diags, span, "recursive-alias", "write out the part that is needed",
                   "\"*%s\" stands inside the value that \"&%s\" names", name, name);
        return broken_node(reader, span);
    }
    reader->alias_count += node->weight;
    if (reader->alias_count > LIMIT_ALIAS_NODES) {
        diag_error(reader->diags, span, "alias-bomb", "write it without aliases to aliases",
                   "aliases (\"*%s\") make more than %zu values", name, LIMIT_ALIAS_NODES);
        reader->is_stopped = true;
        return broken_node(reader, span);
    }
    if (reader->depth + node->height > LIMIT_YAML_DEPTH) {
        report_depth(reader, span);
        return broken_node(reader, span);
    }
    return node;
}

/* ---- closing lists and maps ---- */

static void close_list(Reader *reader, Frame *frame, size_t count)
{
    const YamlNode **items = ARENA_ARRAY(reader->arena, const YamlNode *, count);
    for (size_t i = 0; i < count; i++)
        items[i] = reader->pending[frame->first + i].entry.value;
    frame->node->node.items = items;
    frame->node->node.count = count;
    if (frame->node->is_flow)
        yaml_trap_list(frame->node, reader->diags);
}

static void close_map(Reader *reader, Frame *frame, size_t count)
{
    const YamlPending *pending = count ? reader->pending + frame->first : NULL;      /* nothing may have been pending yet */
    YamlEntry *entries;
    frame->node->node.count = yaml_merge(reader->arena, pending, count, &entries, reader->diags);
    frame->node->node.entries = entries;
}

/* ---- events ---- */

static void take_scalar(Reader *reader, const struct fy_event *event)
{
    static const YamlStyle styles[] = {
        [FYSS_PLAIN] = YAML_PLAIN, [FYSS_SINGLE_QUOTED] = YAML_SINGLE_QUOTED, [FYSS_DOUBLE_QUOTED] = YAML_DOUBLE_QUOTED,
        [FYSS_LITERAL] = YAML_LITERAL, [FYSS_FOLDED] = YAML_FOLDED,
    };
    struct fy_token *token = event->scalar.value;
    int fy_style = token ? (int)fy_token_scalar_style(token) : FYSS_PLAIN;
    YamlStyle style = fy_style >= 0 && fy_style < FYSS_MAX ? styles[fy_style] : YAML_PLAIN;
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : NULL;
    bool is_absent = !text || (style == YAML_PLAIN && !length);
    Frame *frame = innermost_frame(reader);
    bool is_key = wants_key(frame);
    Span span = scalar_span(reader, token, style);
    if (is_absent && frame && frame->has_key)
        span = reader->pending[reader->pending_count - 1].entry.key_span;
    else if (is_absent && frame && !is_key)
        span = dash_span(reader);
    if (!count_node(reader, span))
        return;
    char *copy = arena_copy(reader->arena, is_absent ? "" : text, is_absent ? 0 : length);
    if (memchr(copy, '\0', length) && length) {
        diag_error(reader->diags, span, "control-character", "leave \\0 out", "a text cannot hold the character U+0000");
        length = strlen(copy);
    }
    if (!is_absent)
        reader->last_end = span.end;
    else if (frame && !is_key && !frame->has_key)
        reader->last_end = span.end;
    if (is_key) {
        bool is_bad = is_absent && style == YAML_PLAIN;
        if (is_bad)
            diag_error(reader->diags, span, "yaml-syntax", "write the key before the colon", "a value without a key");
        add_key(reader, frame, copy, span, style == YAML_PLAIN, is_bad);
        return;
    }
    RawNode *node = ARENA_NEW(reader->arena, RawNode);
    bool is_null = is_absent || (style == YAML_PLAIN && (!strcmp(copy, "null") || !strcmp(copy, "~")));
    *node = (RawNode){
        .node = {.kind = is_null ? YAML_NULL : YAML_SCALAR, .style = style, .span = span, .scalar = is_null ? "" : copy},
        .weight = 1,
        .is_absent = is_absent,
    };
    add_anchor(reader, event->scalar.anchor, node);
    if (event->scalar.anchor && is_absent)
        node->is_broken = true;                     /* its anchor is reported */
    Span tag = token_span(reader, event->scalar.tag);
    if (event->scalar.tag && byte_at(reader, tag.start) == '!' && byte_at(reader, tag.start + 1) != '!') {
        yaml_say_reserved(tag, reader->diags);
        node->is_broken = true;
    }
    add_value(reader, node);
}

static void take_alias(Reader *reader, const struct fy_event *event)
{
    Span span = token_span(reader, event->alias.anchor);
    if (span.start && byte_at(reader, span.start - 1) == '*')
        span.start--;
    reader->last_end = span.end;
    size_t length = 0;
    const char *text = event->alias.anchor ? fy_token_get_text(event->alias.anchor, &length) : NULL;
    const char *name = arena_copy(reader->arena, text ? text : "", text ? length : 0);
    if (!count_node(reader, span))
        return;
    Frame *frame = innermost_frame(reader);
    if (wants_key(frame)) {
        yaml_say_markup(span, reader->diags);
        add_key(reader, frame, name, span, false, true);
        return;
    }
    RawNode *node = resolve_alias(reader, name, span);
    /* Traps in a shared value were looked for where it is written. */
    RawNode *shared = ARENA_NEW(reader->arena, RawNode);
    *shared = *node;
    bool was_broken = node->is_broken;
    shared->is_broken = true;
    add_value(reader, shared);
    shared->is_broken = was_broken;
}

static void open_container(Reader *reader, YamlKind kind, struct fy_token *start, struct fy_token *anchor)
{
    Span span = token_span(reader, start);
    bool is_flow = byte_at(reader, span.start) == (kind == YAML_MAP ? '{' : '[');
    Frame *outer = innermost_frame(reader);
    if (wants_key(outer)) {                         /* a list or map as a key: never meant */
        if (!is_flow || !yaml_trap_placeholder(reader->source, span.start, reader->diags))
            diag_error(reader->diags, span, "yaml-syntax", "put it in quotes", "a key must be a word, not a list or map");
        add_key(reader, outer, "", span, false, true);
        reader->skip_depth = 1;
        return;
    }
    if (reader->depth >= LIMIT_YAML_DEPTH) {
        report_depth(reader, span);
        return;
    }
    if (!count_node(reader, span))
        return;
    RawNode *node = ARENA_NEW(reader->arena, RawNode);
    *node = (RawNode){.node = {.kind = kind, .span = span, .scalar = ""}, .weight = 1, .is_flow = is_flow, .is_open = true};
    add_anchor(reader, anchor, node);
    reader->last_end = is_flow ? span.end : span.start;
    if (is_flow && kind == YAML_MAP && byte_at(reader, span.start + 1) == '{') {
        yaml_trap_placeholder(reader->source, span.start, reader->diags);
        node->is_broken = true;
        node->is_open = false;
        add_value(reader, node);
        reader->skip_depth = 1;
        return;
    }
    reader->frames[reader->depth++] = (Frame){.node = node, .first = reader->pending_count};
}

static void close_container(Reader *reader, struct fy_token *end)
{
    Frame *frame = innermost_frame(reader);
    RawNode *node = frame->node;
    size_t count = reader->pending_count - frame->first;
    if (node->node.kind == YAML_LIST)
        close_list(reader, frame, count);
    else
        close_map(reader, frame, count);
    if (node->is_flow && end)
        reader->last_end = token_span(reader, end).end;
    if (reader->last_end > node->node.span.start)
        node->node.span.end = reader->last_end;
    node->is_open = false;
    reader->pending_count = frame->first;
    reader->depth--;
    add_value(reader, node);
}

/* Events below an unquoted placeholder only move the depth. */
static bool skip_event(Reader *reader, const struct fy_event *event)
{
    if (!reader->skip_depth)
        return false;
    if (event->type == FYET_MAPPING_START || event->type == FYET_SEQUENCE_START)
        reader->skip_depth++;
    if (event->type == FYET_MAPPING_END || event->type == FYET_SEQUENCE_END)
        reader->skip_depth--;
    if (reader->depth + reader->skip_depth > LIMIT_YAML_DEPTH)
        report_depth(reader, (Span){reader->source, reader->last_end, reader->last_end});
    struct fy_token *token = fy_event_get_token(reader->event);
    if (token && fy_token_end_mark(token))
        reader->last_end = token_span(reader, token).end;
    return true;
}

static void take_event(Reader *reader, const struct fy_event *event)
{
    if (skip_event(reader, event))
        return;
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (++reader->documents > 1) {
            Span where = token_span(reader, event->document_start.document_start);
            diag_error(reader->diags, where, "yaml-syntax", "keep one document in a file", "a second document starts here");
            reader->is_stopped = true;
        }
        return;
    case FYET_SCALAR: take_scalar(reader, event); return;
    case FYET_ALIAS: take_alias(reader, event); return;
    case FYET_MAPPING_START:
        open_container(reader, YAML_MAP, event->mapping_start.mapping_start, event->mapping_start.anchor);
        return;
    case FYET_SEQUENCE_START:
        open_container(reader, YAML_LIST, event->sequence_start.sequence_start, event->sequence_start.anchor);
        return;
    case FYET_MAPPING_END: close_container(reader, event->mapping_end.mapping_end); return;
    case FYET_SEQUENCE_END: close_container(reader, event->sequence_end.sequence_end); return;
    default: return;
    }
}

/* What libfyaml said when it stopped, and where. */
static void take_refusal(Reader *reader, YamlTree *tree)
{
    tree->is_refused = true;
    tree->refusal = "";
    tree->refused_at = reader->last_end;
    void *iterator = NULL;
    struct fy_diag_error *error = fy_diag_errors_iterate(reader->fy_diag, &iterator);
    if (!error)
        return;
    size_t length = strcspn(error->msg ? error->msg : "", "\n");
    tree->refusal = arena_copy(reader->arena, error->msg ? error->msg : "", length);
    const struct fy_mark *mark = error->fyt ? fy_token_start_mark(error->fyt) : NULL;
    if (mark && mark->input_pos <= reader->source->length)
        tree->refused_at = mark->input_pos;
}

YamlTree yaml_tree_build(Arena *arena, const Source *source, DiagList *diags)
{
    YamlTree tree = {.refusal = "", .first_diag = diags->count};
    void **place = arena_own(arena, close_reader);
    Reader *reader = calloc(1, sizeof *reader);
    *place = reader;
    if (reader)
        *reader = (Reader){.arena = arena, .source = source, .diags = diags, .first_error = diags->error_count};
    if (!reader || !open_parser(reader)) {
        tree.is_refused = true;
        tree.refusal = "out of memory";
        return tree;
    }
    bool is_complete = false;
    while (!is_complete && !reader->is_stopped && (reader->event = fy_parser_parse(reader->parser))) {
        take_event(reader, reader->event);
        is_complete = reader->event->type == FYET_STREAM_END;
        if (diags->error_count - reader->first_error > LIMIT_DIAGS)
            reader->is_stopped = true;              /* nobody reads on */
        fy_parser_event_free(reader->parser, reader->event);
        reader->event = NULL;
    }
    if (is_complete)
        check_anchors(reader);
    else if (!reader->is_stopped)
        take_refusal(reader, &tree);
    if (is_complete && reader->root && !reader->root->is_absent)
        tree.root = reader->root;
    *place = NULL;
    close_reader(reader);
    return tree;
}
