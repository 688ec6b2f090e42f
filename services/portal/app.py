"""Wiring of the portal: a service that learns from all topics, says nothing, and serves pages besides health."""

from fastapi import FastAPI

from services.portal.consumers import TOPICS, routes
from services.portal.domain.facts import (
    Change,
    Deed,
    Entry,
    File,
    Mandates,
    Paper,
    Particulars,
    Place,
    Planned,
    SignedFile,
)
from services.portal.drafts import Drafts
from services.portal.figures import Figures
from services.portal.habits import HabitStore
from services.portal.oidc import Client, Provider
from services.portal.remote import Remote
from services.portal.saved import Saved
from services.portal.sessions import Sessions
from services.portal.settings import Doors
from services.portal.site import make_site
from services.portal.store import INDEXES, Views
from services.portal.uploads import Uploads
from services.portal.web import Portal
from shared.host.app import build
from shared.host.settings import Settings
from shared.runtime.engine import Engine
from shared.runtime.service import Service

SERVICE = Service(
    name="portal",
    topic="mutasi.portal",
    reads=TOPICS,
    deciders=(),
    routes=routes,
    facts=(Change, Deed, Entry, File, Mandates, Paper, Particulars, Place, Planned, SignedFile),
    indexes=INDEXES,
)


async def pages(engine: Engine, settings: Settings) -> FastAPI:
    """The site over a running engine."""
    doors, sessions = Doors(), Sessions(engine.db)
    drafts, saved, uploads = Drafts(engine.db), Saved(engine.db), Uploads(engine.db)
    await drafts.open()
    await saved.open()
    await uploads.open()
    back = f"{doors.portal_url.rstrip('/')}/kembali"
    provider = Provider(Client(settings.issuer, doors.client_id, back, doors.discovery_url))
    cookies = await sessions.open()
    views, remote = Views(engine.db), Remote(doors)
    kept = (drafts, saved, uploads, HabitStore(engine.db))
    return make_site(Portal(engine, views, sessions, cookies, provider, remote, doors, *kept, Figures(engine.db)))


app = build(SERVICE, site=pages)
