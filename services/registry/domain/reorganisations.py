"""A reorganisation (K8): one list, one approval, one decree event; then each moves on their own. Pure.

Nobody's move waits for another's: a unit that is dissolved cannot stay because one of its people could not move.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from services.registry.domain.ids import Code
from shared.contracts.approval import DecreeWithheld
from shared.contracts.registry import EmployeeMoved, EmployeeMoveRefused, Placement
from shared.contracts.reorganisations import (
    ReorganisationApproved,
    ReorganisationCompleted,
    ReorganisationNoted,
    ReorganisationProposed,
    ReorganisationRefused,
    Resettled,
)
from shared.contracts.rosters import RosterApproved, RosterRefused
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused

PREFIX = "r-"
MOST = 500
"""People on one list: its document and its decree event stay far below what database and broker take."""
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Told = EmployeeMoved | EmployeeMoveRefused | DecreeWithheld


def reorganisation_of(case: str) -> str:
    """Id of the list that a case is of, "" for any other case."""
    return case.rpartition("-")[0] if case.startswith(PREFIX) else ""


class Seat(Frozen):
    """Who goes from where to where."""

    person: str
    origin: Placement
    target: Placement


class About(Command):
    """Which units change, by which regulation, what for and with which expected result (B08, J08)."""

    agency: Code
    units: Annotated[tuple[Code, ...], Field(min_length=1, max_length=100)]
    number: Words
    dated: date
    issuer: Words
    purpose: Words
    expected_result: Words


class ProposeReorganisation(About):
    """The list as it was read and checked."""

    seats: Annotated[tuple[Seat, ...], Field(min_length=1, max_length=MOST)]


class Reorganisation(Frozen):
    """Where the list stands; `done` says of each case what came of it, "" for moved."""

    reorganisation: str
    status: Literal["new", "proposed", "approved", "refused", "completed"] = "new"
    agency: str = ""
    units: tuple[str, ...] = ()
    by: str = ""
    purpose: str = ""
    expected_result: str = ""
    moves: tuple[Resettled, ...] = ()
    code: str = ""
    reason: str = ""
    done: Mapping[str, str] = {}


def _decide(state: Reorganisation, message: Message, _facts: Facts) -> list[Event]:
    match message.body:
        case ProposeReorganisation() as command:
            return [_proposed(state, command, message)]
        case RosterApproved() as event if state.status == "proposed":
            said = event.model_dump(include={"office", "by", "consented"})
            about = state.model_dump(include=set(ReorganisationApproved.model_fields) - {"by"})
            return [ReorganisationApproved.model_validate({**about, **said})]
        case RosterRefused() as event if state.status == "proposed":
            return [ReorganisationRefused(reorganisation=state.reorganisation, code=event.code, reason=event.reason)]
        case EmployeeMoved() | EmployeeMoveRefused() | DecreeWithheld() as event:
            return _noted(state, event)
    return []


def _proposed(state: Reorganisation, command: ProposeReorganisation, message: Message) -> ReorganisationProposed:
    """Raises Refused REORGANISATION_STATE."""
    if state.status != "new":
        raise Refused("REORGANISATION_STATE", status_now=state.status)
    moves = tuple(
        Resettled(case=f"{state.reorganisation}-{n}", **seat.model_dump()) for n, seat in enumerate(command.seats, 1)
    )
    about = {**command.model_dump(exclude={"seats"}), "reorganisation": state.reorganisation, "moves": moves}
    return ReorganisationProposed.model_validate({**about, "by": message.actor.person if message.actor else ""})


def _noted(state: Reorganisation, event: Told) -> list[Event]:
    """One was settled; the last one completes it. Said again it changes nothing."""
    known = any(move.case == event.case for move in state.moves)
    if not known or state.status != "approved" or event.case in state.done:
        return []
    code = "" if isinstance(event, EmployeeMoved) else event.code
    noted = ReorganisationNoted(reorganisation=state.reorganisation, case=event.case, code=code)
    done = _evolve(state, noted).done
    if len(done) < len(state.moves):
        return [noted]
    moved = sum(not code for code in done.values())
    left = len(done) - moved
    return [noted, ReorganisationCompleted(reorganisation=state.reorganisation, moved=moved, left=left)]


def _evolve(state: Reorganisation, event: Event) -> Reorganisation:
    return state.model_copy(update=_changes(state, event))


def _changes(state: Reorganisation, event: Event) -> dict[str, Any]:
    match event:
        case ReorganisationProposed():
            kept = ("agency", "units", "by", "purpose", "expected_result", "moves")
            return {"status": "proposed", **{name: getattr(event, name) for name in kept}}
        case ReorganisationApproved():
            return {"status": "approved"}
        case ReorganisationRefused():
            return {"status": "refused", "code": event.code, "reason": event.reason}
        case ReorganisationNoted():
            return {"done": {**state.done, event.case: event.code}}
        case ReorganisationCompleted():
            return {"status": "completed"}
    raise TypeError(f"no reorganisation hears {event.TYPE}")


REORGANISATIONS: Decider[Reorganisation] = Decider(
    "reorganisations",
    Reorganisation,
    lambda id: Reorganisation(reorganisation=id),
    _decide,
    _evolve,
    answer=lambda state: state.model_dump(mode="json", exclude={"reorganisation"}),
    register=True,  # everybody on the list is a source of their own
)
