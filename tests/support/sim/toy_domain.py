"""A transfer in miniature, with each trait of the real one: an arbiter, registers, late facts, timers, an effect.

The planted bugs live here, so that they do not change with the services.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

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
)
from tests.support.sim.toy_events import (
    CaseApproved,
    CaseEnded,
    CaseNoted,
    CaseSubmitted,
    DecreeIssued,
    FileDecided,
    Level,
    PersonChanged,
    PostOpened,
    SeatGranted,
    SeatRefused,
    Status,
)

TERM = timedelta(days=30)


# -- people and posts -----------------------------------------------------------------------------------------------


class Person(Frozen):
    """A person, or a post."""

    id: str
    level: int = 0


class SetLevel(Command):
    """Change a person's level."""

    level: int


class OpenPost(Command):
    """Open a post."""

    quota: int


def _person_decide(state: Person, message: Message, _facts: Facts) -> list[Event]:
    match message.body:
        case SetLevel(level=level):
            return [PersonChanged(person=state.id, level=level)]
        case OpenPost(quota=quota):
            return [PostOpened(post=state.id, quota=quota)]
    return []


def _person_evolve(state: Person, event: Event) -> Person:
    level = event.level if isinstance(event, PersonChanged) else 0
    return state.model_copy(update={"level": level})


PERSONS = Decider("persons", Person, lambda id: Person(id=id), _person_decide, _person_evolve)


# -- the case, which alone says whether it is alive -----------------------------------------------------------------


class Case(Frozen):
    """A case, open from its submission to its end."""

    case: str
    open: bool = False
    person: str = ""
    post: str = ""
    status: Status = ""
    seat: bool = False
    granted: bool = False
    until: datetime | None = None


class Submit(Command):
    """Open the case."""

    person: str
    post: str


class Withdraw(Command):
    """Take it back."""


def _of(state: Case) -> dict[str, str]:
    return {"case": state.case, "person": state.person, "post": state.post}


def _case_decide(state: Case, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case Submit() as body:
            if state.status:
                raise Refused("SUBMITTED")
            facts.need(Level, body.person)
            until = message.time + TERM
            return [CaseSubmitted(case=state.case, person=body.person, post=body.post, until=until)]
        case Withdraw():
            if state.status != "submitted":
                raise Refused("TOO_LATE")
            return [CaseEnded(**_of(state), status="withdrawn")]
        case DecreeIssued():
            return [CaseEnded(**_of(state), status="completed")]
        case TimerDue():
            return [CaseEnded(**_of(state), status="expired")]
    return _answered(state, message.body) if state.status == "submitted" else []


def _answered(state: Case, body: Frozen) -> list[Event]:
    """Both answers make an approval; a late one of a case that is over is already answered by its end."""
    match body:
        case SeatGranted() | FileDecided(granted=True):
            part: Literal["seat", "granted"] = "seat" if isinstance(body, SeatGranted) else "granted"
            both = state.granted if part == "seat" else state.seat
            noted: list[Event] = [CaseNoted(**_of(state), part=part)]
            return [*noted, CaseApproved(**_of(state))] if both else noted
        case SeatRefused() | FileDecided(granted=False):
            return [CaseEnded(**_of(state), status="refused")]
    return []


def _case_evolve(state: Case, event: Event) -> Case:
    match event:
        case CaseSubmitted():
            return state.model_copy(update={**dict(event), "open": True, "status": "submitted"})
        case CaseNoted():
            return state.model_copy(update={event.part: True})
        case CaseApproved():
            return state.model_copy(update={"status": "approved"})
        case CaseEnded():
            return state.model_copy(update={"open": False, "status": event.status})
    return state


def _case_timers(state: Case) -> tuple[Timer, ...]:
    return (Timer("expiry", state.until, "expiry"),) if state.status == "submitted" and state.until else ()


def _case_conflict(_state: Case, _message: Message, _index: str) -> list[Event]:
    raise Refused("ANOTHER_OPEN")


def _case_answer(state: Case) -> Mapping[str, Any]:
    return {"status": state.status}


CASES = Decider(
    "cases",
    Case,
    lambda id: Case(case=id),
    _case_decide,
    _case_evolve,
    timers=_case_timers,
    conflict=_case_conflict,
    answer=_case_answer,
)
