"""A batch: who is eligible for what, and their scores, block by block; the same as `findings` and `score` say. Pure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.evaluation.domain.batch.crowd import Crowd
from services.evaluation.domain.batch.numbers import Block, Posts, Whole
from services.evaluation.domain.batch.scores import Scores
from services.evaluation.domain.batch.tables import Looked, looked
from services.evaluation.domain.entry import Gap
from services.evaluation.domain.fit import Percent
from services.evaluation.domain.ruleset import Applied, Edition

SIZE = 500  # people in a block: with 2,000 vacancies a matrix of whole numbers is 8 MB
NUMERIC = frozenset({"job_person_match", "single_gaps", "experience_years"})
Mask = NDArray[np.bool_]


class Fits(NamedTuple):
    """People from `first` on, by vacancy: whether eligible, and the score in hundredths of a point (also of those who
    are not eligible)."""

    first: int
    eligible: Mask
    scores: Whole


def fits(crowd: Crowd, edition: Edition) -> Iterator[Fits]:
    """Every person against every vacancy. The vacancies are those of agencies that this edition is for."""
    hard = [(rule, check) for rule, check in edition.checks if rule.hard]
    tables = [looked(crowd, rule.check, check) for rule, check in hard if rule.check not in NUMERIC]
    numeric = [rule for rule, _ in hard if rule.check in NUMERIC]
    posts, scores = Posts(crowd.vacancies), Scores(crowd, edition.scoring)
    for first in range(0, len(crowd.people), SIZE):
        block = Block(crowd.people[first : first + SIZE], posts)
        eligible = _through(tables, numeric, block, first)
        yield Fits(first, eligible, scores.of(block, first))


def _through(tables: Sequence[Looked], numeric: Sequence[Applied], block: Block, first: int) -> Mask:
    through = np.ones((len(block.people), len(block.posts.vacancies)), dtype=np.bool_)
    for table in tables:
        rows = table.people[first : first + len(block.people)]
        through &= table.passes[rows][:, table.vacancies]
    for rule in numeric:
        through &= _compared(rule, block)
    return through


def _compared(rule: Applied, block: Block) -> Mask:
    """The three checks that compare numbers; what is not known does not pass."""
    nothing_asked = block.posts.named.sum(axis=1) == 0
    if rule.check == "experience_years":
        served = np.array([bool(person.experience) for person in block.people], dtype=np.bool_)[:, None]
        asked = block.posts.years_asked
        return np.asarray((asked <= 0) | (served & (block.years >= asked)))
    if rule.check == "job_person_match":
        percent = Percent.model_validate(rule.parameters).percent
        enough = block.met * 100 >= percent * block.posts.required.sum(axis=1)
        return np.asarray(nothing_asked | (enough & ~block.bad))
    levels = Gap.model_validate(rule.parameters).levels
    return np.asarray(nothing_asked | ~(block.bad | block.unassessed | block.wide(levels)))
