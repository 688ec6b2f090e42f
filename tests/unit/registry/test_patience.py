"""What is late, or a database that is away for a while, ends no import."""

from collections.abc import Collection, Mapping
from io import BytesIO
from typing import Any

import pytest

from services.registry.domain.files import File
from services.registry.imports import Import, patience
from services.registry.imports.patience import PATIENCE, patient
from shared.kernel.decider import Command, Decider
from shared.runtime.item import PATIENCE as OF_A_PERSON
from shared.runtime.ports import Unavailable
from tests.unit.registry.shelf import NOW, Shelf
from tests.unit.registry.test_import import DATA, Desk, palu


class Shaky(Desk):
    """The registry, whose database is away whenever it is asked the first few times."""

    def __init__(self, shelf: Shelf, away: int) -> None:
        super().__init__(shelf)
        self.away, self.waited = away, set[float]()
        self.asked: dict[str, int] = {}

    def _ask(self, what: str) -> None:
        self.asked[what] = self.asked.get(what, 0) + 1
        if self.asked[what] <= self.away:
            raise Unavailable("no primary")

    async def persons(self, nips: Collection[str]) -> Mapping[str, str]:
        """Person ids by NIP."""
        self._ask("persons")
        return await super().persons(nips)

    async def tell(self, decider: Decider[Any], aggregate: str, command: Command, patience: float) -> Mapping[str, Any]:
        """Run it; the answer to the first one got lost after it was written."""
        self.waited.add(patience)
        answer = await super().send(decider, aggregate, command)
        self._ask(aggregate)
        return answer


async def taken(desk: Shaky) -> dict[str, Any]:
    """The report of the good file of people."""
    at = File(file="i:test", kind="people", status="running")
    file = BytesIO((DATA / "people-good.csv").read_bytes())
    return (await Import("people", desk, patient(desk.tell), NOW.date(), at).run(file)).answer()


async def test_a_database_that_is_away_for_a_while_loses_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSE", 0)
    calm, shaky = Shaky(await palu(), away=0), Shaky(await palu(), away=3)
    assert (await taken(calm))["taken"] == 3
    report = await taken(shaky)
    assert (report["taken"], report["findings"]) == (3, [])
    assert shaky.shelf.events == calm.shelf.events
    assert shaky.asked["persons"] == 4


async def test_one_that_stays_away_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSE", 0)
    monkeypatch.setattr(patience, "PATIENCE", 0.05)
    with pytest.raises(Unavailable):
        await taken(Shaky(await palu(), away=10**9))


async def test_a_row_waits_longer_than_a_person_would() -> None:
    desk = Shaky(await palu(), away=0)
    await taken(desk)
    assert desk.waited == {PATIENCE}
    assert PATIENCE >= 10 * OF_A_PERSON
