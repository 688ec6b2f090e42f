"""Open vacancies, how the visitor fits each and why, and one vacancy with every rule and its source."""

from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.domain.facts import Place
from services.portal.remote import Answer
from services.portal.store import ids_of
from services.portal.web import Visit, Visitor, refused
from shared.contracts.registry import Placement

router = APIRouter()
PAGES = 10  # of 200 vacancies each
SHOWN = 10
Offer = dict[str, Any]


@router.get("/lowongan")
async def listed(visit: Visitor, cari: str = "", hal: int = 1) -> Response:
    """A page of them, those that close first on top, with the visitor's fit."""
    offers = await offers_for(visit)
    places = await places_of(visit, offers)
    found = [offer for offer in offers if _matches(offer, places, cari)]
    pages = max(1, -(-len(found) // SHOWN))
    page = min(max(hal, 1), pages)
    shown = found[(page - 1) * SHOWN : page * SHOWN]
    values = {"shown": shown, "count": len(found), "page": page, "pages": pages, "wanted": cari[:100]}
    return await visit.show("vacancies.html.jinja", {**values, "places": places, "fits": await _fits(visit, shown)})


@router.get("/lowongan/{vacancy}")
async def one(visit: Visitor, vacancy: str) -> Response:
    """One of them: what it asks, and how the visitor fits, rule by rule."""
    visit.user  # noqa: B018 - raises SignIn
    answer = await visit.ask("registry", f"/v1/vacancies/{quote(vacancy)}")
    if not answer.ok:
        raise refused(answer, visit.words)
    offer = dict(answer.body)
    values = {"offer": offer, "places": await places_of(visit, [offer]), "evaluation": await preview(visit, vacancy)}
    return await visit.show("vacancy.html.jinja", values)


async def preview(visit: Visit, vacancy: str) -> Answer:
    """What an evaluation would say today."""
    return await visit.ask("evaluation", f"/v1/previews/{quote(vacancy)}?lang={visit.lang}")


async def offers_for(visit: Visit) -> list[Offer]:
    """Open vacancies for people of the user's agency, as far as the registry lists them; all for whoever has none."""
    mine = await visit.ask("registry", "/v1/me")
    if not mine.ok:
        raise refused(mine, visit.words)
    agency = ((mine.body.get("profile") or {}).get("placement") or {}).get("agency", "")
    found: list[Offer] = []
    after = ""
    for _page in range(PAGES):
        path = f"/v1/vacancies?open=true&limit=200&open_to={quote(agency)}&after={quote(after)}"
        answer = await visit.ask("registry", path)
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


def _matches(offer: Offer, places: dict[str, Place], wanted: str) -> bool:
    names = [places[id].name for id in (offer["placement"]["unit"], offer["placement"]["agency"])]
    text = " ".join([offer["post_title"], *names]).lower()
    return all(word in text for word in wanted.lower().split())


async def _fits(visit: Visit, offers: list[Offer]) -> dict[str, Any]:
    """The fit by vacancy; none while the evaluation does not know the visitor."""
    if not offers:
        return {}
    query = urlencode([("vacancy", offer["id"]) for offer in offers] + [("lang", visit.lang)])
    answer = await visit.ask("evaluation", f"/v1/previews?{query}")
    return {fit["vacancy"]: fit for fit in answer.body["items"]} if answer.ok else {}
