"""Rules as dated, cited data: their models and the edition that holds on a day. Pure."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from string import Formatter
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from services.evaluation.domain.checks import CHECKS
from services.evaluation.domain.facts import Seen
from services.evaluation.domain.predicates import Count, RatedYears, Verdict
from shared.kernel.decider import Fact, Frozen
from shared.kernel.performance import Predicate

Name = Annotated[str, Field(min_length=1)]
FactorName = Literal["competence", "performance", "education", "experience", "interest", "talent", "distance"]
Step = Literal["same_unit", "same_agency", "same_province", "elsewhere"]
FACTORS: tuple[FactorName, ...] = get_args(FactorName)
STEPS: tuple[Step, ...] = get_args(Step)
WHOLE = 100


class BadRules(ValueError):
    """The rules cannot be used. `problems` says everything that is wrong, one sentence each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Written(BaseModel):
    """Base of what an official writes: an entry nobody knows is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Written):
    """A sentence in Indonesian and English; `{name}` stands for a value that the check tells."""

    id: Name
    en: Name

    @field_validator("id", "en")
    @classmethod
    def _well_formed(cls, text: str) -> str:
        list(Formatter().parse(text))
        return text

    @property
    def fields(self) -> frozenset[str]:
        """The values that either sentence uses."""
        parts = (*Formatter().parse(self.id), *Formatter().parse(self.en))
        return frozenset(field for _, field, _, _ in parts if field is not None)


class Dated(Written):
    """Holds from `valid_from` to `valid_to`, both days inside; None is until further notice."""

    valid_from: date
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """True if it is in force on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Version(Dated):
    """How a rule stands in that time."""

    severity: Literal["hard", "warn"]
    certainty: Literal["S", "P", "C"]
    citation: Name
    parameters: Mapping[str, Any] = {}


Family = Annotated[str, Field(pattern=r"^R[0-9]{2}$")]


class Rule(Written):
    """One rule. `family` are the numbers of the regulations it stands for, `held_by` is who can supply its datum,
    `waivable_by` the offices of the target agency that may waive it; `agencies` limits it to those as target (R18)."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]*$")]
    family: Annotated[tuple[Family, ...], Field(min_length=1)]
    title: Text
    text: Text
    code: Name
    check: Name
    held_by: Name
    waivable_by: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    versions: Annotated[tuple[Version, ...], Field(min_length=1)]


class Procedure(Written):
    """A regulation that is a step and not a predicate: which chain or service holds it (a path), and how."""

    family: Family
    title: Text
    citation: Name
    certainty: Literal["S", "P", "C"]
    held_by: Name
    how: Text


class Scoring(Dated):
    """How fit is scored: weights of the factors, points of 100 by predicate and by distance (nearest first), years that
    count in full, and the factors that decide between equal scores, the first of them first."""

    certainty: Literal["S", "P", "C"]
    citation: Name
    weights: Mapping[FactorName, Count]
    performance: Mapping[Predicate, Annotated[int, Field(ge=0, le=WHOLE)]]
    performance_years: RatedYears
    experience_full_years: Annotated[int, Field(ge=1)]
    distance: Mapping[Step, Annotated[int, Field(ge=0, le=WHOLE)]]
    tie_break: tuple[FactorName, ...]
    sources: Mapping[str, Name]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.weights) != set(FACTORS) or set(self.sources) != set(FACTORS):
            raise ValueError(f"weights and sources must name exactly these factors: {', '.join(FACTORS)}")
        if sum(self.weights.values()) != WHOLE:
            raise ValueError(f"the weights add up to {sum(self.weights.values())}, not to {WHOLE}")
        if set(self.performance) != set(Predicate):
            raise ValueError(f"performance must give points to each of: {', '.join(Predicate)}")
        points = [self.distance.get(step, -1) for step in STEPS]
        if points != sorted(points, reverse=True) or -1 in points:
            raise ValueError(f"distance must give points to each of, none more than the one before: {', '.join(STEPS)}")
        return self


class Applied(Frozen):
    """A rule as it stands on one day: all that judging needs, so that an event replays without the files."""

    id: str
    check: str
    code: str
    held_by: str
    hard: bool
    certainty: str
    citation: str
    parameters: Mapping[str, Any]


class Book(Frozen):
    """A rule set: the rules and the scoring, named by the hash of their JSON."""

    rules: tuple[Applied, ...]
    scoring: Scoring


class Edition(Book):
    """The rule set in force on day `on` for one agency; `id` is that day and the hash of the rule set."""

    id: str
    on: date

    @cached_property
    def checks(self) -> tuple[tuple[Applied, Callable[[Seen], Verdict]], ...]:
        """Each rule with its check, the parameters read once."""
        return tuple((rule, CHECKS[rule.check].prepared(rule.parameters)) for rule in self.rules)

    @property
    def book(self) -> str:
        """The name of the rule set."""
        return book_of(self.id)

    @property
    def content(self) -> Mapping[str, object]:
        """The JSON of the rule set, of which its name is the hash."""
        return self.model_dump(mode="json", include=set(Book.model_fields))


class Rulebook(Fact):
    """A rule set as some case recorded it (`ruleset.recorded`); id is its hash: kept once, and never changed."""

    KIND: ClassVar[str] = "rulebook"
    content: Mapping[str, object]


_HASH = 32  # hex digits of the hash: 128 bits
_DAY = 10  # letters of a day


def book_of(edition: str) -> str:
    """The rule set that an edition's id names."""
    return edition[_DAY + 1 :]


def day_of(edition: str) -> date:
    """The day that an edition's id names."""
    return date.fromisoformat(edition[:_DAY])


def named(id: str, content: Mapping[str, object]) -> Edition:
    """The edition of that id from its rule set as it was recorded. Raises ValueError if it is another rule set."""
    if digest(content)[:_HASH] != book_of(id):
        raise ValueError(f"{id} names another rule set than the one recorded")
    return Edition(id=id, on=day_of(id), **Book.model_validate(content).model_dump())


@dataclass(frozen=True, slots=True, eq=False)
class Ruleset:
    """All rules of all times, by id; compared by identity."""

    rules: Mapping[str, Rule]
    scorings: tuple[Scoring, ...]
    procedures: tuple[Procedure, ...] = ()


def canonical(value: object) -> str:
    """The one JSON text of a JSON value: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    """SHA-256, in hex, of the canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


@lru_cache(maxsize=256)
def edition(ruleset: Ruleset, on: date, agency: str) -> Edition:
    """What was in force on that day for moves into that agency. Raises BadRules if no scoring was."""
    scoring = next((entry for entry in ruleset.scorings if entry.holds(on)), None)
    if scoring is None:
        raise BadRules([f"weights: no weights hold on {on}"])
    rules = tuple(
        _applied(rule, version)
        for _, rule in sorted(ruleset.rules.items())
        if not rule.agencies or agency in rule.agencies
        for version in rule.versions
        if version.holds(on)
    )
    content = Book(rules=rules, scoring=scoring).model_dump(mode="json")
    return Edition(id=f"{on.isoformat()}-{digest(content)[:_HASH]}", on=on, rules=rules, scoring=scoring)


def _applied(rule: Rule, version: Version) -> Applied:
    return Applied(
        id=rule.id,
        check=rule.check,
        code=rule.code,
        held_by=rule.held_by,
        hard=version.severity == "hard",
        certainty=version.certainty,
        citation=version.citation,
        parameters=version.parameters,
    )
