"""An announcement to many: nothing before its release, everybody once after it, whatever crashes in between."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.domain.broadcasts import BROADCASTS, PAGE, Draft, Release
from services.notification.domain.entry import message_id
from services.notification.domain.flow import flow
from services.notification.domain.ledger import MESSAGES
from shared.contracts.broadcasts import Audience, BroadcastDone, BroadcastPage
from shared.contracts.notification import MessageQueued
from shared.kernel.decider import Refused, WorkDone
from tests.unit.notification.samples import ANNOUNCED, Run

CROWD = [f"p{number:04}" for number in range(137)]


def drafted() -> Run:
    """A draft for an agency."""
    run = Run(BROADCASTS, "b-1")
    run.tell(Draft(audience=Audience(agency="a1"), **ANNOUNCED), "d")
    return run


def work_on(run: Run) -> None:
    """The fan-out finds the persons after the last one that was told."""
    [work] = BROADCASTS.work(run.state)
    after = work.data.model_dump()["after"]
    found = [person for person in CROWD if person > after][:PAGE]
    run.tell(WorkDone(id=work.id, kind=work.kind, outcome={"persons": found}), work.id)


def test_nothing_is_sent_before_the_release_and_a_surprise_is_refused() -> None:
    run = drafted()
    assert BROADCASTS.work(run.state) == ()
    with pytest.raises(Refused, match="AUDIENCE_CHANGED"):
        run.tell(Release(expected=137, counted=138))
    run.tell(Release(expected=137, counted=137))
    assert run.tell(Release(expected=137, counted=137)) == []
    with pytest.raises(Refused, match="BROADCAST_RELEASED"):
        run.tell(Draft(audience=Audience(), **ANNOUNCED))
    with pytest.raises(Refused, match="BROADCAST_UNKNOWN"):
        Run(BROADCASTS, "b-2").tell(Release(expected=1, counted=1))


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=12))
def test_everybody_is_told_once_also_when_results_come_twice(repeats: list[bool]) -> None:
    run = drafted()
    run.tell(Release(expected=137, counted=137))
    turns = iter(repeats)
    while BROADCASTS.work(run.state):
        [before] = BROADCASTS.work(run.state)
        work_on(run)
        if next(turns, False):
            run.tell(WorkDone(id=before.id, kind=before.kind, outcome={"persons": CROWD[:PAGE]}), "late")
    told = [person for event in run.said if isinstance(event, BroadcastPage) for person in event.persons]
    assert told == CROWD
    assert isinstance(run.said[-1], BroadcastDone)
    assert (run.state.status, run.state.told) == ("done", len(CROWD))


def test_each_person_gets_one_message_in_the_last_lane() -> None:
    page = BroadcastPage(broadcast="b-1", page=0, persons=("p901", "p902"), **ANNOUNCED)
    entry = Run(MESSAGES, message_id("b-1", "p902", "email"))
    [queued] = entry.tell(page, "e1")
    assert isinstance(queued, MessageQueued)
    assert (queued.person, queued.lane) == ("p902", flow().lanes.index("broadcast"))
    again = BroadcastPage(broadcast="b-1", page=9, persons=("p902",), **ANNOUNCED)
    assert entry.tell(again, "e9") == []
