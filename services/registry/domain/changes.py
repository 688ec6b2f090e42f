"""What may be changed of a published vacancy, by hand or by the agency's own program, and how a refusal tells all that
is wrong. Pure."""

from typing import Literal

from services.registry.domain.values import Day, Quota, Text
from shared.kernel.decider import Command, Refused

Act = Literal["amend", "close", "cancel"]


class AmendVacancy(Command):
    """Change how many seats, until when, or what for; what is left out stays. What the post demands is not offered for
    change: no field names it."""

    quota: Quota | None = None
    closes_on: Day | None = None
    purpose: Text | None = None
    reason: Text


class CloseVacancy(Command):
    """Let nobody else apply from now on; who applied in time goes on."""

    reason: Text


class CancelVacancy(Command):
    """Take the vacancy back, with the reason."""

    reason: Text


ChangeVacancy = AmendVacancy | CloseVacancy | CancelVacancy


class AskChange(Command):
    """The same from an agency's own system: answered by an event, never refused to its face."""

    agency: str
    offer: str
    reference: str
    act: Act
    wanted: AmendVacancy

    @property
    def change(self) -> ChangeVacancy:
        """The command by hand that asks for the same."""
        if self.act == "amend":
            return self.wanted
        return (CloseVacancy if self.act == "close" else CancelVacancy)(reason=self.wanted.reason)


class Faulty(Refused):
    """A refusal with everything that is wrong, as (field, code); the first gives it its name."""

    def __init__(self, found: list[tuple[str, str]], status: int = 422) -> None:
        where, code = found[0]
        super().__init__(code, where=where, status=status, reasons=[f"{field}: {code}" for field, code in found])
        self.found = tuple(found)


def found_in(refusal: Refused) -> tuple[tuple[str, str], ...]:
    """What a refusal says is wrong, as (field, code)."""
    return refusal.found if isinstance(refusal, Faulty) else ((refusal.where or "reference", refusal.code),)
