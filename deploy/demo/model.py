"""The demo governments as data: agencies, kinds of units, kinds of posts."""

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Agency(_Data):
    """A government; `size` is its share of all people, `load` its work in hundredths of the usual."""

    agency: str
    name: str
    kind: str
    province: str
    zone: Literal["WIB", "WITA", "WIT"]
    size: int
    load: int
    districts: tuple[str, ...]


class UnitKind(_Data):
    """A kind of unit; `staffing` is holders per hundred seats, `load` what the work needs per hundred seats, `size` the
    share of an agency's people."""

    unit: str
    name: str
    kind: str
    size: int
    staffing: int
    load: int
    field: str
    heads: tuple[str, ...]
    posts: dict[str, int]
    per: Literal["", "district", "school"] = ""
    parent: str = ""
    vacant: dict[str, int] = {}


class PostKind(_Data):
    """A kind of post; `{unit}` in the title is its unit's name; `one` has one holder, not structural; norm
    minutes of each of the `tasks`."""

    title: str
    kind: str
    ranks: tuple[str, str]
    education: str
    fields: tuple[str, ...] = ()
    age: int
    level: int
    one: bool = False
    tasks: dict[str, int] = {}


class Government(_Data):
    """All of it."""

    agencies: tuple[Agency, ...]
    units: tuple[UnitKind, ...]
    posts: dict[str, PostKind]


@cache
def government() -> Government:
    """The packaged data. Raises pydantic.ValidationError when the file is broken."""
    return Government.model_validate(yaml.safe_load(files(__package__).joinpath("government.yaml").read_text("utf-8")))
