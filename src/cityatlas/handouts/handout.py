"""Gather what every file of an itinerary tells, in one language: names, times, notes and addresses.

Draw an address as a QR code: SVG with its quiet zone, black on white, to be read from paper.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import segno
from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..city.basemap import credit_line
from ..city.layers import Feature
from ..city.ride_estimates import RIDE_MODES
from ..i18n import Language, length_words, say, translate
from ..planner.itinerary.itinerary import Itinerary, ItineraryStop, Leg
from ..planner.request.request import TourRequest, clock
from .day.day_map import modes_drawn

Degrees = list[tuple[float, float]]  # lon, lat in WGS-84


@dataclass(frozen=True)
class Tip:
    """Hold where a tour starts or ends: WGS-84 degrees; a point that the visitor gave counts as located."""

    lon: float
    lat: float
    name: str
    is_located: bool


@dataclass(frozen=True, eq=False)
class Handout:
    """Hold an itinerary with the city's title and zone, the plan's own address, and the address of a feature's page.

    `credits` says in one line whose data a file shows that draws the day, `estimates` on what the minutes of each mode
    rest that is ridden by estimate; `seats` are those of one vehicle by mode, `open_air` the kinds of spaces
    without a door, of whose unknown hours nobody is asked.
    """

    itinerary: Itinerary
    language: Language
    title: str
    timezone: str
    link: str
    page_of: Callable[[Feature], str]
    start: Tip | None
    end: Tip | None
    credits: str = ""
    seats: Mapping[str, int] = field(default_factory=dict)
    estimates: tuple[str, ...] = ()
    open_air: frozenset[str] = frozenset()

    def words(self, key: str, **values: object) -> str:
        """Return a sentence of the interface."""
        return translate(key, self.language, **values)

    def name(self, feature: Feature) -> str:
        """Return a feature's name."""
        return say(feature.name, self.language).text

    @property
    def day(self) -> date:
        """Return the day of the tour."""
        return self.itinerary.request.day

    @property
    def day_words(self) -> str:
        """Return the day with its weekday."""
        return f"{self.day.isoformat()} {self.words(f'planner.weekday_{self.day.weekday()}')}"

    @property
    def span(self) -> str:
        """Return from when to when the tour takes: HH:MM–HH:MM."""
        return span(self.itinerary.begin_s, self.itinerary.end_s)

    @property
    def until(self) -> str:
        """Return when the tour ends as HH:MM."""
        return clock(self.itinerary.end_s)

    def times(self, stop: ItineraryStop) -> str:
        """Return from when to when a visit takes: HH:MM–HH:MM."""
        return span(stop.begin_s, stop.end_s)

    def moment(self, seconds: int) -> datetime:
        """Return a time of the tour's day in the city's zone, in whole minutes as the plan's page shows it."""
        return datetime.combine(self.day, time(), tzinfo=ZoneInfo(self.timezone)) + timedelta(minutes=seconds // 60)


def make_handout(
    catalogue: Catalogue, itinerary: Itinerary, language: Language, link: str, page_of: Callable[[Feature], str]
) -> Handout:
    """Return the handout of an itinerary; `link` and what `page_of` returns are whole addresses."""
    request, city = itinerary.request, catalogue.city
    legs = itinerary.legs or (None,)
    return Handout(
        itinerary=itinerary,
        language=language,
        title=say(city.title, language).text,
        timezone=city.timezone,
        link=link,
        page_of=page_of,
        start=_tip(catalogue, request.start_at, legs[0], 0, language),
        end=_tip(catalogue, request.end_at, legs[-1], -1, language),
        credits=credit_line(catalogue.attributions, language),
        seats={mode: estimate.seats for mode, estimate in city.rides.items()},
        estimates=tuple(estimate_words(catalogue, itinerary, language)),
        open_air=frozenset(key for key, kind in city.kinds.items() if kind.open_air),
    )


def estimate_words(catalogue: Catalogue, itinerary: Itinerary, language: Language) -> Iterator[str]:
    """Yield for each mode that a day rides by estimate on what its metres and minutes rest; nothing without one."""
    ridden = {leg.mode for leg in itinerary.legs if leg and leg.is_estimate}
    for mode in (mode for mode in RIDE_MODES if mode in ridden):
        source = say(catalogue.city.rides[mode].source, language).text
        yield translate("take.estimate", language, mode=translate(f"planner.mode_{mode}", language), source=source)


def _tip(catalogue: Catalogue, asked: str, leg: Leg | None, end: int, language: Language) -> Tip | None:
    """Return a start or end that was asked for: a feature, or a point as "lon,lat"."""
    if not asked or leg is None or not leg.coords:
        return None
    if feature := catalogue.features.get(asked):
        is_located = feature.position_class != "schematic"
        return Tip(feature.lon, feature.lat, say(feature.name, language).text, is_located)
    lon, lat = (float(number) for number in asked.split(","))
    return Tip(lon, lat, translate("planner.point", language, point=asked), is_located=True)


def span(begin_s: int, end_s: int) -> str:
    """Return two times of a day as HH:MM–HH:MM."""
    return f"{clock(begin_s)}–{clock(end_s)}"


def unknown_hours(handout: Handout) -> str:
    """Return in one sentence at which stops the hours are unknown, and which to check first; empty without any."""
    stops = handout.itinerary.stops
    numbers = [n for n, stop in enumerate(stops, 1) if "hours_unknown" in stop.warnings]
    if not numbers:
        return ""
    checked = [n for n in numbers if stops[n - 1].feature.kind not in handout.open_air]
    are_all = len(numbers) == len(stops) > 1
    unknown = handout.words(f"planner.hours_unknown_{'all' if are_all else 'stops'}", numbers=_joined(handout, numbers))
    if not checked:
        return handout.words("planner.hours_open_air", unknown=unknown)
    key = "planner.hours_check" if checked == numbers else "planner.hours_check_some"
    return handout.words(key, unknown=unknown, numbers=_joined(handout, checked))


def _joined(handout: Handout, numbers: Iterable[int]) -> str:
    return handout.words("unit.list_comma").join(map(str, numbers))


def _warning_words(handout: Handout, stop: ItineraryStop, warning: str) -> str:
    is_open_air = warning == "hours_unknown" and stop.feature.kind in handout.open_air
    minutes = (stop.end_s - stop.begin_s) // 60
    return handout.words("planner.note_hours_open_air" if is_open_air else f"planner.note_{warning}", n=minutes)


def is_located(stop: ItineraryStop) -> bool:
    """Return whether somebody has located the place where a visit begins: nobody is led to one that is only drawn."""
    return stop.place.position_class != "schematic"


def stop_name(handout: Handout, number: int) -> str:
    """Return the name of the stop by its number from 1; one whose position is only drawn says so."""
    stop = handout.itinerary.stops[number - 1]
    mark = "" if is_located(stop) else handout.words("take.schematic_mark")
    return f"{number}. {handout.name(stop.feature)}{mark}"


def stop_notes(handout: Handout, stop: ItineraryStop, without: Collection[str] = ()) -> list[str]:
    """Return what to know of a stop, in a sentence each: the programme first, then notices and what is not sure.

    A schematic position is told by each file in its own way, other warnings `without` those named.
    """
    warnings = [warning for warning in stop.warnings if warning not in ("schematic", *without)]
    notices = (notice for notice in stop.feature.notices if notice.covers(handout.day))
    notes = [say(notice.text, handout.language).text for notice in notices]
    notes += [_warning_words(handout, stop, warning) for warning in warnings]
    if (phone := stop.feature.phone) and not {"hours_unknown", "boat_unknown"}.isdisjoint(stop.warnings):
        notes.append(handout.words("take.call", phone=phone))
    if stop.is_boat and stop.place.id != stop.feature.id:
        notes.append(handout.words("planner.note_boat_from") + handout.name(stop.place))
    return programme_notes(handout, stop) + notes


def programme_notes(handout: Handout, stop: ItineraryStop) -> list[str]:
    """Return the programme that was chosen for a stop, and how to book it."""
    if not stop.programme:
        return []
    texts = [say(told, handout.language).text for told in (stop.programme.title, stop.programme.booking)]
    return [handout.words("take.programme", title=handout.words("unit.comma").join(text for text in texts if text))]


def way_words(handout: Handout, leg: Leg) -> str:
    """Return how one gets to a stop: how far and how long one walks, which boat one takes, how far one rides."""
    return handout.words("unit.comma").join(_span_words(handout, span) for span in leg.spans)


def _span_words(handout: Handout, leg: Leg) -> str:
    """Return one walk or one ride; along drawn paths metres and minutes are about right only."""
    if leg.ride:
        return handout.words("take.ride", **ride_words(handout, leg))
    length = length_words(leg.length_m, handout.language, is_about=True)
    minutes = handout.words("unit.min", n=max(1, round((leg.end_s - leg.begin_s) / 60)))
    told = handout.words("take.by_bus", **_bus_names(handout, leg)) if leg.bus else ""
    return told + handout.words(f"take.way_{leg.mode}", length=length, minutes=minutes)


def _bus_names(handout: Handout, leg: Leg) -> dict[str, str]:
    """Return what a sentence says of a bus: its line, and where one boards and alights."""
    assert leg.bus is not None
    names = {"board": handout.name(leg.bus.board), "alight": handout.name(leg.bus.alight)}
    return names | {"line": say(leg.bus.line.title, handout.language).text}


def ride_words(handout: Handout, leg: Leg) -> dict[str, str]:
    """Return what a sentence says of a ride: its line, its landings, and when it leaves and arrives."""
    ride = leg.ride
    assert ride is not None
    names = {"line": ride.line, "board": ride.board, "alight": ride.alight}
    times = {"begin": clock(ride.board_s), "end": clock(ride.alight_s)}
    return {key: handout.name(feature) for key, feature in names.items()} | times


def leg_notes(handout: Handout, leg: Leg) -> list[str]:
    """Return that a walk is long, the works that it passes, and those that it goes round, in a sentence each."""
    comma = handout.words("unit.list_comma")
    cars = cars_needed(handout.seats, handout.itinerary.request, leg)
    met, avoided = (comma.join(handout.name(site) for site in sites) for sites in (leg.works, leg.avoided))
    notes = [handout.words("planner.note_long")] if leg.is_long else []
    notes += [handout.words("planner.note_cars", n=cars)] if cars > 1 else []
    notes += [handout.words("planner.note_works") + met] if met else []
    farther = length_words(leg.detour_m, handout.language, is_about=True)
    return notes + ([handout.words("planmap.avoided", length=farther) + avoided] if avoided else [])


def cars_needed(seats: Mapping[str, int], request: TourRequest, leg: Leg) -> int:
    """Return how many vehicles a party needs for a leg; 1 where nobody needs to know. `seats` are by mode."""
    return -(-request.party // seats[leg.mode]) if seats.get(leg.mode) else 1


def map_words(handout: Handout) -> str:
    """Return what stands below a picture of the tour: what its lines mean, and what it is not for."""
    told = [handout.words(f"take.map_{mode}") for mode in modes_drawn(handout.itinerary)]
    legend = "".join(words + handout.words("unit.comma") for words in told)
    return handout.words("take.schematic_map", legend=legend)


def boat_line(stop: ItineraryStop) -> Degrees:
    """Return the course of a boat trip as it is drawn; a stop on land has none."""
    if not stop.is_boat or stop.feature.geometry.geom_type != "LineString":
        return []
    return [(lon, lat) for lon, lat, *_ in stop.feature.geometry.coords]


def leg_name(handout: Handout, number: int) -> str:
    """Return from where to where a leg leads, by its number from 1; the last leads to the end."""
    stops = handout.itinerary.stops
    origin = handout.name(stops[number - 2].feature) if number > 1 else handout.start.name if handout.start else ""
    goal = handout.name(stops[number - 1].feature) if number <= len(stops) else handout.end.name if handout.end else ""
    return f"{origin} → {goal}"


QUIET_MODULES = 4  # the standard's least


def draw_qr(address: str) -> Markup:
    """Return an SVG document of a QR code of error level M or better; its width is left to the page."""
    stream = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    # Inline in HTML a second XML declaration or a class would be in the way.
    code.save(stream, kind="svg", border=QUIET_MODULES, dark="#000", light="#fff", xmldecl=False, omitsize=True)
    return Markup(stream.getvalue().decode().strip())  # nosec B704 # squares; the address is not in it as text


def qr_png(address: str, module_px: int) -> bytes:
    """Return a QR code as PNG; each of its modules is a square of so many pixels."""
    stream = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(stream, kind="png", border=QUIET_MODULES, scale=module_px)
    return stream.getvalue()
