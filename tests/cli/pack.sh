# pack.sh -- the hand-over pack: what is in it, that its numbers are right, that it is there whole or not at all.
. "$ROOT/tests/cli/lib.sh"

for tool in jq pdfinfo pdftotext qpdf; do have $tool || { skip "pack: no $tool"; exit 0; }; done

sticker=$ROOT/layouts/press/sticker.yaml
ok "a pack of the stickers" "$BIAOYU" render "$sticker" --pack pack/
is "what is in it" "cut-1-3.dxf cut-1-3.svg cut-4.dxf cut-4.svg one-up.pdf plates report.html report.json sheets.pdf ticket.json ticket.pdf" "$(cd pack && echo *)"
is "a picture of each plate" "1-Black.png 1-CutContour.png 1-Cyan.png 1-Magenta.png 1-Yellow.png" "$(cd pack/plates && echo *)"
ok "which are grey PNGs" sh -c 'file pack/plates/*.png | grep -vq "8-bit grayscale" && exit 1; exit 0'
for name in sheets one-up ticket; do ok "qpdf --check $name.pdf" qpdf --check pack/$name.pdf; done
is "sheets and pieces" "4 90 1" "$(for name in sheets one-up ticket; do pdfinfo pack/$name.pdf | sed -n 's/^Pages: *//p'; done | tr '\n' ' ' | sed 's/ $//')"
is "the one-up file has records, the sheets have none" "1 0" "$(grep -ac 'GTS_PDFVTVersion' pack/one-up.pdf) $(grep -ac 'GTS_PDFVTVersion' pack/sheets.pdf)"

# ---- the ticket ----
jq -r '.files[] | [.sha256, .name] | join("  ")' pack/ticket.json >sums.txt
is "the ticket has the SHA-256 of every file but itself and its page" "$(cd pack && find . -type f ! -name 'ticket.*' | wc -l)" "$(wc -l <sums.txt)"
ok "and they are right" sh -c 'cd pack && sha256sum -c --quiet ../sums.txt'
is "sizes" '[50,30,2] [210,297,24]' "$(jq -c '[.piece.width_mm, .piece.height_mm, .piece.bleed_mm], [.sheet.width_mm, .sheet.height_mm, .sheet.pieces]' pack/ticket.json | tr '\n' ' ' | sed 's/ $//')"
is "counts, altogether and for each recipient" '{"pieces":90,"sheets":4,"pdf_pages":4,"cut_files":4} 90' "$(jq -c '.counts, ([.recipients[].pieces] | add)' pack/ticket.json | tr '\n' ' ' | sed 's/ $//')"
is "ink of each plate, as the report has it" "$(jq -c '.ink_cm2 | map_values(. * 100 | round)' pack/report.json)" "$(jq -c '[.plates[] | {(.name): (.ink_cm2 * 100 | round)}] | add' pack/ticket.json)"
pdftotext -layout pack/ticket.pdf ticket.txt
for words in 防诈小贴士 "50 × 30 mm" "210 × 297 mm, 24-up" CutContour "$(jq -r '.files[] | select(.name == "sheets.pdf") | .sha256' pack/ticket.json)"; do has "the page says $words" ticket.txt "$words"; done
printf 'code,n\nA,3\nB,1\nC,2\n' >rows.csv
cat >copies.yaml <<'Y'
format: 1
kind: sticker
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
fonts: {sans: {family: Noto Sans CJK SC}}
data: {rows: rows.csv, copies: n, unique: [code]}
page: {size: [50mm, 30mm], margin: 4mm}
sheet: {size: A4, grid: [3, 8], gap: 0mm, repeat: 2}
body: {text: "{{code}}", size: 30pt}
output: {standard: PDF/X-4}
Y
"$BIAOYU" render copies.yaml --pack copies >copies.out 2>&1 || cat copies.out
is "copies and repeats are counted" '[["A",6],["B",2],["C",4]]' "$(jq -c '[.recipients[] | [.fields.code, .pieces]]' copies/ticket.json)"
"$BIAOYU" render "$ROOT/layouts/press/leaflet.yaml" --pack leaflet
is "a leaflet: folds, two sides, no sheet, its creases as SVG and DXF" '["roll",null,2] 1 2' "$(jq -c '[.fold.type, .sheet, .counts.cut_files]' leaflet/ticket.json) $(ls leaflet/plates | cut -c1 | sort -u | tr '\n' ' ' | sed 's/ $//')"

# ---- whole or not at all, and the same again ----
"$BIAOYU" render "$sticker" --pack again -j3
ok "the same bytes, for any number of jobs" diff -r pack again
"$BIAOYU" render "$sticker" --rows 1-3 --pack again
is "a pack takes the place of the one before" 3 "$(jq .counts.pieces again/ticket.json)"
mkdir mine && echo precious >mine/file
exits "a folder that is no pack is left alone" 1 "$BIAOYU" render "$sticker" --pack mine
has "and that is said" exits.err '"mine" is there and is no pack'
is "with what is in it" precious "$(cat mine/file)"
printf 'format: 1\nextends: %s\nchecks: {limits: {safe: 20mm}}\n' "$sticker" >bad.yaml
exits "an error of preflight" 1 "$BIAOYU" render bad.yaml --pack bad
is "leaves no pack and no half of one" "" "$(ls -d bad* | grep -v bad.yaml)"
exits "an error leaves the pack before it alone" 1 "$BIAOYU" render bad.yaml --pack again
is "as it was" 3 "$(jq .counts.pieces again/ticket.json)"
exits "only a layout for the press has a pack" 1 "$BIAOYU" render "$ROOT/layouts/poster.yaml" --pack poster
has "and that is said too" exits.err "no-pack"
exits "-o does not go with it" 1 "$BIAOYU" render "$sticker" --pack x -o y.pdf

# ---- every fold, long names of plates: the page says of each thing what is its own ----
cat >map.yaml <<'Y'
format: 1
kind: leaflet
colors:
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
  a: {rgb: "#FF6600", cmyk: [0, 65, 100, 0], spot: "PANTONE Orange 021 C of the older book"}
  brown: {rgb: "#806050", cmyk: [30, 60, 60, 0]}
  b: {rgb: "#0033A0", cmyk: [100, 75, 0, 5], spot: "PANTONE 286 C"}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: [400mm, 280mm], margin: 8mm}
fold: {type: map, panels: 8, crease: Crease}
body:
  box: layers
  items:
    - {text: 不轻信, at: [10mm, 10mm], size: 20pt}
    - {shape: rect, at: [10mm, 40mm], width: 20mm, height: 20mm, fill: a}
    - {shape: rect, at: [60mm, 40mm], width: 30mm, height: 30mm, fill: b}
    - {shape: rect, at: [110mm, 40mm], width: 30mm, height: 30mm, fill: brown}
    - {shape: ellipse, at: [10mm, 80mm], width: 20mm, height: 20mm, plate: White, fill: black}
    - {shape: ellipse, at: [60mm, 80mm], width: 20mm, height: 20mm, plate: CutContour, stroke: {width: 0.25pt, color: black}}
output: {standard: PDF/X-1a}
Y
ok "a pack of a map" "$BIAOYU" render map.yaml --pack map
is "its folds across and down" '{"type":"map","panels_mm":[100.5,99.5,99.5,100.5],"rows_mm":[140,140]}' "$(jq -c .fold map/ticket.json)"
pdftotext -layout map/ticket.pdf map.txt
is "the page has the ink of a plate beside its name, however long" "9 cm²" "$(sed -n 's/.*PANTONE 286 C  *//p' map.txt | sed -n 1p)"
is "and a picture of each of nine plates" 9 "$(pdfimages -list map/ticket.pdf | grep -c ' image ')"
for type in half roll z gate double-gate; do
	sed "s/type: map, panels: 8/type: $type/" map.yaml >fold.yaml
	"$BIAOYU" render fold.yaml --pack fold >fold.out 2>&1
	is "fold: $type" $type "$(jq -r .fold.type fold/ticket.json)"
done
# ---- whatever standard the layout asks for: the sheets are X, the pieces VT-1, which is an X-4 ----
for standard in PDF/X-1a PDF/X-4 PDF/VT-1; do
	sed "s|PDF/X-4|$standard|" copies.yaml >standard.yaml
	"$BIAOYU" render standard.yaml --pack standard
	is "$standard: sheets and pieces" "${standard/VT-1/X-4} 1 %PDF-1.6 6" "$(jq -r .standard standard/ticket.json) $(pdfinfo standard/sheets.pdf | sed -n 's/^Pages: *//p') $(head -c 8 standard/one-up.pdf) $(pdfinfo standard/one-up.pdf | sed -n 's/^Pages: *//p')"
	is "$standard: records in one of them" "1 0" "$(grep -ac 'GTS_PDFVTVersion>PDF/VT-1' standard/one-up.pdf) $(grep -ac 'GTS_PDFVTVersion' standard/sheets.pdf)"
	is "$standard: as the report says" "${standard/VT-1/X-4}" "$(jq -r .standard standard/report.json | sed 's/:2003//')"
done
# ---- killed, and two at a time ----
killed=0
for after in 0.02 0.05 0.1 0.15 0.2 0.3; do
	"$BIAOYU" render map.yaml --pack killed/pack 2>killed.err &
	sleep $after
	kill -9 $! 2>>killed.err && killed=$((killed + 1))
	wait $! 2>>killed.err
done
ok "killed $killed times" test $killed -gt 0
ok "then made" "$BIAOYU" render map.yaml --pack killed/pack
is "it is the same pack, and nothing lies beside it" "pack $(cd map && sha256sum -- * plates/* 2>/dev/null | sha256sum)" "$(ls killed) $(cd killed/pack && sha256sum -- * plates/* 2>/dev/null | sha256sum)"
exec 9>busy.lock
flock 9
exits "another run is at it" 4 "$BIAOYU" render map.yaml --pack busy
exec 9>&-
has "and that is said" exits.err 'error[busy]: another run is writing the pack "busy"'

exits "a pack is of one layout" 2 "$BIAOYU" render "$sticker" map.yaml --pack two
has "and that is said" exits.err 'biaoyu: --pack "two" is of one layout: the second would write over the first; render them one after the other'
exits "a report too" 2 "$BIAOYU" render "$sticker" map.yaml --report two.json
exits "and a cut file" 2 "$BIAOYU" render "$sticker" map.yaml --cut-file two.svg

# ---- rows that are left out ----
printf 'code,n\nA,3\n,1\nC,2\n' >rows.csv
sed 's/unique: \[code\]/columns: {code: {required: true}}/' copies.yaml >left.yaml
mkdir beside
exits "a row that breaks a rule: no pack" 1 "$BIAOYU" render left.yaml --pack beside/pack
is "nor half of one" "" "$(ls beside)"
exits "--keep-going leaves it out" 3 "$BIAOYU" render left.yaml --pack beside/pack --keep-going
is "of the ticket" '[["A",6],["C",4]]' "$(jq -c '[.recipients[] | [.fields.code, .pieces]]' beside/pack/ticket.json)"
is "of both files" "1 5" "$(for name in sheets one-up; do pdfinfo beside/pack/$name.pdf | sed -n 's/^Pages: *//p'; done | xargs)"
has "and says so beside the pack" beside/rejected.csv "empty-field"
is "where the shop does not see it" "pack rejected.csv" "$(ls beside | xargs)"

# ---- the shop that makes the sheets itself cuts them itself: its pieces have the line, inside their own boxes ----
"$BIAOYU" render "$sticker" --rows 1-2 --pack die
for name in sheets one-up; do qpdf --qdf --object-streams=disable die/$name.pdf $name.txt 2>/dev/null; done
is "CutContour is a plate of both files" "1 1" "$(for name in sheets one-up; do grep -ac '/Separation' $name.txt >/dev/null && grep -a '/CutContour' $name.txt | sort -u | wc -l; done | xargs)"
if have gs; then
	gs -q -dNOPAUSE -dBATCH -sDEVICE=tiffsep -sCompression=none -r72 -dFirstPage=1 -dLastPage=2 -sOutputFile=one%d.tif die/one-up.pdf >gs.out 2>&1
	is "there on every piece" "yes yes" "$(for page in 1 2; do [ "$(tail -c +9 "one$page(CutContour).tif" | tr -d '\377' | wc -c)" -gt 300 ] && echo yes; done | xargs)"
fi

# ---- how many come out: a whole sheet of each, and twice as many where both faces of the paper are printed alike ----
printf 'code\nA\nB\n' >rows.csv
for case in "grid: [3, 8]|[48,2,[24,24]]" "grid: [3, 8], repeat: 5|[10,1,[5,5]]" "grid: [2, 8], duplex: work-and-turn|[32,2,[16,16]]" "grid: [2, 8], duplex: sheetwise|[32,2,[16,16]]" "grid: [2, 8], duplex: work-and-tumble, repeat: 1|[4,1,[2,2]]"; do
	sheet=${case%%|*}
	grep -q repeat <<<"$sheet" || sheet="$sheet, repeat: fill"
	printf 'format: 1\nkind: sticker\ncolors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}\nfonts: {sans: {family: Noto Sans CJK SC}}\ndata: {rows: rows.csv}\npage: {size: [50mm, 30mm], margin: 4mm}\nsheet: {size: A4, gap: 0mm, %s}\n' "$sheet" >out.yaml
	if grep -q duplex <<<"$sheet"; then echo 'pages: [{body: {text: "{{code}}"}}, {body: {text: 背}}]'; else echo 'body: {text: "{{code}}"}'; fi >>out.yaml
	echo 'output: {standard: PDF/X-4}' >>out.yaml
	"$BIAOYU" render out.yaml --pack out >out.log 2>&1 || cat out.log
	is "pieces, sheets, of each: $sheet" "${case#*|}" "$(jq -c '[.counts.pieces, .counts.sheets, [.recipients[].pieces]]' out/ticket.json)"
done
