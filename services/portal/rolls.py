"""Everybody, or every post, of a unit: the registry's lists to their end."""

from typing import Any
from urllib.parse import urlencode

from services.portal.web import Visit, refused

PAGE = 200


async def everything(visit: Visit, path: str, unit: str) -> list[dict[str, Any]]:
    """All that the registry lists there of a unit. Raises Trouble."""
    found, after = list[dict[str, Any]](), ""
    while True:
        answer = await visit.ask("registry", f"{path}?{urlencode({'unit': unit, 'limit': PAGE, 'after': after})}")
        if not answer.ok:
            raise refused(answer, visit.words)
        found += answer.body["items"]
        after = str(answer.body["next"])
        if not after:
            return found
