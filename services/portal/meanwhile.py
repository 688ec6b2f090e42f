"""Somebody was quicker: who did what to a case since its page was opened, for a command that is refused over it."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.portal.domain.facts import Entry
from services.portal.store import POLL_SECONDS
from services.portal.web import Visit

CONFLICT, CHANGED, LOST = 409, 412, "NOT_CLAIMED_BY_YOU"
SHOWN, PATIENCE = 5, 2.0
"""Lines, and seconds to wait for the events of what the service knows already."""


async def told(
    visit: Visit, case: str, problem: Mapping[str, Any] | None, status: int, *, own: bool, zone: str
) -> dict[str, Any] | None:
    """The problem, and where the case changed meanwhile also what happened: moment, name, deed. The person concerned
    reads no names of officials."""
    if problem is None or not (status in (CONFLICT, CHANGED) or problem.get("code") == LOST):
        return dict(problem) if problem else None
    since = _seen(visit.fields.get("seen", ""))
    news = await _news(visit, case, since) if since else []
    names = {} if own else await visit.portal.views.people({by for _, by in news if by})
    lines = []
    for entry, by in news[:SHOWN]:
        who = f"{names[by]}: " if by in names else ""
        lines.append(f"{visit.words.moment(entry.at, zone)}. {who}{visit.words.event(entry, zone)}")
    return {**problem, "meanwhile": lines}


async def _news(visit: Visit, case: str, since: datetime) -> list[tuple[Entry, str]]:
    deadline = time.monotonic() + PATIENCE
    while not (found := await visit.portal.views.news(case, since)):
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
