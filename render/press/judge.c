/* judge.c -- what was found on a page, held against the limits: of one kind and place only the worst is kept. */
#include "press/private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"

static bool is_same_place(Span a, Span b) { return a.source == b.source && a.start == b.start && a.end == b.end; }

static PressFinding *add(PressFindings *findings, Arena *arena)
{
    findings->items = ARENA_GROW(arena, findings->items, findings->count, &findings->capacity);
    return &findings->items[findings->count++];
}

/* What is measured is known again by its place and kind, whatever was measured. */
static bool is_same(const PressFinding *a, const PressFinding *b)
{
    return strcmp(a->code, b->code) == 0 && is_same_place(a->where, b->where) && !a->unit == !b->unit && (a->unit || strcmp(a->message, b->message) == 0);
}

static PressFinding *find(const PressFindings *findings, const PressFinding *like)
{
    for (size_t i = 0; i < findings->count; i++)
        if (is_same(&findings->items[i], like)) return &findings->items[i];
    return NULL;
}

static bool is_worse(const PressFinding *a, const PressFinding *b)
{
    if (a->severity != b->severity) return a->severity == SEVERITY_ERROR;
    return a->unit && b->unit && fabs(a->measured - a->allowed) > fabs(b->measured - b->allowed) + 1e-9;
}

static void keep(Judge *judge, const PressFinding *finding)
{
    PressFinding *known = find(&judge->found, finding);
    if (!known) *add(&judge->found, judge->arena) = *finding;
    else if (is_worse(finding, known)) *known = *finding;
}

/* How much beyond: half a unit of the last digit shown is rounding. */
static bool is_beyond(PressRule rule, double measured, double limit)
{
    const PressRuleInfo *info = press_rule(rule);
    double slack = 0.5;
    for (int i = 0; i <= info->decimals; i++) slack /= 10;
    return limit != PRESS_NEVER && (info->is_most ? measured > limit + slack : measured < limit - slack);
}

bool judge_finds(const Judge *judge, PressRule rule, double measured)
{
    PressLimit limit = judge->setup->options.limits.of[rule];
    return is_beyond(rule, measured, limit.warn) || is_beyond(rule, measured, limit.error);
}

void judge_measured(Judge *judge, PressRule rule, const char *code, Span where, double measured, const char *before, const char *after, const char *remedy)
{
    if (!judge_finds(judge, rule, measured)) return;
    const PressLimits *limits = &judge->setup->options.limits;
    const PressRuleInfo *info = press_rule(rule);
    bool is_error = is_beyond(rule, measured, limits->of[rule].error);
    PressFinding finding = {.code = code, .severity = is_error ? SEVERITY_ERROR : SEVERITY_WARNING, .where = where, .measured = measured,
                            .allowed = is_error ? limits->of[rule].error : limits->of[rule].warn, .unit = info->unit, .before = before, .after = after,
                            .profile = limits->profile, .rule = rule, .remedy = remedy};
    keep(judge, &finding);
}

const char *press_finding_words(const PressFinding *finding, Arena *arena)
{
    if (finding->message) return finding->message;
    const PressRuleInfo *info = press_rule(finding->rule);
    char is[NUM_ROOM], must[NUM_ROOM];
    const char *gap = *info->unit ? " " : "";
    int decimals = info->decimals;
    /* 300.2 % where 300 % is allowed: as many digits as tell them apart. */
    while (decimals < 4 && strcmp(num_format(is, finding->measured, decimals), num_format(must, finding->allowed, decimals)) == 0) decimals++;
    return arena_printf(arena, "%s %s%s%s%s; %s %s %s%s%s", finding->before, num_format(is, finding->measured, decimals), gap, info->unit, finding->after, finding->profile,
                        info->is_most ? "allows" : "asks for", num_format(must, finding->allowed, decimals), gap, info->unit);
}

void judge_said(Judge *judge, Severity severity, const char *code, Span where, const char *message, const char *remedy)
{
    PressFinding finding = {.code = code, .severity = severity, .where = where, .measured = NAN, .allowed = NAN, .message = message, .remedy = remedy};
    keep(judge, &finding);
}

bool judge_end(Judge *judge, DataRef row)
{
    bool ok = true;
    for (size_t i = 0; i < judge->found.count; i++) {
        judge->found.items[i].data = row;
        ok &= judge->found.items[i].severity != SEVERITY_ERROR;
    }
    return ok;
}

void press_findings_say(const PressFindings *findings, DiagList *diags)
{
    for (size_t i = 0; i < findings->count; i++) {
        const PressFinding *finding = &findings->items[i];
        Diag diag = {.severity = finding->severity, .code = finding->code, .where = finding->where, .data = finding->data, .message = press_finding_words(finding, diags->arena),
                     .hint = finding->remedy, .repeats = finding->repeats};
        diag_add(diags, &diag);
    }
}

static const char *copied(Arena *arena, const char *text) { return text ? arena_copy_string(arena, text) : NULL; }

void press_findings_join(PressFindings *all, const PressFindings *page, Arena *arena)
{
    for (size_t i = 0; i < page->count; i++) {
        const PressFinding *finding = &page->items[i];
        PressFinding *known = find(all, finding);
        if (known) known->repeats += finding->repeats + 1;
        if (known && !is_worse(finding, known)) continue;
        size_t repeats = known ? known->repeats : finding->repeats;
        if (!known) known = add(all, arena);
        *known = *finding;
        known->repeats = repeats;
        known->message = copied(arena, finding->message);
        known->before = copied(arena, finding->before);
        known->after = copied(arena, finding->after);
        known->remedy = copied(arena, finding->remedy);
        known->data.file = copied(arena, finding->data.file);
        known->data.cell = copied(arena, finding->data.cell);
        known->data.column = known->data.value = NULL;
    }
}
