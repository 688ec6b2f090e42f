"""Who applied for a vacancy, and why each may have it or not, in short: for the officials whose business it is."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.evaluation.api.evaluations import Accepted, Lang
from services.evaluation.api.previews import Fit, fit
from services.evaluation.deciders import RULES
from services.evaluation.domain.case import Evaluation
from services.evaluation.explain import Language, current, explain, words
from services.evaluation.policy import party
from services.evaluation.store import PAGE, evaluated_for
from shared.host.http import Caller
from shared.host.problem import language
from shared.kernel.decider import judged_on
from shared.runtime.service import Asked

router = APIRouter()


class Applicant(Fit):
    """The last evaluation of one case; its score in hundredths of a point of 100."""

    case: str
    person: str
    attempt: int


class Applicants(BaseModel):
    """A page of them in the order of their cases; `next` is the `after` of the following page, "" on the last."""

    items: tuple[Applicant, ...]
    next: str


@router.get("/v1/vacancies/{vacancy}/evaluations", name="evaluation.applicants")
async def listed(
    vacancy: str,
    call: Caller,
    after: Annotated[str, Query(max_length=120)] = "",
    lang: Lang = None,
    accept_language: Accepted = "",
) -> Applicants:
    """Everybody who was evaluated for a vacancy, as far as the caller may see each: rules that stand in the way, and
    those that only warn."""
    actor, today = await call.allow(), judged_on(call.now())
    said: Language = "en" if (lang or language(accept_language)) == "en" else "id"
    found = await evaluated_for(call.db, vacancy, after)
    seen = [state for state in found if party(Asked(actor, today, state))]
    rows = tuple(row for state in seen for row in _rows(state, said))
    return Applicants(items=rows, next=found[-1].case if len(found) == PAGE else "")


def _rows(state: Evaluation, said: Language) -> tuple[Applicant, ...]:
    if state.result is None:
        return ()
    short = fit(explain(current(state.result, state.overturned), RULES, words(), said), state.vacancy)
    about = {"case": state.case, "person": state.person, "attempt": state.attempt}
    return (Applicant.model_validate({**short.model_dump(), **about}),)
