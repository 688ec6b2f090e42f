"""What a career is made of: the profiles as they were told, training plans, reviews, and the posts of an agency."""

from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from services.evaluation.domain.batch.crowd import Crowd
from services.evaluation.domain.career.line import Step, line
from services.evaluation.domain.facts import Employee, Known, Officeholder, Post, Region
from services.evaluation.domain.review.state import Review
from services.evaluation.domain.training.trainings import Training
from shared.contracts.registry import Profile
from shared.kernel.decider import Fact

Database = AsyncIOMotorDatabase[Any]
MANY = 2_000  # steps of one person, and posts of an agency that are looked at


async def profile_of(db: Database, person: str) -> Profile | None:
    """The profile as it is known now."""
    found = await db[f"fact_{Employee.KIND}"].find_one({"_id": person, "value": {"$ne": None}})
    return Employee.model_validate(found["value"]).profile if found else None


async def steps_of(db: Database, person: str) -> tuple[Step, ...]:
    """The line of time of a person."""
    told = [Known.model_validate(one["value"]) for one in await _all(db, f"fact_{Known.KIND}", "value.person", person)]
    plans = [Training.model_validate(one["state"]) for one in await _all(db, "trainings", "state.person", person)]
    looks = [Review.model_validate(one["state"]) for one in await _all(db, "reviews", "state.person", person)]
    return line(told, plans, looks)


async def crowd_of(db: Database, profile: Profile, crowd: Crowd) -> Crowd:
    """The one person against the posts of their agency; `crowd` says on which day and as whose wish."""
    agency = profile.placement.agency
    posts = [
        Post.model_validate(one["value"]).sought
        for one in await _all(db, f"fact_{Post.KIND}", "value.sought.placement.agency", agency)
    ]
    held = next((one for one in posts if one.placement.post == profile.placement.post), None)
    offices = await _facts(db, Officeholder, profile.relatives)
    regions = await _facts(db, Region, (agency,))
    return Crowd(
        on=crowd.on,
        people=[profile],
        vacancies=posts,
        ages={profile.placement.post: held.retirement_age} if held else {},
        offices={id: Officeholder.model_validate(value).offices for id, value in offices.items()},
        regions={id: Region.model_validate(value) for id, value in regions.items()},
        initiative=crowd.initiative,
    )


async def _facts(db: Database, kind: type[Fact], ids: tuple[str, ...]) -> dict[str, Any]:
    query = {"_id": {"$in": sorted(set(ids))}, "value": {"$ne": None}}
    return {one["_id"]: one["value"] async for one in db[f"fact_{kind.KIND}"].find(query)}


async def _all(db: Database, name: str, field: str, value: str) -> list[dict[str, Any]]:
    return await db[name].find({field: value}).sort("_id", 1).limit(MANY).to_list(MANY)
