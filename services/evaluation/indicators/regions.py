"""The cases of a comparison of regions: which moves are alike, and which can be judged. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.evaluation.domain.review.state import Review
from services.evaluation.indicators.mix import Case
from services.evaluation.indicators.people import verdict_of

UNKNOWN = "unknown"


def cases_of(
    reviews: Sequence[Review], kinds: Mapping[str, str], hard: Mapping[str, bool], region: Mapping[str, str]
) -> list[Case]:
    """One for each move that can be judged. `kinds` of posts; `hard`: a course was required beside the induction, by
    case; `region` of agencies, an agency being its own where it is not named."""
    return [_case(one, kinds, hard, region) for one in reviews if verdict_of(one) != "cannot_be_judged"]


def _case(review: Review, kinds: Mapping[str, str], hard: Mapping[str, bool], region: Mapping[str, str]) -> Case:
    place, left = review.placement, review.left
    agency = place.agency if place else ""
    kind = kinds.get(place.post if place else "", UNKNOWN)
    across = "between" if left and left.agency != agency else "within"
    gap = "gap" if hard.get(review.case) else "no-gap"
    return Case(
        region=region.get(agency, agency),
        stratum=f"{kind}/{across}/{gap}",
        reached=verdict_of(review) == "reached",
    )


def unjudged(reviews: Sequence[Review]) -> int:
    """Moves that cannot be judged; they count for no region."""
    return sum(verdict_of(one) == "cannot_be_judged" for one in reviews)


def year_before(today: date) -> date:
    """The first day of the twelve months that end today."""
    return today.replace(year=today.year - 1, day=min(today.day, 28))
