"""The life of a case (perkara) as one table: in which state which event may be said, and where it leads.

`evolve` moves a case by this table only, so an event that is not in it cannot be recorded, and docs/lifecycle.md is
made from it. Which message leads to which event, and the refusals, are the handlers' of `cases` and `answers`.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from shared.contracts.adoption import ProposalAdopted, ProposalNotAdopted
from shared.contracts.contest import ContestDecided, ContestEscalated, ProposalContested
from shared.contracts.overbooking import ProposalResumed, ProposalSuspended
from shared.contracts.plan import (
    PlanLineRefused,
)
from shared.contracts.proposal import (
    ProposalApproved,
    ProposalCompleted,
    ProposalDrafted,
    ProposalExpired,
    ProposalNoted,
    ProposalReady,
    ProposalRefused,
    ProposalReturned,
    ProposalRevised,
    ProposalSubmitted,
    ProposalWithdrawn,
)
from shared.contracts.voice import (
    ConcernAnswered,
    ConcernRaised,
    ProposalAgreed,
    ProposalAnnounced,
    ProposalHeard,
    TalkConfirmed,
    TalkProposed,
)
from shared.kernel.decider import Event

Status = Literal[
    "new",
    "draft",
    "announced",
    "waiting",
    "submitted",
    "returned",
    "approved",
    "completed",
    "refused",
    "contested",
    "withdrawn",
    "expired",
]
STATES: tuple[Status, ...] = get_args(Status)
NAMES: Mapping[Status, str] = {
    "new": "-",
    "draft": "DRAF",
    "announced": "KONSULTASI",
    "waiting": "MENUNGGU_MITRA",
    "submitted": "DIAJUKAN",
    "returned": "PERBAIKAN",
    "approved": "PENETAPAN_SK",
    "completed": "SPMT",
    "refused": "DITOLAK",
    "contested": "DITINJAU",
    "withdrawn": "DITARIK",
    "expired": "KEDALUWARSA",
}
"""What officials call the states. Between DIAJUKAN and PENETAPAN_SK the chain's stage says whose turn it is."""
ALIVE: frozenset[Status] = frozenset({"submitted", "returned", "approved"})
"""Open: a person has at most one case in these states."""


class Step(NamedTuple):
    """From any of the states `at`, this event leads to `to`; `who` says it on what condition."""

    at: tuple[Status, ...]
    event: type[Event]
    to: Status
    who: str
    condition: str


LIFECYCLE: tuple[Step, ...] = (
    Step(
        ("new",), ProposalDrafted, "draft", "person or office", "own request by the person, the agency's by an office"
    ),
    Step(
        ("new",), PlanLineRefused, "refused", "system", "a move of a plan for which there is no seat or person any more"
    ),
    Step(("new",), ProposalAdopted, "draft", "registry", "a file under way on paper, submitted in the same moment"),
    Step(
        ("new",),
        ProposalNotAdopted,
        "refused",
        "system",
        "such a file that cannot go on here; on paper it is what it was",
    ),
    Step(("draft",), ProposalRevised, "draft", "person or office", "the whole wish is given anew"),
    Step(("returned",), ProposalRevised, "returned", "person or office", "the whole wish is given anew"),
    Step(("announced",), ProposalRevised, "draft", "office", "the person is told anew"),
    Step(("draft",), ProposalAnnounced, "announced", "office", "the agency's proposal: reasons, benefit, training"),
    Step(("announced",), ConcernRaised, "announced", "person", "what worries them"),
    Step(("announced",), ConcernAnswered, "announced", "office", "each concern once"),
    Step(("announced",), TalkProposed, "announced", "person or office", "a day and a subject"),
    Step(("announced",), TalkConfirmed, "announced", "person and office", "not before its day"),
    Step(("announced",), ProposalAgreed, "announced", "person", "ends the window early"),
    Step(("draft",), ProposalSubmitted, "submitted", "person", "own request: consent; no other open case"),
    Step(("announced",), ProposalSubmitted, "submitted", "office", "window over, concerns answered, talk held"),
    Step(("announced",), ProposalHeard, "waiting", "office", "the same, in an exchange that the agency orders"),
    Step(("waiting",), ProposalSubmitted, "submitted", "system", "the partners agreed, or were heard too"),
    Step(("returned",), ProposalSubmitted, "submitted", "person or office", "within the term; a new attempt"),
    Step(("submitted",), ProposalNoted, "submitted", "system", "one of grant, re-check, seat; not yet all three"),
    Step(("submitted",), ProposalSuspended, "submitted", "system", "others took the reserved seat; a term begins"),
    Step(("submitted",), ProposalResumed, "submitted", "system", "a seat is there again"),
    Step(("submitted",), ProposalReady, "submitted", "system", "in a group: all three; it waits for the partners"),
    Step(("submitted",), ProposalApproved, "approved", "system", "chain granted, re-check confirmed, seat reserved"),
    Step(
        ("submitted",),
        ProposalReturned,
        "returned",
        "system or official",
        "reason code; the clock stops, a term to mend begins; the system in a group: documents are missing",
    ),
    Step(("approved",), ProposalReturned, "returned", "registry", "the move was not possible on its day"),
    Step(("returned",), ProposalExpired, "expired", "clock", "not submitted again within the term"),
    Step(("submitted",), ProposalRefused, "refused", "system or official", "rule, seat, vacancy, chain or re-check"),
    Step(("returned",), ProposalRefused, "refused", "system", "death, retirement or a cancelled vacancy"),
    Step(("draft", "waiting"), ProposalRefused, "refused", "system", "in a group: the person has another open case"),
    Step(("announced",), ProposalRefused, "refused", "system", "in a group: a partner left"),
    Step(("approved",), ProposalRefused, "refused", "system", "in a group: a partner left before all had said yes"),
    Step(("refused",), ProposalContested, "contested", "person", "what a machine refused alone (UU 27/2022 ps 10)"),
    Step(("contested",), ContestEscalated, "contested", "clock", "nobody answered in time; the next office is told"),
    Step(
        ("contested",),
        ContestDecided,
        "refused",
        "office",
        "a human upholds it, or reopens the case at once",
    ),
    Step(("refused",), ProposalSubmitted, "submitted", "office or person", "reopened, or an offered seat taken"),
    Step(("contested",), ProposalSubmitted, "submitted", "person", "an offered seat taken; no human needs to look"),
    Step(("refused", "contested"), ProposalRefused, "refused", "system", "an offered seat that can be kept no more"),
    Step(("draft", "announced", "waiting"), ProposalWithdrawn, "withdrawn", "who proposed", "at any time"),
    Step(("submitted", "returned"), ProposalWithdrawn, "withdrawn", "who proposed", "before the approval"),
    Step(("approved",), ProposalCompleted, "completed", "registry", "moved on the effective date"),
)
_NEXT: Mapping[tuple[Status, type[Event]], Status] = {(at, s.event): s.to for s in LIFECYCLE for at in s.at}


class Impossible(ValueError):
    """The lifecycle does not know this event in this state."""

    def __init__(self, status: Status, event: type[Event]) -> None:
        super().__init__(f"no {event.TYPE} while {status}")


def after(status: Status, event: Event) -> Status:
    """The state after the event. Raises Impossible."""
    found = _NEXT.get((status, type(event)))
    if found is None:
        raise Impossible(status, type(event))
    return found
