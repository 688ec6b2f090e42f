"""The rules for everybody to read, and the check of rules that an official wrote."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.evaluation import rules
from services.evaluation.deciders import RULES
from services.evaluation.domain.ruleset import BadRules, edition
from shared.host.http import Caller
from shared.kernel.decider import Refused, judged_on

router = APIRouter()
Day = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
Agency = Annotated[str, Query(max_length=64, description="Local rules of this agency too")]


class RuleFiles(BaseModel):
    """All files of a rule set: name -> YAML text."""

    files: Annotated[Mapping[str, str], Field(min_length=1, max_length=500)]


class Checked(BaseModel):
    """What is wrong, one sentence each; nothing when the rules can be used. `rules` counts them."""

    problems: tuple[str, ...]
    rules: int = 0


@router.get("/v1/rules", name="rules.list")
async def listed(call: Caller, on: Day = None, agency: Agency = "") -> Mapping[str, Any]:
    """The rules in force on a day (today without), with text, citation, certainty; the procedures and their holders."""
    await call.allow()
    day = on or judged_on(call.now())
    if not any(scoring.holds(day) for scoring in RULES.scorings):
        raise Refused("NO_RULES_THEN", status=404)
    return {
        "on": str(day),
        "rules": list(_shown(day, agency)),
        "procedures": [step.model_dump() for step in RULES.procedures],
    }


def _shown(day: date, agency: str) -> Iterator[Mapping[str, Any]]:
    for applied in edition(RULES, day, agency).rules:
        rule = RULES.rules[applied.id]
        yield {
            **applied.model_dump(include={"id", "hard", "certainty", "citation", "parameters"}),
            **rule.model_dump(include={"family", "title", "text", "code", "waivable_by", "agencies"}),
        }


@router.post("/v1/rules/check", name="rules.check")
async def check(wanted: RuleFiles, call: Caller) -> Checked:
    """Whether a service would start with these files: overlaps, gaps, unknown facts, missing citations and texts."""
    await call.allow()
    try:
        found = rules.read(wanted.files)
    except BadRules as bad:
        return Checked(problems=bad.problems)
    return Checked(problems=(), rules=len(found.rules))
