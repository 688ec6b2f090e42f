"""Asking for a human (permintaan peninjauan oleh manusia): nobody is refused by a machine alone.

Said by the proposal service on its own topic. Source: UU 27/2022 ps 10 [S,M]: objecting to a decision made by automatic
processing alone.
"""

from datetime import datetime
from typing import ClassVar, Literal

from shared.kernel.decider import Event


class ProposalContested(Event):
    """The person says that a human shall look at what the system refused; `office` of `agency` answers by `until`."""

    TYPE: ClassVar[str] = "mutasi.proposal.contested.v1"
    case: str
    person: str
    attempt: int
    by: str
    reason: str
    office: str
    agency: str
    unit: str
    until: datetime


class ContestDecided(Event):
    """A human looked at it. `uphold`: the refusal is now theirs; `reopen`: the case goes on as another attempt."""

    TYPE: ClassVar[str] = "mutasi.contest.decided.v1"
    case: str
    person: str
    attempt: int
    decision: Literal["uphold", "reopen"]
    by: str
    office: str
    reason: str


class ContestEscalated(Event):
    """Nobody answered by `late`: `office` is told, and it is to be answered by `until`; said again when that passes."""

    TYPE: ClassVar[str] = "mutasi.contest.escalated.v1"
    case: str
    person: str
    attempt: int
    office: str
    agency: str
    unit: str
    late: datetime
    until: datetime


EVENTS = (ProposalContested, ContestDecided, ContestEscalated)
