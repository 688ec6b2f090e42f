"""The state of a group and how events change it, by one table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from shared.contracts.groups import (
    Arrangement,
    GroupAccepted,
    GroupApproved,
    GroupAsked,
    GroupCompleted,
    GroupEnded,
    GroupFile,
    GroupFormed,
    GroupHeard,
    GroupInvited,
    GroupMemberReleased,
    GroupNoted,
    GroupOpened,
    GroupOrdered,
    Progress,
)
from shared.contracts.proposal import Content
from shared.contracts.registry import Placement
from shared.kernel.decider import Event, Frozen

PREFIX = "g-"
Status = Literal["new", "inviting", "running", "asked", "approved", "completed", "ended"]
REACHED: Mapping[str, int] = {"": 0, "submitted": 1, "returned": 2, "ready": 2, "approved": 3, "moved": 4}
"""How far within one attempt: what does not reach further is a repeat."""


def case_in(group: str, number: int) -> str:
    """Id of the case of a group's member, by its place from 1."""
    return f"{group}-{number}"


def group_of(case: str) -> str:
    """Id of the group a case belongs to, "" for a case of its own."""
    return case.rpartition("-")[0] if case.startswith(PREFIX) else ""


class Member(Frozen):
    """One of the group, in the order of the ring or chain, with the seats they agree to leave and to take.

    `content` is what the group asks for them, once all agreed; of one on duty (`ordered`), who is told and heard
    instead of asked, from the beginning.
    """

    person: str
    origin: Placement
    target: Placement
    ordered: bool = False
    accepted: bool = False
    reason: str = ""
    also: tuple[str, ...] = ()
    case: str = ""
    attempt: int = 0
    step: Progress | Literal[""] = ""
    content: Content | None = None


class Group(Frozen):
    """A swap or chain. `until` ends the time to agree; `left` is whose leaving ended it."""

    group: str
    status: Status = "new"
    by: str = ""
    vacancy: str = ""
    purpose: str = ""
    expected_result: str = ""
    until: datetime | None = None
    members: tuple[Member, ...] = ()
    code: str = ""
    left: str = ""
    alternatives: tuple[Arrangement, ...] = ()

    def member(self, case: str) -> Member | None:
        """The member with this case."""
        return next((member for member in self.members if member.case == case), None)

    @property
    def people(self) -> tuple[str, ...]:
        """The members in their order."""
        return tuple(member.person for member in self.members)

    @property
    def files(self) -> tuple[GroupFile, ...]:
        """The cases with what is proposed, once there are any."""
        return tuple(
            GroupFile(case=member.case, attempt=member.attempt, content=member.content)
            for member in self.members
            if member.content is not None
        )


class Step(NamedTuple):
    """From any of the states `at`, this event leads to `to`; None: it stays."""

    at: tuple[Status, ...]
    event: type[Event]
    to: Status | None
    condition: str


ANY: tuple[Status, ...] = ("inviting", "running", "asked", "approved")
LIFECYCLE: tuple[Step, ...] = (
    Step(("new",), GroupOpened, "inviting", "a member, or an office of a member's agency"),
    Step(("new",), GroupEnded, "ended", "a circle of a plan that cannot be opened any more"),
    Step(("inviting",), GroupInvited, None, "each member who is asked"),
    Step(("inviting",), GroupOrdered, None, "each member whom an adopted plan puts on duty"),
    Step(("inviting",), GroupAccepted, None, "a member agrees, with consent"),
    Step(("inviting",), GroupHeard, None, "a member on duty was told and heard"),
    Step(("inviting",), GroupFormed, "running", "all agreed, or on duty were heard; each has a case"),
    Step(("running", "asked", "approved"), GroupNoted, None, "a case is further"),
    Step(("running",), GroupAsked, "asked", "every case is granted and confirmed"),
    Step(("asked",), GroupApproved, "approved", "every case said approved; the decree may be issued"),
    Step(("approved",), GroupCompleted, "completed", "all have moved"),
    Step(ANY, GroupEnded, "ended", "one declined, left, was refused or overturned, or time passed"),
    Step(("ended",), GroupMemberReleased, None, "each of the others hears why"),
)
_NEXT = {(at, step.event): step.to or at for step in LIFECYCLE for at in step.at}


class Impossible(ValueError):
    """The table does not know this event in this state."""


def evolve(state: Group, event: Event) -> Group:
    """The state after the event. Raises Impossible for one that may not be said in this state."""
    to = _NEXT.get((state.status, type(event)))
    if to is None:
        raise Impossible(f"no {event.TYPE} while {state.status}")
    return state.model_copy(update={**_changes(state, event), "status": to})


def _changes(state: Group, event: Event) -> dict[str, Any]:
    match event:
        case GroupOpened():
            kept = event.model_dump(include={"by", "vacancy", "purpose", "expected_result", "until"})
            rows = zip(event.people, event.origins, event.targets, strict=True)
            return {
                **kept,
                "members": tuple(Member(person=who, origin=here, target=there) for who, here, there in rows),
            }
        case GroupFormed():
            return {"members": tuple(map(_filed, state.members, event.files))}
        case GroupEnded():
            return {"code": event.code, "left": event.left, "alternatives": event.alternatives}
    return _of_member(state, event)


def _of_member(state: Group, event: Event) -> dict[str, Any]:
    match event:
        case GroupAccepted():
            said = {"accepted": True, "reason": event.reason, "also": event.also}
            return {"members": _changed(state, "person", event.person, said)}
        case GroupOrdered():
            order = {"ordered": True, "case": event.case, "content": event.content}
            return {"members": _changed(state, "person", event.content.person, order)}
        case GroupHeard():
            return {"members": _changed(state, "person", event.person, {"accepted": True})}
        case GroupNoted():
            said = {"attempt": event.attempt, "step": event.step}
            return {"members": _changed(state, "case", event.case, said)}
    return {}


def _filed(member: Member, file: GroupFile) -> Member:
    about = {"case": file.case, "attempt": file.attempt, "content": file.content, "step": "submitted"}
    return member.model_copy(update=about)


def _changed(state: Group, name: str, value: str, update: Mapping[str, object]) -> tuple[Member, ...]:
    return tuple(
        member.model_copy(update=update) if getattr(member, name) == value else member for member in state.members
    )
