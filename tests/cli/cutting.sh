# cutting.sh -- plates that are no ink, and the cut file: Ghostscript's separations, a DXF reader of our own (dxf.py), librsvg.
. "$ROOT/tests/cli/lib.sh"

for tool in qpdf gs rsvg-convert ffmpeg python3; do have $tool || { skip "cutting: no $tool"; exit 0; }; done

cat >die.yaml <<'Y'
format: 1
kind: sticker
colors:
  red: {rgb: "#C8102E", cmyk: [0, 100, 85, 5]}
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: [50mm, 30mm], bleed: 2mm, margin: 3mm}
sheet: {size: A4, grid: [2, 3], gap: 6mm, repeat: fill, marks: [crop, die], cut: {radius: 3mm}}
body:
  box: layers
  items:
    - {shape: rect, at: [0mm, 0mm], width: 10mm, height: 10mm, plate: White, fill: red}
    - {shape: rect, cover: bleed, fill: red}
    - {shape: ellipse, at: [30mm, 5mm], width: 10mm, height: 10mm, plate: Varnish, fill: red}
    - {shape: line, at: [25mm, 0mm], width: 0mm, height: 30mm, plate: Crease, stroke: {width: 0.25pt, color: red}}
    - {shape: line, at: [0mm, 15mm], width: 50mm, height: 0mm, plate: 点线, stroke: {width: 0.25pt, color: red}}
    - {shape: ellipse, at: [3mm, 3mm], width: 4mm, height: 4mm, plate: Drill, stroke: {width: 0.25pt, color: red}}
    - {text: 不转账, cover: safe}
output: {standard: PDF/X-4, name: die.pdf, cut-file: die.dxf}
Y
ok "plates that nobody declared" "$BIAOYU" render die.yaml --report die.json
ok "qpdf --check" qpdf --check die.pdf
is "all plates are there" '["Cyan","Magenta","Yellow","Black","CutContour","White","Varnish","Crease","点线","Drill"]' "$(jq -c .plates die.json)"
"$BIAOYU" check die.yaml 2>warned >/dev/null
has "a name that is not ASCII is said" warned 'warning[plate-name]: the plate "点线" is not named in ASCII: some machines cannot read that'
qpdf --qdf --object-streams=disable die.pdf die.txt 2>/dev/null
for step in "/GTS_ProcStepsGroup /White" "/GTS_ProcStepsGroup /Varnish" "/GTS_ProcStepsType /Creasing" "/GTS_ProcStepsType /Perforating" "/GTS_ProcStepsType /Drilling" "/GTS_ProcStepsType /Cutting"; do
	has "ISO 19593-1: $step" die.txt "$step"
done

# ---- separations: what a plate that is no ink shows alone, and art that does not cut it out ----
# (marks are on every plate: without them)
sed 's/marks: \[crop, die\]/marks: []/; s/, cut-file: die.dxf//' die.yaml >plates.yaml
"$BIAOYU" render plates.yaml -o plates.pdf 2>messages
gs -q -dNOPAUSE -dBATCH -sDEVICE=tiffsep -sCompression=none -r72 -sOutputFile=die%d.tif plates.pdf >gs.out 2>&1
# raw PLATE: its pixels, one byte each, 0 full ink, on the sheet at 72 dpi
raw() { ffmpeg -v error -i "die1($1).tif" -pix_fmt gray -f rawvideo -; }
# ink PLATE: pixels with more than half of the ink
ink() { raw "$1" | od -An -v -tu1 -w1 | awk '$1 < 128' | wc -l; }
white=$(ink White)
ok "White lies under art that was drawn later: 6 squares of 10 mm ($white pixels of $((6 * 804)))" test "$white" -gt 4500 -a "$white" -lt 5100
varnish=$(ink Varnish)
ok "Varnish: 6 circles of 10 mm ($varnish pixels of $((6 * 631)))" test "$varnish" -gt 3500 -a "$varnish" -lt 4300
for plate in CutContour Crease Drill; do ok "$plate is a plate of its own" test "$(raw $plate | od -An -v -tu1 -w1 | awk '$1 < 250' | wc -l)" -gt 100; done
magenta=$(ink Magenta)
ok "and the red is whole under all of them ($magenta pixels of $((6 * 54 * 34 * 8)))" test "$magenta" -gt $((6 * 54 * 34 * 8 * 98 / 100))

# ---- the cut file ----
python3 "$ROOT/tests/cli/dxf.py" die.dxf >lines 2>dxf.err
is "DXF is Release 12" "" "$(cat dxf.err)"
is "six of each line, four dots" "CREASE 6 CUTCONTOUR 6 DRILL 6 PERFORATING_2 6 REGMARK 4" "$(awk '{n[$1]++} END {for (l in n) print l, n[l]}' lines | sort | xargs)"
# the first piece: left (210 - 106) / 2 = 52, top (297 - 102) / 2 = 97.5 mm; area 50 x 30 - (4 - pi) x 9
has "the die line stands where the piece does, its corners are arcs" lines "CUTCONTOUR closed 8 52.00 169.50 102.00 199.50 1492.27 154.85"
has "the hole is a circle" lines "DRILL closed"
is "of pi x 2 x 2 mm^2, but for the straying of its arcs" "12.56" "$(awk '$1 == "DRILL" {print $8; exit}' lines)"
has "a crease is a line" lines "CREASE open 2 77.00 169.50 77.00 199.50 0.00 30.00"
ok "the same as SVG" "$BIAOYU" render die.yaml -o again.pdf --cut-file die.svg
is "a layer for each plate" "Crease CutContour Drill RegMark 点线" "$(grep -o 'inkscape:label="[^"]*"' die.svg | cut -d'"' -f2 | sort | xargs)"
# drawn by librsvg it lies on what Ghostscript finds on the plate
sed 's/<g inkscape:groupmode="layer" inkscape:label="\(Crease\|Drill\|RegMark\|点线\)"/& display="none"/; s/stroke-width="0.1"/stroke-width="0.6"/; s/stroke="#[0-9A-F]*"/stroke="#000000"/' die.svg >one.svg
rsvg-convert --dpi-x 72 --dpi-y 72 -b white one.svg -o one.png
has "the SVG is as large as the sheet" die.svg 'width="210mm" height="297mm" viewBox="0 0 210 297"'
ffmpeg -v error -i one.png -vf crop=595:842:0:0 -pix_fmt gray -f rawvideo svg.raw
raw CutContour >plate.raw
missed=$(paste -d' ' <(od -An -v -tu1 -w1 plate.raw) <(od -An -v -tu1 -w1 svg.raw) | awk '$1 < 128 && $2 > 250' | wc -l)
is "every dark point of the plate lies on a line of the cut file" 0 "$missed"

# ---- forms, turned pieces ----
sed 's#cut: {radius: 3mm}#rotate: always, cut: {shape: ellipse, offset: -1mm, plate: Kiss-cut}#; s/grid: \[2, 3\]/grid: [3, 2]/' die.yaml >ellipse.yaml
"$BIAOYU" render ellipse.yaml -o ellipse.pdf --cut-file ellipse.dxf 2>messages
python3 "$ROOT/tests/cli/dxf.py" ellipse.dxf >lines
# a quarter turned: 28 x 48 mm; left (210 - 102) / 2 + 1, bottom (297 - 106) / 2 + 56 + 1
has "a line 1 mm inside of an ellipse, turned" lines "KISS-CUT closed"
is "where it should be" "55.00 152.50 83.00 200.50" "$(awk '$1 == "KISS-CUT" {print $4, $5, $6, $7; exit}' lines)"
sed 's#cut: {radius: 3mm}#cut: {shape: path, d: "M0 0H50V30H30V20H20V30H0Z", offset: 1.5mm, plate: 刀版}#' die.yaml >path.yaml
"$BIAOYU" render path.yaml -o path.pdf --cut-file path.dxf 2>messages
python3 "$ROOT/tests/cli/dxf.py" path.dxf | grep CUTTING >lines
is "any form, with a distance: round outside, sharp inside" "50.50 168.00 103.50 201.00" "$(awk '{print $4, $5, $6, $7; exit}' lines)"
# 1400 mm^2 and 1.5 mm along 180 mm of edge; 6 corners open to quarters of circles, 2 close: + 10.60 - 4.5
is "its area" "1676.08" "$(awk '{print $8; exit}' lines)"

# ---- one file for all sheets, or one for each ----
printf 'n\n1\n2\n3\n4\n5\n6\n7\n' >rows.csv
sed 's/^sheet:/data: {rows: rows.csv}\nsheet:/; s/repeat: fill, //; s/cut-file: die.dxf/cut-file: "cut-{{@sheet}}.dxf"/; s/text: 不转账/text: "{{n}}"/' die.yaml >rows.yaml
ok "a cut file for each sheet" "$BIAOYU" render rows.yaml -o rows.pdf
is "the second sheet has one piece" "6 1" "$(for i in 1 2; do python3 "$ROOT/tests/cli/dxf.py" cut-$i.dxf | grep -c CUTCONTOUR; done | xargs)"
exits "one name is not enough for two" 1 "$BIAOYU" render rows.yaml -o rows.pdf --cut-file cut.dxf
has "and why" exits.err "sheet 2 is not cut as the first: one cut file cannot serve both"
ok "for full sheets it is" "$BIAOYU" render rows.yaml --rows 1-6 -o rows.pdf --cut-file cut.dxf
ok "which is the same with any number of jobs" sh -c "'$BIAOYU' render rows.yaml -j4 -o rows.pdf --cut-file 'four-{{@sheet}}.svg' && '$BIAOYU' render rows.yaml -j1 -o rows.pdf --cut-file 'one-{{@sheet}}.svg' && cmp four-2.svg one-2.svg"
sed 's/{text: 不转账, cover: safe}/{text: 不转账, cover: safe, plate: Kiss-cut}/' die.yaml >words.yaml
sed 's/marks: \[crop, die\]/marks: [crop, die, plates]/' die.yaml >names.yaml
exits "the names of the plates at the foot" 0 "$BIAOYU" render names.yaml -o names.pdf --cut-file names.svg
is "are no words of the piece" 0 "$(grep -c cut-words exits.err)"
exits "words on a plate for cutting" 0 "$BIAOYU" render words.yaml -o words.pdf --cut-file words.svg
has "are not in the cut file, and that is said" exits.err "warning[cut-words]: words or codes on a plate for cutting are not in the cut file: a knife follows lines"

# ---- a die line in SVG art is cut like any other, and its plate named; a plate in tints is named at full strength ----
cat >art.svg <<'S'
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 60">
<rect width="100" height="60" fill="#C8102E"/><path d="M10 10H90V50H10ZM10 10" fill="none" stroke="#E6007E" stroke-width="0.3"/>
</svg>
S
cat >art.yaml <<'Y'
format: 1
kind: sticker
colors:
  red: {rgb: "#C8102E", cmyk: [0, 100, 85, 5]}
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
  knife: {rgb: "#E6007E", cmyk: [0, 100, 0, 0], spot: CutContour}
  orange: {rgb: "#FF6600", cmyk: [0, 65, 100, 0], spot: Orange}
  pale: {of: orange, tint: 20%}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: [60mm, 40mm]}
sheet: {size: A4, grid: [2, 2], rotate: always, repeat: fill, marks: [crop, plates]}
body:
  box: layers
  items:
    - {shape: rect, at: [5mm, 2mm], width: 20mm, height: 3mm, fill: pale}
    - {image: art.svg, at: [5mm, 5mm], width: 50mm, height: 30mm, alt: art}
output: {standard: PDF/X-4}
Y
ok "a die line in SVG art" "$BIAOYU" render art.yaml -o art.pdf --cut-file art.dxf
ok "and as SVG" "$BIAOYU" render art.yaml -o art.pdf --cut-file lines.svg
# 40 x 60 mm turned, two beside each other: the sheet's left 65 mm, its foot 88.5 mm; the line 10 mm from the left edge, 10 from the top
is "is in the cut file of the sheet, turned with its piece" "4 closed 75.00 158.50 95.00 198.50 800.00" "$(python3 "$ROOT/tests/cli/dxf.py" art.dxf | awk '{n++} n == 1 {said = $2 " " $4 " " $5 " " $6 " " $7 " " $8} END {print n, said}')"
is "as SVG without moves that draw nothing" 0 "$(grep -c 'Z M' lines.svg)"
is "the foot names its plate, and one that has tints only" "Cyan Magenta Yellow Black Orange CutContour" "$(pdftotext art.pdf - | tail -3 | xargs)"
is "at full strength" "" "$("$BIAOYU" dump art.yaml | grep 'text "Orange"' | grep -o 'tint [0-9.]*')"

# ---- fronts and backs on one side: a back is cut and creased as its front is, seen through the paper ----
cat >halves.yaml <<'Y'
format: 1
kind: leaflet
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: [60mm, 40mm], bleed: 2mm}
fold: {type: roll, panels: [16mm, 21mm, 23mm], crease: Crease}
sheet: {size: A4, duplex: DUPLEX, rotate: ROTATE, repeat: fill, marks: [], cut: {shape: path, d: "M0 0H60V40H20L0 30Z"}}
pages: [{body: {text: 正面, size: 10pt}}, {body: {text: 背面, size: 10pt}}]
output: {standard: PDF/X-4, name: halves.pdf, cut-file: halves.svg}
Y
for case in "work-and-turn never hflip" "work-and-turn always hflip" "work-and-tumble never vflip" "work-and-tumble always vflip"; do
	read -r duplex rotate flip <<<"$case"
	sed "s/DUPLEX/$duplex/; s/ROTATE/$rotate/" halves.yaml >half.yaml
	"$BIAOYU" render half.yaml 2>messages || cat messages
	sed -i 's/stroke-width="0.1"/stroke-width="0.8"/' halves.svg
	rsvg-convert --dpi-x 50.8 --dpi-y 50.8 -b white halves.svg -o halves.png
	for filter in null $flip; do ffmpeg -v error -y -i halves.png -vf "$filter" -pix_fmt gray -f rawvideo $filter.raw; done
	off=$(paste -d' ' <(od -An -v -tu1 -w1 null.raw) <(od -An -v -tu1 -w1 $flip.raw) | awk '($1 < 200) != ($2 < 200) {n++} $1 < 200 {all++} END {print (all > 1000 ? int(n * 1000 / all) : 999)}')
	ok "$duplex, pieces turned $rotate: the lines fall on themselves (${off:-?} of 1000 points)" test "${off:-999}" -le 30
	pieces=$(sed -n '/label="CutContour"/,/<\/g>/p' halves.svg | grep -c '<path')
	is "two creases a piece" $((2 * pieces)) "$(sed -n '/label="Crease"/,/<\/g>/p' halves.svg | grep -c '<path')"
done

# ---- dots for the camera on both pages of a leaflet: only one of them is cut ----
cat >dots.yaml <<'Y'
format: 1
kind: leaflet
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: A5, bleed: 3mm, margin: 9mm, marks: [crop, die]}
fold: {type: half, crease: Perforate}
pages: [{panels: [{body: {text: 甲}}, {body: {text: 乙}}]}, {panels: [{body: {text: 丙}}, {body: {text: 丁}}]}]
output: {standard: PDF/X-4, cut-file: dots.dxf}
Y
ok "dots alone are nothing to cut" "$BIAOYU" render dots.yaml -o dots.pdf
is "beside the line they are in the file" "PERFORATE 1 REGMARK 4" "$(python3 "$ROOT/tests/cli/dxf.py" dots.dxf | awk '{n[$1]++} END {for (l in n) print l, n[l]}' | sort | xargs)"
sed 's/, crease: Perforate//' dots.yaml >none.yaml
exits "nor do they make a file" 1 "$BIAOYU" render none.yaml -o dots.pdf
has "which is said" exits.err "there is no line on a plate for cutting, creasing or drilling"
