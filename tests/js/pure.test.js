// Check what a script alone decides, without a browser: addresses, ways, pasted positions, times, shapes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./page.js";

const DAY = "https://city.example/en/plan?date=2026-12-04&must=mill,hall&keep=mill,hall,quay&stay=hall:30";

test("a change sets a key, an empty one takes it out, and the remembered plan goes", async () => {
  const { changed } = await load("plan/address.js");
  const wanted = "https://city.example/en/plan?date=2026-12-04&keep=mill,hall,quay&stay=hall:30&pace=slow";
  assert.equal(changed(`${DAY}&made=abc#stop-1`, { must: "", pace: "slow" }), wanted);
});

test("musts are added once and only while there is room", async () => {
  const { withId, withoutId, withPair } = await load("plan/address.js");
  const { MOST_MUST } = await load("shared/most_must.js");
  assert.equal(withId(DAY, "must", "mill"), "mill,hall");
  assert.equal(withId(DAY, "must", "quay"), "mill,hall,quay");
  const full = Array.from({ length: MOST_MUST }, (_, n) => `place-${n}`).join(",");
  assert.equal(withId(`/plan?must=${full}`, "must", "one-more"), full);
  assert.equal(withoutId(DAY, "must", "mill"), "hall");
  assert.equal(withPair(DAY, "stay", "hall", "45"), "hall:45");
});

test("the rest of a day leaves out what lies behind", async () => {
  const { restOf } = await load("plan/address.js");
  const query = new URL(restOf(DAY, ["mill"], { start: "11:05" })).searchParams;
  assert.deepEqual(Object.fromEntries(query), { date: "2026-12-04", must: "hall", keep: "hall,quay", stay: "hall:30", not: "mill", start: "11:05" });
});

test("a stop that moves keeps those that it passes firm", async () => {
  const { crossedBy } = await load("plan/order.js");
  assert.deepEqual(crossedBy("c", ["a", "b", "c", "d"], ["a", "c", "b", "d"]), ["b", "c"]);
  assert.deepEqual(crossedBy("a", ["a", "b", "c"], ["b", "c", "a"]), ["a", "b", "c"]);
});

test("the way that is left goes to the nearest point of the line, then along it", async () => {
  const { compass, leftM } = await load("plan/geo.js");
  const line = [[121, 30.7], [121.01, 30.7], [121.01, 30.71]];
  // 0.005 degrees east (478 m), then 0.01 north (1,112 m); from 0.001 degrees beside it 111 m more
  assert.equal(Math.round(leftM([121.005, 30.7], line)), 1590);
  assert.equal(Math.round(leftM([121.005, 30.701], line)), 1701);
  assert.deepEqual([[0, 1], [1, 1], [1, 0], [0, -1], [-1, 0]].map(([x, y]) => compass([121, 30], [121 + x / 1e3, 30 + y / 1e3])), [0, 1, 2, 4, 6]);
});

test("positions are read from what people paste", async () => {
  const { readPosition } = await load("desk/coordinates.js");
  const home = [121.015, 30.7];
  const read = (text) => readPosition(text, home);
  assert.deepEqual(read("121.0165, 30.6905"), { lon: 121.0165, lat: 30.6905, datum: "" });
  assert.deepEqual(read("30.6905,121.0165"), { lon: 121.0165, lat: 30.6905, datum: "" });
  assert.deepEqual(read("x=-121.5,30.5"), { lon: -121.5, lat: 30.5, datum: "" });
  assert.deepEqual(read("https://uri.amap.com/marker?position=121.02%2C30.69"), { lon: 121.02, lat: 30.69, datum: "GCJ-02" });
  assert.deepEqual(read("http://api.map.baidu.com/marker?location=30.69,121.02&coord_type=bd09ll"), { lon: 121.02, lat: 30.69, datum: "BD-09" });
  assert.deepEqual(read("30°41'24\"N 121°1'12\"E"), { lon: 121.02, lat: 30.69, datum: "" });
  assert.deepEqual(read("东经121度1分12秒，北纬30度41分24秒"), { lon: 121.02, lat: 30.69, datum: "" });
  assert.equal(read("tomorrow at nine"), null);
});

test("a place that lies a datum's shift off is suspect, one beside it is not", async () => {
  const { isOverCorrected, mistakenDatum } = await load("desk/coordinates.js");
  const { fromWgs84, toWgs84 } = await load("shared/datum.js");
  const was = [121.015, 30.7];
  assert.equal(mistakenDatum(was, fromWgs84(...was, "GCJ-02")), "GCJ-02");
  assert.equal(mistakenDatum(was, fromWgs84(...was, "BD-09")), "BD-09");
  assert.equal(mistakenDatum(was, [121.016, 30.7]), "");
  assert.equal(isOverCorrected(was, toWgs84(...was, "GCJ-02")), true);
  assert.equal(isOverCorrected(was, [121.016, 30.7]), false);
});

test("corners are read a line each, and written the same", async () => {
  const { cornersOf, readCorners } = await load("desk/corners.js");
  const text = "121, 30.7\n121.01, 30.7\n121.01, 30.71";
  const area = { type: "Polygon", coordinates: [[[121, 30.7], [121.01, 30.7], [121.01, 30.71], [121, 30.7]]] };
  assert.deepEqual(readCorners(text, "Polygon", "WGS-84"), area);
  assert.equal(cornersOf(area), text);
  assert.equal(readCorners("121, 30.7\n121.01", "LineString", "WGS-84"), undefined);
  assert.equal(readCorners("121, 30.7", "LineString", "WGS-84"), undefined);
  assert.equal(readCorners("200, 30.7\n121, 30", "LineString", "WGS-84"), undefined);
  assert.equal(readCorners(" \n", "Polygon", "WGS-84"), null);
});

test("an hour is told alone today, with its weekday this week, else with its date", async () => {
  const { openingText } = await load("pages/opening.js");
  const words = { unknown: "?", now: "open", closed: "closed", until: "open until {when}", opens: "opens {when}" };
  const say = (open, when) => openingText({ open, changes_at: when }, "2026-12-05T08:00+08:00", words, "en-GB");
  assert.equal(say(null, null), "?");
  assert.equal(say(true, null), "open");
  assert.equal(say(false, null), "closed");
  assert.equal(say(true, "2026-12-05T16:30+08:00"), "open until 16:30");
  assert.equal(say(false, "2026-12-05T09:00+08:00"), "opens 9:00");
  assert.equal(say(false, "2026-12-08T09:00+08:00"), "opens Tue 9:00");
  assert.equal(say(false, "2026-12-20T09:00+08:00"), "opens 20 Dec 9:00");
});

test("times are told in hours and minutes", async () => {
  const { clock, dayWords } = await load("plan/words.js");
  assert.equal(clock(9 * 3600 + 5 * 60 + 59), "09:05");
  assert.equal(clock(24 * 3600), "24:00");
  assert.equal(dayWords("2026-12-04"), "Friday 4 December");
});

test("a shape of a tile is found where it lies", async () => {
  const { absolute, meets } = await load("map/tile_shapes.js");
  const data = { x: [10], y: [10], shapes: [[[0, 0, 10, 0, 0, 10, -10, 0, 0, -10]]] };
  const square = absolute(data, 0);
  assert.deepEqual(square, [[[10, 10], [20, 10], [20, 20], [10, 20], [10, 10]]]);
  assert.equal(meets(square, { x: 15, y: 15 }, 1, true), true);
  assert.equal(meets(square, { x: 25, y: 15 }, 1, true), false);
  assert.equal(meets(square, { x: 15, y: 15 }, 1, false), false); // the inside of a line is nothing
  assert.equal(meets(square, { x: 20.5, y: 15 }, 1, false), true);
});

test("what was undone comes back until something else is done", async () => {
  const { Steps } = await load("desk/undo.js");
  const steps = new Steps("a");
  steps.add("b");
  steps.add("c");
  assert.deepEqual([steps.go(-1), steps.go(-1), steps.canUndo, steps.go(1)], ["b", "a", false, "b"]);
  steps.add("d");
  assert.deepEqual([steps.canRedo, steps.go(-1)], [false, "b"]);
});

test("a stop is stamped within its own reach, and by a phone that is sure of itself", async () => {
  const { reached } = await load("pages/stamps.js");
  const stops = [
    { id: "quay", name: "Quay", place: [121.01, 30.7], reachM: 50 },
    { id: "hall", name: "Hall", place: [121.03, 30.7], reachM: 80 },
  ];
  const at = (lon, lat, errorM = 10) => reached([lon, lat], errorM, stops);
  assert.deepEqual(at(121.01, 30.7004).here.map(({ id }) => id), ["quay"]); // 44 m
  assert.deepEqual(at(121.01, 30.7005).here, []); // 56 m
  assert.deepEqual(at(121.03, 30.7007).here.map(({ id }) => id), ["hall"]); // 78 m
  assert.equal(Math.round(at(121.01, 30.701).nearest.m), 111);
  const vague = at(121.01, 30.7, 51);
  assert.deepEqual([vague.isSure, vague.here], [false, []]);
  assert.equal(reached([121, 30.7], 5, []).nearest, undefined);
});

test("only stamps are read back, and only a word from behind the hash", async () => {
  const { readStamps, wordOf } = await load("pages/stamps.js");
  const good = { day: "2026-12-05", how: "sign" };
  const text = JSON.stringify({ mill: good, quay: { day: "<b>", how: "sign" }, hall: null, park: { day: "2026-12-05", how: "x" } });
  assert.deepEqual([...readStamps(text)], [["mill", good]]);
  for (const broken of [null, "", "[", "3", "null"]) assert.equal(readStamps(broken).size, 0);
  assert.equal(wordOf("#ACDEF3"), "ACDEF3");
  for (const other of ["", "#", "#main", "#ACDEF3<b>", "#A"]) assert.equal(wordOf(other), "");
});

test("a voice is of the text's language, rather of its region, and rather on the phone", async () => {
  const { voiceFor, speaks } = await load("pages/read_aloud.js");
  const voice = (lang, localService) => ({ lang, localService });
  const all = [voice("en-US", true), voice("zh-TW", true), voice("zh_CN", true), voice("zh-CN", false)];
  assert.equal(voiceFor(all, "zh-CN"), all[2]);
  assert.equal(voiceFor(all.slice(0, 2), "zh-CN"), all[1]);
  assert.equal(voiceFor(all, "en"), all[0]);
  assert.equal(voiceFor(all, "fr"), undefined);
  assert.equal(speaks(voice("zhx-CN", true), "zh-CN"), false);
});

test("without a server a word finds names by their beginning first, then inside, then other text", async () => {
  const { findIn } = await load("shared/find_words.js");
  const rows = [
    { id: "text", words: ["a"], text: "atoldmill" }, { id: "inside", words: ["theoldmill"], text: "" },
    { id: "begins", words: ["oldmillwharf"], text: "" }, { id: "exact", words: ["老磨坊", "oldmill"], text: "" },
  ];
  const ids = (query) => findIn(rows, query).map(({ id }) => id);
  assert.deepEqual(ids("OldMill"), ["exact", "begins", "inside", "text"]);
  assert.deepEqual(ids("öld míll"), ["exact", "begins", "inside", "text"]);
  assert.deepEqual(ids("磨坊"), ["exact"]);
  assert.deepEqual(ids("mill 磨"), ["exact"]);
  assert.deepEqual([ids(""), ids("zz")], [[], []]);
  const district = [{ id: "district", words: ["南河头历史文化街区", "nanhetoulishiwenhuajiequ", "nhtlswhjq"], text: "" }];
  assert.deepEqual(["lsjq", "qjsl", "lj", "nnnn"].map((query) => findIn(district, query).length), [1, 0, 0, 0]);
});
