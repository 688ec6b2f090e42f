"""The order of a ranking: by score, then by the published factors, then by a hash that nobody can choose. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256

from shared.contracts.evaluation import EvaluationCompleted
from shared.contracts.ranking import RankedLine
from shared.kernel.decider import Frozen

Place = tuple[int, tuple[tuple[bool, Fraction], ...], str]


class Entry(Frozen):
    """One who takes part: score in hundredths of a point, shares of the factors as exact fractions of 1."""

    attempt: int
    person: str
    score: int
    shares: Mapping[str, str] = {}


def entry_of(event: EvaluationCompleted) -> Entry:
    """What a ranking needs of an evaluation; a factor without data has no share."""
    known = {factor.name: factor.values.get("share", "") for factor in event.score.factors}
    shares = {name: share for name, share in known.items() if share}
    return Entry(attempt=event.attempt, person=event.person, score=event.score.total, shares=shares)


def ranked(vacancy: str, entries: Mapping[str, Entry], tie_break: Sequence[str]) -> tuple[RankedLine, ...]:
    """All entries by rank from 1; the order in which they come never matters, and no two share a rank."""
    ordered = sorted(entries.items(), key=lambda one: _place(vacancy, one[1], tie_break))
    return tuple(
        RankedLine(
            rank=rank,
            case=case,
            shares=tuple(entry.shares.get(name, "") for name in tie_break),
            **entry.model_dump(exclude={"shares"}),
        )
        for rank, (case, entry) in enumerate(ordered, 1)
    )


def _place(vacancy: str, entry: Entry, tie_break: Iterable[str]) -> Place:
    """Smaller is better. What is not known comes after what is: it is no zero, but no proof either."""
    shares = [Fraction(entry.shares[name]) if name in entry.shares else None for name in tie_break]
    ties = tuple((share is None, -share if share is not None else Fraction(0)) for share in shares)
    return -entry.score, ties, lot(vacancy, entry.person)


def lot(vacancy: str, person: str) -> str:
    """What decides last: SHA-256 of vacancy and person, so that it is fixed and anybody can check it."""
    return sha256(f"{vacancy}/{person}".encode()).hexdigest()
