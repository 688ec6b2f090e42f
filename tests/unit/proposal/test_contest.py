"""Nobody is refused by a machine alone: the person asks for a human, who decides in writing (UU 27/2022 ps 10)."""

from datetime import UTC, datetime

import pytest

from services.proposal.deciders import load_rules
from services.proposal.domain import Case, Contest, DecideContest, Employee, Vacancy, make_cases
from services.proposal.domain.rules import Rules
from shared.contracts.contest import ContestDecided, ContestEscalated, ProposalContested
from shared.contracts.proposal import ProposalSubmitted
from shared.kernel.decider import Actor, Frozen, Message, Refused, TimerDue
from tests.unit.proposal.bench import Bench, outcome
from tests.unit.proposal.kit import (
    RINA,
    TARGET,
    VERIFIER,
    actor,
    chain_refused,
    evaluated,
    finding,
    office,
    overturned,
    seat_refused,
    submitted,
)

ASK = Contest(reason="Ijazah saya sudah disetarakan")
REOPEN = DecideContest(decision="reopen", reason="Penyetaraan sah, nomor 901", rules=("EDU",))
UPHOLD = DecideContest(decision="uphold", reason="Penyetaraan belum ada")


def refused() -> Bench[Case]:
    """Rina's case as the rules alone refused it."""
    case = submitted()
    case.tell(evaluated(1, False, finding("KUALIFIKASI_PENDIDIKAN")))
    return case


def test_the_person_asks_and_an_office_has_a_term() -> None:
    case = refused()
    (asked,) = case.tell(ASK, RINA)
    assert isinstance(asked, ProposalContested)
    assert (asked.office, asked.agency, asked.until) == (
        "personnel_verifier",
        "palu",
        datetime(2026, 12, 7, 15, 59, 59, 999000, UTC),
    )
    assert (case.state.status, case.state.open) == ("contested", False)
    assert case.tell(ASK, RINA) == []


def test_what_nobody_answers_in_time_is_told_to_the_next_office_until_somebody_does() -> None:
    case = refused()
    (asked,) = case.tell(ASK, RINA)
    assert isinstance(asked, ProposalContested)
    (first,) = case.fire()
    assert isinstance(first, ContestEscalated)
    assert (first.office, first.agency, first.late) == ("ppk", "palu", asked.until)
    assert first.until == datetime(2026, 12, 14, 15, 59, 59, 999000, UTC)
    (second,) = case.fire()
    assert isinstance(second, ContestEscalated)
    assert (second.late, second.until) == (first.until, datetime(2026, 12, 21, 15, 59, 59, 999000, UTC))
    (decided,) = case.tell(UPHOLD, actor("p-wali", office("ppk")))
    assert isinstance(decided, ContestDecided)
    assert make_cases(load_rules()).timers(case.state) == ()


def test_a_term_that_was_answered_in_time_rings_for_nobody() -> None:
    case = refused()
    case.tell(ASK, RINA)
    (timer,) = make_cases(load_rules()).timers(case.state)
    case.tell(UPHOLD, VERIFIER)
    assert case.tell(TimerDue(id=timer.id, name=timer.name, at=timer.at), at=timer.at) == []


def test_who_is_told_is_one_who_may_answer() -> None:
    rules = load_rules().model_dump(mode="json")
    rules["contest"]["late"]["office"] = "unit_head"
    with pytest.raises(ValueError, match=r"contest\.late: unit_head"):
        Rules.model_validate(rules)


def test_a_human_reopens_it_against_named_rules_and_the_next_attempt_says_so() -> None:
    case = refused()
    case.tell(ASK, RINA)
    decided, again = case.tell(REOPEN, VERIFIER)
    assert isinstance(decided, ContestDecided)
    assert isinstance(again, ProposalSubmitted)
    assert (again.attempt, again.content.person, again.by) == (2, "p-rina", "p-verifier")
    assert again.human is not None
    assert (again.human.office, again.human.rules, again.human.reason) == (
        "personnel_verifier",
        ("EDU",),
        REOPEN.reason,
    )
    assert (case.state.status, case.state.attempt, case.state.codes) == ("submitted", 2, ())


def test_what_a_human_upholds_is_theirs_and_cannot_be_contested_again() -> None:
    case = refused()
    case.tell(ASK, RINA)
    (decided,) = case.tell(UPHOLD, VERIFIER)
    assert isinstance(decided, ContestDecided)
    assert (case.state.status, case.state.stage, case.state.reason) == ("refused", "human", UPHOLD.reason)
    assert case.state.codes == ("KUALIFIKASI_PENDIDIKAN",)
    assert outcome(case, ASK, RINA) == "NOT_CONTESTABLE"


@pytest.mark.parametrize("answer", [evaluated(1, False, finding("TENURE_MIN")), overturned(), seat_refused()])
def test_whatever_the_system_refused_alone_has_this_way(answer: Frozen) -> None:
    case = submitted()
    case.tell(answer)
    assert outcome(case, ASK, RINA) == "contested"


def test_what_people_refused_has_another_way() -> None:
    case = submitted()
    case.tell(chain_refused())
    assert outcome(case, ASK, RINA) == "NOT_CONTESTABLE"
    lost = submitted()
    lost.tell(seat_refused().model_copy(update={"code": "KALAH_PERINGKAT"}))
    assert outcome(lost, ASK, RINA) == "NOT_CONTESTABLE"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (actor("p-dian"), "OFFICE_NEEDED"),
        (actor("p-far", office("personnel_verifier", agency="sigi")), "OFFICE_NEEDED"),
        (actor("p-rina", office("ppk")), "PARTY_TO_CASE"),
    ],
)
def test_who_may_not_answer(who: Actor, code: str) -> None:
    case = refused()
    case.tell(ASK, RINA)
    assert outcome(case, REOPEN, who) == code
    assert outcome(case, ASK, actor("p-dian")) == "NOT_YOURS"


def test_what_can_go_on_no_more_is_told_to_the_human_and_nothing_changes() -> None:
    case = refused()
    case.tell(ASK, RINA)
    case.facts[Employee.KIND, "p-rina"] = Employee(status="active", placement=TARGET)
    with pytest.raises(Refused, match="OWN_SEAT"):
        case.tell(REOPEN, VERIFIER)
    assert case.state.status == "contested"


@pytest.mark.parametrize(("had_seat", "waits"), [(False, True), (True, False)])
def test_reopened_in_a_ranking_it_waits_for_it_unless_it_had_been_chosen(*, had_seat: bool, waits: bool) -> None:
    case = submitted()
    vacancy = case.facts[Vacancy.KIND, "v-1"]
    assert isinstance(vacancy, Vacancy)
    case.facts[Vacancy.KIND, "v-1"] = vacancy.model_copy(update={"mode": "ranked"})
    content = case.state.wanted.model_copy(update={"awaits_ranking": True})
    case.state = case.state.model_copy(update={"content": content, "reserved": had_seat})
    case.tell(overturned())
    case.tell(ASK, RINA)
    case.tell(REOPEN, VERIFIER)
    assert case.state.wanted.awaits_ranking is waits


def test_another_open_case_stands_in_the_way() -> None:
    case = refused()
    case.tell(ASK, RINA)
    conflict = make_cases(load_rules()).conflict
    with pytest.raises(Refused, match="PERKARA_TERBUKA"):
        conflict(case.state, Message(REOPEN, "m", datetime(2026, 11, 24, tzinfo=UTC)), "one_open_case")
