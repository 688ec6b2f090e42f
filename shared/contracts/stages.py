"""Stages of a chain as a case follows them, and the letters that a move between agencies needs (D11)."""

from datetime import date
from typing import Literal

from shared.kernel.decider import Frozen

Decision = Literal["approve", "refuse", "return"]
LetterKind = Literal["proposal", "consent", "consideration", "transfer"]


class PlannedStage(Frozen):
    """A stage of the chain as this case follows it: whose turn, how many working days, which codes may be given.

    A refusal of an `opinion` is recorded and the file goes on; any other refusal ends the chain.
    """

    id: str
    decision: Literal["opinion", "consent", "verify", "decide"]
    office: str
    agency: str
    unit: str = ""
    working_days: int
    refuse: tuple[str, ...] = ()
    give_back: tuple[str, ...] = ()
    also_by: tuple[str, ...] = ()  # earlier stages whose decider may decide here too
    citation: str = ""
    quorum: int = 1  # equal words of different holders that make the decision
    acting: bool = True  # whether an acting head (Plh, Plt) may decide here
    recall_minutes: int = 0  # grace in which a decision can be taken back; 0: it holds at once
    answer_days: int = 0  # working days a question to the person may stop the clock; 0: none can be asked
    release_days: int = 0  # working days after which a claimed task goes back by itself; 0: never
    letter: LetterKind | None = None  # the approval carries this letter
    issuer: str = ""  # whose letter it must be, as `Letter.issuer`
    external: bool = False  # the letter comes from an authority outside; a clerk enters what it says
    deemed: str = ""  # the source under which a term that passed counts as a yes; without one silence only escalates
    zone: Literal["", "WIB", "WITA", "WIT"] = ""  # where its agency is; "": where that of the case is
    together: str = ""  # stages next to each other with the same word run at the same time
    favourable: int = 0  # so many of them have to agree, or be heard
    hours: int = 0  # a term by the clock instead of working days


class Letter(Frozen):
    """One of the decrees that a move between agencies rests on, as its issuer numbered and dated it.

    `issuer` is `ppk:<agency>`, `governor:<province>`, `bkn`, `home_affairs` or `foreign_affairs`; `sha256` that of the
    file. `source`: a clerk or official entered it, the issuer's own system sent it, or the term passed in silence where
    a chain lets that count (deemed): then there is no number.
    """

    kind: LetterKind
    issuer: str
    number: str
    dated: date
    sha256: str = ""
    source: Literal["entered", "sent", "deemed"] = "entered"
