"""The chat channels against stand-ins that replay documented replies: what each answer means for the message."""

import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from hashlib import sha256
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from services.notification.channels.every import channels
from services.notification.channels.whatsapp import Hook, signed, statuses
from services.notification.effects import TRIES, Sending, Sources
from services.notification.settings import Settings
from shared.runtime.service import Job, TryAgain
from tests.support.providers import REPLIES, Provider, standing_in
from tests.unit.notification.samples import NOW
from tests.unit.notification.smtpd import SITI, Desk, Known, known_links

OURS = "m:0123456789abcdef0123456789abcdef"
WHERE = {
    "matrix": "@siti:asn.test",
    "telegram": "900000001",
    "whatsapp": "+6281200000901",
    "apprise": "siti",
}
USUAL = {
    "matrix": "matrix-sent",
    "telegram": "telegram-sent",
    "whatsapp": "whatsapp-sent",
    "apprise": "apprise-taken",
}


def set_up(url: str) -> Settings:
    """All four channels lead to one stand-in."""
    secret = SecretStr("rahasia-token")
    return Settings(
        portal_url="https://portal.example.test",
        matrix_url=url,
        matrix_server="asn.test",
        matrix_token=secret,
        telegram_url=url,
        telegram_token=secret,
        whatsapp_url=url,
        whatsapp_number="100000000000902",
        whatsapp_token=secret,
        apprise_url=SecretStr(url.replace("http:", "json:") + "/{address}"),
        chat_timeout=0.4,
        smtp_queue_timeout=0.2,
    )


class Chat:
    """The effect in front of one channel."""

    def __init__(self, name: str, settings: Settings, *, legal: bool = False) -> None:
        known = Known({"p901": SITI})
        known.chat = WHERE
        channel = next(one for one in channels(settings) if one.name == name)
        self.name = name
        self.effect = Sending(Sources(known, known_links(), Desk()), channel, settings, legal=legal, spread=lambda: 1.0)

    async def send(self, attempt: int = 1, **changes: Any) -> Mapping[str, Any]:
        """One attempt at one message."""
        data = {"message": OURS, "person": "p901", "template": "proposal.refused", "page": "cases/c1"}
        values = {"values": {"case": "c1"}}
        return await self.effect.run(Job("send-1", OURS, self.name, data | values | changes, attempt, NOW))


Make = Callable[..., Chat]


@pytest.fixture
async def chat() -> AsyncIterator[Make]:
    """Makes effects; their connections are closed at the end."""
    made: list[Chat] = []

    def make(name: str, settings: Settings, *, legal: bool = False) -> Chat:
        made.append(Chat(name, settings, legal=legal))
        return made[-1]

    yield make
    for one in made:
        if web := getattr(one.effect.channel, "web", None):
            await web.close()


def script(provider: Provider, name: str, *replies: str) -> None:
    """What the provider answers to the message itself; Matrix is asked for the room first."""
    provider.script = ["matrix-room", *replies] if name == "matrix" else list(replies)


@pytest.mark.parametrize("name", WHERE)
async def test_a_message_is_handed_over_in_few_words_with_the_link_and_no_reason(chat: Make, name: str) -> None:
    with standing_in(USUAL[name]) as provider:
        script(provider, name)
        done = await chat(name, set_up(provider.url)).send()
    assert (done["result"], done["code"]) == ("sent", "")
    said = json.dumps(provider.asked[-1].body)
    assert "https://portal.example.test/cases/c1" in said or '"cases/c1"' in said
    assert "Siti Aminah" not in said
    assert "Keputusan atas usulan mutasi Anda" in said
    assert "rahasia-token" not in str(done)


REFUSALS = [
    ("telegram", "telegram-429", "later", "TELEGRAM_429", 60.0),
    ("telegram", "telegram-502", "later", "TELEGRAM_502", 60.0),
    ("telegram", "telegram-blocked", "failed", "TELEGRAM_403", 0),
    ("telegram", "telegram-no-chat", "failed", "TELEGRAM_400", 0),
    ("telegram", "telegram-bad-token", "later", "TELEGRAM_401", 60.0),
    ("whatsapp", "whatsapp-rate", "later", "WHATSAPP_130429", 60.0),
    ("whatsapp", "whatsapp-429", "later", "WHATSAPP_429", 60.0),
    ("whatsapp", "whatsapp-500", "later", "WHATSAPP_500", 60.0),
    ("whatsapp", "whatsapp-no-template", "later", "WHATSAPP_132001", 60.0),
    ("whatsapp", "whatsapp-undeliverable", "failed", "WHATSAPP_131026", 0),
    ("matrix", "matrix-429", "later", "MATRIX_429", 60.0),
    ("matrix", "matrix-bad-token", "later", "MATRIX_UNKNOWN_TOKEN", 60.0),
    ("matrix", "matrix-forbidden", "failed", "MATRIX_FORBIDDEN", 0),
    ("apprise", "apprise-refused", "later", "APPRISE_REFUSED", 60.0),
]


@pytest.mark.parametrize(("name", "reply", "end", "code", "after"), REFUSALS, ids=[row[1] for row in REFUSALS])
async def test_every_refusal_is_told_apart(
    chat: Make, name: str, reply: str, end: str, code: str, after: float
) -> None:
    with standing_in(USUAL[name]) as provider:
        sender = chat(name, set_up(provider.url))
        script(provider, name, reply)
        if end == "later":
            with pytest.raises(TryAgain) as later:
                await sender.send()
            assert (later.value.code, later.value.after) == (code, after)
        else:
            done = await sender.send()
            assert (done["result"], done["code"], done["failure"]) == ("failed", code, "permanent")
        script(provider, name)
        assert (await sender.send(attempt=2))["result"] == "sent", "the channel goes on"


async def test_what_is_our_own_fault_never_makes_a_message_fail_and_a_limit_does_at_last(chat: Make) -> None:
    with standing_in("telegram-sent") as provider:
        sender = chat("telegram", set_up(provider.url))
        provider.script = ["telegram-bad-token", "telegram-429"]
        ours, theirs = [await sender.send(attempt=TRIES) for _ in range(2)]
    assert (ours["result"], ours["failure"]) == ("deferred", "technical"), "deferred for ever: see the ledger's rounds"
    assert (theirs["result"], theirs["failure"]) == ("deferred", "temporary")


async def test_the_provider_says_how_long_to_wait_and_is_obeyed(chat: Make) -> None:
    with standing_in("telegram-sent") as provider:
        sender = chat("telegram", set_up(provider.url))
        sender.effect.spread = lambda: 0.01
        provider.script = ["telegram-429"]
        with pytest.raises(TryAgain) as later:
            await sender.send()
    assert later.value.after == 35.0
    assert later.value.note is not None
    assert "retry after 35" in later.value.note["text"]


@pytest.mark.parametrize("end", ["drop", "hang", "gateway-504"])
@pytest.mark.parametrize(
    ("name", "legal", "result"),
    [("telegram", False, "ambiguous"), ("telegram", True, 900.0), ("matrix", False, 2.0), ("matrix", True, 2.0)],
)
async def test_a_lost_answer_is_repeated_only_where_a_repeat_is_known_or_missing_it_is_worse(
    chat: Make, name: str, legal: bool, result: str | float, end: str
) -> None:
    with standing_in(USUAL[name]) as provider:
        sender = chat(name, set_up(provider.url), legal=legal)
        script(provider, name, end)
        if isinstance(result, str):
            assert (await sender.send())["result"] == result
            return
        with pytest.raises(TryAgain, match="UNANSWERED") as later:
            await sender.send()
        assert later.value.after == result
        script(provider, name)
        assert (await sender.send(attempt=2))["result"] == "sent"
        sent = [one.path for one in provider.asked if "/send/" in one.path]
    assert len(set(sent)) <= 1, "the same transaction id, so that Matrix makes one message of them"


async def test_a_dead_provider_and_one_that_is_not_set_up(chat: Make) -> None:
    with standing_in("telegram-sent") as provider:
        dead = set_up(provider.url)
    with pytest.raises(TryAgain, match="UNREACHABLE") as later:
        await chat("telegram", dead).send()
    assert later.value.after == 2.0
    done = await chat("telegram", Settings()).send()
    assert (done["result"], done["code"], done["failure"]) == ("failed", "CHANNEL_OFF", "permanent")


async def test_the_code_of_an_address_goes_there_and_matrix_makes_a_room_once(chat: Make) -> None:
    values = {"channel": "matrix", "contact": "k1", "until": NOW.isoformat()}
    with standing_in("matrix-sent") as provider:
        provider.script = ["matrix-no-room", "matrix-room"]
        await chat("matrix", set_up(provider.url)).send(template="contact.added", values=values)
    _, made, sent = provider.asked
    assert (made.path, made.body["invite"]) == ("/_matrix/client/v3/createRoom", ["@siti:asn.test"])
    assert made.headers["authorization"] == "Bearer rahasia-token"
    assert (sent.method, sent.path.rpartition("/")[2]) == ("PUT", OURS.replace(":", "%3A"))
    assert "ABCDE-FGHIJ" in sent.body["body"]


async def test_whatsapp_gets_the_template_our_id_and_the_code(chat: Make) -> None:
    values = {"channel": "whatsapp", "contact": "k1", "until": NOW.isoformat()}
    with standing_in("whatsapp-sent") as provider:
        await chat("whatsapp", set_up(provider.url)).send(template="contact.added", values=values, page="notices")
    [asked] = provider.asked
    assert asked.path == "/100000000000902/messages"
    assert (asked.body["to"], asked.body["biz_opaque_callback_data"]) == ("6281200000901", OURS)
    assert (asked.body["template"]["name"], asked.body["template"]["language"]) == ("mutasi_notice", {"code": "id"})
    body, button = asked.body["template"]["components"]
    assert "ABCDE-FGHIJ" in body["parameters"][0]["text"]
    assert "\n" not in body["parameters"][0]["text"], "Meta refuses line breaks in a parameter"
    assert button["parameters"][0]["text"] == "notices"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sent", None),
        ("delivered", ("delivered", "")),
        ("read", ("read", "")),
        ("failed", ("bounced", "5.1.1")),
        ("limited", ("bounced", "4.7.1")),
    ],
)
def test_a_webhook_tells_what_became_of_a_message(name: str, told: tuple[str, str] | None) -> None:
    hook = Hook.model_validate_json((REPLIES / f"whatsapp-hook-{name}.json").read_bytes())
    found = [(one.message, one.status, one.code) for one in statuses(hook)]
    assert found == ([(OURS, *told)] if told else [])


def test_only_the_owner_of_the_secret_signs() -> None:
    body = b'{"entry": []}'
    good = "sha256=" + hmac.new(b"s3", body, sha256).hexdigest()
    assert signed("s3", body, good)
    assert not signed("s3", body + b" ", good)
    assert not signed("other", body, good)
    assert not signed("", body, "sha256=" + hmac.new(b"", body, sha256).hexdigest()), "without a secret nothing is"
    assert not signed("s3", body, "sha256=é")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"entry": 1}', b'{"entry": [{"changes": ["x"]}]}', b"\xff"])
def test_what_is_no_webhook_is_refused(body: bytes) -> None:
    with pytest.raises(ValidationError):
        Hook.model_validate_json(body)
