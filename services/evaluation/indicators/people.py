"""What became of those who moved: ratings, fit, training, results, opinions, and what it cost. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import fmean

from services.evaluation.domain.audit.fairness import SMALLEST
from services.evaluation.domain.audit.intervals import FEWEST, Interval, difference
from services.evaluation.domain.review.state import Review, Round
from services.evaluation.domain.training.trainings import Training
from services.evaluation.indicators.reading import Part, Reading, judged, mean_part, part, share_part
from shared.contracts.evaluation import Factor, Preference, Score
from shared.contracts.reviews import Party, Verdict
from shared.kernel.decider import Frozen
from shared.kernel.performance import Predicate

STARS: Mapping[str, int] = {name: 5 - at for at, name in enumerate(Predicate)}
_JULY = 7


class Rated(Frozen):
    """Somebody's predicates by year; `moved_on` is None for who stayed."""

    person: str
    performance: Mapping[str, str]
    moved_on: date | None = None


class Change(Frozen):
    """Ratings in the year before the move and in the first year mostly spent in the new post."""

    before: int
    after: int
    years: tuple[str, str]


def years_of(moved_on: date) -> tuple[str, str]:
    """The year before the move, and the first one of which more than half was spent in the new post."""
    first = moved_on.year if moved_on.month < _JULY else moved_on.year + 1
    return str(moved_on.year - 1), str(first)


def performance(moved: Sequence[Rated], stayed: Sequence[Rated], superior: Part) -> Reading:
    """KP4. Each is compared with colleagues who stayed and began with the same predicate, over the same years: who
    begins at the top can only fall, and so do they."""
    changes = [found for one in moved if one.moved_on and (found := _change(one.performance, years_of(one.moved_on)))]
    pairs = [(own, peers) for own in changes if (peers := _peers(own, stayed))]
    beyond = _beyond(pairs) if len(pairs) >= SMALLEST else None
    return judged(
        "KP4",
        part("effect", beyond, len(pairs)),
        mean_part("before", [own.before for own in changes]),
        mean_part("after", [own.after for own in changes]),
        superior,
    )


def _change(rated: Mapping[str, str], years: tuple[str, str]) -> Change | None:
    before, after = (STARS.get(rated.get(year, "")) for year in years)
    return Change(before=before, after=after, years=years) if before and after else None


def _peers(own: Change, stayed: Sequence[Rated]) -> list[float]:
    others = (_change(one.performance, own.years) for one in stayed)
    return [float(one.after - one.before) for one in others if one and one.before == own.before]


def _beyond(pairs: Sequence[tuple[Change, Sequence[float]]]) -> Interval:
    """Mean of own change less the peers' mean; as wide as the difference of the two groups, as peers serve often."""
    own = [float(one.after - one.before) for one, _ in pairs]
    rest = [mine - fmean(peers) for mine, (_, peers) in zip(own, pairs, strict=True)]
    value = fmean(rest)
    groups = {(one.years, one.before): peers for one, peers in pairs}
    around = [peer - fmean(peers) for peers in groups.values() for peer in peers]
    if len(rest) < FEWEST or len(around) < FEWEST:
        return Interval(value, None, None)
    spread = difference(rest, around)
    if spread.low is None or spread.high is None:
        return Interval(value, None, None)
    return Interval(value, value + spread.low - spread.value, value + spread.high - spread.value)


class Fit(Frozen):
    """How well somebody fitted who moved, and the place of the post in their own order, if they told one."""

    score: Score
    preference: Preference | None = None


def fit(fits: Sequence[Fit]) -> Reading:
    """KP6, from the evaluation by which each moved; what was never assessed is left out.

    `wish` is for those who said what interests them without an order; those with one have `listed`, `first` and the
    mean `rank` of those who got something of their list.
    """
    factors = [{one.name: one for one in _scored(fit)} for fit in fits]
    shares = {
        name: [_share(one[name].values["share"]) for one in factors if name in one and one[name].values.get("share")]
        for name in ("competence", "education", "interest")
    }
    ordered = [one.preference.rank for one in fits if one.preference]
    places = [place for place in ordered if place]
    yes = {name: sum(share == 1 for share in found) for name, found in shares.items()}
    return judged(
        "KP6",
        mean_part("jpm", shares["competence"]),
        share_part("education", yes["education"], len(shares["education"])),
        share_part("wish", yes["interest"], len(shares["interest"])),
        share_part("listed", len(places), len(ordered)),
        share_part("first", places.count(1), len(ordered)),
        mean_part("rank", [float(place) for place in places]),
    )


def _scored(fit: Fit) -> list[Factor]:
    """The factors, without the interest of who told an order: the order says more."""
    return [one for one in fit.score.factors if fit.preference is None or one.name != "interest"]


def _share(text: str) -> float:
    above, _, below = text.partition("/")
    return int(above) / int(below or 1)


def training(plans: Sequence[Training], today: date) -> Reading:
    """KP9: plans whose term is over, and gaps that were planned for."""
    over = [one for one in plans if one.until is not None and one.until < today]
    gaps = sum(bool(line.competence) for one in plans for line in one.lines)
    closed = sum(len(one.closed) for one in plans)
    return judged(
        "KP9", share_part("ready", sum(one.ready for one in over), len(over)), share_part("closed", closed, gaps)
    )


def last(review: Review) -> Round | None:
    """The newest look back that is closed."""
    closed = [one for one in review.rounds if one.status == "closed"]
    return max(closed, key=lambda one: one.months, default=None)


def verdict_of(review: Review) -> Verdict:
    """By the newest look back that says something; none is "cannot be judged"."""
    said = [one for one in review.rounds if one.verdict and one.verdict != "cannot_be_judged"]
    return max(said, key=lambda one: one.months).verdict or "cannot_be_judged" if said else "cannot_be_judged"


def results(reviews: Sequence[Review]) -> Reading:
    """KP10, each move by its last review that says something."""
    verdicts = [verdict_of(one) for one in reviews]
    known = [str(one) for one in verdicts if one != "cannot_be_judged"]
    parts = [share_part(name, known.count(name), len(known)) for name in ("reached", "partly", "not_reached")]
    return judged("KP10", *parts, share_part("unjudged", len(verdicts) - len(known), len(verdicts)))


def opinion(name: str, reviews: Iterable[Review], question: str, party: Party = "person") -> Part:
    """Mean of what those asked chose (1 to 5) in the newest look back, as part `name`."""
    rounds = (last(review) for review in reviews)
    chosen = [one.answers[party].choices.get(question, "") for one in rounds if one and party in one.answers]
    return mean_part(name, [float(choice) for choice in chosen if choice])


def cost(reviews: Sequence[Review], plans: Sequence[Training]) -> Reading:
    """What was recorded for the moves of the period (S19), in rupiah, against what they brought."""
    spent: dict[str, int] = {}
    for plan in plans:
        if plan.done:
            spent[plan.case] = sum(done.cost for done in plan.done.values())
    for review in reviews:
        if review.costs:
            spent[review.case] = spent.get(review.case, 0) + sum(one.amount for one in review.costs)
    whole, closed = sum(spent.values()), sum(len(plan.closed) for plan in plans)
    reached = sum(verdict_of(one) == "reached" for one in reviews)
    return judged(
        "cost",
        _per("per_move", whole, len(spent)),
        _per("per_result", whole, reached),
        _per("per_gap", whole, closed),
        share_part("recorded", len(spent), len(reviews)),
    )


def _per(name: str, whole: int, many: int) -> Part:
    return Part(part=name, value=whole / many if many and whole else None, n=many)
