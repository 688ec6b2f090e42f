"""The decree of a swap or chain (K7); said by the approval service."""

from typing import ClassVar

from shared.contracts.approval import DecreeIssued
from shared.kernel.decider import Event


class DecreeGroupIssued(Event):
    """One event of the register with as many papers as members, all or none; also for the list of a reorganisation,
    whose people then move `each` on their own.

    Each case then hands its member the own paper (petikan) as `decree.issued`.
    """

    TYPE: ClassVar[str] = "mutasi.decree.group_issued.v1"
    KEY: ClassVar[str] = "group"
    group: str
    agency: str
    papers: tuple[DecreeIssued, ...]
    each: bool = False


EVENTS = (DecreeGroupIssued,)
