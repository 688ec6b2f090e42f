"""WhatsApp Cloud API: a template message, and the signed webhooks that tell what became of it.

A business may begin a conversation with an approved template only (`docs/channels.md` has its words): the title of the
message and a button that opens the portal. `biz_opaque_callback_data` carries our id, so a status finds its message.
"""

import hmac
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from services.notification.channels.port import NotSent, Parcel, PutOff, Rejected, Unfit
from services.notification.channels.web import Answer, Web, wait_of

# Codes of Meta's error list: limits that pass, and what is wrong with our account, template or request.
_LATER = (1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131049, 131056, 133004)
_PERSON = (131026, 131021, 131030, 131045, 131050, 130472)
# What a failed status means in the enumerated codes of RFC 3463, which the ledger speaks.
_STATUS: Mapping[int, str] = {131026: "5.1.1", 131050: "5.7.1", 131047: "5.7.1", 131053: "5.6.1", 130472: "4.7.1"}
_LIMITED = "4.7.1"


class WhatsApp:
    """The channel `whatsapp`. `web` leads to `<graph>/<phone number id>` with our token."""

    name = "whatsapp"
    safe = False
    parts: tuple[str, ...] = ("chat",)

    def __init__(self, web: Web, template: str) -> None:
        self.web, self.template = web, template

    async def deliver(self, parcel: Parcel) -> str:
        """Send it. Raises NotSent, Unanswered."""
        answer = await self.web.ask("POST", "messages", self._body(parcel))
        sent = answer.json.get("messages")
        if answer.good and sent:
            return answer.told(sent[0]["id"])
        raise _refusal(answer)

    def _body(self, parcel: Parcel) -> dict[str, Any]:
        code = parcel.letter.values.get("contact") and parcel.words.chat.splitlines()[2:3]
        said = " ".join([parcel.words.subject, *(code or ())])
        parts = [
            {"type": "body", "parameters": [{"type": "text", "text": said}]},
            {
                "type": "button",
                "sub_type": "url",
                "index": "0",
                "parameters": [{"type": "text", "text": parcel.letter.page}],
            },
        ]
        language = {"code": parcel.person.language}
        return {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": parcel.address.removeprefix("+"),
            "type": "template",
            "template": {"name": self.template, "language": language, "components": parts},
            "biz_opaque_callback_data": parcel.letter.message,
        }


def _refusal(answer: Answer) -> NotSent:
    error = answer.json.get("error")
    error = error if isinstance(error, dict) else {}
    number = error.get("code", answer.status)
    code, words = f"WHATSAPP_{number}", answer.told(error.get("message"))
    if number in _LATER:
        return PutOff(code, words, wait_of(answer))
    return Rejected(code, words) if number in _PERSON else Unfit(code, words)


class Told(NamedTuple):
    """A status of one of our messages."""

    message: str
    status: Literal["delivered", "bounced", "read"]
    code: str
    text: str


def signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether Meta signed this body (X-Hub-Signature-256: HMAC-SHA256 with the app's secret)."""
    mac = hmac.new(secret.encode(), body, sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(f"sha256={mac}".encode(), signature.encode())


class _Error(BaseModel):
    code: int = 0
    title: str = ""


class _Status(BaseModel):
    status: str = ""
    biz_opaque_callback_data: str = ""
    errors: tuple[_Error, ...] = ()


class _Value(BaseModel):
    statuses: tuple[_Status, ...] = ()


class _Change(BaseModel):
    value: _Value = _Value()


class _Entry(BaseModel):
    changes: tuple[_Change, ...] = ()


class Hook(BaseModel):
    """A webhook of Meta, as far as it is read here; it tells of much else."""

    entry: tuple[_Entry, ...] = ()


def statuses(hook: Hook) -> Iterator[Told]:
    """What it tells of messages of ours; "sent" is what the call itself answered."""
    for one in (one for entry in hook.entry for change in entry.changes for one in change.value.statuses):
        message = one.biz_opaque_callback_data
        match one.status if message.startswith("m:") else "":
            case "failed":
                yield _failed(message, next(iter(one.errors), _Error()))
            case "delivered":
                yield Told(message, "delivered", "", "delivered")
            case "read":
                yield Told(message, "read", "", "read")


def _failed(message: str, error: _Error) -> Told:
    code = _LIMITED if error.code in _LATER else _STATUS.get(error.code, "5.3.0")
    return Told(message, "bounced", code, f"{error.code} {error.title}".strip())
