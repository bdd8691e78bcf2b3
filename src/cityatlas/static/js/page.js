// Serve the pages without a map: language, sharing, opening, the visitor's own list, the builder of frames, stamps, reading aloud.

import { followBuilder } from "./pages/builder.js";
import { findHere } from "./pages/find_here.js";
import { rememberLanguage } from "./pages/languages.js";
import { followLooks } from "./pages/looks.js";
import { fillOpening } from "./pages/opening.js";
import { renewKept } from "./pages/offline.js";
import { readAloud } from "./pages/read_aloud.js";
import { shareOnClick } from "./pages/share.js";
import { collectStamps } from "./pages/stamps.js";
import { tourByButtons } from "./pages/tour_buttons.js";

rememberLanguage();
followLooks();
shareOnClick();
tourByButtons();
fillOpening();
followBuilder();
collectStamps();
readAloud();
renewKept();
findHere();
