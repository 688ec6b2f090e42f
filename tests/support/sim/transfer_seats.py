"""What the registers of seats may say: I5, each attempt answered once, an offered seat kept for who was offered it."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from shared.contracts.freed import SeatDeclined, SeatOffered
from shared.contracts.proposal import SeatRefused, SeatReleased, SeatReserved, SeatTaken
from shared.kernel.decider import Event
from shared.runtime.ports import Entry
from tests.support.sim.world import World


class SeatRules:
    """How each case stands with the register of its vacancy, whose seats are `quota`."""

    def __init__(self, world: World, quota: Mapping[str, int]) -> None:
        self.world, self.quota = world, quota
        self.held: dict[str, dict[str, str]] = defaultdict(dict)
        self.offered: dict[str, set[str]] = defaultdict(set)
        self.answered: set[tuple[str, int]] = set()
        self.looks: Mapping[type[Event], Callable[[Any, Entry], None]] = {
            SeatReserved: lambda event, _: self._seat(event, "reserved"),
            SeatRefused: lambda event, _: self._seat(event, "refused"),
            SeatReleased: lambda event, _: self._seat(event, "released"),
            SeatTaken: lambda event, _: self._seat(event, "taken"),
            SeatOffered: lambda event, _: self._offered(event),
            SeatDeclined: lambda event, _: self.offered[event.vacancy].discard(event.case),
        }

    def _must(self, holds: bool, text: str) -> None:
        self.world.checker.must(holds, "I5", text)

    def _seat(self, event: Any, to: str) -> None:
        held = self.held[event.vacancy]
        was = held.get(event.case, "")
        if to in ("released", "taken"):
            self._must(was == "reserved", f"{event.case}: {was} -> {to}")
        else:
            self._must(was != "taken", f"{event.case}: {was} -> {to}")
            again = (event.case, event.attempt) in self.answered
            self._must(not again, f"{event.case} is answered again: {was} -> {to}")
            self.answered.add((event.case, event.attempt))
        held[event.case] = to
        self.offered[event.vacancy].discard(event.case)
        self._within(event.vacancy)

    def _offered(self, event: SeatOffered) -> None:
        was = self.held[event.vacancy].get(event.case, "")
        self._must(was in ("refused", "released"), f"{event.case} is offered a seat: {was}")
        self.offered[event.vacancy].add(event.case)
        self._within(event.vacancy)

    def _within(self, vacancy: str) -> None:
        """Seats reserved, taken and kept for who was offered one are never more than there are."""
        used = [case for case, status in self.held[vacancy].items() if status in ("reserved", "taken")]
        kept, quota = sorted(self.offered[vacancy]), self.quota[vacancy]
        self._must(len(used) + len(kept) <= quota, f"{used} and offers to {kept} on {quota} seats")
