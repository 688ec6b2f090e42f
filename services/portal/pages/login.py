"""Signing in and out."""

import logging
import re

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal.oidc import LoginFailed
from services.portal.sessions import LOGIN_SECONDS, LONGEST
from services.portal.web import LOGIN, SEE_OTHER, SESSION, Poster, Trouble, Visit, Visitor

router = APIRouter()
_OWN = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")  # a path of ours: neither //host nor /\host
BAD_REQUEST, BAD_GATEWAY = 400, 502
log = logging.getLogger(__name__)


@router.get("/masuk")
async def begin(visit: Visitor, ke: str = "/saya") -> Response:
    """Send the browser to the provider."""
    target = ke if _OWN.fullmatch(ke) else "/saya"
    try:
        state, begun, address = await visit.portal.provider.begin(target)
    except LoginFailed as failed:
        raise _failed(visit, failed, BAD_GATEWAY) from None
    await visit.portal.sessions.begin(state, begun)
    response = visit.finish(RedirectResponse(address, SEE_OTHER))
    visit.remember(response, LOGIN, visit.portal.cookies.sign(state), LOGIN_SECONDS)
    return response


@router.get("/kembali")
async def finish(visit: Visitor, state: str = "", code: str = "", iss: str = "") -> Response:
    """The browser comes back: the state must be the one this browser began with."""
    ours = visit.portal.cookies.read(visit.request.cookies.get(LOGIN, ""))
    begun = await visit.portal.sessions.finish(state) if state and state == ours else None
    try:
        if begun is None or not code:
            raise LoginFailed("no login of this browser has this state")
        held = await visit.portal.provider.finish(begun, code, iss)
    except LoginFailed as failed:
        raise _failed(visit, failed, BAD_REQUEST) from None
    id = await visit.portal.sessions.create(held)
    response = visit.finish(RedirectResponse(begun.target, SEE_OTHER))
    visit.remember(response, SESSION, visit.portal.cookies.sign(id), LONGEST)
    response.delete_cookie(LOGIN)
    return response


@router.post("/keluar")
async def leave(visit: Poster) -> Response:
    """Sign out here, then at the provider, which ends what else it opened for this login."""
    user = visit.user
    await visit.portal.sessions.end(user)
    try:
        address = await visit.portal.provider.farewell(user.held, f"{visit.portal.doors.portal_url.rstrip('/')}/")
    except LoginFailed as failed:
        log.warning("not signed out at the provider", extra={"reason": str(failed)})
        address = ""
    response = visit.finish(RedirectResponse(address or "/", SEE_OTHER))
    response.delete_cookie(SESSION)
    return response


@router.post("/keluar-belakang")
async def ended(visit: Visitor) -> Response:
    """The provider itself says that a login is over (OpenID Connect Back-Channel Logout 1.0 §2.5)."""
    form = await visit.request.form(max_files=0, max_fields=5)
    try:
        sid, login = await visit.portal.provider.ended(str(form.get("logout_token", "")))
    except LoginFailed as failed:
        raise _failed(visit, failed, BAD_REQUEST) from None
    await visit.portal.sessions.end_all(sid, login)
    return visit.finish(Response())


def _failed(visit: Visit, failed: LoginFailed, status: int) -> Trouble:
    log.warning("login failed", extra={"reason": str(failed)})
    return Trouble(status, visit.words.problem("LOGIN_FAILED"))
