"""The decider of one case's evaluation: each attempt is judged, watched, and re-checked at the end. Pure.

The rules are those of the day of submission, for the re-check too: the very rule set that the attempt names, however
the files were edited since. The facts are always fresh. `Confirmed` is the last word: what changes after it meets the
registry's own check on the effective date. Only in a group, where partners may take longer, it is watched on until the
proposal is approved.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.evaluation.domain.asking import asked
from services.evaluation.domain.facts import Employee, Seen, Vacancy
from services.evaluation.domain.judge import Head, Snapshot, Waiver, eligible, evaluate, findings, stored
from services.evaluation.domain.look import Wanted, look
from services.evaluation.domain.ruleset import Edition, Rulebook, Ruleset, book_of, day_of, digest, edition, named
from services.evaluation.domain.waivers import Waive, by_human, waive
from shared.contracts.approval import ApprovalGranted
from shared.contracts.evaluation import (
    EvaluationClosed,
    EvaluationCompleted,
    EvaluationConfirmed,
    EvaluationOverturned,
    EvaluationWaived,
    Finding,
    RulesetRecorded,
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
from shared.contracts.ranking import EvaluationRanked, RankingPublished
from shared.contracts.registry import Placement
from shared.kernel.calendar import Zone
from shared.kernel.decider import Decider, Event, FactChanged, Facts, Frozen, Message, NotYet, Refused

Ending = ProposalApproved | ProposalCompleted | ProposalExpired | ProposalRefused | ProposalReturned | ProposalWithdrawn
ZONE = Zone.WIB  # the day of a moment is told in the zone of the capital, where the rules are made


class Evaluation(Frozen):
    """Where the evaluation of a case stands. `result` is the last attempt's, without its facts."""

    case: str
    open: bool = False
    person: str = ""
    vacancy: str = ""
    attempt: int = 0
    origin: Placement | None = None
    target: Placement | None = None
    result: EvaluationCompleted | None = None
    confirmed: bool = False
    overturned: tuple[Finding, ...] = ()
    initiative: str = ""
    waivers: tuple[Waiver, ...] = ()
    group: str = ""


def initial(case: str) -> Evaluation:
    """Nothing was evaluated yet."""
    return Evaluation(case=case)


def _today(message: Message) -> date:
    return message.time.astimezone(ZONE.info).date()


def _submitted(
    ruleset: Ruleset, state: Evaluation, event: ProposalSubmitted, message: Message, facts: Facts
) -> list[Event]:
    if event.attempt <= state.attempt:
        return []
    on = _today(message)
    content = event.content
    about = content.model_dump(include={"person", "vacancy", "initiative"})
    seen = look(Wanted(**about, post=content.target.post), on, facts)
    rules = edition(ruleset, event.submitted_on or on, seen.vacancy.placement.agency)
    decided = by_human(state.case, state.waivers, event.human)
    waivers = (*state.waivers, *(Waiver.model_validate(one.model_dump()) for one in decided))
    snapshot = Snapshot(edition=rules, seen=seen, waivers=waivers)
    whose = content.model_dump(include={"person", "vacancy", "group"})
    head = Head(case=event.case, attempt=event.attempt, ranked=content.awaits_ranking, **whose)
    completed = evaluate(head, snapshot, stored(snapshot))
    questions = asked(completed, seen.employee.placement, seen.vacancy.placement)
    return [*decided, *_recorded(event.case, rules, facts), completed, *questions]


def _recorded(case: str, rules: Edition, facts: Facts) -> list[Event]:
    """The rule set in full, until some case's record of it came round: so what an event names was recorded before."""
    if facts.get(Rulebook, rules.book):
        return []
    return [RulesetRecorded(case=case, ruleset=rules.book, content=rules.content)]


def _edition(ruleset: Ruleset, state: Evaluation, result: EvaluationCompleted, facts: Facts) -> Edition:
    """The edition that the attempt names. Raises NotYet if the files say another by now and its record is not here."""
    if state.target is not None:
        packaged = edition(ruleset, day_of(result.ruleset), state.target.agency)
        if packaged.id == result.ruleset:
            return packaged
    return named(result.ruleset, facts.need(Rulebook, book_of(result.ruleset)).content)


def _again(
    ruleset: Ruleset, state: Evaluation, result: EvaluationCompleted, message: Message, facts: Facts
) -> EvaluationConfirmed | EvaluationOverturned:
    about = state.model_dump(include={"person", "vacancy", "initiative"})
    seen = look(Wanted(**about, post=state.target.post if state.target else ""), _today(message), facts)
    snapshot = Snapshot(edition=_edition(ruleset, state, result, facts), seen=seen, waivers=state.waivers)
    found, raw = findings(snapshot), stored(snapshot)
    common: dict[str, Any] = {"case": state.case, "attempt": state.attempt, "snapshot": digest(raw), "facts": raw}
    if eligible(found):
        return EvaluationConfirmed(**common)
    return EvaluationOverturned(findings=found, **common)


def _granted(
    ruleset: Ruleset, state: Evaluation, event: ApprovalGranted, message: Message, facts: Facts
) -> list[Event]:
    if event.attempt > state.attempt:
        raise NotYet(f"attempt/{event.case}/{event.attempt}")
    if event.attempt < state.attempt or not state.open or state.result is None or state.confirmed:
        return []
    return [_again(ruleset, state, state.result, message, facts)]


def _ranked(state: Evaluation, event: RankingPublished) -> list[Event]:
    """The person's own place, as an event of their own case."""
    line = next((line for line in event.lines if line.case == state.case), None)
    if line is None or line.attempt != state.attempt:
        return []
    about = event.model_dump(include={"vacancy", "version", "quota", "cutoff", "office", "agency", "unit", "due"})
    mine = line.model_dump(include={"case", "attempt", "person", "rank", "score"})
    return [EvaluationRanked.model_validate({**about, **mine, "size": len(event.lines)})]


def _changed(ruleset: Ruleset, state: Evaluation, message: Message, facts: Facts) -> list[Event]:
    if not state.open or state.result is None:
        return []
    again = _again(ruleset, state, state.result, message, facts)
    return [again] if isinstance(again, EvaluationOverturned) else []


def _waived(ruleset: Ruleset, state: Evaluation, command: Waive, message: Message) -> list[Event]:
    if state.open or state.confirmed:
        raise Refused("ALREADY_EVALUATED")
    return waive(ruleset, state.case, state.waivers, command, message)


def _ended(state: Evaluation, event: Ending) -> list[Event]:
    attempt = state.attempt if isinstance(event, ProposalCompleted) else event.attempt
    if not state.open or attempt < state.attempt:
        return []
    return [EvaluationClosed(case=state.case, attempt=state.attempt)]


def evolve(state: Evaluation, event: Event) -> Evaluation:
    """The state after an event. Only an eligible attempt stays open: nothing else can be overturned."""
    match event:
        case EvaluationCompleted():
            seen = Seen.model_validate(event.facts["seen"])
            return Evaluation(
                case=event.case,
                open=event.eligible,
                person=event.person,
                vacancy=event.vacancy,
                attempt=event.attempt,
                origin=seen.employee.placement,
                target=seen.vacancy.placement,
                result=event.model_copy(update={"facts": {}}),
                initiative=seen.initiative,
                group=event.group,
                waivers=state.waivers,
            )
        case EvaluationWaived():
            waiver = Waiver.model_validate(event.model_dump())
            return state.model_copy(update={"waivers": (*state.waivers, waiver)})
        case EvaluationConfirmed():
            return state.model_copy(update={"open": bool(state.group), "confirmed": True})
        case EvaluationOverturned():
            return state.model_copy(update={"open": False, "overturned": event.findings})
        case EvaluationClosed():
            return state.model_copy(update={"open": False})
    return state


def answer(state: Evaluation) -> Mapping[str, Any]:
    """What a caller of the decider sees; the explanation is made from `result` at the edge."""
    return {
        "attempt": state.attempt,
        "eligible": state.result.eligible if state.result else None,
        "waived": [waiver.rule for waiver in state.waivers],
    }


def make_decider(ruleset: Ruleset) -> Decider[Evaluation]:
    """The decider under these rules."""

    def decide(state: Evaluation, message: Message, facts: Facts) -> list[Event]:
        match message.body:
            case Waive() as command:
                return _waived(ruleset, state, command, message)
            case ProposalSubmitted() as event:
                return _submitted(ruleset, state, event, message, facts)
            case ApprovalGranted() as event:
                return _granted(ruleset, state, event, message, facts)
            case RankingPublished() as event:
                return _ranked(state, event)
            case FactChanged():
                return _changed(ruleset, state, message, facts)
        return _ended(state, message.body) if isinstance(message.body, Ending) else []

    watches = {Employee.KIND: "person", Vacancy.KIND: "vacancy"}
    return Decider("evaluations", Evaluation, initial, decide, evolve, answer=answer, watches=watches)
