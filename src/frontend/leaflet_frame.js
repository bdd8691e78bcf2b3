// What a frame in other people's pages takes of Leaflet, as its global L: no popups, no pictures laid over the map, no
// choice of layers, no circles and rectangles, no marks of its own. A tenth of a frame's weight.
import { Control, control } from "leaflet/src/control/Control.js";
import { Attribution, attribution } from "leaflet/src/control/Control.Attribution.js";
import { Scale, scale } from "leaflet/src/control/Control.Scale.js";
import { Zoom, zoom } from "leaflet/src/control/Control.Zoom.js";
import * as core from "leaflet/src/core/index.js";
import * as dom from "leaflet/src/dom/index.js";
import * as geo from "leaflet/src/geo/index.js";
import * as geometry from "leaflet/src/geometry/index.js";
import { GeoJSON, geoJSON } from "leaflet/src/layer/GeoJSON.js";
import { FeatureGroup, featureGroup } from "leaflet/src/layer/FeatureGroup.js";
import { Layer } from "leaflet/src/layer/Layer.js";
import { LayerGroup, layerGroup } from "leaflet/src/layer/LayerGroup.js";
import { DivIcon, divIcon } from "leaflet/src/layer/marker/DivIcon.js";
import { Icon } from "leaflet/src/layer/marker/Icon.js";
import { IconDefault } from "leaflet/src/layer/marker/Icon.Default.js";
import { Marker, marker } from "leaflet/src/layer/marker/Marker.js";
import { GridLayer, gridLayer } from "leaflet/src/layer/tile/GridLayer.js";
import { TileLayer, tileLayer } from "leaflet/src/layer/tile/TileLayer.js";
import { Tooltip, tooltip } from "leaflet/src/layer/Tooltip.js";
import { Canvas, canvas } from "leaflet/src/layer/vector/Canvas.js";
import { Path } from "leaflet/src/layer/vector/Path.js";
import { Polygon, polygon } from "leaflet/src/layer/vector/Polygon.js";
import { Polyline, polyline } from "leaflet/src/layer/vector/Polyline.js";
import { Renderer } from "leaflet/src/layer/vector/Renderer.js";
import "leaflet/src/layer/vector/Renderer.getRenderer.js";
import { SVG, svg } from "leaflet/src/layer/vector/SVG.js";
import * as map from "leaflet/src/map/index.js";

Icon.Default = IconDefault;
Object.assign(Control, { Attribution, Scale, Zoom });
Object.assign(control, { attribution, scale, zoom });
globalThis.L = {
  ...core, ...dom, ...geo, ...geometry, ...map,
  Canvas, Control, DivIcon, FeatureGroup, GeoJSON, GridLayer, Icon, Layer, LayerGroup, Marker, Path, Polygon, Polyline, Renderer,
  SVG, TileLayer, Tooltip,
  canvas, control, divIcon, featureGroup, geoJSON, gridLayer, layerGroup, marker, polygon, polyline, svg, tileLayer, tooltip,
};
