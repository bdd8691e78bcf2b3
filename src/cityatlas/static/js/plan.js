// Begin the planner's page, once folium's map is there; where it did not come, the page still plans.

import { PlanPage } from "./plan/page.js";

if (document.getElementById("plan-day")) {
  const host = window.cityatlas?.map;
  const page = new PlanPage(host);
  document.documentElement.classList.add("plans"); // until then what needs this script keeps its place, unseen
  host?.ready.then(() => page.begin());
}
