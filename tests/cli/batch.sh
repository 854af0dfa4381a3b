# A run that is stopped, killed, out of space, repeated, or shared by several machines ends with the same bytes.
. "$ROOT/tests/cli/lib.sh"

rows() { # COUNT [CHANGED]
	awk -v n="$1" -v changed="${2:-0}" 'BEGIN {
		print "code,community,station"
		split("向阳 东湖 南桥 西苑 北辰 中心", a, " ")
		for (i = 1; i <= n; i++) printf "S%05d,%s第%d社区,%s\n", i, a[i % 6 + 1], i % 97, i == changed ? "新派出所" : "示例派出所"
	}'
}
sums() { (cd "$1" && find . -type f | LC_ALL=C sort | xargs sha256sum); }

cat >picture.yaml <<'Y'
format: 1
kind: picture
title: batch
colors: {red: {rgb: "#C8102E"}, white: {rgb: "#FFFFFF"}}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 30px, color: white}}
page: {size: [360px, 480px]}
data: {rows: rows.csv}
body:
  box: column
  background: red
  padding: 20px
  items:
    - {text: 不轻信不透露不转账, size: 34px, weight: bold}
    - {text: "{{community}}"}
    - {text: "{{station}} {{code}}"}
output: {format: png, name: "pictures/{{code}}.png"}
Y
cat >sticker.yaml <<'Y'
format: 1
kind: sticker
title: batch
colors: {black: {rgb: "#000000"}}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 9pt, color: black}}
page: {size: [50mm, 30mm], margin: 2mm}
sheet: {size: A4, grid: [4, 9], gap: 0mm, margin: center}
data: {rows: rows.csv}
body: {box: column, items: [{text: "{{community}}"}, {text: "{{station}}"}, {text: "编号 {{code}}"}]}
output: {format: pdf, name: stickers.pdf}
Y

# ---- the manifest ----

rows 40 >rows.csv
ok "pictures draw" "$BIAOYU" render picture.yaml -o whole/
manifest=whole/.biaoyu/picture.png.jsonl
ok "the manifest is a line of JSON for each output" jq -es 'map(select(.name)) | length == 40' $manifest
ok "it tells rows and hashes" jq -es '.[3].name == "S00003.png" and .[3].rows == "3" and (.[3].sha256 | length) == 64' $manifest
is "its hash is that of the file" "$(sha256sum <whole/S00003.png | cut -c1-64)" "$(jq -rs '.[3].sha256' $manifest)"
is "it ends as whole" '{"state":"whole","outputs":40,"left_out":0}' "$(tail -1 $manifest)"
is "nothing else is left" "picture.png.jsonl" "$(ls whole/.biaoyu)"
ok "one job" "$BIAOYU" render picture.yaml -o alone/ -j1
is "one job leaves the same, manifest and all" "$(sums whole)" "$(sums alone)"

# ---- a text that comes again is kept: it is drawn, and complains, as on its first row ----

printf 'code,place\n' >again.csv
for i in 1 2 3 4 5 6; do printf 'A%d,向阳社区\nB%d,坏字\xee\x80\x80\n' $i $i >>again.csv; done
cat >again.yaml <<'Y'
format: 1
kind: poster
title: again
colors: {black: {rgb: "#000000"}}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 20pt, color: black}}
page: {size: [80mm, 60mm], margin: 5mm}
checks: {missing-glyph: warn}
data: {rows: again.csv}
body: {box: column, items: [{text: "{{place}}", fit: {min: 6pt}, lines: 1}, {text: "{{place}} {{code}}"}]}
output: {format: svg, name: "{{code}}.svg"}
Y
ok "texts that come again" "$BIAOYU" render again.yaml -j1 -o again/
is "each says it for all its rows" 2 "$(grep -c 'and 5 more like it' ok.out)"
for i in 1 2 3 4 5 6; do "$BIAOYU" render again.yaml --rows $((2 * i - 1)) -o again-alone/ 2>/dev/null; done
is "each is drawn as alone" "$(cat again/A?.svg | sha256sum)" "$(cat again-alone/A?.svg | sha256sum)"

# ---- a press file: its pages are made while the rows are checked, put by, and made again only where that cannot be ----

cat >once.yaml <<'Y'
format: 1
kind: sticker
title: once
colors:
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
  red: {rgb: "#C8102E", cmyk: [10, 100, 85, 5]}
  white: {rgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
  gold: {rgb: "#C9A227", cmyk: [20, 30, 90, 10], spot: Gold}
  sky: {linear-gradient: {angle: 90, stops: [red, gold]}}
  cut: {spot: CutContour, rgb: "#E6007E"}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 8pt, color: black}}
page: {size: [50mm, 30mm], bleed: 2mm, margin: 3mm}
sheet: {size: A4, gap: 4mm, repeat: 5, order: ORDER, marks: [crop, plates], label: "{{@sheet}}/{{@sheets}} {{@first}}-{{@last}}", cut: {plate: cut}}
data: {rows: once.csv}
body:
  box: layers
  items:
    - {shape: rect, cover: bleed, fill: sky}
    - {text: "{{community}}", at: [4mm, 4mm], color: gold, plate: gold}
    - {text: "{{@sheet}}", at: [4mm, 12mm], background: white}
    - {text: "编号 {{code}}", at: [4mm, 20mm], opacity: 0.5}
    - {qrcode: "https://example.org/{{code}}", at: [30mm, 10mm], width: 14mm, background: white}
output: {standard: PDF/X-4, name: once.pdf}
Y
rows 60 >once.csv
for order in row column stack; do
	sed "s/ORDER/$order/" once.yaml >order.yaml
	ok "order: $order" "$BIAOYU" render order.yaml -j2
	for way in "-j1" "-j1 --keep-going" "-j4 --keep-going"; do "$BIAOYU" render order.yaml $way -o way.pdf 2>/dev/null; ok "the same bytes with $way" cmp once.pdf way.pdf; done
	"$BIAOYU" render order.yaml --json 2>said >/dev/null
	"$BIAOYU" render order.yaml --json --keep-going 2>said-twice >/dev/null
	is "and the same is said" "$(jq -c 'select(.event != "summary")' said)" "$(jq -c 'select(.event != "summary")' said-twice)"
	for k in 1 2 3; do "$BIAOYU" render order.yaml --shard $k/3 -o shards/once.pdf 2>/dev/null; done
	ok "in shards" "$BIAOYU" gather shards/
	is "with as many pages" "$(pdfinfo once.pdf | grep '^Pages: *[1-9]')" "$(pdfinfo shards/once.pdf | grep Pages)"
	rm -r shards
done
sed -i 's|PDF/X-4|PDF/VT-1|; /"{{@sheet}}", at/d' order.yaml
ok "pages of their own, a record each" "$BIAOYU" render order.yaml -o one-up.pdf
ok "are the same with --keep-going" "$BIAOYU" render order.yaml --keep-going -o one-up-twice.pdf
ok "byte for byte" cmp one-up.pdf one-up-twice.pdf
rows 3000 >once.csv
sed "s/ORDER/row/; s/repeat: 5, //; s/gold, plate: gold/gold/" once.yaml >order.yaml
"$BIAOYU" render order.yaml -o many.pdf 2>/dev/null
ok "with nowhere to put them" env TMPDIR=/nonexistent "$BIAOYU" render order.yaml -o nowhere.pdf
ok "the same bytes" cmp many.pdf nowhere.pdf
ok "to a pipe" sh -c '"$0" render order.yaml -o - 2>/dev/null | cmp - many.pdf' "$BIAOYU"
printf 'S,坏字\xee\x80\x80,x\n' >>once.csv
exits "a last row that cannot be drawn stops it" 1 "$BIAOYU" render order.yaml -o last.pdf
has "it is said of that row" exits.err "once.csv:3002, row 3001, community"
ok "and nothing is written" test ! -e last.pdf

# ---- a PDF has the glyphs it draws, whatever else the run draws ----

cat >apart.yaml <<'Y'
format: 1
kind: sticker
title: apart
colors: {black: {rgb: "#000000"}}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 9pt, color: black}}
page: {size: [50mm, 30mm], margin: 2mm}
data: {rows: apart.csv}
body: {box: column, items: [{text: "{{community}}", weight: bold}, {text: "{{station}}"}, {text: "编号 {{code}}"}]}
output: {format: pdf, name: "apart/{{code}}.pdf"}
Y
rows 30 >apart.csv
ok "a PDF a row" "$BIAOYU" render apart.yaml
mv apart apart-all
for i in $(seq 1 7 30); do "$BIAOYU" render apart.yaml --rows "$i"; done
is "each alone is the same" "$(cd apart-all && sha256sum S00001.pdf S00008.pdf S00015.pdf S00022.pdf S00029.pdf)" "$(cd apart && sha256sum -- *.pdf)"
ok "none brings more of its fonts than it needs" test "$(cat apart-all/*.pdf | wc -c)" -lt 240000
sed '/^output/d; /^page:/a sheet: {size: A4, gap: 2mm, label: "第 {{@sheet}} 张，共 {{@sheets}} 张"}' apart.yaml >labelled.yaml
ok "sheets with words of their own" "$BIAOYU" render labelled.yaml -o labelled.pdf
ok "they are there" sh -c 'pdftotext labelled.pdf - | grep -q "第 1 张，共 1 张"'

# ---- only what changed is drawn: the same as each alone ----

cat >over.yaml <<'Y'
format: 1
kind: picture
title: batch
colors: {red: {rgb: "#C8102E"}, white: {rgb: "#FFFFFF"}, blue: {rgb: "#102EC8"}}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 30px, color: white}}
page: {size: [360px, 480px]}
data: {rows: over.csv}
body:
  box: layers
  items:
    - {shape: rect, cover: page, fill: red}
    - {text: "{{community}}", at: [20px, 60px], rotate: 12, opacity: 0.8}
    - {shape: ellipse, at: [40px, 30px], width: 90px, height: 200px, fill: blue, opacity: 0.5}
    - {qrcode: "https://example.org/{{code}}", at: [200px, 300px], width: 101px, quiet: 4, level: L, background: white, color: blue}
    - {text: 不轻信不透露不转账, at: [10px, 380px], size: 34px, weight: bold}
    - {text: "{{station}}", at: [10px, 400px], unless: {code: S00003}}
output: {format: png, name: "over/{{code}}.png"}
Y
rows 12 >over.csv
ok "things over each other" "$BIAOYU" render over.yaml -j1
mv over over-1
ok "by two jobs" "$BIAOYU" render over.yaml -j2
is "two jobs draw the same" "$(sums over-1)" "$(sums over)"
rm -r over
for i in $(seq 12); do "$BIAOYU" render over.yaml --rows "$i"; done
is "each alone is the same" "$(cd over-1 && sha256sum -- *.png)" "$(cd over && sha256sum -- *.png)"
ok "they are sound" pngcheck -q over/*.png
rm -r over over-1

# ---- killed at any moment ----

wanted=$(sums whole)
began=$(date +%s%N)
"$BIAOYU" render picture.yaml -o killed/
took=$((($(date +%s%N) - began) / 1000))
# kill_at_random COMMAND...: was it still running?
kill_at_random() {
	"$@" 2>/dev/null &
	local pid=$! after=$((RANDOM * took / 32768 + 1000))
	sleep "$(printf '%d.%06d' $((after / 1000000)) $((after % 1000000)))"
	kill -9 $pid 2>/dev/null
	local was=$?
	wait $pid
	return $was
}
RANDOM=20261123 bad=0 killed=0 kept=0 tries=0
while [ $killed -lt 50 ] && [ $tries -lt 120 ]; do
	tries=$((tries + 1))
	rm -rf killed
	# Every fourth time over the files of other data.
	[ $((tries % 4)) -eq 0 ] && rows 40 $((tries % 40 + 1)) >rows.csv && "$BIAOYU" render picture.yaml -o killed/ && rows 40 >rows.csv
	kill_at_random "$BIAOYU" render picture.yaml -o killed/ || continue
	killed=$((killed + 1))
	# Every third time killed once more while it goes on.
	[ $((tries % 3)) -eq 0 ] && kill_at_random "$BIAOYU" render picture.yaml -o killed/ --resume
	"$BIAOYU" render picture.yaml -o killed/ --resume --progress=json 2>events.json || bad=$((bad + 1))
	kept=$((kept + $(jq -s 'map(select(.event == "summary"))[0].kept' events.json)))
	[ "$(sums killed)" = "$wanted" ] || { bad=$((bad + 1)); diff <(sums killed) <(echo "$wanted"); }
done 2>/dev/null
is "killed at $killed moments, then --resume: the same files each time, no other" 0 $bad
is "it was killed 50 times ($tries tries)" 50 $killed
ok "killed: what was done was kept ($kept of 2000 pictures)" [ $kept -gt 100 ]

# ---- SIGINT and SIGTERM ----

rows 400 >rows.csv
"$BIAOYU" render picture.yaml -o long/
for signal in INT TERM; do
	timeout -s $signal 0.3 "$BIAOYU" render picture.yaml -o stopped/ 2>stopped.err
	ok "SIG$signal, then --resume" "$BIAOYU" render picture.yaml -o stopped/ --resume
	is "SIG$signal: the same files" "$(sums long | sha256sum)" "$(sums stopped | sha256sum)"
	rm -rf stopped
done

# ---- two at a time ----

"$BIAOYU" render picture.yaml -o long/ &
pid=$!
for i in $(seq 100); do [ -e long/.biaoyu/lock ] && break || sleep 0.02; done
exits "a second run into the folder is refused" 4 "$BIAOYU" render picture.yaml -o long/
has "it says why" exits.err "another run (process $pid) is writing into \"long\""
wait $pid
is "the first is not disturbed" 400 "$(find long -name '*.png' | wc -l)"
is "the lock is gone" "" "$(find long -name '*lock')"
echo 99999999 >long/.biaoyu/lock
ok "the lock of a killed run does not block" "$BIAOYU" render picture.yaml -o long/ --rows 1-2
rm -rf long

# ---- only what changed ----

rows 40 >rows.csv
find whole -name '*.png' -exec touch -d '2026-01-01' {} +
rows 40 7 >rows.csv
ok "--only-changed after one row changed" "$BIAOYU" render picture.yaml -o whole/ --only-changed
is "only its picture is drawn" "whole/S00007.png" "$(find whole -name '*.png' -newermt 2026-01-02)"
ok "from scratch" "$BIAOYU" render picture.yaml -o scratch/
is "and all are as from scratch" "$(sums scratch)" "$(sums whole)"
sed -i 's/不转账/不转帐/' picture.yaml
ok "--only-changed after the layout changed" "$BIAOYU" render picture.yaml -o whole/ --only-changed
is "all are drawn" 40 "$(find whole -name '*.png' -newermt 2026-01-02 | wc -l)"
echo broken >whole/S00009.png
rm whole/S00010.png
ok "--only-changed mends" "$BIAOYU" render picture.yaml -o whole/ --only-changed
"$BIAOYU" render picture.yaml -o scratch/
is "a damaged and a lost picture are drawn again" "$(sums scratch)" "$(sums whole)"

# A font of the machine's own: its file says whether it is still the same.
PYTHON=/usr/bin/python3        # the one that has fontTools of Debian
if $PYTHON -c 'import fontTools' 2>/dev/null; then
mkdir own-fonts own-cache
cat >own.conf <<X
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>$PWD/own-fonts</dir><cachedir>$PWD/own-cache</cachedir></fontconfig>
X
cat >own.py <<'P'
import sys
from fontTools.ttLib import TTFont
font = TTFont('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf')
for name in font['name'].names:
    if name.nameID in (1, 4, 16): name.string = 'Own Sans'
if sys.argv[1] == 'other':
    glyphs, names = font['glyf'], font.getBestCmap()
    glyphs[names[ord('S')]] = glyphs[names[ord('X')]]
font.save('own-fonts/own.ttf')
P
sed 's/Noto Sans CJK SC/Own Sans/; s/不轻信不透露不转帐/x/; s/{{community}}/x/; s/{{station}} //; s/, weight: bold//' picture.yaml >own.yaml
own() { FONTCONFIG_FILE=$PWD/own.conf "$BIAOYU" render own.yaml --system-fonts -o "$@" 2>own.err; }
$PYTHON own.py one
ok "a font of the machine's" own own/
find own -name '*.png' -exec touch -d '2026-01-01' {} +
ok "unchanged" own own/ --only-changed
is "nothing is drawn" 0 "$(find own -name '*.png' -newermt 2026-01-02 | wc -l)"
$PYTHON own.py other
ok "and another of its name" own own/ --only-changed
is "all are drawn" 40 "$(find own -name '*.png' -newermt 2026-01-02 | wc -l)"
ok "from scratch" own own-scratch/
is "and all are as from scratch" "$(sums own-scratch)" "$(sums own)"
else
	skip "a font of the machine's: no python3-fonttools"
fi

ok "a PDF" "$BIAOYU" render sticker.yaml -o pdf/s.pdf
touch -d '2026-01-01' pdf/s.pdf
ok "a PDF, --only-changed" "$BIAOYU" render sticker.yaml -o pdf/s.pdf --only-changed
is "an unchanged PDF is not drawn again" "" "$(find pdf -name s.pdf -newermt 2026-01-02)"
rows 40 8 >rows.csv
ok "a PDF whose data changed" "$BIAOYU" render sticker.yaml -o pdf/s.pdf --only-changed
is "is drawn again" "pdf/s.pdf" "$(find pdf -name s.pdf -newermt 2026-01-02)"

# ---- rows left out ----

cat >limited.yaml <<'Y'
format: 1
kind: picture
title: batch
colors: {black: {rgb: "#000000"}, white: {rgb: "#FFFFFF"}}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 30px, color: black}}
page: {size: [360px, 120px]}
data: {rows: limited.csv}
body: {text: "{{community}}", lines: 1, background: white}
output: {format: png, name: "limited/{{code}}.png"}
Y
printf 'code,community,note\r\nA1,向阳社区,x\r\nA2,一个名字实在太长太长太长太长放不下的社区,"说 ""好"",\n第二行"\r\nA3,东湖社区,\r\n' >limited.csv
exits "a row that does not fit: nothing is written" 1 "$BIAOYU" render limited.yaml
is "nothing at all" "" "$(find limited 2>/dev/null)"
exits "--keep-going" 3 "$BIAOYU" render limited.yaml --keep-going
is "the others are there" "limited/A1.png limited/A3.png limited/rejected.csv" "$(echo limited/*)"
is "rejected.csv starts as Excel likes it" "efbbbf" "$(head -c 3 limited/rejected.csv | od -An -tx1 | tr -d ' ')"
is "it has all columns and the reasons" "code,community,note,rejected-row,rejected-line,rejected-code,rejected-message" "$(head -1 limited/rejected.csv | tail -c +4 | tr -d '\r')"
has "its fields are quoted as they were" limited/rejected.csv '"说 ""好"",'
has "it names row, line and code" limited/rejected.csv ',2,3,overflow,'
sed 's/实在太长太长太长太长放不下的//' limited/rejected.csv >mended.csv
exits "the mended table draws" 0 "$BIAOYU" render limited.yaml --keep-going --data mended.csv
is "the rejected row is there now, the table gone" "limited/A1.png limited/A2.png limited/A3.png" "$(echo limited/*)"

# Rules of the data: each kind of them, twice wrong in one row, in a sorted table with copies.
cat >ruled.yaml <<'Y'
format: 1
kind: picture
title: batch
colors: {black: {rgb: "#000000"}, white: {rgb: "#FFFFFF"}}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 20px, color: black}}
page: {size: [360px, 60px]}
data:
  rows: ruled.csv
  columns:
    code: {required: true, pattern: "[A-Z][0-9]+"}
    url: {type: url}
    name: {max: 6}
  unique: [code]
  lookup: {station: {file: stations.csv, key: name}}
  sort: [code]
body: {text: "{{name}} {{station.phone}}", lines: 1, background: white}
output: {format: png, name: "ruled/{{code}}.png"}
Y
printf 'name,phone\n东站,110\n西站,119\n' >stations.csv
cat >ruled.csv <<'C'
code,name,station,url
C9,向阳,东站,https://example.org/9
a1,东湖,东站,https://example.org/1
C3,"名字,太长太长太长",东站,not an address
C9,又一个,西站,https://example.org/9
C5,南桥,北站,https://example.org/5
a1,中心,东站,https://example.org/1
C1,西苑,西站,
C7,这个名字太长放不下名字太长放不下,东站,
C2,少一列
C4,多,东站,,一列
C
exits "rows that break rules: nothing is written" 1 "$BIAOYU" render ruled.yaml
is "nothing" "" "$(find ruled 2>/dev/null)"
exits "--keep-going leaves them out" 3 "$BIAOYU" render ruled.yaml --keep-going
is "the others are drawn" "ruled/C1.png ruled/C9.png ruled/rejected.csv" "$(echo ruled/*)"
tail -n +2 ruled/rejected.csv | tr -d '\r' >rejected
is "all of them are listed, once, in the order of the table" "a1 C3 C9 C5 a1 C7 C2 C4" "$(cut -d, -f1 rejected | tr '\n' ' ' | sed 's/ $//')"
is "with their fields, row, line and code" 'C3,"名字,太长太长太长",东站,not an address,3,4,bad-field' "$(grep -o '^C3,.*,3,4,bad-field' rejected)"
is "their codes" "bad-field bad-field not-unique lookup-miss bad-field bad-field csv-shape csv-shape" "$(grep -oE ',(bad-field|not-unique|lookup-miss|csv-shape),' rejected | tr -d , | tr '\n' ' ' | sed 's/ $//')"
has "both reasons of row 3" rejected 'is not a web address'
has "why row 4" rejected 'rows 1 and 4 both have code ""C9""'
has "a row with too few fields" rejected 'C2,少一列,,,9,10,csv-shape,"ruled.csv:10 has 2 fields, the header has 4; missing: station, url'
has "a row with too many, without the last" rejected 'C4,多,东站,,10,11,csv-shape,"ruled.csv:11 has 5 fields, the header has 4"'
has "the messages are said, too" exits.err 'row 5: no "北站" in column name of stations.csv'
exits "as JSON" 3 "$BIAOYU" render ruled.yaml --keep-going --json
is "the summary counts" '{"rows":10,"ok":2,"outputs":2}' "$(jq -c 'select(.event == "summary") | {rows, ok, outputs}' exits.err)"
rm -r ruled
for k in 2 1; do "$BIAOYU" render ruled.yaml --keep-going --shard $k/2 2>/dev/null; done
exits "shards, gathered" 3 "$BIAOYU" gather ruled
is "shards list them once" "$(cat rejected)" "$(tail -n +2 ruled/rejected.csv | tr -d '\r')"
printf 'code,name,station,url\na,x,东站,\n' >ruled.csv
exits "no row is right: nothing is drawn" 1 "$BIAOYU" render ruled.yaml --keep-going
has "it says why" exits.err 'row 1: code "a" does not match'

cat >lamp.yaml <<'Y'
format: 1
kind: led
title: batch
colors: {led-red: {rgb: "#FF0000"}}
fonts: {sans: {family: Noto Sans CJK SC}}
screen: {size: [64, 16], color: red, levels: 2, fps: 10}
data: {rows: lamp.csv, columns: {n: {pattern: "[0-9]+"}}}
playlist: {items: [{text: "{{n}}", size: 14px, leading: 1, color: led-red, effect: still, hold: 1s}]}
output: {format: png-sequence, name: "lamp/{{@frame}}.png"}
Y
printf 'n\n1\nx\n3\n' >lamp.csv
exits "LED frames of the rows that are right" 3 "$BIAOYU" render lamp.yaml --keep-going
is "the others are listed" "x,2,3,bad-field" "$(tail -1 lamp/rejected.csv | cut -d, -f1-4)"
frames=$(find lamp -name '0*.png' | wc -l)
printf 'n\n1\n3\n' >lamp.csv
exits "all of them right" 0 "$BIAOYU" render lamp.yaml --keep-going
is "as many frames, and no list" "$frames " "$(find lamp -name '0*.png' | wc -l) $(ls lamp | grep rejected)"

# ---- several machines ----

rows 50 >rows.csv
"$BIAOYU" render picture.yaml -o one/
"$BIAOYU" render sticker.yaml -o one-pdf/s.pdf
for k in 3 1 4 2; do ok "shard $k of 4" "$BIAOYU" render picture.yaml -o many/ --shard $k/4; done
is "shards draw the same files" "$(cd one && sha256sum ./*.png)" "$(cd many && sha256sum ./*.png)"
cp -r many stopped
mv many/.biaoyu/picture.png.shard-2-of-4.jsonl away
exits "gather misses a shard" 1 "$BIAOYU" gather many
has "it says which" exits.err '1 of 4 shards of "picture.png" is not done: 2'
mv away many/.biaoyu/picture.png.shard-2-of-4.jsonl
cp many/S00020.png away
echo x >>many/S00020.png
exits "gather sees a damaged file" 1 "$BIAOYU" gather many
has "it names it" exits.err '"many/S00020.png" of shard 2 is not as it was drawn'
mv away many/S00020.png
exits "gather" 0 "$BIAOYU" gather many/
is "gathered: the files and the manifest of one machine" "$(sums one)" "$(sums many)"
exits "gather again: nothing to gather" 1 "$BIAOYU" gather many
# A gather that was killed while it cleared up: the manifest of the whole is there, and some of the shards'.
cp many/.biaoyu/picture.png.jsonl stopped/.biaoyu/ && rm stopped/.biaoyu/picture.png.shard-[13]-of-4.jsonl
exits "gather after a gather that was killed" 0 "$BIAOYU" gather stopped
is "the same" "$(sums one)" "$(sums stopped)"
for k in 1 2; do "$BIAOYU" render sticker.yaml -o parts/s.pdf --shard $k/2; done
is "shards of a PDF" "parts/s.shard-1-of-2.pdf parts/s.shard-2-of-2.pdf" "$(echo parts/*)"
cp -r parts stopped-pdf && cp -r parts regather
exits "gather joins PDFs" 0 "$BIAOYU" gather parts
cp parts/s.pdf stopped-pdf/ && cp parts/.biaoyu/s.pdf.jsonl stopped-pdf/.biaoyu/ && rm stopped-pdf/s.shard-1-of-2.pdf
exits "gather after one that was killed" 0 "$BIAOYU" gather stopped-pdf
is "the same PDF and no other" "$(sums parts)" "$(sums stopped-pdf)"
sed -i 's/"sha256":"/"sha256":"0/' parts/.biaoyu/s.pdf.jsonl && cp parts/.biaoyu/s.pdf.jsonl regather/.biaoyu/
exits "a manifest of something else does not count" 0 "$BIAOYU" gather regather
is "all is joined" "$(sums stopped-pdf)" "$(sums regather)"
is "one PDF is left" "parts/s.pdf" "$(echo parts/*)"
ok "it is sound" qpdf --check parts/s.pdf
is "the same text" "$(pdftotext -layout one-pdf/s.pdf -)" "$(pdftotext -layout parts/s.pdf -)"
pdftoppm -r 60 -gray one-pdf/s.pdf a && pdftoppm -r 60 -gray parts/s.pdf b
is "the same pages" "$(cat a-*.pgm | sha256sum)" "$(cat b-*.pgm | sha256sum)"
joined=$(sha256sum <parts/s.pdf)
rm -rf parts
for k in 2 1; do "$BIAOYU" render sticker.yaml -o parts/s.pdf --shard $k/2; done
"$BIAOYU" gather parts
is "joined twice: the same bytes" "$joined" "$(sha256sum <parts/s.pdf)"
for k in $(seq 9); do "$BIAOYU" render sticker.yaml -o few/s.pdf --shard "$k/9"; done
exits "more shards than sheets" 0 "$BIAOYU" gather few
is "still the same pages" "$(pdftotext -layout one-pdf/s.pdf -)" "$(pdftotext -layout few/s.pdf -)"
"$BIAOYU" render sticker.yaml -o other/s.pdf --shard 1/2
rows 50 9 >rows.csv
"$BIAOYU" render sticker.yaml -o other/s.pdf --shard 2/2
exits "shards of different data" 1 "$BIAOYU" gather other
has "are refused" exits.err "were drawn from different layouts, data, fonts or options"
rows 50 >rows.csv

exits "--shard auto without an array" 2 "$BIAOYU" render picture.yaml --shard auto
exits "--shard 5/4" 2 "$BIAOYU" render picture.yaml --shard 5/4
auto() { env "$@" "$BIAOYU" render picture.yaml -o auto/ --shard auto && ls auto/.biaoyu; rm -rf auto; }
is "Slurm's array" picture.png.shard-2-of-3.jsonl "$(auto SLURM_ARRAY_TASK_ID=14 SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_STEP=4 SLURM_ARRAY_TASK_COUNT=3)"
is "AWS Batch's array" picture.png.shard-1-of-3.jsonl "$(auto AWS_BATCH_JOB_ARRAY_INDEX=0 AWS_BATCH_JOB_ARRAY_SIZE=3)"
is "Kubernetes' index" picture.png.shard-8-of-8.jsonl "$(auto JOB_COMPLETION_INDEX=7 JOB_COMPLETIONS=8)"

# ---- 10,000 rows, and progress ----

rows 10000 >rows.csv
ok "10,000 rows" "$BIAOYU" render sticker.yaml -o ten/s.pdf --progress=json
cp ok.out progress.json
ok "10,000 rows, one job" "$BIAOYU" render sticker.yaml -o ten/one.pdf -j1
is "the same bytes" "$(sha256sum <ten/s.pdf)" "$(sha256sum <ten/one.pdf)"
ok "progress: done grows to the total, in both stages" jq -es 'map(select(.event == "progress")) | group_by(.stage) | length == 2 and all(.[]; (map(.done) | . == sort) and .[-1].done == .[-1].total)' progress.json
ok "the summary counts" jq -es 'map(select(.event == "summary"))[0] | .rows == 10000 and .pages == 278 and .outputs == 1 and .bytes > 100000' progress.json

# As many threads as cores that may be used.
threads() {
	local most=0 now
	"$@" 2>/dev/null &
	while kill -0 $! 2>/dev/null; do
		now=$(awk '/^Threads/ {print $2}' /proc/$!/status 2>/dev/null)
		[ "${now:-0}" -gt $most ] && most=$now
	done
	echo $most
}
is "bound to one core there are no workers beside the one" 1 "$(threads taskset -c "$(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')" "$BIAOYU" check sticker.yaml)"
if unshare -m mount -t tmpfs tmpfs /sys/fs/cgroup 2>/dev/null; then
	cat >limited.sh <<-'S'
	mount -t tmpfs tmpfs /sys/fs/cgroup && echo "$1" >/sys/fs/cgroup/cpu.max && shift && exec "$@"
	S
	is "a container with the time of one core" 1 "$(threads unshare -m sh limited.sh "90000 100000" "$BIAOYU" check sticker.yaml)"
	ok "one without a limit" [ "$(threads unshare -m sh limited.sh "max 100000" "$BIAOYU" check sticker.yaml)" -gt "$(($(nproc) > 1 ? 1 : 0))" ]
else
	skip "a container's limit: no mount namespace here"
fi
ok "else there are, where there are more cores" [ "$(threads "$BIAOYU" check sticker.yaml)" -gt "$(($(nproc) > 1 ? 1 : 0))" ]

# On a terminal: a line that is drawn over itself, as wide as the terminal, and the summary at the end.
terminal() { # COLUMNS OPTION...
	local columns=$1
	shift
	script -qec "stty cols $columns; '$BIAOYU' render sticker.yaml -o ten/t.pdf $*" seen </dev/null >/dev/null
	tr '\r' '\n' <seen | sed 's/\x1b\[K//g' >lines
}
terminal 100 --progress=always
ok "a bar with rate, bytes and time left" grep -qE '^draw \[=*>? *\] +[0-9]+ %  [0-9]+/278 sheets  [0-9.]+/s  [0-9.]+ [kM]B  [0-9]+ s left$' lines
ok "as wide as the terminal at most" test "$(grep -a left lines | wc -L)" -le 100
ok "the summary stays" grep -qE '^sticker.yaml: 1 file, 278 pages, [0-9.]+ [kM]B in [0-9.]+ s$' lines
terminal 60 --progress=always
ok "a narrow terminal has no bar, but the words" grep -qE '^draw +[0-9]+ %  [0-9]+/278 sheets' lines
terminal 100 --rows 1-2
is "a short run shows no bar" "" "$(grep -a left lines)"
