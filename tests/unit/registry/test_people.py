"""People: what is said of them, what is kept back, who may hold what."""

from datetime import date

import pytest
from pydantic import ValidationError

from services.registry.domain import PEOPLE
from services.registry.domain.ids import person_id, system_id
from services.registry.domain.offices import AssignOffice, EndOffice
from services.registry.domain.person import LinkAccount, RegisterPerson, UpdatePerson
from shared.contracts.people import PersonParticulars
from shared.contracts.registry import (
    AccountLinked,
    EmployeeRegistered,
    EmployeeUpdated,
    OfficeAssigned,
    OfficeEnded,
    PostOccupancyChanged,
)
from shared.kernel.decider import Command, NotYet, Refused
from tests.unit.registry.shelf import NIP, Shelf, decree, employee, join, seat, town

OTHER = "198502022010011901"


def refused(shelf: Shelf, person: str, command: Command) -> str:
    """The code that a command is refused with; nothing is said."""
    before = len(shelf.events)
    with pytest.raises(Refused) as caught:
        shelf.send(PEOPLE, person, command)
    assert len(shelf.events) == before
    return caught.value.code


def test_no_event_but_the_particulars_carries_who_it_is() -> None:
    shelf = town()
    join(shelf)
    for event in shelf.events:
        text = event.model_dump_json()
        secret = any(word in text for word in ("Rina", NIP, "rina@", "1990-03-14"))
        assert secret is isinstance(event, PersonParticulars)
    assert shelf.of(PersonParticulars)[0].zone == "WITA"


@pytest.mark.parametrize(
    "name", ["Suparman", "Dr. H. Ma'ruf Amin, S.Sos., M.Si.", "Ni Made Ayu D\u2019Souza", "R.A. Kartini"]
)
def test_e16_a_name_is_taken_as_it_is_written(name: str) -> None:
    """One word, titles before and after it, apostrophes of either kind: nobody has to become somebody else."""
    shelf = town()
    join(shelf, name=name)
    assert shelf.of(PersonParticulars)[0].name == name


def test_a_person_retires_on_the_first_after_the_birthday_of_the_posts_age() -> None:
    shelf = town()
    join(shelf)
    assert shelf.of(EmployeeRegistered)[0].profile.retires_on == date(2048, 4, 1)


def test_the_same_again_says_nothing_and_news_is_an_update() -> None:
    shelf = town()
    person = join(shelf)
    count = len(shelf.events)
    assert join(shelf) == person
    assert len(shelf.events) == count
    join(shelf, rank="III/d")
    assert [type(event) for event in shelf.events[count:]] == [EmployeeUpdated]
    join(shelf, rank="III/d", email="new@palu.example")
    assert [event.version for event in shelf.of(PersonParticulars)] == [1, 2]


def test_an_old_file_cannot_undo_a_move() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    shelf.advance(shelf.now.replace(month=12))
    join(shelf)
    state = shelf.state(PEOPLE, person)
    assert state.profile.placement == seat("disdukcapil", "analyst")
    assert state.profile.post_since == date(2026, 12, 1)


def test_a_leave_has_a_last_day_and_whoever_serves_again_has_none() -> None:
    shelf, day = town(), date(2026, 6, 30)
    person = join(shelf)
    assert refused(shelf, person, UpdatePerson(leave_until=day)) == "NOT_ON_LEAVE"
    shelf.send(PEOPLE, person, UpdatePerson(status="unpaid_leave", leave_until=day))
    shelf.send(PEOPLE, person, UpdatePerson(rank="III/d"))
    assert shelf.state(PEOPLE, person).profile.leave_until == day
    shelf.send(PEOPLE, person, UpdatePerson(status="active"))
    assert shelf.state(PEOPLE, person).profile.leave_until is None


def test_a_post_knows_who_holds_it() -> None:
    shelf = town()
    person = join(shelf)
    shelf.send(PEOPLE, person, UpdatePerson(status="retired"))
    assert [(e.present, e.holders) for e in shelf.of(PostOccupancyChanged)] == [(True, 1), (False, 0)]


def test_i1_a_structural_post_has_one_active_holder() -> None:
    shelf = town()
    first = join(shelf, code="head")
    assert refused(shelf, person_id("palu", OTHER), employee(nip=OTHER, code="head")) == "FORMASI_PENUH"
    shelf.send(PEOPLE, first, UpdatePerson(status="study"))
    second = join(shelf, nip=OTHER, code="head")
    assert shelf.state(PEOPLE, second).sole_seat == seat("setda", "head").post
    assert refused(shelf, first, UpdatePerson(status="active")) == "FORMASI_PENUH"


def test_a_number_and_a_login_belong_to_one_person() -> None:
    shelf = town()
    first, second = join(shelf), join(shelf, nip=OTHER)
    assert refused(shelf, second, UpdatePerson(nip=NIP)) == "NIP_TAKEN"
    shelf.send(PEOPLE, first, LinkAccount(login="rina"))
    assert refused(shelf, second, LinkAccount(login="rina")) == "LOGIN_TAKEN"
    assert refused(shelf, first, LinkAccount(login="rina2")) == "ALREADY_LINKED"
    shelf.send(PEOPLE, first, LinkAccount(login="rina"))
    assert len(shelf.of(AccountLinked)) == 1


def test_the_refusals_of_a_registration() -> None:
    shelf = town()
    new = person_id("palu", NIP)
    assert refused(shelf, new, employee(rank="IX")) == "RANK_OF_OTHER_SCALE"
    assert refused(shelf, new, employee(employment="PPPK")) == "RANK_OF_OTHER_SCALE"
    assert refused(shelf, new, employee(post_since=date(2026, 11, 23))) == "DATE_IN_FUTURE"
    wrong = employee().model_copy(update={"unit": "disdukcapil"})
    assert refused(shelf, new, wrong) == "WRONG_UNIT"
    with pytest.raises(NotYet):
        shelf.send(PEOPLE, new, employee(code="nowhere"))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("rank", "V/a", "UNKNOWN_RANK"),
        ("education_level", "S-9", "UNKNOWN_EDUCATION"),
        ("performance", {"2025": "fine"}, "BAD_PERFORMANCE"),
        ("competences", {"integrity": 6}, "BAD_LEVEL"),
        ("birth_date", "19900314", "BAD_DATE"),
        ("birth_date", "2023-02-30", "BAD_DATE"),
        ("nip", "1990", "string_pattern_mismatch"),
    ],
)
def test_a_wrong_value_is_named(field: str, value: object, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        RegisterPerson.model_validate({**employee().model_dump(), field: value})
    assert (caught.value.errors()[0]["loc"][0], caught.value.errors()[0]["type"]) == (field, code)


def test_an_update_changes_only_what_it_names() -> None:
    shelf = town()
    person = join(shelf)
    before = shelf.state(PEOPLE, person).profile
    shelf.send(PEOPLE, person, UpdatePerson(under_process=True, rank="III/d"))
    after = shelf.state(PEOPLE, person).profile
    assert after == before.model_copy(update={"under_process": True, "rank": "III/d"})
    shelf.send(PEOPLE, person, UpdatePerson(under_process=None, rank=None))
    assert shelf.state(PEOPLE, person).profile.under_process is None
    assert shelf.state(PEOPLE, person).profile.rank == "III/d"
    assert refused(shelf, "nobody", UpdatePerson(rank="III/d")) == "UNKNOWN_PERSON"


def test_offices_begin_and_end() -> None:
    shelf = town()
    person = join(shelf)
    ppk = AssignOffice(office="ppk", agency="palu", since=date(2026, 1, 1))
    shelf.send(PEOPLE, person, ppk)
    shelf.send(PEOPLE, person, ppk)
    head = AssignOffice(office="unit_head", agency="palu", unit="setda", since=date(2026, 1, 1))
    shelf.send(PEOPLE, person, head)
    assert [len(event.offices) for event in shelf.of(OfficeAssigned)] == [1, 2]
    end = EndOffice(office="ppk", agency="palu", on=date(2026, 11, 1))
    shelf.send(PEOPLE, person, end)
    shelf.send(PEOPLE, person, end)
    assert [event.office.until for event in shelf.of(OfficeEnded)] == [date(2026, 11, 1)]
    again = EndOffice(office="ppk", agency="palu", on=date(2026, 12, 1))
    assert refused(shelf, person, again) == "OFFICE_NOT_HELD"
    late = AssignOffice(office="ppk", agency="palu", since=date(2026, 2, 1), until=date(2026, 2, 1))
    assert refused(shelf, person, late) == "BAD_PERIOD"
    assert refused(shelf, "nobody", ppk) == "UNKNOWN_PERSON"
    nowhere = AssignOffice(office="ppk", agency="palu", unit="x", since=date(2026, 1, 1))
    with pytest.raises(NotYet):
        shelf.send(PEOPLE, person, nowhere)


def test_the_program_of_an_agency_has_an_office_and_no_profile() -> None:
    shelf = town()
    program = system_id("palu")
    shelf.send(PEOPLE, program, AssignOffice(office="agency_system", agency="palu", since=date(2026, 1, 1)))
    shelf.send(PEOPLE, program, LinkAccount(login="palu-system"))
    assert shelf.state(PEOPLE, program).profile is None
    assert refused(shelf, program, UpdatePerson(status="retired")) == "UNKNOWN_PERSON"


@pytest.mark.parametrize("name", ["a.b", "$where", "", " x", "a\0b", "x" * 101])
def test_what_could_not_be_a_key_is_no_name_of_a_competence(name: str) -> None:
    with pytest.raises(ValidationError, match="BAD_COMPETENCE"):
        UpdatePerson(competences={name: 3})
