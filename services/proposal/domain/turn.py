"""What one decision sees, and who is asking."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from services.proposal.domain.facts import Agency
from services.proposal.domain.rules import Rules
from services.proposal.domain.state import Case
from shared.contracts.registry import Placement
from shared.kernel.calendar import Calendar, Zone
from shared.kernel.decider import Actor, Facts, Message, Refused
from shared.kernel.move import Home, MoveKind, kind_between

Calendars = Callable[[Zone, date], Calendar]


@dataclass(frozen=True, slots=True)
class Occasion:
    """The message, the facts, and the settings by which they are judged."""

    message: Message
    facts: Facts
    rules: Rules
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

    def today(self, agency: str) -> date:
        """The day of the message at that agency. Raises NotYet."""
        return self.message.time.astimezone(self.zone(agency).info).date()

    def deadline(self, agency: str, working_days: int) -> datetime:
        """End of the last of so many working days where the agency is (domain rule R57), as UTC. Raises NotYet."""
        calendar = self.calendars(self.zone(agency), self.today(agency))
        return calendar.deadline(self.message.time, working_days).astimezone(UTC)

    def kind_of_move(self, origin: Placement, target: Placement) -> MoveKind:
        """The kind, as the registry knows both agencies; nobody is believed about it. Raises NotYet."""
        if origin.agency == target.agency:
            return "one_agency"
        self.facts.want((Agency, origin.agency), (Agency, target.agency))
        return kind_between(self._home(origin.agency), self._home(target.agency))

    def _home(self, agency: str) -> Home:
        known = self.facts.need(Agency, agency)
        return Home(agency, known.kind, known.province)

    def may_speak(self, initiative: str, person: str, seat: Placement) -> None:
        """An own request is the person's alone; the agency's is for the offices of that seat's agency or unit.

        Raises Refused NOT_YOURS, OFFICE_NEEDED.
        """
        actor = self.actor
        if initiative == "own":
            if actor.person != person:
                raise Refused("NOT_YOURS", status=403, where="person")
            return
        if not self.proposes(seat):
            raise Refused("OFFICE_NEEDED", status=403, offices=[proposer.office for proposer in self.rules.proposers])

    def proposes(self, seat: Placement) -> bool:
        """True when the actor holds an office that may propose for that seat's unit or agency. Raises NotYet."""
        today, units = self.today(seat.agency), ("", seat.unit)
        return any(
            self.actor.holds(proposer.office, today, seat.agency, unit)
            for proposer in self.rules.proposers
            for unit in units
        )


def sponsor(origin: Placement, target: Placement) -> Placement:
    """The seat whose agency may propose the move: within an agency the one that is left, between agencies the one that
    is to be filled (PP 11/2017 ps 192(2): the receiving PPK proposes, that of origin consents)."""
    return origin if origin.agency == target.agency else target


@dataclass(frozen=True, slots=True)
class Turn(Occasion):
    """The same about one case."""

    state: Case
