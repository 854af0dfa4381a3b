/* svgpath.c -- SVG path data (SVG 1.1, section 8.3) becomes a Path; arcs become cubics (appendix F.6). */
#include "scene/private.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

#define MAX_SEGMENTS ((size_t)100000)
#define PI 3.14159265358979323846

static const char hint_grammar[] = "write SVG path data, like \"M 0 0 L 10 0 L 10 10 Z\" (commands M L H V C S Q T A Z)";

/* ---- numbers ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* value * 10^exponent; exact when |exponent| <= 22 and value < 2^53, near enough beyond. */
static double scale_by_ten(double value, long exponent)
{
    static const double tens[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (value == 0) return 0;
    if (exponent > 300) return INFINITY;
    if (exponent < -300) return 0;
    for (; exponent > 22; exponent -= 22) value *= tens[22];
    for (; exponent < -22; exponent += 22) value /= tens[22];
    return exponent < 0 ? value / tens[-exponent] : value * tens[exponent];
}

/* The exponent at `text` ("e-3"); 0 bytes when it is none: in "2em" the e belongs to the unit. */
static size_t read_exponent(const char *text, size_t length, long *exponent)
{
    size_t at = 0;
    if (at >= length || (text[at] | 0x20) != 'e') return 0;
    at++;
    bool minus = at < length && text[at] == '-';
    if (at < length && (text[at] == '+' || text[at] == '-')) at++;
    if (at >= length || !is_digit(text[at])) return 0;
    long value = 0;
    for (; at < length && is_digit(text[at]); at++)
        if (value < 100000) value = value * 10 + (text[at] - '0');
    *exponent = minus ? -value : value;
    return at;
}

size_t svg_number(const char *text, size_t length, double *value)
{
    size_t at = 0;
    bool minus = length && text[0] == '-';
    if (length && (text[0] == '+' || text[0] == '-')) at++;

    uint64_t mantissa = 0;
    long exponent = 0;
    bool has_digits = false, after_point = false;
    for (; at < length; at++) {
        if (text[at] == '.' && !after_point) {
            after_point = true;
        } else if (is_digit(text[at])) {
            has_digits = true;
            if (mantissa < (uint64_t)100000000000000000) {
                mantissa = mantissa * 10 + (uint64_t)(text[at] - '0');
                exponent -= after_point;
            } else {
                exponent += !after_point;   /* more digits than a double holds */
            }
        } else {
            break;
        }
    }
    if (!has_digits) return 0;
    long written = 0;
    at += read_exponent(text + at, length - at, &written);
    *value = scale_by_ten((double)mantissa, exponent + written);
    if (minus) *value = -*value;
    return at;
}

/* ---- reading ---- */

typedef struct Vec { double x, y; } Vec;

typedef struct Reader {
    const char *d;
    size_t length, at;
    double scale;
    Point origin;
    PathBuilder path;
    Vec start, here;              /* of the subpath; the current point, in the data's units */
    Vec control;                  /* last control point, for S and T */
    char last;                    /* the last segment's command in upper case, 0: none */
    bool is_open;                 /* a MOVE stands and was not closed */
    Span where;
    DiagList *diags;
} Reader;

/* What stands at the reader, short enough to be quoted. */
static const char *rest(const Reader *reader)
{
    size_t end = reader->at;
    for (int i = 0; i < 12 && end < reader->length; i++) utf8_next(reader->d, reader->length, &end);
    return arena_copy(reader->path.arena, reader->d + reader->at, end - reader->at);
}

static bool fail(const Reader *reader, const char *what)
{
    if (reader->at >= reader->length)
        return diag_error(reader->diags, reader->where, "bad-path", hint_grammar, "the path breaks off: %s", what);
    return diag_error(reader->diags, reader->where, "bad-path", hint_grammar, "cannot read the path at character %zu, \"%s\": %s",
                      utf8_count(reader->d, reader->at) + 1, rest(reader), what);
}

static void skip_space(Reader *reader)
{
    while (reader->at < reader->length && strchr(" \t\r\n\f", reader->d[reader->at]) && reader->d[reader->at]) reader->at++;
}

/* White space with at most one comma in it. */
static void skip_separator(Reader *reader)
{
    skip_space(reader);
    if (reader->at < reader->length && reader->d[reader->at] == ',') {
        reader->at++;
        skip_space(reader);
    }
}

static bool read_number(Reader *reader, double *value)
{
    size_t taken = svg_number(reader->d + reader->at, reader->length - reader->at, value);
    if (!taken) return fail(reader, "a number is missing");
    if (fabs(*value) > LENGTH_MAX) return fail(reader, "the number is too large");
    reader->at += taken;
    return true;
}

/* Flags are one digit and need no space after them: "a1 1 0 0110 10". */
static bool read_flag(Reader *reader, double *value)
{
    char c = reader->at < reader->length ? reader->d[reader->at] : 0;
    if (c != '0' && c != '1') return fail(reader, "an arc's flag must be 0 or 1");
    *value = c - '0';
    reader->at++;
    return true;
}

/* ---- segments ---- */

static bool place(const Reader *reader, Vec at, Point *out)
{
    double x = at.x * reader->scale + reader->origin.x, y = at.y * reader->scale + reader->origin.y;
    if (!(fabs(x) < LENGTH_MAX) || !(fabs(y) < LENGTH_MAX)) return fail(reader, "the path leads too far away");
    *out = (Point){length_from_double(x), length_from_double(y)};
    return true;
}

/* After Z the next segment starts a subpath where the last one started. */
static bool reopen(Reader *reader)
{
    Point start;
    if (reader->is_open) return true;
    if (!place(reader, reader->here, &start)) return false;
    path_builder_move(&reader->path, start);
    reader->start = reader->here;
    reader->is_open = true;
    return true;
}

static bool move_to(Reader *reader, Vec to)
{
    Point point;
    if (!place(reader, to, &point)) return false;
    path_builder_move(&reader->path, point);
    reader->start = reader->here = to;
    reader->is_open = true;
    return true;
}

static bool line_to(Reader *reader, Vec to)
{
    Point point;
    if (!reopen(reader) || !place(reader, to, &point)) return false;
    path_builder_line(&reader->path, point);
    reader->here = to;
    return true;
}

static bool curve_to(Reader *reader, Vec control_1, Vec control_2, Vec to)
{
    Point a, b, c;
    if (!reopen(reader) || !place(reader, control_1, &a) || !place(reader, control_2, &b) || !place(reader, to, &c)) return false;
    path_builder_curve(&reader->path, a, b, c);
    reader->here = to;
    return true;
}

static bool quadratic_to(Reader *reader, Vec control, Vec to)
{
    Vec from = reader->here;
    Vec a = {from.x + (control.x - from.x) * 2 / 3, from.y + (control.y - from.y) * 2 / 3};
    Vec b = {to.x + (control.x - to.x) * 2 / 3, to.y + (control.y - to.y) * 2 / 3};
    return curve_to(reader, a, b, to);
}

/* One cubic for at most a quarter of an ellipse: from `start` by `sweep`, both in the ellipse's own angle. */
static bool arc_piece(Reader *reader, Vec centre, double rx, double ry, double cos_phi, double sin_phi, double start, double sweep,
                      const Vec *to)
{
    double k = 4.0 / 3.0 * tan(sweep / 4);
    double c1 = cos(start), s1 = sin(start), c2 = cos(start + sweep), s2 = sin(start + sweep);
    Vec unit[3] = {{c1 - k * s1, s1 + k * c1}, {c2 + k * s2, s2 - k * c2}, {c2, s2}};
    Vec out[3];
    for (int i = 0; i < 3; i++) {
        double x = unit[i].x * rx, y = unit[i].y * ry;
        out[i] = (Vec){centre.x + cos_phi * x - sin_phi * y, centre.y + sin_phi * x + cos_phi * y};
    }
    return curve_to(reader, out[0], out[1], to ? *to : out[2]);     /* the last ends where it was said, whatever the sums */
}

/* F.6.5 and F.6.6: from end points to the centre, radii mended. */
static bool arc_to(Reader *reader, double rx, double ry, double rotation, bool large, bool sweep_positive, Vec to)
{
    Vec from = reader->here;
    rx = fabs(rx);
    ry = fabs(ry);
    if (from.x == to.x && from.y == to.y) return reopen(reader);
    if (rx == 0 || ry == 0) return line_to(reader, to);

    double phi = fmod(rotation, 360) * PI / 180, cos_phi = cos(phi), sin_phi = sin(phi);
    double dx = (from.x - to.x) / 2, dy = (from.y - to.y) / 2;
    double x1 = cos_phi * dx + sin_phi * dy, y1 = -sin_phi * dx + cos_phi * dy;
    double ux = x1 / rx, uy = y1 / ry, lambda = ux * ux + uy * uy;
    if (!isfinite(lambda)) return line_to(reader, to);             /* radii next to nothing */
    if (lambda > 1) {
        rx *= sqrt(lambda);
        ry *= sqrt(lambda);
        ux = x1 / rx;
        uy = y1 / ry;
        lambda = 1;
    }
    double factor = lambda > 0 ? sqrt((1 - lambda) / lambda) : 0;
    if (large == sweep_positive) factor = -factor;
    double cx = factor * uy, cy = -factor * ux;                     /* centre in the unit circle's space */
    Vec centre = {cos_phi * cx * rx - sin_phi * cy * ry + (from.x + to.x) / 2,
                  sin_phi * cx * rx + cos_phi * cy * ry + (from.y + to.y) / 2};
    double start = atan2(uy - cy, ux - cx), sweep = atan2(-uy - cy, -ux - cx) - start;
    if (sweep_positive && sweep < 0) sweep += 2 * PI;
    if (!sweep_positive && sweep > 0) sweep -= 2 * PI;

    int pieces = (int)ceil(fabs(sweep) / (PI / 2) - 1e-9);
    if (pieces < 1) return line_to(reader, to);
    for (int i = 0; i < pieces; i++)
        if (!arc_piece(reader, centre, rx, ry, cos_phi, sin_phi, start + sweep * i / pieces, sweep / pieces,
                       i + 1 == pieces ? &to : NULL))
            return false;
    return true;
}

/* ---- commands ---- */

/* Numbers a command takes; a # is a flag. Coordinates of a relative command are moved by the current point: x and y. */
static const char *arguments_of(char command)
{
    switch (command) {
    case 'M': case 'L': case 'T': return "xy";
    case 'H': return "x";
    case 'V': return "y";
    case 'C': return "xyxyxy";
    case 'S': case 'Q': return "xyxy";
    case 'A': return "nnn##xy";
    case 'Z': return "";
    default: return NULL;
    }
}

static bool read_arguments(Reader *reader, const char *kinds, bool is_relative, double values[7])
{
    for (size_t i = 0; kinds[i]; i++) {
        if (i) skip_separator(reader);
        else skip_space(reader);
        if (kinds[i] == '#' ? !read_flag(reader, &values[i]) : !read_number(reader, &values[i])) return false;
        if (is_relative && kinds[i] == 'x') values[i] += reader->here.x;
        if (is_relative && kinds[i] == 'y') values[i] += reader->here.y;
    }
    return true;
}

/* The control point mirrored at the current point when the last segment had one of that kind. */
static Vec mirrored(const Reader *reader, const char *kinds)
{
    bool has = reader->last && strchr(kinds, reader->last);
    return has ? (Vec){2 * reader->here.x - reader->control.x, 2 * reader->here.y - reader->control.y} : reader->here;
}

static bool draw(Reader *reader, char command, const double v[7])
{
    switch (command) {
    case 'M': return move_to(reader, (Vec){v[0], v[1]});
    case 'L': return line_to(reader, (Vec){v[0], v[1]});
    case 'H': return line_to(reader, (Vec){v[0], reader->here.y});
    case 'V': return line_to(reader, (Vec){reader->here.x, v[0]});
    case 'C':
        reader->control = (Vec){v[2], v[3]};
        return curve_to(reader, (Vec){v[0], v[1]}, reader->control, (Vec){v[4], v[5]});
    case 'S': {
        Vec first = mirrored(reader, "CS");
        reader->control = (Vec){v[0], v[1]};
        return curve_to(reader, first, reader->control, (Vec){v[2], v[3]});
    }
    case 'Q':
        reader->control = (Vec){v[0], v[1]};
        return quadratic_to(reader, reader->control, (Vec){v[2], v[3]});
    case 'T':
        reader->control = mirrored(reader, "QT");
        return quadratic_to(reader, reader->control, (Vec){v[0], v[1]});
    case 'A': return arc_to(reader, v[0], v[1], v[2], v[3] != 0, v[4] != 0, (Vec){v[5], v[6]});
    default:
        if (reader->is_open) path_builder_close(&reader->path);
        reader->is_open = false;
        reader->here = reader->start;
        return true;
    }
}

static bool starts_number(const Reader *reader)
{
    char c = reader->at < reader->length ? reader->d[reader->at] : 0;
    return is_digit(c) || c == '+' || c == '-' || c == '.' || c == ',';
}

/* One command letter and all the sets of numbers after it. */
static bool read_command(Reader *reader)
{
    char letter = reader->d[reader->at];
    bool is_relative = letter >= 'a' && letter <= 'z';
    char command = is_relative ? (char)(letter - 'a' + 'A') : letter;
    const char *kinds = arguments_of(command);
    if (!kinds) return fail(reader, starts_number(reader) ? "a command letter is missing" : "no such command");
    if (!reader->last && command != 'M') return fail(reader, "a path starts with M or m");
    reader->at++;

    for (bool again = true; again;) {
        double values[7] = {0};
        if (!read_arguments(reader, kinds, is_relative, values)) return false;
        if (reader->path.verb_count >= MAX_SEGMENTS)
            return diag_error(reader->diags, reader->where, "bad-path", "draw it as an SVG file and use it as an image",
                              "the path has more than %zu segments", MAX_SEGMENTS);
        if (!draw(reader, command, values)) return false;
        reader->last = command;
        if (command == 'M') command = 'L';          /* further pairs after M are lines (8.3.2) */
        skip_space(reader);
        again = *kinds && starts_number(reader);
        if (again) skip_separator(reader);
    }
    return true;
}

const Path *path_from_svg(Arena *arena, const char *d, double scale, Point origin, Span where, DiagList *diags)
{
    Reader reader = {.d = d, .length = strlen(d), .scale = scale, .origin = origin, .where = where, .diags = diags};
    path_builder_init(&reader.path, arena);
    skip_space(&reader);
    if (reader.at == reader.length) {
        diag_error(diags, where, "bad-path", hint_grammar, "the path is empty");
        return NULL;
    }
    while (reader.at < reader.length) {
        if (!read_command(&reader)) return NULL;
        skip_space(&reader);
    }
    return path_builder_finish(&reader.path);
}
