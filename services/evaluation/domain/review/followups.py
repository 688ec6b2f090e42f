"""What follows when a move did not bring what was expected: somebody finds out why. Pure.

Source: domain needs J10 (a shortfall opens a follow-up with a cause), B16 and J16 (the next plan is told).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from services.evaluation.domain.review.form import form
from shared.contracts.reviews import FollowUpClosed, FollowUpOpened, ReviewCompleted, Verdict
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused

SHORT: tuple[Verdict, ...] = ("partly", "not_reached")
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class OpenFollowUp(Command):
    """Open one from a look at several moves together: title, where, what was expected, and the figures it rests on."""

    agency: Annotated[str, Field(min_length=1, max_length=120)]
    unit: Annotated[str, Field(max_length=120)] = ""
    title: Words
    months: Annotated[int, Field(ge=1, le=60)]
    expected_result: Words
    cases: Annotated[tuple[str, ...], Field(min_length=1, max_length=2000)]
    verdict: Verdict
    basis: Mapping[str, str]


class CloseFollowUp(Command):
    """Name the cause by its code, and what was found."""

    cause: str
    finding: Words


class FollowUp(Frozen):
    """One follow-up (tindak lanjut)."""

    follow_up: str
    status: Literal["new", "open", "closed"] = "new"
    agency: str = ""
    unit: str = ""
    title: str = ""
    months: int = 0
    verdict: Verdict | None = None
    expected_result: str = ""
    cases: tuple[str, ...] = ()
    basis: Mapping[str, str] = {}
    cause: str = ""
    finding: str = ""
    closed_by: str = ""


def follow_up_id(case: str, months: int) -> str:
    """Id of the follow-up of one review."""
    return f"f:{case}:{months}"


def _reviewed(state: FollowUp, review: ReviewCompleted) -> list[Event]:
    if state.status != "new" or review.verdict not in SHORT:
        return []
    told = review.model_dump(include={"agency", "unit", "months", "verdict", "expected_result"})
    whose = {"title": review.case, "case": review.case, "person": review.person, "cases": (review.case,)}
    basis = {"heard": ", ".join(review.heard)}
    return [FollowUpOpened.model_validate({**_head(state), **told, **whose, "basis": basis})]


def _open(state: FollowUp, command: OpenFollowUp, message: Message) -> list[Event]:
    if state.status != "new":
        raise Refused("FOLLOW_UP_EXISTS")
    if command.verdict not in SHORT:
        raise Refused("NOTHING_SHORT", verdict=command.verdict)
    whose = {"case": command.cases[0], "by": _by(message)}
    return [FollowUpOpened.model_validate({**_head(state), **command.model_dump(), **whose})]


def _close(state: FollowUp, command: CloseFollowUp, message: Message) -> list[Event]:
    if state.status != "open":
        raise Refused("FOLLOW_UP_CLOSED")
    if command.cause not in form().causes:
        raise Refused("CAUSE_UNKNOWN", status=422, where="cause", causes=", ".join(form().causes))
    closed = command.model_dump()
    return [FollowUpClosed(follow_up=state.follow_up, agency=state.agency, **closed, by=_by(message))]


def _head(state: FollowUp) -> Mapping[str, str]:
    return {"follow_up": state.follow_up, "office": form().offices.follow_up}


def _by(message: Message) -> str:
    return message.actor.login if message.actor else ""


def _decide(state: FollowUp, message: Message, _facts: Facts) -> list[Event]:
    match message.body:
        case ReviewCompleted() as review:
            return _reviewed(state, review)
        case OpenFollowUp() as command:
            return _open(state, command, message)
        case CloseFollowUp() as command:
            return _close(state, command, message)
    return []


def _evolve(state: FollowUp, event: Event) -> FollowUp:
    match event:
        case FollowUpOpened():
            fields = (set(FollowUp.model_fields) & set(FollowUpOpened.model_fields)) - {"follow_up"}
            return state.model_copy(update={"status": "open", **{name: getattr(event, name) for name in fields}})
        case FollowUpClosed():
            told = {"cause": event.cause, "finding": event.finding, "closed_by": event.by}
            return state.model_copy(update={"status": "closed", **told})
    return state


def _shown(state: FollowUp) -> Mapping[str, Any]:
    return state.model_dump(mode="json", exclude={"follow_up"})


FOLLOW_UPS = Decider(
    name="follow_ups",
    state=FollowUp,
    initial=lambda id: FollowUp(follow_up=id),
    decide=_decide,
    evolve=_evolve,
    answer=_shown,
)
