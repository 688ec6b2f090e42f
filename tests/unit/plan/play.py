"""One plan and what is done to it, up to its adoption."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from services.evaluation.domain.facts import Vacancy
from services.evaluation.plan.studio.commands import (
    Adopt,
    CreatePlan,
    OpenConsultation,
    PublishWave,
    RunScenario,
    SetScenario,
)
from services.evaluation.plan.studio.plans import PLANS
from shared.contracts.registry import Placement, PostRequirements
from shared.contracts.scenario import (
    PlannedMove,
    Scenario,
    UnitNeed,
)
from shared.kernel.decider import Actor, Command, Event, Fact, Facts, Frozen, Message, Refused, WorkDone

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=8)
BODY = Scenario(needs=(UnitNeed(unit="u", need=100),))
MOVES = (
    PlannedMove(person="ani", origin="a", target="b", wave=1, reason="need"),
    PlannedMove(person="budi", origin="c", target="a", wave=2, reason="need"),
)
COMPUTED: dict[str, Any] = {
    "snapshot": "s" * 64, "result": "r" * 64, "status": "optimal", "solver": "flow", "levels": (), "staffing": (),
    "moves": 2, "milliseconds": 5,
}  # fmt: skip
SEAT = {"post_title": "t", "post_kind": "k", "requirements": PostRequirements(), "weights": {}, "retirement_age": 58}


def wave_of(wave: int, vacancies: Mapping[str, str] = MappingProxyType({})) -> PublishWave:
    """A wave with what people are told."""
    return PublishWave(wave=wave, vacancies=vacancies, benefit="near home", training="two days")


def _vacancy(post: str) -> Vacancy:
    return Vacancy.model_validate({**SEAT, "placement": Placement(agency="palu", unit="u", post=post)})


FACTS: dict[tuple[str, str], Fact | None] = {
    ("vacancy", "v-b"): _vacancy("b"),
    ("vacancy", "v-a"): _vacancy("a"),
    ("vacancy", "v-x"): None,
}


class Play:
    """One plan and what is done to it."""

    def __init__(self) -> None:
        self.state, self.now = PLANS.initial("plan-1"), NOW

    def do(self, body: Frozen, person: str = "dewi") -> list[Event]:
        """Decide and evolve."""
        message = Message(body, "m", self.now, actor=Actor(login=person, person=person))
        events = PLANS.decide(self.state, message, Facts(FACTS))
        for event in events:
            self.state = PLANS.evolve(self.state, event)
        return events

    def refused(self, body: Command, person: str = "dewi") -> str:
        """The code of a refusal."""
        with pytest.raises(Refused) as no:
            self.do(body, person)
        return no.value.code

    def done(self, ok: bool = True, **outcome: Any) -> list[Event]:
        """The one piece of work that is due has this outcome."""
        (work,) = PLANS.work(self.state)
        return self.do(WorkDone(id=work.id, kind=work.kind, ok=ok, outcome={**outcome, "attempt": 1}))


def computed(scenario: Scenario = BODY) -> Play:
    """A plan with one computed scenario."""
    play = Play()
    play.do(CreatePlan(agency="palu", title="t", purpose="p", expected_result="e"))
    play.do(SetScenario(name="base", scenario=scenario))
    play.do(RunScenario(name="base"))
    play.done(snapshot="s" * 64, ruleset="x", persons=2, options=3)
    play.done(**COMPUTED)
    return play


def consulting(moves: tuple[PlannedMove, ...] = MOVES, scenario: Scenario = BODY) -> Play:
    """…that people are told of."""
    play = computed(scenario)
    play.do(OpenConsultation(name="base", until=NOW + timedelta(days=7), result="r" * 64, moves=moves))
    return play


def adopted() -> Play:
    """…and that is adopted."""
    play = consulting()
    play.now = LATER
    play.do(Adopt(), "ppk")
    return play
