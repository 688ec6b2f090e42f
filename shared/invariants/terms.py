"""Who holds a step until when, and when its clock stood still: I10 and I11, from the tasks of all cases."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from shared.contracts.approval import (
    ApprovalGranted,
    ApprovalRefused,
    CaseClosed,
    CaseOpened,
    TaskDecided,
    TaskEscalated,
    TaskQueued,
)
from shared.contracts.proposal import ProposalReturned
from shared.contracts.registry import OfficeAssigned
from shared.contracts.rosters import RosterApproved, RosterRefused
from shared.contracts.tasks import TaskAnswered, TaskDropped, TaskQuestioned, TaskRescheduled
from shared.invariants.watch import Said, Watch
from shared.kernel.decider import Actor, Office, judged_on

SLACK = timedelta(hours=1)
"""So long after its deadline a task has to be escalated."""


class Held(Watch):
    """I10: no step waits without a named holder and a due date.

    Every case in the chain has an open task, its office is held by somebody, and what is overdue was escalated.
    """

    ID: ClassVar[str] = "I10"

    def __init__(self) -> None:
        self.waiting: set[str] = set()
        self.open: dict[str, dict[str, TaskQueued]] = defaultdict(dict)
        self.due: dict[str, datetime] = {}
        self.told: set[str] = set()
        self.offices: dict[str, tuple[Office, ...]] = {}
        self.latest: datetime | None = None

    def hear(self, said: Said) -> None:
        """Cases in the chain, their tasks and deadlines, and who holds which office."""
        self.latest = max(self.latest or said.time, said.time)
        match said.event:
            case OfficeAssigned(person=person, offices=offices):
                self.offices[person] = offices
            case CaseOpened(case=case):
                self.waiting.add(case)
            case (
                ApprovalGranted(case=case)
                | ApprovalRefused(case=case)
                | CaseClosed(case=case)
                | RosterApproved(roster=case)
                | RosterRefused(roster=case)
            ):
                self.waiting.discard(case)
                self.open.pop(case, None)
            case TaskDecided(case=case, task=task) | TaskDropped(case=case, task=task):
                self.open[case].pop(task, None)
            case _:
                self._timed(said)

    def _timed(self, said: Said) -> None:
        match said.event:
            case TaskQueued(case=case, task=task, due=due) as queued:
                self.open[case][task] = queued
                self.due[task] = due
            case TaskQuestioned(task=task, until=until):
                self.due[task] = until
            case TaskAnswered(task=task, due=due) | TaskRescheduled(task=task, due=due):
                self.due[task] = due
                self.told.discard(task)
            case TaskEscalated(task=task):
                self.told.add(task)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each case in the chain, with what its step lacks."""
        for case in sorted(self.waiting):
            tasks = self.open[case].values()
            yield case, next(filter(None, map(self._fault, tasks)), "") if tasks else "nobody's turn"

    def _fault(self, task: TaskQueued) -> str:
        late = self.latest is not None and self.due[task.task] + SLACK < self.latest
        if late and task.task not in self.told:
            return f"{task.task} was due {self.due[task.task]}, nobody was told"
        return "" if self._held(task) else f"nobody holds {task.office} of {task.agency} {task.unit}".strip()

    def _held(self, task: TaskQueued) -> bool:
        """Whether somebody holds the office on the day of the last event."""
        day = judged_on(self.latest or task.due)
        place = (task.office, day, task.agency, task.unit or None)
        return any(Actor(login="", offices=offices).holds(*place) for offices in self.offices.values())


class Paused(Watch):
    """I11: a clock stands still only by an event with a cause, and goes on by one; no deadline comes nearer."""

    ID: ClassVar[str] = "I11"

    def __init__(self) -> None:
        self.due: dict[str, datetime] = {}
        self.asked: set[str] = set()
        self.said: list[tuple[str, str]] = []

    def hear(self, said: Said) -> None:
        """Everything that moves a deadline, and every return of a file."""
        match said.event:
            case TaskQueued(task=task, due=due):
                self.due[task] = due
            case TaskQuestioned(task=task, question=question):
                self.said.append((task, "" if question.strip() else "paused without a question"))
                self.asked.add(task)
            case TaskAnswered(task=task, due=due):
                self.said.append((task, "" if task in self.asked else "went on without a pause"))
                self.asked.discard(task)
                self.due[task] = due
            case TaskRescheduled(task=task, due=due):
                nearer = due < self.due.get(task, due)
                self.said.append((task, f"due {due} after {self.due[task]}" if nearer else ""))
                self.due[task] = due
            case ProposalReturned(case=case, code=code):
                self.said.append((case, "" if code else "returned without a cause"))

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each change of a deadline and each return, with what is wrong about it."""
        yield from self.said
