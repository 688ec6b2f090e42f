"""What a link in a mail may do, and that it does so once. Pure.

Mail scanners follow every link, so following one changes nothing: its page asks, and only the answer is a command.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from shared.contracts.digests import LinkFollowed
from shared.kernel.decider import Command, Message, Refused

Act = Literal["off", "on", "seen"]


class Follow(Command):
    """A link of this message switches categories ("category:channel") off, or on again."""

    message: str
    act: Literal["off", "on"]
    what: tuple[str, ...]
    until: datetime


def link_id(message: str, act: Act) -> str:
    """One link of each kind per message; no dots in it."""
    return f"{message.removeprefix('m:')}-{act}"


def followed(used: Mapping[str, datetime], follow: Follow, person: str, message: Message) -> LinkFollowed:
    """The event that uses the link up. Raises Refused LINK_USED, LINK_EXPIRED."""
    link = link_id(follow.message, follow.act)
    if link in used:
        raise Refused("LINK_USED", status=410)
    if follow.until <= message.time:
        raise Refused("LINK_EXPIRED", status=410)
    said = follow.model_dump(include={"message", "act", "what", "until"})
    return LinkFollowed(person=person, link=link, at=message.time, **said)


def remembered(used: Mapping[str, datetime], event: LinkFollowed) -> dict[str, datetime]:
    """The links that were used and could still be read: an expired one is refused anyway."""
    return {link: until for link, until in used.items() if until > event.at} | {event.link: event.until}
