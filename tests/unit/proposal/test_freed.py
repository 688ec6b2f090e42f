"""A seat of a first-come vacancy that becomes free before its decree goes to those who were told that all are taken."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.proposal.deciders import SEATS
from services.proposal.domain import (
    Contest,
    DecideContest,
    Employee,
    LeaveSeat,
    Seats,
    TakeSeat,
    seats_of,
)
from shared.contracts.freed import SeatAccepted, SeatDeclined, SeatOffered
from shared.contracts.overbooking import VacancyShort
from shared.contracts.proposal import (
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
    SeatReserved,
)
from shared.contracts.registry import VacancyClosed
from shared.kernel.decider import Event, TimerDue
from tests.unit.proposal.bench import NOW, Bench, outcome
from tests.unit.proposal.kit import RINA, TARGET, VERIFIER, actor, facts, seat_refused, submitted
from tests.unit.proposal.test_seats import amended, asks, done, gives_back, published

FULL = {"stage": "seat", "codes": ("FORMASI_PENUH",)}


def refused(case: str, attempt: int = 1, **changes: object) -> ProposalRefused:
    """The case ended because all seats are taken."""
    about = {"case": case, "person": f"p-{case}", "attempt": attempt, "vacancy": "v-1", "reason": ""}
    return ProposalRefused.model_validate({**about, **FULL, **changes})


def register(quota: int = 1) -> Bench[Seats]:
    """A first-come vacancy of Palu (WITA)."""
    seats = Bench(SEATS, seats_of("v-1"), facts())
    seats.tell(published(quota))
    return seats


def full(*waiting: str) -> Bench[Seats]:
    """Its only seat is reserved for a, and these were refused."""
    seats = register()
    for case in ("a", *waiting):
        seats.tell(asks(case))
    for case in waiting:
        assert outcome(seats, refused(case)) == "awaited"
    return seats


def take(seats: Bench[Seats], case: str, who: str = "") -> str:
    return outcome(seats, TakeSeat(case=case), actor(who or f"p-{case}"))


@pytest.mark.parametrize("kind", [ProposalWithdrawn, ProposalExpired, ProposalRefused, ProposalReturned])
def test_a_seat_that_frees_before_its_decree_is_offered_to_the_next_until_a_day(kind: type[Event]) -> None:
    seats = full("b", "c")
    _released, offered = seats.tell(gives_back(kind, "a"))
    assert isinstance(offered, SeatOffered)
    assert (offered.case, offered.person, offered.attempt) == ("b", "p-b", 1)
    # three working days after Monday 23 November 2026, to the end of the day in Palu (WITA)
    assert offered.until == datetime(2026, 11, 26, 15, 59, 59, 999000, tzinfo=UTC)
    assert outcome(seats, asks("d")) == "refused", "it is kept for who was offered it"
    assert outcome(seats, refused("b")) == "-", "a repeat"


def test_who_takes_it_goes_on_as_the_next_attempt_with_a_seat() -> None:
    seats = full("b")
    seats.tell(gives_back(ProposalWithdrawn, "a"))
    assert take(seats, "b") == "accepted+reserved"
    assert seats.state.cases["b"].attempt == 2
    assert (take(seats, "b"), seats.state.used, SEATS.timers(seats.state)) == ("NO_OFFER", 1, ())
    assert outcome(seats, asks("b", 2)) == "-", "the case goes on as it was told"
    assert outcome(seats, done("b")) == "taken"


def test_only_the_person_answers_and_only_an_offer() -> None:
    seats = full("b", "c")
    seats.tell(gives_back(ProposalWithdrawn, "a"))
    assert take(seats, "b", "p-c") == take(seats, "c") == take(seats, "x") == "NO_OFFER"
    with pytest.raises(Exception, match="OFFER_OVER"):
        seats.tell(TakeSeat(case="b"), actor("p-b"), at=NOW + timedelta(days=9))


def test_declined_or_not_answered_in_time_it_goes_to_the_next_and_then_to_whoever_comes() -> None:
    seats = full("b", "c")
    seats.tell(gives_back(ProposalWithdrawn, "a"))
    declined, offered = seats.tell(LeaveSeat(case="b"), actor("p-b"))
    assert isinstance(declined, SeatDeclined)
    assert isinstance(offered, SeatOffered)
    assert (declined.cause, offered.case) == ("declined", "c")
    (lapsed,) = seats.fire()
    assert isinstance(lapsed, SeatDeclined)
    assert (lapsed.case, lapsed.cause) == ("c", "lapsed")
    assert outcome(seats, refused("c")) == "-", "who had their turn waits no more"
    assert outcome(seats, asks("d")) == "reserved"


def test_a_seat_that_is_free_when_the_refusal_arrives_is_offered_at_once() -> None:
    seats = register()
    for case in "ab":
        seats.tell(asks(case))
    seats.tell(gives_back(ProposalWithdrawn, "a"))
    assert outcome(seats, refused("b")) == "awaited+offered"


@pytest.mark.parametrize("status", ["dead", "retired"])
def test_nobody_is_offered_a_seat_who_is_not_there_to_take_it(status: str) -> None:
    seats = full("b", "c")
    seats.facts[Employee.KIND, "p-b"] = Employee(status=status, placement=TARGET)
    _released, passed, offered = seats.tell(gives_back(ProposalWithdrawn, "a"))
    assert isinstance(passed, SeatDeclined)
    assert isinstance(offered, SeatOffered)
    assert (passed.case, passed.cause, offered.case) == ("b", "lapsed", "c")


def test_who_dies_with_an_offer_keeps_the_next_waiting_no_longer_than_its_day() -> None:
    seats = full("b", "c", "d")
    seats.tell(gives_back(ProposalWithdrawn, "a"))
    for who in ("p-b", "p-c"):
        seats.facts[Employee.KIND, who] = Employee(status="dead", placement=TARGET)
    said = [(event.TYPE.split(".")[2], getattr(event, "case", "")) for event in seats.fire()]
    assert said == [("declined", "b"), ("declined", "c"), ("offered", "d")]


def test_more_seats_are_offered_to_as_many() -> None:
    seats = full("b", "c", "d")
    said = seats.tell(amended(3), sequence=2)
    assert [event.case for event in said if isinstance(event, SeatOffered)] == ["b", "c"]


@pytest.mark.parametrize(
    "other",
    [
        refused("b", stage="approval"),  # an official may refuse with the same code
        refused("b", stage="evaluation", codes=("TENURE_MIN",)),
        refused("b", codes=("VACANCY_CANCELLED",)),
        refused("b", person="p-c"),  # the same person waits with another case
    ],
)
def test_nobody_else_waits(other: ProposalRefused) -> None:
    seats = full("c")
    seats.tell(asks("b"))
    assert outcome(seats, other) == "-"


def test_a_member_of_an_exchange_does_not_wait_for_a_seat() -> None:
    seats = register()
    for case in ("a", "g-2"):
        seats.tell(asks(case))
    assert outcome(seats, refused("g-2")) == "-"


def test_a_closed_vacancy_offers_nothing_and_keeps_no_offer() -> None:
    cancelled = VacancyClosed(vacancy="v-1", cause="cancelled")
    seats = full("b")
    seats.tell(cancelled)
    assert outcome(seats, gives_back(ProposalRefused, "a")) == "released"
    seats = full("b")
    seats.tell(gives_back(ProposalWithdrawn, "a"))
    seats.tell(cancelled)
    assert take(seats, "b") == "OFFER_OVER"


def test_an_offered_seat_that_others_took_meanwhile_is_no_seat() -> None:
    seats = full("b")
    seats.tell(gives_back(ProposalWithdrawn, "a"))
    seats.tell(VacancyShort(vacancy="v-1", post="p", short=1, seats=1, holders=1), sequence=5)
    assert take(seats, "b") == "FORMASI_PENUH"
    seats.tell(VacancyShort(vacancy="v-1", post="p", short=0, seats=1, holders=0), sequence=6)
    assert take(seats, "b") == "accepted+reserved"


def test_who_lost_a_reserved_seat_in_time_waits_too() -> None:
    seats = full("b")
    seats.tell(VacancyShort(vacancy="v-1", post="p", short=1, seats=1, holders=1), sequence=5)
    assert outcome(seats, refused("a")) == "released+awaited"
    said = seats.tell(VacancyShort(vacancy="v-1", post="p", short=0, seats=1, holders=0), sequence=6)
    assert [event.case for event in said if isinstance(event, SeatOffered)] == ["a"], "who came first is first"


def test_a_human_who_reopens_an_offered_case_takes_its_seat() -> None:
    seats = full("b")
    seats.tell(gives_back(ProposalWithdrawn, "a"))
    assert outcome(seats, asks("b", 2)) == "reserved"
    assert take(seats, "b") == "NO_OFFER"
    assert outcome(full("b"), asks("b", 2)) == "refused"


# -- the case -------------------------------------------------------------------------------------------------------

ACCEPTED = SeatAccepted(vacancy="v-1", case="c-1", person="p-rina", attempt=2)


def test_the_case_goes_on_judged_afresh() -> None:
    case = submitted()
    case.tell(seat_refused())
    (again,) = case.tell(ACCEPTED)
    assert isinstance(again, ProposalSubmitted)
    assert (again.attempt, again.content.target, case.state.status) == (2, TARGET, "submitted")
    assert outcome(case, ACCEPTED) == "-"
    assert outcome(case, SeatReserved(vacancy="v-1", case="c-1", attempt=2)) == "noted"


def test_a_contest_is_moot_once_there_is_a_seat() -> None:
    case = submitted()
    case.tell(seat_refused())
    case.tell(Contest(reason="kursi kosong"), RINA)
    assert outcome(case, ACCEPTED) == "submitted"
    assert outcome(case, DecideContest(decision="uphold", reason="penuh"), VERIFIER) == "WRONG_STATE"


@pytest.mark.parametrize("contested", [False, True])
def test_what_can_be_kept_no_more_is_said_once(contested: bool) -> None:
    case = submitted()
    case.tell(seat_refused())
    if contested:
        case.tell(Contest(reason="kursi kosong"), RINA)
    case.facts[Employee.KIND, "p-rina"] = Employee(status="active", placement=TARGET)
    (lost,) = case.tell(ACCEPTED)
    assert isinstance(lost, ProposalRefused)
    assert (lost.attempt, lost.codes, case.state.status) == (2, ("OWN_SEAT",), "refused")
    assert outcome(case, SeatReserved(vacancy="v-1", case="c-1", attempt=2)) == "-", "it waits for nothing any more"


# -- any order ------------------------------------------------------------------------------------------------------

QUOTA, CASES = 2, st.sampled_from("abcdef")


class Freed(RuleBasedStateMachine):
    """Cases come, give up, are refused, take or leave what they are offered, and every word may be repeated."""

    def __init__(self) -> None:
        super().__init__()
        self.seats = register(QUOTA)
        self.told: list[Event] = []

    def _tell(self, event: Event) -> None:
        self.told.append(event)
        self.seats.tell(event)

    def _status(self, case: str) -> str:
        seat = self.seats.state.cases.get(case)
        return seat.status if seat else ""

    @rule(case=CASES)
    def comes(self, case: str) -> None:
        if not self._status(case):
            self._tell(asks(case))
            if self._status(case) == "refused":
                self._tell(refused(case))

    @rule(case=CASES, kind=st.sampled_from([ProposalWithdrawn, ProposalExpired, ProposalRefused]))
    def gives_up(self, case: str, kind: type[Event]) -> None:
        if self._status(case) == "reserved":
            self._tell(gives_back(kind, case, self.seats.state.cases[case].attempt))

    @rule(case=CASES)
    def moves(self, case: str) -> None:
        if self._status(case) == "reserved":
            self._tell(done(case))

    @rule(case=CASES, takes=st.booleans())
    def answers(self, case: str, takes: bool) -> None:
        before = self._status(case)
        said = outcome(self.seats, (TakeSeat if takes else LeaveSeat)(case=case), actor(f"p-{case}"))
        assert (said == "NO_OFFER") == (before != "offered")

    @rule()
    def nobody_answers(self) -> None:
        for timer in SEATS.timers(self.seats.state)[:1]:
            assert self.seats.tell(TimerDue(id=timer.id, name=timer.name, at=timer.at))

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        if self.told:
            before = self.seats.state
            assert self.seats.tell(data.draw(st.sampled_from(self.told))) == []
            assert self.seats.state == before

    @invariant()
    def no_seat_is_promised_twice_and_none_lies_idle(self) -> None:
        state = self.seats.state
        assert state.used + len(state.those("offered")) <= QUOTA
        assert not (state.free and state.those("waiting"))

    @invariant()
    def every_offer_has_its_end(self) -> None:
        state = self.seats.state
        assert set(state.waiters) == {*state.those("waiting"), *state.those("offered")}
        assert len(SEATS.timers(state)) == len(state.those("offered"))


TestFreed = Freed.TestCase
TestFreed.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
