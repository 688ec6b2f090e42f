"""What the registry's own documents know of what a file refers to."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from services.registry.store import Database, Document
from shared.runtime.passing import guarded


class Sitting(NamedTuple):
    """Who sits where."""

    person: str
    nip: str
    name: str
    status: str
    agency: str
    unit: str
    post: str


@guarded
class Shelves:
    """What an import asks the registry's own documents, which are newer than its facts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def known(self, kind: str, ids: Collection[str]) -> Mapping[str, str]:
        """Registered agencies, units, posts, or published vacancies among the ids; a post with the id of its unit."""
        said = "published" if kind == "vacancies" else "registered"
        query = {"_id": {"$in": sorted(ids)}, f"state.{said}": {"$ne": None}}
        found = self._db[kind].find(query, {f"state.{said}.unit": 1})
        return {row["_id"]: row["state"][said].get("unit", "") async for row in found}

    async def sitting(self, ids: Collection[str], units: Collection[str]) -> dict[str, Sitting]:
        """These people, and everybody who serves in these units, by id."""
        here = {"state.profile.placement.unit": {"$in": sorted(units)}, "state.profile.status": "active"}
        shown = {"state.profile.placement": 1, "state.profile.status": 1, "state.nip": 1, "state.particulars.name": 1}
        query = {"$or": [{"_id": {"$in": sorted(ids)}, "state.profile": {"$ne": None}}, here]}
        return {row["_id"]: _sitting(row["_id"], row["state"]) async for row in self._db["people"].find(query, shown)}

    async def persons(self, nips: Collection[str]) -> Mapping[str, str]:
        """Person ids by NIP, also by one they no longer have; the holder of today goes before."""
        wanted = {"$in": sorted(nips)}
        query = {"$or": [{"state.nip": wanted}, {"state.former": wanted, "state.former.0": {"$exists": True}}]}
        found = [row async for row in self._db["people"].find(query, {"state.nip": 1, "state.former": 1})]
        former = {nip: row["_id"] for row in found for nip in row["state"].get("former", ())}
        return {nip: id for nip, id in former.items() if nip in nips} | {
            row["state"]["nip"]: row["_id"] for row in found if row["state"]["nip"] in nips
        }


def _sitting(id: str, state: Document) -> Sitting:
    place, known = state["profile"]["placement"], state.get("particulars") or {}
    about = (state["nip"], known.get("name", ""), state["profile"]["status"])
    return Sitting(id, *about, place["agency"], place["unit"], place["post"])
