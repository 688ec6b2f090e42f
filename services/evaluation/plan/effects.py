"""Runs: each in a process of its own with limits of time and memory, called off when the plan no longer wants it."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.evaluation.plan import store
from services.evaluation.plan.studio.orders import FREEZE, MERGE, SOLVE, Freeze, Merge, Solve
from services.evaluation.plan.studio.parts import PARTS
from services.evaluation.plan.studio.plans import PLANS
from services.evaluation.plan.studio.state import Studio
from shared.kernel.decider import Decider, judged_on
from shared.runtime.service import Effect, Job

LOOK, LEASE = 1.0, 20.0
Outcome = Mapping[str, Any]
Wanted = Callable[[], Awaitable[bool]]


class Settings(BaseSettings):
    """Limits of a solver's process: seconds for CP-SAT, for the whole run, and megabytes of memory."""

    model_config = SettingsConfigDict(env_prefix="MUTASI_PLAN_")
    solver_seconds: float = 60.0
    run_seconds: float = 300.0
    megabytes: int = 4096
    instance: str = Field(default="1", validation_alias="MUTASI_INSTANCE")


class Engine:
    """What the effects need of the process they run in; attached when it is connected."""

    def __init__(self) -> None:
        self.running: Any = None

    async def attach(self, engine: Any) -> tuple[()]:  # noqa: ANN401 - the runtime's engine
        """From now on, ask it; no loop of our own."""
        self.running = engine
        return ()

    async def wants(self, job: Job) -> bool:
        """True until the plan has called the run off; if so, nobody else begins this work for another while."""
        decider: Decider[Studio] = PLANS
        found = await self.running.load(decider, job.data["plan"])
        if found is not None and job.data["run"] not in found[1].under_way:
            return False
        kind = PLANS.name if job.aggregate == job.data["plan"] else PARTS.name
        until = self.running.clock.real() + LEASE
        await self.running.store.defer_work(kind, job.aggregate, job.id, until)
        return True


class Solver:
    """Asks the solver's process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def ask(self, question: Mapping[str, Any], wanted: Wanted | None = None) -> dict[str, Any]:
        """The answer; with ok false and a code if it took too long, too much memory, or nobody wants it any more."""
        limits = (str(self.settings.megabytes), str(os.getpid()))
        command = (sys.executable, "-m", "services.evaluation.plan.process", *limits)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
        talk = asyncio.get_running_loop().create_task(process.communicate(json.dumps(question).encode()))
        try:
            code = await self._waited(talk, wanted)
            if code:
                return {"ok": False, "code": code}
            said, errors = talk.result()
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await asyncio.gather(talk, return_exceptions=True)
        if process.returncode != 0:
            return {"ok": False, "code": "SOLVER_DIED", "faults": [errors.decode(errors="replace")[-300:]]}
        answer: dict[str, Any] = json.loads(said)
        return answer

    async def _waited(self, talk: "asyncio.Task[tuple[bytes, bytes]]", wanted: Wanted | None) -> str:
        """ "" when it is done, else why it is ended."""
        until = asyncio.get_running_loop().time() + self.settings.run_seconds
        while not talk.done():
            await asyncio.wait([talk], timeout=LOOK)
            if not talk.done() and asyncio.get_running_loop().time() > until:
                return "TIME"
            if not talk.done() and wanted is not None and not await wanted():
                return "CANCELLED"
        return ""


class Runs:
    """The steps of a run. A repeat is harmless: what is stored is named by its hash."""

    def __init__(self, engine: Engine, solver: Solver) -> None:
        self.engine, self.solver = engine, solver

    async def freeze(self, job: Job) -> Outcome:
        """Read people and posts, let the rules judge, store the snapshot."""
        order = Freeze.model_validate(job.data)
        db = self.engine.running.db
        material = {
            **await store.material(db, order.agency),
            **order.model_dump(mode="json", include={"agency", "scenario", "told"}),
            "on": judged_on(job.now).isoformat(),
        }
        answer = await self.solver.ask({"action": "freeze", "material": material}, partial(self.engine.wants, job))
        if not answer.get("ok", True):
            return _failed(answer)
        snapshot = answer["snapshot"]
        parts = [{"region": name, "snapshot": await store.keep(db, part)} for name, part in answer["parts"].items()]
        return {
            "snapshot": await store.keep(db, snapshot),
            "parts": parts,
            "ruleset": snapshot["ruleset"],
            "persons": len(snapshot["problem"]["persons"]),
            "options": answer["options"],
        }

    async def solve(self, job: Job) -> Outcome:
        """Solve and check what was frozen, store the plan."""
        order = Solve.model_validate(job.data)
        seconds = self.solver.settings.solver_seconds
        return await self._computed(job, order.snapshot, {"action": "solve", "seconds": seconds})

    async def merge(self, job: Job) -> Outcome:
        """Put the plans of the parts together, check the whole, store it."""
        order = Merge.model_validate(job.data)
        plans = [(await store.kept(self.engine.running.db, result))["plan"] for result in order.results]
        return await self._computed(job, order.snapshot, {"action": "merge", "plans": plans})

    async def _computed(self, job: Job, snapshot: str, question: Mapping[str, Any]) -> Outcome:
        db = self.engine.running.db
        frozen = {"snapshot": await store.kept(db, snapshot)}
        answer = await self.solver.ask({**question, **frozen}, partial(self.engine.wants, job))
        if not answer.get("ok", True):
            return _failed(answer)
        plan, milliseconds = answer["plan"], answer.pop("milliseconds")
        told = {name: plan[name] for name in ("status", "solver", "levels", "staffing")}
        told |= {"worker": self.solver.settings.instance, "moves": len(answer["moves"]), "milliseconds": milliseconds}
        return {**told, "snapshot": snapshot, "result": await store.keep(db, answer)}


def _failed(answer: Mapping[str, Any]) -> Outcome:
    return {"ok": False, "code": answer["code"], "faults": list(answer.get("faults", ()))[:50]}


engine = Engine()
solver = Solver(Settings())


def effects() -> dict[str, Effect]:
    """Each kind of work. The lease is short and kept up while a run lasts: a killed one begins again soon."""
    runs = Runs(engine, solver)
    return {
        FREEZE: Effect(runs.freeze, crash="repeat", lease=LEASE, parallel=1),
        SOLVE: Effect(runs.solve, crash="repeat", lease=LEASE, parallel=1),
        MERGE: Effect(runs.merge, crash="repeat", lease=LEASE, parallel=1),
    }
