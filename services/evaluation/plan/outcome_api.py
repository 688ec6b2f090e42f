"""What came of a plan, by HTTP: complaints against a baseline and against units it left alone."""

from fastapi import APIRouter

from services.evaluation.plan import store
from services.evaluation.plan.api import Lang
from services.evaluation.plan.outcome import Outcome, awaited, outcome
from services.evaluation.plan.studio.plans import PLANS
from services.evaluation.plan.words import outcome_said
from shared.host.http import Caller
from shared.kernel.decider import judged_on

router = APIRouter()


class Told(Outcome):
    """The outcome, and what it means in words."""

    text: str


@router.get("/v1/plans/{plan}/outcome", name="plan.outcome")
async def came(plan: str, call: Caller, lang: Lang = "id") -> Told:
    """The effect on complaints ninety days after the moves, or why it cannot be judged yet."""
    state = await call.read(PLANS, plan)
    await call.allow(state)
    cases = {line.case for lines in state.waves.values() for line in lines}
    moved = await store.entered(call.db, cases, {circle.group for circle in state.circles})
    found = awaited(state.created_on, moved, judged_on(call.now()))
    if not found.waits:
        touched = await store.units(call.db, {post for move in state.told for post in (move.origin, move.target)})
        months = {month for window in found.windows.values() for month in window}
        served = await store.served(call.db, state.agency, months)
        found = outcome(found, moved, touched, served, state.expected_percent)
    return Told(**dict(found), text=outcome_said(found, lang))
