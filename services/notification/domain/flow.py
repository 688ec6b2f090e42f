"""How fast each channel may be used, and which message goes first: `flow.yaml`. Pure."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

Lane = Literal["legal", "high", "normal", "broadcast"]
BROADCAST = "broadcast"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Breaker(_Row):
    """When a line that fails is left alone, and for how many seconds."""

    failures: int = Field(ge=1)
    pause: float = Field(gt=0)
    longest: float = Field(gt=0)

    def pause_after(self, failures: int) -> float:
        """Seconds after so many failures in a row; 0 while they are few."""
        more = failures - self.failures
        return 0.0 if more < 0 else min(self.pause * 2.0 ** min(more, 30), self.longest)


class Line(_Row):
    """One channel: messages per second, how many at once, how many attempts are recorded in one write, and what one
    process may have under way."""

    rate: float = Field(gt=0)
    burst: int = Field(ge=1)
    batch: int = Field(ge=1, le=50)
    ahead: int = Field(ge=1, le=200)
    breaker: Breaker


class Flow(_Row):
    """The whole file."""

    lanes: tuple[Lane, ...] = Field(min_length=4, max_length=4)
    channels: Mapping[str, Line]
    other: Line

    def line(self, channel: str) -> Line:
        """The limits of a channel."""
        return self.channels.get(channel, self.other)

    def lane(self, category: str, urgency: str, *, legal: bool) -> int:
        """The place of a message's lane, 0 goes first."""
        if legal:
            return self.lanes.index("legal")
        if category == BROADCAST:
            return self.lanes.index("broadcast")
        return self.lanes.index("high" if urgency == "high" else "normal")


@cache
def flow() -> Flow:
    """The packaged file, read once. Raises pydantic.ValidationError naming what is wrong with it."""
    text = files("services.notification").joinpath("flow.yaml").read_text("utf-8")
    return Flow.model_validate(yaml.safe_load(text))
