// Hold the rules that the server has too to the vectors in tests/data; tests/unit/schema/test_shared_vectors.py is the other half.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, readTable, readVector } from "./page.js";

const near = (found, wanted, within, about) => assert.ok(Math.abs(found - wanted) <= within, `${about}: ${found}, not ${wanted}`);

test("the phase at a month is the last begun", async () => {
  const { phaseAt } = await load("shared/phases.js");
  for (const { phases, month, state } of readVector("phases.json").cases) assert.deepEqual(phaseAt(phases, month), state);
});

test("a notice holds on its days", async () => {
  const { noticesOn } = await load("shared/notices.js");
  for (const { row, day, holds } of readVector("notices.json")) assert.deepEqual(noticesOn([["Repairs", ...row]], day), holds ? ["Repairs"] : [], day);
});

test("filters leave what the server's selection leaves", async () => {
  const { filterOf } = await load("map/filters.js");
  const { features, cases } = readVector("filters.json");
  const all = features.map(({ id, ...properties }) => ({ id, properties }));
  const { presenceAt } = await load("shared/phases.js");
  for (const { state, open, ids, undated = [] } of cases) {
    const left = all.filter(filterOf(state, open && new Set(open))).map(({ id }) => id);
    assert.deepEqual(left, ids, JSON.stringify({ state, open }));
    const anyTime = all.filter(filterOf({ ...state, month: "" }, open && new Set(open)));
    if (state.month) assert.deepEqual(anyTime.filter((one) => presenceAt(one.properties, state.month) === "unknown").map(({ id }) => id), undated);
  }
});

test("the core of a lot is the server's", async () => {
  const { coreBbox } = await load("shared/extent.js");
  for (const { bboxes, core } of readVector("extents.json")) assert.deepEqual(coreBbox(bboxes), core);
});

test("distances are the server's, and within 0.35 % of the ellipsoid's", async () => {
  const { crowM } = await load("shared/distance.js");
  for (const { lon1, lat1, lon2, lat2, flat_m: flatM, ellipsoid_m: ellipsoidM } of readTable("distances.csv")) {
    const found = crowM([lon1, lat1], [lon2, lat2]);
    near(found, flatM, 0.01, "by the rule");
    near(found, ellipsoidM, ellipsoidM * 0.0035, "on the ellipsoid");
  }
});

test("positions shift as the table of datums says, and back", async () => {
  const { fromWgs84, toWgs84 } = await load("shared/datum.js");
  const rows = readTable("datum.csv");
  assert.ok(rows.length >= 5);
  for (const row of rows) {
    for (const [datum, key] of [["WGS-84", "wgs84"], ["GCJ-02", "gcj02"], ["BD-09", "bd09"]]) {
      const shifted = fromWgs84(row.wgs84_lon, row.wgs84_lat, datum);
      near(shifted[0], row[`${key}_lon`], 2e-9, datum);
      near(shifted[1], row[`${key}_lat`], 2e-9, datum);
      const back = toWgs84(...shifted, datum);
      near(back[0], row.wgs84_lon, 1e-9, `back from ${datum}`);
      near(back[1], row.wgs84_lat, 1e-9, `back from ${datum}`);
    }
  }
});

test("hours become rows and are written again, or are left to the text", async () => {
  const { readHours, writeHours, ALWAYS } = await load("desk/hours_text.js");
  for (const { text, rows, is_closed_on_holidays: isClosed, is_always: isAlways, written } of readVector("hours_rows.json")) {
    const found = readHours(text);
    if (!rows) {
      assert.equal(found, null, text);
      continue;
    }
    assert.deepEqual(found.rows, rows, text);
    assert.equal(found.isClosedOnHolidays, isClosed, text);
    assert.equal(found.isAlways ?? false, isAlways, text);
    assert.equal(isAlways ? ALWAYS : writeHours(rows, isClosed), written, text);
  }
});

test("lengths are told as the server tells them", async () => {
  const { about } = await load("plan/words.js");
  for (const [metres, said] of readVector("lengths.json").cases) assert.equal(about(metres), said, `${metres} m`);
});

test("numbers that would lie on each other stand where the server's pictures have them", async () => {
  const { spread } = await load("shared/spread.js");
  for (const { apart, spots, placed } of readVector("numbers.json")) {
    const found = spread(spots.map(([x, y]) => ({ x, y })), apart);
    found.forEach(({ x, y }, n) => {
      near(x, placed[n][0], 1e-9, `x of number ${n + 1}`);
      near(y, placed[n][1], 1e-9, `y of number ${n + 1}`);
    });
  }
});

test("the address of a map keeps its state, and says it in one way", async () => {
  const { queryOf, readState } = await load("map/state.js");
  const empty = { layers: [], theme: [], kind: [], phase: [], tour: [], site: "", at: "", month: "", base: "", view: null };
  for (const { query, state } of readVector("addresses.json").map) {
    const view = state.view && { lon: state.view[0], lat: state.view[1], zoom: state.view[2] };
    const found = readState(query);
    assert.deepEqual(found, { ...empty, ...state, view: view ?? null });
    assert.deepEqual(readState(queryOf(found)), found);
    const pairs = (text) => [...new URLSearchParams(text)].sort();
    assert.deepEqual(pairs(queryOf(found)), pairs(query));
  }
});

test("the form of the planner asks by the address that the server would write", async () => {
  const { addressOf } = await load("plan/address.js");
  for (const { fields, query } of readVector("addresses.json").plan) {
    const address = new URL(addressOf({ action: "/en/plan", fields }));
    assert.deepEqual(Object.fromEntries(address.searchParams), query);
    assert.doesNotMatch(address.search, /%2C|%3A/);
  }
});

test("limits are the server's", async () => {
  const limits = readVector("limits.json");
  assert.equal((await load("shared/most_must.js")).MOST_MUST, limits.most_must);
  assert.equal((await load("plan/walk.js")).SHORTEST_S, limits.shortest_s);
  assert.deepEqual((await load("map/base_tiles.js")).LEVELS, limits.base_levels);
  assert.equal((await load("map/tile_shapes.js")).TILE_PX, limits.tile_px);
  const { GROWTH, widthAt } = await load("map/line_width.js");
  assert.equal(GROWTH, limits.line_growth);
  for (const [width, zoom, px] of limits.line_widths_px) near(widthAt(width, zoom), px, 0.05, `${width} px at zoom ${zoom}`);
});

test("names stand where the server's pictures have them", async () => {
  const { placeLabels } = await load("map/labels.js");
  const labelOf = ({ is_centred: isCentred, near_only: nearOnly, ...label }) => ({ ...label, isCentred, nearOnly });
  for (const { name, frame, marks, labels, placed } of readVector("labels.json").cases) {
    placeLabels(labels.map(labelOf), marks, frame).forEach((found, n) => {
      assert.equal(found === null, placed[n] === null, `${name}: label ${n}`);
      if (found) [found.x, found.y, found.ux, found.uy, found.side, found.far].forEach((value, k) => near(value, placed[n][k], 1e-6, `${name}: ${k} of label ${n}`));
    });
  }
});

test("names are broken into the lines of the server's pictures", async () => {
  const { breakName } = await load("map/name_lines.js");
  for (const { text, most_em: mostEm, lines } of readVector("labels.json").lines) assert.deepEqual(breakName(text, mostEm), lines);
});

test("marks in a crowd shrink and part as on the server's pictures", async () => {
  const { settleMarks } = await load("map/crowd.js");
  for (const { name, spots, settled } of readVector("labels.json").crowds) {
    settleMarks(spots.map(([x, y]) => ({ x, y }))).forEach(({ x, y, side }, n) => {
      [x, y, side].forEach((value, k) => near(value, settled[n][k], 1e-6, `${name}: ${k} of mark ${n}`));
    });
  }
});

test("towns come before streets, as on the server's pictures", async () => {
  globalThis.L = {}; // of which nothing is asked here
  const { weightOf } = await load("map/base_names.js");
  for (const [kind, from, weight] of readVector("labels.json").weights) near(weightOf(kind, from), weight, 1e-9, kind);
});
