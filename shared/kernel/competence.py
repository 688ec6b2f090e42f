"""Competences, their gaps and the job-person match. Pure; used by registry and evaluation.

Source: PermenPANRB 38/2017 (families and levels certainty S, the named competences S from memory). The bands
of the match are practice that varies from place to place (P, C): a parameter with a packaged default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from shared.kernel import data

LOWEST, HIGHEST = 1, 5  # levels of mastery


class Family(StrEnum):
    """Family of competences: teknis, manajerial, sosial kultural."""

    TECHNICAL = "technical"
    MANAGERIAL = "managerial"
    SOCIO_CULTURAL = "socio_cultural"


# The competences every post knows, by family; technical ones are each agency's own codes.
COMMON: Mapping[str, Family] = MappingProxyType(
    {
        "integrity": Family.MANAGERIAL,  # integritas
        "cooperation": Family.MANAGERIAL,  # kerja sama
        "communication": Family.MANAGERIAL,  # komunikasi
        "results_orientation": Family.MANAGERIAL,  # orientasi pada hasil
        "public_service": Family.MANAGERIAL,  # pelayanan publik
        "developing_self_and_others": Family.MANAGERIAL,  # pengembangan diri dan orang lain
        "managing_change": Family.MANAGERIAL,  # mengelola perubahan
        "decision_making": Family.MANAGERIAL,  # pengambilan keputusan
        "national_cohesion": Family.SOCIO_CULTURAL,  # perekat bangsa
    }
)


class BadLevel(ValueError):
    """A level of mastery outside 1..5. `competence` is its code."""

    def __init__(self, competence: str, level: int) -> None:
        super().__init__(f"level of {competence} is {level}, not {LOWEST} to {HIGHEST}")
        self.competence = competence
        self.level = level


@dataclass(frozen=True, slots=True)
class Match:
    """How far a person meets a post.

    `jpm` is a share of 1 over the assessed competences, None when none was assessed. `gaps` are levels
    wanting per assessed competence, negative where the person has more than asked. `missing` are required but
    never assessed.
    """

    jpm: Fraction | None
    gaps: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]


def family(competence: str) -> Family:
    """Family of a competence; a code that is not common to all posts is technical."""
    return COMMON.get(competence, Family.TECHNICAL)


def match(required: Mapping[str, int], assessed: Mapping[str, int]) -> Match:
    """Job-person match JPM = sum of min(assessed, required) / sum of required, exact.

    What was never assessed is missing, not zero. Competences the post does not ask for are ignored. Gaps
    and missing keep the order of `required`.
    Raises BadLevel for a level outside 1..5 that counts.
    """
    known = {code: (level, assessed[code]) for code, level in required.items() if code in assessed}
    for code, level in [*required.items(), *((code, has) for code, (_, has) in known.items())]:
        if not LOWEST <= level <= HIGHEST:
            raise BadLevel(code, level)
    asked = sum(wanted for wanted, _ in known.values())
    met = sum(min(wanted, has) for wanted, has in known.values())
    return Match(
        jpm=Fraction(met, asked) if known else None,
        gaps=tuple((code, wanted - has) for code, (wanted, has) in known.items()),
        missing=tuple(code for code in required if code not in known),
    )


def _exact(value: object) -> object:
    """Refuse a YAML float: 0.68 is not exactly 68/100, and the boundary belongs to the upper band."""
    if isinstance(value, float):
        raise ValueError('write the boundary as a fraction in quotes, such as "68/100"')
    return value


class Band(BaseModel):
    """One band of the match: from this share of 1 (itself inside) up to the next higher band."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Annotated[str, Field(min_length=1)]
    start: Annotated[Fraction, BeforeValidator(_exact), Field(alias="from", ge=0, le=1)]


class Bands(BaseModel):
    """Bands of the match, best first, the last from 0, with where they come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    certainty: tuple[Literal["S", "P", "C"], ...]
    source: Annotated[str, Field(min_length=1)]
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _cover_everything_once(self) -> Self:
        starts = [band.start for band in self.bands]
        if starts != sorted(set(starts), reverse=True) or starts[-1] != 0:
            raise ValueError("bands must fall strictly and end at 0")
        return self

    def of(self, jpm: Fraction) -> str:
        """Code of the band of a match (0..1); a boundary belongs to the upper band."""
        return next(band.code for band in self.bands if jpm >= band.start)


def default_bands() -> Bands:
    """The packaged bands. Raises pydantic.ValidationError when the file is broken."""
    return Bands.model_validate(data.read("job_match_bands"))
