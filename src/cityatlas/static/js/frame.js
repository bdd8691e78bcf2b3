// Tell the page around a frame without a map how high it is, and bring the map where its picture is tapped.

import { Host } from "./embed/host.js";

new Host();
const open = document.getElementById("open-map");
// In place, so that "back" in the page around it leads out of that page; WordPress' secret goes along.
open?.addEventListener("click", () => location.replace(open.dataset.map + location.hash));
