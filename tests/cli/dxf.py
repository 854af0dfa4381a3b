"""dxf.py FILE -- a reader of DXF Release 12 for the tests: one line for each polyline, in mm, arcs included.

    LAYER closed|open VERTICES left bottom right top area length

Anything that Release 12 does not know ends it with an error."""
import math
import sys


def groups(path):
    lines = open(path, encoding="ascii", newline="").read().split("\n")
    assert lines[-1] == "", "the last line is not ended"
    lines.pop()
    assert len(lines) % 2 == 0, "a code without a value"
    for code, value in zip(lines[::2], lines[1::2]):
        yield int(code), value


def arc(a, b, bulge, steps=64):
    """Points after a, to b, on the arc between them; counter-clockwise when the bulge is positive."""
    (ax, ay), (bx, by) = a, b
    if bulge == 0:
        return [b]
    angle, chord = 4 * math.atan(bulge), math.hypot(bx - ax, by - ay)
    radius = chord / (2 * math.sin(angle / 2))
    middle_x, middle_y = (ax + bx) / 2, (ay + by) / 2
    up = radius * math.cos(angle / 2) / chord
    cx, cy = middle_x - (by - ay) * up, middle_y + (bx - ax) * up
    start = math.atan2(ay - cy, ax - cx)
    r = math.hypot(ax - cx, ay - cy)
    return [(cx + r * math.cos(start + angle * i / steps), cy + r * math.sin(start + angle * i / steps)) for i in range(1, steps + 1)]


def main(path):
    version, section, layers, entity, polylines = None, None, set(), None, []
    previous = None
    for code, value in groups(path):
        if code == 999:
            continue
        if code == 0:
            entity = value
            assert value in ("SECTION", "ENDSEC", "TABLE", "ENDTAB", "LTYPE", "LAYER", "POLYLINE", "VERTEX", "SEQEND", "EOF"), value
            if value == "POLYLINE":
                polylines.append({"closed": False, "points": [], "layer": None})
            if value == "VERTEX":
                polylines[-1]["points"].append([0.0, 0.0, 0.0])
        elif entity == "SECTION" and code == 2:
            section = value
        elif code == 9:
            previous = value
        elif section == "HEADER" and previous == "$ACADVER" and code == 1:
            version = value
        elif entity == "LAYER" and code == 2:
            assert len(value) <= 31 and all(c.isupper() or c.isdigit() or c in "-_$" for c in value), value
            assert value not in layers, value + " stands twice"
            layers.add(value)
        elif entity == "POLYLINE" and code == 8:
            assert value in layers, value + " is not declared"
            polylines[-1]["layer"] = value
        elif entity == "POLYLINE" and code == 70:
            polylines[-1]["closed"] = bool(int(value) & 1)
        elif entity == "VERTEX" and code in (10, 20, 42):
            polylines[-1]["points"][-1][{10: 0, 20: 1, 42: 2}[code]] = float(value)
    assert version == "AC1009" and entity == "EOF", (version, entity)
    for p in polylines:
        points = p["points"]
        outline = [(points[0][0], points[0][1])]
        ends = points[1:] + points[:1] if p["closed"] else points[1:]
        for a, b in zip(points, ends):
            outline += arc((a[0], a[1]), (b[0], b[1]), a[2])
        pairs = list(zip(outline, outline[1:]))
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2 if p["closed"] else 0
        length = sum(math.hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairs)
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        box = " ".join("%.2f" % v for v in (min(xs), min(ys), max(xs), max(ys)))
        print(p["layer"], "closed" if p["closed"] else "open", len(points), box, "%.2f" % abs(area), "%.2f" % length)


main(sys.argv[1])
