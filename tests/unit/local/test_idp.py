"""The demo's identity provider: tokens verify, codes are good once, and it stays on the machine."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.errors import InvalidClaimError
from joserfc.jwk import KeySet

from deploy.local.idp import make_app
from deploy.local.layout import ROOT
from deploy.local.problems import Code
from deploy.local.tokens import Accounts, Signer

ISSUER = "http://127.0.0.1:8107"
VERIFIER = "v" * 43
BACK = "http://127.0.0.1:8100/back"


@pytest.fixture
async def idp(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A provider with one account."""
    accounts = tmp_path / "accounts.json"
    accounts.write_text(json.dumps([{"login": "sari", "label": "Guru di Palu"}]))
    app = make_app(ISSUER, Accounts(accounts), Signer(ISSUER, tmp_path / "key.json"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER) as client:
        yield client


def _asked(**other: str) -> dict[str, str]:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": "mutasi",
        "redirect_uri": BACK,
        "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "state": "s1",
        "nonce": "n1",
    }
    return asked | other


async def _code(idp: httpx.AsyncClient) -> str:
    answer = await idp.post("/authorize", params=_asked(), data={"login": "sari"})
    assert answer.status_code == 303
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["state"] == ["s1"]
    return query["code"][0]


def _handed(code: str, **other: str) -> dict[str, str]:
    handed = {"grant_type": "authorization_code", "client_id": "mutasi", "redirect_uri": BACK}
    return handed | {"code": code, "code_verifier": VERIFIER} | other


async def _claims(idp: httpx.AsyncClient, token: str, audience: str) -> dict[str, object]:
    discovery = (await idp.get("/.well-known/openid-configuration")).json()
    keys = KeySet.import_key_set((await idp.get(discovery["jwks_uri"])).json())
    claims = jwt.decode(token, keys, algorithms=["Ed25519"]).claims
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": discovery["issuer"]}, aud={"essential": True, "value": audience}
    ).validate(claims)
    return claims


async def test_a_scripts_token_verifies_by_the_published_key(idp: httpx.AsyncClient) -> None:
    """Issuer, audience, subject and the hour are what a service checks."""
    token = (await idp.post("/demo/token", json={"login": "sari"})).json()["access_token"]
    claims = await _claims(idp, token, "mutasi")
    assert claims["sub"] == "sari"
    assert int(str(claims["exp"])) - int(str(claims["iat"])) == 3600
    with pytest.raises(InvalidClaimError):
        await _claims(idp, token, "another")
    assert "d" not in (await idp.get("/jwks")).json()["keys"][0]


async def test_who_is_not_an_account_gets_no_token(idp: httpx.AsyncClient) -> None:
    """Only the demo's people exist."""
    assert (await idp.post("/demo/token", json={"login": "budi"})).status_code == 404
    assert (await idp.post("/authorize", params=_asked(), data={"login": "budi"})).status_code == 404


async def test_the_code_flow_gives_tokens_once(idp: httpx.AsyncClient) -> None:
    """The page lists the accounts; the code is good once."""
    assert "Guru di Palu" in (await idp.get("/authorize", params=_asked())).text
    code = await _code(idp)
    tokens = await idp.post("/token", data=_handed(code))
    assert (await _claims(idp, tokens.json()["id_token"], "mutasi"))["nonce"] == "n1"
    assert (await idp.post("/token", data=_handed(code))).status_code == 400


@pytest.mark.parametrize("other", [{"code_verifier": "w" * 43}, {"client_id": "x"}, {"redirect_uri": BACK + "/x"}])
async def test_a_stolen_code_is_worthless(idp: httpx.AsyncClient, other: dict[str, str]) -> None:
    """Without the verifier, or from another client, a code gives nothing."""
    assert (await idp.post("/token", data=_handed(await _code(idp), **other))).status_code == 400


@pytest.mark.parametrize(
    "other",
    [
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": "http://127.0.0.1.evil.example/"},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
    ],
)
async def test_nothing_leaves_this_machine(idp: httpx.AsyncClient, other: dict[str, str]) -> None:
    """A browser is never sent elsewhere, nor without PKCE."""
    assert (await idp.get("/authorize", params=_asked(**other))).status_code == 400
    assert (await idp.post("/authorize", params=_asked(**other), data={"login": "sari"})).status_code == 400


async def test_a_foreign_host_name_is_refused(idp: httpx.AsyncClient) -> None:
    """A web page cannot reach the provider by a name that it points here."""
    assert (await idp.get("/jwks", headers={"host": "evil.example"})).status_code == 400


def test_the_key_is_kept_and_private(tmp_path: Path) -> None:
    """Tokens stay valid through a restart; only the owner reads the key."""
    first, second = (Signer(ISSUER, tmp_path / "key.json").jwks() for _ in range(2))
    assert first == second
    assert (tmp_path / "key.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.test"])
async def test_it_refuses_to_listen_for_others(host: str) -> None:
    """It ends with the documented code before anything is bound."""
    env = {**os.environ, "MUTASI_HOST": host, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "deploy.local.idp"]
    done = await asyncio.to_thread(
        subprocess.run, command, env=env, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == Code.PLATFORM
    assert f"refuses to listen on {host}" in done.stderr
