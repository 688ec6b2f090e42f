"""Where the ranking of a vacancy stands, and how events change it. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from services.evaluation.domain.ranking.order import Entry
from shared.contracts.ranking import (
    RankedLine,
    RankingAccepted,
    RankingDecided,
    RankingDeclined,
    RankingEnded,
    RankingEntered,
    RankingEscalated,
    RankingLeft,
    RankingOffered,
    RankingOpened,
    RankingPublished,
)
from shared.contracts.registry import Placement
from shared.kernel.decider import Event, Frozen

PREFIX = "ranking:"
Status = Literal["none", "gathering", "published", "decided", "ended"]


class Offer(Frozen):
    """A free seat offered to a case until then. `answer` is None while it waits."""

    until: datetime
    answer: Literal["accepted", "declined", "lapsed"] | None = None


class Choice(Frozen):
    """Whom the panel chose, by which office, and why, where they did not take those who stand first. `full`: as many as
    they could; else the seats they left open stay so."""

    chosen: tuple[str, ...]
    by: str
    office: str
    deviates: bool
    reason: str
    full: bool


class Ranking(Frozen):
    """`holders` are the cases that have, or are about to get, a seat; `gone` the last attempt of a case that takes part
    no more; `offers` by case."""

    vacancy: str
    status: Status = "none"
    placement: Placement | None = None
    title: str = ""
    quota: int = 0
    zone: Literal["WIB", "WITA", "WIT"] = "WIB"
    entries: Mapping[str, Entry] = {}
    gone: Mapping[str, int] = {}
    version: int = 0
    cutoff: int = 0
    tie_break: tuple[str, ...] = ()
    lines: tuple[RankedLine, ...] = ()
    due: datetime | None = None
    desk: str = ""  # the office that has until `due`
    choice: Choice | None = None
    holders: tuple[str, ...] = ()
    offers: Mapping[str, Offer] = {}

    def left(self, line: RankedLine) -> bool:
        """True for an attempt that takes part no more."""
        return self.gone.get(line.case, 0) >= line.attempt

    @property
    def standing(self) -> tuple[RankedLine, ...]:
        """The lines of those who still take part."""
        return tuple(line for line in self.lines if not self.left(line))

    @property
    def free(self) -> int:
        """Seats to offer, after the choice: neither held nor offered."""
        if self.status != "decided" or self.choice is None:
            return 0
        seats = self.quota if self.choice.full else len(self.choice.chosen)
        return max(seats - len(self.holders) - len(self.waiting), 0)

    @property
    def waiting(self) -> Mapping[str, Offer]:
        """Offers that nobody answered yet."""
        return {case: offer for case, offer in self.offers.items() if offer.answer is None}

    def line(self, case: str) -> RankedLine | None:
        """The line of a case, None if it is in no published order."""
        return next((line for line in self.lines if line.case == case), None)


def ranking_id(vacancy: str) -> str:
    """Id of the ranking of a vacancy."""
    return f"{PREFIX}{vacancy}"


def evolve(state: Ranking, event: Event) -> Ranking:
    """The state after an event."""
    return state.model_copy(update=_changes(state, event))


def _changes(state: Ranking, event: Event) -> dict[str, Any]:
    """The fields that change."""
    match event:
        case RankingOpened():
            begun = "gathering" if state.status == "none" else state.status
            return {**dict(event), "status": begun}
        case RankingEntered():
            return {"entries": {**state.entries, event.case: Entry.model_validate(event.model_dump())}}
        case RankingPublished():
            made = "published" if state.status == "gathering" else state.status
            names = ("version", "cutoff", "tie_break", "lines", "due")
            return {**{name: getattr(event, name) for name in names}, "status": made, "desk": event.office}
        case RankingEnded():
            return {"status": "ended"}
        case RankingDecided():
            return _decided(state, event)
    return _of_one(state, event)


def _decided(state: Ranking, event: RankingDecided) -> dict[str, Any]:
    """The first choice is the choice; it is said again for one who came late."""
    if state.choice:
        return {}
    chosen = tuple(one.case for one in event.chosen)
    full = len(chosen) == min(state.quota, len(state.standing))
    choice = Choice(chosen=chosen, full=full, **event.model_dump(include={"by", "office", "deviates", "reason"}))
    return {"status": "decided", "choice": choice, "holders": chosen}


def _of_one(state: Ranking, event: Event) -> dict[str, Any]:
    """What is about one who takes part, or a term."""
    match event:
        case RankingEscalated():
            return {"due": event.due, "desk": event.office}
        case RankingLeft():
            holders = tuple(case for case in state.holders if case != event.case)
            return {"gone": {**state.gone, event.case: event.attempt}, "holders": holders}
        case RankingOffered():
            return {"offers": {**state.offers, event.case: Offer(until=event.until)}}
        case RankingAccepted():
            offers = {**state.offers, event.case: _answered(state, event.case, "accepted")}
            return {"offers": offers, "holders": (*state.holders, event.case)}
        case RankingDeclined():
            return {"offers": {**state.offers, event.case: _answered(state, event.case, event.cause)}}
    raise TypeError(f"no ranking hears {event.TYPE}")


def _answered(state: Ranking, case: str, answer: str) -> Offer:
    return Offer.model_validate({**state.offers[case].model_dump(), "answer": answer})
