"""The fairness audit: are people of one group found eligible, and scored, like the others? Pure.

Attributes such as sex, age band, region, disability or rank come from the auditor for this one look and are kept
nowhere; they never enter a score. Small groups are suppressed, and never just one of an attribute: it could be told
from the rest.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import quantiles

from services.evaluation.domain.audit.intervals import FEWEST, Interval, law, mean, share
from shared.kernel.decider import Frozen

SMALLEST = 5  # people; smaller groups are not shown (domain rule R55)
FOUR_FIFTHS = 0.8  # of the highest rate: below it a difference is worth a question (Uniform Guidelines 1978, practice)
DOUBT = 0.05
QUARTERS = 4


class Looked(Frozen):
    """One evaluation: eligible or not, and the score in hundredths of a point."""

    person: str
    eligible: bool
    score: int


class Group(Frozen):
    """A group of an attribute. Suppressed ones tell their name only. `rate` is the share found eligible; `score` the
    mean in points of 100, `quartiles` of the same; `ratio` is the rate over that of the group with the highest."""

    name: str
    suppressed: bool = False
    people: int | None = None
    rate: Interval | None = None
    score: Interval | None = None
    quartiles: tuple[float, ...] = ()
    ratio: float | None = None
    p_value: float | None = None
    warning: bool = False


class Attribute(Frozen):
    """An attribute with its groups; `unknown` counts evaluated people of whom the auditor told nothing."""

    name: str
    groups: tuple[Group, ...]
    unknown: int


def audit(looked: Sequence[Looked], told: Mapping[str, Mapping[str, str]]) -> tuple[Attribute, ...]:
    """Each attribute that was told: person -> attribute -> group. The order of input does not matter."""
    names = sorted({name for attributes in told.values() for name in attributes})
    return tuple(_attribute(name, looked, told) for name in names)


def _attribute(name: str, looked: Sequence[Looked], told: Mapping[str, Mapping[str, str]]) -> Attribute:
    groups: dict[str, list[Looked]] = defaultdict(list)
    unknown = 0
    for one in looked:
        if group := told.get(one.person, {}).get(name, ""):
            groups[group].append(one)
        else:
            unknown += 1
    hidden = _hidden({group: len(members) for group, members in groups.items()})
    shown = {group: members for group, members in groups.items() if group not in hidden}
    best = max(shown, key=lambda group: (_rate(shown[group]), group), default="")
    rows = [_group(group, shown[group], shown[best]) for group in sorted(shown)]
    rows += [Group(name=group, suppressed=True) for group in sorted(hidden)]
    return Attribute(name=name, groups=tuple(rows), unknown=unknown)


def _hidden(sizes: Mapping[str, int]) -> set[str]:
    """Groups that are too small; where that is one alone, the next smallest with it."""
    small = {group for group, size in sizes.items() if size < SMALLEST}
    rest = sorted((size, group) for group, size in sizes.items() if group not in small)
    if len(small) == 1 and rest:
        small.add(rest[0][1])
    return small


def _rate(members: Sequence[Looked]) -> float:
    return sum(one.eligible for one in members) / len(members)


def _group(name: str, members: Sequence[Looked], best: Sequence[Looked]) -> Group:
    points = [one.score / 100 for one in members]
    hits, top = sum(one.eligible for one in members), _rate(best)
    ratio = _rate(members) / top if top else None
    table = [[hits, len(members) - hits], [sum(one.eligible for one in best), sum(not one.eligible for one in best)]]
    p_value = None if members is best else float(law().fisher_exact(table).pvalue)
    return Group(
        name=name,
        people=len(members),
        rate=share(hits, len(members)),
        score=mean(points),
        quartiles=tuple(quantiles(points, n=QUARTERS)) if len(points) >= FEWEST else (),
        ratio=ratio,
        p_value=p_value,
        warning=ratio is not None and ratio < FOUR_FIFTHS and p_value is not None and p_value < DOUBT,
    )
