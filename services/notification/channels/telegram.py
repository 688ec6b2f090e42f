"""Telegram: the Bot API's sendMessage (version 9) to the private chat of somebody who has started the bot.

The API knows no repeats: a message whose answer got lost is shown as ambiguous, a legal notice is sent again.
"""

from services.notification.channels.port import Parcel, Rejected, Unfit
from services.notification.channels.web import Web

LONGEST = 4096  # characters after entities
# Answers that speak of our bot or our request, not of the person.
_OURS = (401, 404)


class Telegram:
    """The channel `telegram`. `web` leads to `<api>/bot<token>`: the token is part of every address."""

    name = "telegram"
    safe = False
    parts: tuple[str, ...] = ("chat",)

    def __init__(self, web: Web) -> None:
        self.web = web

    async def deliver(self, parcel: Parcel) -> str:
        """Send it. Raises NotSent, Unanswered."""
        text = parcel.words.chat[:LONGEST]
        body = {"chat_id": int(parcel.address), "text": text, "link_preview_options": {"is_disabled": True}}
        answer = await self.web.ask("POST", "sendMessage", body)
        if answer.good and answer.json.get("ok") is True:
            return answer.told(f"message {answer.json['result']['message_id']}")
        code = answer.json.get("error_code", answer.status)
        kind = Unfit if code in _OURS else Rejected
        raise kind(f"TELEGRAM_{code}", answer.told(answer.json.get("description")))
