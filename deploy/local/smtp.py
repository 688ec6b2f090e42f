"""A real SMTP server that keeps every mail and shows it on a web page; `make run` starts it for the demo."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader

from deploy.local.mails import Mail, Mails, Summary
from deploy.local.process import LOOPBACK

PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
MAX_BYTES = 32 * 1024 * 1024


class Catcher:
    """Takes every mail and answers only when it is on disk, as a careful server does."""

    def __init__(self, mails: Mails) -> None:
        self.mails = mails

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keeps one mail."""
        del server, session
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        key = self.mails.add(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return f"250 kept as {key}"


class Web:
    """The pages and the API; each method is a route."""

    def __init__(self, mails: Mails) -> None:
        self._mails = mails

    async def ready(self) -> dict[str, str]:
        """That it serves is all there is to know."""
        return {"status": "ready"}

    async def messages(
        self,
        to: str = "",
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> list[Summary]:
        """The newest mails, on demand those to one address."""
        return self._mails.latest(to, offset, limit)

    async def message(self, key: str) -> Mail:
        """One mail."""
        mail = self._mails.get(key)
        if mail is None:
            raise HTTPException(404, "There is no such mail.")
        return mail

    async def file(self, key: str, number: int) -> Response:
        """One attachment, to keep: never shown as a page of this address."""
        found = self._mails.file(key, number)
        if found is None:
            raise HTTPException(404, "There is no such file.")
        name, content = found
        headers = {"content-disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}"}
        return Response(content, media_type="application/octet-stream", headers=headers)

    async def list_page(self, to: str = "") -> str:
        """The list, for people."""
        return PAGES.get_template("mails.html").render(mails=self._mails.latest(to, 0, 200), to=to)

    async def mail_page(self, key: str) -> str:
        """One mail, for people."""
        return PAGES.get_template("mail.html").render(mail=await self.message(key))


def make_app(folder: Path, smtp_port: int) -> FastAPI:
    """The web side, whose lifetime is also that of the SMTP server."""
    mails = Mails(folder)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        loop = asyncio.get_running_loop()
        smtp = partial(SMTP, Catcher(mails), data_size_limit=MAX_BYTES, enable_SMTPUTF8=True, ident="mutasi")
        async with await loop.create_server(lambda: smtp(loop=loop), LOOPBACK, smtp_port):
            yield

    web = Web(mails)
    app = FastAPI(title="Mails of the demo", lifespan=lifespan, openapi_url=None)
    app.get("/health/ready")(web.ready)
    app.get("/api/messages")(web.messages)
    app.get("/api/messages/{key}")(web.message)
    app.get("/", response_class=HTMLResponse)(web.list_page)
    app.get("/mails/{key}", response_class=HTMLResponse)(web.mail_page)
    app.get("/mails/{key}/files/{number}")(web.file)
    return app


def main() -> None:
    """Serves on the loopback only: there is no login."""
    app = make_app(Path(os.environ["MUTASI_MAILS"]), int(os.environ["MUTASI_SMTP_PORT"]))
    uvicorn.run(app, host=LOOPBACK, port=int(os.environ["MUTASI_PORT"]), log_level="warning")


if __name__ == "__main__":
    main()
