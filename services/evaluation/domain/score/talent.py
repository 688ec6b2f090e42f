"""Talent: the box of the nine that performance and potential make. Source: PermenPANRB 3/2020 [S]."""

from fractions import Fraction

from services.evaluation.domain.entry import talent_box
from services.evaluation.domain.facts import Seen
from services.evaluation.domain.ruleset import Scoring
from services.evaluation.domain.score.part import Direction, Part, missing

DATUM = "assessed potential"
DIRECTION: Direction = "rising"
BOXES = 9


def part(seen: Seen, _scoring: Scoring) -> Part:
    """Box 1 to 9 as a share of nine; without rating or assessment it is missing."""
    box = talent_box(seen)
    return missing(str(BOXES)) if isinstance(box, str) else Part(str(box), Fraction(box, BOXES), str(BOXES))
