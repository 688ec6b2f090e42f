"""The pages behind the links of a mail: they show what is asked, and act on a button only. Without login and script."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import yaml
from fastapi import APIRouter, FastAPI, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from services.notification.domain.entry import Entry
from services.notification.domain.facts import NotKnown, Reader
from services.notification.domain.ledger import MESSAGES, See
from services.notification.domain.links import Act, Follow, link_id
from services.notification.domain.preferences import PREFERENCES, switchable
from services.notification.links import Link, Links, NoLink
from shared.host.call import Engine
from shared.kernel.decider import Command, Decider, Refused
from shared.runtime.item import CommandRequest

Language = Literal["id", "en"]
GONE, NOT_FOUND = 410, 404
CSP = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
FOLDER = Path(__file__).with_name("pages")
PAGES = Environment(
    loader=PackageLoader("services.notification", "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
router = APIRouter(include_in_schema=False)


class Readers(Protocol):
    """Where it is looked up who reads which language."""

    async def reader(self, person: str, channel: str) -> Reader:
        """Who a message is for. Raises NotKnown."""


class Letter(NamedTuple):
    """The message that a link came with, and what it may switch."""

    link: Link
    entry: Entry
    what: tuple[str, ...]

    @property
    def again(self) -> Act | None:
        """The link that takes this one back."""
        opposites: dict[Act, Act] = {"off": "on", "on": "off"}
        return opposites.get(self.link.act)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages need: the engine, who reads which language, and the links."""

    engine: Engine
    readers: Readers
    links: Links

    async def letter(self, token: str) -> Letter:
        """Raises NoLink LINK_UNKNOWN, LINK_EXPIRED."""
        link = self.links.read(token, self.engine.now())
        found = await self.engine.load(MESSAGES, link.message)
        if found is None:
            raise NoLink("LINK_UNKNOWN")
        return Letter(link, found[1], switchable(found[1].category, found[1].channel))

    async def used(self, letter: Letter) -> bool:
        """Whether it was followed already."""
        if letter.link.act == "seen":
            return letter.entry.seen_at is not None
        found = await self.engine.load(PREFERENCES, letter.entry.person)
        return found is not None and link_id(letter.link.message, letter.link.act) in found[1].used

    async def follow(self, letter: Letter) -> None:
        """Do what the link says. Raises Refused."""
        link = letter.link
        if link.act == "seen":
            await self._send(MESSAGES, link.message, See(), link)
        else:
            follow = Follow(message=link.message, act=link.act, what=letter.what, until=link.until)
            await self._send(PREFERENCES, letter.entry.person, follow, link)

    async def _send(self, decider: Decider[Any], aggregate: str, command: Command, link: Link) -> None:
        """The token is the proof of who asks, so there is no other rule."""
        request = CommandRequest(
            decider=decider,
            aggregate=aggregate,
            command=command,
            login=f"link:{link.message}",
            rule=lambda _asked: True,
            key="",
            fingerprint="",
            correlation=link.message,
            trace="",
            expect=None,
            created=False,
        )
        await self.engine.command(request)

    async def language(self, request: Request, entry: Entry | None) -> Language:
        """As asked for on the page, else the person's own."""
        asked = request.query_params.get("lang", "")
        if asked in ("id", "en"):
            return "en" if asked == "en" else "id"
        try:
            reader = await self.readers.reader(entry.person, entry.channel) if entry else None
        except NotKnown:
            reader = None
        return reader.particulars.language if reader and reader.particulars else "id"


@cache
def sentences() -> Mapping[str, Any]:
    """What the pages say, by name and language. Raises OSError, yaml.YAMLError."""
    return dict(yaml.safe_load((files("services.notification") / "pages/words.yaml").read_text("utf-8")))


@router.get("/n/{token}", name="link.show")
async def show(token: str, request: Request) -> HTMLResponse:
    """What the link asks. Nothing happens yet: scanners of mail follow every link."""
    desk = _desk(request)
    letter = await desk.letter(token)
    if await desk.used(letter):
        raise NoLink("LINK_USED")
    return await _page(request, "ask", letter)


@router.post("/n/{token}", name="link.follow")
async def follow(token: str, request: Request) -> HTMLResponse:
    """It happens now: by the button, or by a mail program in one click (RFC 8058), which sends no cookie and no form of
    ours; the token alone says who and what."""
    desk = _desk(request)
    letter = await desk.letter(token)
    await desk.follow(letter)
    return await _page(request, "done", letter)


async def _page(request: Request, name: str, letter: Letter) -> HTMLResponse:
    desk = _desk(request)
    now: datetime = desk.engine.now()
    undo = desk.links.url(letter.link.message, letter.again, now) if name == "done" and letter.again else ""
    what = [one.partition(":")[0] for one in letter.what]
    said = {"act": letter.link.act, "what": what, "until": letter.link.until.date(), "undo": undo}
    return await _render(request, name, said, letter.entry)


async def _render(
    request: Request, name: str, said: Mapping[str, Any], entry: Entry | None, status: int = 200
) -> HTMLResponse:
    language = await _desk(request).language(request, entry)
    html = PAGES.get_template(f"{name}.html.jinja").render(
        **said, language=language, words=sentences(), path=request.url.path
    )
    headers = {"content-security-policy": CSP, "content-language": language, "x-robots-tag": "noindex"}
    return HTMLResponse(html, status, headers)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _trouble(request: Request, error: Exception) -> HTMLResponse:
    code = error.code if isinstance(error, NoLink | Refused) else "LINK_UNKNOWN"
    known = code if code in sentences()["trouble"] else "LINK_UNKNOWN"
    status = NOT_FOUND if known == "LINK_UNKNOWN" else GONE
    return await _render(request, "trouble", {"code": known}, None, status)


def make_site(desk: Desk) -> FastAPI:
    """The pages over a running engine."""
    site = FastAPI(openapi_url=None)
    site.state.desk = desk
    site.mount("/n/static", StaticFiles(directory=FOLDER / "static"), name="static")
    site.include_router(router)
    for fault in (NoLink, Refused, HTTPException):
        site.add_exception_handler(fault, _trouble)
    return site
