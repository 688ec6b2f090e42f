"""A real SMTP server that keeps every mail and shows it on a web page; `make run` starts it for the demo."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import HTMLResponse
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


def make_app(folder: Path, smtp_port: int) -> FastAPI:
    """The web side, whose lifetime is also that of the SMTP server."""
    mails = Mails(folder)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        loop = asyncio.get_running_loop()
        factory = partial(
            SMTP, Catcher(mails), data_size_limit=MAX_BYTES, enable_SMTPUTF8=True, ident="mutasi"
        )
        server = await loop.create_server(lambda: factory(loop=loop), LOOPBACK, smtp_port)
        async with server:
            yield

    app = FastAPI(title="Mails of the demo", lifespan=lifespan, openapi_url=None)

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.get("/api/messages")
    async def messages(
        to: str = "",
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> list[Summary]:
        return mails.latest(to, offset, limit)

    @app.get("/api/messages/{key}")
    async def message(key: str) -> Mail:
        return _known(mails, key)

    @app.get("/", response_class=HTMLResponse)
    async def index(to: str = "") -> str:
        return PAGES.get_template("mails.html").render(mails=mails.latest(to, 0, 200), to=to)

    @app.get("/mails/{key}", response_class=HTMLResponse)
    async def page(key: str) -> str:
        return PAGES.get_template("mail.html").render(mail=_known(mails, key))

    return app


def _known(mails: Mails, key: str) -> Mail:
    mail = mails.get(key)
    if mail is None:
        raise HTTPException(404, "There is no such mail.")
    return mail


def main() -> None:
    """Serves on the loopback only: there is no login."""
    app = make_app(Path(os.environ["MUTASI_MAILS"]), int(os.environ["MUTASI_SMTP_PORT"]))
    uvicorn.run(app, host=LOOPBACK, port=int(os.environ["MUTASI_PORT"]), log_level="warning")


if __name__ == "__main__":
    main()
