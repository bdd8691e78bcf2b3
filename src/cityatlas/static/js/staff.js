// Begin what the pages of the desk do in the browser. Each module looks for its own place on the page.

import "./edit_lists.js";
import "./edit_hours.js";
import "./edit_phases.js";
import "./edit_place.js";
import "./edit_route.js";
import "./edit_keep.js";
import "./edit_others.js";
import "./edit_missing.js";
import "./edit_photos.js";
import "./edit_upload.js";
import "./staff_import.js";
import "./staff_table.js";
import "./edit_focus.js"; // last: what the others make is there by then
