// typst.mjs -- the text stickers of the benchmark by Typst (npm typst-ts-node-compiler): node typst.mjs ROWS.csv OUT.pdf
// Prints the seconds of compiling and writing, without the start of node and the reading of fonts.
import { createRequire } from "node:module";
import { writeFileSync, copyFileSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";

const require = createRequire(process.env.ROOT + "/out/npm/package.json");
const { NodeCompiler } = require("@myriaddreamin/typst-ts-node-compiler");
const [rows, out] = process.argv.slice(2);
const workspace = mkdtempSync(join(tmpdir(), "typst-"));
copyFileSync(rows, join(workspace, "rows.csv"));
writeFileSync(join(workspace, "main.typ"), `
#set page(paper: "a4", margin: (x: 5mm, y: 13.5mm))
#set text(font: "Noto Sans CJK SC", size: 9pt, lang: "zh")
#set par(leading: 0.3em)
#let rows = csv("rows.csv", row-type: dictionary)
#grid(columns: (50mm,) * 4, rows: 30mm, ..rows.map(r => block(width: 50mm, height: 30mm, inset: 2mm, {
  text(weight: "bold", r.community)
  v(1fr)
  text(size: 11pt, fill: rgb("#C8102E"), weight: "bold")[不轻信、不透露、不转账]
  v(1fr)
  text(size: 7pt)[#r.station　#r.phone]
  v(1fr)
  text(size: 7pt)[编号 #r.code]
})))
`);
const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontPaths: ["/usr/share/fonts/opentype/noto"] }] });
const begun = process.hrtime.bigint();
const pdf = compiler.pdf({ mainFilePath: join(workspace, "main.typ") });
writeFileSync(out, pdf);
console.log((Number(process.hrtime.bigint() - begun) / 1e9).toFixed(3));
process.exit(0);
