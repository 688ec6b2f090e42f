"""A wish for a seat of another agency: what kind of move it is, who may propose it, who sees it."""

from datetime import date, timedelta

import pytest

from services.proposal.domain import Agency, Agree, Announce, Case, ConfirmTalk, Employee, ProposeTalk, Submit, Vacancy
from services.proposal.policy import party
from shared.contracts.proposal import ProposalSubmitted
from shared.contracts.registry import Placement
from shared.kernel.decider import Refused
from shared.kernel.move import MoveKind
from shared.runtime.service import Asked
from tests.unit.proposal.bench import Bench
from tests.unit.proposal.kit import HEAD, ORIGIN, RINA, actor, bench, office, wish

SOLO = actor("p-solo", office("personnel_verifier", agency="surakarta"))
SEAT = Placement(agency="surakarta", unit="dinkes", post="dokter")


def between(*admits: MoveKind) -> Bench[Case]:
    """Rina of Palu before a vacancy of Surakarta that admits these kinds."""
    case = bench()
    case.facts[Agency.KIND, "palu"] = Agency(zone="WITA", kind="city", province="Sulawesi Tengah")
    case.facts[Agency.KIND, "surakarta"] = Agency(zone="WIB", kind="city", province="Jawa Tengah")
    case.facts[Vacancy.KIND, "v-1"] = Vacancy(placement=SEAT, closes_on=date(2026, 12, 31), admits=admits)
    return case


def proposed() -> Bench[Case]:
    """Surakarta's own proposal, which Rina was told of and talked about."""
    case = between("inter_province")
    case.tell(wish(initiative="agency", person="p-rina", consent=False), SOLO)
    case.tell(Announce(benefit="dekat keluarga", training="orientasi"), SOLO)
    case.tell(ProposeTalk(on=date(2026, 11, 23), about="tugas baru"), SOLO)
    for who in (SOLO, RINA):
        case.tell(ConfirmTalk(talk=1), who)
    return case


def test_the_registry_says_what_kind_it_is_not_the_applicant() -> None:
    case = between("inter_province")
    case.tell(wish(move="one_agency", kind="one_agency"), RINA)
    (submitted,) = case.tell(Submit(), RINA)
    assert isinstance(submitted, ProposalSubmitted)
    assert (submitted.content.move, submitted.content.target) == ("inter_province", SEAT)


def test_a_vacancy_admits_the_kinds_that_it_says() -> None:
    for admits in (("one_agency",), ("one_agency", "intra_province", "central_regional")):
        with pytest.raises(Refused, match="NOT_OPEN_TO_OTHERS") as found:
            between(*admits).tell(wish(), RINA)
        assert found.value.values["move"] == "inter_province"


def test_a_vacancy_may_be_for_others_only() -> None:
    case = between("inter_province")
    case.facts[Employee.KIND, "p-rina"] = Employee(status="active", placement=SEAT.model_copy(update={"post": "x"}))
    with pytest.raises(Refused, match="NOT_OPEN_TO_OTHERS"):
        case.tell(wish(), RINA)


def test_the_receiving_agency_proposes_that_of_origin_does_not() -> None:
    """R08: on proposal of the receiving PPK; that of origin consents later, in the chain."""
    case = between("inter_province")
    said = wish(initiative="agency", person="p-rina", consent=False)
    with pytest.raises(Refused, match="OFFICE_NEEDED"):
        case.tell(said, HEAD)
    case.tell(said, SOLO)
    with pytest.raises(Refused, match="OFFICE_NEEDED"):
        case.tell(Announce(benefit="b", training="t"), HEAD)


def test_nobody_comes_to_another_agency_without_having_asked_for_it() -> None:
    """Document c of BKN Regulation 5/2019: the window may be over, the person's own word is needed still."""
    case = proposed()
    late = case.state.voice.until if case.state.voice else None
    assert late is not None
    with pytest.raises(Refused, match="CONSENT_MISSING"):
        case.tell(Submit(), SOLO, at=late + timedelta(seconds=1))
    case.tell(Agree(), RINA)
    case.tell(Submit(), SOLO)
    assert case.state.status == "submitted"


def test_both_agencies_see_the_case_until_the_move_and_only_the_new_one_after_it() -> None:
    """E24: access of the former superiors ends with the move."""
    case = proposed()
    there, here = office("ppk", agency="surakarta"), office("unit_head", ORIGIN.unit)
    elsewhere = office("unit_head", "u-lain", agency="surakarta")

    def sees() -> list[bool]:
        return [party(Asked(actor("p-x", held), date(2026, 11, 23), case.state)) for held in (there, here, elsewhere)]

    assert sees() == [True, True, False]
    case.state = case.state.model_copy(update={"status": "completed"})
    assert sees() == [True, False, False]
