"""R13 in an exchange of seats: where an agency asks for complete files, a member's goes on only with its documents."""

from services.proposal.deciders import CASES
from services.proposal.domain import Agency, Employee, Submit
from shared.contracts.proposal import ProposalReturned, ProposalSubmitted
from shared.kernel.documents import documents
from tests.unit.proposal.bench import NOW
from tests.unit.proposal.circle import GROUP, Circle, P, Q
from tests.unit.proposal.kit import actor
from tests.unit.proposal.test_documents import paper
from tests.unit.proposal.test_groups import of

NEEDED = documents().missing("inter_province", NOW.date(), set())


def with_one_of(agency: str) -> Circle:
    """A ring of three in which Q sits in that agency of another province; all have agreed, and each has a case."""
    circle = Circle()
    circle.facts[Agency.KIND, "palu"] = Agency(zone="WITA", kind="city", province="Sulawesi Tengah")
    circle.facts[Agency.KIND, agency] = Agency(zone="WIB", kind="city", province="Sumatera Utara")
    there = circle.facts[Employee.KIND, Q]
    assert isinstance(there, Employee)
    seat = there.placement.model_copy(update={"agency": agency})
    circle.facts[Employee.KIND, Q] = there.model_copy(update={"placement": seat})
    circle.formed()
    circle.settle()
    return circle


def test_who_lacks_documents_that_an_agency_asks_for_gets_the_file_back_and_the_group_waits() -> None:
    circle = with_one_of("binjai")
    back = {event.case: event for event in of(circle, ProposalReturned)}
    assert set(back) == {f"{GROUP}-1", f"{GROUP}-2"}, "P goes to Binjai and Q leaves it; R moves within Palu"
    for event in back.values():
        assert (event.attempt, event.code, event.missing) == (1, "BERKAS_TIDAK_LENGKAP", NEEDED)
        assert event.until is not None
    assert [circle.case(number).status for number in (1, 2, 3)] == ["returned", "returned", "submitted"]
    assert [member.step for member in circle.group().members] == ["returned", "returned", "submitted"]
    circle.answered(3)
    circle.settle()
    assert circle.group().status == "running", "it is not asked before all are through"


def test_the_file_goes_on_once_it_is_complete_and_not_before() -> None:
    circle = with_one_of("binjai")
    for number, person in ((1, P), (2, Q)):
        case = f"{GROUP}-{number}"
        assert circle.ask(CASES, case, Submit(), person) == "DOCUMENTS_MISSING"
        for mark, kind in enumerate(NEEDED, 1):
            circle.tell(CASES, case, paper(kind, mark), actor(person))
        assert circle.ask(CASES, case, Submit(), person) == ""
    circle.settle()
    for number in (1, 2, 3):
        circle.answered(number)
    circle.settle()
    assert circle.group().status == "approved"
    assert [one.attempt for one in of(circle, ProposalSubmitted) if one.missing] == [1, 1]


def test_where_no_agency_asks_for_them_the_submission_only_says_what_is_missing() -> None:
    circle = with_one_of("surakarta")
    assert of(circle, ProposalReturned) == []
    assert {one.case: one.missing for one in of(circle, ProposalSubmitted)} == {
        f"{GROUP}-1": NEEDED,
        f"{GROUP}-2": NEEDED,
        f"{GROUP}-3": (),
    }
