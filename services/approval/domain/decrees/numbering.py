"""How decrees are numbered and dated (effective date: TMT), as dated, cited data. Pure."""

from datetime import date, timedelta
from string import Formatter
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.approval.domain.chain import BadChains, Cited, Word, sentences
from shared.kernel.calendar import add_months

FIELDS = frozenset({"number", "office", "year", "month", "roman_month"})
MUST = frozenset({"number", "year"})
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class Dating(Cited):
    """How far an effective date may lie before and after the date of its decree, in calendar days (E20)."""

    days_back: Annotated[int, Field(ge=0, le=366)]
    days_ahead: Annotated[int, Field(ge=1, le=3660)]


class Entry(Cited):
    """Pattern, office and lead time of an agency ("" for all) from `valid_from` on; lead in calendar days."""

    agency: str = ""
    valid_from: date
    pattern: Annotated[str, Field(min_length=1)]
    office: Word
    lead_days: Annotated[int, Field(ge=0, le=366)]
    dating: Dating

    @model_validator(mode="after")
    def _unique_numbers(self) -> Self:
        named = {name for _, name, _, _ in Formatter().parse(self.pattern) if name is not None}
        if unknown := sorted(named - FIELDS):
            known = ", ".join(f"{{{name}}}" for name in sorted(FIELDS))
            raise ValueError(f"pattern: {{{unknown[0]}}} is not known, only {known}")
        if missing := sorted(MUST - named):
            raise ValueError(f"pattern: {{{missing[0]}}} is missing, so that numbers would not be unique")
        self.text(1, self.valid_from)
        return self

    def text(self, number: int, day: date) -> str:
        """Number of a decree of that day as it is printed (nomor SK)."""
        month = {"month": day.month, "roman_month": ROMAN[day.month - 1]}
        return self.pattern.format(number=number, office=self.office, year=day.year, **month)

    def effective_on(self, issued_on: date) -> date:
        """Effective date (TMT): the first day of a month, after the decree and at least the lead later."""
        earliest = max(issued_on + timedelta(days=self.lead_days), issued_on + timedelta(days=1))
        return earliest if earliest.day == 1 else add_months(earliest.replace(day=1), 1)

    def fault(self, issued_on: date, effective_on: date) -> str:
        """Why a decree of one day may not take effect on the other, as a code; empty when it may (E20)."""
        if effective_on < issued_on - timedelta(days=self.dating.days_back):
            return "TMT_RETROACTIVE"
        if effective_on > issued_on + timedelta(days=self.dating.days_ahead):
            return "TMT_TOO_FAR"
        return ""


class Numbering(BaseModel):
    """All entries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: Annotated[tuple[Entry, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        starts = [(entry.agency, entry.valid_from) for entry in self.entries]
        if len(set(starts)) < len(starts):
            raise ValueError("two entries of one agency begin on the same day")
        if not any(entry.agency == "" for entry in self.entries):
            raise ValueError('an entry with agency "" is missing: it counts for every agency without its own')
        return self

    def on(self, agency: str, day: date) -> Entry:
        """The entry for an agency on a day. Raises LookupError when none holds yet."""
        for name in (agency, ""):
            found = [entry for entry in self.entries if entry.agency == name and entry.valid_from <= day]
            if found:
                return max(found, key=lambda entry: entry.valid_from)
        raise LookupError(f"numbering.yaml: no entry holds on {day}")


def parse_numbering(name: str, content: object) -> Numbering:
    """Numbering from parsed YAML. Raises BadChains."""
    try:
        return Numbering.model_validate(content)
    except ValidationError as error:
        raise BadChains(tuple(sentences(name, content, error))) from None
