# README.md's first layout, command by command, and the message it shows.
. "$ROOT/tests/cli/lib.sh"

# block LANGUAGE N: the Nth fenced block of that language
block() { awk -v lang="$1" -v want="$2" '$0 == "```" lang {n++; on = n == want; next} /^```/ {on = 0} on' "$ROOT/README.md"; }

block yaml 1 >first.yaml
ok "the first layout draws" "$BIAOYU" render first.yaml
is "first.pdf is A3 with its bleed" "303 x 426 mm" "$(pdfinfo first.pdf | sed -n 's/^Page size: *\([0-9.]*\) x \([0-9.]*\).*/\1 \2/p' | awk '{printf "%.0f x %.0f mm", $1 * 25.4 / 72, $2 * 25.4 / 72}')"
ok "and a picture of it" "$BIAOYU" render first.yaml -o first.png
has "the picture is a PNG" <(file first.png) "PNG image data"

block csv 1 >places.csv
sed -i '/^page:/a data: {rows: places.csv}' first.yaml
sed -i '/fit: grow/a\    - {text: "{{name}} {{phone}}"}' first.yaml
ok "with a table" "$BIAOYU" render first.yaml
is "a page for each row" 2 "$(pdfinfo first.pdf | sed -n 's/^Pages: *//p')"

sed -i 's/{{name}}/{{nmae}}/' first.yaml
exits "a misspelt column" 1 "$BIAOYU" render first.yaml -o wrong.pdf
is "the message is the README's" "$(awk '/^error\[unknown-column\]/ {on = 1} /^```/ {on = 0} on' "$ROOT/README.md")" "$(grep -v 'nothing written' exits.err)"
is "nothing is written" "" "$(ls wrong.pdf 2>/dev/null)"

make -C "$ROOT" --no-print-directory help >help.txt
for target in campaign test check bench fuzz golden install clean; do has "make help knows $target" help.txt "make $target"; done
