"""The door of the CSV import."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, BinaryIO, Literal

import orjson
from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile

from services.registry.imports.run import Import
from services.registry.store import Shelves
from shared.host.http import Caller, Json
from shared.host.problem import invalid
from shared.kernel.calendar import Zone
from shared.kernel.decider import Command, Decider

IMPORT_LIMIT = 32_000_000  # bytes of one file; 20,000 people take about 8 MB
_IMPORT = {
    "x-body-limit": IMPORT_LIMIT,
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
            },
            "text/csv": {"schema": {"type": "string"}},
        },
    },
}
router = APIRouter()
ImportKind = Literal["agencies", "units", "posts", "people", "offices", "accounts"]


@router.post("/v1/imports/{kind}", name="import", openapi_extra=_IMPORT)
async def take_file(kind: ImportKind, request: Request, call: Caller, dry_run: bool = False) -> Json:
    """Import a CSV file: multipart field `file`, or text/csv as the body. Good rows are taken.

    With `dry_run` nothing is taken.
    """
    await call.allow()

    async def send(decider: Decider[Any], aggregate: str, command: Command) -> Mapping[str, Any]:
        answer = await call.send(decider, aggregate, command)
        told: Mapping[str, Any] = orjson.loads(answer.body)
        return told

    today = call.now().astimezone(Zone.WIB.info).date()
    run = Import(kind, Shelves(call.db), send, today, dry_run=dry_run)
    async with request.form(max_files=1) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile) and "form" in request.headers.get("content-type", ""):
            raise invalid("body", "file", "missing")
        file: BinaryIO = sent.file if isinstance(sent, UploadFile) else BytesIO(await request.body())
        report = await run.run(file)
    return Json(report.answer())
