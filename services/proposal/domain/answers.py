"""What the others answer: evaluation, seats, approval and registry, from four sources in any order.

Nothing here is refused: an answer is taken, or comes too early (NotYet),
or is settled already: then nothing is said.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from services.proposal.domain.contest import next_attempt
from services.proposal.domain.facts import Closure, Employee
from services.proposal.domain.filing import handed_in, short_of
from services.proposal.domain.state import Case, evolve, receipt
from services.proposal.domain.turn import Turn
from shared.contracts.approval import ApprovalGranted, ApprovalRefused, ApprovalReturned, DecreeWithheld
from shared.contracts.evaluation import (
    EvaluationCompleted,
    EvaluationConfirmed,
    EvaluationOverturned,
    Finding,
)
from shared.contracts.freed import SeatAccepted
from shared.contracts.groups import GroupAsked, GroupFormed, GroupMemberReleased
from shared.contracts.overbooking import PositionOverbooked, ProposalResumed, ProposalSuspended
from shared.contracts.proposal import (
    Ended,
    Part,
    ProposalApproved,
    ProposalCompleted,
    ProposalDrafted,
    ProposalNoted,
    ProposalReady,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    SeatRefused,
    SeatReserved,
)
from shared.contracts.ranking import RankingAccepted
from shared.contracts.registry import EmployeeMoved, EmployeeMoveRefused
from shared.kernel.decider import Event, FactChanged, Frozen, NotYet, Refused

SHORT = "MIN_STAF_ASAL"
"""The unit that would be left cannot spare the person."""
INCOMPLETE = "BERKAS_TIDAK_LENGKAP"
"""Documents are missing that an agency of the case asks for (R13)."""


def _decides(turn: Turn, attempt: int) -> bool:
    """True when an answer to this attempt can still decide the case. Raises NotYet for a later attempt."""
    state = turn.state
    if attempt > state.attempt:
        raise NotYet(f"attempt/{state.case}/{attempt}")
    return state.status == "submitted" and attempt == state.attempt


def _note(turn: Turn, attempt: int, part: Part) -> list[Event]:
    """Take one of the answers; the last of them approves. From then on nobody withdraws.

    In a group it only makes the case ready: it binds itself when the group asks.
    """
    state = turn.state
    if not _decides(turn, attempt) or getattr(state, part):
        return []
    if all(getattr(state, other) for other in state.parts if other != part):
        if state.group:
            return [ProposalReady(case=state.case, attempt=attempt, group=state.group)]
        return [ProposalApproved(case=state.case, attempt=attempt, content=state.wanted)]
    return [ProposalNoted(case=state.case, attempt=attempt, part=part)]


def _refuse(turn: Turn, stage: Ended, codes: tuple[str, ...], reason: str = "") -> list[Event]:
    state = turn.state
    short = SHORT in codes and state.content is not None
    return [
        ProposalRefused(
            case=state.case,
            person=state.person,
            attempt=state.attempt,
            stage=stage,
            codes=codes,
            reason=reason,
            vacancy=state.vacancy,
            unit=state.wanted.origin.unit if short else "",
        )
    ]


def _return(turn: Turn, code: str, reason: str, missing: tuple[str, ...] = ()) -> list[Event]:
    """Back to be mended, until the end of a working day where the agency is (domain rule R57)."""
    state, agency = turn.state, turn.state.wanted.origin.agency
    days = turn.rules.resubmit_days(turn.today(agency))
    return [
        ProposalReturned(
            case=state.case,
            person=state.person,
            attempt=state.attempt,
            code=code,
            reason=reason,
            vacancy=state.vacancy,
            until=turn.deadline(agency, days),
            missing=missing,
        )
    ]


def _codes(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Codes of the hard rules that stand in the way, in the order of the evaluation."""
    against = (f for f in findings if f.hard and f.outcome in ("not_met", "unknown"))
    return tuple(f.code or f.rule for f in against)


def _completed(turn: Turn, event: EvaluationCompleted) -> list[Event]:
    if not _decides(turn, event.attempt) or event.eligible:
        return []
    return _refuse(turn, "evaluation", _codes(event.findings))


def _overturned(turn: Turn, event: EvaluationOverturned) -> list[Event]:
    return _refuse(turn, "recheck", _codes(event.findings)) if _decides(turn, event.attempt) else []


def _seat_refused(turn: Turn, event: SeatRefused) -> list[Event]:
    return _refuse(turn, "seat", (event.code,)) if _decides(turn, event.attempt) else []


def _overbooked(turn: Turn, event: PositionOverbooked) -> list[Event]:
    """Somebody else sits on the reserved seat. Who is approved stays: the registry looks once more on the day. In a
    group nobody can wait for one, so it is over for all."""
    state = turn.state
    if not _decides(turn, event.attempt) or state.suspended:
        return []
    if state.group:
        return _refuse(turn, "seat", ("FORMASI_PENUH",))
    agency = state.wanted.target.agency
    until = turn.deadline(agency, turn.rules.suspend_days(turn.today(agency)))
    about = {"case": state.case, "person": state.person, "attempt": state.attempt, "vacancy": state.vacancy}
    return [ProposalSuspended.model_validate({**about, "until": until})]


def _seat_reserved(turn: Turn, event: SeatReserved) -> list[Event]:
    """A seat, the first or one that is there again."""
    state, said = turn.state, _note(turn, event.attempt, "reserved")
    if not state.suspended or not _decides(turn, event.attempt):
        return said
    about = {"case": state.case, "person": state.person, "attempt": state.attempt, "vacancy": state.vacancy}
    return [ProposalResumed.model_validate(about), *said]


def seat_lost(turn: Turn) -> list[Event]:
    """No seat became free in time."""
    waits = turn.state.status == "submitted" and turn.state.suspended
    return _refuse(turn, "seat", ("FORMASI_PENUH",)) if waits else []


def _chain_refused(turn: Turn, event: ApprovalRefused) -> list[Event]:
    if not _decides(turn, event.attempt):
        return []
    return _refuse(turn, "approval", (event.code,), event.reason)


def _chain_returned(turn: Turn, event: ApprovalReturned) -> list[Event]:
    return _return(turn, event.code, event.reason, event.missing) if _decides(turn, event.attempt) else []


def _moved(turn: Turn, event: EmployeeMoved) -> list[Event]:
    state = turn.state
    if state.status != "approved":
        return []
    return [ProposalCompleted(case=state.case, person=state.person, decree=event.decree, vacancy=state.vacancy)]


def _move_refused(turn: Turn, event: EmployeeMoveRefused) -> list[Event]:
    return _undone(turn, "MOVE_REFUSED", event.code) if turn.state.status == "approved" else []


def _withheld(turn: Turn, event: DecreeWithheld) -> list[Event]:
    """No decree could be issued (invariants I3, I4): the file goes back, nothing was promised to anybody."""
    answers = turn.state.status == "approved" and turn.state.attempt == event.attempt
    return _undone(turn, "DECREE_WITHHELD", event.code) if answers else []


def _undone(turn: Turn, code: str, why: str) -> list[Event]:
    """Nothing came of the approval: the file goes back, but a group is over for all."""
    return _refuse(turn, "seat", (code,), why) if turn.state.group else _return(turn, code, why)


def _called(turn: Turn, event: GroupFormed) -> list[Event]:
    """The group was formed: hand in what it asks for this member, on whose consent it stands; who is on duty was heard
    and has a draft already. Who could file no document before, and needs some, gets the file back to complete it."""
    state = turn.state
    file = next((file for file in event.files if file.case == state.case), None)
    if state.status not in ("new", "waiting") or file is None:
        return []
    content, by = file.content, state.by or file.content.person
    drafted = [] if state.by else [ProposalDrafted(case=file.case, content=content, by=by)]
    submitted = ProposalSubmitted(
        case=file.case,
        attempt=1,
        content=content,
        by=by,
        receipt=receipt(file.case),
        submitted_on=turn.today(content.origin.agency),
        **handed_in(turn, content),
    )
    said: list[Event] = [*drafted, submitted]
    if short := short_of(turn, content):
        begun = replace(turn, state=reduce(evolve, said, state))
        said += _return(begun, INCOMPLETE, "", short)
    return said


def _asked(turn: Turn, event: GroupAsked) -> list[Event]:
    """Bind the case, if it is still alive and ready; if not, it has said so already."""
    state = turn.state
    attempt = next((one.attempt for one in event.cases if one.case == state.case), 0)
    if not attempt or not _decides(turn, attempt) or not state.ready:
        return []
    return [ProposalApproved(case=state.case, attempt=attempt, content=state.wanted)]


def _released(turn: Turn, event: GroupMemberReleased) -> list[Event]:
    """A partner left, or nothing came of it: over for this member too."""
    alive = turn.state.status in ("announced", "waiting", "submitted", "returned", "approved")
    return _refuse(turn, "seat", (event.code,)) if alive and event.group == turn.state.group else []


def _offer_taken(turn: Turn, event: RankingAccepted | SeatAccepted) -> list[Event]:
    """Who stands next takes a seat that became free: the case goes on as that attempt, also where a human was to look
    at the refusal, which is moot by it."""
    state = turn.state
    if event.attempt > state.attempt + 1 or (event.attempt > state.attempt and state.open):
        raise NotYet(f"attempt/{state.case}/{event.attempt - 1}")
    if event.attempt <= state.attempt or state.status not in ("refused", "contested"):
        return []
    try:
        return [next_attempt(turn, event.attempt, awaits=False)]
    except Refused as against:
        return offer_lost(state, event, against.code)


def offer_lost(state: Case, event: RankingAccepted | SeatAccepted, code: str) -> list[Event]:
    """The offer was taken and cannot be kept: said once, so that the seat goes to the next."""
    about = {"case": state.case, "person": state.person, "attempt": event.attempt, "vacancy": state.vacancy}
    return [ProposalRefused.model_validate({**about, "stage": "seat", "codes": (code,), "reason": ""})]


def clash(state: Case, event: GroupFormed) -> list[Event]:
    """The person has another open case: the member's case ends as it begins, and with it the group."""
    file = next(file for file in event.files if file.case == state.case)
    person = file.content.person
    drafted = [] if state.by else [ProposalDrafted(case=state.case, content=file.content, by=person)]
    about = {"case": state.case, "person": person, "attempt": 1, "vacancy": file.content.vacancy, "reason": ""}
    return [*drafted, ProposalRefused.model_validate({**about, "stage": "seat", "codes": ("PERKARA_TERBUKA",)})]


def _changed(turn: Turn, change: FactChanged) -> list[Event]:
    """Death, retirement or a cancelled vacancy end a case not yet approved; later the registry checks."""
    state = turn.state
    if state.status not in ("submitted", "returned"):
        return []
    if change.kind == Closure.KIND:
        closure = turn.facts.get(Closure, state.vacancy)
        cancelled = closure is not None and closure.cause == "cancelled"
        return _refuse(turn, "vacancy", ("VACANCY_CANCELLED",)) if cancelled else []
    employee = turn.facts.get(Employee, state.person)
    return _refuse(turn, "recheck", (employee.gone,)) if employee is not None and employee.gone else []


HANDLERS: Mapping[type[Frozen], Callable[[Turn, Any], list[Event]]] = {
    EvaluationCompleted: _completed,
    EvaluationConfirmed: lambda turn, event: _note(turn, event.attempt, "confirmed"),
    EvaluationOverturned: _overturned,
    ApprovalGranted: lambda turn, event: _note(turn, event.attempt, "granted"),
    ApprovalRefused: _chain_refused,
    ApprovalReturned: _chain_returned,
    DecreeWithheld: _withheld,
    SeatReserved: _seat_reserved,
    PositionOverbooked: _overbooked,
    SeatRefused: _seat_refused,
    EmployeeMoved: _moved,
    EmployeeMoveRefused: _move_refused,
    FactChanged: _changed,
    GroupFormed: _called,
    GroupAsked: _asked,
    GroupMemberReleased: _released,
    RankingAccepted: _offer_taken,
    SeatAccepted: _offer_taken,
}
