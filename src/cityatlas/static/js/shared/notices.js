// Choose the notices that hold on a day; the same rule as the server's (tests/data/notices.json holds both to it).

import { atlas } from "./page_data.js";

/** Return the texts of the notices that hold on a day ("2026-12-05"); "" as first or last day is open.
 * @param {NoticeRow[] | undefined} notices
 * @param {string} day
 */
export const noticesOn = (notices, day) =>
  (notices ?? []).filter(([, first, last]) => first <= day && (!last || day <= last)).map(([text]) => text);

/** Return the day in the city's zone as ISO text. */
export const cityDay = () => new Intl.DateTimeFormat("sv-SE", { timeZone: atlas.timezone }).format(new Date());
