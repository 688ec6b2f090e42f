"""What a caller may want of a plan."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from shared.contracts.scenario import (
    PlannedMove,
    Scenario,
)
from shared.kernel.decider import Command

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:._-]{1,120}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]


class CreatePlan(Command):
    """Begin a plan of an agency, with its purpose and the result that is expected of it (J08); `expected_percent` is
    that result for the complaints of the units that get people (-30), named before anybody knows what comes."""

    agency: Id
    title: Text
    purpose: Text
    expected_result: Text
    expected_percent: Annotated[int, Field(ge=-100, le=0)] = 0


class SetScenario(Command):
    """Write a scenario, anew if there is one of that name."""

    name: Name
    scenario: Scenario


class RunScenario(Command):
    """Compute a scenario."""

    name: Name


class CancelRun(Command):
    """Call a run off."""

    name: Name


class OpenConsultation(Command):
    """Tell those concerned of a scenario's plan and hear them until then. `moves` are read from the stored plan."""

    name: Name
    until: AwareDatetime
    result: str
    moves: tuple[PlannedMove, ...]


class Comment(Command):
    """Say what one thinks of being moved."""

    text: Text


class AnswerComment(Command):
    """Answer a comment."""

    comment: int
    text: Text


class Adopt(Command):
    """Adopt the plan (tetapkan)."""


class PublishCircles(Command):
    """Turn the circles of the plan into exchanges: volunteers are asked to agree; who is on duty is told what they gain
    and which training goes with it, and heard."""

    benefit: Said = ""
    training: Said = ""


class PublishWave(Command):
    """Turn a wave into proposals. The people are told what they gain and which training goes with it; `vacancies` names
    the open vacancy of each post."""

    wave: Annotated[int, Field(ge=1)]
    benefit: Text
    training: Text
    vacancies: Mapping[str, Id] = {}
