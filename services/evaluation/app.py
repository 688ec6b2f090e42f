"""Wiring of the evaluation service."""

import services.evaluation.indicators.store as indicator_store
import services.evaluation.plan.policy as plan_policy
import services.evaluation.plan.store as plan_store
from services.evaluation.api import router
from services.evaluation.deciders import EVALUATIONS, RANKINGS
from services.evaluation.domain.facts import (
    Deputy,
    Employee,
    Known,
    Officeholder,
    Post,
    PostAge,
    Promise,
    Region,
    Vacancy,
)
from services.evaluation.domain.review.followups import FOLLOW_UPS
from services.evaluation.domain.review.reviews import REVIEWS
from services.evaluation.domain.ruleset import Rulebook
from services.evaluation.domain.training.trainings import TRAININGS
from services.evaluation.indicators import facts as indicator_facts
from services.evaluation.indicators.consumers import routes
from services.evaluation.indicators.lessons import LESSONS
from services.evaluation.indicators.targets import TARGETS
from services.evaluation.plan.api import router as studio
from services.evaluation.plan.effects import effects, engine
from services.evaluation.plan.facts import Entered, PlanPost, Proposed, Served
from services.evaluation.plan.outcome_api import router as outcomes
from services.evaluation.plan.studio.parts import PARTS
from services.evaluation.plan.studio.plans import PLANS
from services.evaluation.policy import POLICY
from services.evaluation.store import INDEXES
from shared.host.app import build
from shared.runtime.service import Service

SERVICE = Service(
    name="evaluation",
    topic="mutasi.evaluation",
    reads=("mutasi.registry", "mutasi.proposal", "mutasi.approval", "mutasi.evaluation"),
    deciders=(EVALUATIONS, RANKINGS, PLANS, PARTS, REVIEWS, FOLLOW_UPS, TRAININGS, TARGETS, LESSONS),
    routes=routes,
    policy={**POLICY, **plan_policy.POLICY},
    facts=(
        Deputy,
        Employee,
        Entered,
        Known,
        Officeholder,
        PlanPost,
        Post,
        PostAge,
        Promise,
        Proposed,
        Region,
        Rulebook,
        Served,
        Vacancy,
        *indicator_facts.FACTS,
    ),
    effects=effects(),
    indexes={**INDEXES, **plan_store.INDEXES, **indicator_store.INDEXES},
)
app = build(SERVICE, router, studio, outcomes, setup=engine.attach)
