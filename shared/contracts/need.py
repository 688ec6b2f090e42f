"""What the registry tells of needs: how many people the work of a post asks for, how many are there, and why."""

from typing import ClassVar, Literal

from shared.kernel.decider import Event, Frozen


class WorkTask(Frozen):
    """A task of a post: how often it comes in a period, and the norm time of one, in minutes with two decimals."""

    name: str
    volume: int
    period: Literal["day", "week", "month", "year"] = "year"
    minutes: str


class NeedAssessed(Event):
    """What a post needs in a year, how many it has, and on what that rests.

    `load` in hundredths of a minute, `raw` in hundredths of a person; `gap` is have less need, below zero a shortage.
    `source` cites the norms; `tasks` is what was counted.
    """

    TYPE: ClassVar[str] = "mutasi.need.assessed.v1"
    KEY: ClassVar[str] = "post"
    post: str
    agency: str
    unit: str
    year: int
    basis: str
    source: str
    tasks: tuple[WorkTask, ...] = ()
    load: int
    raw: int
    need: int
    have: int
    gap: int
