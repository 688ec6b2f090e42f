"""Who is told of which event, with which words: the rows of `policy_events.yaml`. Pure; for both deciders.

Source: the file, which cites what it stands on (UU 30/2014 ps 61, certainty P, where it is a legal duty).
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache, reduce
from importlib.resources import files
from typing import Literal, Self, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.catalogue import BY_TYPE
from shared.contracts.notification import Appointment
from shared.kernel.calendar import Zone
from shared.kernel.decider import Event


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Basis(_Row):
    """What a rule stands on, and how sure that is (S sure, P probable, C to be checked)."""

    citation: str = Field(min_length=1)
    certainty: Literal["S", "P", "C"]


class Entered(_Row):
    """What the reader's calendar is told: `uid` from values, stable over all messages about the same day; the value
    that holds the day; `cancel`, or a value without a day, takes it out again."""

    uid: str
    day: str = ""
    cancel: bool = False

    def at(self, values: Mapping[str, str]) -> Appointment:
        """Filled for one message."""
        said = "" if self.cancel else values[self.day]
        day = date.fromisoformat(said) if said else None
        return Appointment(uid=self.uid.format_map(values), day=day, cancelled=day is None)


class Rule(_Row):
    """One row: which event, to whom, which words, from which day on. A legal one cannot be switched off."""

    event: str
    valid_from: date
    to: Literal["person", "desk", "digest", "broadcast"]
    who: str = "person"
    template: str
    category: Literal["case", "task", "decision", "digest", "broadcast", "contact"]
    urgency: Literal["normal", "high"]
    legal: bool = False
    basis: Basis | None = None
    page: str
    channel: str = ""
    values: Mapping[str, str]
    deadline: str = ""
    calendar: Entered | None = None
    attach: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.legal and self.basis is None:
            raise ValueError(f"{self.event}: a legal notice needs its basis")
        model = BY_TYPE.get(self.event)
        if model is None:
            raise ValueError(f"{self.event}: no such event")
        addressed = ["office", "agency", "unit"] if self.to == "desk" else [self.who]
        fixed = [self.channel] if self.channel else []
        for path in (*self.values.values(), *addressed, *fixed):
            _check(model, path)
        self.page.format_map(self.values)
        if self.deadline and self.deadline not in self.values:
            raise ValueError(f"{self.event}: the deadline {self.deadline} is no value")
        if self.attach and self.attach not in self.values:
            raise ValueError(f"{self.event}: the paper {self.attach} is no value")
        if self.calendar is not None:
            self.calendar.uid.format_map(self.values)
            if not self.calendar.cancel and self.calendar.day not in self.values:
                raise ValueError(f"{self.event}: the day {self.calendar.day} is no value")
        return self

    def person(self, event: Event) -> str:
        """The person the event concerns; "" when it names nobody."""
        return str(_found(event, self.who))

    def channel_of(self, event: Event) -> str:
        """The one channel this is told on, whatever the person wishes; "" where the person chooses."""
        return str(_found(event, self.channel)) if self.channel else ""

    def values_of(self, event: Event) -> dict[str, str]:
        """The variables of the template: ids, numbers and dates as text, never names."""
        return {name: _text(_found(event, path)) for name, path in self.values.items()}

    def deadline_of(self, values: Mapping[str, str]) -> datetime | None:
        """By when the reader must have acted; None without a deadline."""
        said = values.get(self.deadline, "")
        return datetime.fromisoformat(said) if said else None

    def appointment_of(self, values: Mapping[str, str]) -> Appointment | None:
        """What the reader's calendar is told, if anything."""
        return None if self.calendar is None else self.calendar.at(values)


class Fallback(_Row):
    """After how many hours (domain time) an undelivered legal notice goes on; which channels confirm delivery."""

    hours: int = Field(ge=1)
    basis: Basis
    confirmed: tuple[str, ...] = ()


class Attachment(_Row):
    """A paper of at most `largest` bytes goes with the mail, if `tries` attempts to fetch it were enough."""

    largest: int = Field(ge=0)
    tries: int = Field(ge=1)


class Rules(_Row):
    """The whole file. `rounds`: how often a message may be put off by the channel before it has failed."""

    rounds: int = Field(ge=1)
    attachment: Attachment
    fallback: Fallback
    tell: tuple[Rule, ...]


@cache
def rules() -> Rules:
    """The packaged file, read once. Raises pydantic.ValidationError naming what is wrong with it."""
    text = files("services.notification").joinpath("policy_events.yaml").read_text("utf-8")
    return Rules.model_validate(yaml.safe_load(text))


def rule(type: str, on: date) -> Rule | None:
    """The row for an event of this type that holds on that day; None when nobody is told."""
    rows = [row for row in rules().tell if row.event == type and row.valid_from <= on]
    return max(rows, key=lambda row: row.valid_from, default=None)


def events(to: Literal["person", "desk", "digest", "broadcast"]) -> tuple[type[Event], ...]:
    """The events of which persons, or desks, are told; digests; broadcasts."""
    return tuple(BY_TYPE[type] for type in dict.fromkeys(row.event for row in rules().tell if row.to == to))


def day(moment: datetime) -> date:
    """The day it is in Jakarta, by which the administration counts."""
    return moment.astimezone(Zone.WIB.info).date()


def _found(event: Event, path: str) -> object:
    return reduce(getattr, path.split("."), event)


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _check(model: type[BaseModel], path: str) -> None:
    for name in path.split("."):
        options = [model, *_models(model)]
        field = next((found.model_fields[name] for found in options if name in found.model_fields), None)
        if field is None:
            raise ValueError(f"{model.__name__} has no {path}")
        model = next(_models(field.annotation), BaseModel)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part
