"""An inauguration is set by the office that issued the decree, moved, called off, and goes with a revoked decree."""

from datetime import date, timedelta

import pytest

from services.approval.domain import Revocation
from services.approval.domain.inaugurations import INAUGURATIONS, Inauguration, SetInauguration, inauguration_of
from shared.contracts.approval import DecreeRevoked
from shared.contracts.inaugurations import InaugurationSet
from shared.kernel.decider import Refused
from tests.unit.approval.test_acts import ID, PPK, register
from tests.unit.proposal.bench import NOW, Bench
from tests.unit.proposal.kit import actor

DAY, HALL = date(2027, 1, 8), "Aula Kantor Wali Kota"


def inauguration() -> Bench[Inauguration]:
    """Of a decree that was issued."""
    bench = Bench(INAUGURATIONS, inauguration_of(ID), {})
    bench.facts = register().facts
    return bench


def test_it_is_set_moved_and_called_off_once_each() -> None:
    bench = inauguration()
    told = [
        bench.tell(command, PPK)
        for command in (
            SetInauguration(held_on=DAY, place=HALL),
            SetInauguration(held_on=DAY, place=HALL),
            SetInauguration(held_on=DAY + timedelta(days=1), place=HALL),
            SetInauguration(),
            SetInauguration(place=HALL),
        )
    ]
    assert [len(events) for events in told] == [1, 0, 1, 1, 0]
    said = [event for events in told for event in events]
    assert all(isinstance(event, InaugurationSet) for event in said)
    days = [(event.n, event.held_on, event.place) for event in said if isinstance(event, InaugurationSet)]
    assert days == [(1, DAY, HALL), (2, DAY + timedelta(days=1), HALL), (3, None, "")]
    assert {(event.case, event.person, event.by) for event in said if isinstance(event, InaugurationSet)} == {
        ("c-1", "p-rina", PPK.person)
    }


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (SetInauguration(held_on=NOW.date() - timedelta(days=1), place=HALL), "INAUGURATION_PAST"),
        (SetInauguration(held_on=DAY, place="  "), "PLACE_MISSING"),
    ],
)
def test_what_cannot_be_is_refused(command: SetInauguration, code: str) -> None:
    bench = inauguration()
    with pytest.raises(Refused, match=code):
        bench.tell(command, PPK)
    with pytest.raises(Refused, match="OFFICE_NEEDED"):
        bench.tell(command, actor("p-x"))
    bench.facts.clear()
    with pytest.raises(Refused, match="NOT_FOUND"):
        bench.tell(command, PPK)


def test_a_revoked_decree_calls_it_off_and_none_is_set_any_more() -> None:
    revoked = DecreeRevoked(case="c-1", decree=ID, code="AUTHORITY", person="p-rina")
    assert inauguration().tell(revoked) == [], "nothing was set"
    bench = inauguration()
    bench.tell(SetInauguration(held_on=DAY, place=HALL), PPK)
    (off,) = bench.tell(revoked)
    assert isinstance(off, InaugurationSet)
    assert (off.held_on, off.n, off.by) == (None, 2, "")
    assert bench.tell(revoked.model_copy(update={"code": "X"})) == []
    bench.facts[Revocation.KIND, ID] = Revocation(code="USIA_BUP")
    with pytest.raises(Refused, match="ALREADY_REVOKED"):
        bench.tell(SetInauguration(held_on=DAY, place=HALL), PPK)
