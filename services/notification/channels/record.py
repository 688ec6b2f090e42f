"""The channel for measurements and tests: it keeps recipient, channel and key, and sends nothing."""

from collections.abc import Mapping
from typing import Protocol

from services.notification.domain.ledger import Send
from shared.runtime.service import Job


class Recorder(Protocol):
    """Keeps what the channel `record` was asked to send."""

    async def record(self, key: str, recipient: str, channel: str) -> None:
        """Keep one message; the same key twice is one record, which counts its times."""


class Record:
    """Neither words nor addresses are looked up, so that what is measured is the ledger."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    async def run(self, job: Job) -> Mapping[str, str]:
        """Keep one message. A repeat meets the same record."""
        letter = Send.model_validate(job.data)
        await self.recorder.record(letter.message, letter.person, "record")
        return {"result": "sent"}
