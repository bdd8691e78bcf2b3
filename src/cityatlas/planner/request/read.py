"""Read what a visitor asks of a tour, from an address, an old one too, or from JSON."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import is_boat_trip, programme_of
from ...city.ride_estimates import RIDE_MODES, RideMode
from ...limits import (
    STAY_LEAST_MIN,
    STAY_MOST_MIN,
    THEME_WEIGHT,
    TOUR_LEAST_MIN,
    TOUR_MOST_H,
    TOUR_MUSTS,
    TOUR_PEOPLE,
    TOUR_PLACES,
    WALK_LEAST_M,
    WALK_MOST_M,
)
from .request import DEFAULT_S, FIRM, KEYS, OPENS_S, Boat, Fullness, Pace, TourRequest, Variant, clock, default_request
from .values import (
    DAY_S,
    SHOWN,
    read_choice,
    read_clock_s,
    read_day,
    read_flag,
    read_id,
    read_ids,
    read_number,
    read_pairs,
    read_place,
    read_texts,
    refuse,
    refuse_past,
)

BACK = "start"  # an end where the tour starts
ALIKE = 0.8  # how much a key has to be like one of ours to be a slip of the pen


def read_request(args: Mapping[str, object], catalogue: Catalogue, now: datetime) -> TourRequest:
    """Return the wish of a query (a key may be repeated) or of a JSON object; see `KEYS`.

    `now` is the city's time. Raises InvalidTour for the first value that cannot be used.
    """
    given = {key: read_texts(args, key) for key in KEYS}
    day, start_s, end_s = _times(given, now)
    start_at, end_at = _one(given, "start_at"), _one(given, "end_at")
    end_at = start_at if end_at == BACK and BACK not in catalogue.features else end_at
    request = TourRequest(
        day=day,
        start_s=start_s,
        end_s=end_s,
        start_at=read_place(start_at, "start_at", catalogue),
        end_at=read_place(end_at, "end_at", catalogue),
        themes=_themes(given["theme"], catalogue),
        must=read_ids(given["must"], "must", TOUR_MUSTS, catalogue),
        avoid=read_ids(given["not"], "not", TOUR_PLACES, catalogue),
        pace=read_choice(_one(given, "pace"), "pace", get_args(Pace), "normal"),
        fullness=read_choice(_one(given, "fullness"), "fullness", get_args(Fullness), "normal"),
        party=read_number(_one(given, "party"), "party", 1, TOUR_PEOPLE) or 1,
        is_step_free=read_flag(_one(given, "step_free"), "step_free"),
        has_lunch=read_flag(_one(given, "lunch"), "lunch"),
        allows_unknown_hours=read_flag(_one(given, "unknown_hours"), "unknown_hours"),
        boat=_boat(_one(given, "boat")),
        modes=_modes(given["modes"]),
        is_visitor=read_choice(_one(given, "audience"), "audience", ("visitors",), "") == "visitors",
        ride_from_m=read_number(_one(given, "ride_from"), "ride_from", WALK_LEAST_M, WALK_MOST_M),
        keeps=_keeps(given["keep"], catalogue),
        order=read_ids(given["order"], "order", TOUR_PLACES, catalogue),
        stays=read_pairs(given["stay"], "stay", TOUR_PLACES, catalogue, _stay_min),
        begins=read_pairs(given["begin_at"], "begin_at", TOUR_MUSTS, catalogue, _begin_s),
        programmes=_programmes(given["programme"], catalogue),
        most_walk_m=read_number(_one(given, "walk_max"), "walk_max", WALK_LEAST_M, WALK_MOST_M),
        route=_route(_one(given, "route"), catalogue),
        variant=read_choice(_one(given, "variant"), "variant", get_args(Variant)[1:], ""),
    )
    return _agreed(request, catalogue)


def _times(given: Mapping[str, Sequence[str]], now: datetime) -> tuple[date, int, int]:
    """Return the day, and when the tour begins and ends; refuse one that is over."""
    usual, today = default_request(now), now.date()
    day = read_day(_one(given, "date"), today) or usual.day
    # On another day than today there is no reason to begin late.
    start_s = read_clock_s(_one(given, "start"), "start")
    start_s = start_s if start_s is not None else (usual.start_s if day == usual.day else OPENS_S)
    end_s = _end_s(given, start_s)
    is_over_today = end_s <= now.hour * 3600 + now.minute * 60
    if day < today:
        refuse_past(day, today + timedelta(days=is_over_today))
    if day == today and is_over_today:
        refuse("past", f"The tour ends at {clock(end_s)}, which is past.", "Choose a later time or day.")
    return day, start_s, end_s


def _agreed(request: TourRequest, catalogue: Catalogue) -> TourRequest:
    """Return a wish with the boat of a line by boat; refuse one of too many musts, or that contradicts itself."""
    if request.route and is_boat_trip(catalogue.features[request.route]) and request.route not in request.avoid:
        request = request.with_must(request.route)  # a line by boat without the boat is not that line any more
    if len(request.must) > TOUR_MUSTS:
        message = f"{len(request.must)} places are musts, the most is {TOUR_MUSTS}."
        refuse("too_many", message, "Name fewer.", value=str(TOUR_MUSTS))
    if both := set(request.must) & set(request.avoid):
        name = min(both)
        refuse("contradiction", f'"{name}" is both in must and in not.', "Take it out of one.", place=name)
    return request


def read_json(document: object, catalogue: Catalogue, now: datetime) -> TourRequest:
    """Return the wish of a JSON object; a key that is not known is refused, since it would do nothing."""
    if not isinstance(document, dict):
        refuse("no_object", "The body is not a JSON object.", 'Example: {"date": "2026-12-05", "start": "13:30"}')
    names = {"from": "start_at", "to": "end_at"}  # what one would write without chat apps
    wish = {str(names.get(key, key)): value for key, value in document.items()}
    for key in wish:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(KEYS)}."
            refuse("unknown_key", f'"{key[:SHOWN]}" is not known.', hint, value=key[:SHOWN])
    return read_request(wish, catalogue, now)


def refuse_misspelt(keys: Iterable[str]) -> None:
    """Refuse a key of an address that is nearly one of ours; chat apps and counters add keys of their own."""
    for key in keys:
        near = [] if key in KEYS else difflib.get_close_matches(key, KEYS, 1, ALIKE)
        if near:
            message, hint = f'"{key[:SHOWN]}" is not known.', f'Did you mean "{near[0]}"?'
            refuse("misspelt", message, hint, value=key[:SHOWN], known=near[0])


def _one(given: Mapping[str, Sequence[str]], key: str) -> str:
    """Return the value of a key that has one; the same one may be said twice."""
    values = sorted(set(given[key]))
    if len(values) > 1:
        told = " and ".join(value[:SHOWN] for value in values[:2])
        refuse("several", f"{key} is both {told}.", "Give it one value.", value=told)
    return values[0] if values else ""


def _end_s(given: Mapping[str, Sequence[str]], start_s: int) -> int:
    """Return when the tour ends: said, or as many minutes after its start, or four hours."""
    end_s = read_clock_s(_one(given, "end"), "end")
    minutes = read_number(_one(given, "minutes"), "minutes", TOUR_LEAST_MIN, TOUR_MOST_H * 60)
    if end_s is not None and minutes and end_s != start_s + minutes * 60:
        refuse("end_twice", f"minutes={minutes} and end={clock(end_s)} do not agree.", "Give one of them.")
    if end_s is None:
        end_s = start_s + minutes * 60 if minutes else min(DAY_S, start_s + DEFAULT_S)
    if end_s <= start_s:
        refuse("end_first", f"The end {clock(end_s)} is before the start {clock(start_s)}.", "Swap the two.")
    if end_s > DAY_S:
        refuse("midnight", "The tour would go past midnight.", "Plan one day at a time.")
    if not TOUR_LEAST_MIN * 60 <= end_s - start_s <= TOUR_MOST_H * 3600:
        refuse("length", f"A tour takes from {TOUR_LEAST_MIN} minutes to {TOUR_MOST_H} hours.", "Change start or end.")
    return end_s


def _boat(text: str) -> Boat:
    if text.lower() == "only":
        return "only"
    return "yes" if read_flag(text, "boat") else "no"


def _modes(texts: Sequence[str]) -> tuple[RideMode, ...]:
    """Return what may be ridden, each once and in one order; one may always walk."""
    for text in texts:
        read_choice(text, "modes", ("walk", *RIDE_MODES), "")
    return tuple(mode for mode in RIDE_MODES if mode in texts)


def _themes(texts: Sequence[str], catalogue: Catalogue) -> tuple[tuple[str, int], ...]:
    themes = {}
    for text in texts:
        theme, _, weight = text.partition(":")
        if theme not in catalogue.city.themes:
            known = ", ".join(catalogue.city.themes)
            refuse("theme", f'theme="{theme[:SHOWN]}" is not known.', f"There are: {known}.", value=theme[:SHOWN])
        themes[theme] = read_number(weight, "theme", 1, THEME_WEIGHT) or 1
    return tuple(themes.items())


def _keeps(texts: Sequence[str], catalogue: Catalogue) -> tuple[tuple[str, int], ...]:
    weighed = [text if ":" in text else f"{text}:1" for text in texts]
    return read_pairs(
        weighed, "keep", TOUR_PLACES, catalogue, lambda name, text: read_number(text, f"keep={name}", 1, FIRM) or 1
    )


def _stay_min(feature_id: str, text: str) -> int:
    return read_number(text, f"stay={feature_id}", STAY_LEAST_MIN, STAY_MOST_MIN) or STAY_LEAST_MIN


def _begin_s(feature_id: str, text: str) -> int:
    return read_clock_s(text, f"begin_at={feature_id}") or 0


def _programmes(texts: Sequence[str], catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    def read(feature_id: str, text: str) -> str:
        known = [programme.id for programme in catalogue.features[feature_id].programmes]
        if text not in known:
            hint = f"There are: {', '.join(known)}." if known else "This place has no programmes."
            message = f'programme: "{feature_id}" has no programme "{text[:SHOWN]}".'
            refuse("programme", message, hint, value=text[:SHOWN])
        return text

    return read_pairs(texts, "programme", TOUR_MUSTS, catalogue, read)


def _route(text: str, catalogue: Catalogue) -> str:
    route = read_id(text, "route", catalogue) if text else ""
    if route and catalogue.city.kinds[catalogue.features[route].kind].role != "route":
        known = ", ".join(feature.id for feature in catalogue.of_role("route"))
        refuse("route", f'route: "{route}" is not a tour route.', f"There are: {known}.", value=route)
    return route


SINGLE = ("start_at", "end_at", "route")
LISTS = ("must", "not", "keep", "order", "stay", "begin_at", "programme")
Lost = Literal["place_gone", "place_replaced", "programme_gone", "theme_gone"]


@dataclass(frozen=True)
class Renewal:
    """Hold one part of a wish that is no more: an old id, and the id of what is asked for instead, or empty."""

    kind: Lost
    old_id: str
    new_id: str = ""


def renewed(asked: Mapping[str, list[str]], catalogue: Catalogue) -> tuple[dict[str, list[str]], tuple[Renewal, ...]]:
    """Return the values of an address as they can be read today, and what was changed in them."""
    lost: dict[Renewal, None] = {}
    values = {key: ",".join(texts).split(",") for key, texts in asked.items() if key in (*SINGLE, *LISTS, "theme")}
    for key, texts in values.items():
        if key in SINGLE and len(texts) > 1:  # a point
            continue
        made = [_theme(text, catalogue, lost) if key == "theme" else _place(text, catalogue, lost) for text in texts]
        values[key] = [text for text in made if text]
    values["programme"], places = _present_programmes(values.get("programme", []), catalogue, lost)
    values["must"] = [*values.get("must", []), *places]
    joined = {key: [",".join(texts)] for key, texts in values.items() if texts}
    return {key: texts for key, texts in asked.items() if key not in values} | joined, tuple(lost)


def _place(text: str, catalogue: Catalogue, lost: dict[Renewal, None]) -> str:
    """Return a place's id, with what is said of it, under its present id; empty when nothing stands for it."""
    old_id, colon, said = text.partition(":")
    if old_id in catalogue.features or old_id not in catalogue.city.retired:
        return text
    new_id = catalogue.city.retired[old_id]
    lost[Renewal("place_replaced" if new_id else "place_gone", old_id, new_id)] = None
    return f"{new_id}{colon}{said}" if new_id else ""


def _theme(text: str, catalogue: Catalogue, lost: dict[Renewal, None]) -> str:
    theme = text.partition(":")[0]
    if theme in catalogue.city.themes:
        return text
    lost[Renewal("theme_gone", theme)] = None
    return ""


def _present_programmes(
    texts: list[str], catalogue: Catalogue, lost: dict[Renewal, None]
) -> tuple[list[str], list[str]]:
    """Return the programmes that there are, and the places of the others, which stay musts."""
    kept, places = [], []
    for text in texts:
        place, _, programme = text.partition(":")
        if place in catalogue.features and programme_of(catalogue.features[place], programme) is None:
            lost[Renewal("programme_gone", place)] = None
            places.append(place)
        else:
            kept.append(text)
    return kept, places
