"""One entry of the ledger: what is known of a message, and how its own events change that. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from shared.contracts.contacts import MessagePassed
from shared.contracts.digests import DigestItem, MessageDigested, MessageGathered, MessageStale
from shared.contracts.notification import (
    Appointment,
    Failure,
    MessageAmbiguous,
    MessageBounced,
    MessageCancelled,
    MessageDelivered,
    MessageFailed,
    MessageQueued,
    MessageRequeued,
    MessageSeen,
    MessageSent,
    MessageSuppressed,
    Reply,
)
from shared.kernel.decider import Event, Frozen

Status = Literal[
    "new", "queued", "sent", "delivered", "bounced", "failed", "ambiguous", "suppressed", "cancelled", "stale",
    "gathered", "digested", "passed", "undelivered",
]  # fmt: skip
# Answers kept with the entry, the newest; the events have them all.
REPLIES_KEPT = 50
# Codes of ours that no repeat will mend: something about the person must change first.
_PERMANENT = frozenset({"NO_ADDRESS", "BAD_ADDRESS", "SUSPENDED"})


class Entry(Frozen):
    """One message. `round` counts its sendings from 1, `refusals` those in a row that the channel put off.

    `known` is the version of the particulars it was last sent with, `attached` the SHA-256 of the paper that went with
    it; `tried` are the channels before this one, and
    `passed_to` the one that has it now.
    """

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
    deadline: datetime | None = None
    appointment: Appointment | None = None
    attach: str = ""
    items: tuple[DigestItem, ...] = ()
    digest: str = ""
    happened_at: datetime | None = None
    lane: int = 0
    tried: tuple[str, ...] = ()
    passed_to: str = ""
    round: int = 0
    refusals: int = 0
    attempts: int = 0
    code: str = ""
    told: Failure = ""
    version: str = ""
    known: int = 0
    attached: str = ""
    replies: tuple[Reply, ...] = ()
    queued_at: datetime | None = None
    settled_at: datetime | None = None
    seen_at: datetime | None = None

    @property
    def failure(self) -> Failure:
        """Whether what went wrong passes by itself, never, or is a fault of ours or of the line; "" if nothing did."""
        if not self.code or self.status in ("sent", "delivered"):
            return ""
        if self.told:
            return self.told
        if self.code.startswith("SMTP_4"):
            return "temporary"
        refused = self.code.startswith("SMTP_5") or self.code in _PERMANENT
        return "permanent" if refused or self.status == "bounced" else "technical"


def message_id(event: str, person: str, channel: str) -> str:
    """The id of a message: the same event, person and channel always meet in the same entry."""
    return "m:" + sha256(json.dumps((event, person, channel)).encode()).hexdigest()[:32]


def initial(id: str) -> Entry:
    """An entry nobody has written yet."""
    return Entry(message=id)


def evolve(state: Entry, event: Event) -> Entry:
    """The entry after one of its own events."""
    return state.model_copy(update=_changes(state, event))


def _changes(state: Entry, event: Event) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    match event:
        case MessagePassed():
            changes = _passed(state, event)
        case MessageQueued():
            changes = {**_told(event), "status": "queued", "round": 1, "queued_at": event.at, "passed_to": ""}
        case MessageRequeued():
            changes = _again(state, event)
        case MessageSent():
            changes = _ended(state, event)
        case MessageSuppressed():
            changes = {"status": "suppressed", "settled_at": event.at, "code": event.code, "told": ""}
        case MessageCancelled() | MessageStale() | MessageGathered() | MessageDigested():
            changes = _aside(event)
        case MessageDelivered():
            changes = _reported(state, event)
    return {"seen_at": event.at} if isinstance(event, MessageSeen) else changes


def _again(state: Entry, event: MessageRequeued) -> dict[str, Any]:
    said = {"round": event.round, "code": event.code, "told": event.failure}
    return {"status": "queued", **said, "refusals": _refusals(state, event), "replies": _replies(state, event.replies)}


def _aside(event: MessageCancelled | MessageStale | MessageGathered | MessageDigested) -> dict[str, Any]:
    """What is not sent alone now: stopped, left to an operator, or part of a digest."""
    match event:
        case MessageGathered():
            return {"status": "gathered"}
        case MessageDigested():
            return {"status": "digested", "digest": event.digest, "settled_at": event.at}
    return {"status": "stale" if isinstance(event, MessageStale) else "cancelled", "settled_at": event.at}


def _refusals(state: Entry, event: MessageRequeued) -> int:
    refused = event.failure == "temporary" or (not event.failure and event.code.startswith("SMTP_"))
    return 0 if event.by else state.refusals + refused


def _passed(state: Entry, event: MessagePassed) -> dict[str, Any]:
    """Chosen first on another channel, or given up here after it was tried."""
    gone = {"passed_to": event.to, "settled_at": event.at}
    if state.status == "new":
        return {**_told(event), **gone, "status": "passed"}
    if state.status in ("queued", "sent", "ambiguous"):
        return {**gone, "status": "undelivered", "code": event.code, "told": "technical"}
    return gone


def _told(event: MessageQueued) -> dict[str, Any]:
    return {name: getattr(event, name) for name in MessageQueued.model_fields if name != "at"}


def _replies(state: Entry, more: tuple[Reply, ...]) -> tuple[Reply, ...]:
    return (*state.replies, *more)[-REPLIES_KEPT:]


def _ended(state: Entry, event: MessageSent) -> dict[str, Any]:
    status, code, told = "sent", "", ""
    if isinstance(event, MessageFailed):
        status, code, told = "failed", event.code, event.failure
    elif isinstance(event, MessageAmbiguous):
        status, code = "ambiguous", event.code
    total, replies = state.attempts + event.attempt, _replies(state, event.replies)
    known = {
        "attempts": total,
        "code": code,
        "told": told,
        "version": event.version,
        "known": event.known,
        "attached": event.attached,
        "replies": replies,
    }
    return {"status": status, "settled_at": event.at, **known}


def _reported(state: Entry, event: MessageDelivered) -> dict[str, Any]:
    bounced = isinstance(event, MessageBounced)
    said = {"status": "bounced" if bounced else "delivered", "code": event.reply.code if bounced else "", "told": ""}
    return {**said, "settled_at": event.at, "replies": _replies(state, (event.reply,))}
