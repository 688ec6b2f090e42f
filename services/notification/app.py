"""Wiring of the notification service."""

from fastapi import FastAPI

from services.notification.api import router
from services.notification.broadcast_api import router as broadcasts
from services.notification.channels.every import channels
from services.notification.consumers import TOPICS, routes
from services.notification.contacts_api import hooks
from services.notification.contacts_api import router as contacts
from services.notification.dispatch import channels as lines_of
from services.notification.dispatch import dispatchers
from services.notification.domain.broadcasts import BROADCASTS
from services.notification.domain.contacts import CONTACTS
from services.notification.domain.desks import DESKS
from services.notification.domain.digests import DIGESTS
from services.notification.domain.errands import ERRANDS
from services.notification.domain.facts import (
    Addresses,
    Contacts,
    Home,
    Ledger,
    Particulars,
    Suspended,
    Title,
    Wishes,
)
from services.notification.domain.flow import flow
from services.notification.domain.ledger import MESSAGES
from services.notification.domain.preferences import PREFERENCES
from services.notification.domain.rules import rules
from services.notification.effects import Sources, effects
from services.notification.flow_api import router as many
from services.notification.links import Links
from services.notification.papers import Papers
from services.notification.people_api import router as people
from services.notification.policy import POLICY
from services.notification.queue import Queue
from services.notification.settings import settings
from services.notification.site import Desk, make_site
from services.notification.store import INDEXES, Copies
from services.notification.valves import Valves
from shared.host.app import Loops, build
from shared.host.settings import Settings as Process
from shared.runtime.engine import Engine
from shared.runtime.service import Effect, Service

copies = Copies()
papers = Papers(settings().approval_url, settings().internal_secret.get_secret_value(), rules().attachment.largest)
valves, links = Valves(flow().line), Links(settings().public_url, settings().link_days)
SERVICE = Service(
    name="notification",
    topic="mutasi.notification",
    reads=TOPICS,
    deciders=(MESSAGES, DESKS, PREFERENCES, ERRANDS, DIGESTS, BROADCASTS, CONTACTS),
    routes=routes,
    policy=POLICY,
    facts=(Particulars, Title, Wishes, Suspended, Home, Ledger, Contacts, Addresses),
    effects={
        **effects(Sources(copies, links, papers), channels(settings()), copies, settings(), valves),
        "fan_out": Effect(copies.fan_out),
    },
    indexes=INDEXES,
)


async def begin(engine: Engine) -> Loops:
    """The effects find the database; every channel's messages are handed out."""
    await copies.attach(engine)
    await links.attach(engine.db)
    await copies.open_ledger(engine.now(), settings().restored)
    valves.attach(engine.db["valves"])
    await valves.begin()
    lines = {channel: flow().line(channel) for channel in lines_of(SERVICE.effects)}
    return await dispatchers(engine, valves, lines, settings().instance)


async def pages(engine: Engine, _settings: Process) -> FastAPI:
    """The pages behind links of mails."""
    return make_site(Desk(engine, copies, links))


app = build(
    SERVICE, router, people, many, broadcasts, contacts, open_routers=(hooks,), setup=begin, site=pages, store=Queue
)
