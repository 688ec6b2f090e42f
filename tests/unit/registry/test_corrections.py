"""Corrections of one's own record: asked, decided, seen by both; what they name is forgotten with the person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError

from services.registry.domain import PEOPLE
from services.registry.domain.correctable import choices, correctables
from services.registry.domain.corrections import (
    MOST_OPEN,
    AskCorrection,
    DecideCorrection,
    OfCorrection,
    RevealNumber,
    WithdrawCorrection,
)
from services.registry.domain.person import ForgetPerson, Person
from services.registry.policy import POLICY
from shared.contracts.corrections import (
    CorrectionAsked,
    CorrectionDelayed,
    CorrectionEscalated,
    CorrectionGranted,
    CorrectionRefused,
)
from shared.contracts.people import PersonForgotten, PersonParticulars
from shared.contracts.registry import EmployeeUpdated
from shared.kernel.decider import Actor, Event, Message, Office, Refused
from shared.runtime.service import Asked
from tests.unit.registry.shelf import NIP, NOW, Shelf, join, town

OFFICER = Actor(login="v", person="p-officer")
GOOD = {
    "name": ("", "Rina Lestari Putri"),
    "nip": ("", "199003142014032999"),
    "email": ("", "rina@baru.example"),
    "rank": ("2026-10-01", "III/d"),
    "education_level": ("", "S-2"),
    "education_field": ("", "public_administration"),
    "competence": ("integrity", "4"),
    "experience": ("civil_registration", "3"),
    "performance": ("2025", "good"),
    "training": ("", "Diklat GIS"),
    "interests": ("", "data, layanan publik"),
    "preferences": ("", "data"),
}
BAD = [
    ("unit", "", "disdik", "UNKNOWN_FIELD"),
    ("performance", "", "good", "ABOUT_MISSING"),
    ("performance", "2025", "splendid", "BAD_PERFORMANCE"),
    ("performance", "soon", "good", "BAD_PERFORMANCE"),
    ("competence", "integrity", "9", "BAD_LEVEL"),
    ("competence", "integrity", "high", "NOT_A_NUMBER"),
    ("experience", "law", "-1", "BAD_YEARS"),
    ("experience", "law", "61", "BAD_YEARS"),
    ("rank", "", "V/a", "UNKNOWN_RANK"),
    ("rank", "soon", "III/d", "BAD_DATE"),
    ("rank", "", "IX", "RANK_OF_OTHER_SCALE"),
    ("education_level", "", "S-9", "UNKNOWN_EDUCATION"),
    ("nip", "", "123", "BAD_FORM"),
    ("name", "", "Rina Lestari", "ALREADY_SO"),
]


def send(shelf: Shelf, person: str, command: OfCorrection, actor: Actor | None = None) -> list[Event]:
    """Run it as somebody."""
    return shelf.decide(PEOPLE, person, Message(body=command, id=uuid4().hex, time=shelf.now, actor=actor))


def ask(shelf: Shelf, person: str, field: str, about: str = "", value: str = "x") -> str:
    """Its id."""
    id = f"k-{uuid4().hex[:8]}"
    command = AskCorrection(correction=id, field=field, about=about, value=value, reason="Salah catat")
    send(shelf, person, command, Actor(login="r", person=person))
    return id


def answer(id: str, *, granted: bool, reason: str = "Sesuai bukti") -> DecideCorrection:
    """The officer's."""
    return DecideCorrection(correction=id, granted=granted, reason=reason, rule="PermenPANRB 6/2022")


def code(shelf: Shelf, person: str, command: OfCorrection, actor: Actor = OFFICER) -> str:
    """What it is refused with."""
    with pytest.raises(Refused) as caught:
        send(shelf, person, command, actor)
    return caught.value.code


def state(shelf: Shelf, person: str) -> Person:
    """As it stands."""
    found: Person = shelf.state(PEOPLE, person)
    return found


def test_every_field_has_its_case() -> None:
    assert set(GOOD) == {one.field for one in correctables()}


@pytest.mark.parametrize("field", GOOD)
def test_what_is_granted_is_what_the_record_says(field: str) -> None:
    shelf = town()
    person = join(shelf)
    about, value = GOOD[field]
    id = ask(shelf, person, field, about, value)
    said = send(shelf, person, answer(id, granted=True), OFFICER)
    changed = said[0]
    assert isinstance(changed, PersonParticulars if field in ("name", "nip", "email") else EmployeeUpdated)
    (done,) = state(shelf, person).corrections
    assert (done.status, done.by, done.rule) == ("granted", OFFICER.person, "PermenPANRB 6/2022")
    with pytest.raises(Refused, match="ALREADY_SO"):
        ask(shelf, person, field, about, value)


def test_a_corrected_number_is_still_found_and_a_corrected_rank_is_history() -> None:
    shelf = town()
    person = join(shelf)
    for field in ("nip", "rank"):
        about, value = GOOD[field]
        send(shelf, person, answer(ask(shelf, person, field, about, value), granted=True), OFFICER)
    after = state(shelf, person)
    assert (after.nip, after.former) == ("199003142014032999", (NIP,))
    assert [(one.rank, str(one.since)) for one in after.ranks] == [("III/c", "None"), ("III/d", "2026-10-01")]


@pytest.mark.parametrize(("field", "about", "value", "expected"), BAD)
def test_what_no_record_can_say_is_refused_at_once(field: str, about: str, value: str, expected: str) -> None:
    shelf = town()
    person = join(shelf)
    with pytest.raises(Refused) as caught:
        ask(shelf, person, field, about, value)
    assert caught.value.code == expected
    assert state(shelf, person).corrections == ()


@pytest.mark.parametrize("about", ["a.b", "$where", "a\0b", "x" * 101, "-"])
def test_what_could_not_be_a_key_is_no_name_of_a_competence(about: str) -> None:
    with pytest.raises(ValidationError):
        AskCorrection(correction="k", field="competence", about=about, value="3", reason="r")


def test_a_number_that_another_person_has_is_not_granted() -> None:
    shelf = town()
    person, other = join(shelf), "199104152015022901"
    join(shelf, other)
    id = ask(shelf, person, "nip", value=other)
    assert code(shelf, person, answer(id, granted=True)) == "NIP_TAKEN"
    assert state(shelf, person).corrections[0].status == "open"


def test_the_wish_travels_with_the_particulars_alone_and_goes_with_them() -> None:
    shelf = town()
    person = join(shelf)
    id = ask(shelf, person, "name", value="Rahasia Lestari")
    (asked,) = shelf.of(CorrectionAsked)
    assert "Rahasia" not in asked.model_dump_json()
    assert shelf.of(PersonParticulars)[-1].wishes[id].was == "Rina Lestari"
    assert shelf.of(PersonParticulars)[-1].version == 1
    assert timedelta(days=10) < asked.due - NOW < timedelta(days=20)
    assert code(shelf, person, answer(id, granted=False, reason="Bukan Rina Lestari")) == "REASON_NAMES_PERSON"
    send(shelf, person, answer(id, granted=False, reason="Akta tidak sesuai"), OFFICER)
    assert [one.reason for one in shelf.of(CorrectionRefused)] == ["Akta tidak sesuai"]
    assert shelf.of(CorrectionGranted) == []
    shelf.send(PEOPLE, person, ForgetPerson(reason="Masa simpan berakhir"))
    assert "Rahasia" not in state(shelf, person).model_dump_json()
    assert len(shelf.of(PersonForgotten)) == 1
    with pytest.raises(Refused, match="PERSON_FORGOTTEN"):
        ask(shelf, person, "rank", value="III/d")


def test_one_request_per_field_until_it_is_answered_or_taken_back() -> None:
    shelf = town()
    person = join(shelf)
    first = ask(shelf, person, "performance", "2025", "good")
    ask(shelf, person, "performance", "2024", "good")
    with pytest.raises(Refused, match="CORRECTION_OPEN"):
        ask(shelf, person, "performance", "2025", "very_good")
    send(shelf, person, WithdrawCorrection(correction=first))
    ask(shelf, person, "performance", "2025", "very_good")
    assert code(shelf, person, answer(first, granted=True)) == "CORRECTION_DECIDED"
    assert code(shelf, person, WithdrawCorrection(correction="k-none")) == "UNKNOWN_CORRECTION"
    assert [one.status for one in state(shelf, person).corrections] == ["withdrawn", "open", "open"]
    for year in range(2000, 2000 + MOST_OPEN - 2):
        ask(shelf, person, "performance", str(year), "good")
    with pytest.raises(Refused, match="TOO_MANY_CORRECTIONS"):
        ask(shelf, person, "rank", value="III/d")


def test_a_request_that_nobody_answers_is_told_to_the_superior_office_until_somebody_does() -> None:
    shelf = town()
    person = join(shelf)
    id = ask(shelf, person, "performance", "2025", "good")
    due = state(shelf, person).corrections[0].due
    shelf.advance(due - timedelta(minutes=1))
    assert shelf.of(CorrectionEscalated) == []
    shelf.advance(due)
    (first,) = shelf.of(CorrectionEscalated)
    assert (first.office, first.superior, first.correction, first.late) == ("personnel_verifier", "ppk", id, due)
    assert timedelta(days=5) <= first.until - due <= timedelta(days=14)
    shelf.advance(first.until)
    assert [one.late for one in shelf.of(CorrectionEscalated)] == [due, first.until]
    assert [one.correction for one in shelf.of(CorrectionDelayed)] == [id]  # the person hears it once
    send(shelf, person, answer(id, granted=True), OFFICER)
    shelf.advance(shelf.now + timedelta(days=60))
    assert len(shelf.of(CorrectionEscalated)) == 2


@pytest.mark.parametrize("end", ["withdrawn", "forgotten"])
def test_what_nobody_waits_for_any_more_is_not_told(end: str) -> None:
    shelf = town()
    person = join(shelf)
    id = ask(shelf, person, "performance", "2025", "good")
    if end == "withdrawn":
        send(shelf, person, WithdrawCorrection(correction=id))
    else:
        shelf.send(PEOPLE, person, ForgetPerson(reason="Masa simpan berakhir"))
    shelf.advance(shelf.now + timedelta(days=60))
    assert shelf.of(CorrectionEscalated) == []


def test_each_look_at_the_number_is_kept_with_its_reason() -> None:
    shelf = town()
    person = join(shelf)
    assert code(shelf, person, RevealNumber()) == "REASON_MISSING"
    send(shelf, person, RevealNumber(reason="Verifikasi"), OFFICER)
    send(shelf, person, RevealNumber(), Actor(login="r", person=person))
    looks = [(one.by, one.reason) for one in state(shelf, person).reveals]
    assert looks == [(OFFICER.person, "Verifikasi"), (person, "")]


def test_who_decides_and_who_asks() -> None:
    shelf = town()
    person = state(shelf, join(shelf))
    held = Office(office="personnel_verifier", agency="palu", since=NOW.date())
    elsewhere = held.model_copy(update={"agency": "binjai"})
    for who, offices, may in (
        ("p-officer", (held,), True),
        ("p-officer", (elsewhere,), False),
        ("p-officer", (), False),
        (person.person, (held,), False),  # I9
    ):
        actor = Actor(login="x", person=who, offices=offices)
        for route in ("correction.grant", "correction.refuse"):
            assert POLICY[route](Asked(actor, NOW.date(), person, answer("k", granted=True))) is may
        own = who == person.person
        assert POLICY["correction.withdraw"](Asked(actor, NOW.date(), person)) is own


def test_the_choices_are_those_of_the_own_scale() -> None:
    assert "IX" in choices("rank", "PPPK")
    assert "III/c" in choices("rank", "PNS")
    assert list(choices("competence", "PNS")) == ["1", "2", "3", "4", "5"]
    assert choices("name", "PNS") == {}
