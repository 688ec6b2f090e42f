"""A file under way on paper: adopted as of the day on which it came in, or answered with why not."""

from datetime import date

import pytest

from services.proposal.domain import Case, Closure, Employee, Vacancy
from shared.contracts.adoption import ProposalAdopted, ProposalNotAdopted
from shared.contracts.papers import PaperFiled
from shared.contracts.proposal import ProposalSubmitted
from shared.kernel.decider import Message, NotYet
from tests.unit.proposal.bench import NOW, Bench
from tests.unit.proposal.kit import CASES, FILED, ORIGIN, PAPER, TARGET, bench


def _vacancy(case: Bench[Case], closes_on: date) -> None:
    known = case.facts[Vacancy.KIND, "v-1"]
    assert isinstance(known, Vacancy)
    case.facts[Vacancy.KIND, "v-1"] = known.model_copy(update={"closes_on": closes_on})


def test_it_is_submitted_as_of_the_day_it_came_in_with_its_paper() -> None:
    case = bench()
    adopted, submitted = case.tell(FILED)
    assert isinstance(adopted, ProposalAdopted)
    assert isinstance(submitted, ProposalSubmitted)
    assert (adopted.paper, adopted.by, adopted.content) == (PAPER, "p-registrar", submitted.content)
    assert (submitted.submitted_on, submitted.paper, submitted.attempt) == (date(2026, 11, 3), PAPER, 1)
    assert (submitted.content.origin, submitted.content.target) == (ORIGIN, TARGET)
    assert (case.state.status, case.state.open, case.state.batch) == ("submitted", True, "i:cases:1")
    assert case.tell(FILED) == []  # told again


@pytest.mark.parametrize(("closes_on", "adopted"), [(date(2026, 11, 3), True), (date(2026, 11, 2), False)])
def test_who_came_in_before_the_closing_was_in_time(closes_on: date, adopted: bool) -> None:
    case = bench()
    _vacancy(case, closes_on)
    case.tell(FILED)
    assert (case.state.status, case.state.codes) == (("submitted", ()) if adopted else ("refused", ("VACANCY_CLOSED",)))


def test_a_cancelled_vacancy_a_gone_person_and_an_open_case_are_told_with_their_code() -> None:
    cancelled, gone = bench(), bench()
    cancelled.facts[Closure.KIND, "v-1"] = Closure(cause="cancelled")
    gone.facts[Employee.KIND, "p-rina"] = Employee(status="retired", placement=ORIGIN)
    for case, code in ((cancelled, "VACANCY_CLOSED"), (gone, "USIA_BUP")):
        (said,) = case.tell(FILED)
        assert said == ProposalNotAdopted(case="c-1", person="p-rina", paper=PAPER, code=code, batch="i:cases:1")
    twice = CASES.conflict(CASES.initial("c-1"), Message(body=FILED, id="m", time=NOW), "one_open_case")
    assert [event.code for event in twice if isinstance(event, ProposalNotAdopted)] == ["PERKARA_TERBUKA"]


def test_what_is_not_known_yet_is_waited_for() -> None:
    case = bench()
    with pytest.raises(NotYet):
        case.tell(PaperFiled.model_validate({**FILED.model_dump(), "vacancy": "v-9"}))
    assert case.state.status == "new"
