"""The ledger: one entry per event, person and channel, and what became of it (N5). Pure.

No regulation behind it but the duty to inform (see `rules.py`); the states are those of the mail protocol
(RFC 5321; RFC 1047 for the answer that got lost).
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from services.notification.domain import rules
from shared.contracts.notification import (
    MessageAmbiguous,
    MessageDue,
    MessageFailed,
    MessageQueued,
    MessageRequeued,
    MessageSent,
    MessageSuppressed,
)
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused, Work, WorkDone

Status = Literal["new", "queued", "sent", "failed", "ambiguous", "suppressed"]
CHANNELS = ("email", "record")
# Codes of an attempt that may have arrived: the runtime's for a crash, the effect's for a lost answer.
SAID = {"message", "case", "person", "channel", "template", "event"}
UNKNOWN = frozenset({"AMBIGUOUS", "UNANSWERED"})


class Resend(Command):
    """An operator wants a message that did not arrive, or may not have, sent again under the same id."""


class Send(Frozen):
    """What an effect needs to send: ids and values. Name, address and language it looks up when it sends."""

    message: str
    person: str
    template: str
    page: str
    values: Mapping[str, str]


class Entry(Frozen):
    """One message. `round` counts its sendings from 1, `refusals` those in a row that the channel put off."""

    message: str
    status: Status = "new"
    case: str = ""
    person: str = ""
    channel: str = ""
    template: str = ""
    event: str = ""
    category: str = ""
    urgency: str = ""
    legal: bool = False
    page: str = ""
    values: Mapping[str, str] = {}
    round: int = 0
    refusals: int = 0
    attempts: int = 0
    code: str = ""
    queued_at: datetime | None = None
    settled_at: datetime | None = None


class Notice(NamedTuple):
    """One person who is to be told of one event."""

    event: str
    about: str
    case: str
    person: str
    values: Mapping[str, str]


def message_id(event: str, person: str, channel: str) -> str:
    """The id of a message: the same event, person and channel always meet in the same entry."""
    return "m:" + sha256(json.dumps((event, person, channel)).encode()).hexdigest()[:32]


def initial(id: str) -> Entry:
    """An entry nobody has written yet."""
    return Entry(message=id)


def decide(state: Entry, message: Message, _facts: Facts) -> list[Event]:
    """Queue on the event, settle on the result, send again on the operator's word."""
    match message.body:
        case Resend():
            return _resend(state, message)
        case WorkDone() as done:
            return _settle(state, done, message)
        case Event() as event:
            return _queue(state, event, message)
    return []


def _notices(event: Event, message: Message) -> Iterator[Notice]:
    if isinstance(event, MessageDue):
        for person in event.persons:
            yield Notice(event.event, event.about, event.case, person, event.values)
        return
    row = rules.rule(event.TYPE, rules.day(message.time))
    if row is not None:
        case = str(getattr(event, "case", ""))
        yield Notice(message.id, event.TYPE, case, row.person(event), row.values_of(event))


def _queue(state: Entry, event: Event, message: Message) -> list[Event]:
    if state.status != "new":
        return []
    for notice in _notices(event, message):
        for channel in CHANNELS:
            if message_id(notice.event, notice.person, channel) == state.message:
                return _queued(state, notice, channel, message.time)
    return []


def _queued(state: Entry, notice: Notice, channel: str, at: datetime) -> list[Event]:
    row = rules.rule(notice.about, rules.day(at))
    if row is None:
        return []
    return [
        MessageQueued(
            message=state.message,
            case=notice.case,
            person=notice.person,
            channel=channel,
            template=row.template,
            event=notice.event,
            category=row.category,
            urgency=row.urgency,
            legal=row.legal,
            page=row.page.format_map(notice.values),
            values=notice.values,
            at=at,
        )
    ]


def _resend(state: Entry, message: Message) -> list[Event]:
    if state.status == "new":
        raise Refused("MESSAGE_UNKNOWN", status=404)
    if state.status not in ("failed", "ambiguous", "suppressed"):
        raise Refused("NOT_RESENDABLE", status=409, state=state.status)
    by = (message.actor.person or message.actor.login) if message.actor else ""
    return [_requeued(state, message.time, by=by)]


def _requeued(state: Entry, at: datetime, by: str = "", code: str = "") -> MessageRequeued:
    said: dict[str, Any] = state.model_dump(include={"message", "case", "person"})
    return MessageRequeued(**said, round=state.round + 1, by=by, code=code, at=at)


def _settle(state: Entry, done: WorkDone, message: Message) -> list[Event]:
    if state.status != "queued" or done.id != send_id(state):
        return []
    code, result = str(done.outcome.get("code", "")), str(done.outcome.get("result", ""))
    if not done.ok:
        result = "ambiguous" if code in UNKNOWN else "failed"
    if result == "deferred":
        refused = code.startswith("SMTP_")
        if not refused or state.refusals + 1 < rules.rules().rounds:
            return [_requeued(state, message.time, code=code)]
        result = "failed"
    return [_settled(state, result, code, int(done.outcome.get("attempt", 1)), message.time)]


def _settled(state: Entry, result: str, code: str, attempt: int, at: datetime) -> Event:
    said: dict[str, Any] = state.model_dump(include=SAID)
    match result:
        case "sent":
            return MessageSent(**said, attempt=attempt, at=at)
        case "suppressed":
            return MessageSuppressed(**said, code=code, at=at)
        case "ambiguous":
            return MessageAmbiguous(**said, attempt=attempt, code=code, at=at)
    return MessageFailed(**said, attempt=attempt, code=code, at=at)


def evolve(state: Entry, event: Event) -> Entry:
    """The entry after one of its own events."""
    match event:
        case MessageQueued():
            told = event.model_dump(exclude={"at"})
            return Entry(**told, status="queued", round=1, queued_at=event.at)
        case MessageRequeued():
            refusals = _refusals(state, event)
            again = {"status": "queued", "round": event.round, "refusals": refusals, "code": event.code}
            return state.model_copy(update=again)
        case MessageFailed() | MessageAmbiguous():
            status = "failed" if isinstance(event, MessageFailed) else "ambiguous"
            return _ended(state, status, event.at, event.attempt, event.code)
        case MessageSent():
            return _ended(state, "sent", event.at, event.attempt)
        case MessageSuppressed():
            return _ended(state, "suppressed", event.at, 0, event.code)
    return state


def _refusals(state: Entry, event: MessageRequeued) -> int:
    if event.by:
        return 0
    return state.refusals + event.code.startswith("SMTP_")


def _ended(state: Entry, status: str, at: datetime | None, attempts: int, code: str = "") -> Entry:
    total = state.attempts + attempts
    return state.model_copy(update={"status": status, "settled_at": at, "attempts": total, "code": code})


def send_id(state: Entry) -> str:
    """The id of the sending under way."""
    return f"send-{state.round}"


def work(state: Entry) -> tuple[Work, ...]:
    """The sending, while the message is queued; a legal one may be repeated, so it is a kind of its own."""
    if state.status != "queued":
        return ()
    kind = "email_legal" if state.legal and state.channel == "email" else state.channel
    data = Send.model_validate(state.model_dump(include=set(Send.model_fields)))
    return (Work(send_id(state), kind, data),)


def answer(state: Entry) -> Mapping[str, Any]:
    """What a caller sees of a message: all but the values of its template."""
    return state.model_dump(mode="json", exclude={"message", "values", "refusals"})


MESSAGES = Decider("messages", Entry, initial, decide, evolve, work=work, answer=answer)
