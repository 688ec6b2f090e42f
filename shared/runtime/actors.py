"""Who a login is: local copies of `account.linked` and of the offices a person holds. Never read from the token."""

from collections.abc import Iterable, Mapping
from typing import ClassVar, Protocol

from shared.kernel.decider import Actor, Event, Fact, Office
from shared.runtime.service import Learn, Routes, To


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


class _Linked(Protocol):
    person: str
    login: str


class _Holds(Protocol):
    person: str
    offices: tuple[Office, ...]


def learn_actors(routes: Routes, linked: type[Event], *holds: type[Event]) -> None:
    """Let a service know who a login is and what a person holds: its policy is judged by these copies."""

    @routes.on(linked)
    def account(event: _Linked) -> Iterable[To | Learn]:
        yield Learn(Account, event.login, Account(person=event.person))

    @routes.on(*holds)
    def offices(event: _Holds) -> Iterable[To | Learn]:
        yield Learn(Offices, event.person, Offices(offices=event.offices))
