"""What the reviews of an agency say together: how many moves reached what was expected, and how people are. Pure.

Indicators: KP10 (result reached), and the means of what people chose; small groups are suppressed as everywhere.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from services.evaluation.domain.audit.fairness import SMALLEST
from services.evaluation.domain.audit.intervals import Interval, mean
from services.evaluation.domain.review.form import RESULT, form
from services.evaluation.domain.review.state import Review, Round
from shared.contracts.reviews import Verdict
from shared.kernel.decider import Frozen


class Asked(Frozen):
    """One question of a scale from 1 to 5: the mean of what was chosen with Student's interval, None if too few."""

    question: str
    indicator: str
    party: str
    answers: int
    mean: Interval | None
    suppressed: bool


class Summary(Frozen):
    """After so many months: how many rounds closed, by verdict; by why they cannot be judged; and each question."""

    months: int
    closed: int
    open: int
    verdicts: Mapping[Verdict, int]
    codes: Mapping[str, int]
    heard: Mapping[str, int]
    questions: tuple[Asked, ...]


def summary(reviews: Iterable[Review]) -> tuple[Summary, ...]:
    """One for each number of months that was scheduled for anybody."""
    rounds: dict[int, list[Round]] = {}
    for review in reviews:
        for one in review.rounds:
            rounds.setdefault(one.months, []).append(one)
    return tuple(_after(months, rounds[months]) for months in sorted(rounds))


def _after(months: int, rounds: Sequence[Round]) -> Summary:
    closed = [one for one in rounds if one.status == "closed"]
    return Summary(
        months=months,
        closed=len(closed),
        open=sum(one.status == "open" for one in rounds),
        verdicts=Counter(one.verdict for one in closed if one.verdict),
        codes=Counter(one.code for one in closed if one.code),
        heard=Counter(party for one in closed for party in one.answers),
        questions=tuple(_questions(closed)),
    )


def _questions(closed: Sequence[Round]) -> Iterable[Asked]:
    for question in form().questions:
        if question.id == RESULT:
            continue
        for party in question.by:
            chosen = [one.answers[party].choices.get(question.id, "") for one in closed if party in one.answers]
            values = [float(choice) for choice in chosen if choice]
            few = len(values) < SMALLEST
            yield Asked(
                question=question.id,
                indicator=question.indicator,
                party=party,
                answers=len(values),
                mean=None if few else mean(values),
                suppressed=few and bool(values),
            )
