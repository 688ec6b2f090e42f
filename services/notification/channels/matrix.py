"""Matrix: a direct room with each person (Client-Server API v1.11), found again by its alias.

The transaction id is the message's id, so a server that has it already answers with the same event.
"""

from hashlib import sha256
from urllib.parse import quote

from services.notification.channels.port import NotSent, Parcel, Rejected, Unfit
from services.notification.channels.web import Answer, Web

_V3 = "/_matrix/client/v3"
_OURS = ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED")


class Matrix:
    """The channel `matrix`. `server` is the name of our own homeserver, `web` speaks with the token of our account."""

    name = "matrix"
    safe = True
    parts: tuple[str, ...] = ("chat",)

    def __init__(self, web: Web, server: str) -> None:
        self.web, self.server = web, server

    async def deliver(self, parcel: Parcel) -> str:
        """Put it into the person's room. Raises NotSent, Unanswered."""
        room = await self._room(parcel.address)
        body = {"msgtype": "m.notice", "body": parcel.words.chat}
        place = f"{_V3}/rooms/{quote(room, safe='')}/send/m.room.message/{quote(parcel.letter.message, safe='')}"
        answer = await self.web.ask("PUT", place, body)
        if not answer.good:
            raise _no(answer)
        return answer.told(answer.json.get("event_id"))

    async def _room(self, person: str) -> str:
        """The room we share with this person; made, and the person invited, where there is none."""
        local = f"mutasi-{sha256(person.encode()).hexdigest()[:32]}"
        alias = quote(f"#{local}:{self.server}", safe="")
        known = await self.web.ask("GET", f"{_V3}/directory/room/{alias}")
        if known.good:
            return str(known.json["room_id"])
        wanted = {
            "preset": "trusted_private_chat",
            "is_direct": True,
            "invite": [person],
            "name": "mutasi ASN",
            "room_alias_name": local,
        }
        made = await self.web.ask("POST", f"{_V3}/createRoom", wanted)
        if made.json.get("errcode") == "M_ROOM_IN_USE":  # another replica was faster
            made = await self.web.ask("GET", f"{_V3}/directory/room/{alias}")
        if not made.good:
            raise _no(made)
        return str(made.json["room_id"])


def _no(answer: Answer) -> NotSent:
    """The server's no; a token that is not good is our fault, not the person's."""
    code = str(answer.json.get("errcode", answer.status))
    kind = Unfit if code in _OURS else Rejected
    return kind(f"MATRIX_{code.removeprefix('M_')}", answer.told(answer.json.get("error")))
