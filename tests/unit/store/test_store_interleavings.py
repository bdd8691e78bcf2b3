"""Let two editors work on one feature in random orders: no edit that was accepted is ever lost.

Every value is new and remembers which values of its field its author knew of. A value may only ever take the place
of one that its author had seen, or was asked about.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from cityatlas.errors import EditConflict, StaleRevision
from cityatlas.store import Edit, Order, Revision, Saved, Store, history, open_draft, publish, published, save_draft
from cityatlas.store.log import drafts, publication
from cityatlas.versioning.content import Content, canonical, content_of
from cityatlas.versioning.fields import ABSENT
from cityatlas.versioning.merge import Choice, Merged, differences, merge

INTERLEAVINGS = 1_000  # on SQLite; what is merged does not depend on the database
ON_POSTGRES = 100
RACES = 300  # in which one editor also acts between the other's merge and the lock
STEPS = 14
EMPTY = content_of("sights", None, {})
START = content_of(
    "sights",
    {"type": "Point", "coordinates": [121.0, 30.7]},
    {"name": {"zh": "start"}, "visit_min": 1, "photos": [{"file": "a", "alt": "start"}]},
)


@dataclass
class World:
    """Hold what is known of one feature's values: which others of its field each value's author knew."""

    store: Store
    feature_id: str
    dice: random.Random
    made: int = 0
    known: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    accepted: set[str] = field(default_factory=set)


def text(value: Any) -> str:
    """Return a value as text, the same for the same value."""
    return "ABSENT" if value is ABSENT else canonical(value)


def new_value(world: World, content: Content) -> Content:
    """Return a content with one field set to a value that nobody ever used, or an item taken out."""
    world.made += 1
    properties: dict[str, Any] = {**content.properties}
    geometry = content.geometry
    match world.dice.randrange(6):
        case 0:
            properties["visit_min"] = world.made
        case 1 | 2:
            language = world.dice.choice(["zh", "en"])
            properties["name"] = {**properties.get("name", {}), language: f"n{world.made}"}
        case 3:
            properties["photos"] = with_item(properties.get("photos", []), world.dice.choice("abc"), world.made)
        case 4:
            properties["photos"] = properties.get("photos", [])[1:]
        case _:
            geometry = {"type": "Point", "coordinates": [121 + world.made / 1e4, 30.7]}
    return content_of("sights", geometry, properties)


def with_item(items: list[Any], name: str, value: int) -> list[Any]:
    """Return a list in which the item of a name has a new value."""
    rest = [item for item in items if item["file"] != name]
    return [*rest, {"file": name, "alt": f"p{value}"}]


@dataclass
class Editor:
    """Hold one tab: the draft in it, the revision it began from, and what it shows."""

    name: str
    world: World
    branch: str | None = None
    seen: int = 0
    base: Content = START
    content: Content = START

    def load(self) -> None:
        """Begin anew from what is published."""
        with self.world.store.reading() as connection:  # of this feature alone: a thousand lie in the store
            line = [one for one in history(connection, self.world.feature_id) if one.branch is None]
        revision = line[-1] if line else None
        self.branch, self.seen = None, revision.number if revision else 0
        self.base = self.content = revision.content if revision else START

    def edit(self) -> None:
        """Change one field, knowing what the tab shows."""
        before, self.content = self.content, new_value(self.world, self.content)
        for change in differences(before, self.content):
            knew = self.world.known[change.path, text(change.old)] | {text(change.old)}
            self.world.known[change.path, text(change.new)] |= knew

    def save(self) -> None:
        """Hand the tab's content in; a conflict is answered by tossing for each field, once."""
        choices: dict[str, Choice] = {}
        answered = None
        for _ in range(2):
            edit = Edit(self.world.feature_id, self.content, self.name, self.seen, choices=choices, answered=answered)
            try:
                origin = None if self.seen else START
                begun = open_draft(self.world.store, edit, origin) if not self.branch else None
                self.take(begun or save_draft(self.world.store, str(self.branch), edit))
                return
            except EditConflict as conflict:
                choices, answered = self.choose(conflict), conflict.number

    def publish(self) -> None:
        """Publish the draft as the tab knows it; a conflict is answered likewise, a draft that moved is left."""
        if not self.branch:
            return
        choices: dict[str, Choice] = {}
        answered = None
        for _ in range(2):
            order = Order(self.name, origin=START, choices=choices, answered=answered)
            try:
                self.take(publish(self.world.store, self.branch, self.seen, order))
                return
            except EditConflict as conflict:
                choices, answered = self.choose(conflict), conflict.number
            except StaleRevision:
                return

    def choose(self, conflict: EditConflict) -> dict[str, Choice]:
        """Toss for each field; what is chosen is known to stand in the place of the other."""
        choices: dict[str, Choice] = {
            clash.path: self.world.dice.choice(["mine", "theirs"]) for clash in conflict.clashes
        }
        for clash in conflict.clashes:
            won, lost = (clash.mine, clash.theirs) if choices[clash.path] == "mine" else (clash.theirs, clash.mine)
            knew = self.world.known[clash.path, text(lost)] | {text(lost), text(clash.base)}
            self.world.known[clash.path, text(won)] |= knew
        return choices

    def take(self, saved: Saved) -> None:
        """Show what stands now."""
        self.branch = saved.revision.branch or self.branch
        self.seen, self.base = saved.revision.number, saved.revision.content
        self.content = self.base


Act = Callable[[Editor, str], None]


def do(editor: Editor, act: str) -> None:
    """Let an editor act."""
    getattr(editor, act)()


def interleave(world: World, editors: list[Editor], do: Act = do) -> None:
    """Let two editors, one of whom may open the other's draft, act in a random order."""
    for _ in range(STEPS):
        editor, other = world.dice.sample(editors, 2)
        act = world.dice.choices(["load", "edit", "save", "publish", "join"], [1, 6, 4, 3, 1])[0]
        if act == "join" and other.branch:
            editor.branch, editor.seen, editor.base, editor.content = other.branch, other.seen, other.base, other.base
        elif act != "join":
            do(editor, act)


def lost_values(world: World) -> list[str]:
    """Return each change of a line in which a value took the place of one that its author knew nothing of."""
    lost = []
    newest: dict[str | None, Content] = {None: START}
    with world.store.reading() as connection:
        revisions: list[Revision] = history(connection, world.feature_id)
    for revision in revisions:
        before = newest.get(revision.branch)
        for change in differences(before, revision.content) if before else ():
            old, new = text(change.old), text(change.new)
            if change.path.endswith(":order") or old in world.known[change.path, new]:
                continue
            lost.append(f"{revision.number}: {change.path} {old} -> {new}")
        newest[revision.branch] = revision.content
    return lost


def test_no_accepted_edit_is_lost_in_a_thousand_interleavings(store: Store) -> None:
    lost, count = [], INTERLEAVINGS if store.path else ON_POSTGRES
    for number in range(count):
        world = World(store, f"feature-{number}", random.Random(number))
        interleave(world, [Editor("ann", world), Editor("bob", world)])
        lost += [f"seed {number}: {line}" for line in lost_values(world)]
    assert lost == []
    assert published(store).number > count  # they did save and publish


@dataclass
class Race:
    """Let the editor who is not at it act between a merge of the other's and the lock, now and then."""

    editors: list[Editor]
    dice: random.Random
    busy: list[Editor] = field(default_factory=list)
    count: int = 0

    def do(self, editor: Editor, act: str) -> None:
        """Let an editor act, and know of it."""
        self.busy.append(editor)
        getattr(editor, act)()
        self.busy.pop()

    def merge(self, *sides: Any) -> Merged:
        """Merge as ever, with the other getting in first."""
        if len(self.busy) == 1 and self.dice.random() < 0.5:
            (other,) = (editor for editor in self.editors if editor is not self.busy[0])
            self.count += 1
            self.do(other, self.dice.choice(["save", "publish"]))
        return merge(*sides)


def test_no_accepted_edit_is_lost_when_another_gets_in_between_merge_and_lock(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 0
    for number in range(RACES):
        world = World(store, f"feature-{number}", random.Random(number))
        race = Race([Editor("ann", world), Editor("bob", world)], world.dice)
        for module in (drafts, publication):
            monkeypatch.setattr(module, "merge", race.merge)
        interleave(world, race.editors, race.do)
        assert lost_values(world) == [], f"seed {number}"
        count += race.count
    assert count > RACES


def test_the_check_would_see_a_lost_edit(store: Store) -> None:
    world = World(store, "mill", random.Random(1))
    ann, bob = Editor("ann", world), Editor("bob", world)
    for editor in (ann, bob):
        editor.edit()
    ann.save()
    bob.content, bob.seen, bob.branch = START, ann.seen, ann.branch  # a tab that lies about what it began from
    bob.save()
    assert lost_values(world) != []
