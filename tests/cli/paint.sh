# paint.sh -- gradients, tints and pictures in every output, looked at with other people's tools.
. "$ROOT/tests/cli/lib.sh"

for tool in qpdf pdftoppm pdftotext gs rsvg-convert; do have $tool || { skip "paint: no $tool"; exit 0; }; done

flat() { qpdf --qdf --object-streams=disable "$1" "${1%.pdf}.txt" 2>/dev/null; }

cat >paint.yaml <<'Y'
format: 1
kind: poster
colors:
  red: {rgb: "#C8102E", cmyk: [10, 100, 85, 5]}
  blue: {rgb: "#003A8C", cmyk: [100, 80, 0, 20]}
  white: {rgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
  gold: {spot: Gold 871, rgb: "#84754E", cmyk: [40, 40, 70, 20]}
  pale: {of: gold, tint: 40%}
  across: {linear-gradient: {angle: 90, stops: [red, blue]}}
  round: {radial-gradient: {stops: [white, blue]}}
  shine: {linear-gradient: {angle: 90, stops: [gold, pale 50%, white]}}
  mix: {linear-gradient: {angle: 90, stops: [gold, red]}}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: [100mm, 100mm], bleed: 3mm, margin: 5mm}
body:
  box: layers
  items:
    - {shape: rect, at: [0mm, 0mm], width: 40mm, height: 20mm, fill: across}
    - {shape: ellipse, at: [50mm, 10mm], width: 40mm, height: 10mm, fill: round, stroke: {width: 1mm, color: across}}
    - {shape: rect, at: [10mm, 30mm], width: 40mm, height: 20mm, fill: shine}
    - {shape: rect, at: [55mm, 30mm], width: 40mm, height: 20mm, fill: mix, rotate: 20, opacity: 0.5}
    - {text: 不轻信不透露, at: [10mm, 60mm], size: 36pt, weight: bold, color: across}
    - {qrcode: "https://example.org", at: [75mm, 75mm], width: 20mm, color: across}
    - {shape: rect, at: [10mm, 80mm], width: 20mm, height: 10mm, fill: pale}
    - {shape: rect, at: [10mm, 92mm], width: 20mm, height: 5mm, fill: gold}
checks: {contrast: off}
Y
sed -i 's/at: \[0mm, 0mm\]/at: [10mm, 5mm]/' paint.yaml
printf 'output: {standard: PDF/X-4}\n' | cat paint.yaml - >press.yaml

# ---- native everywhere ----
ok "SVG: drawn" "$BIAOYU" render paint.yaml -o paint.svg
is "SVG: gradients are gradients" "0 pictures" "$(grep -c '<image' paint.svg) pictures"
ok "SVG: linear and radial ones" sh -c 'grep -q "<linearGradient" paint.svg && grep -q "<radialGradient" paint.svg'
ok "screen PDF: drawn" "$BIAOYU" render paint.yaml -o paint.pdf
flat paint.pdf
ok "screen PDF: axial and radial shadings, and no picture" sh -c 'grep -aq "/ShadingType 2" paint.txt && grep -aq "/ShadingType 3" paint.txt && ! grep -aq "/Subtype /Image" paint.txt'
ok "press PDF: drawn" "$BIAOYU" render press.yaml -o press.pdf --report press.json
ok "press PDF: qpdf --check" qpdf --check press.pdf
flat press.pdf
is "press PDF: no picture, no RGB" 0 "$(grep -acE '/Subtype /Image|/DeviceRGB' press.txt)"
is "press PDF: one shading a declared gradient" 4 "$(grep -ac '/ShadingType' press.txt)"
has "press PDF: a plate and process inks meet in DeviceN" press.txt "/DeviceN"
has "press PDF: the plate in it is the file's Separation" press.txt "/Colorants"
is "press PDF: its plates" '["Cyan","Magenta","Yellow","Black","Gold 871"]' "$(jq -c .plates press.json)"
pdftotext press.pdf press.words
has "press PDF: letters in a gradient are text" press.words 不轻信不透露
sed 's|PDF/X-4|PDF/X-1a|; s/, opacity: 0.5//' press.yaml >old.yaml
ok "X-1a has gradients, too" "$BIAOYU" render old.yaml -o old.pdf
ok "X-1a: qpdf --check" qpdf --check old.pdf
ok "twice: the same bytes" sh -c '"$BIAOYU" render press.yaml -o again.pdf && cmp press.pdf again.pdf && "$BIAOYU" render paint.yaml -o again.svg && cmp paint.svg again.svg'

# ---- plates: ink at a place of a separation (0 none, 100 full) ----
gs -q -dNOPAUSE -dBATCH -sDEVICE=tiffsep -sCompression=none -r50.8 -sOutputFile=plate%d.tif press.pdf >gs.out 2>&1
ink() { # PLATE X Y: two pixels a mm, the bleed included
	local file="plate1($1).tif"
	ffmpeg -nostdin -v error -y -i "$file" -f rawvideo -pix_fmt gray plate.raw && ffprobe -v error -show_entries stream=width -of csv=p=0 "$file" >width
	od -An -tu1 -j $((($3 * 2 + 6) * $(head -1 width | tr -d ,) + $2 * 2 + 6)) -N1 plate.raw | awk '{printf "%d\n", (255 - $1) / 2.55 + 0.5}'
}
near() { awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN {exit !(a - b <= t && b - a <= t)}'; }
if have ffmpeg; then
	while read -r plate x y want what; do
		got=$(ink "${plate//_/ }" "$x" "$y")
		ok "$what: $plate $want, got $got" near "$want" "$got" 2
	done <<-'T'
		Cyan 30 15 55 the middle of red to blue
		Magenta 30 15 90 the middle of red to blue
		Yellow 30 15 43 the middle of red to blue
		Gold_871 30 40 40 the middle of gold to white
		Gold_871 40 40 20 three quarters of gold to white
		Cyan 30 40 0 gold to white has no process ink
		Gold_871 20 85 40 a tint
		Gold_871 20 94 100 the full plate
		Cyan 20 85 0 a tint of a plate has no process ink
	T
fi

# ---- black and white ----
cat >black.yaml <<'Y'
format: 1
kind: poster
colors:
  ground: {rgb: "#FFF0C0", cmyk: [0, 5, 25, 0]}
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
  white: {rgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
  rich: {rgb: "#000000", cmyk: [50, 40, 20, 100]}
  gold: {spot: Gold 871, rgb: "#84754E", cmyk: [40, 40, 70, 20]}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: [100mm, 100mm], bleed: 3mm, margin: 5mm}
body:
  box: layers
  items:
    - {shape: rect, cover: bleed, fill: ground}
    - {shape: rect, at: [5mm, 60mm], width: 90mm, height: 20mm, fill: gold}
    - {text: 一, at: [10mm, 5mm], size: 60pt, weight: bold, color: black}
    - {text: 一, at: [40mm, 5mm], size: 60pt, weight: bold, color: white}
    - {text: 一, at: [70mm, 5mm], size: 60pt, weight: bold, color: rich}
    - {shape: line, at: [10mm, 45mm], width: 20mm, height: 0mm, stroke: {width: 4mm, color: black}}
    - {shape: line, at: [40mm, 45mm], width: 20mm, height: 0mm, stroke: {width: 4mm, color: white}}
    - {shape: rect, at: [70mm, 40mm], width: 20mm, height: 10mm, fill: black}
    - {shape: line, at: [10mm, 70mm], width: 20mm, height: 0mm, stroke: {width: 4mm, color: black}}
    - {shape: line, at: [40mm, 70mm], width: 20mm, height: 0mm, stroke: {width: 4mm, color: white}}
    - {shape: rect, at: [70mm, 65mm], width: 20mm, height: 10mm, fill: ground}
checks: {contrast: off}
output: {standard: PDF/X-4}
Y
ok "black: drawn" "$BIAOYU" render black.yaml -o black.pdf
gs -q -dNOPAUSE -dBATCH -sDEVICE=tiffsep -sCompression=none -r50.8 -sOutputFile=plate%d.tif black.pdf >gs.out 2>&1
if have ffmpeg; then
	while read -r plate x y want what; do
		got=$(ink "${plate//_/ }" "$x" "$y")
		ok "$what: $plate $want, got $got" near "$want" "$got" 2
	done <<-'T'
		Black 20 21 100 a letter of black
		Yellow 20 21 25 a letter of black overprints
		Black 50 21 0 a letter of white
		Yellow 50 21 0 a letter of white cuts out
		Black 80 21 100 a letter of rich black
		Cyan 80 21 50 a letter of rich black
		Yellow 80 21 20 a letter of rich black cuts out
		Yellow 20 45 25 a line of black overprints
		Black 20 45 100 a line of black
		Yellow 50 45 0 a line of white cuts out
		Yellow 80 45 0 an area of black cuts out
		Gold_871 20 70 100 a line of black overprints a plate of its own
		Black 20 70 100 a line of black
		Gold_871 50 70 0 a line of white cuts out of a plate of its own
		Gold_871 80 70 0 an area of ink cuts out of a plate of its own
		Yellow 80 70 25 an area of ink
	T
fi
flat press.pdf && flat black.pdf
is "what is blended is blended in inks: the page says so" 1 "$(grep -ac '/CS /DeviceCMYK' press.txt | awk '{print ($1 > 1)}')"
is "a page where nothing is has no group" 0 "$(grep -ac '/S /Transparency' black.txt)"

# ---- soft proof: the picture of a press layout against Ghostscript's of its PDF, through the same profile ----
profile=/usr/share/scribus/profiles/ISOcoated_v2_300_bas.icc
if have ffmpeg && [ -r $profile ]; then
	ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=600x300 -frames:v 1 photo.png
	cat >proof.yaml <<-'Y'
		format: 1
		kind: poster
		page: {size: [150mm, 200mm], margin: 10mm}
		colors:
		  red: {rgb: "#FF0000", cmyk: [10, 100, 85, 5]}
		  deep: {rgb: "#0000FF", cmyk: [100, 80, 0, 20]}
		  yellow: {rgb: "#FFFF00", cmyk: [0, 15, 100, 0]}
		  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
		  gold: {spot: Gold 871, cmyk: [40, 40, 70, 20]}
		  knife: {spot: CutContour, cmyk: [0, 100, 0, 0]}
		  dusk: {linear-gradient: {angle: to bottom right, stops: [deep, red 70%, yellow]}}
		  sun: {radial-gradient: {at: [50%, 40%], stops: [yellow, red 60%, deep]}}
		fonts: {sans: {family: Noto Sans CJK SC}}
		body:
		  box: layers
		  items:
		    - {shape: rect, cover: bleed, fill: dusk}
		    - {text: 不轻信, at: [20mm, 10mm], size: 54pt, weight: bold, color: yellow}
		    - {shape: line, at: [10mm, 50mm], width: 130mm, height: 0mm, stroke: {width: 6mm, color: black}}
		    - {shape: ellipse, at: [10mm, 60mm], width: 40mm, height: 30mm, fill: sun}
		    - {shape: rect, at: [60mm, 60mm], width: 30mm, height: 30mm, fill: gold}
		    - {shape: rect, at: [100mm, 60mm], width: 30mm, height: 30mm, fill: black}
		    - {image: photo.png, at: [20mm, 110mm], height: 40mm, width: 80mm}
		    - {image: inks.jpg, at: [110mm, 110mm], height: 30mm, width: 30mm}
		    - {text: 刀版, at: [20mm, 160mm], size: 54pt, weight: bold, color: knife}
		checks: {contrast: off, image-dpi: {warn: 10, error: 5}}
		output: {standard: PDF/X-4, dpi: 100}
	Y
	printf '%%!PS\n.8 .2 .4 .1 setcmykcolor 0 0 60 60 rectfill showpage\n' >inks.ps
	gs -q -dNOPAUSE -dBATCH -sDEVICE=jpegcmyk -g60x60 -r72 -sOutputFile=inks.jpg inks.ps
	ok "proof: PDF" "$BIAOYU" render proof.yaml -o proof.pdf
	ok "proof: PNG" "$BIAOYU" render proof.yaml -o proof.png
	gs -q -dNOPAUSE -dBATCH -r100 -sDEVICE=png16m -dGraphicsAlphaBits=4 -dTextAlphaBits=4 -sDefaultCMYKProfile=$profile -dRenderIntent=1 -dBlackPtComp=1 \
		-dOverprint=/simulate -o gs.png proof.pdf >gs.out 2>&1
	pixel() { ffmpeg -nostdin -v error -i "$1" -vf "crop=1:1:$2:$3,format=rgb24" -f rawvideo - | od -An -tu1; }
	while read -r x y what; do
		ours=$(pixel proof.png "$x" "$y") theirs=$(pixel gs.png "$x" "$y")
		ok "proof: $what:$ours, Ghostscript:$theirs" sh -c "echo $ours $theirs | awk '{for (i = 1; i < 4; i++) if ((\$i - \$(i + 3)) ^ 2 > 16) exit 1}'"
	done <<-'T'
		20 20 blue of the gradient
		300 500 red of it
		570 770 yellow of it
		118 300 the middle of a radial gradient
		60 197 black over the gradient
		400 197 black over the gradient
		300 300 a plate of its own
		450 300 an area of black
		130 520 a picture in RGB
		270 520 a picture in RGB
		480 490 a picture in four inks
	T
	quality=$(ffmpeg -nostdin -v info -i proof.png -i gs.png -lavfi psnr -f null - 2>&1 | sed -n 's/.*average:\([0-9]*\).*/\1/p')
	ok "proof: $quality dB from Ghostscript's picture" test "${quality:-0}" -ge 28
fi

# ---- SVG art for the press ----
if have ffmpeg && [ -r $profile ]; then
	cat >art.svg <<-'S'
		<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100" width="200" height="100">
		<defs>
		<linearGradient id="g"><stop offset="0" stop-color="#C8102E"/><stop offset="1" stop-color="#008040"/></linearGradient>
		<linearGradient id="t" gradientTransform="rotate(30) skewX(20)" x2=".3"><stop offset="0.2" stop-color="#C8102E"/><stop offset="1" stop-color="#008040"/></linearGradient>
		<radialGradient id="r" cx="50%" cy="50%" fx="30%" fy="30%"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#008040"/></radialGradient>
		<clipPath id="c"><circle cx="150" cy="50" r="20"/></clipPath>
		<style>.a{fill:#FFD400} .knife{stroke:#E6007E; fill:none}</style>
		</defs>
		<rect class="a" x="10" y="10" width="30" height="20" rx="4"/>
		<g opacity="0.5"><rect x="20" y="20" width="30" height="20" fill="#000"/><circle cx="60" cy="30" r="12" fill="red"/></g>
		<path d="M10 60 L60 60 L35 90 Z" fill="url(#g)" stroke="#000" stroke-width="2" stroke-dasharray="4 2" stroke-linejoin="round"/>
		<rect x="70" y="50" width="20" height="20" fill="url(#r)"/>
		<rect x="95" y="50" width="20" height="20" fill="url(#t)"/>
		<g clip-path="url(#c)"><rect x="130" y="30" width="40" height="40" fill="#003A8C"/></g>
		<text x="100" y="25" font-family="Noto Sans CJK SC" font-size="14">标语 Ab</text>
		<path d="M120 80h30v15h-30z M125 85h20v5h-20z" fill-rule="evenodd" fill-opacity="0.7" transform="rotate(5 135 87)"/>
		<ellipse cx="180" cy="85" rx="10" ry="6" fill="none" stroke="#008040" stroke-width="3" transform="translate(180 85) scale(1 1.5) translate(-180 -85)"/>
		<rect class="knife" x="2" y="2" width="196" height="96" rx="6" stroke-width="0.5"/>
		</svg>
	S
	cat >art.yaml <<-'Y'
		format: 1
		kind: poster
		page: {size: [200mm, 140mm], margin: 10mm}
		colors:
		  blue: {rgb: "#003A8C", cmyk: [100, 80, 0, 20]}
		  gold: {rgb: "#FFD400", cmyk: [0, 15, 100, 0], spot: Gold 871}
		  knife: {rgb: "#E6007E", cmyk: [0, 100, 0, 0], spot: CutContour}
		body:
		  box: column
		  cover: safe
		  gap: 5mm
		  items:
		    - {image: art.svg, width: 180mm, height: 90mm}
		    - box: row
		      items:
		        - {image: art.svg, width: 40mm, height: 20mm}
		        - {image: art.svg, width: 40mm, height: 20mm, rotate: 20, opacity: 0.5}
		output: {standard: PDF/X-4, dpi: 100}
	Y
	ok "art: drawn" "$BIAOYU" render art.yaml -o art.pdf --report art.json
	ok "art: qpdf --check" qpdf --check art.pdf
	is "art: no picture" 0 "$(pdfimages -list art.pdf | tail -n +3 | wc -l)"
	is "art: a swatch's rgb is its plate" '["Cyan","Magenta","Yellow","Black","CutContour","Gold 871"]' "$(jq -c '.plates | sort_by(. != "Cyan", . != "Magenta", . != "Yellow", . != "Black", .)' art.json)"
	flat art.pdf
	has "art: a die line drawn in it is on its layer" art.txt "/GTS_ProcStepsType /Cutting"
	is "art: no RGB" 0 "$(grep -ac /DeviceRGB art.txt)"
	sed '/rotate: 20/d' art.yaml >two.yaml
	sed '/width: 40mm/d; /box: row/,/items:/d' art.yaml >one.yaml
	"$BIAOYU" render two.yaml -o two.pdf && "$BIAOYU" render one.yaml -o one.pdf && flat two.pdf && flat one.pdf
	is "art: placed twice, there once" "$(grep -ac '/Subtype /Form' one.txt)" "$(grep -ac '/Subtype /Form' two.txt)"
	has "art: black is black ink" art.txt "0 0 0 1 k"
	has "art: a swatch's cmyk" art.txt "1 .8 0 .2 k"
	"$BIAOYU" render art.yaml -o art.png
	gs -q -dNOPAUSE -dBATCH -r100 -sDEVICE=png16m -dGraphicsAlphaBits=4 -dTextAlphaBits=4 -sDefaultCMYKProfile=$profile -dRenderIntent=1 -dBlackPtComp=1 \
		-dOverprint=/simulate -o gs.png art.pdf >gs.out 2>&1
	quality=$(ffmpeg -nostdin -v info -i art.png -i gs.png -lavfi psnr -f null - 2>&1 | sed -n 's/.*average:\([0-9]*\).*/\1/p')
	ok "art: the proof is $quality dB from Ghostscript's picture" test "${quality:-0}" -ge 27
	sed 's/, *spot: [^}]*}/}/; /knife/d; s/^output:.*/output: {dpi: 100}/' art.yaml >screen.yaml
	"$BIAOYU" render screen.yaml -o screen.png
	quality=$(ffmpeg -nostdin -v info -i art.png -i screen.png -lavfi psnr -f null - 2>&1 | sed -n 's/.*average:\([0-9]*\).*/\1/p')
	ok "art: and $quality dB from what librsvg draws itself" test "${quality:-0}" -ge 22
	ok "art: twice, the same bytes" sh -c '"$BIAOYU" render art.yaml -o again.pdf -j 2 && cmp art.pdf again.pdf'
fi
