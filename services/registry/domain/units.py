"""The tree of units (unit organisasi): each lives for a time, under a parent, and may be renamed, split or end. Pure.

A unit keeps its code through a renaming or a move in the tree: its next version begins where the last one ended.
Units that came of a split or a merger name the ones before them as `predecessors` (D10).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.registry.domain.facts import AgencyFact, UnitFact
from services.registry.domain.ids import Code, unit_id
from services.registry.domain.imported import UNDONE, Imported, UndoImport, batch_of, marked, must_be_undone
from services.registry.domain.values import Day, Name
from shared.contracts.imports import UnitWithdrawn
from shared.contracts.registry import UnitRegistered
from shared.kernel.calendar import Zone
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused


class Versions(Frozen):
    """A unit as it stands; `earlier` are its versions before `registered`, each with the day on which it ended."""

    registered: UnitRegistered | None = None
    earlier: tuple[UnitRegistered, ...] = ()


class Unit(Versions):
    """A unit, and what a file said of it last."""

    imported: Imported[Versions] | None = None


class RegisterUnit(Command):
    """Let a unit be known, under the parent unit with that code, from `valid_from` to before `valid_until`.

    A later `valid_from` than the known one begins a new version; without one the known version is corrected.
    """

    agency: Code
    unit: Code
    name: Name
    kind: Name
    parent: Code | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    predecessors: tuple[Code, ...] = ()


class ImportUnit(RegisterUnit):
    """The same from a file."""

    batch: str


def _decide(state: Unit, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case RegisterUnit() as command:
            event = _versioned(state.registered, _registered(command))
            if state.registered and event == state.registered.model_copy(update={"batch": event.batch}):
                return []
            _check(state.registered, event, message.time, facts)
            return [event]
        case UndoImport() as command:
            return _undone(state) if must_be_undone(state.imported, command) else []
    return []


def _undone(state: Unit) -> list[Event]:
    """Gone, and again what it was before the file if it was anything."""
    if state.registered is None:
        return []
    gone = UnitWithdrawn(unit=state.registered.unit, agency=state.registered.agency)
    before = state.imported.before if state.imported else None
    if before is None or before.registered is None:
        return [gone]
    return [gone, before.registered.model_copy(update={"batch": UNDONE})]


def _registered(command: RegisterUnit) -> UnitRegistered:
    codes = {"parent": command.parent, "unit": command.unit}
    ids = {name: unit_id(command.agency, code) if code else "" for name, code in codes.items()}
    before = tuple(unit_id(command.agency, code) for code in command.predecessors)
    told = command.model_dump(include={"agency", "name", "kind", "valid_from", "valid_until"})
    return UnitRegistered(**told, **ids, predecessors=before, batch=batch_of(command))


def _versioned(known: UnitRegistered | None, event: UnitRegistered) -> UnitRegistered:
    """What is left out about the time of the known version stays as it is."""
    if known is None or event.valid_from not in (None, known.valid_from):
        return event
    kept = {"valid_from": known.valid_from, "valid_until": event.valid_until or known.valid_until}
    return event.model_copy(update=kept)


def _check(known: UnitRegistered | None, event: UnitRegistered, now: datetime, facts: Facts) -> None:
    """Raises Refused, and NotYet while agency or parent are unknown."""
    today = now.astimezone(Zone[facts.need(AgencyFact, event.agency).zone].info).date()
    if event.valid_from and event.valid_until and event.valid_until <= event.valid_from:
        raise Refused("BAD_PERIOD", where="valid_until", status=422)
    if known and event.valid_from != known.valid_from:
        _follows(known, event, today)
    if event.parent:
        if facts.need(UnitFact, event.parent).ended_by(event.valid_from or today):
            raise Refused("UNIT_ENDED", where="parent", status=422)
        _no_cycle(event, facts)


def _follows(known: UnitRegistered, event: UnitRegistered, today: date) -> None:
    begins, began = event.valid_from, known.valid_from
    if begins is None or (began and begins < began) or (known.valid_until and begins < known.valid_until):
        raise Refused("OVERLAPPING_VALIDITY", where="valid_from", status=422)
    if begins > today:
        # The others know one name of a unit: it must not change before the day.
        raise Refused("DATE_IN_FUTURE", where="valid_from", status=422)


def _no_cycle(event: UnitRegistered, facts: Facts) -> None:
    """Walks up from the parent; the tree as it is known, so an agency's own file is judged row after row."""
    above, met = event.parent, set[str]()
    while above and above not in met:
        if above == event.unit:
            raise Refused("UNIT_CYCLE", where="parent", status=422)
        met.add(above)
        unit = facts.get(UnitFact, above)
        above = unit.parent if unit else ""


def _evolve(state: Unit, event: Event) -> Unit:
    before = state.imported.before if state.imported else None
    if isinstance(event, UnitWithdrawn):
        return Unit(earlier=before.earlier if before else ())
    if not isinstance(event, UnitRegistered):
        return state
    known, earlier = state.registered, state.earlier
    if known is not None and known.valid_from != event.valid_from:
        ended = known.model_copy(update={"valid_until": known.valid_until or event.valid_from})
        earlier = (*earlier, ended)
    was = Versions(registered=known, earlier=state.earlier) if known else None
    return Unit(registered=event, earlier=earlier, imported=marked(Imported[Versions], state.imported, event, was))


def _answer(state: Unit) -> Mapping[str, Any]:
    if state.registered is None:
        return {}
    earlier = [version.model_dump(mode="json") for version in state.earlier]
    return {**state.registered.model_dump(mode="json"), "earlier": earlier}


UNITS: Decider[Unit] = Decider("units", Unit, lambda _id: Unit(), _decide, _evolve, answer=_answer)
