"""The evaluation's HTTP doors: evaluations and their history; the rules."""

from fastapi import APIRouter

from services.evaluation.api import evaluations, rules

router = APIRouter()
for part in (evaluations, rules):
    router.include_router(part.router)
