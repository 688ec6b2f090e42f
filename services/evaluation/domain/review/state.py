"""The state of a move's reviews and how events change it. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Literal

from shared.contracts.outcomes import CostKind, MoveCostRecorded
from shared.contracts.registry import Placement
from shared.contracts.reviews import (
    Party,
    ReviewAnswered,
    ReviewCompleted,
    ReviewDue,
    ReviewsScheduled,
    Verdict,
)
from shared.kernel.calendar import Zone, add_months
from shared.kernel.decider import Event, Frozen

ZONE = Zone.WIB
_MORNING = time(8)  # when people are asked


class Answer(Frozen):
    """What one party chose, and said in own words."""

    by: str
    choices: Mapping[str, str]
    remark: str = ""


class Round(Frozen):
    """One look back. `until`: answers are taken up to then."""

    months: int
    status: Literal["waiting", "open", "closed"] = "waiting"
    until: datetime | None = None
    answers: Mapping[Party, Answer] = {}
    verdict: Verdict | None = None
    code: str = ""


class Cost(Frozen):
    """What a move cost, in rupiah (S19)."""

    kind: CostKind
    amount: int


class Review(Frozen):
    """All looks back at the move of one case."""

    id: str
    case: str = ""
    person: str = ""
    placement: Placement | None = None
    left: Placement | None = None
    expected_result: str = ""
    effective_on: date | None = None
    rounds: tuple[Round, ...] = ()
    costs: tuple[Cost, ...] = ()

    def round(self, months: int) -> Round | None:
        """The look back after so many months."""
        return next((one for one in self.rounds if one.months == months), None)

    def due(self, months: int) -> datetime:
        """When people are asked."""
        day = add_months(self.effective_on or date.min, months)
        return datetime.combine(day, _MORNING, ZONE.info)


def review_id(case: str) -> str:
    """Id of the reviews of a case."""
    return f"r:{case}"


def evolve(state: Review, event: Event) -> Review:
    """The state after the event."""
    match event:
        case ReviewsScheduled():
            names = ("case", "person", "placement", "left", "expected_result")
            told = {name: getattr(event, name) for name in names}
            rounds = tuple(Round(months=months) for months in event.months)
            return state.model_copy(update={**told, "effective_on": event.effective_on, "rounds": rounds})
        case ReviewDue():
            return _with(state, event.months, {"status": "open", "until": event.until})
        case ReviewAnswered():
            said = Answer(by=event.by, choices=event.answers, remark=event.remark)
            round = state.round(event.months)
            known = round.answers if round else {}
            return _with(state, event.months, {"answers": {**known, event.party: said}})
        case ReviewCompleted():
            return _with(state, event.months, {"status": "closed", "verdict": event.verdict, "code": event.code})
        case MoveCostRecorded():
            return state.model_copy(update={"costs": (*state.costs, Cost(kind=event.kind, amount=event.amount))})
    return state


def _with(state: Review, months: int, update: Mapping[str, object]) -> Review:
    rounds = (one.model_copy(update=dict(update)) if one.months == months else one for one in state.rounds)
    return state.model_copy(update={"rounds": tuple(rounds)})
