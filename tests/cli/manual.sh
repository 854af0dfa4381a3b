# layouts/README.md is true: its examples pass without a word, its mistakes give the messages it prints, its reference is
# the program's own; render/cli/biaoyu.1 names every command and option.
#
# Blocks of the manual, by their info string: "yaml example" is checked; "yaml file NAME" and "csv file NAME" are files the
# examples need; "yaml error" must give the messages of the "text" block after it; "text explain CODE" is what explain
# says; "yaml fragment" is not looked at.
. "$ROOT/tests/cli/lib.sh"
manual=$ROOT/layouts/README.md
man=$ROOT/render/cli/biaoyu.1

awk '
	/^```/ && !inside {
		inside = 1; name = ""
		if ($0 == "```yaml example") name = sprintf("example-%02d.yaml", ++examples)
		else if ($0 ~ /^```(yaml|csv) file /) name = $3
		else if ($0 == "```yaml error") { name = sprintf("error-%02d.yaml", ++errors); expected = sprintf("error-%02d.txt", errors) }
		else if ($0 ~ /^```text explain /) name = "explain-" $3 ".txt"
		else if ($0 == "```text") { name = expected; expected = "" }
		else if ($0 != "```yaml fragment") print FILENAME ":" NR ": a block without a purpose: " $0
		if (name) printf "" > name
		next
	}
	/^```/ { inside = 0; if (name) close(name); next }
	inside && name { print > name }
	END { if (inside) print FILENAME ": the last block is not closed" }
' "$manual" >extracted
is "every block of the manual has a purpose" "" "$(cat extracted)"
mkdir -p art
"$BIAOYU" render example-01.yaml -o art/logo.png
for name in campaign.yaml poster.yaml sticker.yaml leaflet.yaml alert.yaml led-red.yaml led-colour.yaml; do
	ok "the manual names $name, and it is there" test -f "$ROOT/layouts/$name"
done

for example in example-*.yaml; do
	"$BIAOYU" check "$example" >example.out 2>&1
	code=$?
	is "$example of the manual is checked without a word" "exit 0" "$(cat example.out)exit $code"
done
is "the manual has examples" yes "$([ "$(ls example-*.yaml | wc -l)" -ge 12 ] && echo yes)"
mkdir -p drawn
for example in example-*.yaml; do
	(cd drawn && "$BIAOYU" render "../$example" --rows 1 >../draw.out 2>&1 || "$BIAOYU" render "../$example" >../draw.out 2>&1)
	is "$example is drawn" 0 $?
done

for page in explain-*.txt; do
	code=${page#explain-}
	"$BIAOYU" explain "${code%.txt}" >explained
	is "the manual shows the page of ${code%.txt}" "$(cat "$page")" "$(cat explained)"
done

for layout in error-*.yaml; do
	cp "$layout" layout.yaml
	"$BIAOYU" check layout.yaml >messages 2>&1
	grep -v 'nothing written$' messages >got
	if diff -u "${layout%.yaml}.txt" got >difference; then echo "ok - $layout of the manual gives its message"; else
		echo "not ok - $layout of the manual gives its message"
		cat difference
	fi
done

# Every line of chapter 11 is a mistake that is named, and never as plain yaml-syntax.
printf 'format: 1\nkind: poster\npage: {size: A6}\n' >head
sed -n '/^## 11/,/^## 12/s/^| `\([^`]*\)` .*/\1/p' "$manual" >traps
is "chapter 11 has its traps" yes "$([ "$(wc -l <traps)" -ge 15 ] && echo yes)"
while IFS= read -r trap; do
	case $trap in
	rgb:*) printf '%s\ncolors:\n  red:\n    %s\nbody: {text: 甲}\n' "$(cat head)" "$trap" ;;
	'['*) printf 'format: 1\nkind: poster\npage: {size: %s}\nbody: {text: 甲}\n' "$trap" ;;
	page*) printf 'format: 1\nkind: poster\n%s\n  size: A6\nbody: {text: 甲}\n' "$trap" ;;
	size*) printf 'format: 1\nkind: poster\npage:\n  %s\nbody: {text: 甲}\n' "$trap" ;;
	weight*) printf '%s\nbody:\n  text: 甲\n  %s\n' "$(cat head)" "$trap" ;;
	'text: >-') printf '%s\nbody:\n  text: >-\n    甲\n    乙\n' "$(cat head)" ;;
	"'"*) printf '%s\nbody: {text: %s}\n' "$(cat head)" "$trap" ;;
	'{'*) printf '%s\nbody: %s\n' "$(cat head)" "$trap" ;;
	*) printf '%s\nbody:\n  %s\n' "$(cat head)" "$trap" ;;
	esac >trap.yaml
	exits "named: $trap" 1 "$BIAOYU" check trap.yaml
	ok "in its own words" sh -c '! grep -q "yaml-syntax" exits.err && grep -q "^error" exits.err'
done <traps

sed -n '/^<!-- reference -->$/,/^<!-- \/reference -->$/p' "$manual" | sed '1d;$d' >reference.manual
"$BIAOYU" reference >reference.program
if diff reference.manual reference.program >difference; then echo "ok - the reference is the program's"; else
	echo "not ok - the reference is the program's: run make reference"
	head -20 difference
fi
# The tables of chapter 9: strikes that are there and fit, speeds that do not judder.
led() { # ROWS FPS FONT SIZE MOTION
	printf 'format: 1\nkind: led\nscreen: {size: [256, %s], color: red, levels: 2, fps: %s}\ncolors: {red: {rgb: "#FF0000"}}\n' "$1" "$2"
	printf 'fonts: {dots: {family: %s}}\nplaylist:\n  items:\n' "$3"
	printf '    - {text: "防诈，不转账 96110", font: dots, size: %spx, color: red, leading: 1, valign: middle, %s}\n' "$4" "$5"
}
sed -n '/^| dots high/,/^$/s/^| \([0-9, ]*\) | `\([^`]*\)`\(.*\) |$/\1:\2:\3/p' "$manual" | while IFS=: read -r sizes family rest; do
	rows=$(echo "$rest" | grep -o '[0-9][0-9, ]*' | tail -1)
	set -- ${rows//,/}
	for size in ${sizes//,/}; do
		led "${1:-$size}" 50 "$family" "$size" "hold: 4s" >led.yaml
		[ $# -gt 0 ] && shift
		"$BIAOYU" check led.yaml >led.out 2>&1
		code=$?
		is "$family $size is a size for dots" "exit 0" "$(cat led.out)exit $code"
	done
done
sed -n '/smooth speeds/,/^$/s/^| \([0-9]*\) | \([0-9., ]*\) |$/\1 \2/p' "$manual" | while read -r fps speeds; do
	for speed in ${speeds//,/}; do
		led 32 "$fps" "Noto Sans CJK SC" 28 "effect: scroll-left, speed: ${speed}px/s" >led.yaml
		exits "$speed px/s at $fps fps" 0 "$BIAOYU" check led.yaml
		ok "does not judder" sh -c '! grep -q judder exits.err'
	done
done

# The ending of output.name decides the format.
printf 'format: 1\nkind: poster\npage: {size: A6}\nbody: {text: 不转账}\noutput: {name: ending.png}\n' >ending.yaml
ok "a name that ends in .png" "$BIAOYU" render ending.yaml
is "is a picture" PNG "$(head -c 4 ending.png | tail -c 3)"
sed -i 's/ending.png/ending.svg/' ending.yaml
ok "a name that ends in .svg" "$BIAOYU" render ending.yaml
has "is SVG" ending.svg "<svg"
ok "but the format that is given wins" "$BIAOYU" render ending.yaml -o ending.pdf
is "-o over both" "%PDF" "$(head -c 4 ending.pdf)"

exits "--lang chooses the strings" 0 "$BIAOYU" dump notice.yaml --lang en
has "in English" exits.out "Not sure"

# ---- the manual page ----
sed 's/\\-/-/g; s/\\&//g' "$man" >page
"$BIAOYU" -h | grep -o -- '--[a-z][a-z-]*' | sort -u >options
is "biaoyu -h lists options" yes "$([ "$(wc -l <options)" -ge 15 ] && echo yes)"
while read -r option; do ok "biaoyu.1 has $option" grep -q -- "[ ]${option#--}\b\|$option\b" page; done <options
"$BIAOYU" -h | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | while read -r command; do ok "biaoyu.1 has $command" grep -qw "$command" page; done
for word in BIAOYU_CATALOGUE NO_COLOR SOURCE_DATE_EPOCH 130; do ok "biaoyu.1 has $word" grep -q "$word" page; done
has "make install installs it" "$ROOT/Makefile" share/man/man1/biaoyu.1
if have groff; then ok "biaoyu.1 is set without a complaint" sh -c "groff -man -Tutf8 -ww '$man' 2>&1 >/dev/null | { ! grep .; }"; else skip "biaoyu.1 is set: no groff"; fi
