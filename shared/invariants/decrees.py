"""What every decree must rest on: I3 and I4, from what the approval service said."""

from collections.abc import Iterator
from typing import ClassVar

from shared.contracts.approval import ApprovalGranted, CaseOpened, DecreeIssued
from shared.contracts.reorganisations import ReorganisationApproved
from shared.contracts.stages import PlannedStage
from shared.invariants.watch import Said, Watch


class Authority(Watch):
    """I3: no decree without the authority that its kind asks for.

    It cites why its signatory may decide, and the office that the chain of the case ends with granted it.
    """

    ID: ClassVar[str] = "I3"

    def __init__(self) -> None:
        self.last: dict[tuple[str, int], PlannedStage] = {}
        self.granted: dict[tuple[str, int], tuple[str, str]] = {}
        self.lists: dict[str, str] = {}
        self.issued: list[DecreeIssued] = []

    def hear(self, said: Said) -> None:
        """How chains end, who granted, and the decrees."""
        match said.event:
            case CaseOpened(case=case, attempt=attempt, plan=plan) if plan:
                self.last[case, attempt] = plan[-1]
            case ApprovalGranted() as grant:
                self.granted[grant.case, grant.attempt] = grant.office, grant.agency
            case ReorganisationApproved() as approved:
                for move in approved.moves:
                    self.granted[move.case, 1] = approved.office, approved.agency
                    self.lists[move.case] = approved.reorganisation
            case DecreeIssued() as decree:
                self.issued.append(decree)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each decree, with what its authority lacks."""
        for decree in self.issued:
            yield decree.decree, self._fault(decree)

    def _fault(self, decree: DecreeIssued) -> str:
        place = decree.case, decree.attempt
        if not decree.authority:
            return "no authority cited"
        chain = self.lists.get(decree.case, decree.case), decree.attempt
        granted, last = self.granted.get(place), self.last.get(chain)
        if granted is None or last is None:
            return "never granted"
        wanted = last.office, last.agency
        return (
            "" if granted == wanted else f"granted by {' of '.join(granted)}, the chain ends with {' of '.join(wanted)}"
        )


class Considered(Watch):
    """I4: every decree has its technical consideration (pertek), or a waiver with its citation."""

    ID: ClassVar[str] = "I4"

    def __init__(self) -> None:
        self.issued: dict[str, bool] = {}

    def hear(self, said: Said) -> None:
        """The decrees."""
        if isinstance(said.event, DecreeIssued):
            self.issued[said.event.decree] = bool(said.event.consideration or said.event.waiver)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each decree, where it has neither."""
        for decree, considered in self.issued.items():
            yield decree, "" if considered else "neither consideration nor waiver"
