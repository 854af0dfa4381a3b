/* placing.h -- private to text/: one line on its way to positioned runs, what place.c and notes.c share. */
#ifndef RENDER_TEXT_PLACING_H
#define RENDER_TEXT_PLACING_H

#include "text/private.h"

typedef struct Placing {
    TextEngine *engine;
    Arena *arena;
    const ShapedText *shaped;
    Length size;
    const LineRange *line;
    const Length *gap_after;      /* by cluster from the line's start, or NULL */
    Length x, baseline, gaps;     /* gaps: spent so far on this line */
    Length down, after;           /* of a vertical line: from its middle down to the baseline of the run in hand; from the pen to it */
    bool has_upright;             /* the line has upright characters */
    double share;                 /* of the em above the baseline */
    Length largest;               /* em on the line */
    int64_t pen;                  /* units from x */
    TextStress *stresses;         /* room for one a cluster, or NULL */
    size_t stress_count;
    uint32_t stressed;            /* the last stressed cluster */
    struct Edges { Length left, right; } *edges;      /* by cluster from the line's start, or NULL */
    TextPlaced *objects;          /* room for one a cluster, or NULL */
    size_t object_count;
    TextRule *rules;              /* room for one a cluster, or NULL */
    size_t rule_count;
    bool rule_is_open;            /* the last one reaches to the pen */
} Placing;

typedef struct Part { uint32_t start, end; const Item *item; } Part;      /* clusters of one item on the line */

/* The runs of the line in visual order, and the styles they come from; the count. */
size_t place_runs(Placing *placing, Part *parts, GlyphRun *runs, const TextStyle **styles);

/* On screens whole dots. */
Length place_whole(const ShapedText *shaped, Length length);

/* ---- notes.c ---- */

/* The readings of the line, once its runs are placed. */
void place_notes(const Placing *placing, TextLine *line);

#endif
