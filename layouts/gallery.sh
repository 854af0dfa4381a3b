#!/bin/sh
# gallery.sh PROGRAM FOLDER: write FOLDER/index.html, a page that shows what `make campaign` drew there and opens from disk.
# Thumbnails are vector pictures by the same program; the browser scales them. The LED screens play their own frames.
set -eu
program=$1
folder=$2
here=$(dirname "$0")
mkdir -p "$folder/thumbs"
rm -f "$folder"/thumbs/*.svg
"$program" render "$here/poster.yaml" -o "$folder/thumbs/poster-{{code}}.svg"
"$program" render "$here/sticker.yaml" -o "$folder/thumbs/stickers-{{@sheet}}.svg"
"$program" render "$here/leaflet.yaml" -o "$folder/thumbs/leaflet-{{@page}}.svg"

# figures CLASS LINK FILE...: a figure a file, each linking to LINK (or to itself)
figures() {
	class=$1 link=$2
	shift 2
	for file in "$@"; do
		file=${file#"$folder/"}
		echo "<a class=\"$class\" href=\"${link:-$file}\"><img loading=\"lazy\" alt=\"$(basename "$file")\" src=\"$file\"></a>"
	done
}

# screen NAME WIDTH HEIGHT: a wall that plays the frames
screen() {
	count=$(find "$folder/$1" -name '[0-9]*.png' | wc -l)
	echo "<canvas class=\"led\" data-frames=\"$1\" data-count=\"$count\" width=\"$2\" height=\"$3\"></canvas>"
	echo "<p class=\"note\"><a href=\"$1/manifest.json\">$1/manifest.json</a> · $count frames, $2 × $3 dots, 50 a second"
	for film in "$1.html" "$1.gif" "$1.fseq"; do
		[ -e "$folder/$film" ] && echo " · <a href=\"$film\">$film</a>"
	done
	for strip in "$folder/$1"/strip-*.png; do
		[ -e "$strip" ] && echo " · <a href=\"$1/$(basename "$strip")\">$(basename "$strip")</a>"
	done
	echo "</p>"
}

{
	cat <<'HTML'
<!doctype html>
<html lang="zh-Hans">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>biaoyu 标语</title>
<style>
  :root { color-scheme: light; --ink: #1a1a1a; --red: #c8102e; --line: #e4d9c4; }
  body { margin: 0; font: 16px/1.6 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: var(--ink); background: #fbf7ee; }
  header { background: var(--red); color: #fff; padding: 40px max(24px, 6vw) 32px; }
  header h1 { margin: 0; font-size: clamp(30px, 5vw, 54px); line-height: 1.2; letter-spacing: .04em; }
  header h1 b { color: #ffd400; }
  header p { margin: 10px 0 0; opacity: .9; }
  main { padding: 8px max(24px, 6vw) 64px; }
  h2 { margin: 44px 0 4px; font-size: 22px; border-top: 3px solid var(--red); padding-top: 12px; }
  .note { margin: 0 0 16px; color: #6b6152; font-size: 14px; }
  .note a { color: inherit; }
  .strip { display: grid; gap: 18px; grid-template-columns: repeat(auto-fill, minmax(var(--w), 1fr)); }
  .strip a { display: block; background: #fff; box-shadow: 0 1px 3px rgb(60 40 0 / .18), 0 6px 18px rgb(60 40 0 / .10); }
  .strip img { display: block; width: 100%; height: auto; }
  .led { display: block; width: 100%; max-width: 1024px; image-rendering: pixelated; background: #000; border: 10px solid #222; box-sizing: border-box; margin-top: 12px; }
</style>
<header><h1><b>不</b>轻信　<b>不</b>透露　<b>不</b>转账</h1><p>新型犯罪要新型应对，防诈宣传要先于诈前</p></header>
<main>
HTML
	echo '<h2>宣传海报 Poster</h2><p class="note"><a href="poster.pdf">poster.pdf</a> · A2, a page for each station · <a href="press/poster.pdf">PDF/X-4</a></p><div class="strip" style="--w:150px">'
	figures poster poster.pdf "$folder"/thumbs/poster-*.svg
	echo '</div><h2>防诈小贴士 Stickers</h2><p class="note"><a href="stickers.pdf">stickers.pdf</a> · 50 × 30 mm, 24 on an A4 sheet, a QR code each · <a href="press/stickers.pdf">PDF/X-4 with CutContour</a> · cut file <a href="press/stickers-1.dxf">DXF</a></p><div class="strip" style="--w:230px">'
	figures sheet stickers.pdf "$folder"/thumbs/stickers-*.svg
	echo '</div><h2>防诈宣传页 Leaflet</h2><p class="note"><a href="leaflet.pdf">leaflet.pdf</a> · A4, folded twice · <a href="press/leaflet.pdf">PDF/X-4 with its creases</a></p><div class="strip" style="--w:420px">'
	figures leaflet leaflet.pdf "$folder"/thumbs/leaflet-*.svg
	echo '</div><h2>LED 屏 Screens</h2>'
	screen led-red 512 32
	screen led-colour 256 64
	echo '<h2>每日电诈警情 Alert pictures</h2><p class="note">alert/ · 1080 × 1920, one for each group</p><div class="strip" style="--w:150px">'
	figures alert "" "$folder"/alert/*.png
	cat <<'HTML'
</div>
</main>
<script>
  // Each wall loads its frames once, then shows frame (time x 50) mod count: the same clock as the screen's.
  for (const wall of document.querySelectorAll("canvas.led")) {
    const count = +wall.dataset.count, frames = [], pen = wall.getContext("2d");
    for (let i = 0; i < count; i++) {
      frames[i] = new Image();
      frames[i].src = wall.dataset.frames + "/" + String(i).padStart(6, "0") + ".png";
    }
    const show = (time) => {
      const frame = frames[Math.floor(time / 20) % count];
      if (frame && frame.complete && frame.naturalWidth) pen.drawImage(frame, 0, 0);
      requestAnimationFrame(show);
    };
    requestAnimationFrame(show);
  }
</script>
</html>
HTML
} >"$folder/index.html"
