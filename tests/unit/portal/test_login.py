"""Signing in against the demo's own provider, and everything that must not be taken for a sign-in."""

import re
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from deploy.local.idp import make_app
from deploy.local.tokens import Accounts, Login, Signer
from services.portal.oidc import Client, LoginFailed, Provider
from services.portal.pages.login import _OWN
from services.portal.sessions import Begun, Cookies, Held

ISSUER, BACK = "http://127.0.0.1:9", "http://127.0.0.1:8/kembali"


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    """What the demo's provider signs with."""
    return Signer(ISSUER, tmp_path / "key.json")


@pytest.fixture
def idp(tmp_path: Path, signer: Signer) -> httpx2.ASGITransport:
    """The demo's provider without a socket, with one account."""
    accounts = tmp_path / "accounts.json"
    accounts.write_text('[{"login": "rina", "label": ""}]')
    return httpx2.ASGITransport(app=make_app(ISSUER, Accounts(accounts), signer))


async def code_of(idp: httpx2.ASGITransport, address: str) -> str:
    """What the browser brings back after choosing an account."""
    async with httpx2.AsyncClient(transport=idp) as browser:
        reply = await browser.post(address, data={"login": "rina"})
    (code,) = parse_qs(urlsplit(reply.headers["location"]).query)["code"]
    return code


async def test_the_code_flow_with_pkce_tells_the_login_and_a_token(idp: httpx2.ASGITransport) -> None:
    provider = Provider(Client(ISSUER, "mutasi", BACK), idp)
    state, begun, address = await provider.begin("/saya")
    asked = parse_qs(urlsplit(address).query)
    assert asked["state"] == [state]
    assert asked["code_challenge_method"] == ["S256"]
    assert begun.verifier not in address
    held = await provider.finish(begun, await code_of(idp, address), ISSUER)
    assert (held.login, held.token.count("."), held.seconds) == ("rina", 2, 300)
    await provider.close()


async def held_by(provider: Provider, idp: httpx2.ASGITransport) -> Held:
    """What a browser that signed in brought us."""
    _, begun, address = await provider.begin("/saya")
    return await provider.finish(begun, await code_of(idp, address), ISSUER)


async def test_a_token_is_renewed_once_and_the_login_stays_the_same(idp: httpx2.ASGITransport) -> None:
    provider = Provider(Client(ISSUER, "mutasi", BACK), idp)
    first = await held_by(provider, idp)
    second = await provider.renew(first)
    assert (second.login, second.sid) == ("rina", first.sid)
    assert second.token != first.token
    with pytest.raises(LoginFailed, match="invalid_grant"):
        await provider.renew(first)
    await provider.renew(second)


async def test_after_signing_out_at_the_provider_nothing_renews_the_login(idp: httpx2.ASGITransport) -> None:
    provider = Provider(Client(ISSUER, "mutasi", BACK), idp)
    held, other = await held_by(provider, idp), await held_by(provider, idp)
    address = await provider.farewell(held, "http://127.0.0.1:8/")
    async with httpx2.AsyncClient(transport=idp) as browser:
        assert (await browser.get(address)).headers["location"] == "http://127.0.0.1:8/"
    with pytest.raises(LoginFailed, match="invalid_grant"):
        await provider.renew(held)
    assert (await provider.renew(other)).login == "rina"


async def test_only_a_fresh_logout_token_for_us_ends_a_login(idp: httpx2.ASGITransport, signer: Signer) -> None:
    provider = Provider(Client(ISSUER, "mutasi", BACK), idp)
    held = await held_by(provider, idp)
    assert await provider.ended(signer.logout(Login(sid=held.sid, login="rina", client_id="mutasi"))) == (
        held.sid,
        "rina",
    )
    elsewhere = signer.logout(Login(sid=held.sid, login="rina", client_id="another"))
    for wrong in (held.identity, held.token, elsewhere, "", "a.b.c"):
        with pytest.raises(LoginFailed):
            await provider.ended(wrong)


async def test_an_old_logout_token_ends_nothing(idp: httpx2.ASGITransport, signer: Signer) -> None:
    provider = Provider(Client(ISSUER, "mutasi", BACK), idp, lambda: time.time() + 100)
    with pytest.raises(LoginFailed, match="expired"):
        await provider.ended(signer.logout(Login(sid="s", login="rina", client_id="mutasi")))


async def test_a_code_is_good_once_with_its_own_verifier_and_nonce(idp: httpx2.ASGITransport) -> None:
    provider = Provider(Client(ISSUER, "mutasi", BACK), idp)
    _, begun, address = await provider.begin("/saya")
    for wrong in (Begun(begun.nonce, "another", "/"), Begun("another", begun.verifier, "/")):
        with pytest.raises(LoginFailed):
            await provider.finish(wrong, await code_of(idp, address), ISSUER)
    code = await code_of(idp, address)
    await provider.finish(begun, code, ISSUER)
    with pytest.raises(LoginFailed):
        await provider.finish(begun, code, ISSUER)


async def test_another_issuer_or_client_is_refused(idp: httpx2.ASGITransport) -> None:
    provider = Provider(Client(ISSUER, "mutasi", BACK), idp)
    _, begun, address = await provider.begin("/saya")
    with pytest.raises(LoginFailed, match="another issuer"):
        await provider.finish(begun, await code_of(idp, address), "http://evil.example")
    other = Provider(Client("http://127.0.0.1:7", "mutasi", BACK, f"{ISSUER}/.well-known/openid-configuration"), idp)
    with pytest.raises(LoginFailed, match="another name"):
        await other.begin("/saya")


async def test_a_provider_that_is_away_is_a_failed_login() -> None:
    def away(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("away", request=request)

    with pytest.raises(LoginFailed, match="ConnectError"):
        await Provider(Client(ISSUER, "mutasi", BACK), httpx2.MockTransport(away)).begin("/")


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
