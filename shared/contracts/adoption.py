"""What the proposal service answers to a paper file: it is a case of ours now, or why not."""

from typing import ClassVar

from shared.contracts.papers import Paper
from shared.contracts.proposal import Content
from shared.kernel.decider import Event


class ProposalAdopted(Event):
    """A file under way on paper goes on here; `by` wrote it down, `batch` is the imported file."""

    TYPE: ClassVar[str] = "mutasi.proposal.adopted.v1"
    case: str
    content: Content
    paper: Paper
    by: str
    batch: str


class ProposalNotAdopted(Event):
    """It cannot go on here, for the reason of the code; on paper it is what it was."""

    TYPE: ClassVar[str] = "mutasi.proposal.not_adopted.v1"
    case: str
    person: str
    paper: Paper
    code: str
    batch: str


EVENTS = (ProposalAdopted, ProposalNotAdopted)
