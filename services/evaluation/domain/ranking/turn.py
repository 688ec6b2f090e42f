"""What one decision about a ranking sees, and what it can make of it. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from services.evaluation.domain.ranking.order import ranked
from services.evaluation.domain.ranking.setting import setting
from services.evaluation.domain.ranking.state import Ranking
from services.evaluation.domain.ruleset import Ruleset, edition
from shared.contracts.ranking import RankingEscalated, RankingPublished
from shared.kernel.calendar import Zone, indonesia
from shared.kernel.decider import Event, Facts, Message, Office, Refused, judged_on


@dataclass(frozen=True, slots=True)
class Turn:
    """The message, the facts and the rules of one decision."""

    message: Message
    facts: Facts
    ruleset: Ruleset

    @property
    def person(self) -> str:
        """Who acts."""
        return self.message.actor.person if self.message.actor else ""

    def office(self, state: Ranking) -> Office:
        """The office by which the caller decides, at the agency of the vacancy. Raises Refused OFFICE_NEEDED."""
        actor, today = self.message.actor, judged_on(self.message.time)
        place = state.placement
        for held in actor.offices if actor and place else ():
            current = held.since <= today and (held.until is None or today < held.until)
            if place and current and held.office in setting().offices and held.agency == place.agency:
                return held
        raise Refused("OFFICE_NEEDED", status=403, offices=", ".join(setting().offices))

    def deadline(self, state: Ranking, days: int) -> datetime:
        """End of the last of so many working days where the vacancy is (R57), as UTC."""
        zone = Zone[state.zone]
        calendar = indonesia(zone, self._today(zone))
        return calendar.deadline(self.message.time, days).astimezone(UTC)

    def _today(self, zone: Zone) -> date:
        return self.message.time.astimezone(zone.info).date()

    def escalated(self, state: Ranking) -> list[Event]:
        """Nobody chose in time: who is told now, and by when they are to see to it."""
        place, late = state.placement, setting().late
        if state.status != "published" or state.due is None or place is None:
            return []
        about = {"vacancy": state.vacancy, "version": state.version, "late": state.due}
        desk = {"office": late.office, "agency": place.agency, "unit": ""}
        return [RankingEscalated.model_validate({**about, **desk, "due": self.deadline(state, late.days)})]

    def published(self, state: Ranking) -> RankingPublished:
        """The next version of the order, under the tie-break in force today."""
        place = state.placement
        if place is None:
            raise ValueError(f"{state.vacancy} was never opened")
        tie_break = edition(self.ruleset, self._today(Zone[state.zone]), place.agency).scoring.tie_break
        present = {id: one for id, one in state.entries.items() if state.gone.get(id, 0) < one.attempt}
        lines = ranked(state.vacancy, present, tie_break)
        last = lines[: state.quota][-1:]
        return RankingPublished(
            vacancy=state.vacancy,
            placement=place,
            title=state.title,
            version=state.version + 1,
            quota=state.quota,
            cutoff=last[0].score if last else 0,
            tie_break=tie_break,
            lines=lines,
            office=setting().offices[0],
            agency=place.agency,
            unit="",
            due=state.due or self.deadline(state, setting().days),
        )
