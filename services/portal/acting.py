"""For whom somebody acts as a substitute (pengganti), as the header of an approver's pages says it."""

from datetime import date
from typing import Any

from services.portal.store import Views
from shared.kernel.decider import Actor

PAGES = ("/tugas", "/pengganti")
"""Where a right to act for somebody else counts."""


async def acting_for(views: Views, actor: Actor, on: date) -> list[dict[str, Any]]:
    """The absent holder, their office and where it is, for each right that holds that day."""
    held = await views.stood_in_for(actor.person, on) if actor.person else []
    people = await views.people(one.absent for one in held)
    places = await views.places(one.unit or one.agency for one in held)
    return [
        {"who": people.get(one.absent, one.absent), "office": one.office, "place": places[one.unit or one.agency].name}
        for one in held
    ]
