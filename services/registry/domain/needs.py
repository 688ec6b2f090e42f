"""The analysis of one post in one year: recorded, told as `need.assessed`, and replaced when it is made anew. Pure."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from services.registry.domain import workload
from services.registry.domain.facts import OccupancyFact, PostFact
from services.registry.domain.ids import Code, post_id
from services.registry.domain.norms import norms_of
from services.registry.domain.workload import Task
from shared.contracts.need import NeedAssessed, WorkTask
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused, judged_on

_AHEAD = 1  # years: the need of the next year is planned in this one (PP 11/2017 ps 9)
Year = Annotated[int, Field(ge=2000, le=2100)]
Tasks = Annotated[tuple[Task, ...], Field(max_length=200)]


class Analysis(Frozen):
    """What was recorded last, and the tasks it rests on."""

    assessed: NeedAssessed | None = None
    tasks: tuple[Task, ...] = ()


class RecordWorkload(Command):
    """The tasks of a post in a year, all of them; an empty list says that the post has no work."""

    agency: Code
    post: Code
    year: Year
    tasks: Tasks


def need_id(post: str, year: int) -> str:
    """Id of the analysis of a post in a year."""
    return f"w:{year}:{post}"


def _decide(state: Analysis, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case RecordWorkload() as command:
            _check(command, judged_on(message.time).year)
            event = _assessed(command, facts)
            known = state.assessed and state.assessed.model_copy(update={"have": event.have, "gap": event.gap})
            return [] if (known, state.tasks) == (event, command.tasks) else [event]
    return []


def _check(command: RecordWorkload, this_year: int) -> None:
    if command.year > this_year + _AHEAD:
        raise Refused("YEAR_TOO_FAR", where="year", status=422, last=this_year + _AHEAD)
    names = [task.name.casefold() for task in command.tasks]
    if len(set(names)) < len(names):
        raise Refused("TASK_TWICE", where="tasks", status=422)


def _assessed(command: RecordWorkload, facts: Facts) -> NeedAssessed:
    """Raises NotYet while the post is unknown."""
    id = post_id(command.agency, command.post)
    facts.want((PostFact, id), (OccupancyFact, id))
    post, occupancy = facts.need(PostFact, id), facts.get(OccupancyFact, id)
    norms, staff = norms_of(command.year), occupancy.holders if occupancy else 0
    need = workload.post_need(command.tasks, staff, norms)
    return NeedAssessed(
        post=id,
        agency=post.agency,
        unit=post.unit,
        year=command.year,
        basis="workload",
        source=norms.source,
        tasks=tuple(WorkTask.model_validate(task.model_dump(mode="json")) for task in command.tasks),
        load=workload.hundredths(need.load),
        raw=workload.hundredths(need.raw),
        need=need.need,
        have=staff,
        gap=need.gap,
    )


def _evolve(state: Analysis, event: Event) -> Analysis:
    if not isinstance(event, NeedAssessed):
        return state
    return Analysis(assessed=event, tasks=tuple(Task.model_validate(task.model_dump()) for task in event.tasks))


def _answer(state: Analysis) -> Mapping[str, Any]:
    return state.assessed.model_dump(mode="json") if state.assessed else {}


NEEDS: Decider[Analysis] = Decider("needs", Analysis, lambda _id: Analysis(), _decide, _evolve, answer=_answer)
