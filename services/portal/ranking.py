"""Ranking at closing: where the user's own application stands."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from services.portal.web import Visit


async def place(visit: Visit, case: str) -> dict[str, Any]:
    """Where the user's own application stands in its ranking; nothing where the vacancy is not given by ranking."""
    answer = await visit.ask("evaluation", f"/v1/evaluations/{quote(case)}/rank?lang={visit.lang}")
    if not answer.ok:
        return {}
    dated = {name: datetime.fromisoformat(answer.body[name]) for name in ("due", "until") if answer.body.get(name)}
    return {**answer.body, **dated}
