"""Which channel gets a message first, and which one after it. Pure.

What a person chose comes first, e-mail where they did not say otherwise, and for a legal notice paper at last.
"""

from collections.abc import Sequence
from datetime import timedelta

from services.notification.domain.facts import Contacts, Wishes
from services.notification.domain.rules import rules
from shared.kernel.decider import Facts

CHAT = ("matrix", "telegram", "whatsapp", "apprise")
CHANNELS = ("email", *CHAT, "record")
PAPER = "paper"


def rungs(person: str, category: str, legal: bool, facts: Facts) -> tuple[str, ...]:
    """The channels for a message to this person, in their order; empty where they switched all of them off."""
    facts.want((Wishes, person), (Contacts, person))
    wishes, contacts = facts.get(Wishes, person) or Wishes(), facts.get(Contacts, person) or Contacts()
    chosen = [name for name in wishes.channels if name == "email" or name in contacts.verified]
    if "email" not in chosen:
        chosen.append("email")
    return tuple(name for name in chosen if legal or f"{category}:{name}" not in wishes.off)


def after(tried: Sequence[str], ladder: Sequence[str], legal: bool) -> str:
    """Where it goes next; "" when a message that is no legal notice has been tried everywhere."""
    return next((name for name in ladder if name not in tried), PAPER if legal else "")


def patience(channel: str) -> timedelta | None:
    """How long a legal notice may stay undelivered there; None for a channel that is not waited for."""
    fallback = rules().fallback
    return None if channel == "record" else timedelta(hours=fallback.hours)


def confirms(channel: str) -> bool:
    """True where the provider tells of the delivery, so that having taken the message is not enough."""
    return channel in rules().fallback.confirmed
