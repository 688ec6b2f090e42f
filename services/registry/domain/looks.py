"""Who looked at the restricted fields of a person's record, and why: one register per person, whose journal only grows.

A look is written down before anything is shown. The state keeps the newest for reading; the journal keeps all.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.registry.domain.values import Text
from shared.contracts.records import RecordOpened
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused

RESTRICTED = ("under_process",)
"""Fields of a profile about discipline (R13f, R50): shown to the person, and to offices that say why."""
KEPT = 200
PREFIX = "look:"


def looks_of(person: str) -> str:
    """Id of the register of a person's looks."""
    return f"{PREFIX}{person}"


class LookAt(Command):
    """Look at the restricted fields, for this reason."""

    reason: Text


class Look(Frozen):
    """One look."""

    by: str
    fields: tuple[str, ...]
    reason: str
    at: datetime


class Looks(Frozen):
    """How many there were, and the newest of them."""

    person: str
    total: int = 0
    newest: tuple[Look, ...] = ()


def _decide(state: Looks, message: Message, _facts: Facts) -> list[Event]:
    body, actor = message.body, message.actor
    if not isinstance(body, LookAt):
        return []
    if actor is None or not actor.person:
        raise Refused("ACCOUNT_NOT_LINKED", status=403)
    said = {"person": state.person, "by": actor.person, "fields": RESTRICTED, "reason": body.reason}
    return [RecordOpened.model_validate({**said, "at": message.time})]


def _evolve(state: Looks, event: Event) -> Looks:
    look = Look.model_validate(event.model_dump())
    return state.model_copy(update={"total": state.total + 1, "newest": (*state.newest, look)[-KEPT:]})


def _answer(state: Looks) -> Mapping[str, Any]:
    return state.model_dump(mode="json")


LOOKS: Decider[Looks] = Decider(
    "looks", Looks, lambda id: Looks(person=id.removeprefix(PREFIX)), _decide, _evolve, answer=_answer
)
