"""What may be done against a decree and until when, as dated, cited data (R53). Pure."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.approval.domain.chain import BadChains, Cited, Word, sentences
from shared.contracts.objections import (
    RegimeTerm,
)
from shared.kernel.calendar import Calendar, Zone
from shared.kernel.decider import Frozen

LAST = time(23, 59, 59, 999_000)


class Regime(Cited):
    """One law of objections: working days to file, and for the authority to answer."""

    id: Word
    valid_from: date
    file_days: Annotated[int, Field(ge=1, le=250)]
    answer_days: Annotated[int, Field(ge=1, le=250)]


class Silence(Cited):
    """What it means that the authority did not answer in time."""

    meaning: Literal["recorded", "granted"]


class Court(Cited):
    """Calendar days to go to the administrative court (PTUN)."""

    days: Annotated[int, Field(ge=1, le=366)]


class Way(Frozen):
    """Until when one may file, by each regime and in all; the last moment is inside."""

    terms: tuple[RegimeTerm, ...]
    file_until: datetime
    court_until: date


class Remedies(BaseModel):
    """All of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    regimes: Annotated[tuple[Regime, ...], Field(min_length=1)]
    silence: Silence
    court: Court

    def way(self, told_on: date, zone: Zone, calendar: Calendar) -> Way:
        """The way open against a decree that was told on that day: filing is open until the later of all terms."""
        terms = tuple(
            self._term(regime, datetime.combine(calendar.add(told_on, regime.file_days), LAST, zone.info))
            for regime in self._of(told_on)
        )
        court_until = told_on + timedelta(days=self.court.days)
        return Way(terms=terms, file_until=max(term.until for term in terms), court_until=court_until)

    def answers(self, filed: datetime, zone: Zone, calendar: Calendar) -> tuple[RegimeTerm, ...]:
        """By when the authority has to answer, by each regime; the earliest of them counts."""
        day = filed.astimezone(zone.info).date()
        return tuple(self._term(regime, calendar.deadline(filed, regime.answer_days)) for regime in self._of(day))

    def _of(self, day: date) -> list[Regime]:
        return [regime for regime in self.regimes if regime.valid_from <= day]

    @staticmethod
    def _term(regime: Regime, until: datetime) -> RegimeTerm:
        about = regime.model_dump(include={"citation", "certainty"})
        return RegimeTerm(regime=regime.id, until=until, **about)


def parse_remedies(name: str, content: object) -> Remedies:
    """Remedies from parsed YAML. Raises BadChains."""
    try:
        return Remedies.model_validate(content)
    except ValidationError as error:
        raise BadChains(tuple(sentences(name, content, error))) from None
