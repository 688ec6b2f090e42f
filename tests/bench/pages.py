"""What the portal's pages cost when its read models are large: 1,000 people and 100 open cases, and then as many as
asked for, in one run; and how fast the read models are built anew from the topics.

The read models are copies of a case and its applicant that came through the public doors, written into the portal's
database directly. Pages are asked for one after another, through HTTP, by people who are signed in.
"""

import asyncio
import time
from collections.abc import Iterator
from statistics import quantiles
from typing import Any

import httpx
from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import SecretStr

from services.portal.rebuild import Servers, rebuild
from services.portal.sessions import Held, Sessions
from services.portal.web import SESSION
from shared.contracts.approval import TaskQueued
from shared.runtime.mongo import connect
from tests.support.lifecycle import Driver, seed
from tests.support.system import System

TOLD, FEW_PEOPLE, CASES_PER, ROUNDS, WARM_UP, CHUNK = 12_000, 1_000, 10, 300, 20, 2_000
HOUR, LOOK_EVERY = 3600.0, 0.1


class Site:
    """The portal, its read models, and who looks at it."""

    def __init__(self, system: System) -> None:
        self.system, self.client = system, connect(system.stack.mongo)
        self.db: AsyncIOMotorDatabase[Any] = self.client["mutasi_portal"]
        self.case, self.person, self.receipt = "", "", ""
        self.people, self.cases = 0, 0

    async def open(self, driver: Driver) -> None:
        """Bring one case to its first task, and wait until the portal tells of it."""
        self.case = (await driver.opened(0)).case
        entries: list[dict[str, Any]] = []
        while not any(entry["value"]["type"] == TaskQueued.TYPE for entry in entries):
            await asyncio.sleep(LOOK_EVERY)
            entries = await self.db["fact_entry"].find({"value.case": self.case}).to_list(None)
        self.person = (await self.db["fact_file"].find_one({"_id": self.case}) or {})["value"]["content"]["person"]
        self.receipt = next(e["value"]["data"]["receipt"] for e in entries if e["value"]["data"].get("receipt"))

    async def grow(self, people: int, cases: int) -> float:
        """So many people and open cases; how many seconds it took."""
        began = time.monotonic()
        for kind, id in (("particulars", self.person), ("account", "asn-0")):
            model = await self.db[f"fact_{kind}"].find_one({"_id": id}) or {}
            await self._copy(kind, (model | {"_id": f"bench-{n}"} for n in range(self.people, people)))
        entries = await self.db["fact_entry"].find({"value.case": self.case}).to_list(None)
        file = await self.db["fact_file"].find_one({"_id": self.case}) or {}
        news = range(self.cases, cases)
        await self._copy("file", (_file(file, n) for n in news))
        await self._copy("entry", (_entry(entry, n, place) for n in news for place, entry in enumerate(entries)))
        self.people, self.cases = people, cases
        return time.monotonic() - began

    async def _copy(self, kind: str, documents: Iterator[dict[str, Any]]) -> None:
        chunk: list[dict[str, Any]] = []
        for document in documents:
            chunk.append(document)
            if len(chunk) == CHUNK:
                await self.db[f"fact_{kind}"].insert_many(chunk, ordered=False)
                chunk = []
        if chunk:
            await self.db[f"fact_{kind}"].insert_many(chunk, ordered=False)

    async def timed(self, path: str, login: str) -> list[float]:
        """Milliseconds of each request for a page, by a browser of its own; the first ones do not count."""
        async with httpx.AsyncClient(base_url=self.system.url("portal"), timeout=60) as browser:
            browser.cookies.set(SESSION, await self._signed_in(login))
            took = []
            for _ in range(WARM_UP + ROUNDS):
                began = time.perf_counter()
                (await browser.get(path)).raise_for_status()
                took.append((time.perf_counter() - began) * 1000)
        return took[WARM_UP:]

    async def _signed_in(self, login: str) -> str:
        sessions = Sessions(self.db)
        cookies = await sessions.open()
        return cookies.sign(await sessions.create(Held(login, self.system.token(login), HOUR)))


def _file(model: dict[str, Any], n: int) -> dict[str, Any]:
    content = model["value"]["content"] | {"person": f"bench-{n}"}
    return model | {"_id": case(n), "value": model["value"] | {"content": content}}


def _entry(model: dict[str, Any], n: int, place: int) -> dict[str, Any]:
    value = model["value"] | {"case": case(n), "source": f"bench/{case(n)}/{place}"}
    if value["data"].get("receipt"):
        value["data"] = value["data"] | {"receipt": f"MT-{n:012X}"}
    return model | {"_id": f"bench-{n}-{place}", "value": value}


def case(n: int) -> str:
    """Id of a copy."""
    return f"c-bench{n:018}"


async def measure(system: System, people: int) -> str:
    """The figures, as text."""
    population = await seed(system, TOLD)
    driver, site = Driver(system, population, run="pages"), Site(system)
    await driver.start()
    try:
        await site.open(driver)
        applicant, chief = population.login(0), population.chief(0, 0)
        pages = {
            "my cases": ("/saya", applicant),
            "one case": (f"/perkara/{site.case}", applicant),
            "tasks": ("/tugas", chief),
            "one task": (f"/tugas/{site.case}.1.1", chief),
            "vacancies": ("/lowongan", applicant),
        }
        built = await rebuild(Servers(kafka=SecretStr(system.stack.kafka), mongo=SecretStr(system.stack.mongo)))
        lines = [f"built anew: {built.events:,} events in {built.seconds:.1f} s, {built.events / built.seconds:,.0f}/s"]
        few = await _all(site, pages, FEW_PEOPLE, lines)
        many = await _all(site, pages, people, lines)
        ratios = (f"{name} {p99(many[name]) / p99(few[name]):.2f}" for name in pages)
        return "\n".join([*lines, f"p99 at {people:,} people to that at {FEW_PEOPLE:,}: {', '.join(ratios)} (goal 2)"])
    finally:
        site.client.close()
        await driver.stop()


async def _all(site: Site, pages: dict[str, tuple[str, str]], people: int, lines: list[str]) -> dict[str, list[float]]:
    seconds = await site.grow(people, people // CASES_PER)
    took = {name: await site.timed(path, login) for name, (path, login) in pages.items()}
    shown = (f"{name} p50 {quantiles(took[name])[1]:.1f} p99 {p99(took[name]):.1f} ms" for name in pages)
    lines.append(f"{people:,} people, {site.cases:,} cases (written in {seconds:.0f} s): {', '.join(shown)}")
    return took


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return quantiles(values, n=100)[98]
