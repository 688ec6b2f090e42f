"""What a caller may want of a group."""

from typing import Annotated

from pydantic import Field

from services.proposal.domain.commands import Id, Text
from shared.kernel.decider import Command


class OpenGroup(Command):
    """Propose a ring (no vacancy): each takes the seat of the next one, the last that of the first.

    Or a chain: the first takes the vacancy, each next one the seat that the one before leaves.
    """

    people: Annotated[tuple[Id, ...], Field(min_length=2, max_length=50)]
    vacancy: Annotated[str, Field(max_length=200)] = ""
    purpose: Text
    expected_result: Text


class AcceptGroup(Command):
    """A member agrees, with the reason and the consent of an own request (persetujuan).

    `also`: members whose seats they would take as well, should somebody leave; "" is the seat of the vacancy.
    """

    reason: Text
    consent: bool = False
    also: Annotated[tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=50)] = ()


class DeclineGroup(Command):
    """A member does not agree, or no longer, before all have."""
