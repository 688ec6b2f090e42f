"""Only tokens of the configured issuer, for us, in their time, signed with a key it publishes now."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from shared.host.auth import LEEWAY, REFRESH, RETRY, Tokens
from shared.kernel.decider import Refused
from tests.unit.host.sample import Key, Provider

DAY = 86400


async def reason(tokens: Tokens, header: str) -> str:
    with pytest.raises(Refused) as caught:
        await tokens.login(header)
    assert caught.value.code == "UNAUTHENTICATED"
    return str(caught.value.values["reason"])


async def test_the_subject_is_the_login(provider: Provider) -> None:
    assert await provider.tokens().login(provider.sign("siti", name="Siti", roles=["admin"])) == "siti"


@pytest.mark.parametrize("alg", ["ES256", "RS256", "Ed25519"])
async def test_other_asymmetric_algorithms_are_taken(provider: Provider, alg: str) -> None:
    keys: dict[str, Callable[[], Key]] = {
        "ES256": lambda: ECKey.generate_key("P-256", {"kid": "other"}),
        "RS256": lambda: RSAKey.generate_key(2048, {"kid": "other"}),
        "Ed25519": lambda: OKPKey.generate_key("Ed25519", {"kid": "other"}),
    }
    key = keys[alg]()
    provider.published = [provider.key, key]
    assert await provider.tokens().login(provider.sign(key=key, header={"alg": alg})) == "siti"


async def test_alg_none_is_refused(provider: Provider) -> None:
    signed = provider.sign().removeprefix("Bearer ")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT", "kid": "first"}).encode())
    forged = f"Bearer {head.rstrip(b'=').decode()}.{signed.split('.')[1]}."
    assert await reason(provider.tokens(), forged) == "wrong_kind"


async def test_a_public_key_is_no_shared_secret(provider: Provider) -> None:
    public = json.dumps(provider.key.as_dict(private=False)).encode()
    secret = OctKey.import_key(public * 2, {"kid": "first"})
    forged = provider.sign(key=secret, header={"alg": "HS256"})
    assert await reason(provider.tokens(), forged) == "wrong_kind"


async def test_a_published_shared_secret_verifies_nothing(provider: Provider) -> None:
    secret = OctKey.generate_key(256, {"kid": "secret"})
    provider.published = [provider.key, secret]
    forged = provider.sign(key=secret, header={"alg": "HS256"})
    assert await reason(provider.tokens(), forged) == "wrong_kind"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "other"},
        {"aud": ["other"]},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "a\nb"},
        {"typ": "ID"},
    ],
)
async def test_wrong_claims_are_refused(provider: Provider, claims: dict[str, Any]) -> None:
    assert await reason(provider.tokens(), provider.sign(**claims))


async def test_one_of_several_audiences_is_enough(provider: Provider) -> None:
    assert await provider.tokens().login(provider.sign(aud=["account", "mutasi"])) == "siti"


@pytest.mark.parametrize("typ", ["", "logout+jwt", None])
async def test_other_kinds_of_token_are_refused(provider: Provider, typ: str | None) -> None:
    assert await reason(provider.tokens(), provider.sign(header={"typ": typ})) in ("wrong_kind", "malformed")


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer é", "Bearer ..", "Bearer " + "x" * 9000],
)
async def test_no_token_or_rubbish_is_refused(provider: Provider, header: str) -> None:
    assert await reason(provider.tokens(), header)


async def test_a_changed_token_is_refused(provider: Provider) -> None:
    head, payload, signature = provider.sign().split(".")
    other = provider.sign("root").split(".")[1]
    assert payload != other
    assert await reason(provider.tokens(), f"{head}.{other}.{signature}") == "bad_signature"


async def test_times_are_judged_with_leeway(provider: Provider) -> None:
    tokens, now = provider.tokens(), int(provider.now)
    assert await tokens.login(provider.sign(exp=now - LEEWAY + 2))
    assert await reason(tokens, provider.sign(exp=now - LEEWAY - 2)) == "expired_token"
    assert await tokens.login(provider.sign(nbf=now + LEEWAY - 2))
    assert await reason(tokens, provider.sign(nbf=now + LEEWAY + 2)) == "invalid_claim"


async def test_a_remembered_token_ends_with_its_time(provider: Provider) -> None:
    tokens, header = provider.tokens(), provider.sign(exp=int(provider.now) + 60)
    assert await tokens.login(header)
    provider.now += 60 + LEEWAY + 1
    assert await reason(tokens, header) == "expired_token"


async def test_a_new_key_is_found_and_the_old_one_stays_while_published(provider: Provider) -> None:
    tokens, old = provider.tokens(), provider.key
    assert await tokens.login(provider.sign())
    new = OKPKey.generate_key("Ed25519", {"kid": "second"})
    provider.published, provider.now = [old, new], provider.now + RETRY + 1
    assert await tokens.login(provider.sign(key=new)) == "siti"
    assert await tokens.login(provider.sign("budi", key=old)) == "budi"
    assert provider.fetched == 2


async def test_a_withdrawn_key_ends_also_remembered_tokens(provider: Provider) -> None:
    tokens, header = provider.tokens(), provider.sign(exp=int(provider.now) + DAY)
    assert await tokens.login(header)
    provider.published = [OKPKey.generate_key("Ed25519", {"kid": "second"})]
    provider.now += REFRESH + 1
    assert await reason(tokens, header) == "invalid_key_id"


async def test_unknown_keys_do_not_hammer_the_provider(provider: Provider) -> None:
    tokens = provider.tokens()
    for number in range(20):
        forged = OKPKey.generate_key("Ed25519", {"kid": f"forged{number}"})
        assert await reason(tokens, provider.sign(key=forged)) == "invalid_key_id"
    assert provider.fetched == 1


async def test_without_the_provider_known_keys_stay_good(provider: Provider) -> None:
    tokens = provider.tokens()
    assert await tokens.login(provider.sign())
    provider.down, provider.now = True, provider.now + REFRESH + 1
    assert await tokens.login(provider.sign("budi")) == "budi"


async def test_without_any_key_we_are_busy_and_then_recover(provider: Provider) -> None:
    tokens, provider.down = provider.tokens(), True
    with pytest.raises(Refused, match="BUSY"):
        await tokens.login(provider.sign())
    provider.down, provider.now = False, provider.now + RETRY + 1
    assert await tokens.login(provider.sign()) == "siti"


async def test_memory_of_tokens_is_bounded(provider: Provider) -> None:
    tokens = provider.tokens()
    tokens._room = 3
    for number in range(10):
        await tokens.login(provider.sign(f"u{number}"))
    assert len(tokens._known) == 3
