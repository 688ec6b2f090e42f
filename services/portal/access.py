"""Who may see a case: the person it is about, and whoever one of its owners lets see it."""

from typing import NamedTuple
from urllib.parse import quote

from services.portal.domain.facts import File
from services.portal.web import Trouble, Visit, refused


class Reader(NamedTuple):
    """Who reads: the person concerned, who reads no names of officials, or somebody else; and in which time zone."""

    own: bool
    zone: str


async def allowed(visit: Visit, case: str) -> tuple[File, bool]:
    """The file, and whether it is the user's own. Others may see it if one of its owners lets them. Raises SignIn,
    Trouble."""
    actor, file = await visit.actor(), await visit.portal.views.file(case)
    if file is not None and actor.person and file.content.person == actor.person:
        return file, True
    asked = [("approval", f"/v1/cases/{quote(case)}"), ("proposal", f"/v1/proposals/{quote(case)}")]
    for service, path in asked:
        answer = await visit.ask(service, path)
        if answer.ok and file is not None:
            return file, False
    if file is None or answer.ok:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    raise refused(answer, visit.words)


async def reader_of(visit: Visit, case: str) -> Reader | None:
    """How the user reads a case, None for who may not see it. Raises SignIn."""
    try:
        file, own = await allowed(visit, case)
    except Trouble:
        return None
    agency = file.content.origin.agency
    return Reader(own, (await visit.portal.views.places([agency]))[agency].zone)
