"""The doors of import and export: files in, templates and tables out."""

from collections.abc import Mapping
from io import BytesIO
from typing import Annotated, Any, BinaryIO, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile

from services.registry.imports.export import exported
from services.registry.imports.run import Import
from services.registry.imports.template import template
from services.registry.store import Shelves, registered
from shared.host.http import Caller, Json
from shared.host.problem import invalid
from shared.kernel.calendar import Zone
from shared.kernel.decider import Command, Decider

IMPORT_LIMIT = 32_000_000  # bytes of one file; 20,000 people take about 8 MB
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IMPORT = {
    "x-body-limit": IMPORT_LIMIT,
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
            },
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    },
}
router = APIRouter()
ImportKind = Literal["agencies", "units", "posts", "people", "offices", "accounts"]
ExportKind = Literal["agencies", "units", "posts"]
Agency = Annotated[str, Query(max_length=48)]


@router.post("/v1/imports/{kind}", name="import", openapi_extra=_IMPORT)
async def take_file(kind: ImportKind, request: Request, call: Caller, dry_run: bool = False) -> Json:
    """Import a CSV, XLSX or JSON file: multipart field `file`, or the file as the body. Good rows are taken.

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


@router.get("/v1/imports/{kind}/template", name="import.template")
async def blank(kind: ImportKind, call: Caller) -> Response:
    """An XLSX workbook to fill in: columns, drop-down lists, an example, an explanation."""
    await call.allow()
    headers = {"content-disposition": f'attachment; filename="{kind}.xlsx"'}
    return Response(template(kind), media_type=XLSX, headers=headers)


@router.get("/v1/exports/{kind}", name="export", response_class=StreamingResponse)
async def table(kind: ExportKind, call: Caller, agency: Agency = "") -> StreamingResponse:
    """A CSV of everything registered, of one agency where that is given; it may be imported again."""
    await call.allow()
    found = registered(call.db, kind, agency)
    headers = {"content-disposition": f'attachment; filename="{kind}.csv"'}
    return StreamingResponse(exported(kind, found), media_type="text/csv; charset=utf-8", headers=headers)
