# led_live.sh -- live screens: what OLA receives and tshark decodes, in a network namespace of our own. Nothing leaves the machine.
. "$ROOT/tests/cli/lib.sh"

if [ -z "${LED_INSIDE:-}" ]; then
	cat >wall.yaml <<'Y'
format: 1
kind: led
colors: {red: {rgb: "#FF0000"}, green: {rgb: "#00FF00"}}
fonts: {sans: {family: Test Sans}}
screen: {size: [20, 16], color: rgb, fps: 50}
playlist:
  items:
    - {text: 信, size: 14px, leading: 1, color: red, effect: scroll-left, speed: 50px/s}
    - {text: 账, size: 14px, leading: 1, color: green, effect: scroll-left, speed: 50px/s}
Y
	catalogue=(--catalogue "$ROOT/tests/fonts/catalogue.yaml")
	for to in ddp://127.0.0.1 sacn://127.0.0.1/1 "sacn://multicast/7?sync=5" "artnet://127.0.0.1/3?sync=1"; do
		"$BIAOYU" play wall.yaml "${catalogue[@]}" --to "$to" --loops 1 --loopback-check 2>play.err
		has "every dot comes back from $to" play.err "came back dot for dot"
	done
	exits "a host that refuses" 4 timeout 10 "$BIAOYU" play wall.yaml "${catalogue[@]}" --to ddp://127.0.0.1:9
	has "is said" exits.err "nothing listens there"
	exits "a host that is not" 4 "$BIAOYU" play wall.yaml "${catalogue[@]}" --to ddp://no.invalid
	exits "an address that is none" 1 "$BIAOYU" play wall.yaml "${catalogue[@]}" --to 127.0.0.1
	exits "no address" 2 "$BIAOYU" play wall.yaml "${catalogue[@]}"
	exits "too bright" 2 "$BIAOYU" play wall.yaml "${catalogue[@]}" --to ddp://127.0.0.1 --brightness 101
	"$BIAOYU" play wall.yaml "${catalogue[@]}" --to sacn://127.0.0.1/1 --loopback-check 2>stop.err &
	player=$!
	sleep 0.5
	kill -INT $player
	wait $player
	is "stopped by a signal it ends well" 0 $?

	for tool in olad ola_recorder tshark setpriv ip unshare; do
		have $tool || { skip "receivers: no $tool"; exit 0; }
	done
	[ "$(id -u)" = 0 ] && unshare -n true 2>/dev/null || { skip "receivers: no network namespace may be made here"; exit 0; }
	"$BIAOYU" render wall.yaml "${catalogue[@]}" --format rgb -o frames.rgb 2>/dev/null
	chmod 755 "$WORK" "$PWD" 2>/dev/null      # the receiver runs as its own user
	LED_INSIDE=1 exec timeout 60 unshare -n bash "$ROOT/tests/cli/led_live.sh"
fi

# ---- inside ----
catalogue=(--catalogue "$ROOT/tests/fonts/catalogue.yaml")
ip link set lo up
ip link add dummy0 type dummy 2>/dev/null || ip link add dummy0 type bridge
ip addr add 10.77.0.1/24 dev dummy0
ip link set dummy0 up multicast on
ip route add 239.255.0.0/16 dev dummy0
conf=$(mktemp -d)
for plugin in dummy espnet ftdidmx gpio karate kinet milinst nanoleaf opendmx openpixelcontrol osc pathport renard sandnet shownet spi spidmx stageprofi uartdmx usbdmx usbpro usbserial; do
	echo "enabled = false" >"$conf/ola-$plugin.conf"
done
printf 'enabled = true\nip = 10.77.0.1\ninput_ports = 4\noutput_ports = 0\n' >"$conf/ola-e131.conf"
printf 'enabled = true\nip = 127.0.0.1\nuse_loopback = true\nnet = 0\nsubnet = 0\noutput_ports = 0\n' >"$conf/ola-artnet.conf"
chmod 755 "$conf"
chown -R olad "$conf"
setpriv --reuid=olad --regid=nogroup --clear-groups olad -c "$conf" --no-http --no-register-with-dns-sd -r 9010 -l 3 2>olad.log &
ola=$!
sleep 2.5
ola_patch -d 2 -p 0 -i -u 1 && ola_patch -d 2 -p 1 -i -u 2
ola_patch -d 1 -p 0 -i -u 16 && ola_patch -d 1 -p 1 -i -u 17

# 20 x 16 dots are 960 channels: 510 and 450
slots() { od -An -v -tu1 -w960 frames.rgb | sed 's/^ *//; s/  */,/g' | awk -F, -v OFS=, -v from="$1" -v to="$2" '{line = $from; for (i = from + 1; i <= to; i++) line = line "," $i; print line}' | uniq; }
slots 1 510 >first.want
slots 511 960 >second.want

# receive URL UNIVERSE UNIVERSE
receive() {
	rm -f got.show
	ola_recorder -r got.show -u "$2,$3" >/dev/null 2>&1 &
	local recorder=$!
	sleep 0.7
	"$BIAOYU" play wall.yaml "${catalogue[@]}" --to "$1" --loops 1 2>play.err || cat play.err
	sleep 0.3
	kill -INT $recorder
	wait $recorder
	for universe in $2 $3; do awk -v u="$universe" '$1 == u {print $2}' got.show | uniq >got.$universe; done
}
# lit WANTED GOT: what was received is what was to be seen, in order; on a busy machine some frames may be late and left out.
# Darkness at the ends is the blackout's, too.
lit() {
	awk 'FNR == NR {if (/[1-9]/) want[++n] = $0; next}
		/[1-9]/ {total++; while (at < n && want[at + 1] != $0) at++; if (at < n) {at++; found++}}
		END {print (found == total && found >= 0.4 * n ? "in order" : found " of " total " received, of " n " sent, in order")}' "$1" "$2"
}
check() {
	cut -d, -f1-450 "got.$3" >second.got
	is "$1: OLA gets the first universe" "in order" "$(lit first.want "got.$2")"
	is "$1: and the second" "in order" "$(lit second.want second.got)"
	is "$1: and darkness at the end" 0 "$(tail -1 "got.$2" | tr -d '0,' | wc -m | awk '{print $1 - 1}')"
}
tshark -q -i any -f udp -w seen.pcapng -a duration:20 2>/dev/null &
shark=$!
sleep 2
receive sacn://127.0.0.1/1 1 2
check "sACN to a host" 1 2
receive "sacn://multicast/1?interface=10.77.0.1&priority=120" 1 2
check "sACN to a group" 1 2
receive artnet://127.0.0.1/0 16 17
check "Art-Net" 16 17
kill -INT $shark
wait $shark 2>/dev/null
kill $ola
wait $ola 2>/dev/null

# ---- receivers from npm ----
# by_npm PROTOCOL URL UNIVERSE UNIVERSE
by_npm() {
	rm -f ready
	NODE_PATH=$ROOT/out/npm/node_modules node "$ROOT/tests/cli/receiver.js" "$1" "$PWD" "$3" "$4" 10.77.0.1 >ready 2>npm.err &
	local receiver=$! i
	for ((i = 0; i < 100; i++)); do grep -q ready ready 2>/dev/null && break; sleep 0.1; done
	sleep 0.5
	"$BIAOYU" play wall.yaml "${catalogue[@]}" --to "$2" --loops 1 2>play.err || cat play.err
	sleep 0.5
	kill -INT $receiver
	wait $receiver
	for universe in $3 $4; do uniq "got.$universe" >got.tmp && mv got.tmp "got.$universe"; done
}
if have node && [ -d "$ROOT/out/npm/node_modules/sacn" ]; then
	by_npm sacn sacn://127.0.0.1/1 1 2
	is "npm's sacn: the first universe" "in order" "$(lit first.want got.1)"
	cut -d, -f1-450 got.2 >second.got
	is "npm's sacn: the second" "in order" "$(lit second.want second.got)"
	is "and no complaint" "" "$(cat complaints)"
	by_npm sacn "sacn://multicast/1?interface=10.77.0.1" 1 2
	is "npm's sacn in a group" "in order" "$(lit first.want got.1)"
	by_npm artnet artnet://127.0.0.1/0 0 1
	is "npm's dmxnet: the first universe" "in order" "$(lit first.want got.0)"
	cut -d, -f1-450 got.1 >second.got
	is "npm's dmxnet: the second" "in order" "$(lit second.want second.got)"
else
	skip "receivers from npm: not installed"
fi
tshark -r seen.pcapng --enable-heuristic acn -o acn.dmx_enable:TRUE -Y acn -T fields -e acn.dmx.source_name -e acn.dmx.priority -e acn.dmx.universe -e acn.dmx.option_s -e acn.dmx.count >acn.txt 2>/dev/null
is "tshark sees two priorities of one source" "biaoyu 100 biaoyu 120" "$(cut -f1,2 acn.txt | sort -u | tr '\t\n' '  ' | sed 's/ $//')"
has "and the end of universe 2 announced" <(cut -f3,4 acn.txt | sort | uniq -c) "2	1"
tshark -r seen.pcapng -Y artnet -T fields -e artnet.header.opcode -e artnet.output.universe -e artnet.output.length 2>/dev/null | sort -u >artnet.txt
is "and Art-Net's packets of 510 and 450" 2 "$(grep -c . artnet.txt)"
