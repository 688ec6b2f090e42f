"""What would have to change for somebody to be eligible, or to reach a cut-off: in words, from the stored facts."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.evaluation.api.evaluations import Accepted, Lang
from services.evaluation.deciders import EVALUATIONS
from services.evaluation.domain.case import ZONE
from services.evaluation.domain.counterfactuals.search import LARGEST, counterfactuals, reached
from services.evaluation.domain.history import repeated
from services.evaluation.domain.judge import restored
from services.evaluation.domain.score import BEST
from services.evaluation.explain import Voice, words
from services.evaluation.store import told_until
from shared.host.http import Caller
from shared.host.problem import language
from shared.kernel.decider import Refused, judged_on

router = APIRouter()
Cutoff = Annotated[int, Query(ge=0, le=BEST, description="Score to reach, in hundredths of a point")]


class Step(BaseModel):
    """One change in words, with what it is about and how it is and would be."""

    kind: str
    what: str
    before: str
    after: str
    text: str


class Way(BaseModel):
    """Changes that lead there together, none of them left out; the score then, and the earliest day of applying."""

    steps: tuple[Step, ...]
    score: int
    applied_on: str


class Ways(BaseModel):
    """All smallest ways of at most `largest` changes, fewest first; none needed where `reached`."""

    case: str
    cutoff: int
    reached: bool
    largest: int = LARGEST
    ways: tuple[Way, ...]
    text: str


@router.get("/v1/evaluations/{case}/changes", name="evaluation.changes")
async def changes(
    case: str, call: Caller, cutoff: Cutoff = 0, lang: Lang = None, accept_language: Accepted = ""
) -> Ways:
    """What the person could change; found and verified by evaluating again with the stored facts and rules."""
    await call.read(EVALUATIONS, case)
    told, books = await told_until(call.db, case, judged_on(call.now()), ZONE)
    found = repeated(told, books)
    if found is None:
        raise Refused("NOT_EVALUATED_YET", status=404)
    snapshot = restored(found.event.facts, books)
    voice = Voice(words(), "en" if (lang or language(accept_language)) == "en" else "id")
    ways = tuple(
        Way(
            steps=tuple(
                Step(
                    **change.model_dump(include={"kind", "what", "before", "after"}),
                    text=voice.change(change.kind, change.what, change.before, change.after),
                )
                for change in answer.changes
            ),
            score=answer.score,
            applied_on=answer.applied_on,
        )
        for answer in counterfactuals(snapshot, cutoff)
    )
    there = reached(snapshot, cutoff)
    said = voice.say("ways", "reached" if there else "some" if ways else "none", largest=LARGEST)
    return Ways(case=case, cutoff=cutoff, reached=there, ways=ways, text=said)
