"""Whatever else apprise speaks (Mattermost, Zulip, Slack, Signal gateways, …): one service, set by its apprise URL.

apprise tells only that it worked or did not, so a no is taken for a passing one. It knows no repeats.
"""

import asyncio
from urllib.parse import quote

import apprise

from services.notification.channels.port import Parcel, PutOff, Unfit, Unreachable


class LongTail:
    """The channel `apprise`. `url` is the operator's, with `{address}` where the person's own goes."""

    name = "apprise"
    safe = False
    parts: tuple[str, ...] = ("chat",)

    def __init__(self, url: str, *, connections: int, wait: float) -> None:
        self.url, self.wait = url, wait
        self._gate = asyncio.Semaphore(connections)

    async def deliver(self, parcel: Parcel) -> str:
        """Hand it over, in a thread: apprise waits for the other side. Raises NotSent."""
        try:
            await asyncio.wait_for(self._gate.acquire(), self.wait)
        except TimeoutError:
            raise Unreachable("BUSY") from None
        try:
            return await asyncio.to_thread(self._hand_over, parcel)
        finally:
            self._gate.release()

    def _hand_over(self, parcel: Parcel) -> str:
        service = apprise.Apprise.instantiate(self.url.replace("{address}", quote(parcel.address, safe="")))
        if service is None:
            raise Unfit("APPRISE_BAD_URL")
        if not service.notify(body=parcel.words.chat, title=parcel.words.subject):
            raise PutOff("APPRISE_REFUSED")
        return f"taken by {service.service_name}"
