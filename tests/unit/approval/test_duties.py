"""Who may act: the office on its days and in its place, and nobody in a case they are party to (I9)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.approval.domain import (
    Applicant,
    Case,
    Claim,
    Decide,
    Employee,
    Release,
    applicant_id,
    make_cases,
)
from shared.contracts.approval import ApprovalGranted, TaskDecided
from shared.kernel.decider import Actor, NotYet, Office, Refused
from tests.unit.approval.kit import CHAINS, OFFICIALS, STAGES, evaluation, facts, opened, say, task
from tests.unit.proposal.bench import Bench, outcome
from tests.unit.proposal.kit import (
    actor,
    office,
)

FIRST = OFFICIALS[0]
SETDA = office("direct_superior", "setda")


@pytest.mark.parametrize(
    "held",
    [
        office("direct_superior", "dinkes"),
        office("direct_superior", ""),
        office("unit_head", "setda"),
        office("direct_superior", "setda", agency="sigi"),
        Office(office="direct_superior", agency="palu", unit="setda", since=date(2026, 11, 24)),
        Office(
            office="direct_superior",
            agency="palu",
            unit="setda",
            since=date(2020, 1, 1),
            until=date(2026, 11, 23),
        ),
    ],
)
def test_another_office_place_or_day_is_not_enough(held: Office) -> None:
    with pytest.raises(Refused, match="OFFICE_NEEDED"):
        opened().tell(Claim(task=task()), actor("p-x", held))


def test_the_day_of_an_office_is_the_agencys_day() -> None:
    """16:30 UTC is half past midnight of the next day in WITA."""
    starts = Office(office="direct_superior", agency="palu", unit="setda", since=date(2026, 11, 24))
    case = opened()
    case.tell(Claim(task=task()), actor("p-x", starts), at=datetime(2026, 11, 23, 16, 30, tzinfo=UTC))
    assert case.state.task is not None
    assert case.state.task.claimed_by == "p-x"


def test_losing_the_office_between_claim_and_decision() -> None:
    case = opened()
    case.tell(Claim(task=task()), FIRST)
    bare = actor(FIRST.person)
    assert outcome(case, Decide(task=task(), decision="approve"), bare) == "OFFICE_NEEDED"
    assert outcome(case, Release(task=task()), bare) == "released"


def test_e11_nobody_verifies_or_decides_their_own_case() -> None:
    with pytest.raises(Refused, match="KONFLIK_KEPENTINGAN"):
        opened().tell(Claim(task=task()), actor("p-rina", SETDA))


def test_i9_nobody_decides_about_whom_they_compete_with() -> None:
    case = opened()
    case.facts[Applicant.KIND, applicant_id("v-1", FIRST.person)] = Applicant(case="c-2")
    with pytest.raises(Refused, match="KONFLIK_KEPENTINGAN"):
        case.tell(Claim(task=task()), FIRST)


def test_e10_kinship_counts_from_either_side() -> None:
    """Rina names her sister; the uncle names Rina."""
    with pytest.raises(Refused, match="KONFLIK_KEPENTINGAN"):
        opened().tell(Claim(task=task()), actor("p-sister", SETDA))
    case = opened()
    case.facts[Employee.KIND, "p-uncle"] = Employee(relatives=("p-rina",))
    with pytest.raises(Refused, match="KONFLIK_KEPENTINGAN"):
        case.tell(Claim(task=task()), actor("p-uncle", SETDA))


def test_a_kinship_that_became_known_after_the_claim_still_counts() -> None:
    case = opened()
    case.tell(Claim(task=task()), FIRST)
    case.facts[Employee.KIND, "p-rina"] = Employee(relatives=(FIRST.person,))
    with pytest.raises(Refused, match="KONFLIK_KEPENTINGAN"):
        case.tell(Decide(task=task(), decision="approve"), FIRST)


def test_without_the_persons_data_nobody_decides() -> None:
    case = opened()
    del case.facts[Employee.KIND, "p-rina"]
    with pytest.raises(NotYet, match="employee/p-rina"):
        case.tell(Claim(task=task()), FIRST)


def test_who_decided_an_earlier_stage_is_out_unless_the_chain_says_otherwise() -> None:
    both = actor("p-both", SETDA, office("unit_head", "setda"))
    case = opened()
    case.tell(Claim(task=task()), both)
    case.tell(Decide(task=task(), decision="approve"), both)
    with pytest.raises(Refused, match="DUTIES_NOT_SEPARATE"):
        case.tell(Claim(task=task(2)), both)
    chain = CHAINS.chains[0]
    second = chain.stages[1].model_copy(update={"also_by": ("direct_superior",)})
    lenient = chain.model_copy(update={"stages": (chain.stages[0], second, *chain.stages[2:])})
    other = Bench(make_cases(CHAINS.model_copy(update={"chains": (lenient,)})), "c-1", facts())
    other.tell(evaluation())
    for n in (1, 2):
        other.tell(Claim(task=task(n)), both)
        other.tell(Decide(task=task(n), decision="approve"), both)
    assert len(other.state.decisions) == 2


def test_an_account_that_is_nobodys_does_nothing() -> None:
    with pytest.raises(Refused, match="ACCOUNT_NOT_LINKED"):
        opened().tell(Claim(task=task()), Actor(login="x", offices=(SETDA,), admin=True))


OFFICES = [held.offices[0] for held in OFFICIALS]
PEOPLE = ["p-rina", "p-sister", "p-1", "p-2", "p-3", "p-4", "p-5", "p-6", "p-7"]


class Chain(RuleBasedStateMachine):
    """Anybody with any offices tries anything; a grant rests on every stage, by different lawful people."""

    def __init__(self) -> None:
        super().__init__()
        self.case: Bench[Case] = opened()
        self.held: dict[str, set[int]] = {}

    @rule(person=st.sampled_from(PEOPLE), offices=st.sets(st.integers(0, 5), max_size=6), n=st.integers(1, 6))
    def act(self, person: str, offices: set[int], n: int) -> None:
        who = actor(person, *(OFFICES[place] for place in sorted(offices)))
        before = len(self.case.state.decisions)
        outcome(self.case, Claim(task=task(n)), who)
        outcome(self.case, Decide(task=task(n), decision="approve"), who)
        if len(self.case.state.decisions) > before:
            assert n - 1 in offices
        waiting = self.case.state.task
        if waiting is not None and waiting.claimed_by == person:
            outcome(self.case, Release(task=waiting.task), who)

    @rule(person=st.sampled_from(PEOPLE))
    def next_lawful(self, person: str) -> None:
        """Now and then the right office acts, so that chains get through."""
        done = len(self.case.state.decisions)
        if self.case.state.task is not None:
            self.act(person, {done}, done + 1)

    @rule()
    def term_passes(self) -> None:
        for timer in self.case.decider.timers(self.case.state):
            self.case.fire(name=timer.name)

    @invariant()
    def a_grant_rests_on_all_stages_by_different_lawful_people(self) -> None:
        decided = [event for event in self.case.said if isinstance(event, TaskDecided)]
        people = [event.by for event in decided]
        assert len(people) == len(set(people))
        assert not {"p-rina", "p-sister"} & set(people)
        assert [event.stage for event in decided] == STAGES[: len(decided)]
        granted = any(isinstance(event, ApprovalGranted) for event in self.case.said)
        assert granted is (len(decided) == len(STAGES))


TestChain = Chain.TestCase
TestChain.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_the_officials_of_the_kit_get_through() -> None:
    case = opened()
    for n in range(1, 7):
        say(case, n)
    assert case.state.status == "granted"
