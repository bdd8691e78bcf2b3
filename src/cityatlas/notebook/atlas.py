"""Open a city's folder for people who work in Python: a frame, plans, pictures and a map of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas as gpd

from ..catalogue.catalogue import Catalogue, build_catalogue
from ..city.layers import Layer
from ..exchange.layers.frames import city_frame
from ..handouts.map_file import write_map
from ..i18n import Language, say
from ..planner.itinerary.itinerary import Itinerary
from ..planner.itinerary.itinerary import plan as plan_day
from ..planner.request.read import read_json
from ..settings import read_settings
from .views import MapView, Picture, draw_city

PICTURE_PX = (800, 600)


@dataclass(frozen=True, eq=False, repr=False)
class Atlas:
    """Hold a city that was read and checked; nothing in it changes. `read_city` makes one.

    >>> import cityatlas
    >>> city = cityatlas.read_city("geodata")
    >>> city  # doctest: +ELLIPSIS
    <Atlas ...: 67 features in 7 layers>
    >>> list(city.layers)[:2]
    ['tour_routes', 'integrity_sites']
    """

    catalogue: Catalogue

    def __repr__(self) -> str:
        count = len(self.catalogue.features)
        return f"<Atlas {self.catalogue.city.id}: {count} features in {len(self.layers)} layers>"

    @property
    def layers(self) -> Mapping[str, Layer]:
        """Return the layers by id, in the order of city.toml."""
        return self.catalogue.layers

    @cached_property
    def frame(self) -> gpd.GeoDataFrame:
        """Return all features as one GeoDataFrame in EPSG:4326 (WGS 84), lon before lat.

        The index is a feature's id; `layer` is a category, whole numbers are Int64, yes and no are boolean, all else
        is text: dates and months stay ISO texts. What nobody knows is `pd.NA`, never 0 or False. Lengths and areas
        need metres: `frame.to_crs(frame.estimate_utm_crs())` first. It is made once, and it is yours to change.

        >>> import cityatlas
        >>> frame = cityatlas.read_city("geodata").frame
        >>> frame.crs.to_epsg(), str(frame.index.dtype), str(frame["layer"].dtype), str(frame["visit_min"].dtype)
        (4326, 'string', 'category', 'Int64')
        >>> frame.loc["mo-manor", "name_en"]
        'Mo Family Manor'
        """
        return city_frame(self.catalogue)

    def plan(
        self,
        *,
        date: str | dt.date = "",
        start: str = "",
        end: str = "",
        now: dt.datetime | None = None,
        **wish: object,
    ) -> Itinerary:
        """Return the best tour of a day: stops, legs, sums, and why places are left out.

        `date` is a day of the next 400 ("2026-12-05"), `start` and `end` are times of the city's day ("13:30"); what
        is not said is as on the page /plan. `wish` takes the other keys that README lists for `POST /api/plan`, such
        as `must=["mo-manor"]`, `theme=["family:2"]` or `unknown_hours=True`. `now` is the moment of asking, the
        present one unless said otherwise. In the itinerary times are seconds since midnight, lengths metres. The same
        wish gives the same tour. Raises InvalidTour, with a hint, for a wish that cannot be read, a day that is past,
        and a start that lies off every path.

        >>> import cityatlas
        >>> from datetime import datetime
        >>> city = cityatlas.read_city("geodata")
        >>> day = city.plan(date="2026-12-05", start="13:30", end="15:00", must="li-shutong-memorial",
        ...                 now=datetime(2026, 12, 1, 9))
        >>> day.status, [stop.feature.id for stop in day.stops]
        ('optimal', ['li-shutong-memorial'])
        """
        zone = ZoneInfo(self.catalogue.city.timezone)
        moment = now.replace(tzinfo=now.tzinfo or zone).astimezone(zone) if now else dt.datetime.now(zone)
        said = {"date": str(date), "start": start, "end": end}
        asked = {key: value for key, value in said.items() if value} | wish
        return plan_day(self.catalogue, read_json(asked, self.catalogue, moment))

    def map(self, *, language: Language = "zh", height_px: int = 620) -> MapView:
        """Return the interactive map; a notebook shows it without a server, `save` writes it as one HTML file.

        Marks, lines and areas stand in WGS 84, the page in Web Mercator (EPSG:3857). The page asks no host for
        anything. It has all features in it: of some ten thousand it has megabytes, which a server sends as tiles.

        >>> import cityatlas
        >>> view = cityatlas.read_city("geodata").map(language="en")
        >>> view  # doctest: +ELLIPSIS
        MapView(title='... City Atlas', height_px=620)
        """
        title = say(self.catalogue.city.title, language).text
        return MapView(write_map(self.catalogue, language), title, height_px)

    def picture(
        self, *, size_px: tuple[int, int] = PICTURE_PX, language: Language = "zh", look: str = "light"
    ) -> Picture:
        """Return the city drawn on a sheet; a notebook shows it, `save` writes it as SVG or PNG.

        `size_px` is width and height in pixels, `look` is light, dark or print. Raises InvalidValue for another look.

        >>> import cityatlas
        >>> cityatlas.read_city("geodata").picture(language="en").svg[:4]
        '<svg'
        """
        return draw_city(self.catalogue, size_px, language, look)


def read_city(folder: str | Path | None = None) -> Atlas:
    """Return the city of a folder with a city.toml; without one, what `cityatlas serve` would show.

    It is read as the server reads it and checked whole, but without what staff published since: `cityatlas export OUT/`
    writes a folder that has it. Nothing is written, and nobody is asked over the network. Raises BrokenGeodata with
    every fault of its files; `error.faults` has them one by one.
    """
    return Atlas(build_catalogue(read_settings(geodata=Path(folder) if folder is not None else None)))
