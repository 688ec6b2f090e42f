"""Signing in and out."""

import logging
import re

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal.oidc import LoginFailed
from services.portal.sessions import LOGIN_SECONDS
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
    held = visit.portal.cookies.read(visit.request.cookies.get(LOGIN, ""))
    begun = await visit.portal.sessions.finish(state) if state and state == held else None
    try:
        if begun is None or not code:
            raise LoginFailed("no login of this browser has this state")
        who = await visit.portal.provider.finish(begun, code, iss)
    except LoginFailed as failed:
        raise _failed(visit, failed, BAD_REQUEST) from None
    id = await visit.portal.sessions.create(who.login, who.token, who.seconds)
    response = visit.finish(RedirectResponse(begun.target, SEE_OTHER))
    visit.remember(response, SESSION, visit.portal.cookies.sign(id), int(who.seconds))
    response.delete_cookie(LOGIN)
    return response


@router.post("/keluar")
async def leave(visit: Poster) -> Response:
    """Sign out here."""
    await visit.portal.sessions.end(visit.user)
    response = await visit.go("/")
    response.delete_cookie(SESSION)
    return response


def _failed(visit: Visit, failed: LoginFailed, status: int) -> Trouble:
    log.warning("login failed", extra={"reason": str(failed)})
    return Trouble(status, visit.words.problem("LOGIN_FAILED"))
