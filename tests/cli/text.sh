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
