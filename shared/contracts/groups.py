"""Swaps and chains (tukar tempat): what happens for all members or for none. Said by the proposal service.

A ring (swap) has no vacancy: each takes the seat of the next member, the last that of the first. In a chain the first
takes the vacancy, each next one the seat that the one before leaves. Key is the group; each member has a case.
"""

from datetime import datetime
from typing import ClassVar, Literal

from shared.contracts.proposal import Content
from shared.contracts.registry import Placement
from shared.kernel.decider import Event, Frozen

Progress = Literal["submitted", "returned", "ready", "approved", "moved"]


class GroupCase(Frozen):
    """The case of one member, at one attempt."""

    case: str
    attempt: int


class GroupFile(GroupCase):
    """The case of one member with what is proposed."""

    content: Content


class Arrangement(Frozen):
    """Who could still exchange seats: a ring in this order, or a chain that begins at the vacancy."""

    people: tuple[str, ...]
    vacancy: str = ""


class GroupOpened(Event):
    """A swap or chain is proposed to its members, who answer by `until`: in their order, what each leaves and takes."""

    TYPE: ClassVar[str] = "mutasi.group.opened.v1"
    KEY: ClassVar[str] = "group"
    group: str
    by: str
    people: tuple[str, ...]
    origins: tuple[Placement, ...]
    targets: tuple[Placement, ...]
    vacancy: str = ""
    purpose: str
    expected_result: str
    until: datetime


class GroupInvited(Event):
    """One member is asked whether they agree; they answer by `until`."""

    TYPE: ClassVar[str] = "mutasi.group.invited.v1"
    KEY: ClassVar[str] = "group"
    group: str
    person: str
    by: str
    until: datetime


class GroupAccepted(Event):
    """A member agrees. `also` are members whose seats they would take as well, should somebody leave."""

    TYPE: ClassVar[str] = "mutasi.group.accepted.v1"
    KEY: ClassVar[str] = "group"
    group: str
    person: str
    reason: str
    also: tuple[str, ...] = ()


class GroupOrdered(Event):
    """A member is on duty: not asked, but told by a case of their own, and heard before it goes on (docs/voice.md)."""

    TYPE: ClassVar[str] = "mutasi.group.ordered.v1"
    KEY: ClassVar[str] = "group"
    group: str
    case: str
    content: Content
    by: str
    benefit: str
    training: str


class GroupHeard(Event):
    """A member on duty was heard, so that they are no longer waited for."""

    TYPE: ClassVar[str] = "mutasi.group.heard.v1"
    KEY: ClassVar[str] = "group"
    group: str
    person: str


class GroupFormed(Event):
    """All members agree, or were heard: each has a case from now on, with what the group asks for them."""

    TYPE: ClassVar[str] = "mutasi.group.formed.v1"
    KEY: ClassVar[str] = "group"
    group: str
    files: tuple[GroupFile, ...]


class GroupNoted(Event):
    """How far one member's case is."""

    TYPE: ClassVar[str] = "mutasi.group.noted.v1"
    KEY: ClassVar[str] = "group"
    group: str
    case: str
    attempt: int
    step: Progress


class GroupAsked(Event):
    """Every case is granted and confirmed: each is asked to bind itself, or has said that it is over."""

    TYPE: ClassVar[str] = "mutasi.group.asked.v1"
    KEY: ClassVar[str] = "group"
    group: str
    cases: tuple[GroupCase, ...]


class GroupApproved(Event):
    """Every case has said approved: one decree event may be issued, with a paper for each."""

    TYPE: ClassVar[str] = "mutasi.group.approved.v1"
    KEY: ClassVar[str] = "group"
    group: str
    files: tuple[GroupFile, ...]


class GroupEnded(Event):
    """It is over for all. `left` is whose leaving ended it, `alternatives` what the others could still do."""

    TYPE: ClassVar[str] = "mutasi.group.ended.v1"
    KEY: ClassVar[str] = "group"
    group: str
    code: str
    left: str = ""
    alternatives: tuple[Arrangement, ...] = ()


class GroupMemberReleased(Event):
    """One of the others hears why it is over for them; `case` is empty when there was none yet.

    `code` never says more of the one who left than that they did.
    """

    TYPE: ClassVar[str] = "mutasi.group.member_released.v1"
    KEY: ClassVar[str] = "group"
    group: str
    person: str
    case: str = ""
    code: str
    alternatives: int = 0


class GroupCompleted(Event):
    """All have moved."""

    TYPE: ClassVar[str] = "mutasi.group.completed.v1"
    KEY: ClassVar[str] = "group"
    group: str


EVENTS = (
    GroupOpened,
    GroupInvited,
    GroupAccepted,
    GroupOrdered,
    GroupHeard,
    GroupFormed,
    GroupNoted,
    GroupAsked,
    GroupApproved,
    GroupEnded,
    GroupMemberReleased,
    GroupCompleted,
)
