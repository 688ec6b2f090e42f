"""What a person wants to be told: per category and channel, quiet hours, language. Pure.

A category with a legal notice in it cannot be switched off: the duty to inform does not end with the reader's wish
(`policy_events.yaml` names its basis).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Literal

from services.notification.domain.facts import Contacts, Wishes
from services.notification.domain.ladder import CHANNELS
from services.notification.domain.links import Follow, followed, remembered
from services.notification.domain.rules import rules
from shared.contracts.digests import LinkFollowed
from shared.contracts.notification import PreferencesChanged
from shared.kernel.calendar import Zone
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class ChangePreferences(Command):
    """All of them anew. Times as "HH:MM" in the person's own zone; both empty: no quiet hours. `digest` tells what can
    wait once a day, or on Mondays, at `digest_at` ("" is 07:30). `channels` are tried in their order, e-mail last where
    it is not named; each must be verified."""

    off: tuple[str, ...] = ()
    quiet_from: str = ""
    quiet_until: str = ""
    language: Literal["", "id", "en"] = ""
    digest: Literal["", "daily", "weekly"] = ""
    digest_at: str = ""
    channels: tuple[str, ...] = ()


class Preferences(Frozen):
    """One person's."""

    person: str
    wishes: Wishes = Wishes()
    used: Mapping[str, datetime] = {}  # links of mails that were followed, until they expire


def initial(id: str) -> Preferences:
    """Everything on, no quiet hours."""
    return Preferences(person=id)


def categories() -> Mapping[str, bool]:
    """Every category of the policy, and whether it may be switched off."""
    found: dict[str, bool] = {}
    # A digest, and the answer to what the person just did, are no categories of their own.
    for row in (row for row in rules().tell if row.to != "digest" and not row.channel):
        found[row.category] = found.get(row.category, True) and not row.legal
    return found


def switchable(category: str, channel: str) -> tuple[str, ...]:
    """What the link of such a message may switch off: its own category, unless a legal notice is in it."""
    return (f"{category}:{channel}",) if categories().get(category) else ()


def decide(state: Preferences, message: Message, facts: Facts) -> list[Event]:
    """Take what is possible; refuse to switch off what must be told."""
    match message.body:
        case ChangePreferences() as command:
            return _change(state, command, facts)
        case Follow() as follow:
            return _follow(state, follow, message)
    return []


def _change(state: Preferences, command: ChangePreferences, facts: Facts) -> list[Event]:
    for where, fault in (*_faults(command), *_unverified(command, facts.get(Contacts, state.person))):
        raise Refused(fault, status=422, where=where)
    wishes = Wishes(**command.model_dump(exclude={"off"}), off=tuple(sorted(set(command.off))))
    return _wished(state, wishes)


def _follow(state: Preferences, follow: Follow, message: Message) -> list[Event]:
    used = followed(state.used, follow, state.person, message)
    before, what = set(state.wishes.off), set(follow.what)
    off = before | what if follow.act == "off" else before - what
    return [used, *_wished(state, state.wishes.model_copy(update={"off": tuple(sorted(off))}))]


def _wished(state: Preferences, wishes: Wishes) -> list[Event]:
    return [] if wishes == state.wishes else [PreferencesChanged(person=state.person, **wishes.model_dump())]


def _faults(command: ChangePreferences) -> Iterator[tuple[str, str]]:
    known = categories()
    for one in command.off:
        category, _, channel = one.partition(":")
        if category not in known or channel not in CHANNELS:
            yield "off", "NO_SUCH_PREFERENCE"
        elif not known[category]:
            yield "off", "LEGAL_NOTICE"
    times = {"quiet_from": command.quiet_from, "quiet_until": command.quiet_until}
    for where, said in times.items():
        if bool(said) != any(times.values()) or (said and not _TIME.fullmatch(said)):
            yield where, "BAD_TIME"
    if command.digest_at and not _TIME.fullmatch(command.digest_at):
        yield "digest_at", "BAD_HOUR"


def _unverified(command: ChangePreferences, contacts: Contacts | None) -> Iterator[tuple[str, str]]:
    known = {"email", *(contacts.verified if contacts else ())}
    if len(set(command.channels)) < len(command.channels):
        yield "channels", "NO_SUCH_PREFERENCE"
    elif not known.issuperset(command.channels):
        yield "channels", "NOT_VERIFIED"


def evolve(state: Preferences, event: Event) -> Preferences:
    """After one of its own events."""
    match event:
        case PreferencesChanged():
            return state.model_copy(update={"wishes": Wishes.model_validate(event.model_dump(exclude={"person"}))})
        case LinkFollowed():
            return state.model_copy(update={"used": remembered(state.used, event)})
    return state


def answer(state: Preferences) -> Mapping[str, Any]:
    """The wishes, and the matrix they stand in: a locked row cannot be switched off."""
    rows = [
        {"category": name, "channel": channel, "on": f"{name}:{channel}" not in state.wishes.off, "locked": not free}
        for name, free in categories().items()
        for channel in CHANNELS
        if channel != "record"
    ]
    return {**state.wishes.model_dump(mode="json"), "rows": rows}


def quiet_for(wishes: Wishes, zone: Zone, now: datetime) -> float:
    """Seconds until this person's quiet hours end; 0 outside of them. They may span midnight."""
    if not wishes.quiet_from:
        return 0.0
    local = now.astimezone(zone.info)
    begin, end = (time.fromisoformat(said) for said in (wishes.quiet_from, wishes.quiet_until))
    at = local.time()
    inside = begin <= at < end if begin <= end else at >= begin or at < end
    if not inside:
        return 0.0
    until = datetime.combine(local.date(), end, zone.info)
    return ((until if until > local else until + timedelta(days=1)) - local).total_seconds()


PREFERENCES = Decider("preferences", Preferences, initial, decide, evolve, answer=answer)
