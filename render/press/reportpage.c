/* reportpage.c -- --report FILE.html: what report.c writes down, as a page for people: the verdict, what was found, what is in the
 * file. One file of HTML and CSS, without scripts and without anything from elsewhere; it prints on A4. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "press/fonts.h"

static const char style[] =
    "@page{size:A4;margin:16mm}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;padding:12mm 16mm;max-width:210mm;font:9.5pt/1.5 'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif;color:#1A1A1A;background:#FFF}"
    "@media print{body{padding:0;max-width:none;print-color-adjust:exact;-webkit-print-color-adjust:exact}}"
    "p,h1,h2{margin:0}"
    "h1{font-size:21pt;line-height:1.25;overflow-wrap:anywhere}"
    ".grey,th,.code{color:#6E6E6E}"
    ".verdict{margin:6mm 0 9mm;padding:4mm 5mm;border-left:2mm solid;background:#F4F4F2}"
    ".verdict b{font-size:15pt;line-height:1.3;display:block}"
    ".good{border-color:#1B7F4B}.good b{color:#1B7F4B}.warned{border-color:#B26A00}.warned b{color:#8F5500}.bad{border-color:#B3261E}.bad b{color:#B3261E}"
    "h2{font-size:11pt;margin:0 0 1.5mm}"
    "section{margin-bottom:8mm}"
    "table{width:100%;border-collapse:collapse}"
    "th{font-weight:normal;font-size:8pt;text-align:left;white-space:nowrap}"
    "td,th{padding:1.6mm 4mm 1.6mm 0;vertical-align:baseline;border-top:.25mm solid #DDD}"
    "thead th{border-top:0;padding-bottom:1mm}td:last-child,th:last-child{padding-right:0}"
    "tr{break-inside:avoid}"
    ".n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    ".code{font-size:8pt}"
    ".where{white-space:nowrap}"
    ".error{color:#B3261E;font-weight:bold}.warning{color:#8F5500;font-weight:bold}"
    ".remedy::before{content:'\\2192\\00A0'}"
    ".fact{width:56mm;font-size:9pt}.limits{width:76mm;color:#6E6E6E}"
    ".bar{width:76mm}.bar i{display:block;height:2.6mm;margin-top:1.1mm;min-width:.3mm;background:#555}";

/* ---- words ---- */

static void add_text(StrBuf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&') strbuf_add(out, "&amp;");
        else if (*text == '<') strbuf_add(out, "&lt;");
        else if (*text == '>') strbuf_add(out, "&gt;");
        else if (*text == '"') strbuf_add(out, "&quot;");
        else strbuf_add_char(out, (unsigned char)*text < 0x20 ? ' ' : *text);
    }
}

/* What comes from the user may run from right to left. */
static void add_quoted(StrBuf *out, const char *text)
{
    strbuf_add(out, "<bdi>");
    add_text(out, text);
    strbuf_add(out, "</bdi>");
}

static void add_number(StrBuf *out, double value, int decimals)
{
    char room[NUM_ROOM];
    strbuf_add(out, num_format(room, value, decimals));
}

static void add_amount(StrBuf *out, double value, int decimals, const char *unit)
{
    add_number(out, value, decimals);
    if (*unit) strbuf_addf(out, " %s", unit);
}

/* ---- the verdict ---- */

static size_t count_of(const PressFindings *findings, Severity severity)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++) count += findings->items[i].severity == severity;
    return count;
}

static void add_verdict(StrBuf *out, bool is_written, const PressFindings *findings)
{
    size_t errors = count_of(findings, SEVERITY_ERROR), warnings = count_of(findings, SEVERITY_WARNING);
    if (errors) strbuf_addf(out, "<div class=\"verdict bad\"><b>不能付印　Not fit to print</b>%zu 处错误，%zu 处提醒；未写出文件。<br>Errors: %zu, warnings: %zu; no file was written.", errors, warnings, errors, warnings);
    else if (!is_written) strbuf_add(out, "<div class=\"verdict bad\"><b>不能付印　Not fit to print</b>印前检查以外的错误中止了输出，见程序的消息。<br>An error outside of preflight stopped the file: see the program's messages.");
    else if (warnings) strbuf_addf(out, "<div class=\"verdict warned\"><b>可以付印，有提醒　Fit to print, with warnings</b>%zu 处提醒，请逐条确认。<br>Warnings: %zu; look at each before it goes to press.", warnings, warnings);
    else strbuf_add(out, "<div class=\"verdict good\"><b>可以付印　Fit to print</b>未发现问题。<br>Nothing was found.");
    strbuf_add(out, "</div>\n");
}

/* ---- what was found ---- */

static void add_place(StrBuf *out, const PressFinding *finding)
{
    if (finding->where.source) {
        const char *path = finding->where.source->path, *slash = strrchr(path, '/');
        Position at = source_locate(finding->where.source, finding->where.start);
        add_quoted(out, slash ? slash + 1 : path);
        strbuf_addf(out, ":%zu:%zu", at.line, at.column);
    }
    if (finding->data.row) strbuf_addf(out, "<br>数据行 row %zu", finding->data.row);
    if (finding->data.row && finding->repeats) strbuf_addf(out, ", +%zu", finding->repeats);
}

static void add_finding(StrBuf *out, const PressFinding *finding)
{
    bool is_error = finding->severity == SEVERITY_ERROR;
    strbuf_addf(out, "<tr><td class=\"%s\">%s<td class=\"where\">", is_error ? "error" : "warning", is_error ? "错误<br>Error" : "提醒<br>Warning");
    add_place(out, finding);
    strbuf_add(out, "<td>");
    add_quoted(out, press_finding_words(finding, out->arena));
    strbuf_addf(out, " <span class=\"code\">[%s]</span>", finding->code);
    if (finding->remedy && *finding->remedy) {
        strbuf_add(out, "<p class=\"remedy\">");
        add_quoted(out, finding->remedy);
        strbuf_add(out, "</p>");
    }
    const double amounts[] = {finding->measured, finding->allowed};
    for (int i = 0; i < 2; i++) {
        strbuf_add(out, "<td class=\"n\">");
        if (finding->unit && isfinite(amounts[i])) add_amount(out, amounts[i], 2, finding->unit);
        else strbuf_add(out, "—");
    }
    strbuf_add_char(out, '\n');
}

/* Errors before warnings, each in the order of the pages. */
static void add_findings(StrBuf *out, const PressFindings *findings)
{
    if (!findings->count) return;
    strbuf_add(out, "<section><h2>发现的问题　Findings</h2>\n<table><thead><tr><th>级别 Level<th>位置 Place<th>问题与处理 What, and what to do<th class=\"n\">实测 Measured<th class=\"n\">允许 Allowed</thead>\n");
    for (Severity severity = SEVERITY_ERROR;; severity = SEVERITY_WARNING) {
        for (size_t i = 0; i < findings->count; i++)
            if (findings->items[i].severity == severity) add_finding(out, &findings->items[i]);
        if (severity == SEVERITY_WARNING) break;
    }
    strbuf_add(out, "</table></section>\n");
}

/* ---- what is in the file ---- */

static void add_row(StrBuf *out, const char *name) { strbuf_addf(out, "<tr><th class=\"fact\">%s<td>", name); }
static void add_wide_row(StrBuf *out, const char *name) { strbuf_addf(out, "<tr><th class=\"fact\">%s<td colspan=\"2\">", name); }

static void add_box(StrBuf *out, const char *name, Rect box, Rect media)
{
    add_wide_row(out, name);
    add_number(out, length_to_mm(box.width), 2);
    strbuf_add(out, " × ");
    add_amount(out, length_to_mm(box.height), 2, "mm");
    if (box.x == media.x && box.y == media.y) return;
    strbuf_add(out, " <span class=\"grey\">左 left ");
    add_number(out, length_to_mm(box.x - media.x), 2);
    strbuf_add(out, ", 上 top ");
    add_amount(out, length_to_mm(box.y - media.y), 2, "mm</span>");
}

static void add_limit(StrBuf *out, const PressRuleInfo *info, const char *word, double limit)
{
    strbuf_addf(out, "%s %s ", word, info->is_most ? "&gt;" : "&lt;");
    add_number(out, limit, 3);
}

/* A measured value, and beyond what it is found; 0: there is nothing of the kind. */
static void add_measured(StrBuf *out, const PressLimits *limits, const char *name, double value, int decimals, PressRule rule)
{
    const PressRuleInfo *info = press_rule(rule);
    PressLimit limit = limits->of[rule];
    add_row(out, name);
    if (value > 0) add_amount(out, value, decimals, info->unit);
    else strbuf_add(out, "—");
    strbuf_add(out, "<td class=\"limits\">");
    bool has_warn = limit.warn != PRESS_NEVER && limit.warn != limit.error, has_error = limit.error != PRESS_NEVER;
    if (has_warn) add_limit(out, info, "提醒 warning", limit.warn);
    if (has_warn && has_error) strbuf_add(out, "，");
    if (has_error) add_limit(out, info, "错误 error", limit.error);
    strbuf_add_char(out, '\n');
}

static void add_fonts(StrBuf *out, const FontTable *table)
{
    FontFact font;
    add_wide_row(out, "字体 Fonts<br>嵌入子集 subsets, embedded");
    for (size_t i = 0; fonts_at(table, i, &font); i++) {
        if (i) strbuf_add(out, "<br>");
        add_quoted(out, font.family);
        strbuf_add_char(out, ' ');
        add_text(out, font.style);
        strbuf_addf(out, " <span class=\"grey\">%zu 字形 glyphs</span>", font.glyph_count);
    }
    if (!fonts_at(table, 0, &font)) strbuf_add(out, "—");
    strbuf_add_char(out, '\n');
}

static void add_facts(StrBuf *out, const PressSetup *setup, const Press *press, const PressInk *ink)
{
    const PressFacts *facts = press_facts(press);
    const PressLimits *limits = &setup->options.limits;
    const PressBoxes *boxes = &facts->boxes;
    strbuf_add(out, "<section><h2>文件内容　In the file</h2>\n<table>\n");
    add_wide_row(out, "页数 Pages");
    strbuf_addf(out, "%zu\n", facts->pages);
    add_box(out, "页面 Media", boxes->media, boxes->media);
    add_box(out, "出血 Bleed", boxes->bleed, boxes->media);
    add_box(out, "成品 Trim", boxes->trim, boxes->media);
    add_fonts(out, press_fonts(press));
    add_measured(out, limits, "最小文字 Smallest text", facts->smallest_text, 2, RULE_TEXT);
    add_measured(out, limits, "最细线条 Thinnest line", facts->thinnest_line, 3, RULE_LINE);
    add_measured(out, limits, "图片最低分辨率 Coarsest picture", facts->least_ppi, 0, RULE_PPI);
    add_measured(out, limits, "条码最小模块 Smallest module of codes", facts->least_module, 3, RULE_MODULE);
    add_measured(out, limits, "最大总墨量 Most ink on one spot", ink->count ? ink->most_ink : facts->most_ink, 0, RULE_INK);
    add_wide_row(out, "文字 · 图片 · 条码 Texts, pictures, codes");
    strbuf_addf(out, "%zu · %zu · %zu\n", facts->glyph_runs, facts->images, facts->codes);
    add_wide_row(out, "由 RGB 转换 Converted from RGB");
    strbuf_addf(out, "颜色 paints %zu · 图片 pictures %zu\n</table></section>\n", facts->rgb_paints, facts->rgb_images);
}

/* Their areas, and a bar for each: the longest is the plate with the most ink. */
static void add_plates(StrBuf *out, const PressInk *ink)
{
    static const struct { const char *name, *color; } inks[] = {{"Cyan", "#009EE0"}, {"Magenta", "#E2007A"}, {"Yellow", "#FFDD00"}, {"Black", "#1A1A1A"}};
    double most = 0;
    for (size_t i = 0; i < ink->count; i++) most = fmax(most, ink->areas_mm2[i]);
    strbuf_add(out, "<section><h2>印版与墨量　Plates and ink area</h2>\n<table>\n");
    for (size_t i = 0; i < ink->count; i++) {
        const char *color = NULL;
        for (size_t k = 0; k < sizeof inks / sizeof *inks; k++)
            if (strcmp(inks[k].name, ink->names[i]) == 0) color = inks[k].color;
        strbuf_add(out, "<tr><th class=\"fact\">");
        add_quoted(out, ink->names[i]);
        strbuf_add(out, "<td class=\"n\">");
        add_amount(out, ink->areas_mm2[i] / 100, 2, "cm²");
        strbuf_add(out, "<td class=\"bar\"><i style=\"width:");
        add_number(out, most > 0 ? 100 * ink->areas_mm2[i] / most : 0, 1);
        strbuf_add(out, "%");
        if (color) strbuf_addf(out, ";background:%s", color);
        strbuf_add(out, "\"></i>\n");
    }
    strbuf_add(out, "</table></section>\n");
}

void press_report_page(const PressSetup *setup, const Press *press, const PressFindings *findings, const PressInk *ink, StrBuf *out)
{
    const char *title = setup->options.title ? setup->options.title : "";
    strbuf_add(out, "<!DOCTYPE html>\n<html lang=\"zh-Hans\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>印前检查 Preflight: ");
    add_text(out, title);
    strbuf_addf(out, "</title>\n<style>%s</style>\n<h1>", style);
    add_quoted(out, *title ? title : "印前检查");
    strbuf_addf(out, "</h1>\n<p class=\"grey\">印前检查 Preflight　%s　", press_standard_name(setup));
    add_text(out, setup->condition_id);
    strbuf_addf(out, "　%s</p>\n", setup->options.limits.profile);
    add_verdict(out, press != NULL, findings);
    add_findings(out, findings);
    if (press) add_facts(out, setup, press, ink);
    if (press && ink->count) add_plates(out, ink);
    strbuf_add(out, "</html>\n");
}
