"""A part of a split run: one region, solved by whichever worker Kafka gives it to."""

from services.evaluation.plan.studio.orders import SOLVE, Solve
from shared.contracts.plan import (
    PlanPartBegun,
    PlanPartQueued,
    PlanPartSolved,
)
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, Work, WorkDone


class Part(Frozen):
    """One part. `snapshot` is the hash of its input, "" before it begins."""

    part: str
    plan: str = ""
    run: int = 0
    snapshot: str = ""
    done: bool = False


def _decide(state: Part, message: Message, _facts: Facts) -> list[Event]:
    match message.body:
        case PlanPartQueued() as order if not state.snapshot:
            return [PlanPartBegun.model_validate(order.model_dump())]
        case WorkDone() as done if not state.done:
            told = done.outcome if done.ok else {"code": "EFFECT_FAILED", **done.outcome}
            return [PlanPartSolved.model_validate({**told, **state.model_dump(include={"part", "plan", "run"})})]
    return []


def _evolve(state: Part, event: Event) -> Part:
    match event:
        case PlanPartBegun():
            return state.model_copy(update=event.model_dump(include={"plan", "run", "snapshot"}))
        case PlanPartSolved():
            return state.model_copy(update={"done": True})
    return state


def _work(state: Part) -> tuple[Work, ...]:
    if not state.snapshot or state.done:
        return ()
    return (Work("solve", SOLVE, Solve(plan=state.plan, run=state.run, snapshot=state.snapshot)),)


PARTS = Decider(
    name="plan_parts",
    state=Part,
    initial=lambda id: Part(part=id),
    decide=_decide,
    evolve=_evolve,
    work=_work,
)
