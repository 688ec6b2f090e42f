"""Every state against every message: what is said, with which code it is refused, or `-` for nothing."""

from collections.abc import Callable

import pytest

from services.proposal.domain import Case, Revise, Submit
from shared.kernel.decider import Frozen, TimerDue
from tests.unit.proposal.bench import NOW, Bench, outcome
from tests.unit.proposal.kit import (
    RINA,
    approved,
    bench,
    cancel,
    chain_refused,
    chain_returned,
    confirmed,
    die,
    evaluated,
    finding,
    granted,
    move_refused,
    moved,
    overturned,
    reserved,
    seat_refused,
    submitted,
    wish,
    withdraw,
)


def _after(make: Callable[[], Bench[Case]], *bodies: Frozen) -> Bench[Case]:
    case = make()
    for body in bodies:
        case.tell(body, RINA)
    return case


def _expired() -> Bench[Case]:
    case = _after(submitted, chain_returned())
    case.fire()
    return case


STATES: dict[str, Callable[[], Bench[Case]]] = {
    "new": bench,
    "draft": lambda: _after(bench, wish()),
    "submitted": submitted,
    "returned": lambda: _after(submitted, chain_returned()),
    "approved": approved,
    "completed": lambda: _after(approved, moved()),
    "refused": lambda: _after(submitted, chain_refused()),
    "withdrawn": lambda: _after(submitted, withdraw()),
    "expired": _expired,
}
MESSAGES: dict[str, Callable[[Bench[Case]], Frozen]] = {
    "draft": lambda _: wish(),
    "revise": lambda _: Revise.model_validate(wish().model_dump()),
    "submit": lambda _: Submit(),
    "withdraw": lambda _: withdraw(),
    "eligible": lambda _: evaluated(),
    "not_eligible": lambda _: evaluated(1, False, finding("TENURE_MIN")),
    "confirmed": lambda _: confirmed(),
    "overturned": lambda _: overturned(),
    "granted": lambda _: granted(),
    "chain_refused": lambda _: chain_refused(),
    "chain_returned": lambda _: chain_returned(),
    "reserved": lambda _: reserved(),
    "seat_refused": lambda _: seat_refused(),
    "moved": lambda _: moved(),
    "move_refused": lambda _: move_refused(),
    "dead": die,
    "cancelled": cancel,
    "timer": lambda _: TimerDue(id="resubmission-1", name="resubmission", at=NOW),
}
SHORT = {"WRONG": "WRONG_STATE", "LATE": "ALREADY_APPROVED", "OVER": "CASE_OVER", "NONE": "NOT_FOUND"}
# The columns are the states in the order above.
TABLE = """
draft          drafted WRONG     WRONG     WRONG     WRONG     WRONG WRONG WRONG WRONG
revise         NONE    revised   WRONG     revised   WRONG     OVER  OVER  OVER  OVER
submit         NONE    submitted WRONG     submitted WRONG     OVER  OVER  OVER  OVER
withdraw       NONE    withdrawn withdrawn withdrawn LATE      LATE  OVER  OVER  OVER
eligible       NotYet  NotYet    -         -         -         -     -     -     -
not_eligible   NotYet  NotYet    refused   -         -         -     -     -     -
confirmed      NotYet  NotYet    noted     -         -         -     -     -     -
overturned     NotYet  NotYet    refused   -         -         -     -     -     -
granted        NotYet  NotYet    noted     -         -         -     -     -     -
chain_refused  NotYet  NotYet    refused   -         -         -     -     -     -
chain_returned NotYet  NotYet    returned  -         -         -     -     -     -
reserved       NotYet  NotYet    noted     -         -         -     -     -     -
seat_refused   NotYet  NotYet    refused   -         -         -     -     -     -
moved          -       -         -         -         completed -     -     -     -
move_refused   -       -         -         -         returned  -     -     -     -
dead           -       -         refused   refused   -         -     -     -     -
cancelled      -       -         refused   refused   -         -     -     -     -
timer          -       -         -         expired   -         -     -     -     -
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(state, row[0], expected) for row in ROWS for state, expected in zip(STATES, row[1:], strict=True)]


def test_the_table_is_complete() -> None:
    assert [row[0] for row in ROWS] == list(MESSAGES)
    assert set(STATES) == set(Case.model_fields["status"].annotation.__args__)  # type: ignore[union-attr]


@pytest.mark.parametrize(("state", "message", "expected"), CELLS)
def test_cell(state: str, message: str, expected: str) -> None:
    case = STATES[state]()
    assert case.state.status == state
    before = case.state
    assert outcome(case, MESSAGES[message](case), RINA) == SHORT.get(expected, expected)
    if expected.lower() != expected or expected == "-":
        assert case.state == before
