// The stickers of sticker-text.yaml by Typst: `node typst.mjs MODULES FOLDER`, with FOLDER/rows.csv read and FOLDER/typst.pdf written.
import { createRequire } from 'node:module'
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const [modules, folder] = process.argv.slice(2).map((path) => resolve(path))
const { NodeCompiler } = createRequire(modules + '/')('@myriaddreamin/typst-ts-node-compiler')

writeFileSync(folder + '/stickers.typ', `
#set page(paper: "a4", margin: (x: 5mm, y: 13.5mm))
#set text(font: "Noto Sans CJK SC", size: 9pt, lang: "zh", region: "cn")
#set par(leading: 0.3em)
#let rows = csv("rows.csv").slice(1)
#grid(columns: (50mm,) * 4, rows: 30mm, ..rows.map(r => block(width: 50mm, height: 30mm, inset: 2mm, stack(
  spacing: 1fr,
  text(weight: "bold", r.at(1)),
  text(size: 11pt, weight: "bold", fill: rgb("#C8102E"))[不轻信、不透露、不转账],
  text(size: 7pt)[#r.at(2)　#r.at(3)],
  text(size: 7pt)[编号 #r.at(0)],
))))
`)
const compiler = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths: ['/usr/share/fonts/opentype/noto'] }] })
writeFileSync(folder + '/typst.pdf', compiler.pdf({ mainFilePath: folder + '/stickers.typ' }))
