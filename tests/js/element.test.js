// Check what <city-atlas> makes of its attributes, and that its manifest and its address say the same.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./page.js";

globalThis.document.createElement = () => ({});
globalThis.HTMLElement = class {
  attributes = {};
  attachShadow() { return { append() {} }; }
  getAttribute(name) { return this.attributes[name] ?? null; }
  closest() { return this.attributes.lang ? { lang: this.attributes.lang } : null; }
};
const { CityAtlasElement } = await load("embed/element.js");
const manifest = JSON.parse(readFileSync(new URL("../../src/cityatlas/static/js/embed/custom-elements.json", import.meta.url), "utf8"));
const [declared] = manifest.modules[0].declarations;

function addressOf(attributes) {
  CityAtlasElement.base = "https://atlas.example/";
  const made = new CityAtlasElement();
  made.attributes = attributes;
  return made.address.href;
}

test("the manifest names each attribute, event and method, and no other", () => {
  assert.deepEqual(declared.attributes.map(({ name }) => name).sort(), [...CityAtlasElement.observedAttributes].sort());
  assert.deepEqual(declared.events.map(({ name }) => name), ["ready", "select", "move", "error"]);
  for (const { name, kind } of declared.members) {
    const own = Object.getOwnPropertyDescriptor(CityAtlasElement.prototype, name);
    assert.ok(kind === "method" ? own.value : own.get, name);
  }
});

test("attributes become the frame's address", () => {
  assert.equal(addressOf({}), "https://atlas.example/embed/");
  assert.equal(addressOf({ lang: "zh-CN", route: "boat-tour", theme: "dark" }), "https://atlas.example/zh/embed/routes/boat-tour?look=dark");
  assert.equal(addressOf({ lang: "en", layer: "works", view: "121.02,30.69,14.5", pin: "12" }), "https://atlas.example/en/embed/layers/works@12?c=121.02%2C30.69&z=14.5");
  assert.equal(addressOf({ site: "a/b?c" }), "https://atlas.example/embed/sites/a%2Fb%3Fc");
  assert.equal(addressOf({ list: "only", themes: "family" }), "https://atlas.example/embed/list?theme=family");
  assert.equal(addressOf({ base: "https://town.example/map/", list: "none" }), "https://town.example/map/embed/?list=none");
});
