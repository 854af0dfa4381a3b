/* stress.c -- what is drawn under stressed characters: emphasis dots (着重号), circles, lines and waves. They take no room:
 * the pitch of the lines stays (clreq, "emphasis marks"). */
#include "text/private.h"

#include <unicode/uchar.h>

/* Of the em: how far below the baseline, how large. Dots stand below the em box, which ends 0.12 em under the baseline. */
#define DOT_DOWN 0.24
#define DOT_SIZE 0.15
#define LINE_DOWN 0.19
#define LINE_THICK 0.06
#define WAVE_HIGH 0.09
#define WAVE_LONG 0.30

bool stress_marks(const ShapedText *shaped, const ShapedCluster *cluster, Emphasis emphasis)
{
    uint32_t c = shaped->itemised.chars[cluster->character].codepoint;
    if (emphasis == EMPHASIS_NONE || cluster->glyph_count == 0 || cluster->flags & CLUSTER_NEWLINE) return false;
    if (emphasis == EMPHASIS_LINE || emphasis == EMPHASIS_WAVY) return true;
    return !(cluster->flags & CLUSTER_SPACE) && !u_ispunct((UChar32)c);
}

static Length of_em(const TextStress *stress, double share) { return length_from_double(share * stress->size); }

static void draw_dot(const TextStress *stress, Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    Length size = of_em(stress, DOT_SIZE), line = of_em(stress, DOT_SIZE / 6);
    Rect rect = {x + stress->x + stress->width / 2 - size / 2, y + stress->baseline + of_em(stress, DOT_DOWN) - size / 2, size, size};
    if (stress->kind == EMPHASIS_DOT) scene_add_fill(scene, path_ellipse(arena, rect), stress->color);
    else scene_add_stroke(scene, path_ellipse(arena, rect), stress->color, line > 0 ? line : 1, NULL, 0);
}

static void draw_wave(const TextStress *stress, Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    Length wave = of_em(stress, WAVE_LONG), high = of_em(stress, WAVE_HIGH);
    if (wave < 1) return;
    size_t halves = (size_t)(2 * stress->width / wave);
    if (halves < 1 || halves > 4096) return;
    Path *path = ARENA_NEW(arena, Path);
    uint8_t *verbs = ARENA_ARRAY(arena, uint8_t, halves + 1);
    Point *points = ARENA_ARRAY(arena, Point, 3 * halves + 1);
    Length left = x + stress->x, down = y + stress->baseline + of_em(stress, DOT_DOWN);
    verbs[0] = PATH_MOVE;
    points[0] = (Point){left, down};
    for (size_t i = 0; i < halves; i++) {       /* half waves, stretched to end with the text */
        Length from = left + (Length)((int64_t)stress->width * (int64_t)i / (int64_t)halves);
        Length to = left + (Length)((int64_t)stress->width * (int64_t)(i + 1) / (int64_t)halves), bow = i % 2 ? high : -high;
        verbs[i + 1] = PATH_CURVE;
        points[3 * i + 1] = (Point){from + (to - from) / 3, down + bow};
        points[3 * i + 2] = (Point){to - (to - from) / 3, down + bow};
        points[3 * i + 3] = (Point){to, down};
    }
    *path = (Path){.verbs = verbs, .verb_count = halves + 1, .points = points, .point_count = 3 * halves + 1};
    scene_add_stroke(scene, path, stress->color, of_em(stress, LINE_THICK * 0.7), NULL, 0);
}

void stress_draw(const TextLine *line, Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    for (size_t i = 0, end; i < line->stress_count; i = end) {
        TextStress stress = line->stresses[i];
        end = i + 1;
        if (stress.kind == EMPHASIS_DOT || stress.kind == EMPHASIS_CIRCLE) {
            draw_dot(&stress, x, y, arena, scene);
            continue;
        }
        /* One line under neighbours. */
        for (; end < line->stress_count; end++) {
            const TextStress *next = &line->stresses[end];
            if (next->kind != stress.kind || next->color != stress.color || next->size != stress.size || !next->joins) break;
            stress.width = next->x + next->width - stress.x;
        }
        Length thick = of_em(&stress, LINE_THICK);
        if (stress.kind == EMPHASIS_WAVY) draw_wave(&stress, x, y, arena, scene);
        else scene_add_rect(scene, (Rect){x + stress.x, y + stress.baseline + of_em(&stress, LINE_DOWN), stress.width, thick > 0 ? thick : 1}, stress.color);
    }
}
