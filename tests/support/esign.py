"""A stand-in for the national provider of electronic signatures, over real HTTP, that behaves as it is told to.

It answers in the provider's shape (`services/approval/signing/provider.py`) and signs with the test authority.
"""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from deploy.local.process import LOOPBACK, free_port
from services.approval.signing.local import sign
from services.approval.signing.port import Order

Mood = Literal["well", "late", "busy", "refuses", "denies", "other paper", "unsigned", "nonsense"]
USER, PASSWORD, PASSPHRASE = "mutasi", "rahasia", "Sandi#1945"
BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
ORDER = Order(
    paper="sk-c-1-1",
    agency="palu",
    office="ppk",
    agency_name="Pemerintah Kota Palu",
    office_name="Pejabat Pembina Kepegawaian",
    signer_name="Ahmad Wijaya",
)


@dataclass
class Esign:
    """The provider: `moods` are what it does at the next requests, then it does well. `asked` are the requests."""

    authority: Path
    other: bytes
    moods: list[Mood] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    pause: float = 0.0
    url: str = ""

    def app(self) -> FastAPI:
        """Its HTTP door."""
        app = FastAPI()

        @app.post("/api/v2/sign/pdf")
        async def sign_pdf(request: Request) -> JSONResponse:
            return await self._answer(request)

        return app

    async def _answer(self, request: Request) -> JSONResponse:
        mood: Mood = self.moods.pop(0) if self.moods else "well"
        body = await request.json()
        self.asked.append(body)
        if request.headers.get("authorization") != BASIC or mood == "denies":
            return JSONResponse({"status_code": 401, "error": "Unauthorized"}, 401)
        if body["passphrase"] != PASSPHRASE or mood == "refuses":
            return JSONResponse({"status_code": 2031, "error": "Passphrase anda salah"}, 400)
        if mood == "busy":
            return JSONResponse({"status_code": 503, "error": "Server sibuk"}, 503)
        if mood == "nonsense":
            return JSONResponse({"file": ["%%%"]})
        paper = self.other if mood == "other paper" else base64.b64decode(body["file"][0])
        signed = paper if mood == "unsigned" else await asyncio.to_thread(sign, self.authority, paper, ORDER)
        if mood == "late":
            await asyncio.sleep(self.pause)
        return JSONResponse({"time": 412, "file": [base64.b64encode(signed).decode()]})


@asynccontextmanager
async def running(esign: Esign) -> AsyncIterator[Esign]:
    """The provider at an address of its own for the time of the block."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(esign.app(), LOOPBACK, port, log_level="error", lifespan="off"))
    task = asyncio.get_running_loop().create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    esign.url = f"http://{LOOPBACK}:{port}"
    try:
        yield esign
    finally:
        server.should_exit = True
        await task
