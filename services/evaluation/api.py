"""The evaluation's HTTP door: why a person may move or not, and how the score came about."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query

from services.evaluation.deciders import EVALUATIONS, RULES
from services.evaluation.explain import Explanation, current, explain, words
from shared.host.http import Caller
from shared.host.problem import language
from shared.kernel.decider import Refused

router = APIRouter()


@router.get("/v1/evaluations/{case}", name="evaluation.explain")
async def read(
    case: str,
    call: Caller,
    lang: Annotated[Literal["id", "en"] | None, Query()] = None,
    accept_language: Annotated[str, Header(max_length=200)] = "",
) -> Explanation:
    """The last attempt's evaluation in plain words, factor by factor and rule by rule with its source."""
    state = await call.read(EVALUATIONS, case)
    if state.result is None:
        raise Refused("NOT_EVALUATED_YET", status=404)
    chosen = lang or language(accept_language)
    said = explain(current(state.result, state.overturned), RULES, words(), "en" if chosen == "en" else "id")
    standing = "overturned" if state.overturned else "confirmed" if state.confirmed else "completed"
    return said.model_copy(update={"standing": standing})
