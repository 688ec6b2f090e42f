"""The test of the test: each of sixteen bugs that such systems really have is caught within so many seeds."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.support.sim.checker import Violation
from tests.support.sim.planted import BUGS, Bug
from tests.support.sim.play import Play
from tests.support.sim.toy import ToyPlay
from tests.support.sim.world import World, run_seed

BOUND = 150


def is_caught(seed: int, play: Callable[[World], Play]) -> bool:
    """True if the checker finds something wrong in this world; any other error is no catch."""
    try:
        run_seed(seed, play)
    except Violation:
        return True
    return False


def test_there_are_sixteen() -> None:
    assert len({bug.name for bug in BUGS}) == 16


@pytest.mark.timeout(300)
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name.replace(" ", "-"))
def test_a_planted_bug_is_caught(bug: Bug) -> None:
    play = partial(ToyPlay, changed=bug.changed, hasty=bug.hasty)
    with bug.planted():
        caught = next((seed for seed in range(BOUND) if is_caught(seed, play)), None)
    assert caught is not None
