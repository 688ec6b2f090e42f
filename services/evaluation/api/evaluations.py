"""Why a person may move or not and how the score came about, also as it was then; and waiving a rule."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query

from services.evaluation.deciders import EVALUATIONS, RULES
from services.evaluation.domain.case import ZONE
from services.evaluation.domain.history import Repeated, repeated
from services.evaluation.domain.waivers import Waive
from services.evaluation.explain import Explanation, current, explain, words
from services.evaluation.indicators.store import note_opened, refused
from services.evaluation.policy import concerned, party
from services.evaluation.store import stood_in, told_until
from shared.host.http import Caller, Json
from shared.host.problem import language
from shared.kernel.decider import Refused, judged_on
from shared.runtime.service import Asked

router = APIRouter()
Lang = Annotated[Literal["id", "en"] | None, Query()]
Accepted = Annotated[str, Header(max_length=200)]


@router.get("/v1/evaluations/{case}", name="evaluation.explain")
async def read(case: str, call: Caller, lang: Lang = None, accept_language: Accepted = "") -> Explanation:
    """The last attempt's evaluation in plain words, factor by factor and rule by rule with its source."""
    state, day = await call.read(EVALUATIONS, case), judged_on(call.now())
    actor = await call.allow(state)
    mine = party(Asked(actor, day, state))
    if not (mine or any(concerned(state, one) for one in await stood_in(call.db, actor.person, day))):
        raise Refused("FORBIDDEN", status=403)
    if state.result is None:
        raise Refused("NOT_EVALUATED_YET", status=404)
    if actor.person == state.person:
        negative = not state.result.eligible or bool(state.overturned)
        if negative or await refused(call.db, case):
            await note_opened(call.db, case, call.now())
    chosen = lang or language(accept_language)
    said = explain(current(state.result, state.overturned), RULES, words(), "en" if chosen == "en" else "id")
    standing = "overturned" if state.overturned else "confirmed" if state.confirmed else "completed"
    return said.model_copy(update={"standing": standing})


Day = Annotated[date, Path(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class AsOf(Explanation):
    """An evaluation as it stood at the end of a day, made again from what is stored: the facts seen and the rule set.

    `identical` tells whether the repetition says the very same, to the last byte; `facts` is what it rests on.
    """

    as_of: date
    said_at: str
    identical: bool
    facts: dict[str, object]


@router.get("/v1/evaluations/{case}/as-of/{day}", name="evaluation.repeat")
async def repeat(case: str, day: Day, call: Caller, lang: Lang = None, accept_language: Accepted = "") -> AsOf:
    """The evaluation as it stood at the end of that day, repeated from the stored facts and rules."""
    await call.read(EVALUATIONS, case)
    found: Repeated | None = repeated(*await told_until(call.db, case, day, ZONE))
    if found is None:
        raise Refused("NOT_EVALUATED_YET", status=404)
    chosen = lang or language(accept_language)
    said = explain(found.event, RULES, words(), "en" if chosen == "en" else "id")
    return AsOf(
        **said.model_dump(exclude={"standing"}),
        standing=found.standing,
        as_of=day,
        said_at=found.said_at,
        identical=found.identical,
        facts=dict(found.event.facts),
    )


@router.post("/v1/evaluations/{case}/waivers", name="evaluation.waive")
async def waive(case: str, wish: Waive, call: Caller) -> Json:
    """Waive a rule for this case before it is judged: by an office that the rule names, with the reason."""
    return await call.send(EVALUATIONS, case, wish)
