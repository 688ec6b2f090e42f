"""What officials and the person of a case say to each other on its way: a question with its answer, and comments."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from services.portal.domain.story import Story
from services.portal.web import Visit


async def talk(visit: Visit, case: str, told: Story, person: str, *, own: bool) -> dict[str, Any]:
    """For the page of a case whose chain began: its comments, who wrote them, and the task that waits for the person's
    answer. No talk (None) where approval does not know the case, or shows it to others only."""
    answer = await visit.ask("approval", f"/v1/cases/{quote(case)}") if told.steps else None
    if answer is None or not answer.ok:
        return {"talk": None, "names": {}, "asked": None}
    found = answer.body
    writers = {one["by"] for one in found["comments"]}
    names = {person: visit.words.say("Anda", "You")} if own else await visit.portal.views.people(writers)
    return {"talk": found["comments"], "names": names, "asked": _asked(found) if own else None}


def _asked(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """The task whose official asked the person, and has no answer yet."""
    return next((one for one in (found["task"], *found["beside"]) if one and one["asked"]), None)
