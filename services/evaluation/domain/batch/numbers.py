"""The checks and factors that compare numbers, for a block of people and all vacancies, in exact integers. Pure.

The smaller of two levels is how many steps both reach, so the sum of min(assessed, required) over all competences is
one product of two matrices of zeros and ones; so are the years in the fields that a post names.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.evaluation.domain.facts import Vacancy
from shared.contracts.registry import Profile
from shared.kernel.competence import HIGHEST, LOWEST

Whole = NDArray[np.int64]
Real = NDArray[np.float64]  # holds whole numbers far below 2**53, so sums and products of them are exact


@dataclass(frozen=True)
class Posts:
    """The numbers of all vacancies."""

    vacancies: Sequence[Vacancy]

    @cached_property
    def codes(self) -> dict[str, int]:
        """Competences that any of them asks for."""
        asked = sorted({code for one in self.vacancies for code in one.requirements.competences})
        return {code: place for place, code in enumerate(asked)}

    @cached_property
    def required(self) -> Whole:
        """Level asked, by vacancy and competence; 0 where it is not asked."""
        levels = np.zeros((len(self.vacancies), len(self.codes)), dtype=np.int64)
        for row, one in enumerate(self.vacancies):
            for code, level in one.requirements.competences.items():
                levels[row, self.codes[code]] = level
        return levels

    @cached_property
    def named(self) -> Real:
        """By vacancy and competence, whether it is asked."""
        asked = np.zeros(self.required.shape)
        for row, one in enumerate(self.vacancies):
            asked[row, [self.codes[code] for code in one.requirements.competences]] = 1
        return asked

    @cached_property
    def bad(self) -> NDArray[np.bool_]:
        """Whether a level that is asked is none of the scale."""
        levels = [one.requirements.competences.values() for one in self.vacancies]
        return np.array([any(not LOWEST <= level <= HIGHEST for level in some) for some in levels], dtype=np.bool_)

    @cached_property
    def fields(self) -> dict[Hashable, int]:
        """Fields of experience that any of them names."""
        named = sorted({name for one in self.vacancies for name in one.requirements.experience_fields})
        return {name: place for place, name in enumerate(named)}

    @cached_property
    def counted(self) -> Real:
        """By vacancy and field, whether years in it count; the last column is any other field."""
        count = np.zeros((len(self.vacancies), len(self.fields) + 1))
        for row, one in enumerate(self.vacancies):
            names = one.requirements.experience_fields
            count[row, [self.fields[name] for name in names] if names else slice(None)] = 1
        return count

    @cached_property
    def years_asked(self) -> Whole:
        """Years of experience asked."""
        return np.array([one.requirements.experience_years for one in self.vacancies], dtype=np.int64)

    @cached_property
    def offered(self) -> tuple[dict[str, int], NDArray[np.bool_]]:
        """What an interest may name (casefolded), and by name which vacancies offer it."""
        said = [_offers(one) for one in self.vacancies]
        names = {name: place for place, name in enumerate(sorted(set().union(*said)))}
        table = np.zeros((len(names), len(said)), dtype=np.bool_)
        for column, offers in enumerate(said):
            table[[names[name] for name in offers], column] = True
        return names, table


def _offers(one: Vacancy) -> set[str]:
    demand = one.requirements
    offered = {one.placement.agency, one.placement.unit, one.placement.post, one.post_title, one.post_kind}
    return {name.casefold() for name in offered | {*demand.education_fields, *demand.experience_fields}}


def _steps(levels: Whole) -> Real:
    """One column for each competence and level: 1 where it is reached."""
    reached = levels[:, :, None] >= np.arange(LOWEST, HIGHEST + 1)
    return reached.reshape(len(levels), levels.shape[1] * HIGHEST).astype(np.float64)


@dataclass(frozen=True)
class Block:
    """Some people against all vacancies; every matrix is people by vacancies."""

    people: Sequence[Profile]
    posts: Posts

    @cached_property
    def assessed(self) -> Whole:
        """Level found, by person and competence; 0 where nobody assessed it."""
        levels = np.zeros((len(self.people), len(self.posts.codes)), dtype=np.int64)
        for row, person in enumerate(self.people):
            for code, level in person.competences.items():
                if code in self.posts.codes:
                    levels[row, self.posts.codes[code]] = level
        return levels

    @cached_property
    def met(self) -> Whole:
        """Sum of min(assessed, required)."""
        return _whole(_steps(self.assessed) @ _steps(self.posts.required).T)

    @cached_property
    def asked(self) -> Whole:
        """Sum of the levels required where the competence was assessed."""
        return _whole((self.assessed > 0).astype(np.float64) @ self.posts.required.T.astype(np.float64))

    @cached_property
    def unassessed(self) -> NDArray[np.bool_]:
        """Whether something that is asked was never assessed."""
        return np.asarray((self.assessed == 0).astype(np.float64) @ self.posts.named.T > 0)

    @cached_property
    def bad(self) -> NDArray[np.bool_]:
        """Whether a level that counts is none of the scale, so that nothing can be compared."""
        found = np.zeros((len(self.people), len(self.posts.codes)))
        for row, person in enumerate(self.people):
            wrong = (code for code, level in person.competences.items() if not LOWEST <= level <= HIGHEST)
            found[row, [self.posts.codes[code] for code in wrong if code in self.posts.codes]] = 1
        return np.asarray(self.posts.bad | (found @ self.posts.named.T > 0))

    def wide(self, levels: int) -> NDArray[np.bool_]:
        """Whether an assessed competence wants so many levels or more."""
        found = np.zeros((len(self.people), len(self.posts.vacancies)))
        for level in range(LOWEST, HIGHEST + 1 - levels):
            low = ((self.assessed > 0) & (self.assessed <= level)).astype(np.float64)
            found += low @ (self.posts.required >= level + levels).T.astype(np.float64)
        return np.asarray(found > 0)

    @cached_property
    def years(self) -> Whole:
        """Years in the fields that the vacancy names."""
        served = np.zeros((len(self.people), len(self.posts.fields) + 1))
        for row, person in enumerate(self.people):
            for part in person.experience:
                served[row, self.posts.fields.get(part.field, -1)] += part.years
        return _whole(served @ self.posts.counted.T)

    @cached_property
    def interested(self) -> NDArray[np.bool_]:
        """Whether an interest or a preference names what is offered."""
        names, table = self.posts.offered
        found = np.zeros((len(self.people), len(self.posts.vacancies)), dtype=np.bool_)
        for row, person in enumerate(self.people):
            told = {name.casefold() for name in (*person.interests, *person.preferences) if name}
            found[row] = table[[names[name] for name in told if name in names]].any(axis=0)
        return found


def _whole(real: Real) -> Whole:
    return np.rint(real).astype(np.int64)
