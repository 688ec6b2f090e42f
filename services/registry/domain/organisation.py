"""Agencies and posts: registered, and registered anew when the content differs. Pure.

A post of 0 seats is abolished. A post also counts its holders (bezetting), from the events of the people who come and
go, and knows what its vacancies promise.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from typing import Any

from pydantic import Field

from services.registry.domain.facts import UnitFact
from services.registry.domain.ids import Code, post_id, unit_id
from services.registry.domain.imported import UNDONE, Imported, UndoImport, batch_of, marked, must_be_undone
from services.registry.domain.promises import Promises, filled, promise, promised, shortages
from services.registry.domain.values import Kind, Name, Requirements, RetirementAge, Seats, ZoneName
from shared.contracts.imports import EmployeeWithdrawn, PostWithdrawn
from shared.contracts.overbooking import PostPromised, VacancyShort
from shared.contracts.registry import (
    AgencyRegistered,
    EmployeeMoved,
    EmployeeRegistered,
    PostOccupancyChanged,
    PostRegistered,
    PostRequirements,
    VacancyAmended,
    VacancyClosed,
    VacancyPublished,
)
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused, judged_on
from shared.kernel.post import PostKind, RetirementAgeUnknown, retirement_age

_GONE = ("retired", "dead")


class Agency(Frozen):
    """An agency (instansi)."""

    registered: AgencyRegistered | None = None


class Post(Frozen):
    """A post (jabatan); `present` hold it; `seen` tells as of which of a person's events that is known."""

    post: str
    registered: PostRegistered | None = None
    present: tuple[str, ...] = ()
    seen: Mapping[str, int] = {}
    imported: Imported[PostRegistered] | None = None
    promises: Promises = Field(default={})


class RegisterAgency(Command):
    """Let an agency be known."""

    agency: Code
    name: Name
    kind: Name
    province: Name
    zone: ZoneName


class RegisterPost(Command):
    """Let a post be known. A functional post must carry its own retirement age (BUP, full years)."""

    agency: Code
    unit: Code
    post: Code
    title: Name
    kind: Kind
    seats: Seats
    retirement_age: RetirementAge | None = None
    requirements: Requirements = PostRequirements()


class ImportPost(RegisterPost):
    """The same from a file."""

    batch: str


def _told(known: Event | None, event: Event) -> list[Event]:
    return [] if known == event else [event]


def _agency(state: Agency, message: Message, _facts: Facts) -> list[Event]:
    match message.body:
        case RegisterAgency() as command:
            return _told(state.registered, AgencyRegistered(**command.model_dump()))
    return []


def _post(state: Post, message: Message, facts: Facts) -> list[Event]:
    """What is said of the post, and which of its vacancies miss a seat by it."""
    events = _of_post(state, message, facts)
    after = reduce(_evolve_post, events, state)
    if after.registered is None or not events:
        return events
    return [*events, *shortages(state.post, after.promises, after.registered.seats, len(after.present))]


def _of_post(state: Post, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case RegisterPost() as command:
            event = _registered(command, message.time, facts)
            known = state.registered
            return _told(known and known.model_copy(update={"batch": event.batch}), event)
        case UndoImport() as command:
            return _undone(state) if must_be_undone(state.imported, command) else []
        case EmployeeRegistered(person=person, profile=profile) as event:
            here = profile.placement.post == state.post and profile.status not in _GONE
            vacancy = event.vacancy if here and isinstance(event, EmployeeMoved) else ""
            return _occupied(state, person, message.sequence, vacancy, here=here)
        case EmployeeWithdrawn(person=person):
            return _occupied(state, person, message.sequence, here=False)
        case VacancyPublished() | VacancyAmended() | VacancyClosed() as event:
            return promise(state.post, state.promises, event, message.sequence)
    return []


def _undone(state: Post) -> list[Event]:
    """What it was before the file, or gone. Raises Refused while somebody holds a post that would be gone."""
    if state.imported and state.imported.before:
        return [state.imported.before.model_copy(update={"batch": UNDONE})]
    if state.present:
        raise Refused("DECIDED_SINCE")
    agency = state.registered.agency if state.registered else ""
    return [PostWithdrawn(post=state.post, agency=agency)]


def _registered(command: RegisterPost, now: datetime, facts: Facts) -> PostRegistered:
    """The post as others may know it. Raises Refused, and NotYet while its unit is unknown."""
    unit = unit_id(command.agency, command.unit)
    if command.seats and not facts.need(UnitFact, unit).open_on(judged_on(now)):
        raise Refused("UNIT_ENDED", where="unit", status=422)
    kind = PostKind(command.kind)
    if kind.structural and command.seats > 1:
        raise Refused("STRUCTURAL_ONE_SEAT", where="seats", status=422)
    try:
        age = retirement_age(kind, command.retirement_age)
    except RetirementAgeUnknown:
        raise Refused("RETIREMENT_AGE_MISSING", where="retirement_age", status=422) from None
    return PostRegistered(
        post=post_id(command.agency, command.post),
        agency=command.agency,
        unit=unit,
        title=command.title,
        kind=command.kind,
        structural=kind.structural,
        seats=command.seats,
        retirement_age=age,
        requirements=command.requirements,
        batch=batch_of(command),
    )


def _occupied(state: Post, person: str, sequence: int, vacancy: str = "", *, here: bool) -> list[Event]:
    """Count the person in or out; an event that is not newer than what was counted says nothing."""
    if sequence <= state.seen.get(person, 0):
        return []
    if here == (person in state.present):
        return []
    holders = len({*state.present, person} if here else set(state.present) - {person})
    said = {"person": person, "present": here, "as_of": sequence, "holders": holders, "vacancy": vacancy}
    return [PostOccupancyChanged.model_validate({"post": state.post, **said})]


def _evolve_post(state: Post, event: Event) -> Post:
    match event:
        case PostRegistered():
            mark = marked(Imported[PostRegistered], state.imported, event, state.registered)
            return state.model_copy(update={"registered": event, "imported": mark})
        case PostWithdrawn():
            return state.model_copy(update={"registered": None, "imported": None})
        case PostOccupancyChanged(person=person, present=here):
            others = tuple(holder for holder in state.present if holder != person)
            seen = {**state.seen, person: event.as_of}
            now = {"present": (*others, person) if here else others, "seen": seen}
            return state.model_copy(update={**now, "promises": filled(state.promises, event.vacancy)})
        case PostPromised() | VacancyShort():
            return state.model_copy(update={"promises": promised(state.promises, event)})
    return state


def _evolve(state: Agency, event: Event) -> Agency:
    return state.model_copy(update={"registered": event})


def _answer(state: Agency) -> Mapping[str, Any]:
    return state.registered.model_dump(mode="json") if state.registered else {}


def _answer_post(state: Post) -> Mapping[str, Any]:
    known = state.registered.model_dump(mode="json") if state.registered else {}
    return {**known, "holders": len(state.present)}


AGENCIES: Decider[Agency] = Decider("agencies", Agency, lambda _id: Agency(), _agency, _evolve, answer=_answer)
POSTS: Decider[Post] = Decider(
    "posts",
    Post,
    lambda id: Post(post=id),
    _post,
    _evolve_post,
    answer=_answer_post,
    register=True,  # every holder is a source of its own
)
