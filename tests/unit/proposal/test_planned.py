"""A wave of a mutation plan becomes the agency's proposals, once each, told to the person; what stands against one is
answered."""

import pytest

from services.proposal.domain import Agree, Closure, Employee, Submit, Vacancy
from shared.contracts.plan import (
    PlanLineRefused,
)
from shared.contracts.proposal import ProposalDrafted
from shared.contracts.voice import ProposalAnnounced
from shared.kernel.decider import NotYet
from tests.unit.proposal.bench import outcome
from tests.unit.proposal.kit import HEAD, ORIGIN, RINA, TARGET, WAVE, bench, withdraw


def test_a_line_is_drafted_and_told_for_the_agency_without_consent() -> None:
    drafted, told = bench().tell(WAVE)
    assert isinstance(drafted, ProposalDrafted)
    assert isinstance(told, ProposalAnnounced)
    content = drafted.content
    assert (content.initiative, content.person, content.origin, content.target) == ("agency", "p-rina", ORIGIN, TARGET)
    assert (content.reason, content.expected_result, content.consent) == ("Pengaduan naik", "antrean turun", False)
    assert (told.by, told.person, told.content) == ("p-ppk", "p-rina", content)
    assert (told.benefit, told.training) == ("dekat rumah", "aplikasi kependudukan")


def test_it_is_heard_once_and_the_person_is_heard_before_it_is_handed_in() -> None:
    case = bench()
    case.tell(WAVE)
    assert case.tell(WAVE) == []
    assert outcome(case, Submit(), HEAD) == "WINDOW_OPEN"
    assert outcome(case, Agree(), RINA) == "agreed"
    assert outcome(case, Submit(), HEAD) == "TALK_NEEDED"
    assert outcome(case, withdraw(), HEAD) == "withdrawn"


def test_what_is_not_known_yet_is_waited_for() -> None:
    case = bench()
    del case.facts[Vacancy.KIND, "v-1"]
    with pytest.raises(NotYet):
        case.tell(WAVE)


@pytest.mark.parametrize(
    ("kind", "id", "fact", "code"),
    [
        (Closure, "v-1", Closure(cause="filled"), "VACANCY_CLOSED"),
        (Employee, "p-rina", Employee(status="retired", placement=ORIGIN), "USIA_BUP"),
        (Employee, "p-rina", Employee(status="active", placement=TARGET), "OWN_SEAT"),
    ],
)
def test_what_stands_against_a_line_is_its_answer(
    kind: type[Closure | Employee], id: str, fact: Closure | Employee, code: str
) -> None:
    case = bench()
    case.facts[kind.KIND, id] = fact
    (refused,) = case.tell(WAVE)
    assert refused == PlanLineRefused(case="c-1", person="p-rina", vacancy="v-1", code=code)
    assert (case.state.status, case.state.person, case.state.codes) == ("refused", "p-rina", (code,))
