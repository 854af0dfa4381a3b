# The campaign as users and print shops see it: sizes, counts, text, codes, frames, by tools that are not ours.
. "$ROOT/tests/cli/lib.sh"

for piece in poster sticker leaflet; do
	ok "$piece draws" "$BIAOYU" render "$ROOT/layouts/$piece.yaml" -o $piece.pdf
	ok "$piece: qpdf finds nothing wrong" qpdf --check $piece.pdf
	pdftotext -enc UTF-8 -layout $piece.pdf $piece.txt
	pdftotext -enc UTF-8 -raw $piece.pdf $piece.raw
	tr -d '[:space:]' <$piece.raw >$piece.flat
	is "$piece: every font is embedded and a subset" "" "$(pdffonts $piece.pdf | awk 'NR > 2 && !/ yes yes yes /')"
done

pages() { pdfinfo "$1" | sed -n 's/^Pages: *//p'; }
size() { pdfinfo "$1" | sed -n 's/^Page size: *\([0-9.]*\) x \([0-9.]*\).*/\1 \2/p' | awk '{printf "%.0f x %.0f mm", $1 * 25.4 / 72, $2 * 25.4 / 72}'; }

is "poster: a page for each station" "$(($(wc -l <"$ROOT/layouts/data/stations.csv") - 1))" "$(pages poster.pdf)"
is "poster: A2 and 3 mm of bleed all round" "426 x 600 mm" "$(size poster.pdf)"
is "stickers: 90 on sheets of 24" 4 "$(pages sticker.pdf)"
is "stickers: A4" "210 x 297 mm" "$(size sticker.pdf)"
is "leaflet: two pages" 2 "$(pages leaflet.pdf)"

has "poster: slogan 不轻信" poster.txt 不轻信
for slogan in 不轻信 不透露 不转账 新型犯罪要新型应对，防诈宣传要先于诈前; do
	for piece in poster leaflet; do has "$piece: $slogan" $piece.flat "$slogan"; done
done
for slogan in 抬头见防诈标语 低头看防诈彩页 人人见防诈预警 到处是防诈声音 刷单返利 虚假投资理财 虚假网络贷款 冒充客服退款 冒充公检法 虚假购物 冒充领导熟人 网络婚恋交友; do
	has "leaflet: $slogan" leaflet.flat $slogan
done
is "stickers: 不转账 stands on each" 90 "$(grep -o 不转账 sticker.flat | wc -l)"
while IFS=, read -r code name _; do
	[ "$code" = code ] || grep -qF "$name" poster.flat || echo "not ok - poster of $name"
done <"$ROOT/layouts/data/stations.csv"

pdftoppm -r 300 -gray sticker.pdf sheet
zbarimg -q --raw sheet-*.pgm 2>/dev/null | sort >codes.txt
tail -n +2 "$ROOT/layouts/data/communities.csv" | awk -F, '{print $6}' | sort >wanted.txt
is "stickers: all 90 codes read at 300 dpi" "" "$(diff codes.txt wanted.txt)"

ok "pictures draw" "$BIAOYU" render "$ROOT/layouts/alert.yaml" --rows 1-3 -o alert/
is "pictures: one for each group" "alert/G001.png alert/G002.png alert/G003.png" "$(echo alert/*.png)"
has "pictures: 1080 x 1920" <(file alert/G001.png) "1080 x 1920"
ok "pictures: pngcheck" pngcheck -q alert/*.png

ok "led-red draws" "$BIAOYU" render "$ROOT/layouts/led-red.yaml" -o led-red/
ok "led-colour draws" "$BIAOYU" render "$ROOT/layouts/led-colour.yaml" -o led-colour/
ok "led-red: pngcheck" pngcheck -q led-red/*.png
frames=$(jq .frames led-red/manifest.json)
is "led-red: as many frames as the manifest says" "$frames" "$(find led-red -name '[0-9]*.png' | wc -l)"
is "led-red: every frame is a one-bit 512 x 32 PNG" "" "$(file led-red/[0-9]*.png | grep -v 'PNG image data, 512 x 32, 1-bit colormap')"
is "led-colour: every frame is 256 x 64" "" "$(file led-colour/[0-9]*.png | grep -v '256 x 64')"
