"""Vacancies that somebody keeps to come back to; erased by the database half a year after they were kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

Database = AsyncIOMotorDatabase[Any]
KEPT = timedelta(days=180)
MANY = 200


class Saved:
    """Each login's own."""

    def __init__(self, db: Database) -> None:
        self._many = db["saved"]

    async def open(self) -> None:
        """Make the indexes."""
        await self._many.create_index("login", name="by_login")
        await self._many.create_index("at", name="season", expireAfterSeconds=int(KEPT.total_seconds()))

    async def of(self, login: str) -> set[str]:
        """The vacancies that this login keeps, the last kept of very many."""
        found = self._many.find({"login": login}).sort("at", -1).limit(MANY)
        return {str(one["vacancy"]) async for one in found}

    async def keep(self, login: str, vacancy: str) -> None:
        """Keep it."""
        row = {"login": login, "vacancy": vacancy, "at": datetime.now(UTC)}
        await self._many.replace_one({"_id": f"{login} {vacancy}"}, row, upsert=True)

    async def let_go(self, login: str, vacancy: str) -> None:
        """Keep it no longer."""
        await self._many.delete_one({"_id": f"{login} {vacancy}"})
