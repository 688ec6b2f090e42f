"""Numbers of decrees run from 1 without gaps, once per attempt, whatever is repeated or forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.approval.domain import Agency, Decree, Register, decree_id, decrees_of, digest_of, make_decrees
from services.approval.domain import decrees as register_module
from shared.contracts.approval import DecreeIssued
from shared.contracts.proposal import ProposalApproved
from shared.kernel.decider import NotYet
from tests.unit.approval.kit import CONTENT, NUMBERING
from tests.unit.proposal.bench import NOW, Bench

NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in WITA


def approved(case: str, attempt: int = 1) -> ProposalApproved:
    return ProposalApproved(case=case, attempt=attempt, content=CONTENT)


def register() -> Bench[Register]:
    return Bench(make_decrees(NUMBERING), decrees_of("palu"), {(Agency, "palu"): Agency(zone="WITA")})


def test_a_decree_carries_everything_and_the_hash_over_it() -> None:
    (event,) = register().tell(approved("c-1"))
    assert isinstance(event, DecreeIssued)
    assert (event.decree, event.number, event.number_text) == ("sk-c-1-1", 1, "800.1.3.1/1/BKPSDM/2026")
    assert (event.issued_on, event.effective_on) == (date(2026, 11, 23), date(2027, 1, 1))
    assert (event.origin, event.target, event.key) == (CONTENT.origin, CONTENT.target, "c-1")
    data = event.model_dump(mode="json")
    assert event.digest == digest_of(data)
    assert event.digest != digest_of({**data, "person": "p-other"})


def test_the_year_is_that_of_the_agencys_own_midnight() -> None:
    decrees = register()
    decrees.tell(approved("c-1"), at=NEW_YEAR - timedelta(seconds=1))
    decrees.tell(approved("c-2"), at=NEW_YEAR)
    issued = [(e.year, e.number) for e in decrees.said if isinstance(e, DecreeIssued)]
    assert issued == [(2026, 1), (2027, 1)]


def test_an_agency_nobody_told_yet_is_waited_for() -> None:
    with pytest.raises(NotYet, match="agency/sigi"):
        Bench(make_decrees(NUMBERING), decrees_of("sigi"), {}).tell(approved("c-1"))


def test_what_the_document_forgot_its_own_events_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_module, "REMEMBERED", 2)
    decrees = register()
    (first,) = decrees.tell(approved("c-1"))
    assert isinstance(first, DecreeIssued)
    decrees.facts[Decree.KIND, first.decree] = Decree(issued=first)
    for n in range(2, 6):
        decrees.tell(approved(f"c-{n}"))
    assert len(decrees.state.recent) == 2
    assert decrees.tell(approved("c-1")) == []


class Numbers(RuleBasedStateMachine):
    """Approvals of many cases and attempts, repeated at will, over two turns of the year."""

    def __init__(self) -> None:
        super().__init__()
        self.decrees = register()
        self.now = NOW
        self.told: list[ProposalApproved] = []

    @rule(case=st.sampled_from("abcdefgh"), attempt=st.integers(1, 3))
    def approve(self, case: str, attempt: int) -> None:
        body = approved(case, attempt)
        said = self.decrees.tell(body, at=self.now)
        assert len(said) == (body not in self.told)
        self.told.append(body)

    @rule(days=st.integers(1, 200))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(data=st.data())
    def learn(self, data: st.DataObject) -> None:
        """The copies of the register's own events arrive late and in any order."""
        issued = [event for event in self.decrees.said if isinstance(event, DecreeIssued)]
        if issued:
            event = data.draw(st.sampled_from(issued))
            self.decrees.facts[Decree.KIND, event.decree] = Decree(issued=event)

    @invariant()
    def one_to_n_per_year_and_once_per_attempt(self) -> None:
        issued = [event for event in self.decrees.said if isinstance(event, DecreeIssued)]
        for year in {event.year for event in issued}:
            numbers = [event.number for event in issued if event.year == year]
            assert numbers == list(range(1, len(numbers) + 1))
        ids = [event.decree for event in issued]
        assert len(ids) == len(set(ids))
        assert set(ids) == {decree_id(body.case, body.attempt) for body in self.told}
        assert all(event.effective_on.day == 1 and event.effective_on > event.issued_on for event in issued)


TestNumbers = Numbers.TestCase
TestNumbers.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
