"""Decisions about a plan: scenarios, consultation, adoption, waves; its runs are in `runs`."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from services.evaluation.domain.facts import Vacancy
from services.evaluation.plan.studio.circles import circles
from services.evaluation.plan.studio.commands import (
    Adopt,
    AnswerComment,
    Comment,
    CreatePlan,
    OpenConsultation,
    PublishCircles,
    PublishWave,
    SetScenario,
)
from services.evaluation.plan.studio.guards import by, drafting, track_of
from services.evaluation.plan.studio.runs import HANDLERS as RUNS
from services.evaluation.plan.studio.runs import work
from services.evaluation.plan.studio.state import Studio, evolve
from shared.contracts.plan import (
    PlanAdopted,
    PlanCirclesPublished,
    PlanCommentAnswered,
    PlanCommented,
    PlanConsultationOpened,
    PlanCreated,
    PlanMoveTold,
    PlanScenarioSet,
    PlanWavePublished,
)
from shared.contracts.scenario import (
    PlannedMove,
    WaveLine,
)
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, Refused, judged_on

MOVES_MOST, SCENARIOS_MOST = 2_000, 12
SHORTEST = timedelta(days=1)  # of a consultation; how long it should last is the agency's to say


def _create(state: Studio, command: CreatePlan, message: Message, _facts: Facts) -> list[Event]:
    if state.status != "new":
        raise Refused("PLAN_EXISTS")
    on = judged_on(message.time)
    return [PlanCreated(plan=state.plan, **command.model_dump(), created_on=on, by=by(message))]


def _set(state: Studio, command: SetScenario, message: Message, _facts: Facts) -> list[Event]:
    drafting(state)
    if state.status == "consulting" and command.name == state.chosen:
        raise Refused("SCENARIO_TOLD", where="name", name=command.name)
    if command.name not in state.scenarios and len(state.scenarios) == SCENARIOS_MOST:
        raise Refused("SCENARIOS_MOST", where="name", most=SCENARIOS_MOST)
    if not command.scenario.needs:
        raise Refused("NEEDS_MISSING", status=422, where="scenario.needs")
    return [PlanScenarioSet(plan=state.plan, name=command.name, scenario=command.scenario, by=by(message))]


def _consult(state: Studio, command: OpenConsultation, message: Message, _facts: Facts) -> list[Event]:
    drafting(state)
    if state.status == "consulting" and command.name == state.chosen:
        raise Refused("CONSULTATION_OPEN", name=state.chosen)
    track = track_of(state, command.name)
    if track.status != "computed" or track.outcome not in ("optimal", "feasible") or track.result != command.result:
        raise Refused("NO_PLAN_YET", where="name", name=command.name)
    if command.until < message.time + SHORTEST:
        raise Refused("CONSULTATION_SHORT", status=422, where="until", days=SHORTEST.days)
    if len(command.moves) > MOVES_MOST:
        raise Refused("PLAN_TOO_LARGE", where="moves", most=MOVES_MOST, moves=len(command.moves))
    told = command.model_dump(include={"name", "result", "until", "moves"})
    opened = PlanConsultationOpened.model_validate({"plan": state.plan, **told, "by": by(message)})
    return [opened, *(_told(state, move, command.until) for move in command.moves)]


def _told(state: Studio, move: PlannedMove, until: datetime) -> PlanMoveTold:
    about = state.model_dump(include={"plan", "agency", "title"})
    case = case_of(state.plan, move.person)
    return PlanMoveTold(**about, case=case, person=move.person, post=move.target, reason=move.reason, until=until)


def _comment(state: Studio, command: Comment, message: Message, _facts: Facts) -> list[Event]:
    if state.status != "consulting" or state.until is None or message.time > state.until:
        raise Refused("CONSULTATION_CLOSED")
    person = message.actor.person if message.actor else ""
    if person not in {move.person for move in state.told}:
        raise Refused("NOT_IN_PLAN", status=403)
    return [PlanCommented(plan=state.plan, comment=len(state.notes) + 1, person=person, text=command.text)]


def _answer(state: Studio, command: AnswerComment, message: Message, _facts: Facts) -> list[Event]:
    note = next((note for note in state.notes if note.comment == command.comment), None)
    if note is None:
        raise Refused("COMMENT_UNKNOWN", status=404, where="comment")
    if state.status == "adopted":
        raise Refused("PLAN_ADOPTED")
    answered = PlanCommentAnswered(plan=state.plan, comment=note.comment, text=command.text, by=by(message))
    return [answered]


def _adopt(state: Studio, _command: Adopt, message: Message, _facts: Facts) -> list[Event]:
    drafting(state)
    if state.status != "consulting" or state.until is None:
        raise Refused("NOT_CONSULTED")
    if message.time <= state.until:
        raise Refused("CONSULTATION_OPEN", name=state.chosen, until=state.until.isoformat())
    if waiting := [str(note.comment) for note in state.notes if not note.answer]:
        raise Refused("COMMENTS_UNANSWERED", comments=", ".join(waiting))
    return [PlanAdopted(plan=state.plan, name=state.chosen, result=state.result, by=by(message))]


def case_of(plan: str, person: str) -> str:
    """Id of the case in which a plan's move is proposed: the same however often it is published."""
    return f"{CASES}{sha256(f'{plan}/{person}'.encode()).hexdigest()[:24]}"


CASES = "c-plan-"


def _publish(state: Studio, command: PublishWave, message: Message, facts: Facts) -> list[Event]:
    if state.status != "adopted":
        raise Refused("NOT_ADOPTED")
    if str(command.wave) in state.waves:
        raise Refused("WAVE_PUBLISHED", where="wave", wave=command.wave)
    moves = [move for move in state.told if move.wave == command.wave]
    if not moves:
        raise Refused("WAVE_EMPTY", status=404, where="wave", wave=command.wave)
    if command.wave > 1 and str(command.wave - 1) not in state.waves:
        raise Refused("WAVE_EARLY", where="wave", wave=command.wave)
    lines = tuple(_line(state, command, move, facts) for move in moves)
    told = state.model_dump(include={"purpose", "expected_result"}) | command.model_dump(
        include={"benefit", "training"}
    )
    return [PlanWavePublished(plan=state.plan, wave=command.wave, lines=lines, **told, by=by(message))]


def _line(state: Studio, command: PublishWave, move: PlannedMove, facts: Facts) -> WaveLine:
    id = command.vacancies.get(move.target, "")
    vacancy = facts.get(Vacancy, id) if id else None
    if vacancy is None or vacancy.placement.post != move.target:
        raise Refused("VACANCY_NEEDED", where="vacancies", post=move.target)
    return WaveLine(case=case_of(state.plan, move.person), person=move.person, vacancy=id, reason=move.reason)


def _exchange(state: Studio, command: PublishCircles, message: Message, _facts: Facts) -> list[Event]:
    if state.status != "adopted":
        raise Refused("NOT_ADOPTED")
    if state.circles:
        raise Refused("WAVE_PUBLISHED", where="wave", wave=0)
    found = circles(state.plan, state.told, {duty.person for duty in state.scenarios[state.chosen].scenario.duties})
    if not found:
        raise Refused("WAVE_EMPTY", status=404, where="wave", wave=0)
    told = state.model_dump(include={"purpose", "expected_result"}) | command.model_dump()
    if missing := [name for name in ("benefit", "training") if not told[name] and any(one.orders for one in found)]:
        raise Refused("DUTY_UNTOLD", status=422, where=missing[0])
    return [PlanCirclesPublished(plan=state.plan, circles=found, **told, by=by(message))]


_HANDLERS: Mapping[type[Frozen], Callable[[Studio, Any, Message, Facts], list[Event]]] = {
    CreatePlan: _create,
    SetScenario: _set,
    OpenConsultation: _consult,
    Comment: _comment,
    AnswerComment: _answer,
    Adopt: _adopt,
    PublishWave: _publish,
    PublishCircles: _exchange,
    **RUNS,
}


def _decide(state: Studio, message: Message, facts: Facts) -> list[Event]:
    handle = _HANDLERS.get(type(message.body))
    return handle(state, message.body, message, facts) if handle else []


def _shown(state: Studio) -> Mapping[str, Any]:
    """What a planner sees; comments and moves are their own queries."""
    shown = state.model_dump(mode="json", exclude={"plan", "told", "notes"})
    for track in shown["scenarios"].values():
        del track["scenario"]
    return {**shown, "comments": len(state.notes), "unanswered": sum(not note.answer for note in state.notes)}


PLANS = Decider(
    name="plans",
    state=Studio,
    initial=lambda id: Studio(plan=id),
    decide=_decide,
    evolve=evolve,
    work=work,
    answer=_shown,
)
