"""Yearly performance predicate from results and behaviour. Pure; used by registry and evaluation.

Source: PermenPANRB 6/2022 (certainty S).
"""

from enum import StrEnum


class Rating(StrEnum):
    """Results (hasil kerja) or behaviour (perilaku kerja) against the expectation (ekspektasi)."""

    ABOVE = "above"
    MEETS = "meets"
    BELOW = "below"


class Predicate(StrEnum):
    """Yearly predicate (predikat kinerja): Sangat Baik, Baik, Butuh Perbaikan, Kurang, Sangat Kurang."""

    VERY_GOOD = "very_good"
    GOOD = "good"
    NEEDS_IMPROVEMENT = "needs_improvement"
    POOR = "poor"
    VERY_POOR = "very_poor"

    @property
    def at_least_good(self) -> bool:
        """True for what the regulations call "baik" when they ask for it in each of the last years."""
        return self in (Predicate.VERY_GOOD, Predicate.GOOD)


def predicate(results: Rating, behaviour: Rating) -> Predicate:
    """Predicate of one year; good results do not make up for behaviour below expectation (misconduct)."""
    if behaviour is Rating.BELOW:
        return Predicate.VERY_POOR if results is Rating.BELOW else Predicate.POOR
    if results is Rating.BELOW:
        return Predicate.NEEDS_IMPROVEMENT
    return Predicate.VERY_GOOD if results is behaviour is Rating.ABOVE else Predicate.GOOD
