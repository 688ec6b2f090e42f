"""The authority outside asked through its own system, where one is connected: the second way to its letter. Pure.

The task stays with the clerk all the time, so nothing waits for a system. Whichever letter is there first counts; what
the system says is judged like what a clerk enters, and what cannot be used leaves the task to the clerk (E19).
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from services.approval.domain.decisions import decided
from services.approval.domain.letters import Entered, letter_of
from services.approval.domain.state import Case
from services.approval.domain.task import Task, Word
from services.approval.domain.turn import Turn
from shared.contracts.registry import Placement
from shared.contracts.stages import Decision, Letter, LetterKind, PlannedStage
from shared.contracts.tasks import LetterUnusable
from shared.kernel.decider import Event, Frozen, Refused, Work, WorkDone

ASK = "ask_authority"


class ToAsk(Frozen):
    """What the authority is told: what is asked of it for whom, and the letters before its own."""

    task: str
    kind: LetterKind
    issuer: str
    person: str
    origin: Placement
    target: Placement
    letters: tuple[Letter, ...]


class Said(Frozen):
    """What its system answered; `task` is the request that it answers."""

    task: str
    decision: Decision
    issuer: str = ""
    number: str = ""
    dated: str = ""
    sha256: str = ""
    code: str = ""
    reason: str = ""


def work(connected: frozenset[str], state: Case) -> tuple[Work, ...]:
    """Ask, while the task waits for a letter of somebody who is connected (by the first word of the issuer).

    A stage with a letter stands alone, so there is one task at most.
    """
    task = state.task
    if task is None or task.pending is not None or task.unusable or state.origin is None or state.target is None:
        return ()
    stage = next((one for one in state.plan if one.id == task.stage), None)
    if stage is None or not stage.external or stage.letter is None or stage.issuer.partition(":")[0] not in connected:
        return ()
    wanted = ToAsk(
        task=task.task,
        kind=stage.letter,
        issuer=stage.issuer,
        person=state.person,
        origin=state.origin,
        target=state.target,
        letters=state.letters,
    )
    return (Work(_work_id(task), ASK, wanted),)


def answered(turn: Turn, done: WorkDone) -> list[Event]:
    """What came of it. An answer to a task that is over, by the clerk or by another answer, changes nothing."""
    task = turn.state.task
    if done.kind != ASK or task is None or done.id != _work_id(task):
        return []
    stage = turn.state.stage(task.stage)
    try:
        return decided(turn, stage, task, _word(turn, stage, task, done.outcome), ())
    except ValidationError:
        code = "LETTER_UNREADABLE"
    except Refused as refused:
        code = refused.code
    about = {"case": turn.state.case, "task": task.task, "stage": stage.id, "issuer": stage.issuer}
    return [LetterUnusable.model_validate({**about, "code": code})]


def _word(turn: Turn, stage: PlannedStage, task: Task, outcome: Mapping[str, Any]) -> Word:
    """Raises ValidationError, and Refused: what the effect says, LETTER_OF_ANOTHER, CODE_NOT_ALLOWED, and as
    `letter_of` does."""
    if code := outcome.get("code"):
        raise Refused(str(code))
    said = Said.model_validate(outcome.get("answer"))
    if said.task != task.task:
        raise Refused("LETTER_OF_ANOTHER")
    if said.decision == "approve":
        entered = Entered.model_validate(said.model_dump(include=set(Entered.model_fields)))
        today = turn.today(turn.state.zone_of(stage.id))
        letter = letter_of(stage, entered, turn.state.letters, today)
        sent = letter.model_copy(update={"source": "sent"}) if letter else None
        return Word(by="", decision="approve", letter=sent)
    if said.code not in (stage.refuse if said.decision == "refuse" else stage.give_back):
        raise Refused("CODE_NOT_ALLOWED")
    return Word(by="", decision=said.decision, code=said.code, reason=said.reason or stage.issuer)


def _work_id(task: Task) -> str:
    return "-".join(["ask", *task.task.rsplit(".", 2)[1:]])
