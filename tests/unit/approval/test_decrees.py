"""Numbers of decrees run from 1 without gaps, once per attempt, whatever is repeated or forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.approval.domain import (
    Agency,
    Decree,
    Grant,
    Register,
    Settled,
    decree_id,
    decrees_of,
    digest_of,
    make_decrees,
)
from services.approval.domain.decrees import state as register_module
from shared.contracts.approval import DecreeIssued, DecreeWithheld
from shared.contracts.proposal import ProposalApproved
from shared.kernel.decider import Fact, NotYet
from tests.unit.approval.kit import AUTHORITIES, CONTENT, GRANT, NUMBERING
from tests.unit.proposal.bench import NOW, Bench

NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in WITA
DECREES = make_decrees(NUMBERING, AUTHORITIES)


def approved(case: str, attempt: int = 1) -> ProposalApproved:
    return ProposalApproved(case=case, attempt=attempt, content=CONTENT)


def register(*cases: str, grant: Grant = GRANT) -> Bench[Register]:
    """An empty register that heard who granted these cases."""
    known: dict[tuple[type[Fact], str], Fact] = {(Agency, "palu"): Agency(zone="WITA")}
    known |= {(Grant, decree_id(case, attempt)): grant for case in cases for attempt in (1, 2, 3)}
    return Bench(DECREES, decrees_of("palu"), known)


def learn(decrees: Bench[Register], event: DecreeIssued | DecreeWithheld) -> None:
    """The register's own event came back as a copy."""
    kind = Decree if isinstance(event, DecreeIssued) else Settled
    fact = Decree(issued=event) if isinstance(event, DecreeIssued) else Settled(code=event.code)
    decrees.facts[kind.KIND, event.decree] = fact


def test_a_decree_carries_everything_and_the_hash_over_it() -> None:
    (event,) = register("c-1").tell(approved("c-1"))
    assert isinstance(event, DecreeIssued)
    assert (event.decree, event.number, event.number_text) == ("sk-c-1-1", 1, "800.1.3.1/1/BKPSDM/2026")
    assert (event.issued_on, event.effective_on) == (date(2026, 11, 23), date(2027, 1, 1))
    assert (event.origin, event.target, event.key) == (CONTENT.origin, CONTENT.target, "c-1")
    assert (event.signatory, event.authority, event.consideration) == ("ppk", "PP 11/2017 ps 191", "bkn_liaison")
    data = event.model_dump(mode="json")
    assert event.digest == digest_of(data)
    assert event.digest != digest_of({**data, "person": "p-other"})
    assert event.digest == digest_of({**data, "a_field_of_the_future": ""})


def test_the_year_is_that_of_the_agencys_own_midnight() -> None:
    decrees = register("c-1", "c-2")
    decrees.tell(approved("c-1"), at=NEW_YEAR - timedelta(seconds=1))
    decrees.tell(approved("c-2"), at=NEW_YEAR)
    issued = [(e.year, e.number) for e in decrees.said if isinstance(e, DecreeIssued)]
    assert issued == [(2026, 1), (2027, 1)]


def test_an_agency_nobody_told_yet_is_waited_for() -> None:
    with pytest.raises(NotYet, match="agency/sigi"):
        Bench(DECREES, decrees_of("sigi"), {}).tell(approved("c-1"))


def test_who_granted_is_waited_for() -> None:
    with pytest.raises(NotYet, match="grant/sk-c-1-1"):
        register().tell(approved("c-1"))


@pytest.mark.parametrize(
    ("grant", "code"),
    [
        ({"office": "unit_head"}, "AUTHORITY_WRONG"),
        ({"office": ""}, "AUTHORITY_WRONG"),
        ({"agency": "sigi"}, "AUTHORITY_WRONG"),
        ({"consented": ("direct_superior",)}, "PERTEK_MISSING"),
    ],
)
def test_without_authority_or_consideration_no_number_is_given(grant: dict[str, object], code: str) -> None:
    """I3 and I4: the register says so, the next decree has the number, and a repeat says nothing."""
    decrees = register("c-1", "c-2", grant=GRANT.model_copy(update=grant))
    (event,) = decrees.tell(approved("c-1"))
    assert isinstance(event, DecreeWithheld)
    assert (event.code, event.decree, event.person) == (code, "sk-c-1-1", "p-rina")
    assert decrees.tell(approved("c-1")) == []
    decrees.facts[Grant.KIND, "sk-c-2-1"] = GRANT
    (issued,) = decrees.tell(approved("c-2"))
    assert isinstance(issued, DecreeIssued)
    assert issued.number == 1


def test_nothing_is_forgotten_before_its_own_event_came_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_module, "REMEMBERED", 2)
    decrees = register(*(f"c-{n}" for n in range(1, 6)))
    for n in (1, 2):
        decrees.tell(approved(f"c-{n}"))
    with pytest.raises(NotYet, match="decree/sk-c-1-1"):
        decrees.tell(approved("c-3"))
    first = decrees.said[0]
    assert isinstance(first, DecreeIssued)
    learn(decrees, first)
    (third,) = decrees.tell(approved("c-3"))
    assert isinstance(third, DecreeIssued)
    assert (third.number, len(decrees.state.recent)) == (3, 2)
    assert decrees.tell(approved("c-1")) == []


class Numbers(RuleBasedStateMachine):
    """Approvals of many cases and attempts, some without consideration, repeated at will, over two turns of the year.
    The register remembers three, so it forgets all the time; its own events come back late and in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.remembered, register_module.REMEMBERED = register_module.REMEMBERED, 3
        self.decrees = register(*"abcdefgh")
        self.now = NOW
        self.done: set[str] = set()

    def teardown(self) -> None:
        register_module.REMEMBERED = self.remembered

    @rule(case=st.sampled_from("abcdefgh"), attempt=st.integers(1, 3), lawful=st.booleans())
    def approve(self, case: str, attempt: int, lawful: bool) -> None:
        decree = decree_id(case, attempt)
        if decree not in self.done:
            self.decrees.facts[Grant.KIND, decree] = GRANT if lawful else GRANT.model_copy(update={"office": "x"})
        try:
            said = self.decrees.tell(approved(case, attempt), at=self.now)
        except NotYet:
            assert decree not in self.done
            assert len(self.decrees.state.recent) == 3
        else:
            assert len(said) == (decree not in self.done)
            self.done.add(decree)

    @rule(days=st.integers(1, 200))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(data=st.data())
    def learn(self, data: st.DataObject) -> None:
        told = [event for event in self.decrees.said if isinstance(event, DecreeIssued | DecreeWithheld)]
        if told:
            learn(self.decrees, data.draw(st.sampled_from(told)))

    @invariant()
    def one_to_n_per_year_and_once_per_attempt(self) -> None:
        issued = [event for event in self.decrees.said if isinstance(event, DecreeIssued)]
        for year in {event.year for event in issued}:
            numbers = [event.number for event in issued if event.year == year]
            assert numbers == list(range(1, len(numbers) + 1))
        ids = [event.decree for event in self.decrees.said if isinstance(event, DecreeIssued | DecreeWithheld)]
        assert len(ids) == len(set(ids))
        assert set(ids) == self.done
        assert all(event.effective_on.day == 1 and event.effective_on > event.issued_on for event in issued)


TestNumbers = Numbers.TestCase
TestNumbers.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
