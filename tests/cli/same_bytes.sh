# The same bytes for any number of jobs, twice in a row, with another clock, locale, time zone and folder.
. "$ROOT/tests/cli/lib.sh"

sums() { (cd "$1" && find . -type f ! -name '*.out' ! -name '*.err' | sort | xargs sha256sum); }

draw() { # FOLDER JOBS
	mkdir -p "$1"
	"$BIAOYU" render "$ROOT/layouts/poster.yaml" -j "$2" -o "$1/poster.pdf" &&
		"$BIAOYU" render "$ROOT/layouts/sticker.yaml" -j "$2" -o "$1/stickers.pdf" &&
		"$BIAOYU" render "$ROOT/layouts/leaflet.yaml" -j "$2" -o "$1/leaflet.pdf" &&
		"$BIAOYU" render "$ROOT/layouts/leaflet.yaml" -j "$2" -o "$1/leaflet-{{@page}}.svg" &&
		"$BIAOYU" render "$ROOT/layouts/alert.yaml" --rows 1-8 -j "$2" -o "$1/alert/" &&
		"$BIAOYU" render "$ROOT/layouts/led-red.yaml" -j "$2" -o "$1/led-red/" &&
		"$BIAOYU" render "$ROOT/layouts/led-colour.yaml" -j "$2" -o "$1/led-colour/"
}

ok "one job draws" draw one 1
ok "four jobs draw" draw four 4
is "one job and four give the same bytes" "$(sums one)" "$(sums four)"
ok "again, in another zone and locale" env TZ=Pacific/Kiritimati LC_ALL=C BIAOYU="$BIAOYU" ROOT="$ROOT" bash -c "$(declare -f draw); draw again 4"
is "another zone and locale give the same bytes" "$(sums one)" "$(sums again)"
# An hour later: a clock of our own, where the library for it is installed.
if have faketime; then
	export ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0        # faketime is loaded before the sanitizer
	ok "an hour later" env BIAOYU="$BIAOYU" ROOT="$ROOT" bash -c "$(declare -f draw); faketime -f +1h bash -c '$(declare -f draw); draw later 4'"
	is "an hour later gives the same bytes" "$(sums one)" "$(sums later)"
else
	skip "an hour later: faketime is not installed"
fi

folder="别的 文件夹"
cp -r "$ROOT/layouts" "$folder"
"$BIAOYU" render "$folder/sticker.yaml" -o moved.pdf
is "another folder gives the same bytes" "$(sha256sum <one/stickers.pdf)" "$(sha256sum <moved.pdf)"
