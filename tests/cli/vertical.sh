# Vertical lines as others see them: columns from right to left in both kinds of PDF, the same picture by three renderers.
. "$ROOT/tests/cli/lib.sh"
for tool in pdftotext pdftoppm gs ffmpeg; do have $tool || { skip "vertical: no $tool"; exit 0; }; done
cat >screen.yaml <<'YAML'
format: 1
kind: poster
fonts: {sans: {family: Noto Sans CJK SC}}
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}, red: {rgb: "#C8102E", cmyk: [10, 100, 85, 5]}}
styles:
  base: {font: sans, size: 16pt, color: black, leading: 1.5, writing: vertical-rl, combine: digits}
  loud: {emphasis: dot, color: red}
page: {size: [200pt, 200pt]}
body:
  box: row
  padding: 10pt
  items:
    - {text: "新型犯罪要新型应对，防诈宣传要先于诈前。11月26日24时，“不[轻信]{loud}”、不透露，打96110ABC。", grow: 1}
YAML
sed 's|^page:|output: {standard: PDF/X-4}\npage:|' screen.yaml >press.yaml
for name in screen press; do "$BIAOYU" render $name.yaml -o $name.pdf 2>messages; cat messages; done

cat >columns.txt <<'TEXT'
新型犯罪要新型应对，
防诈宣传要先于诈前。
11月26日24时，
“不轻信”、不透露，
打96110ABC。
TEXT
# Poppler may read a gap as a space.
columns() { pdftotext "$1" - | tr -d ' \f' | sed '/^$/d'; }
is "pdftotext reads the columns of a screen PDF" "$(cat columns.txt)" "$(columns screen.pdf)"
is "and of a press PDF" "$(cat columns.txt)" "$(columns press.pdf)"
for name in screen press; do is "in the order of the file, too: $name" "$(tr -d '\n' <columns.txt)" "$(pdftotext -raw $name.pdf - | tr -d ' \f\n')"; done
is "squeezed figures and lying words are searched as they are written" 1 "$(pdftotext press.pdf - | grep -c '11月26日24时')"
if have mutool; then
	for name in screen press; do is "MuPDF reads it once: $name" "$(tr -d '\n' <columns.txt)" "$(mutool draw -q -F txt $name.pdf 2>/dev/null | tr -d ' \f\n')"; done
fi
if have node && [ -d "$ROOT/out/npm/node_modules/pdfjs-dist" ]; then
	is "and pdf.js" "$(tr -d '\n' <columns.txt)" "$(node "$ROOT/tests/cli/readers.mjs" pdfjs press.pdf 2>/dev/null | jq -r .text | tr -d ' ')"
	node "$ROOT/tests/cli/readers.mjs" pdfcpu press.pdf >pdfcpu.out 2>&1
	has "pdfcpu, strict, finds the font for vertical lines right" pdfcpu.out "validation ok"
fi

# The same picture: poppler and Ghostscript of the press file, poppler of Cairo's.
difference() {
	ffmpeg -hide_banner -loglevel error -i "$1" -i "$2" -filter_complex '[0][1]blend=all_mode=difference,format=gray' -frames:v 1 -f rawvideo -pix_fmt gray - 2>/dev/null |
		od -An -v -tu1 | awk '{for (i = 1; i <= NF; i++) {s += $i; n++}} END {printf "%d", s * 10 / n}'
}
for name in screen press; do pdftoppm -r 150 -png -singlefile $name.pdf $name; done
gs -q -dNOPAUSE -dBATCH -sDEVICE=png16m -r150 -dTextAlphaBits=4 -sOutputFile=gs.png press.pdf
"$BIAOYU" render screen.yaml -o own.png && pdftoppm -scale-to-x "$(file own.png | grep -oE '[0-9]+ x' | head -1 | tr -dc 0-9)" -scale-to-y -1 -png -singlefile screen.pdf scaled
mean=$(difference press.png screen.png) other=$(difference gs.png screen.png) own=$(difference own.png scaled.png)
# Poppler fills outlines a little fatter than glyphs of a font.
ok "poppler sees one picture in both files (mean difference ${mean:-none} tenths of 255)" test "${mean:-99}" -le 70
ok "Ghostscript sees it in the press file (${other:-none})" test "${other:-99}" -le 70
ok "and our own pixels show it (${own:-none})" test "${own:-99}" -le 40
sed 's/text: "[^"]*"/text: "不"/' screen.yaml >little.yaml
"$BIAOYU" render little.yaml -o little.pdf && pdftoppm -r 150 -png -singlefile little.pdf little
little=$(difference little.png screen.png)
ok "another text is another picture (${little:-none}): the measure can fail" test "${little:-0}" -gt 120

# Three squeezed figures reach no further than their square.
sed 's/text: "[^"]*"/text: "第110次，打96110"/; s/Noto Sans CJK SC/Noto Serif CJK SC/' press.yaml >squeezed.yaml
"$BIAOYU" render squeezed.yaml -o squeezed.pdf
is "squeezed figures stay in their line" "第110次，打96110" "$(columns squeezed.pdf)"
sed '/standard:/d' squeezed.yaml >squeezed-screen.yaml
"$BIAOYU" render squeezed-screen.yaml -o squeezed.png && pdftoppm -scale-to-x "$(file squeezed.png | grep -oE '[0-9]+ x' | head -1 | tr -dc 0-9)" -scale-to-y -1 -png -singlefile squeezed.pdf scaled
mean=$(difference squeezed.png scaled.png)
ok "and look the same in pixels (${mean:-none})" test "${mean:-99}" -le 15

# Shadows and outlines say nothing.
sed 's/grow: 1/grow: 1, shadow: {x: 1pt, y: 1pt, color: red}, stroke: {width: 0.5pt, color: red}/' screen.yaml >dressed.yaml
sed 's|^page:|output: {standard: PDF/X-4}\npage:|' dressed.yaml >dressed-press.yaml
for name in dressed dressed-press; do
	"$BIAOYU" render $name.yaml -o $name.pdf
	is "dressed text is read once: $name" "$(cat columns.txt)" "$(columns $name.pdf)"
done
sed 's/, writing: vertical-rl, combine: digits//' dressed.yaml >flat.yaml
"$BIAOYU" render flat.yaml -o flat.pdf
is "in horizontal lines, too" 1 "$(pdftotext flat.pdf - | tr -d '\n' | grep -o 96110 | wc -l)"

# inspect names the numbers of a vertical line by what they are.
"$BIAOYU" inspect screen.yaml >inspect.json
is "a vertical line has a beginning, a middle and a height" '["vertical-rl",10,178,152]' "$(jq -c '.pages[0].boxes[]|select(.kind=="text")|[.writing, (.lines[0]|.y, .middle, .height)]' inspect.json)"
is "and no baseline, no width" false "$(jq '.pages[0].boxes[]|select(.kind=="text")|.lines[0]|has("baseline") or has("width") or has("x")' inspect.json)"
is "lines go from right to left" true "$(jq '[.pages[0].boxes[]|select(.kind=="text")|.lines[].middle]|. == (sort|reverse)' inspect.json)"
"$BIAOYU" inspect --explain-breaks screen.yaml >said.txt
has "the table of breaks measures heights" said.txt "180 pt high, letters of 16 pt"
