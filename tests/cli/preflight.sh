# preflight.sh -- what a press file is judged by, what is said, what is written down; an error leaves no file.
. "$ROOT/tests/cli/lib.sh"

for tool in jq ffmpeg; do have $tool || { skip "preflight: no $tool"; exit 0; }; done

cat >sticker.yaml <<'Y'
format: 1
kind: sticker
colors:
  red: {rgb: "#C8102E", cmyk: [0, 100, 85, 5]}
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
  white: {rgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
fonts: {sans: {family: Noto Sans CJK SC}}
data: {rows: rows.csv}
page: {size: [60mm, 40mm], bleed: 2mm, margin: 3mm}
vars: {small: 7pt, width: 20mm}
body:
  box: layers
  items:
    - {shape: rect, cover: bleed, fill: red, role: decoration}
    - {text: "{{name}}", at: [5mm, 5mm], size: "{{small}}", color: white}
    - {text: "{{name}}", at: ["{{x}}", 20mm], size: 9pt, color: white}
    - {image: photo.png, at: [35mm, 10mm], width: "{{width}}", height: "{{width}}"}
checks: {min-size: 2pt}
output: {standard: PDF/X-4, name: sticker.pdf}
Y
sed -i 's/"{{x}}"/5mm/' sticker.yaml
printf 'name\n不轻信\n不透露\n不转账\n' >rows.csv
ffmpeg -v error -f lavfi -i testsrc=s=200x200 -frames:v 1 -y photo.png

# ---- the table of the manual is what files are judged by ----
for profile in sheetfed-coated sheetfed-uncoated newsprint digital large-format; do
	printf 'format: 1\nextends: sticker.yaml\nchecks: {profile: %s}\n' $profile >one.yaml
	"$BIAOYU" render one.yaml -o one.pdf --report $profile.json >/dev/null 2>&1
done
sed -n '/^| rule (`checks.limits`)/,/^$/p' "$ROOT/layouts/README.md" | sed '1,2d;/^$/d' | tr -d '|`,%' >table.txt
ok "the manual has every rule" test "$(wc -l <table.txt)" = "$(jq '.limits | length' digital.json)"
column=0 wrong=
for profile in sheetfed-coated sheetfed-uncoated newsprint digital large-format; do
	jq -r '.limits | to_entries[] | [.key, (.value | "\(.warn // "off") / \(.error // "off")")] | join(" ")' $profile.json | sort >said.txt
	awk -v c=$column '{n = split($0, w, " "); last = n - 15 + 3 * c; print w[1], w[last + 1], "/", w[last + 3]}' table.txt | sort >manual.txt
	cmp -s said.txt manual.txt || wrong="$wrong $profile"
	column=$((column + 1))
done
is "and its limits, profile by profile" "" "$wrong"

# ---- warnings are written down with everything that mends them ----
ok "a page that is right has no findings" test "$("$BIAOYU" render sticker.yaml -o good.pdf --report - | jq '.findings | length')" = 0
"$BIAOYU" render sticker.yaml --set small=5pt -o warned.pdf --report warned.json >/dev/null 2>&1
is "a warning leaves a file" 0 $?
is "what was found, where, in which row, how much, and how much is allowed" \
	'["warning","small-text","sticker.yaml",15,14,1,2,5,6,"pt"]' \
	"$(jq -c '.findings[0] | [.severity, .code, .file, .line, .column, .row, .more_rows, .measured, .allowed, .unit]' warned.json)"
is "and what to do" "a larger size; or one dark ink on a light ground" "$(jq -r '.findings[0].remedy' warned.json)"
is "a picture is judged at its size" '["warning","coarse-picture",212]' "$("$BIAOYU" render sticker.yaml --set width=24mm -o w.pdf --report - 2>/dev/null | jq -c '.findings[0] | [.severity, .code, (.measured | round)]')"
is "and by the layout's own limits" '["error","coarse-picture",300]' \
	"$(sed 's/min-size: 2pt/image-dpi: {warn: 350, error: 300}/' sticker.yaml >dpi.yaml; "$BIAOYU" render dpi.yaml -o dpi.pdf --report - 2>/dev/null | jq -c '.findings[0] | [.severity, .code, .allowed]')"

# ---- what went through the profile ----
converted() { "$BIAOYU" render "$1" -o c.pdf --report - 2>/dev/null | jq -c '[.images, .converted_from_rgb.paints, .converted_from_rgb.images]'; }
is "a picture in RGB on each of three pages" '[3,0,3]' "$(converted sticker.yaml)"
sed '/^  red:/s/, cmyk.*/}/' sticker.yaml >rgb.yaml
is "and a colour without cmyk" '[3,3,3]' "$(converted rgb.yaml)"
ffmpeg -v error -f lavfi -i testsrc=s=200x200 -frames:v 1 -pix_fmt gray -y grey.png
sed 's/photo.png/grey.png/' sticker.yaml >grey.yaml
is "grey is black ink as it is" '[3,0,0]' "$(converted grey.yaml)"

# ---- an error stops the file, and the report says why ----
rm -f bad.pdf
exits "an error stops the file" 1 "$BIAOYU" render sticker.yaml --set small=3pt -o bad.pdf --report bad.json
ok "and nothing is written" test ! -e bad.pdf
is "the report says so" '[false,"error","small-text"]' "$(jq -c '[.written, .findings[0].severity, .findings[0].code]' bad.json)"
printf 'format: 1\nextends: sticker.yaml\nchecks: {limits: {knockout-text: off}}\n' >off.yaml
exits "a limit can be taken off" 0 "$BIAOYU" render off.yaml --set small=3pt -o off.pdf
"$BIAOYU" render sticker.yaml -j1 --set small=5pt --report a.json -o a.pdf >/dev/null 2>&1
"$BIAOYU" render sticker.yaml -j3 --set small=5pt --report b.json -o a.pdf >/dev/null 2>&1
ok "any number of jobs finds the same" cmp a.json b.json

# ---- the same as a page for people ----
sed 's/^kind:/title: "<b>不轻信<\/b> \& \\"贴\\""\nkind:/' sticker.yaml >titled.yaml
page() { /usr/bin/python3 -c 'import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
assert "<script" not in text and "http" not in text and "url(" not in text
text = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", text, flags=re.S)
import html
print("\n".join(line.strip() for line in html.unescape(re.sub(r"<(tr|td|th|p|div|h1|h2|b|/b|br)\b[^>]*>", "\n", text)).splitlines()))' "$1" | sed 's/<[^>]*bdi>//g; s/<[a-z/][^>]*>//g' | grep .; }
"$BIAOYU" render titled.yaml -o page.pdf --report page.html --report page.json
page page.html >page.txt
is "a page: the verdict first" "可以付印　Fit to print" "$(sed -n '/付印/{p;q}' page.txt)"
ok "the title is words, not mark-up" grep -qF '&lt;b&gt;不轻信&lt;/b&gt; &amp; &quot;贴&quot;' page.html
for fact in "64 × 44 mm" "60 × 40 mm 左 left 2, 上 top 2 mm" "7 pt" "254 ppi" "Noto Sans CJK SC Regular 7 字形 glyphs" "颜色 paints 0 · 图片 pictures 3"; do has "and in the file: $fact" page.txt "$fact"; done
has "what the press asks for" page.txt "提醒 warning < 225，错误 error < 150"
is "every plate with its ink, as in the JSON" "$(jq -r '.ink_cm2 | to_entries[] | "\(.key) \(.value) cm²"' page.json)" \
	"$(sed -n '/印版与墨量/,$p' page.txt | sed 1d | paste -d' ' - -)"
if have pdfinfo; then
	is "its boxes are those of the file" "$(jq -r '.boxes_mm | .media[2:], .trim[2:] | map(. * 72 / 25.4 * 10 | round / 10) | join(" ")' page.json | xargs)" \
		"$(pdfinfo -box page.pdf | awk '/MediaBox|TrimBox/ {printf "%s%g %g", sep, int(($4 - $2) * 10 + 0.5) / 10, int(($5 - $3) * 10 + 0.5) / 10; sep = " "}')"
fi
"$BIAOYU" render titled.yaml --set small=5pt -o page.pdf --report page.html 2>/dev/null
page page.html >page.txt
is "warnings" "可以付印，有提醒　Fit to print, with warnings" "$(sed -n '/付印/{p;q}' page.txt)"
for said in "titled.yaml:16:14" "数据行 row 1, +2" "the text is 5 pt, cut out of its ground or of several inks; sheetfed-coated asks for 6 pt [small-text]" "a larger size; or one dark ink on a light ground" "6 pt"; do
	has "a finding: $said" page.txt "$said"
done
rm -f bad.pdf
exits "an error stops the file, not the page" 1 "$BIAOYU" render titled.yaml --set small=3pt -o bad.pdf --report page.html
page page.html >page.txt
is "which says so" "不能付印　Not fit to print 1 处错误，0 处提醒；未写出文件。" "$(sed -n '/付印/{N;p;q}' page.txt | xargs)"
sed 's/^    - {text: "{{name}}", at: \[5mm, 5mm\]/&, width: 1mm, overflow: error/' titled.yaml >full.yaml
exits "words that do not fit" 1 "$BIAOYU" render full.yaml -o bad.pdf --report page.html --report page.json
has "are said to be no matter of preflight" page.html "An error outside of preflight stopped the file"
is "and the report of an earlier file does not stay" false "$(jq .written page.json)"
"$BIAOYU" render titled.yaml -j1 --set small=5pt --report a.html -o a.pdf >/dev/null 2>&1
"$BIAOYU" render titled.yaml -j3 --set small=5pt --report b.html -o a.pdf >/dev/null 2>&1
ok "any number of jobs writes the same page" cmp a.html b.html
exits "no other ending" 2 "$BIAOYU" render sticker.yaml -o a.pdf --report a.pdf
has "is known" exits.err '--report wants a name that ends in .json or .html, or -, not "a.pdf"'

# ---- total ink is what lies on one spot after overprinting, not the sum of a colour ----
cat >ink.yaml <<'Y'
format: 1
kind: poster
colors:
  night: {rgb: "#2A2A30", cmyk: [85, 80, 75, 0]}
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
  varnish: {rgb: "#DDDDDD", cmyk: [0, 0, 0, 10], spot: Varnish}
  gold: {rgb: "#AA8800", cmyk: [20, 30, 90, 10], spot: Gold}
fonts: {sans: {family: Noto Sans CJK SC}}
vars: {x: 10mm, plate: black}
page: {size: [120mm, 80mm], margin: 5mm}
body:
  box: layers
  items:
    - {shape: rect, at: [5mm, 5mm], width: 50mm, height: 70mm, fill: night}
    - {text: 不, at: ["{{x}}", 15mm], size: 100pt, weight: black, color: "{{plate}}"}
    - {shape: rect, at: [5mm, 5mm], width: 110mm, height: 70mm, fill: varnish}
checks: {contrast: off, limits: {spots: 3}}
output: {standard: PDF/X-4}
Y
facts() { "$BIAOYU" render ink.yaml "$@" -o ink.pdf --report - 2>/dev/null | jq -c '[.most_ink_percent, [.findings[] | [.severity, .code, .measured]]]'; }
is "black over colours is added up" '[340,[["warning","too-much-ink",340]]]' "$(facts)"
if have gs; then
	sed '/fill: varnish/d' ink.yaml >four.yaml               # a composite device shows a varnish as paint
	"$BIAOYU" render four.yaml -o four.pdf 2>/dev/null
	gs -q -dNOPAUSE -dBATCH -sDEVICE=pamcmyk32 -r72 -sOutputFile=ink.pam four.pdf
	is "and Ghostscript finds as much" 340 "$(/usr/bin/python3 -c 'data = open("ink.pam", "rb").read().split(b"ENDHDR\n", 1)[1]
print(round(max(sum(data[i:i + 4]) for i in range(0, len(data), 4)) / 2.55))')"
fi
is "beside them it is not, and a varnish is no ink" '[240,[]]' "$(facts --set x=70mm)"
is "a spot ink cuts the others out" '[240,[]]' "$(facts --set plate=gold)"
sed 's/limits: {spots: 3}/profile: newsprint, limits: {spots: 3}/' ink.yaml >news.yaml
exits "beyond the press's limit it stops the file" 1 "$BIAOYU" render news.yaml -o news.pdf
has "and says where on the page" exits.err "mm from the left"

sed 's/page: {size: \[120mm, 80mm\]/page: {size: [120mm, 80mm], bleed: 2mm, marks: [crop, registration, color-bar, gray-bar, plates], label: "样张 {{@page}}"/' ink.yaml >marks.yaml
is "marks are 400 % and no ink of the page, the words below them too" '[240,[]]' "$(sed -i 's/x: 10mm/x: 70mm/' marks.yaml; "$BIAOYU" render marks.yaml -o marks.pdf --report - 2>/dev/null | jq -c '[.most_ink_percent, .findings]')"

# ---- a code on a plate is as large as in print, not whole pixels of what is looked at ----
cat >code.yaml <<'Y'
format: 1
kind: sticker
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}
fonts: {sans: {family: Noto Sans CJK SC}}
vars: {width: 20mm}
page: {size: [60mm, 60mm], margin: 5mm}
body: {qrcode: "https://example.org/96110", width: "{{width}}"}
output: {standard: PDF/X-4}
Y
black() { "$BIAOYU" render code.yaml --set width=$1 -o code.pdf --report - | jq .ink_cm2.Black; }
is "a code twice as wide has four times the ink" 4 "$(echo "$(black 20mm) $(black 40mm)" | awk '{printf "%.1f", $2 / $1}' | sed 's/\.0$//')"

# ---- ink areas against Ghostscript's, plate by plate ----
"$BIAOYU" render ink.yaml -o ink.pdf --report ink.json 2>/dev/null
if have gs; then
	gs -q -dNOPAUSE -dBATCH -sDEVICE=tiffsep -sCompression=none -r150 -sOutputFile=sep%d.tif ink.pdf >gs.out 2>&1
	share() { /usr/bin/python3 -c 'import sys
data = open(sys.argv[1], "rb").read()[8:]
print(round(sum(255 - b for b in data[:int(sys.argv[2])]) / 255 / int(sys.argv[2]) * 96))' "$1" "$2"; }
	pixels=$((709 * 472))
	for plate in Cyan Magenta Yellow Black Varnish; do
		theirs=$(share "sep1($plate).tif" $pixels) ours=$(jq -r ".ink_cm2[\"$plate\"] | round" ink.json)
		ok "ink of $plate: $ours cm2, Ghostscript's $theirs" test $((ours - theirs)) -le 1 -a $((theirs - ours)) -le 1
	done
fi

# ---- the limit of pictures, as the table calls it and as checks.image-dpi, which goes before it ----
if have ffmpeg; then
	ffmpeg -v error -f lavfi -i 'testsrc=s=200x200' -frames:v 1 -y photo.png
	printf 'format: 1\nkind: poster\npage: {size: A6}\nbody: {image: photo.png, width: 20mm, height: 20mm, alt: photo}\nchecks: {CHECKS}\noutput: {standard: PDF/X-4}\n' >photo.yaml
	asks() { sed "s/CHECKS/$1/" photo.yaml >limits.yaml && "$BIAOYU" check limits.yaml 2>&1 | grep -oE '^(warning|error)|asks for [0-9]+ ppi' | xargs; }
	is "254 ppi are enough" "" "$(asks '')"
	is "for 300 they are not" "error asks for 300 ppi" "$(asks 'limits: {image-ppi: 300}')"
	is "a warning alone" "warning asks for 300 ppi" "$(asks 'limits: {image-ppi: {warn: 300, error: off}}')"
	is "image-dpi goes before it" "warning asks for 260 ppi" "$(asks 'limits: {image-ppi: 300}, image-dpi: {warn: 260, error: 100}')"
fi
