"""K9, a temporary assignment: in force at once, what is missing is owed, and everybody returns or moves for good."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.proposal.deciders import load_rules
from services.proposal.domain import (
    Agency,
    Assignment,
    Case,
    ConvertAssignment,
    Employee,
    OrderAssignment,
    RecallPeople,
    SettleDebt,
    Vacancy,
    debt_of,
    make_assignments,
)
from services.proposal.domain.facts import Disaster, KnownUnit, declared_id
from services.proposal.policy import opens_paper, pays
from shared.contracts.assignments import (
    AssignmentConverted,
    AssignmentEnded,
    AssignmentGiven,
    AssignmentOrdered,
    AssignmentOver,
    DebtsRemembered,
)
from shared.contracts.proposal import ProposalExpired, ProposalRefused, ProposalWithdrawn
from shared.contracts.registry import Placement
from shared.contracts.rosters import RosterApproved, RosterRefused
from shared.kernel.decider import Actor, Event, Fact, FactChanged, Frozen, Refused
from shared.runtime.service import Asked
from tests.unit.proposal.bench import NOW, Bench, outcome
from tests.unit.proposal.kit import CASES, HEAD, ORIGIN, RINA, TARGET, VERIFIER, actor, office

RULES = load_rules()
LETTERS = make_assignments(RULES)
STATUS = ("active", "dead")
PEOPLE = ("p-rina", "p-dian", "p-sari")
DISASTER = {"number": "360/1202/2026", "dated": "2026-10-03", "issuer": "Gubernur Sulawesi Tengah"}
PAPER: dict[str, object] = {"kind": "affidavit", "number": "1/SP/2026", "dated": "2026-11-20"}
PAPER |= {"sha256": "a" * 64, "media": "application/pdf", "size": 900}
APPROVED = RosterApproved(roster="t-1", office="ppk", agency="palu", by="p-ppk")
REFUSED = RosterRefused(roster="t-1", code="MIN_STAF_ASAL", reason="r")


def facts() -> dict[tuple[type[Fact], str], Fact]:
    """Three people of one unit, another unit, and a vacancy there."""
    return {
        **{(Employee, who): Employee(status="active", placement=ORIGIN) for who in PEOPLE},
        (KnownUnit, "disdukcapil"): KnownUnit(agency="palu"),
        (Agency, "palu"): Agency(zone="WITA"),
        (Disaster, declared_id("palu", DISASTER["number"])): Disaster(since=date(2026, 10, 3)),
        (Vacancy, "v-1"): Vacancy(placement=TARGET, closes_on=date(2027, 12, 31)),
    }


def bench() -> Bench[Assignment]:
    """A letter that nobody ordered yet."""
    return Bench(LETTERS, "t-1", facts())


def wish(**changes: object) -> OrderAssignment:
    """Send all three until May, without their rank decrees."""
    said = {"people": PEOPLE, "agency": "palu", "unit": "disdukcapil", "basis": DISASTER, "ends_on": "2027-05-22"}
    about = {"purpose": "layanan darurat", "expected_result": "posko terisi", "missing": ["latest_decree"]}
    return OrderAssignment.model_validate({**said, **about, **changes})


def ordered() -> Bench[Assignment]:
    """A letter in force."""
    letter = bench()
    letter.tell(wish(), HEAD)
    return letter


def convert(**changes: object) -> ConvertAssignment:
    """Keep Rina there for good."""
    said = {"person": "p-rina", "vacancy": "v-1", "reason": "dibutuhkan", "benefit": "tetap", "training": "orientasi"}
    return ConvertAssignment.model_validate({**said, **changes})


def ended(events: list[Event]) -> dict[str, str]:
    """Who is no longer assigned, and why."""
    return {event.person: event.cause for event in events if isinstance(event, AssignmentEnded)}


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (date(2026, 11, 23), date(2026, 11, 24), "ordered"),
        (date(2026, 11, 24), None, "DISASTER_UNKNOWN"),
        (date(2026, 10, 3), date(2026, 11, 23), "DISASTER_UNKNOWN"),
    ],
)
def test_it_stands_on_a_disaster_that_was_declared_to_the_registry_and_lasts(
    since: date, until: date | None, said: str
) -> None:
    letter = bench()
    letter.facts[Disaster.KIND, declared_id("palu", DISASTER["number"])] = Disaster(since=since, until=until)
    assert outcome(letter, wish(), HEAD).partition("+")[0] == said


def test_it_is_in_force_at_once_and_what_is_missing_is_owed_by_a_date() -> None:
    letter = ordered()
    said = letter.said[0]
    assert isinstance(said, AssignmentOrdered)
    assert (said.starts_on, said.ends_on) == (date(2026, 11, 23), date(2027, 5, 22))
    assert said.ends_at == datetime(2027, 5, 22, 16, tzinfo=UTC), "midnight in Palu"
    assert [(debt.n, debt.person, debt.document) for debt in said.debts] == [
        (n, who, "latest_decree") for n, who in enumerate(PEOPLE, 1)
    ]
    assert said.remind_at < said.due
    assert [event.person for event in letter.said if isinstance(event, AssignmentGiven)] == list(PEOPLE)
    assert letter.state.active == PEOPLE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"basis": {**DISASTER, "dated": "2026-11-24"}}, "BASIS_AHEAD"),
        ({"basis": {**DISASTER, "number": "360/9999/2026"}}, "DISASTER_UNKNOWN"),
        ({"ends_on": "2027-05-24"}, "ASSIGNMENT_TOO_LONG"),
        ({"ends_on": "2026-11-22"}, "ASSIGNMENT_TOO_LONG"),
        ({"unit": "setda"}, "UNIT_UNKNOWN"),
        ({"agency": "sigi"}, "UNIT_UNKNOWN"),
        ({"people": [f"p-{n}" for n in range(201)]}, "NotYet"),
    ],
)
def test_what_is_not_in_order_is_refused(changes: dict[str, Any], code: str) -> None:
    assert outcome(bench(), wish(**changes), HEAD) == code


def test_the_length_is_six_months_to_the_day() -> None:
    assert outcome(bench(), wish(ends_on="2027-05-23"), HEAD).startswith("ordered")


def test_people_of_another_unit_need_a_letter_of_their_own() -> None:
    letter = bench()
    letter.facts["employee", "p-sari"] = Employee(status="active", placement=TARGET)
    assert outcome(letter, wish(), HEAD) == "PEOPLE_OF_ONE_UNIT"
    letter.facts["employee", "p-sari"] = Employee(status="retired", placement=ORIGIN)
    assert outcome(letter, wish(), HEAD) == "USIA_BUP"
    letter.facts["unit", "setda"] = KnownUnit(agency="palu")
    assert outcome(letter, wish(people=("p-rina",), unit="setda"), HEAD) == "OWN_SEAT"


def test_more_people_than_the_rules_let_in_one_letter() -> None:
    letter = bench()
    many = tuple(f"p-{n}" for n in range(RULES.emergency.people + 1))
    letter.facts |= {("employee", who): Employee(status="active", placement=ORIGIN) for who in many}
    assert outcome(letter, wish(people=many), HEAD) == "TOO_MANY_PEOPLE"


def test_only_an_office_of_either_unit_sends_people() -> None:
    assert outcome(bench(), wish(), RINA) == "OFFICE_NEEDED"
    assert outcome(bench(), wish(), actor("p-x", office("unit_head", "disdik"))) == "OFFICE_NEEDED"
    for who in (HEAD, VERIFIER, actor("p-y", office("unit_head", "disdukcapil"))):
        assert outcome(bench(), wish(), who).startswith("ordered")
    assert outcome(ordered(), wish(), HEAD) == "ASSIGNMENT_STATE"


def test_who_is_assigned_already_cannot_be_sent_a_second_time() -> None:
    with pytest.raises(Refused, match="ALREADY_ASSIGNED"):
        LETTERS.conflict(ordered().state, None, "one_assignment")  # type: ignore[arg-type]


def test_debts_are_settled_by_the_person_or_an_office_and_each_once() -> None:
    letter = ordered()
    assert outcome(letter, SettleDebt.model_validate({**PAPER, "n": 2}), RINA) == "OFFICE_NEEDED", "it is Dian's"
    assert outcome(letter, SettleDebt.model_validate({**PAPER, "n": 1}), RINA) == "debt_settled"
    assert outcome(letter, SettleDebt.model_validate({**PAPER, "n": 1}), RINA) == "DEBT_UNKNOWN"
    late = {**PAPER, "n": 2, "dated": "2026-11-24"}
    assert outcome(letter, SettleDebt.model_validate(late), HEAD) == "DOCUMENT_AHEAD"
    assert outcome(letter, SettleDebt.model_validate({**PAPER, "n": 2}), HEAD) == "debt_settled"
    assert letter.state.settled["1"].kind == "affidavit"
    assert [debt.person for debt in letter.state.owed] == ["p-sari"]


def _paid(letter: Bench[Assignment], n: int, who: Actor = HEAD, **changes: object) -> str:
    return outcome(letter, SettleDebt.model_validate({**PAPER, "n": n, "kind": "paper", **changes}), who)


def test_a_debt_is_a_kind_of_document_that_is_known() -> None:
    assert outcome(bench(), wish(missing=["latest_decree", "rank_decree"]), HEAD) == "KIND_UNKNOWN"


def test_what_pays_a_debt_is_dated_and_numbered_as_its_kind_is_in_every_case() -> None:
    letter = bench()
    letter.tell(
        wish(people=PEOPLE[:1], missing=["latest_decree", "no_process_statement", "performance_two_years"]), HEAD
    )
    assert _paid(letter, 1, number="") == "DOCUMENT_UNDATED"
    assert _paid(letter, 2, dated="2026-05-23") == "DOCUMENT_EXPIRED", "relied on for six months (R13 f)"
    assert _paid(letter, 2, dated="2026-05-24") == "debt_settled"
    assert _paid(letter, 1, dated="2014-04-01") == "debt_settled", "a decree does not grow old"
    assert _paid(letter, 3, number="") == "debt_settled", "appraisals have no number"
    assert [paper.filed_as for paper in letter.state.settled.values()] == [
        "no_process_statement", "latest_decree", "performance_two_years",
    ]  # fmt: skip


def test_an_affidavit_stands_only_for_what_a_person_can_state_and_for_a_year() -> None:
    letter = bench()
    letter.tell(wish(people=PEOPLE[:1], missing=["latest_decree", "no_findings_certificate"]), HEAD)
    assert _paid(letter, 2, kind="affidavit") == "NOTHING_INSTEAD"
    assert _paid(letter, 1, kind="affidavit", dated="2025-11-23") == "DOCUMENT_EXPIRED"
    assert _paid(letter, 1, RINA, kind="affidavit", number="") == "debt_settled"
    assert letter.state.settled["1"].filed_as == "affidavit"


def test_what_only_an_office_files_the_person_does_not_hand_in() -> None:
    letter = bench()
    letter.tell(wish(people=PEOPLE[:1], missing=["origin_consent"]), HEAD)
    assert _paid(letter, 1, RINA) == "OFFICE_FILES"
    assert _paid(letter, 1) == "debt_settled"


def test_others_of_the_letter_learn_that_it_is_there_and_not_what_it_says() -> None:
    letter = ordered()
    _paid(letter, 2)
    assert LETTERS.answer(letter.state)["settled"] == {"2": "paper"}


def _asked(who: Actor, letter: Bench[Assignment]) -> Asked:
    return Asked(who, date(2026, 11, 23), letter.state)


def test_what_paid_a_debt_is_opened_by_its_person_who_filed_it_and_the_offices_of_both_units() -> None:
    """A restricted one only by the offices that its kind names; a colleague of the same letter opens neither."""
    letter = bench()
    letter.tell(wish(people=PEOPLE[:2], missing=["latest_decree", "no_process_statement"]), HEAD)
    for n in (1, 2):
        assert _paid(letter, n, RINA) == "debt_settled"
    there = actor("p-z", office("unit_head", "disdukcapil"))
    seen = {
        n: [
            opens_paper(_asked(who, letter), debt_of(letter.state, n), letter.state.settled[str(n)])
            for who in (RINA, actor("p-dian"), HEAD, there, VERIFIER)
        ]
        for n in (1, 2)
    }
    assert seen == {1: [True, False, True, True, True], 2: [True, False, False, False, True]}
    may = [pays(_asked(who, letter), debt_of(letter.state, 1)) for who in (RINA, actor("p-dian"), HEAD, there)]
    assert may == [True, False, True, True]


def test_who_owes_is_reminded_before_the_day_and_told_on_it_also_after_the_return() -> None:
    letter = ordered()
    letter.tell(SettleDebt.model_validate({**PAPER, "n": 1}), RINA)
    letter.tell(RecallPeople(people=PEOPLE, reason="cukup"), HEAD)
    first = letter.fire(name="remind")
    assert [(one.person, one.overdue) for one in first if isinstance(one, DebtsRemembered)] == [
        ("p-dian", False),
        ("p-sari", False),
    ]
    assert all(isinstance(one, DebtsRemembered) and one.overdue for one in letter.fire(name="overdue"))
    for n in (2, 3):
        letter.tell(SettleDebt.model_validate({**PAPER, "n": n}), HEAD)
    assert LETTERS.timers(letter.state) == ()


def test_everybody_returns_by_the_clock() -> None:
    letter = ordered()
    said = letter.fire(name="return")
    assert said[0] == AssignmentOver(assignment="t-1", kept=())
    assert ended(said) == dict.fromkeys(PEOPLE, "term")
    assert not letter.state.open


def test_a_refusal_after_the_fact_sends_everybody_back_a_confirmation_is_noted_once() -> None:
    letter = ordered()
    assert outcome(letter, APPROVED) == "confirmed"
    assert outcome(letter, APPROVED) == "-"
    other = ordered()
    assert ended(other.tell(REFUSED)) == dict.fromkeys(PEOPLE, "refused")
    assert outcome(other, REFUSED) == "-"
    assert outcome(bench(), APPROVED) == "-"


def test_who_has_an_ordinary_case_stays_until_it_is_decided() -> None:
    letter = ordered()
    (said,) = letter.tell(convert(), HEAD)
    assert isinstance(said, AssignmentConverted)
    assert (said.case, said.content.initiative, said.content.target) == ("t-1-1", "agency", TARGET)
    assert outcome(letter, convert(), HEAD) == "ALREADY_CONVERTED"
    assert outcome(letter, convert(person="p-x"), HEAD) == "NOT_ASSIGNED"
    over = letter.fire(name="return")
    assert over[0] == AssignmentOver(assignment="t-1", kept=("p-rina",))
    assert ended(over) == {"p-dian": "term", "p-sari": "term"}
    back = letter.tell(ProposalExpired(case="t-1-1", person="p-rina", attempt=1))
    assert ended(back) == {"p-rina": "term"}


def test_a_case_that_came_to_nothing_can_be_followed_by_another() -> None:
    letter = ordered()
    letter.tell(convert(), HEAD)
    withdrawn = ProposalWithdrawn(case="t-1-1", person="p-rina", attempt=0, by="p-head", reason="r")
    assert outcome(letter, withdrawn) == "reverted"
    assert outcome(letter, withdrawn) == "-"
    (said,) = letter.tell(convert(), HEAD)
    assert isinstance(said, AssignmentConverted)
    assert said.case == "t-1-2"


def test_the_case_begins_with_telling_the_person() -> None:
    """It goes the way of every proposal of an agency (docs/voice.md)."""
    letter = ordered()
    (said,) = letter.tell(convert(), HEAD)
    case: Bench[Case] = Bench(CASES, "t-1-1", facts())
    assert outcome(case, said) == "drafted+announced"
    assert outcome(case, said) == "-"
    assert case.state.voice is not None


def test_who_moved_or_serves_no_more_is_no_longer_assigned() -> None:
    letter = ordered()
    changed = FactChanged(kind="employee", id="p-rina")
    assert outcome(letter, changed) == "-", "something else about her changed"
    letter.facts["employee", "p-rina"] = Employee(status="active", placement=TARGET)
    assert ended(letter.tell(changed)) == {"p-rina": "moved"}
    letter.facts["employee", "p-dian"] = Employee(status="dead", placement=ORIGIN)
    assert ended(letter.tell(FactChanged(kind="employee", id="p-dian"))) == {"p-dian": "gone"}
    assert letter.state.active == ("p-sari",)


def test_only_who_is_assigned_can_be_recalled_by_an_office() -> None:
    letter = ordered()
    assert outcome(letter, RecallPeople(people=("p-rina",), reason="r"), RINA) == "OFFICE_NEEDED"
    assert outcome(letter, RecallPeople(people=("p-x",), reason="r"), HEAD) == "NOT_ASSIGNED"
    assert ended(letter.tell(RecallPeople(people=("p-rina",), reason="r"), HEAD)) == {"p-rina": "recalled"}


@pytest.mark.parametrize(
    "body", [SettleDebt.model_validate({**PAPER, "n": 1}), RecallPeople(people=("p-rina",), reason="r"), convert()]
)
def test_nothing_can_be_done_about_a_letter_that_nobody_ordered(body: Frozen) -> None:
    assert outcome(bench(), body, HEAD) in {"NOT_FOUND", "DEBT_UNKNOWN", "NOT_ASSIGNED"}


class Letters(RuleBasedStateMachine):
    """Anything in any order: nobody is lost, nobody returns twice, no debt is forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self.letter = ordered()
        self.at = NOW

    def _try(self, body: Frozen) -> None:
        outcome(self.letter, body, HEAD)

    @rule(who=st.sampled_from(PEOPLE))
    def converts(self, who: str) -> None:
        self._try(convert(person=who))

    @rule(n=st.integers(1, 4))
    def settles(self, n: int) -> None:
        self._try(SettleDebt.model_validate({**PAPER, "n": n}))

    @rule(who=st.sampled_from(PEOPLE))
    def recalls(self, who: str) -> None:
        self._try(RecallPeople(people=(who,), reason="r"))

    @rule(said=st.sampled_from([APPROVED, REFUSED]))
    def decided(self, said: Frozen) -> None:
        self._try(said)

    @rule(n=st.integers(1, 3), kind=st.sampled_from([ProposalWithdrawn, ProposalRefused, ProposalExpired]))
    def came_to_nothing(self, n: int, kind: type[Any]) -> None:
        about = {
            "case": f"t-1-{n}",
            "person": "p",
            "attempt": 1,
            "by": "p",
            "reason": "r",
            "stage": "seat",
            "codes": (),
        }
        self._try(kind.model_validate(about))

    @rule(
        who=st.sampled_from(PEOPLE), place=st.sampled_from([ORIGIN, TARGET]), status=st.sampled_from(["active", "dead"])
    )
    def changes(self, who: str, place: Placement, status: str) -> None:
        self.letter.facts["employee", who] = Employee(status=status, placement=place)
        self._try(FactChanged(kind="employee", id=who))

    @rule()
    def time_passes(self) -> None:
        if timers := sorted(LETTERS.timers(self.letter.state), key=lambda timer: timer.at):
            self.at = timers[0].at + timedelta(seconds=1)
            self.letter.fire(self.at, timers[0].name)

    @invariant()
    def nobody_is_lost(self) -> None:
        state, over = self.letter.state, [e.person for e in self.letter.said if isinstance(e, AssignmentEnded)]
        assert len(over) == len(set(over)), "nobody returns twice"
        assert sorted((*state.active, *state.ended)) == sorted(PEOPLE)
        assert set(state.cases) <= set(state.active)
        assert not (state.over and set(state.active) - set(state.cases)), "after the term only who has a case stays"
        assert len(state.owed) + len(state.settled) == len(PEOPLE)
        assert state.open == bool(state.active)


Letters.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
test_anything_in_any_order = Letters.TestCase
