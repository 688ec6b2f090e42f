"""A service beside the transfer's own, as an agency might run one: it counts, so it notices what the others forgive.

The transfer's deciders find most repeats in their own state; this one does not. It hears the registers of seats over
several partitions, which none of the others does.
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from shared.contracts.proposal import SeatRefused, SeatReleased, SeatReserved, SeatTaken
from shared.contracts.registry import VacancyPublished
from shared.kernel.decider import Decider, Event, Fact, Facts, Frozen, Message
from shared.runtime.service import Learn, Routes, Service, To

Answer = SeatReserved | SeatRefused | SeatReleased | SeatTaken
HOW: Mapping[type[Event], str] = {
    SeatReserved: "reserved",
    SeatRefused: "refused",
    SeatReleased: "released",
    SeatTaken: "taken",
}


class Published(Fact):
    """A vacancy is known."""

    KIND: ClassVar[str] = "published"


class SeatCounted(Event):
    """One more answer of the register was counted; `at` is its sequence there."""

    TYPE: ClassVar[str] = "tally.seat.counted.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    case: str
    at: int
    how: str


class Tally(Frozen):
    """How each case stands with the register, as it said last (by its sequence, not by arrival)."""

    latest: Mapping[str, tuple[int, str]] = {}


def _decide(_state: Tally, message: Message, facts: Facts) -> list[Event]:
    body = message.body
    if not isinstance(body, Answer):
        return []
    facts.need(Published, body.vacancy)
    return [SeatCounted(vacancy=body.vacancy, case=body.case, at=message.sequence, how=HOW[type(body)])]


def _evolve(state: Tally, event: Event) -> Tally:
    if isinstance(event, SeatCounted) and event.at > state.latest.get(event.case, (0, ""))[0]:
        return state.model_copy(update={"latest": {**state.latest, event.case: (event.at, event.how)}})
    return state


TALLIES = Decider("tallies", Tally, lambda _: Tally(), _decide, _evolve)


def tally_id(vacancy: str) -> str:
    """Id of the tally of a vacancy."""
    return f"tally:{vacancy}"


def tally_service(tallies: Decider[Tally] = TALLIES) -> Service:
    """It hears registry and proposal."""
    routes = Routes()

    @routes.on(VacancyPublished)
    def published(event: VacancyPublished) -> Iterable[To | Learn]:
        yield Learn(Published, event.vacancy, Published())

    @routes.on(SeatReserved, SeatRefused, SeatReleased, SeatTaken)
    def answered(event: Answer) -> Iterable[To | Learn]:
        yield To(tallies, tally_id(event.vacancy))

    return Service("tally", "tally", ("mutasi.registry", "mutasi.proposal"), (tallies,), routes)
