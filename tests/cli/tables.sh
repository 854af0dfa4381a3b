# tables.sh -- tables as offices have them: the same rows in every form give the same PDF; what is hostile is refused.
. "$ROOT/tests/cli/lib.sh"
STICKER=$ROOT/layouts/sticker.yaml
TABLE=$ROOT/layouts/data/communities.csv
draw() { "$BIAOYU" render "$STICKER" --data "$1" -o "$2" 2>"$2.err"; }

# ---- the same table in other clothes ----
python3 "$ROOT/tests/cli/workbook.py" "$TABLE" book.xlsx
iconv -f UTF-8 -t GB18030 "$TABLE" >gb.csv
{ printf '\204\061\225\063'; cat gb.csv; } >gb-mark.csv
{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE "$TABLE"; } >wide.csv
iconv -f UTF-8 -t UTF-16BE "$TABLE" >wide-unmarked.csv
{ printf '\357\273\277'; sed 's/$/\r/' "$TABLE"; } >excel.csv
tr , ';' <"$TABLE" >semicolon.csv
tr , '\t' <"$TABLE" >tabs.csv
tr , '|' <"$TABLE" >bars.csv
python3 - "$TABLE" <<'END'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8')))
with open('rows.jsonl', 'w') as out:
    for row in rows: print(json.dumps(row), file=out)                        # \u escapes
with open('rows.ndjson', 'w', encoding='utf-8') as out:
    for row in rows: print(json.dumps({**row, 'hotline': int(row['hotline'])}, ensure_ascii=False), file=out)
END
draw "$TABLE" plain.pdf
for table in book.xlsx gb.csv gb-mark.csv wide.csv wide-unmarked.csv excel.csv semicolon.csv tabs.csv bars.csv rows.jsonl rows.ndjson; do
	draw $table $table.pdf
	ok "$table gives the same PDF" cmp plain.pdf $table.pdf
done
for table in book.xlsx gb.csv rows.jsonl; do
	"$BIAOYU" render "$STICKER" --data - -o stdin.pdf <$table 2>/dev/null
	ok "$table from standard input, too" cmp plain.pdf stdin.pdf
done
has "GB18030 is said" gb.csv.pdf.err "gb.csv read as GB18030 (not valid UTF-8; all 90 rows decode)"
has "the delimiter is said" semicolon.csv.pdf.err 'semicolon.csv is divided by ";", not ","'
is "a mark needs no words" "" "$(cat wide.csv.pdf.err gb-mark.csv.pdf.err excel.csv.pdf.err book.xlsx.pdf.err)"

# ---- cells of all kinds ----
cat >cells.yaml <<'END'
format: 1
kind: picture
page: {size: [400px, 100px]}
data: {rows: cells.xlsx}
fonts: {sans: {family: Noto Sans CJK SC}}
body: {text: "{{街道}}/{{数}}/{{日}}/{{码}}/{{率}}/{{是}}/{{备注}}/", size: 10px}
END
python3 - "$ROOT/tests/cli" <<'END'
import sys; sys.path.insert(0, sys.argv[1])
from workbook import workbook
number = lambda style, value: (f's="{style}"', f'<v>{value}</v>')
head = ['街道', '数', '日', '码', '率', '是', '备注']
rows = [head,
        ['向阳路', number(1, 1234567), number(2, 46349), number(3, 110), number(4, '0.125'), ('t="b"', '<v>1</v>'), ('t="str"', '<f>A2&amp;"x"</f><v>a_x000D_&#10;b</v>')],
        [None, number(0, '96.099999999999994'), number(6, 46349), number(0, 13800138000), number(5, '0.12345'), ('t="b"', '<v>0</v>'), ('t="inlineStr"', '<is><r><t>富</t></r><r><t xml:space="preserve"> 文本</t></r></is>')],
        None,
        ['东湖街', number(0, '1E-3'), number(7, '46349.5'), number(0, 0), number(4, 1), ('t="b"', '<v>1</v>'), '  前后  ']]
styles = ['#,##0', 14, '00000', 9, '0.00%', 'yyyy"年"m"月"d"日"', 'yyyy/m/d h:mm']
workbook('cells.xlsx', {'表': rows}, styles=styles, merges=['A2:A4'], hidden=[5])
END
"$BIAOYU" dump cells.yaml 2>cells.err | sed -n 's/^text "\(.*\)" face.*/\1/p' | tr -d '\n' >cells.out
has "numbers, dates, per cent and booleans as shown; merged cells repeat" cells.out '向阳路/1,234,567/2026-11-23/00110/13%/TRUE/a'
has "binary fractions, dates of China, inline rich text" cells.out '向阳路/96.1/2026-11-23/13800138000/12.35%/FALSE/富 文本/'
has "small numbers and times" cells.out '东湖街/0.001/2026-11-23 12:00/0/100%/TRUE/'
has "merged cells are said" cells.err 'cells.xlsx:A2 to A4 is merged: its value is taken for each of its rows'
has "hidden rows are said" cells.err 'cells.xlsx has 1 hidden row (the first is 5): they count too'

# ---- what other programs write ----
python3 - "$ROOT/tests/cli" <<'END'
import sys; sys.path.insert(0, sys.argv[1])
from workbook import workbook, MAIN, PACKAGE, RELS
head = ['街道', '数', '日', '码', '率', '是', '备注']
rows = [head, ['a', ('', '<f>Table1[2026]&amp;"[1]x!y"</f><v>7</v>'), ('t="d"', '<v>2026-11-23T12:30:00.000Z</v>'), ('s="1"', '<v>13800138000</v>'), ('s="2"', '<v>123456</v>'), ('t="b"', '<v>true</v>'), ('', '<v/>')],
        ['b', ('t="str"', '<f>A2</f><v/>'), ('t="d"', '<v>2026-11-23T00:00:00</v>'), ('s="3"', '<v>1.25</v>'), ('s="4"', '<v>5</v>'), ('t="b"', '<v>false</v>'), 'z']]
links = ''.join(f'<Relationship Id="rId{n}" Type="{RELS}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(
    [('chartsheet', 'chartsheets/sheet1.xml'), ('worksheet', 'worksheets/sheet2.xml'), ('styles', 'styles.xml'), ('sharedStrings', 'sharedStrings.xml')], 1))
workbook('others.xlsx', {'图': [], '表': rows}, styles=['000-0000-0000', '0!.0,"万"', '[h]:mm', 'General"元"'],
         extra={'xl/_rels/workbook.xml.rels': f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>'}.items())
END
(cat cells.yaml; echo 'checks: {empty-field: off}') >others.yaml
"$BIAOYU" dump others.yaml --data others.xlsx 2>others.err | sed -n 's/^text "\(.*\)" face.*/\1/p' >others.out
is "masks, hours, ISO dates, empty results, tables; a chart is no table" 'a/7/2026-11-23 12:30:00/138-0013-8000/12.3万/TRUE//
b//2026-11-23/30:00/5元/FALSE/z/' "$(cat others.out)"
is "and nothing of it is worth a word" "" "$(cat others.err)"

# ---- hostile workbooks: a clear message, soon, in little memory ----
python3 - "$ROOT/tests/cli" <<'END'
import sys, zipfile; sys.path.insert(0, sys.argv[1])
from workbook import workbook, MAIN
rows = [['街道'], ['a']]
plain = {'表': rows}
def with_part(path, name, text): workbook(path, plain, extra={name: text}.items())
sheet = 'xl/worksheets/sheet1.xml'
with_part('bomb.xlsx', sheet, f'<worksheet xmlns="{MAIN}"><sheetData>' + ' ' * (64 << 20) + '</sheetData></worksheet>')
with_part('laughs.xlsx', 'xl/sharedStrings.xml', '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>')
with_part('outside.xlsx', 'xl/sharedStrings.xml', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>')
with_part('broken.xlsx', sheet, '<worksheet><sheetData><row>')
with_part('deep.xlsx', sheet, '<a>' * 5000)
workbook('link.xlsx', plain, external=True)
with zipfile.ZipFile('ods.xlsx', 'w') as z: z.writestr('content.xml', '<x/>')
with zipfile.ZipFile('zip.xlsx', 'w') as z: z.writestr('a.txt', 'x')
data = open('bomb.xlsx', 'rb').read()
open('cut.xlsx', 'wb').write(data[:len(data) // 2])
open('password.xlsx', 'wb').write(bytes.fromhex('d0cf11e0a1b11ae1') + bytes(512) + 'EncryptedPackage'.encode('utf-16le'))
workbook('rows.xlsx', plain, extra={sheet: f'<worksheet xmlns="{MAIN}"><sheetData><row r="9"><c r="A9" t="inlineStr"><is><t>x</t></is></c></row><row r="3"><c r="A3"><v>1</v></c></row></sheetData></worksheet>'}.items())
workbook('place.xlsx', plain, extra={sheet: f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>街道</t></is></c></row><row r="2"><c r="A7"><v>1</v></c></row></sheetData></worksheet>'}.items())
workbook('named.xlsx', {'表': [['街道'], [('t="str"', "<f>'C:\\x\\[list.xlsx]s'!A1</f><v>a</v>")]]})
workbook('never.xlsx', {'表': [['街道'], [('', '<f>1+1</f><v></v>')]]})
workbook('title.xlsx', {'表': [['社区名单'], ['街道', '数'], ['a', 'b']]}, merges=['A1:B1'])
END
cat >hostile.yaml <<'END'
format: 1
kind: picture
page: {size: [100px, 100px]}
data: {rows: bomb.xlsx}
body: {text: "{{街道}}"}
fonts: {sans: {family: Noto Sans CJK SC}}
END
while IFS='|' read -r file text; do
	exits "$file is refused" 1 timeout 10 "$BIAOYU" check hostile.yaml --data $file
	has "$file: why" exits.err "$text"
done <<'END'
bomb.xlsx|[workbook-too-large]: bomb.xlsx is a bomb: xl/worksheets/sheet1.xml grows from
laughs.xlsx|[bad-workbook]: laughs.xlsx declares XML entities in xl/sharedStrings.xml
outside.xlsx|[bad-workbook]: outside.xlsx declares XML entities in xl/sharedStrings.xml
broken.xlsx|[bad-workbook]: broken.xlsx is broken: xl/worksheets/sheet1.xml is no XML at line 1
deep.xlsx|[bad-workbook]: deep.xlsx is nested too deep in xl/worksheets/sheet1.xml
link.xlsx|[bad-workbook]: link.xlsx has its sheet "表" outside of the file
ods.xlsx|[workbook-kind]: ods.xlsx is an OpenDocument file
zip.xlsx|[workbook-kind]: zip.xlsx is a ZIP file, but no workbook
cut.xlsx|[bad-workbook]: cut.xlsx is cut off or no ZIP file
password.xlsx|[workbook-kind]: password.xlsx is protected by a password
rows.xlsx|[bad-workbook]: rows.xlsx is broken: its rows are out of order
place.xlsx|[bad-workbook]: place.xlsx:A2 is called A7, which is not its place
named.xlsx|[bad-cell]: named.xlsx:A2 takes its value from another workbook ('C:\x\[list.xlsx]s'!A1)
never.xlsx|[bad-cell]: never.xlsx:A2 is a formula whose result is not in the file (1+1)
title.xlsx|[csv-header]: title.xlsx:A1 to B1 is one merged cell, and no header
END

# ---- CSV torture: Python's reader is the judge of what is right ----
python3 - <<'END'
import csv, io, json, random
random.seed(7)
atoms = ['a', '诈', '"', '""', ',', '\n', '\r\n', ' ', '', '😀', "'", '\\', ';', '\t', 'ab,cd', '"x"', '{{b}}', '**', '#', '=1+1']
rows = [[''.join(random.choice(atoms) for _ in range(random.randrange(6))) for _ in range(4)] for _ in range(600)]
rows = [r for r in rows if any(r)]
with open('torture.csv', 'w', encoding='utf-8', newline='') as out:
    writer = csv.writer(out, lineterminator='\r\n', quoting=csv.QUOTE_ALL)
    writer.writerow(['a', 'b', 'c', 'd'])
    writer.writerows(rows)
with open('torture.jsonl', 'w') as out:
    for r in rows: print(json.dumps(dict(zip('abcd', (f.replace('\r\n', '\n') for f in r)))), file=out)
END
cat >torture.yaml <<'END'
format: 1
kind: picture
page: {size: [2000px, 400px]}
checks: {empty-field: off, missing-glyph: off, punctuation: off}
data: {rows: torture.csv}
fonts: {sans: {family: Noto Sans CJK SC}}
body: {box: column, items: [{text: "<{{a}}|{{b}}|{{c}}|{{d}}>", size: 8px, overflow: clip}]}
END
"$BIAOYU" dump torture.yaml >torture.csv.scene 2>torture.err
"$BIAOYU" dump torture.yaml --data torture.jsonl >torture.jsonl.scene 2>>torture.err
ok "600 rows of quotes, line ends and signs are read as Python wrote them" cmp torture.csv.scene torture.jsonl.scene
ok "and there are such" test "$(grep -c '^text' torture.csv.scene)" -gt 600

# ---- 10,000 hostile names ----
cat >names.yaml <<'END'
format: 1
kind: picture
page: {size: [4px, 4px]}
data: {rows: names.jsonl}
body: {shape: rect, width: 4px, height: 4px}
output: {format: png, name: "made/{{n}}"}
END
python3 - <<'END'
import json, random
random.seed(11)
bad = ['../x', '..', '.', '/etc/x', 'a/b', 'a\\b', 'C:x', 'a*', 'a?', 'a"', '<a', 'a>', 'a|b', 'a\nb', 'a\tb', 'a\x1fb', 'a\x7fb', 'a\u202eb', 'a\u200bb', '\ufeffa', 'a\u2028b',
       '.hidden', '-rf', '--', '~root', ' a', 'a ', 'a.', 'a. .', 'CON', 'con', 'NUL', 'nul.png', 'Aux.tar.gz', 'COM1', 'lpt9.txt', 'COM¹', 'LPT³.x', 'CONIN$', 'prn .txt', 'x' * 256, '诈' * 86,
       '..%2f..\\', 'a\u0085b', '\ue000', '....', '...', '.ssh/authorized_keys', 'a/../../b']
pad = ['', '1', 'x', '平', 'Z9', '_', '%00', '$(id)', '`id`', ';', "'", '&', '😀']
names = []
while len(names) < 10000:
    name = random.choice(bad)
    if random.random() < .5 and name not in ('a ', 'a.', 'a. .') and any(c in name for c in '/\\:*?"<>|\n\t\x1f\x7f\x85\u202e\u200b\ufeff\u2028\ue000'):
        name = random.choice(pad) + name + random.choice(pad)
    names.append(name)
with open('names.jsonl', 'w') as out:
    for n in names: print(json.dumps({'n': n}), file=out)
fine = sorted({random.choice(pad[1:]) + random.choice(['社区', 'a b', 'CONTOUR', 'com10', 'x.y.z', 'é', "o'neil", '$(id)', 'nulL1', '!', '(1)', '100%']) + str(i) for i in range(300)})
fine = [n for n in fine if n[0] not in '-.~ ']
with open('fine.jsonl', 'w') as out:
    for n in fine: print(json.dumps({'n': n}), file=out)
open('fine.list', 'w').write(''.join(f'{n}\n' for n in fine))
END
rm -f ok.out exits.out exits.err
mkdir -p jail/made && cp names.yaml names.jsonl fine.jsonl jail/
find . -path ./jail/made -prune -o -print | sort >"$WORK/before"
(cd jail && exits "10,000 hostile names are refused" 1 "$BIAOYU" render names.yaml)
has "each of them" jail/exits.err "names.yaml: 10000 errors, nothing written"
rm -f jail/exits.out jail/exits.err ok.out
rm -f ok.out
find . -path ./jail/made -prune -o -print | sort >"$WORK/after"
ok "and none has left a file" diff "$WORK/before" "$WORK/after"
is "not even in the folder" "" "$(ls jail/made)"
(cd jail && "$BIAOYU" render names.yaml --data fine.jsonl 2>fine.err)
ls jail/made | LC_ALL=C sort >made.list
LC_ALL=C sort fine.list >wanted.list
ok "names that are only strange are made just so" diff wanted.list made.list
printf 'n\nA.png\na.png\n' >twice.csv
exits "names that differ in case only" 1 "$BIAOYU" render names.yaml --data twice.csv
has "are one file elsewhere" exits.err 'which Windows and macOS take for one file'

# ---- pictures named by data ----
mkdir -p album/pictures shared
printf 'secret' >secret.png
cp "$ROOT/tests/fuzz/corpus/image/rgba.png" album/pictures/a.png
cp "$ROOT/tests/fuzz/corpus/image/rgba.png" shared/b.png
ln -s ../../secret.png album/pictures/way-out.png
ln -s ../shared album/door
cat >album/album.yaml <<'END'
format: 1
kind: picture
page: {size: [20px, 20px]}
data: {rows: rows.csv}
body: {image: "{{photo}}", width: 10px, height: 10px}
END
photo() { printf 'photo\n%s\n' "$1" >album/rows.csv; shift; "$BIAOYU" check album/album.yaml "$@" 2>photo.err; }
ok "a picture below the folder" photo pictures/a.png
for way in ../secret.png "$PWD/secret.png" pictures/way-out.png door/b.png pictures/../../secret.png; do
	photo "$way"
	is "${way#"$PWD/"} is refused" 1 $?
	has "as outside" photo.err '[image-outside]'
done
ok "--asset-path opens a folder" photo b.png --asset-path shared
ok "by its own path, too" photo "$PWD/shared/b.png" --asset-path shared
photo ../secret.png --asset-path shared
has "but no other" photo.err '[image-outside]'

# ---- nothing that is read is written over ----
mkdir over && cp names.yaml fine.jsonl over && sed -i 's/name: ".*"/name: "{{n}}"/; s/names.jsonl/fine.jsonl/' over/names.yaml
ln -s fine.jsonl over/other
for name in fine.jsonl names.yaml other; do
	printf '{"n": "x"}\n{"n": "%s"}\n' $name >over/fine.jsonl
	cp over/fine.jsonl table.before && cp over/names.yaml layout.before
	(cd over && exits "a row named $name" 1 "$BIAOYU" render names.yaml)
	has "would write over it" over/exits.err "[writes-over-input]: the result \"$name\" would be written over a file that this run reads"
	ok "and it is as it was" cmp over/fine.jsonl table.before
	ok "so is the layout" cmp over/names.yaml layout.before
done

# ---- a picture for every row: more of them than stay in memory ----
mkdir many
ffmpeg -v error -f lavfi -i testsrc2=size=1000x1000:rate=25:duration=5 -frames:v 120 -q:v 9 many/%d.jpg
{ echo photo; for i in $(seq 120); do echo many/$i.jpg; done; } >many.csv
cat >many.yaml <<'END'
format: 1
kind: picture
page: {size: [100px, 100px]}
data: {rows: many.csv}
body: {image: "{{photo}}", width: 100px, height: 100px}
output: {name: "made-{{@row}}.png"}
END
memory() { python3 -c 'import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' "$BIAOYU" render many.yaml --rows 1-120 -o "$1"; }
now=$(memory small/)
# (The address sanitizer keeps what was freed.)
[ "$MODE" = asan ] || ok "120 pictures of 4 MB are drawn in $now MB" test "$now" -lt 400
TMPDIR=/nonexistent memory large/ >large.peak
ok "in memory, they take $(cat large.peak)" test "$(cat large.peak)" -gt 450
ok "and are the same" diff -r small large

# ---- codes ----
cp -r "$ROOT/layouts" layouts
echo 'checks: {qrcode: all}' >>layouts/sticker.yaml
ok "all 90 codes of the stickers are read back" "$BIAOYU" check layouts/sticker.yaml

# ---- a table that is larger than what is kept in memory ----
awk 'BEGIN {print "code,name,note"; note = "注"; for (i = 0; i < 7; i++) note = note note; for (i = 1; i <= 60000; i++) printf "S%05d,向阳第%d社区,\"%s%d\"\n", i * 7919 % 60000, i % 97, note, i}' >large.csv
cat >large.yaml <<'END'
format: 1
kind: sticker
colors: {black: {rgb: "#000000"}}
fonts: {sans: {family: Noto Sans CJK SC}}
styles: {base: {font: sans, size: 9pt, color: black}}
page: {size: [50mm, 30mm], margin: 2mm}
sheet: {size: A4, grid: [4, 9], gap: 0mm, margin: center}
data: {rows: large.csv, unique: [code], columns: {note: {required: true}}, filter: {name: [向阳第7社区, 向阳第8社区]}}
body: {box: column, items: [{text: "{{name}}"}, {text: "编号 {{code}}"}]}
output: {format: pdf, name: large.pdf}
END
peak() { python3 -c 'import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stderr=2); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"; }
head -2000 large.csv >small.csv
iconv -t GB18030 large.csv >large-gb.csv
python3 - <<'END'
import csv, json
with open('large.jsonl', 'w', encoding='utf-8') as out:
    for row in csv.DictReader(open('large.csv', encoding='utf-8')): print(json.dumps(row, ensure_ascii=False), file=out)
END
base=$(peak "$BIAOYU" check large.yaml --data small.csv 2>/dev/null)
size=$(($(stat -c %s large.csv) / 1024))
python3 "$ROOT/tests/cli/workbook.py" large.csv large.xlsx
for table in large.csv large-gb.csv large.jsonl large.xlsx; do
	now=$(peak "$BIAOYU" check large.yaml --data $table 2>/dev/null)
	ok "$table of $size kB is read in $((now - base)) kB more than a small one" test $((now - base)) -lt 20000
done
sed 's/, filter: .*/}/; /^sheet/d; s/name: large.pdf/name: "{{code}}.pdf"/' large.yaml >named.yaml
now=$(peak "$BIAOYU" render -n named.yaml)
is "a file for each row" 60000 "$(echo "$now" | grep -c '\.pdf$')"
now=$(echo "$now" | tail -1)
ok "their names take little ($((now - base)) kB)" test $((now - base)) -lt 30000
now=$(python3 -c 'import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdin=open("large.csv")); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$BIAOYU" check large.yaml --data -)
ok "from standard input, too ($((now - base)) kB)" test $((now - base)) -lt 20000
"$BIAOYU" render large.yaml
"$BIAOYU" render large.yaml --data large-gb.csv -o large-gb.pdf 2>/dev/null
"$BIAOYU" render large.yaml --data large.jsonl -o large-jsonl.pdf
"$BIAOYU" render large.yaml --data large.xlsx -o large-xlsx.pdf
TMPDIR=/nonexistent "$BIAOYU" render large.yaml -o large-memory.pdf
ok "in GB18030 it gives the same PDF" cmp large.pdf large-gb.pdf
ok "as JSON lines, too" cmp large.pdf large-jsonl.pdf
ok "as a workbook, too" cmp large.pdf large-xlsx.pdf
ok "without a folder for it, in memory, too" cmp large.pdf large-memory.pdf
is "its doubles are found" 'error[not-unique]: rows 7 and 60001 both have code "S55433"' "$({ cat large.csv; echo S55433,向阳第7社区,x; } | "$BIAOYU" check large.yaml --data - 2>&1 | head -1)"
