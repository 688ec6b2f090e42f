"""A career: what was, on one line of time, what is known of the potential, and what the next posts ask."""

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import BaseModel

from services.evaluation import career_store
from services.evaluation.api.evaluations import Accepted, Lang
from services.evaluation.api.trainings import Line, said
from services.evaluation.deciders import RULES
from services.evaluation.domain.batch.crowd import Crowd
from services.evaluation.domain.career.ahead import Next, ahead
from services.evaluation.domain.career.line import Step
from services.evaluation.domain.case import Evaluation
from services.evaluation.domain.ruleset import edition
from services.evaluation.explain import RuleRow, Voice, rule_row, words
from shared.contracts.registry import Placement
from shared.contracts.training import TrainingLine
from shared.host.http import Caller
from shared.host.problem import language
from shared.kernel.decider import Refused, judged_on

router = APIRouter()


class Told(Step):
    """A step in words."""

    text: str


class Ahead(BaseModel):
    """A post the person could come to: what it asks, what is lacking and why, what is noted, and what to learn."""

    post: str
    unit: str
    title: str
    kind: str
    eligible: bool
    score: int
    asks: Mapping[str, str]
    lacking: tuple[RuleRow, ...]
    noted: tuple[RuleRow, ...]
    training: tuple[Line, ...]


class Career(BaseModel):
    """The whole of it; `talent_box` is one of nine, None where nobody mapped it."""

    person: str
    placement: Placement
    rank: str
    talent_box: int | None
    potential: str | None
    line: tuple[Told, ...]
    ahead: tuple[Ahead, ...]


@router.get("/v1/careers/{person}", name="careers.read")
async def read(person: str, call: Caller, lang: Lang = None, accept_language: Accepted = "") -> Career:
    """For the person, the offices of their unit and agency, and auditors."""
    profile = await career_store.profile_of(call.db, person)
    await call.allow(Evaluation(case="", person=person, origin=profile.placement if profile else None))
    if profile is None:
        raise Refused("UNKNOWN_PERSON", status=404)
    on = judged_on(call.now())
    crowd = await career_store.crowd_of(call.db, profile, Crowd(on=on, people=(), vacancies=(), initiative="own"))
    english = (lang or language(accept_language)) == "en"
    voice = Voice(words(), "en" if english else "id")
    titles = {post.placement.post: post.post_title for post in crowd.vacancies}
    rules = edition(RULES, on, profile.placement.agency)
    return Career(
        person=person,
        **profile.model_dump(include={"placement", "rank", "talent_box", "potential"}),
        line=tuple(_told(step, titles, voice) for step in await career_store.steps_of(call.db, person)),
        ahead=tuple(_ahead(one, voice) for one in ahead(crowd, rules)),
    )


def _told(step: Step, titles: Mapping[str, str], voice: Voice) -> Told:
    table = {"assessment": "competences", "training": "courses"}.get(step.kind, "")
    subject = titles.get(step.what, step.what) if step.kind == "post" else step.what
    if table == "courses":
        subject = next((one.title for one in _courses(step.what, voice.language)), step.what)
    elif table:
        subject = voice.say(table, step.what)
    shown = {"what": subject, "before": voice.value(step.before), "after": voice.value(step.after)}
    first = not step.before and step.kind in words()["career_begins"]
    return Told(**step.model_dump(), text=voice.say("career_begins" if first else "career", step.kind, **shown))


def _courses(course: str, lang: str) -> tuple[Line, ...]:
    return said((TrainingLine(course=course, required=False),), lang)


def _ahead(one: Next, voice: Voice) -> Ahead:
    asked = one.asks.model_dump(mode="json")
    asks = {name: _flat(value, voice) for name, value in asked.items() if value}
    return Ahead(
        **one.model_dump(include={"post", "unit", "title", "kind", "eligible", "score"}),
        asks=asks,
        lacking=tuple(rule_row(finding, RULES, voice) for finding in one.lacking),
        noted=tuple(rule_row(finding, RULES, voice) for finding in one.noted),
        training=said(one.training, voice.language),
    )


def _flat(value: object, voice: Voice) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{voice.say('competences', code)} {level}" for code, level in sorted(value.items()))
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
