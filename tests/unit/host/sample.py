"""A small service of one decider, and an OpenID provider with keys of its own."""

import time
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Query, UploadFile
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from pydantic import Field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from shared.host.auth import Tokens
from shared.host.http import Caller, Json
from shared.kernel.decider import Actor, Command, Decider, Event, Facts, Frozen, Message, NotYet, Refused
from shared.runtime.item import CommandRequest
from shared.runtime.ports import Entry, Raw, Unavailable
from shared.runtime.service import Asked, Routes, Service, State

ISSUER, AUDIENCE, JWKS = "https://idp.example", "mutasi", "https://idp.example/jwks"
Clients = Callable[..., httpx.AsyncClient]  # login and headers -> a client that is signed in
Key = OKPKey | RSAKey | ECKey | OctKey


class Provider:
    """Publishes the keys it is told to, counts how often they are fetched, and signs."""

    def __init__(self) -> None:
        self.key: Key = OKPKey.generate_key("Ed25519", {"kid": "first"})
        self.published: list[Key] = [self.key]
        self.fetched, self.down = 0, False
        self.now = time.time()
        self.app = Starlette(routes=[Route("/jwks", self._jwks)])

    async def _jwks(self, _request: Request) -> JSONResponse:
        self.fetched += 1
        keys = [key.as_dict(private=False) for key in self.published]
        return JSONResponse({"keys": keys}, 500 if self.down else 200)

    def tokens(self) -> Tokens:
        """A verifier that fetches this provider's keys."""
        transport = httpx.ASGITransport(self.app)
        return Tokens(ISSUER, AUDIENCE, JWKS, transport=transport, clock=lambda: self.now)

    def sign(
        self,
        sub: object = "siti",
        key: Key | None = None,
        header: Mapping[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """An Authorization header; claims given as None are left out."""
        signer = key or self.key
        base: dict[str, object] = {"iss": ISSUER, "aud": AUDIENCE, "sub": sub, "exp": int(self.now) + 300}
        kept = {name: value for name, value in {**base, **claims}.items() if value is not None}
        full: dict[str, Any] = {"alg": "EdDSA", "kid": signer.kid, "typ": "JWT", **(header or {})}
        head = {name: value for name, value in full.items() if value is not None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            token = jwt.encode(head, kept, signer, [head["alg"]], default_type=None)
        return f"Bearer {token}"


class Note(Frozen):
    """The state: a text and who wrote it."""

    text: str = ""
    by: str = ""


class Write(Command):
    """Write the note."""

    text: str = Field(min_length=1, max_length=40)
    pages: int = 1
    extra: Mapping[str, object] = {}


class Rename(Write):
    """The same fields, another wish."""


class Written(Event):
    """The note was written."""

    TYPE = "mutasi.note.written.v1"
    text: str
    by: str


def _decide(_state: Note, message: Message, _facts: Facts) -> list[Event]:
    command = message.body
    assert isinstance(command, Write)
    assert message.actor is not None
    match command.text:
        case "early":
            raise NotYet("employee/p1")
        case "away":
            raise Unavailable("no primary")
        case "bug":
            raise RuntimeError("198001012005011901 went wrong")
        case "refused":
            raise Refused("FULL", where="text", quota=2, vacancy="v1")
    return [Written(text=command.text, by=message.actor.login)]


NOTES = Decider(
    "notes",
    Note,
    lambda _id: Note(),
    _decide,
    lambda _state, event: Note.model_validate(event.model_dump()),
    answer=lambda state: state.model_dump(),
)


class Desk:
    """An engine over a dict: the same promises as the executor's, without batches, broker and database."""

    def __init__(self, service: Service) -> None:
        self.service, self.db = service, {"of": "queries"}
        self.states: dict[str, tuple[int, Note]] = {}
        self.answers: dict[tuple[str, str], tuple[str, tuple[int, Mapping[str, Any]]]] = {}
        self.requests: list[CommandRequest] = []

    def now(self) -> datetime:
        return datetime(2026, 3, 2, 8, tzinfo=UTC)

    async def actor(self, login: str) -> Actor:
        return Actor(login=login, admin=login == "root")

    async def load(self, decider: Decider[State], id: str) -> tuple[int, State] | None:
        found = self.states.get(id)
        return None if found is None else (found[0], decider.state.model_validate(found[1].model_dump()))

    async def command(self, request: CommandRequest) -> tuple[int, Mapping[str, Any]]:
        self.requests.append(request)
        place = (request.aggregate, request.key)
        if request.key and place in self.answers:
            fingerprint, answer = self.answers[place]
            if fingerprint != request.fingerprint:
                raise Refused("KEY_REUSED", status=422)
            return answer
        version, state = self.states.get(request.aggregate, (0, Note()))
        if request.expect not in (None, version):
            raise Refused("PRECONDITION_FAILED", status=412)
        actor = await self.actor(request.login)
        if not request.rule(Asked(actor, self.now().date(), state, request.command)):
            raise Refused("FORBIDDEN", status=403)
        message = Message(body=request.command, id="m", time=self.now(), actor=actor)
        for event in NOTES.decide(state, message, Facts()):
            version, state = version + 1, NOTES.evolve(state, event)
        self.states[request.aggregate] = version, state
        body = {"id": request.aggregate, "version": version, **NOTES.answer(state)}
        answer = (201 if request.created else 200), body
        self.answers[place] = request.fingerprint, answer
        return answer

    async def parked(self, status: str, limit: int) -> Sequence[Mapping[str, Any]]:
        return [{"_id": "m1", "status": status, "value": b"\xff\x00"}][:limit]

    async def parked_one(self, id: str) -> Mapping[str, Any]:
        if id != "m1":
            raise Refused("NOT_FOUND", status=404)
        return {"_id": id, "value": b"\xff\x00"}

    async def due(self) -> tuple[str | None, bool]:
        """Nothing is due here, and nothing under way."""
        return None, True

    async def replay(self, id: str, login: str) -> Mapping[str, Any]:
        await self.parked_one(id)
        return {"id": id, "status": "replayed", "by": login}

    async def skip(self, id: str, login: str, reason: str) -> Mapping[str, Any]:
        await self.parked_one(id)
        return {"id": id, "status": "skipped", "by": login, "reason": reason}


class Archive:
    """Three notes whose events are gone."""

    async def load(self, kind: str, ids: Collection[str]) -> dict[str, Raw]:
        return {id: {"_id": f"{kind}/{id}", "sequence": 1, "head": "h"} for id in ids}

    async def journal(self, aggregate: str) -> list[Entry]:
        return [] if aggregate.startswith("n") else [{}]

    async def histories(self, kind: str, after: str, limit: int) -> list[str]:
        return [id for id in ("n1", "n2", "n3") if kind == "notes" and id > after][:limit]


router = APIRouter()


@router.post("/v1/notes", name="note.write", status_code=201)
async def write(body: Write, call: Caller) -> Json:
    return await call.send(NOTES, call.new_id("n"), body)


@router.put("/v1/notes/{id}", name="note.rewrite")
async def rewrite(id: str, body: Write, call: Caller) -> Json:
    return await call.send(NOTES, id, body)


@router.post("/v1/notes/{id}/both", name="note.both")
async def both(id: str, call: Caller) -> Json:
    await call.send(NOTES, id, Write(text="one"))
    return await call.send(NOTES, id, Rename(text="one"))


@router.get("/v1/notes/{id}", name="note.show")
async def show(id: str, call: Caller) -> Json:
    return await call.show(NOTES, id)


@router.get("/v1/notes", name="note.list")
async def listed(call: Caller, limit: Annotated[int, Query(le=100)] = 10) -> Json:
    actor = await call.allow()
    return Json({"of": actor.login, "limit": limit, "db": call.db})


@router.post("/v1/imports", name="note.import", openapi_extra={"x-body-limit": 3_000_000})
async def imported(file: UploadFile, call: Caller) -> Json:
    return await call.send(NOTES, "imported", Write(text=f"{len(await file.read())} bytes"))


@router.get("/v1/forgotten", name="note.forgotten")
async def forgotten() -> Json:
    return Json({"secret": "told without asking the policy"})


@router.get("/v1/unruled", name="note.unruled")
async def unruled(call: Caller) -> Json:
    await call.allow()
    return Json({})


def own(asked: Asked) -> bool:
    """Who wrote the note, or anybody while there is none."""
    return asked.state is None or asked.state.by in ("", asked.actor.login)


POLICY = {
    "note.write": own,
    "note.rewrite": own,
    "note.show": own,
    "note.both": own,
    "note.list": lambda asked: asked.actor.login != "stranger",
    "note.import": own,
    "note.forgotten": own,
}
TEXTS = {
    "FULL": {
        "id": "Formasi {vacancy} sudah penuh ({quota}).",
        "en": "Vacancy {vacancy} is full ({quota}).",
        "mend": {"id": "Pilih lowongan lain.", "en": "Choose another vacancy than {unknown}."},
    }
}
SERVICE = Service("notes", "mutasi.notes", (), (NOTES,), Routes(), POLICY)
