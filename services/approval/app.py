"""Wiring of the approval service."""

from services.approval.api import router
from services.approval.consumers import routes
from services.approval.copies_api import router as copies
from services.approval.deciders import CASES, DECREES, DEPUTIES, OBJECTIONS
from services.approval.desk import router as desk
from services.approval.domain import PAPERS
from services.approval.domain.facts import FACTS
from services.approval.domain.inaugurations import INAUGURATIONS
from services.approval.effects import Papers, effects
from services.approval.policy import POLICY
from services.approval.settings import settings
from services.approval.speed import router as speed
from services.approval.store import INDEXES
from shared.host.app import build
from shared.runtime.service import Service

papers = Papers()
SERVICE = Service(
    name="approval",
    topic="mutasi.approval",
    reads=("mutasi.registry", "mutasi.people", "mutasi.proposal", "mutasi.evaluation", "mutasi.approval"),
    deciders=(CASES, DECREES, DEPUTIES, OBJECTIONS, PAPERS, INAUGURATIONS),
    routes=routes,
    policy=POLICY,
    facts=FACTS,
    effects=effects(papers, settings()),
    indexes=INDEXES,
)
app = build(SERVICE, router, desk, speed, setup=papers.attach, open_routers=(copies,))
