# imposition.sh -- sheets with backs, booklets, leaflets and the calibration sheet, looked at with poppler, qpdf and ffmpeg.
. "$ROOT/tests/cli/lib.sh"

for tool in qpdf pdfinfo pdftoppm pdftotext ffmpeg; do have $tool || { skip "imposition: no $tool"; exit 0; }; done

# ---- backs lie behind fronts: both sides drawn by poppler (two points a mm), the back turned over by ffmpeg ----
# The front is a form that fits nothing but itself, the back its mirror image.
cat >duplex.yaml <<'Y'
format: 1
kind: sticker
colors: {ink: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
page: {size: [60mm, 40mm]}
sheet: {size: [200mm, 150mm], grid: [2, 2], gap: 7mm, margin: [12mm, 0mm, 0mm, 21mm], repeat: fill, marks: [], SIDES}
pages:
  - body: {box: layers, items: [{shape: path, at: [0mm, 0mm], width: 60mm, height: 40mm, d: "M0 0H60V10H20V40H0Z", fill: ink}]}
  - body: {box: layers, items: [{shape: path, at: [0mm, 0mm], width: 60mm, height: 40mm, d: "M60 0H0V10H40V40H60Z", fill: ink}]}
output: {standard: PDF/X-4, name: duplex.pdf}
Y
# seen FILE PAGE FILTER: its dark points after the paper is turned over, a line each
seen() {
	pdftoppm -r 50.8 -gray -f "$2" -l "$2" -singlefile "$1" "seen-$2${3:-}"
	ffmpeg -v error -i "seen-$2${3:-}.pgm" -vf "crop=400:300:0:0,${3:-null}" -pix_fmt gray -f rawvideo - | od -An -v -tu1 -w1 | awk '{print ($1 < 128)}'
}
apart() { paste -d' ' <(seen "$1" 1) <(seen "$1" "$2" "$3") | awk '$1 != $2 {n++} $1 {all++} END {printf "%d %d", n * 1000 / all, (all > 2000)}'; }
for case in "duplex: sheetwise|hflip|turned" "duplex: sheetwise, flip: tumble|vflip|tumbled" "duplex: sheetwise, rotate: always, grid: [2, 1]|hflip|rotated and turned" \
	"duplex: sheetwise, rotate: always, grid: [2, 1], flip: tumble|vflip|rotated and tumbled" "duplex: sheetwise, flip: long-edge|vflip|about the long edge of a landscape sheet"; do
	sides=${case%%|*} rest=${case#*|}
	sed "s/SIDES/$sides/" duplex.yaml | sed '/rotate/s/grid: \[2, 2\], //' >sides.yaml
	"$BIAOYU" render sides.yaml -o sides.pdf 2>messages || cat messages
	is "${rest#*|}: two sides" 2 "$(pdfinfo sides.pdf | sed -n 's/^Pages: *//p')"
	read -r off enough <<<"$(apart sides.pdf 2 "${rest%%|*}")"
	ok "every back lies behind its front, ${rest#*|} (${off:-?} of 1000 points)" test "${off:-999}" -le 2 -a "${enough:-0}" = 1
done
# One side for both faces: turned over it lies on itself.
for case in "duplex: work-and-turn|hflip" "duplex: work-and-tumble|vflip"; do
	sed "s/SIDES/${case%|*}/; s/margin: \[[^]]*\]/margin: center/" duplex.yaml >sides.yaml
	ok "${case%|*}: drawn" "$BIAOYU" render sides.yaml -o sides.pdf
	is "one side" 1 "$(pdfinfo sides.pdf | sed -n 's/^Pages: *//p')"
	read -r off enough <<<"$(apart sides.pdf 1 "${case#*|}")"
	ok "falls on itself (${off:-?} of 1000 points)" test "${off:-999}" -le 2 -a "${enough:-0}" = 1
done
ok "qpdf --check" qpdf --check sides.pdf
pdfinfo -box sides.pdf >boxes.txt
has "a sheet is as large as it is" boxes.txt "MediaBox:            0.00     0.00   566.93   425.20"
has "its trim box is the sheet: it is cut by its marks" boxes.txt "TrimBox:             0.00     0.00   566.93   425.20"

# ---- sheets of the trade ----
for size in "大度全开 889 1194" "大度对开 597 889" "大度4开 444 597" "大度8开 298 444" "正度全开 787 1092" "正度对开 546 787" "正度4开 393 546" "正度8开 273 393" "A3+ 329 483" "SRA3 320 450"; do
	read -r name width height <<<"$size"
	printf 'format: 1\nkind: sticker\npage: {size: [90mm, 54mm], bleed: 3mm}\nsheet: {size: %s, gripper: 12mm, repeat: fill}\nbody: {text: 不转账}\noutput: {name: t.pdf}\n' "$name" >trade.yaml
	"$BIAOYU" render trade.yaml -o trade.pdf
	is "$name is $width x $height mm" "$width $height" "$(pdfinfo trade.pdf | awk '/Page size/ {printf "%.0f %.0f", $3 * 25.4 / 72, $5 * 25.4 / 72}')"
done

# ---- booklets: folded and read ----
{
	printf 'format: 1\nkind: booklet\ndata: {rows: names.csv}\nfonts: {sans: {family: Noto Sans CJK SC}}\npage: {size: A6, bleed: 3mm, margin: 10mm}\nbooklet: {binding: left}\nsheet: {size: A4, landscape: true, grid: [1, 1], marks: [crop, fold]}\npages:\n'
	for n in 1 2 3 4 5 6 7 8; do printf '  - body: {text: "{{name}}%s", size: 30pt, wrap: stable}\n' $n; done
	printf 'output: {standard: PDF/X-4, name: booklet.pdf}\n'
} >booklet.yaml
printf 'name\nA\nB\n' >names.csv
ok "a booklet for each row" "$BIAOYU" render booklet.yaml
is "two leaves each, two sides a leaf" 8 "$(pdfinfo booklet.pdf | sed -n 's/^Pages: *//p')"
order() { for page in 1 2 3 4 5 6 7 8; do pdftotext -f $page -l $page -layout "$1" - | tr -s ' \n\f' ' ' | sed 's/^ //; s/ $//; s/ /+/'; echo; done | grep . | xargs; }
is "the last page beside the first, then inwards" "A8+A1 A2+A7 A6+A3 A4+A5 B8+B1 B2+B7 B6+B3 B4+B5" "$(order booklet.pdf)"
sed 's/binding: left/binding: right/' booklet.yaml >right.yaml
"$BIAOYU" render right.yaml -o right.pdf
is "bound at the right it is the other way round" "A1+A8 A7+A2 A3+A6 A5+A4 B1+B8 B7+B2 B3+B6 B5+B4" "$(order right.pdf)"
sed '/^sheet/d' booklet.yaml >single.yaml
"$BIAOYU" render single.yaml -o single.pdf
is "without a sheet its pages as they are read" "A1 A2 A3 A4 A5 A6 A7 A8" "$(order single.pdf)"
ok "any number of jobs gives the same bytes" sh -c "'$BIAOYU' render booklet.yaml -j1 -o one.pdf && '$BIAOYU' render booklet.yaml -j4 -o four.pdf && cmp one.pdf four.pdf"
"$BIAOYU" render booklet.yaml -o 'leaf-{{@sheet}}-{{@page}}.png' >/dev/null
is "as pictures, each side has its name" 8 "$(ls leaf-*.png | wc -l)"

# ---- pictures of sheets: no paper shows between pieces that abut, at a resolution that puts no edge on a pixel's ----
ffmpeg -v error -f lavfi -i 'color=red:s=64x40,format=rgb24' -frames:v 1 -y red.png
cat >abut.yaml <<'Y'
format: 1
kind: sticker
colors: {red: {rgb: "#C8102E", cmyk: [0, 100, 85, 5]}}
page: {size: [50mm, 30mm], bleed: 2mm}
sheet: {size: A4, SHEET, repeat: fill, marks: []}
body: {box: layers, items: [{ART, cover: bleed}]}
checks: {image-dpi: {warn: 0, error: 0}}
output: {dpi: 97}
Y
# The colours in the middle row and the middle column of the picture.
colours() {
	ffmpeg -v error -y -i abut.png -pix_fmt rgb24 -f rawvideo abut.raw
	local size width height
	size=$(file abut.png | grep -oE '[0-9]+ x [0-9]+' | head -1) width=${size% x *} height=${size#* x }
	{
		tail -c +$((height / 2 * width * 3 + 1)) abut.raw | head -c $((width * 3)) | od -An -v -tx1 -w3
		od -An -v -tx1 -w3 abut.raw | awk -v w=$width 'NR % w == int(w / 2)'
	} | sort -u | wc -l
}
for case in 'gap: 4mm|shape: rect, fill: red' 'gap: 0mm|shape: rect, fill: red' 'gap: 0mm, rotate: always|shape: rect, fill: red' 'gap: 4mm|image: red.png, fit: cover, alt: red' 'gap: 0mm|image: red.png, fit: fill, alt: red'; do
	for standard in "" "standard: PDF/X-4, "; do
		sed "s/SHEET/${case%|*}/; s/ART/${case#*|}/; s|output: {|&$standard|" abut.yaml >sheet.yaml
		"$BIAOYU" render sheet.yaml -o abut.png 2>messages || cat messages
		is "two colours, $case, $standard" 2 "$(colours)"
	done
done

# ---- the label of a sheet says whose it is ----
printf 'name,copies\n甲社区,3\n乙社区,1\n丙社区,2\n' >who.csv
printf 'format: 1\nkind: sticker\nfonts: {sans: {family: Noto Sans CJK SC}}\ndata: {rows: who.csv, copies: copies}\npage: {size: [60mm, 40mm]}\nsheet: {size: A4, grid: [1, 2], label: "{{@sheet}} {{name}} {{@first}}-{{@last}}"}\nbody: {text: 不转账}\noutput: {name: who.pdf}\n' >who.yaml
"$BIAOYU" render who.yaml
is "columns are of the first row on it" "1 甲社区 1-1 2 甲社区 1-2 3 丙社区 3-3" "$(pdftotext who.pdf - | grep 社区 | xargs)"

# ---- small pieces: all patches of a bar, none of them across a crop mark or a target ----
cat >tiny.yaml <<'Y'
format: 1
kind: sticker
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
page: {size: [10mm, 10mm], bleed: 2mm}
sheet: {size: SHEET, repeat: fill, marks: [crop, registration, color-bar, gray-bar]}
body: {shape: ellipse, width: 4mm, height: 4mm, fill: black}
output: {standard: PDF/X-4}
Y
for size in A5 SRA3; do
	sed "s/SHEET/$size/" tiny.yaml >small.yaml
	"$BIAOYU" dump small.yaml >small.txt
	is "$size: nine patches of colour, seven of grey, clear of all marks" "9 7 0" "$(awk '
		/^role/ {role = $2}
		role ~ /bar$/ && /^fill rect/ {split($3, a, ","); split($4, b, "x"); n[role]++; left[++k] = a[1]; right[k] = a[1] + b[1]}
		role ~ /crop-mark|registration/ && /^stroke path M/ && NF < 30 {split($4, a, ","); split($6, b, ","); if (a[1] == b[1]) line[++m] = a[1]}
		END {for (i = 1; i <= k; i++) for (j = 1; j <= m; j++) bad += line[j] > left[i] && line[j] < right[i]; print n["color-bar"] + 0, n["gray-bar"] + 0, bad + 0}' small.txt)"
done

# ---- the calibration sheet ----
printf 'format: 1\nkind: sticker\npage: {size: [90mm, 54mm]}\nsheet: {size: A4, duplex: sheetwise, back-shift: [1mm, -2mm]}\npages: [{body: {text: 甲}}, {body: {text: 乙}}]\n' >cal.yaml
ok "--calibration" "$BIAOYU" render cal.yaml --calibration -o cal.pdf
is "a front and a back" 2 "$(pdfinfo cal.pdf | sed -n 's/^Pages: *//p')"
has "the back says what to do" <(pdftotext cal.pdf -) "back-shift: [右, 下]"
# the cross in the middle of the front, at 105 mm; the zero of the scale on the back 1 mm right of it and 2 mm above
pdftotext -f 2 -l 2 -bbox cal.pdf - | awk -F'"' '/>0</ {x = ($2 + $6) / 2 * 25.4 / 72; if (x > 90 && x < 120) printf "%.1f\n", x}' >zero
has "the back is where the layout shifts it" zero "106.0"
