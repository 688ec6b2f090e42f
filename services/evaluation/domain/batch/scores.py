"""The score of every pair of a block, in exact integers over one common denominator. Pure."""

from collections.abc import Callable, Hashable, Mapping
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.evaluation.domain.batch.crowd import Crowd
from services.evaluation.domain.batch.numbers import Block, Whole
from services.evaluation.domain.batch.tables import Codes, coded
from services.evaluation.domain.facts import Vacancy
from services.evaluation.domain.ruleset import Scoring
from services.evaluation.domain.score import BEST, FACTORS, OF_THE_FIELD, weights
from shared.contracts.registry import Profile


class Sides(NamedTuple):
    """What of a profile and of a vacancy a factor looks at."""

    person: Callable[[Profile], Hashable]
    vacancy: Callable[[Vacancy], Hashable]


SIDES: Mapping[str, Sides] = {
    "performance": Sides(lambda p: tuple(sorted(p.performance.items())), lambda _: ()),
    "talent": Sides(lambda p: (p.talent_box, p.potential, tuple(sorted(p.performance.items()))), lambda _: ()),
    "education": Sides(lambda p: p.education_field, lambda v: v.requirements.education_fields),
    "distance": Sides(
        lambda p: (p.placement.agency, p.placement.unit), lambda v: (v.placement.agency, v.placement.unit)
    ),
}
"""Factors that are asked once for each pair of what they look at; competence, experience, interest are numbers."""


class _Table(NamedTuple):
    """Shares of one factor over the common denominator, and where they are known, by code of person and vacancy."""

    shares: Whole
    known: NDArray[np.bool_]
    people: Codes
    vacancies: Codes

    def of(self, rows: slice) -> tuple[Whole, NDArray[np.bool_]]:
        """Both for some people and all vacancies."""
        some = self.people[rows]
        return self.shares[some][:, self.vacancies], self.known[some][:, self.vacancies]


class Scores:
    """What of the scores hangs on few things, computed once for all blocks."""

    def __init__(self, crowd: Crowd, scoring: Scoring) -> None:
        self._full = scoring.experience_full_years
        self._weights = _weights(crowd, scoring)
        asked = {name: _asked(crowd, scoring, name) for name in SIDES if name in self._weights}
        known = [share for shares, _, _ in asked.values() for line in shares for share in line if share is not None]
        self._common = lcm(self._full, *(share.denominator for share in known))
        self._tables = {name: self._table(*of) for name, of in asked.items()}

    def _table(self, shares: list[list[Fraction | None]], people: Codes, vacancies: Codes) -> _Table:
        whole = [[0 if share is None else int(share * self._common) for share in line] for line in shares]
        known = [[share is not None for share in line] for line in shares]
        size = (len(shares), len(shares[0]) if shares else 0)
        return _Table(
            np.array(whole, dtype=np.int64).reshape(size),
            np.array(known, dtype=np.bool_).reshape(size),
            people,
            vacancies,
        )

    def of(self, block: Block, first: int) -> Whole:
        """Weighted mean of the factors known in hundredths of a point, halves up, exactly as `score` rounds."""
        compared = ~block.bad & (block.asked > 0)
        bottom = np.where(compared, block.asked, 1)
        weight = self._weights.get("competence", 0) * compared
        top, weighed = weight * block.met * self._common, weight * np.ones_like(bottom)
        for name, (share, known) in self._parts(block, first).items():
            weight = self._weights[name] * known
            top += weight * share * bottom
            weighed += weight
        whole = np.where(weighed > 0, self._common * bottom * weighed, 1)
        return np.where(weighed > 0, (2 * BEST * top + whole) // (2 * whole), 0)

    def _parts(self, block: Block, first: int) -> Mapping[str, tuple[Whole, NDArray[np.bool_]]]:
        """Share over the common denominator, and where it is known, of each weighed factor but competence."""
        rows = slice(first, first + len(block.people))
        parts = {name: table.of(rows) for name, table in self._tables.items()}
        if "experience" in self._weights:
            served = np.array([bool(person.experience) for person in block.people], dtype=np.bool_)[:, None]
            parts["experience"] = (np.clip(block.years, 0, self._full) * (self._common // self._full), served)
        if "interest" in self._weights:
            told = [any((*person.interests, *person.preferences)) for person in block.people]
            said = np.array(told, dtype=np.bool_)[:, None]
            parts["interest"] = (block.interested * np.int64(self._common), said)
        return parts


def _weights(crowd: Crowd, scoring: Scoring) -> Mapping[str, Whole]:
    """By factor, its weight for each vacancy; 0 where it is not weighed or spared (P03)."""
    found = {name: np.zeros(len(crowd.vacancies), dtype=np.int64) for name in FACTORS}
    for place, vacancy in enumerate(crowd.vacancies):
        for name, weight in weights(vacancy, scoring).items():
            if name in found and not (vacancy.aim == "development" and name in OF_THE_FIELD):
                found[name][place] = weight
    return {name: some for name, some in found.items() if some.any()}


def _asked(crowd: Crowd, scoring: Scoring, name: str) -> tuple[list[list[Fraction | None]], Codes, Codes]:
    """The factor, asked about the first pair of each kind."""
    people, first = coded([SIDES[name].person(person) for person in crowd.people])
    vacancies, found = coded([SIDES[name].vacancy(vacancy) for vacancy in crowd.vacancies])
    shares = [[FACTORS[name](crowd.seen(i, j), scoring).share for j in found] for i in first]
    return shares, people, vacancies
