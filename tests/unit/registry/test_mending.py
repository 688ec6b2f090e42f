"""Tasks of data quality from day to day: opened once, never doubled, closed when nothing shows them."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.registry.consumers import routes
from services.registry.domain import MENDINGS
from services.registry.domain.mending import AskQuality, Mending, NoteQuality, mending_id
from shared.contracts.corrections import CorrectionGranted
from shared.contracts.quality import QualityAsked, QualityMeasured, QualityTasksOpened
from shared.kernel.decider import Event, Facts, Frozen, Message
from shared.runtime.service import Envelope, To
from tests.unit.registry.shelf import NOW

DAY = timedelta(days=1)
FOUND = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(0, 2), max_size=3)


class Office:
    """The records of one agency, from day to day."""

    def __init__(self) -> None:
        self.state, self.now = Mending(), NOW

    def tell(self, body: Frozen, now: datetime | None = None) -> list[Event]:
        """What is said of it."""
        message = Message(body=body, id="m", time=now or self.now)
        events = MENDINGS.decide(self.state, message, Facts())
        for event in events:
            self.state = MENDINGS.evolve(self.state, event)
        return events

    def look(self, **found: int) -> list[Event]:
        """A look that finds this."""
        return self.tell(NoteQuality(agency="palu", people=9, sound=9 - max(found.values(), default=0), found=found))


def test_the_second_day_doubles_nothing_and_what_is_mended_closes() -> None:
    office = Office()
    first = office.look(skp=2, nip=1, rank=0)
    assert isinstance(first[0], QualityMeasured)
    assert isinstance(first[1], QualityTasksOpened)
    assert (first[1].indicators, first[1].count) == (("nip", "skp"), 2)
    assert office.look(skp=2, nip=1, rank=0) == []
    began = office.state.tasks
    office.now += DAY
    (again,) = office.look(skp=2, nip=1, rank=0)
    assert isinstance(again, QualityMeasured)
    assert office.state.tasks == began
    assert office.state.on == NOW.date() + DAY
    office.now += DAY
    (mended,) = office.look(skp=3, nip=0, rank=0)
    assert isinstance(mended, QualityMeasured)
    assert mended.closed == ("nip",)
    assert [(task.indicator, task.since, task.people) for task in office.state.tasks] == [("skp", NOW.date(), 3)]
    office.now += DAY
    assert isinstance(office.look(skp=0)[0], QualityMeasured)
    assert not office.state.tasks
    office.now += DAY
    reopened = office.look(skp=1)[1]
    assert isinstance(reopened, QualityTasksOpened)
    assert office.state.tasks[0].since == NOW.date() + 4 * DAY


def test_a_file_and_a_granted_correction_ask_for_a_look_once() -> None:
    office, ask = Office(), AskQuality(agency="palu")
    granted = CorrectionGranted(
        person="p", correction="k", field="rank", agency="palu", reason="r", rule="r", by="o", decided_at=NOW
    )
    assert [type(one) for one in office.tell(ask)] == [QualityAsked]
    assert office.tell(ask) == []
    assert office.tell(granted) == []
    assert office.look(skp=1)
    assert not office.state.asked
    assert [type(one) for one in office.tell(granted)] == [QualityAsked]
    envelope = Envelope("e", granted.TYPE, "registry/p", "p", 1, NOW)
    told = [one for route in routes.by_type[granted.TYPE][1] for one in route(granted, envelope)]
    assert told == [To(MENDINGS, mending_id("palu"))]


@given(st.lists(st.tuples(FOUND, st.booleans()), max_size=12))
def test_open_tasks_are_always_what_the_last_look_found(looks: list[tuple[dict[str, int], bool]]) -> None:
    office, known, opened = Office(), set[str](), list[tuple[date, str]]()
    for found, new_day in looks:
        office.now += DAY if new_day else timedelta()
        for event in office.look(**found):
            if isinstance(event, QualityTasksOpened):
                assert not known & set(event.indicators)
                opened += [(event.on, name) for name in event.indicators]
        known = {name for name, people in found.items() if people}
        assert {task.indicator for task in office.state.tasks} == known
        assert all((task.since, task.indicator) in opened for task in office.state.tasks)
