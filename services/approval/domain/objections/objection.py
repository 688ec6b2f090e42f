"""The objection against one decree, from filing to answer or silence. Its id is derived from the decree's. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Literal

from services.approval.domain.decrees.acts import revocation_id
from services.approval.domain.decrees.signatory import signing
from services.approval.domain.facts import Agency, Amendment, Decree, Revocation, Settled
from services.approval.domain.objections.commands import AnswerObjection, FileObjection, RecordCourt
from services.approval.domain.objections.remedies import Remedies
from services.approval.domain.turn import Calendars
from shared.contracts.approval import (
    DecreeIssued,
)
from shared.contracts.objections import (
    CourtRecorded,
    ObjectionAnswered,
    ObjectionFiled,
    ObjectionUnanswered,
    RegimeTerm,
)
from shared.kernel.calendar import Zone, indonesia
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, Refused, Timer, TimerDue

PREFIX = "ob-"
TIMER = "answer"


class Objection(Frozen):
    """`due` is by when the authority has to answer; `unanswered` that it did not, which does not end the matter."""

    decree: str
    status: Literal["none", "open", "granted", "rejected"] = "none"
    person: str = ""
    agency: str = ""
    grounds: str = ""
    documents: tuple[str, ...] = ()
    filed_on: date | None = None
    terms: tuple[RegimeTerm, ...] = ()
    due: datetime | None = None
    unanswered: bool = False
    reason: str = ""
    remedy: str = ""
    court: tuple[CourtRecorded, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What one decision sees: the decree it is about, the day and the zone of its agency."""

    state: Objection
    message: Message
    facts: Facts
    remedies: Remedies
    calendars: Calendars
    issued: DecreeIssued
    zone: Zone

    @property
    def today(self) -> date:
        """The day of the message where the agency is."""
        return self.message.time.astimezone(self.zone.info).date()

    @property
    def about(self) -> dict[str, str]:
        """What every event of an objection names."""
        names = {name: str(getattr(self.issued, name)) for name in ("case", "decree", "person", "agency")}
        return {**names, "objection": objection_of(self.issued.decree)}

    def authority(self) -> str:
        """The person who acts for the authority. Raises Refused: see `signing`."""
        return signing(self.message.actor, self.issued, self.today, self.facts)

    def told_on(self) -> date:
        """The date of the newest paper about this decree: an amendment can be objected to as well."""
        amendment = self.facts.get(Amendment, self.issued.decree)
        newest = amendment.issued_on if amendment is not None else None
        return max(self.issued.issued_on, newest or self.issued.issued_on)


def objection_of(decree: str) -> str:
    """Id of the objection against a decree; there is at most one."""
    return f"{PREFIX}{decree}"


def make_objections(remedies: Remedies, calendars: Calendars = indonesia) -> Decider[Objection]:
    """The decider of objections under these remedies and calendars."""
    return Decider(
        name="objections",
        state=Objection,
        initial=lambda id: Objection(decree=id.removeprefix(PREFIX)),
        decide=partial(_decide, remedies, calendars),
        evolve=_evolve,
        timers=_timers,
        answer=lambda state: state.model_dump(mode="json"),
    )


def _decide(remedies: Remedies, calendars: Calendars, state: Objection, message: Message, facts: Facts) -> list[Event]:
    handle = HANDLERS.get(type(message.body))
    if handle is None:
        return []
    decree = state.decree
    facts.want((Decree, decree), (Revocation, decree), (Amendment, decree), (Settled, revocation_id(decree)))
    found = facts.get(Decree, decree)
    if found is None:
        raise Refused("NOT_FOUND", status=404)
    zone = Zone[facts.need(Agency, found.issued.agency).zone]
    return handle(Turn(state, message, facts, remedies, calendars, found.issued, zone), message.body)


def _file(turn: Turn, command: FileObjection) -> list[Event]:
    """Raises Refused: NOT_YOURS, ALREADY_REVOKED, OBJECTION_EXISTS, OBJECTION_LATE."""
    actor = turn.message.actor
    if actor is None or actor.person != turn.issued.person:
        raise Refused("NOT_YOURS", status=403)
    decree = turn.issued.decree
    if turn.facts.get(Revocation, decree) or turn.facts.get(Settled, revocation_id(decree)):
        raise Refused("ALREADY_REVOKED", decree=decree)
    if turn.state.status != "none":
        raise Refused("OBJECTION_EXISTS", status_now=turn.state.status)
    calendar = turn.calendars(turn.zone, turn.today)
    way = turn.remedies.way(turn.told_on(), turn.zone, calendar)
    if turn.message.time > way.file_until:
        raise Refused("OBJECTION_LATE", until=way.file_until.isoformat(), court_until=way.court_until)
    answers = turn.remedies.answers(turn.message.time, turn.zone, calendar)
    return [
        ObjectionFiled(
            **turn.about,
            **command.model_dump(),
            filed_on=turn.today,
            terms=answers,
            due=min(term.until for term in answers).astimezone(UTC),
        )
    ]


def _answer(turn: Turn, command: AnswerObjection) -> list[Event]:
    """Also after the term: a late answer is better than none. Raises Refused: see `signing`, OBJECTION_NOT_OPEN."""
    by = turn.authority()
    if turn.state.status != "open":
        raise Refused("OBJECTION_NOT_OPEN", status_now=turn.state.status)
    remedy = "revoke" if command.outcome == "granted" else ""
    answer = {**turn.about, **command.model_dump(), "remedy": remedy, "by": by, "answered_on": turn.today}
    return [ObjectionAnswered.model_validate(answer)]


def _court(turn: Turn, command: RecordCourt) -> list[Event]:
    """A fact: what it means for the decree its authority says by revoking or amending it."""
    event = CourtRecorded(**turn.about, **command.model_dump(), by=turn.authority())
    return [] if event in turn.state.court else [event]


def _silent(turn: Turn, due: TimerDue) -> list[Event]:
    """The term passed without an answer."""
    if due.name != TIMER or turn.state.due is None:
        return []
    meaning = turn.remedies.silence.meaning
    return [ObjectionUnanswered(**turn.about, due=turn.state.due, meaning=meaning)]


def _evolve(state: Objection, event: Event) -> Objection:
    return state.model_copy(update=_changes(state, event))


def _changes(state: Objection, event: Event) -> dict[str, Any]:
    match event:
        case ObjectionFiled():
            names = ("person", "agency", "grounds", "documents", "filed_on", "terms", "due")
            return {"status": "open", **{name: getattr(event, name) for name in names}}
        case ObjectionAnswered():
            return {"status": event.outcome, "reason": event.reason, "remedy": event.remedy}
        case ObjectionUnanswered():
            return {"unanswered": True}
        case CourtRecorded():
            return {"court": (*state.court, event)}
    raise TypeError(f"no objection hears {event.TYPE}")


def _timers(state: Objection) -> tuple[Timer, ...]:
    waits = state.status == "open" and not state.unanswered and state.due is not None
    return (Timer(TIMER, state.due, TIMER),) if waits and state.due else ()


HANDLERS: Mapping[type[Frozen], Callable[[Turn, Any], list[Event]]] = {
    FileObjection: _file,
    AnswerObjection: _answer,
    RecordCourt: _court,
    TimerDue: _silent,
}
