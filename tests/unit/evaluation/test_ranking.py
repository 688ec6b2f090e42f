"""The ranking: its order, who takes part, the panel's choice, and the seat that goes to the next."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.deciders import RANKINGS
from services.evaluation.domain.facts import Employee
from services.evaluation.domain.ranking.choice import AcceptOffer, Choose, DeclineOffer
from services.evaluation.domain.ranking.order import Entry, lot, ranked
from services.evaluation.domain.ranking.setting import Setting, setting
from services.evaluation.domain.ranking.state import Ranking, ranking_id
from shared.contracts.evaluation import EvaluationCompleted, Factor, Score
from shared.contracts.proposal import SeatReleased
from shared.contracts.ranking import RankingDecided, RankingEscalated, RankingOffered, RankingPublished
from shared.contracts.registry import PostRequirements, VacancyAmended, VacancyClosed, VacancyPublished
from shared.kernel.decider import Actor, Event, Fact, Facts, Message, NotYet, Office, Refused, TimerDue
from tests.unit.evaluation.cases import DUKCAPIL, RINA, changed
from tests.unit.proposal.bench import Bench

TIES = ("competence", "performance", "experience")
PANEL = Actor(
    login="tim", person="p-tim", offices=(Office(office="performance_team", agency="palu", since=date(2020, 1, 1)),)
)
CLOSED = VacancyClosed(vacancy="v-1", cause="date")
SHARES = st.fractions(0, 1, max_denominator=4).map(str)
FITS = st.tuples(st.integers(0, 3).map(lambda n: n * 2500), st.dictionaries(st.sampled_from(TIES), SHARES))
ENTRIES = st.lists(FITS, max_size=8).map(
    lambda fits: {
        f"c-{n}": Entry(attempt=1, person=f"p-{n}", score=score, shares=shares)
        for n, (score, shares) in enumerate(fits)
    }
)


def published(quota: int = 1) -> VacancyPublished:
    return VacancyPublished(
        vacancy="v-1", reference="r", placement=DUKCAPIL, post_title="Analis", post_kind="functional", structural=False,
        requirements=PostRequirements(), quota=quota, mode="ranked", closes_on=date(2026, 12, 31), purpose="p",
        weights={}, retirement_age=60, zone="WITA",
    )  # fmt: skip


def evaluated(case: str, score: int, attempt: int = 1, *, eligible: bool = True, **shares: str) -> EvaluationCompleted:
    factors = tuple(
        Factor(name=name, raw="", points=0, weight=1, source="", values={"share": share})
        for name, share in shares.items()
    )
    return EvaluationCompleted(
        case=case, attempt=attempt, person=f"p-{case}", vacancy="v-1", eligible=eligible, findings=(),
        score=Score(total=score, factors=factors), ruleset="r", snapshot="s", ranked=True,
    )  # fmt: skip


def gathered(scores: Mapping[str, int], quota: int = 1) -> Bench[Ranking]:
    ranking = Bench(RANKINGS, ranking_id("v-1"), {})
    ranking.tell(published(quota))
    for case, score in scores.items():
        ranking.tell(evaluated(case, score))
    return ranking


def decided(scores: Mapping[str, int], *chosen: str, quota: int = 1, reason: str = "alasan") -> Bench[Ranking]:
    ranking = gathered(scores, quota)
    ranking.tell(CLOSED)
    ranking.tell(Choose(version=1, chosen=chosen, reason=reason), PANEL)
    return ranking


def released(case: str, attempt: int = 1) -> SeatReleased:
    return SeatReleased(vacancy="v-1", case=case, attempt=attempt, ranked=True)


def person(case: str) -> Actor:
    return Actor(login=case, person=f"p-{case}")


def code(ranking: Bench[Ranking], body: Any, who: Actor = PANEL) -> str:
    with pytest.raises(Refused) as refused:
        ranking.tell(body, who)
    return refused.value.code


@given(ENTRIES, st.randoms())
def test_the_order_in_which_they_come_never_matters(entries: dict[str, Entry], random: Any) -> None:
    shuffled = list(entries.items())
    random.shuffle(shuffled)
    assert ranked("v", dict(shuffled), TIES) == ranked("v", entries, TIES)


@given(ENTRIES)
def test_every_pair_stands_as_published(entries: dict[str, Entry]) -> None:
    """Score, then each factor with what is not known behind what is, then the lot; written anew, pair by pair."""
    lines = ranked("v", entries, TIES)
    assert [line.rank for line in lines] == list(range(1, len(entries) + 1))
    for better, worse in pairwise(lines):
        assert better.score >= worse.score
        if better.score > worse.score:
            continue
        for mine, theirs in zip(better.shares, worse.shares, strict=True):
            if mine == theirs:
                continue
            assert mine
            assert not theirs or Fraction(mine) > Fraction(theirs)
            break
        else:
            assert lot("v", better.person) <= lot("v", worse.person)


def test_it_is_published_at_the_closing_and_names_desk_and_term() -> None:
    ranking = gathered({"c-1": 7000, "c-2": 8000, "c-3": 8000}, quota=2)
    ranking.tell(evaluated("c-4", 9900, eligible=False))
    (said,) = ranking.tell(CLOSED)
    assert isinstance(said, RankingPublished)
    assert [line.score for line in said.lines] == [8000, 8000, 7000]
    assert (said.cutoff, said.office, said.tie_break) == (8000, "performance_team", TIES)
    assert said.due == datetime(2026, 12, 7, 15, 59, 59, 999000, UTC)
    assert ranking.tell(CLOSED) == []


def test_what_the_panel_leaves_lying_is_told_to_the_next_office_until_somebody_chooses() -> None:
    ranking = gathered({"c-1": 7000})
    (published,) = ranking.tell(CLOSED)
    assert isinstance(published, RankingPublished)
    (first,) = ranking.fire()
    assert isinstance(first, RankingEscalated)
    assert (first.office, first.agency, first.late) == ("ppk", "palu", published.due)
    assert (first.due, ranking.state.desk) == (datetime(2026, 12, 14, 15, 59, 59, 999000, UTC), "ppk")
    (second,) = ranking.fire()
    assert isinstance(second, RankingEscalated)
    assert (second.late, second.due) == (first.due, datetime(2026, 12, 21, 15, 59, 59, 999000, UTC))
    (timer,) = RANKINGS.timers(ranking.state)
    ranking.tell(Choose(version=1, chosen=("c-1",)), PANEL)
    assert RANKINGS.timers(ranking.state) == ()
    assert ranking.tell(TimerDue(id=timer.id, name=timer.name, at=timer.at), at=timer.at) == []


def test_who_is_told_is_one_who_may_decide() -> None:
    said = setting().model_dump(mode="json")
    with pytest.raises(ValueError, match="unit_head is not among"):
        Setting.model_validate({**said, "late": {"office": "unit_head", "days": 5}})


def test_equal_scores_are_decided_by_the_first_factor_that_differs() -> None:
    ranking = gathered({})
    ranking.tell(evaluated("c-1", 8000, competence="3/4", experience="1"))
    ranking.tell(evaluated("c-2", 8000, competence="3/4", performance="4/5"))
    ranking.tell(evaluated("c-3", 8000, competence="4/5"))
    ranking.tell(CLOSED)
    assert [line.case for line in ranking.state.lines] == ["c-3", "c-2", "c-1"]


def test_who_was_in_time_but_judged_late_makes_a_new_version() -> None:
    ranking = gathered({"c-1": 7000})
    ranking.tell(CLOSED)
    ranking.tell(evaluated("c-2", 9000))
    assert (ranking.state.version, [line.case for line in ranking.state.lines]) == (2, ["c-2", "c-1"])
    assert code(ranking, Choose(version=1, chosen=("c-1",))) == "RANKING_CHANGED"


def test_judged_after_the_choice_they_are_told_and_the_choice_stands() -> None:
    ranking = decided({"c-1": 7000}, "c-1")
    *_, last = ranking.tell(evaluated("c-2", 9000))
    assert isinstance(last, RankingDecided)
    assert ([one.case for one in last.chosen], [one.case for one in last.others]) == (["c-1"], ["c-2"])
    assert ranking.state.holders == ("c-1",)


def test_judged_after_a_choice_that_left_a_seat_for_want_of_people_they_are_offered_it() -> None:
    ranking = decided({"c-1": 7000}, "c-1", quota=2)
    *_, decision, offer = ranking.tell(evaluated("c-2", 9000))
    assert (type(decision), type(offer)) == (RankingDecided, RankingOffered)


def test_who_gave_up_takes_part_no_more_also_when_told_in_the_other_order() -> None:
    ranking = gathered({"c-1": 7000, "c-2": 6000})
    ranking.tell(released("c-1"))
    ranking.tell(released("c-3"))
    ranking.tell(evaluated("c-3", 9000))
    ranking.tell(CLOSED)
    assert [line.case for line in ranking.state.lines] == ["c-2"]
    assert code(ranking, Choose(version=1, chosen=("c-1",))) == "NOT_RANKED"


def test_the_panel_follows_the_order_or_says_why_not() -> None:
    scores = {"c-1": 7000, "c-2": 8000, "c-3": 6000}
    ranking = gathered(scores)
    ranking.tell(CLOSED)
    assert code(ranking, Choose(version=1, chosen=("c-1",))) == "REASON_NEEDED"
    assert code(ranking, Choose(version=1, chosen=("c-1", "c-2"))) == "MORE_THAN_SEATS"
    (plain,) = ranking.tell(Choose(version=1, chosen=("c-2",)), PANEL)
    assert isinstance(plain, RankingDecided)
    assert (plain.deviates, plain.by, plain.office) == (False, "p-tim", "performance_team")
    assert [one.case for one in plain.others] == ["c-1", "c-3"]
    assert code(ranking, Choose(version=1, chosen=("c-2",))) == "RANKING_STATE"
    said = decided(scores, "c-1").said[-1]
    assert isinstance(said, RankingDecided)
    assert (said.deviates, said.reason) == (True, "alasan")


def test_nobody_decides_where_they_or_a_relative_take_part() -> None:
    ranking = gathered({"c-1": 7000})
    ranking.tell(CLOSED)
    office = PANEL.offices
    assert code(ranking, Choose(version=1, chosen=("c-1",)), Actor(login="x", person="p-c-1", offices=office))
    ranking.facts[Employee.KIND, "p-c-1"] = Employee(profile=changed(RINA, relatives=("p-tim",)))
    assert code(ranking, Choose(version=1, chosen=("c-1",))) == "PARTY_TO_CASE"
    assert code(ranking, Choose(version=1, chosen=("c-1",)), person("c-9")) == "OFFICE_NEEDED"


def test_a_seat_given_up_is_offered_in_the_order_until_somebody_takes_it() -> None:
    ranking = decided({"c-1": 9000, "c-2": 8000, "c-3": 7000, "c-4": 6000}, "c-1")
    _, first = ranking.tell(released("c-1"))
    assert isinstance(first, RankingOffered)
    assert (first.case, first.rank) == ("c-2", 2)
    assert code(ranking, AcceptOffer(case="c-2"), person("c-3")) == "NO_OFFER"
    _, second = ranking.tell(DeclineOffer(case="c-2"), person("c-2"))
    assert isinstance(second, RankingOffered)
    assert second.case == "c-3"
    _, third = ranking.fire(name="offer")
    assert isinstance(third, RankingOffered)
    assert code(ranking, AcceptOffer(case="c-3"), person("c-3")) == "OFFER_OVER"
    accepted = ranking.tell(AcceptOffer(case="c-4"), person("c-4"), at=third.until - timedelta(hours=1))
    assert [event.TYPE for event in accepted] == ["mutasi.ranking.accepted.v1"]
    assert (ranking.state.holders, ranking.state.free) == (("c-4",), 0)
    assert ranking.tell(TimerDue(id="offer:c-4", name="offer", at=third.until)) == []


@pytest.mark.parametrize("status", ["dead", "retired"])
def test_nobody_is_offered_a_seat_who_is_not_there_to_take_it(status: str) -> None:
    ranking = decided({"c-1": 9000, "c-2": 8000, "c-3": 7000}, "c-1")
    ranking.facts[Employee.KIND, "p-c-2"] = Employee(profile=changed(RINA, status=status))
    _, offer = ranking.tell(released("c-1"))
    assert isinstance(offer, RankingOffered)
    assert offer.case == "c-3"


def test_a_seat_the_panel_left_open_on_purpose_stays_open() -> None:
    ranking = decided({"c-1": 9000, "c-2": 8000}, "c-1", quota=2)
    assert ranking.state.free == 0
    _, offer = ranking.tell(released("c-1"))
    assert isinstance(offer, RankingOffered)
    assert ranking.state.free == 0


def test_more_seats_after_the_choice_are_offered() -> None:
    ranking = decided({"c-1": 9000, "c-2": 8000}, "c-1")
    wider = VacancyAmended(
        vacancy="v-1", placement=DUKCAPIL, quota=2, mode="ranked", closes_on=date(2026, 12, 31), purpose="p", reason="r"
    )
    _, offer = ranking.tell(wider)
    assert isinstance(offer, RankingOffered)
    assert ranking.tell(wider) == []


def test_taken_back_it_ends_and_a_vacancy_of_the_other_mode_has_none() -> None:
    ranking = gathered({"c-1": 7000})
    ranking.tell(VacancyClosed(vacancy="v-1", cause="cancelled"))
    assert ranking.state.status == "ended"
    assert code(ranking, Choose(version=1, chosen=("c-1",))) == "RANKING_STATE"
    other = Bench(RANKINGS, ranking_id("v-2"), {})
    assert other.tell(CLOSED) == []


@pytest.mark.parametrize("early", [evaluated("c-1", 1), released("c-1")])
def test_what_comes_before_the_vacancy_waits(early: Event) -> None:
    with pytest.raises(NotYet):
        Bench(RANKINGS, ranking_id("v-1"), {}).tell(early)


def test_the_state_is_what_the_events_say() -> None:
    ranking = decided({"c-1": 9000, "c-2": 8000}, "c-1")
    ranking.tell(released("c-1"))
    state = RANKINGS.initial(ranking_id("v-1"))
    for event in ranking.said:
        state = RANKINGS.evolve(state, event)
    assert state == ranking.state
    loaded: dict[tuple[str, str], Fact | None] = {}
    message = Message(CLOSED, "m", datetime(2026, 12, 1, tzinfo=UTC))
    assert RANKINGS.decide(state, message, Facts(loaded)) == []
