"""What must hold of the service's files: texts, policy, routes, the queue's filter."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import iter_route_contexts

from services.approval.api import _cursor, _place, router
from services.approval.consumers import routes
from services.approval.copies_api import router as copies
from services.approval.desk import router as desk
from services.approval.policy import POLICY, at_desk, stands_in
from services.approval.speed import router as speed
from services.approval.store import Wanted, places
from shared.contracts.catalogue import BY_TYPE
from shared.kernel.decider import Actor, Refused
from shared.runtime.service import Asked
from tests.unit.approval.kit import OFFICIALS, bench, completed, opened, through
from tests.unit.proposal.kit import actor, office

HOME = Path(__file__).parents[3] / "services" / "approval"
DAY = date(2026, 11, 23)
RINA = actor("p-rina")


def test_every_refusal_has_words_and_a_remedy_in_both_languages() -> None:
    texts: dict[str, Any] = yaml.safe_load((HOME / "texts.yaml").read_text("utf-8"))
    built_in = yaml.safe_load((HOME.parents[1] / "shared/host/problems.yaml").read_text("utf-8"))["codes"]
    source = "".join(path.read_text("utf-8") for path in HOME.rglob("*.py"))
    codes = set(re.findall(r'Refused\(\s*"([A-Z_]+)"', source))
    assert len(codes) > 9
    assert codes <= set(texts) | set(built_in)
    for entry in texts.values():
        assert entry["id"]
        assert entry["en"]
        assert set(entry["mend"]) == {"id", "en"}


def test_every_route_has_a_rule() -> None:
    named = {
        context.name for context in iter_route_contexts((*router.routes, *desk.routes, *speed.routes, *copies.routes))
    }
    assert named == set(POLICY)


def test_every_type_heard_is_in_the_catalogue() -> None:
    assert all(BY_TYPE[type] is model for type, (model, _) in routes.by_type.items())


@pytest.mark.parametrize(
    ("who", "reads", "works"),
    [
        (RINA, True, False),
        (OFFICIALS[0], True, True),
        (OFFICIALS[5], True, True),
        (actor("p-x", office("direct_superior", "dinkes")), False, False),
        (actor("p-x", office("ppk", agency="sigi")), False, False),
        (actor("p-x"), False, False),
        (Actor(login="root", admin=True), False, False),
    ],
)
def test_who_comes_to_the_door(who: Actor, reads: bool, works: bool) -> None:
    asked = Asked(who, DAY, opened().state)
    assert POLICY["case.read"](asked) is reads
    assert at_desk(asked) is works
    assert not POLICY["case.read"](Asked(who, DAY, bench().state))


@pytest.mark.parametrize(
    ("who", "may"), [(RINA, True), (Actor(login="root", admin=True), True), (Actor(login="stranger"), False)]
)
def test_who_is_told_a_chain(who: Actor, may: bool) -> None:
    """Also the administrator, who is nobody's colleague: with that account a new installation is looked at first."""
    assert POLICY["chain.explain"](Asked(who, DAY, None)) is may


def test_who_decided_may_still_read_after_leaving_office() -> None:
    state = through(1).state
    assert POLICY["case.read"](Asked(actor(OFFICIALS[0].person), DAY, state))
    assert not at_desk(Asked(actor(OFFICIALS[0].person), DAY, state))


def test_who_stands_in_reads_the_tasks_of_that_desk_alone() -> None:
    state = opened().state
    assert state.task
    here = state.task.office, state.task.agency, state.task.unit
    assert stands_in(state, {here, ("ppk", "sigi", "")})
    assert not stands_in(state, {(here[0], here[1], "dinkes"), ("ppk", *here[1:])})


def test_the_superiors_they_left_read_no_more_once_the_person_has_moved() -> None:
    """E24: neither by office nor because they decided; the agency that has them now still does."""
    case = through()
    case.tell(completed())
    reads = {who.person: POLICY["case.read"](Asked(who, DAY, case.state)) for who in (*OFFICIALS, RINA)}
    superiors = {"p-direct_superior", "p-unit_head"}
    assert {person for person, allowed in reads.items() if not allowed} == superiors
    head = actor("p-new", office("unit_head", case.state.target.unit))  # type: ignore[union-attr]
    assert POLICY["case.read"](Asked(head, DAY, case.state)) is False, "the chain did not pass through them"


def test_the_queue_asks_for_the_offices_held_today_only() -> None:
    past = office("ppk").model_copy(update={"until": DAY})
    who = actor("p-x", office("unit_head", "setda"), past)
    query = Wanted(who.person, places(who, DAY), None).first()
    place = {"state.task.office": "unit_head", "state.task.agency": "palu"}
    assert query["$or"] == [{**place, "state.task.unit": unit} for unit in ("", "setda")]
    assert query["state.person"] == {"$ne": "p-x"}
    assert not Wanted("p-x", places(actor("p-x", past), DAY), None).rows


def test_a_cursor_comes_back_as_it_went() -> None:
    row = {"due": "2026-11-30T15:59:59.999000Z", "case": "c-1"}
    assert _place(_cursor(row)) == ("2026-11-30T15:59:59.999000Z", "c-1")
    assert _place("") is None


@pytest.mark.parametrize("text", ["x", "/w==", "é"])
def test_a_bad_cursor_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="BAD_CURSOR"):
        _place(text)
