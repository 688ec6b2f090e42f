"""What became of the agency: balance of its workload, speed, trust, participation, targets. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from statistics import median, quantiles

from services.evaluation.domain.audit.fairness import SMALLEST
from services.evaluation.domain.audit.intervals import FEWEST, Interval, difference
from services.evaluation.indicators.facts import Ended, Needed, Objected
from services.evaluation.indicators.reading import Part, Reading, Wait, judged, part, share_part
from services.evaluation.indicators.targets import Target
from services.evaluation.plan.studio.state import Studio
from shared.contracts.registry import Placement

_TENTHS = 10


def balance(
    needed: Iterable[Needed], staff: Mapping[str, int], moves: Sequence[tuple[Placement, Placement]]
) -> Reading:
    """KP1 after and before the moves (from, to) of the period, over the posts that were analysed, newest year first."""
    newest = {one.post: one for one in sorted(needed, key=lambda one: one.year)}
    came = Counter(to.post for _, to in moves)
    came.subtract(Counter(left.post for left, _ in moves))
    now, then = defaultdict[str, int](int), defaultdict[str, int](int)
    for post, one in newest.items():
        have = staff.get(post, 0)
        now[one.unit] += have - one.need
        then[one.unit] += have - came[post] - one.need
    gaps = [Interval(float(sum(abs(gap) for gap in units.values())), None, None) for units in (now, then)]
    wait: Wait = "" if newest else "NOT_RECORDED"
    parts = (part("after", gaps[0], len(now)), part("before", gaps[1], len(then)))
    return Reading(indicator="KP1", parts=parts if newest else (), waits=wait)


def speed(days: Sequence[int]) -> Reading:
    """KP5, end to end, in working days."""
    known = len(days) >= SMALLEST
    last = quantiles(days, n=_TENTHS, method="inclusive")[-1] if known else None
    return judged(
        "KP5",
        Part(part="median", value=float(median(days)) if known else None, n=len(days)),
        Part(part="p90", value=last, n=len(days)),
    )


def trust(
    ended: Sequence[Ended], opened: tuple[int, int], objected: Sequence[Objected], moves: int, clear: Part
) -> Reading:
    """KP7. `opened`: how many of the refusals were read about by the person, of how many."""
    refused = [one for one in ended if one.how == "refused"]
    filed = sum(one.step == "filed" for one in objected)
    answers = [one.step for one in objected if one.step != "filed"]
    return judged(
        "KP7",
        share_part("reasoned", sum(one.reasoned for one in refused), len(refused)),
        share_part("opened", *opened),
        _rate("objections", filed, moves),
        share_part("upheld", answers.count("granted"), len(answers)),
        clear,
    )


def participation(plans: Sequence[Studio], ended: Sequence[Ended], comments: int, moves: int) -> Reading:
    """KP8. `ended` are the evaluated cases that ended in the period without a move, `moves` those that ended in one."""
    notes = [note for plan in plans for note in plan.notes]
    gone = sum(one.how == "withdrawn" for one in ended)
    return judged(
        "KP8",
        share_part("answered", sum(bool(note.answer) for note in notes), len(notes)),
        _rate("per_plan", len(notes), len(plans)),
        share_part("withdrawn", gone, len(ended) + moves),
        _rate("per_move", comments, moves),
    )


def _rate(name: str, many: int, of: int) -> Part:
    return Part(part=name, value=many / of if of else None, n=of)


def targets(found: Sequence[Target], moved: Callable[[str], bool]) -> Reading:
    """Share of the targets with a result that were reached, at units that got people and at the others."""
    known = [one for one in found if one.achieved is not None]
    ours = [float(one.reached) for one in known if moved(one.unit)]
    rest = [float(one.reached) for one in known if not moved(one.unit)]
    enough = len(ours) >= FEWEST and len(rest) >= FEWEST
    return judged(
        "targets",
        share_part("moved", int(sum(ours)), len(ours)),
        share_part("others", int(sum(rest)), len(rest)),
        part("difference", difference(ours, rest) if enough else None, len(known)),
    )


def in_period(day: date | None, since: date, until: date) -> bool:
    """True from the first day up to the last, both inside."""
    return day is not None and since <= day <= until
