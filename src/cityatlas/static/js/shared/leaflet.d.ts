// Say what Leaflet's plugins add to it, and the few of its own inner parts that our controls reach into.

import * as L from "leaflet";
import "leaflet.markercluster";

declare module "leaflet" {
  interface Map {
    attributionControl: Control.Attribution;
    /** Projects everything on the map anew; Leaflet has no public call for a changed CRS. */
    _resetView(center: LatLng, zoom: number): void;
  }

  interface GridLayer {
    _getTilePos(coords: Coords): Point;
    _getTiledPixelBounds(center: LatLng): Bounds;
  }

  interface Icon {
    _setIconStyles(pin: HTMLElement, name: string): void;
  }

  interface Polyline {
    getElement(): SVGElement | undefined;
  }

  namespace DomEvent {
    function off(node: HTMLElement, types: string): typeof DomEvent; // all listeners of a type
  }

  namespace control {
    function locate(options?: object): Control;
    function fullscreen(options?: object): Control;
  }

  namespace Control {
    /** leaflet-groupedlayercontrol, of which only what we word anew is told. */
    class GroupedLayers extends Control {
      _container: HTMLElement;
      _overlaysList: HTMLElement;
      _expand(): void;
      _collapse(): void;
      _addItem(entry: { name: string }): HTMLElement;
      _initLayout(): void;
    }

    class MiniMap extends Control {
      constructor(layer: Layer, options?: object);
      _miniMap: Map;
      getContainer(): HTMLElement;
    }
  }
}
