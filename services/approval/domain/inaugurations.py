"""The inauguration (pelantikan) of whoever a decree moves: its day and place, set, moved and called off. Pure.

Its day is neither the decree's nor the effective date (domain D13), and it changes nothing about them. The office that
issued the decree sets it; what is revoked is not followed by any.
"""

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from services.approval.domain.decrees.acts import revocation_id
from services.approval.domain.decrees.signatory import signing
from services.approval.domain.facts import Agency, Decree, Revocation, Settled
from shared.contracts.approval import DecreeRevoked
from shared.contracts.inaugurations import InaugurationSet
from shared.kernel.calendar import Zone
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused

PREFIX = "pelantikan-"


class Inauguration(Frozen):
    """As it was last set; no day (`held_on`) before and after."""

    decree: str
    case: str = ""
    person: str = ""
    n: int = 0
    held_on: date | None = None
    place: str = ""


class SetInauguration(Command):
    """The day and the place, or another one; without a day it is called off."""

    held_on: date | None = None
    place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


def inauguration_of(decree: str) -> str:
    """Id of the inauguration that follows a decree; there is at most one."""
    return f"{PREFIX}{decree}"


def _decide(state: Inauguration, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case SetInauguration() as command:
            return _set(state, command, message, facts)
        case DecreeRevoked() if state.held_on is not None:
            return [_said(state)]
    return []


def _set(state: Inauguration, command: SetInauguration, message: Message, facts: Facts) -> list[Event]:
    """Raises Refused: NOT_FOUND, those of `signing`, ALREADY_REVOKED, INAUGURATION_PAST, PLACE_MISSING."""
    decree = state.decree
    facts.want((Decree, decree), (Revocation, decree), (Settled, revocation_id(decree)))
    found = facts.get(Decree, decree)
    if found is None:
        raise Refused("NOT_FOUND", status=404)
    today = message.time.astimezone(Zone[facts.need(Agency, found.issued.agency).zone].info).date()
    by = signing(message.actor, found.issued, today, facts)
    if facts.get(Revocation, decree) or facts.get(Settled, revocation_id(decree)):
        raise Refused("ALREADY_REVOKED", decree=decree)
    if command.held_on is not None and command.held_on < today:
        raise Refused("INAUGURATION_PAST", status=422, where="held_on")
    if command.held_on is not None and not command.place:
        raise Refused("PLACE_MISSING", status=422, where="place")
    place = command.place if command.held_on else ""
    if (command.held_on, place) == (state.held_on, state.place):
        return []
    about = state.model_copy(update=found.issued.model_dump(include={"case", "person"}))
    return [_said(about, held_on=command.held_on, place=place, by=by)]


def _said(state: Inauguration, held_on: date | None = None, place: str = "", by: str = "") -> InaugurationSet:
    return InaugurationSet(
        case=state.case, decree=state.decree, person=state.person, n=state.n + 1, held_on=held_on, place=place, by=by
    )


def _evolve(state: Inauguration, event: Event) -> Inauguration:
    if isinstance(event, InaugurationSet):
        return Inauguration.model_validate(event.model_dump())
    return state


INAUGURATIONS: Decider[Inauguration] = Decider(
    name="inaugurations",
    state=Inauguration,
    initial=lambda id: Inauguration(decree=id.removeprefix(PREFIX)),
    decide=_decide,
    evolve=_evolve,
    answer=lambda state: state.model_dump(mode="json", exclude={"case", "person"}),
)
