"""Agencies, units, posts: registered anew only when they differ; posts count their holders."""

import pytest
from pydantic import ValidationError

from services.registry.domain import AGENCIES, POSTS, UNITS
from services.registry.domain.organisation import RegisterAgency, RegisterPost
from services.registry.domain.units import RegisterUnit
from shared.contracts.registry import AgencyRegistered, EmployeeMoved, EmployeeRegistered, PostRegistered
from shared.kernel.decider import Facts, Message, NotYet, Refused
from tests.unit.registry.shelf import AGENCY, NOW, Shelf, decree, join, post, seat, town


def test_the_same_content_says_nothing_other_content_says_it_anew() -> None:
    shelf = Shelf()
    for command in (AGENCY, AGENCY, AGENCY.model_copy(update={"name": "Palu"})):
        shelf.send(AGENCIES, "palu", command)
    assert [event.name for event in shelf.of(AgencyRegistered)] == ["Kota Palu", "Palu"]


def test_a_unit_waits_for_its_agency_and_a_post_for_its_unit() -> None:
    shelf = Shelf()
    with pytest.raises(NotYet, match="agency/palu"):
        shelf.send(UNITS, "u:palu:x", RegisterUnit(agency="palu", unit="x", name="X", kind="office"))
    with pytest.raises(NotYet, match="unit/u:palu:x"):
        post(shelf, "x", "y", kind="staff", seats=1)


def test_a_structural_post_has_one_seat() -> None:
    with pytest.raises(Refused, match="STRUCTURAL_ONE_SEAT"):
        post(town(), "setda", "new", kind="supervisor", seats=2)


def test_a_functional_post_tells_its_retirement_age() -> None:
    shelf = town()
    with pytest.raises(Refused, match="RETIREMENT_AGE_MISSING"):
        post(shelf, "setda", "new", kind="functional", seats=2)
    post(shelf, "setda", "new", kind="staff", seats=2)
    assert shelf.of(PostRegistered)[-1].retirement_age == 58


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "king"),
        ("seats", -1),
        ("post", "Bad Code"),
        ("requirements", {"rank_min": "X/a"}),
        ("requirements", {"education_min": "PhD"}),
        ("requirements", {"competences": {"integrity": 0}}),
    ],
)
def test_wrong_values_are_refused(field: str, value: object) -> None:
    good = {"agency": "palu", "unit": "setda", "post": "a", "title": "A", "kind": "staff", "seats": 1}
    RegisterPost.model_validate(good)
    with pytest.raises(ValidationError):
        RegisterPost.model_validate({**good, field: value})


def test_an_agency_code_fits_a_topic_name() -> None:
    good = AGENCY.model_dump()
    for code in ("Palu", "palu.refused", "", "-palu", "palu/x"):
        with pytest.raises(ValidationError):
            RegisterAgency.model_validate({**good, "agency": code})


def test_an_older_event_of_a_person_does_not_bring_them_back() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    shelf.advance(NOW.replace(month=12))
    registered, moved = shelf.of(EmployeeRegistered)[0], shelf.of(EmployeeMoved)[0]
    left = seat("setda", "analyst").post
    for event, sequence in ((registered, 1), (moved, 4)):
        message = Message(body=event, id="m", time=NOW, source=f"registry/{person}", sequence=sequence)
        assert POSTS.decide(shelf.state(POSTS, left), message, Facts(shelf.facts)) == []
    assert shelf.state(POSTS, left).present == ()
