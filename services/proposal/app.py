"""Wiring of the proposal service."""

from services.proposal.api import router
from services.proposal.assignment_api import router as assignments
from services.proposal.consumers import routes
from services.proposal.debt_api import router as debts
from services.proposal.deciders import ASSIGNMENTS, CASES, GROUPS, SEATS, SPARES, VIEWS
from services.proposal.document_api import router as documents
from services.proposal.domain import Agency, Closure, Disaster, Employee, Forgotten, KnownUnit, Vacancy
from services.proposal.files.shelf import begin
from services.proposal.group_api import router as groups
from services.proposal.policy import POLICY
from services.proposal.seat_api import router as seats
from services.proposal.store import INDEXES
from shared.host.app import build
from shared.runtime.service import Service

SERVICE = Service(
    name="proposal",
    topic="mutasi.proposal",
    reads=("mutasi.registry", "mutasi.proposal", "mutasi.evaluation", "mutasi.approval"),
    deciders=(CASES, SEATS, GROUPS, ASSIGNMENTS, SPARES, VIEWS),
    routes=routes,
    policy=POLICY,
    facts=(Agency, Closure, Disaster, Employee, Forgotten, KnownUnit, Vacancy),
    indexes=INDEXES,
)
app = build(SERVICE, router, groups, assignments, debts, documents, seats, setup=begin)
