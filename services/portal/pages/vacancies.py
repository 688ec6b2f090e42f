"""Open vacancies, how the visitor fits each and why; one with every rule and its source; up to three side by side."""

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.portal.domain.facts import Place
from services.portal.domain.search import RANKS, Offer, Search, choices
from services.portal.remote import Answer
from services.portal.store import ids_of
from services.portal.web import Poster, Visit, Visitor, refused
from shared.contracts.registry import Placement

router = APIRouter()
PAGES = 10  # of 200 vacancies each
SHOWN = 10
BESIDE = 3
Compared = Annotated[list[str], Query(max_length=20)]


@router.get("/lowongan")
async def listed(visit: Visitor, search: Annotated[Search, Query()]) -> Response:
    """A page of them, those that close first on top, with the visitor's fit."""
    kept = await visit.portal.saved.of(visit.user.login)
    offers = await offers_for(visit, search.rank)
    places = await places_of(visit, offers)
    found = search.found(offers, places, kept)
    pages = max(1, -(-len(found) // SHOWN))
    page = min(search.hal, pages)
    shown = found[(page - 1) * SHOWN : page * SHOWN]
    values = {"shown": shown, "count": len(found), "page": page, "pages": pages, "search": search, "kept": kept}
    lists = choices(offers, places)
    lists["jenis"] = [(kind, visit.words.name("post_kinds", kind)) for kind, _ in lists["jenis"]]
    lists["golongan"] = [(rank, rank) for rank in RANKS]
    more = {"places": places, "fits": await _fits(visit, shown), "choices": lists}
    return await visit.show("vacancies.html.jinja", values | more)


@router.get("/lowongan/banding")
async def beside(visit: Visitor, v: Compared = []) -> Response:  # noqa: B006 - FastAPI copies it
    """Two or three of them side by side: what they ask and offer, and how the visitor fits."""
    visit.user  # noqa: B018 - raises SignIn
    offers = [await _offer(visit, vacancy) for vacancy in list(dict.fromkeys(v))[:BESIDE]]
    values = {"offers": offers, "places": await places_of(visit, offers), "fits": await _fits(visit, offers)}
    return await visit.show("compare.html.jinja", values)


@router.get("/lowongan/{vacancy}")
async def one(visit: Visitor, vacancy: str) -> Response:
    """One of them: what it asks, and how the visitor fits, rule by rule."""
    kept = await visit.portal.saved.of(visit.user.login)
    offer = await _offer(visit, vacancy)
    values = {"offer": offer, "places": await places_of(visit, [offer]), "evaluation": await preview(visit, vacancy)}
    return await visit.show("vacancy.html.jinja", {**values, "kept": vacancy in kept})


@router.post("/lowongan/{vacancy}/simpan")
async def keep(visit: Poster, vacancy: str) -> Response:
    """Keep it to come back to, or no longer."""
    offer = await _offer(visit, vacancy)
    if visit.fields.get("lepas"):
        await visit.portal.saved.let_go(visit.user.login, offer["id"])
        return await visit.go(f"/lowongan/{vacancy}", visit.words.say("Tidak disimpan lagi.", "No longer kept."))
    await visit.portal.saved.keep(visit.user.login, offer["id"])
    return await visit.go(f"/lowongan/{vacancy}", visit.words.say("Lowongan disimpan.", "The vacancy is kept."))


async def preview(visit: Visit, vacancy: str) -> Answer:
    """What an evaluation would say today."""
    return await visit.ask("evaluation", f"/v1/previews/{quote(vacancy)}?lang={visit.lang}")


async def _offer(visit: Visit, vacancy: str) -> Offer:
    """Raises Trouble."""
    answer = await visit.ask("registry", f"/v1/vacancies/{quote(vacancy)}")
    if not answer.ok:
        raise refused(answer, visit.words)
    return dict(answer.body)


async def offers_for(visit: Visit, rank: str = "") -> list[Offer]:
    """Open vacancies for people of the user's agency, as far as the registry lists them; all for whoever has none."""
    mine = await visit.ask("registry", "/v1/me")
    if not mine.ok:
        raise refused(mine, visit.words)
    agency = ((mine.body.get("profile") or {}).get("placement") or {}).get("agency", "")
    found: list[Offer] = []
    after = ""
    for _page in range(PAGES):
        query = urlencode({"open": "true", "limit": 200, "open_to": agency, "rank": rank, "after": after})
        answer = await visit.ask("registry", f"/v1/vacancies?{query}")
        if not answer.ok:
            raise refused(answer, visit.words)
        found += answer.body["items"]
        after = answer.body["next"]
        if not after:
            break
    return sorted(found, key=lambda offer: str(offer["closes_on"]))


async def places_of(visit: Visit, offers: list[Offer]) -> dict[str, Place]:
    """What the places of these vacancies are called."""
    return await visit.portal.views.places(ids_of(*(Placement.model_validate(one["placement"]) for one in offers)))


async def _fits(visit: Visit, offers: list[Offer]) -> dict[str, Any]:
    """The fit by vacancy; none while the evaluation does not know the visitor."""
    if not offers:
        return {}
    query = urlencode([("vacancy", offer["id"]) for offer in offers] + [("lang", visit.lang)])
    answer = await visit.ask("evaluation", f"/v1/previews?{query}")
    return {fit["vacancy"]: fit for fit in answer.body["items"]} if answer.ok else {}
