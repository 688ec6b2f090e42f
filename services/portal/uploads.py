"""Files on their way to an import: kept from the trial run until they are taken, so that nobody uploads twice.

Such a file holds people's numbers, so it is its sender's alone, its content goes once it is taken, and what nobody came
back to is erased by the database itself.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from shared.kernel.decider import Frozen

Database = AsyncIOMotorDatabase[Any]
KEPT = timedelta(days=1)


class Upload(Frozen):
    """A file of one kind, its content while it is not taken, and what the registry said of it last."""

    id: str
    kind: str
    content: bytes = b""
    report: Mapping[str, Any]


class Uploads:
    """Keeps them; each is its sender's alone."""

    def __init__(self, db: Database) -> None:
        self._many = db["uploads"]

    async def open(self) -> None:
        """Make the index."""
        await self._many.create_index("at", name="day", expireAfterSeconds=int(KEPT.total_seconds()))

    async def keep(self, login: str, kind: str, content: bytes, report: Mapping[str, Any]) -> str:
        """A file that was tried; its id."""
        id = secrets.token_urlsafe(12)
        about = {"login": login, "kind": kind, "content": content, "report": dict(report), "at": datetime.now(UTC)}
        await self._many.insert_one({"_id": id, **about})
        return id

    async def get(self, id: str, login: str) -> Upload | None:
        """One's own; None for another's, or what is not there any more."""
        found = await self._many.find_one({"_id": id, "login": login})
        return Upload.model_validate({**found, "id": id}) if found else None

    async def taken(self, id: str, report: Mapping[str, Any]) -> None:
        """It was taken: the content goes, what was said of it stays for the day."""
        await self._many.update_one({"_id": id}, {"$set": {"report": dict(report)}, "$unset": {"content": ""}})
