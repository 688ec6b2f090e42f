"""Digests: what is gathered for a person on a channel, told once a day or week at their hour in their zone. Pure.

The hour is a timer of the aggregate, so it stands in the database. Nothing urgent and no legal notice comes here. A
register: it hears of many messages, so it finds repeats in its own state.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from services.notification.domain.facts import Particulars, Wishes
from shared.contracts.digests import DigestDue, DigestGrown, DigestItem, MessageGathered
from shared.kernel.calendar import Zone
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, Timer, TimerDue

# A digest with so many items does not wait; as many that were told are remembered, for repeats.
LARGEST = 100
HOUR, WEEK = "07:30", 7


class Digest(Frozen):
    """What was gathered since the last digest; `due` when there is anything."""

    digest: str
    person: str = ""
    channel: str = ""
    number: int = 1
    items: tuple[DigestItem, ...] = ()
    due: datetime | None = None
    told: tuple[str, ...] = ()


def digest_id(person: str, channel: str) -> str:
    """One per person and channel."""
    return f"digest:{person}:{channel}"


def initial(id: str) -> Digest:
    """Nothing gathered."""
    return Digest(digest=id)


def next_hour(wishes: Wishes, zone: Zone, now: datetime) -> datetime:
    """The person's hour that comes next: today's or tomorrow's; of a weekly digest, Monday's."""
    local = now.astimezone(zone.info)
    at = datetime.combine(local.date(), time.fromisoformat(wishes.digest_at or HOUR), zone.info)
    if wishes.digest == "weekly":
        at += timedelta(days=-at.weekday() % WEEK)
    step = timedelta(days=WEEK if wishes.digest == "weekly" else 1)
    return at if at > local else at + step


def decide(state: Digest, message: Message, facts: Facts) -> list[Event]:
    """Gather; tell when the hour has come or the digest is full."""
    match message.body:
        case MessageGathered() as event:
            return _gather(state, event, message, facts)
        case TimerDue():
            return [_due(state, state.items)]
    return []


def _gather(state: Digest, event: MessageGathered, message: Message, facts: Facts) -> list[Event]:
    if event.message in state.told or any(item.message == event.message for item in state.items):
        return []
    facts.want((Wishes, event.person), (Particulars, event.person))
    wishes, known = facts.get(Wishes, event.person) or Wishes(), facts.get(Particulars, event.person)
    due = state.due or next_hour(wishes, Zone[known.zone if known else "WIB"], message.time)
    item = DigestItem.model_validate(event.model_dump(include=set(DigestItem.model_fields)))
    grown = DigestGrown(digest=state.digest, person=event.person, channel=event.channel, item=item, due=due)
    full = len(state.items) + 1 >= LARGEST
    return [grown, _due(evolve(state, grown), (*state.items, item))] if full else [grown]


def _due(state: Digest, items: tuple[DigestItem, ...]) -> DigestDue:
    known = state.model_dump(include={"digest", "person", "channel", "number"})
    return DigestDue(**known, count=len(items), items=items)


def evolve(state: Digest, event: Event) -> Digest:
    """The digest after one of its own events."""
    match event:
        case DigestGrown():
            known = event.model_dump(include={"person", "channel", "due"})
            return state.model_copy(update={**known, "items": (*state.items, event.item)})
        case DigestDue():
            told = (*state.told, *(item.message for item in event.items))[-LARGEST:]
            return state.model_copy(update={"items": (), "due": None, "number": event.number + 1, "told": told})
    return state


def timers(state: Digest) -> tuple[Timer, ...]:
    """The hour of the digest that is being gathered."""
    return (Timer(f"digest-{state.number}", state.due, "digest"),) if state.due else ()


def answer(state: Digest) -> Mapping[str, Any]:
    """How much waits, until when."""
    return {"items": len(state.items), "due": state.due}


DIGESTS = Decider("digests", Digest, initial, decide, evolve, timers=timers, answer=answer, register=True)
