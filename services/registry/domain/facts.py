"""What the registry's deciders know of each other, learned from its own topic. Pure."""

from datetime import date
from typing import ClassVar, Literal

from shared.contracts.registry import PostRequirements
from shared.kernel.decider import Fact


class AgencyFact(Fact):
    """A registered agency (instansi)."""

    KIND: ClassVar[str] = "agency"
    agency: str
    zone: Literal["WIB", "WITA", "WIT"]


class UnitFact(Fact):
    """A registered unit (unit organisasi)."""

    KIND: ClassVar[str] = "unit"
    unit: str
    agency: str
    parent: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def open_on(self, day: date) -> bool:
        """True while the unit lives; without dates it always has."""
        return not self.ended_by(day) and (self.valid_from is None or self.valid_from <= day)

    def ended_by(self, day: date) -> bool:
        """True once it lives no more. (When it began under another name is not known here.)"""
        return self.valid_until is not None and self.valid_until <= day


class PostFact(Fact):
    """A registered post (jabatan) of the peta jabatan; `seats` is its formasi."""

    KIND: ClassVar[str] = "post"
    post: str
    agency: str
    unit: str
    title: str
    kind: str
    structural: bool
    seats: int
    retirement_age: int
    requirements: PostRequirements


class AnalysisFact(Fact):
    """What the workload analysis of a post in a year says: minutes and raw need in hundredths; id is the analysis."""

    KIND: ClassVar[str] = "analysis"
    load: int
    raw: int
    need: int


class OccupancyFact(Fact):
    """How many people hold a post (bezetting)."""

    KIND: ClassVar[str] = "occupancy"
    post: str
    holders: int
