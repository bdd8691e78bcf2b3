// Say what passes between the server and the scripts, and between the scripts: the shapes that several files speak of.
// Positions are [lon, lat] in WGS-84 degrees unless a name says else. Nothing here reaches a browser.

type LonLat = [lon: number, lat: number];
type Datum = "WGS-84" | "GCJ-02" | "BD-09";
type Values = Record<string, string | number | null | undefined>; // of the {places} of a sentence

/** What the server tells of the map, in one language (`atlas()`); `planning` on the planner's page alone. */
interface PageData {
  lang: string;
  timezone: string;
  view: { lon: number; lat: number; zoom: number };
  extent: [west: number, south: number, east: number, north: number];
  chosen: Found | null;
  site: string;
  card: string;
  search: string; // "" where no server answers
  search_index: string;
  hours: string;
  extent_of: string; // "" where no server answers
  base: string;
  base_tiles: string;
  is_schematic: boolean;
  credits: { text: string; url: string }[];
  months: string[]; // in which something began
  layers: LayerSpec[];
  groups: Record<string, string>;
  kinds: Record<string, { title: string; icon: string; role: string }>;
  phases: [phase: string, title: string][];
  basemaps: BasemapSpec[];
  styles: Record<string, BaseStyle>;
  shapes: Record<string, string>;
  words: Record<string, string>;
  planning?: Record<string, string>;
  themes: Record<string, string>;
  /** Of a frame in another page alone: how it looks, the extent to fit, and the features that it brings along. */
  look?: { controls: string; gestures: string; list: string };
  fit?: [west: number, south: number, east: number, north: number] | null;
  inline?: { features: InlineFeature[] } | null;
  plan?: MapFeature[] | null; // the ways of a planned day, all of them first; their properties are options of a path
  names_script?: string;
  /** Of the map in one file alone: the basemap's shapes, its cards by id, and the headings of these. */
  shapes_inline?: GeoJSON.FeatureCollection;
  cards?: Record<string, PlaceCard>;
  card_words?: Record<string, string>;
  dark?: { styles: Record<string, BaseStyle>; colours: Record<string, string> }; // where the device decides
}

/** What is needed of a feature to go to it before its layer is there. */
interface Found {
  id: string;
  name: string;
  short?: string; // what the map writes where that is not the name
  kind: string;
  layer: string;
  lon: number;
  lat: number;
}

interface LayerSpec {
  id: string;
  title: string;
  group: string;
  colour: string;
  shape: string;
  visible: boolean;
  count: number;
  url: string;
  tiles?: { zooms: [first: number, last: number]; bbox: [west: number, south: number, east: number, north: number] };
}

interface BasemapSpec {
  id: string;
  title: string;
  datum: Datum;
  tiles: string[];
  subdomains: string;
  attribution: string;
  max_zoom: number;
}

interface BaseStyle {
  fill?: string;
  stroke?: string;
  width?: number;
  dash?: string;
  casing?: string;
}

/** A card as data, in one language; `place_cards.py` writes it. */
interface PlaceCard {
  title: string;
  layer: string;
  note: string;
  summary: string;
  rows: [label: string, text: string][];
  stops: string[];
  phases: [name: string, when: string][];
  sources: [title: string, url: string][];
  page: string;
}

/** A shape of our own basemap. */
type BaseFeature = GeoJSON.Feature<Drawable, { group: string; class: string; name?: string; min_zoom?: number; max_zoom?: number }>;

/** Geometries that hold coordinates, which is all that we have. */
type Drawable = Exclude<GeoJSON.Geometry, GeoJSON.GeometryCollection>;

type PhaseRow = [phase: string, since: string | null, until?: string | null];

/** What a mark is drawn from. */
interface MarkProperties {
  name?: string;
  short?: string; // what the map writes where that is not the name
  kind: string;
  position?: string;
}

/** A notice of a place: its text, the first and the last day on which it holds; "" where it is open. */
type NoticeRow = [text: string, first: string, last: string];

/** The lean properties of a feature; what is absent is left out. */
interface FeatureProperties extends MarkProperties {
  name: string;
  themes?: string[];
  accuracy_m?: number;
  phases?: PhaseRow[];
  hours?: boolean;
  notices?: NoticeRow[];
  stops?: string[];
  is_loop?: boolean;
  runs?: [first: string, last: string]; // months, "" without an end
  mark?: LonLat;
}

interface InlineFeature extends MapFeature {
  properties: FeatureProperties & { layer: string };
}

interface MapFeature extends GeoJSON.Feature<Drawable, FeatureProperties> {
  id: string;
  layerId: string;
}

/** What the address of a page with a map keeps; what is absent is empty. */
interface MapState {
  view: { lon: number; lat: number; zoom: number } | null;
  layers: string[];
  theme: string[];
  kind: string[];
  phase: string[];
  tour: string[];
  site: string;
  at: string;
  month: string;
  base: string;
}

/** What filters look at. */
interface Filterable {
  id: string;
  properties: Pick<FeatureProperties, "kind" | "themes" | "phases" | "stops" | "runs">;
}

/** Where an element asks for opening hours: whether a place is open (null: not known) and when that changes. */
interface Opening {
  open: boolean | null;
  changes_at: string | null;
}

/** A planned day: seconds of the day, metres, positions. */
interface PlanDay {
  day: string;
  begin_s: number;
  end_s: number;
  stops: PlanStop[];
  legs: (PlanLeg | null)[];
  start: LonLat | null;
  end: LonLat | null;
}

interface PlanStop {
  id: string;
  place: string;
  name: string;
  lon: number;
  lat: number;
  begin_s: number;
  end_s: number;
  leave_s: number;
  slack_s: number;
  is_must: boolean;
  is_about: boolean;
  boat: GeoJSON.LineString | GeoJSON.MultiLineString | null;
}

interface PlanLeg {
  line: LonLat[];
  begin_s: number;
  end_s: number;
  length_m: number;
  mode: string;
  estimate?: { words: string; parts: { mode: string; line: LonLat[] }[] };
  ride?: { board: string; alight: string; at: LonLat; begin_s: number; end_s: number; parts: { mode: string; line: LonLat[] }[] };
}

/** A field of a form as the desk is sent it. */
type Pair = [name: string, value: string];

/** What folium's script calls, and what the scripts of one page know each other by. */
interface CityAtlas {
  atlas: PageData;
  CatalogueLayer: typeof import("../map/layers.js").CatalogueLayer;
  TiledLayer?: new (id: string) => import("../map/layers.js").CatalogueLayer;
  element: typeof import("./dom.js").element;
  layer(id: string): import("leaflet").Layer;
  basemap(id: string): import("leaflet").Layer;
  overview(map: import("leaflet").Map, options: object): void;
  start: Function; // by folium's script alone, with what `layer` and `basemap` gave it
  map?: import("../map/atlas_map.js").AtlasMap;
  frame?: import("../embed/embed_map.js").EmbedMap;
  nameFrame?(map: import("leaflet").Map, basemaps: import("../map/basemaps.js").Basemaps, choose: (id: string) => void): { later(): void };
  drawing?: import("../desk_map.js").DrawingMap;
}

interface Window {
  cityatlas: CityAtlas;
}
