"""One HTTP call of a signed-in person: a command for the engine, or a query that the policy allows."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request

from shared.host.auth import Tokens
from shared.host.problem import Json, invalid
from shared.kernel.decider import Actor, Command, Decider, Refused, judged_on
from shared.runtime.item import PATIENCE, CommandRequest
from shared.runtime.service import Asked, Policy, Rule, Service, State
from shared.runtime.wire import check_json

ID = re.compile(r"[A-Za-z0-9:._-]{1,120}")
PARKED_ID = re.compile(r"[^\x00-\x1f]{1,600}")
KEY = re.compile(r"[!-~]{1,200}")
ETAG = re.compile(r'\*|(?:W/)?"([0-9]{1,15})"')
CREATED = 201
UNNAMED = "(unnamed)"  # whoever comes without a login
_LONGEST = 19  # digits of the largest number that MongoDB keeps


class Engine(Protocol):
    """What the HTTP side needs of the runtime."""

    service: Service
    db: Any

    async def command(self, request: CommandRequest) -> tuple[int, Mapping[str, Any]]:
        """Status and body of the answer. Raises Refused, NotYet, Unavailable, TimeoutError."""

    async def load(self, decider: Decider[State], id: str) -> tuple[int, State] | None:
        """Version and state as a majority of the database knows them."""

    async def actor(self, login: str) -> Actor:
        """Who this login is, by what the registry said."""

    def now(self) -> datetime:
        """Domain time."""


@dataclass(frozen=True, slots=True)
class Front:
    """What the calls of one app share."""

    engine: Engine
    policy: Policy
    tokens: Tokens


class Call:
    """Who calls, which rule judges them, and what they sent to make repeats harmless."""

    __slots__ = ("_front", "_headers", "_sent", "correlation", "created", "judged", "login", "route", "trace")

    def __init__(self, front: Front, request: Request, login: str, sent: bytes | None) -> None:
        route, scope = request.scope["route"], request.scope
        self._front, self._headers, self._sent = front, request.headers, sent
        self.login, self.route, self.created = login, route.name, route.status_code == CREATED
        self.correlation, self.trace = scope["mutasi.correlation"], scope["mutasi.trace"]
        self.judged = False

    @property
    def db(self) -> Any:
        """The service's database, for queries."""
        return self._front.engine.db

    @property
    def key(self) -> str:
        """Idempotency-Key as sent, "" without. Raises RequestValidationError for an unusable one."""
        key = self._headers.get("idempotency-key", "")
        if key and not KEY.fullmatch(key):
            raise invalid("header", "Idempotency-Key")
        return str(key)

    def now(self) -> datetime:
        """Domain time."""
        return self._front.engine.now()

    def new_id(self, prefix: str) -> str:
        """An id from caller and Idempotency-Key: the same request sent twice meets in one aggregate.

        Raises Refused KEY_MISSING.
        """
        if not self.key:
            raise Refused("KEY_MISSING", status=400)
        digest = hashlib.sha256(f"{self.login}\0{self.key}".encode()).digest()
        return f"{prefix}-{base64.b32encode(digest[:15]).decode().lower()}"

    async def send(self, decider: Decider[Any], aggregate: str, command: Command) -> Json:
        """Run the command. The rule of this route is judged by the executor. Raises Refused, NotYet."""
        status, body = await self._front.engine.command(self._request(decider, aggregate, command))
        return _answer(body, status)

    async def tell(
        self, decider: Decider[Any], aggregate: str, command: Command, patience: float = PATIENCE
    ) -> Mapping[str, Any]:
        """The same for one of many commands of a call: only what it answers, within `patience` seconds."""
        request = replace(self._request(decider, aggregate, command), patience=patience)
        return (await self._front.engine.command(request))[1]

    def _request(self, decider: Decider[Any], aggregate: str, command: Command) -> CommandRequest:
        self.judged = True
        return CommandRequest(
            decider=decider,
            aggregate=aggregate,
            command=command,
            login=self.login,
            rule=self._rule(),
            key=f"{self.login} {self.key}" if self.key else "",  # a key has no space: nobody guesses another's
            fingerprint=self._fingerprint(aggregate, command) if self.key else "",  # nothing else repeats a request
            correlation=self.correlation,
            trace=self.trace,
            expect=self._expect(),
            created=self.created,
        )

    async def read(self, decider: Decider[State], id: str) -> State:
        """One aggregate's state, if the rule of this route allows. Raises Refused NOT_FOUND, FORBIDDEN."""
        return (await self._load(decider, id))[1]

    async def show(self, decider: Decider[State], id: str) -> Json:
        """Like `read`, answered as `send` answers: what the decider shows, id, version and ETag."""
        version, state = await self._load(decider, id)
        return _answer({"id": id, "version": version, **decider.answer(state)}, 200)

    async def allow(self, state: object = None) -> Actor:
        """The caller, if the rule of this route allows; for list queries. Raises Refused FORBIDDEN."""
        self.judged = True
        rule, actor = self._rule(), await self._front.engine.actor(self.login)
        if not rule(Asked(actor, judged_on(self.now()), state)):
            raise Refused("FORBIDDEN", status=403)
        return actor

    async def _load(self, decider: Decider[State], id: str) -> tuple[int, State]:
        found = await self._front.engine.load(decider, id)
        if found is None:
            raise Refused("NOT_FOUND", status=404)
        await self.allow(found[1])
        return found

    def _rule(self) -> Rule:
        rule = self._front.policy.get(self.route)
        if rule is None:
            raise Refused("FORBIDDEN", status=403)
        return rule

    def _expect(self) -> int | None:
        match = ETAG.fullmatch(self._headers.get("if-match", "*"))
        if match is None:
            raise invalid("header", "If-Match")
        return None if match[1] is None else int(match[1])

    def _fingerprint(self, aggregate: str, command: Command) -> str:
        """Tells a repeat from another request under the same key. (A form's boundary differs.)"""
        sent = command.model_dump_json().encode() if self._sent is None else self._sent
        name = f"{self.route}\0{aggregate}\0{type(command).__name__}\0".encode()
        return hashlib.sha256(name + sent).hexdigest()


def _answer(body: Mapping[str, Any], status: int) -> Json:
    headers = {"ETag": f'"{body["version"]}"'} if "version" in body else None
    return Json(body, status, headers)


def _check_address(request: Request) -> None:
    for name, value in request.path_params.items():
        pattern = PARKED_ID if name == "parked_id" else ID
        if isinstance(value, str) and not pattern.fullmatch(value):
            raise invalid("path", name)
    for name, value in request.query_params.items():
        if "\0" in value or (len(value) >= _LONGEST and value.lstrip("-+").isdigit()):
            raise invalid("query", name)


async def authenticate(request: Request) -> Call:
    """The signed-in caller of a request; every route but the public ones depends on it. Raises Refused."""
    front: Front = request.app.state.front
    login = await front.tokens.login(request.headers.get("authorization", ""))
    _check_address(request)
    content_type = request.headers.get("content-type", "")
    sent = None if "form" in content_type else await request.body()
    if sent and "json" in content_type:
        check_json(sent)
    call = Call(front, request, login, sent)
    request.scope["mutasi.call"] = call
    return call


Caller = Annotated[Call, Depends(authenticate)]


async def unnamed(request: Request) -> Call:
    """Whoever calls, without a login: for a route that checks another proof itself, such as a signature. What it may do
    is judged by the rule of the route all the same."""
    front: Front = request.app.state.front
    _check_address(request)
    call = Call(front, request, UNNAMED, await request.body())
    request.scope["mutasi.call"] = call
    return call


Anybody = Annotated[Call, Depends(unnamed)]
