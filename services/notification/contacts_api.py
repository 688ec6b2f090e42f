"""Chat addresses over HTTP: their owner gives, confirms, tries and removes them; providers tell of messages."""

import secrets
from base64 import b32encode
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, Field, ValidationError

from services.notification import store
from services.notification.channels.every import ready
from services.notification.channels.whatsapp import Hook, signed, statuses
from services.notification.domain import contacts
from services.notification.domain.contacts import CONTACTS
from services.notification.domain.facts import Given
from services.notification.domain.ladder import CHAT
from services.notification.domain.ledger import MESSAGES, Report
from services.notification.settings import settings
from shared.host.http import Anybody, Call, Caller, Json
from shared.kernel.decider import Refused

router = APIRouter(tags=["contacts"])
hooks = APIRouter(tags=["providers"])
Chat = Literal["matrix", "telegram", "whatsapp", "apprise"]
CODE_BYTES = 10  # 16 letters of base32, of which two groups of five are told: 50 bits
_HOOK = {"security": [], "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}}}


class Address(BaseModel):
    """Where the person wants to be told: a Matrix id, the number of a Telegram chat, a telephone number, …"""

    address: str = Field(max_length=200)


class Code(BaseModel):
    """What the message said."""

    code: str = Field(max_length=40)


@router.get("/v1/contacts", name="contact.list")
async def listed(call: Caller) -> Json:
    """The caller's chat addresses, and the channels of this installation."""
    actor = await call.allow()
    version, book = await store.contacts(call.db, actor.person)
    lines = [await _line(call, book, name) for name in CHAT]
    return Json({"id": actor.person, "version": version, "contacts": lines})


async def _line(call: Call, book: contacts.Book, channel: str) -> Mapping[str, Any]:
    given = await store.given(call.db, book.person, channel)
    named = {"verified": book.verified.get(channel), "waiting": book.waiting.get(channel)}
    known = {state: given[one.contact].address for state, one in named.items() if one and one.contact in given}
    return {"channel": channel, "ready": channel in ready(settings()), "verified": "", "waiting": "", **known}


@router.put("/v1/contacts/{channel}", name="contact.add")
async def add(channel: Chat, told: Address, call: Caller) -> Json:
    """Give an address: a message with a code goes there. Until it is confirmed nothing else does."""
    actor = await call.allow()
    if channel not in ready(settings()):
        raise Refused("CHANNEL_OFF", status=409, where="channel", channel=channel)
    letters = b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    code, name = f"{letters[:5]}-{letters[5:10]}", secrets.token_hex(8)
    given = Given(address=contacts.address(channel, told.address), code=code)
    await store.give(call.db, actor.person, channel, name, given)
    command = contacts.AddContact(channel=channel, contact=name, digest=contacts.digest(code))
    return await call.send(CONTACTS, contacts.book_id(actor.person), command)


@router.post("/v1/contacts/{channel}/confirm", name="contact.confirm")
async def confirm(channel: Chat, told: Code, call: Caller) -> Json:
    """Tell the code that came. Messages go there once the channel stands in the preferences."""
    actor = await call.allow()
    answer = await call.send(
        CONTACTS, contacts.book_id(actor.person), contacts.ConfirmContact(channel=channel, code=told.code)
    )
    await _tidy(call, actor.person, channel)
    return answer


@router.delete("/v1/contacts/{channel}", name="contact.remove")
async def remove(channel: Chat, call: Caller) -> Json:
    """Take an address back; it is erased."""
    actor = await call.allow()
    answer = await call.send(CONTACTS, contacts.book_id(actor.person), contacts.RemoveContact(channel=channel))
    await _tidy(call, actor.person, channel)
    return answer


async def _tidy(call: Call, person: str, channel: str) -> None:
    """What no name leads to any more is forgotten."""
    _, book = await store.contacts(call.db, person)
    names = [one.contact for one in (book.verified.get(channel), book.waiting.get(channel)) if one]
    await store.keep(call.db, person, channel, names)


@router.post("/v1/contacts/{channel}/test", name="contact.test")
async def test(channel: Chat | Literal["email"], call: Caller) -> Json:
    """Send a test message."""
    actor = await call.allow()
    return await call.send(CONTACTS, contacts.book_id(actor.person), contacts.TryContact(channel=channel))


@hooks.get("/v1/hooks/whatsapp", name="hook.whatsapp.begin", openapi_extra={"security": []})
async def begin(
    call: Anybody,
    word: Annotated[str, Query(alias="hub.verify_token", max_length=200)] = "",
    challenge: Annotated[str, Query(alias="hub.challenge", pattern=r"^[A-Za-z0-9_-]{0,200}$")] = "",
) -> Response:
    """Meta asks whether this address is ours; the word is one we gave it."""
    await call.allow()
    ours = settings().whatsapp_verify.get_secret_value()
    if not ours or not secrets.compare_digest(word.encode(), ours.encode()):
        raise Refused("BAD_SIGNATURE", status=403)
    return Response(challenge, media_type="text/plain")


@hooks.post("/v1/hooks/whatsapp", name="hook.whatsapp", openapi_extra=_HOOK)
async def whatsapp(
    request: Request, call: Anybody, signature: Annotated[str, Header(alias="X-Hub-Signature-256", max_length=100)] = ""
) -> Json:
    """Statuses of messages, signed by Meta. What is not about a message of ours changes nothing."""
    await call.allow()
    body = await request.body()
    if not signed(settings().whatsapp_secret.get_secret_value(), body, signature):
        raise Refused("BAD_SIGNATURE", status=403)
    taken = 0
    for told in statuses(_parsed(body)):
        report = Report(status=told.status, code=told.code, text=told.text)
        try:
            await call.send(MESSAGES, told.message, report)
            taken += 1
        except Refused as refused:
            if refused.code != "MESSAGE_UNKNOWN":
                raise
    return Json({"taken": taken})


def _parsed(body: bytes) -> Hook:
    try:
        return Hook.model_validate_json(body)
    except ValidationError:
        raise Refused("BAD_HOOK", status=400) from None
