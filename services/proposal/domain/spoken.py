"""What an agency's proposal was told to the person with, and what was said since: a part of the case's state."""

from collections.abc import Mapping
from datetime import date, datetime

from shared.contracts.registry import Placement
from shared.contracts.voice import (
    ConcernAnswered,
    ConcernRaised,
    ProposalAgreed,
    ProposalAnnounced,
    TalkConfirmed,
    TalkProposed,
)
from shared.kernel.decider import Event, Frozen

SPOKEN = ProposalAnnounced | ConcernRaised | ConcernAnswered | TalkProposed | TalkConfirmed | ProposalAgreed


class Concern(Frozen):
    """What worries the person, and the answer."""

    text: str
    answer: str = ""
    answered_by: str = ""


class Talk(Frozen):
    """A talk between an official and the person; held when both confirmed it."""

    by: str
    on: date
    about: str
    official: str = ""
    person: bool = False

    @property
    def held(self) -> bool:
        """Both said so."""
        return self.person and bool(self.official)


class Voice(Frozen):
    """What the person was told and what was said since. `until` ends the time they have at least."""

    target: Placement
    benefit: str
    training: str
    until: datetime
    agreed: bool = False
    concerns: tuple[Concern, ...] = ()
    talks: tuple[Talk, ...] = ()


def spoken(voice: Voice | None, person: str, event: Event) -> Voice | None:
    """What is on record after the event."""
    if isinstance(event, ProposalAnnounced):
        told = event.model_dump(include={"benefit", "training", "until"})
        return Voice(target=event.content.target, **told)
    return voice and voice.model_copy(update=_said(voice, person, event))


def _said(voice: Voice, person: str, event: Event) -> dict[str, object]:
    match event:
        case ConcernRaised():
            return {"concerns": (*voice.concerns, Concern(text=event.text))}
        case ConcernAnswered():
            answer = {"answer": event.answer, "answered_by": event.by}
            return {"concerns": _changed(voice.concerns, event.concern, answer)}
        case TalkProposed():
            return {"talks": (*voice.talks, Talk(by=event.by, on=event.on, about=event.about))}
        case TalkConfirmed():
            said: dict[str, object] = {"person": True} if event.by == person else {"official": event.by}
            return {"talks": _changed(voice.talks, event.talk, said)}
    return {"agreed": True}


def _changed(rows: tuple[Frozen, ...], number: int, update: Mapping[str, object]) -> tuple[Frozen, ...]:
    """The row of that number, from 1, changed."""
    return tuple(row.model_copy(update=update) if n == number else row for n, row in enumerate(rows, 1))
