"""Check that a rebuild makes again only what changed, and what is made of it."""

from __future__ import annotations

import json
from pathlib import Path

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.overlay import Overlay
from cityatlas.catalogue.step_cache import Memo
from cityatlas.settings import Settings
from toy import Json, feature, point, sights, text, with_properties


def overlay(digest: str, **rows: Json) -> Overlay:
    return Overlay(digest, {key: ("sights", row) for key, row in rows.items()})


def mill(lon: float = 121.0, name: str = "New mill") -> Json:
    return feature("mill", "house", text("新磨坊", name), point(lon))


def built(folder: Path, memo: Memo, laid: Overlay) -> Catalogue:
    """Return a snapshot that was built with a memo, after a look that it is as one that was built from nothing."""
    settings = Settings(geodata=folder)
    made, anew = build_catalogue(settings, laid, memo), build_catalogue(settings, laid)
    assert made.tag == anew.tag
    assert made.relations == anew.relations
    assert [(f.id, f.name, f.geometry) for f in made.features.values()] == [
        (f.id, f.name, f.geometry) for f in anew.features.values()
    ]
    assert made.frame.equals(anew.frame)
    return made


def test_a_step_is_taken_again_only_for_other_things() -> None:
    memo, made, one = Memo(), list[int](), object()
    for of, key in (([one], 1), ([one], 1), ([one], 2), ([object()], 2), ([one, one], 2)):
        memo.once("step", lambda: made.append(1), of=of, key=key)
    assert len(made) == 4


def test_a_change_of_words_makes_one_feature_and_no_frame_or_relation_anew(toy_city: Path) -> None:
    memo = Memo()
    before = built(toy_city, memo, Overlay())
    after = built(toy_city, memo, overlay("a", mill=mill()))
    assert after.feature("mill").name["en"] == "New mill"
    assert after.feature("hall") is before.feature("hall")
    assert after.layer("works") is before.layer("works")
    assert after.frame is before.frame
    assert after.relations is before.relations
    again = built(toy_city, memo, overlay("b", mill=mill(name="Newer mill")))
    assert again.frame is before.frame


def test_what_moves_is_related_anew(toy_city: Path) -> None:
    memo = Memo()
    before = built(toy_city, memo, Overlay())
    after = built(toy_city, memo, overlay("a", mill=mill(121.02)))
    assert (before.relation("mill").within, after.relation("mill").within) == ((), ("old-town",))
    assert built(toy_city, memo, overlay("b", mill=mill(121.0))).relation("mill").within == ()


def test_only_a_file_that_changed_is_read_again(toy_city: Path) -> None:
    memo = Memo()
    before = built(toy_city, memo, Overlay())
    layer = with_properties(sights(), "mill", name=text("磨", "Mill of the file"))
    (toy_city / "sights.geojson").write_text(json.dumps(layer), "utf-8")
    after = built(toy_city, memo, Overlay())
    assert after.feature("mill").name["en"] == "Mill of the file"
    assert after.feature("hall") is not before.feature("hall")
    assert after.layer("works") is before.layer("works")
    (toy_city / "city.toml").write_text((toy_city / "city.toml").read_text("utf-8").replace("Museum", "Hall"), "utf-8")
    assert built(toy_city, memo, Overlay()).city.kinds["museum"].title["en"] == "Hall"
