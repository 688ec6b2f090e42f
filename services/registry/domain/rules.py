"""The registry's dated data and the sentences of its refusals, from files an official may edit. Pure."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.registry.domain.values import wrong

FACTORS = ("competence", "education", "performance", "experience", "interest")
_WHOLE = 100


def _whole(weights: Mapping[str, int]) -> Mapping[str, int]:
    good = set(weights) <= set(FACTORS) and all(weight >= 0 for weight in weights.values())
    if not good or sum(weights.values()) != _WHOLE:
        raise wrong("BAD_WEIGHTS", known=", ".join(FACTORS), sum=_WHOLE)
    return weights


Weights = Annotated[Mapping[str, int], AfterValidator(_whole)]
"""Weight of each factor of the score, in hundredths; together 100."""


class WeightsRow(BaseModel):
    """The weights a vacancy gets that names none, from that day on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: date
    citation: Annotated[str, Field(min_length=1)]
    certainty: Literal["S", "P", "C"]
    weights: Weights


class Sentences(BaseModel):
    """A sentence in Indonesian and English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    en: str


class RefusalText(Sentences):
    """What a refusal says, and how it is mended."""

    mend: Sentences


def _read(name: str) -> object:
    return yaml.safe_load(files("services.registry").joinpath(name).read_text("utf-8"))


@cache
def _weights() -> tuple[WeightsRow, ...]:
    rows = _read("rules/weights.yaml")
    if not isinstance(rows, list):
        raise ValueError("rules/weights.yaml must be a list of dated rows")
    return tuple(sorted((WeightsRow.model_validate(row) for row in rows), key=lambda row: row.valid_from))


def default_weights(on: date) -> Mapping[str, int]:
    """The weights in force on that day. Raises LookupError before the first row."""
    valid = [row for row in _weights() if row.valid_from <= on]
    if not valid:
        raise LookupError(f"no weights are valid on {on}")
    return valid[-1].weights


@cache
def texts() -> Mapping[str, RefusalText]:
    """The sentences of every refusal by its code."""
    raw = _read("texts.yaml")
    if not isinstance(raw, dict):
        raise ValueError("texts.yaml must map codes to sentences")
    return {code: RefusalText.model_validate(text) for code, text in raw.items()}


def remedy(code: str) -> Mapping[str, str]:
    """How to mend what this code refuses, in both languages. Raises KeyError for a code without a text."""
    return texts()[code].mend.model_dump()
