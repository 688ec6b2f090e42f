"""What approvers decide about a list of people (daftar nama) as one; said by the approval service."""

from typing import ClassVar

from shared.kernel.decider import Event


class RosterApproved(Event):
    """The chain is through, for all on the list. `office` of `agency` decided; `consented` are those before."""

    TYPE: ClassVar[str] = "mutasi.roster.approved.v1"
    KEY: ClassVar[str] = "roster"
    roster: str
    office: str
    agency: str
    by: str
    consented: tuple[str, ...] = ()


class RosterRefused(Event):
    """Somebody in the chain refused the list, with code and reason."""

    TYPE: ClassVar[str] = "mutasi.roster.refused.v1"
    KEY: ClassVar[str] = "roster"
    roster: str
    code: str
    reason: str


EVENTS = (RosterApproved, RosterRefused)
