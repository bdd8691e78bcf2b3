"""Check that a rebuild makes again only what changed, and what is made of it."""

from __future__ import annotations

import json
from pathlib import Path

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.step_cache import StepCache
from cityatlas.catalogue.store_watch import Overlay
from cityatlas.settings import Settings
from toy import Json, feature, point, sights, text, with_properties


def overlay(digest: str, **rows: Json) -> Overlay:
    return Overlay(digest, {key: ("sights", row) for key, row in rows.items()})


def mill(lon: float = 121.0, name: str = "New mill") -> Json:
    return feature("mill", "house", text("新磨坊", name), point(lon))


def built(folder: Path, cache: StepCache, laid: Overlay) -> Catalogue:
    """Return a snapshot that was built with a cache, after a look that it is as one that was built from nothing."""
    settings = Settings(geodata=folder)
    made, anew = build_catalogue(settings, laid, cache), build_catalogue(settings, laid)
    assert made.tag == anew.tag
    assert made.relations == anew.relations
    assert [(f.id, f.name, f.geometry) for f in made.features.values()] == [
        (f.id, f.name, f.geometry) for f in anew.features.values()
    ]
    assert made.frame.equals(anew.frame)
    return made


def test_a_step_is_taken_again_only_for_other_things() -> None:
    cache, made, one = StepCache(), list[int](), object()
    for of, key in (([one], 1), ([one], 1), ([one], 2), ([object()], 2), ([one, one], 2)):
        cache.once("step", lambda: made.append(1), of=of, key=key)
    assert len(made) == 4


def test_what_a_step_made_last_is_there_whatever_it_was_made_from() -> None:
    cache = StepCache()
    assert cache.last("step", str) is None
    cache.once("step", lambda: "first", of=[object()])
    cache.once("step", lambda: "second", of=[object()])
    assert (cache.last("step", str), cache.last("step", int), cache.last("other", str)) == ("second", None, None)


def test_a_published_row_is_read_again_only_when_it_is_another(toy_city: Path) -> None:
    cache, row, other = StepCache(), mill(), mill(name="Newer mill")
    first = built(toy_city, cache, overlay("a", mill=row)).feature("mill")
    assert (
        built(
            toy_city, cache, overlay("b", mill=row, new=feature("new", "house", text("新", "New"), point(121.01)))
        ).feature("mill")
        is first
    )
    last = built(toy_city, cache, overlay("c", mill=other)).feature("mill")
    assert last.name["en"] == "Newer mill"
    assert last.geometry is first.geometry


def test_a_change_of_words_makes_one_feature_and_no_frame_or_relation_anew(toy_city: Path) -> None:
    cache = StepCache()
    before = built(toy_city, cache, Overlay())
    after = built(toy_city, cache, overlay("a", mill=mill()))
    assert after.feature("mill").name["en"] == "New mill"
    assert after.feature("hall") is before.feature("hall")
    assert after.layer("works") is before.layer("works")
    assert after.frame is before.frame
    assert after.relations is before.relations
    again = built(toy_city, cache, overlay("b", mill=mill(name="Newer mill")))
    assert again.frame is before.frame


def test_what_moves_is_related_anew(toy_city: Path) -> None:
    cache = StepCache()
    before = built(toy_city, cache, Overlay())
    after = built(toy_city, cache, overlay("a", mill=mill(121.02)))
    assert (before.relation("mill").within, after.relation("mill").within) == ((), ("old-town",))
    assert built(toy_city, cache, overlay("b", mill=mill(121.0))).relation("mill").within == ()


def test_only_a_file_that_changed_is_read_again(toy_city: Path) -> None:
    cache = StepCache()
    before = built(toy_city, cache, Overlay())
    layer = with_properties(sights(), "mill", name=text("磨", "Mill of the file"))
    (toy_city / "sights.geojson").write_text(json.dumps(layer), "utf-8")
    after = built(toy_city, cache, Overlay())
    assert after.feature("mill").name["en"] == "Mill of the file"
    assert after.feature("hall") is not before.feature("hall")
    assert after.layer("works") is before.layer("works")
    (toy_city / "city.toml").write_text((toy_city / "city.toml").read_text("utf-8").replace("Museum", "Hall"), "utf-8")
    assert built(toy_city, cache, Overlay()).city.kinds["museum"].title["en"] == "Hall"
