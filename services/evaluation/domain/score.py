"""The score: how well a person fits, in exact fractions, part by part; missing is not zero. Pure."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor
from typing import NamedTuple

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.fit import relevant_years
from services.evaluation.domain.predicates import RATINGS, closed_years
from services.evaluation.domain.ruleset import Scoring
from shared.contracts.evaluation import Factor, Score
from shared.kernel.competence import BadLevel, match
from shared.kernel.performance import Predicate

HUNDREDTHS = 100
BEST = 100 * HUNDREDTHS


class Part(NamedTuple):
    """One factor: what was found, as a share of 1 (None: missing), and what makes a full share."""

    raw: str
    share: Fraction | None
    scale: str


def half_up(value: Fraction) -> int:
    """Round to the nearest integer, halves up."""
    return floor(value + Fraction(1, 2))


def _competence(seen: Seen, _scoring: Scoring) -> Part:
    """JPM over the assessed competences (PermenPANRB 38/2017)."""
    required = seen.vacancy.requirements.competences
    try:
        jpm = match(required, seen.employee.competences).jpm
    except BadLevel:
        jpm = None
    return Part("" if jpm is None else str(jpm), jpm, "1")


def _performance(seen: Seen, scoring: Scoring) -> Part:
    """Mean of the known predicates of the last closed years."""
    ratings = seen.employee.performance
    years = closed_years(seen.on, scoring.performance_years, ratings)
    known = [RATINGS[ratings[year]] for year in years if ratings.get(year) in RATINGS]
    scale = ", ".join(f"{code.value} {scoring.performance[code]}" for code in Predicate)
    points = sum(scoring.performance[code] for code in known)
    share = Fraction(points, len(known) * 100) if known else None
    return Part(", ".join(code.value for code in known), share, scale)


def _education(seen: Seen, _scoring: Scoring) -> Part:
    """Whether the field of study is one the post names (B03); if it names none, nothing is compared."""
    fields, has = seen.vacancy.requirements.education_fields, seen.employee.education_field
    share = Fraction(has in fields) if fields and has else None
    return Part(has, share, ", ".join(sorted(fields)))


def _experience(seen: Seen, scoring: Scoring) -> Part:
    """Years in the fields the post names, up to the years that count in full."""
    full = scoring.experience_full_years
    if not seen.employee.experience:
        return Part("", None, str(full))
    years = max(0, relevant_years(seen))
    return Part(str(years), Fraction(min(years, full), full), str(full))


def _interest(seen: Seen, _scoring: Scoring) -> Part:
    """Whether the person named the unit, the post, its kind or title, or one of its fields (B02, P05)."""
    target, demand = seen.vacancy, seen.vacancy.requirements
    offered = {target.placement.agency, target.placement.unit, target.placement.post, target.post_title}
    offered |= {target.post_kind, *demand.education_fields, *demand.experience_fields}
    wanted = {name.casefold() for name in seen.employee.interests if name}
    share = Fraction(bool(wanted & {name.casefold() for name in offered})) if wanted else None
    return Part(", ".join(sorted(wanted)), share, "1")


FACTORS: Mapping[str, Callable[[Seen, Scoring], Part]] = {
    "competence": _competence,
    "performance": _performance,
    "education": _education,
    "experience": _experience,
    "interest": _interest,
}


def weights(seen: Seen, scoring: Scoring) -> Mapping[str, int]:
    """The vacancy's own weights if it gives any above 0, else the default, in the order of their names."""
    own = {name: weight for name, weight in seen.vacancy.weights.items() if weight > 0}
    return dict(sorted((own or {str(name): weight for name, weight in scoring.weights.items()}).items()))


def score(seen: Seen, scoring: Scoring) -> Score:
    """Weighted mean of the factors known, 0..10000; a weight nothing is known for is left out and listed."""
    weighed = weights(seen, scoring)
    parts = {name: FACTORS[name](seen, scoring) if name in FACTORS else Part("", None, "") for name in weighed}
    known = {name: part.share for name, part in parts.items() if part.share is not None}
    whole = sum(weighed[name] for name in known)
    reached = sum((share * weighed[name] for name, share in known.items()), Fraction(0))
    return Score(
        total=half_up(BEST * reached / whole) if whole else 0,
        factors=tuple(_factor(name, part, weighed[name], scoring) for name, part in parts.items()),
        missing=tuple(name for name in weighed if name not in known),
    )


def _factor(name: str, part: Part, weight: int, scoring: Scoring) -> Factor:
    return Factor(
        name=name,
        raw=part.raw,
        points=None if part.share is None else half_up(part.share * weight * HUNDREDTHS),
        weight=weight,
        source=scoring.sources.get(name, ""),
        values={"scale": part.scale, "share": "" if part.share is None else str(part.share)},
    )
