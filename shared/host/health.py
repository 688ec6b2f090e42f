"""Is the process alive (does work move), is it ready, and what an operator does with parked messages."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Query
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field
from starlette.responses import Response

from shared.host.audit import Histories
from shared.host.call import Caller
from shared.host.problem import Json
from shared.kernel.decider import Refused
from shared.runtime.progress import Progress
from shared.runtime.service import Asked, Policy

Status = Literal["parked", "replayed", "skipped"]
After = Annotated[str, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=500)]


class Ops(Protocol):
    """What an operator can do with messages that were parked. All raise Refused."""

    async def parked(self, status: str, limit: int) -> Sequence[Mapping[str, Any]]:
        """The oldest first."""

    async def parked_one(self, id: str) -> Mapping[str, Any]:
        """One, with its bytes, headers and reason."""

    async def due(self) -> tuple[str | None, bool]:
        """Domain time of the next timer, and whether nothing is under way."""

    async def replay(self, id: str, login: str) -> Mapping[str, Any]:
        """Handle it again here, in order."""

    async def skip(self, id: str, login: str, reason: str) -> Mapping[str, Any]:
        """Give it up and open its source again; journaled."""


class Skip(BaseModel):
    """Why a parked message is given up."""

    reason: str = Field(min_length=3, max_length=500)


def is_admin(asked: Asked) -> bool:
    """The rule of the operator's routes unless a service sets its own."""
    return asked.actor.admin


_ROUTES = ("due", "histories", "kinds", "parked", "parked_one", "replay", "skip")
OPS_POLICY: Policy = {f"ops.{name}": is_admin for name in _ROUTES}


def health_router(progress: Progress) -> APIRouter:
    """The public routes: two probes and the metrics."""
    router = APIRouter()

    @router.get("/health/live", name="health.live")
    async def live() -> Json:
        stuck = progress.stuck
        return Json({"alive": not stuck, "stuck": stuck, "waiting": progress.waiting}, 503 if stuck else 200)

    @router.get("/health/ready", name="health.ready")
    async def ready() -> Json:
        missing = sorted(progress.missing)
        return Json({"ready": not missing, "missing": missing}, 503 if missing else 200)

    @router.get("/metrics", name="metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


def ops_router(ops: Ops) -> APIRouter:
    """What is due next; parked messages: list, show, replay, skip."""
    router = APIRouter(prefix="/ops")

    @router.get("/due", name="ops.due")
    async def due(call: Caller) -> Json:
        await call.allow()
        at, idle = await ops.due()
        return Json({"next": at, "idle": idle})

    @router.get("/parked", name="ops.parked")
    async def parked(call: Caller, status: Status = "parked", limit: Limit = 100) -> Json:
        await call.allow()
        return Json({"parked": await ops.parked(status, limit)})

    # The id of a parked message has slashes: it is the place of its record, or names its source.
    @router.get("/parked/{parked_id:path}", name="ops.parked_one")
    async def one(parked_id: str, call: Caller) -> Json:
        await call.allow()
        return Json(await ops.parked_one(parked_id))

    @router.post("/parked/{parked_id:path}/replay", name="ops.replay")
    async def replay(parked_id: str, call: Caller) -> Json:
        await call.allow()
        return Json(await ops.replay(parked_id, call.login))

    @router.post("/parked/{parked_id:path}/skip", name="ops.skip")
    async def skip(parked_id: str, body: Skip, call: Caller) -> Json:
        await call.allow()
        return Json(await ops.skip(parked_id, call.login, body.reason))

    return router


def histories_router(histories: Histories) -> APIRouter:
    """Are the histories whole: a page of them at a time."""
    router = APIRouter(prefix="/ops/histories")

    @router.get("", name="ops.kinds")
    async def kinds(call: Caller) -> Json:
        await call.allow()
        return Json({"kinds": histories.kinds})

    @router.get("/{kind}", name="ops.histories")
    async def page(kind: str, call: Caller, after: After = "", limit: Limit = 100) -> Json:
        await call.allow()
        if kind not in histories.kinds:
            raise Refused("NOT_FOUND", status=404)
        return Json(await histories.page(kind, after, limit))

    return router
