"""What must hold of the service's files: settings, texts, policy, routes."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from services.proposal.api import router
from services.proposal.assignment_api import router as assignments
from services.proposal.consumers import routes
from services.proposal.debt_api import router as debts
from services.proposal.deciders import CASES, SEATS, load_rules
from services.proposal.document_api import router as documents
from services.proposal.domain import Rules
from services.proposal.domain.rules import NoTerm
from services.proposal.group_api import router as groups
from services.proposal.policy import POLICY
from services.proposal.seat_api import router as seats
from services.proposal.store import INDEXES
from shared.contracts.catalogue import BY_TYPE
from shared.kernel.decider import Actor
from shared.runtime.service import Asked, To
from tests.unit.proposal.circle import Circle, P, R
from tests.unit.proposal.kit import HEAD, RINA, actor, bench, moved, office, submitted

HOME = Path(__file__).parents[3] / "services" / "proposal"
GROUP = {"longest": 3, "working_days": 10, "citation": "x", "certainty": "C"}
LATE = {"office": "ppk", "working_days": 5}
CONTEST = {"offices": ["ppk"], "working_days": 10, "late": LATE, "citation": "x", "certainty": "C"}
EMERGENCY = {"people": 9, "months": 6, "working_days": 30, "remind_after": 25, "citation": "x", "certainty": "C"}
DOCUMENTS = {"checkers": ["personnel_verifier"], "unnamed_hours": 24, "citation": "x", "certainty": "C"}
REST = {"contest": CONTEST, "emergency": EMERGENCY, "documents": DOCUMENTS}
TERM = {"valid_from": "2020-01-01", "working_days": 10, "citation": "x", "certainty": "C"}
OTHERS = {"suspension": [TERM], "offer": [TERM], "proposers": [], "group": GROUP, **REST}


def test_every_refusal_has_words_and_a_remedy_in_both_languages() -> None:
    texts: dict[str, Any] = yaml.safe_load((HOME / "texts.yaml").read_text("utf-8"))
    built_in = yaml.safe_load((HOME.parents[1] / "shared/host/problems.yaml").read_text("utf-8"))["codes"]
    source = "".join(path.read_text("utf-8") for path in HOME.rglob("*.py"))
    codes = set(re.findall(r'Refused\(\s*"([A-Z_]+)"', source)) | set(re.findall(r'code = "([A-Z_]+)"', source))
    assert len(codes) > 10
    assert codes <= set(texts) | set(built_in)
    for entry in texts.values():
        assert entry["id"]
        assert entry["en"]
        assert set(entry["mend"]) == {"id", "en"}


def test_every_route_has_a_rule() -> None:
    routers = (router, groups, assignments, debts, documents, seats)
    assert {route.name for one in routers for route in one.routes} == set(POLICY)  # type: ignore[attr-defined]


def test_every_type_heard_is_in_the_catalogue() -> None:
    assert all(BY_TYPE[type] is model for type, (model, _) in routes.by_type.items())


def test_a_move_without_a_case_reaches_no_case() -> None:
    event = moved().model_copy(update={"case": ""})
    heard = [to for route in routes.by_type[event.TYPE][1] for to in route(event, None)]  # type: ignore[arg-type]
    assert not [to for to in heard if isinstance(to, To) and to.decider is CASES]


@pytest.mark.parametrize("day", [date(2019, 12, 31)])
def test_a_day_without_a_term_says_so(day: date) -> None:
    with pytest.raises(NoTerm, match="2019-12-31"):
        load_rules().resubmit_days(day)


def test_two_terms_on_one_day_are_an_error() -> None:
    terms = [TERM, {**TERM, "valid_from": "2026-01-01", "working_days": 5}]
    for name, other in (("resubmission", "consultation"), ("consultation", "resubmission")):
        with pytest.raises(ValidationError, match=f"two {name} entries hold on 2026-01-01"):
            Rules.model_validate({name: terms, other: [TERM], **OTHERS})
    terms[0] = {**TERM, "valid_to": "2026-01-01"}
    rules = Rules.model_validate({"resubmission": terms, "consultation": terms, **OTHERS})
    assert (rules.resubmit_days(date(2025, 12, 31)), rules.consult_days(date(2026, 1, 1))) == (10, 5)


def test_e06_one_open_case_is_a_unique_partial_index() -> None:
    (index,) = [index for index in INDEXES[CASES.name] if index.name == "one_open_case"]
    assert index.unique
    assert index.partial == {"state.open": True}
    assert list(index.keys) == [("state.person", 1)]
    assert SEATS.register


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (RINA, True),
        (HEAD, True),
        (actor("p-ppk", office("ppk")), True),
        (actor("p-other"), False),
        (actor("p-other", office("unit_head", "dinkes")), False),
        (actor("p-other", office("ppk", agency="sigi")), False),
        (actor(""), False),
    ],
)
def test_who_sees_a_case(who: Actor, sees: bool) -> None:
    state = submitted().state
    assert POLICY["proposal.read"](Asked(who, date(2026, 11, 23), state)) is sees
    assert not POLICY["proposal.read"](Asked(who, date(2026, 11, 23), bench().state))


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (actor(P), True),
        (actor(R), True),
        (actor("p-office", office("personnel_verifier")), True),
        (actor("p-other", office("personnel_verifier", agency="sigi")), False),
        (actor("p-other"), False),
    ],
)
def test_who_sees_a_group(who: Actor, sees: bool) -> None:
    circle = Circle()
    circle.formed()
    assert POLICY["group.read"](Asked(who, date(2026, 11, 23), circle.group())) is sees


def test_the_unit_they_left_sees_no_more_once_the_person_has_moved() -> None:
    """E24."""
    state = submitted().state.model_copy(update={"status": "completed"})
    assert not POLICY["proposal.read"](Asked(HEAD, date(2026, 11, 23), state))
    assert state.content is not None
    there = actor("p-new", office("unit_head", state.content.target.unit))
    assert POLICY["proposal.read"](Asked(there, date(2026, 11, 23), state))
    assert POLICY["proposal.read"](Asked(RINA, date(2026, 11, 23), state))
