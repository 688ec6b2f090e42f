"""The work that a plan asks of the solver's process."""

from shared.contracts.scenario import (
    PlannedMove,
    Scenario,
)
from shared.kernel.decider import Frozen

FREEZE, SOLVE, MERGE = "plan_freeze", "plan_solve", "plan_merge"


class Freeze(Frozen):
    """The order to freeze a run's input."""

    plan: str
    run: int
    agency: str
    scenario: Scenario
    told: tuple[PlannedMove, ...] = ()


class Solve(Frozen):
    """The order to compute a plan, or a part of one, from a frozen input."""

    plan: str
    run: int
    snapshot: str


class Merge(Solve):
    """The order to put the plans of all parts together, by their hashes."""

    results: tuple[str, ...]
