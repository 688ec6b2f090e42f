"""What an agency's own system is told when its offer of a vacancy is refused."""

from collections.abc import Mapping
from typing import ClassVar

from shared.kernel.decider import Event, Frozen


class OfferReason(Frozen):
    """One reason why an agency's offer was refused: the field it is about, the rule, and how to mend it (id, en)."""

    field: str
    code: str
    remedy: Mapping[str, str] = {}


class VacancyOfferRefused(Event):
    """An agency's own system offered a vacancy that cannot be published; all reasons at once.

    `offer` is the CloudEvents id of the offer, or the place of its record where it had none.
    """

    TYPE: ClassVar[str] = "mutasi.vacancy.offer_refused.v1"
    KEY: ClassVar[str] = "offer"
    TOPIC: ClassVar[str] = "mutasi.agency.{agency}.refused"
    agency: str
    offer: str
    reference: str = ""
    reasons: tuple[OfferReason, ...]


EVENTS = (VacancyOfferRefused,)
