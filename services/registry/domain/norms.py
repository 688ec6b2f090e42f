"""The norms by which workload is judged: dated, cited data that an official may change (R40, R42). Pure."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Period = Literal["day", "week", "month", "year"]
_WHOLE = 100


class Class(BaseModel):
    """A class of workload: all from `from` on, or all above `above`, in hundredths."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    above: int | None = None
    least: int | None = Field(default=None, alias="from")

    def holds(self, load: Fraction) -> bool:
        """True when this load is heavy enough for the class."""
        if self.above is not None:
            return load > Fraction(self.above, _WHOLE)
        return load >= Fraction(self.least or 0, _WHOLE)


class Norms(BaseModel):
    """What one person works in a year, how often a period comes, and the classes, the heaviest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: date
    source: str
    certainty: Literal["S", "P", "C"]
    effective_minutes: Annotated[int, Field(gt=0)]
    periods: Mapping[Period, int]
    classes: tuple[Class, ...]

    def class_of(self, load: Fraction) -> str:
        """The class of a load, judged on the exact fraction."""
        return next(one.name for one in self.classes if one.holds(load))


@cache
def _all() -> tuple[Norms, ...]:
    raw = yaml.safe_load(files("services.registry").joinpath("rules/workload.yaml").read_text("utf-8"))
    return tuple(sorted(TypeAdapter(tuple[Norms, ...]).validate_python(raw), key=lambda one: one.valid_from))


def norms_of(year: int) -> Norms:
    """The norms for an analysed year; for years before the first ones those first ones."""
    known = _all()
    return next((one for one in reversed(known) if one.valid_from <= date(year, 12, 31)), known[0])
