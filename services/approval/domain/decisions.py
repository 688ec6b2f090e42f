"""The decision on a task: by one, or by the equal words of a body; at once, or after a grace; and what follows."""

from datetime import timedelta

from services.approval.domain.commands import Decide, Recall
from services.approval.domain.desk import claimant, take, undecided, waiting
from services.approval.domain.duties import Standing, lawful
from services.approval.domain.letters import letter_of
from services.approval.domain.state import Case
from services.approval.domain.task import Pending, Task, Word
from services.approval.domain.together import after, dropped, queued, settled
from services.approval.domain.turn import Turn
from shared.contracts.approval import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    TaskDecided,
)
from shared.contracts.rosters import RosterApproved, RosterRefused
from shared.contracts.stages import Letter, PlannedStage
from shared.contracts.tasks import DecisionPending, DecisionRecalled, TaskVoted
from shared.kernel.decider import Event, Refused
from shared.kernel.documents import documents


def decide_task(turn: Turn, command: Decide) -> list[Event]:
    """Decide the claimed task, and go on with the chain."""
    state, task = turn.state, waiting(turn.state, command.task)
    me = lawful(turn, task)
    undecided(task)
    if task.asked is not None:
        raise Refused("QUESTION_OPEN")
    stage = state.stage(task.stage)
    _justified(state, stage, command)
    word = _word(turn, stage, me, command)
    if stage.quorum > 1:
        return _vote(turn, stage, task, word)
    taken = take(turn, task, me) if command.take else []
    if not command.take:
        claimant(task, me.by)
    return [*taken, *_in_time(turn, stage, task, word)]


def recall(turn: Turn, command: Recall) -> list[Event]:
    """Take one's own decision back. Raises Refused NOTHING_TO_RECALL when its grace is over or it is another's."""
    task = waiting(turn.state, command.task)
    pending = task.pending
    if pending is None or pending.by != turn.actor.person or turn.message.time >= pending.effective_at:
        raise Refused("NOTHING_TO_RECALL")
    return [DecisionRecalled(case=turn.state.case, task=task.task, by=pending.by)]


def effective(turn: Turn, task: Task, pending: Pending) -> list[Event]:
    """The grace is over: the decision holds."""
    return decided(turn, turn.state.stage(task.stage), task, pending, ())


def deemed(turn: Turn, task: Task) -> list[Event]:
    """The term of an authority outside passed in silence, where the chain cites that this counts as its yes (R15);
    dated on the last day of the term, whenever the clock was heard."""
    stage = turn.state.stage(task.stage)
    since = task.due.astimezone(turn.state.zone_of(stage.id).info).date()
    kind = stage.letter or "consideration"
    letter = Letter(kind=kind, issuer=stage.issuer, number="", dated=since, source="deemed")
    return decided(turn, stage, task, Word(by="", decision="approve", code="DEEMED", letter=letter), ())


def _word(turn: Turn, stage: PlannedStage, me: Standing, command: Decide) -> Word:
    """What is said, with its letter. Raises Refused as `letter_of`; a refusal needs no letter."""
    said = command.model_dump(include={"decision", "code", "reason", "missing"})
    letter = None
    if command.decision == "approve":
        today = turn.today(turn.state.zone_of(stage.id))
        letter = letter_of(stage, command.letter, turn.state.letters, today)
    return Word(by=me.by, on_behalf_of=me.on_behalf_of, letter=letter, **said)


def _in_time(turn: Turn, stage: PlannedStage, task: Task, word: Word) -> list[Event]:
    if not stage.recall_minutes:
        return decided(turn, stage, task, word, ())
    at = turn.message.time + timedelta(minutes=stage.recall_minutes)
    about = {"case": turn.state.case, "task": task.task, "stage": stage.id, "effective_at": at}
    return [DecisionPending.model_validate({**about, **word.model_dump()})]


def _vote(turn: Turn, stage: PlannedStage, task: Task, word: Word) -> list[Event]:
    """One word of a body; each member, and each holder stood in for, has one. The quorum of equal words decides."""
    for vote in task.votes:
        if {word.by, word.on_behalf_of or word.by} & {vote.by, vote.on_behalf_of or vote.by}:
            raise Refused("VOTED_ALREADY")
    about = {"case": turn.state.case, "task": task.task, "stage": stage.id}
    voted = TaskVoted.model_validate({**about, **word.model_dump()})
    equal = [vote.by for vote in task.votes if vote.decision == word.decision]
    if len(equal) + 1 < stage.quorum:
        return [voted]
    return [voted, *decided(turn, stage, task, word, (*equal, word.by))]


def rule_of(stage: PlannedStage, word: Word) -> str:
    """The source on which a word at this stage stands."""
    return stage.deemed if word.code == "DEEMED" else stage.citation


def decided(turn: Turn, stage: PlannedStage, task: Task, word: Word, members: tuple[str, ...]) -> list[Event]:
    """The decision, and what follows of it."""
    state = turn.state
    said = TaskDecided(
        case=state.case,
        task=task.task,
        attempt=state.attempt,
        person=state.person,
        stage=stage.id,
        rule=rule_of(stage, word),
        members=members,
        **word.model_dump(include=set(Word.model_fields)),
    )
    return [said, *_follows(turn, stage, task, word)]


def _follows(turn: Turn, stage: PlannedStage, task: Task, word: Word) -> list[Event]:
    """An unfavourable opinion does not end a file; it is on record, and the last stage sees it."""
    state = turn.state
    if word.decision == "return":
        return [*dropped(state, task, "returned"), _returned(state, word)]
    outcome = settled(state, stage, word)
    if outcome == "open":
        return []
    if outcome == "against":
        return [*dropped(state, task, "refused"), _refused(state, word)]
    done = after(state.plan, stage)
    onward = queued(turn, state, done + 1) if done < len(state.plan) else [_granted(state, stage, word.by)]
    return [*dropped(state, task, "settled"), *onward]


def _returned(state: Case, word: Word) -> ApprovalReturned:
    why = word.model_dump(include={"code", "reason", "missing"})
    return ApprovalReturned.model_validate({"case": state.case, "attempt": state.attempt, **why})


def _refused(state: Case, word: Word) -> ApprovalRefused | RosterRefused:
    why = {"code": word.code, "reason": word.reason}
    if state.roster:
        return RosterRefused(roster=state.case, **why)
    return ApprovalRefused(case=state.case, attempt=state.attempt, **why)


def _granted(state: Case, stage: PlannedStage, me: str) -> ApprovalGranted | RosterApproved:
    """Who decided, and the offices that consented: the authority and the consideration of the decree (I3, I4)."""
    approved = tuple(state.stage(done.stage).office for done in state.decisions if done.decision == "approve")
    place = {"office": stage.office, "agency": stage.agency}
    if state.roster:
        return RosterApproved(roster=state.case, by=me, consented=approved, **place)
    about = {"case": state.case, "attempt": state.attempt, **place}
    return ApprovalGranted.model_validate({**about, "by": me, "consented": approved, "letters": state.letters})


def _justified(state: Case, stage: PlannedStage, command: Decide) -> None:
    """Raises Refused REASON_NEEDED, CODE_NOT_ALLOWED, KIND_UNKNOWN."""
    if unknown := [name for name in command.missing if documents().kind(name) is None or command.decision != "return"]:
        raise Refused("KIND_UNKNOWN", status=422, where="missing", kinds=unknown)
    if command.decision == "approve":
        against = [done.stage for done in state.decisions if done.decision == "refuse"]
        if stage.decision == "decide" and against and not command.reason:
            raise Refused("REASON_NEEDED", status=422, where="reason", against=against)
        return
    codes = stage.refuse if command.decision == "refuse" else stage.give_back
    if command.code not in codes:
        raise Refused("CODE_NOT_ALLOWED", status=422, where="code", codes=list(codes), stage=stage.id)
    if not command.reason:
        raise Refused("REASON_NEEDED", status=422, where="reason", against=[])
