"""Files already under way on paper when the system came: what the registry reads of them."""

from datetime import date
from typing import ClassVar, Literal

from shared.kernel.decider import Event, Frozen


class PaperWord(Frozen):
    """What was agreed to on paper: the stage of the chain, by whom, when, and the number of a letter."""

    stage: str
    by: str
    on: date
    number: str = ""


class Paper(Frozen):
    """The paper file (berkas): how its agency numbered and dated it, and how far it came.

    It came in on `received_on`, and has been at `stage` of the chain, in the hands of `holder` where that is known,
    since `since`: from that day the stage's term counts. `words` are the stages before it that said yes.
    """

    agency: str
    number: str
    dated: date
    received_on: date
    stage: str
    since: date
    holder: str = ""
    words: tuple[PaperWord, ...] = ()


class PaperFiled(Event):
    """A registrar (`by`) wrote a paper file down, from the imported file `batch`; `case` is what it becomes."""

    TYPE: ClassVar[str] = "mutasi.paper.filed.v1"
    case: str
    person: str
    vacancy: str
    paper: Paper
    initiative: Literal["own", "agency"]
    purpose: str
    expected_result: str
    reason: str
    consent: bool
    by: str
    batch: str


class PaperSealed(Event):
    """Something was decided on the case: the file that brought it can no longer be taken back."""

    TYPE: ClassVar[str] = "mutasi.paper.sealed.v1"
    case: str


class PaperWithdrawn(Event):
    """The file that brought the paper was taken back: its case is to end."""

    TYPE: ClassVar[str] = "mutasi.paper.withdrawn.v1"
    case: str
    person: str
    by: str
    batch: str


EVENTS = (PaperFiled, PaperSealed, PaperWithdrawn)
