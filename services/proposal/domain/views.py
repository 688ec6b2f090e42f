"""Who looked at a restricted document, and why (UU 27/2022): one register per case, whose journal only grows.

A look is written here before a byte of the file goes out. The state keeps the newest for reading; the journal of the
aggregate, hash-chained as every journal, keeps all (`mutasi audit verify`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.proposal.domain.commands import LookAt
from shared.contracts.documents import DocumentOpened
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, Refused

KEPT = 200
PREFIX = "w:"


def views_of(case: str) -> str:
    """Id of the register of a case's looks."""
    return f"{PREFIX}{case}"


class View(Frozen):
    """One look."""

    document: int
    kind: str
    by: str
    reason: str
    at: datetime


class Views(Frozen):
    """The looks at the restricted documents of a case: how many, and the newest of them."""

    case: str
    total: int = 0
    newest: tuple[View, ...] = ()


def make_views() -> Decider[Views]:
    """The decider of such registers."""
    return Decider(
        name="views",
        state=Views,
        initial=lambda id: Views(case=id.removeprefix(PREFIX)),
        decide=_decide,
        evolve=_evolve,
        answer=_answer,
    )


def _decide(state: Views, message: Message, _facts: Facts) -> list[Event]:
    body, actor = message.body, message.actor
    if not isinstance(body, LookAt):
        return []
    if actor is None or not actor.person:
        raise Refused("ACCOUNT_NOT_LINKED", status=403)
    if actor.person != body.person and not body.reason:
        raise Refused("REASON_NEEDED", status=422, where="reason")
    about = {"case": state.case, "by": actor.person, "at": message.time}
    return [DocumentOpened.model_validate({**about, **body.model_dump()})]


def _evolve(state: Views, event: Event) -> Views:
    view = View.model_validate(event.model_dump())
    return state.model_copy(update={"total": state.total + 1, "newest": (*state.newest, view)[-KEPT:]})


def _answer(state: Views) -> Mapping[str, Any]:
    return state.model_dump(mode="json")
