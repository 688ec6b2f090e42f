"""What the evaluation tells of mutation plans (rencana mutasi): scenarios computed, consultation, adoption, waves."""

from datetime import date, datetime
from typing import ClassVar, Literal

from shared.contracts.scenario import LevelValue, PlannedMove, Scenario, UnitStaff, WaveLine
from shared.kernel.decider import Event, Frozen


class _PlanEvent(Event):
    KEY: ClassVar[str] = "plan"
    plan: str


class PlanCreated(_PlanEvent):
    """An agency began a plan. `expected_percent`: by how much complaints should change where people come."""

    TYPE: ClassVar[str] = "mutasi.plan.created.v1"
    agency: str
    title: str
    purpose: str
    expected_result: str
    expected_percent: int = 0
    created_on: date | None = None
    by: str


class PlanScenarioSet(_PlanEvent):
    """A scenario was written anew; what was computed of it before is gone."""

    TYPE: ClassVar[str] = "mutasi.plan.scenario_set.v1"
    name: str
    scenario: Scenario
    by: str


class PlanRunQueued(_PlanEvent):
    """A scenario is to be computed: run `run` of this plan."""

    TYPE: ClassVar[str] = "mutasi.plan.run_queued.v1"
    name: str
    run: int
    by: str


class PlanPart(Frozen):
    """A region of a split run, with the hash of its own frozen input."""

    region: str
    snapshot: str


class PlanFrozen(_PlanEvent):
    """The run's input is frozen under this hash; a repeat of the run starts from it. A split run has parts."""

    TYPE: ClassVar[str] = "mutasi.plan.frozen.v1"
    name: str
    run: int
    snapshot: str
    ruleset: str
    persons: int
    options: int
    parts: tuple[PlanPart, ...] = ()


class _PartEvent(Event):
    """About a part of a run. Its key is the part's own, so that the parts spread over the workers."""

    KEY: ClassVar[str] = "part"
    part: str
    plan: str
    run: int


class PlanPartQueued(_PartEvent):
    """A part of a run is to be solved from this frozen input."""

    TYPE: ClassVar[str] = "mutasi.plan.part_queued.v1"
    region: str
    snapshot: str


class PlanPartBegun(_PartEvent):
    """Some worker has it."""

    TYPE: ClassVar[str] = "mutasi.plan.part_begun.v1"
    region: str
    snapshot: str


class PlanPartSolved(_PartEvent):
    """It is solved and checked under this hash by this worker, or came to nothing, and why (`code`, `faults`)."""

    TYPE: ClassVar[str] = "mutasi.plan.part_solved.v1"
    result: str = ""
    worker: str = ""
    milliseconds: int = 0
    code: str = ""
    faults: tuple[str, ...] = ()


class PlanPartNoted(_PlanEvent):
    """The plan has heard of a solved part."""

    TYPE: ClassVar[str] = "mutasi.plan.part_noted.v1"
    name: str
    run: int
    part: str
    result: str


class PlanComputed(_PlanEvent):
    """The run is done and the checker found nothing wrong; `result` is the hash of the stored plan."""

    TYPE: ClassVar[str] = "mutasi.plan.computed.v1"
    name: str
    run: int
    snapshot: str
    result: str
    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    solver: str
    levels: tuple[LevelValue, ...]
    staffing: tuple[UnitStaff, ...]
    moves: int
    milliseconds: int


class PlanRunFailed(_PlanEvent):
    """The run came to no plan; `faults` name what is wrong, as "CODE where"."""

    TYPE: ClassVar[str] = "mutasi.plan.run_failed.v1"
    name: str
    run: int
    code: str
    faults: tuple[str, ...] = ()


class PlanRunCancelled(_PlanEvent):
    """The run was called off."""

    TYPE: ClassVar[str] = "mutasi.plan.run_cancelled.v1"
    name: str
    run: int
    by: str


class PlanConsultationOpened(_PlanEvent):
    """Those whom the plan moves may comment until then; the plan of this scenario is what they are told."""

    TYPE: ClassVar[str] = "mutasi.plan.consultation_opened.v1"
    name: str
    result: str
    until: datetime
    moves: tuple[PlannedMove, ...]
    by: str


class PlanMoveTold(_PlanEvent):
    """Somebody is told what the plan would mean for them, and until when they may comment. `case` is the one in which
    it would be proposed."""

    TYPE: ClassVar[str] = "mutasi.plan.move_told.v1"
    case: str
    person: str
    agency: str
    title: str
    post: str
    reason: str
    until: datetime


class PlanCommented(_PlanEvent):
    """Somebody concerned said what they think (aspirasi)."""

    TYPE: ClassVar[str] = "mutasi.plan.commented.v1"
    comment: int
    person: str
    text: str


class PlanCommentAnswered(_PlanEvent):
    """The agency answered a comment."""

    TYPE: ClassVar[str] = "mutasi.plan.comment_answered.v1"
    comment: int
    text: str
    by: str


class PlanAdopted(_PlanEvent):
    """The plan is adopted (ditetapkan); its waves may be published."""

    TYPE: ClassVar[str] = "mutasi.plan.adopted.v1"
    name: str
    result: str
    by: str


class PlanWavePublished(_PlanEvent):
    """A wave becomes the agency's proposals, one case each: told to the person with benefit and training, heard, then
    handed in to the normal chain."""

    TYPE: ClassVar[str] = "mutasi.plan.wave_published.v1"
    wave: int
    lines: tuple[WaveLine, ...]
    purpose: str
    expected_result: str
    benefit: str
    training: str
    by: str


class PlanCircle(Frozen):
    """People who exchange their seats (K7) under this group's id: each takes that of the next one, named in `posts`.
    `orders` has the reason of each one who is on duty, "" for those who are asked; empty where all are."""

    group: str
    people: tuple[str, ...]
    posts: tuple[str, ...]
    orders: tuple[str, ...] = ()


class PlanCirclesPublished(_PlanEvent):
    """The circles of a plan become exchanges of seats: each moves all of its members or none, once all have agreed or,
    on duty, were told with benefit and training and heard."""

    TYPE: ClassVar[str] = "mutasi.plan.circles_published.v1"
    circles: tuple[PlanCircle, ...]
    purpose: str
    expected_result: str
    benefit: str = ""
    training: str = ""
    by: str


class PlanLineRefused(Event):
    """The proposal service's answer to a line of a wave that cannot become a case."""

    TYPE: ClassVar[str] = "mutasi.plan.line_refused.v1"
    case: str
    person: str
    vacancy: str
    code: str


ANSWERS = (PlanLineRefused,)
EVENTS = (
    PlanCreated,
    PlanScenarioSet,
    PlanRunQueued,
    PlanFrozen,
    PlanPartQueued,
    PlanPartBegun,
    PlanPartSolved,
    PlanPartNoted,
    PlanComputed,
    PlanRunFailed,
    PlanRunCancelled,
    PlanConsultationOpened,
    PlanMoveTold,
    PlanCommented,
    PlanCommentAnswered,
    PlanAdopted,
    PlanWavePublished,
    PlanCirclesPublished,
)
