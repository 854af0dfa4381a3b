"""pdf.py -- press files read by someone else: the objects by qpdf, the fonts by fontTools. `pdf.py WHAT FILE [VALUE...]` prints a
line "ok - ..." or "not ok - ..." for each thing looked at.

  x4 FILE             the keys of PDF/X-4 (ISO 15930-7), one by one
  vt FILE RECORDS     the document parts of PDF/VT-1 (ISO 16612-2)
  dpm FILE            the records' own words, a line of JSON each
  fonts FILE          embedded, subset, the widths of the dictionary are those of the font program, every glyph has its text
"""
import base64
import io
import json
import re
import subprocess
import sys

WHAT, FILE = sys.argv[1:3]


def say(ok, what, detail=""):
    print(("ok - " if ok else "not ok - ") + what)
    if not ok and detail != "":
        print(detail)


class Pdf:
    def __init__(self, path):
        out = subprocess.run(["qpdf", "--json=2", "--json-stream-data=inline", "--decode-level=generalized", path], capture_output=True)
        objects = json.loads(out.stdout)["qpdf"][1]
        self.trailer = objects["trailer"]["value"]
        self.objects = {key[4:]: value for key, value in objects.items() if key != "trailer"}
        self.bytes = open(path, "rb").read()

    def get(self, value):
        """The value behind a reference; of a stream its dictionary."""
        while isinstance(value, str) and re.fullmatch(r"\d+ \d+ R", value):
            value = self.objects[value]
            value = value["stream"]["dict"] if "stream" in value else value["value"]
        return value

    def data(self, reference):
        return base64.b64decode(self.objects[reference]["stream"]["data"])

    def pages(self):
        out = []

        def walk(reference):
            node = self.get(reference)
            if node["/Type"] == "/Page":
                out.append(reference)
            for kid in node.get("/Kids", []):
                walk(kid)

        walk(self.catalog()["/Pages"])
        return out

    def catalog(self):
        return self.get(self.trailer["/Root"])

    def dicts(self):
        """Every dictionary of the file, wherever it stands."""

        def walk(value):
            if isinstance(value, dict):
                yield value
                for item in value.values():
                    yield from walk(item)
            elif isinstance(value, list):
                for item in value:
                    yield from walk(item)

        for value in self.objects.values():
            yield from walk(value["stream"]["dict"] if "stream" in value else value["value"])


def inside(inner, outer):
    return inner[0] >= outer[0] - 0.001 and inner[1] >= outer[1] - 0.001 and inner[2] <= outer[2] + 0.001 and inner[3] <= outer[3] + 0.001


def check_x4(pdf):
    catalog, info = pdf.catalog(), pdf.get(pdf.trailer["/Info"])
    say(pdf.bytes.startswith(b"%PDF-1.6"), "X-4: the header says 1.6")
    ids = pdf.trailer.get("/ID", [])
    say(len(ids) == 2 and all(len(i) > 10 for i in ids), "X-4: /ID has two strings")
    say("/Encrypt" not in pdf.trailer, "X-4: not encrypted")
    metadata = pdf.get(catalog["/Metadata"])
    say("/Filter" not in metadata and metadata["/Subtype"] == "/XML", "X-4: /Metadata is not compressed")
    xmp = pdf.data(catalog["/Metadata"]).decode()
    field = lambda name: (re.search(f"<{name}>(.*?)</{name}>", xmp, re.S) or ["", ""])[1]
    say(field("pdfxid:GTS_PDFXVersion") == "PDF/X-4", "X-4: the XMP says its version")
    say("/GTS_PDFXVersion" not in info, "X-4: Info does not")
    say(info.get("/Trapped") in ("/True", "/False") and field("pdf:Trapped") == info["/Trapped"][1:], "X-4: /Trapped is known, and the same in both")
    title = re.search(r"<dc:title>.*?<rdf:li xml:lang=\"x-default\">(.*?)</rdf:li>", xmp, re.S)
    say(bool(title) and "u:" + title[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == info["/Title"], "X-4: the title is the same in both")
    for key, name in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
        digits = re.sub(r"\D", "", field(name))
        say(info[key] == f"u:D:{digits}Z", f"X-4: {key} is the same in both", f"{info[key]} {field(name)}")
    for name in ("xmpMM:DocumentID", "xmpMM:VersionID", "xmpMM:RenditionClass", "xmp:MetadataDate", "dc:format"):
        say(field(name) != "", f"X-4: {name}")
    intents = [pdf.get(i) for i in pdf.get(catalog["/OutputIntents"])]
    say(len(intents) == 1 and intents[0]["/S"] == "/GTS_PDFX", "X-4: one output intent")
    intent = intents[0]
    say("/OutputConditionIdentifier" in intent and ("/RegistryName" in intent or "/Info" in intent), "X-4: which condition it is for")
    profile = pdf.data(intent["/DestOutputProfile"])
    say(pdf.get(intent["/DestOutputProfile"])["/N"] == 4 and profile[12:20] == b"prtrCMYK", "X-4: a printer's CMYK profile is inside")
    bad = []
    for reference in pdf.pages():
        page = pdf.get(reference)
        media, bleed, trim = page.get("/MediaBox"), page.get("/BleedBox"), page.get("/TrimBox")
        if not trim or not bleed or "/ArtBox" in page or not inside(trim, bleed) or not inside(bleed, media):
            bad.append(reference)
    say(not bad, "X-4: every page has its boxes, one inside the other", bad)
    spaces = json.dumps([v["stream"]["dict"] if "stream" in v else v["value"] for v in pdf.objects.values()])
    say("/DeviceRGB" not in spaces and "/CalRGB" not in spaces, "X-4: no colour of a screen")
    groups = [d for d in pdf.dicts() if d.get("/S") == "/Transparency"]
    say(all(g.get("/CS") == "/DeviceCMYK" for g in groups), "X-4: groups blend in the inks of the intent")
    say(all(not ({"/AA", "/JS", "/OPI", "/TR", "/Annots", "/Alternates", "/PS"} & set(d)) for d in pdf.dicts()), "X-4: no actions, OPI, transfer functions, annotations")
    layers = catalog.get("/OCProperties")
    if layers:
        default, groups = layers["/D"], layers["/OCGs"]
        say("/Name" in default and sorted(default["/Order"]) == sorted(groups) and "/AS" not in default, "X-4: layers have a name and are all in the order")
    spots = {}
    for d in list(pdf.objects.values()):
        v = d.get("value")
        if isinstance(v, list) and v and v[0] == "/Separation":
            spots.setdefault(v[1], []).append(json.dumps(v[2:]))
    say(all(len(set(v)) == 1 for v in spots.values()), "X-4: one recipe for each plate", spots)


def leaves(pdf):
    root = pdf.get(pdf.get(pdf.catalog()["/DPartRoot"])["/DPartRootNode"])
    return [leaf for part in root["/DParts"] for leaf in part]


def check_vt(pdf, count):
    catalog = pdf.catalog()
    xmp = pdf.data(catalog["/Metadata"]).decode()
    say("<pdfvtid:GTS_PDFVTVersion>PDF/VT-1</pdfvtid:GTS_PDFVTVersion>" in xmp, "VT-1: the XMP says its version")
    modified = re.search("<xmp:ModifyDate>(.*?)<", xmp)[1]
    say(f"<pdfvtid:GTS_PDFVTModDate>{modified}<" in xmp, "VT-1: and its date is that of the last change")
    root = pdf.get(catalog["/DPartRoot"])
    node = pdf.get(root["/DPartRootNode"])
    say(node["/Parent"] == catalog["/DPartRoot"], "VT-1: the root node belongs to the root")
    say(len(root["/NodeNameList"]) > root["/RecordLevel"] == 1, "VT-1: the levels have names, and the second is the records'")
    parts = leaves(pdf)
    say(len(parts) == count, f"VT-1: {count} records", len(parts))
    pages, at, wrong = pdf.pages(), 0, []
    for reference in parts:
        part = pdf.get(reference)
        if part["/Parent"] != root["/DPartRootNode"] or part["/Start"] != pages[at]:
            wrong.append(reference)
        end = pages.index(part.get("/End", part["/Start"]), at)
        wrong += [p for p in pages[at : end + 1] if pdf.get(p).get("/DPart") != reference]
        at = end + 1
    say(not wrong and at == len(pages), "VT-1: every page belongs to one record, in order, and points back to it", wrong[:5])
    say(all("/DPM" in pdf.get(p) for p in parts), "VT-1: every record says whose it is")


def show_dpm(pdf):
    for reference in leaves(pdf):
        part = pdf.get(reference)["/DPM"]
        print(json.dumps({k[1:]: v[2:] if isinstance(v, str) else v for k, v in part.items()}, ensure_ascii=False))


# ---- fonts ----

def cff_widths(data):
    """Widths of a bare CFF by CID (CID-keyed) or glyph index (by names), in thousandths."""
    from fontTools.cffLib import CFFFontSet
    from fontTools.pens.basePen import NullPen

    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None)
    top = fonts[0]
    is_cid = hasattr(top, "ROS")
    # Of a CID-keyed font the matrix may stand in its parts (Technical Note 5176, 9).
    holders = [top] + list(getattr(top, "FDArray", []))
    scale = 1000
    for matrix in [h.rawDict["FontMatrix"][0] for h in holders[:2] if "FontMatrix" in h.rawDict] or [0.001]:
        scale *= matrix
    out = {}
    for index, name in enumerate(top.charset):
        char = top.CharStrings[name]
        char.draw(NullPen())
        out[int(name[3:]) if is_cid and name.startswith("cid") else index] = char.width * scale
    return out


def truetype_widths(data, gid_map):
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data))
    order, units = font.getGlyphOrder(), font["head"].unitsPerEm
    return {cid: font["hmtx"][order[gid_map[2 * cid] << 8 | gid_map[2 * cid + 1]]][0] * 1000 / units for cid in range(len(gid_map) // 2)}


def dictionary_widths(array):
    out, i = {}, 0
    while i < len(array):
        if isinstance(array[i + 1], list):
            out.update({array[i] + k: w for k, w in enumerate(array[i + 1])})
            i += 2
        else:
            out.update({cid: array[i + 2] for cid in range(array[i], array[i + 1] + 1)})
            i += 3
    return out


def used_codes(pdf):
    """By font object: the codes that its pages and forms show."""
    used = {}
    for value in pdf.objects.values():
        stream = value.get("stream")
        holders = []
        if stream and stream["dict"].get("/Subtype") == "/Form":
            holders = [(stream["dict"].get("/Resources", {}), base64.b64decode(stream["data"]))]
        elif not stream and isinstance(value["value"], dict) and value["value"].get("/Type") == "/Page":
            holders = [(value["value"]["/Resources"], pdf.data(value["value"]["/Contents"]))]
        for resources, content in holders:
            names, font = pdf.get(resources).get("/Font", {}), None
            for match in re.finditer(rb"/(\w+) [\d.]+ Tf|\[?<([0-9A-F]+)>|/ActualText<[0-9A-F]*>", content):
                if match[1]:
                    font = names["/" + match[1].decode()]
                elif match[2]:
                    codes = match[2]
                    used.setdefault(font, set()).update(int(codes[i : i + 4], 16) for i in range(0, len(codes), 4))
    return used


def check_fonts(pdf):
    used = used_codes(pdf)
    fonts = {key: v["value"] for key, v in pdf.objects.items() if "value" in v and isinstance(v["value"], dict) and v["value"].get("/Subtype") == "/Type0"}
    say(set(used) == set(fonts) and bool(fonts), "fonts: those that are shown are those in the file")
    for key, font in fonts.items():
        below = pdf.get(font["/DescendantFonts"][0])
        descriptor = pdf.get(below["/FontDescriptor"])
        name = below["/BaseFont"][1:]
        is_cff = "/FontFile3" in descriptor
        kind = "CFF" if is_cff else "TrueType"
        say(bool(re.match(r"[A-Z]{6}\+", name)) and descriptor["/FontName"] == "/" + name, f"{kind} font: a subset, named everywhere alike", name)
        if is_cff:
            program = cff_widths(pdf.data(descriptor["/FontFile3"]))
        else:
            program = truetype_widths(pdf.data(descriptor["/FontFile2"]), pdf.data(below["/CIDToGIDMap"]))
        widths, codes = dictionary_widths(below.get("/W", [])), used.get(key, set())
        wrong = [(c, widths.get(c, below.get("/DW", 1000)), program.get(c)) for c in sorted(codes)
                 if c not in program or abs(widths.get(c, below.get("/DW", 1000)) - program[c]) > 0.5]
        say(not wrong, f"{kind} font: the widths of the dictionary are the program's", wrong[:5])
        unicode = pdf.data(font["/ToUnicode"]).decode("latin-1")
        say("begincmap" in unicode and "endcmap" in unicode, f"{kind} font: it has its Unicode")


pdf = Pdf(FILE)
if WHAT == "x4":
    check_x4(pdf)
elif WHAT == "vt":
    check_vt(pdf, int(sys.argv[3]))
elif WHAT == "dpm":
    show_dpm(pdf)
elif WHAT == "fonts":
    check_fonts(pdf)
else:
    sys.exit("what is \"%s\"?" % WHAT)
