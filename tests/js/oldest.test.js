// Read the built scripts for what the oldest browsers that we name do not know: syntax, regular expressions, interfaces.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import bcd from "@mdn/browser-compat-data" with { type: "json" };
import { parse } from "acorn";
import { full } from "acorn-walk";

const ROOT = new URL("../../", import.meta.url);
const DIST = new URL("src/cityatlas/static/dist/", ROOT);
const read = (path, base = ROOT) => readFileSync(new URL(path, base), "utf8");

const NAMES = { chrome: "chrome", safari: "safari", ios_saf: "safari_ios", firefox: "firefox" }; // ours -> those of the data
const OLDEST = Object.fromEntries(JSON.parse(read("src/frontend/package.json")).browserslist.map((text) => {
  const [name, version] = text.split(" ");
  return [NAMES[name], Number(version)];
}));

const SCRIPTS = Object.entries(JSON.parse(read("manifest.json", DIST))).filter(([name]) => name.endsWith(".js"))
  .map(([name, { file }]) => ({ name, text: read(file, DIST) }));
const trees = SCRIPTS.map(({ text }) => parse(text, { ecmaVersion: 2020, sourceType: "script" }));

// What newer browsers alone have, and why it may be asked for all the same.
const ASKED_FIRST = {
  createImageBitmap: "asked for first; a photo is then shown by its name alone",
  share: "asked for first; else the address is copied",
  requestPermission: "of Leaflet.Locate, which asks for it first: iOS alone has it",
  requestResize: "asked for first; elsewhere a frame has the height that its host gives it",
  touches: "of Leaflet, on browsers with a touch screen",
  changedTouches: "of Leaflet, on browsers with a touch screen",
  config: "of Geoman, a field of its own",
};

/** Return {name: {browser: the first version that knows any interface of that name}}. */
function firstVersions() {
  const found = new Map();
  const note = (name, compat) => {
    const known = found.get(name) ?? {};
    for (const browser of Object.keys(OLDEST)) {
      const support = [compat.support[browser]].flat()[0];
      const added = typeof support?.version_added === "string" ? Number.parseFloat(support.version_added.replace("≤", "")) : Infinity;
      known[browser] = Math.min(known[browser] ?? Infinity, support?.flags || support?.prefix ? Infinity : added);
    }
    found.set(name, known);
  };
  for (const group of [bcd.api, bcd.javascript.builtins]) {
    for (const [owner, members] of Object.entries(group)) {
      if (members.__compat) note(owner, members.__compat);
      for (const [name, member] of Object.entries(members)) if (member.__compat) note(name.replace(/_(static|event)$/, ""), member.__compat);
    }
  }
  for (const [name, { __compat: compat }] of Object.entries(bcd.css.properties)) {
    if (compat) note(name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()), compat);
  }
  return found;
}

/** Return the objects whose properties a call of Object.assign puts into an element. */
function assigned(tree) {
  const found = new Set();
  full(tree, (node) => {
    if (node.type !== "CallExpression" || node.callee.property?.name !== "assign") return;
    for (const one of node.arguments.slice(1)) if (one.type === "ObjectExpression") one.properties.forEach((property) => found.add(property));
  });
  return found;
}

/** Return the names that our scripts and Leaflet's give to things of their own: a call of one says nothing. */
function ownNames() {
  const names = new Set();
  const note = (key) => names.add(key?.name ?? key?.value);
  for (const tree of trees) {
    const given = assigned(tree);
    full(tree, (node) => {
      if (given.has(node)) return;
      if (["Property", "MethodDefinition"].includes(node.type) && !node.computed) note(node.key);
      if (node.type === "AssignmentExpression" && node.left.object?.type === "ThisExpression") note(node.left.property);
      if (node.type === "AssignmentExpression" && /Function|Class/.test(node.right.type)) note(node.left.property ?? node.left);
      if (node.type === "VariableDeclarator" || node.type.startsWith("Function")) note(node.id);
      if (node.params) node.params.forEach(note);
    });
  }
  return names;
}

test("the build names browsers that the data knows", () => {
  assert.ok(Object.keys(OLDEST).length >= 3);
  for (const [browser, version] of Object.entries(OLDEST)) assert.ok(Object.keys(bcd.browsers[browser].releases).some((one) => Number(one) === version), browser);
});

test("the README names the same browsers", () => {
  const shown = { chrome: "Chromium", safari: "Safari", safari_ios: "iOS", firefox: "Firefox" };
  const readme = read("README.md");
  for (const [browser, version] of Object.entries(OLDEST)) assert.match(readme, new RegExp(`${shown[browser]} ${version}\\b`), browser);
});

const OWN = ownNames();
const FIRST = firstVersions();

SCRIPTS.forEach(({ name, text }, n) => {
  test(`${name} is written as ES2020, and no regular expression looks behind`, () => {
    assert.equal(trees[n].type, "Program"); // of that edition
    assert.doesNotMatch(text, /\(\?<[=!]/); // Safari 16.4
  });

  test(`${name} calls nothing that the oldest browsers lack`, () => {
    const lacking = new Map();
    const look = (called) => {
      const first = OWN.has(called) ? null : FIRST.get(called);
      const lack = first && Object.entries(OLDEST).filter(([browser, oldest]) => first[browser] > oldest).map(([browser]) => `${browser} ${first[browser]}`);
      if (lack?.length && !Object.hasOwn(ASKED_FIRST, called)) lacking.set(called, lack.join(", "));
    };
    for (const { key } of assigned(trees[n])) look(key?.name);
    full(trees[n], (node) => {
      if (node.type === "CallExpression" && node.callee.type === "MemberExpression" && !node.callee.computed) look(node.callee.property.name);
      if (["CallExpression", "NewExpression"].includes(node.type) && node.callee.type === "Identifier") look(node.callee.name);
      if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression" && !node.left.computed) look(node.left.property.name);
      if (node.type === "CallExpression" && node.callee.property?.name === "addEventListener" && node.arguments[2]?.type === "ObjectExpression") {
        for (const { key } of node.arguments[2].properties) if (key?.name === "signal") lacking.set("addEventListener signal", "safari 15");
      }
    });
    assert.deepEqual(Object.fromEntries(lacking), {});
  });
});
