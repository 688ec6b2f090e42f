"""Rules as dated, cited data: their models and the edition that holds on a day. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from string import Formatter
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from services.evaluation.domain.predicates import Count, RatedYears
from shared.kernel.decider import Frozen
from shared.kernel.performance import Predicate

Name = Annotated[str, Field(min_length=1)]
FACTORS = ("competence", "performance", "education", "experience", "interest")
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


class Rule(Written):
    """One rule. `held_by` is who can supply its datum; `agencies` limits it to those as target (R18)."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]*$")]
    title: Text
    text: Text
    code: Name
    check: Name
    held_by: Name
    waivable_by: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    versions: Annotated[tuple[Version, ...], Field(min_length=1)]


class Scoring(Dated):
    """How fit is scored: weights of the factors, predicate -> points of 100, years that count in full."""

    certainty: Literal["S", "P", "C"]
    citation: Name
    weights: Mapping[Literal["competence", "performance", "education", "experience", "interest"], Count]
    performance: Mapping[Predicate, Annotated[int, Field(ge=0, le=WHOLE)]]
    performance_years: RatedYears
    experience_full_years: Annotated[int, Field(ge=1)]
    sources: Mapping[str, Name]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.weights) != set(FACTORS) or set(self.sources) != set(FACTORS):
            raise ValueError(f"weights and sources must name exactly these factors: {', '.join(FACTORS)}")
        if sum(self.weights.values()) != WHOLE:
            raise ValueError(f"the weights add up to {sum(self.weights.values())}, not to {WHOLE}")
        if set(self.performance) != set(Predicate):
            raise ValueError(f"performance must give points to each of: {', '.join(Predicate)}")
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


class Edition(Frozen):
    """The rules and the scoring in force on day `on` for one agency; `id` is that day and a hash of them."""

    id: str
    on: date
    rules: tuple[Applied, ...]
    scoring: Scoring


@dataclass(frozen=True, slots=True, eq=False)
class Ruleset:
    """All rules of all times, by id; compared by identity."""

    rules: Mapping[str, Rule]
    scorings: tuple[Scoring, ...]


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
    plain = [part.model_dump(mode="json") for part in (*rules, scoring)]
    return Edition(id=f"{on.isoformat()}-{digest(plain)[:16]}", on=on, rules=rules, scoring=scoring)


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
