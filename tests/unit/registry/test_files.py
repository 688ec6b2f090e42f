"""A file that is cut off goes on where it was, and one that was wrong is taken back as a whole."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest

from services.registry.domain import FILES, PEOPLE, POSTS, UNITS
from services.registry.domain.files import AdvanceFile, BeginFile, File, ReverseFile
from services.registry.domain.imported import UndoImport
from services.registry.domain.person import LinkAccount, UpdatePerson
from services.registry.imports import Import
from services.registry.imports import run as running
from shared.contracts.imports import EmployeeWithdrawn, ImportBegun
from shared.contracts.people import PersonForgotten
from shared.contracts.registry import EmployeeRegistered, EmployeeUpdated, UnitRegistered
from shared.kernel.decider import Command, Decider, Refused
from tests.unit.registry.shelf import NOW, Shelf
from tests.unit.registry.test_import import DATA, Desk, palu

PEOPLE_FILE, ID = (DATA / "people-good.csv").read_bytes(), "i:people:1"
RINA = "199003142014032912"


class Crash(Exception):
    """The process ends."""


class Cut(Desk):
    """A registry that ends in the middle."""

    def __init__(self, shelf: Shelf, after: int) -> None:
        super().__init__(shelf)
        self.left, self.sent = after, 0

    async def send(self, decider: Decider[Any], id: str, command: Command) -> Mapping[str, Any]:
        """Until it ends."""
        if self.left == 0:
            raise Crash
        self.left -= 1
        self.sent += 1
        return await super().send(decider, id, command)


async def take(desk: Desk, raw: bytes, kind: str = "people", id: str = ID) -> dict[str, Any]:
    """Import a file as its door does."""
    shelf = desk.shelf

    async def advance(note: AdvanceFile) -> None:
        shelf.send(FILES, id, note)

    shelf.send(FILES, id, BeginFile(kind=kind))
    at: File = shelf.state(FILES, id)
    return (await Import(kind, desk, desk.send, NOW.date(), at, advance).run(BytesIO(raw))).answer()


def many(count: int) -> bytes:
    """A file of units, the third of them wrong."""
    rows = [f"palu,u-{n},Unit {n},office" if n != 3 else "palu,U 3,Unit,office" for n in range(count)]
    return "\n".join(["agency,unit,name,kind", *rows]).encode()


async def test_a_file_goes_on_where_it_was_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "WINDOW", 5)
    monkeypatch.setattr(running, "NOTED", 2)
    shelf, raw = await palu(), many(40)
    with pytest.raises(Crash):
        await take(Cut(shelf, 26), raw, "units", "i:units:1")
    known: File = shelf.state(FILES, "i:units:1")
    assert (known.status, known.rows, known.taken, known.refused) == ("running", 21, 19, (5,))
    desk = Cut(shelf, 1000)
    report = await take(desk, raw, "units", "i:units:1")
    assert (report["rows"], report["taken"], report["refused"]) == (40, 39, 1)
    assert [found["row"] for found in report["findings"]] == [5]
    assert desk.sent == 20  # the 19 that were noted are not sent again, those after the note are
    units = [id for id in shelf.states["units"] if ":u-" in id]
    assert len(units) == 39
    registered = [event.unit for event in shelf.of(UnitRegistered) if event.unit in units]
    assert sorted(registered) == sorted(units)  # each once
    assert shelf.state(FILES, "i:units:1").status == "done"


async def test_a_row_that_was_refused_is_tried_again_and_a_repeated_one_is_still_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "WINDOW", 2)
    monkeypatch.setattr(running, "NOTED", 1)
    shelf = await palu()
    raw = b"agency,unit,name,kind,parent\npalu,a,A,office,\npalu,b,B,office,late\npalu,c,C,office,\npalu,a,A2,office,\n"
    with pytest.raises(Crash):
        await take(Cut(shelf, 1), raw, "units", "i:units:2")
    assert shelf.state(FILES, "i:units:2").refused == (3,)
    await take(Desk(shelf), b"agency,unit,name,kind\npalu,late,L,office", "units", "i:units:3")
    report = await take(Desk(shelf), raw, "units", "i:units:2")
    assert [(found["row"], found["rule"]) for found in report["findings"]] == [(5, "REPEATED_ROW")]
    assert report["taken"] == 3
    assert shelf.state(UNITS, "u:palu:a").registered.name == "A"


async def test_a_whole_file_begins_anew_when_it_was_through() -> None:
    shelf = await palu()
    for _ in range(2):
        await take(Desk(shelf), PEOPLE_FILE)
    assert [event.run for event in shelf.of(ImportBegun)] == [1, 2]
    assert len(shelf.of(EmployeeRegistered)) == 3


def undo(shelf: Shelf, kind: Decider[Any], id: str = ID) -> None:
    """Undo each record of a file."""
    for record, state in list(shelf.states[kind.name].items()):
        if state.imported and state.imported.batch == id:
            shelf.send(kind, record, UndoImport(batch=id))


async def test_people_who_came_by_a_file_go_with_it() -> None:
    shelf = await palu()
    await take(Desk(shelf), PEOPLE_FILE)
    held = [len(state.present) for state in shelf.states["posts"].values()]
    assert sum(held) == 3
    undo(shelf, PEOPLE)
    shelf.send(FILES, ID, ReverseFile(reason="berkas lama"))
    assert len(shelf.of(EmployeeWithdrawn)) == len(shelf.of(PersonForgotten)) == 3
    assert not any(state.profile or state.nip or state.particulars for state in shelf.states["people"].values())
    assert not any(state.present for state in shelf.states["posts"].values())
    undo(shelf, PEOPLE)
    assert len(shelf.of(EmployeeWithdrawn)) == 3
    report = await take(Desk(shelf), PEOPLE_FILE)
    assert (report["taken"], len(shelf.of(EmployeeRegistered))) == (3, 6)
    assert sum(len(state.present) for state in shelf.states["posts"].values()) == 3


async def test_who_was_known_before_is_again_what_they_were() -> None:
    shelf = await palu()
    await take(Desk(shelf), PEOPLE_FILE)
    before = {id: (state.profile, state.particulars.name) for id, state in shelf.states["people"].items()}
    await take(Desk(shelf), PEOPLE_FILE.replace(b"III/c", b"III/d").replace(b"Rina", b"Ria"), id="i:people:2")
    changed = {id: (state.profile, state.particulars.name) for id, state in shelf.states["people"].items()}
    assert changed != before
    undo(shelf, PEOPLE, "i:people:2")
    after = {id: (state.profile, state.particulars.name) for id, state in shelf.states["people"].items()}
    assert after == before
    assert shelf.of(EmployeeUpdated)[-1].batch == "undone"


@pytest.mark.parametrize("command", [LinkAccount(login="rina"), UpdatePerson(rank="III/d")])
async def test_what_was_said_since_stays(command: Command) -> None:
    shelf = await palu()
    await take(Desk(shelf), PEOPLE_FILE)
    rina = (await shelf.persons([RINA]))[RINA]
    shelf.send(PEOPLE, rina, command)
    with pytest.raises(Refused) as refused:
        undo(shelf, PEOPLE)
    assert refused.value.code == "DECIDED_SINCE"
    assert shelf.state(PEOPLE, rina).profile is not None


async def test_units_and_posts_go_back_too() -> None:
    shelf = await palu()
    units = (DATA / "units.csv").read_bytes()
    old = shelf.state(UNITS, "u:palu:setda")
    await take(Desk(shelf), units.replace(b"Sekretariat", b"Kantor") + b"\npalu,new,New,office", "units", "i:units:4")
    undo(shelf, UNITS, "i:units:4")
    assert shelf.state(UNITS, "u:palu:setda").registered.name == old.registered.name
    assert shelf.state(UNITS, "u:palu:new").registered is None
    assert shelf.facts["unit", "u:palu:new"] is None

    header, *rows = (DATA / "posts.csv").read_bytes().splitlines()
    raw = b"\n".join([header, rows[0].replace(b"setda-", b"setda-new-", 1)])
    await take(Desk(shelf), raw, "posts", "i:posts:1")
    (new,) = (id for id in shelf.states["posts"] if "setda-new" in id)
    undo(shelf, POSTS, "i:posts:1")
    assert shelf.state(POSTS, new).registered is None


def test_a_file_of_offices_stays() -> None:
    shelf = Shelf()
    shelf.send(FILES, ID, BeginFile(kind="offices"))
    with pytest.raises(Refused) as refused:
        shelf.send(FILES, ID, ReverseFile(reason="x"))
    assert refused.value.code == "KIND_STAYS"
