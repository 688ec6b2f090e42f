"""What agencies offer at the public door and the registry cannot take, with all the reasons. Pure."""

from collections.abc import Iterable

from services.registry.domain.texts import remedy
from shared.contracts.offers import OfferReason, VacancyOfferRefused
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message


class Door(Frozen):
    """One record that could not be read as an offer; told once."""

    refused: VacancyOfferRefused | None = None


class RefuseOffer(Command):
    """A record at the door is no offer; `reasons` are the codes by field."""

    agency: str
    offer: str
    reference: str = ""
    reasons: tuple[tuple[str, str], ...]


def reasons_of(pairs: Iterable[tuple[str, str]]) -> tuple[OfferReason, ...]:
    """Reasons with their remedies, from (field, code)."""
    return tuple(OfferReason(field=field, code=code, remedy=remedy(code)) for field, code in pairs)


def _decide(state: Door, message: Message, _facts: Facts) -> list[Event]:
    match message.body:
        case RefuseOffer() as command if state.refused is None:
            return [
                VacancyOfferRefused(
                    agency=command.agency,
                    offer=command.offer,
                    reference=command.reference,
                    reasons=reasons_of(command.reasons),
                )
            ]
    return []


def _evolve(state: Door, event: Event) -> Door:
    return state.model_copy(update={"refused": event})


DOORS: Decider[Door] = Decider("doors", Door, lambda _id: Door(), _decide, _evolve, register=True)
