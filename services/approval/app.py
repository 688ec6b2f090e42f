"""Wiring of the approval service."""

from services.approval.api import router
from services.approval.consumers import routes
from services.approval.deciders import CASES, DECREES, DEPUTIES, OBJECTIONS
from services.approval.desk import router as desk
from services.approval.domain import PAPERS
from services.approval.domain.facts import FACTS
from services.approval.policy import POLICY
from services.approval.store import INDEXES
from shared.host.app import build
from shared.runtime.service import Service

SERVICE = Service(
    name="approval",
    topic="mutasi.approval",
    reads=("mutasi.registry", "mutasi.people", "mutasi.proposal", "mutasi.evaluation", "mutasi.approval"),
    deciders=(CASES, DECREES, DEPUTIES, OBJECTIONS, PAPERS),
    routes=routes,
    policy=POLICY,
    facts=FACTS,
    indexes=INDEXES,
)
app = build(SERVICE, router, desk)
