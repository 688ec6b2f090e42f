"""Wiring of the evaluation service."""

from services.evaluation.api import router
from services.evaluation.consumers import routes
from services.evaluation.deciders import EVALUATIONS
from services.evaluation.domain.facts import Employee, Officeholder, Post, PostAge, Region, Vacancy
from services.evaluation.domain.ruleset import Rulebook
from services.evaluation.policy import POLICY
from services.evaluation.store import INDEXES
from shared.host.app import build
from shared.runtime.service import Service

SERVICE = Service(
    name="evaluation",
    topic="mutasi.evaluation",
    reads=("mutasi.registry", "mutasi.proposal", "mutasi.approval", "mutasi.evaluation"),
    deciders=(EVALUATIONS,),
    routes=routes,
    policy=POLICY,
    facts=(Employee, Officeholder, Post, PostAge, Region, Rulebook, Vacancy),
    indexes=INDEXES,
)
app = build(SERVICE, router)
