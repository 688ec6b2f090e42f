"""Which event the plan hears: posts for its seats, what came of the cases it proposed, and parts of its runs."""

from collections.abc import Iterable

from services.evaluation.consumers import Ending, routes
from services.evaluation.plan.facts import Entered, PlanPost, Proposed, Served, Stands, served_id
from services.evaluation.plan.studio.circles import GROUPS
from services.evaluation.plan.studio.parts import PARTS
from services.evaluation.plan.studio.plans import CASES, PLANS
from shared.contracts.groups import (
    GroupApproved,
    GroupCompleted,
    GroupEnded,
    GroupFormed,
    GroupOpened,
)
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
from shared.contracts.registry import EmployeeMoved, PostRegistered
from shared.contracts.signals import ServiceMeasured
from shared.runtime.service import Learn, To

__all__ = ["routes"]

Told = Ending | ProposalSubmitted | PlanLineRefused
OfGroup = GroupOpened | GroupFormed | GroupApproved | GroupCompleted | GroupEnded
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
        code = event.code if isinstance(event, PlanLineRefused) else ""
        yield Learn(Proposed, event.case, Proposed(status=_STATUS[type(event)], code=code))


_GROUP: dict[type[OfGroup], Stands] = {
    GroupOpened: "opened",
    GroupFormed: "submitted",
    GroupApproved: "approved",
    GroupCompleted: "completed",
    GroupEnded: "refused",
}


@routes.on(*_GROUP)
def exchanged(event: OfGroup) -> Iterable[To | Learn]:
    """Where an exchange stands; a plan looks for its own."""
    code = event.code if isinstance(event, GroupEnded) else ""
    yield Learn(Proposed, event.group, Proposed(status=_GROUP[type(event)], code=code))


@routes.on(EmployeeMoved)
def entered(event: EmployeeMoved) -> Iterable[To | Learn]:
    """A move took effect; of a plan's cases that is kept, to see later what came of it."""
    if event.case.startswith((CASES, GROUPS)):
        units = {"left": event.left.unit, "unit": event.profile.placement.unit}
        yield Learn(Entered, event.case, Entered(**units, effective_on=event.effective_on))


@routes.on(ServiceMeasured)
def measured(event: ServiceMeasured) -> Iterable[To | Learn]:
    """Complaints of a service in a month, for what came of plans."""
    id = served_id(event.unit, event.service, event.month)
    yield Learn(Served, id, Served.model_validate(event.model_dump()))


@routes.on(PlanPartQueued)
def queued(event: PlanPartQueued) -> Iterable[To | Learn]:
    """A part of a split run, for the worker that has its partition."""
    yield To(PARTS, event.part)


@routes.on(PlanPartSolved)
def solved(event: PlanPartSolved) -> Iterable[To | Learn]:
    """A part comes back to its plan."""
    yield To(PLANS, event.plan)
