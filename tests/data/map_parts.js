// <div class="folium-map" id="map_2" ></div>
var map_2 = L.map(
"map_2",
{
center: [30.7, 121.015],
crs: L.CRS.EPSG3857,
...{
"maxBounds": [
[
30.6,
120.9,
],
[
30.8,
121.1,
],
],
"zoom": 14,
"zoomControl": false,
"preferCanvas": false,
"minZoom": 10,
"maxZoom": 18,
}
}
);
L.control.scale().addTo(map_2);
L.control.zoom( { position: "topright" } ).addTo(map_2);
var pane_3 = map_2.createPane(
"base");
pane_3.style.zIndex = 150;
var pane_4 = map_2.createPane(
"areas");
pane_4.style.zIndex = 410;
var pane_5 = map_2.createPane(
"lines");
pane_5.style.zIndex = 420;
var pane_6 = map_2.createPane(
"marks");
pane_6.style.zIndex = 610;
var pane_7 = map_2.createPane(
"plan");
pane_7.style.zIndex = 620;
var basemap_8 = cityatlas.basemap("schematic");
var catalogue_layer_9 = cityatlas.layer("sights");
var catalogue_layer_a = cityatlas.layer("works");
var marker_cluster_b = L.markerClusterGroup(
{
"maxClusterRadius": 28,
"disableClusteringAtZoom": 17,
"showCoverageOnHover": false,
"chunkedLoading": true,
}
);
marker_cluster_b.addTo(map_2);
L.control.fullscreen(
{
"position": "topright",
"title": "Full Screen",
"titleCancel": "Exit Full Screen",
"forceSeparateButton": false,
}
).addTo(map_2);
L.control.groupedLayers(
null,
{
"visit" : {
"sights" : catalogue_layer_9,
},
"build" : {
"works" : catalogue_layer_a,
},
},
{
"collapsed": true,
"position": "topright",
},
).addTo(map_2);
var locate_control_e = L.control.locate(
{"flyTo": false, "position": "topright"}
).addTo(map_2);
cityatlas.overview(map_2, {
"position": "bottomright",
"width": 140,
"height": 110,
"collapsedWidth": 25,
"collapsedHeight": 25,
"zoomLevelOffset": -5,
"centerFixed": false,
"zoomAnimation": false,
"toggleDisplay": true,
"autoToggleDisplay": false,
"minimized": false,
});
cityatlas.start(map_2, marker_cluster_b, { "sights": catalogue_layer_9, "works": catalogue_layer_a, }, { "schematic": basemap_8, });
