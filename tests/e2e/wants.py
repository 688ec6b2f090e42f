"""What can be wanted of a case over HTTP, and where the table of the lifecycle lets it lead."""

from collections.abc import Mapping
from typing import NamedTuple

from services.proposal.domain.lifecycle import LIFECYCLE, Status
from shared.contracts.contest import ContestDecided, ProposalContested
from shared.contracts.proposal import ProposalRevised, ProposalSubmitted, ProposalWithdrawn
from shared.contracts.voice import (
    ConcernAnswered,
    ConcernRaised,
    ProposalAgreed,
    ProposalAnnounced,
    TalkConfirmed,
    TalkProposed,
)
from shared.kernel.decider import Event
from tests.support.region import WISH

NEXT = {(at, step.event): step.to for step in LIFECYCLE for at in step.at}
OTHERS = ("system", "system or official", "registry")
"""Who moves a case on without a command of the proposal service."""


class Want(NamedTuple):
    """A command of the proposal, and what it says when it is taken."""

    way: str
    body: Mapping[str, object]
    says: tuple[type[Event], ...]


WANTS: Mapping[str, Want] = {
    "revise": Want("", {**WISH, "purpose": "Layanan lebih cepat"}, (ProposalRevised,)),
    "submit": Want("/submit", {}, (ProposalSubmitted,)),
    "withdraw": Want("/withdraw", {"reason": "Keluarga pindah"}, (ProposalWithdrawn,)),
    "announce": Want("/announce", {"benefit": "Dekat keluarga", "training": "Orientasi"}, (ProposalAnnounced,)),
    "agree": Want("/agree", {}, (ProposalAgreed,)),
    "concern": Want("/concerns", {"text": "Jarak"}, (ConcernRaised,)),
    "answer": Want("/concerns/answer", {"concern": 1, "answer": "Ada angkutan"}, (ConcernAnswered,)),
    "talk": Want("/talks", {"about": "Tugas baru"}, (TalkProposed,)),
    "confirm": Want("/talks/confirm", {"talk": 1}, (TalkConfirmed,)),
    "contest": Want("/contest", {"reason": "Ijazah disetarakan"}, (ProposalContested,)),
    "uphold": Want("/contest/decide", {"decision": "uphold", "reason": "Belum"}, (ContestDecided,)),
    "reopen": Want(
        "/contest/decide",
        {"decision": "reopen", "reason": "Sudah setara", "rules": ["EDU"]},
        (ContestDecided, ProposalSubmitted),
    ),
    "accept a seat": Want("/seat/accept", {}, ()),  # nobody is offered one here
}


Way = tuple[str, ...]
STARTS: Mapping[str, Mapping[Status, Way]] = {
    "own": {
        "draft": (),
        "submitted": ("submit",),
        "returned": ("submit", "return"),
        "approved": ("submit", "approve"),
        "refused": ("submit", "refuse"),
        "withdrawn": ("withdraw",),
    },
    "unfit": {"refused": ("submit",), "contested": ("submit", "contest")},
    "agency": {
        "announced": ("announce",),
        "submitted": ("announce", "heard"),
        "approved": ("announce", "heard", "approve"),
    },
}
"""Whose wish it is (an own request, one that the rules refuse, the agency's) -> the states from which examples begin,
and the way there: by chance few would leave the draft."""


def leads(status: Status, want: Want) -> set[Status]:
    """The states in which a case may be found some time after this was taken in that state: that of the table, and
    those that the others bring it to from there. Empty where the table does not allow it."""
    if not want.says:
        return set()
    at: Status | None = status
    for event in want.says:
        at = NEXT.get((at, event)) if at else None
    return _reached(at) if at else set()


def _reached(status: Status) -> set[Status]:
    found = {status}
    steps = [step for step in LIFECYCLE if step.who in OTHERS and not step.condition.startswith("in a group")]
    while more := {step.to for step in steps if found & set(step.at)} - found:
        found |= more
    return found
