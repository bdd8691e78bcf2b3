// Define <city-atlas> in somebody else's page. The frames come from where this script came from.

import { CityAtlasElement } from "./embed/element.js";

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
CityAtlasElement.base = new URL("..", script?.src || location.href).href;
if (!customElements.get("city-atlas")) customElements.define("city-atlas", CityAtlasElement);
