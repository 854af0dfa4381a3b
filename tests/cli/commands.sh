# Commands, options and exit codes.
. "$ROOT/tests/cli/lib.sh"
layout=$ROOT/layouts/sticker.yaml

exits "no command: usage" 2 "$BIAOYU"
exits "-h" 0 "$BIAOYU" -h
has "-h lists render" exits.out "render LAYOUT..."
exits "a command's -h" 0 "$BIAOYU" render -h
has "render -h knows --jobs" exits.out "--jobs"
exits "unknown command" 2 "$BIAOYU" rendr x.yaml
is "it suggests" 'biaoyu: there is no command "rendr"; did you mean render?' "$(cat exits.err)"
exits "unknown option" 2 "$BIAOYU" render --job 3 x.yaml
is "it suggests, too" 'biaoyu: there is no option "--job"; did you mean --jobs?' "$(cat exits.err)"
exits "an option of another command" 2 "$BIAOYU" check -o x.pdf "$layout"
is "it says so" 'biaoyu: check does not take --output' "$(cat exits.err)"
exits "jobs must be a number" 2 "$BIAOYU" render -j many "$layout"
exits "no layout" 2 "$BIAOYU" render
exits "a layout that is not there" 1 "$BIAOYU" render nowhere.yaml -o x.pdf
has "it names it" exits.err nowhere.yaml
exits "--version" 0 "$BIAOYU" --version

exits "check" 0 "$BIAOYU" check "$layout"
is "check writes nothing" "" "$(ls ./*.pdf 2>/dev/null)"
exits "dry run" 0 "$BIAOYU" render "$layout" --dry-run -o dry.pdf
is "dry run says the name" "dry.pdf" "$(cat exits.out)"
is "dry run writes nothing" "" "$(ls dry.pdf 2>/dev/null)"
"$BIAOYU" render "$layout" -o - >piped.pdf
ok "- is standard output" qpdf --check piped.pdf
"$BIAOYU" render - -o - --data "$ROOT/layouts/data/communities.csv" <<-'Y' >stdin.pdf
	format: 1
	kind: sticker
	page: {size: [50mm, 30mm]}
	sheet: {size: A4, grid: [3, 8], gap: 4mm}
	data: {rows: nowhere.csv}
	body: {text: "{{community}}"}
Y
ok "- is standard input" qpdf --check stdin.pdf

ok "rows" "$BIAOYU" render "$layout" --rows 1-3,7 -o rows.pdf
is "four stickers" 4 "$(pdftotext -raw rows.pdf - | tr -d '[:space:]' | grep -o 不转账 | wc -l)"
ok "where" "$BIAOYU" render "$layout" --where code=S005 -o where.pdf
is "one sticker" 1 "$(pdftotext -raw where.pdf - | tr -d '[:space:]' | grep -o 不转账 | wc -l)"
exits "where that matches nothing" 1 "$BIAOYU" render "$layout" --where code=nobody -o none.pdf
exits "set" 0 "$BIAOYU" dump "$ROOT/layouts/alert.yaml" --rows 1 --set "headline=防电诈，我们是认真的"
has "set reaches the page" exits.out 我们是认真的
exits "set of an unknown var" 1 "$BIAOYU" dump "$ROOT/layouts/alert.yaml" --set hedline=x
has "it suggests the var" exits.err headline

"$BIAOYU" inspect "$layout" --rows 2 >inspect.json
ok "inspect is JSON" jq -e '.pages | length == 1' inspect.json
ok "inspect tells the row" jq -e '.pages[0].row == 2' inspect.json
ok "inspect tells lines" jq -e '[.pages[0].boxes[].lines[]?.text] | index("不转账") != null' inspect.json
"$BIAOYU" schema >schema.json
ok "schema is JSON" jq -e '."$schema"' schema.json
exits "explain a key" 0 "$BIAOYU" explain fit
exits "explain a code" 0 "$BIAOYU" explain missing-glyph
exits "explain what is not there" 1 "$BIAOYU" explain fitt
has "explain suggests" exits.err '"fit"'
exits "explain alone" 0 "$BIAOYU" explain
has "it lists the codes" exits.out missing-glyph
exits "fonts" 0 "$BIAOYU" fonts
has "fonts lists the catalogue" exits.out "Noto Sans CJK SC"
exits "fonts --has" 0 "$BIAOYU" fonts --has 防
exits "fonts --coverage" 0 "$BIAOYU" fonts --coverage 8105

cp -r "$ROOT/tests/errors/too-long" case && cd case || exit 1
fonts="--catalogue $ROOT/tests/fonts/catalogue.yaml"
# shellcheck disable=SC2086
{
	exits "rows with errors: nothing written" 1 "$BIAOYU" render layout.yaml -o out.pdf $fonts
	is "no file" "" "$(ls out.pdf 2>/dev/null)"
	exits "--keep-going leaves them out" 3 "$BIAOYU" render layout.yaml -o out.pdf --keep-going $fonts
	ok "the rest is there" qpdf --check out.pdf
	"$BIAOYU" check layout.yaml --json $fonts 2>messages.json
	ok "--json: one object a line" jq -es 'length >= 1 and .[0].v == 1 and .[0].code == "overflow" and .[0].data.row == 43 and .[0].line > 0' messages.json
	exits "progress as JSON" 0 "$BIAOYU" render layout.yaml --rows 1-30 --progress=json -o out.pdf $fonts
	ok "progress events" jq -es 'map(select(.event == "progress")) | length >= 1' exits.err
	ok "a summary event" jq -es 'map(select(.event == "summary")) | .[0].rows == 30' exits.err
}
cd ..

exits "a folder that cannot be made" 4 "$BIAOYU" render "$layout" -o /proc/nowhere/x.pdf
exits "a full disk" 4 "$BIAOYU" render "$layout" -o /dev/full
has "it says what happened" exits.err "No space left on device"

# Stopped by Ctrl-C: nothing half-written.
awk 'BEGIN {print "code,community,station,phone"; for (i = 1; i <= 60000; i++) printf "S%06d,示例社区,派出所,0000-%d\n", i, i}' >rows.csv
cp "$ROOT/tests/bench/sticker-text.yaml" big.yaml
timeout -s INT 0.7 "$BIAOYU" render big.yaml -o big.pdf 2>stopped.err
code=$?
if [ -e big.pdf ]; then skip "stopped: the machine was too fast"; else
	is "stopped: exit code (124: by timeout)" 124 "$code"
	has "stopped: says so" stopped.err "stopped"
	is "stopped: nothing left behind" "" "$(find . -name '*big.pdf*')"
fi

# The same signal twice in a moment, as GNU timeout sends it, is one: each time it ends in good order.
for moment in 0.2 0.3 0.4 0.5 0.6 0.7; do
	rm -rf twice && mkdir twice
	"$BIAOYU" render big.yaml -o twice/big.pdf 2>twice.err &
	sleep $moment
	kill -INT $! 2>/dev/null && kill -INT $! 2>/dev/null
	wait $!
	code=$?
	[ -e twice/big.pdf ] && continue
	is "signalled twice after $moment s" "130 stopped" "$code $(grep -o '^stopped' twice.err)"
	is "nothing left behind after $moment s" "" "$(find twice -name '*big.pdf*')"
done

# Stopped while a table is read: at once, whatever is being read.
mkfifo endless
(sleep 3 >endless) &
timeout -s TERM 0.5 "$BIAOYU" check "$layout" --data endless 2>reading.err
is "stopped while reading: at once (124: by timeout)" 124 "$?"
has "and it says so" reading.err "stopped: nothing was written"
wait

# ---- dates that are none ----
printf 'format: 1\nkind: poster\npage: {size: A6}\nbody: {text: 不轻信}\noutput: {name: d.pdf}\n' >dated.yaml
for date in 2026-13-01 2026-02-30 26-01-01 2026-11-26T08:00; do
	exits "--date $date" 2 "$BIAOYU" render dated.yaml --date $date
	is "is no date" "biaoyu: --date wants YYYY-MM-DD, not \"$date\"" "$(cat exits.err)"
done
for epoch in today -1 1e9 99999999999999999; do
	exits "SOURCE_DATE_EPOCH=$epoch" 2 env SOURCE_DATE_EPOCH=$epoch "$BIAOYU" render dated.yaml
	is "is no time" "biaoyu: SOURCE_DATE_EPOCH wants seconds since 1970, not \"$epoch\"" "$(cat exits.err)"
done
exits "--date goes before it" 0 env SOURCE_DATE_EPOCH=today "$BIAOYU" render dated.yaml --date 2028-02-29
