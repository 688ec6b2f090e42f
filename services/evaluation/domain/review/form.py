"""What is asked when a move is looked back at: `reviews.yaml`, checked when it is read. Pure.

Source: domain needs A11-A13, B07, B10, J07-J10, J15 and the indicators KP4-KP10; months and term are [C].
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.reviews import Party, Verdict

RESULT = "result"  # the question whose answers make the verdict
SILENT = "cannot_tell"
_JUDGED: tuple[Verdict, ...] = ("not_reached", "partly", "reached")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Part):
    """A sentence in both languages."""

    id: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Basis(_Part):
    """What the months stand on, and how sure that is."""

    citation: str = Field(min_length=1)
    certainty: Literal["S", "P", "C"]


class Offices(_Part):
    """Who is asked beside the person, and who finds out why."""

    superior: str = Field(min_length=1)
    follow_up: str = Field(min_length=1)


class Question(_Part):
    """One question: who is asked, what can be chosen, and what it is counted for."""

    id: str = Field(pattern=r"^[a-z_]{1,40}$")
    by: Annotated[tuple[Party, ...], Field(min_length=1)]
    scale: str
    indicator: str
    text: Text


class Form(_Part):
    """The whole file."""

    after: Annotated[tuple[Annotated[int, Field(ge=1, le=60)], ...], Field(min_length=1)]
    term: int = Field(ge=1, le=365)
    basis: Basis
    offices: Offices
    scales: Mapping[str, Mapping[str, Text]]
    questions: tuple[Question, ...]
    causes: Annotated[Mapping[str, Text], Field(min_length=1)]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if list(self.after) != sorted(set(self.after)):
            raise ValueError("after: months rise, each once")
        ids = [question.id for question in self.questions]
        if len(ids) != len(set(ids)):
            raise ValueError("questions: an id stands there twice")
        if unknown := sorted({question.scale for question in self.questions} - set(self.scales)):
            raise ValueError(f"questions: no such scale: {', '.join(unknown)}")
        decisive = next((question for question in self.questions if question.id == RESULT), None)
        if decisive is None or set(self.scales[decisive.scale]) != {*_JUDGED, SILENT}:
            raise ValueError(f"questions: `{RESULT}` is asked, with {', '.join((*_JUDGED, SILENT))} to choose from")
        return self

    def asked(self, party: Party) -> Mapping[str, Question]:
        """The questions to this party, by id."""
        return {question.id: question for question in self.questions if party in question.by}


@cache
def form() -> Form:
    """The packaged file, read once. Raises pydantic.ValidationError naming what is wrong with it."""
    text = files("services.evaluation").joinpath("reviews.yaml").read_text("utf-8")
    return Form.model_validate(yaml.safe_load(text))


def verdict(said: Mapping[Party, str]) -> Verdict:
    """What came of the move, from what each party chose for `result` (KP10).

    A success needs both voices, a shortfall one: nobody certifies their own success, and no data is no success.
    """
    chosen = set(said.values())
    for one in ("not_reached", "partly"):
        if one in chosen:
            return one
    both = {party for party, choice in said.items() if choice == "reached"} == {"person", "superior"}
    return "reached" if both else "cannot_be_judged"
