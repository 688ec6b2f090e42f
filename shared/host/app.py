"""Runs one service as a process: connects, starts the loops, serves HTTP, and ends in order."""

import asyncio
import gc
import importlib
import logging
import os
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from typing import Any, Protocol

import uvicorn
import uvloop
import yaml
from fastapi import APIRouter, FastAPI

from shared.host.audit import Histories
from shared.host.http import make_http
from shared.host.logs import configure
from shared.host.settings import Settings
from shared.runtime.clock import DomainClock
from shared.runtime.engine import Engine, Ports
from shared.runtime.kafka import Consumer, KafkaBus
from shared.runtime.mongo import MongoStore, connect
from shared.runtime.ports import Clock, Store, Unavailable
from shared.runtime.service import Door, Service
from shared.runtime.telemetry import PARKED_AGE, export, otlp

GRACE, WATCH_EVERY, AGE_EVERY = 10.0, 5.0, 15.0
COLLECT = 20_000, 20, 100  # a batch makes thousands of objects and few cycles; by default that is a third of the time
log = logging.getLogger(__name__)
Site = Callable[[Engine, Settings], Awaitable[FastAPI]]
Loops = Iterable[Coroutine[Any, Any, None]]
Setup = Callable[[Engine], Awaitable[Loops]]


@dataclass(frozen=True, slots=True)
class App:
    """A service with its routes, its doors, and what it still has to start for itself: loops that live with it."""

    service: Service
    routers: Sequence[APIRouter]
    doors: Sequence[Door] = ()
    setup: Setup | None = None
    site: Site | None = None
    store: type[MongoStore] = MongoStore
    open_routers: Sequence[APIRouter] = ()


def build(
    service: Service,
    *routers: APIRouter,
    doors: Sequence[Door] = (),
    setup: Setup | None = None,
    site: Site | None = None,
    store: type[MongoStore] = MongoStore,
    open_routers: Sequence[APIRouter] = (),
) -> App:
    """The app of a service, as its `app.py` names it. `site` is mounted below health and operations; `open_routers`
    take no token, see `make_http`."""
    return App(service, routers, doors, setup, site, store, open_routers)


@dataclass(slots=True)
class Process:
    """The connected parts of one running service."""

    app: App
    texts: Mapping[str, Any]
    settings: Settings
    engine: Engine
    store: MongoStore
    bus: KafkaBus
    clock: DomainClock
    consumers: list[Consumer]
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    @classmethod
    def of(cls, app: App, texts: Mapping[str, Any], settings: Settings) -> "Process":
        """Make the parts; nothing is connected yet."""
        client = connect(settings.mongo.get_secret_value())
        db = client[f"mutasi_{app.service.name}"]
        servers = settings.kafka.get_secret_value()
        store, bus, clock = app.store(db, app.service), KafkaBus(servers), DomainClock(servers)
        ports = Ports(store, bus, clock)
        engine = Engine(app.service, ports, settings.admin, settings.batch_max, db)
        name, instance = app.service.name, settings.instance
        consumers = [
            Consumer(
                name,
                servers,
                instance,
                engine.intake.take,
                engine.progress,
                topics=app.service.reads,
                careful=engine.intake.careful,
            )
        ]
        for door in app.doors:
            take = partial(engine.intake.enter, door)
            consumers.append(
                Consumer(f"{name}.door", servers, f"{instance}.door", take, engine.progress, pattern=door.pattern)
            )
        engine.consumers.extend(consumers)
        return cls(app, texts, settings, engine, store, bus, clock, consumers)

    async def start(self) -> None:
        """Indexes, clock, producer, loops, and last the consumers: nothing is taken before all else works."""
        await self.store.ensure()
        unclean = await self.store.run_state(self.settings.instance, "running") == "running"
        await self.clock.start()
        await self.bus.start()
        jitter = random.Random()  # noqa: S311 - spreads polls of replicas, no secret
        for loop in self.engine.loops(jitter):
            self._keep(loop)
        if self.app.setup is not None:
            for own in await self.app.setup(self.engine):
                self._keep(own)
        for consumer in self.consumers:
            await consumer.start(unclean=unclean)
        self._keep(watch(self.consumers))
        self._keep(tell_age(self.store, self.clock))
        self.engine.progress.up("store")
        self.engine.progress.up("consumer")

    def _keep(self, loop: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(loop)
        task.add_done_callback(_died)
        self.tasks.append(task)

    async def stop(self) -> None:
        """Take nothing more, let what was taken be written and published, then say that the end was clean."""
        self.engine.progress.down("consumer")
        for consumer in self.consumers:
            await consumer.stop()
        deadline = asyncio.get_running_loop().time() + GRACE
        while asyncio.get_running_loop().time() < deadline:
            if not (self.engine.executor.waiting or self.engine.publisher.pending or self.engine.workers.running):
                break
            await asyncio.sleep(0.05)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.store.run_state(self.settings.instance, "ended")
        await self.bus.stop()
        await self.clock.stop()

    def http(self) -> FastAPI:
        """The guarded HTTP app."""
        engine = self.engine
        return make_http(
            self.app.service,
            self.app.routers,
            engine,
            self.settings,
            self.texts,
            progress=engine.progress,
            ops=engine,
            histories=Histories(sorted(decider.name for decider in self.app.service.deciders), self.store),
            open_routers=self.app.open_routers,
        )


class Watched(Protocol):
    """What can be stuck for good."""

    @property
    def healthy(self) -> bool:
        """False if work waits and nothing moved for too long."""


class Stuck(Exception):
    """A consumer takes nothing although records wait, and nothing inside the process will mend it."""


async def watch(consumers: Sequence[Watched], every: float = WATCH_EVERY) -> None:
    """Raises `Stuck` when a consumer is ill, which ends the process: another will read on from the commits."""
    while True:
        if not all([consumer.healthy for consumer in consumers]):
            raise Stuck
        await asyncio.sleep(every)


async def tell_age(store: Store, clock: Clock, every: float = AGE_EVERY) -> None:
    """Keeps `mutasi_parked_oldest_seconds` true, also after a restart, for an alert on what nobody looks at."""
    while True:
        with suppress(Unavailable):
            oldest = await store.parked("parked", 1)
            PARKED_AGE.set(clock.real() - oldest[0]["at"] if oldest else 0)
        await asyncio.sleep(every)


def _died(task: "asyncio.Task[None]") -> None:
    """A loop must never end by itself. The process does, so that the supervisor starts a whole one."""
    if not task.cancelled():
        log.critical("a loop of the runtime ended", exc_info=task.exception())
        os._exit(70)


async def serve(app: App, texts: Mapping[str, Any], settings: Settings) -> None:
    """Until SIGTERM or SIGINT."""
    provider = export(app.service.name, otlp(settings.otlp)) if settings.otlp else None
    process = Process.of(app, texts, settings)
    await process.start()
    gc.collect()
    gc.freeze()  # what start-up made stays: no collection walks it again
    gc.set_threshold(*COLLECT)
    http = process.http()
    if app.site is not None:
        http.mount("/", await app.site(process.engine, settings))
    config = uvicorn.Config(
        http,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        http="httptools",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    try:
        await uvicorn.Server(config).serve()
    finally:
        await process.stop()
        if provider is not None:
            provider.shutdown()


def main(target: str) -> None:
    """The entry point of each service's `__main__`: "package.module:app" and the package's texts.yaml, if any."""
    settings = Settings.load()
    module, _, name = target.partition(":")
    app: App = getattr(importlib.import_module(module), name)
    texts = files(module.rpartition(".")[0]).joinpath("texts.yaml")
    configure(app.service.name, settings.instance, settings.log_level)
    uvloop.run(serve(app, yaml.safe_load(texts.read_text("utf-8")) if texts.is_file() else {}, settings))
