"""Decisions about a group. It is the only one who says that all are through; one who leaves before ends it for all.

Cases answer it in any order and more than once: what does not take a member further is a repeat (it has no windows).
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from services.proposal.domain.groups.commands import AcceptGroup, DeclineGroup, OpenGroup
from services.proposal.domain.groups.form import admitted, circle, files, opening
from services.proposal.domain.groups.state import REACHED, Group, Member, evolve
from services.proposal.domain.groups.ways import alternatives, wishes
from services.proposal.domain.rules import Rules
from services.proposal.domain.turn import Calendars, Occasion
from shared.contracts.groups import (
    GroupAccepted,
    GroupApproved,
    GroupAsked,
    GroupCase,
    GroupCompleted,
    GroupEnded,
    GroupFormed,
    GroupHeard,
    GroupMemberReleased,
    GroupNoted,
    Progress,
)
from shared.contracts.plan import PlanCirclesPublished
from shared.contracts.proposal import (
    ProposalApproved,
    ProposalCompleted,
    ProposalExpired,
    ProposalReady,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
)
from shared.contracts.voice import ProposalHeard
from shared.kernel.calendar import indonesia
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, Refused, Timer, TimerDue

LEFT = "MITRA_MUNDUR"
Heard = ProposalSubmitted | ProposalReturned | ProposalReady | ProposalApproved


def make_groups(rules: Rules, calendars: Calendars = indonesia) -> Decider[Group]:
    """The decider of groups under these settings and calendars."""

    def decide(state: Group, message: Message, facts: Facts) -> list[Event]:
        handle = HANDLERS.get(type(message.body))
        return handle(Occasion(message, facts, rules, calendars), state, message.body) if handle else []

    return Decider(
        name="groups",
        state=Group,
        initial=lambda id: Group(group=id),
        decide=decide,
        evolve=evolve,
        timers=_timers,
        answer=lambda state: state.model_dump(mode="json", exclude={"group"}),
        register=True,  # every member's case is a source of its own
    )


def _open(turn: Occasion, state: Group, command: OpenGroup) -> list[Event]:
    if state.status != "new":
        raise Refused("GROUP_STATE", status_now=state.status)
    return opening(turn, state.group, turn.actor.person, command, admitted(turn, command), command.people)


def _planned(turn: Occasion, state: Group, event: PlanCirclesPublished) -> list[Event]:
    """A circle of an adopted plan; who may publish it was judged there. What cannot be any more ends at once."""
    if state.status != "new":
        return []
    try:
        return circle(turn, state.group, event)
    except Refused as against:
        return [GroupEnded(group=state.group, code=against.code)]


def _accept(turn: Occasion, state: Group, command: AcceptGroup) -> list[Event]:
    """Raises Refused: NOT_A_MEMBER, GROUP_STATE, ON_DUTY, CONSENT_MISSING, and what `form.files` raises for the last
    one."""
    member = _me(turn, state)
    if not command.consent:
        raise Refused("CONSENT_MISSING", status=422, where="consent")
    if stranger := set(command.also) - {*state.people, *({""} if state.vacancy else ())}:
        raise Refused("NOT_A_MEMBER", status=422, where="also", person=sorted(stranger)[0])
    said = GroupAccepted(group=state.group, person=member.person, reason=command.reason, also=command.also)
    return [said, *_formed(turn, evolve(state, said))]


def _duty(turn: Occasion, state: Group, event: ProposalHeard) -> list[Event]:
    """A member on duty was heard. Seats that changed meanwhile end it for all: nobody is there to be refused."""
    member = state.member(event.case)
    if state.status != "inviting" or member is None or member.accepted:
        return []
    said = GroupHeard(group=state.group, person=member.person)
    after = evolve(state, said)
    try:
        return [said, *_formed(turn, after)]
    except Refused as against:
        return [said, *_end(after, against.code, "")]


def _formed(turn: Occasion, after: Group) -> list[Event]:
    """Once nobody is waited for, each has a case. Raises Refused as `form.files`."""
    if not all(one.accepted for one in after.members):
        return []
    return [GroupFormed(group=after.group, files=files(turn, after, after.members))]


def _decline(turn: Occasion, state: Group, _command: DeclineGroup) -> list[Event]:
    return _end(state, "GROUP_DECLINED", _me(turn, state).person)


def _me(turn: Occasion, state: Group) -> Member:
    mine = [member for member in state.members if member.person == turn.actor.person]
    if not mine:
        raise Refused("NOT_A_MEMBER" if state.members else "NOT_FOUND", status=403 if state.members else 404)
    if state.status != "inviting":
        raise Refused("GROUP_STATE", status_now=state.status)
    if mine[0].ordered:
        raise Refused("ON_DUTY", status=403, case=mine[0].case)
    return mine[0]


def _due(_turn: Occasion, state: Group, _timer: TimerDue) -> list[Event]:
    """The only timer: not everybody agreed in time."""
    return _end(state, "GROUP_EXPIRED", "")


def _heard(step: Progress, _turn: Occasion, state: Group, event: Heard) -> list[Event]:
    """A case is further. The last one ready makes the group ask, the last one approved makes it approved."""
    noted = _noted(state, event.case, event.attempt, step)
    if noted is None:
        return []
    after = evolve(state, noted)
    if step == "ready" and state.status == "running" and _all(after, step):
        cases = tuple(GroupCase(case=member.case, attempt=member.attempt) for member in after.members)
        return [noted, GroupAsked(group=state.group, cases=cases)]
    if step == "approved" and _all(after, step):
        return [noted, GroupApproved(group=state.group, files=after.files)]
    return [noted]


def _moved(_turn: Occasion, state: Group, event: ProposalCompleted) -> list[Event]:
    member = state.member(event.case)
    noted = _noted(state, event.case, member.attempt, "moved") if member else None
    if noted is None:
        return []
    done = _all(evolve(state, noted), "moved")
    return [noted, GroupCompleted(group=state.group)] if done else [noted]


def _noted(state: Group, case: str, attempt: int, step: Progress) -> GroupNoted | None:
    member = state.member(case)
    if state.status not in ("running", "asked", "approved") or member is None:
        return None
    if (attempt, REACHED[step]) <= (member.attempt, REACHED[member.step]):
        return None
    return GroupNoted(group=state.group, case=case, attempt=attempt, step=step)


def _all(state: Group, step: Progress) -> bool:
    return all(member.step == step for member in state.members)


def _over(_turn: Occasion, state: Group, event: ProposalWithdrawn | ProposalRefused | ProposalExpired) -> list[Event]:
    member = state.member(event.case)
    return _end(state, LEFT, member.person) if member else []


def _end(state: Group, code: str, left: str) -> list[Event]:
    """For all, once; whoever is left in it hears that it is over, and nothing else of the one who left."""
    if state.status not in ("inviting", "running", "asked", "approved"):
        return []
    ways = alternatives(wishes(state), state.vacancy, left) if left else ()
    released = [
        GroupMemberReleased(
            group=state.group, person=member.person, case=member.case, code=code, alternatives=len(ways)
        )
        for member in state.members
        if member.person != left
    ]
    return [GroupEnded(group=state.group, code=code, left=left, alternatives=ways), *released]


def _timers(state: Group) -> tuple[Timer, ...]:
    if state.status != "inviting" or state.until is None:
        return ()
    return (Timer("agreement", state.until, "agreement"),)


HANDLERS: Mapping[type[Frozen], Callable[[Occasion, Group, Any], list[Event]]] = {
    OpenGroup: _open,
    PlanCirclesPublished: _planned,
    ProposalHeard: _duty,
    AcceptGroup: _accept,
    DeclineGroup: _decline,
    TimerDue: _due,
    ProposalSubmitted: partial(_heard, "submitted"),
    ProposalReturned: partial(_heard, "returned"),
    ProposalReady: partial(_heard, "ready"),
    ProposalApproved: partial(_heard, "approved"),
    ProposalCompleted: _moved,
    ProposalWithdrawn: _over,
    ProposalRefused: _over,
    ProposalExpired: _over,
}
