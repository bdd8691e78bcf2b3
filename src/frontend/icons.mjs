// Make the icon table from Maki (CC0) and from our own icons/ folder.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Return the view box and the inner drawing of an SVG file, without ids, sizes and line breaks. */
function readDrawing(name, text) {
  const svg = /<svg\b([^>]*)>([\s\S]*)<\/svg>/.exec(text);
  const viewBox = svg && /viewBox="([^"]+)"/.exec(svg[1]);
  if (!viewBox) throw new Error(`icons/${name}.svg: no <svg> with a viewBox`);
  const body = svg[2]
    .replace(/<!--[\s\S]*?-->|<title>[\s\S]*?<\/title>| (id|class)="[^"]*"/g, "")
    .replace(/(\.\d{3})\d+/g, "$1") // nobody sees less than a thousandth of a 15-unit box
    .replace(/(&#x[0-9A-F]+;|\s)+/gi, " ").replace(/> </g, "><").trim();
  if (/[<\s](script|on\w+=|href=|style=)/i.test(body)) throw new Error(`icons/${name}.svg: only plain shapes are allowed`);
  return { viewBox: viewBox[1], body };
}

async function readFolder(folder) {
  const names = (await readdir(folder)).filter((file) => file.endsWith(".svg")).map((file) => file.slice(0, -4)).sort();
  const drawings = names.map(async (name) => [name, readDrawing(name, await readFile(join(folder, `${name}.svg`), "utf8"))]);
  return new Map(await Promise.all(drawings));
}

/** Return {name: {viewBox, body}} of all icons by name; ours win over Maki's. */
export async function drawIcons(makiFolder, ownFolder) {
  const all = new Map([...(await readFolder(makiFolder)), ...(await readFolder(ownFolder))]);
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}
