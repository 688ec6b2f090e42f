"""The state of a plan and how events change it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from shared.contracts.plan import (
    PlanAdopted,
    PlanCircle,
    PlanCirclesPublished,
    PlanCommentAnswered,
    PlanCommented,
    PlanComputed,
    PlanConsultationOpened,
    PlanCreated,
    PlanFrozen,
    PlanPartNoted,
    PlanRunCancelled,
    PlanRunFailed,
    PlanRunQueued,
    PlanScenarioSet,
    PlanWavePublished,
)
from shared.contracts.scenario import (
    LevelValue,
    PlannedMove,
    Scenario,
    UnitStaff,
    WaveLine,
)
from shared.kernel.decider import Event, Frozen

RunStatus = Literal["set", "queued", "frozen", "computed", "failed", "cancelled"]
UNDER_WAY: tuple[RunStatus, ...] = ("queued", "frozen")
_Status = Literal["new", "drafting", "consulting", "adopted"]


class Track(Frozen):
    """A scenario and where its last run stands. `snapshot` and `result` are hashes of what is stored; `parts` of a
    split run has the result of each part, "" while there is none."""

    scenario: Scenario
    status: RunStatus = "set"
    run: int = 0
    snapshot: str = ""
    ruleset: str = ""
    persons: int = 0
    options: int = 0
    parts: Mapping[str, str] = {}
    result: str = ""
    outcome: str = ""
    solver: str = ""
    levels: tuple[LevelValue, ...] = ()
    staffing: tuple[UnitStaff, ...] = ()
    moves: int = 0
    milliseconds: int = 0
    code: str = ""
    faults: tuple[str, ...] = ()


class Note(Frozen):
    """A comment (aspirasi) and its answer, "" while there is none."""

    comment: int
    person: str
    text: str
    answer: str = ""


class Studio(Frozen):
    """One plan. `told` are the moves that those concerned were told of; `waves` what became proposals,
    `circles` what became exchanges."""

    plan: str
    status: _Status = "new"
    agency: str = ""
    title: str = ""
    purpose: str = ""
    expected_result: str = ""
    expected_percent: int = 0
    created_on: date | None = None
    runs: int = 0
    scenarios: Mapping[str, Track] = {}
    chosen: str = ""
    result: str = ""
    until: datetime | None = None
    told: tuple[PlannedMove, ...] = ()
    notes: tuple[Note, ...] = ()
    adopted_by: str = ""
    waves: Mapping[str, tuple[WaveLine, ...]] = {}
    circles: tuple[PlanCircle, ...] = ()

    @property
    def under_way(self) -> Mapping[int, str]:
        """Runs that are not over yet, with the scenarios they compute."""
        return {track.run: name for name, track in self.scenarios.items() if track.status in UNDER_WAY}


def part_of(plan: str, run: int, number: int) -> str:
    """Id of a part of a split run."""
    return f"{plan}.{run}.{number}"


def evolve(state: Studio, event: Event) -> Studio:
    """The state after the event."""
    match event:
        case PlanCreated():
            told = event.model_dump(exclude={"plan", "by"})
            return state.model_copy(update={"status": "drafting", **told})
        case PlanScenarioSet():
            return _tracked(state, event.name, Track(scenario=event.scenario))
        case PlanRunQueued():
            fresh = Track(scenario=state.scenarios[event.name].scenario, status="queued", run=event.run)
            return _tracked(state, event.name, fresh).model_copy(update={"runs": event.run})
        case PlanFrozen() | PlanPartNoted() | PlanComputed() | PlanRunFailed() | PlanRunCancelled():
            return _tracked(state, event.name, state.scenarios[event.name].model_copy(update=_progress(state, event)))
    return _consulted(state, event)


def _tracked(state: Studio, name: str, track: Track) -> Studio:
    return state.model_copy(update={"scenarios": {**state.scenarios, name: track}})


def _progress(
    state: Studio, event: PlanFrozen | PlanPartNoted | PlanComputed | PlanRunFailed | PlanRunCancelled
) -> dict[str, Any]:
    match event:
        case PlanFrozen():
            parts = {part_of(event.plan, event.run, n): "" for n in range(1, len(event.parts) + 1)}
            told = event.model_dump(include={"snapshot", "ruleset", "persons", "options"})
            return {"status": "frozen", "parts": parts, **told}
        case PlanPartNoted():
            return {"parts": {**state.scenarios[event.name].parts, event.part: event.result}}
        case PlanComputed():
            fields = ("result", "solver", "levels", "staffing", "moves", "milliseconds")
            return {"status": "computed", "outcome": event.status, **{name: getattr(event, name) for name in fields}}
        case PlanRunFailed():
            return {"status": "failed", "code": event.code, "faults": event.faults}
    return {"status": "cancelled"}


def _consulted(state: Studio, event: Event) -> Studio:
    match event:
        case PlanConsultationOpened():
            told = {"chosen": event.name, "result": event.result, "until": event.until, "told": event.moves}
            return state.model_copy(update={"status": "consulting", **told})
        case PlanCommented():
            note = Note(comment=event.comment, person=event.person, text=event.text)
            return state.model_copy(update={"notes": (*state.notes, note)})
        case PlanCommentAnswered():
            answered = {"answer": event.text}
            notes = (n.model_copy(update=answered) if n.comment == event.comment else n for n in state.notes)
            return state.model_copy(update={"notes": tuple(notes)})
    return _adopted(state, event)


def _adopted(state: Studio, event: Event) -> Studio:
    match event:
        case PlanAdopted():
            return state.model_copy(update={"status": "adopted", "adopted_by": event.by})
        case PlanWavePublished():
            return state.model_copy(update={"waves": {**state.waves, str(event.wave): event.lines}})
        case PlanCirclesPublished():
            return state.model_copy(update={"circles": event.circles})
    return state
