"""The audits: intervals against published figures, suppression, and effects against simulated truth."""

import random

import pytest

from services.evaluation.api.audits import warnings_of
from services.evaluation.domain.audit.effects import Effect, Measured, effect
from services.evaluation.domain.audit.fairness import Group, Looked, audit
from services.evaluation.domain.audit.intervals import difference, mean, share
from services.evaluation.explain import Voice, words


def test_intervals_by_known_answers() -> None:
    # Newcombe 1998, Statistics in Medicine 17:857, table I: 81 of 263 by Wilson's method without continuity correction
    wilson = share(81, 263)
    assert (round(wilson.low or 0, 4), round(wilson.high or 0, 4)) == (0.2553, 0.3662)
    # by hand: 2, 4, 6 has mean 4, deviation 2, t(0.975; 2) = 4.3027; 4.3027 * 2 / sqrt(3) = 4.968
    student = mean([2.0, 4.0, 6.0])
    assert (student.value, round(student.low or 0, 3), round(student.high or 0, 3)) == (4, -0.968, 8.968)
    assert mean([3.0]).low is None
    assert difference([1.0, 1.0], [3.0, 3.0]) == (-2, -2, -2)


def crowd(eligible: dict[str, tuple[int, int]]) -> tuple[list[Looked], dict[str, dict[str, str]]]:
    """Group -> (eligible, all); scores 80 for eligible and 50 for the others."""
    looked, told = [], {}
    for group, (hits, size) in eligible.items():
        for number in range(size):
            person = f"{group}-{number}"
            good = number < hits
            looked.append(Looked(person=person, eligible=good, score=8000 if good else 5000))
            told[person] = {"sex": group}
    return looked, told


def groups(eligible: dict[str, tuple[int, int]]) -> dict[str, Group]:
    (attribute,) = audit(*crowd(eligible))
    return {group.name: group for group in attribute.groups}


def test_a_planted_difference_is_found_and_an_equal_treatment_is_not() -> None:
    found = groups({"a": (80, 100), "b": (40, 100), "c": (78, 100)})
    assert {name for name, group in found.items() if group.warning} == {"b"}
    assert (found["b"].ratio, found["b"].people) == (0.5, 100)
    assert found["b"].score is not None
    assert found["b"].score.value == 62.0


def test_a_warning_says_what_is_to_be_looked_into() -> None:
    attributes = audit(*crowd({"a": (80, 100), "b": (40, 100), "c": (1, 2), "d": (1, 2)}))
    warned, hidden = warnings_of(attributes, Voice(words(), "en"))
    assert warned.startswith("sex b: 40.00 per cent are eligible, 0.50 of the highest group (bound 0.80)")
    assert hidden.startswith("Groups below 5 people are not shown")
    assert next(warnings_of(attributes, Voice(words(), "id"))).startswith("sex b: 40,00 persen memenuhi syarat")


def test_chance_alone_is_no_warning() -> None:
    assert not any(group.warning for group in groups({"a": (5, 6), "b": (3, 6)}).values())


def test_small_groups_are_suppressed_and_never_one_alone() -> None:
    found = groups({"a": (9, 10), "b": (5, 7), "c": (1, 4)})
    assert {name for name, group in found.items() if group.suppressed} == {"b", "c"}
    assert found["c"] == Group(name="c", suppressed=True)
    both = groups({"a": (9, 10), "b": (2, 3), "c": (1, 4)})
    assert {name for name, group in both.items() if group.suppressed} == {"b", "c"}


def test_whom_the_auditor_told_nothing_of_is_counted() -> None:
    looked, told = crowd({"a": (5, 6)})
    (attribute,) = audit([*looked, Looked(person="x", eligible=True, score=1)], told)
    assert attribute.unknown == 1


def test_the_order_of_input_does_not_matter() -> None:
    looked, told = crowd({"a": (8, 10), "b": (4, 10)})
    turned = dict(reversed(told.items()))
    assert audit(looked[::-1], turned) == audit(looked, told)


def world(seed: int, truth: float, units: int = 300) -> list[Measured]:
    """Simulated units: a level of their own, noise in each window, moves in half of the worst fifth, and the truth."""
    rng = random.Random(seed)
    levels = [rng.gauss(60, 10) for _ in range(units)]
    picking = [level + rng.gauss(0, 12) for level in levels]
    worst = sorted(range(units), key=lambda n: -picking[n])[: units // 5]
    moved = set(rng.sample(worst, len(worst) // 2))
    return [
        Measured(
            unit=f"u{n:03}",
            moved=n in moved,
            picking=picking[n],
            before=level + rng.gauss(0, 12),
            after=level * (1 + truth * (n in moved)) + rng.gauss(0, 12),
        )
        for n, level in enumerate(levels)
    ]


def naive(measured: list[Measured]) -> float:
    """Before and after alone, with the window that picked as the baseline: what KP2 warns of."""
    return mean([one.after - one.picking for one in measured if one.moved]).value


WORLDS = 60


def covered(truth: float) -> list[Effect]:
    return [effect(world(seed, truth), -0.3) for seed in range(WORLDS)]


def test_no_true_effect_is_seldom_called_one_though_the_peak_falls_by_itself() -> None:
    found = covered(0.0)
    assert sum(one.verdict in ("reached", "partly") for one in found) <= 0.05 * WORLDS + 3
    assert abs(mean([one.effect.value for one in found if one.effect]).value) < 1.0
    falls = [naive(world(seed, 0.0)) for seed in range(WORLDS)]
    assert mean(falls).value < -8  # points, of about 70: the naive comparison calls every one of them a success
    assert all(fall < 0 for fall in falls)


def test_a_planted_effect_is_found_with_its_size() -> None:
    found = covered(-0.4)
    assert sum(one.verdict == "reached" for one in found) >= 0.9 * WORLDS
    shares = [one.share for one in found if one.share]
    assert abs(mean([share.value for share in shares]).value + 0.4) < 0.03
    inside = [share for share in shares if (share.low or 0) <= -0.4 <= (share.high or 0)]
    assert len(inside) >= 0.85 * WORLDS


def test_less_than_expected_is_partly_and_opens_a_follow_up() -> None:
    found = [one for one in covered(-0.2) if one.verdict == "partly"]
    assert len(found) >= 0.7 * WORLDS
    assert all(one.follow_up for one in found)


def test_four_per_cent_where_thirty_were_expected_is_not_reached() -> None:
    """The figures of domain story 10: twelve moves, a queue that fell by 4 per cent, not to be told from zero."""
    steady = [Measured(unit=f"c{n}", moved=False, picking=50, before=50, after=50) for n in range(12)]
    moved = [Measured(unit=f"m{n}", moved=True, picking=50, before=50, after=48 + (-1) ** n * 9) for n in range(12)]
    found = effect([*moved, *steady], -0.3)
    assert found.share is not None
    assert round(found.share.value, 2) == -0.04
    assert (found.verdict, found.follow_up) == ("not_reached", True)


@pytest.mark.parametrize("thin", ["moved", "others"])
def test_too_few_units_cannot_be_judged_which_is_no_success(thin: str) -> None:
    few, many = (4, 40) if thin == "moved" else (40, 4)
    one = [Measured(unit=f"m{n}", moved=True, picking=1, before=9, after=1) for n in range(few)]
    other = [Measured(unit=f"c{n}", moved=False, picking=1, before=9, after=9) for n in range(many)]
    found = effect([*one, *other], -0.3)
    assert (found.verdict, found.effect, found.follow_up) == ("cannot_be_judged", None, False)


def test_the_order_of_units_does_not_matter() -> None:
    units = world(1, -0.2)
    assert effect(units[::-1], -0.3) == effect(units, -0.3)
