"""What the person concerned and the authority may want about an objection. Pure."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.approval.domain.decrees.commands import Reason
from shared.kernel.decider import Command

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]


class FileObjection(Command):
    """Object to a decree (mengajukan keberatan): why, and the hashes of the documents that show it."""

    grounds: Reason
    documents: Annotated[tuple[Sha256, ...], Field(max_length=20)] = ()


class AnswerObjection(Command):
    """Decide an objection. A granted one is carried out: the register of decrees revokes the decree."""

    outcome: Literal["granted", "rejected"]
    reason: Reason


class RecordCourt(Command):
    """What the administrative court (PTUN) was asked or has decided, as a fact with the number of the file."""

    court: Words
    number: Words
    step: Literal["filed", "upheld", "annulled", "withdrawn"]
    on: date
