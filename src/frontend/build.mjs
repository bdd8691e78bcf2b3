// Build what the browser loads into src/cityatlas/static/dist: `node build.mjs [OUT]`.
//
// Packages come from node_modules (pinned by package-lock.json), our own modules from src/cityatlas/static.
// A file that the browser asks for carries a hash of its content in its name and is listed in manifest.json.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import subsetFont from "subset-font";
import { drawIcons } from "./icons.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const MODULES = join(HERE, "node_modules");
const SOURCE = resolve(HERE, "../cityatlas/static");
const OUT = resolve(process.argv[2] ?? join(SOURCE, "dist"));

// The oldest browsers that work: WebViews of WeChat (Chromium 86), iPhones of spring 2021, and the first Firefox in which
// an element has its ARIA attributes as properties.
// tests/js/oldest.test.js reads the built scripts for what those do not know.
const { browserslist } = JSON.parse(await readFile(join(HERE, "package.json"), "utf8"));
const TARGET = ["es2020", ...browserslist.map((browser) => browser.replace("ios_saf", "ios").replace(" ", ""))];
// Chromium before 91 has `?.` but for spread arguments behind it, which tests/js/eslint.config.js refuses in ours.
const SUPPORTED = { "optional-chain": true };
const INLINE_LIMIT_BYTES = 4096;
const PACKED = new Set([".js", ".css", ".svg"]);

// Classic scripts in the order in which they must run; each hangs itself on the global L.
const SCRIPTS = [
  "leaflet/dist/leaflet.js",
  "leaflet.markercluster/dist/leaflet.markercluster.js",
  "leaflet-groupedlayercontrol/dist/leaflet.groupedlayercontrol.min.js",
  "leaflet.fullscreen/dist/Control.FullScreen.umd.js",
  "leaflet.locatecontrol/dist/L.Control.Locate.min.js",
  "leaflet-minimap/dist/Control.MiniMap.min.js",
];
// A frame in other people's pages counts every kilobyte: it stands in others' articles.
const EMBED_SCRIPTS = ["leaflet.fullscreen/dist/Control.FullScreen.umd.js"]; // after leaflet_frame.js
const EMBED_STYLES = ["leaflet/dist/leaflet.css", "leaflet.fullscreen/dist/Control.FullScreen.css"];
const STYLES = [
  "leaflet/dist/leaflet.css",
  "leaflet.markercluster/dist/MarkerCluster.css",
  "leaflet.markercluster/dist/MarkerCluster.Default.css",
  "leaflet-groupedlayercontrol/dist/leaflet.groupedlayercontrol.min.css",
  "leaflet.fullscreen/dist/Control.FullScreen.css",
  "leaflet.locatecontrol/dist/L.Control.Locate.min.css",
  "leaflet-minimap/dist/Control.MiniMap.min.css",
];
// Rules that a frame never needs: it has no choice of layers, no clusters, no popups, no pictures of marks.
const EMBED_UNUSED = /control-layers|popup|default-icon|div-icon|image-layer|vml|oldie|attribution|cluster|tour-|[.]tags|legend-|accuracy|marker-shadow|tooltip-(?:bottom|left|right)|zoom-box|crosshair|safari|shadow-pane|scale-line:not|touch .leaflet-bar a:|bar a:first-child|\.buttons|\.tags|mark-drawn|on-feature|selection|marker-draggable/
// Declarations that only browsers older than the oldest need, which know the same by its proper name.
const OLD_NAMES = /(?<=[{;])(?:-moz-|-ms-|-webkit-(?:transform|transition|box-sizing))[a-z-]*:[^;{}]*;?/g;
// What only the page on which staff edit a feature loads, after the map's own script.
const DRAWING_SCRIPT = "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.min.js";
const MARKER_IMAGES = { iconUrl: "marker-icon.png", iconRetinaUrl: "marker-icon-2x.png", shadowUrl: "marker-shadow.png" };

// Hosts that may be named in a script: XML namespaces, and the maps that "go there" opens on a tap.
// Nothing is fetched from any of them. Styles may name none.
const NAMED_HOSTS = new Set([
  "www.w3.org", "leafletjs.com", "uri.amap.com", "api.map.baidu.com", "apis.map.qq.com", "maps.apple.com", "www.google.com",
]);

// The font of the booklet as PDF. Of its 30,928 signs the common ones are kept: simplified (GB 2312), traditional
// (Big5, first level), Latin with the marks of pinyin, and the usual signs.
const FONT = "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf";
const FONT_FILE = "fonts/NotoSerifSC.ttf";
const FONT_ENCODINGS = [
  { name: "gbk", leads: [0xa1, 0xf7], trails: [[0xa1, 0xfe]] },
  { name: "big5", leads: [0xa4, 0xc6], trails: [[0x40, 0x7e], [0xa1, 0xfe]] },
];
const FONT_RANGES = [
  [0x20, 0x24f], [0x2010, 0x2060], [0x2150, 0x22ff], [0x2460, 0x24ff], [0x2500, 0x26ff], [0x3000, 0x303f], [0xff00, 0xffef],
];

const written = new Map(); // name in the manifest -> {file, integrity}
const kept = new Set(["manifest.json", "icons.json", "THIRD-PARTY.txt", ".stamp", "fonts"]);

/** Write a file's compressed forms beside it, as small as they get, so that no server spends time on it. */
async function pack(file, bytes) {
  await writeFile(join(OUT, `${file}.br`), brotliCompressSync(bytes));
  await writeFile(join(OUT, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  kept.add(`${file}.br`).add(`${file}.gz`);
}

/** Write a file under a name that holds a hash of its content, and return that name. */
async function emit(name, content) {
  const bytes = Buffer.from(content);
  const dot = name.lastIndexOf(".");
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const file = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  await writeFile(join(OUT, file), bytes);
  kept.add(file);
  if (PACKED.has(extname(name))) await pack(file, bytes);
  written.set(name, { file, integrity: `sha384-${createHash("sha384").update(bytes).digest("base64")}` });
  return file;
}

/** Stop the build where a text names a host that is not in `allowed`, since a page may ask it for something. */
function refuseForeignHosts(name, text, allowed) {
  const found = text.matchAll(/(?:https?:|wss?:|["'`(])\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi);
  const foreign = [...new Set([...found].map((match) => match[1].toLowerCase()))].filter((host) => !allowed.has(host));
  if (foreign.length) {
    throw new Error(`${name} names ${foreign.join(", ")}. A page of ours asks no foreign host for anything: serve the file ` +
      "from here, or, if it is only a link to tap, add the host to NAMED_HOSTS in build.mjs.");
  }
}

/** Return one of our entry modules with all that it imports, as one strict function. */
async function bundleScript(name) {
  const result = await esbuild.build({
    entryPoints: [join(SOURCE, "js", name)], bundle: true, format: "iife", target: TARGET, supported: SUPPORTED,
    minify: true, charset: "utf8", legalComments: "none", write: false, logLevel: "warning",
  });
  return result.outputFiles[0].text;
}

/** Return the parts of Leaflet that a frame needs. */
async function bundleFrameLeaflet() {
  const result = await esbuild.build({
    entryPoints: [join(HERE, "leaflet_frame.js")], bundle: true, format: "iife", target: TARGET, write: false, logLevel: "warning",
  });
  return result.outputFiles[0].text;
}

/** Return Leaflet and its plugins, joined in order; they stay sloppy scripts with a global L. */
async function joinVendorScripts(scripts, before = "") {
  const parts = [before, ...(await Promise.all(scripts.map((path) => readFile(join(MODULES, path), "utf8"))))];
  const iconFiles = {};
  for (const [option, image] of Object.entries(MARKER_IMAGES)) {
    iconFiles[option] = await emit(image, await readFile(join(MODULES, "leaflet/dist/images", image)));
  }
  const bridge = await readFile(join(HERE, "bridge.js"), "utf8");
  parts.push(`(function(){${bridge.replace("ICON_FILES)", `${JSON.stringify(iconFiles)})`)}})();`);
  const options = { minify: true, target: TARGET, charset: "utf8", legalComments: "none" };
  const result = await esbuild.transform(parts.join("\n;\n"), options);
  return `/*! Licences: THIRD-PARTY.txt */\n${result.code}`;
}

/** Return the drawing tools, which hang themselves on the global L. */
async function readDrawingTools() {
  const tools = await readFile(join(MODULES, DRAWING_SCRIPT), "utf8");
  const { code } = await esbuild.transform(tools, { minify: true, target: TARGET, charset: "utf8", legalComments: "none" });
  return `/*! Licences: THIRD-PARTY.txt */\n${code}`;
}

// The scripts that a page can ask for: each an entry at the top of static/js, what of others runs before it,
// and which hosts that names besides NAMED_HOSTS (its makers').
const ENTRIES = {
  "map.js": { before: () => joinVendorScripts(SCRIPTS) },
  "embed_names.js": {}, // after embed.js, once its map is drawn
  "embed.js": { before: async () => joinVendorScripts(EMBED_SCRIPTS, await bundleFrameLeaflet()) },
  "embed_since.js": {}, // a frame that stays as it was
  "map_file.js": {}, // after embed.js, in the map that is one file
  "map_file_language.js": {}, // before all others there
  "frame.js": {}, // a frame without a map: a list, a picture, words
  "city_atlas.js": {}, // in other people's pages: <city-atlas>
  "tiled.js": {}, // after map.js, where a layer comes in tiles
  "page.js": {},
  "offline.js": {}, // where somebody keeps the city on a phone
  "sw.js": {}, // the worker, sent as /sw.js
  "plan.js": {},
  "desk.js": {},
  "desk_map.js": { before: readDrawingTools, hosts: ["geoman.io", "github.com"] },
};

/** Put small images into the style sheet as data and emit the larger ones beside it. */
const imagePlugin = {
  name: "images",
  setup(build) {
    build.onResolve({ filter: /\.(png|svg|webp|woff2)$/ }, async (args) => {
      if (/^([a-z]+:|\/)/i.test(args.path)) return { path: args.path, external: true };
      const path = resolve(args.resolveDir, args.path);
      if ((await stat(path)).size < INLINE_LIMIT_BYTES) return { path };
      return { path: await emit(path.slice(dirname(path).length + 1), await readFile(path)), external: true };
    });
  },
};

/** Return one style sheet made of the given files, imports resolved. */
async function bundleStyle(paths) {
  const result = await esbuild.build({
    stdin: { contents: paths.map((path) => `@import ${JSON.stringify(path)};`).join("\n"), loader: "css", resolveDir: HERE },
    bundle: true, target: TARGET, minify: true, charset: "utf8", legalComments: "none", write: false, logLevel: "warning",
    loader: { ".png": "dataurl", ".svg": "dataurl", ".webp": "dataurl", ".woff2": "dataurl" }, plugins: [imagePlugin],
  });
  // Rules for Internet Explorer 8 (VML, filters) are dead weight here.
  return result.outputFiles[0].text.replace(/[{;](behavior:url\([^)]*\)|-ms-filter:"[^"]*"|filter:progid:[^;}]*)/g,
    (rule) => (rule[0] === "{" ? "{" : ""));
}

/** Return a style sheet without the rules, and parts of lists of selectors, that name something unused. */
function withoutRules(css, unused) {
  return css.replace(OLD_NAMES, "").replace(/([^{}]+)\{[^{}]*\}/g, (rule, selectors) => {
    const left = selectors.split(",").filter((selector) => !unused.test(selector));
    return left.length ? left.join() + rule.slice(selectors.length) : "";
  });
}

/** Return what package.json says of each package that is shipped, by name, also of those that others are made of. */
async function shippedPackages() {
  const { dependencies } = JSON.parse(await readFile(join(HERE, "package.json"), "utf8"));
  const found = new Map();
  const waiting = Object.keys(dependencies);
  while (waiting.length) {
    const name = waiting.pop();
    if (found.has(name)) continue;
    found.set(name, JSON.parse(await readFile(join(MODULES, name, "package.json"), "utf8")));
    waiting.push(...Object.keys(found.get(name).dependencies ?? {}));
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Return the licence text of every package that is shipped, with its name and version. */
async function gatherLicences() {
  const texts = ["Software and drawings by others that these files hold.\n"];
  for (const [name, about] of await shippedPackages()) {
    const files = (await readdir(join(MODULES, name))).filter((entry) => /licen[cs]e/i.test(entry)).sort();
    if (!files.length) throw new Error(`${name} ships no licence file; look at its terms before it is bundled.`);
    const all = await Promise.all(files.map((file) => readFile(join(MODULES, name, file), "utf8")));
    const text = all.map((part) => part.trim()).join("\n\n");
    texts.push(`${"=".repeat(78)}\n${name} ${about.version} (${about.license})\n${"=".repeat(78)}\n\n${text}\n`);
  }
  return texts.join("\n");
}

/** Return the signs of an encoding of two bytes. */
function signsOf({ name, leads, trails }) {
  const decoder = new TextDecoder(name);
  const signs = [];
  for (let lead = leads[0]; lead <= leads[1]; lead += 1) {
    for (const [first, last] of trails) {
      for (let trail = first; trail <= last; trail += 1) signs.push(decoder.decode(Uint8Array.of(lead, trail)));
    }
  }
  return signs.filter((sign) => !sign.includes("\ufffd"));
}

/** Write the font with its common signs alone. */
async function emitFont() {
  const signs = FONT_ENCODINGS.flatMap(signsOf);
  for (const [first, last] of FONT_RANGES) for (let c = first; c <= last; c += 1) signs.push(String.fromCodePoint(c));
  const font = await subsetFont(await readFile(join(MODULES, FONT)), signs.join(""), { targetFormat: "truetype" });
  await mkdir(dirname(join(OUT, FONT_FILE)), { recursive: true });
  await writeFile(join(OUT, FONT_FILE), font);
}

/** Remove what an earlier build left behind. */
async function removeStale() {
  for (const file of await readdir(OUT)) if (!kept.has(file)) await rm(join(OUT, file), { recursive: true });
}

/** Build one script or style, look through it for foreign hosts, and write it. */
async function emitChecked(name, text, alsoNamed = []) {
  refuseForeignHosts(name, text, extname(name) === ".css" ? new Set(["www.w3.org"]) : new Set([...NAMED_HOSTS, ...alsoNamed]));
  await emit(name, text);
}

async function main() {
  await mkdir(OUT, { recursive: true });
  for (const [name, { before, hosts }] of Object.entries(ENTRIES)) {
    await emitChecked(name, (before ? await before() : "") + (await bundleScript(name)), hosts);
  }
  await emitChecked("map.css", await bundleStyle([...STYLES.map((path) => join(MODULES, path)), join(SOURCE, "css/map.css")]));
  const frames = await bundleStyle([...EMBED_STYLES.map((path) => join(MODULES, path)), join(SOURCE, "css/embed.css")]);
  await emitChecked("embed.css", withoutRules(frames, EMBED_UNUSED));
  await emitChecked("map_file.css", await bundleStyle([join(SOURCE, "css/map_file.css")])); // after embed.css
  await emitChecked("plan.css", await bundleStyle([...STYLES.map((path) => join(MODULES, path)), join(SOURCE, "css/plan_page.css")]));
  await emitChecked("page.css", await bundleStyle([join(SOURCE, "css/page.css")]));
  await emitChecked("staff_map.css", await bundleStyle([...STYLES.map((path) => join(MODULES, path)), join(SOURCE, "css/staff_map.css")]));
  await emitChecked("staff.css", await bundleStyle([join(SOURCE, "css/staff.css")]));
  await emitChecked("print.css", await bundleStyle([join(SOURCE, "css/print.css")]));
  await emitChecked("booklet.css", await bundleStyle([join(SOURCE, "css/booklet.css")]));
  await emitFont();
  const icons = await drawIcons(join(MODULES, "@mapbox/maki/icons"), join(HERE, "icons"));
  await emit("favicon.svg", await readFile(join(HERE, "icons/ui-logo.svg")));
  await writeFile(join(OUT, "icons.json"), JSON.stringify(icons));
  await writeFile(join(OUT, "THIRD-PARTY.txt"), await gatherLicences());
  await writeFile(join(OUT, "manifest.json"), `${JSON.stringify(Object.fromEntries([...written].sort()), null, 2)}\n`);
  await removeStale();
}

await main().catch((error) => {
  if (!error.errors) console.error(error.message); // esbuild has already shown its own
  process.exitCode = 1;
});
