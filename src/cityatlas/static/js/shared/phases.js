// Tell the phase of a project at a month; the same rule as the server's (tests/data/phases.json holds both to it).

import { atlas } from "./page_data.js";

const order = atlas ? atlas.phases.map(([phase]) => phase) : [];

/** Return {phase, since, step} at a month ("YYYY-MM"; "" is the latest known), or null before the first.
 * @param {PhaseRow[] | undefined} phases
 * @param {string} month
 */
export function phaseAt(phases, month) {
  const begun = (phases ?? []).filter(([, from]) => !month || (from ?? "") <= month);
  if (!begun.length) return null;
  const [phase, since] = begun[begun.length - 1];
  return { phase, since, step: order.indexOf(phase) + 1 };
}

/** Return whether a feature was there in a month: of a project its phases say so, of a tour route the months in which it
 * runs; anything else is taken to be there (tests/data/filters.json).
 * @param {Filterable["properties"]} properties
 * @param {string} month
 * @returns {"there" | "absent" | "unknown"}
 */
export function presenceAt({ stops, runs, phases }, month) {
  if (stops?.length) {
    const [first, last] = runs ?? ["", ""];
    if ((first && month < first) || (last && month > last)) return "absent";
    return first ? "there" : "unknown";
  }
  if (!phases?.length) return "there";
  const state = phaseAt(phases, month);
  if (!state) return "absent";
  return state.since ? "there" : "unknown";
}

/** @param {string} phase */
export const phaseTitle = (phase) => atlas.phases.find(([name]) => name === phase)?.[1] ?? phase;
