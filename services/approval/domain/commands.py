"""What an official may want of a task, and the person of a case."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from services.approval.domain.letters import Entered
from shared.contracts.stages import Decision
from shared.kernel.decider import Command

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class TaskCommand(Command):
    """About one task; the route names it."""

    task: str = ""


class Claim(TaskCommand):
    """Take the task on (ambil)."""


class Release(TaskCommand):
    """Put the task back (lepas)."""


class Decide(TaskCommand):
    """Approve, refuse or return (kembalikan). Code and reason are needed for the last two."""

    decision: Decision
    code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    reason: Reason = ""
    take: bool = False  # claim it in the same step
    letter: Entered | None = None  # what the approval rests on, where the stage asks for it
    missing: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z_]{3,40}$")], ...], Field(max_length=40)] = ()
    """Kinds of documents that a return asks for."""


class Recall(TaskCommand):
    """Take one's own decision back while its grace lasts."""


class Forward(TaskCommand):
    """Hand the task to a colleague of the same office (teruskan), also when it is overdue."""

    to: Id
    reason: Text


class Ask(TaskCommand):
    """Ask the person for information; the clock of the task stops."""

    question: Text


class Answer(TaskCommand):
    """The person's answer; the clock runs again."""

    answer: Text


class Comment(Command):
    """A comment on the case, read by all its parties."""

    text: Text


class Appoint(Command):
    """Let somebody stand in for another (pengganti)."""

    absent: Id
    office: Id
    agency: Id
    unit: Annotated[str, Field(max_length=200)] = ""
    since: date
    until: date


class EndMandate(Command):
    """End a right to act before its day."""

    mandate: Id
