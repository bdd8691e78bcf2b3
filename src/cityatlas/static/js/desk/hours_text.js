// Turn rows of days and times into opening hours in OSM syntax, and such hours back into rows.

/** @typedef {{days: string[], from: string, to: string}} HoursRow */

export const ALWAYS = "24/7";
export const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const DAY = DAYS.join("|");
const RULE = new RegExp(`^(?:((?:${DAY}|PH)(?:-(?:${DAY}))?(?:,\\s*(?:${DAY}|PH)(?:-(?:${DAY}))?)*)\\s+)?(off|closed|\\d\\d:\\d\\d-\\d\\d:\\d\\d(?:,\\s*\\d\\d:\\d\\d-\\d\\d:\\d\\d)*)$`);
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Return the hours of rows [{days, from, to}]; `days` are of DAYS or "PH", and rows of one day add up.
 * @param {HoursRow[]} rows
 * @param {boolean} isClosedOnHolidays
 */
export function writeHours(rows, isClosedOnHolidays) {
  const times = new Map([...DAYS, "PH"].map((day) => [day, timesOn(rows, day)]));
  /** @type {{days: string[], text: string}[]} */
  const rules = [];
  for (const day of DAYS) {
    const text = times.get(day);
    const same = rules.find((rule) => rule.text === text);
    if (text && same) same.days.push(day);
    else if (text) rules.push({ days: [day], text });
  }
  const told = rules.map(({ days, text }) => `${joined(days)} ${text}`);
  const onHolidays = isClosedOnHolidays ? "off" : times.get("PH");
  return [...told, ...(onHolidays ? [`PH ${onHolidays}`] : [])].join("; ");
}

/**
 * @param {HoursRow[]} rows
 * @param {string} day
 */
function timesOn(rows, day) {
  const found = rows.filter(({ days, from, to }) => days.includes(day) && from && to).map(({ from, to }) => `${from}-${to}`);
  return [...new Set(found)].sort().join(",");
}

/** Return days as OSM writes them: neighbours as a range, Mo-Fr,Su.
 * @param {string[]} days
 */
function joined(days) {
  /** @type {{first: number, last: number}[]} */
  const runs = [];
  for (const number of days.map((day) => DAYS.indexOf(day))) {
    const run = runs[runs.length - 1];
    if (run?.last === number - 1) run.last = number;
    else runs.push({ first: number, last: number });
  }
  return runs.map(({ first, last }) => (last > first ? `${DAYS[first]}-${DAYS[last]}` : DAYS[first])).join(",");
}

/** Return {rows, isClosedOnHolidays} of hours, or null when they say more than rows can.
 * @param {string} text
 * @returns {{rows: HoursRow[], isClosedOnHolidays: boolean, isAlways?: boolean} | null}
 */
export function readHours(text) {
  if (text.trim() === ALWAYS) return { rows: [], isClosedOnHolidays: false, isAlways: true };
  /** @type {Map<string, string[][]>} */
  const times = new Map();
  for (const part of text.split(";").map((rule) => rule.trim()).filter(Boolean)) {
    const found = RULE.exec(part);
    if (!found) return null;
    const ranges = /off|closed/.test(found[2]) ? [] : found[2].split(/,\s*/).map((range) => range.split("-"));
    if (ranges.some((range) => !range.every((clock) => CLOCK.test(clock)))) return null;
    for (const day of spread(found[1] ?? "Mo-Su")) times.set(day, ranges); // a later rule wins
  }
  /** @type {HoursRow[]} */
  const rows = [];
  for (const [day, ranges] of times) {
    for (const [from, to] of ranges) {
      const same = rows.find((row) => row.from === from && row.to === to);
      if (same) same.days.push(day);
      else rows.push({ days: [day], from, to });
    }
  }
  return { rows, isClosedOnHolidays: times.get("PH")?.length === 0 };
}

/** Return the days that Mo-Fr,Su names; a range may run over Sunday.
 * @param {string} text
 */
function spread(text) {
  return text.split(/,\s*/).flatMap((part) => {
    const [first, last] = part.split("-").map((day) => DAYS.indexOf(day));
    if (last === undefined) return [part];
    const length = ((last - first + 7) % 7) + 1;
    return Array.from({ length }, (_, n) => DAYS[(first + n) % 7]);
  });
}
