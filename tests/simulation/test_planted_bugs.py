"""The test of the test: each of sixteen bugs that such systems really have, and five rules that are gone, is caught."""

import pytest

from tests.support.sim.checker import Violation
from tests.support.sim.planted import Bug
from tests.support.sim.planted_transfer import RULES, SIXTEEN
from tests.support.sim.transfer import TransferPlay
from tests.support.sim.world import run_seed

BOUND = 100
CAUGHT = {
    "taken as a maximum": 3,
    "a write that only takes a message leaves rev as it was": 5,
    "held by arrival instead of sequence": 87,
    "a repeated fact tells nobody": 7,
    "decree without asking the proposal": 1,
    "a relative may decide": 7,
    "one official decides twice": 20,
    "seats without end": 1,
    "approved without a re-check": 1,
}
"""The seed that caught it last time, where it was not the first: tried before the others, to save their time."""


def is_caught(seed: int) -> bool:
    """True if the checker finds something wrong in this world; any other error is no catch."""
    try:
        run_seed(seed, TransferPlay)
    except Violation:
        return True
    return False


def test_there_are_sixteen() -> None:
    assert len({bug.name for bug in SIXTEEN}) == 16


@pytest.mark.timeout(300)
@pytest.mark.parametrize("bug", [*SIXTEEN, *RULES], ids=lambda bug: bug.name.replace(" ", "-"))
def test_a_planted_bug_is_caught(bug: Bug) -> None:
    with bug.planted():
        seeds = (CAUGHT.get(bug.name, 0), *range(BOUND))
        caught = next((seed for seed in seeds if is_caught(seed)), None)
    assert caught is not None
