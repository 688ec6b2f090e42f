"""The decree of a swap: one event with as many papers as members, all or none; later acts hold for all."""

from collections.abc import Callable
from datetime import date

import pytest

from services.approval.domain import (
    Agency,
    Amend,
    Bundle,
    Case,
    Claim,
    Decree,
    Employee,
    Grant,
    Outcome,
    Proposal,
    Register,
    Revoke,
    decree_id,
    decrees_of,
    digest_of,
    make_cases,
    make_decrees,
    task_id,
)
from shared.contracts.approval import DecreeAmended, DecreeRevoked, DecreeWithheld
from shared.contracts.group_decree import DecreeGroupIssued
from shared.contracts.groups import GroupApproved, GroupFile
from shared.contracts.registry import Placement
from shared.contracts.stages import Letter, LetterKind
from shared.kernel.decider import Event, Fact, NotYet, Refused
from tests.unit.approval.kit import AUTHORITIES, CHAINS, CONTENT, GRANT, NUMBERING, evaluation
from tests.unit.proposal.bench import Bench, outcome
from tests.unit.proposal.kit import ORIGIN, TARGET, actor, office

GROUP = "g-1"
CASES = make_cases(CHAINS)
DECREES = make_decrees(NUMBERING, AUTHORITIES)
PPK = actor("p-ppk", office("ppk"))
PEOPLE = ("p-rina", "p-budi")
REASON = "alasan yang cukup panjang"


def approved() -> GroupApproved:
    """Rina and Budi exchange their seats."""
    seats = ((ORIGIN, TARGET), (TARGET, ORIGIN))
    files = [
        GroupFile(
            case=f"{GROUP}-{n}",
            attempt=1,
            content=CONTENT.model_copy(
                update={"person": person, "origin": here, "target": there, "vacancy": "", "group": GROUP}
            ),
        )
        for n, (person, (here, there)) in enumerate(zip(PEOPLE, seats, strict=True), 1)
    ]
    return GroupApproved(group=GROUP, files=tuple(files))


def register(*grants: Grant) -> Bench[Register]:
    """A register that heard who granted each of the two cases."""
    known: dict[tuple[type[Fact], str], Fact] = {(Agency, "palu"): Agency(zone="WITA")}
    known |= {(Grant, decree_id(f"{GROUP}-{n}", 1)): grant for n, grant in enumerate(grants, 1)}
    return Bench(DECREES, decrees_of("palu"), known)


def test_members_of_several_agencies_have_one_joint_decree_each_on_the_authority_of_who_takes_them() -> None:
    """K2 of domain.md, K7: every receiving authority appoints its own, after the letters of the same kind of move."""
    first = Placement(agency="palu", unit="setda", post="analis"), Placement(agency="sigi", unit="dinkes", post="bidan")
    grants, files = [], []
    for n, (here, there) in enumerate((first, first[::-1]), 1):
        issuers: dict[LetterKind, str] = {
            "proposal": f"ppk:{there.agency}",
            "consent": f"ppk:{here.agency}",
            "consideration": "bkn",
            "transfer": "governor:Sulawesi Tengah",
        }
        letters = tuple(
            Letter(kind=kind, issuer=issuer, number=f"{n}/{kind}", dated=date(2026, 11, 20))
            for kind, issuer in issuers.items()
        )
        grants.append(Grant(office="ppk", agency=there.agency, by=f"p-{there.agency}", letters=letters))
        about = {"origin": here, "target": there, "vacancy": "", "group": GROUP, "move": "intra_province"}
        content = CONTENT.model_copy(update={"person": PEOPLE[n - 1], **about})
        files.append(GroupFile(case=f"{GROUP}-{n}", attempt=1, content=content))
    decrees = register(*grants)
    for agency in ("palu", "sigi"):
        decrees.facts["agency", agency] = Agency(zone="WITA", province="Sulawesi Tengah")
    (event,) = decrees.tell(GroupApproved(group=GROUP, files=tuple(files)))
    assert isinstance(event, DecreeGroupIssued)
    assert [(paper.number, paper.agency, paper.move, len(paper.letters)) for paper in event.papers] == [
        (1, "palu", "intra_province", 4),
        (2, "palu", "intra_province", 4),
    ]
    swapped = register(grants[0].model_copy(update={"agency": "palu"}), grants[1])
    for agency in ("palu", "sigi"):
        swapped.facts["agency", agency] = Agency(zone="WITA", province="Sulawesi Tengah")
    said = swapped.tell(GroupApproved(group=GROUP, files=tuple(files)))
    assert {one.code for one in said if isinstance(one, DecreeWithheld)} == {"AUTHORITY_WRONG"}, "I3, for all or none"


def test_one_event_has_a_paper_for_each_with_consecutive_numbers() -> None:
    decrees = register(GRANT, GRANT)
    (event,) = decrees.tell(approved())
    assert isinstance(event, DecreeGroupIssued)
    assert [(paper.person, paper.number, paper.case) for paper in event.papers] == [
        ("p-rina", 1, f"{GROUP}-1"),
        ("p-budi", 2, f"{GROUP}-2"),
    ]
    assert {paper.effective_on for paper in event.papers} == {date(2027, 1, 1)}
    assert [paper.digest == digest_of(paper.model_dump(mode="json")) for paper in event.papers] == [True, True]
    assert decrees.state.last == {"2026": 2}
    assert decrees.tell(approved()) == []


@pytest.mark.parametrize("bad", [0, 1])
@pytest.mark.parametrize(
    ("change", "code"), [({"office": "unit_head"}, "AUTHORITY_WRONG"), ({"consented": ()}, "PERTEK_MISSING")]
)
def test_what_withholds_one_withholds_all_and_no_number_is_used(bad: int, change: dict[str, object], code: str) -> None:
    grants = [GRANT, GRANT]
    grants[bad] = GRANT.model_copy(update=change)
    decrees = register(*grants)
    events = decrees.tell(approved())
    assert [(type(event), event.key) for event in events] == [
        (DecreeWithheld, f"{GROUP}-1"),
        (DecreeWithheld, f"{GROUP}-2"),
    ]
    assert {event.code for event in events if isinstance(event, DecreeWithheld)} == {code}
    assert (decrees.state.last, decrees.tell(approved())) == ({}, [])


def test_it_waits_until_the_grant_of_each_is_known() -> None:
    with pytest.raises(NotYet, match=f"grant/sk-{GROUP}-2-1"):
        register(GRANT).tell(approved())


def case(number: int = 1) -> Bench[Case]:
    """The approval case of one of the two, opened."""
    file = approved().files[number - 1]
    content = file.content.model_copy(update={"partners": tuple(p for p in PEOPLE if p != file.content.person)})
    known: dict[tuple[type[Fact], str], Fact] = {
        (Agency, "palu"): Agency(zone="WITA"),
        (Employee, "p-rina"): Employee(relatives=()),
        (Employee, "p-budi"): Employee(relatives=("p-wife",)),
        (Proposal, file.case): Proposal(attempt=1, content=content, receipt="MT"),
    }
    bench = Bench(CASES, file.case, known)
    bench.tell(evaluation().model_copy(update={"case": file.case, "person": file.content.person}))
    return bench


def test_each_case_hands_its_member_the_own_paper() -> None:
    (event,) = register(GRANT, GRANT).tell(approved())
    assert isinstance(event, DecreeGroupIssued)
    for number, paper in enumerate(event.papers, 1):
        assert case(number).tell(event) == [paper]


@pytest.mark.parametrize("who", ["p-budi", "p-wife"])
def test_a_partner_and_a_partners_relative_are_parties_to_the_case(who: str) -> None:
    """I9: Budi heads the unit of Rina, with whom he exchanges seats."""
    boss = actor(who, office("direct_superior", ORIGIN.unit))
    assert outcome(case(), Claim(task=task_id(f"{GROUP}-1", 1, 1)), boss) == "KONFLIK_KEPENTINGAN"
    other = actor("p-other", office("direct_superior", ORIGIN.unit))
    assert outcome(case(), Claim(task=task_id(f"{GROUP}-1", 1, 1)), other) == "claimed"


# -- what the authority does later -----------------------------------------------------------------------------------


def issued() -> Bench[Register]:
    """A register whose decree for the two came back."""
    decrees = register(GRANT, GRANT)
    (event,) = decrees.tell(approved())
    assert isinstance(event, DecreeGroupIssued)
    decrees.facts |= {(Decree.KIND, paper.decree): Decree(issued=paper) for paper in event.papers}
    decrees.facts |= {(Employee.KIND, person): Employee() for person in (*PEOPLE, "p-ppk")}
    decrees.facts[Bundle.KIND, GROUP] = Bundle(decrees=tuple(paper.decree for paper in event.papers))
    return decrees


FIRST = decree_id(f"{GROUP}-1", 1)
ACTS: dict[str, Callable[[], Amend | Revoke]] = {
    "amend": lambda: Amend(decree=FIRST, effective_on=date(2027, 2, 1), reason=REASON),
    "revoke": lambda: Revoke(decree=FIRST, reason=REASON),
}


def _papers(events: list[Event]) -> list[tuple[str, int]]:
    return sorted((e.decree, e.number) for e in events if isinstance(e, DecreeAmended | DecreeRevoked))


@pytest.mark.parametrize("name", ACTS)
def test_before_the_day_an_act_holds_for_all_papers_each_with_a_number(name: str) -> None:
    events = issued().tell(ACTS[name](), PPK)
    assert [decree for decree, _ in _papers(events)] == [FIRST, decree_id(f"{GROUP}-2", 1)]
    assert sorted(number for _, number in _papers(events)) == [3, 4]
    assert len({event.model_dump()["effective_on"] for event in events}) == 1
    assert {event.model_dump()["group"] for event in events} == {GROUP}


def test_after_the_day_a_revocation_holds_for_the_one_paper() -> None:
    """The way back is open only where a seat is free, as for everybody."""
    decrees = issued()
    for number in (1, 2):
        decrees.facts[Outcome.KIND, decree_id(f"{GROUP}-{number}", 1)] = Outcome(moved=True)
    assert _papers(decrees.tell(ACTS["revoke"](), PPK)) == [(FIRST, 3)]
    with pytest.raises(Refused, match="ALREADY_EFFECTIVE"):
        decrees.tell(Amend(decree=decree_id(f"{GROUP}-2", 1), effective_on=date(2027, 2, 1), reason=REASON), PPK)


def test_while_only_some_are_known_to_have_moved_it_is_too_early() -> None:
    decrees = issued()
    decrees.facts[Outcome.KIND, decree_id(f"{GROUP}-2", 1)] = Outcome(moved=True)
    with pytest.raises(NotYet, match="outcome"):
        decrees.tell(ACTS["revoke"](), PPK)
