"""How many seats there are and who has one: I5, from the registers of seats and of posts."""

from collections import defaultdict
from collections.abc import Iterator
from typing import ClassVar

from shared.contracts.overbooking import PositionOverbooked
from shared.contracts.proposal import SeatRefused, SeatReleased, SeatReserved, SeatsOpened, SeatTaken
from shared.contracts.registry import PostOccupancyChanged, PostRegistered, VacancyPublished
from shared.invariants.watch import Said, Watch


class WithinFormasi(Watch):
    """I5: a vacancy never gives more seats than it has, and seats reserved plus holders never exceed the formasi.

    A post may have more holders than seats, as files bring them in; nobody may be promised a seat there.
    """

    ID: ClassVar[str] = "I5"

    def __init__(self) -> None:
        self.quota: dict[str, int] = {}
        self.given: dict[str, dict[str, str]] = defaultdict(dict)
        self.over: dict[str, str] = {}
        self.post_of: dict[str, str] = {}
        self.seats: dict[str, int] = {}
        self.holders: dict[str, int] = {}

    def hear(self, said: Said) -> None:
        """Vacancies and posts with what they have, and every seat given or given back."""
        match said.event:
            case VacancyPublished() as vacancy:
                self.post_of[vacancy.vacancy] = vacancy.placement.post
            case PostRegistered(post=post, seats=seats):
                self.seats[post] = seats
            case PostOccupancyChanged(post=post, holders=holders):
                self.holders[post] = holders
            case SeatsOpened(vacancy=vacancy, quota=quota):
                self.quota[vacancy] = quota
            case SeatReserved(vacancy=vacancy, case=case):
                self._give(vacancy, case, "reserved")
            case SeatTaken(vacancy=vacancy, case=case):
                self._give(vacancy, case, "taken")
            case (
                SeatReleased(vacancy=vacancy, case=case)
                | SeatRefused(vacancy=vacancy, case=case)
                | PositionOverbooked(vacancy=vacancy, case=case)
            ):
                self.given[vacancy].pop(case, None)

    def _give(self, vacancy: str, case: str, how: str) -> None:
        self.given[vacancy][case] = how
        used, quota = len(self.given[vacancy]), self.quota.get(vacancy, 0)
        if used > quota:
            self.over.setdefault(vacancy, f"{used} given of {quota}: {case}")

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each vacancy that once gave too many, and each post where more are promised than there is room for."""
        for vacancy in self.quota:
            yield vacancy, self.over.get(vacancy, "")
        promised: dict[str, int] = defaultdict(int)
        for vacancy, given in self.given.items():
            promised[self.post_of.get(vacancy, "")] += sum(how == "reserved" for how in given.values())
        for post, reserved in promised.items():
            seats, holders = self.seats.get(post, 0), self.holders.get(post, 0)
            over = reserved and reserved + holders > seats
            yield post or "-", f"{reserved} reserved and {holders} holders of {seats}" if over else ""
