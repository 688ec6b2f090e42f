"""Somebody was quicker: who did what to a case or a vacancy since its page was opened, for a command that is refused
over it."""

import asyncio
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from services.portal.access import Reader, reader_of
from services.portal.domain.facts import Change
from services.portal.store import POLL_SECONDS, Doing
from services.portal.web import Visit

CONFLICT, CHANGED, LOST = 409, 412, "NOT_CLAIMED_BY_YOU"
SHOWN, PATIENCE = 5, 2.0
"""Lines, and seconds to wait for the events of what the service knows already."""
Problem = Mapping[str, Any] | None


async def told(
    visit: Visit, id: str, problem: Problem, status: int, *, own: bool = False, zone: str = "WIB"
) -> dict[str, Any] | None:
    """The problem, and where the case or vacancy changed meanwhile also what happened: moment, name, deed. Whether the
    user may see it was asked before."""
    if problem is None or not conflict(problem, status):
        return dict(problem) if problem else None
    return {**problem, "meanwhile": (await _lines(visit, {id: Reader(own, zone)}))[id]}


async def of_case(visit: Visit, case: str, problem: Problem, status: int) -> dict[str, Any] | None:
    """The same for a page that does not know whether it is the user's own case, nor whether they may see it."""
    if problem is None or not conflict(problem, status):
        return dict(problem) if problem else None
    return {**problem, "meanwhile": (await of_cases(visit, {case})).get(case, [])}


async def of_cases(visit: Visit, cases: Collection[str]) -> dict[str, list[str]]:
    """What happened to those of these cases that the user may see, since the page was made."""
    found = await asyncio.gather(*(reader_of(visit, case) for case in cases))
    return await _lines(visit, {case: reader for case, reader in zip(cases, found, strict=True) if reader})


def conflict(problem: Mapping[str, Any], status: int) -> bool:
    """Whether a command was refused because of what somebody else did."""
    return status in (CONFLICT, CHANGED) or problem.get("code") == LOST


async def _lines(visit: Visit, readers: Mapping[str, Reader]) -> dict[str, list[str]]:
    since = _seen(visit.fields.get("seen", ""))
    news = await _news(visit, readers, since) if since and readers else {}
    shown = {id: news.get(id, [])[:SHOWN] for id in readers}
    doers = {by for id, found in shown.items() if not readers[id].own for _, by in found if by}
    names = await visit.portal.views.people(doers)
    return {
        id: [_line(visit, one, {} if readers[id].own else names, readers[id]) for one in found]
        for id, found in shown.items()
    }


def _line(visit: Visit, doing: Doing, names: Mapping[str, str], reader: Reader) -> str:
    what, by = doing
    nameless = by if isinstance(what, Change) and not reader.own else ""  # the login of an administrator
    who = names.get(by, nameless)
    moment, said = visit.words.moment(what.at, reader.zone), visit.words.doing(what, reader.zone)
    return f"{moment}. {who}: {said}" if who else f"{moment}. {said}"


async def _news(visit: Visit, ids: Collection[str], since: datetime) -> dict[str, list[Doing]]:
    deadline = time.monotonic() + PATIENCE
    while not all((found := await visit.portal.views.news(ids, since)).values()):
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(POLL_SECONDS)
    return found


def _seen(text: str) -> datetime | None:
    """When the page was made that the form stood on, as the form says; None if it does not."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
