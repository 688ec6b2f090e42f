"""A check is asked once for each pair of what it looks at: on the person's side, and on the post's. Pure.

`LOOKS` says what that is. A check that is not listed is asked about every pair, so a new one is slow and never wrong;
one that looks at more than is listed here fails the property test.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.evaluation.domain.batch.crowd import Crowd
from services.evaluation.domain.facts import Seen, Vacancy
from services.evaluation.domain.predicates import Verdict
from shared.contracts.registry import Profile

Table = NDArray[np.bool_]
Codes = NDArray[np.intp]
PASSES = frozenset({"met", "not_applicable"})


class Looks(NamedTuple):
    """What a check looks at: of a profile, with the retirement age of the post held; and of a vacancy."""

    person: Callable[[Profile, int | None], Hashable]
    vacancy: Callable[[Vacancy], Hashable]


def _nothing(_vacancy: Vacancy) -> Hashable:
    return ()


def _kind(vacancy: Vacancy) -> Hashable:
    return vacancy.post_kind


def _years(person: Profile) -> int:
    return sum(part.years for part in person.experience)


def _rated(person: Profile) -> Hashable:
    return tuple(sorted(person.performance.items()))


LOOKS: Mapping[str, Looks] = {
    "tenure_in_post": Looks(lambda p, _: p.post_since, _nothing),
    "declared_no": Looks(lambda p, _: (p.under_process, p.study_assignment, p.service_bond), _nothing),
    "performance_good": Looks(lambda p, _: _rated(p), _nothing),
    "no_relative_in_office": Looks(lambda p, _: p.relatives, lambda v: (v.placement.agency, v.placement.unit)),
    "education_level": Looks(lambda p, _: p.education_level, lambda v: v.requirements.education_min),
    "education_field": Looks(lambda p, _: p.education_field, lambda v: v.requirements.education_fields),
    "rank_range": Looks(
        lambda p, _: (p.employment, p.rank), lambda v: (v.requirements.rank_min, v.requirements.rank_max)
    ),
    "before_retirement": Looks(lambda p, age: (p.retires_on, p.post_kind, age), lambda v: v.retirement_age),
    "kind_of_move": Looks(lambda p, _: p.placement.agency, lambda v: v.placement.agency),
    "outside_elections": Looks(lambda _p, _: (), lambda v: (v.placement.agency, v.post_kind)),
    "commitment_over": Looks(lambda p, _: p.committed_until, _nothing),
    "tenure_at_most": Looks(lambda p, _: p.post_since, _nothing),
    "tenure_by_kind": Looks(lambda p, _: (p.post_kind, p.post_since), _nothing),
    "no_step_down": Looks(lambda p, _: p.post_kind, _kind),
    "step_up": Looks(
        lambda p, age: (p.post_kind, p.post_since, _years(p), bool(p.experience), p.education_level, p.retires_on, age),
        _kind,
    ),
    "functional_entry": Looks(
        lambda p, age: (p.post_kind, p.post_since, _years(p), bool(p.experience), p.retires_on, age),
        lambda v: (v.post_kind, v.requirements.rank_max),
    ),
    "age_at_most": Looks(
        lambda p, age: (p.placement.agency, p.education_field, p.retires_on, p.post_kind, age),
        lambda v: v.placement.agency,
    ),
    "grade_at_most": Looks(
        lambda p, _: (p.placement.agency, p.education_field, p.employment, p.rank), lambda v: v.placement.agency
    ),
    "talent_pool": Looks(lambda p, _: (p.post_kind, p.talent_box, p.potential, _rated(p)), _kind),
    "employment_kind": Looks(lambda p, _: p.employment, _nothing),
    "legal_status": Looks(lambda p, _: p.status, _nothing),
    "within_contract": Looks(
        lambda p, _: (p.employment, p.placement.agency, p.post_title), lambda v: (v.placement.agency, v.post_title)
    ),
}


class Looked(NamedTuple):
    """Whether a check lets through, by code of what it looks at; and the codes of all people and all vacancies."""

    passes: Table
    people: Codes
    vacancies: Codes


def looked(crowd: Crowd, name: str, check: Callable[[Seen], Verdict]) -> Looked:
    """Ask the check about the first pair of each kind."""
    looks = LOOKS.get(name)
    if looks is None:
        people, first = np.arange(len(crowd.people)), list(range(len(crowd.people)))
        vacancies, found = np.arange(len(crowd.vacancies)), list(range(len(crowd.vacancies)))
    else:
        ages = (crowd.ages.get(person.placement.post) for person in crowd.people)
        keys = [looks.person(person, age) for person, age in zip(crowd.people, ages, strict=True)]
        people, first = coded(keys)
        vacancies, found = coded([looks.vacancy(vacancy) for vacancy in crowd.vacancies])
    passes = np.array([[check(crowd.seen(i, j)).outcome in PASSES for j in found] for i in first], dtype=np.bool_)
    return Looked(passes.reshape(len(first), len(found)), people, vacancies)


def coded(keys: list[Hashable]) -> tuple[Codes, list[int]]:
    """A number for each different key in the order they come, and where each was first."""
    codes: dict[Hashable, int] = {}
    first: list[int] = []
    numbers = np.empty(len(keys), dtype=np.intp)
    for place, key in enumerate(keys):
        if key not in codes:
            codes[key] = len(first)
            first.append(place)
        numbers[place] = codes[key]
    return numbers, first
