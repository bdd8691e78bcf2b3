// Draw the map in the dark where the frame's look is the device's.

import { atlas, specOf } from "../shared/page_data.js";

/** Take the dark colours, where there is a choice and the device is dark; when it changes, draw all anew. */
export function followDark() {
  if (!atlas.dark) return;
  const device = matchMedia("(prefers-color-scheme: dark)");
  device.addEventListener("change", () => location.reload());
  if (!device.matches) return;
  Object.assign(atlas.styles, atlas.dark.styles);
  for (const [id, colour] of Object.entries(atlas.dark.colours)) specOf(id).colour = colour;
}
