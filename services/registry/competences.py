"""Which competences there are: those that every post knows, and the technical ones that some post demands."""

from collections.abc import Collection

from services.registry.store import DEMANDED, Database
from shared.kernel.competence import COMMON
from shared.kernel.decider import Refused


async def must_exist(db: Database, names: Collection[str], where: str, had: Collection[str] = ()) -> None:
    """Technical competences are each agency's own, so the posts say which there are; what a record `had` may stay.

    Raises Refused UNKNOWN_COMPETENCE.
    """
    for name in sorted(set(names) - set(COMMON) - set(had)):
        if await db["posts"].find_one({f"{DEMANDED}.{name}": {"$exists": True}}, {"_id": 1}) is None:
            raise Refused("UNKNOWN_COMPETENCE", where=where, status=422, name=name, common=", ".join(COMMON))
