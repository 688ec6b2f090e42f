"""What may be drafted and submitted, by whom, on which facts."""

from datetime import UTC, date, datetime

import pytest

from services.proposal.domain import Agency, Closure, Employee, Submit, Vacancy
from shared.contracts.registry import Placement
from shared.kernel.decider import Actor, NotYet, Office, Refused
from tests.unit.proposal.kit import HEAD, ORIGIN, RINA, TARGET, actor, bench, chain_returned, office, wish


def test_origin_and_target_are_looked_up() -> None:
    case = bench()
    case.tell(wish(origin={"agency": "x", "unit": "x", "post": "x"}), RINA)
    assert case.state.wanted.origin == ORIGIN
    assert case.state.wanted.target == TARGET
    assert not case.state.open, "a draft is not yet an open case"


def test_submission_takes_todays_facts() -> None:
    case = bench()
    case.tell(wish(), RINA)
    elsewhere = Placement(agency="palu", unit="dinkes", post="analis")
    case.facts[Employee.KIND, "p-rina"] = Employee(status="active", placement=elsewhere)
    case.tell(Submit(), RINA)
    assert case.state.wanted.origin == elsewhere


def test_a_submission_carries_the_agencys_day() -> None:
    case = bench()
    case.tell(wish(), RINA)
    (event,) = case.tell(Submit(), RINA, at=datetime(2026, 11, 23, 16, 30, tzinfo=UTC))
    assert event.model_dump()["submitted_on"] == date(2026, 11, 24), "half past midnight in WITA"


@pytest.mark.parametrize(
    ("who", "asked", "code"),
    [
        (Actor(login="nobody"), {}, "ACCOUNT_NOT_LINKED"),
        (HEAD, {"person": "p-rina"}, "NOT_YOURS"),
        (HEAD, {"initiative": "agency"}, "PERSON_MISSING"),
        (RINA, {"initiative": "agency", "person": "p-rina"}, "OFFICE_NEEDED"),
        (
            actor("x", office("unit_head", "dinkes")),
            {"initiative": "agency", "person": "p-rina"},
            "OFFICE_NEEDED",
        ),
        (
            actor("x", office("ppk", agency="sigi")),
            {"initiative": "agency", "person": "p-rina"},
            "OFFICE_NEEDED",
        ),
        (actor("x", office("bkn_liaison")), {"initiative": "agency", "person": "p-rina"}, "OFFICE_NEEDED"),
    ],
)
def test_who_may_propose(who: Actor, asked: dict[str, str], code: str) -> None:
    with pytest.raises(Refused, match=code):
        bench().tell(wish(**asked), who)


@pytest.mark.parametrize("held", [office("unit_head", "setda"), office("ppk")])
def test_an_office_proposes_without_consent(held: Office) -> None:
    case = bench()
    who = actor("p-head", held)
    case.tell(wish(initiative="agency", person="p-rina", consent=False), who)
    assert (case.state.status, case.state.by) == ("draft", "p-head")


def test_an_office_counts_on_its_days_only() -> None:
    ended = Office(office="ppk", agency="palu", since=date(2020, 1, 1), until=date(2026, 11, 23))
    with pytest.raises(Refused, match="OFFICE_NEEDED"):
        bench().tell(wish(initiative="agency", person="p-rina"), actor("p-old", ended))


def test_an_own_request_needs_consent() -> None:
    case = bench()
    case.tell(wish(consent=False), RINA)
    with pytest.raises(Refused, match="CONSENT_MISSING"):
        case.tell(Submit(), RINA)
    case.tell(Submit(consent=True), RINA)
    assert case.state.wanted.consent


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (Employee(status="retired", placement=ORIGIN), "USIA_BUP"),
        (Employee(status="dead", placement=ORIGIN), "STATUS_BUKAN_PNS"),
        (Employee(status="active", placement=TARGET), "OWN_SEAT"),
        (
            Employee(status="active", placement=ORIGIN.model_copy(update={"agency": "sigi"})),
            "NOT_OPEN_TO_OTHERS",
        ),
    ],
)
def test_facts_of_the_person(fact: Employee, code: str) -> None:
    case = bench()
    case.facts[Employee.KIND, "p-rina"] = fact
    case.facts[Agency.KIND, "sigi"] = Agency(zone="WITA")
    with pytest.raises(Refused, match=code):
        case.tell(wish(), RINA)


def test_who_applies_for_a_ranked_vacancy_waits_for_its_closing() -> None:
    case = bench()
    case.facts[Vacancy.KIND, "v-1"] = Vacancy(placement=TARGET, mode="ranked", closes_on=date(2026, 12, 31))
    case.tell(wish(), RINA)
    assert case.state.wanted.awaits_ranking


@pytest.mark.parametrize("missing", ["employee/p-rina", "vacancy/v-1", "agency/palu"])
def test_what_is_not_known_yet_is_waited_for(missing: str) -> None:
    case = bench()
    kind, _, id = missing.partition("/")
    del case.facts[kind, id]
    with pytest.raises(NotYet, match=missing):
        case.tell(wish(initiative="agency", person="p-rina"), HEAD)


def test_e02_the_last_day_ends_where_the_agency_is() -> None:
    """Case E02: 23:30 in the agency's own zone is in time, half an hour later is not."""
    evening, night = datetime(2026, 12, 31, 15, 30, tzinfo=UTC), datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    case = bench()
    case.tell(wish(), RINA, at=evening)
    with pytest.raises(Refused, match="VACANCY_CLOSED"):
        case.tell(Submit(), RINA, at=night)
    case.tell(Submit(), RINA, at=evening)


def test_who_was_in_time_may_mend_the_file_after_closing_but_not_after_a_cancellation() -> None:
    case = bench()
    case.tell(wish(), RINA)
    case.tell(Submit(), RINA)
    case.tell(chain_returned())
    case.facts[Closure.KIND, "v-1"] = Closure(cause="cancelled")
    with pytest.raises(Refused, match="VACANCY_CLOSED"):
        case.tell(Submit(), RINA)
    case.facts[Closure.KIND, "v-1"] = Closure(cause="date")
    case.tell(Submit(), RINA)
    assert case.state.attempt == 2


def test_closed_is_closed_for_newcomers() -> None:
    case = bench()
    case.facts[Closure.KIND, "v-1"] = Closure(cause="filled")
    with pytest.raises(Refused, match="VACANCY_CLOSED"):
        case.tell(wish(), RINA)
