"""What a vacancy offers may be taken by a file or a smaller formasi: it is said, and said again when it is there."""

from datetime import date

from services.registry.domain import PEOPLE, VACANCIES
from services.registry.domain.changes import CancelVacancy
from services.registry.domain.ids import vacancy_id
from services.registry.domain.person import UpdatePerson
from services.registry.domain.vacancies import PublishVacancy
from shared.contracts.overbooking import PostPromised, VacancyShort
from tests.unit.registry.shelf import NIP, Shelf, decree, join, post, seat, town

ID = vacancy_id("palu", "1/2026")
OTHERS = ("198502022010011901", "198703032011012902")


def offering(quota: int = 2) -> Shelf:
    """Three empty seats, of which a vacancy offers some."""
    shelf = town()
    offer = {"agency": "palu", "post": seat("disdukcapil", "analyst").post, "quota": quota, "purpose": "antrean"}
    day = date(2026, 12, 31)
    shelf.send(VACANCIES, ID, PublishVacancy.model_validate({**offer, "closes_on": day, "reference": "1/2026"}))
    return shelf


def short(shelf: Shelf) -> list[int]:
    """What was said of missing seats."""
    return [event.short for event in shelf.of(VacancyShort)]


def test_a_file_that_takes_a_promised_seat_is_told_and_a_leaver_too() -> None:
    shelf = offering()
    join(shelf, unit="disdukcapil")
    assert short(shelf) == []
    taker = join(shelf, nip=OTHERS[0], unit="disdukcapil")
    join(shelf, nip=OTHERS[1], unit="disdukcapil")
    assert short(shelf) == [1, 2]
    shelf.send(PEOPLE, taker, UpdatePerson(status="retired"))
    assert short(shelf) == [1, 2, 1]
    assert shelf.of(VacancyShort)[-1].model_dump() == {
        "vacancy": ID,
        "post": seat("disdukcapil", "analyst").post,
        "short": 1,
        "seats": 3,
        "holders": 2,
    }


def test_fewer_approved_seats_are_the_same() -> None:
    shelf = offering()
    post(shelf, "disdukcapil", "analyst", kind="functional", seats=1, retirement_age=58)
    assert short(shelf) == [1]
    post(shelf, "disdukcapil", "analyst", kind="functional", seats=3, retirement_age=58)
    assert short(shelf) == [1, 0]


def test_who_comes_by_the_vacancy_takes_a_seat_that_was_meant_for_them() -> None:
    shelf = offering(quota=3)
    person = join(shelf)
    shelf.issued(decree(person, vacancy=ID, effective_on=date(2026, 12, 1)))
    shelf.advance(shelf.now.replace(month=12, day=2))
    assert shelf.state(PEOPLE, person).profile.placement == seat("disdukcapil", "analyst")
    assert short(shelf) == []


def test_a_cancelled_vacancy_misses_nothing() -> None:
    shelf = offering(quota=3)
    shelf.send(VACANCIES, ID, CancelVacancy(reason="anggaran"))
    join(shelf, nip=NIP, unit="disdukcapil")
    assert [event.quota for event in shelf.of(PostPromised)] == [3, 0]
    assert short(shelf) == []


def test_what_was_heard_before_is_not_said_again() -> None:
    shelf = offering()
    for nip in (NIP, *OTHERS):
        join(shelf, nip=nip, unit="disdukcapil")
    said = len(shelf.events)
    shelf.reread(0)
    assert len(shelf.events) == said
