"""Every state against every message: what is said, with which code it is refused, or `-` for nothing."""

from collections.abc import Callable

import pytest

from services.approval.domain import Case, Claim, Decide, Release
from shared.kernel.decider import Frozen, TimerDue
from tests.unit.approval.kit import (
    OFFICIALS,
    bench,
    completed,
    evaluation,
    expired,
    no_move,
    opened,
    refused,
    returned,
    say,
    task,
    through,
    withdrawn,
)
from tests.unit.proposal.bench import NOW, Bench, outcome

FIRST = OFFICIALS[0]


def _after(make: Callable[[], Bench[Case]], *bodies: Frozen) -> Bench[Case]:
    case = make()
    for body in bodies:
        case.tell(body, FIRST)
    return case


def _verdict(n: int, decision: str, code: str) -> Bench[Case]:
    case = through(n - 1)
    say(case, n, decision, code, "alasan")
    return case


STATES: dict[str, Callable[[], Bench[Case]]] = {
    "new": bench,
    "open": opened,
    "open, claimed": lambda: _after(opened, Claim(task=task())),
    "granted": through,
    "refused": lambda: _verdict(3, "refuse", "PROSES_DISIPLIN"),
    "returned": lambda: _verdict(1, "return", "BERKAS_TIDAK_LENGKAP"),
    "closed, may come again": lambda: _after(opened, returned()),
    "closed, for good": lambda: _after(opened, withdrawn()),
}
MESSAGES: dict[str, Frozen] = {
    "eligible": evaluation(),
    "not_eligible": evaluation(eligible=False),
    "next_attempt": evaluation(2),
    "claim": Claim(task=task()),
    "release": Release(task=task()),
    "approve": Decide(task=task(), decision="approve"),
    "timer": TimerDue(id="due-1-1", name="deadline", at=NOW),
    "withdrawn": withdrawn(),
    "ended": refused(),
    "sent_back": returned(),
    "expired": expired(),
    "completed": completed(),
    "move_refused": no_move(),
}
LONG = {"OVER": "TASK_OVER", "NONE": "NOT_FOUND", "NOT_MINE": "NOT_CLAIMED_BY_YOU"}
# The columns are the states in the order above. The proposal of attempt 2 is not known: its evaluation waits.
TABLE = """
eligible      opened+queued -         -              -       -       -       -       -
not_eligible  -             -         -              -       -       -       -       -
next_attempt  NotYet        NotYet    NotYet         NotYet  NotYet  NotYet  NotYet  -
claim         NONE          claimed   -              OVER    OVER    OVER    OVER    OVER
release       NONE          NOT_MINE  released       OVER    OVER    OVER    OVER    OVER
approve       NONE          NOT_MINE  decided+queued OVER    OVER    OVER    OVER    OVER
timer         -             escalated escalated      -       -       -       -       -
withdrawn     closed        closed    closed         closed  closed  closed  closed  -
ended         closed        closed    closed         closed  closed  closed  closed  -
sent_back     closed        closed    closed         closed  closed  closed  -       -
expired       closed        closed    closed         closed  closed  closed  closed  -
completed     closed        closed    closed         closed  closed  closed  closed  -
move_refused  revoked       revoked   revoked        revoked revoked revoked revoked revoked
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(state, row[0], expected) for row in ROWS for state, expected in zip(STATES, row[1:], strict=True)]


def test_the_table_is_complete() -> None:
    assert [row[0] for row in ROWS] == list(MESSAGES)
    kinds = {name.split(",")[0] for name in STATES}
    assert kinds == set(Case.model_fields["status"].annotation.__args__)  # type: ignore[union-attr]


@pytest.mark.parametrize(("state", "message", "expected"), CELLS)
def test_cell(state: str, message: str, expected: str) -> None:
    case = STATES[state]()
    assert case.state.status == state.partition(",")[0]
    before = case.state
    assert outcome(case, MESSAGES[message], FIRST) == LONG.get(expected, expected)
    if expected.lower() != expected or expected == "-":
        assert case.state == before
    if "closed" in expected:
        assert case.state.task is None
        assert not case.decider.timers(case.state)
        assert not case.state.open
