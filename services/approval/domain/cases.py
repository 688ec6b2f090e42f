"""Decisions about an approval case: when it opens, what closes it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from services.approval.domain.adopted import go_on
from services.approval.domain.chain import Chains
from services.approval.domain.commands import Answer, Ask, Claim, Comment, Decide, Forward, Recall, Release
from services.approval.domain.consulting import answered, work
from services.approval.domain.decisions import decide_task, recall, rule_of
from services.approval.domain.decrees.acts import original_of
from services.approval.domain.desk import answer, ask, claim, forward, release
from services.approval.domain.facts import Agency, Proposal
from services.approval.domain.rosters import emergency, reorganisation
from services.approval.domain.state import Case, evolve
from services.approval.domain.terms import came_due, timers
from services.approval.domain.together import queued
from services.approval.domain.turn import Calendars, Turn
from shared.contracts.approval import CaseClosed, CaseOpened, DecreeRevoked
from shared.contracts.assignments import AssignmentOrdered
from shared.contracts.evaluation import EvaluationCompleted
from shared.contracts.group_decree import DecreeGroupIssued
from shared.contracts.papers import Paper
from shared.contracts.proposal import (
    Content,
    ProposalCompleted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalWithdrawn,
)
from shared.contracts.ranking import RankingDecided
from shared.contracts.registry import EmployeeMoveRefused
from shared.contracts.reorganisations import ReorganisationProposed
from shared.contracts.tasks import CaseCommented
from shared.kernel.calendar import Zone, indonesia
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, NotYet, Refused, TimerDue, WorkDone

COMMENTS = 50


def make_cases(
    chains: Chains, calendars: Calendars = indonesia, connected: frozenset[str] = frozenset()
) -> Decider[Case]:
    """The decider of approval cases under these chains and calendars; `connected` authorities are asked by HTTP."""
    return Decider(
        name="cases",
        state=Case,
        initial=lambda id: Case(case=id),
        decide=partial(_decide, chains, calendars),
        evolve=evolve,
        timers=timers,
        work=partial(work, connected),
        answer=_answer,
    )


def _decide(chains: Chains, calendars: Calendars, state: Case, message: Message, facts: Facts) -> list[Event]:
    handle = HANDLERS.get(type(message.body))
    return handle(Turn(state, message, facts, chains, calendars), message.body) if handle else []


def _evaluated(turn: Turn, event: EvaluationCompleted) -> list[Event]:
    """Open the chain when this attempt is eligible. Who takes part in a ranking waits for the panel's choice."""
    return _begin(turn, event.attempt) if event.eligible and not event.ranked else []


def _chosen(turn: Turn, event: RankingDecided) -> list[Event]:
    attempt = next((one.attempt for one in event.chosen if one.case == turn.state.case), 0)
    return _begin(turn, attempt) if attempt else []


def _begin(turn: Turn, attempt: int) -> list[Event]:
    """The first task, when the submission is known: two sources, in any order. What ended was refused, or stays ended:
    a human, or an offer of the ranking, may bring a refused case back as another attempt."""
    state = turn.state
    if (state.ended and state.cause != "refused") or attempt <= state.attempt:
        return []
    proposal = turn.facts.need(Proposal, state.case)
    if proposal.attempt < attempt:
        raise NotYet(f"{Proposal.KIND}/{state.case}")
    if proposal.attempt > attempt:
        return []
    opened = _opened(turn, attempt, proposal.content, proposal.paper)
    begun = evolve(state, opened)
    return [opened, *(go_on(turn, begun, opened.paper) if opened.paper else queued(turn, begun, 1))]


def _opened(turn: Turn, attempt: int, content: Content, paper: Paper | None) -> CaseOpened:
    zone: Zone = turn.zone(content.origin.agency)
    chain = turn.chains.on(content.move, turn.today(zone))
    agencies = {code: turn.facts.need(Agency, code) for code in (content.origin.agency, content.target.agency)}
    return CaseOpened.model_validate(
        {
            **content.model_dump(include={"person", "vacancy", "partners"}),
            "case": turn.state.case,
            "attempt": attempt,
            "chain": chain.id,
            "version": chain.version,
            "stages": tuple(stage.id for stage in chain.stages),
            "zone": zone.name,
            "origin": content.origin,
            "target": content.target,
            "plan": chain.plan(content.origin, content.target, agencies),
            "paper": paper,
        }
    )


def _over(turn: Turn, attempt: int, cause: str, person: str) -> list[Event]:
    """No task stays behind. An attempt that never opened is closed too: a late evaluation cannot open it, and the
    person may read so."""
    state = turn.state
    reopened = state.cause == "refused" and attempt > state.attempt
    settled = (state.ended and not reopened) or attempt < state.attempt or attempt == 0
    if settled or (state.status == "closed" and attempt == state.attempt and cause == state.cause):
        return []
    return [CaseClosed(case=state.case, cause=cause, attempt=attempt, person=person)]


def _move_refused(turn: Turn, event: EmployeeMoveRefused) -> list[Event]:
    """The decree has no effect; its number stays used. One that was revoked is known to have none."""
    of_an_act = original_of(event.decree) != event.decree
    if event.decree in turn.state.revoked or event.code == "DECREE_REVOKED" or of_an_act:
        return []
    return [DecreeRevoked(case=turn.state.case, decree=event.decree, code=event.code, person=event.person)]


def _paper(turn: Turn, event: DecreeGroupIssued) -> list[Event]:
    """The own paper (petikan) of a decree for several, handed to the member whose case this is."""
    return [paper for paper in event.papers if paper.case == turn.state.case]


def _comment(turn: Turn, command: Comment) -> list[Event]:
    """Anybody the policy lets to the case; so many that nobody floods a file."""
    state = turn.state
    if state.status == "new":
        raise Refused("NOT_FOUND", status=404)
    if len(state.comments) >= COMMENTS:
        raise Refused("COMMENTS_FULL", limit=COMMENTS)
    return [CaseCommented(case=state.case, by=turn.actor.person, text=command.text, at=turn.message.time)]


def _answer(state: Case) -> Mapping[str, Any]:
    """The state; each decision with the rule it stands on."""
    shown = state.model_dump(mode="json", exclude={"case", "open", "ended", "zone", "decisions"})
    rules = {one.id: one for one in state.plan}
    said = [{**one.model_dump(mode="json"), "rule": rule_of(rules[one.stage], one)} for one in state.decisions]
    return {**shown, "decisions": said}


HANDLERS: Mapping[type[Frozen], Callable[[Turn, Any], list[Event]]] = {
    EvaluationCompleted: _evaluated,
    RankingDecided: _chosen,
    AssignmentOrdered: emergency,
    ReorganisationProposed: reorganisation,
    Claim: claim,
    Release: release,
    Decide: decide_task,
    Forward: forward,
    Ask: ask,
    Answer: answer,
    Recall: recall,
    Comment: _comment,
    TimerDue: came_due,
    WorkDone: answered,
    ProposalWithdrawn: lambda turn, event: _over(turn, event.attempt, "withdrawn", event.person),
    ProposalRefused: lambda turn, event: _over(turn, event.attempt, "refused", event.person),
    ProposalReturned: lambda turn, event: _over(turn, event.attempt, "returned", event.person),
    ProposalExpired: lambda turn, event: _over(turn, event.attempt, "expired", event.person),
    ProposalCompleted: lambda turn, event: _over(turn, max(turn.state.attempt, 1), "completed", event.person),
    EmployeeMoveRefused: _move_refused,
    DecreeGroupIssued: _paper,
}
