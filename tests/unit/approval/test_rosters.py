"""K8 of domain.md: one list through one chain, one decree event with a paper for each, and who may read it."""

from services.approval.deciders import load
from services.approval.domain import (
    Agency,
    Case,
    Claim,
    Decide,
    Employee,
    Grant,
    Register,
    decrees_of,
    make_cases,
    make_decrees,
    task_id,
)
from services.approval.policy import POLICY
from shared.contracts.approval import DecreeIssued, DecreeWithheld
from shared.contracts.group_decree import DecreeGroupIssued
from shared.contracts.registry import Placement
from shared.contracts.reorganisations import ReorganisationApproved, ReorganisationProposed, Resettled
from shared.contracts.rosters import RosterApproved
from shared.kernel.decider import Fact
from shared.runtime.service import Asked
from tests.contract.test_golden import golden
from tests.unit.approval.kit import AUTHORITIES, NUMBERING
from tests.unit.proposal.bench import NOW, Bench, outcome
from tests.unit.proposal.kit import actor, office

CHAINS = load()[0]
STAGES = ("personnel_verifier", "performance_team", "bkn_liaison", "ppk")
PEOPLE = ("p-dewi", "p-eko")
HERE = Placement(agency="palu", unit="u:palu:lama", post="p:palu:lama")
THERE = Placement(agency="palu", unit="u:palu:baru", post="p:palu:baru")
MOVES = tuple(Resettled(case=f"r-1-{n}", person=who, origin=HERE, target=THERE) for n, who in enumerate(PEOPLE, 1))
LIST = ReorganisationProposed.model_validate(
    {**golden(ReorganisationProposed), "reorganisation": "r-1", "moves": [move.model_dump() for move in MOVES]}
)


def known() -> dict[tuple[type[Fact], str], Fact]:
    """The agency and its people."""
    facts: dict[tuple[type[Fact], str], Fact] = {(Agency, "palu"): Agency(zone="WITA", name="Palu")}
    return facts | {(Employee, who): Employee() for who in PEOPLE}


def granted() -> RosterApproved:
    """Everybody in the chain approved."""
    case: Bench[Case] = Bench(make_cases(CHAINS), "r-1", known())
    case.tell(LIST)
    assert outcome(case, LIST) == "-"
    listed = actor(PEOPLE[0], office("personnel_verifier"))
    assert outcome(case, Claim(task=task_id("r-1", 1, 1)), listed) == "KONFLIK_KEPENTINGAN", "on the list (I9)"
    for n, stage in enumerate(STAGES, 1):
        who, task = actor(f"p-{stage}", office(stage)), task_id("r-1", 1, n)
        case.tell(Claim(task=task), who)
        case.tell(Decide.model_validate({"task": task, "decision": "approve"}), who)
    said = case.said[-1]
    assert isinstance(said, RosterApproved)
    return said


def approved(**changes: object) -> ReorganisationApproved:
    """What the registry makes of it."""
    said = granted().model_dump(include=set(Grant.model_fields))
    about = {"reorganisation": "r-1", "purpose": "p", "expected_result": "e", "moves": MOVES}
    return ReorganisationApproved.model_validate({**about, **said, **changes})


def register() -> Bench[Register]:
    """The register of the agency."""
    return Bench(make_decrees(NUMBERING, AUTHORITIES), decrees_of("palu"), known())


def test_one_decree_event_has_a_paper_for_each_who_then_move_on_their_own() -> None:
    decrees = register()
    (event,) = decrees.tell(approved())
    assert isinstance(event, DecreeGroupIssued)
    assert event.each
    assert [(paper.person, paper.number, paper.group, paper.consideration) for paper in event.papers] == [
        ("p-dewi", 1, "", "bkn_liaison"),
        ("p-eko", 2, "", "bkn_liaison"),
    ]
    assert decrees.tell(approved()) == [], "each number once"


def test_i3_and_i4_hold_for_the_whole_list() -> None:
    for changes, code in (({"office": "unit_head"}, "AUTHORITY_WRONG"), ({"consented": ()}, "PERTEK_MISSING")):
        said = register().tell(approved(**changes))
        assert [(one.case, one.code) for one in said if isinstance(one, DecreeWithheld)] == [
            ("r-1-1", code),
            ("r-1-2", code),
        ]


def test_who_was_on_the_list_reads_their_own_paper_and_so_does_the_agency() -> None:
    (event,) = register().tell(approved())
    assert isinstance(event, DecreeGroupIssued)
    case: Bench[Case] = Bench(make_cases(CHAINS), "r-1-1", {})
    (paper,) = case.tell(event)
    assert isinstance(paper, DecreeIssued)
    readers = {
        "p-dewi": actor("p-dewi"),
        "p-verifier": actor("p-verifier", office("personnel_verifier")),
        "p-head": actor("p-head", office("unit_head", THERE.unit)),
        "p-eko": actor("p-eko"),
        "p-old": actor("p-old", office("unit_head", HERE.unit)),
    }
    may = {name for name, who in readers.items() if POLICY["decree.read"](Asked(who, NOW.date(), case.state))}
    assert may == {"p-dewi", "p-verifier", "p-head"}
