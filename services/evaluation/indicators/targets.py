"""What a unit set out to reach and what it reached, by the agency's own reference (B09, B12). Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from shared.contracts.outcomes import UnitTargetRecorded
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused, judged_on

_Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
_Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
_Figure = Annotated[int, Field(ge=0, le=10**12)]


class RecordTarget(Command):
    """A target of a unit, or, told again under the same reference, what it reached. Figures in hundredths."""

    agency: Annotated[str, Field(min_length=1, max_length=60)]
    unit: _Code
    reference: _Code
    name: _Short
    measure: _Short
    due_on: date
    better: Literal["higher", "lower"]
    goal: _Figure
    achieved: _Figure | None = None


class Target(Frozen):
    """A target as it was told last; without an agency nobody told it."""

    agency: str = ""
    unit: str = ""
    name: str = ""
    measure: str = ""
    due_on: date | None = None
    better: Literal["higher", "lower"] = "higher"
    goal: int = 0
    achieved: int | None = None

    @property
    def reached(self) -> bool:
        """True once what was achieved is on the good side of the goal, or on it."""
        if self.achieved is None:
            return False
        return self.achieved >= self.goal if self.better == "higher" else self.achieved <= self.goal


def target_id(agency: str, unit: str, reference: str) -> str:
    """Id of a target."""
    return f"target:{agency}:{unit}:{reference}"


def _decide(state: Target, message: Message, _facts: Facts) -> list[Event]:
    """Raises Refused: TARGET_NOT_DUE for a result of a day to come, TARGET_FIXED for a goal changed after its day."""
    command = message.body
    if not isinstance(command, RecordTarget):
        return []
    today = judged_on(message.time)
    if command.achieved is not None and command.due_on > today:
        raise Refused("TARGET_NOT_DUE", where="achieved", status=422, due_on=str(command.due_on))
    told = {**command.model_dump(exclude={"reference"}), "unit": f"u:{command.agency}:{command.unit}"}
    goal = ("name", "measure", "due_on", "better", "goal")
    if state.due_on and state.due_on <= today and any(told[name] != getattr(state, name) for name in goal):
        raise Refused("TARGET_FIXED", where="goal")
    if told == state.model_dump():
        return []
    id = target_id(command.agency, command.unit, command.reference)
    return [
        UnitTargetRecorded.model_validate({**told, "target": id, "by": message.actor.login if message.actor else ""})
    ]


def _evolve(state: Target, event: Event) -> Target:
    return Target.model_validate(event.model_dump()) if isinstance(event, UnitTargetRecorded) else state


def _shown(state: Target) -> Mapping[str, Any]:
    return {**state.model_dump(mode="json"), "reached": None if state.achieved is None else state.reached}


TARGETS: Decider[Target] = Decider("targets", Target, lambda _id: Target(), _decide, _evolve, answer=_shown)
