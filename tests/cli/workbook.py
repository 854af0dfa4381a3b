#!/usr/bin/env python3
"""workbook.py CSV XLSX: a small XLSX writer for the tests, with nothing but the standard library.

Texts alternate between shared, rich and inline strings. Import it for more: workbook(path, rows, ...), where a cell is
None, a str (shared), or the inside of <c> as bytes: (attributes, xml)."""
import csv
import sys
import zipfile
from xml.sax.saxutils import escape

MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'


def letters(column):
    name = ''
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def sheet_xml(rows, strings, merges=(), hidden=(), alternate=False):
    out = [f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>']
    for number, row in enumerate(rows, 1):
        if row is None:
            continue
        out.append(f'<row r="{number}"' + (' hidden="1"' if number in hidden else '') + '>')
        for column, cell in enumerate(row):
            at = f'r="{letters(column)}{number}"'
            if cell is None:
                continue
            if isinstance(cell, tuple):
                out.append(f'<c {at} {cell[0]}>{cell[1]}</c>')
            elif alternate and column % 3 == 1:
                out.append(f'<c {at} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>')
            else:
                if cell not in strings:
                    strings[cell] = len(strings)
                out.append(f'<c {at} t="s"><v>{strings[cell]}</v></c>')
        out.append('</row>')
    out.append('</sheetData>')
    if merges:
        out.append('<mergeCells>' + ''.join(f'<mergeCell ref="{m}"/>' for m in merges) + '</mergeCells>')
    out.append('</worksheet>')
    return ''.join(out)


def string_xml(text, number):
    if number % 5 == 2 and len(text) > 1:      # rich text with a phonetic run, which is not part of the text
        return (f'<si><r><rPr><b/></rPr><t xml:space="preserve">{escape(text[:1])}</t></r>'
                f'<r><t xml:space="preserve">{escape(text[1:])}</t></r><rPh sb="0" eb="1"><t>pinyin</t></rPh></si>')
    return f'<si><t xml:space="preserve">{escape(text)}</t></si>'


def workbook(path, sheets, styles=(), merges=(), hidden=(), alternate=False, extra=(), date1904=False, states={}, external=False):
    """sheets: {name: rows}; styles: number format codes, or ids of built-in ones, of the cell styles 1.. (0 is General)."""
    strings, parts = {}, {}
    for number, rows in enumerate(sheets.values(), 1):
        parts[f'xl/worksheets/sheet{number}.xml'] = sheet_xml(rows, strings, merges, hidden, alternate)
    custom = ''.join(f'<numFmt numFmtId="{164 + i}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>' for i, code in enumerate(styles) if isinstance(code, str))
    xfs = '<xf numFmtId="0"/>' + ''.join(f'<xf numFmtId="{164 + i if isinstance(code, str) else code}"/>' for i, code in enumerate(styles))
    parts['xl/styles.xml'] = f'<styleSheet xmlns="{MAIN}"><numFmts>{custom}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>{xfs}</cellXfs></styleSheet>'
    parts['xl/sharedStrings.xml'] = f'<sst xmlns="{MAIN}">' + ''.join(string_xml(t, n) for t, n in strings.items()) + '</sst>'
    listed = ''.join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"' + (f' state="{states[name]}"' if name in states else '') + '/>'
                     for n, name in enumerate(sheets, 1))
    parts['xl/workbook.xml'] = (f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><workbookPr' + (' date1904="1"' if date1904 else '') +
                                f'/><sheets>{listed}</sheets></workbook>')
    count = len(sheets)
    mode = ' TargetMode="External"' if external else ''
    links = ''.join(f'<Relationship Id="rId{n}" Type="{RELS}/worksheet" Target="worksheets/sheet{n}.xml"{mode}/>' for n in range(1, count + 1))
    links += f'<Relationship Id="rId{count + 1}" Type="{RELS}/styles" Target="styles.xml"/>'
    links += f'<Relationship Id="rId{count + 2}" Type="{RELS}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    parts['xl/_rels/workbook.xml.rels'] = f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>'
    parts['_rels/.rels'] = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    parts.update(dict(extra))
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 23, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


if __name__ == '__main__':
    with open(sys.argv[1], encoding='utf-8-sig', newline='') as file:
        workbook(sys.argv[2], {'社区': list(csv.reader(file))}, alternate=True)
