"""What somebody takes part in, as pages of an HTTP list."""

from typing import Annotated, Any, TypeVar

from fastapi import Query

from services.proposal import store
from shared.host.http import Caller, Json
from shared.kernel.decider import Decider, Frozen

After = Annotated[str, Query(max_length=120)]
Limit = Annotated[int, Query(ge=1, le=100)]
S = TypeVar("S", bound=Frozen)


async def own_page(call: Caller, decider: Decider[S], taking_part: str, after: str, limit: int) -> Json:
    """The caller's own, in the order of their ids: `next` is the `after` of the following page, "" on the last."""
    actor = await call.allow()
    found = await store.taken_part(call.db, decider.name, {taking_part: actor.person}, after, limit)
    rows: list[dict[str, Any]] = [
        {**decider.answer(decider.state.model_validate(one["state"])), "id": one["_id"], "version": one["sequence"]}
        for one in found
    ]
    return Json({"items": rows, "next": rows[-1]["id"] if len(rows) == limit else ""})
