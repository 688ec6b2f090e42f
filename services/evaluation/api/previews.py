"""How the caller would fare at a vacancy today, before they apply: the same rules and score, stored nowhere."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, StringConstraints

from services.evaluation.api.evaluations import Accepted, Lang
from services.evaluation.deciders import RULES
from services.evaluation.domain.case import ZONE
from services.evaluation.domain.look import Wanted, preview
from services.evaluation.explain import Explanation, Language, explain, words
from services.evaluation.store import known
from shared.contracts.evaluation import EvaluationCompleted
from shared.host.http import Call, Caller
from shared.host.problem import language
from shared.kernel.decider import Fact, Facts, FactsMissing, NotYet

router = APIRouter()
MANY = 20
Ids = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:._-]{1,120}$")]], Query(min_length=1, max_length=MANY)
]


class Fit(BaseModel):
    """One vacancy in short: the score in hundredths of a point of 100, and the rules that stand in the way."""

    vacancy: str
    eligible: bool
    score: int
    against: tuple[str, ...]
    warnings: tuple[str, ...]


class Fits(BaseModel):
    """Those of the vacancies that are known here, in the order asked."""

    items: tuple[Fit, ...]


@router.get("/v1/previews/{vacancy}", name="evaluation.preview")
async def one(vacancy: str, call: Caller, lang: Lang = None, accept_language: Accepted = "") -> Explanation:
    """What an evaluation of the caller for this vacancy would say today, rule by rule with its source."""
    person = (await call.allow()).person
    return _explained(await _previewed(call, person, vacancy), "en" if _english(lang, accept_language) else "id")


@router.get("/v1/previews", name="evaluation.previews")
async def many(call: Caller, vacancy: Ids, lang: Lang = None, accept_language: Accepted = "") -> Fits:
    """The same in short for several vacancies."""
    person = (await call.allow()).person
    said: Language = "en" if _english(lang, accept_language) else "id"
    found = []
    for id in dict.fromkeys(vacancy):
        try:
            found.append(fit(_explained(await _previewed(call, person, id), said), id))
        except NotYet:
            continue
    return Fits(items=tuple(found))


def _english(lang: str | None, accepted: str) -> bool:
    return (lang or language(accepted)) == "en"


def _explained(event: EvaluationCompleted, said: Language) -> Explanation:
    return explain(event, RULES, words(), said)


def fit(found: Explanation, vacancy: str) -> Fit:
    """An evaluation in short."""
    failed = [row for row in found.rules if row.outcome in ("not_met", "unknown")]
    return Fit(
        vacancy=vacancy,
        eligible=found.eligible,
        score=found.score,
        against=tuple(row.title for row in failed if row.hard),
        warnings=tuple(row.title for row in failed if not row.hard),
    )


async def _previewed(call: Call, person: str, vacancy: str) -> EvaluationCompleted:
    """Judge with the facts that are here, loading what the judgement asks for. Raises NotYet."""
    wanted = Wanted(person=person, vacancy=vacancy, post="", initiative="own")
    on, loaded = call.now().astimezone(ZONE.info).date(), dict[tuple[str, str], Fact | None]()
    while True:
        try:
            return preview(RULES, wanted, on, Facts(loaded))
        except FactsMissing as missing:
            loaded |= await known(call.db, missing.refs)
