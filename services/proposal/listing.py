"""What somebody takes part in, as pages of an HTTP list."""

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Query

from services.proposal import store
from shared.host.http import Caller, Json
from shared.kernel.decider import Decider, Frozen, judged_on
from shared.runtime.service import Asked, Rule

After = Annotated[str, Query(max_length=120)]
Limit = Annotated[int, Query(ge=1, le=100)]
View = Literal["own", "agency"]
Agency = Annotated[str, Query(max_length=48)]
S = TypeVar("S", bound=Frozen)


async def own_page(call: Caller, decider: Decider[S], taking_part: str, after: str, limit: int) -> Json:
    """The caller's own, in the order of their ids: `next` is the `after` of the following page, "" on the last."""
    actor = await call.allow()
    return await _page(call, decider, {taking_part: actor.person}, lambda _state: True, after, limit)


async def agency_page(
    call: Caller,
    decider: Decider[S],
    wanted: Callable[[Collection[str]], Mapping[str, Any]],
    sees: Rule,
    after: str,
    limit: int,
) -> Json:
    """Those of the agencies where the caller holds an office today, as far as the rule lets them see each."""
    actor, today = await call.allow(), judged_on(call.now())
    held = {one.agency for one in actor.offices if actor.holds(one.office, today, one.agency, one.unit)}
    return await _page(call, decider, wanted(held), lambda state: sees(Asked(actor, today, state)), after, limit)


async def _page(
    call: Caller,
    decider: Decider[S],
    query: Mapping[str, Any],
    sees: Callable[[S], bool],
    after: str,
    limit: int,
) -> Json:
    found = await store.taken_part(call.db, decider.name, query, after, limit)
    read = [(one, decider.state.model_validate(one["state"])) for one in found]
    rows = [
        {**decider.answer(state), "id": one["_id"], "version": one["sequence"]} for one, state in read if sees(state)
    ]
    return Json({"items": rows, "next": found[-1]["_id"] if len(found) == limit else ""})
