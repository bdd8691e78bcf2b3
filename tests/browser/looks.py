"""Ask the browser in which look a page and its map are drawn."""

from __future__ import annotations

GROUND = "() => getComputedStyle(document.querySelector('#picture rect')).fill"
DARK, LIGHT = "rgb(27, 36, 43)", "rgb(246, 241, 230)"
# The colour of the map beside all that is drawn on it, once something is: a corner of the canvas.
CANVAS = """async () => {
  const canvas = document.querySelector('.leaflet-base-pane canvas');
  for (let tries = 0; tries < 100; tries += 1) {
    const seen = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let sum = 0;
    let count = 0;
    for (let at = 0; at < seen.length; at += 404) if (seen[at + 3]) { sum += seen[at]; count += 1; }
    if (count) return sum / count;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return NaN;
}"""
