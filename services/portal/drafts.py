"""Applications that are being written: what somebody answered so far, kept until it is handed in.

A proposal needs all of its answers at once; who writes it answers one at a time, perhaps over days. What nobody touched
for a season is erased by the database itself.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from shared.kernel.decider import Frozen

Database = AsyncIOMotorDatabase[Any]
KEPT = timedelta(days=90)
TEXTS = ("purpose", "expected_result", "reason")
LONGEST, MANY = 2000, 20


class Draft(Frozen):
    """The answers so far. `case` is the draft that the proposal service has of them, `sent` what it was told last."""

    id: str
    person: str
    vacancy: str = ""
    purpose: str = ""
    expected_result: str = ""
    reason: str = ""
    case: str = ""
    sent: str = ""
    saved_at: datetime

    @property
    def answers(self) -> dict[str, str]:
        """What is wished, as the proposal service takes it."""
        return {name: str(getattr(self, name)) for name in ("vacancy", *TEXTS)}

    @property
    def digest(self) -> str:
        """Tells answers that the proposal service has from those it does not have yet."""
        return sha256(repr(sorted(self.answers.items())).encode()).hexdigest()[:24]

    @property
    def missing(self) -> str:
        """The first question without an answer, "" for none."""
        return next((name for name, said in self.answers.items() if not said), "")


class Drafts:
    """Reads and writes them; each is its writer's alone."""

    def __init__(self, db: Database) -> None:
        self._many = db["drafts"]

    async def open(self) -> None:
        """Make the indexes."""
        await self._many.create_index("person", name="by_person")
        await self._many.create_index("saved_at", name="season", expireAfterSeconds=int(KEPT.total_seconds()))

    async def begin(self, person: str, answers: Mapping[str, str]) -> str:
        """A new one; its id. Of a case the proposal service has the answers; one that was begun for it goes on."""
        if case := answers.get("case", ""):
            found = await self._many.find_one({"person": person, "case": case}, {"_id": 1})
            if found is not None:
                return str(found["_id"])
        new = Draft.model_validate(
            {"id": secrets.token_urlsafe(12), "person": person, "saved_at": datetime.now(UTC), **answers}
        )
        sent = new.digest if new.case else ""
        await self._many.insert_one({"_id": new.id, **new.model_dump(exclude={"id"}), "sent": sent})
        return new.id

    async def get(self, id: str, person: str) -> Draft | None:
        """One's own; None for another's, or what is not there."""
        found = await self._many.find_one({"_id": id, "person": person})
        return _draft(found) if found else None

    async def of(self, person: str) -> list[Draft]:
        """All of one's own, the last written first; those that mend a case are found at the case."""
        found = self._many.find({"person": person}).sort("saved_at", -1).limit(MANY)
        return [_draft(one) async for one in found]

    async def save(self, draft: Draft, **answers: str) -> Draft:
        """Keep these answers; the draft with them."""
        kept = {name: said[:LONGEST] for name, said in answers.items()} | {"saved_at": datetime.now(UTC)}
        await self._many.update_one({"_id": draft.id, "person": draft.person}, {"$set": kept})
        return draft.model_copy(update=kept)

    async def end(self, draft: Draft) -> None:
        """It was handed in, or is not wanted any more."""
        await self._many.delete_one({"_id": draft.id, "person": draft.person})


def _draft(found: Mapping[str, Any]) -> Draft:
    return Draft.model_validate({**found, "id": found["_id"]})
