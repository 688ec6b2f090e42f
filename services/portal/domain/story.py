"""From the events of a case to where it stands: stage, who holds it, since when, until when, what comes next."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from services.portal.domain.facts import Entry
from shared.contracts import (
    adoption,
    approval,
    contest,
    evaluation,
    proposal,
    ranking,
    tasks,
    voice,
)
from shared.kernel.decider import Frozen

Status = Literal[
    "unknown", "draft", "submitted", "returned", "approved", "completed", "refused", "contested", "withdrawn", "expired"
]
ENDED = frozenset({"completed", "refused", "withdrawn", "expired"})
Data = Mapping[str, Any]


class Desk(Frozen):
    """Who holds a case: an office of an agency and unit, or a party named by a word (applicant, system)."""

    office: str
    agency: str = ""
    unit: str = ""


class Step(Frozen):
    """A stage of the chain as the reader sees it; it may take so many working days, or hours by the clock."""

    id: str
    desk: Desk
    days: int = 0
    hours: int = 0
    state: Literal["waiting", "current", "approve", "refuse", "return"] = "waiting"


class Story(Frozen):
    """Where a case stands. `since` is when the present stage began, `due` its deadline, `day` a day to wait for."""

    status: Status = "unknown"
    stage: str = ""
    desk: Desk = Desk(office="applicant")
    since: datetime | None = None
    due: datetime | None = None
    day: str = ""
    task: str = ""
    claimed: bool = False
    overdue: bool = False
    attempt: int = 0
    receipt: str = ""
    steps: tuple[Step, ...] = ()
    codes: tuple[str, ...] = ()
    reason: str = ""
    missing: tuple[str, ...] = ()  # kinds of documents that a return asks for
    decree: str = ""
    number: str = ""
    on_paper: tuple[str, str] = ("", "")  # number and date of the paper file that it was adopted from
    revoked: bool = False
    updated: datetime | None = None

    @property
    def ended(self) -> bool:
        """True when nothing more can happen to the case."""
        return self.status in ENDED

    @property
    def next(self) -> str:
        """The stage after the present one: a stage of the chain, or a word for what follows it."""
        ids = [step.id for step in self.steps]
        if self.stage in ids[:-1]:
            return ids[ids.index(self.stage) + 1]
        follows = {"draft": "submit", "returned": "submit", "evaluation": "chain", "recheck": "decree"}
        follows |= {"gathering": "panel", "panel": "chain"}
        follows |= {"partners": "decree"}
        follows |= {"decree": "move", "move": "done"}
        return "recheck" if self.stage in ids else "" if self.ended else follows.get(self.stage, "")

    @property
    def ahead(self) -> Step | None:
        """The step of the chain that comes next, None where something else does."""
        return next((step for step in self.steps if step.id == self.next), None)


Changes = dict[str, Any]
SYSTEM = Desk(office="system")
APPLICANT = Desk(office="applicant")


def story(entries: Iterable[Entry]) -> Story:
    """The story so far; the entries may come in any order."""
    told = Story()
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.source, entry.sequence)):
        change = STEPS.get(entry.type)
        changes = change(told, entry) if change else {}
        told = told.model_copy(update={**changes, "updated": entry.at})
    return told


def _at(entry: Entry, stage: str, desk: Desk, **more: object) -> Changes:
    """The case is at a new stage from now on."""
    calm: Changes = {"due": None, "day": "", "task": "", "claimed": False, "overdue": False}
    return {**calm, "stage": stage, "desk": desk, "since": entry.at, **more}


def _while(*statuses: str) -> Callable[[Callable[[Story, Entry], Changes]], Callable[[Story, Entry], Changes]]:
    """An event that crossed the end of its case, or of its attempt, moves nothing any more."""

    def guard(change: Callable[[Story, Entry], Changes]) -> Callable[[Story, Entry], Changes]:
        def guarded(told: Story, entry: Entry) -> Changes:
            late = entry.data.get("attempt", told.attempt) < told.attempt
            return {} if late or told.status not in statuses else change(told, entry)

        return guarded

    return guard


def _drafted(told: Story, entry: Entry) -> Changes:
    return _at(entry, "draft", APPLICANT, status="draft") if told.status == "unknown" else {}


def _adopted(told: Story, entry: Entry) -> Changes:
    paper = entry.data["paper"]
    return {**_drafted(told, entry), "on_paper": (paper["number"], paper["dated"])}


def _submitted(_told: Story, entry: Entry) -> Changes:
    known = {"attempt": entry.data["attempt"], "receipt": entry.data["receipt"]}
    again: Changes = {"steps": (), "codes": (), "reason": "", "missing": ()}
    return _at(entry, "evaluation", SYSTEM, status="submitted", **known, **again)


@_while("submitted")
def _evaluated(_told: Story, entry: Entry) -> Changes:
    """Who takes part in a ranking waits for the closing of the vacancy."""
    waits = entry.data.get("ranked") and entry.data.get("eligible")
    return _at(entry, "gathering", SYSTEM) if waits else {}


@_while("submitted")
def _ranked(_told: Story, entry: Entry) -> Changes:
    due = datetime.fromisoformat(entry.data["due"])
    return _at(entry, "panel", Desk.model_validate(entry.data), due=due)


def _contested(_told: Story, entry: Entry) -> Changes:
    due = datetime.fromisoformat(entry.data["until"])
    return _at(entry, "contest", Desk.model_validate(entry.data), due=due, status="contested")


def _escalated(told: Story, entry: Entry) -> Changes:
    """Nobody answered the contest in time: somebody else has it now."""
    due = datetime.fromisoformat(entry.data["until"])
    return {"desk": Desk.model_validate(entry.data), "due": due} if told.status == "contested" else {}


def _answered(told: Story, entry: Entry) -> Changes:
    over: Changes = {"status": "refused", "reason": entry.data["reason"]}
    return _at(entry, "ended", Desk(office=""), **over) if told.status == "contested" else {}


@_while("submitted")
def _opened(_told: Story, entry: Entry) -> Changes:
    plan, paper = entry.data.get("plan", ()), entry.data.get("paper")
    steps = tuple(_step(stage) for stage in plan)
    for word in paper["words"] if paper else ():
        steps = _marked(steps, word["stage"], "approve")
    return {"steps": steps}


def _step(stage: Data) -> Step:
    term = {"days": stage["working_days"], "hours": stage.get("hours", 0)}
    return Step(id=stage["id"], desk=Desk.model_validate(stage), **term)


@_while("submitted")
def _queued(told: Story, entry: Entry) -> Changes:
    data = entry.data
    due = datetime.fromisoformat(data["due"])
    at = _at(entry, data["stage"], Desk.model_validate(data), due=due, task=data["task"])
    if began := data.get("since"):  # on paper, before it came here
        at["since"] = datetime.fromisoformat(began)
    return at | {"steps": _marked(told.steps, data["stage"], "current")}


@_while("submitted")
def _decided(told: Story, entry: Entry) -> Changes:
    marked = _marked(told.steps, entry.data["stage"], entry.data["decision"])
    return _at(entry, told.stage, SYSTEM) | {"steps": marked}


def _marked(steps: tuple[Step, ...], stage: str, state: str) -> tuple[Step, ...]:
    return tuple(step.model_copy(update={"state": state}) if step.id == stage else step for step in steps)


def _of_task(**changes: object) -> Callable[[Story, Entry], Changes]:
    return lambda told, entry: changes if entry.data["task"] == told.task else {}


def _moved(told: Story, entry: Entry) -> Changes:
    """Another deadline of the task that waits."""
    return {"due": datetime.fromisoformat(entry.data["due"])} if entry.data["task"] == told.task else {}


def _ended(status: Status) -> Callable[[Story, Entry], Changes]:
    def change(_told: Story, entry: Entry) -> Changes:
        codes = entry.data.get("codes") or filter(None, [entry.data.get("code", "")])
        why = {"codes": tuple(codes), "reason": entry.data.get("reason", "")}
        return _at(entry, "ended", Desk(office=""), status=status, **why)

    return change


def _returned(_told: Story, entry: Entry) -> Changes:
    until = entry.data.get("until")
    due = datetime.fromisoformat(until) if until else None
    asked = tuple(entry.data.get("missing", ()))
    why = {"codes": (entry.data["code"],), "reason": entry.data["reason"], "missing": asked}
    return _at(entry, "returned", APPLICANT, status="returned", due=due, **why)


def _issued(_told: Story, entry: Entry) -> Changes:
    known = {"decree": entry.data["decree"], "number": entry.data["number_text"], "revoked": False}
    return _at(entry, "move", Desk(office="registry"), day=entry.data["effective_on"], **known)


def _amended(told: Story, entry: Entry) -> Changes:
    return {"day": entry.data["effective_on"]} if told.stage == "move" else {}


STEPS: Mapping[str, Callable[[Story, Entry], Changes]] = {
    proposal.ProposalDrafted.TYPE: _drafted,
    adoption.ProposalAdopted.TYPE: _adopted,
    adoption.ProposalNotAdopted.TYPE: _ended("refused"),
    voice.ProposalHeard.TYPE: _while("draft")(lambda _, entry: _at(entry, "partners", SYSTEM)),
    proposal.ProposalSubmitted.TYPE: _submitted,
    evaluation.EvaluationCompleted.TYPE: _evaluated,
    ranking.EvaluationRanked.TYPE: _ranked,
    contest.ProposalContested.TYPE: _contested,
    contest.ContestEscalated.TYPE: _escalated,
    contest.ContestDecided.TYPE: _answered,
    approval.CaseOpened.TYPE: _opened,
    approval.TaskQueued.TYPE: _queued,
    approval.TaskClaimed.TYPE: _of_task(claimed=True),
    tasks.TaskForwarded.TYPE: _of_task(claimed=True),
    tasks.TaskAnswered.TYPE: _moved,
    tasks.TaskRescheduled.TYPE: _moved,
    approval.TaskReleased.TYPE: _of_task(claimed=False),
    approval.TaskEscalated.TYPE: _of_task(overdue=True),
    approval.TaskDecided.TYPE: _decided,
    approval.ApprovalGranted.TYPE: _while("submitted")(lambda _, entry: _at(entry, "recheck", SYSTEM)),
    proposal.ProposalReady.TYPE: _while("submitted")(lambda _, entry: _at(entry, "partners", SYSTEM)),
    proposal.ProposalApproved.TYPE: lambda _, entry: _at(entry, "decree", SYSTEM, status="approved"),
    approval.DecreeIssued.TYPE: _issued,
    approval.DecreeAmended.TYPE: _amended,
    approval.DecreeRevoked.TYPE: lambda _told, _entry: {"revoked": True},
    proposal.ProposalReturned.TYPE: _returned,
    proposal.ProposalRefused.TYPE: _ended("refused"),
    proposal.ProposalWithdrawn.TYPE: _ended("withdrawn"),
    proposal.ProposalExpired.TYPE: _ended("expired"),
    proposal.ProposalCompleted.TYPE: _ended("completed"),
}
