"""Who is to be told of an event, and how: at once, in a digest, not at all, or when an operator says so. Pure.

The entry of the first channel hears of the event; where the person chose another one, it passes the message on.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.notification.domain import rules
from services.notification.domain.entry import Entry, message_id
from services.notification.domain.facts import Ledger, Wishes
from services.notification.domain.flow import flow
from services.notification.domain.ladder import CHANNELS, PAPER, after, rungs
from shared.contracts.broadcasts import BroadcastPage
from shared.contracts.contacts import MessagePassed
from shared.contracts.digests import DigestDue, MessageDigested, MessageGathered, MessageStale
from shared.contracts.notification import MessageDue, MessageQueued, MessageSuppressed
from shared.kernel.decider import Event, Facts, Message

SAID = {"message", "case", "person", "channel", "template", "event", "legal"}
# What is heard so soon after it was said needs no time of its own: no other ledger can have sent it already.
FRESH = timedelta(minutes=1)
# What verifies an address goes nowhere else.
STAYS = ("", "contact")
_TOLD = set(MessageQueued.model_fields) - {"at"}


class Notice(NamedTuple):
    """One person who is to be told of one event, perhaps on one `channel` only."""

    event: str
    about: str
    case: str
    person: str
    values: Mapping[str, str]
    happened_at: datetime | None
    channel: str = ""


def queue(state: Entry, event: Event, message: Message, facts: Facts) -> list[Event]:
    """The message that this event makes of the entry; a gathered one ends when its digest is due."""
    if isinstance(event, DigestDue) and state.status == "gathered":
        digest = message_id(message.id, event.person, event.channel)
        said = state.model_dump(include={"message", "case", "person"})
        return [MessageDigested(**said, digest=digest, at=message.time)]
    if isinstance(event, MessagePassed):
        return _taken_over(state, event, message.time, facts)
    if state.status != "new":
        return []
    for notice in _notices(event, message):
        for channel in CHANNELS:
            if message_id(notice.event, notice.person, channel) == state.message:
                row = rules.rule(notice.about, rules.day(message.time))
                queued = None if row is None else _queued(state.message, row, notice, channel, message.time)
                return [] if queued is None else _placed(notice.channel, _with_items(queued, event), facts)
    return []


def _notices(event: Event, message: Message) -> Iterator[Notice]:
    if isinstance(event, MessageDue):
        for person in event.persons:
            happened = event.happened_at or long_ago(message)
            yield Notice(event.event, event.about, event.case, person, event.values, happened)
        return
    row = rules.rule(event.TYPE, rules.day(message.time))
    if row is not None and isinstance(event, BroadcastPage):
        for person in event.persons:
            yield Notice(event.broadcast, event.TYPE, "", person, row.values_of(event), long_ago(message))
    elif row is not None:
        case = str(getattr(event, "case", ""))
        only = event.channel if isinstance(event, DigestDue) else row.channel_of(event)
        yield Notice(message.id, event.TYPE, case, row.person(event), row.values_of(event), long_ago(message), only)


def _queued(id: str, row: rules.Rule, notice: Notice, channel: str, at: datetime) -> MessageQueued:
    return MessageQueued(
        message=id,
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
        deadline=row.deadline_of(notice.values),
        appointment=row.appointment_of(notice.values),
        attach=notice.values.get(row.attach, ""),
        lane=flow().lane(row.category, row.urgency, legal=row.legal),
        happened_at=notice.happened_at,
        at=at,
    )


def _with_items(queued: MessageQueued, event: Event) -> MessageQueued:
    return queued.model_copy(update={"items": event.items}) if isinstance(event, DigestDue) else queued


def _placed(only: str, queued: MessageQueued, facts: Facts) -> list[Event]:
    """The message where the person wants it; suppressed at once where they switched all of it off."""
    first = only or _first(queued, facts)
    if first == queued.channel:
        return [queued, *(() if only else _instead(queued, facts))]
    if first:
        return [MessagePassed(**queued.model_dump(), to=first)]
    said: dict[str, Any] = queued.model_dump(include=SAID)
    return [queued, MessageSuppressed(**said, code="SWITCHED_OFF", at=queued.at)]


def _first(queued: MessageQueued, facts: Facts) -> str:
    """The channel that has it first; "" where all are switched off. `record` stands for all of them."""
    if queued.channel != "record":
        return after((), rungs(queued.person, queued.category, queued.legal, facts), legal=False)
    wishes = None if queued.legal else facts.get(Wishes, queued.person)
    return "" if wishes is not None and f"{queued.category}:record" in wishes.off else "record"


def _instead(queued: MessageQueued, facts: Facts) -> list[Event]:
    """What becomes of the message instead of being sent now; a legal one is always sent, unless it may be old news."""
    if _stale(queued, facts):
        said: dict[str, Any] = queued.model_dump(include=SAID)
        return [MessageStale(**said, happened_at=queued.happened_at, at=queued.at)]
    wishes = None if queued.legal else facts.get(Wishes, queued.person)
    if wishes is not None and wishes.digest and queued.urgency != "high":
        known = queued.model_dump(include={"case", "person", "channel", "message", "template", "page", "values"})
        return [MessageGathered(**known, happened_at=queued.happened_at or queued.at)]
    return []


def _taken_over(state: Entry, event: MessagePassed, at: datetime, facts: Facts) -> list[Event]:
    """This channel's turn has come; one that had it already keeps what it has."""
    mine = message_id(event.event, event.person, event.to) == state.message
    if not mine or state.status not in ("new", "passed"):
        return []
    told: dict[str, Any] = event.model_dump(include=_TOLD) | {"message": state.message, "channel": event.to, "at": at}
    queued = MessageQueued(**told)
    return [queued, *(() if event.tried else _instead(queued, facts))]


def onward(state: Entry, code: str, at: datetime, facts: Facts) -> list[Event]:
    """To the next channel, once; a legal notice on paper at last."""
    if state.passed_to or state.channel == "record" or state.category in STAYS:
        return []
    tried = (*state.tried, state.channel)
    to = after(tried, rungs(state.person, state.category, state.legal, facts), state.legal)
    told: dict[str, Any] = state.model_dump(include=_TOLD) | {"tried": tried, "at": at}
    return [MessagePassed(**told, to=to, code=code)] if to else []


def on_paper(event: MessagePassed) -> bool:
    """True where no channel is left, so that the agency has to deliver it."""
    return event.to == PAPER


def long_ago(message: Message) -> datetime | None:
    """When an event was said, unless that was just now."""
    return None if message.said is None or message.time - message.said < FRESH else message.said


def _stale(queued: MessageQueued, facts: Facts) -> bool:
    """True where the event is older than the ledger, so that another ledger may have sent it."""
    if queued.happened_at is None:
        return False
    ledger = facts.get(Ledger, Ledger.ID)
    return ledger is not None and queued.happened_at < ledger.since
