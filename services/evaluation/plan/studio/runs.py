"""Runs of a plan's scenarios: work that is frozen first, then solved from that, however often it is begun.

A split run is solved part by part (`parts`), and put together when the last part has come.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.evaluation.plan.studio.commands import CancelRun, RunScenario
from services.evaluation.plan.studio.guards import by, drafting, track_of
from services.evaluation.plan.studio.orders import FREEZE, MERGE, SOLVE, Freeze, Merge, Solve
from services.evaluation.plan.studio.state import UNDER_WAY, Studio, Track, part_of
from shared.contracts.plan import (
    PlanComputed,
    PlanFrozen,
    PlanPartNoted,
    PlanPartQueued,
    PlanPartSolved,
    PlanRunCancelled,
    PlanRunFailed,
    PlanRunQueued,
)
from shared.kernel.decider import Event, Facts, Frozen, Message, Refused, Work, WorkDone


def _run(state: Studio, command: RunScenario, message: Message, _facts: Facts) -> list[Event]:
    drafting(state)
    track = track_of(state, command.name)
    if track.status in UNDER_WAY:
        raise Refused("RUN_UNDER_WAY", where="name", name=command.name, run=track.run)
    if state.status == "consulting" and command.name == state.chosen:
        raise Refused("SCENARIO_TOLD", where="name", name=command.name)
    return [PlanRunQueued(plan=state.plan, name=command.name, run=state.runs + 1, by=by(message))]


def _cancel(state: Studio, command: CancelRun, message: Message, _facts: Facts) -> list[Event]:
    track = track_of(state, command.name)
    if track.status not in UNDER_WAY:
        raise Refused("RUN_NOT_UNDER_WAY", where="name", name=command.name)
    return [PlanRunCancelled(plan=state.plan, name=command.name, run=track.run, by=by(message))]


def _done(state: Studio, done: WorkDone, _message: Message, _facts: Facts) -> list[Event]:
    """A result of an effect; of a run that was cancelled or written anew it is heard no more."""
    run = int(done.id.rpartition("-")[2])
    name = state.under_way.get(run)
    if name is None:
        return []
    told = {**done.outcome, "plan": state.plan, "name": name, "run": run}
    if not done.ok:
        return [PlanRunFailed.model_validate({"code": "EFFECT_FAILED", **told})]
    if done.kind != FREEZE:
        return [PlanComputed.model_validate(told)]
    frozen = PlanFrozen.model_validate(told)
    return [frozen, *(_part(state.plan, run, n, **part.model_dump()) for n, part in enumerate(frozen.parts, 1))]


def _part(plan: str, run: int, number: int, region: str, snapshot: str) -> PlanPartQueued:
    return PlanPartQueued(part=part_of(plan, run, number), plan=plan, run=run, region=region, snapshot=snapshot)


def _part_solved(state: Studio, event: PlanPartSolved, _message: Message, _facts: Facts) -> list[Event]:
    name = state.under_way.get(event.run)
    if name is None or state.scenarios[name].parts.get(event.part, "-"):
        return []
    told = {"plan": state.plan, "name": name, "run": event.run}
    if event.code:
        return [PlanRunFailed.model_validate({**told, "code": event.code, "faults": event.faults})]
    return [PlanPartNoted.model_validate({**told, "part": event.part, "result": event.result})]


HANDLERS: Mapping[type[Frozen], Callable[[Studio, Any, Message, Facts], list[Event]]] = {
    RunScenario: _run,
    CancelRun: _cancel,
    WorkDone: _done,
    PlanPartSolved: _part_solved,
}


def work(state: Studio) -> tuple[Work, ...]:
    """What is to be done for the runs that are under way."""
    found = (_next(state, track) for track in state.scenarios.values())
    return tuple(work for work in found if work is not None)


def _next(state: Studio, track: Track) -> Work | None:
    head = {"plan": state.plan, "run": track.run}
    if track.status == "queued":
        told = state.told if track.scenario.after == state.chosen != "" else ()
        order = Freeze(**head, agency=state.agency, scenario=track.scenario, told=told)
        return Work(f"freeze-{track.run}", FREEZE, order)
    if track.status != "frozen":
        return None
    if not track.parts:
        return Work(f"solve-{track.run}", SOLVE, Solve(**head, snapshot=track.snapshot))
    if not all(track.parts.values()):
        return None
    results = tuple(track.parts.values())
    return Work(f"merge-{track.run}", MERGE, Merge(**head, snapshot=track.snapshot, results=results))
