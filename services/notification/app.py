"""Wiring of the notification service."""

from services.notification.api import router
from services.notification.channels.smtp import Pool
from services.notification.consumers import TOPICS, routes
from services.notification.domain.desks import DESKS
from services.notification.domain.errands import ERRANDS
from services.notification.domain.facts import Home, Particulars, Suspended, Title, Wishes
from services.notification.domain.ledger import MESSAGES
from services.notification.domain.preferences import PREFERENCES
from services.notification.effects import effects
from services.notification.people_api import router as people
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
    deciders=(MESSAGES, DESKS, PREFERENCES, ERRANDS),
    routes=routes,
    policy=POLICY,
    facts=(Particulars, Title, Wishes, Suspended, Home),
    effects=effects(copies, Pool(settings()), copies, settings()),
    indexes=INDEXES,
)
app = build(SERVICE, router, people, setup=copies.attach)
