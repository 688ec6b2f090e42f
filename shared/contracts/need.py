"""What the registry tells of needs: how many people the work of a post asks for, how many are there, and why."""

from typing import ClassVar, Literal

from shared.kernel.decider import Event, Frozen


class WorkTask(Frozen):
    """A task of a post: how often it comes in a period, and the norm time of one, in minutes with two decimals."""

    name: str
    volume: int
    period: Literal["day", "week", "month", "year"] = "year"
    minutes: str


class NeedSignal(Frozen):
    """Why demand is seen: what rose, in which months, from what to what, and how likely that is by chance.

    `kind`: complaints of a `service`; dissatisfied, strained, low_morale of a survey; disaster, by its `decree`.
    `expected` in hundredths; `chance` in millionths.
    """

    kind: Literal["complaints", "dissatisfied", "strained", "low_morale", "disaster"]
    service: str = ""
    months: tuple[str, ...] = ()
    observed: int = 0
    expected: int = 0
    chance: int = 0
    decree: str = ""


class NeedAssessed(Event):
    """What a post needs in a year, how many it has, and on what that rests.

    `basis` is "workload", or the kind of a `signal`. With a signal, `need` is that of the last analysis, else the seats
    (formasi); where it is about a whole unit, `post` is empty and the figures are 0 and say nothing.

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
    signal: NeedSignal | None = None

    @property
    def key(self) -> str:
        """The post, or the unit where it is about all of it."""
        return self.post or self.unit
