"""The moves of a group's members: all on one date, or none (I6). One aggregate asks, and says which. Pure.

The documents of several people are not written together, so it takes two rounds: each member is asked and lets go of
the seat they leave as far as the unique index on structural posts goes; when all can, all are told to move.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Literal

from services.registry.domain.facts import AgencyFact
from services.registry.domain.values import ZoneName
from shared.contracts.approval import DecreeAmended, DecreeRevoked
from shared.contracts.group_decree import DecreeGroupIssued
from shared.contracts.moves import (
    EmployeeMoveReady,
    GroupMember,
    GroupMoveAsked,
    GroupMoveNoted,
    GroupMoveOrdered,
    GroupMoveRefused,
    GroupMoveScheduled,
)
from shared.contracts.registry import EmployeeMoveRefused
from shared.kernel.calendar import Zone
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, Timer, TimerDue

WESTERNMOST: tuple[ZoneName, ...] = ("WIB", "WITA", "WIT")


class GroupMove(Frozen):
    """Where the move of a group stands; `ready` are the members who said that they can."""

    group: str
    status: Literal["new", "waiting", "asked", "ordered", "refused"] = "new"
    members: tuple[GroupMember, ...] = ()
    effective_on: date | None = None
    zone: ZoneName = "WIB"
    ready: tuple[str, ...] = ()
    code: str = ""


def _decide(state: GroupMove, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case DecreeGroupIssued() as event:
            return [_scheduled(event, facts)] if state.status == "new" else []
        case DecreeAmended() as event:
            return _amended(state, event)
        case DecreeRevoked() | EmployeeMoveRefused() as event:
            return _refused(state, "DECREE_REVOKED" if isinstance(event, DecreeRevoked) else event.code)
        case TimerDue():
            return _asked(state)
        case EmployeeMoveReady() as event:
            return _ready(state, event.person)
    return []


def _asked(state: GroupMove) -> list[Event]:
    if state.status != "waiting" or state.effective_on is None:
        return []
    return [GroupMoveAsked(**_about(state), effective_on=state.effective_on)]


def _scheduled(event: DecreeGroupIssued, facts: Facts) -> GroupMoveScheduled:
    """At the midnight that is the last to come of those where members go, so that the day has begun for all."""
    papers = event.papers
    facts.want(*((AgencyFact, paper.target.agency) for paper in papers))
    zones = {facts.need(AgencyFact, paper.target.agency).zone for paper in papers}
    return GroupMoveScheduled(
        group=event.group,
        members=tuple(GroupMember.model_validate(paper.model_dump()) for paper in papers),
        effective_on=papers[0].effective_on,
        zone=next(zone for zone in WESTERNMOST if zone in zones),
    )


def _amended(state: GroupMove, event: DecreeAmended) -> list[Event]:
    """Another day for all; every paper's amendment says the same, the first one counts."""
    if state.status != "waiting" or event.effective_on == state.effective_on:
        return []
    return [GroupMoveScheduled(**_about(state), effective_on=event.effective_on, zone=state.zone)]


def _ready(state: GroupMove, person: str) -> list[Event]:
    if state.status != "asked" or person in state.ready:
        return []
    noted = GroupMoveNoted(group=state.group, person=person)
    if len(state.ready) + 1 < len(state.members):
        return [noted]
    return [noted, GroupMoveOrdered(**_about(state))]


def _refused(state: GroupMove, code: str) -> list[Event]:
    """One who cannot, or a revoked decree, ends it for all, until all are told to move."""
    if state.status not in ("waiting", "asked"):
        return []
    return [GroupMoveRefused(**_about(state), code=code)]


def _about(state: GroupMove) -> dict[str, Any]:
    return {"group": state.group, "members": state.members}


def _evolve(state: GroupMove, event: Event) -> GroupMove:
    return state.model_copy(update=_changes(state, event))


def _changes(state: GroupMove, event: Event) -> Mapping[str, object]:
    match event:
        case GroupMoveScheduled():
            day = {"effective_on": event.effective_on, "zone": event.zone}
            return {"status": "waiting", "members": event.members, **day}
        case GroupMoveAsked():
            return {"status": "asked"}
        case GroupMoveNoted():
            return {"ready": (*state.ready, event.person)}
        case GroupMoveOrdered():
            return {"status": "ordered"}
        case GroupMoveRefused():
            return {"status": "refused", "code": event.code}
    raise TypeError(f"no group move hears {event.TYPE}")


def _timers(state: GroupMove) -> tuple[Timer, ...]:
    if state.status != "waiting" or state.effective_on is None:
        return ()
    at = datetime.combine(state.effective_on, time(), Zone[state.zone].info)
    return (Timer(f"group-move:{state.effective_on}", at, "group_move"),)


TOGETHER: Decider[GroupMove] = Decider(
    "group_moves",
    GroupMove,
    lambda id: GroupMove(group=id),
    _decide,
    _evolve,
    timers=_timers,
    register=True,  # every member is a source of its own
)
