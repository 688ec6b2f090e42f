"""Checked text values of the registry's commands. Pure; a wrong one says its code and what it may be."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from shared.contracts.registry import PostRequirements
from shared.kernel.competence import HIGHEST, LOWEST
from shared.kernel.education import Education
from shared.kernel.performance import Predicate
from shared.kernel.post import PostKind
from shared.kernel.rank import Grade, PppkGrade

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
ZoneName = Literal["WIB", "WITA", "WIT"]
Employment = Literal["PNS", "PPPK", "CPNS"]
Status = Literal["active", "unpaid_leave", "study", "suspended", "seconded", "retired", "dead"]
OfficeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,47}$")]
Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$")]
Email = Annotated[str, StringConstraints(pattern=r"^$|^[^@\s]+@[^@\s]+$", max_length=200)]

GRADES = {grade.value for grade in Grade}
PPPK_GRADES = {grade.value for grade in PppkGrade}
_TITLES = {str(level.title): str(level.value) for level in Education}
LEVELS = _TITLES | {code: code for code in _TITLES.values()}
PREDICATES = {predicate.value for predicate in Predicate}
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[12][0-9]{3}")
_YEARS = range(1900, 2201)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,99}")
"""A name that becomes a key of a record: no dots and no signs."""
KINDS = {kind.value for kind in PostKind}


def wrong(code: str, **values: object) -> PydanticCustomError:
    """An error of one field under the code of a rule."""
    return PydanticCustomError(code, "{code}", {"code": code, **values})


def _day(value: object) -> object:
    """Year-month-day of our times only: pydantic alone would take "19900314" for seconds since 1970, and behind the
    last day of the calendar there is no midnight to close anything at."""
    try:
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            value = date.fromisoformat(value)
        if isinstance(value, date) and not isinstance(value, datetime) and value.year in _YEARS:
            return value
    except ValueError:
        pass
    raise wrong("BAD_DATE")


def _among(code: str, known: set[str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in known:
            raise wrong(code, known=", ".join(sorted(known)))
        return text

    return check


def _education(text: str) -> str:
    """The level's BKN id, from the id or the title ("40" or "S-1")."""
    if text not in LEVELS:
        raise wrong("UNKNOWN_EDUCATION", known=", ".join(sorted(LEVELS)))
    return LEVELS[text]


def levels(competences: Mapping[str, int]) -> Mapping[str, int]:
    """Levels of mastery, each within 1..5, by the name of the competence."""
    if bad := [name for name in competences if not _KEY.fullmatch(name)]:
        raise wrong("BAD_COMPETENCE", name=bad[0][:100])
    if any(not LOWEST <= level <= HIGHEST for level in competences.values()):
        raise wrong("BAD_LEVEL", lowest=LOWEST, highest=HIGHEST)
    return competences


def _years(performance: Mapping[str, str]) -> Mapping[str, str]:
    """Predicates by year, four digits."""
    for year, predicate in performance.items():
        if not _YEAR.fullmatch(year) or predicate not in PREDICATES:
            raise wrong("BAD_PERFORMANCE", known=", ".join(sorted(PREDICATES)))
    return performance


FACTORS = ("competence", "performance", "education_field", "experience", "interest")
_WHOLE = 100


def _whole(weights: Mapping[str, int]) -> Mapping[str, int]:
    good = set(weights) <= set(FACTORS) and all(weight >= 0 for weight in weights.values())
    if not good or sum(weights.values()) not in (0, _WHOLE):
        raise wrong("BAD_WEIGHTS", known=", ".join(FACTORS), sum=_WHOLE)
    return weights


Weights = Annotated[Mapping[str, int], AfterValidator(_whole)]
"""Weight of each factor of the score, in hundredths, together 100; empty leaves them to the evaluation."""

Day = Annotated[date, BeforeValidator(_day)]
Rank = Annotated[str, AfterValidator(_among("UNKNOWN_RANK", GRADES | PPPK_GRADES))]
Level = Annotated[str, AfterValidator(_education)]
Kind = Annotated[str, AfterValidator(_among("UNKNOWN_POST_KIND", KINDS))]
Competences = Annotated[Mapping[str, int], AfterValidator(levels)]
Performance = Annotated[Mapping[str, str], AfterValidator(_years)]
Quota = Annotated[int, Field(ge=1, le=10_000)]
Seats = Annotated[int, Field(ge=0, le=100_000)]
Box = Annotated[int, Field(ge=1, le=9)]
"""Box of the talent matrix (kotak talenta), PermenPANRB 3/2020."""
RetirementAge = Annotated[int, Field(ge=50, le=75)]


def _requirements(asked: PostRequirements) -> PostRequirements:
    for rank in filter(None, (asked.rank_min, asked.rank_max)):
        if rank not in GRADES | PPPK_GRADES:
            raise wrong("UNKNOWN_RANK", known=", ".join(sorted(GRADES)))
    levels(asked.competences)
    level = _education(asked.education_min) if asked.education_min else ""
    return asked.model_copy(update={"education_min": level})


Requirements = Annotated[PostRequirements, AfterValidator(_requirements)]


def rank_fits(employment: str, rank: str) -> bool:
    """True when the rank stands on the scale of that employment (golongan ruang, or grade of a PPPK)."""
    return rank in (PPPK_GRADES if employment == "PPPK" else GRADES)
