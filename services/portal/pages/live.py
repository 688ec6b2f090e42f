"""What keeps an open page true: a stream (Server-Sent Events) that says when something was added, and not what."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.portal.access import allowed
from services.portal.pages.queue import View, asked_of, print_of
from services.portal.store import Views
from services.portal.web import Trouble, Visitor, refused

router = APIRouter(prefix="/langsung")
SECONDS, ROUNDS, SELDOM = 1.0, 300, 15
"""Between two looks, how often one stream looks (the browser then opens the next by itself), and at a desk at least."""
MANY = 100  # cases of one person that are watched
Look = Callable[[], Awaitable[tuple[str, list[str]]]]
"""What tells the state of a queue from another, and its cases."""
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


async def my_queue(visit: Visitor, view: View = "offices", stage: str = "", overdue: str = "") -> Look:
    """How my queue looks, whenever it is asked. Raises SignIn, Trouble."""
    path = f"/v1/tasks?{urlencode(asked_of(view, stage, overdue))}"

    async def look() -> tuple[str, list[str]]:
        answer = await visit.ask("approval", path)
        if not answer.ok:
            raise refused(answer, visit.words)
        items = answer.body["items"]
        return print_of(items), [item["case"] for item in items]

    await look()
    return look


@router.get("/tugas", response_class=EventSourceResponse)
async def queue(
    visit: Visitor, look: Annotated[Look, Depends(my_queue)], dari: str = "", last_event_id: Seen = ""
) -> AsyncIterator[ServerSentEvent]:
    """Something changed in my queue. The desk is asked when an event touched a case in it or a task was queued
    for one of my offices, and now and then, for whom I stand in."""
    places = [(held.office, held.agency) for held in (await visit.actor()).offices]
    seen, views, cases, known = last_event_id or dari, visit.portal.views, list[str](), (-1, -1)
    for turn in range(ROUNDS):
        now = (await views.count(cases), await views.queued(places))
        if now != known or turn % SELDOM == 0:
            try:
                mark, found = await look()
            except Trouble:
                return
            # Counted before the desk was asked, so nothing is missed; of other cases it is counted anew first.
            known, cases = now if found == cases else (-1, -1), found
            if mark != seen:
                seen = mark
                yield ServerSentEvent(event="changed", raw_data="1", id=mark)
        await asyncio.sleep(SECONDS)


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
