"""Vacancies: published from the post, refused with all reasons, closed by date, cancelled, filled."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from services.registry.domain import PEOPLE, VACANCIES
from services.registry.domain.changes import AmendVacancy, CancelVacancy, CloseVacancy
from services.registry.domain.ids import vacancy_id
from services.registry.domain.person import UpdatePerson
from services.registry.domain.vacancies import OfferVacancy, PublishVacancy
from shared.contracts.offers import VacancyOfferRefused
from shared.contracts.registry import VacancyAmended, VacancyClosed, VacancyFilled, VacancyPublished
from shared.kernel.decider import Command, Refused
from tests.unit.registry.shelf import Shelf, decree, join, post, seat, town

ID = vacancy_id("palu", "1/2026")
NIPS = ("199003142014032912", "198502022010011901", "198703032011012902")


def wanted(**values: object) -> PublishVacancy:
    """A vacancy for two analysts."""
    whole: dict[str, object] = {
        "agency": "palu",
        "post": seat("disdukcapil", "analyst").post,
        "quota": 2,
        "closes_on": date(2026, 12, 31),
        "purpose": "shorten the queue",
        "reference": "1/2026",
    }
    return PublishVacancy.model_validate({**whole, **values})


def refused(shelf: Shelf, command: Command, id: str = ID) -> Refused:
    """How a command is refused."""
    with pytest.raises(Refused) as caught:
        shelf.send(VACANCIES, id, command)
    return caught.value


def test_a_vacancy_copies_what_the_post_demands() -> None:
    shelf = town()
    demands = {"rank_min": "III/c", "education_min": "S-1", "competences": {"integrity": 3}}
    post(shelf, "disdukcapil", "analyst", kind="functional", seats=3, retirement_age=58, requirements=demands)
    answer = shelf.send(VACANCIES, ID, wanted())
    said = shelf.of(VacancyPublished)[0]
    assert (said.requirements.rank_min, said.requirements.education_min) == ("III/c", "40")
    assert (said.placement, said.zone, said.structural) == (seat("disdukcapil", "analyst"), "WITA", False)
    assert (answer["open"], answer["filled"], dict(said.weights)) == (True, 0, {})


def test_the_same_reference_again() -> None:
    shelf = town()
    shelf.send(VACANCIES, ID, wanted())
    shelf.send(VACANCIES, ID, wanted())
    assert len(shelf.of(VacancyPublished)) == 1
    assert refused(shelf, wanted(quota=1)).code == "REFERENCE_REUSED"


@pytest.mark.parametrize(
    ("values", "code", "where"),
    [
        ({"post": "p:palu:none"}, "UNKNOWN_POST", "post"),
        ({"agency": "binjai"}, "UNKNOWN_AGENCY", "agency"),
        ({"quota": 4}, "QUOTA_ABOVE_FORMASI", "quota"),
        ({"closes_on": date(2026, 11, 21)}, "CLOSING_DATE_PAST", "closes_on"),
        ({"purpose": "  "}, "PURPOSE_MISSING", "purpose"),
    ],
)
def test_each_reason(values: dict[str, Any], code: str, where: str) -> None:
    found = refused(town(), wanted(**values))
    assert (found.code, found.where) == (code, where)


def test_a_post_of_another_agency() -> None:
    shelf = town()
    shelf.facts["agency", "binjai"] = shelf.facts["agency", "palu"]
    assert refused(shelf, wanted(agency="binjai")).code == "WRONG_AGENCY"


def test_all_reasons_are_told_at_once() -> None:
    found = refused(town(), wanted(purpose="", closes_on=date(2026, 1, 1), quota=9))
    assert found.values["reasons"] == [
        "purpose: PURPOSE_MISSING",
        "closes_on: CLOSING_DATE_PAST",
        "quota: QUOTA_ABOVE_FORMASI",
    ]


def test_holders_leave_fewer_seats_to_offer() -> None:
    shelf = town()
    person = join(shelf, unit="disdukcapil")
    assert refused(shelf, wanted(quota=3)).code == "QUOTA_ABOVE_FORMASI"
    shelf.send(PEOPLE, person, UpdatePerson(status="retired"))
    shelf.send(VACANCIES, ID, wanted(quota=3))


def test_today_still_counts_where_the_agency_is() -> None:
    shelf = town(datetime(2026, 11, 21, 16, 30, tzinfo=UTC))  # 00:30 WITA on the 22nd
    assert refused(shelf, wanted(closes_on=date(2026, 11, 21))).code == "CLOSING_DATE_PAST"
    shelf.send(VACANCIES, ID, wanted(closes_on=date(2026, 11, 22)))
    shelf.advance(datetime(2026, 11, 22, 15, 59, tzinfo=UTC))
    assert not shelf.of(VacancyClosed)
    shelf.advance(datetime(2026, 11, 22, 16, 0, tzinfo=UTC))
    assert shelf.of(VacancyClosed)[0].cause == "date"


def test_cancelling() -> None:
    shelf = town()
    assert refused(shelf, CancelVacancy(reason="budget")).code == "UNKNOWN_VACANCY"
    shelf.send(VACANCIES, ID, wanted())
    shelf.send(VACANCIES, ID, CancelVacancy(reason="budget"))
    shelf.send(VACANCIES, ID, CancelVacancy(reason="budget"))
    shelf.advance(datetime(2027, 6, 1, tzinfo=UTC))
    assert [(event.cause, event.reason) for event in shelf.of(VacancyClosed)] == [("cancelled", "budget")]


def test_what_is_closed_by_date_cannot_be_cancelled() -> None:
    shelf = town()
    shelf.send(VACANCIES, ID, wanted())
    shelf.advance(datetime(2027, 6, 1, tzinfo=UTC))
    assert refused(shelf, CancelVacancy(reason="budget")).code == "VACANCY_CLOSED"


def test_moves_fill_it_and_the_last_one_closes_it() -> None:
    shelf = town()
    shelf.send(VACANCIES, ID, wanted())
    for number, nip in enumerate(NIPS[:2]):
        shelf.issued(decree(join(shelf, nip=nip), f"d-{number}", vacancy=ID))
    shelf.advance(datetime(2026, 12, 2, tzinfo=UTC))
    assert [event.left for event in shelf.of(VacancyFilled)] == [1, 0]
    assert [event.cause for event in shelf.of(VacancyClosed)] == ["filled"]
    count = len(shelf.events)
    shelf.reread(0)
    assert len(shelf.events) == count


def test_a_move_after_the_closing_date_fills_and_does_not_close_again() -> None:
    shelf = town()
    shelf.send(VACANCIES, ID, wanted(quota=1, closes_on=date(2026, 11, 25)))
    shelf.issued(decree(join(shelf), vacancy=ID))
    shelf.advance(datetime(2026, 12, 2, tzinfo=UTC))
    assert [event.cause for event in shelf.of(VacancyClosed)] == ["date"]
    assert [event.left for event in shelf.of(VacancyFilled)] == [0]


@pytest.mark.parametrize("weights", [{"competence": 99}, {"beauty": 100}, {"competence": 120, "interest": -20}])
def test_weights_are_known_factors_that_make_a_hundred(weights: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match="BAD_WEIGHTS"):
        wanted(weights=weights)


def test_an_offer_is_published_or_refused_by_an_event() -> None:
    shelf = town()
    offer = OfferVacancy(agency="palu", offer="ce-1", vacancy=wanted(quota=9, purpose=""))
    for _ in range(2):
        shelf.send(VACANCIES, ID, offer)
    told = shelf.of(VacancyOfferRefused)
    assert [(reason.field, reason.code) for reason in told[0].reasons] == [
        ("purpose", "PURPOSE_MISSING"),
        ("quota", "QUOTA_ABOVE_FORMASI"),
    ]
    assert len(told) == 1
    assert all(reason.remedy["id"] and reason.remedy["en"] for reason in told[0].reasons)
    shelf.send(VACANCIES, ID, OfferVacancy(agency="palu", offer="ce-2", vacancy=wanted()))
    shelf.send(VACANCIES, ID, OfferVacancy(agency="palu", offer="ce-2", vacancy=wanted()))
    assert len(shelf.of(VacancyPublished)) == 1
    shelf.send(VACANCIES, ID, OfferVacancy(agency="palu", offer="ce-3", vacancy=wanted(quota=1)))
    assert shelf.of(VacancyOfferRefused)[1].reasons[0].code == "REFERENCE_REUSED"


def test_a_vacancy_is_amended_and_closes_on_the_new_day() -> None:
    shelf = town()
    shelf.send(VACANCIES, ID, wanted())
    change = AmendVacancy(quota=3, closes_on=date(2026, 12, 20), reason="satu kursi lagi")
    answer = shelf.send(VACANCIES, ID, change)
    assert (answer["quota"], answer["closes_on"], answer["purpose"]) == (3, "2026-12-20", "shorten the queue")
    (said,) = shelf.of(VacancyAmended)
    assert (said.placement, said.mode, said.reason) == (seat("disdukcapil", "analyst"), "first_come", "satu kursi lagi")
    shelf.send(VACANCIES, ID, change)
    assert len(shelf.of(VacancyAmended)) == 1
    shelf.advance(datetime(2026, 12, 20, 17, tzinfo=UTC))
    assert [event.cause for event in shelf.of(VacancyClosed)] == ["date"]
    assert refused(shelf, AmendVacancy(quota=1, reason="x")).code == "VACANCY_CLOSED"


@pytest.mark.parametrize(
    ("values", "code"),
    [({"quota": 4}, "QUOTA_ABOVE_FORMASI"), ({"closes_on": date(2026, 11, 21)}, "CLOSING_DATE_PAST")],
)
def test_an_amendment_is_judged_like_a_new_vacancy(values: dict[str, Any], code: str) -> None:
    shelf = town()
    shelf.send(VACANCIES, ID, wanted())
    assert refused(shelf, AmendVacancy.model_validate({**values, "reason": "x"})).code == code


def test_nobody_can_demand_what_the_post_does_not() -> None:
    shelf = town()
    shelf.send(VACANCIES, ID, wanted(requirements={"rank_min": "IV/e"}))
    change = {"requirements": {"rank_min": "IV/e"}, "purpose": "another", "reason": "x"}
    shelf.send(VACANCIES, ID, AmendVacancy.model_validate(change))
    state = shelf.state(VACANCIES, ID)
    assert (state.published.requirements.rank_min, state.published.purpose) == ("", "another")


def test_seats_that_are_filled_stay_given() -> None:
    shelf = town()
    shelf.send(VACANCIES, ID, wanted())
    rina = join(shelf)
    shelf.issued(decree(rina, vacancy=ID))
    shelf.advance(datetime(2026, 12, 3, tzinfo=UTC))
    assert refused(shelf, AmendVacancy(quota=1, reason="x")).code == "QUOTA_BELOW_FILLED"
    shelf.send(VACANCIES, ID, AmendVacancy(quota=3, reason="x"))
    assert shelf.state(VACANCIES, ID).published.quota == 3


def test_a_closed_vacancy_is_closed_like_one_whose_day_came() -> None:
    shelf = town()
    shelf.send(VACANCIES, ID, wanted())
    shelf.send(VACANCIES, ID, CloseVacancy(reason="cukup pelamar"))
    (said,) = shelf.of(VacancyClosed)
    assert (said.cause, said.reason) == ("date", "cukup pelamar")
    assert refused(shelf, CancelVacancy(reason="x")).code == "VACANCY_CLOSED"
    assert refused(shelf, CloseVacancy(reason="x"), id=vacancy_id("palu", "none")).code == "UNKNOWN_VACANCY"
