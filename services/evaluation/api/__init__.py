"""The evaluation's HTTP doors: evaluations, their history and what would change them; rankings; the rules; audits."""

from fastapi import APIRouter

from services.evaluation.api import (
    advice,
    audits,
    careers,
    evaluations,
    indicators,
    previews,
    rankings,
    replays,
    reviews,
    rules,
    trainings,
)

router = APIRouter()
for part in (evaluations, advice, previews, careers, rankings, rules, audits, replays, reviews, trainings, indicators):
    router.include_router(part.router)
