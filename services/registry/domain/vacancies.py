"""Vacancies: published from a post's own data, closed by date, cancelled or filled. Pure."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, StringConstraints

from services.registry.domain.changes import (
    AmendVacancy,
    AskChange,
    CancelVacancy,
    ChangeVacancy,
    CloseVacancy,
    Faulty,
    found_in,
)
from services.registry.domain.facts import AgencyFact, OccupancyFact, PostFact, UnitFact
from services.registry.domain.ids import Code
from services.registry.domain.offers import reasons_of
from services.registry.domain.values import Day, Quota, Weights
from shared.contracts.offers import VacancyOfferRefused
from shared.contracts.registry import (
    EmployeeMoved,
    Placement,
    VacancyAmended,
    VacancyClosed,
    VacancyFilled,
    VacancyPublished,
)
from shared.kernel.calendar import Zone
from shared.kernel.decider import (
    Command,
    Decider,
    Event,
    Facts,
    Frozen,
    Message,
    Refused,
    Timer,
    TimerDue,
    judged_on,
)
from shared.kernel.move import MoveKind

_OFFERS_KEPT = 64
Reference = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Mode = Literal["first_come", "ranked"]
Admits = Annotated[tuple[MoveKind, ...], Field(min_length=1, max_length=len(get_args(MoveKind)))]


class Vacancy(Frozen):
    """A vacancy; `cause` tells why it is closed, `filled` the cases with a seat, `offers` those refused."""

    vacancy: str
    published: VacancyPublished | None = None
    open: bool = False
    cause: str = ""
    filled: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


class PublishVacancy(Command):
    """Open seats of a post until the end of the closing date, local time; own weights are optional."""

    agency: Code
    post: str
    quota: Quota
    closes_on: Day
    purpose: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    mode: Mode = "first_come"
    weights: Weights = Field(default={})
    aim: Literal["need", "development"] = "need"
    admits: Admits = ("one_agency",)
    reference: Reference = ""


class OfferVacancy(Command):
    """The same from an agency's own system: answered by an event, never refused to its face."""

    agency: Code
    offer: str
    vacancy: PublishVacancy


def faults(wanted: PublishVacancy, facts: Facts, now: datetime) -> list[tuple[str, str]]:
    """Everything that is wrong with a vacancy, as (field, code)."""
    facts.want((AgencyFact, wanted.agency), (PostFact, wanted.post), (OccupancyFact, wanted.post))
    agency, post = facts.get(AgencyFact, wanted.agency), facts.get(PostFact, wanted.post)
    found = [] if wanted.purpose else [("purpose", "PURPOSE_MISSING")]
    if agency is None:
        found.append(("agency", "UNKNOWN_AGENCY"))
    elif wanted.closes_on < now.astimezone(Zone[agency.zone].info).date():
        found.append(("closes_on", "CLOSING_DATE_PAST"))
    if post is None:
        found.append(("post", "UNKNOWN_POST"))
    elif post.agency != wanted.agency:
        found.append(("post", "WRONG_AGENCY"))
    elif not facts.need(UnitFact, post.unit).open_on(judged_on(now)):
        found.append(("post", "UNIT_ENDED"))
    elif wanted.quota > free_seats(post, facts):
        found.append(("quota", "QUOTA_ABOVE_FORMASI"))
    return found


def free_seats(post: PostFact, facts: Facts) -> int:
    """Approved seats (formasi) that nobody holds; below zero where there are more holders than seats."""
    occupancy = facts.get(OccupancyFact, post.post)
    return post.seats - (occupancy.holders if occupancy else 0)


def _decide(state: Vacancy, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case PublishVacancy() as command:
            return _publish(state, command, facts, message.time)
        case OfferVacancy() as command:
            return _offer(state, command, facts, message.time)
        case AmendVacancy() | CloseVacancy() | CancelVacancy() | AskChange() as command:
            return _changed(state, command, facts, message.time)
        case EmployeeMoved() as event:
            return _fill(state, event)
        case TimerDue():
            return [_closed(state, "date")]
    return []


def _publish(state: Vacancy, command: PublishVacancy, facts: Facts, now: datetime) -> list[Event]:
    if state.published:
        if _same(state.published, command):
            return []
        raise Refused("REFERENCE_REUSED", where="reference")
    found = faults(command, facts, now)
    if found:
        raise Faulty(found, status=404 if found[0][1] == "UNKNOWN_POST" else 422)
    return [_published(state.vacancy, command, facts)]


def _offer(state: Vacancy, command: OfferVacancy, facts: Facts, now: datetime) -> list[Event]:
    wanted = command.vacancy
    if command.offer in state.offers or (state.published and _same(state.published, wanted)):
        return []
    found = [("reference", "REFERENCE_REUSED")] if state.published else faults(wanted, facts, now)
    if not found:
        return [_published(state.vacancy, wanted, facts)]
    return [
        VacancyOfferRefused(
            agency=wanted.agency, offer=command.offer, reference=wanted.reference, reasons=reasons_of(found)
        )
    ]


def _published(vacancy: str, command: PublishVacancy, facts: Facts) -> VacancyPublished:
    """The event, with what the post demands copied: the post may change later, the vacancy not."""
    agency, post = facts.need(AgencyFact, command.agency), facts.need(PostFact, command.post)
    return VacancyPublished(
        vacancy=vacancy,
        reference=command.reference,
        placement=Placement(agency=post.agency, unit=post.unit, post=post.post),
        post_title=post.title,
        post_kind=post.kind,
        structural=post.structural,
        requirements=post.requirements,
        quota=command.quota,
        mode=command.mode,
        closes_on=command.closes_on,
        purpose=command.purpose,
        weights=command.weights,
        retirement_age=post.retirement_age,
        zone=agency.zone,
        aim=command.aim,
        admits=command.admits,
    )


def _same(published: VacancyPublished, command: PublishVacancy) -> bool:
    """True when the command asks for what is published."""
    asked = command.model_dump(exclude={"agency", "post"})
    known = published.model_dump(include=set(asked))
    where = (published.placement.agency, published.placement.post) == (command.agency, command.post)
    return where and asked == known


def _asked(state: Vacancy, command: AskChange, facts: Facts, now: datetime) -> list[Event]:
    """As by hand, and what is refused is told, all of it."""
    if command.offer in state.offers:
        return []
    try:
        return _changed(state, command.change, facts, now)
    except Refused as refusal:
        said = {"agency": command.agency, "offer": command.offer, "reference": command.reference}
        return [VacancyOfferRefused.model_validate({**said, "reasons": reasons_of(found_in(refusal))})]


def _changed(state: Vacancy, command: ChangeVacancy | AskChange, facts: Facts, now: datetime) -> list[Event]:
    if isinstance(command, AskChange):
        return _asked(state, command, facts, now)
    if state.published is None:
        raise Refused("UNKNOWN_VACANCY", status=404)
    if _stands(state, state.published, command):
        return []
    if not state.open:
        raise Refused("VACANCY_CLOSED")
    match command:
        case AmendVacancy():
            return _amend(state, state.published, command, facts, now)
        case CloseVacancy():
            return [_closed(state, "date", command.reason)]
    return [_closed(state, "cancelled", command.reason)]


def _stands(state: Vacancy, published: VacancyPublished, command: ChangeVacancy) -> bool:
    """Whether it already is as wanted, so that a file that comes again says nothing."""
    match command:
        case AmendVacancy():
            return _wanted(published, command) == _offered(published)
        case CloseVacancy():
            return state.cause == "date"
    return state.cause == "cancelled"


def _offered(published: VacancyPublished) -> dict[str, Any]:
    """What may be amended of it."""
    return published.model_dump(include={"quota", "closes_on", "purpose"})


def _wanted(published: VacancyPublished, command: AmendVacancy) -> dict[str, Any]:
    """The same after the amendment."""
    return {**_offered(published), **command.model_dump(exclude_none=True, exclude={"reason"})}


def _closed(state: Vacancy, cause: Literal["date", "cancelled", "filled"], reason: str = "") -> VacancyClosed:
    post = state.published.placement.post if state.published else ""
    return VacancyClosed(vacancy=state.vacancy, cause=cause, reason=reason, post=post)


def _amend(
    state: Vacancy, published: VacancyPublished, command: AmendVacancy, facts: Facts, now: datetime
) -> list[Event]:
    """Judged like a new vacancy for the seats that are not filled yet. Raises Refused."""
    wanted = _wanted(published, command)
    left = wanted["quota"] - len(state.filled)
    if left < 1:
        raise Refused("QUOTA_BELOW_FILLED", where="quota", status=422, filled=len(state.filled))
    about = {"agency": published.placement.agency, "post": published.placement.post}
    if found := faults(PublishVacancy.model_validate({**about, **wanted, "quota": left}), facts, now):
        raise Faulty(found)
    stays = {"placement": published.placement, "mode": published.mode, "admits": published.admits}
    return [VacancyAmended.model_validate({**wanted, **stays, "vacancy": state.vacancy, "reason": command.reason})]


def _fill(state: Vacancy, event: EmployeeMoved) -> list[Event]:
    if state.published is None or event.case in state.filled:
        return []
    left = max(0, state.published.quota - len(state.filled) - 1)
    events: list[Event] = [VacancyFilled(vacancy=state.vacancy, case=event.case, left=left)]
    if left == 0 and state.open:
        events.append(_closed(state, "filled"))
    return events


def _evolve(state: Vacancy, event: Event) -> Vacancy:
    match event:
        case VacancyPublished():
            return state.model_copy(update={"published": event, "open": True})
        case VacancyAmended() if state.published:
            now = event.model_dump(include={"quota", "closes_on", "purpose"})
            return state.model_copy(update={"published": state.published.model_copy(update=now)})
        case VacancyFilled():
            return state.model_copy(update={"filled": (*state.filled, event.case)})
        case VacancyClosed():
            return state.model_copy(update={"open": False, "cause": event.cause})
        case VacancyOfferRefused():
            return state.model_copy(update={"offers": (*state.offers, event.offer)[-_OFFERS_KEPT:]})
    return state


def _timers(state: Vacancy) -> tuple[Timer, ...]:
    """Midnight after the closing date, so that the whole of that day counts where the agency is."""
    if state.published is None or not state.open:
        return ()
    zone = Zone[state.published.zone].info
    end = datetime.combine(state.published.closes_on + timedelta(days=1), time(), zone)
    return (Timer(f"closing:{state.published.closes_on}", end, "closing"),)


def _answer(state: Vacancy) -> Mapping[str, Any]:
    known = state.published.model_dump(mode="json") if state.published else {}
    return {**known, "open": state.open, "cause": state.cause, "filled": len(state.filled)}


VACANCIES: Decider[Vacancy] = Decider(
    "vacancies",
    Vacancy,
    lambda id: Vacancy(vacancy=id),
    _decide,
    _evolve,
    timers=_timers,
    answer=_answer,
    register=True,  # everyone who moves into a seat is a source of their own
)
