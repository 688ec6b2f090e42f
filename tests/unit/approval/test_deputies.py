"""Substitutes and acting heads: appointed within limits, resting on an office held, both names on the decision."""

from datetime import date
from typing import Any

import pytest
import yaml

from services.approval.deciders import DEPUTIES, PACKAGED
from services.approval.domain import (
    Agency,
    Appoint,
    BadChains,
    Case,
    Claim,
    Decide,
    Deputies,
    Deputy,
    Employee,
    EndMandate,
    Holder,
    deputy_id,
    parse_substitution,
)
from services.approval.policy import POLICY
from services.approval.store import Wanted
from shared.contracts.approval import TaskDecided
from shared.contracts.tasks import Mandate
from shared.kernel.decider import Actor, Fact
from shared.runtime.service import Asked
from tests.unit.approval.kit import OFFICIALS, opened, task, through
from tests.unit.proposal.bench import Bench, outcome
from tests.unit.proposal.kit import actor, office

HEAD = OFFICIALS[0]  # the direct superior of setda
PPK = OFFICIALS[5]
VERIFIER = OFFICIALS[2]
SUB = actor("p-sub")
SETDA = {"office": "direct_superior", "agency": "palu", "unit": "setda"}


def appoint(**changes: object) -> Appoint:
    """Two weeks from the day of the bench."""
    period = {"since": "2026-11-23", "until": "2026-12-07"}
    return Appoint.model_validate({"absent": HEAD.person, **SETDA, **period, **changes})


def register() -> Bench[Deputies]:
    """What p-sub may act for: nothing yet."""
    known: dict[tuple[type[Fact], str], Fact] = {
        (Agency, "palu"): Agency(zone="WITA"),
        (Employee, "p-sub"): Employee(),
        (Holder, HEAD.person): Holder(offices=HEAD.offices),
        (Holder, "p-sub"): Holder(offices=()),
    }
    return Bench(DEPUTIES, deputy_id("p-sub"), known)


def case_with(*mandates: Mandate, holders: tuple[Actor, ...] = (HEAD, PPK), n: int = 0) -> Bench[Case]:
    """A case after n stages, with what p-sub may act for."""
    case = through(n) if n else opened()
    case.facts[Deputy.KIND, "p-sub"] = Deputy(mandates=mandates)
    for held in holders:
        case.facts[Holder.KIND, held.person] = Holder(offices=held.offices)
    return case


def mandate(**changes: object) -> Mandate:
    """The right that `appoint` asks for."""
    return Mandate.model_validate({**appoint().model_dump(), "id": "1", **changes})


def test_a_planned_substitute_is_appointed_by_the_holder_and_decides_under_both_names() -> None:
    kept = register()
    kept.tell(appoint(), HEAD)
    (given,) = kept.state.mandates
    assert given.planned
    case = case_with(given)
    case.tell(Claim(task=task()), SUB)
    decided = case.tell(Decide(task=task(), decision="approve"), SUB)[0]
    assert isinstance(decided, TaskDecided)
    assert (decided.by, decided.on_behalf_of) == ("p-sub", HEAD.person)


def test_an_unplanned_one_is_appointed_by_an_office_that_may() -> None:
    kept = register()
    assert outcome(kept, appoint(), actor("p-x", office("unit_head", "setda"))) == "APPOINTER_NEEDED"
    assert outcome(kept, appoint(), actor("p-sub", office("ppk"))) == "SELF_APPOINTED"
    kept.tell(appoint(), VERIFIER)
    assert not kept.state.mandates[0].planned


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"absent": "p-sub"}, "SUBSTITUTE_IS_ABSENT"),
        ({"absent": "p-nobody"}, "NOT_THEIR_OFFICE"),
        ({"unit": "dinkes"}, "NOT_THEIR_OFFICE"),
        ({"until": "2026-11-23"}, "BAD_PERIOD"),
        ({"since": "2026-10-01", "until": "2026-11-23"}, "BAD_PERIOD"),
        ({"until": "2027-01-23"}, "BAD_PERIOD"),
        ({"since": "2026-12-08"}, "BAD_PERIOD"),
    ],
)
def test_what_cannot_be_appointed(changes: dict[str, Any], code: str) -> None:
    kept = register()
    assert outcome(kept, appoint(**changes), PPK) == code
    assert kept.state.mandates == ()


def test_there_are_no_chains_of_substitutes() -> None:
    """Whoever stands in holds no office to be stood in for, and a right ends with the office it rests on."""
    kept = register()
    assert outcome(kept, appoint(absent="p-other-sub"), PPK) == "NOT_THEIR_OFFICE"
    gone = actor(HEAD.person, HEAD.offices[0].model_copy(update={"until": date(2026, 11, 23)}))
    assert outcome(case_with(mandate(), holders=(gone,)), Claim(task=task()), SUB) == "OFFICE_NEEDED"


@pytest.mark.parametrize(
    "changes",
    [
        {"office": "unit_head"},
        {"agency": "sigi"},
        {"unit": "dinkes"},
        {"since": "2026-11-24"},
        {"since": "2026-11-01", "until": "2026-11-23"},
    ],
)
def test_a_right_counts_in_its_scope_and_days_only(changes: dict[str, Any]) -> None:
    assert outcome(case_with(mandate(**changes)), Claim(task=task()), SUB) == "OFFICE_NEEDED"


@pytest.mark.parametrize("capacity", ["acting", "daily"])
def test_e09_an_acting_head_does_not_decide_what_is_kept_for_the_holder(capacity: str) -> None:
    """Nor does whoever stands in for the acting head; what is not kept for the holder they decide."""
    held = PPK.offices[0].model_copy(update={"capacity": capacity})
    acting = actor("p-acting", held)
    assert outcome(through(5), Claim(task=task(6)), acting) == "ACTING_LIMITED"
    case = case_with(mandate(absent="p-acting", office="ppk", unit=""), holders=(acting,), n=5)
    assert outcome(case, Claim(task=task(6)), SUB) == "ACTING_LIMITED"
    assert outcome(case, Claim(task=task(6)), PPK) == "claimed"
    superior = actor("p-acting", HEAD.offices[0].model_copy(update={"capacity": capacity}))
    assert outcome(opened(), Claim(task=task()), superior) == "claimed"


def test_a_substitute_is_bound_by_the_separation_of_duties_too() -> None:
    related = case_with(mandate())
    related.facts[Employee.KIND, "p-sub"] = Employee(relatives=("p-rina",))
    assert outcome(related, Claim(task=task()), SUB) == "KONFLIK_KEPENTINGAN"
    case = case_with(mandate(), mandate(id="2", absent="p-unit_head", office="unit_head"), holders=(HEAD, OFFICIALS[1]))
    case.tell(Decide(task=task(), decision="approve", take=True), SUB)
    assert outcome(case, Claim(task=task(2)), SUB) == "DUTIES_NOT_SEPARATE"


def test_a_right_can_be_ended_by_those_it_concerns() -> None:
    kept = register()
    kept.tell(appoint(), HEAD)
    assert outcome(kept, EndMandate(mandate="1"), actor("p-x")) == "APPOINTER_NEEDED"
    assert outcome(kept, EndMandate(mandate="7"), HEAD) == "MANDATE_UNKNOWN"
    for who in (SUB, HEAD, VERIFIER):
        other = register()
        other.tell(appoint(), HEAD)
        assert outcome(other, EndMandate(mandate="1"), who) == "ended"
        assert other.state.mandates == ()


def test_rights_that_ended_are_dropped_and_ids_are_never_used_again() -> None:
    kept = register()
    kept.tell(appoint(until="2026-11-24"), HEAD)
    kept.tell(EndMandate(mandate="1"), HEAD)
    kept.tell(appoint(), HEAD)
    assert [given.id for given in kept.state.mandates] == ["2"]


def test_who_reads_the_rights_of_a_person() -> None:
    kept = register()
    kept.tell(appoint(), HEAD)
    rule = POLICY["substitute.read"]
    day = date(2026, 11, 23)
    assert [rule(Asked(who, day, kept.state)) for who in (SUB, VERIFIER, PPK, actor("p-x"))] == [
        True,
        True,
        True,
        False,
    ]


def test_the_queue_of_a_substitute_asks_for_the_places_stood_in_for() -> None:
    query = Wanted(SUB.person, {("direct_superior", "palu", "setda")}, None).first()
    place = {"state.task.office": "direct_superior", "state.task.agency": "palu", "state.task.unit": "setda"}
    assert query["$or"] == [place]
    assert query["state.person"] == {"$ne": "p-sub"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c["longest"].update(days=0), "longest.days: "),
        (lambda c: c["appointers"][0].pop("citation"), "appointer 1, citation: Field required"),
    ],
)
def test_a_mistake_in_the_settings_is_named_with_its_place(change: Any, says: str) -> None:
    content = yaml.safe_load((PACKAGED / "substitution.yaml").read_text("utf-8"))
    change(content)
    with pytest.raises(BadChains) as found:
        parse_substitution("substitution.yaml", content)
    assert says in str(found.value)
