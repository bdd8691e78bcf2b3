// What TypeScript needs to know of <city-atlas> in somebody's page.

import { CityAtlasElement } from "./element.js";

interface CityAtlasEvents {
  ready: CustomEvent<{ features: number }>;
  select: CustomEvent<{ id: string }>;
  move: CustomEvent<{ lon: number; lat: number; zoom: number }>;
  error: CustomEvent<{ reason: "blocked" | "unknown_site" | "layer_failed"; id?: string; layer?: string }>;
}

declare module "./element.js" {
  interface CityAtlasElement {
    addEventListener<K extends keyof CityAtlasEvents>(type: K, hear: (event: CityAtlasEvents[K]) => void): void;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "city-atlas": CityAtlasElement;
  }
}
