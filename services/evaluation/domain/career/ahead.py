"""The next posts: those a person could come to best in their agency, what each asks, and what is lacking. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from services.evaluation.domain.batch.crowd import Crowd
from services.evaluation.domain.batch.fits import fits
from services.evaluation.domain.facts import Vacancy
from services.evaluation.domain.judge import Snapshot, findings
from services.evaluation.domain.moving import height
from services.evaluation.domain.ruleset import Edition
from services.evaluation.domain.training.catalogue import catalogue
from shared.contracts.evaluation import Finding
from shared.contracts.registry import PostRequirements, Profile
from shared.contracts.training import TrainingLine
from shared.kernel.decider import Frozen

SHOWN = 5
STEP = 1  # one kind of post higher at most


class Next(Frozen):
    """One post: what it asks, how well the person fits today, the rules that stand against it, and what to learn.
    `noted` are warnings, which keep nobody from coming: that a rotation is due is nothing the person lacks."""

    post: str
    unit: str
    title: str
    kind: str
    asks: PostRequirements
    eligible: bool
    score: int
    lacking: tuple[Finding, ...]
    noted: tuple[Finding, ...]
    training: tuple[TrainingLine, ...]


def ahead(crowd: Crowd, edition: Edition, shown: int = SHOWN) -> tuple[Next, ...]:
    """For the one person of the crowd: posts of their own kind and of one step more, but not the one they hold; those
    they may come to first, each in the order of the score. Judged as if they asked today."""
    (person,) = crowd.people
    near = [one for one in crowd.vacancies if _near(person, one)]
    seen = replace(crowd, vacancies=near)
    (block,) = fits(seen, edition)
    order = sorted(
        range(len(near)),
        key=lambda j: (not block.eligible[0, j], -int(block.scores[0, j]), near[j].placement.post),
    )
    return tuple(_next(seen, edition, j, bool(block.eligible[0, j]), int(block.scores[0, j])) for j in order[:shown])


def _near(person: Profile, post: Vacancy) -> bool:
    rise = height(post.post_kind) - height(person.post_kind)
    return post.placement != person.placement and 0 <= rise <= STEP


def _next(crowd: Crowd, edition: Edition, place: int, eligible: bool, score: int) -> Next:
    post, person = crowd.vacancies[place], crowd.people[0]
    found = findings(Snapshot(edition=edition, seen=crowd.seen(0, place)))
    against = [one for one in found if one.outcome in ("not_met", "unknown")]
    lines = catalogue().lines(post.requirements.competences, person.competences)
    return Next(
        post=post.placement.post,
        unit=post.placement.unit,
        title=post.post_title,
        kind=post.post_kind,
        asks=post.requirements,
        eligible=eligible,
        score=score,
        lacking=tuple(one for one in against if one.hard),
        noted=tuple(one for one in against if not one.hard),
        training=_gaps(lines),
    )


def _gaps(lines: Sequence[TrainingLine]) -> tuple[TrainingLine, ...]:
    """The courses for gaps; the induction goes with every move."""
    return tuple(one for one in lines if one.competence)
