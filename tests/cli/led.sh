# led.sh -- the films: every lossless one holds the frames of the PNG sequence, read back by other people's programs.
. "$ROOT/tests/cli/lib.sh"

for tool in ffmpeg gifsicle apngdis webpmux dwebp zstd pngcheck; do
	have $tool || { skip "films: no $tool"; exit 0; }
done

cat >red.yaml <<'Y'
format: 1
kind: led
colors: {red: {rgb: "#FF0000"}}
fonts: {sans: {family: Test Sans}}
screen: {size: [64, 16], color: red, levels: 2, fps: 50}
playlist:
  loop: forever
  items:
    - {text: 不轻信, size: 12px, leading: 1, color: red, enter: slide-left, hold: 1s, exit: slide-up, speed: 200px/s}
    - {text: 不转账, size: 12px, leading: 1, color: red, effect: scroll-left, speed: 400px/s}
Y
sed 's/levels: 2/levels: 256/; s/color: red, levels/color: rgb, levels/' red.yaml >grey.yaml
catalogue=(--catalogue "$ROOT/tests/fonts/catalogue.yaml")

# frames FILE...: every frame's pixels as ffmpeg reads them, one after the other
frames() { ffmpeg -v error "$@" -pix_fmt rgb24 -f rawvideo - </dev/null | sha256sum; }
u() { od -An -v -tu"$3" -j"$2" -N"$3" "$1" | tr -d ' '; }          # an unsigned number of N bytes at an offset

sequence() { python3 "$ROOT/tests/cli/fseq.py" "$1"; }          # the channels of an FSEQ

for kind in red grey; do
	ok "$kind: a folder of frames" "$BIAOYU" render $kind.yaml "${catalogue[@]}" -o $kind/
	count=$(find $kind -name '[0-9]*.png' | wc -l)
	expected=$(frames -framerate 50 -i $kind/%06d.png)
	for ending in gif apng webp y4m rgb fseq; do
		ok "$kind: a film in $ending" "$BIAOYU" render $kind.yaml "${catalogue[@]}" -o $kind.$ending
	done
	is "$kind: raw RGB has the same dots" "$expected" "$(sha256sum <$kind.rgb)"
	is "$kind: so has it on standard output" "$expected" "$("$BIAOYU" render $kind.yaml "${catalogue[@]}" --format rgb -o - 2>/dev/null | sha256sum)"
	is "$kind: the GIF has the same dots" "$expected" "$(frames -i $kind.gif -vsync cfr -r 50)"
	is "$kind: the APNG has the same dots" "$expected" "$(frames -i $kind.apng -vsync cfr -r 50)"
	is "$kind: the Y4M has as many frames" "$count" "$(ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 $kind.y4m)"
	ok "$kind: gifsicle reads it, too" gifsicle --no-warnings -I $kind.gif
	has "$kind: the GIF goes on for ever" ok.out "loop forever"
	ok "$kind: pngcheck finds no fault" pngcheck -q $kind.apng
	ok "$kind: apngdis takes it apart" apngdis $kind.apng parts
	sequence $kind.fseq >$kind.channels
	is "$kind: the FSEQ has the same dots" "$expected" "$(sha256sum <$kind.channels)"
	is "$kind: its header counts them" "$((64 * 16 * 3)) $count 20" "$(u $kind.fseq 10 4) $(u $kind.fseq 14 4) $(u $kind.fseq 18 1)"
	for version in fseq-plain fseq-v1; do
		ok "$kind: $version" "$BIAOYU" render $kind.yaml "${catalogue[@]}" --format $version -o $kind-$version.fseq
		sequence $kind-$version.fseq >$kind.channels
		is "$kind: $version has the same dots" "$expected" "$(sha256sum <$kind.channels)"
	done
	# WebP: each picture so long as it says, as raw RGB
	webpmux -info $kind.webp | awk '$1 ~ /^[0-9]+:$/ {sub(":", "", $1); print $1, $7}' |
		while read -r number duration; do
			webpmux -get frame "$number" $kind.webp -o one.webp >/dev/null 2>&1 && dwebp -quiet one.webp -ppm -o one.ppm
			for ((i = 0; i < duration / 20; i++)); do tail -c $((64 * 16 * 3)) one.ppm; done
		done >webp.rgb
	is "$kind: the WebP has the same dots" "$expected" "$(sha256sum <webp.rgb)"
	# shots and their order do not depend on the threads
	for ending in gif fseq webp; do
		"$BIAOYU" render $kind.yaml "${catalogue[@]}" -j1 -o one-$kind.$ending 2>/dev/null
		ok "$kind: the same $ending from one thread" cmp one-$kind.$ending $kind.$ending
	done
done
# ---- panels: a wall of two rows of 32 x 8, the lower upside down and far away on the controller ----
sed 's/size: \[64, 16\]/size: [64, 16], map: [{size: [32, 8], tiles: [2, 1], order: GRB, start: 31}, {at: [0, 8], size: [32, 8], tiles: [2, 1], rotate: 180, start: 10001}]/' grey.yaml >mapped.yaml
for format in fseq fseq-plain fseq-v1; do
	ok "mapped: $format" "$BIAOYU" render mapped.yaml "${catalogue[@]}" --format $format -o mapped.fseq
	sequence mapped.fseq >mapped.channels
	is "mapped: every dot on its channel in $format" same "$(python3 - grey.rgb mapped.channels <<'P'
import sys
frames, channels = (open(name, "rb").read() for name in sys.argv[1:])
wide, total, wrong = 64 * 16 * 3, 10000 + 64 * 8 * 3, 0
for n in range(len(frames) // wide):
    frame, expected = frames[n * wide : (n + 1) * wide], bytearray(total)
    dot = lambda x, y: frame[(y * 64 + x) * 3 : (y * 64 + x) * 3 + 3]
    at, far = 30, 10000
    for tile in (0, 32):
        for y in range(8):
            for x in range(32):
                r, g, b = dot(tile + x, y)
                expected[at : at + 3] = bytes((g, r, b))
                expected[far : far + 3] = dot(tile + 31 - x, 15 - y)
                at, far = at + 3, far + 3
    wrong += expected != channels[n * total : (n + 1) * total]
print("same" if not wrong and len(channels) == total * (len(frames) // wide) else "%d frames differ" % wrong)
P
)"
done
"$BIAOYU" render mapped.yaml "${catalogue[@]}" --format fseq-plain -o mapped.fseq 2>/dev/null
is "mapped: the plain file holds the lamps' channels and no others" "$((64 * 16 * 3))" "$(u mapped.fseq 10 4)"
for to in ddp://127.0.0.1 sacn://127.0.0.1/1 artnet://127.0.0.1/0; do
	"$BIAOYU" play mapped.yaml "${catalogue[@]}" --to $to --loops 1 --loopback-check 2>play.err
	has "mapped: every dot comes back from $to" play.err "came back dot for dot"
done

# ---- MP4: ffmpeg packs it; the light is nearly that of the frames ----
exits "an MP4" 0 "$BIAOYU" render red.yaml "${catalogue[@]}" -o red.mp4
has "says what it loses" exits.err "warning[film-chroma]"
is "every frame, each dot 2 x 2" "128,32,50/1,$(jq .frames red/manifest.json)" "$(ffprobe -v error -count_frames -show_entries stream=width,height,r_frame_rate,nb_read_frames -of csv=p=0 red.mp4)"
ffmpeg -v error -i red.mp4 -vf scale=iw/2:ih/2:flags=area -pix_fmt rgb24 -f rawvideo - </dev/null >mp4.rgb
is "lit dots are bright in it, dark ones dark, in the right places" "1 1" "$(python3 - red.rgb mp4.rgb <<'P'
import sys
frames, film = (open(name, "rb").read()[::3] for name in sys.argv[1:])          # the red of each dot
lit = [b for a, b in zip(frames, film) if a == 255]
dark = [b for a, b in zip(frames, film) if a == 0]
print(int(len(frames) == len(film) and sum(lit) / len(lit) > 180), int(sum(dark) / len(dark) < 20))
P
)"
"$BIAOYU" render red.yaml "${catalogue[@]}" -j1 -o again.mp4 2>/dev/null
ok "the same MP4 again" cmp again.mp4 red.mp4
exits "without ffmpeg" 4 env PATH=/nonexistent "$BIAOYU" render red.yaml "${catalogue[@]}" -o none.mp4
has "is said" exits.err "apt-get install ffmpeg"
mkdir -p liar && printf '#!/bin/sh\necho "no such codec" >&2\nexit 1\n' >liar/ffmpeg && chmod +x liar/ffmpeg
exits "an ffmpeg that fails" 4 env PATH="$PWD/liar:$PATH" "$BIAOYU" render red.yaml "${catalogue[@]}" -o none.mp4
has "is quoted" exits.err "ffmpeg did not pack the film: no such codec"
is "and nothing is written" 0 "$(ls none.mp4 2>/dev/null | wc -l)"

ok "a .stream" "$BIAOYU" render red.yaml "${catalogue[@]}" -o red.stream
is "its size: header, frames of 11 planes, a byte" "$((32 + $(gifsicle --no-warnings -I red.gif | grep -c 'image #') * (32 + 8 * 11 * 64 * 4) + 1))" "$(stat -c %s red.stream)"
exits "a name that says nothing" 1 "$BIAOYU" render red.yaml "${catalogue[@]}" -o red.mpeg --format pdf

# ---- pictures for cards, and the wall ----
pixels() { ffmpeg -v error "$@" -pix_fmt rgb24 -f rawvideo - </dev/null | sha256sum | cut -d' ' -f1; }
first=$(jq '.items[1].first' red/manifest.json)
frame() { printf 'red/%06d.png' "$1"; }
is "the manifest has each file's SHA-256" "$(sha256sum red/[0-9]*.png | cut -d' ' -f1 | sha256sum)" "$(jq -r '.sha256[]' red/manifest.json | sha256sum)"
is "the page is the frame that rests" "$(pixels -i "$(frame $(($(jq '.items[0].first' red/manifest.json) + 40)))")" "$(pixels -i red/page-01.png)"
is "a window of the strip is a frame" "$(pixels -i "$(frame $((first + 12)))")" "$(pixels -i red/strip-02.png -vf crop=64:16:32:0)"
step=$(jq '.items[1].step_px' red/manifest.json) frames=$(jq '.items[1].frames' red/manifest.json)
is "the strip is as long as the way" $((step * frames)) "$(ffprobe -v error -show_entries stream=width -of csv=p=0 red/strip-02.png)"
{ cat red.yaml; echo 'output: {duplicates: link}'; } >linked.yaml
ok "frames that rest as links" "$BIAOYU" render linked.yaml "${catalogue[@]}" -o linked/
ok "again into the same folder" "$BIAOYU" render linked.yaml "${catalogue[@]}" -j1 -o linked/
is "the same frames" "" "$(diff -r red linked -x manifest.json)"
is "frame 40 is frame 30's file, frame 2 its own" "yes no" "$([ linked/000040.png -ef linked/000030.png ] && echo yes || echo no) $([ linked/000002.png -ef linked/000001.png ] && echo yes || echo no)"
printf 'stale' >red/page-02.png
ok "drawn again" "$BIAOYU" render red.yaml "${catalogue[@]}" -o red/ --preview wall/red.png
is "no page is left of an item that now passes" "page-01.png strip-02.png" "$(cd red && echo [ps]*.png)"
is "the preview: 16 px a dot" "1024,256" "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0 wall/red.png)"
colors=$(ffmpeg -v error -i wall/red.png -pix_fmt rgb24 -f rawvideo - | od -An -v -tu1 -w3 | awk '$1 > 230 {lit++} $1 < 40 {dark++} $2 > 60 {other++} END {print (lit > 9000), (dark > 100000), other + 0}')
is "with lit lamps, dark lamps, and no other colour" "1 1 0" "$colors"
ok "the page that plays" "$BIAOYU" render red.yaml "${catalogue[@]}" -o red.gif --preview wall/red.html
is "holds each picture once" "$(gifsicle --no-warnings -I red.gif | grep -c 'image #')" "$(grep -c '^"iVBOR' wall/red.html)"
if have chromium && have node && [ -d "$ROOT/out/npm/node_modules/playwright-core" ]; then
	NODE_PATH=$ROOT/out/npm/node_modules timeout 120 node "$ROOT/tests/cli/preview.js" "$PWD/wall/red.html" "$PWD" >page.txt 2>&1
	for what in "half as fast" "twice as fast" pauses "is smaller from afar" "without a problem"; do
		is "in a browser the page $what" "$what yes" "$(grep -F "$what" page.txt)"
	done
	is "in a browser the page steps to a frame" "steps to a frame 12" "$(grep -F "steps to" page.txt)"
	lit=$(ffmpeg -v error -i near.png -pix_fmt rgb24 -f rawvideo - 2>/dev/null </dev/null | od -An -v -tu1 -w3 | awk '$1 > 200 && $2 < 80 && $3 < 80 {lit++} END {print (lit > 500)}')
	is "and shows lit dots" 1 "$lit"
else
	skip "the page in a browser: no chromium, node or playwright-core"
fi

# ---- areas: each shows what it would show as a screen of its own, from the frame of its own period ----
cat >areas.yaml <<'Y'
format: 1
kind: led
colors: {red: {rgb: "#FF0000"}}
fonts: {sans: {family: Test Sans}}
screen: {profile: p10-red, modules: 3x2, current-limit: 40A}
styles: {s: {size: 12px, leading: 1, color: red}}
areas:
  - {name: left, width: 37, playlist: {seamless: true, gap: 9px, items: [{text: 不轻信不透露, style: s, effect: scroll-left}]}}
  - {name: right, x: 37, y: 3, width: 59, height: 20, playlist: {items: [{text: 不轻信, style: s, enter: slide-up, hold: 0.2s, exit: wipe, speed: 100px/s}, {text: 不转账, style: s, hold: 0.1s}]}}
Y
sed '/^areas:/,$d; s/screen: .*/screen: {size: [37, 32], color: red, levels: 2}/' areas.yaml >left.yaml
sed 's/  - {name: left, width: 37, //; s/}}$/}/' <<<"$(grep 'name: left' areas.yaml | sed 's/.*playlist/playlist/')" >>left.yaml
sed '/^areas:/,$d; s/screen: .*/screen: {size: [59, 20], color: red, levels: 2}/' areas.yaml >right.yaml
grep 'name: right' areas.yaml | sed 's/.*playlist/playlist/; s/}$//' >>right.yaml
for layout in areas left right; do ok "$layout: drawn" "$BIAOYU" render $layout.yaml "${catalogue[@]}" -o $layout/; done
left=$(jq .frames left/manifest.json) right=$(jq .frames right/manifest.json)
is "the areas' periods are those of the screens" "$left $right" "$(jq -r '.areas | map(.frames) | join(" ")' areas/manifest.json)"
both=$(jq .frames areas/manifest.json)
is "the whole is their least common multiple" "$(awk -v a="$left" -v b="$right" 'BEGIN {for (n = a; n % b; n += a); print n}')" "$both"
crop() { ffmpeg -v error -framerate 50 -i "$1/%06d.png" -vf "format=rgb24,crop=$2" -f framemd5 - </dev/null | awk -F, '!/^#/ {print $6}'; }
again() { for ((i = 0; i < both; i += $2)); do cat "$1"; done; }
crop left 37:32:0:0 >left.md5; crop right 59:20:0:0 >right.md5
is "every frame has the left area's" "$(again left.md5 "$left" | sha256sum)" "$(crop areas 37:32:0:0 | sha256sum)"
is "every frame has the right area's" "$(again right.md5 "$right" | sha256sum)" "$(crop areas 59:20:37:3 | sha256sum)"
is "and nothing beside them" 1 "$(crop areas 59:3:37:0 | sort -u | wc -l)"
# the current: lit dots of the brightest frame, six modules of 4 A
brightest=$(ffmpeg -v error -framerate 50 -i areas/%06d.png -pix_fmt gray -f rawvideo - </dev/null | od -An -v -tu1 -w3072 | awk '{n = 0; for (i = 1; i <= NF; i++) n += $i > 0; if (n > most) most = n} END {print most}')
is "the current of the brightest frame" "$(awk -v n="$brightest" 'BEGIN {printf "%.2f", n / (96 * 32) * 24}')" "$(jq '.current.brightest_a' areas/manifest.json | awk '{printf "%.2f", $1}')"

# ---- typed: after k characters the left of the line is there, the rest dark; it goes as it came ----
sed '/^playlist:/,$d' red.yaml >typed.yaml
cat >>typed.yaml <<'Y'
playlist: {items: [{text: 不轻信, size: 12px, leading: 1, color: red, enter: typewriter, hold: 1s, exit: typewriter, speed: 10c/s}]}
Y
ok "a text that is typed" "$BIAOYU" render typed.yaml "${catalogue[@]}" -o typed/
is "three characters of 5 frames, a second, two of 5" $((15 + 50 + 10)) "$(jq .frames typed/manifest.json)"
part() { ffmpeg -v error -i typed/$(printf %06d "$1").png -vf "format=gray,crop=$2" -f rawvideo - </dev/null | sha256sum; }
dark() { head -c "$1" /dev/zero | sha256sum; }
is "nothing at first" "$(dark 1024)" "$(part 0 64:16:0:0)"
for k in 1 2; do
	is "after $k, their columns" "$(part 15 $((12 * k)):16:0:0)" "$(part $((5 * k)) $((12 * k)):16:0:0)"
	is "and no more" "$(dark $((16 * (64 - 12 * k))))" "$(part $((5 * k)) $((64 - 12 * k)):16:$((12 * k)):0)"
	is "and the same when they go" "$(part $((5 * k)) 64:16:0:0)" "$(part $((75 - 5 * k)) 64:16:0:0)"
done

# ---- time: a file begins with the time it is told; a screen that is played goes on ----
cat >clock.yaml <<'Y'
format: 1
kind: led
colors: {red: {rgb: "#FF0000"}, green: {rgb: "#00FF00"}, turn: {cycle: [red, green], period: 0.4s}}
fonts: {sans: {family: Test Sans}}
styles: {s: {size: 12px, leading: 1, color: red}, t: {color: turn}}
screen: {size: [64, 16], color: rgb, levels: 256, fps: 10}
playlist: {items: [{text: "{{@now | date:s}}[{{@now | until:2026-11-26T08:00:01 seconds}}]{t}", style: s, hold: 1s}]}
Y
sed -i 's/date:s}/date:mmss}/' clock.yaml
exits "without a time no file is made" 1 "$BIAOYU" render clock.yaml "${catalogue[@]}" -o clock/
for second in 58 59; do ok "at 7:59:$second" "$BIAOYU" render clock.yaml "${catalogue[@]}" --now 2026-11-26T07:59:$second -o at$second/ --format png-sequence; done
ok "at eight" "$BIAOYU" render clock.yaml "${catalogue[@]}" --now "2026-11-26 08:00:00+08:00" -o at00/
ok "three seconds in one file" "$BIAOYU" render <(sed 's/hold: 1s/hold: 3s/' clock.yaml) "${catalogue[@]}" --now 2026-11-26T07:59:58 -o three/
for folder in at58 at59 at00 three; do ffmpeg -v error -framerate 10 -i "$folder/%06d.png" -pix_fmt rgb24 -f rawvideo - </dev/null >$folder.raw; done
two() { dd if="$1.raw" bs=3072 skip="$2" count=2 2>/dev/null; }            # frames, from one on
is "a second each in the file of three" "$({ two at58 0; two at59 0; two at00 0; } | sha256sum)" "$({ two three 0; two three 12; two three 20; } | sha256sum)"
is "the word changes its colour every other frame, round after four" "true true true" "$(jq -r '.sha256 | "\(.[0] == .[1]) \(.[0] != .[2]) \(.[0] == .[4])"' at58/manifest.json)"
if have python3; then
	python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); s.settimeout(20)
print(s.getsockname()[1], flush=True)
frames = 0
while frames < 30:
    packet = s.recv(2000); sys.stderr.buffer.write(packet[10:]); frames += packet[0] & 1
' >port 2>played.rgb &
	listener=$!
	for ((i = 0; i < 100; i++)); do [ -s port ] && break; sleep 0.05; done
	ok "played three times round" "$BIAOYU" play clock.yaml "${catalogue[@]}" --now 2026-11-26T07:59:58 --to "ddp://127.0.0.1:$(cat port)" --gamma 1 --loops 3
	wait $listener
	is "each time round it is a second later" "$(cat at58.raw at59.raw at00.raw | sha256sum)" "$(sha256sum <played.rgb)"
else
	skip "a screen that tells the time: no python3"
fi

# ---- the family "dots": every height has fonts that were drawn for it, and nothing is cut ----
real=(--catalogue "$ROOT/fonts/catalogue.yaml")
for height in 12:12 14:14 16:16 20:18 24:24 32:28 48:42 64:57; do
	rows=${height%:*}
	cat >dots.yaml <<Y
format: 1
kind: led
colors: {red: {rgb: "#FF0000"}}
screen: {size: [1700, $rows], color: red, levels: 2}
playlist: {items: [{text: "中国电信诈骗：“不轻信”（96110）、50%off gjpqy，特价￥8！", size: ${height#*:}px, leading: 1, color: red, hold: 20s, valign: middle}]}
Y
	ok "$rows rows: Chinese, Latin and marks, none cut" "$BIAOYU" render dots.yaml "${real[@]}" -o dots$rows/
	is "$rows rows: without a word" "" "$(grep -v wrote ok.out)"
done
is "12, 14 and 16 rows are drawn by strikes" "WenQuanYi efont WenQuanYi" "$(for r in 12 14 16; do jq -r '[.fonts[].file] | if any(test("wqy-zenhei")) then "WenQuanYi" elif all(test("^b[0-9]+.pcf")) then "efont" else . end' dots$r/manifest.json; done | tr '\n' ' ' | sed 's/ $//')"
is "32 rows by the bold one" NotoSansCJK-Bold.ttc "$(jq -r '.fonts[0].file' dots32/manifest.json)"
sed -i 's/text: "[^"]*"/text: "😀防诈"/; s/size: 57px/size: 16px/; s/64/16/' dots.yaml
ok "emoji, one bit a dot" "$BIAOYU" render dots.yaml "${real[@]}" -o emoji/
is "from Unifont's upper planes" 1 "$(jq -r '.fonts[].file' emoji/manifest.json | grep -c unifont_upper)"
sed -i 's/size: 16px/size: 17px/' dots.yaml
exits "17 rows have none" 1 "$BIAOYU" render dots.yaml "${real[@]}" -o none/
has "and it is said" exits.err "strike-size"

# ---- a gradient whose stops change: a rainbow that moves ----
cat >rainbow.yaml <<'Y'
format: 1
kind: led
fonts: {sans: {family: Test Sans}}
colors: {red: {rgb: "#FF0000"}, blue: {rgb: "#0000FF"}, a: {cycle: [red, blue], period: 2s, blend: true}, b: {cycle: [blue, red], period: 2s, blend: true}, moving: {linear-gradient: {angle: to right, stops: [a, b]}}}
screen: {size: [64, 16], fps: 50}
playlist: {items: [{shape: rect, width: 64px, height: 16px, fill: moving, hold: 2s}]}
Y
ok "a gradient that moves" "$BIAOYU" render rainbow.yaml "${catalogue[@]}" -o rainbow/
ends() { ffmpeg -v error -i rainbow/$(printf %06d "$1").png -pix_fmt rgb24 -f rawvideo - </dev/null | od -An -v -tu1 -w192 -N192 | awk '{print ($1 > $3 ? "red" : "blue"), ($(NF - 2) > $NF ? "red" : "blue")}'; }
is "its ends change places" "red blue blue red" "$(ends 0) $(ends 50)"
is "in 50 steps, there and back the same" 26 "$(jq .unique_frames rainbow/manifest.json)"
