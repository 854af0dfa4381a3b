# press.sh -- files for the press, looked at with other people's tools: qpdf, poppler, Ghostscript.
. "$ROOT/tests/cli/lib.sh"

for tool in qpdf pdffonts pdftotext pdftoppm gs ffmpeg; do have $tool || { skip "press: no $tool"; exit 0; }; done

# flat FILE: the objects as text
flat() { qpdf --qdf --object-streams=disable "$1" "${1%.pdf}.txt" 2>/dev/null; }

# ---- the campaign ----
for name in poster sticker leaflet; do
	ok "$name: drawn" "$BIAOYU" render "$ROOT/layouts/press/$name.yaml" -o $name.pdf --report $name.json 2>$name.err
	is "$name: nothing to warn of" "" "$(cat $name.err)"
	is "$name: nor in the hand-over pack" "" "$("$BIAOYU" render "$ROOT/layouts/press/$name.yaml" --pack $name-pack 2>&1 >/dev/null)"
	ok "$name: qpdf --check" qpdf --check $name.pdf
	pdffonts $name.pdf | tail -n +3 >fonts.txt
	is "$name: every font is a subset, embedded, with its Unicode" "$(wc -l <fonts.txt)" "$(grep -c ' yes yes yes ' fonts.txt)"
	pdftotext $name.pdf $name.words
	for slogan in 不轻信 不透露 不转账 96110; do has "$name: $slogan is in the text" $name.words $slogan; done
	ok "$name: the report is JSON" jq -e '.standard == "PDF/X-4" and .findings == [] and .converted_from_rgb == {"paints": 0, "images": 0} and .pages > 0' $name.json
	flat $name.pdf
	is "$name: no DeviceRGB, no annotation, no CropBox" 0 "$(grep -acE '/DeviceRGB|/Annots|/CropBox|/CalRGB' $name.txt)"
done
# A2 with 3 mm of bleed; a leaflet with room for marks round it
pdfinfo -box poster.pdf >boxes.txt
has "poster: media box" boxes.txt "MediaBox:            0.00     0.00  1292.60  1785.83"
has "poster: trim box" boxes.txt "TrimBox:            51.02    51.02  1241.58  1734.80"
pdfinfo -box leaflet.pdf >boxes.txt
has "leaflet: bleed box" boxes.txt "BleedBox:           42.52    42.52   901.42   654.80"
has "leaflet: trim box" boxes.txt "TrimBox:            51.02    51.02   892.91   646.30"
is "stickers: the plates" '["Cyan","Magenta","Yellow","Black","CutContour"]' "$(jq -c .plates sticker.json)"

# ---- PDF/X-4, key by key (ISO 15930-7) ----
for key in '%PDF-1.6' '/S /GTS_PDFX' '/OutputConditionIdentifier (FOGRA39)' '/RegistryName (http://www.color.org)' '/DestOutputProfile' '/N 4' \
	'/Trapped /False' '/CreationDate (D:19700101000000Z)' '/ModDate (D:19700101000000Z)' '/Type /Metadata' '<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>' \
	'<pdf:Trapped>False</pdf:Trapped>' '<xmp:CreateDate>1970-01-01T00:00:00Z</xmp:CreateDate>' '<xmpMM:DocumentID>uuid:' '<xmpMM:RenditionClass>default' \
	'/TrimBox [' '/BleedBox [' '/ID ['; do
	has "X-4: $key" sticker.txt "$key"
done
has "X-4: the metadata is not compressed" sticker.pdf "<pdfxid:GTS_PDFXVersion>"
is "X-4: Info has no version key" 0 "$(grep -ac '/GTS_PDFXVersion' sticker.txt)"
for key in '/GTS_ProcStepsGroup /Structural' '/GTS_ProcStepsType /Cutting' '/Separation' '/CutContour' '/Order [' '/OPM 1'; do has "die line: $key" sticker.txt "$key"; done

# ---- plates ----
plate() { tail -c +9 "$1" | tr -d '\377' | wc -c; }      # bytes of a separation that are not white, its directory included
gs -q -dNOPAUSE -dBATCH -sDEVICE=tiffsep -sCompression=none -r36 -dLastPage=1 -sOutputFile=sheet%d.tif sticker.pdf >gs.out 2>&1
ok "Ghostscript separates CutContour" test -s "sheet1(CutContour).tif"
ok "and there is something on it" test "$(plate "sheet1(CutContour).tif")" -gt 2000

# Black text on a tinted ground: on K alone, and the ground goes on under it.
cat >over.yaml <<'Y'
format: 1
kind: poster
vars: {words: 不轻信不透露不转账}
colors:
  ground: {rgb: "#FFF0C0", cmyk: [0, 5, 25, 0]}
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: [100mm, 40mm], bleed: 3mm, margin: 5mm}
body:
  box: layers
  items:
    - {shape: rect, cover: bleed, fill: ground, role: decoration}
    - {text: "{{words}}", at: [5mm, 5mm], size: 20pt}
    - {qrcode: "https://example.org", at: [75mm, 15mm], width: 20mm, color: black}
output: {standard: PDF/X-4}
Y
sed '/qrcode/d; s/{text.*/{shape: rect, at: [90mm, 30mm], width: 1mm, height: 1mm, fill: ground}/' over.yaml >under.yaml
"$BIAOYU" render over.yaml -o over.pdf && "$BIAOYU" render under.yaml -o under.pdf
inks() { gs -q -dNOPAUSE -dBATCH -sDEVICE=ink_cov -o - "$1"; }
is "black text and codes leave C, M and Y as they are" "$(inks under.pdf | awk '{print $1, $2, $3}')" "$(inks over.pdf | awk '{print $1, $2, $3}')"
ok "and are on K" test "$(inks over.pdf | awk '{print ($4 > 1)}')" = 1
sed 's/cmyk: \[0, 0, 0, 100\]/cmyk: [0, 0, 0, 60]/' over.yaml >tint.yaml
"$BIAOYU" render tint.yaml -o tint.pdf
ok "a tint knocks out" test "$(inks tint.pdf | awk '{print $3}')" != "$(inks under.pdf | awk '{print $3}')"

# ---- everything else a scene has ----
cat >mix.yaml <<'Y'
format: 1
kind: poster
title: "试印 <&> (1)"
colors:
  black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}
  sea: {rgb: "#2060A0", cmyk: [85, 55, 10, 5]}
  paper: {rgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
  white: {rgb: "#FFFFFF", cmyk: [0, 0, 0, 0], spot: White}
  knife: {cmyk: [0, 100, 0, 0], spot: 刀版}
  gold: {rgb: "#AA8800", cmyk: [20, 30, 90, 10], spot: "Gold 871"}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: [100mm, 60mm], bleed: 3mm, margin: 5mm, marks: [crop, registration]}
body:
  box: layers
  items:
    - {shape: ellipse, at: [10mm, 5mm], width: 20mm, height: 20mm, plate: white, fill: sea}
    - {shape: rect, cover: bleed, fill: sea, role: decoration}
    - {text: 半透明, at: [40mm, 30mm], size: 14pt, opacity: 0.5, background: paper, padding: 2mm, rotate: 10}
    - {text: 描边, at: [5mm, 45mm], size: 20pt, color: gold, stroke: {width: 1pt, color: paper}}
    - {image: alpha.png, at: [70mm, 5mm], width: 20mm, height: 20mm}
    - {image: inks.jpg, at: [70mm, 30mm], width: 20mm, height: 20mm}
    - {shape: rect, at: [2mm, 2mm], width: 96mm, height: 56mm, radius: 4mm, stroke: {width: 0.25pt, color: knife}}
checks: {contrast: off, image-dpi: {warn: 10, error: 5}}
output: {standard: PDF/X-4}
Y
ffmpeg -v error -f lavfi -i 'color=red@0.5:s=40x40,format=rgba' -frames:v 1 -y alpha.png
printf '%%!PS\n0 .2 .4 .1 setcmykcolor 0 0 40 40 rectfill showpage\n' >inks.ps
gs -q -dNOPAUSE -dBATCH -sDEVICE=jpegcmyk -g40x40 -r72 -sOutputFile=inks.jpg inks.ps
ok "mix: drawn" "$BIAOYU" render mix.yaml -o mix.pdf --report mix.json
ok "mix: qpdf --check" qpdf --check mix.pdf
flat mix.pdf
has "a group blends in the inks of the press" mix.txt "/CS /DeviceCMYK"
has "a soft mask" mix.txt "/SMask"
is "the JPEG of four inks is passed through" 1 "$(pdfimages -list mix.pdf | grep -c ' cmyk .* jpeg ')"
is "the plates, one of them Chinese" '["Cyan","Magenta","Yellow","Black","Gold 871","White","刀版"]' "$(jq -c .plates mix.json)"
pdftotext mix.pdf mix.words
is "an outlined text is there once" 1 "$(grep -c 描边 mix.words)"
gs -q -dNOPAUSE -dBATCH -sDEVICE=tiffsep -sCompression=none -r36 -sOutputFile=mix%d.tif mix.pdf >gs.out 2>&1
ok "white drawn first is not knocked out by the art drawn after it" test "$(plate "mix1(White).tif")" -gt 500
ok "the title survives XML and PDF strings" test "$(pdfinfo mix.pdf | sed -n 's/^Title: *//p')" = "试印 <&> (1)"

# ---- PDF/X-1a ----
sed 's|PDF/X-4|PDF/X-1a|; s/opacity: 0.5, //; /alpha.png/d' mix.yaml >old.yaml
ok "X-1a: drawn" "$BIAOYU" render old.yaml -o old.pdf
ok "X-1a: qpdf --check" qpdf --check old.pdf
flat old.pdf
has "X-1a: version" old.pdf "%PDF-1.4"
has "X-1a: Info" old.txt "/GTS_PDFXVersion (PDF/X-1a:2003)"
is "X-1a: nothing of later versions" 0 "$(grep -acE '/ObjStm|/XRef|/OCProperties|/SMask|/Group' old.pdf)"

# ---- the two writers are each other's test: the same scene through Cairo, and through here and poppler ----
cat >same.yaml <<'Y'
format: 1
kind: poster
colors: {black: {rgb: "#000000", cmyk: [0, 0, 0, 100]}, mid: {rgb: "#808080", cmyk: [0, 0, 0, 50]}}
fonts: {sans: {family: Noto Sans CJK SC}}
page: {size: [80mm, 60mm], margin: 5mm}
body:
  box: column
  gap: 2mm
  items:
    - {text: 不轻信　不透露　不转账, size: 18pt, weight: bold}
    - {text: "Office AV To 96110，防诈宣传要先于诈前", size: 10pt, align: justify}
    - box: row
      gap: 3mm
      items:
        - {qrcode: "https://example.org/", width: 20mm}
        - {text: 转, size: 30pt, rotate: 30, width: 15mm}
        - {shape: ellipse, width: 15mm, height: 10mm, fill: mid, stroke: {width: 1pt, color: black}}
output: {standard: PDF/X-4, dpi: 150}
Y
# difference A B: the mean difference of two pictures' greys; poppler shows ink as 35, Cairo black as 0
difference() {
	ffmpeg -v error -i "$1" -i "$2" -filter_complex '[0]format=gray,lut=y=clip((val-35)*255/220\,0\,255)[a];[1]format=gray[b];[a][b]blend=all_mode=difference' -f rawvideo -pix_fmt gray - |
		od -An -v -tu1 | awk '{for (i = 1; i <= NF; i++) {s += $i; n++}} END {printf "%d", s / n}'
}
"$BIAOYU" render same.yaml -o same.pdf
sed 's|standard: PDF/X-4, ||' same.yaml >screen.yaml
"$BIAOYU" render screen.yaml -o screen.pdf
for name in same screen; do pdftoppm -r 150 -png -singlefile $name.pdf $name; done
mean=$(difference same.png screen.png)
ok "the press file looks like Cairo's PDF (mean difference ${mean:-none} of 255)" test "${mean:-99}" -le 2
# In pixels a code's modules are whole pixels, so without it. Poppler's edges are softer than Cairo's: it must be no further
# from them than Cairo's own PDF is in poppler.
sed '/qrcode/d' same.yaml >plain.yaml
sed 's|standard: PDF/X-4, ||' plain.yaml >plain-screen.yaml
"$BIAOYU" render plain.yaml -o plain.pdf && "$BIAOYU" render plain-screen.yaml -o plain-screen.pdf && "$BIAOYU" render plain.yaml -o cairo.png
size=$(file cairo.png | grep -oE '[0-9]+ x [0-9]+' | head -1)
for name in plain plain-screen; do pdftoppm -scale-to-x "${size% x *}" -scale-to-y "${size#* x }" -png -singlefile $name.pdf $name; done
mean=$(difference plain.png cairo.png) own=$(difference plain-screen.png cairo.png)
ok "and like Cairo's pixels (mean difference ${mean:-none} of 255, of Cairo's own PDF ${own:-none})" test "${mean:-99}" -le $((own + 1))

# ---- the same bytes, flat memory, repeats ----
"$BIAOYU" render "$ROOT/layouts/press/sticker.yaml" -j1 -o one.pdf && "$BIAOYU" render "$ROOT/layouts/press/sticker.yaml" -j4 -o four.pdf
ok "any number of jobs gives the same bytes" cmp one.pdf four.pdf
"$BIAOYU" render "$ROOT/layouts/press/sticker.yaml" --date 2026-01-02 -o dated.pdf
has "--date dates the file" dated.pdf "<xmp:CreateDate>2026-01-02T00:00:00Z</xmp:CreateDate>"
printf 'format: 1\nextends: %s\nsheet: {repeat: 4}\n' "$ROOT/layouts/press/sticker.yaml" >repeat.yaml
"$BIAOYU" render repeat.yaml --rows 1-3 -o repeat.pdf --report repeat.json
is "a piece placed four times is written once" 3 "$(jq .repeated_forms repeat.json)"
is "and found four times" 12 "$(pdftotext repeat.pdf - | grep -c 第一社区)"
