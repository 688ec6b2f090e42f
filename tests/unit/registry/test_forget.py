"""Forgetting a person: what is erased, what stays, and when it is refused."""

from datetime import date

import pytest

from services.registry.domain import PEOPLE, POSTS
from services.registry.domain.offices import AssignOffice, EndOffice
from services.registry.domain.person import ForgetPerson, UpdatePerson
from shared.contracts.people import EmployeeForgotten, PersonForgotten, PersonParticulars
from shared.kernel.decider import Refused
from tests.unit.registry.shelf import NIP, Shelf, decree, join, seat, town

FORGET = ForgetPerson(reason="Masa simpan berakhir")


def refused(shelf: Shelf, person: str, command: ForgetPerson | UpdatePerson) -> str:
    """The code it is refused with."""
    with pytest.raises(Refused) as caught:
        shelf.send(PEOPLE, person, command)
    return caught.value.code


def test_nothing_that_names_the_person_stays() -> None:
    shelf = town()
    person = join(shelf)
    shelf.send(PEOPLE, person, FORGET)
    kept = shelf.state(PEOPLE, person).model_dump_json()
    assert not [word for word in ("Rina", NIP, "rina@") if word in kept]
    assert shelf.of(PersonForgotten) == [PersonForgotten(person=person, reason=FORGET.reason)]
    assert shelf.of(EmployeeForgotten) == [EmployeeForgotten(person=person)]
    assert shelf.state(POSTS, seat("setda", "analyst").post).present == (person,)


def test_once_is_enough_and_no_file_brings_them_back() -> None:
    shelf = town()
    person = join(shelf)
    shelf.send(PEOPLE, person, FORGET)
    shelf.send(PEOPLE, person, FORGET)
    assert len(shelf.of(PersonForgotten)) == 1
    with pytest.raises(Refused, match="PERSON_FORGOTTEN"):
        join(shelf)
    assert refused(shelf, person, UpdatePerson(email="rina@palu.example")) == "PERSON_FORGOTTEN"
    shelf.send(PEOPLE, person, UpdatePerson(status="retired"))
    assert len(shelf.of(PersonParticulars)) == 1


def test_not_while_a_decree_waits() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    assert refused(shelf, person, FORGET) == "MOVE_WAITS"
    shelf.advance(shelf.now.replace(month=12))
    shelf.send(PEOPLE, person, FORGET)


def test_not_while_they_hold_an_office() -> None:
    shelf = town()
    person = join(shelf)
    shelf.send(PEOPLE, person, AssignOffice(office="ppk", agency="palu", since=date(2026, 1, 1)))
    assert refused(shelf, person, FORGET) == "OFFICE_HELD"
    shelf.send(PEOPLE, person, EndOffice(office="ppk", agency="palu", on=date(2026, 11, 22)))
    shelf.send(PEOPLE, person, FORGET)


@pytest.mark.parametrize("word", ["rina LESTARI", NIP, "rina@palu.example"])
def test_the_reason_names_nobody(word: str) -> None:
    shelf = town()
    assert refused(shelf, join(shelf), ForgetPerson(reason=f"permintaan {word}")) == "REASON_NAMES_PERSON"


def test_nobody_is_forgotten_who_was_never_known() -> None:
    assert refused(town(), "nobody", FORGET) == "UNKNOWN_PERSON"
