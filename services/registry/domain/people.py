"""People: profile, particulars, offices, login, and the moves that wait for their day. Pure.

Particulars (name, NIP, e-mail, language, zone) leave only as `PersonParticulars`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.registry.domain import corrections, history, joined, records
from services.registry.domain.imported import Imported, UndoImport, marked
from services.registry.domain.moves import Move, done, refused, rescheduled, scheduled, undone
from services.registry.domain.offices import AssignOffice, EndOffice, assign, end, left
from services.registry.domain.person import (
    Changes,
    ForgetPerson,
    Known,
    LinkAccount,
    Person,
    RegisterPerson,
    UpdatePerson,
)
from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked
from shared.contracts.imports import EmployeeWithdrawn
from shared.contracts.moves import EmployeeMoveReady, GroupMoveAsked, GroupMoveOrdered, GroupMoveRefused
from shared.contracts.people import PersonForgotten, PersonParticulars
from shared.contracts.registry import (
    AccountLinked,
    EmployeeMoved,
    EmployeeMoveRefused,
    EmployeeMoveScheduled,
    EmployeeRegistered,
    OfficeAssigned,
    Profile,
)
from shared.kernel.decider import (
    Command,
    Decider,
    Event,
    Facts,
    Frozen,
    Message,
    NotYet,
    Refused,
    Timer,
    TimerDue,
)
from shared.kernel.post import PostKind

SOLE_SEAT, NIP, LOGIN = "sole_seat", "nip", "login"
"""The unique indexes, which are rules: one holder per structural post (I1), one person per NIP, per login."""

_TAKEN = {SOLE_SEAT: ("FORMASI_PENUH", "post"), NIP: ("NIP_TAKEN", "nip"), LOGIN: ("LOGIN_TAKEN", "login")}


def _decide(state: Person, message: Message, facts: Facts) -> list[Event]:
    if isinstance(message.body, corrections.OfCorrection):
        by = message.actor.person if message.actor else ""
        return corrections.decide(state, message.body, message.time, by, facts)
    if isinstance(message.body, Command):
        return _asked(state, message.body, message.time, facts)
    if isinstance(message.body, TimerDue) and message.body.name == corrections.TIMER:
        return corrections.late(state, message.body, message.time, facts)
    return _happened(state, message.body, facts)


def _asked(state: Person, command: Command, now: datetime, facts: Facts) -> list[Event]:
    events: list[Event] = []
    match command:
        case RegisterPerson():
            events = records.register(state, command, now, facts)
        case UpdatePerson():
            events = records.update(state, command)
        case AssignOffice():
            events = assign(state, command, facts)
        case EndOffice():
            events = end(state, command)
        case LinkAccount():
            events = _link(state, command)
        case ForgetPerson():
            events = records.forget(state, command, now)
        case UndoImport():
            events = records.undo(state, command)
    return events


def _happened(state: Person, body: Frozen, facts: Facts) -> list[Event]:
    match body:
        case DecreeIssued():
            return _decreed(state, body, facts)
        case DecreeRevoked():
            return _revoked(state, body, facts)
        case DecreeAmended():
            return _amended(state, body)
        case GroupMoveAsked() | GroupMoveOrdered() | GroupMoveRefused():
            return joined.told(state, body, facts)
        case TimerDue():
            return [event for move in state.moves if move.timer.id == body.id for event in _moved(state, move, facts)]
    return []


def _link(state: Person, command: LinkAccount) -> list[Event]:
    records.must_exist(state)
    if state.login == command.login:
        return []
    if state.login:
        # The others know a person by login only: a second one would not take the first away.
        raise Refused("ALREADY_LINKED", where="login")
    return [AccountLinked(person=state.person, login=command.login)]


def _decreed(state: Person, event: DecreeIssued, facts: Facts) -> list[Event]:
    if event.decree in state.settled or _waiting(state, event.decree):
        return []
    if state.profile is None:
        raise NotYet(f"person/{state.person}")
    return [scheduled(event, facts)]


def _revoked(state: Person, event: DecreeRevoked, facts: Facts) -> list[Event]:
    """A move that waits does not happen. One that happened is undone on the day the revoking decree says.

    Whether the members of a group still wait, the group says: raises NotYet until it has.
    """
    if waiting := _waiting(state, event.decree):
        if waiting[0].group:
            raise NotYet(f"group_move/{waiting[0].group}")
        return [refused(state.person, move, "DECREE_REVOKED") for move in waiting]
    known = event.revocation in state.settled or _waiting(state, event.revocation)
    sits_there = state.profile is not None and state.profile.placement == event.target
    if not event.revocation or known or event.decree not in state.settled or not sits_there:
        return []
    return [undone(event, facts)]


def _amended(state: Person, event: DecreeAmended) -> list[Event]:
    """The move waits for another day. One that happened in the meantime stays, and the amendment hears so."""
    if event.decree in state.settled:
        late = event.amendment not in state.settled
        names = {"person": state.person, "case": event.case, "decree": event.amendment, "code": "ALREADY_MOVED"}
        return [EmployeeMoveRefused.model_validate(names)] if late else []
    waiting = _waiting(state, event.decree)
    if not waiting:
        raise NotYet(f"decree/{event.decree}")
    if waiting[0].ready:
        raise NotYet(f"group_move/{waiting[0].group}")
    if waiting[0].amendment == event.amendment:
        return []
    return [rescheduled(state.person, waiting[0], event)]


def _waiting(state: Person, decree: str) -> tuple[Move, ...]:
    return tuple(move for move in state.moves if move.decree == decree)


def _moved(state: Person, move: Move, facts: Facts) -> list[Event]:
    if state.profile is None:
        raise NotYet(f"person/{state.person}")
    event = done(state.person, state.profile, move, state.moves, facts)
    return [event, *left(event, state.offices)] if isinstance(event, EmployeeMoved) else [event]


def _evolve(state: Person, event: Event) -> Person:
    if isinstance(event, EmployeeWithdrawn):
        return Person(person=state.person)
    before = Known(profile=state.profile, particulars=state.particulars) if state.profile else None
    mark = marked(Imported[Known], state.imported, event, before)
    changes = corrections.evolve(state, event) if isinstance(event, corrections.Said) else _changes(state, event)
    return state.model_copy(update={**changes, "imported": mark})


def _changes(state: Person, event: Event) -> Changes:
    changes: Changes = {}
    match event:
        case EmployeeMoved():
            changes = {**_profiled(state, event.profile, event.decree), **_settled(state, event.decree)}
        case EmployeeRegistered():
            changes = _profiled(state, event.profile)
        case EmployeeMoveScheduled():
            others = tuple(move for move in state.moves if move.decree != event.decree)
            changes = {"moves": (*others, Move(**event.model_dump(exclude={"person"})))}
        case EmployeeMoveRefused() | EmployeeMoveReady():
            changes = _answered(state, event)
        case PersonParticulars() | PersonForgotten():
            changes = _named(state, event)
        case OfficeAssigned():
            changes = {"offices": event.offices}
        case AccountLinked():
            changes = {"login": event.login}
    return changes


def _answered(state: Person, event: EmployeeMoveRefused | EmployeeMoveReady) -> Changes:
    """Ready to move with a group; or not moved, and then the own seat is held again."""
    if isinstance(event, EmployeeMoveReady):
        return joined.ready(state, event.decree)
    return {**_settled(state, event.decree), "sole_seat": _sole(state.profile)}


def _named(state: Person, event: PersonParticulars | PersonForgotten) -> Changes:
    """Name, number and contacts, or none of them any more. The login stays: nobody else may take it over."""
    if isinstance(event, PersonForgotten):
        return {"particulars": None, "nip": "", "former": (), "forgotten": True}
    former = (*state.former, state.nip) if state.nip and state.nip != event.nip else state.former
    return {"particulars": event, "nip": event.nip, "former": tuple(nip for nip in former if nip != event.nip)}


def _profiled(state: Person, profile: Profile, decree: str = "") -> Changes:
    """The profile, what it adds to the history, and the structural post the person holds alone while active."""
    return {
        "profile": profile,
        # Ready to move with a group, the seat stays let go of, whatever else is said of the person meanwhile.
        "sole_seat": "" if any(move.ready and move.decree != decree for move in state.moves) else _sole(profile),
        "posts": history.posts(state.posts, profile, decree),
        "ranks": history.ranks(state.ranks, profile),
    }


def _sole(profile: Profile | None) -> str:
    """The structural post that the person holds alone."""
    alone = profile is not None and profile.status == "active" and PostKind(profile.post_kind).structural
    return profile.placement.post if profile and alone else ""


def _settled(state: Person, decree: str) -> Changes:
    rest = tuple(move for move in state.moves if move.decree != decree)
    return {"moves": rest, "settled": (*state.settled, decree)}


def _conflict(state: Person, message: Message, index: str) -> list[Event]:
    """Another person holds what is unique: a move is refused by an event, a command to its face."""
    code, where = _TAKEN[index]
    if isinstance(message.body, GroupMoveOrdered | GroupMoveRefused):
        raise NotYet(f"seat/{state.person}")  # all were told: it is held until the seat is free, not half undone
    if isinstance(message.body, TimerDue):
        due = message.body.id
        return [refused(state.person, move, code) for move in state.moves if move.timer.id == due]
    raise Refused(code, where=where)


def _timers(state: Person) -> tuple[Timer, ...]:
    return (*(move.timer for move in state.moves if not move.group), *corrections.timers(state))


def _answer(state: Person) -> Mapping[str, Any]:
    """The answer to a command: no particulars, since not everyone who may write may read them."""
    return state.model_dump(mode="json", include={"person", "profile", "offices", "login", "moves"})


PEOPLE: Decider[Person] = Decider(
    "people",
    Person,
    lambda id: Person(person=id),
    _decide,
    _evolve,
    timers=_timers,
    conflict=_conflict,
    answer=_answer,
    register=True,  # decrees come from many cases over a life
)
