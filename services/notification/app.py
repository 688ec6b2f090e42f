"""Wiring of the notification service."""

from services.notification.api import router
from services.notification.channels.smtp import Pool
from services.notification.consumers import TOPICS, routes
from services.notification.domain.desks import DESKS
from services.notification.domain.facts import Particulars, Title
from services.notification.domain.ledger import MESSAGES
from services.notification.effects import effects
from services.notification.policy import POLICY
from services.notification.settings import settings
from services.notification.store import INDEXES, Copies
from shared.host.app import build
from shared.runtime.service import Service

copies = Copies()
SERVICE = Service(
    name="notification",
    topic="mutasi.notification",
    reads=TOPICS,
    deciders=(MESSAGES, DESKS),
    routes=routes,
    policy=POLICY,
    facts=(Particulars, Title),
    effects=effects(copies, Pool(settings()), copies, settings()),
    indexes=INDEXES,
)
app = build(SERVICE, router, setup=copies.attach)
