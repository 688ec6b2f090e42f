"""The HTTP door to the restricted fields of a record: for an office that says why, and the person sees who looked."""

from fastapi import APIRouter

from services.registry.domain import LOOKS, PEOPLE
from services.registry.domain.looks import RESTRICTED, LookAt, looks_of
from shared.host.http import Caller, Json

router = APIRouter()


@router.post("/v1/people/{person}/restricted", name="person.restricted")
async def look(person: str, body: LookAt, call: Caller) -> Json:
    """What a record says of discipline; that it was looked at, by whom and why, is written down first."""
    state = await call.read(PEOPLE, person)
    await call.tell(LOOKS, looks_of(person), body)
    shown = state.profile.model_dump(mode="json", include=set(RESTRICTED)) if state.profile else {}
    return Json({"person": person, **shown})


@router.get("/v1/people/{person}/looks", name="person.looks")
async def looks(person: str, call: Caller) -> Json:
    """Who looked, when and why: for the person themselves, and for auditors."""
    await call.read(PEOPLE, person)
    found = await call.db[LOOKS.name].find_one({"_id": looks_of(person)}, {"state": 1})
    return Json(dict(LOOKS.answer(LOOKS.state.model_validate(found["state"]) if found else LOOKS.initial(person))))
