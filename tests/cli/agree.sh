# agree.sh -- the same page through Cairo and through the press writer looks the same: pictures of the press PDF by Ghostscript
# (through the profile, against our soft proof), poppler and MuPDF (in black ink alone, which all of them show by the
# straight line, against our screen picture).
. "$ROOT/tests/cli/lib.sh"

for tool in gs pdftoppm mutool ffmpeg; do have $tool || { skip "agree: no $tool"; exit 0; }; done
profile=/usr/share/scribus/profiles/ISOcoated_v2_300_bas.icc
[ -r $profile ] || { skip "agree: no $profile"; exit 0; }

# agrees WHAT LEAST OURS THEIRS [FILTER of theirs]: dB of two pictures of 300 dpi, seen at 75 dpi, where edges are not smoothed in two ways
agrees() {
	local small=scale=iw/4:-1:flags=area,format=gbrp quality
	quality=$(ffmpeg -nostdin -v info -i "$3" -i "$4" -lavfi "[0]$small[a];[1]${5:+$5,}$small[b];[a][b]psnr" -f null - 2>&1 | sed -n 's/.*average:\([0-9inf]*\).*/\1/p')
	[ "$quality" = inf ] && quality=99
	ok "$1: $quality dB" test "${quality:-0}" -ge "$2"
}

# ---- golden layouts, in colour ----
for name in shape-kinds color-gradients box-layers-anchors text-align text-stroke-shadow-features text-inline-styles text-vertical-dress text-decoration text-ruby; do
	rm -rf golden && cp -r "$ROOT/tests/golden/$name" golden
	(
		cd golden || exit
		sed -i 's/Test Sans/Noto Sans CJK SC/; s/Test Reading/Noto Sans CJK SC/; /^checks/d; /qrcode:/d' layout.yaml
		printf 'output: {standard: PDF/X-4, dpi: 300}\nchecks: {contrast: off, limits: {code-contrast: off, safe: off, text: off, knockout-text: off}, image-dpi: {warn: 10, error: 5}}\n' >>layout.yaml
		"$BIAOYU" render layout.yaml -o press.pdf && "$BIAOYU" render layout.yaml -o proof.png
		gs -q -dNOPAUSE -dBATCH -r300 -sDEVICE=png16m -dGraphicsAlphaBits=4 -dTextAlphaBits=4 -dUseTrimBox -sDefaultCMYKProfile=$profile -dRenderIntent=1 \
			-dBlackPtComp=1 -dOverprint=/simulate -o gs.png press.pdf
	) >golden.out 2>&1
	agrees "$name: our proof, Ghostscript" 29 golden/proof.png golden/gs.png
done

# ---- in black ink ----
ffmpeg -nostdin -v error -y -f lavfi -i "gradients=s=200x200:c0=black@0.1:c1=black@1:x0=0:y0=0:x1=200:y1=0:nb_colors=2,format=rgba" -frames:v 1 alpha.png
cat >ink.yaml <<'Y'
format: 1
kind: poster
colors:
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
  half: {rgb: "#808080", cmyk: [0, 0, 0, 49.8]}
  pale: {rgb: "#CCCCCC", cmyk: [0, 0, 0, 20]}
  white: {rgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
  down: {linear-gradient: {angle: to bottom right, stops: [black, half 30%, white]}}
  round: {radial-gradient: {at: [30%, 30%], stops: [white, pale 40%, black]}}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: [288pt, 288pt]}
body:
  box: layers
  items:
    - {shape: rect, at: [0pt, 0pt], width: 288pt, height: 96pt, fill: down}
    - {text: 不轻信 Ag, at: [12pt, 12pt], size: 40pt, weight: bold, color: white}
    - {text: 描边, at: [200pt, 20pt], size: 36pt, weight: bold, color: white, stroke: {width: 2pt, color: black}}
    - {text: 渐变的字, at: [12pt, 100pt], size: 36pt, weight: bold, color: {linear-gradient: {angle: 90, stops: [black, pale]}}}
    - {shape: ellipse, at: [180pt, 104pt], width: 96pt, height: 48pt, fill: round, stroke: {width: 3pt, color: half}}
    - box: layers
      at: [12pt, 168pt]
      width: 96pt
      height: 96pt
      clip: true
      radius: 24pt
      background: pale
      items:
        - {shape: rect, at: [40pt, 40pt], width: 96pt, height: 96pt, fill: half, rotate: 30}
        - {text: 压印, at: [8pt, 8pt], size: 30pt}
    - {box: layers, at: [120pt, 168pt], width: 60pt, height: 60pt, opacity: 0.5, rotate: 15, background: down, items: [{text: 半透, size: 24pt, color: black}]}
    - {qrcode: "https://example.org", at: [204pt, 168pt], width: 63.36pt, quiet: 4, color: black, background: white}
    - {shape: path, at: [120pt, 244pt], width: 40pt, height: 36pt, fill: black, d: "M0 0C10 30 30 30 40 0L20 36Z"}
    - {text: 小字也一样：防诈宣传要先于诈前, at: [168pt, 250pt], size: 7pt}
checks: {contrast: off, limits: {safe: off, knockout-text: off}}
Y
{ cat ink.yaml; echo 'output: {dpi: 300}'; } >screen.yaml
{ cat ink.yaml; echo 'output: {standard: PDF/X-4, dpi: 300}'; } >press.yaml
ok "ink: screen picture" "$BIAOYU" render screen.yaml -o screen.png
ok "ink: press PDF" "$BIAOYU" render press.yaml -o press.pdf
pdftoppm -r 300 -png -singlefile press.pdf poppler
mutool draw -q -r 300 -o mupdf.png press.pdf 1 >mupdf.out 2>&1
agrees "ink: our pixels, MuPDF" 36 screen.png mupdf.png
# poppler shows full black ink as 35 31 32, and what is between by the straight line
agrees "ink: our pixels, poppler" 34 screen.png poppler.png "lutrgb=r='clip((val-35)*255/220,0,255)':g='clip((val-31)*255/224,0,255)':b='clip((val-32)*255/223,0,255)'"
ok "ink: screen PDF" "$BIAOYU" render screen.yaml -o screen.pdf
pdftoppm -r 300 -png -singlefile screen.pdf cairo
mutool draw -q -r 300 -o cairo-mupdf.png screen.pdf 1 >mupdf.out 2>&1
agrees "ink: our pixels, Cairo's PDF by poppler" 33 screen.png cairo.png
agrees "ink: our pixels, Cairo's PDF by MuPDF" 36 screen.png cairo-mupdf.png

# A picture with alpha: its soft mask.
sed '/^body/,$d' press.yaml >alpha.yaml
cat >>alpha.yaml <<'Y'
body:
  box: layers
  items:
    - {shape: rect, at: [0pt, 0pt], width: 288pt, height: 144pt, fill: half}
    - {image: alpha.png, at: [24pt, 24pt], width: 240pt, height: 240pt}
checks: {contrast: off, image-dpi: {warn: 10, error: 5}}
Y
{ cat alpha.yaml; echo 'output: {dpi: 300}'; } >screen.yaml
{ cat alpha.yaml; echo 'output: {standard: PDF/X-4, dpi: 300}'; } >press.yaml
"$BIAOYU" render screen.yaml -o screen.png && "$BIAOYU" render press.yaml -o press.pdf
mutool draw -q -r 300 -o mupdf.png press.pdf 1 >mupdf.out 2>&1
agrees "alpha: our pixels, MuPDF" 36 screen.png mupdf.png
