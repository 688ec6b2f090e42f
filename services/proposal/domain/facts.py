"""Local copies of what the registry says, only as much of it as the proposal needs."""

from datetime import date
from typing import ClassVar, Literal

from shared.contracts.registry import Placement
from shared.kernel.decider import Fact
from shared.kernel.move import MoveKind


class Employee(Fact):
    """Where a person sits and whether they still serve."""

    KIND: ClassVar[str] = "employee"
    status: str
    placement: Placement

    @property
    def gone(self) -> str:
        """Refusal code of one who can move no more, "" for all others; finer rules are the evaluation's."""
        return {"retired": "USIA_BUP", "dead": "STATUS_BUKAN_PNS"}.get(self.status, "")


class Vacancy(Fact):
    """A published vacancy (lowongan)."""

    KIND: ClassVar[str] = "vacancy"
    placement: Placement
    mode: Literal["first_come", "ranked"] = "first_come"
    closes_on: date
    admits: tuple[MoveKind, ...] = ("one_agency",)


class Closure(Fact):
    """A vacancy is closed. A fact of its own: the event that says so does not carry the vacancy."""

    KIND: ClassVar[str] = "vacancy_closed"
    cause: Literal["date", "cancelled", "filled"]


class Disaster(Fact):
    """A decree by which an agency declared a disaster to the registry, and the days from `since` to before `until`."""

    KIND: ClassVar[str] = "disaster"
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """True while it lasts."""
        return self.since <= day and (self.until is None or day < self.until)


def declared_id(agency: str, decree: str) -> str:
    """Id of what an agency declared by the decree of that number."""
    return f"{agency}:{decree}"


class KnownUnit(Fact):
    """A unit that people can be sent to, and whose it is."""

    KIND: ClassVar[str] = "unit"
    agency: str


class Agency(Fact):
    """Time zone of an agency, where its days and terms are counted (domain rule R57), and its kind and province, which
    make the kind of a move."""

    KIND: ClassVar[str] = "agency"
    zone: Literal["WIB", "WITA", "WIT"]
    kind: str = ""
    province: str = ""


class Forgotten(Fact):
    """A person who was forgotten: their files are erased (UU 27/2022, the right to erasure)."""

    KIND: ClassVar[str] = "forgotten"
