"""The search: by size, on the real engine; a set that holds a smaller answer is no answer. Pure."""

from collections.abc import Iterator
from itertools import combinations

from services.evaluation.domain.counterfactuals.levers import Change, applied, levers
from services.evaluation.domain.judge import Snapshot, eligible, findings
from services.evaluation.domain.score import score
from shared.kernel.decider import Frozen

LARGEST = 4  # changes in one answer: more is no advice
MOST = 16  # levers looked at: with the largest set, 2,516 combinations


class Counterfactual(Frozen):
    """A set of changes after which the person is eligible and reaches the cut-off, with the score they would have.

    No part of it is enough. `applied_on` is the earliest day of applying, as text.
    """

    changes: tuple[Change, ...]
    score: int
    applied_on: str


def reached(snapshot: Snapshot, cutoff: int) -> bool:
    """True if the person is eligible and scores at least the cut-off (hundredths of a point)."""
    return eligible(findings(snapshot)) and score(snapshot.seen, snapshot.edition.scoring).total >= cutoff


def counterfactuals(snapshot: Snapshot, cutoff: int = 0) -> tuple[Counterfactual, ...]:
    """The smallest sets of changes that lead there, fewest changes first; none if the person is there already, or if
    no set of at most `LARGEST` of the changes a person can make leads there."""
    if reached(snapshot, cutoff):
        return ()
    against = _against(snapshot)
    found: list[frozenset[int]] = []
    known = levers(snapshot)[:MOST]
    answers = []
    for places in _by_size(len(known)):
        if any(smaller <= places for smaller in found):
            continue
        changes = tuple(known[place] for place in sorted(places))
        after = snapshot.model_copy(update={"seen": applied(snapshot.seen, changes)})
        if _cleared(after, against) and reached(after, cutoff):
            found.append(places)
            total = score(after.seen, after.edition.scoring).total
            answers.append(Counterfactual(changes=changes, score=total, applied_on=str(after.seen.on)))
    return tuple(answers)


def _by_size(count: int) -> Iterator[frozenset[int]]:
    for size in range(1, min(count, LARGEST) + 1):
        yield from map(frozenset, combinations(range(count), size))


def _against(snapshot: Snapshot) -> frozenset[str]:
    return frozenset(finding.rule for finding in findings(snapshot) if not eligible((finding,)))


def _cleared(after: Snapshot, against: frozenset[str]) -> bool:
    """False if a rule that stood against it still does: those few are looked at before all the others."""
    return eligible(findings(after, against))
