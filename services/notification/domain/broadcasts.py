"""Broadcasts: one announcement to many, drafted, looked at as a dry run, released once, page by page. Pure.

Where the fan-out stands is in the aggregate, so a crash goes on with the page it was at; a person who comes twice meets
the same message, whose id is made of broadcast, person and channel.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from shared.contracts.broadcasts import Audience, BroadcastDone, BroadcastDrafted, BroadcastPage, BroadcastReleased
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused, Work, WorkDone

# Persons of one page: an event of its own.
PAGE = 50


class Draft(Command):
    """What is announced to whom, in both languages. Nothing is sent yet."""

    audience: Audience
    title_id: str = Field(min_length=5, max_length=100)
    title_en: str = Field(min_length=5, max_length=100)
    text_id: str = Field(min_length=1, max_length=5000)
    text_en: str = Field(min_length=1, max_length=5000)


class Release(Command):
    """Send it. `expected` is how many the dry run counted; `counted` how many there are now."""

    expected: int = Field(ge=1)
    counted: int = 0


class Broadcast(Frozen):
    """One announcement. `page` is the number of the page that is being fetched, `after` the last person told."""

    broadcast: str
    status: Literal["new", "draft", "sending", "done"] = "new"
    audience: Audience = Audience()
    words: Mapping[str, str] = {}
    page: int = 0
    after: str = ""
    told: int = 0
    by: str = ""


class Fetch(Frozen):
    """What the fan-out needs: whom to look for, after whom."""

    audience: Audience
    after: str


def initial(id: str) -> Broadcast:
    """Nothing drafted."""
    return Broadcast(broadcast=id)


def decide(state: Broadcast, message: Message, _facts: Facts) -> list[Event]:
    """Draft, release, and tell page after page."""
    match message.body:
        case Draft() as command:
            return _draft(state, command, message)
        case Release() as command:
            return _release(state, command, message)
        case WorkDone() as done if done.ok and state.status == "sending" and done.id == f"page-{state.page}":
            return _told(state, tuple(done.outcome["persons"]))
    return []


def _draft(state: Broadcast, command: Draft, message: Message) -> list[Event]:
    if state.status not in ("new", "draft"):
        raise Refused("BROADCAST_RELEASED", status=409)
    words = command.model_dump(exclude={"audience"})
    return [BroadcastDrafted(broadcast=state.broadcast, audience=command.audience, by=_by(message), **words)]


def _release(state: Broadcast, command: Release, message: Message) -> list[Event]:
    if state.status == "new":
        raise Refused("BROADCAST_UNKNOWN", status=404)
    if state.status != "draft":
        return []
    if command.expected != command.counted:
        raise Refused("AUDIENCE_CHANGED", status=409, expected=command.expected, counted=command.counted)
    return [BroadcastReleased(broadcast=state.broadcast, expected=command.expected, by=_by(message))]


def _told(state: Broadcast, persons: tuple[str, ...]) -> list[Event]:
    if not persons:
        return [BroadcastDone(broadcast=state.broadcast, told=state.told)]
    return [BroadcastPage(broadcast=state.broadcast, page=state.page, persons=persons, **state.words)]


def _by(message: Message) -> str:
    return (message.actor.person or message.actor.login) if message.actor else ""


def evolve(state: Broadcast, event: Event) -> Broadcast:
    """The broadcast after one of its own events."""
    return state.model_copy(update=_changes(state, event))


def _changes(state: Broadcast, event: Event) -> dict[str, Any]:
    match event:
        case BroadcastDrafted():
            words = event.model_dump(exclude={"broadcast", "audience", "by"})
            return {"status": "draft", "audience": event.audience, "words": words, "by": event.by}
        case BroadcastReleased():
            return {"status": "sending", "by": event.by}
        case BroadcastPage():
            told = state.told + len(event.persons)
            return {"page": event.page + 1, "after": event.persons[-1], "told": told}
        case BroadcastDone():
            return {"status": "done"}
    return {}


def work(state: Broadcast) -> tuple[Work, ...]:
    """The next page, while there may be one."""
    if state.status != "sending":
        return ()
    return (Work(f"page-{state.page}", "fan_out", Fetch(audience=state.audience, after=state.after)),)


def answer(state: Broadcast) -> Mapping[str, Any]:
    """What an operator sees."""
    return state.model_dump(mode="json", exclude={"broadcast", "after", "page"})


BROADCASTS = Decider("broadcasts", Broadcast, initial, decide, evolve, work=work, answer=answer)
