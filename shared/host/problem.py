"""What a caller is told when something is refused: RFC 9457 problem+json, in Indonesian or English."""

import base64
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import orjson
import yaml
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from shared.kernel.decider import NotYet, Refused

Entry = Mapping[str, Any]


def _plain(value: object) -> object:
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case Mapping():
            return dict(value)
        case bytes():
            return base64.b64encode(value).decode()
    return str(value)


class Json(JSONResponse):
    """JSON by orjson; models become their JSON form, bytes base64, what else is unknown its text."""

    def render(self, content: object) -> bytes:
        """The body."""
        return orjson.dumps(content, default=_plain)


class _Values(dict[str, object]):
    """Values for a sentence; what is missing stays visible as {name} instead of failing."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _fill(sentence: str, values: Mapping[str, object]) -> str:
    return sentence.format_map(_Values(values))


@lru_cache(maxsize=256)
def language(accept: str) -> str:
    """`id` or `en`, whichever Accept-Language prefers; Indonesian when it prefers neither."""
    weights = {"id": 0.0, "en": 0.0}
    for part in accept.lower().split(","):
        tag, _, weight = part.partition(";q=")
        name = tag.strip().split("-")[0]
        if name in weights:
            weights[name] = max(weights[name], _weight(weight))
    return "en" if weights["en"] > weights["id"] else "id"


def _weight(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


@cache
def _built_in() -> Mapping[str, Any]:
    loaded = yaml.safe_load(Path(__file__).with_name("problems.yaml").read_text("utf-8"))
    return dict(loaded)


class Problems:
    """Makes problems of refusals. `texts` are a service's own: code -> {id, en, mend: {id, en}}."""

    def __init__(self, texts: Mapping[str, Entry] | None = None) -> None:
        built_in = _built_in()
        self._titles, self._fields = built_in["titles"], built_in["fields"]
        self._codes: dict[str, Entry] = dict(built_in["codes"])
        for code, entry in (texts or {}).items():
            self._codes[code] = {**self._codes.get(code, {}), **entry}

    def answer(self, scope: Scope, refused: Refused, errors: Sequence[Entry] = ()) -> Response:
        """The response for a refusal of the request with this ASGI scope."""
        entry = self._codes.get(refused.code, {})
        status = entry.get("status", refused.status)
        lang = _accepted(scope)
        title = self._titles.get(status, self._titles[409])[lang]
        body = {
            "type": f"urn:mutasi:problem:{refused.code}",
            "title": title,
            "status": status,
            "detail": _fill(entry.get(lang, title), refused.values),
            "code": refused.code,
            "where": refused.where,
            "mend": _fill(entry.get("mend", {}).get(lang, ""), refused.values),
            "values": refused.values,
            "errors": [self._field(error, lang) for error in errors],
            "correlation_id": scope["mutasi.correlation"],
        }
        headers = {"Content-Language": lang}
        if "retry" in entry:
            headers["Retry-After"] = str(entry["retry"])
        if status == 401:  # noqa: PLR2004
            headers["WWW-Authenticate"] = "Bearer"
        return Json(body, status, headers, media_type="application/problem+json")

    def _field(self, error: Entry, lang: str) -> Entry:
        """One wrong field. What the caller sent is not repeated: it may be personal or not printable."""
        place, *path = error["loc"] or ("body",)
        sentence = self._fields.get(error["type"], self._fields["other"])[lang]
        return {
            "pointer": "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path),
            "in": str(place),
            "code": error["type"],
            "detail": _fill(sentence, error.get("ctx") or {}),
        }


def _accepted(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"accept-language":
            return language(value.decode("latin-1"))
    return "id"


def invalid(place: str, name: str, kind: str = "string_pattern_mismatch") -> RequestValidationError:
    """The error of one bad path, query or header value."""
    return RequestValidationError([{"type": kind, "loc": (place, name)}])


def _refusal(error: Exception) -> Refused:
    """The refusal that an exception of ours or of the framework stands for."""
    match error:
        case Refused():
            return error
        case NotYet():
            return Refused("NOT_YET", waits_for=error.waits_for)
        case RequestValidationError() if isinstance(error.body, bytes):
            return Refused("MEDIA_TYPE")
        case RequestValidationError() if any(found["type"] == "json_invalid" for found in error.errors()):
            return Refused("MALFORMED")
        case HTTPException():
            codes = (code for code, entry in _built_in()["codes"].items() if entry["status"] == error.status_code)
            code = next(codes, f"HTTP_{error.status_code}")
            return Refused(code, status=error.status_code)
    return Refused("VALIDATION")


def _allowed(request: Request) -> str:
    """Methods of all routes with this path; the framework names those of the first one only."""
    path, contexts = request.scope["path"], iter_route_contexts(request.app.routes)
    found = {method for route in contexts if route.path_regex.match(path) for method in route.methods or ()}
    return ", ".join(sorted(found))


def install(app: FastAPI, problems: Problems) -> None:
    """Make the app answer refusals as problems. Unexpected errors are the edge's (`shared.host.http`)."""

    async def answer(request: Request, error: Exception) -> Response:
        refused = _refusal(error)
        errors: Sequence[Entry] = ()
        if isinstance(error, RequestValidationError) and refused.code == "VALIDATION":
            errors = error.errors()
        response = problems.answer(request.scope, refused, errors)
        if response.status_code == 405:  # noqa: PLR2004
            response.headers["Allow"] = _allowed(request)
        return response

    for kind in (Refused, NotYet, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, answer)
