"""A channel that this installation has not set up: nobody can give an address on it, and who gave one before is told
on the next channel."""

from services.notification.channels.port import Parcel, Rejected


class Off:
    """Any channel, without its provider."""

    safe = True
    parts: tuple[str, ...] = ()

    def __init__(self, name: str) -> None:
        self.name = name

    async def deliver(self, _parcel: Parcel) -> str:
        """Raises Rejected, always."""
        raise Rejected("CHANNEL_OFF")
