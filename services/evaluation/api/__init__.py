"""The evaluation's HTTP doors: evaluations, their history and what would change them; the rules."""

from fastapi import APIRouter

from services.evaluation.api import advice, evaluations, rules

router = APIRouter()
for part in (evaluations, advice, rules):
    router.include_router(part.router)
