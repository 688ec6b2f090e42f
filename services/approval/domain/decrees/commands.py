"""What the authority of a decree may want of it later. Pure."""

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from services.approval.domain.letters import Entered
from shared.kernel.decider import Command

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=4000)]


class Amend(Command):
    """Another effective date (TMT) for a decree that did not take effect yet (SK perubahan)."""

    decree: str = ""
    effective_on: date
    reason: Reason


class Suspend(Command):
    """Suspend a decree (penundaan pelaksanaan) while an objection or a case in court is open: it takes effect after the
    day `until`, or after the day by which the objection has to be answered."""

    decree: str = ""
    reason: Reason
    until: date | None = None


class Revoke(Command):
    """Take a decree back (pencabutan). After it took effect the person goes back on `effective_on`.

    `letter` is the decision by which an authority outside (governor, minister, BKN) took its own back.
    """

    decree: str = ""
    reason: Reason
    effective_on: date | None = None
    letter: Entered | None = None


Act = Amend | Suspend | Revoke
