"""The web application of the portal: its pages, what they answer in trouble, and its static files."""

import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

from fastapi import Depends, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from services.portal.limits import Limits, limited
from services.portal.pages import (
    agency,
    answers,
    apply,
    careers,
    cases,
    changes,
    contests,
    corrections,
    desk,
    documents,
    drafting,
    groups,
    imports,
    letters,
    lists,
    live,
    login,
    monitoring,
    notices,
    objection,
    openings,
    operations,
    outcomes,
    plans,
    public,
    quality,
    queue,
    rankings,
    receipt,
    record,
    reviews,
    seats,
    sponsoring,
    substitutes,
    tasks,
    track,
    vacancies,
    verify,
    verifying,
    voices,
)
from services.portal.web import Portal, SignIn, Trouble, Visit, visit

NOT_FOUND, SERVER_ERROR = 404, 500
PAGES = (
    login,
    cases,
    receipt,
    vacancies,
    apply,
    documents,
    answers,
    track,
    queue,
    tasks,
    desk,
    careers,
    changes,
    contests,
    groups,
    live,
    notices,
    objection,
    drafting,  # its /rencana/baru comes before any plan of that name
    plans,
    lists,
    outcomes,
    monitoring,
    operations,
    corrections,
    quality,
    rankings,
    record,
    reviews,
    seats,
    verify,
    agency,
    openings,
    imports,
    sponsoring,
    voices,
    letters,
    substitutes,
    verifying,
    public,
)
log = logging.getLogger(__name__)


class Static(StaticFiles):
    """The style and the icon; a slow line fetches them once an hour."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=3600"
        return response


def make_site(portal: Portal) -> FastAPI:
    """The pages over these parts."""
    site = FastAPI(openapi_url=None, dependencies=[Depends(limited)])
    site.state.portal, site.state.limits = portal, Limits()
    site.mount("/static", Static(directory=Path(__file__).with_name("static")), name="static")
    if portal.doors.brand:
        site.add_api_route("/gaya.css", _brand(portal.doors.brand))
    for pages in PAGES:
        site.include_router(pages.router)
    site.add_exception_handler(SignIn, _sign_in)
    site.add_exception_handler(Trouble, _trouble)
    site.add_exception_handler(HTTPException, _unknown)
    site.add_exception_handler(Exception, _failed)
    return site


def _brand(colour: str) -> Callable[[], Response]:
    """The agency's colour, over that of the portal's own style."""

    def style() -> Response:
        kept = {"cache-control": "public, max-age=3600"}
        return Response(f":root {{ --brand: {colour}; }}\n", media_type="text/css", headers=kept)

    return style


async def _visit(request: Request) -> Visit:
    found: Visit | None = getattr(request.state, "visit", None)
    return found or await visit(request)


async def _sign_in(request: Request, _error: Exception) -> Response:
    """To the login and back; a form that was sent too late is not sent again by itself."""
    visit = await _visit(request)
    if request.method == "GET":
        query = urlencode(dict(request.query_params))
        here = f"{request.url.path}?{query}" if query else request.url.path
        return await visit.go(f"/masuk?ke={quote(here)}")
    return await visit.show("trouble.html.jinja", {"problem": visit.words.problem("SIGN_IN")}, 401)


async def _trouble(request: Request, error: Exception) -> Response:
    assert isinstance(error, Trouble)  # noqa: S101 - registered for it alone
    visit = await _visit(request)
    response = await visit.show("trouble.html.jinja", {"problem": error.problem}, error.status)
    response.headers.update(error.headers)
    return response


async def _unknown(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else NOT_FOUND
    visit = await _visit(request)
    return await visit.show("trouble.html.jinja", {"problem": visit.words.problem("NOT_FOUND")}, status)


async def _failed(request: Request, error: Exception) -> Response:
    log.error("page failed", exc_info=error, extra={"path": request.url.path})
    visit = await _visit(request)
    return await visit.show("trouble.html.jinja", {"problem": visit.words.problem("INTERNAL")}, SERVER_ERROR)
