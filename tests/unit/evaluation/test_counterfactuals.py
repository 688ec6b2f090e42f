"""Counterfactuals: against brute force over every set of changes, on planted cases, and never by what is protected."""

from datetime import date
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.evaluation.domain.counterfactuals.levers import CHANGED, applied, levers
from services.evaluation.domain.counterfactuals.search import LARGEST, counterfactuals, reached
from services.evaluation.domain.facts import Seen
from services.evaluation.domain.judge import Snapshot
from services.evaluation.domain.ruleset import edition
from shared.contracts.registry import Profile
from tests.unit.evaluation.cases import RULES, demanding, seen

TODAY = edition(RULES, date(2026, 11, 23), "palu")
NINE = {"public_service": 3, "communication": 3, "population_records": 3}
PROTECTED = {
    "employment", "status", "placement", "post_title", "post_kind", "post_since", "rank", "experience", "retires_on",
    "under_process", "relatives", "potential", "committed_until", "rank_since", "talent_box", "trainings",
    "contract_until", "preferences", "leave_until",
}  # fmt: skip


def snapshot(what: Seen) -> Snapshot:
    return Snapshot(edition=TODAY, seen=what)


def brute(of: Snapshot, cutoff: int) -> set[frozenset[int]]:
    """Every set of every size that leads there and holds no smaller one that does; changes by their place."""
    known = levers(of)
    every = chain.from_iterable(combinations(range(len(known)), size) for size in range(1, len(known) + 1))
    good = []
    for places in every:
        after = applied(of.seen, tuple(known[place] for place in places))
        if reached(of.model_copy(update={"seen": after}), cutoff):
            good.append(frozenset(places))
    return {one for one in good if not any(other < one for other in good)}


def named(of: Snapshot, cutoff: int = 0) -> list[set[str]]:
    return [{f"{change.kind} {change.what}" for change in answer.changes} for answer in counterfactuals(of, cutoff)]


def test_who_is_there_needs_no_change() -> None:
    assert counterfactuals(snapshot(seen())) == ()


def test_one_training_is_enough() -> None:
    # 5 of 9 is below 68 per cent; any one competence trained to 3 makes 7 of 9 (or 6 of 9: not enough)
    low = {"public_service": 1, "communication": 2, "population_records": 2}
    assert named(snapshot(seen(competences=low))) == [
        {"train public_service"},
        {"train communication", "train population_records"},
    ]


def test_only_two_changes_together_help() -> None:
    """A bond and too low a level of education: neither alone opens the way."""
    of = snapshot(seen(service_bond=True, education_level="30"))
    assert named(of) == [{"end_bond service_bond", "study_level education_level"}]


def test_waiting_names_the_day() -> None:
    (answer,) = counterfactuals(snapshot(seen(post_since=date(2026, 6, 10))))
    assert [(change.kind, change.after) for change in answer.changes] == [("wait", "2026-12-10")]
    assert answer.applied_on == "2026-12-10"


def test_who_waits_into_a_year_that_asks_for_another_predicate_needs_that_too() -> None:
    """By April 2027 the year 2026 is asked for, which nobody has rated in November 2026."""
    of = snapshot(seen(post_since=date(2026, 10, 10)))
    assert named(of) == [{"wait tenure", "perform 2026"}]
    (answer,) = counterfactuals(of)
    assert answer.applied_on == "2027-04-10"


def test_waiting_beyond_retirement_is_no_answer() -> None:
    of = snapshot(seen(post_since=date(2026, 6, 10), retires_on=date(2026, 12, 1)))
    assert counterfactuals(of) == ()


def test_a_cut_off_is_reached_by_the_least() -> None:
    # 91.56 with 8 of 9; population_records to 3 makes 96.00, which reaches 95; performance alone cannot
    (answer,) = counterfactuals(snapshot(seen()), 9500)
    assert ([change.what for change in answer.changes], answer.score) == (["population_records"], 9600)


def test_what_nobody_can_change_has_no_answer() -> None:
    assert counterfactuals(snapshot(seen(under_process=True))) == ()
    assert counterfactuals(snapshot(seen(rank="IV/a"))) == ()


people = st.fixed_dictionaries(
    {
        "competences": st.dictionaries(st.sampled_from(sorted(NINE)), st.integers(1, 3)),
        "education_level": st.sampled_from(["30", "40"]),
        "education_field": st.sampled_from(["law", "nursing"]),
        "service_bond": st.booleans(),
        "post_since": st.sampled_from([date(2023, 5, 2), date(2026, 7, 1), date(2026, 10, 10)]),
        "interests": st.sampled_from([(), ("dukcapil",)]),
    }
)


@settings(max_examples=10, deadline=None, phases=[Phase.generate])
@given(people, st.sampled_from([0, 8000]))
def test_brute_force_finds_nothing_smaller_and_nothing_else(person: dict[str, Any], cutoff: int) -> None:
    vacancy = demanding(competences={"public_service": 3, "communication": 3}, education_fields=("law",))
    of = snapshot(seen(vacancy=vacancy, **person))
    answers = counterfactuals(of, cutoff)
    if reached(of, cutoff):
        assert answers == ()
        return
    wanted = {answer for answer in brute(of, cutoff) if len(answer) <= LARGEST}
    known = levers(of)
    assert {frozenset(known.index(change) for change in answer.changes) for answer in answers} == wanted
    for answer in answers:
        assert reached(of.model_copy(update={"seen": applied(of.seen, answer.changes)}), cutoff)


@settings(max_examples=20)
@given(people)
def test_no_lever_touches_what_is_protected(person: dict[str, Any]) -> None:
    what = seen(**person, relatives=("p-901",), under_process=True)
    for change in levers(snapshot(what)):
        assert change.profile.keys() <= CHANGED
        after = applied(what, (change,)).employee
        assert {name for name in PROTECTED if getattr(after, name) != getattr(what.employee, name)} == set()


def test_every_field_of_a_profile_is_a_lever_or_protected() -> None:
    """A new field must be put on one side: nothing becomes a lever by being forgotten."""
    assert set(Profile.model_fields) == CHANGED | PROTECTED
    assert not CHANGED & PROTECTED


@pytest.mark.parametrize("name", ["name", "nip", "sex", "birth_date", "religion", "marital_status", "disability"])
def test_no_profile_knows_it(name: str) -> None:
    assert name not in Profile.model_fields
