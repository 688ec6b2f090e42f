"""What keeps an open page true: a stream (Server-Sent Events) that says when something was added, and not what."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.portal.pages.cases import allowed
from services.portal.store import Views
from services.portal.web import Visitor

router = APIRouter(prefix="/langsung")
SECONDS, ROUNDS = 1.0, 300
"""Between two looks, and how often one stream looks; the browser then opens the next by itself."""
MANY = 100  # cases of one person that are watched
Seen = Annotated[str, Header(alias="last-event-id", max_length=20)]


async def own_cases(visit: Visitor) -> Sequence[str]:
    """The cases of who is signed in. Raises SignIn."""
    actor = await visit.actor()
    return list(await visit.portal.views.files_of(actor.person, MANY)) if actor.person else ()


async def one_case(visit: Visitor, case: str) -> Sequence[str]:
    """This case, if the user may see it. Raises SignIn, Trouble."""
    await allowed(visit, case)
    return (case,)


@router.get("/saya", response_class=EventSourceResponse)
async def mine(
    visit: Visitor, cases: Annotated[Sequence[str], Depends(own_cases)], dari: int = 0, last_event_id: Seen = ""
) -> AsyncIterator[ServerSentEvent]:
    """Something was added to one of my cases."""
    async for event in _changes(visit.portal.views, cases, dari, last_event_id):
        yield event


@router.get("/perkara/{case}", response_class=EventSourceResponse)
async def one(
    visit: Visitor, cases: Annotated[Sequence[str], Depends(one_case)], dari: int = 0, last_event_id: Seen = ""
) -> AsyncIterator[ServerSentEvent]:
    """Something was added to this case."""
    async for event in _changes(visit.portal.views, cases, dari, last_event_id):
        yield event


async def _changes(views: Views, cases: Sequence[str], shown: int, last: str) -> AsyncIterator[ServerSentEvent]:
    """One event whenever there are more entries than the page shows, or than the browser was told of."""
    seen = max(shown, int(last) if last.isdecimal() else 0)
    for _ in range(ROUNDS):
        there = await views.count(cases)
        if there > seen:
            seen = there
            yield ServerSentEvent(event="changed", raw_data="1", id=str(there))
        await asyncio.sleep(SECONDS)
