"""The ledger: one entry per event, person and channel, and what became of it (N5). Pure.

No regulation behind it but the duty to inform (see `rules.py`); the states are those of the mail protocol
(RFC 5321; RFC 1047 for the answer that got lost; RFC 3464 for what comes back).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from services.notification.domain import rules
from services.notification.domain.entry import Entry, evolve, initial
from services.notification.domain.ladder import confirms, patience
from services.notification.domain.queueing import SAID, onward, queue
from shared.contracts.digests import DigestItem
from shared.contracts.notification import (
    Appointment,
    MessageAmbiguous,
    MessageBounced,
    MessageCancelled,
    MessageDelivered,
    MessageFailed,
    MessageRequeued,
    MessageSeen,
    MessageSent,
    MessageSuppressed,
    Reply,
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
    Work,
    WorkDone,
)

# Codes of an attempt that may have arrived: the runtime's for a crash, the effect's for a lost answer.
UNKNOWN = frozenset({"AMBIGUOUS", "UNANSWERED"})
RESENDABLE = ("failed", "ambiguous", "suppressed", "bounced", "cancelled", "stale", "undelivered")
CANCELLABLE = ("queued", "stale")
ON_ITS_WAY = ("sent", "delivered", "ambiguous", "undelivered")
NO_WAY = frozenset({"NO_ADDRESS", "BAD_ADDRESS", "SUSPENDED"})


class Resend(Command):
    """An operator wants a message that did not arrive, or may not have, sent again under the same id."""


class Cancel(Command):
    """An operator wants a message that waits not sent."""


class See(Command):
    """The person opened the message."""


class Report(Command):
    """The provider tells afterwards what became of a message; `code` is its status where it came back."""

    status: Literal["delivered", "bounced", "read"]
    code: str = ""
    text: str = ""


class Send(Frozen):
    """What an effect needs to send: ids and values. Name, address and language it looks up when it sends."""

    message: str
    person: str
    template: str
    page: str
    values: Mapping[str, str]
    legal: bool = False
    category: str = ""
    urgency: str = ""
    appointment: Appointment | None = None
    attach: str = ""
    items: tuple[DigestItem, ...] = ()
    happened_at: datetime | None = None
    queued_at: datetime | None = None


def decide(state: Entry, message: Message, facts: Facts) -> list[Event]:
    """Queue on the event, settle on the result, obey the operator, believe the provider."""
    match message.body:
        case Command() as command:
            return _asked(state, command, message, facts)
        case WorkDone() as done:
            return _settle(state, done, message, facts)
        case TimerDue():
            return onward(state, state.code or "UNDELIVERED", message.time, facts) if timers(state) else []
        case Event() as event:
            return queue(state, event, message, facts)
    return []


def _asked(state: Entry, command: Command, message: Message, facts: Facts) -> list[Event]:
    if state.status == "new":
        raise Refused("MESSAGE_UNKNOWN", status=404)
    match command:
        case Resend():
            return _resend(state, message)
        case Cancel():
            return _cancel(state, message)
        case Report():
            return _report(state, command, message.time, facts)
        case See():
            return _seen(state, message.time)
    return []


def _seen(state: Entry, at: datetime) -> list[Event]:
    said: dict[str, Any] = state.model_dump(include={"message", "case", "person"})
    return [] if state.seen_at is not None else [MessageSeen(**said, at=at)]


def _resend(state: Entry, message: Message) -> list[Event]:
    if state.status not in RESENDABLE:
        raise Refused("NOT_RESENDABLE", status=409, state=state.status)
    return [_requeued(state, message.time, {"by": _by(message)})]


def _cancel(state: Entry, message: Message) -> list[Event]:
    if state.status == "cancelled":
        return []
    if state.status not in CANCELLABLE:
        raise Refused("NOT_CANCELLABLE", status=409, state=state.status)
    said: dict[str, Any] = state.model_dump(include={"message", "case", "person"})
    return [MessageCancelled(**said, by=_by(message), at=message.time)]


def _report(state: Entry, report: Report, at: datetime, facts: Facts) -> list[Event]:
    if state.status == "queued":
        raise NotYet(f"result/{state.message}")  # the answer of the channel is still on its way here
    seen = _seen(state, at) if report.status == "read" else []
    status = "bounced" if report.status == "bounced" else "delivered"  # who read it has it
    if state.status not in ON_ITS_WAY or state.status == status:
        return seen
    reply = Reply(attempt=state.attempts, at=at, code=report.code, text=report.text)
    said: dict[str, Any] = state.model_dump(include={"message", "case", "person", "channel", "legal", "known"})
    if status == "bounced":
        return [MessageBounced(**said, reply=reply, at=at), *onward(state, report.code, at, facts)]
    return [MessageDelivered(**said, reply=reply, at=at), *seen]


def _by(message: Message) -> str:
    return (message.actor.person or message.actor.login) if message.actor else ""


def _requeued(state: Entry, at: datetime, more: Mapping[str, Any]) -> MessageRequeued:
    said: dict[str, Any] = state.model_dump(include={"message", "case", "person"}) | dict(more)
    return MessageRequeued(**said, round=state.round + 1, at=at)


def _settle(state: Entry, done: WorkDone, message: Message, facts: Facts) -> list[Event]:
    code, result = str(done.outcome.get("code", "")), str(done.outcome.get("result", ""))
    # A message that was cancelled or given up while it left has gone out all the same: the ledger says what is true.
    went = state.status in ("cancelled", "undelivered") and result == "sent"
    if done.id != send_id(state) or not (state.status == "queued" or went):
        return []
    if not done.ok:
        result = "ambiguous" if code in UNKNOWN else "failed"
    if result == "deferred":
        refused = _refused(code, done)
        if not refused or state.refusals + 1 < rules.rules().rounds:
            said = {"code": code, "failure": done.outcome.get("failure", ""), "replies": _replies(done)}
            return [_requeued(state, message.time, said)]
        result = "failed"
    settled = _settled(state, result, code, done, message.time)
    lost = result in ("failed", "suppressed") and (code in NO_WAY or _refused(code, done))
    return [settled, *(onward(state, code, message.time, facts) if lost else ())]


def _refused(code: str, done: WorkDone) -> bool:
    """True where the provider said no, for now or for good; words that are broken or a dead line are no such answer."""
    return done.outcome.get("failure") in ("temporary", "permanent") or code.startswith("SMTP_")


def _replies(done: WorkDone) -> tuple[Reply, ...]:
    """All answers of this round: of the attempts that were put off, and of the last."""
    found = [*done.outcome.get("notes", ()), done.outcome.get("reply")]
    return tuple(Reply.model_validate(one) for one in found if one)


def _settled(state: Entry, result: str, code: str, done: WorkDone, at: datetime) -> Event:
    said: dict[str, Any] = state.model_dump(include=SAID)
    if result == "suppressed":
        return MessageSuppressed(**said, code=code, at=at)
    said |= {"attempt": int(done.outcome.get("attempt", 1)), "version": str(done.outcome.get("version", ""))}
    said |= {"known": int(done.outcome.get("known", 0)), "attached": str(done.outcome.get("attached", ""))}
    said |= {"replies": _replies(done), "at": at}
    match result:
        case "sent":
            return MessageSent(**said)
        case "ambiguous":
            return MessageAmbiguous(**said, code=code)
    return MessageFailed(**said, code=code, failure=done.outcome.get("failure", ""))


def send_id(state: Entry) -> str:
    """The id of the sending under way."""
    return f"send-{state.round}"


def work(state: Entry) -> tuple[Work, ...]:
    """The sending, while the message is queued; a legal one may be repeated, so it is a kind of its own."""
    if state.status != "queued":
        return ()
    kind = f"{state.channel}_legal" if state.legal and state.channel != "record" else state.channel
    data = Send.model_validate(state.model_dump(include=set(Send.model_fields)))
    return (Work(send_id(state), kind, data),)


def timers(state: Entry) -> tuple[Timer, ...]:
    """When a legal notice that is not delivered goes on to the next channel."""
    waits = patience(state.channel) if state.legal and not state.passed_to else None
    open = state.status in ("queued", "failed", "ambiguous") or (state.status == "sent" and confirms(state.channel))
    if waits is None or state.queued_at is None or not open:
        return ()
    return (Timer("fallback", state.queued_at + waits, "fallback"),)


def answer(state: Entry) -> Mapping[str, Any]:
    """What a caller sees of a message: all but the values of its template."""
    return {
        **state.model_dump(mode="json", exclude={"message", "values", "refusals", "told"}),
        "failure": state.failure,
    }


MESSAGES = Decider("messages", Entry, initial, decide, evolve, timers=timers, work=work, answer=answer)
