// Serve the pages without a map: language, sharing, opening, the visitor's own list.

import { rememberLanguage } from "./languages.js";
import { fillOpening } from "./opening.js";
import { shareOnClick } from "./share.js";
import { keepTour } from "./tour_buttons.js";

rememberLanguage();
shareOnClick();
keepTour();
fillOpening();
