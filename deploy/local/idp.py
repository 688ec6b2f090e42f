"""The demo's OIDC provider: no passwords, loopback only; elsewhere MUTASI_ISSUER names a real one."""

import ipaddress
import os
import sys
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
import uvicorn
from fastapi import FastAPI, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel
from starlette.middleware.trustedhost import TrustedHostMiddleware

from deploy.local.problems import Code, Problem
from deploy.local.tokens import (
    CODE_SECONDS,
    RENEWAL_SECONDS,
    TOKEN_SECONDS,
    Accounts,
    Grant,
    Login,
    OneTime,
    Signer,
    proven,
)

PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)


class Authorize(BaseModel):
    """What the client asks for when it sends a browser here."""

    response_type: str
    client_id: str
    redirect_uri: str
    code_challenge: str
    code_challenge_method: str
    state: str = ""
    nonce: str = ""
    scope: str = "openid"

    def check(self) -> None:
        """Refuses what is not the code flow with PKCE back to this machine."""
        if self.response_type != "code" or self.code_challenge_method != "S256":
            raise HTTPException(400, "Only response_type=code with code_challenge_method=S256 is served.")
        _check_back(self.redirect_uri)


class Exchange(BaseModel):
    """What the client hands in to get its tokens: a code with its proof, or what renews a login."""

    grant_type: str
    client_id: str
    code: str = ""
    redirect_uri: str = ""
    code_verifier: str = ""
    refresh_token: str = ""


class Leaving(BaseModel):
    """A browser that signs out (OpenID Connect RP-Initiated Logout 1.0)."""

    id_token_hint: str
    post_logout_redirect_uri: str
    client_id: str = ""
    state: str = ""


class DemoLogin(BaseModel):
    """A script's login."""

    login: str


class Provider:
    """The provider for one issuer address; each method is a route."""

    def __init__(self, issuer: str, accounts: Accounts, signer: Signer, told: str) -> None:
        self._issuer = issuer
        self._accounts = accounts
        self._signer = signer
        self._told = told
        self._grants: OneTime[Grant] = OneTime(CODE_SECONDS)
        self._logins: OneTime[Login] = OneTime(RENEWAL_SECONDS)

    async def discovery(self) -> dict[str, Any]:
        """Where everything is."""
        return _discovery(self._issuer)

    async def jwks(self) -> dict[str, Any]:
        """The public key."""
        return self._signer.jwks()

    async def choose(self, request: Request, asked: Annotated[Authorize, Query()]) -> str:
        """The page on which a person says who they are."""
        asked.check()
        return PAGES.get_template("login.html").render(accounts=self._accounts.all(), query=request.url.query)

    async def chosen(self, asked: Annotated[Authorize, Query()], login: Annotated[str, Form()]) -> RedirectResponse:
        """Back to the client, with a code."""
        asked.check()
        grant = Grant(
            login=self._known(login),
            client_id=asked.client_id,
            redirect_uri=asked.redirect_uri,
            challenge=asked.code_challenge,
            nonce=asked.nonce,
        )
        answer = {"code": self._grants.add(grant), "state": asked.state, "iss": self._issuer}
        glue = "&" if "?" in asked.redirect_uri else "?"
        return RedirectResponse(f"{asked.redirect_uri}{glue}{urlencode(answer)}", 303)

    async def token(self, handed: Annotated[Exchange, Form()]) -> JSONResponse:
        """Tokens for a code, or new ones for those that end."""
        login, nonce = self._redeemed(handed) if handed.grant_type == "authorization_code" else self._renewed(handed)
        if login is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        tokens = self._signer.tokens(login.login, login.client_id, TOKEN_SECONDS)
        more = {"refresh_token": self._logins.add(login), "refresh_expires_in": RENEWAL_SECONDS}
        return JSONResponse(tokens | more | {"id_token": self._signer.identity(login, nonce)})

    async def leave(self, asked: Annotated[Leaving, Query()]) -> RedirectResponse:
        """The login is over: nothing renews it, and the client is told behind the browser's back."""
        _check_back(asked.post_logout_redirect_uri)
        login = self._signer.login_of(asked.id_token_hint)
        if login is not None:
            self._logins.drop(lambda held: held.sid == login.sid)
            await self._tell(login)
        return RedirectResponse(asked.post_logout_redirect_uri, 303)

    async def _tell(self, login: Login) -> None:
        if self._told:
            async with httpx.AsyncClient(timeout=5) as client:
                await client.post(self._told, data={"logout_token": self._signer.logout(login)})

    def _redeemed(self, handed: Exchange) -> tuple[Login | None, str]:
        grant = self._grants.redeem(handed.code)
        if grant is None or not proven(grant, handed.client_id, handed.redirect_uri, handed.code_verifier):
            return None, ""
        return Login(sid=uuid4().hex, login=grant.login, client_id=grant.client_id), grant.nonce

    def _renewed(self, handed: Exchange) -> tuple[Login | None, str]:
        login = self._logins.redeem(handed.refresh_token) if handed.grant_type == "refresh_token" else None
        return (login if login is not None and login.client_id == handed.client_id else None), ""

    async def demo_token(self, asked: DemoLogin) -> dict[str, Any]:
        """Tokens for a script that says who it is."""
        return self._signer.tokens(self._known(asked.login))

    def _known(self, login: str) -> str:
        if login not in {account.login for account in self._accounts.all()}:
            raise HTTPException(404, f"There is no demo account {login!r}.")
        return login


async def ready() -> dict[str, str]:
    """That it serves is all there is to know."""
    return {"status": "ready"}


def make_app(issuer: str, accounts: Accounts, signer: Signer, told: str = "") -> FastAPI:
    """The routes of a provider, which tells this address of logins that are over."""
    provider = Provider(issuer, accounts, signer, told)
    app = FastAPI(title="Demo identity provider", openapi_url=None)
    # Else a web page could reach this server under a name of its own (DNS rebinding).
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    app.get("/health/ready")(ready)
    app.get("/.well-known/openid-configuration")(provider.discovery)
    app.get("/jwks")(provider.jwks)
    app.get("/authorize", response_class=HTMLResponse)(provider.choose)
    app.post("/authorize")(provider.chosen)
    app.post("/token")(provider.token)
    app.get("/logout")(provider.leave)
    app.post("/demo/token")(provider.demo_token)
    return app


def _discovery(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/logout",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["Ed25519"],
        "token_endpoint_auth_methods_supported": ["none"],
        "authorization_response_iss_parameter_supported": True,
    }


def _check_back(address: str) -> None:
    """Browsers are sent back to this machine only."""
    target = urlsplit(address)
    if target.scheme != "http" or not _is_loopback(target.hostname or ""):
        raise HTTPException(400, "The address to come back to has to be an http address of this machine.")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def main() -> None:
    """Serves on the loopback and refuses any other address: whoever reaches this can be anyone."""
    host = os.environ.get("MUTASI_HOST", "127.0.0.1")
    if not _is_loopback(host):
        problem = Problem(
            Code.PLATFORM,
            f"The demo login refuses to listen on {host}.",
            "Name a real issuer: MUTASI_ISSUER.",
        )
        sys.stderr.write(f"{problem}\n")
        sys.exit(problem.code)
    accounts = Accounts(Path(os.environ["MUTASI_ACCOUNTS"]))
    signer = Signer(os.environ["MUTASI_ISSUER"], Path(os.environ["MUTASI_IDP_KEY"]))
    app = make_app(os.environ["MUTASI_ISSUER"], accounts, signer, os.environ.get("MUTASI_LOGOUT_URL", ""))
    uvicorn.run(app, host=host, port=int(os.environ["MUTASI_PORT"]), log_level="warning")


if __name__ == "__main__":
    main()
