"""What the register of a vacancy's seats knows, and how events change it. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from shared.contracts.freed import SeatAccepted, SeatAwaited, SeatDeclined, SeatOffered
from shared.contracts.overbooking import PositionOverbooked, SeatsShort
from shared.contracts.proposal import SeatRefused, SeatReleased, SeatReserved, SeatsClosed, SeatsOpened, SeatTaken
from shared.kernel.decider import Event, Frozen

PREFIX = "seats:"
Status = Literal["reserved", "suspended", "refused", "waiting", "offered", "passed", "released", "taken"]
HELD = ("reserved", "suspended")
STATUS: Mapping[str, Status] = {
    SeatReserved.TYPE: "reserved",
    SeatRefused.TYPE: "refused",
    SeatReleased.TYPE: "released",
    PositionOverbooked.TYPE: "suspended",
    SeatAwaited.TYPE: "waiting",
    SeatOffered.TYPE: "offered",
    SeatAccepted.TYPE: "reserved",
    SeatDeclined.TYPE: "passed",
    SeatTaken.TYPE: "taken",
}
Told = (
    SeatReserved
    | SeatRefused
    | SeatReleased
    | PositionOverbooked
    | SeatAwaited
    | SeatOffered
    | SeatAccepted
    | SeatDeclined
)


class Seat(Frozen):
    """What the register last told a case, for which attempt."""

    attempt: int
    status: Status


class Waiter(Frozen):
    """Whose case waits; `until` ends the offer of a seat, None where there is none yet."""

    person: str
    until: datetime | None = None


class Seats(Frozen):
    """`quota` is None until the vacancy is known, which is `as_of` that event of it; `short` seats of it are not there,
    as of that event of its post.

    `cases` stand in the order in which they first came. `waiters` are those that wait, or are offered a seat.
    `closed` means: nothing for cases it has not met before.
    """

    vacancy: str
    quota: int | None = None
    as_of: int = 0
    closed: bool = False
    ranked: bool = False
    short: int = 0
    short_as_of: int = 0
    cases: Mapping[str, Seat] = {}
    waiters: Mapping[str, Waiter] = {}

    @property
    def there(self) -> int:
        """Seats that can be given: those of the quota that nobody else sits on."""
        return max((self.quota or 0) - self.short, 0)

    @property
    def used(self) -> int:
        """Seats reserved or taken."""
        return sum(seat.status in ("reserved", "taken") for seat in self.cases.values())

    @property
    def free(self) -> int:
        """Seats that nobody has, and that are not kept for somebody who was offered one."""
        return max(self.there - self.used - len(self.those("offered")), 0)

    def those(self, status: Status) -> tuple[str, ...]:
        """The cases of this status, in the order in which they first came."""
        return tuple(case for case, seat in self.cases.items() if seat.status == status)


def seats_of(vacancy: str) -> str:
    """Id of the register of a vacancy."""
    return f"{PREFIX}{vacancy}"


def evolve(state: Seats, event: Event) -> Seats:
    """The state after an event."""
    match event:
        case SeatsOpened():
            known = {"quota": event.quota, "as_of": event.as_of, "ranked": event.ranked or state.ranked}
            return state.model_copy(update=known)
        case SeatsClosed():
            return state.model_copy(update={"closed": True})
        case SeatsShort():
            return state.model_copy(update={"short": event.short, "short_as_of": event.as_of})
        case SeatTaken():
            return _told(state, event, event.case, state.cases[event.case].attempt)
        case _ if isinstance(event, Told):
            return _told(state, event, event.case, event.attempt)
    raise TypeError(f"no register hears {event.TYPE}")


def _told(state: Seats, event: Event, case: str, attempt: int) -> Seats:
    seat = Seat(attempt=attempt, status=STATUS[event.TYPE])
    waiters = {other: waiter for other, waiter in state.waiters.items() if other != case}
    if isinstance(event, SeatAwaited | SeatOffered):
        waiters[case] = Waiter.model_validate(event.model_dump())
    return state.model_copy(update={"cases": {**state.cases, case: seat}, "waiters": waiters})
