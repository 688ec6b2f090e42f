"""What can be done with a task beside deciding it: hand it on, ask the person, comment, take a decision back; and the
person's answer. Who may, and when, the approval service judges."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.pages import cases, tasks
from services.portal.remote import Answer
from services.portal.web import Poster, Visit, refused, written

router = APIRouter()
UNPROCESSABLE = 422
Page = Callable[[dict[str, Any], int], Awaitable[Response]]


@router.post("/tugas/{task}/teruskan")
async def forward(visit: Poster, task: str) -> Response:
    """Hand it to a colleague of the same office, with the reason; also once it is overdue."""
    answer = await _send(
        visit, f"/v1/tasks/{quote(task)}/forward", {"to": "to", "why": "reason"}, _of_task(visit, task)
    )
    if isinstance(answer, Response):
        return answer
    said = visit.words.say("Tugas diteruskan kepada rekan Anda.", "The task is handed on to your colleague.")
    return await visit.go("/tugas", said + await written(visit, "approval", answer))


@router.post("/tugas/{task}/tanya")
async def ask(visit: Poster, task: str) -> Response:
    """Ask the person; the clock of the task stops."""
    answer = await _send(visit, f"/v1/tasks/{quote(task)}/ask", {"question": "question"}, _of_task(visit, task))
    if isinstance(answer, Response):
        return answer
    said = visit.words.say("Pertanyaan dikirim; tenggat berhenti.", "The question is sent; the clock stands still.")
    return await visit.go(f"/tugas/{quote(task)}", said + await written(visit, "approval", answer))


@router.post("/tugas/{task}/tarik")
async def recall(visit: Poster, task: str) -> Response:
    """Take one's own decision back while its grace lasts."""
    answer = await _send(visit, f"/v1/tasks/{quote(task)}/recall", {}, _of_task(visit, task))
    if isinstance(answer, Response):
        return answer
    said = ("Keputusan ditarik; tugas kembali kepada Anda.", "The decision is taken back; the task is yours again.")
    return await visit.go(f"/tugas/{quote(task)}", visit.words.say(*said))


@router.post("/tugas/{task}/komentar")
async def comment_at_desk(visit: Poster, task: str) -> Response:
    """Write what all parties of the case read, beside a task."""
    case = task.rsplit(".", 2)[0]
    return await _comment(visit, case, f"/tugas/{quote(task)}", _of_task(visit, task))


@router.post("/perkara/{case}/komentar")
async def comment(visit: Poster, case: str) -> Response:
    """Write what all parties of the case read."""
    return await _comment(visit, case, f"/perkara/{quote(case)}", _of_case(visit, case))


@router.post("/perkara/{case}/jawab")
async def answer_question(visit: Poster, case: str) -> Response:
    """Answer what an official asked; their clock runs again."""
    path = f"/v1/tasks/{quote(visit.fields.get('task', ''))}/answer"
    answer = await _send(visit, path, {"answer": "answer"}, _of_case(visit, case))
    if isinstance(answer, Response):
        return answer
    said = visit.words.say("Jawaban Anda dikirim.", "Your answer is sent.")
    return await visit.go(f"/perkara/{quote(case)}", said + await written(visit, "approval", answer))


async def _comment(visit: Visit, case: str, back: str, page: Page) -> Response:
    answer = await _send(visit, f"/v1/cases/{quote(case)}/comments", {"comment": "text"}, page)
    if isinstance(answer, Response):
        return answer
    return await visit.go(back, visit.words.say("Komentar Anda dicatat.", "Your comment is recorded."))


async def _send(visit: Visit, path: str, names: dict[str, str], page: Page) -> Answer | Response:
    """Send these fields of the form, field -> name at the service; the page again where one is empty, or all of it was
    refused."""
    fields = visit.fields
    if missing := next((name for name in names if not fields.get(name)), ""):
        return await page(visit.words.problem("REQUIRED") | {"where": missing}, UNPROCESSABLE)
    body = {theirs: fields[ours] for ours, theirs in names.items()}
    answer = await visit.command("approval", "POST", path, fields.get("key", ""), body)
    if answer.ok:
        return answer
    trouble = refused(answer, visit.words)
    return await page(dict(trouble.problem), trouble.status)


def _of_task(visit: Visit, task: str) -> Page:
    return lambda problem, status: tasks.show(visit, task, problem, status)


def _of_case(visit: Visit, case: str) -> Page:
    return lambda problem, status: cases.show(visit, case, problem, status)
