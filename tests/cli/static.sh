# static.sh -- what a layout draws alike on many rows is one form in their press file: written once, the same bytes
# whoever made it, and nothing that is seen, read or reported is other than without it.
. "$ROOT/tests/cli/lib.sh"

for tool in qpdf pdftoppm pdftotext gs mutool jq; do have $tool || { skip "static: no $tool"; exit 0; }; done
pdf() { /usr/bin/python3 "$ROOT/tests/cli/pdf.py" "$@"; }

# ---- a poster of all kinds of things, of which a name alone depends on the data ----
cat >poster.yaml <<'Y'
format: 1
kind: poster
colors:
  red: {rgb: "#C8102E", cmyk: [0, 100, 85, 10]}
  deep: {rgb: "#7A0019", cmyk: [10, 100, 85, 50]}
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
  white: {rgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
  grey: {rgb: "#888888"}
  sky: {linear-gradient: {angle: 160, stops: [red, deep]}}
  dusk: {linear-gradient: {angle: 90, stops: [white, red]}}
  knife: {spot: CutContour, rgb: "#FF00FF", cmyk: [0, 100, 0, 0], step: Cutting}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 11pt, color: white, leading: 1.5}}
checks: {contrast: off}
data: {rows: rows.csv}
page: {size: [150mm, 200mm], bleed: 3mm, margin: 12mm}
body:
  box: layers
  items:
    - {shape: rect, fill: sky, cover: bleed}
    - box: column
      cover: safe
      gap: 4mm
      items:
        - {text: 谨防电信网络诈骗, size: 34pt, weight: bold, stroke: {color: deep, width: 1pt}}
        - {text: "{{community}}", size: 20pt}
        - text: 不轻信、不透露、不转账。凡是自称公安、检察院、法院人员要求转账的，都是诈骗；凡是要求提供银行卡号、密码、验证码的，都是诈骗；凡是通知中奖、领取补贴要先交钱的，都是诈骗。
          align: justify
        - {box: row, opacity: 0.5, background: white, padding: 4mm, items: [{text: 半透明的一块说明文字，写在渐变之上, color: black, size: 12pt}]}
        - {text: 颜色渐变的字，一行, color: dusk, size: 24pt, weight: bold}
    - {shape: ellipse, at: [100mm, 110mm], width: 35mm, height: 35mm, plate: knife, stroke: {width: 0.25pt, color: knife}}
    - box: row
      at: [12mm, 150mm]
      width: 126mm
      height: 38mm
      background: white
      radius: 3mm
      padding: 4mm
      gap: 5mm
      items: [{qrcode: "https://example.org/fanzha", color: black, width: 28mm}, {barcode: "6901234567892", type: ean13, color: black, width: 40mm, height: 25mm}, {image: art.svg, width: 20mm}, {image: photo.png, width: 15mm}]
output: {standard: PDF/X-4, name: poster.pdf}
Y
cat >art.svg <<'S'
<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" viewBox="0 0 100 100"><g opacity="0.5"><circle cx="50" cy="50" r="40" fill="#C8102E"/><rect x="20" y="20" width="40" height="40" fill="#000000"/></g></svg>
S
/usr/bin/python3 - <<'P'
import struct, zlib
def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
rows = b"".join(b"\0" + bytes(v for x in range(160) for v in (x, y, 80, 128 if x > 80 else 255)) for y in range(160))
open("photo.png", "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 160, 160, 8, 6, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
P
# far A B: how many bytes of two pictures differ by more than a step; poppler and Ghostscript round where a gradient is one shade or the next
far() { cmp -l "$1" "$2" | awk 'function o(s) {return int(s / 100) * 64 + int(s / 10) % 10 * 8 + s % 10} {d = o($2) - o($3)} d > 1 || d < -1 {n++} END {print n + 0}'; }

rows() { awk -v n="$1" 'BEGIN {print "code,community"; split("向阳 东湖 南桥 西苑", a, " "); for (i = 1; i <= n; i++) printf "S%03d,%s第%d社区\n", i, a[i % 4 + 1], i}'; }
rows 50 >rows.csv

# forms FILE: how many form XObjects there are
forms() { qpdf --json --json-key=qpdf "$1" | jq '[.. | objects | select(.["/Subtype"]? == "/Form")] | length'; }
size() { stat -c %s "$1"; }

ok "50 rows are drawn" "$BIAOYU" render poster.yaml -o all.pdf --report all.json --cut-file all.svg
"$BIAOYU" render poster.yaml --rows 1-10 -o ten.pdf
is "as many forms for 50 pages as for 10" "$(forms ten.pdf)" "$(forms all.pdf)"
is "the sky, the heading, the paragraph, the glass with its group, the bright line, the cut, the foot, SVG art with its group" 10 "$(forms all.pdf)"
is "and the report counts those that pages share" 8 "$(jq .shared_forms all.json)"
page=$((($(size all.pdf) - $(size ten.pdf)) / 40))
ok "a further page has $page bytes" test $page -lt 450
ok "qpdf --check" qpdf --check all.pdf
ok "Ghostscript draws it" gs -q -dNOPAUSE -dBATCH -dPDFSTOPONERROR -sDEVICE=tiffsep -r20 -sOutputFile=gs-%d.tif all.pdf
ok "MuPDF draws it" sh -c 'mutool draw -r 20 -o mu-%d.png all.pdf 2>mu.err && ! grep -v "ICC support" mu.err | grep -q "error"'
pdf x4 all.pdf | sed "s/ - /&static: /"
pdf fonts all.pdf | sed "s/ - /&static: /"

# Rows by themselves have no shared forms.
pdftoppm -r 110 -f 1 -l 3 all.pdf all
for row in 1 2 3; do
	"$BIAOYU" render poster.yaml --rows $row -o row$row.pdf --report row$row.json
	pdftoppm -r 110 -singlefile row$row.pdf row$row
	is "row $row looks as it does by itself" 0 "$(far all-0$row.ppm row$row.ppm)"
	is "row $row is found as it is by itself" "$(pdftotext row$row.pdf -)" "$(pdftotext -f $row -l $row all.pdf - )"
done
is "a row by itself has none but the art" 1 "$(jq .shared_forms row1.json)"
plates() { gs -q -dNOPAUSE -dBATCH -sDEVICE=tiffsep -sCompression=none -r40 -dFirstPage="$2" -dLastPage="$2" -sOutputFile="$3.tif" "$1"; }
plates all.pdf 2 together && plates row2.pdf 1 alone
for plate in Cyan Magenta Yellow Black CutContour; do
	for which in alone together; do LC_ALL=C sed 's/20[0-9][0-9]:[0-9: ]*//' "$which($plate).tif" >$which.plate; done
	is "the plate $plate is the same" 0 "$(far alone.plate together.plate)"
done

"$BIAOYU" render poster.yaml --rows 2 -o one.pdf --cut-file one.svg
ok "the cut file is the same" cmp all.svg one.svg

# The facts of eight rows are those of each, joined.
"$BIAOYU" render poster.yaml --rows 1-8 -o eight.pdf --report eight.json
for row in 4 5 6 7 8; do "$BIAOYU" render poster.yaml --rows $row -o one.pdf --report row$row.json; done
facts='[.text_runs, .images, .codes, .converted_from_rgb.paints, .converted_from_rgb.images]'
is "what is counted is counted on every row" "$(jq -cs "map($facts) | transpose | map(add)" row[1-8].json)" "$(jq -c "$facts" eight.json)"
facts='[.smallest_text_pt, .thinnest_line_pt, .least_image_ppi, .least_module_mm, .most_ink_of_one_colour_percent, .most_ink_percent, .plates, .boxes]'
is "what is measured is measured on every row" "$(jq -c "$facts" row1.json)" "$(jq -c "$facts" eight.json)"

"$BIAOYU" render poster.yaml -j1 -o one.pdf && "$BIAOYU" render poster.yaml -j4 -o four.pdf && "$BIAOYU" render poster.yaml -j8 -o eight.pdf
ok "any number of jobs gives the same bytes" sh -c 'cmp one.pdf four.pdf && cmp one.pdf eight.pdf && cmp one.pdf all.pdf'

# ---- what is wrong is said for every row, and in the same words ----
sed 's/contrast: off/contrast: 9/; s/color: black, size: 12pt}\]}/color: deep, size: 5.5pt}]}/; s/color: dusk/color: grey/' poster.yaml >wrong.yaml
"$BIAOYU" render wrong.yaml --rows 1-8 -o wrong.pdf 2>many.txt
"$BIAOYU" render wrong.yaml --rows 1 -o wrong.pdf 2>one.txt
ok "messages there are" grep -q "small-text" one.txt
ok "of contrast too" grep -q "low-contrast" one.txt
is "of eight rows the same as of one" "$(grep -v 'nothing written' one.txt)" "$(grep -v -e 'and 7 more like it' -e 'nothing written' many.txt)"
is "each of them eight times" "$(grep -c '= data' one.txt)" "$(grep -c 'and 7 more like it' many.txt)"

# ---- a part that moves, and one whose lines change with the room they have ----
cat >moves.yaml <<'Y'
format: 1
kind: poster
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 10pt, color: black}}
data: {rows: moves.csv}
page: {size: [100mm, 100mm], bleed: 0mm, margin: 8mm}
body:
  box: column
  gap: 3mm
  items:
    - {text: "{{words}}", size: 14pt}
    - box: row
      gap: 2mm
      items:
        - {text: "{{words}}", size: 6pt}
        - {text: 这一段文字每一行都一样，可是它的位置和宽度由前面的文字决定, grow: 1}
    - {text: 这一行只是上下移动，样子不变}
output: {standard: PDF/X-4, name: moves.pdf}
Y
awk 'BEGIN {print "words"; for (i = 1; i <= 24; i++) {s = ""; for (k = 0; k < i; k++) s = s "字"; print s}}' >moves.csv
"$BIAOYU" render moves.yaml -j1 -o moves.pdf && "$BIAOYU" render moves.yaml -j4 -o moves4.pdf
ok "parts that move: the same bytes" cmp moves.pdf moves4.pdf
ok "parts that move: qpdf --check" qpdf --check moves.pdf
pdftoppm -r 110 -png moves.pdf moves
for row in 1 9 24; do
	"$BIAOYU" render moves.yaml --rows $row -o alone.pdf && pdftoppm -r 110 -png -singlefile alone.pdf alone
	ok "parts that move: row $row looks as it does by itself" cmp "$(printf 'moves-%02d.png' $row)" alone.png
done

# ---- on sheets, and on records: the words of the layout against the same from a column, which are drawn anew ----
cat >sticker.yaml <<'Y'
format: 1
kind: sticker
colors:
  red: {rgb: "#C8102E", cmyk: [0, 100, 85, 10]}
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
  white: {rgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 8pt, color: black}}
checks: {contrast: off}
data: {rows: stickers.csv}
page: {size: [50mm, 30mm], bleed: 1mm, margin: 3mm}
pages:
  - body:
      box: column
      items:
        - {text: 谨防电信网络诈骗不轻信, size: 11pt, color: red, weight: bold}
        - {text: "{{code}}"}
        - {box: row, opacity: 0.6, background: red, padding: 1mm, items: [{text: 报警电话一一零，反诈专线九六一一零, color: white}]}
  - body: {box: column, items: [{text: 背面说明文字，每一张都相同，写在后面, size: 9pt}, {text: "{{code}}"}]}
sheet: {size: A4, grid: [3, 6], gap: 3mm, margin: center, duplex: sheetwise}
output: {standard: PDF/X-4, name: sticker.pdf}
Y
sed -e 's/谨防电信网络诈骗不轻信/"{{front}}"/; s/报警电话一一零，反诈专线九六一一零/"{{foot}}"/; s/背面说明文字，每一张都相同，写在后面/"{{back}}"/' sticker.yaml >column.yaml
awk 'BEGIN {print "code,front,foot,back"; for (i = 1; i <= 200; i++) printf "S%03d,谨防电信网络诈骗不轻信,报警电话一一零，反诈专线九六一一零,背面说明文字，每一张都相同，写在后面\n", i}' >stickers.csv
# against WHAT SEDS: both layouts with what differs from the first sheet above
against() {
	sed "$2" sticker.yaml >a.yaml
	sed "$2" column.yaml >b.yaml
	"$BIAOYU" render a.yaml -j1 -o a.pdf --report a.json 2>a.err && "$BIAOYU" render b.yaml -o b.pdf --report b.json 2>b.err || { cat a.err b.err; return; }
	"$BIAOYU" render a.yaml -j4 -o a4.pdf
	ok "$1: any number of jobs gives the same bytes" cmp a.pdf a4.pdf
	ok "$1: qpdf --check" qpdf --check a.pdf
	ok "$1: two forms for all, the heading in its place, and none of the other" test "$(jq .shared_forms a.json)" = 2 -a "$(jq .shared_forms b.json)" = 0
	ok "$1: smaller" test "$(size a.pdf)" -lt "$(size b.pdf)"
	is "$1: the same is found" "$(pdftotext b.pdf - | md5sum)" "$(pdftotext a.pdf - | md5sum)"
	is "$1: the same is reported" "$(jq -S 'del(.shared_forms) | .fonts |= sort_by(.subset)' b.json)" "$(jq -S 'del(.shared_forms) | .fonts |= sort_by(.subset)' a.json)"
	rm -f a-*.png b-*.png
	pdftoppm -r 80 -l 4 -png a.pdf a && pdftoppm -r 80 -l 4 -png b.pdf b
	for picture in b-*.png; do cmp "$picture" "a${picture#b}" || return; done >look.txt 2>&1
	is "$1: the same is seen" "" "$(cat look.txt)"
}
against sheets ''
against copies 's/sheet: {/sheet: {repeat: 4, /'
against "work and turn" 's/grid: \[3, 6\]/grid: [2, 6]/; s/duplex: sheetwise/duplex: work-and-turn/'
against "a shifted back" 's/duplex: sheetwise/duplex: sheetwise, back-shift: [1mm, -0.5mm]/'
against "PDF/VT-1" 's|PDF/X-4|PDF/VT-1|'
pdf vt a.pdf 200
against "PDF/X-1a" 's|PDF/X-4|PDF/X-1a|; s/opacity: 0.6, //'

# ---- a file a row: each is made as if it were alone, art with groups in it too ----
"$BIAOYU" render poster.yaml --rows 1-3 -o 'files/{{code}}.pdf'
for row in 1 2 3; do
	ok "a file a row: $row is the same as by itself" cmp files/S00$row.pdf row$row.pdf
done
