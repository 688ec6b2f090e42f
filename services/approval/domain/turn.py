"""What one decision about an approval case sees."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from services.approval.domain.chain import Chains
from services.approval.domain.facts import Agency
from services.approval.domain.state import Case
from shared.kernel.calendar import Calendar, Zone
from shared.kernel.decider import Actor, Facts, Message, Refused

Calendars = Callable[[Zone, date], Calendar]


@dataclass(frozen=True, slots=True)
class Turn:
    """The state, the message, the facts, the chains and the calendars."""

    state: Case
    message: Message
    facts: Facts
    chains: Chains
    calendars: Calendars

    @property
    def actor(self) -> Actor:
        """Who acts. Raises Refused ACCOUNT_NOT_LINKED for a login that is nobody's."""
        actor = self.message.actor
        if actor is None or not actor.person:
            raise Refused("ACCOUNT_NOT_LINKED", status=403)
        return actor

    def zone(self, agency: str) -> Zone:
        """Time zone of an agency. Raises NotYet while it is not known."""
        return Zone[self.facts.need(Agency, agency).zone]

    def today(self, zone: Zone) -> date:
        """The day of the message in a zone."""
        return self.message.time.astimezone(zone.info).date()

    def deadline(self, zone: Zone, working_days: int, since: datetime | None = None) -> datetime:
        """End of the last working day of a term that begins now or at `since`, in the receiver's zone (R57), as UTC.

        The holidays are those known today.
        """
        calendar = self.calendars(zone, self.today(zone))
        return calendar.deadline(since or self.message.time, working_days).astimezone(UTC)

    def left(self, zone: Zone, due: datetime) -> int:
        """Working days after today up to the day of a deadline; 0 when it has passed."""
        return self.calendars(zone, self.today(zone)).count(self.today(zone), due.astimezone(zone.info).date())
