"""Corrections of one's own record: asked by the person, decided by their agency, and seen by both. Pure.

A granted one changes the record in the same write, by the way every change goes (`records.update`): so the history, the
facts of the others and the re-check of open cases follow from it like from any news of the person.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from services.registry.domain import records
from services.registry.domain.correctable import correctable, now_of, term_of, wanted
from services.registry.domain.facts import AgencyFact
from services.registry.domain.person import Changes, Correction, Person, Reveal
from services.registry.domain.values import Text
from shared.contracts.corrections import (
    CorrectionAsked,
    CorrectionDelayed,
    CorrectionEscalated,
    CorrectionGranted,
    CorrectionRefused,
    CorrectionWithdrawn,
    NumberRevealed,
)
from shared.contracts.people import Wish
from shared.kernel.calendar import Zone, indonesia
from shared.kernel.decider import Command, Event, Facts, Refused, Timer, TimerDue

OFFICE = "personnel_verifier"
"""The office of the agency that decides (I10: nothing waits without a holder and a day)."""
TIMER = "correction"
MOST_OPEN, KEPT, LOOKS_KEPT = 10, 100, 20
_NOT_FOUND, _UNPROCESSABLE = 404, 422
Value = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
About = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^$|^[A-Za-z0-9][A-Za-z0-9 _-]{0,99}$")]
"""A year, a day, or the name of a competence: it becomes a key of the record, so no dots and no signs."""
Digest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]


class OfCorrection(Command):
    """A command about a correction, or about who sees the number of a person."""


class Ask(OfCorrection):
    """What the record should say, and why; `evidence` is the SHA-256 of a file that the person keeps."""

    field: str
    about: About = ""
    value: Value
    reason: Text
    evidence: Digest = ""


class AskCorrection(Ask):
    """The same under an id of its own."""

    correction: str


class Decision(OfCorrection):
    """Why, and by which rule. The reason is kept for ever and names nobody."""

    reason: Text
    rule: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class DecideCorrection(Decision):
    """Grant or refuse what was asked."""

    correction: str
    granted: bool


class WithdrawCorrection(OfCorrection):
    """Take the own request back."""

    correction: str


class RevealNumber(OfCorrection):
    """Show the NIP in full. Whoever is not the person says why."""

    reason: Annotated[str, Field(max_length=2000)] = ""


def decide(state: Person, command: OfCorrection, now: datetime, by: str, facts: Facts) -> list[Event]:
    """Raises Refused, and NotYet while the agency is unknown."""
    if state.profile is None:
        raise Refused("UNKNOWN_PERSON", status=_NOT_FOUND)
    match command:
        case AskCorrection():
            return _asked(state, command, now, facts)
        case DecideCorrection():
            return _decided(state, command, now, by)
        case WithdrawCorrection(correction=id):
            _open(state, id)
            return [CorrectionWithdrawn(person=state.person, correction=id, decided_at=now)]
        case RevealNumber():
            return [_revealed(state, command, now, by)]
    return []


def _asked(state: Person, command: AskCorrection, now: datetime, facts: Facts) -> list[Event]:
    """The request, and apart from it what is wished: that may be a name."""
    if state.profile is None or state.particulars is None:
        raise Refused("PERSON_FORGOTTEN")
    correctable(command.field, command.about)
    waiting = [one for one in state.corrections if one.status == "open"]
    if any((one.field, one.about) == (command.field, command.about) for one in waiting):
        raise Refused("CORRECTION_OPEN", where="field")
    if len(waiting) >= MOST_OPEN:
        raise Refused("TOO_MANY_CORRECTIONS", most=MOST_OPEN)
    if not records.update(state, wanted(state.profile, command.field, command.about, command.value)):
        raise Refused("ALREADY_SO", where="value", status=_UNPROCESSABLE)
    agency = state.profile.placement.agency
    zone = Zone[facts.need(AgencyFact, agency).zone]
    today = now.astimezone(zone.info).date()
    asked = CorrectionAsked(
        person=state.person,
        office=OFFICE,
        agency=agency,
        asked_at=now,
        due=indonesia(zone, today).deadline(now, term_of(today).working_days),
        **command.model_dump(include={"correction", "field", "about", "evidence"}),
    )
    was = now_of(state, command.field, command.about)
    wishes = {**state.particulars.wishes, command.correction: Wish(value=command.value, was=was, reason=command.reason)}
    return [asked, state.particulars.model_copy(update={"wishes": _kept(wishes), "batch": ""})]


def _timer(one: Correction) -> Timer:
    """When it is too late for an answer, the first time or once more."""
    at = one.late_until or one.due
    return Timer(f"late:{one.correction}:{at:%Y%m%d}", at, TIMER)


def timers(state: Person) -> tuple[Timer, ...]:
    """One for each request that waits; nobody can answer what a forgotten person wished."""
    return () if state.forgotten else tuple(_timer(one) for one in state.corrections if one.status == "open")


def late(state: Person, timer: TimerDue, now: datetime, facts: Facts) -> list[Event]:
    """The office hears of it again and the superior one too; the person hears so once. Raises NotYet."""
    one = next((one for one in state.corrections if one.status == "open" and _timer(one).id == timer.id), None)
    if one is None or state.profile is None:
        return []
    agency = state.profile.placement.agency
    zone = Zone[facts.need(AgencyFact, agency).zone]
    today = now.astimezone(zone.info).date()
    rule = term_of(today).late
    said = {"person": state.person, "agency": agency, "superior": rule.office, "late": timer.at}
    said |= one.model_dump(include={"correction", "field", "about"})
    said["until"] = indonesia(zone, today).deadline(now, rule.working_days)
    escalated = CorrectionEscalated.model_validate({**said, "office": OFFICE})
    return [escalated] if one.late_until else [escalated, CorrectionDelayed.model_validate(said)]


def _kept(wishes: Mapping[str, Wish]) -> dict[str, Wish]:
    """The newest of them."""
    return dict(list(wishes.items())[-KEPT:])


def _open(state: Person, id: str) -> Correction:
    """Raises Refused for one that was never asked, or is decided."""
    found = next((one for one in state.corrections if one.correction == id), None)
    if found is None:
        raise Refused("UNKNOWN_CORRECTION", status=_NOT_FOUND)
    if found.status != "open":
        raise Refused("CORRECTION_DECIDED", was=found.status)
    return found


def _decided(state: Person, command: DecideCorrection, now: datetime, by: str) -> list[Event]:
    asked = _open(state, command.correction)
    records.names_nobody(state, command.reason)
    if state.profile is None or state.particulars is None:
        raise Refused("PERSON_FORGOTTEN")
    about = {"person": state.person, "field": asked.field, "agency": state.profile.placement.agency, "by": by}
    said = command.model_dump(include={"correction", "reason", "rule"}) | about | {"decided_at": now}
    if not command.granted:
        return [CorrectionRefused.model_validate(said)]
    value = state.particulars.wishes[asked.correction].value
    changed = records.update(state, wanted(state.profile, asked.field, asked.about, value))
    return [*changed, CorrectionGranted.model_validate(said)]


def _revealed(state: Person, command: RevealNumber, now: datetime, by: str) -> NumberRevealed:
    own = by == state.person
    if not own and not command.reason.strip():
        raise Refused("REASON_MISSING", where="reason", status=_UNPROCESSABLE)
    return NumberRevealed(person=state.person, by=by, reason="" if own else command.reason.strip(), at=now)


Said = CorrectionAsked | CorrectionEscalated | CorrectionGranted | CorrectionWithdrawn | NumberRevealed


def evolve(state: Person, event: Said) -> Changes:
    """What such an event changes of the person's state."""
    match event:
        case CorrectionAsked():
            asked = Correction.model_validate(event.model_dump())
            return {"corrections": (*state.corrections, asked)[-KEPT:]}
        case CorrectionEscalated():
            return _changed(state, event.correction, {"late_until": event.until})
        case CorrectionGranted():
            status = "refused" if isinstance(event, CorrectionRefused) else "granted"
            return _changed(state, event.correction, {"status": status, **event.model_dump(include=set(_ANSWER))})
        case CorrectionWithdrawn():
            return _changed(state, event.correction, {"status": "withdrawn", "decided_at": event.decided_at})
        case NumberRevealed():
            return {"reveals": (*state.reveals, Reveal(by=event.by, reason=event.reason, at=event.at))[-LOOKS_KEPT:]}


_ANSWER = ("reason", "rule", "by", "decided_at")


def _changed(state: Person, id: str, changes: Changes) -> Changes:
    corrections = (one.model_copy(update=changes) if one.correction == id else one for one in state.corrections)
    return {"corrections": tuple(corrections)}
