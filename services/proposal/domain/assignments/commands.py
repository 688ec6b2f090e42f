"""What a caller may want of a temporary assignment."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.proposal.domain.commands import LAST, Id, Text
from shared.kernel.decider import Command

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Declared(Command):
    """The decree that declares the emergency."""

    number: Number
    dated: date
    issuer: Number
    sha256: Digest | Literal[""] = ""


class OrderAssignment(Command):
    """Send people of one unit to another at once; `missing` are the kinds of documents that each of them owes."""

    people: Annotated[tuple[Id, ...], Field(min_length=1, max_length=500)]
    agency: Id
    unit: Id
    basis: Declared
    ends_on: date
    purpose: Text
    expected_result: Text
    missing: Annotated[tuple[Name, ...], Field(max_length=20)] = ()


class NamePaper(Command):
    """Name a stored file as what is owed under this number: the paper, or an affidavit instead of a lost one."""

    n: Annotated[int, Field(ge=1, le=LAST)]
    kind: Literal["paper", "affidavit"]
    number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    dated: date
    sha256: Digest


class SettleDebt(NamePaper):
    """The same, with what was found when the file was stored."""

    media: str
    size: int


class ConvertAssignment(Command):
    """Propose an ordinary case for one of the people."""

    person: Id
    vacancy: Id
    reason: Text
    benefit: Text
    training: Text


class RecallPeople(Command):
    """End the assignment of these people before its term, with the reason."""

    people: Annotated[tuple[Id, ...], Field(min_length=1, max_length=500)]
    reason: Text
