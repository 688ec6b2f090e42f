"""Desks: who holds an office of an agency and unit, and who of them was told of which task. Pure.

A register: it hears many persons and cases, so it finds repeats in its own state. Offices and tasks come on
two topics in any order; whoever held the office when its task was heard of is told, also if learnt later.
"""

from collections.abc import Iterable
from datetime import date

from services.notification.domain import rules
from services.notification.domain.queueing import long_ago
from shared.contracts.approval import TaskEscalated, TaskQueued
from shared.contracts.contest import ContestEscalated, ProposalContested
from shared.contracts.corrections import CorrectionAsked, CorrectionEscalated
from shared.contracts.evaluation import DatumAsked
from shared.contracts.notification import DeskChanged, MessageDue, Period
from shared.contracts.quality import QualityTasksOpened
from shared.contracts.ranking import RankingEscalated, RankingPublished
from shared.contracts.registry import OfficeAssigned
from shared.contracts.reviews import FollowUpOpened, ReviewAsked
from shared.contracts.training import TrainingOverdue
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message

# What waits at a desk until somebody acts.
Waiting = (
    TaskQueued
    | TaskEscalated
    | ReviewAsked
    | FollowUpOpened
    | TrainingOverdue
    | DatumAsked
    | ProposalContested
    | ContestEscalated
    | RankingPublished
    | RankingEscalated
    | CorrectionAsked
    | CorrectionEscalated
    | QualityTasksOpened
)
# Tasks kept to tell those whose office is learnt of late; one nobody was told of is kept until somebody is.
KEPT = 64


class Holder(Frozen):
    """One person and their periods at this desk; `version` is the event's number in the person's own."""

    person: str
    version: int
    periods: tuple[Period, ...]

    def sits(self, on: date) -> bool:
        """True when they hold the office on that day."""
        return any(p.since <= on and (p.until is None or on < p.until) for p in self.periods)


class Desk(Frozen):
    """Who sits or sat here, and the tasks of late, each as it was last told."""

    desk: str
    holders: tuple[Holder, ...] = ()
    tasks: tuple[MessageDue, ...] = ()


def desk_id(office: str, agency: str, unit: str) -> str:
    """`<office>:<agency>:<unit>`; the unit is empty where the office is the whole agency's."""
    return f"{office}:{agency}:{unit}"


def initial(id: str) -> Desk:
    """An empty desk."""
    return Desk(desk=id)


def decide(state: Desk, message: Message, _facts: Facts) -> list[Event]:
    """Note who sits here; say for each task who is to be told."""
    match message.body:
        case OfficeAssigned() as event:
            return _seated(state, event, message)
    return _asked(state, message.body, message) if isinstance(message.body, Waiting) else []


def _asked(state: Desk, event: Waiting, message: Message) -> list[Event]:
    row = rules.rule(event.TYPE, rules.day(message.time))
    if row is None or any(task.event == message.id for task in state.tasks):
        return []
    on = rules.day(message.time)
    person = str(getattr(event, "person", ""))  # a ranking is about many
    due = MessageDue(
        desk=state.desk,
        event=message.id,
        about=event.TYPE,
        case=str(getattr(event, "case", "")),
        subject=person,
        persons=tuple(h.person for h in state.holders if h.sits(on) and h.person != person),
        values=row.values_of(event),
        on=on,
        happened_at=long_ago(message),
    )
    return [due]


def _seated(state: Desk, event: OfficeAssigned, message: Message) -> list[Event]:
    known = next((h for h in state.holders if h.person == event.person), None)
    if known is not None and known.version >= message.sequence:
        return []
    held = (o for o in event.offices if desk_id(o.office, o.agency, o.unit) == state.desk)
    periods = tuple(Period(since=office.since, until=office.until) for office in held)
    holder = Holder(person=event.person, version=message.sequence, periods=periods)
    changed = DeskChanged(desk=state.desk, **holder.model_dump())
    return [changed, *_late(state, holder, rules.day(message.time))]


def _late(state: Desk, holder: Holder, today: date) -> Iterable[Event]:
    """The tasks this person still has to hear of: theirs at the time, or waiting for anybody at all."""
    for task in state.tasks:
        heard = holder.person in task.persons or holder.person == task.subject
        if not heard and (holder.sits(task.on) or (not task.persons and holder.sits(today))):
            yield task.model_copy(update={"persons": (holder.person,)})


def evolve(state: Desk, event: Event) -> Desk:
    """The desk after one of its own events."""
    match event:
        case DeskChanged():
            others = [h for h in state.holders if h.person != event.person]
            holder = Holder(person=event.person, version=event.version, periods=event.periods)
            return state.model_copy(update={"holders": (*others, holder)})
        case MessageDue():
            return state.model_copy(update={"tasks": _noted(state.tasks, event)})
    return state


def _noted(tasks: tuple[MessageDue, ...], due: MessageDue) -> tuple[MessageDue, ...]:
    for i, task in enumerate(tasks):
        if task.event == due.event:
            merged = task.model_copy(update={"persons": (*task.persons, *due.persons)})
            return (*tasks[:i], merged, *tasks[i + 1 :])
    if len(tasks) < KEPT:
        return (*tasks, due)
    oldest = next((i for i, task in enumerate(tasks) if task.persons), None)
    return (*tasks, due) if oldest is None else (*tasks[:oldest], *tasks[oldest + 1 :], due)


DESKS = Decider("desks", Desk, initial, decide, evolve, register=True)
