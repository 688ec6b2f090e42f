"""The decider of one case's evaluation: each attempt is judged, watched, and re-checked at the end. Pure.

The rules are those of the day of submission, for the re-check too; the facts are always fresh. `Confirmed` is
the last word: what changes after it meets the registry's own check on the effective date.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.evaluation.domain.facts import Employee, Officeholder, PostAge, Seen, Vacancy
from services.evaluation.domain.judge import Head, Snapshot, eligible, evaluate, findings
from services.evaluation.domain.ruleset import Ruleset, digest, edition
from shared.contracts.approval import ApprovalGranted
from shared.contracts.evaluation import (
    EvaluationClosed,
    EvaluationCompleted,
    EvaluationConfirmed,
    EvaluationOverturned,
    Finding,
)
from shared.contracts.proposal import (
    ProposalApproved,
    ProposalCompleted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
)
from shared.contracts.registry import Placement
from shared.kernel.calendar import Zone
from shared.kernel.decider import Decider, Event, FactChanged, Facts, Frozen, Message, NotYet

ZONE = Zone.WIB  # the day of a moment is told in the zone of the capital, where the rules are made


class Evaluation(Frozen):
    """Where the evaluation of a case stands. `result` is the last attempt's, without its facts."""

    case: str
    open: bool = False
    person: str = ""
    vacancy: str = ""
    attempt: int = 0
    submitted_on: date | None = None
    origin: Placement | None = None
    target: Placement | None = None
    result: EvaluationCompleted | None = None
    confirmed: bool = False
    overturned: tuple[Finding, ...] = ()


def initial(case: str) -> Evaluation:
    """Nothing was evaluated yet."""
    return Evaluation(case=case)


def _look(ruleset: Ruleset, person: str, vacancy: str, submitted: date, on: date, facts: Facts) -> Snapshot:
    """Everything fresh. Raises NotYet while the person or the vacancy is not known here."""
    facts.want((Employee, person), (Vacancy, vacancy))
    profile = facts.need(Employee, person).profile
    target = facts.need(Vacancy, vacancy)
    facts.want((PostAge, profile.placement.post), *((Officeholder, other) for other in profile.relatives))
    post = facts.get(PostAge, profile.placement.post)
    holders = {other: facts.get(Officeholder, other) for other in sorted(set(profile.relatives))}
    seen = Seen(
        on=on,
        employee=profile,
        vacancy=target,
        retirement_age=post.retirement_age if post else None,
        offices={other: holder.offices for other, holder in holders.items() if holder},
    )
    return Snapshot(edition=edition(ruleset, submitted, target.placement.agency), seen=seen)


def _submitted(
    ruleset: Ruleset, state: Evaluation, event: ProposalSubmitted, message: Message, facts: Facts
) -> list[Event]:
    if event.attempt <= state.attempt:
        return []
    on = message.time.astimezone(ZONE.info).date()
    person, vacancy = event.content.person, event.content.vacancy
    snapshot = _look(ruleset, person, vacancy, event.submitted_on or on, on, facts)
    head = Head(case=event.case, attempt=event.attempt, person=person, vacancy=vacancy)
    return [evaluate(head, snapshot, snapshot.model_dump(mode="json"))]


def _again(
    ruleset: Ruleset, state: Evaluation, message: Message, facts: Facts
) -> EvaluationConfirmed | EvaluationOverturned:
    on = message.time.astimezone(ZONE.info).date()
    snapshot = _look(ruleset, state.person, state.vacancy, state.submitted_on or on, on, facts)
    found, raw = findings(snapshot), _short(state, snapshot)
    common: dict[str, Any] = {
        "case": state.case,
        "attempt": state.attempt,
        "snapshot": digest(raw),
        "facts": raw,
    }
    if eligible(found):
        return EvaluationConfirmed(**common)
    return EvaluationOverturned(findings=found, **common)


def _short(state: Evaluation, snapshot: Snapshot) -> dict[str, Any]:
    """What was seen, and the rules by their id (which holds their hash) where the attempt's own event spells them out:
    they are two thirds of it."""
    seen, id = snapshot.seen.model_dump(mode="json"), snapshot.edition.id
    known = state.result is not None and state.result.ruleset == id
    return {"edition": id if known else snapshot.edition.model_dump(mode="json"), "seen": seen}


def _granted(
    ruleset: Ruleset, state: Evaluation, event: ApprovalGranted, message: Message, facts: Facts
) -> list[Event]:
    if event.attempt > state.attempt:
        raise NotYet(f"attempt/{event.case}/{event.attempt}")
    if event.attempt < state.attempt or not state.open:
        return []
    return [_again(ruleset, state, message, facts)]


def _changed(ruleset: Ruleset, state: Evaluation, message: Message, facts: Facts) -> list[Event]:
    if not state.open:
        return []
    again = _again(ruleset, state, message, facts)
    return [again] if isinstance(again, EvaluationOverturned) else []


def _ended(state: Evaluation, attempt: int) -> list[Event]:
    if not state.open or attempt < state.attempt:
        return []
    return [EvaluationClosed(case=state.case, attempt=state.attempt)]


def evolve(state: Evaluation, event: Event) -> Evaluation:
    """The state after an event. Only an eligible attempt stays open: nothing else can be overturned."""
    match event:
        case EvaluationCompleted():
            snapshot = Snapshot.model_validate(event.facts)
            return Evaluation(
                case=event.case,
                open=event.eligible,
                person=event.person,
                vacancy=event.vacancy,
                attempt=event.attempt,
                submitted_on=snapshot.edition.on,
                origin=snapshot.seen.employee.placement,
                target=snapshot.seen.vacancy.placement,
                result=event.model_copy(update={"facts": {}}),
            )
        case EvaluationConfirmed():
            return state.model_copy(update={"open": False, "confirmed": True})
        case EvaluationOverturned():
            return state.model_copy(update={"open": False, "overturned": event.findings})
        case EvaluationClosed():
            return state.model_copy(update={"open": False})
    return state


def answer(state: Evaluation) -> Mapping[str, Any]:
    """What a caller of the decider sees; the explanation is made from `result` at the edge."""
    return {"attempt": state.attempt, "eligible": state.result.eligible if state.result else None}


def make_decider(ruleset: Ruleset) -> Decider[Evaluation]:
    """The decider under these rules."""

    def decide(state: Evaluation, message: Message, facts: Facts) -> list[Event]:
        match message.body:
            case ProposalSubmitted() as event:
                return _submitted(ruleset, state, event, message, facts)
            case ApprovalGranted() as event:
                return _granted(ruleset, state, event, message, facts)
            case FactChanged():
                return _changed(ruleset, state, message, facts)
            case ProposalCompleted():
                return _ended(state, state.attempt)
            case (
                ProposalWithdrawn() | ProposalRefused() | ProposalReturned() | ProposalExpired() | ProposalApproved()
            ) as event:
                return _ended(state, event.attempt)
        return []

    watches = {Employee.KIND: "person", Vacancy.KIND: "vacancy"}
    return Decider("evaluations", Evaluation, initial, decide, evolve, answer=answer, watches=watches)
