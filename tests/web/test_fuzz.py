"""Ask what nobody should, from a seed: a sample of what `python -m fuzz` asks by the thousand."""

from __future__ import annotations

import random
from pathlib import Path

from cityatlas.app import create_app
from cityatlas.settings import Settings
from fuzz import Fuzzer, asked

SAMPLE = 200


def test_whatever_is_asked_there_is_an_answer_of_ours() -> None:
    answers = list(asked(7, SAMPLE, slow_share=0))
    assert [str(answered) for answered in answers if answered.fault] == []
    assert len(answers) == SAMPLE
    assert {200, 303, 403, 404, 405, 422} <= {answered.status for answered in answers}
    assert len({answered.address.split("?")[0] for answered in answers}) > SAMPLE / 2


def test_a_view_that_fails_is_found(toy_city: Path) -> None:
    def fail(**_: str) -> str:
        raise ZeroDivisionError

    app = create_app(Settings(geodata=toy_city, var=toy_city.parent / "var"))
    app.view_functions["public.about"] = fail
    public = Fuzzer(app, random.Random(7), share=0, slow_share=0)
    faults = [answered for _ in range(SAMPLE) for answered in public.step() if answered.fault]
    assert {(answered.status, answered.fault) for answered in faults} == {(500, "answered 500")}
    assert all("/about" in answered.address for answered in faults)
