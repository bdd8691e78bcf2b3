// List what is nearest first while the visitor's position is shown. The position stays on this device.

import { crowM } from "../shared/distance.js";
import { atlas, word } from "../shared/page_data.js";

const MOVED_M = 50; // less does not sort the list anew under a finger

export class Nearest {
  /**
   * @param {import("leaflet").Map} map
   * @param {HTMLElement | null} note
   * @param {() => void} onMove
   */
  constructor(map, note, onMove) {
    this.map = map;
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

  /** Return how far a place is in words, from the visitor; else nothing, or from the middle of the map.
   * @param {LonLat} place
   * @param {boolean} isAlways
   */
  farWords(place, isAlways = false) {
    if (!this.here && !isAlways) return "";
    const metres = this.farM(place);
    if (metres < 995) return word(this.here ? "away_m" : "middle_m", { n: Math.round(metres / 10) * 10 });
    return word(this.here ? "away_km" : "middle_km", { n: (metres / 1000).toFixed(1) });
  }

  /** Return the metres from the visitor, else from the middle of the map.
   * @param {LonLat} place
   */
  farM(place) {
    const { lng, lat } = this.map.getCenter();
    return crowM(this.here ?? [lng, lat], place);
  }

  /** Return what was found, of those with one name the nearest first.
   * @param {Found[]} found
   */
  ordered(found) {
    const first = (/** @type {Found} */ { name }) => found.findIndex((one) => one.name === name);
    return [...found].sort((a, b) => first(a) - first(b) || this.farM([a.lon, a.lat]) - this.farM([b.lon, b.lat]));
  }

  /** Return features, the nearest first and routes last; in their own order while nobody asked where one is.
   * @param {MapFeature[]} features
   */
  sorted(features) {
    const { here } = this;
    if (!here) return features;
    const far = new Map(features.map((one) => [one, isRoute(one) ? Infinity : this.farM(placeOf(one))]));
    return [...features].sort((a, b) => (Number(far.get(a)) < Number(far.get(b)) ? -1 : Number(far.get(a) !== far.get(b))));
  }

  /** Return how far a feature is from the visitor; of a route, and while nobody asked, nothing.
   * @param {MapFeature} feature
   */
  noteOf(feature) {
    return isRoute(feature) ? "" : this.farWords(placeOf(feature));
  }
}

/** @param {MapFeature} feature */
const isRoute = ({ properties: { kind } }) => atlas.kinds[kind].role === "route";
/** @param {MapFeature} feature */
const placeOf = ({ properties, geometry }) => properties.mark ?? /** @type {LonLat} */ (geometry.coordinates);
