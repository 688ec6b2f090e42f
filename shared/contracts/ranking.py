"""Ranking at closing (pemeringkatan): who applied for a ranked vacancy, how they fit, and whom the panel chose.

Said by the evaluation service on its own topic. Source: PP 11/2017 ps 190(4), 191; domain code KALAH_PERINGKAT.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal

from shared.contracts.registry import Placement
from shared.kernel.decider import Event, Frozen


class RankedLine(Frozen):
    """One place of a ranking. `score` in hundredths of a point of 100; `shares` are those of the tie-break factors, as
    exact fractions of 1 in their order ("" where nothing is known)."""

    rank: int
    case: str
    attempt: int
    person: str
    score: int
    shares: tuple[str, ...] = ()


class Attempt(Frozen):
    """A case at an attempt."""

    case: str
    attempt: int


class RankingOpened(Event):
    """A ranked vacancy gathers applications; said again when its number of seats changes."""

    TYPE: ClassVar[str] = "mutasi.ranking.opened.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    placement: Placement
    title: str
    quota: int
    zone: Literal["WIB", "WITA", "WIT"]


class RankingEntered(Event):
    """Somebody eligible takes part. `shares` by factor, as exact fractions."""

    TYPE: ClassVar[str] = "mutasi.ranking.entered.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    case: str
    attempt: int
    person: str
    score: int
    shares: Mapping[str, str]


class RankingLeft(Event):
    """An application or a seat was given up, or the case ended: this attempt takes part no more."""

    TYPE: ClassVar[str] = "mutasi.ranking.left.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    case: str
    attempt: int


class RankingPublished(Event):
    """The order at closing. `version` rises when an application of before the closing is judged later.

    `tie_break`: the factors that decide between equal scores; then a hash of vacancy and person. `office` decides by
    `due`. `cutoff` is the score of the last seat.
    """

    TYPE: ClassVar[str] = "mutasi.ranking.published.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    placement: Placement
    title: str
    version: int
    quota: int
    cutoff: int
    tie_break: tuple[str, ...]
    lines: tuple[RankedLine, ...]
    office: str
    agency: str
    unit: str
    due: datetime


class RankingDecided(Event):
    """The panel chose. `deviates`: not those who stand first, for the written reason. `others` were not chosen."""

    TYPE: ClassVar[str] = "mutasi.ranking.decided.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    version: int
    chosen: tuple[Attempt, ...]
    others: tuple[Attempt, ...]
    by: str
    office: str
    deviates: bool
    reason: str


class RankingEscalated(Event):
    """Nobody chose by `late`: `office` is told, and it is to be decided by `due`; said again when that passes."""

    TYPE: ClassVar[str] = "mutasi.ranking.escalated.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    version: int
    office: str
    agency: str
    unit: str
    late: datetime
    due: datetime


class RankingEnded(Event):
    """The vacancy was taken back: nobody is chosen."""

    TYPE: ClassVar[str] = "mutasi.ranking.ended.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str


class RankingOffered(Event):
    """A seat became free: the next in the order may have it, if they say so before `until`."""

    TYPE: ClassVar[str] = "mutasi.ranking.offered.v1"
    vacancy: str
    placement: Placement
    case: str
    person: str
    rank: int
    until: datetime


class RankingAccepted(Event):
    """The seat is wanted: the case goes on as this attempt."""

    TYPE: ClassVar[str] = "mutasi.ranking.accepted.v1"
    vacancy: str
    case: str
    person: str
    attempt: int


class RankingDeclined(Event):
    """The offer was declined, or nobody answered in time."""

    TYPE: ClassVar[str] = "mutasi.ranking.declined.v1"
    vacancy: str
    case: str
    person: str
    cause: Literal["declined", "lapsed"]


class EvaluationRanked(Event):
    """Where one stands among `size`: for the person, so nobody else is named. `office` decides by `due`."""

    TYPE: ClassVar[str] = "mutasi.evaluation.ranked.v1"
    case: str
    attempt: int
    person: str
    vacancy: str
    version: int
    rank: int
    size: int
    quota: int
    score: int
    cutoff: int
    office: str
    agency: str
    unit: str
    due: datetime


EVENTS = (
    RankingOpened,
    RankingEntered,
    RankingLeft,
    RankingPublished,
    RankingDecided,
    RankingEscalated,
    RankingEnded,
    RankingOffered,
    RankingAccepted,
    RankingDeclined,
    EvaluationRanked,
)
