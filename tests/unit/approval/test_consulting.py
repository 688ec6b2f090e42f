"""E19: an authority outside answers through its own system late, twice, out of order, wrongly; the task stays."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from services.approval.domain import ASK, Case, make_cases
from services.approval.outside import Asking
from shared.contracts.approval import ApprovalRefused, TaskDecided, TaskQueued
from shared.contracts.tasks import LetterUnusable
from shared.kernel.decider import Event, WorkDone
from shared.runtime.service import Job, TryAgain
from tests.support.authority import Authority, answering
from tests.unit.approval.between import letter, opened, say, to
from tests.unit.approval.kit import CHAINS
from tests.unit.proposal.bench import Bench

CONNECTED = make_cases(CHAINS, connected=frozenset({"bkn"}))
UNUSABLE = {
    "nonsense": "LETTER_UNREADABLE",
    "huge": "LETTER_UNREADABLE",
    "another's": "LETTER_OF_ANOTHER",
    "wrong issuer": "AUTHORITY_WRONG",
    "future": "LETTER_DATE",
    "denies": "AUTHORITY_DENIED_US",
}


async def nip_of(_person: str) -> str:
    """What the registry told of dr. Yusuf."""
    return "198711232015031907"


def waiting() -> Bench[Case]:
    """A case that waits for BKN, whose system is connected."""
    case = to(opened("inter_province"), "bkn")
    case.decider = CONNECTED
    return case


def asked(case: Bench[Case], authority: Authority) -> WorkDone:
    """What comes of asking until there is a result."""
    (work,) = CONNECTED.work(case.state)
    asking = Asking(nip_of, {"bkn": authority.url})
    for attempt in range(1, 9):
        job = Job(work.id, "c-1", work.kind, work.data.model_dump(mode="json"), attempt, datetime.now(UTC))
        with suppress(TryAgain):
            return WorkDone(id=work.id, kind=ASK, outcome=asyncio.run(asking.run(job)))
    raise AssertionError("never answered")


def test_only_who_is_connected_is_asked_and_only_for_their_letter() -> None:
    for stage in ("receiving_ppk", "home_affairs", "appointment"):
        assert CONNECTED.work(to(opened("inter_province"), stage).state) == ()
    assert to(opened("inter_province"), "bkn").decider.work(waiting().state) == ()
    assert [work.kind for work in CONNECTED.work(waiting().state)] == [ASK]


def test_a_late_answer_decides_and_says_where_it_came_from() -> None:
    case = waiting()
    with answering(Authority(moods=["late", "busy", "late"])) as bkn:
        decided, queued = case.tell(asked(case, bkn))
    assert isinstance(decided, TaskDecided)
    assert isinstance(queued, TaskQueued)
    assert decided.letter is not None
    assert (decided.by, decided.letter.number, decided.letter.source) == ("", "PT-4", "sent")
    assert len({request["task"] for request in bkn.asked}) == 1, "a repeat is the same request"
    assert bkn.asked[0]["nip"] == "198711232015031907"
    assert "person" not in bkn.asked[0], "no id of ours leaves"
    assert CONNECTED.work(case.state) == ()


def test_e19_the_second_of_two_answers_changes_nothing() -> None:
    """Another number for the same request; also after the clerk was quicker."""
    case = waiting()
    with answering(Authority()) as bkn:
        first, second = asked(case, bkn), asked(case, bkn)
    case.tell(first)
    assert case.tell(second) == []
    assert [one.number for one in case.state.letters][-1] == "PT-1"
    quicker = waiting()
    say(quicker, letter=letter(quicker))
    assert quicker.tell(first) == []
    assert [one.source for one in quicker.state.letters][-1] == "entered"


@pytest.mark.parametrize("mood", UNUSABLE)
def test_what_cannot_be_used_is_said_and_the_clerk_enters_the_letter(mood: Any) -> None:
    case = waiting()
    with answering(Authority(moods=[mood])) as bkn:
        (event,) = case.tell(asked(case, bkn))
    assert isinstance(event, LetterUnusable)
    assert event.code == UNUSABLE[mood]
    assert CONNECTED.work(case.state) == (), "it is not asked again for the same task"
    assert isinstance(say(case)[0], TaskDecided)


def test_a_refusal_of_the_authority_ends_the_chain() -> None:
    case = waiting()
    with answering(Authority(moods=["refuses"])) as bkn:
        events: list[Event] = case.tell(asked(case, bkn))
    assert isinstance(events[-1], ApprovalRefused)
    assert (events[-1].code, events[-1].reason) == ("PERTEK_DITOLAK", "formasi belum disetujui")


def test_an_answer_after_the_term_counted_as_a_yes_changes_nothing() -> None:
    """R15 with E19: the deemed letter is on record, the late one changes nothing."""
    case = waiting()
    plan = tuple(one.model_copy(update={"deemed": "x" if one.id == "bkn" else ""}) for one in case.state.plan)
    case.state = case.state.model_copy(update={"plan": plan})
    with answering(Authority()) as bkn:
        late = asked(case, bkn)
    case.fire(name="deadline")
    assert case.tell(late) == []
    assert [one.source for one in case.state.letters][-1] == "deemed"
