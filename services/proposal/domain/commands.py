"""What a caller may want of a case."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.kernel.decider import Command

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LAST = 10_000
Number = Annotated[int, Field(ge=1, le=LAST)]
Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


class Wish(Command):
    """What is wished: which seat, why, and what the move is expected to bring (checked after the move)."""

    vacancy: Id
    purpose: Text
    expected_result: Text
    reason: Text
    consent: bool = False


class Draft(Wish):
    """Begin a proposal: one's own request (permintaan sendiri), or the agency's for somebody (dinas)."""

    initiative: Literal["own", "agency"] = "own"
    person: Annotated[str, Field(max_length=200)] = ""


class Revise(Wish):
    """Change a draft or a returned file; the whole wish is given anew."""


class Submit(Command):
    """Hand the file in, or in again after a return. `consent` may still be given here."""

    consent: bool = False


class Withdraw(Command):
    """Take the proposal back (tarik), with the reason."""

    reason: Text


class Contest(Command):
    """The person asks for a human to look at what the system refused, and says why."""

    reason: Text


class DecideContest(Command):
    """A human's answer. `rules` are those about which they decide against the system, where they reopen the case."""

    decision: Literal["uphold", "reopen"]
    reason: Text
    rules: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=60)], ...], Field(max_length=40)] = ()


class Announce(Command):
    """Tell the person of what the agency proposes: what they gain, and the training that goes with it."""

    benefit: Text
    training: Text


class Agree(Command):
    """The person agrees with the agency's proposal."""


class RaiseConcern(Command):
    """The person says what worries them (kekhawatiran)."""

    text: Text


class AnswerConcern(Command):
    """An office answers a concern, by its number from 1."""

    concern: Annotated[int, Field(ge=1)]
    answer: Text


class ProposeTalk(Command):
    """Either side asks for a talk (dialog) between an official and the person."""

    on: date
    about: Text


class ConfirmTalk(Command):
    """Either side says that the talk of this number, from 1, was held."""

    talk: Annotated[int, Field(ge=1)]


class NameDocument(Command):
    """Name a stored file as a document of the case: its kind, and number and date where the kind has them. `task` is
    the approver's task that it is attached to."""

    kind: Annotated[str, Field(pattern=r"^[a-z_]{3,40}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    issued_on: date | None = None
    task: Annotated[str, Field(max_length=200)] = ""


class FileDocument(NameDocument):
    """The same, with what was found when the file was stored."""

    media: str
    size: int


class Verdict(Command):
    """A verifier accepts a document, or says why not; `before` is the verdict that they know of, where they say so."""

    accepted: bool
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    before: Literal["", "accepted", "rejected"] | None = None


class CheckDocument(Verdict):
    """The same, of the document of this number."""

    document: Number


class RemoveDocument(Command):
    """Take a document out again."""

    document: Number


class LookAt(Command):
    """Look at a restricted document of this person; anybody but them says why."""

    person: str
    document: Number
    kind: str
    reason: Why = ""
