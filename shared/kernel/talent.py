"""The nine boxes of talent mapping from performance and potential. Pure; used by the evaluation.

Source: PermenPANRB 3/2020 (boxes certainty S). How a yearly predicate becomes a level of performance is local practice
(certainty P), as are the cut-offs by which an assessment centre tells the potential.
"""

from enum import StrEnum

from shared.kernel.performance import Predicate


class Level(StrEnum):
    """Low (di bawah ekspektasi, rendah), middle (sesuai, menengah) or high (di atas, tinggi)."""

    LOW = "low"
    MID = "mid"
    HIGH = "high"


_BOXES = {
    (Level.HIGH, Level.HIGH): 9,
    (Level.MID, Level.HIGH): 8,
    (Level.HIGH, Level.MID): 7,
    (Level.LOW, Level.HIGH): 6,
    (Level.MID, Level.MID): 5,
    (Level.HIGH, Level.LOW): 4,
    (Level.LOW, Level.MID): 3,
    (Level.MID, Level.LOW): 2,
    (Level.LOW, Level.LOW): 1,
}


def box(performance: Level, potential: Level) -> int:
    """Box 1 to 9, 9 the best."""
    return _BOXES[performance, potential]


def performance_level(predicate: Predicate) -> Level:
    """Very good is above expectation, good meets it, all else is below."""
    return {Predicate.VERY_GOOD: Level.HIGH, Predicate.GOOD: Level.MID}.get(predicate, Level.LOW)
