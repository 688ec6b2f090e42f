"""What every page has: who visits, in which language, with which form; and how a page is made."""

import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Protocol
from urllib.parse import urlencode

from fastapi import Depends, Request
from jinja2 import Environment, PackageLoader, Undefined, UndefinedError
from jinja2.utils import missing
from starlette.datastructures import FormData, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.portal.acting import PAGES, acting_for
from services.portal.drafts import Drafts
from services.portal.figures import Figures
from services.portal.habits import HabitStore
from services.portal.oidc import LoginFailed, Provider, ProviderAway
from services.portal.remote import Answer, Remote
from services.portal.saved import Saved
from services.portal.sessions import Cookies, Session, Sessions
from services.portal.settings import Doors
from services.portal.store import Views
from services.portal.uploads import Uploads
from services.portal.words import Words
from shared.kernel.decider import Actor, judged_on
from shared.runtime.progress import Progress
from shared.signature import LARGEST

SESSION, LOGIN, LANGUAGE = "mutasi_session", "mutasi_login", "mutasi_language"
SEE_OTHER = 303
DESK, WATCH = ("personnel_verifier", "registrar", "ppk"), ("personnel_verifier", "ppk", "auditor")
"""Offices whose holders find the agency's desk, and the monitoring, in the menu of every page."""
YEAR = 365 * 86400
UPLOAD = {"x-form-limit": LARGEST + 20_000}
"""Of a route that takes a file: the file, and the form around it."""
FIELDS = 600  # of a form: a scenario of a plan asks five for each of an agency's units
CSP = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self' {provider}; frame-ancestors 'none'; base-uri 'none'"
)


class Absent(Undefined):
    """A key that a problem or a form does not have is empty; a name that no page was given is a mistake of ours."""

    def __init__(self, hint: str | None = None, obj: Any = missing, name: str | None = None, *more: Any) -> None:  # noqa: ANN401
        super().__init__(hint, obj, name, *more)
        if obj is missing:
            raise UndefinedError(f"{name} is undefined")


TEMPLATES = Environment(
    loader=PackageLoader("services.portal"),
    autoescape=True,
    undefined=Absent,
    trim_blocks=True,
    lstrip_blocks=True,
)
log = logging.getLogger(__name__)


class Engine(Protocol):
    """What the pages need of the runtime."""

    progress: Progress

    def now(self) -> datetime:
        """Domain time."""

    async def actor(self, login: str) -> Actor:
        """Who a login is, by what the registry said."""


@dataclass(slots=True)
class Portal:
    """The parts that all pages share."""

    engine: Engine
    views: Views
    sessions: Sessions
    cookies: Cookies
    provider: Provider
    remote: Remote
    doors: Doors
    drafts: Drafts
    saved: Saved
    uploads: Uploads
    habits: HabitStore
    figures: Figures


class SignIn(Exception):
    """This page is for those who are signed in."""


class Trouble(Exception):
    """A page cannot be shown: the problem to show instead."""

    def __init__(self, status: int, problem: Mapping[str, Any], wait: int = 0) -> None:
        super().__init__(problem.get("code", ""))
        self.status, self.problem = status, problem
        self.headers = {"retry-after": str(wait)} if wait else {}


@dataclass(slots=True)
class Visit:
    """One request of a browser."""

    request: Request
    portal: Portal
    words: Words
    session: Session | None
    fields: Mapping[str, str] = field(default_factory=dict)
    file: bytes = b""

    @property
    def lang(self) -> str:
        """The language of the page."""
        return self.words.language

    @property
    def user(self) -> Session:
        """Who is signed in. Raises SignIn."""
        if self.session is None:
            raise SignIn
        return self.session

    async def actor(self) -> Actor:
        """Who is signed in, as the registry knows them. Raises SignIn."""
        return await self.portal.engine.actor(self.user.login)

    async def ask(self, service: str, path: str) -> Answer:
        """A question to a service, as the user."""
        return await self.portal.remote.ask(service, "GET", path, self.user.token, lang=self.lang)

    async def send_file(self, service: str, path: str, content: bytes, seconds: float = 10.0) -> Answer:
        """A file to a service, as the user; what it is the service finds out, in so many seconds."""
        ask, token = self.portal.remote.ask, self.user.token
        return await ask(service, "POST", path, token, lang=self.lang, content=content, seconds=seconds)

    async def command(
        self, service: str, method: str, path: str, key: str, body: object = None, version: str = ""
    ) -> Answer:
        """A command to a service, as the user; the key of the form makes a second click harmless, the version that the
        form was made from keeps it from writing over what somebody else did since."""
        ask, token = self.portal.remote.ask, self.user.token
        return await ask(service, method, path, token, lang=self.lang, key=key, body=body, version=version)

    async def show(self, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
        """A page."""
        note = await self.portal.sessions.take_note(self.session) if self.session else ""
        common = {"visit": self, "say": self.words.say, "words": self.words, "note": note, **await self._menu()}
        common["acting_for"] = await self._acting_for()
        html = TEMPLATES.get_template(template).render(**common, **values)
        return self.finish(HTMLResponse(html, status))

    async def _menu(self) -> dict[str, bool]:
        """What the menu has besides what it has for everybody."""
        actor, on = await self.actor() if self.session else None, judged_on(self.portal.engine.now())
        held = {office: actor is not None and actor.holds(office, on) for office in {*DESK, *WATCH}}
        return {"at_desk": any(held[one] for one in DESK), "watching": any(held[one] for one in WATCH)}

    async def _acting_for(self) -> list[dict[str, Any]]:
        if not self.session or not self.request.url.path.startswith(PAGES):
            return []
        return await acting_for(self.portal.views, await self.actor(), judged_on(self.portal.engine.now()))

    def finish(self, response: Response) -> Response:
        """Headers of every answer; a language that was chosen is remembered."""
        # Signing out is a form that leads on to the provider.
        response.headers["content-security-policy"] = CSP.format(provider=self.portal.provider.origin)
        response.headers["cache-control"] = "no-store"
        response.headers["content-language"] = self.lang
        if self.request.query_params.get("lang") in ("id", "en"):
            self.remember(response, LANGUAGE, self.lang, YEAR)
        return response

    def remember(self, response: Response, name: str, value: str, seconds: int) -> None:
        """A cookie that scripts cannot read and other sites cannot send with a form."""
        response.set_cookie(
            name, value, max_age=seconds, httponly=True, samesite="lax", secure=self.portal.doors.secure
        )

    async def go(self, path: str, note: str = "") -> Response:
        """To another page, which shows the note once."""
        if note and self.session:
            await self.portal.sessions.leave_note(self.session, note)
        return self.finish(RedirectResponse(path, SEE_OTHER))

    def here(self, lang: str) -> str:
        """This page in that language."""
        query = dict(self.request.query_params) | {"lang": lang}
        return f"{self.request.url.path}?{urlencode(query)}"


def words_of(request: Request) -> Words:
    """In the language that was asked for, now or before."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE, "")
    return Words("en" if asked == "en" else "id")


async def visit(request: Request) -> Visit:
    """The visit of this request."""
    portal: Portal = request.app.state.portal
    cookies = request.cookies
    session = await _current(portal, await portal.sessions.get(portal.cookies.read(cookies.get(SESSION, ""))))
    found = Visit(request, portal, words_of(request), session)
    request.state.visit = found
    return found


async def _current(portal: Portal, session: Session | None) -> Session | None:
    """The session with a token that is good for a while; None if the provider does not know the login any more."""
    if session is None or not session.stale:
        return session
    if not await portal.sessions.renewing(session):
        return await portal.sessions.awaited(session)
    try:
        held = await portal.provider.renew(session.held)
    except ProviderAway as away:
        log.warning("token not renewed", extra={"reason": str(away)})
        await portal.sessions.not_renewed(session)
        return session  # good for some seconds yet; after that the services refuse it, and the next page asks again
    except LoginFailed as failed:
        log.info("login ended by the provider", extra={"reason": str(failed)})
        await portal.sessions.end(session)
        return None
    return await portal.sessions.renewed(session, held)


async def posted(visit: Annotated[Visit, Depends(visit)]) -> Visit:
    """The visit of a form that is ours, from the one who got it. Raises SignIn, Trouble."""
    return await _ours(visit, files=0)


async def posted_with_file(visit: Annotated[Visit, Depends(visit)]) -> Visit:
    """The same of a form that may bring one file, under `file`. Raises SignIn, Trouble."""
    return await _ours(visit, files=1)


async def _ours(visit: Visit, files: int) -> Visit:
    form: FormData = await visit.request.form(max_files=files, max_fields=FIELDS)
    fields = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    if not hmac.compare_digest(fields.get("csrf", "").encode(), visit.user.csrf.encode()):
        raise Trouble(403, visit.words.problem("EXPIRED_FORM"))
    visit.fields, visit.file = fields, await _file(visit, form)
    return visit


async def _file(visit: Visit, form: FormData) -> bytes:
    """Raises Trouble."""
    file = form.get("file")
    content = await file.read(LARGEST + 1) if isinstance(file, UploadFile) else b""
    if len(content) > LARGEST:
        raise Trouble(413, visit.words.problem("FILE_TOO_LARGE"))
    return content


Visitor = Annotated[Visit, Depends(visit)]
Poster = Annotated[Visit, Depends(posted)]
FilePoster = Annotated[Visit, Depends(posted_with_file)]


def refused(answer: Answer, words: Words) -> Trouble:
    """What a service refused, as the trouble of a page."""
    own = "UNREACHABLE" if answer.code == "UNREACHABLE" else "INTERNAL"
    known = answer.body if answer.body.get("detail") else words.problem(own)
    return Trouble(answer.status, known)


async def written(visit: Visit, service: str, answer: Answer) -> str:
    """Wait until the user's own command shows in the view; the note to show if it does not yet."""
    seen = await visit.portal.views.caught_up(f"{service}/{answer.body['id']}", answer.body["version"], 2.0)
    if seen:
        return ""
    log.warning("the view is behind", extra={"source": f"{service}/{answer.body['id']}"})
    return visit.words.say(
        " Tampilan di bawah belum memuatnya; muat ulang halaman ini sebentar lagi.",
        " The view below does not show it yet; reload this page in a moment.",
    )
