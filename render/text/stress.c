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
/* In vertical text dots stand to the right of the em box, lines and waves to its left (clreq), as far as horizontal ones below. */
#define MIDDLE 0.38               /* of the em box above the baseline */

bool stress_marks(const ShapedText *shaped, const ShapedCluster *cluster, Emphasis emphasis)
{
    uint32_t c = shaped->itemised.chars[cluster->character].codepoint;
    if (emphasis == EMPHASIS_NONE || cluster->glyph_count == 0 || cluster->flags & CLUSTER_NEWLINE) return false;
    if (emphasis == EMPHASIS_LINE || emphasis == EMPHASIS_WAVY) return true;
    return !(cluster->flags & CLUSTER_SPACE) && !u_ispunct((UChar32)c);
}

static Length of_em(const TextStress *stress, double share) { return length_from_double(share * stress->size); }

/* How far above the line's baseline something is that is `down` below horizontal text. */
static Length up_of(const TextStress *stress, bool vertical, double down) { return of_em(stress, vertical ? -(down + MIDDLE) : -down); }

static Rect moved(Rect rect, Length x, Length y) { return (Rect){rect.x + x, rect.y + y, rect.width, rect.height}; }

static void draw_dot(const TextStress *stress, bool vertical, Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    Length size = of_em(stress, DOT_SIZE), line = of_em(stress, DOT_SIZE / 6);
    Length up = vertical ? -up_of(stress, true, DOT_DOWN) : up_of(stress, false, DOT_DOWN);
    Rect rect = moved(line_rect(vertical, stress->baseline, (int64_t)stress->x + stress->width / 2 - size / 2, up - size / 2, size, size), x, y);
    if (stress->kind == EMPHASIS_DOT) scene_add_fill(scene, path_ellipse(arena, rect), stress->color);
    else scene_add_stroke(scene, path_ellipse(arena, rect), stress->color, line > 0 ? line : 1, NULL, 0);
}

static void draw_wave(const TextStress *stress, bool vertical, Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    decorate_wave(vertical, stress->baseline, stress->x, stress->width, of_em(stress, WAVE_LONG) / 2, up_of(stress, vertical, DOT_DOWN),
                  of_em(stress, WAVE_HIGH), of_em(stress, LINE_THICK * 0.7), stress->color, x, y, arena, scene);
}

void stress_draw(const TextLine *line, Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    for (size_t i = 0, end; i < line->stress_count; i = end) {
        TextStress stress = line->stresses[i];
        end = i + 1;
        if (stress.kind == EMPHASIS_DOT || stress.kind == EMPHASIS_CIRCLE) {
            draw_dot(&stress, line->is_vertical, x, y, arena, scene);
            continue;
        }
        /* One line under neighbours. */
        for (; end < line->stress_count; end++) {
            const TextStress *next = &line->stresses[end];
            if (next->kind != stress.kind || next->color != stress.color || next->size != stress.size || !next->joins) break;
            stress.width = next->x + next->width - stress.x;
        }
        Length thick = of_em(&stress, LINE_THICK);
        if (thick < 1) thick = 1;
        Length up = up_of(&stress, line->is_vertical, LINE_DOWN) - thick;
        if (stress.kind == EMPHASIS_WAVY) draw_wave(&stress, line->is_vertical, x, y, arena, scene);
        else scene_add_rect(scene, moved(line_rect(line->is_vertical, stress.baseline, stress.x, up, stress.width, thick), x, y), stress.color);
    }
}
