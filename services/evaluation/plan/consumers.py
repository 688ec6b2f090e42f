"""Which event the plan hears: posts for its seats, what came of the cases it proposed, and parts of its runs."""

from collections.abc import Iterable

from services.evaluation.consumers import Ending, routes
from services.evaluation.plan.facts import PlanPost, Proposed, Stands
from services.evaluation.plan.studio.parts import PARTS
from services.evaluation.plan.studio.plans import CASES, PLANS
from shared.contracts.plan import (
    PlanLineRefused,
    PlanPartQueued,
    PlanPartSolved,
)
from shared.contracts.proposal import (
    ProposalApproved,
    ProposalCompleted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
)
from shared.contracts.registry import PostRegistered
from shared.runtime.service import Learn, To

__all__ = ["routes"]

Told = Ending | ProposalSubmitted | PlanLineRefused
_STATUS: dict[type[Told], Stands] = {
    PlanLineRefused: "refused",
    ProposalSubmitted: "submitted",
    ProposalApproved: "approved",
    ProposalCompleted: "completed",
    ProposalRefused: "refused",
    ProposalWithdrawn: "withdrawn",
    ProposalReturned: "returned",
    ProposalExpired: "expired",
}


@routes.on(PostRegistered)
def seat(event: PostRegistered) -> Iterable[To | Learn]:
    """A seat that a plan may give."""
    yield Learn(PlanPost, event.post, PlanPost.model_validate(event.model_dump()))


@routes.on(*_STATUS)
def proposed(event: Told) -> Iterable[To | Learn]:
    """Where a case of a plan stands; other cases are not kept."""
    if event.case.startswith(CASES):
        yield Learn(Proposed, event.case, Proposed(status=_STATUS[type(event)]))


@routes.on(PlanPartQueued)
def queued(event: PlanPartQueued) -> Iterable[To | Learn]:
    """A part of a split run, for the worker that has its partition."""
    yield To(PARTS, event.part)


@routes.on(PlanPartSolved)
def solved(event: PlanPartSolved) -> Iterable[To | Learn]:
    """A part comes back to its plan."""
    yield To(PLANS, event.plan)
