"""Who a login is: local copies of `account.linked` and of the offices a person holds. Never read from the token."""

from collections.abc import Mapping
from typing import ClassVar

from shared.kernel.decider import Actor, Fact, Office


class Account(Fact):
    """The person a login belongs to."""

    KIND: ClassVar[str] = "account"
    person: str


class Offices(Fact):
    """All offices a person holds."""

    KIND: ClassVar[str] = "offices"
    offices: tuple[Office, ...]


def actor_of(login: str, facts: Mapping[tuple[str, str], Fact | None], admin: bool) -> Actor:
    """The actor of a login from the loaded facts."""
    account = facts.get((Account.KIND, login))
    person = account.person if isinstance(account, Account) else ""
    held = facts.get((Offices.KIND, person))
    return Actor(login=login, person=person, admin=admin, offices=held.offices if isinstance(held, Offices) else ())
