/* limits.c -- what presses can print: the one table of profiles that preflight judges by (checks.profile), and the rules'
 * names for overriding them (checks.limits).
 *
 * Numbers: what print shops ask for and the usual limits of GWG 2015 (reference: press, sections 2 and 14). Each is
 * {warn, error}. "At least" rules speak when a value is below the limit, "at most" rules when it is above. */
#include "press/press.h"

#include <string.h>

#define OFF PRESS_NEVER

static const PressRuleInfo rules[RULE_COUNT] = {
    [RULE_INK] = {"total-ink", "%", true, 0},
    [RULE_TEXT] = {"text", "pt", false, 2},
    [RULE_KNOCKOUT_TEXT] = {"knockout-text", "pt", false, 2},
    [RULE_LINE] = {"line", "pt", false, 3},
    [RULE_KNOCKOUT_LINE] = {"knockout-line", "pt", false, 3},
    [RULE_PPI] = {"image-ppi", "ppi", false, 0},
    [RULE_BITMAP_PPI] = {"bitmap-ppi", "ppi", false, 0},
    [RULE_TINT] = {"tint", "%", false, 1},
    [RULE_MODULE] = {"module", "mm", false, 3},
    [RULE_CONTRAST] = {"code-contrast", "%", false, 0},
    [RULE_SAFE] = {"safe", "mm", false, 2},
    [RULE_RICH_TEXT] = {"rich-black-text", "pt", false, 1},
    [RULE_SPOTS] = {"spots", "", true, 0},
};

static const PressLimits profiles[] = {
    /* Offset, one sheet at a time, on coated paper. */
    {"sheetfed-coated", {
        [RULE_INK] = {300, 340}, [RULE_TEXT] = {5, 4}, [RULE_KNOCKOUT_TEXT] = {6, 4}, [RULE_LINE] = {0.25, 0.125}, [RULE_KNOCKOUT_LINE] = {0.5, 0.25},
        [RULE_PPI] = {225, 150}, [RULE_BITMAP_PPI] = {800, 550}, [RULE_TINT] = {5, OFF}, [RULE_MODULE] = {0.25, 0.25}, [RULE_CONTRAST] = {55, 40},
        [RULE_SAFE] = {3, OFF}, [RULE_RICH_TEXT] = {50, OFF}, [RULE_SPOTS] = {2, OFF}}},
    /* The same on uncoated paper: dots grow, less ink is held. */
    {"sheetfed-uncoated", {
        [RULE_INK] = {280, 320}, [RULE_TEXT] = {6, 4}, [RULE_KNOCKOUT_TEXT] = {7, 5}, [RULE_LINE] = {0.25, 0.125}, [RULE_KNOCKOUT_LINE] = {0.75, 0.25},
        [RULE_PPI] = {225, 150}, [RULE_BITMAP_PPI] = {800, 550}, [RULE_TINT] = {8, OFF}, [RULE_MODULE] = {0.4, 0.3}, [RULE_CONTRAST] = {55, 40},
        [RULE_SAFE] = {3, OFF}, [RULE_RICH_TEXT] = {50, OFF}, [RULE_SPOTS] = {2, OFF}}},
    /* Coldset on newsprint. */
    {"newsprint", {
        [RULE_INK] = {240, 260}, [RULE_TEXT] = {7, 5}, [RULE_KNOCKOUT_TEXT] = {10, 7}, [RULE_LINE] = {0.5, 0.25}, [RULE_KNOCKOUT_LINE] = {1, 0.5},
        [RULE_PPI] = {150, 100}, [RULE_BITMAP_PPI] = {600, 450}, [RULE_TINT] = {10, OFF}, [RULE_MODULE] = {0.6, 0.4}, [RULE_CONTRAST] = {55, 40},
        [RULE_SAFE] = {5, OFF}, [RULE_RICH_TEXT] = {50, OFF}, [RULE_SPOTS] = {0, OFF}}},
    /* Toner and ink jet, label presses: spot inks become mixtures of the four. */
    {"digital", {
        [RULE_INK] = {280, 320}, [RULE_TEXT] = {5, 4}, [RULE_KNOCKOUT_TEXT] = {6, 5}, [RULE_LINE] = {0.25, 0.2}, [RULE_KNOCKOUT_LINE] = {0.5, 0.25},
        [RULE_PPI] = {200, 140}, [RULE_BITMAP_PPI] = {600, 300}, [RULE_TINT] = {8, OFF}, [RULE_MODULE] = {0.35, 0.25}, [RULE_CONTRAST] = {55, 40},
        [RULE_SAFE] = {3, OFF}, [RULE_RICH_TEXT] = {50, OFF}, [RULE_SPOTS] = {0, OFF}}},
    /* Banners and boards, read from some metres. */
    {"large-format", {
        [RULE_INK] = {300, 340}, [RULE_TEXT] = {12, 6}, [RULE_KNOCKOUT_TEXT] = {14, 8}, [RULE_LINE] = {0.5, 0.25}, [RULE_KNOCKOUT_LINE] = {1, 0.5},
        [RULE_PPI] = {100, 50}, [RULE_BITMAP_PPI] = {300, 150}, [RULE_TINT] = {8, OFF}, [RULE_MODULE] = {1, 0.5}, [RULE_CONTRAST] = {55, 40},
        [RULE_SAFE] = {10, OFF}, [RULE_RICH_TEXT] = {OFF, OFF}, [RULE_SPOTS] = {0, OFF}}},
};

const PressRuleInfo *press_rule(PressRule rule) { return &rules[rule]; }

bool press_limits_find(const char *profile, PressLimits *out)
{
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        if (strcmp(profiles[i].profile, profile) != 0) continue;
        *out = profiles[i];
        return true;
    }
    return false;
}

bool press_limits_set(PressLimits *limits, const char *rule, PressLimit limit)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (strcmp(rules[i].name, rule) != 0) continue;
        limits->of[i] = limit;
        return true;
    }
    return false;
}
