"""What the registry's documents say of a file that is to be taken back."""

from typing import Any

from services.registry.store import BATCH, Database

_STANDS_ON = {
    "units": (("posts", "registered.unit"), ("people", "profile.placement.unit")),
    "posts": (
        ("people", "profile.placement.post"),
        ("vacancies", "published.placement.post"),
        ("needs", "assessed.post"),
    ),
}
"""Per kind of file: the documents, and the field of theirs, that need a record of the file."""
_PAGE = 1000


async def of_batch(db: Database, kind: str, file: str, limit: int) -> list[str]:
    """Ids of records that still are as the file said."""
    found = db[kind].find({BATCH: file}, {"_id": 1}).sort("_id", 1).limit(limit)
    return [row["_id"] async for row in found]


async def sealed(db: Database, kind: str, file: str) -> int:
    """How many of its records something else was said of since."""
    return int(await db[kind].count_documents({BATCH: file, "state.imported.sealed": True}))


async def needed(db: Database, kind: str, file: str) -> int:
    """How many others stand on records that were not there before the file."""
    many, ids = 0, list[str]()
    async for row in db[kind].find({BATCH: file, "state.imported.before": None}, {"_id": 1}):
        ids.append(row["_id"])
        if len(ids) == _PAGE:
            many, ids = many + await _standing(db, kind, ids), []
    return many + await _standing(db, kind, ids)


async def _standing(db: Database, kind: str, ids: list[str]) -> int:
    many = 0
    for other, field in _STANDS_ON.get(kind, ()):
        query: dict[str, Any] = {f"state.{field}": {"$in": ids}}
        many += await db[other].count_documents(query)
    return many
