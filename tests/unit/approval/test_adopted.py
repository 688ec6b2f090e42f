"""A chain that goes on from paper: at the right stage, with its own dates, in the hands of who has the file."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.approval.domain import Case, Grant, Holder, Proposal
from shared.contracts.approval import (
    ApprovalGranted,
    ApprovalReturned,
    TaskClaimed,
    TaskEscalated,
    TaskQueued,
)
from shared.contracts.papers import Paper
from shared.kernel.decider import Refused
from tests.unit.approval.kit import CONTENT, STAGES, bench, evaluation, say, task
from tests.unit.proposal.bench import Bench
from tests.unit.proposal.kit import PAPER, office

BEFORE = [
    {"stage": stage, "by": f"p-paper-{n}", "on": f"2026-11-{4 + n:02}", "number": ""} for n, stage in enumerate(STAGES)
]


def adopted(**changes: Any) -> Bench[Case]:
    """The chain of Rina's paper file, opened on Monday 23 November."""
    case = bench()
    paper = Paper.model_validate({**PAPER.model_dump(), **changes})
    case.facts[Proposal.KIND, "c-1"] = Proposal(attempt=1, content=CONTENT, receipt="MT-1", paper=paper)
    for stage in STAGES:
        case.facts[Holder.KIND, f"p-{stage}"] = Holder(offices=(office(stage),))
    case.tell(evaluation())
    return case


def test_it_goes_on_at_its_stage_since_the_day_it_got_there() -> None:
    case = adopted(holder="")
    (queued,) = (event for event in case.said if isinstance(event, TaskQueued))
    assert (queued.task, queued.stage, queued.office) == (task(3), "personnel_verifier", "personnel_verifier")
    # 17 Nov (Tuesday) + 5 working days = 24 Nov, the end of the day in WITA (R57); noon of that day where the agency is
    assert queued.since == datetime(2026, 11, 17, 4, tzinfo=UTC)
    assert queued.due == datetime(2026, 11, 24, 15, 59, 59, 999_000, tzinfo=UTC)
    assert [(done.stage, done.by, done.code) for done in case.state.decisions] == [("unit_head", "p-head", "ON_PAPER")]
    assert case.state.acted == ()
    assert case.state.paper == Paper.model_validate({**PAPER.model_dump(), "holder": ""})


def test_who_holds_the_paper_has_the_task_if_they_may_decide_it() -> None:
    mine, nobody = adopted(holder="p-personnel_verifier"), adopted(holder="p-direct_superior")
    assert [event.by for event in mine.said if isinstance(event, TaskClaimed)] == ["p-personnel_verifier"]
    assert mine.state.task is not None
    assert mine.state.task.claimed_by == "p-personnel_verifier"
    assert not [event for event in nobody.said if isinstance(event, TaskClaimed)]


def test_a_term_that_passed_on_paper_is_overdue_at_once() -> None:
    case = adopted(received_on=date(2026, 10, 5), since=date(2026, 10, 5), dated=date(2026, 10, 1), words=(), holder="")
    assert case.state.task is not None
    assert case.state.task.due < datetime(2026, 11, 23, tzinfo=UTC)
    said = case.fire(datetime(2026, 11, 23, 3, tzinfo=UTC))
    assert [type(event) for event in said] == [TaskEscalated]


@pytest.mark.parametrize(
    ("stage", "shown", "begins"),
    [
        ("performance_team", 2, "personnel_verifier"),
        ("ppk", 3, "bkn_liaison"),
        ("ppk", 0, "personnel_verifier"),
        ("ppk", 5, "ppk"),
        ("unit_head", 0, "unit_head"),
    ],
)
def test_a_verification_or_consent_that_the_paper_does_not_show_is_asked_for(
    stage: str, shown: int, begins: str
) -> None:
    case = adopted(stage=stage, words=BEFORE[:shown], holder="")
    assert case.state.task is not None
    assert case.state.task.stage == begins


def test_what_was_agreed_to_on_paper_counts_for_the_decree() -> None:
    case = adopted(stage="ppk", words=BEFORE[:5], holder="")
    (granted,) = (event for event in say(case, 6) if isinstance(event, ApprovalGranted))
    assert granted.consented == tuple(STAGES[:5])
    assert Grant.model_validate(granted.model_dump(include=set(Grant.model_fields))).by == "p-ppk"


def test_who_said_yes_on_paper_does_not_decide_a_later_stage() -> None:
    words = [{**BEFORE[1], "by": "p-personnel_verifier"}]
    case = adopted(words=words, holder="p-personnel_verifier")
    assert not [event for event in case.said if isinstance(event, TaskClaimed)]
    with pytest.raises(Refused, match="DUTIES_NOT_SEPARATE"):
        say(case, 3)


@pytest.mark.parametrize(
    ("changes", "code", "about"),
    [
        ({"stage": "mayor"}, "STAGE_UNKNOWN", "mayor"),
        ({"words": [BEFORE[5]]}, "STAGE_UNKNOWN", "ppk"),
        ({"words": [{**BEFORE[1], "by": "p-rina"}]}, "KONFLIK_KEPENTINGAN", "unit_head"),
        ({"words": [{**BEFORE[1], "by": "p-sister"}]}, "KONFLIK_KEPENTINGAN", "unit_head"),
    ],
)
def test_what_cannot_be_goes_back_with_its_reason(changes: dict[str, Any], code: str, about: str) -> None:
    case = adopted(**changes)
    back = case.said[-1]
    assert isinstance(back, ApprovalReturned)
    assert (back.code, case.state.status, case.state.task) == (code, "returned", None)
    assert about in back.reason
