"""The register never grants more than its quota, whatever is repeated and in whichever order cases come."""

from datetime import date
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.proposal.deciders import SEATS
from services.proposal.domain import Seats, seats_of
from shared.contracts.proposal import (
    Content,
    ProposalCompleted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
    SeatRefused,
    SeatReserved,
    SeatTaken,
)
from shared.contracts.ranking import Attempt, RankingAccepted, RankingDecided
from shared.contracts.registry import PostRequirements, VacancyAmended, VacancyClosed, VacancyPublished
from shared.kernel.decider import Event, NotYet
from tests.unit.proposal.bench import Bench
from tests.unit.proposal.kit import (
    ORIGIN,
    TARGET,
)

QUOTA = 2


def published(quota: int = QUOTA) -> VacancyPublished:
    return VacancyPublished(
        vacancy="v-1",
        reference="r",
        placement=TARGET,
        post_title="t",
        post_kind="staff",
        structural=False,
        requirements=PostRequirements(),
        quota=quota,
        closes_on=date(2026, 12, 31),
        purpose="p",
        weights={},
        retirement_age=58,
    )


def asks(case: str, attempt: int = 1) -> ProposalSubmitted:
    content = Content(
        initiative="own",
        person=f"p-{case}",
        vacancy="v-1",
        origin=ORIGIN,
        target=TARGET,
        purpose="p",
        expected_result="e",
        reason="r",
    )
    return ProposalSubmitted(case=case, attempt=attempt, content=content, by="x", receipt="MT")


def gives_back(kind: type[Event], case: str, attempt: int = 1) -> Event:
    fields: dict[str, Any] = {"stage": "approval", "codes": (), "reason": "", "by": "x", "code": "x"}
    about = {"case": case, "person": "p", "attempt": attempt, "vacancy": "v-1"}
    return kind.model_validate({**fields, **about})


def register() -> Bench[Seats]:
    seats = Bench(SEATS, seats_of("v-1"), {})
    seats.tell(published())
    return seats


def done(case: str) -> ProposalCompleted:
    return ProposalCompleted(case=case, person="p", decree="d", vacancy="v-1")


@pytest.mark.parametrize("early", [asks("a"), VacancyClosed(vacancy="v-1", cause="cancelled"), done("a")])
def test_nothing_before_the_vacancy_is_known(early: Event) -> None:
    with pytest.raises(NotYet, match="vacancy/v-1"):
        Bench(SEATS, seats_of("v-1"), {}).tell(early)


def test_i5_first_come_first_served() -> None:
    seats = register()
    said = [seats.tell(asks(case))[0] for case in "abc"]
    assert [type(event) for event in said] == [SeatReserved, SeatReserved, SeatRefused]
    assert said[2].model_dump()["code"] == "FORMASI_PENUH"


@pytest.mark.parametrize("kind", [ProposalWithdrawn, ProposalRefused, ProposalReturned, ProposalExpired])
def test_a_seat_given_back_goes_to_the_next(kind: type[Event]) -> None:
    seats = register()
    for case in "ab":
        seats.tell(asks(case))
    seats.tell(gives_back(kind, "a"))
    assert isinstance(seats.tell(asks("c"))[0], SeatReserved)


def amended(quota: int) -> VacancyAmended:
    about = {"vacancy": "v-1", "placement": TARGET, "mode": "first_come", "closes_on": date(2026, 12, 31)}
    return VacancyAmended.model_validate({**about, "quota": quota, "purpose": "p", "reason": "r"})


def test_more_seats_are_given_and_fewer_let_go_of_the_youngest() -> None:
    seats = register()
    seats.tell(amended(4), sequence=2)
    for case in "abcd":
        assert isinstance(seats.tell(asks(case))[0], SeatReserved)
    seats.tell(done("a"))
    _, *refused = seats.tell(amended(2), sequence=3)
    assert [(event.model_dump()["case"], event.model_dump()["code"]) for event in refused] == [
        ("d", "QUOTA_REDUCED"),
        ("c", "QUOTA_REDUCED"),
    ]
    assert seats.state.used == 2
    assert isinstance(seats.tell(asks("e"))[0], SeatRefused)


def test_what_was_said_of_the_quota_before_is_not_heard_again() -> None:
    seats = register()
    seats.tell(amended(4), sequence=2)
    seats.tell(amended(3), sequence=3)
    for repeat, sequence in ((published(), 1), (amended(4), 2), (amended(3), 3)):
        assert seats.tell(repeat, sequence=sequence) == []
    assert seats.state.quota == 3
    with pytest.raises(NotYet, match="vacancy/v-1"):
        Bench(SEATS, seats_of("v-1"), {}).tell(amended(4), sequence=2)


def test_a_late_repeat_of_an_old_return_does_not_free_the_seat_of_the_next_attempt() -> None:
    seats = register()
    seats.tell(asks("a"))
    seats.tell(gives_back(ProposalReturned, "a", 1))
    seats.tell(asks("a", 2))
    assert seats.tell(gives_back(ProposalReturned, "a", 1)) == []
    assert seats.tell(asks("a", 1)) == []
    assert seats.state.used == 1


def test_a_later_attempt_renews_what_it_holds() -> None:
    seats = register()
    for case in "ab":
        seats.tell(asks(case))
    (event,) = seats.tell(asks("a", 2))
    assert isinstance(event, SeatReserved)
    assert (event.attempt, seats.state.used) == (2, QUOTA)


def test_the_date_alone_shuts_nobody_out_a_cancellation_does() -> None:
    seats = register()
    assert seats.tell(VacancyClosed(vacancy="v-1", cause="date")) == []
    assert isinstance(seats.tell(asks("a"))[0], SeatReserved)
    seats.tell(VacancyClosed(vacancy="v-1", cause="cancelled"))
    (event,) = seats.tell(asks("b"))
    assert isinstance(event, SeatRefused)
    assert event.code == "VACANCY_CLOSED"


def test_a_smaller_quota_takes_nothing_away_and_gives_nothing_more() -> None:
    seats = register()
    seats.tell(asks("a"))
    seats.tell(amended(1), sequence=2)
    assert isinstance(seats.tell(asks("b"))[0], SeatRefused)
    assert seats.state.used == 1


NAMES = st.sampled_from("abcdef")


class Register(RuleBasedStateMachine):
    """Cases live their lives in order, each event of theirs may come again at any later time."""

    def __init__(self) -> None:
        super().__init__()
        self.seats = register()
        self.told: list[Event] = []
        self.attempt: dict[str, int] = {}
        self.alive: dict[str, bool] = {}
        self.finished: set[str] = set()

    def _tell(self, event: Event) -> None:
        self.told.append(event)
        self.seats.tell(event)

    @rule(case=NAMES)
    def submit(self, case: str) -> None:
        if not self.alive.get(case) and case not in self.finished:
            self.attempt[case] = self.attempt.get(case, 0) + 1
            self.alive[case] = True
            self._tell(asks(case, self.attempt[case]))

    @rule(case=NAMES)
    def send_back(self, case: str) -> None:
        if self.alive.get(case):
            self.alive[case] = False
            self._tell(gives_back(ProposalReturned, case, self.attempt[case]))

    @rule(case=NAMES)
    def complete(self, case: str) -> None:
        seat = self.seats.state.cases.get(case)
        if self.alive.get(case) and seat is not None and seat.status == "reserved":
            self.alive[case] = False
            self.finished.add(case)
            self._tell(done(case))

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        if self.told:
            before = self.seats.state
            assert self.seats.tell(data.draw(st.sampled_from(self.told))) == []
            assert self.seats.state == before

    @invariant()
    def never_above_quota(self) -> None:
        assert self.seats.state.used <= QUOTA
        taken = [event.case for event in self.seats.said if isinstance(event, SeatTaken)]
        assert sorted(taken) == sorted(self.finished)

    @invariant()
    def one_answer_per_attempt(self) -> None:
        answered = [
            (event.case, event.attempt) for event in self.seats.said if isinstance(event, SeatReserved | SeatRefused)
        ]
        assert len(answered) == len(set(answered)) == sum(self.attempt.values())


TestRegister = Register.TestCase
TestRegister.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


# -- seats of a ranked vacancy: the panel gives them ---------------------------------------------------------------


def ranked_register(quota: int = 1) -> Bench[Seats]:
    seats = Bench(SEATS, seats_of("v-1"), {})
    seats.tell(published(quota).model_copy(update={"mode": "ranked"}))
    return seats


def waits(case: str) -> ProposalSubmitted:
    asked = asks(case)
    return asked.model_copy(update={"content": asked.content.model_copy(update={"awaits_ranking": True})})


def chosen(*cases: str, others: tuple[str, ...] = ()) -> RankingDecided:
    return RankingDecided(
        vacancy="v-1",
        version=1,
        chosen=tuple(Attempt(case=case, attempt=1) for case in cases),
        others=tuple(Attempt(case=case, attempt=1) for case in others),
        by="p",
        office="performance_team",
        deviates=False,
        reason="",
    )


def accepted(case: str, attempt: int = 2) -> RankingAccepted:
    return RankingAccepted(vacancy="v-1", case=case, person="p", attempt=attempt)


def told(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.TYPE.split(".")[2], getattr(event, "case", "")) for event in events]


def test_who_waits_for_a_ranking_is_told_nothing_before_the_choice() -> None:
    seats = ranked_register()
    assert seats.tell(waits("a")) == seats.tell(waits("b")) == []
    assert told(seats.tell(chosen("b", others=("a",)))) == [("reserved", "b"), ("refused", "a")]
    assert isinstance(seats.said[-1], SeatRefused)
    assert seats.said[-1].code == "KALAH_PERINGKAT"
    assert seats.tell(chosen("b", others=("a",))) == []


def test_the_seat_waits_while_the_chosen_mend_the_file() -> None:
    seats = ranked_register()
    seats.tell(chosen("a"))
    assert seats.tell(gives_back(ProposalReturned, "a")) == []
    assert told(seats.tell(asks("a", 2))) == [("reserved", "a")]


def test_a_choice_that_crossed_a_withdrawal_reserves_nothing() -> None:
    seats = ranked_register()
    assert told(seats.tell(gives_back(ProposalWithdrawn, "a"))) == [("released", "a")]
    assert seats.tell(chosen("a")) == []
    assert seats.state.used == 0


def test_an_offer_that_crossed_its_refusal_reserves_nothing() -> None:
    seats = ranked_register()
    seats.tell(chosen("a", others=("b",)))
    seats.tell(gives_back(ProposalWithdrawn, "a"))
    assert told(seats.tell(gives_back(ProposalRefused, "b", 2))) == [("released", "b")]
    assert seats.tell(accepted("b")) == []
    assert seats.state.used == 0


def test_an_accepted_offer_takes_the_seat_that_is_free_and_no_other() -> None:
    seats = ranked_register()
    seats.tell(chosen("a", others=("b", "c")))
    assert told(seats.tell(accepted("c"))) == [("refused", "c")]
    seats.tell(gives_back(ProposalWithdrawn, "a"))
    assert told(seats.tell(accepted("b"))) == [("reserved", "b")]
    assert seats.tell(accepted("b")) == []


def test_a_choice_of_more_than_there_are_seats_by_now_keeps_to_the_quota() -> None:
    seats = ranked_register(2)
    amended = VacancyAmended(
        vacancy="v-1", placement=TARGET, quota=1, mode="ranked", closes_on=date(2026, 12, 31), purpose="p", reason="r"
    )
    seats.tell(amended, sequence=2)
    assert told(seats.tell(chosen("a", "b"))) == [("reserved", "a"), ("refused", "b")]
    assert seats.state.used == 1
