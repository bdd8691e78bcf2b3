// Check what a frame decides by itself: which messages mean anything, and which marks stand on each other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./page.js";

const KNOWN = { extent: [120.9, 30.5, 121.2, 30.8], theme: ["family"], kind: ["park", "lake"], phase: ["piling"] };

test("a command of our protocol is read, in its exact form alone", async () => {
  const { readCommand } = await load("embed/messages.js");
  const read = (more) => readCommand({ "city-atlas": 1, ...more }, KNOWN);
  assert.deepEqual(read({ type: "hello" }), { type: "hello" });
  assert.deepEqual(read({ type: "show", id: "mill" }), { type: "show", id: "mill" });
  assert.deepEqual(read({ type: "show", id: "" }), { type: "show", id: "" });
  assert.equal(read({ type: "show", id: "<b>" }), null);
  assert.equal(read({ type: "show", id: "a".repeat(65) }), null);
  assert.deepEqual(read({ type: "flyTo", lon: 121, lat: 30.7, zoom: 15 }), { type: "flyTo", lon: 121, lat: 30.7, zoom: 15 });
  assert.equal(read({ type: "flyTo", lon: 30.7, lat: 121, zoom: 15 }), null);
  assert.equal(read({ type: "flyTo", lon: 121, lat: 30.7, zoom: NaN }), null);
  const filter = { theme: ["family"], kind: ["park"], month: "2025-03" };
  assert.deepEqual(read({ type: "setFilter", filter }), { type: "setFilter", filter });
  for (const wrong of [{ kind: ["bar"] }, { month: "2025-13" }, { kind: "park" }, { site: "mill" }, { __proto__: null, constructor: [] }]) {
    assert.equal(read({ type: "setFilter", filter: wrong }), null);
  }
  assert.equal(readCommand({ "city-atlas": 2, type: "hello" }, KNOWN), null);
  assert.equal(read({ type: "dance" }), null);
});

test("a flight goes to the edge of the map and to any zoom, and no step further", async () => {
  const { readCommand } = await load("embed/messages.js");
  const right = { lon: 121, lat: 30.7, zoom: 15 };
  const fly = (more) => readCommand({ "city-atlas": 1, type: "flyTo", ...right, ...more }, KNOWN);
  const edges = [{ lon: 120.9 }, { lon: 121.2 }, { lat: 30.5 }, { lat: 30.8 }, { zoom: 0 }, { zoom: 22 }];
  for (const edge of edges) assert.deepEqual(fly(edge), { type: "flyTo", ...right, ...edge });
  const past = [{ lon: 120.89 }, { lon: 121.21 }, { lat: 30.49 }, { lat: 30.81 }, { zoom: -0.1 }, { zoom: 22.1 }];
  const odd = Object.keys(right).flatMap((key) => [NaN, Infinity, "15", null, undefined, [15]].map((value) => ({ [key]: value })));
  for (const wrong of [...past, ...odd]) assert.equal(fly(wrong), null, JSON.stringify(wrong));
});

test("an id has 64 letters, and is text", async () => {
  const { readCommand } = await load("embed/messages.js");
  const show = (id) => readCommand({ "city-atlas": 1, type: "show", id }, KNOWN);
  assert.deepEqual(show("a".repeat(64)), { type: "show", id: "a".repeat(64) });
  for (const wrong of [["mill"], "mill\n", "Mill", " mill", undefined, { length: 1 }]) assert.equal(show(wrong), null);
});

test("a filter names what the frame knows, and nothing else", async () => {
  const { readCommand } = await load("embed/messages.js");
  const set = (filter) => readCommand({ "city-atlas": 1, type: "setFilter", filter }, KNOWN)?.filter ?? null;
  for (const right of [{}, { month: "" }, { month: "2025-12" }, { theme: [] }, { kind: ["park", "lake"] }, { phase: ["piling"] }]) {
    assert.deepEqual(set(right), right);
  }
  const wrong = [
    null, [], "month", { month: 202503 }, { month: ["2025-03"] }, { month: "2025-00" }, { month: "12025-03" }, { month: "2025-031" },
    { kind: ["park", "bar"] }, { theme: ["family", "family"] }, { id: "2025-03" }, { theme: "2025-03" }, { phase: { length: 0 } },
  ];
  for (const one of wrong) assert.equal(set(one), null, JSON.stringify(one));
});

test("10,000 messages of others mean nothing", async () => {
  const { readCommand, readResizer } = await load("embed/messages.js");
  let seed = 7;
  const next = (most) => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
  const bits = [null, undefined, 0, NaN, "", "show", "hello", "mill", [], {}, true, 121, "[iFrameSizer]", "city-atlas", 1, "flyTo", { lon: 121 }];
  const keys = ["city-atlas", "type", "id", "lon", "lat", "zoom", "filter", "secret", "message", "__proto__", "constructor"];
  for (let i = 0; i < 10_000; i += 1) {
    const table = {};
    for (let n = next(6); n > 0; n -= 1) table[keys[1 + next(keys.length - 1)]] = bits[next(bits.length)];
    const message = next(3) ? table : bits[next(bits.length)];
    assert.equal(readCommand(message, KNOWN), null); // none has our name
    assert.equal(readResizer(message), null);
  }
});

test("huge, nested and poisoned messages mean nothing, take no time and leave no trace", async () => {
  const { readCommand, readResizer } = await load("embed/messages.js");
  const nested = JSON.parse(`${'{"filter":'.repeat(3000)}1${"}".repeat(3000)}`);
  const keys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__"];
  const poisoned = keys.map((key) => JSON.parse(`{"${key}":{"polluted":["family"]},"theme":["family"]}`));
  const huge = [Array(1e6).fill("family"), "x".repeat(1e7), Object.fromEntries(Array.from({ length: 1e5 }, (_, n) => [`k${n}`, n])), nested];
  for (const one of [...poisoned, ...huge, ...huge.map((theme) => ({ theme }))]) {
    for (const type of ["setFilter", "show", "flyTo", "hello2", ...keys]) {
      const message = { "city-atlas": 1, type, filter: one, id: one, lon: one, lat: one, zoom: one };
      assert.equal(readCommand(message, KNOWN), null);
    }
    assert.equal(readCommand(one, KNOWN), null);
    assert.equal(readResizer(one), null);
  }
  const read = readCommand(JSON.parse('{"city-atlas":1,"type":"setFilter","filter":{"theme":["family"]},"__proto__":{"polluted":1}}'), KNOWN);
  assert.deepEqual(Object.keys(read), ["type", "filter"]);
  assert.equal({}.polluted ?? read.polluted ?? read.filter.polluted, undefined);
});

test("a resizer's greeting and a WordPress secret are known by their form", async () => {
  const { readResizer, readSecret } = await load("embed/messages.js");
  assert.equal(readResizer("[iFrameSizer]frame1:8:false:true:32:true:true:null:bodyOffset"), "frame1");
  assert.equal(readResizer("[iFrameSizer]<b>:8"), null);
  assert.equal(readResizer(" [iFrameSizer]frame1:8"), null);
  const greeting = (letters) => "[iFrameSizer]frame1:".padEnd(letters, "8");
  assert.equal(readResizer(greeting(1_999)), "frame1");
  assert.equal(readResizer(greeting(2_000)), null);
  assert.equal(readSecret("#?secret=aB3xYz"), "aB3xYz");
  for (const wrong of ["#?secret=a&b", "#?secret=", "#more#?secret=aB3", `#?secret=${"a".repeat(33)}`]) assert.equal(readSecret(wrong), "");
});

test("marks that would lie on each other are one pile, and none from zoom 17 on", async () => {
  const { pilesOf } = await load("embed/piles.js");
  const spots = [{ x: 0, y: 0 }, { x: 27, y: 0 }, { x: 0, y: 28 }, { x: 300, y: 300 }];
  assert.deepEqual(pilesOf(spots, 14), [[0, 1], [2], [3]]);
  assert.deepEqual(pilesOf([...spots, { x: 50, y: 0 }], 14), [[0, 1, 4], [2], [3]]); // a pile is wider than a mark
  assert.deepEqual(pilesOf(spots, 17), [[0], [1], [2], [3]]);
});

test("no pile lies on another, of whatever marks", async () => {
  const { MARK_PX, pilesOf, pileWidth } = await load("embed/piles.js");
  let seed = 5;
  const next = (most) => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
  const spots = Array.from({ length: 150 }, () => ({ x: next(900), y: next(500) }));
  const piles = pilesOf(spots, 14);
  assert.deepEqual(piles.flat().sort((one, other) => one - other), spots.map((_, index) => index));
  const middle = (pile, side) => (Math.min(...pile.map((i) => spots[i][side])) + Math.max(...pile.map((i) => spots[i][side]))) / 2;
  for (const [n, one] of piles.entries()) {
    for (const other of piles.slice(n + 1)) {
      const isBeside = Math.abs(middle(one, "x") - middle(other, "x")) >= (pileWidth(one.length) + pileWidth(other.length)) / 2;
      assert.ok(isBeside || Math.abs(middle(one, "y") - middle(other, "y")) >= MARK_PX);
    }
  }
});

test("marks at one spot step aside so far that none touches another", async () => {
  const { fanOf, MARK_PX } = await load("embed/piles.js");
  assert.deepEqual(fanOf(1), [{ x: 0, y: 0 }]);
  for (const count of [2, 3, 5, 9, 20]) {
    const spots = fanOf(count);
    const apart = spots.flatMap((one, i) => spots.slice(i + 1).map((other) => Math.hypot(one.x - other.x, one.y - other.y)));
    assert.ok(Math.min(...apart) >= MARK_PX, `${count}: ${Math.min(...apart)}`);
  }
});
