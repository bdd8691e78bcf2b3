// Stand in for the page that a script is loaded into: what the tests need of a browser, and the vectors in tests/data.
import { readFileSync } from "node:fs";

const DATA = new URL("../data/", import.meta.url);
const SCRIPTS = new URL("../../src/cityatlas/static/js/", import.meta.url);

export const readVector = (name) => JSON.parse(readFileSync(new URL(name, DATA), "utf8"));

/** Return the rows of a CSV file without quotes, as objects; numbers are numbers. */
export function readTable(name) {
  const [head, ...rows] = readFileSync(new URL(name, DATA), "utf8").trim().split("\n").map((line) => line.trim().split(","));
  return rows.map((row) => Object.fromEntries(row.map((text, n) => [head[n], Number(text)])));
}

const { order } = readVector("phases.json");
const { words } = readVector("lengths.json");

/** What the server tells a page, as far as pure rules look at it. */
const PAGE = {
  lang: "en", timezone: "Asia/Shanghai", layers: [], words: {}, phases: order.map((phase) => [phase, phase]),
  planning: { "planmap.js_m": words.m.en, "planmap.js_km": words.km.en },
};

globalThis.document = {
  getElementById: (id) => (id === "atlas" ? { textContent: JSON.stringify(PAGE) } : null),
  querySelectorAll: () => [],
  documentElement: { lang: "en" },
};
globalThis.location = new URL("https://city.example/en/plan");
globalThis.FormData = class { // a form is here what it would send
  constructor(form) { this.fields = form.fields; }
  [Symbol.iterator]() { return this.fields[Symbol.iterator](); }
};

export const load = (path) => import(new URL(path, SCRIPTS));
