// List what is nearest first while the visitor's position is shown. The position stays on this device.

import { crowM } from "../shared/distance.js";

const MOVED_M = 50; // less does not sort the list anew under a finger

export class Nearest {
  /**
   * @param {import("leaflet").Map} map
   * @param {HTMLElement | null} note
   * @param {() => void} onMove
   */
  constructor(map, note, onMove) {
    /** @type {LonLat | null} */
    this.here = null;
    const set = (/** @type {LonLat | null} */ here) => {
      if (here && this.here ? crowM(here, this.here) < MOVED_M : here === this.here) return;
      this.here = here;
      if (note) note.hidden = !here;
      onMove();
    };
    map.on("locationfound", ({ latlng }) => set([latlng.lng, latlng.lat]));
    map.on("locatedeactivate", () => set(null));
  }

  /** Return features, the nearest first; in their own order while nobody asked where one is.
   * @param {MapFeature[]} features
   */
  sorted(features) {
    const { here } = this;
    if (!here) return features;
    const farM = new Map(features.map((one) => [one, crowM(here, one.properties.mark ?? /** @type {LonLat} */ (one.geometry.coordinates))]));
    return [...features].sort((a, b) => Number(farM.get(a)) - Number(farM.get(b)));
  }
}
