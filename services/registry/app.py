"""Wiring of the registry service."""

from services.registry.api import router
from services.registry.consumers import routes
from services.registry.domain import (
    AGENCIES,
    DISASTERS,
    DOORS,
    FILES,
    LOOKS,
    MENDINGS,
    NEEDS,
    PAPERS,
    PEOPLE,
    POSTS,
    REORGANISATIONS,
    SIGNALS,
    TOGETHER,
    UNITS,
    VACANCIES,
)
from services.registry.domain.facts import AgencyFact, AnalysisFact, OccupancyFact, PostFact, UnitFact
from services.registry.door import PATTERN as DOOR_TOPICS
from services.registry.door import offered
from services.registry.looking import begin
from services.registry.policy import POLICY
from services.registry.store import INDEXES
from shared.contracts.people import PersonForgotten, PersonParticulars
from shared.host.app import build
from shared.runtime.service import Door, Service

SERVICE = Service(
    name="registry",
    topic="mutasi.registry",
    reads=("mutasi.registry", "mutasi.approval"),
    deciders=(
        AGENCIES,
        UNITS,
        POSTS,
        PEOPLE,
        VACANCIES,
        DOORS,
        NEEDS,
        TOGETHER,
        FILES,
        PAPERS,
        LOOKS,
        SIGNALS,
        DISASTERS,
        REORGANISATIONS,
        MENDINGS,
    ),
    routes=routes,
    policy=POLICY,
    facts=(AgencyFact, UnitFact, PostFact, OccupancyFact, AnalysisFact),
    indexes=INDEXES,
    topic_of=dict.fromkeys((PersonParticulars.TYPE, PersonForgotten.TYPE), "mutasi.people"),
)
app = build(SERVICE, router, doors=(Door(DOOR_TOPICS, offered),), setup=begin)
