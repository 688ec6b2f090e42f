"""A reserved seat that somebody else took: the youngest reservation waits, gets the next free seat, or ends in time."""

from datetime import UTC, datetime

from services.proposal.domain import Submit
from shared.contracts.overbooking import (
    PositionOverbooked,
    ProposalResumed,
    ProposalSuspended,
    SeatsShort,
    VacancyShort,
)
from shared.contracts.proposal import ProposalRefused, ProposalWithdrawn, SeatReserved
from tests.unit.proposal.bench import outcome
from tests.unit.proposal.kit import RINA, approved, bench, confirmed, granted, reserved, submitted, wish
from tests.unit.proposal.test_seats import asks, done, gives_back, register


def lost(count: int) -> VacancyShort:
    """Others sit on so many of the seats."""
    return VacancyShort(vacancy="v-1", post="p", short=count, seats=2, holders=count)


OVERBOOKED = PositionOverbooked(vacancy="v-1", case="c-1", attempt=1)


def test_the_youngest_reservation_waits_and_the_oldest_of_them_is_next() -> None:
    seats = register()
    for case in "ab":
        seats.tell(asks(case))
    said = [*seats.tell(lost(1), sequence=5), *seats.tell(lost(2), sequence=6)]
    assert [event.case for event in said if isinstance(event, PositionOverbooked)] == ["b", "a"]
    assert [event.short for event in said if isinstance(event, SeatsShort)] == [1, 2]
    assert outcome(seats, asks("c")) == "refused"
    _, back = seats.tell(lost(1), sequence=7)
    assert isinstance(back, SeatReserved)
    assert (back.case, seats.state.used) == ("a", 1)


def test_a_seat_given_back_goes_to_who_waits() -> None:
    seats = register()
    for case in "ab":
        seats.tell(asks(case))
    seats.tell(lost(1), sequence=5)
    _released, back = seats.tell(gives_back(ProposalWithdrawn, "a"))
    assert isinstance(back, SeatReserved)
    assert back.case == "b"


def test_news_that_were_heard_before_change_nothing() -> None:
    seats = register()
    seats.tell(asks("a"))
    seats.tell(lost(2), sequence=6)
    assert seats.tell(lost(0), sequence=5) == []
    assert seats.tell(lost(2), sequence=6) == []


def test_without_a_reservation_nobody_waits() -> None:
    seats = register()
    seats.tell(asks("a"))
    assert [type(event) for event in seats.tell(lost(1), sequence=5)] == [SeatsShort]


def test_who_waits_may_end_or_move_all_the_same() -> None:
    for event in (gives_back(ProposalRefused, "a"), done("a")):
        seats = register()
        seats.tell(asks("a"))
        seats.tell(lost(2), sequence=5)
        assert len(seats.tell(event)) == 1
        assert seats.tell(lost(0), sequence=6) == [SeatsShort(vacancy="v-1", short=0, as_of=6)]


def test_the_case_goes_on_without_a_seat_and_is_approved_once_it_has_one() -> None:
    case = submitted()
    for answer in (reserved(), confirmed()):
        case.tell(answer)
    (said,) = case.tell(OVERBOOKED)
    assert isinstance(said, ProposalSuspended)
    # 30 working days after Monday 23 November 2026, to the end of the day in Palu (WITA)
    assert said.until == datetime(2027, 1, 8, 15, 59, 59, 999000, tzinfo=UTC)
    assert outcome(case, OVERBOOKED) == "-"
    assert outcome(case, granted()) == "noted"
    assert outcome(case, reserved()) == "resumed+approved"
    assert case.decider.timers(case.state) == ()


def test_no_seat_in_time_ends_the_case() -> None:
    case = submitted()
    case.tell(reserved())
    case.tell(OVERBOOKED)
    (said,) = case.fire()
    assert isinstance(said, ProposalRefused)
    assert (said.stage, said.codes, said.vacancy) == ("seat", ("FORMASI_PENUH",), "v-1")


def test_a_later_attempt_is_waited_for() -> None:
    assert outcome(submitted(), OVERBOOKED.model_copy(update={"attempt": 2})) == "NotYet"


def test_who_is_approved_stays() -> None:
    assert outcome(approved(), OVERBOOKED) == "-"


def test_an_own_case_is_handed_in_and_told_twice() -> None:
    """Suspended again after it was resumed: a new term, and the timer of the first says nothing."""
    case = bench()
    case.tell(wish(), RINA)
    case.tell(Submit(), RINA)
    case.tell(reserved())
    case.tell(OVERBOOKED)
    assert isinstance(case.tell(reserved())[0], ProposalResumed)
    assert outcome(case, OVERBOOKED) == "suspended"
    assert len(case.decider.timers(case.state)) == 1
