"""What the others answer: evaluation, seats, approval and registry, from four sources in any order.

Nothing here is refused: an answer is taken, or comes too early (NotYet),
or is settled already: then nothing is said.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.proposal.domain.facts import Closure, Employee
from services.proposal.domain.turn import Turn
from shared.contracts.approval import ApprovalGranted, ApprovalRefused, ApprovalReturned, DecreeWithheld
from shared.contracts.evaluation import (
    EvaluationCompleted,
    EvaluationConfirmed,
    EvaluationOverturned,
    Finding,
)
from shared.contracts.proposal import (
    Ended,
    Part,
    ProposalApproved,
    ProposalCompleted,
    ProposalNoted,
    ProposalRefused,
    ProposalReturned,
    SeatRefused,
    SeatReserved,
)
from shared.contracts.registry import EmployeeMoved, EmployeeMoveRefused
from shared.kernel.decider import Event, FactChanged, Frozen, NotYet

PARTS: tuple[Part, ...] = ("granted", "confirmed", "reserved")


def _decides(turn: Turn, attempt: int) -> bool:
    """True when an answer to this attempt can still decide the case. Raises NotYet for a later attempt."""
    state = turn.state
    if attempt > state.attempt:
        raise NotYet(f"attempt/{state.case}/{attempt}")
    return state.status == "submitted" and attempt == state.attempt


def _note(turn: Turn, attempt: int, part: Part) -> list[Event]:
    """Take one of the three answers; the last of them approves. From then on nobody withdraws."""
    state = turn.state
    if not _decides(turn, attempt) or getattr(state, part):
        return []
    if all(getattr(state, other) for other in PARTS if other != part):
        return [ProposalApproved(case=state.case, attempt=attempt, content=state.wanted)]
    return [ProposalNoted(case=state.case, attempt=attempt, part=part)]


def _refuse(turn: Turn, stage: Ended, codes: tuple[str, ...], reason: str = "") -> list[Event]:
    state = turn.state
    return [
        ProposalRefused(
            case=state.case,
            person=state.person,
            attempt=state.attempt,
            stage=stage,
            codes=codes,
            reason=reason,
            vacancy=state.vacancy,
        )
    ]


def _return(turn: Turn, code: str, reason: str) -> list[Event]:
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


def _chain_refused(turn: Turn, event: ApprovalRefused) -> list[Event]:
    if not _decides(turn, event.attempt):
        return []
    return _refuse(turn, "approval", (event.code,), event.reason)


def _chain_returned(turn: Turn, event: ApprovalReturned) -> list[Event]:
    return _return(turn, event.code, event.reason) if _decides(turn, event.attempt) else []


def _moved(turn: Turn, event: EmployeeMoved) -> list[Event]:
    state = turn.state
    if state.status != "approved":
        return []
    return [ProposalCompleted(case=state.case, person=state.person, decree=event.decree, vacancy=state.vacancy)]


def _move_refused(turn: Turn, event: EmployeeMoveRefused) -> list[Event]:
    return _return(turn, "MOVE_REFUSED", event.code) if turn.state.status == "approved" else []


def _withheld(turn: Turn, event: DecreeWithheld) -> list[Event]:
    """No decree could be issued (invariants I3, I4): the file goes back, nothing was promised to anybody."""
    answers = turn.state.status == "approved" and turn.state.attempt == event.attempt
    return _return(turn, "DECREE_WITHHELD", event.code) if answers else []


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
    SeatReserved: lambda turn, event: _note(turn, event.attempt, "reserved"),
    SeatRefused: _seat_refused,
    EmployeeMoved: _moved,
    EmployeeMoveRefused: _move_refused,
    FactChanged: _changed,
}
