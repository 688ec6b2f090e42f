"""Looking at evaluations and moves as a whole: the fairness audit, and whether moves helped."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.evaluation.api.evaluations import Accepted, Lang
from services.evaluation.domain.audit.effects import Effect, Measured, effect
from services.evaluation.domain.audit.fairness import FOUR_FIFTHS, SMALLEST, Attribute, audit
from services.evaluation.explain import Voice, words
from services.evaluation.store import looked
from shared.host.http import Caller
from shared.host.problem import language

router = APIRouter()
Short = Annotated[str, Field(min_length=1, max_length=120)]
LARGE = 8_000_000  # bytes: a group of each of 20,000 people in five attributes


class Told(BaseModel):
    """What the auditor tells of people, for this one look: person -> attribute -> group. It is kept nowhere."""

    people: Annotated[Mapping[Short, Mapping[Short, Short]], Field(min_length=1, max_length=50_000)]


class Audited(BaseModel):
    """Each attribute with its groups, and in words what is to be looked into."""

    evaluated: int
    attributes: tuple[Attribute, ...]
    warnings: tuple[str, ...]


@router.post("/v1/audits/fairness", name="audits.fairness", openapi_extra={"x-body-limit": LARGE})
async def fairness(wanted: Told, call: Caller, lang: Lang = None, accept_language: Accepted = "") -> Audited:
    """Shares found eligible and scores by group, with intervals; groups below five people are suppressed."""
    await call.allow()
    seen = await looked(call.db)
    attributes = audit(seen, wanted.people)
    voice = Voice(words(), "en" if (lang or language(accept_language)) == "en" else "id")
    return Audited(evaluated=len(seen), attributes=attributes, warnings=tuple(warnings_of(attributes, voice)))


def warnings_of(attributes: Iterable[Attribute], voice: Voice) -> Iterator[str]:
    """What is to be looked into, one sentence each, and what is not shown."""
    groups = [(attribute.name, group) for attribute in attributes for group in attribute.groups]
    for attribute, group in groups:
        if group.warning and group.rate and group.ratio is not None:
            yield voice.say(
                "audit",
                "warning",
                attribute=attribute,
                who=group.name,
                rate=voice.points(round(group.rate.value * 10_000)),
                ratio=voice.points(round(group.ratio * 100)),
                bound=voice.points(round(FOUR_FIFTHS * 100)),
            )
    if any(group.suppressed for _, group in groups):
        yield voice.say("audit", "suppressed", smallest=SMALLEST)


class Series(BaseModel):
    """Units with and without moves in three windows, and the expected effect as a share of the baseline (-0.3)."""

    units: Annotated[tuple[Measured, ...], Field(min_length=1, max_length=20_000)]
    expected: Annotated[float, Field(ge=-1, lt=0)]


class Judged(Effect):
    """The effect, and what it means in words."""

    text: str


@router.post("/v1/audits/effects", name="audits.effects")
async def effects(wanted: Series, call: Caller, lang: Lang = None, accept_language: Accepted = "") -> Judged:
    """Did the moves help: against comparable units, with an interval, regression to the mean taken off."""
    await call.allow()
    found = effect(wanted.units, wanted.expected)
    voice = Voice(words(), "en" if (lang or language(accept_language)) == "en" else "id")
    share = found.share
    shown = {"share": "-", "low": "-", "high": "-"}
    if share and share.low is not None and share.high is not None:
        parts = {"share": share.value, "low": share.low, "high": share.high}
        shown = {name: f"{100 * part:.1f}" for name, part in parts.items()}
    return Judged(
        **dict(found), text=voice.say("effects", found.verdict, expected=f"{100 * wanted.expected:.1f}", **shown)
    )
