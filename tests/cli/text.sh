# Lines from outside: why each broke, words kept whole with and without the compiled list, what pdftotext reads of dressed text.
. "$ROOT/tests/cli/lib.sh"
catalogue=$ROOT/tests/fonts/catalogue.yaml
cat >words.yaml <<'YAML'
format: 1
kind: poster
fonts: {sans: {family: Test Sans}}
colors: {black: {rgb: "#000000"}}
styles: {base: {font: sans, size: 10pt, color: black}, loud: {emphasis: dot}}
words: [三六七]
page: {size: [70pt, 120pt]}
body: {box: column, items: [{text: "新型犯罪要新型应对，不[轻信]{loud}三六七", id: slogan}]}
YAML

"$BIAOYU" inspect words.yaml --catalogue "$catalogue" >inspect.json 2>messages
is "nothing is said" "" "$(cat messages)"
is "inspect says why each line broke" "word mark end" "$(jq -r '[.pages[0].boxes[]|select(.id=="slogan")|.lines[].break]|join(" ")' inspect.json)"
is "a break after a mark is cheap" "true" "$(jq '[.pages[0].boxes[]|select(.id=="slogan")|.lines[].cost]|.[1] < 0' inspect.json)"
is "the ink box of a line lies in its box" "true" "$(jq '[.pages[0].boxes[]|select(.id=="slogan")|.lines[].ink|(.x >= 0 and .w > 10 and .x + .w <= 70)]|all' inspect.json)"
is "words of the layout stay whole" 1 "$(jq -r '.pages[0].boxes[]|select(.id=="slogan")|.lines[].text' inspect.json | grep -c 三六七)"

# Why the others were not taken: a table for people, the same in the JSON for programs.
cat >table.txt <<'TABLE'
/body/items/0/text slogan: 70 pt wide, letters of 10 pt, wrap: balance, word-break: phrase
        ends|begins    why           icu  jieba  budoux    cost   width
          新|型犯罪要  inside-word   no   no                  9      10
        新型|犯罪要新  word          yes  yes    yes        0.6      20
      新型犯|罪要新型  inside-word   no   no                  9      30
    新型犯罪|要新型应  word          yes  yes    yes        0.6      40
  * 型犯罪要|新型应对  word          yes  yes    yes        0.6      50
    犯罪要新|型应对，  inside-word   no   no                  9      10
    罪要新型|应对，不  word          yes  yes    yes        0.6      20
    要新型应|对，不轻  inside-word   no   no                  9      30
  * 型应对，|不轻信三  mark                                -1.6      45
    应对，不|轻信三六  word-perhaps  no   yes    yes        4.4      10
    对，不轻|信三六七  word-perhaps  yes  no     yes        4.2      20
    ，不轻信|三六七    word          yes  yes    yes        0.6      30
    不轻信三|六七      kept whole                         never      40
    轻信三六|七        kept whole                         never      50
  line 1: 50 wide; break 0.6, uneven 0.02: 新型犯罪要
  line 2: 45 wide; break -1.6, uneven 0.14: 新型应对，
  line 3: 60 wide; break none, uneven 0.09: 不轻信三六七

TABLE
"$BIAOYU" inspect --explain-breaks words.yaml --catalogue "$catalogue" >said.txt
is "every place a line may end has its cost" "" "$(diff table.txt said.txt)"
"$BIAOYU" inspect --explain-breaks --json words.yaml --catalogue "$catalogue" >inspect.json
is "and in the JSON" '[14,[15,30],[42,45],true]' "$(jq -c '.pages[0].boxes[]|select(.id=="slogan")|[(.breaks|length), [.breaks[]|select(.taken).at], [.breaks[]|select(.cost==null).at], ([.lines[].cost][0:2]==[.breaks[]|select(.taken).cost])]' inspect.json)"
sed 's/text: "[^"]*", id: slogan/text: "不轻信，不透露，不转账，不轻信不透露不转账，不轻信打hot line不透露", id: slogan, align: justify, word-break: normal/; s/70pt/95pt/' words.yaml >even.yaml
"$BIAOYU" inspect even.yaml --catalogue "$catalogue" >inspect.json
is "inspect says how far a line was shrunk or stretched" "true true 0" "$(jq -r '[.pages[0].boxes[]|select(.id=="slogan")|.lines[]]|"\(any(.stretch < 0 and .width == 95)) \(any(.stretch > 0 and .width == 95)) \(.[-1].stretch)"' inspect.json)"
is "its width is the natural one and that" "true" "$(jq '[.pages[0].boxes[]|select(.id=="slogan")|.lines[]|(.natural + .stretch - .width)|fabs < 0.002]|all' inspect.json)"
exits "other commands do not explain breaks" 2 "$BIAOYU" check --explain-breaks words.yaml

# Beside no list the program says so, and ICU's words are left.
mkdir -p bare/bin
cp "$BIAOYU" bare/bin/biaoyu
bare/bin/biaoyu check words.yaml --catalogue "$catalogue" >/dev/null 2>messages
has "a missing list of words is said" messages "[no-word-list]"
mkdir -p bare/share/biaoyu
cp "$ROOT/out/build/words.bin" bare/share/biaoyu/
bare/bin/biaoyu check words.yaml --catalogue "$catalogue" >/dev/null 2>messages
is "found where make install puts it" "" "$(cat messages)"
head -c 1000 "$ROOT/out/build/words.bin" >bare/share/biaoyu/words.bin
exits "a damaged list is no list" 0 bare/bin/biaoyu check words.yaml --catalogue "$catalogue"

"$BIAOYU" render words.yaml --catalogue "$catalogue" -o words.pdf
is "dressed text reads as it is written" "新型犯罪要新型应对，不轻信三六七" "$(pdftotext words.pdf - | tr -d '\n\f')"

ok "the specimen sheet is drawn without a word" sh -c '"$BIAOYU" render "$ROOT/layouts/typography.yaml" -o typography.pdf 2>&1 | tee said && [ ! -s said ]'
is "its stacked lines are as wide as each other" "true" "$("$BIAOYU" inspect "$ROOT/layouts/typography.yaml" |
	jq '[.pages[0].boxes[]|select(.kind=="text")|.lines|select(length>0 and .[0].text=="谨防")|.[].ink.w]|(max - min) < 0.1')"

# Figures of one width on a screen whose font of dots has no features.
cat >figures.yaml <<'YAML'
format: 1
kind: led
fonts: {sans: {family: WenQuanYi Zen Hei Sharp}}
colors: {red: {rgb: "#FF0000"}}
styles: {base: {font: sans, size: 16px, color: red, leading: 1}}
screen: {size: [128, 16], color: red, levels: 2, fps: 50}
playlist:
  items:
    - {text: "4440123", effect: still, hold: 1s}
    - {text: "4440123", features: [tnum], effect: still, hold: 1s}
YAML
is "tnum gives all figures of a strike one width" "59 63" "$("$BIAOYU" inspect figures.yaml | jq -r '[.pages[].boxes[].lines[].width]|join(" ")')"

# The regions' customs, each from its own font: China trims the blank half of a stop and before a bracket; Taiwan and Hong Kong set
# stops in the middle of their square and trim neither; Japan has the colon there alone (CSS Text 4, "fullwidth collapsing").
cat >regions.yaml <<'YAML'
format: 1
kind: poster
fonts: {cn: {family: Noto Sans CJK SC}, tw: {family: Noto Sans CJK TC}, jp: {family: Noto Sans CJK JP}}
colors: {black: {rgb: "#000000"}}
styles: {base: {size: 10pt, color: black}}
page: {size: [200pt, 200pt]}
body:
  box: column
  align: start
  items:
    - {text: "信。」信：「信", font: cn, lang: zh-Hans}
    - {text: "信。」信：「信", font: tw, lang: zh-Hant}
    - {text: "信。」信：「信", font: tw, lang: zh-HK}
    - {text: "信。」信：「信", font: jp, lang: ja}
YAML
is "marks are trimmed by the custom of the region" "60 70 70 65" "$("$BIAOYU" inspect regions.yaml | jq -r '[.pages[].boxes[].lines[]?.width]|join(" ")')"

# A hyphen, a tatweel: drawn, and no part of what is copied.
cat >copied.yaml <<'YAML'
format: 1
kind: leaflet
fonts: {sans: {family: Test Sans}}
colors: {black: {rgb: "#000000"}}
styles: {base: {font: sans, size: 10pt, color: black, lang: en, hyphens: auto}}
page: {size: [120pt, 120pt]}
body: {box: column, align: start, items: [{text: "cybersecurity hyphenation", width: 60pt}]}
YAML
"$BIAOYU" render copied.yaml --catalogue "$catalogue" -o copied.pdf
is "a hyphen is no part of what is copied" "cybersecu rity hyphen ation" "$(pdftotext -raw copied.pdf - | tr -s '\n\f' '  ' | sed 's/ $//')"

# Readings come after the words of their line, so that these are copied whole; a plain outline and a pointed one differ.
printf 'format: 1\nkind: poster\ncolors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}}\nstyles: {base: {size: 20pt, color: black}}\npage: {size: A5, margin: 10mm, bleed: 3mm}\nbody: {text: "去[银行]{ruby: yínháng}先[核实]{ruby: héshí}"}\n' >readings.yaml
"$BIAOYU" render readings.yaml -o readings.pdf
echo 'output: {standard: PDF/X-4}' >>readings.yaml
"$BIAOYU" render readings.yaml -o readings-press.pdf
for file in readings readings-press; do
	is "$file.pdf has the words of a line whole, then their readings" "去银行先核实 yínháng héshí" "$(pdftotext -raw $file.pdf - | tr -d '\f' | paste -sd ' ' | sed 's/ *$//')"
done
for join in round miter bevel; do
	printf 'format: 1\nkind: picture\ncolors: {red: {rgb: "#C8102E"}}\npage: {size: [120px, 120px]}\nbody: {text: 诈, size: 100px, color: red, leading: 1, stroke: {width: 6px, color: red, join: %s}}\n' $join >join.yaml
	"$BIAOYU" render join.yaml -o $join.png
done
is "outlines with round, pointed and cut corners are three pictures" 3 "$(sha256sum round.png miter.png bevel.png | cut -d' ' -f1 | sort -u | wc -l)"
