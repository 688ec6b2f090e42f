"""The portal's pages without any server: read models in memory that real events fill, and services that say what a test
lets them say."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import httpx2

from services.portal.consumers import routes
from services.portal.habits import Habits
from services.portal.remote import Answer
from services.portal.sessions import Cookies, Held, Session
from services.portal.settings import Doors
from services.portal.site import make_site
from services.portal.store import Views
from services.portal.web import SESSION, Portal
from shared.kernel.decider import Actor, Event
from shared.runtime.progress import Progress
from shared.runtime.service import Envelope, Learn

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
Row = dict[str, Any]


def _at(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else None
    return row


def _fits(row: Row, query: Mapping[str, Any]) -> bool:
    wanted = {path: one if isinstance(one, dict) else {"$in": [one]} for path, one in query.items()}
    return all(
        _at(row, path) in test["$in"] if "$in" in test else _at(row, path) != test["$ne"]
        for path, test in wanted.items()
    )


class Kept:
    """A collection that can be asked for rows by equal values."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    async def find(self, query: Mapping[str, Any]) -> AsyncIterator[Row]:
        """All that fit."""
        for row in self.rows.values():
            if _fits(row, query):
                yield row


class Shelf(dict[str, Kept]):
    """A database."""

    def __missing__(self, name: str) -> Kept:
        self[name] = Kept()
        return self[name]

    def hear(self, event: Event, at: datetime, actor: str = "") -> None:
        """What the portal learns of an event."""
        number = sum(len(kept.rows) for kept in self.values()) + 1
        envelope = Envelope(f"e{number}", event.TYPE, f"s/{event.key}", event.key, number, at, actor)
        for route in routes.by_type[event.TYPE][1]:
            for learned in route(event, envelope):
                assert isinstance(learned, Learn)
                value = learned.value.model_dump(mode="json") if learned.value else None
                self[f"fact_{learned.fact.KIND}"].rows[learned.id] = {"_id": learned.id, "value": value}


@dataclass
class Visited:
    """A portal, its user, and the services behind it."""

    actor: Actor
    shelf: Shelf = field(default_factory=Shelf)
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, Any, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.origin, self.cookies = "http://idp", Cookies(b"secret")
        self.session = Session("k", "csrf", Held(self.actor.login, "token", 300))

    # What the pages ask of the sessions, of the habits and of the services.
    async def of(self, _login: str) -> Habits:
        return Habits()

    async def get(self, _id: str) -> Session:
        return self.session

    async def take_note(self, _session: Session) -> str:
        return ""

    async def ask(self, _service: str, method: str, path: str, _token: str, **more: Any) -> Answer:
        """What the test said, or that there is no such thing."""
        self.asked.append((f"{method} {path}", more.get("body"), more.get("version", "")))
        return self.answers.get(f"{method} {path.partition('?')[0]}", Answer(404, {"code": "NOT_FOUND", "detail": "-"}))

    async def request(self, method: str, path: str, lang: str = "id", **fields: str) -> httpx2.Response:
        """One request of the user's browser."""
        me, views = cast("Any", self), Views(cast("Any", self.shelf))
        kept = {"drafts": me, "saved": me, "uploads": me, "habits": me, "figures": me}
        portal = Portal(_Engine(self.actor), views, me, self.cookies, me, me, Doors(), **kept)
        transport = httpx2.ASGITransport(app=make_site(portal))
        cookies = {SESSION: self.cookies.sign("id"), "mutasi_language": lang}
        async with httpx2.AsyncClient(transport=transport, base_url="http://portal", cookies=cookies) as browser:
            data = {"csrf": "csrf", **fields} if method == "POST" else None
            return await browser.request(method, path, data=data)


class _Engine:
    """The runtime as the pages see it."""

    def __init__(self, actor: Actor) -> None:
        self.progress, self._actor = Progress(), actor

    def now(self) -> datetime:
        return NOW

    async def actor(self, _login: str) -> Actor:
        return self._actor
