// Join the plugins to the calls that folium writes. Runs once, after Leaflet and before our own modules.
// ICON_FILES is put in by build.mjs: {iconUrl, iconRetinaUrl, shadowUrl}, file names beside this script.

// folium writes L.control.fullscreen(...); leaflet.fullscreen 4 and later only has the class.
L.control.fullscreen = (options) => new L.Control.FullScreen(options);
L.Control.Fullscreen = L.Control.FullScreen;

// Leaflet looks for its marker images beside a style sheet named leaflet.css, which a bundle has not.
if (document.currentScript && document.currentScript.src) {
  L.Icon.Default.imagePath = new URL(".", document.currentScript.src).href;
}
L.Icon.Default.mergeOptions(ICON_FILES);

// No flag and no outgoing link in the corner; the credits of the map stay.
L.Control.Attribution.prototype.options.prefix = false;
