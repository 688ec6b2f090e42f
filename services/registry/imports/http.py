"""The doors of import and export: files in, taken back, templates and tables out."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Annotated, BinaryIO, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile

from services.registry.domain import FILES, MENDINGS
from services.registry.domain.files import AdvanceFile, BeginFile, File
from services.registry.domain.mending import AskQuality, mending_id
from services.registry.imports.export import exported
from services.registry.imports.patience import Send, patient
from services.registry.imports.reverse import Reverse, reverse
from services.registry.imports.run import Import
from services.registry.imports.template import template
from services.registry.shelves import Shelves
from services.registry.store import registered
from shared.host.http import Caller, Json
from shared.host.problem import invalid
from shared.kernel.calendar import Zone

BODY, FORM = 32_000_000, 1_000_000_000
"""Bytes of a file as the body, kept in memory, and as a form, kept on disk: a million people take 300 MB."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE = {
    "x-body-limit": BODY,
    "x-form-limit": FORM,
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
ImportKind = Literal[
    "agencies",
    "units",
    "posts",
    "people",
    "offices",
    "accounts",
    "workloads",
    "services",
    "surveys",
    "disasters",
    "vacancies",
    "cases",
    "vacancy-changes",
]
ExportKind = Literal["agencies", "units", "posts"]
Agency = Annotated[str, Query(max_length=48)]


@router.post("/v1/imports/{kind}", name="import", openapi_extra=FILE)
async def take_file(kind: ImportKind, request: Request, call: Caller, dry_run: bool = False) -> Json:
    """Import a CSV, XLSX or JSON file: multipart field `file`, or the file as the body. Good rows are taken.

    With `dry_run` nothing is taken. A file whose import was cut off goes on where it was when it is sent again.
    """
    await call.allow()
    today, send = call.now().astimezone(Zone.WIB.info).date(), patient(call.tell)
    async with sent(request) as file:
        if dry_run:
            return Json((await Import(kind, Shelves(call.db), send, today).run(file)).answer())
        at = await _begun(send, kind, file)

        async def advance(note: AdvanceFile) -> None:
            await send(FILES, at.file, note)

        report = await Import(kind, Shelves(call.db), send, today, at, advance).run(file)
    for agency in sorted(report.agencies):
        await send(MENDINGS, mending_id(agency), AskQuality(agency=agency))
    return Json(report.answer())


@asynccontextmanager
async def sent(request: Request) -> AsyncIterator[BinaryIO]:
    """The file as it was sent: a field of a form, or the body."""
    async with request.form(max_files=1) as form:
        field = form.get("file")
        if not isinstance(field, UploadFile) and "form" in request.headers.get("content-type", ""):
            raise invalid("body", "file", "missing")
        yield field.file if isinstance(field, UploadFile) else BytesIO(await request.body())


async def _begun(send: Send, kind: str, file: BinaryIO) -> File:
    """The file by its content, as it was left."""
    id = f"i:{kind}:{(await asyncio.to_thread(_digest, file))[:40]}"
    answer = await send(FILES, id, BeginFile(kind=kind))
    return File.model_validate({**answer, "file": id})


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


@router.get("/v1/imports/{file}", name="import.read")
async def read(file: str, call: Caller) -> Json:
    """How far a file was taken, and whether it was taken back."""
    return await call.show(FILES, file)


@router.post("/v1/imports/{file}/reverse", name="import.reverse")
async def take_back(file: str, body: Reverse, call: Caller) -> Json:
    """Let every record of the file be what it was before; refused as a whole once anything was decided on one of them.

    Cut off, it goes on when it is asked again.
    """
    return await reverse(call, patient(call.tell), file, body)


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
