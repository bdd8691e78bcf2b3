// Keep plans in this browser by name, day and address, and list them where there is no plan; nothing is sent anywhere.

import { button, element, find, icon, tell } from "../shared/dom.js";
import { dayWords, planWord } from "./words.js";

const KEPT = "cityatlas.plans";
const MOST = 50;
const NAME_LETTERS = 80;

/** A plan that was kept; `query` is what its address asks for.
 * @typedef {{name: string, day: string, query: string}} KeptPlan
 */

/** @param {unknown} plan */
const isPlan = (plan) => {
  const { name, day, query } = /** @type {Record<string, unknown>} */ (plan ?? {});
  return [name, day, query].every((text) => typeof text === "string") && /^\d{4}-\d\d-\d\d$/.test(String(day));
};

/** Return the plans that this browser keeps, the last one first.
 * @returns {KeptPlan[]}
 */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isPlan).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Keep plans, and return whether the browser does.
 * @param {KeptPlan[]} plans
 */
function write(plans) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(plans.slice(0, MOST)));
    return true;
  } catch {
    return false;
  }
}

export class MyPlans {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.list = find(section, "ul");
  }

  /** Keep a plan before all others, in the stead of one with the same address.
   * @param {KeptPlan} plan
   */
  keep(plan) {
    const others = read().filter(({ query }) => query !== plan.query);
    tell(planWord(write([plan, ...others]) ? "planmap.js_kept" : "planmap.js_not_kept"));
  }

  /** Show the list, or nothing where a plan is shown or none is kept.
   * @param {boolean} isWanted
   */
  show(isWanted) {
    const plans = isWanted ? read() : [];
    this.section.hidden = !plans.length;
    this.list.replaceChildren(...plans.map((plan) => this.row(plan)));
  }

  /** @param {KeptPlan} plan */
  row(plan) {
    const link = element("a", "kept-name", plan.name);
    link.href = `${location.pathname}?${plan.query}`;
    const row = element("li", "", link, element("span", "soft small", dayWords(plan.day)));
    const tools = element("span", "kept-tools");
    tools.append(
      this.tool("ui-list", "planmap.js_rename", plan, () => this.rename(row, plan)),
      this.sharer(plan, link.href),
      this.tool("ui-close", "planmap.js_delete", plan, () => this.change(plan, null)),
    );
    row.append(tools);
    return row;
  }

  /** Return a button with a drawing, whose words name the plan.
   * @param {string} drawing
   * @param {string} key
   * @param {KeptPlan} plan
   * @param {() => void} act
   */
  tool(drawing, key, { name }, act) {
    const made = button("", act, "tool");
    made.append(icon(drawing));
    made.setAttribute("aria-label", planWord(key, { name }));
    return made;
  }

  /** Return the button that shares a plan, as the page's own one does (pages/share.js).
   * @param {KeptPlan} plan
   * @param {string} address
   */
  sharer(plan, address) {
    const made = this.tool("ui-share", "planmap.js_share", plan, () => {});
    const { done = "", failed = "" } = this.section.dataset;
    Object.assign(made.dataset, { share: address, title: plan.name, done, failed });
    return made;
  }

  /** Let the name be written anew in its row.
   * @param {HTMLElement} row
   * @param {KeptPlan} plan
   */
  rename(row, plan) {
    const input = element("input");
    Object.assign(input, { value: plan.name, maxLength: NAME_LETTERS });
    input.setAttribute("aria-label", planWord("planmap.js_name"));
    const form = element("form", "kept-form", input, element("button", "button", planWord("planmap.js_save")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.change(plan, { ...plan, name: input.value.trim() || plan.name });
    });
    row.replaceChildren(form);
    input.select();
  }

  /** Put another plan in the stead of one, or take it away; the focus goes on to what is there then.
   * @param {KeptPlan} plan
   * @param {KeptPlan | null} other
   */
  change(plan, other) {
    const plans = read();
    const index = plans.findIndex(({ query }) => query === plan.query);
    plans.splice(index, index < 0 ? 0 : 1, ...(other ? [other] : []));
    write(plans);
    this.show(true);
    const links = /** @type {NodeListOf<HTMLElement>} */ (this.list.querySelectorAll(".kept-name"));
    (links[Math.min(index, links.length - 1)] ?? document.getElementById("plan-day"))?.focus();
  }
}
