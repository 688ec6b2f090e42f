"""Signing in against the demo's own provider, and everything that must not be taken for a sign-in."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from deploy.local.idp import make_app
from deploy.local.tokens import Accounts, Signer
from services.portal.oidc import Client, LoginFailed, Provider
from services.portal.pages.login import _OWN
from services.portal.sessions import Begun, Cookies

ISSUER, BACK = "http://127.0.0.1:9", "http://127.0.0.1:8/kembali"


@pytest.fixture
def idp(tmp_path: Path) -> httpx.ASGITransport:
    """The demo's provider without a socket, with one account."""
    accounts = tmp_path / "accounts.json"
    accounts.write_text('[{"login": "rina", "label": ""}]')
    signer = Signer(ISSUER, tmp_path / "key.json")
    return httpx.ASGITransport(app=make_app(ISSUER, Accounts(accounts), signer))


async def code_of(idp: httpx.ASGITransport, address: str) -> str:
    """What the browser brings back after choosing an account."""
    async with httpx.AsyncClient(transport=idp) as browser:
        reply = await browser.post(address, data={"login": "rina"})
    (code,) = parse_qs(urlsplit(reply.headers["location"]).query)["code"]
    return code


async def test_the_code_flow_with_pkce_tells_the_login_and_a_token(idp: httpx.ASGITransport) -> None:
    provider = Provider(Client(ISSUER, "mutasi", BACK), idp)
    state, begun, address = await provider.begin("/saya")
    asked = parse_qs(urlsplit(address).query)
    assert asked["state"] == [state]
    assert asked["code_challenge_method"] == ["S256"]
    assert begun.verifier not in address
    who = await provider.finish(begun, await code_of(idp, address), ISSUER)
    assert (who.login, who.token.count("."), who.seconds) == ("rina", 2, 3600)
    await provider.close()


async def test_a_code_is_good_once_with_its_own_verifier_and_nonce(idp: httpx.ASGITransport) -> None:
    provider = Provider(Client(ISSUER, "mutasi", BACK), idp)
    _, begun, address = await provider.begin("/saya")
    for wrong in (Begun(begun.nonce, "another", "/"), Begun("another", begun.verifier, "/")):
        with pytest.raises(LoginFailed):
            await provider.finish(wrong, await code_of(idp, address), ISSUER)
    code = await code_of(idp, address)
    await provider.finish(begun, code, ISSUER)
    with pytest.raises(LoginFailed):
        await provider.finish(begun, code, ISSUER)


async def test_another_issuer_or_client_is_refused(idp: httpx.ASGITransport) -> None:
    provider = Provider(Client(ISSUER, "mutasi", BACK), idp)
    _, begun, address = await provider.begin("/saya")
    with pytest.raises(LoginFailed, match="another issuer"):
        await provider.finish(begun, await code_of(idp, address), "http://evil.example")
    other = Provider(Client("http://127.0.0.1:7", "mutasi", BACK, f"{ISSUER}/.well-known/openid-configuration"), idp)
    with pytest.raises(LoginFailed, match="another name"):
        await other.begin("/saya")


async def test_a_provider_that_is_away_is_a_failed_login() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away", request=request)

    with pytest.raises(LoginFailed, match="ConnectError"):
        await Provider(Client(ISSUER, "mutasi", BACK), httpx.MockTransport(away)).begin("/")


def test_a_cookie_is_read_only_with_our_own_proof() -> None:
    ours, theirs = Cookies(b"1" * 32), Cookies(b"2" * 32)
    signed = ours.sign("opaque")
    assert ours.read(signed) == "opaque"
    assert theirs.read(signed) == ""
    assert (
        ours.read("opaque")
        == ours.read("")
        == ours.read(".")
        == ours.read(signed[:-1])
        == ours.read("x" + signed)
        == ""
    )


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb", "/\t/x"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(target: str) -> None:
    assert re.fullmatch(_OWN, target) is None


@pytest.mark.parametrize("target", ["/", "/saya", "/tugas?lihat=mine", "/perkara/c-1"])
def test_a_page_of_ours_is_come_back_to(target: str) -> None:
    assert _OWN.fullmatch(target) is not None
