"""Rows of the file of cases under way on paper."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from services.registry.domain import PAPERS
from services.registry.domain.ids import Code, vacancy_id
from services.registry.domain.papers import FilePaper, Number, StageName, misdated, paper_id
from services.registry.domain.signals import Reference
from services.registry.domain.values import Day, Text, wrong
from services.registry.imports.report import Finding, finding
from services.registry.imports.rows import Answer, Nip, People, Row, pairs
from shared.contracts.papers import PaperWord
from shared.kernel.decider import Command, Decider, Frozen

_DAY, _NIP = TypeAdapter[date](Day), TypeAdapter[str](Nip)


class Agreed(Frozen):
    """Who agreed to it at a stage, and when; as a letter, by its number."""

    stage: str
    on: date
    nip: str
    number: str = ""


def _agreed(cell: object) -> object:
    """The stages that agreed, as "stage=day/NIP", or "stage=day/NIP/number" of a letter, parted by |."""
    found = pairs(cell)
    if not isinstance(found, dict):
        return cell
    return tuple(_one(stage, *str(said).split("/", 2)) for stage, said in found.items())


def _one(stage: str, on: str = "", nip: str = "", number: str = "") -> Agreed:
    try:
        day, by = _DAY.validate_python(on.strip()), _NIP.validate_python(nip)
        return Agreed(stage=TypeAdapter[str](StageName).validate_python(stage), on=day, nip=by, number=number.strip())
    except ValidationError as error:
        raise wrong("BAD_WORDS") from error


class CaseRow(Row):
    """cases.csv: files under way on paper. `holder` has it on the desk; `words` are the stages that agreed before."""

    DECIDER: ClassVar[Decider[Any]] = PAPERS
    agency: Code
    number: Number
    dated: Day
    received_on: Day
    nip: Nip
    vacancy: Reference
    stage: StageName
    since: Day | None = None
    holder: Nip | None = None
    words: Annotated[tuple[Agreed, ...], BeforeValidator(_agreed)] = Field(default=())
    initiative: Literal["own", "agency"]
    consent: Answer = False
    purpose: Text
    expected_result: Text
    reason: Text

    def key(self) -> str:
        """The paper file about this person."""
        return f"{self.agency}/{self.number}/{self.nip}"

    def target(self, people: People) -> str:
        """The paper file about this person, by their id."""
        return paper_id(self.agency, self.number, people[self.nip])

    def nips(self) -> Iterator[tuple[str, str]]:
        """Everybody named, with the column."""
        yield "nip", self.nip
        if self.holder:
            yield "holder", self.holder
        yield from (("words", word.nip) for word in self.words)

    def offer(self) -> str:
        """Id of the vacancy."""
        return vacancy_id(self.agency, self.vacancy)

    def faults(self, number: int, today: date) -> Iterator[Finding]:
        """Days that cannot be, to come or out of their order; and a stage that agreed already and still has it."""
        for name in ("dated", "received_on", "since"):
            day: date | None = getattr(self, name)
            if day and day > today:
                yield finding(number, "DATE_IN_FUTURE", name, day.isoformat())
        for name in misdated(self.dated, self.received_on, self.arrived, self._words({})):
            yield finding(number, "BAD_ORDER_OF_DATES", name, "" if name == "words" else str(getattr(self, name) or ""))

        if self.stage in {word.stage for word in self.words}:
            yield finding(number, "BAD_WORDS", "words")

    @property
    def arrived(self) -> date:
        """Since when it has been at its stage: where nobody noted it, since it came in."""
        return self.since or self.received_on

    def _words(self, people: People) -> tuple[PaperWord, ...]:
        names = ((word, people.get(word.nip, "")) for word in self.words)
        return tuple(PaperWord(stage=one.stage, by=by, on=one.on, number=one.number) for one, by in names)

    def command(self, people: People, batch: str) -> Command:
        """Write it down, people by id."""
        row = self.model_dump(exclude={"nip", "holder", "words", "vacancy", "since"})
        who = {"person": people[self.nip], "holder": people.get(self.holder or "", ""), "words": self._words(people)}
        return FilePaper(**row, **who, since=self.arrived, vacancy=self.offer(), batch=batch)
