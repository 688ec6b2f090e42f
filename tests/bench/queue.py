"""The approver's queue when very many tasks are open: list, claim and decide at 1,000 and at 1,000,000 of them, in one
run; and many approvers who all want the same tasks.

The documents are copies of a case that came through the public doors, written into approval's database directly.
"""

import asyncio
import copy
import random
import time
from collections import Counter
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

import httpx

from shared.runtime.mongo import connect
from shared.runtime.ports import utc
from tests.support.lifecycle import Driver, Population, seed
from tests.support.system import System

FEW, ROUNDS, CHUNK, PAGE, SEED = 1_000, 300, 1_000, 50, 20261122
AT_ONCE, MISSES = 5, 3  # tasks somebody takes of one page; empty pages after which they go home
STEPS = ("list", "claim", "decide")
APPROVE = {"decision": "approve"}


class Desk:
    """Copies of one open case, and the officials of its first stage at work on them."""

    def __init__(self, system: System, population: Population) -> None:
        self.system, self.population = system, population
        self.http = httpx.AsyncClient(base_url=system.url("approval"), timeout=60)
        self.client = connect(system.stack.mongo)
        self.cases = self.client["mutasi_approval"]["cases"]
        self.model: dict[str, Any] = {}
        self.made = 0
        self.rnd = random.Random(SEED)

    async def open(self, driver: Driver) -> None:
        """Bring one case to its first task."""
        times = await driver.opened(0)
        self.model = await self.cases.find_one({"_id": times.case}) or {}

    async def renew(self, to: int) -> float:
        """So many open tasks, none of them begun; how many seconds it took."""
        await self.cases.delete_many({})
        self.made = 0
        return await self.grow(to)

    async def grow(self, to: int) -> float:
        """So many open tasks more; how many seconds it took."""
        began = time.monotonic()
        while self.made < to:
            many = min(CHUNK, to - self.made)
            await self.cases.insert_many([self._copy(self.made + n) for n in range(many)], ordered=False)
            self.made += many
        return time.monotonic() - began

    def _copy(self, n: int) -> dict[str, Any]:
        """The case under another id, due some seconds later or earlier."""
        old, new = self.model["_id"], case(n)
        document: dict[str, Any] = copy.deepcopy(self.model)
        task = document["state"]["task"]
        moment = datetime.fromisoformat(task["due"]) + timedelta(seconds=self.rnd.randrange(10**6))
        task |= {"task": task["task"].replace(old, new), "due": utc(moment)}
        document["state"]["case"] = document["_id"] = new
        return document | {"due_at": utc(moment)}

    async def ask(self, login: str, method: str, path: str, body: object = None) -> httpx.Response:
        """One request."""
        headers = self.system.headers(login, f"{path}-{self.rnd.random()}")
        return await self.http.request(method, path, json=body, headers=headers)

    async def timed(self) -> dict[str, list[float]]:
        """Milliseconds of each step, one request after another, on tasks anywhere in the queue."""
        took: dict[str, list[float]] = {step: [] for step in STEPS}
        for n in self.rnd.sample(range(self.made), ROUNDS):
            task = f"/v1/tasks/{case(n)}.1.1"
            took["list"].append(await self._one("GET", "/v1/tasks"))
            took["claim"].append(await self._one("POST", f"{task}/claim"))
            took["decide"].append(await self._one("POST", f"{task}/decide", APPROVE))
        return took

    async def _one(self, method: str, path: str, body: object = None) -> float:
        """Milliseconds of a request. Raises httpx.HTTPStatusError."""
        began = time.perf_counter()
        answer = await self.ask(self.population.chief(0, 0), method, path, body)
        took = (time.perf_counter() - began) * 1000
        answer.raise_for_status()
        return took

    async def crowd(self, approvers: int) -> Counter[str]:
        """Everybody takes tasks from the front of the queue until there are none: who got each, counted by task."""
        got: Counter[str] = Counter()
        await asyncio.gather(*(self._take(self.population.colleague(n), got) for n in range(approvers)))
        return got

    async def _take(self, login: str, got: Counter[str]) -> None:
        misses = 0
        while misses < MISSES:
            rows = (await self.ask(login, "GET", f"/v1/tasks?limit={PAGE}")).json()["items"]
            free = [row["task"] for row in rows if not row["claimed_by"]]
            misses = 0 if free else misses + 1
            for task in self.rnd.sample(free, min(AT_ONCE, len(free))):
                if (await self.ask(login, "POST", f"/v1/tasks/{task}/claim")).is_success:
                    got[task] += 1
                    (await self.ask(login, "POST", f"/v1/tasks/{task}/decide", APPROVE)).raise_for_status()

    async def close(self) -> None:
        """Let go of connections."""
        await self.http.aclose()
        self.client.close()


def case(n: int) -> str:
    """Id of a copy."""
    return f"c-bench{n:018}"


async def measure(system: System, tasks: int, crowd_tasks: int, approvers: int) -> str:
    """Both figures, as text. The crowd comes first, while only its own tasks are open."""
    population = await seed(system, 1, colleagues=approvers)
    driver = Driver(system, population, run="queue")
    await driver.start()
    desk = Desk(system, population)
    try:
        await desk.open(driver)
        lines = [await _crowded(desk, crowd_tasks, approvers)]
        few = await _timed(desk, FEW, lines)
        many = await _timed(desk, tasks, lines)
        ratios = (f"{step} {p99(many[step]) / p99(few[step]):.2f}" for step in STEPS)
        return "\n".join([*lines, f"p99 at {tasks:,} to that at {FEW:,}: {', '.join(ratios)} (goal 3)"])
    finally:
        await desk.close()
        await driver.stop()


async def _crowded(desk: Desk, tasks: int, approvers: int) -> str:
    await desk.grow(tasks)
    began = time.monotonic()
    got = await desk.crowd(approvers)
    twice = sum(many > 1 for many in got.values())
    seconds = time.monotonic() - began
    done = f"{len(got):,} claimed and decided in {seconds:.0f} s, {twice} claimed twice"
    return f"{approvers} approvers over {tasks:,} tasks: {done}"


async def _timed(desk: Desk, open_tasks: int, lines: list[str]) -> dict[str, list[float]]:
    """The steps with so many tasks open; what was decided before counts for nothing."""
    seconds = await desk.renew(open_tasks)
    took = await desk.timed()
    shown = (f"{step} p50 {quantiles(took[step])[1]:.1f} p99 {p99(took[step]):.1f} ms" for step in STEPS)
    lines.append(f"{open_tasks:,} open tasks (written in {seconds:.0f} s): {', '.join(shown)}")
    return took


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return quantiles(values, n=100)[98]
