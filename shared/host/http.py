"""The HTTP side of a service: one guarded FastAPI app. `Call` and `Caller` are what a route sees of it."""

import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.host.audit import Histories
from shared.host.auth import Tokens
from shared.host.call import (
    CREATED,
    ETAG,
    ID,
    KEY,
    PARKED_ID,
    Anybody,
    Call,
    Caller,
    Engine,
    Front,
    authenticate,
)
from shared.host.health import OPS_POLICY, Ops, health_router, histories_router, ops_router
from shared.host.problem import Json, Problems, install
from shared.host.settings import Settings
from shared.kernel.decider import Refused
from shared.runtime.ports import Unavailable
from shared.runtime.progress import Progress
from shared.runtime.service import Policy, Service
from shared.runtime.telemetry import HTTP, span

__all__ = ["PUBLIC", "Anybody", "Call", "Caller", "Engine", "Json", "make_http", "missing_rules"]

PUBLIC = frozenset({"health.live", "health.ready", "metrics", "openapi"})
BODY_LIMIT = 1_000_000  # bytes; a route raises its own in openapi_extra: "x-body-limit", or "x-form-limit" for a form
_SANE = re.compile(rb"[A-Za-z0-9._:-]{8,100}")
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_WANTED = frozenset({b"x-correlation-id", b"traceparent", b"content-length", b"content-type"})
_UNJUDGED_BELOW = 400
log = structlog.get_logger()


class _Exchange:
    """One request and its response as they pass the edge."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self.status, self.withheld, self._read = 0, False, 0
        headers = {name: value for name, value in scope["headers"] if name in _WANTED}
        sent = headers.get(b"x-correlation-id", b"")
        self.correlation = (sent if _SANE.fullmatch(sent) else uuid.uuid4().hex.encode()).decode()
        self.traceparent = headers.get(b"traceparent", b"").decode("latin-1")
        length = headers.get(b"content-length", b"")
        self._length = int(length) if length.isdigit() else 0
        self._limit = "x-form-limit" if b"multipart/form-data" in headers.get(b"content-type", b"") else "x-body-limit"

    async def receive(self) -> Message:
        """The next piece of the body. Raises HTTPException 413; the limit is the route's, known by now."""
        extra = getattr(self.scope.get("route"), "openapi_extra", None) or {}
        limit = extra.get(self._limit, extra.get("x-body-limit", BODY_LIMIT))
        message: Message = {"type": ""} if self._length > limit else await self._receive()
        self._read += len(message.get("body", b""))
        if max(self._length, self._read) > limit:
            raise HTTPException(413)
        return message

    async def send(self, message: Message) -> None:
        """Pass the response on, unless a route answered without asking its policy."""
        if message["type"] == "http.response.start":
            call = self.scope.get("mutasi.call")
            self.withheld = call is not None and not call.judged and message["status"] < _UNJUDGED_BELOW
            self.status = message["status"]
            headers = message["headers"]
            present = {name for name, _ in headers}
            headers.extend(header for header in _SECURITY if header[0] not in present)
            headers.append((b"x-correlation-id", self.correlation.encode()))
        if not self.withheld:
            await self._send(message)

    async def fail(self, problems: Problems, code: str) -> None:
        """Answer with a problem of the runtime, if nothing was answered yet."""
        if self.status and not self.withheld:
            return
        self.scope.pop("mutasi.call", None)
        response = problems.answer(self.scope, Refused(code))
        await response(self.scope, self.receive, self.send)


class Edge:
    """Outermost layer: correlation, span, limits, security headers, metrics; no exception leaves it."""

    def __init__(self, app: ASGIApp, problems: Problems) -> None:
        self._app, self._problems = app, problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        exchange = _Exchange(scope, receive, send)
        tokens = structlog.contextvars.bind_contextvars(correlation_id=exchange.correlation)
        try:
            with span(f"HTTP {scope['method']}", exchange.traceparent) as trace:
                scope["mutasi.correlation"], scope["mutasi.trace"] = exchange.correlation, trace
                await self._serve(exchange)
        finally:
            structlog.contextvars.reset_contextvars(**tokens)
        route = getattr(scope.get("route"), "name", "none")
        HTTP.labels(route, exchange.status).observe(time.perf_counter() - started)

    async def _serve(self, exchange: _Exchange) -> None:
        try:
            await self._app(exchange.scope, exchange.receive, exchange.send)
        except (Unavailable, TimeoutError):
            log.warning("no_answer_in_time", exc_info=True)
            await exchange.fail(self._problems, "BUSY")
        except Exception:
            log.exception("request_failed", path=exchange.scope["path"])
            await exchange.fail(self._problems, "INTERNAL")
        if exchange.withheld:
            log.error("route_without_judgement", route=exchange.scope["route"].name)
            await exchange.fail(self._problems, "FORBIDDEN")


def make_http(  # noqa: PLR0913  the wiring of one app, called once
    service: Service,
    routers: Sequence[APIRouter],
    engine: Engine,
    settings: Settings,
    texts: Mapping[str, Any],
    *,
    progress: Progress,
    ops: Ops,
    histories: Histories | None = None,
    open_routers: Sequence[APIRouter] = (),
    tokens: Tokens | None = None,
    lifespan: Callable[[FastAPI], Any] | None = None,
) -> FastAPI:
    """The app of a service: its routes behind token and policy, the runtime's own beside them. Routes of `open_routers`
    need no token: each checks a proof of its own, and is judged by its rule as well."""
    problems = Problems(texts)
    app = FastAPI(title=f"mutasi {service.name}", docs_url=None, redoc_url=None, lifespan=lifespan)
    policy = {**OPS_POLICY, **service.policy}
    verifier = tokens or Tokens(settings.issuer, settings.audience, str(settings.jwks_url))
    app.state.front = Front(engine, policy, verifier)
    app.add_middleware(Edge, problems=problems)
    install(app, problems)
    app.include_router(health_router(progress))
    for router in (*routers, ops_router(ops), *([histories_router(histories)] if histories else [])):
        app.include_router(router, dependencies=[Depends(authenticate)])
    for router in open_routers:
        app.include_router(router)
    _describe(app)
    return app


def missing_rules(app: FastAPI, policy: Policy) -> list[str]:
    """Names of routes that no rule guards and that are not public; a test of each service wants none."""
    names = {str(context.name) for context in iter_route_contexts(app.routes)}
    return sorted(names - PUBLIC - set(policy) - set(OPS_POLICY))


_PROBLEM = {
    "description": "A problem (RFC 9457): `code` names the rule, `detail` and `mend` tell the caller",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_TEXTS = ("type", "title", "detail", "code", "where", "mend", "correlation_id")
_SCHEMA = {
    "type": "object",
    "required": [*_TEXTS, "status", "values", "errors"],
    "properties": {
        **{name: {"type": "string"} for name in _TEXTS},
        "status": {"type": "integer"},
        "values": {"type": "object"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def _describe(app: FastAPI) -> None:
    """Tell in the OpenAPI what every route has in common: token, problems, ids, keys."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            parts = document.setdefault("components", {})
            parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
            schemas = parts.setdefault("schemas", {})
            schemas["Problem"] = _SCHEMA
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            for path, operations in document["paths"].items():
                for method, operation in operations.items():
                    _describe_one(path, method, operation)
        assert app.openapi_schema is not None  # noqa: S101  FastAPI's own openapi() sets it
        return app.openapi_schema

    app.__dict__["openapi"] = openapi


def _describe_one(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    if path.startswith("/health"):
        return
    operation.setdefault("security", [{"bearer": []}])
    responses["default"] = _PROBLEM
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        if parameter["in"] == "path" and parameter["schema"].get("type") == "string":
            pattern = PARKED_ID if parameter["name"] == "parked_id" else ID
            parameter["schema"]["pattern"] = f"^{pattern.pattern}$"
    if method != "get":
        key = {"type": "string", "pattern": f"^{KEY.pattern}$"}
        required = str(CREATED) in responses
        parameters.append({"name": "Idempotency-Key", "in": "header", "required": required, "schema": key})
        etag = {"type": "string", "pattern": f"^(?:{ETAG.pattern})$"}
        parameters.append({"name": "If-Match", "in": "header", "required": False, "schema": etag})
