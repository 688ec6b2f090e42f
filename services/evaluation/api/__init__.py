"""The evaluation's HTTP doors: evaluations, their history and what would change them; rankings; the rules; audits."""

from fastapi import APIRouter

from services.evaluation.api import (
    advice,
    applicants,
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
PARTS = (
    *(evaluations, advice, applicants, previews, careers, rankings, rules, audits, replays, reviews, trainings),
    indicators,
)
for part in PARTS:
    router.include_router(part.router)
