// Begin what the pages of the desk do in the browser. Each module looks for its own place on the page.

import "./desk/row_lists.js";
import "./desk/hours.js";
import "./desk/phase_timeline.js";
import "./desk/place.js";
import "./desk/route.js";
import "./desk/autosave.js";
import "./desk/sources.js";
import "./desk/kind_groups.js";
import "./desk/others.js";
import "./desk/missing_language.js";
import "./desk/photos.js";
import "./desk/photo_drop.js";
import "./desk/upload.js";
import "./desk/import_progress.js";
import "./desk/table.js";
import "./desk/verify.js";
import "./desk/focus.js"; // last: what the others make is there by then
