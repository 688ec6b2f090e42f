"""The checks of who may come to a kind of post: officials, functional posts, ages, the talent pool. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.moving import Official, height
from services.evaluation.domain.predicates import (
    NOT_APPLICABLE,
    RATINGS,
    Ages,
    Count,
    Names,
    Params,
    Verdict,
    births,
    full_months,
    judged,
    unknown,
)
from shared.kernel.calendar import MONTHS_A_YEAR, add_months
from shared.kernel.competence import BadLevel, match
from shared.kernel.education import Education
from shared.kernel.performance import Predicate
from shared.kernel.post import PostKind
from shared.kernel.rank import Grade
from shared.kernel.talent import Level, box, performance_level

_EDUCATION = {level.value: level for level in Education}
_GRADES = {grade.value: grade for grade in Grade}


def _known(scale: Mapping[str, object]) -> AfterValidator:
    """Refuse a code that is not on the scale."""

    def check(code: str) -> str:
        if code not in scale:
            raise ValueError(f"{code!r} is not one of: {', '.join(scale)}")
        return code

    return AfterValidator(check)


EducationCode = Annotated[str, _known(_EDUCATION)]
GradeCode = Annotated[str, _known(_GRADES)]


def ages(seen: Seen, possible_ages: Ages) -> tuple[int, int]:
    """Lowest and highest age (full years) that the person may have: of the birth, the month is known at best."""
    born = births(seen, possible_ages)
    youngest, oldest = add_months(max(born), 1), min(born)
    return _full_years(youngest, seen.on), _full_years(oldest, seen.on)


def _full_years(since: date, on: date) -> int:
    return full_months(since, on) // MONTHS_A_YEAR


def _within(lowest: int, highest: int, limit: int) -> bool | None:
    """Whether the age keeps within the limit; None if that hangs on the day of birth."""
    return True if highest <= limit else False if lowest > limit else None


class Step(Params):
    """What a kind of official's post asks of those who come up to it: level of education, years, highest age."""

    education: EducationCode
    years: Count
    highest_age: Count | None = None


class Steps(Params):
    """By kind of post; ages a post may have where its own is not known."""

    steps: Annotated[Mapping[Official, Step], Field(min_length=1)]
    possible_ages: Ages


def step_up(seen: Seen, params: Steps) -> Verdict:
    """Who comes up to an official's post has the education, the years and the age; PP 11/2017 ps 54, 107 [P].

    Years are those on record, or those in the present post if they are more.
    """
    step = {str(kind): step for kind, step in params.steps.items()}.get(seen.vacancy.post_kind)
    if step is None or height(seen.employee.post_kind) >= height(seen.vacancy.post_kind):
        return NOT_APPLICABLE
    lowest, highest = ages(seen, params.possible_ages)
    held = full_months(seen.employee.post_since, seen.on) // MONTHS_A_YEAR
    years = max(held, sum(part.years for part in seen.employee.experience))
    level = _EDUCATION.get(seen.employee.education_level)
    found = {
        "employee.education_level": level and level >= _EDUCATION[step.education],
        "employee.experience": years >= step.years or (False if seen.employee.experience else None),
        "employee.retires_on": step.highest_age is None or _within(lowest, highest, step.highest_age),
    }
    has = f"{level.title if level else '-'}, {years}, {highest}"
    wanted = f"{_EDUCATION[step.education].title}, {step.years}, {step.highest_age or '-'}"
    return _all(found, has=has, required=wanted)


def _all(found: Mapping[str, bool | None], **values: str) -> Verdict:
    """Not met if one is not, else unknown if one is, else met."""
    if False in found.values():
        return judged(False, **values)
    missing = [datum for datum, fine in found.items() if fine is None]
    return unknown(missing[0]) if missing else judged(True, **values)


class AgeBand(Params):
    """Up to this grade (itself inside) the post may be taken up to this age."""

    up_to: GradeCode
    age: Count


class FunctionalEntry(Params):
    """Highest ages by the post's highest grade, lowest first, and the years of experience asked."""

    bands: Annotated[tuple[AgeBand, ...], Field(min_length=1)]
    years: Count
    possible_ages: Ages


def functional_entry(seen: Seen, params: FunctionalEntry) -> Verdict:
    """Who comes to a functional post from another kind is not too old for it; PermenPANRB 1/2023 [P]."""
    functional = PostKind.FUNCTIONAL.value
    if seen.vacancy.post_kind != functional or seen.employee.post_kind == functional:
        return NOT_APPLICABLE
    lowest, highest = ages(seen, params.possible_ages)
    grade = _GRADES.get(seen.vacancy.requirements.rank_max)
    fitting = [band.age for band in params.bands if grade and grade <= _GRADES[band.up_to]]
    limits = fitting[:1] or [band.age for band in params.bands]
    answers = {_within(lowest, highest, limit) for limit in limits}
    held = full_months(seen.employee.post_since, seen.on) // MONTHS_A_YEAR
    years = max(held, sum(part.years for part in seen.employee.experience))
    found = {
        "vacancy.rank_max": answers.pop() if len(answers) == 1 else None,
        "employee.experience": years >= params.years or (False if seen.employee.experience else None),
    }
    return _all(found, has=f"{highest}, {years}", required=f"{limits[0]}, {params.years}")


class Outsiders(Params):
    """Fields of education that a local limit does not bind, and whether it binds those from outside only."""

    exempt_fields: Names = ()
    from_outside: bool = True

    def free(self, seen: Seen) -> bool:
        """True for whom the limit does not bind."""
        inside = seen.employee.placement.agency == seen.vacancy.placement.agency
        return (self.from_outside and inside) or seen.employee.education_field in self.exempt_fields


class HighestAge(Outsiders):
    """Full years, themselves inside; ages a post may have where its own is not known."""

    age: Count
    possible_ages: Ages


def age_at_most(seen: Seen, params: HighestAge) -> Verdict:
    """A local limit of age [P]."""
    if params.free(seen):
        return NOT_APPLICABLE
    lowest, highest = ages(seen, params.possible_ages)
    within = _within(lowest, highest, params.age)
    return unknown("employee.retires_on") if within is None else judged(within, has=highest, required=params.age)


class HighestGrade(Outsiders):
    """Grade, itself inside."""

    grade: GradeCode


def grade_at_most(seen: Seen, params: HighestGrade) -> Verdict:
    """A local limit of grade [P]; a PPPK has none to compare."""
    if params.free(seen) or seen.employee.employment == "PPPK":
        return NOT_APPLICABLE
    has = _GRADES.get(seen.employee.rank)
    if has is None:
        return unknown("employee.rank")
    return judged(has <= _GRADES[params.grade], has=has.value, required=params.grade)


class Pool(Params):
    """The lowest box of the succession pool, and the closed years that performance is taken from."""

    box: Annotated[int, Field(ge=1, le=9, strict=True)]


def talent_pool(seen: Seen, params: Pool) -> Verdict:
    """Who comes up to an official's post stands in the succession pool; PermenPANRB 3/2020 [S, pool P]."""
    if height(seen.employee.post_kind) >= height(seen.vacancy.post_kind):
        return NOT_APPLICABLE
    found = talent_box(seen)
    if isinstance(found, str):
        return unknown(found)
    return judged(found >= params.box, has=found, required=params.box)


def talent_box(seen: Seen) -> int | str:
    """Box 1..9 as it was mapped, else from the last rated year and the assessed potential; or the datum missing."""
    if seen.employee.talent_box is not None:
        return seen.employee.talent_box
    ratings = seen.employee.performance
    rated = [year for year in sorted(ratings) if year < str(seen.on.year) and ratings[year] in RATINGS]
    if not rated:
        return f"employee.performance.{seen.on.year - 1}"
    if seen.employee.potential is None:
        return "employee.potential"
    return box(performance_level(Predicate(ratings[rated[-1]])), Level(seen.employee.potential))


class Gap(Params):
    """A single competence may want fewer levels than this."""

    levels: Annotated[int, Field(ge=1, strict=True)]


def single_gaps(seen: Seen, params: Gap) -> Verdict:
    """No single competence wants so many levels; PermenPANRB 38/2017 [S], the bound [C]."""
    required = dict(sorted(seen.vacancy.requirements.competences.items()))
    if not required:
        return NOT_APPLICABLE
    try:
        found = match(required, seen.employee.competences)
    except BadLevel as bad:
        return unknown(f"employee.competences.{bad.competence}")
    wide = [f"{code} {gap}" for code, gap in found.gaps if gap >= params.levels]
    if found.missing and not wide:
        return unknown(f"employee.competences.{found.missing[0]}")
    return judged(not wide, gaps=", ".join(wide) or "-", required=params.levels)
