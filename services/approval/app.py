"""Wiring of the approval service."""

from services.approval.api import router
from services.approval.consumers import routes
from services.approval.deciders import CASES, DECREES, DEPUTIES
from services.approval.desk import router as desk
from services.approval.domain import (
    Agency,
    Decree,
    Deputy,
    Employee,
    Grant,
    Holder,
    Name,
    Particulars,
    Proposal,
    Revocation,
    Settled,
)
from services.approval.policy import POLICY
from services.approval.store import INDEXES
from shared.host.app import build
from shared.runtime.service import Service

SERVICE = Service(
    name="approval",
    topic="mutasi.approval",
    reads=("mutasi.registry", "mutasi.people", "mutasi.proposal", "mutasi.evaluation", "mutasi.approval"),
    deciders=(CASES, DECREES, DEPUTIES),
    routes=routes,
    policy=POLICY,
    facts=(Agency, Decree, Deputy, Employee, Grant, Holder, Name, Particulars, Proposal, Revocation, Settled),
    indexes=INDEXES,
)
app = build(SERVICE, router, desk)
