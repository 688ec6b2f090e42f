"""One line of time: posts, ranks, appraisals, assessments, training and reviews of a person, the oldest first. Pure.

Posts and ranks have their own days (TMT); what the registry told without a day stands on the day it was told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal

from services.evaluation.domain.facts import Known
from services.evaluation.domain.review.state import Review
from services.evaluation.domain.training.trainings import Training
from shared.contracts.registry import Profile
from shared.kernel.calendar import Zone
from shared.kernel.decider import Frozen

Kind = Literal["post", "rank", "appraisal", "assessment", "talent", "training", "review"]
ZONE = Zone.WIB


class Step(Frozen):
    """What happened on a day: `what` it is about, how it is from then on and was before, and what it stands on."""

    on: date
    kind: Kind
    what: str
    after: str = ""
    before: str = ""
    source: str = ""


def line(known: Iterable[Known], trainings: Iterable[Training], reviews: Iterable[Review]) -> tuple[Step, ...]:
    """Everything, the oldest first; what was told twice stands there once. The order of what is given never matters."""
    told = sorted(known, key=lambda one: (one.at, one.sequence))
    steps = {*_registered(told), *_trained(trainings), *_reviewed(reviews)}
    return tuple(sorted(steps, key=lambda step: (step.on, step.kind, step.what, step.after)))


def _registered(told: Sequence[Known]) -> Iterator[Step]:
    for one in told[:1]:
        yield from _changes(None, one)
    for before, one in pairwise(told):
        yield from _changes(before.profile, one)


def _changes(before: Profile | None, one: Known) -> Iterator[Step]:
    now, on = one.profile, one.at.astimezone(ZONE.info).date()
    if before is None or before.placement != now.placement:
        left = before.placement.post if before else ""
        yield Step(on=now.post_since, kind="post", what=now.placement.post, before=left, source=one.decree)
    if before is None or before.rank != now.rank:
        since = now.rank_since or (now.post_since if before is None else on)
        yield Step(on=since, kind="rank", what="rank", after=now.rank, before=before.rank if before else "")
    for year, rating in _fresh(before.performance if before else {}, now.performance):
        yield Step(on=date(int(year), 12, 31), kind="appraisal", what=year, after=rating)
    for code, level in _fresh(before.competences if before else {}, now.competences):
        was = before.competences.get(code, "") if before else ""
        yield Step(on=on, kind="assessment", what=code, after=str(level), before=str(was))
    yield from _talent(before, now, on)


def _fresh(before: Mapping[str, object], now: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What is new or other than it was."""
    return ((name, str(value)) for name, value in sorted(now.items()) if before.get(name) != value)


def _talent(before: Profile | None, now: Profile, on: date) -> Iterator[Step]:
    for what, was, new in (
        ("talent_box", before and before.talent_box, now.talent_box),
        ("potential", before and before.potential, now.potential),
    ):
        if new is not None and new != was:
            yield Step(on=on, kind="talent", what=what, after=str(new), before=str(was or ""))


def _trained(trainings: Iterable[Training]) -> Iterator[Step]:
    for plan in trainings:
        for course, done in plan.done.items():
            yield Step(on=done.completed_on, kind="training", what=course, source=done.certificate)
        for code, found in plan.found.items():
            yield Step(on=found.assessed_on, kind="assessment", what=code, after=str(found.level), source=plan.case)


def _reviewed(reviews: Iterable[Review]) -> Iterator[Step]:
    for review in reviews:
        for round in review.rounds:
            if round.verdict:
                on = review.due(round.months).astimezone(ZONE.info).date()
                yield Step(on=on, kind="review", what=str(round.months), after=round.verdict, source=review.case)
