"""The registry's HTTP door: organisation, people, offices, vacancies, and the CSV import."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.registry import store
from services.registry.competences import must_exist
from services.registry.corrections import router as corrections
from services.registry.domain import AGENCIES, PEOPLE, POSTS, UNITS, VACANCIES
from services.registry.domain.changes import AmendVacancy, CancelVacancy, CloseVacancy
from services.registry.domain.ids import person_id, post_id, unit_id, vacancy_id
from services.registry.domain.looks import RESTRICTED
from services.registry.domain.offices import AssignOffice, EndOffice
from services.registry.domain.organisation import RegisterAgency, RegisterPost
from services.registry.domain.person import ForgetPerson, LinkAccount, Person, RegisterPerson, UpdatePerson
from services.registry.domain.units import RegisterUnit
from services.registry.domain.vacancies import PublishVacancy
from services.registry.imports.http import router as imports
from services.registry.imports.reorganisation_http import router as reorganisations
from services.registry.needs import router as needs
from services.registry.policy import desks
from services.registry.quality import router as quality
from services.registry.restricted import router as restricted
from services.registry.shelves import Shelves
from services.registry.signals import router as signals
from shared.host.http import Call, Caller, Json
from shared.kernel.calendar import Zone
from shared.kernel.decider import Actor, Decider, Refused
from shared.runtime.service import Asked

router = APIRouter()
router.include_router(imports)
router.include_router(reorganisations)
router.include_router(needs)
router.include_router(quality)
router.include_router(corrections)
router.include_router(restricted)
router.include_router(signals)
After = Annotated[str, Query(max_length=120)]
Limit = Annotated[int, Query(ge=1, le=200)]
Filter = Annotated[str, Query(max_length=120)]


@router.post("/v1/agencies", name="agency.register")
async def register_agency(body: RegisterAgency, call: Caller) -> Json:
    """Let an agency be known; the same again changes nothing."""
    return await call.send(AGENCIES, body.agency, body)


@router.post("/v1/units", name="unit.register")
async def register_unit(body: RegisterUnit, call: Caller) -> Json:
    """Let a unit be known; the same again changes nothing."""
    return await call.send(UNITS, unit_id(body.agency, body.unit), body)


@router.post("/v1/posts", name="post.register")
async def register_post(body: RegisterPost, call: Caller) -> Json:
    """Let a post be known; the same again changes nothing."""
    return await call.send(POSTS, post_id(body.agency, body.post), body)


@router.get("/v1/agencies", name="agency.list")
async def agencies(call: Caller, after: After = "", limit: Limit = 50) -> Json:
    """All agencies, page by page: `next` is the `after` of the following page, "" on the last."""
    await call.allow()
    return await _page(call, AGENCIES, {}, after, limit)


@router.get("/v1/agencies/{agency}", name="agency.read")
async def agency(agency: str, call: Caller) -> Json:
    """One agency."""
    return await call.show(AGENCIES, agency)


@router.get("/v1/units", name="unit.list")
async def units(call: Caller, agency: Filter = "", after: After = "", limit: Limit = 50) -> Json:
    """The units, of one agency where that is given."""
    await call.allow()
    return await _page(call, UNITS, store.only("state.registered", agency=agency), after, limit)


@router.get("/v1/units/{unit}", name="unit.read")
async def unit(unit: str, call: Caller) -> Json:
    """One unit."""
    return await call.show(UNITS, unit)


@router.get("/v1/posts", name="post.list")
async def posts(
    call: Caller,
    agency: Filter = "",
    unit: Filter = "",
    kind: Filter = "",
    after: After = "",
    limit: Limit = 50,
) -> Json:
    """The posts with their seats (formasi) and holders (bezetting)."""
    await call.allow()
    query = store.only("state.registered", agency=agency, unit=unit, kind=kind)
    return await _page(call, POSTS, query, after, limit)


@router.get("/v1/posts/{post}", name="post.read")
async def post(post: str, call: Caller) -> Json:
    """One post."""
    return await call.show(POSTS, post)


@router.post("/v1/people", name="person.register")
async def register_person(body: RegisterPerson, call: Caller) -> Json:
    """A person with everything known of them; a known NIP meets the same person."""
    known = await Shelves(call.db).persons([body.nip])
    return await call.send(PEOPLE, known.get(body.nip) or person_id(body.agency, body.nip), body)


@router.patch("/v1/people/{person}", name="person.update")
async def update_person(person: str, body: UpdatePerson, call: Caller) -> Json:
    """What changed about a person; what is left out stays. A competence is one that exists, or was in the record."""
    if body.competences:
        profile = (await call.read(PEOPLE, person)).profile
        await must_exist(call.db, body.competences, "competences", profile.competences if profile else ())
    return await call.send(PEOPLE, person, body)


@router.get("/v1/people", name="person.list")
async def people(call: Caller, agency: Filter = "", unit: Filter = "", after: After = "", limit: Limit = 50) -> Json:
    """The people of the caller's agencies and units, with their names."""
    actor = await call.allow()
    query = store.only("state.profile.placement", agency=agency, unit=unit)
    found = await store.page(call.db, PEOPLE.name, {"$and": [query, _within(actor, call)]}, after, limit)
    after = store.cursor(found[-1]) if len(found) == limit else ""
    return Json({"items": [_person(document) for document in found], "next": after})


@router.get("/v1/me", name="person.me")
async def me(call: Caller) -> Json:
    """The caller's own record: who they are, what they hold, which offices."""
    actor = await call.allow()
    found = await store.page(call.db, PEOPLE.name, {"state.person": actor.person}, "", 1) if actor.person else []
    return Json({"login": call.login, "admin": actor.admin, **(_person(found[0], own=True) if found else {})})


@router.get("/v1/people/{person}", name="person.read")
async def person(person: str, call: Caller) -> Json:
    """One person with their particulars, for themselves and the offices of their agency and unit."""
    state = await call.read(PEOPLE, person)
    return Json({"id": person, **_shown(state, own=state.login == call.login)})


@router.post("/v1/people/{person}/offices", name="office.assign")
async def assign_office(person: str, body: AssignOffice, call: Caller) -> Json:
    """Give a person an office."""
    return await call.send(PEOPLE, person, body)


@router.post("/v1/people/{person}/offices/end", name="office.end")
async def end_office(person: str, body: EndOffice, call: Caller) -> Json:
    """End an office from a day on."""
    return await call.send(PEOPLE, person, body)


@router.post("/v1/people/{person}/forget", name="person.forget")
async def forget_person(person: str, body: ForgetPerson, call: Caller) -> Json:
    """Erase name, number and contacts of a person, here and wherever they were told."""
    return await call.send(PEOPLE, person, body)


@router.post("/v1/people/{person}/account", name="account.link")
async def link_account(person: str, body: LinkAccount, call: Caller) -> Json:
    """Say that a login is this person."""
    return await call.send(PEOPLE, person, body)


@router.post("/v1/vacancies", name="vacancy.publish", status_code=201)
async def publish_vacancy(body: PublishVacancy, call: Caller) -> Json:
    """Publish a vacancy. A repeat meets the same one by its own reference, else by the Idempotency-Key."""
    id = vacancy_id(body.agency, body.reference) if body.reference else call.new_id("v")
    return await call.send(VACANCIES, id, body)


@router.post("/v1/vacancies/{vacancy}/amend", name="vacancy.amend")
async def amend_vacancy(vacancy: str, body: AmendVacancy, call: Caller) -> Json:
    """Change how many seats, until when, or what for. Fewer seats let go of the youngest reservations."""
    return await call.send(VACANCIES, vacancy, body)


@router.post("/v1/vacancies/{vacancy}/close", name="vacancy.close")
async def close_vacancy(vacancy: str, body: CloseVacancy, call: Caller) -> Json:
    """Let nobody else apply; who applied in time goes on."""
    return await call.send(VACANCIES, vacancy, body)


@router.post("/v1/vacancies/{vacancy}/cancel", name="vacancy.cancel")
async def cancel_vacancy(vacancy: str, body: CancelVacancy, call: Caller) -> Json:
    """Take a vacancy back."""
    return await call.send(VACANCIES, vacancy, body)


@router.get("/v1/vacancies", name="vacancy.list")
async def vacancies(wanted: Annotated[store.Wanted, Query()], call: Caller) -> Json:
    """The vacancies by agency, unit, kind of post, region, rank of whoever would apply, closing date, and whether one
    can still apply."""
    await call.allow()
    region = await store.of_region(call.db, wanted.region) if wanted.region else None
    query = store.offered(wanted, region)
    return await _page(call, VACANCIES, query, wanted.after, wanted.limit, wanted.order)


@router.get("/v1/vacancies/{vacancy}", name="vacancy.read")
async def vacancy(vacancy: str, call: Caller) -> Json:
    """One vacancy as it stands."""
    state = await call.read(VACANCIES, vacancy)
    if state.published is None:
        raise Refused("UNKNOWN_VACANCY", status=404)
    return await call.show(VACANCIES, vacancy)


async def _page(
    call: Call, decider: Decider[Any], query: Mapping[str, Any], after: str, limit: int, by: str = ""
) -> Json:
    found = await store.page(call.db, decider.name, query, after, limit, by)
    rows = [
        {
            **decider.answer(decider.state.model_validate(row["state"])),
            "id": row["_id"],
            "version": row["sequence"],
        }
        for row in found
    ]
    return Json({"items": rows, "next": store.cursor(found[-1], by) if len(found) == limit else ""})


def _within(actor: Actor, call: Call) -> Mapping[str, Any]:
    """The people that the caller's offices let them see."""
    if actor.admin:
        return {}
    today = call.now().astimezone(Zone.WIB.info).date()
    seats = [
        store.only("state.profile.placement", agency=desk.agency, unit=desk.unit)
        for desk in desks(actor, Asked(actor, today, None))
    ]
    return {"$or": seats}


def _person(document: Mapping[str, Any], *, own: bool = False) -> dict[str, Any]:
    return {
        **_shown(Person.model_validate(document["state"]), own=own),
        "id": document["_id"],
        "version": document["sequence"],
    }


def _shown(state: Person, *, own: bool) -> dict[str, Any]:
    """Everything but what only the registry needs, what the person asked their agency (`corrections.py`), and what
    others see only when they say why."""
    inner = ("settled", "sole_seat", "nip", "former", "imported", "corrections", "reveals")
    hidden: dict[str, Any] = {**dict.fromkeys(inner, True), "particulars": {"wishes": True}}
    return state.model_dump(mode="json", exclude=hidden if own else {**hidden, "profile": set(RESTRICTED)})
