"""What an official may want of a task."""

from typing import Annotated

from pydantic import StringConstraints

from shared.contracts.approval import Decision
from shared.kernel.decider import Command

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
