"""Importing a file: try it, see each row that is wrong, take the good rows, and take the whole file back again."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.uploads import Upload
from services.portal.web import UPLOAD, FilePoster, Poster, Trouble, Visit, Visitor, refused

router = APIRouter()
KINDS = (
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
    "vacancy-changes",
    "cases",
)
SHOWN = 200
"""Findings on the page."""
PATIENCE = 120.0
"""Seconds that a file of the largest size may take."""
UNPROCESSABLE = 422


@router.get("/instansi/impor")
async def ask(visit: Visitor, instansi: str = "") -> Response:
    """Which kind of file, and the file."""
    return await _ask(visit, instansi)


@router.post("/instansi/impor", openapi_extra=UPLOAD)
async def trial(visit: FilePoster) -> Response:
    """Try it: nothing is taken, everything that is wrong is told."""
    kind = visit.fields.get("kind", "")
    if kind not in KINDS:
        return await _ask(visit, "", visit.words.problem("REQUIRED") | {"where": "kind"})
    if not visit.file:
        return await _ask(visit, "", visit.words.problem("NO_FILE") | {"where": "file"})
    path = f"/v1/imports/{kind}?dry_run=true"
    answer = await visit.send_file("registry", path, visit.file, seconds=PATIENCE)
    if not answer.ok:
        return await _ask(visit, "", {**refused(answer, visit.words).problem, "where": "file"})
    id = await visit.portal.uploads.keep(visit.user.login, kind, visit.file, answer.body)
    return await visit.go(f"/instansi/impor/{id}")


@router.get("/instansi/impor/templat/{kind}")
async def template(visit: Visitor, kind: str) -> Response:
    """The workbook to fill in."""
    answer = await visit.ask("registry", f"/v1/imports/{quote(kind)}/template")
    if not answer.ok:
        raise refused(answer, visit.words)
    headers = {"content-disposition": f'attachment; filename="{quote(kind)}.xlsx"'}
    return visit.finish(Response(answer.content, media_type=answer.media, headers=headers))


@router.get("/instansi/impor/{upload}")
async def report(visit: Visitor, upload: str) -> Response:
    """What the registry said of the file."""
    return await _report(visit, await _mine(visit, upload))


@router.post("/instansi/impor/{upload}/ambil")
async def take(visit: Poster, upload: str) -> Response:
    """Take the good rows; cut off, it goes on where it was when it is asked again."""
    known = await _mine(visit, upload)
    if not known.content:
        return await visit.go(f"/instansi/impor/{upload}")
    answer = await visit.send_file("registry", f"/v1/imports/{known.kind}", known.content, seconds=PATIENCE)
    if not answer.ok:
        return await _report(visit, known, refused(answer, visit.words).problem, answer.status)
    await visit.portal.uploads.taken(upload, answer.body)
    said = visit.words.say("Baris yang baik sudah diambil.", "The good rows are taken.")
    return await visit.go(f"/instansi/impor/{upload}", said)


@router.post("/instansi/impor/{upload}/batalkan")
async def reverse(visit: Poster, upload: str) -> Response:
    """Let every record of the file be what it was before."""
    known, reason = await _mine(visit, upload), visit.fields.get("reason", "")
    if not reason:
        problem = visit.words.problem("REQUIRED") | {"where": "reason"}
        return await _report(visit, known, problem, UNPROCESSABLE)
    path = f"/v1/imports/{quote(str(known.report['import']))}/reverse"
    answer = await visit.command("registry", "POST", path, visit.fields.get("key", ""), {"reason": reason})
    if not answer.ok:
        return await _report(visit, known, refused(answer, visit.words).problem, answer.status)
    said = visit.words.say("Seluruh berkas sudah dibatalkan.", "The whole file is taken back.")
    return await visit.go(f"/instansi/impor/{upload}", said)


async def _mine(visit: Visit, upload: str) -> Upload:
    """Raises Trouble."""
    found = await visit.portal.uploads.get(upload, visit.user.login)
    if found is None:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    return found


async def _ask(visit: Visit, agency: str, problem: Mapping[str, Any] | None = None) -> Response:
    visit.user  # noqa: B018 - raises SignIn
    values = {"kinds": KINDS, "agency": agency[:48], "problem": problem, "chosen": visit.fields.get("kind", "")}
    return await visit.show("import.html.jinja", values, UNPROCESSABLE if problem else 200)


async def _report(
    visit: Visit, upload: Upload, problem: Mapping[str, Any] | None = None, status: int = 200
) -> Response:
    found, batch = upload.report, str(upload.report["import"])
    now = await visit.ask("registry", f"/v1/imports/{quote(batch)}") if batch else None
    values = {
        "upload": upload,
        "findings": found["findings"][:SHOWN],
        "left_out": len(found["findings"][SHOWN:]) + found["left_out"],
        "reversed": now is not None and now.body.get("status") == "reversed",
        "problem": problem,
        "key": uuid4().hex,
    }
    return await visit.show("import_report.html.jinja", values, status)
