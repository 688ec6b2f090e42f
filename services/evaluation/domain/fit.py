"""The checks of a person against what the post demands: education, rank, competences, experience. Pure."""

from fractions import Fraction
from typing import Annotated

from pydantic import Field

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.predicates import NOT_APPLICABLE, Nothing, Params, Verdict, judged, unknown
from shared.kernel.competence import BadLevel, match
from shared.kernel.education import Education
from shared.kernel.rank import Grade

_LEVELS = {level.value: level for level in Education}
_GRADES = {grade.value: grade for grade in Grade}


def education_level(seen: Seen, _params: Nothing) -> Verdict:
    """Level of education reaches what the post demands; D-IV and S-1 stand for each other [S]."""
    demanded, has = seen.vacancy.requirements.education_min, seen.employee.education_level
    if not demanded:
        return NOT_APPLICABLE
    if demanded not in _LEVELS:
        return unknown("vacancy.education_min")
    if has not in _LEVELS:
        return unknown("employee.education_level")
    return judged(_LEVELS[has] >= _LEVELS[demanded], has=_LEVELS[has].title, required=_LEVELS[demanded].title)


def education_field(seen: Seen, _params: Nothing) -> Verdict:
    """Field of study is one that the post names."""
    fields, has = seen.vacancy.requirements.education_fields, seen.employee.education_field
    if not fields:
        return NOT_APPLICABLE
    if not has:
        return unknown("employee.education_field")
    return judged(has in fields, has=has, required=", ".join(sorted(fields)))


def rank_range(seen: Seen, _params: Nothing) -> Verdict:
    """Rank (golongan) lies in the range of the post, both ends inside. A PPPK has none to compare [P]."""
    demand = seen.vacancy.requirements
    if seen.employee.employment == "PPPK" or not (demand.rank_min or demand.rank_max):
        return NOT_APPLICABLE
    for datum, code in (("rank_min", demand.rank_min), ("rank_max", demand.rank_max)):
        if code and code not in _GRADES:
            return unknown(f"vacancy.{datum}")
    if seen.employee.rank not in _GRADES:
        return unknown("employee.rank")
    has, lowest = _GRADES[seen.employee.rank], _GRADES[demand.rank_min or Grade.I_A.value]
    highest = _GRADES[demand.rank_max or Grade.IV_E.value]
    return judged(lowest <= has <= highest, has=has.value, lowest=lowest.value, highest=highest.value)


class Percent(Params):
    """A share of 100, itself inside."""

    percent: Annotated[int, Field(ge=0, le=100, strict=True)]


def job_person_match(seen: Seen, params: Percent) -> Verdict:
    """Job-person match JPM reaches the band; PermenPANRB 38/2017 [S], bands by practice [P, C]."""
    required = dict(sorted(seen.vacancy.requirements.competences.items()))
    if not required:
        return NOT_APPLICABLE
    try:
        found = match(required, seen.employee.competences)
    except BadLevel as bad:
        return unknown(f"employee.competences.{bad.competence}")
    whole = sum(required.values())
    best = 1 - Fraction(sum(gap for _, gap in found.gaps if gap > 0), whole)
    worst = best - Fraction(sum(required[code] for code in found.missing), whole)
    gaps = ", ".join(f"{code} {gap}" for code, gap in found.gaps if gap > 0) or "-"
    values = {"jpm": str(int(best * 100)), "required": str(params.percent), "gaps": gaps}
    if worst * 100 < params.percent <= best * 100:
        return unknown(f"employee.competences.{found.missing[0]}", **values)
    return judged(best * 100 >= params.percent, **values)


def relevant_years(seen: Seen) -> int:
    """Years served in the fields that the post names; all years if it names none."""
    fields = seen.vacancy.requirements.experience_fields
    return sum(part.years for part in seen.employee.experience if not fields or part.field in fields)


def experience_years(seen: Seen, _params: Nothing) -> Verdict:
    """Years of experience reach what the post demands."""
    required = seen.vacancy.requirements.experience_years
    if required <= 0:
        return NOT_APPLICABLE
    if not seen.employee.experience:
        return unknown("employee.experience")
    return judged(relevant_years(seen) >= required, has=relevant_years(seen), required=required)
