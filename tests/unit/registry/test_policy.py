"""Who may do what: every route has a rule, and each rule says no to whom it should."""

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from services.registry.api import router
from services.registry.domain import PEOPLE
from services.registry.domain.imported import UndoImport
from services.registry.domain.offices import AssignOffice
from services.registry.domain.papers import PaperFile
from services.registry.domain.person import Person, UpdatePerson
from services.registry.domain.texts import texts
from services.registry.policy import DOOR, POLICY
from shared.contracts.papers import PaperFiled
from shared.host.http import missing_rules
from shared.kernel.decider import Actor, Office
from shared.runtime.service import Asked
from tests.contract.test_golden import golden
from tests.unit.registry.shelf import AGENCY, NOW, decree, employee, join, town

SOURCE = Path(__file__).parents[3] / "services" / "registry"
CODE = re.compile(r"[A-Z]{2,}(_[A-Z]+)+")
DAY = NOW.date()
SINCE = date(2026, 1, 1)


def holder(office: str, agency: str = "palu", unit: str = "", person: str = "x") -> Actor:
    """Somebody who holds an office."""
    held = Office(office=office, agency=agency, unit=unit, since=SINCE)
    return Actor(login=office, person=person, offices=(held,))


def rina() -> Person:
    """A person of Setda in Palu."""
    shelf = town()
    found: Person = shelf.state(PEOPLE, join(shelf))
    return found


def test_every_route_has_a_rule_and_every_rule_a_route() -> None:
    app = FastAPI(openapi_url=None)
    app.include_router(router)
    assert missing_rules(app, POLICY) == []
    assert {context.name for context in iter_route_contexts(app.routes)} == set(POLICY) - {DOOR}


def test_a_paper_file_is_taken_back_by_a_registrar_of_its_agency() -> None:
    paper = PaperFile(paper="b-1", filed=PaperFiled.model_validate(golden(PaperFiled)))
    back = UndoImport(batch="i:cases:1")
    for actor, allowed in ((holder("registrar"), True), (holder("registrar", agency="binjai"), False)):
        assert POLICY["import.reverse"](Asked(actor, DAY, paper, back)) is allowed


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (Actor(login="nobody"), False),
        (Actor(login="admin", admin=True), True),
        (holder("registrar"), True),
        (holder("registrar", agency="binjai"), False),
        (holder("personnel_verifier"), False),
        (holder("agency_system"), False),
    ],
)
def test_who_may_change_a_person(actor: Actor, allowed: bool) -> None:
    for rule, command in (("person.update", UpdatePerson(rank="III/d")), ("person.register", employee())):
        assert POLICY[rule](Asked(actor, DAY, rina(), command)) is allowed


def test_a_registrar_of_another_agency_cannot_take_a_person_by_importing_them() -> None:
    command = employee().model_copy(update={"agency": "binjai"})
    for rule in ("person.register", "import"):
        assert not POLICY[rule](Asked(holder("registrar", agency="binjai"), DAY, rina(), command))
        assert POLICY[rule](Asked(holder("registrar", agency="binjai"), DAY, Person(person="new"), command))


def test_nobody_gives_an_office_to_themselves() -> None:
    state, command = rina(), AssignOffice(office="ppk", agency="palu", since=SINCE)
    for rule in ("office.assign", "office.end", "import"):
        assert POLICY[rule](Asked(holder("registrar"), DAY, state, command))
        assert not POLICY[rule](Asked(holder("registrar", person=state.person), DAY, state, command))


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (Actor(login="nobody"), False),
        (holder("ppk"), True),
        (holder("unit_head", unit="u:palu:setda"), True),
        (holder("unit_head", unit="u:palu:disdukcapil"), False),
        (holder("ppk", agency="binjai"), False),
        (holder("agency_system"), False),
    ],
)
def test_who_sees_a_person(actor: Actor, allowed: bool) -> None:
    assert POLICY["person.read"](Asked(actor, DAY, rina())) is allowed


def test_e24_the_superior_they_left_sees_them_no_more_from_the_day_of_the_move_on() -> None:
    """E24."""
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    superiors = [holder("unit_head", unit=f"u:palu:{unit}") for unit in ("setda", "disdukcapil")]

    def sees() -> list[bool]:
        state = shelf.state(PEOPLE, person)
        return [POLICY["person.read"](Asked(actor, shelf.now.date(), state)) for actor in superiors]

    assert sees() == [True, False]
    shelf.advance(datetime(2026, 12, 1, tzinfo=UTC))
    assert sees() == [False, True]


def test_a_person_sees_themselves_and_an_ended_office_sees_nothing() -> None:
    state = rina()
    assert POLICY["person.read"](Asked(Actor(login="rina", person=state.person), DAY, state))
    ended = holder("ppk").offices[0].model_copy(update={"until": DAY})
    assert not POLICY["person.read"](Asked(Actor(login="x", person="x", offices=(ended,)), DAY, state))


def test_only_the_administrator_registers_an_agency() -> None:
    assert not POLICY["agency.register"](Asked(holder("registrar"), DAY, None, AGENCY))
    assert POLICY["agency.register"](Asked(Actor(login="admin", admin=True), DAY, None, AGENCY))


def test_every_code_that_is_said_has_a_text() -> None:
    trees = [ast.parse(file.read_text("utf-8")) for file in SOURCE.rglob("*.py")]
    words = {str(node.value) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    codes = {word for word in words if CODE.fullmatch(word)}
    assert len(codes) > 50
    assert codes <= set(texts())
