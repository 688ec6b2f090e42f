"""`python -m tests.bench.batch [people] [vacancies]`: who fits what, in one batch, beside the bare numbers in numpy.

Writes pairs per second of the batch (eligibility by every rule and the score of every pair), of the engine one by one
on a sample, and of the numbers alone on arrays that are ready; a sample of the batch is compared with the engine.
"""

import cProfile
import json
import pstats
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from services.evaluation.deciders import RULES
from services.evaluation.domain.batch.crowd import Crowd
from services.evaluation.domain.batch.fits import SIZE, Fits, fits
from services.evaluation.domain.facts import Region, Vacancy
from services.evaluation.domain.judge import Snapshot, eligible, findings
from services.evaluation.domain.ruleset import Edition, edition
from services.evaluation.domain.score import score
from shared.contracts.registry import Experience, Placement, PostRequirements, Profile
from shared.kernel.competence import COMMON

ON, AGENCY, UNITS, SAMPLE = date(2026, 11, 23), "palu", 200, 2_000
TECHNICAL = tuple(f"technical-{number}" for number in range(40))
FIELDS = tuple(f"field-{number}" for number in range(30))
LEVELS = tuple(COMMON)


def crowd(people: int, vacancies: int) -> Crowd:
    """A city of so many people and open posts, every one with numbers of its own."""
    dice = random.Random(901)
    return Crowd(
        on=ON,
        people=[_person(dice, number) for number in range(people)],
        vacancies=[_vacancy(dice, number) for number in range(vacancies)],
        ages={f"post-{number}": dice.choice((58, 60)) for number in range(4_000)},
        regions={AGENCY: Region(kind="city", province="Sulawesi Tengah")},
        initiative="own",
    )


def _person(dice: random.Random, number: int) -> Profile:
    unit = f"unit-{dice.randrange(UNITS)}"
    served = (Experience(field=dice.choice(FIELDS), years=dice.randrange(1, 15)) for _ in range(2))
    known = {code: dice.randrange(2, 5) for code in (*LEVELS, *dice.sample(TECHNICAL, 3))}
    return Profile(
        employment="PNS" if dice.random() < 0.9 else "PPPK",
        placement=Placement(agency=AGENCY, unit=unit, post=f"post-{number % 4_000}"),
        post_title="Analis",
        post_kind=dice.choice(("staff", "functional", "functional", "supervisor")),
        post_since=ON - timedelta(days=dice.randrange(60, 3_000)),
        rank=dice.choice(("II/c", "III/a", "III/b", "III/c", "III/d", "IV/a")),
        education_level=dice.choice(("30", "40", "45")),
        education_field=dice.choice(FIELDS),
        performance={"2024": dice.choice(("good", "very_good")), "2025": dice.choice(("good", "very_good", "poor"))},
        competences=known,
        experience=tuple(served),
        interests=(f"unit-{dice.randrange(UNITS)}",),
        retires_on=date(2027 + dice.randrange(35), 1 + dice.randrange(12), 1),
        under_process=False,
        study_assignment=False,
        service_bond=False,
    )


def _vacancy(dice: random.Random, number: int) -> Vacancy:
    asked = {code: dice.randrange(2, 4) for code in (*LEVELS, *dice.sample(TECHNICAL, 1))}
    return Vacancy(
        placement=Placement(agency=AGENCY, unit=f"unit-{dice.randrange(UNITS)}", post=f"post-{number}"),
        post_title="Analis",
        post_kind=dice.choice(("staff", "functional")),
        requirements=PostRequirements(
            rank_min=dice.choice(("", "II/c", "III/a")),
            education_min=dice.choice(("", "30", "40")),
            education_fields=tuple(dice.sample(FIELDS, 12)),
            competences=asked,
            experience_years=dice.randrange(0, 4),
        ),
        weights={},
        retirement_age=60,
    )


def bound(people: int, vacancies: int) -> float:
    """Processor seconds of the numbers alone, on arrays that are ready: match, experience, weighted mean."""
    dice = np.random.default_rng(901)
    width = 5 * (len(LEVELS) + len(TECHNICAL))
    has, asks = (dice.integers(0, 2, (rows, width)).astype(np.float64) for rows in (people, vacancies))
    served, counts = dice.random((people, len(FIELDS))), dice.random((vacancies, len(FIELDS)))
    alone = dice.integers(0, 1_800, people)
    began = time.process_time()
    for first in range(0, people, SIZE):
        some = slice(first, first + SIZE)
        met = (has[some] @ asks.T).astype(np.int64)
        years = np.clip((served[some] @ counts.T).astype(np.int64), 0, 10)
        _mean(met, years, alone[some])
    return time.process_time() - began


def _mean(met: NDArray[np.int64], years: NDArray[np.int64], alone: NDArray[np.int64]) -> NDArray[np.int64]:
    whole = np.int64(1_800 * 100 * 40)
    top: NDArray[np.int64] = 40 * met * 1_800 + 10 * years * 180 * 40 + 20 * alone[:, None] * 40
    return (20_000 * top + whole) // (2 * whole)


def compared(seen: Crowd, rules: Edition, blocks: list[Fits]) -> float:
    """Seconds of the engine for a sample of pairs, each of which the batch must agree with."""
    dice = random.Random(902)
    spent = 0.0
    for _ in range(SAMPLE):
        person, vacancy = dice.randrange(len(seen.people)), dice.randrange(len(seen.vacancies))
        pair, block = seen.seen(person, vacancy), blocks[person // SIZE]
        began = time.process_time()
        fine = eligible(findings(Snapshot.model_construct(edition=rules, seen=pair, waivers=())))
        total = score(pair, rules.scoring).total
        spent += time.process_time() - began
        row = person - block.first
        if (fine, total) != (bool(block.eligible[row, vacancy]), int(block.scores[row, vacancy])):
            raise AssertionError(f"person {person}, vacancy {vacancy}: {(fine, total)} one by one")
    return spent


def timed(work: Callable[[], list[Fits]]) -> tuple[float, list[Fits]]:
    """Seconds of processor time, and what came of it."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def main(people: int = 20_000, vacancies: int = 2_000) -> None:
    """Measure and write it; with `--profile` also where the time goes."""
    seen, rules = crowd(people, vacancies), edition(RULES, ON, AGENCY)
    pairs = people * vacancies
    profile = cProfile.Profile() if "--profile" in sys.argv else None
    if profile:
        profile.enable()
    spent, blocks = timed(lambda: list(fits(seen, rules)))
    if profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(12)
    bare = bound(people, vacancies)
    alone = compared(seen, rules, blocks)
    told = {
        "pairs": pairs,
        "eligible": int(sum(block.eligible.sum() for block in blocks)),
        "cpu_seconds": round(spent, 1),
        "pairs_per_second": round(pairs / spent),
        "one_by_one_pairs_per_second": round(SAMPLE / alone),
        "bound_seconds": round(bare, 1),
        "ratio_to_bound": round(spent / bare, 1),
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:] if word.isdigit()))
