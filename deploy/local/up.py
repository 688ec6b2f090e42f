"""`make run`: starts the whole system on this machine, plays one transfer, and ends all of it with itself."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType

import httpx

from deploy.local import admit, kafka, mongo, processes, topics
from deploy.local.layout import ROOT, Layout
from deploy.local.lock import held, owner
from deploy.local.machine import engine_answers, native_possible
from deploy.local.problems import Code, Problem
from deploy.local.process import wait_until
from deploy.local.processes import Program
from deploy.local.steps import masked, reported, say, step
from deploy.local.supervise import start_programs, supervisor
from shared.address import reach

PATIENCE = 240


class Stopped(BaseException):
    """Somebody asked us to end: Ctrl-C or `make stop`; no error, so no handler of errors may take it."""


class System:
    """One running system: its programs, its settings, and how it comes up."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._broker = processes.broker(layout)
        self._native, addresses = processes.servers(layout, self._broker)
        self._helpers, settings = processes.helpers(layout)
        self._services, self._settings = processes.services(layout, addresses | settings, self._broker)
        self._settings |= processes.doors(self._broker)
        self._supervisor = supervisor(layout, self._native + self._helpers + self._services)

    def start(self) -> None:
        """Servers, topics, services, each waited for."""
        self._layout.write_env(self._settings)
        if not self._layout.accounts.exists():
            first = [{"login": self._settings["MUTASI_ADMIN"], "label": "the first administrator"}]
            self._layout.accounts.write_text(json.dumps(first))
        with step("supervisor"):
            self._supervisor.start()
            self._supervisor.wait_ready()
        self._wait_for_servers()
        with step("topics, and who may use them"):
            if self._broker is not None:
                self._broker.admit()
            asyncio.run(topics.create_missing(self._settings["MUTASI_KAFKA"]))
        self._start_services()

    def stop(self) -> None:
        """Ends all processes; the supervisor ends the services before the servers."""
        with step("all processes ended"):
            self._supervisor.stop(seconds=90)

    def play(self) -> None:
        """On the first start: loads the demo region, then plays one transfer through the public doors."""
        if self._layout.loaded.exists():
            say("  The demo region is there already; `make demo` plays one more transfer.")
        elif run_demo(self._settings, "load"):
            self._layout.loaded.touch()
            run_demo(self._settings, "play")

    def tell(self) -> None:
        """The addresses, the accounts, and how to stop."""
        say("")
        for program in [*self._services, *self._helpers]:
            say(f"  {program.name:<13} {program.url}")
        say(f"  {'Kafka':<13} {masked(self._settings['MUTASI_KAFKA'])}")
        say(f"  {'MongoDB':<13} {masked(self._settings['MUTASI_MONGO'])}")
        say("\n  Demo accounts (no passwords):")
        for account in json.loads(self._layout.accounts.read_text()):
            say(f"  {account['login']:<20} {account['label']}")
        say("\n  Stop: Ctrl-C here, or `make stop` in another terminal. Logs: make logs s=proposal\n")

    def watch(self) -> None:
        """Stays until somebody asks to end, or the supervisor is gone."""
        while self._supervisor.alive():
            time.sleep(0.5)
        raise Problem(Code.SERVER, "The supervisor ended.", f"Look into {self._layout.logs}/supervisor.log")

    def _wait_for_servers(self) -> None:
        ours = {program.name: program.port for program in self._native}
        bootstrap, uri = self._settings["MUTASI_KAFKA"], self._settings["MUTASI_MONGO"]
        with step(f"{'Kafka':<13} {masked(bootstrap)}"):
            if self._broker is not None:
                wait_until(self._broker.serves, PATIENCE, "Kafka", self._layout.logs / "kafka.log")
            elif not asyncio.run(kafka.serves(reach(bootstrap))):
                raise _given("MUTASI_KAFKA")
        with step(f"{'MongoDB':<13} {masked(uri)}"):
            if mongo_port := ours.get("mongo"):
                log = self._layout.logs / "mongo.log"
                wait_until(lambda: mongo.serves(mongo_port), PATIENCE, "MongoDB", log)
            elif not mongo.answers(uri):
                raise _given("MUTASI_MONGO")

    def _start_services(self) -> None:
        missing = sorted(set(processes.SERVICES) - {program.name for program in self._services})
        if missing:
            say(f"  not in this clone yet, left out: {', '.join(missing)}")
        start_programs(self._layout, [program.name for program in self._services])
        for program in [*self._helpers, *self._services]:
            with step(f"{program.name:<13} {program.url}"):
                log = self._layout.logs / f"{program.name}.log"
                wait_until(partial(_is_ready, program), PATIENCE, program.name, log)


def run_demo(settings: dict[str, str], verb: str) -> bool:
    """Runs `python -m deploy.demo VERB` with the settings of the running system; tells whether it worked."""
    if not (ROOT / "deploy" / "demo" / "__main__.py").is_file():
        say(f"  demo {verb}: left out, deploy/demo is not in this clone yet")
        return False
    command = [sys.executable, "-m", "deploy.demo", verb]
    done = subprocess.run(command, env=os.environ | settings, cwd=ROOT, check=False)
    if done.returncode:
        say(f"✗ demo {verb} ended with {done.returncode}; the system stays up. Try again:  make demo")
    return done.returncode == 0


def _is_ready(program: Program) -> bool:
    try:
        return httpx.get(f"{program.url}/health/ready", timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _given(name: str) -> Problem:
    return Problem(Code.GIVEN, f"The server that {name} names does not answer.", f"Mend it, or leave {name} out.")


def _stop(signum: int, frame: FrameType | None) -> None:
    del signum, frame
    raise Stopped


def _on_end(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def _instead_of_native() -> None:
    """Where the native servers cannot run, compose runs everything."""
    if native_possible() or (os.environ.get("MUTASI_KAFKA") and os.environ.get("MUTASI_MONGO")):
        return
    if not engine_answers():
        remedy = "Start Docker, or name servers: MUTASI_KAFKA=host:port MUTASI_MONGO=mongodb://… make run"
        raise Problem(Code.PLATFORM, "The native servers exist for Linux x86-64 only.", remedy)
    os.chdir(ROOT)
    if not (file := ROOT / ".env").exists():
        file.touch(mode=0o600)
        file.write_text(admit.lines(Layout.here()))
    os.execvp("docker", ["docker", "compose", "up", "--build"])  # noqa: S606 - it takes our place


def main() -> int:
    """Comes up, plays, stays, and leaves nothing behind."""
    started = time.monotonic()
    layout = Layout.here()
    if owner(layout):
        say("mutasi is already running here; its settings are in .run/env. Stop it:  make stop")
        return 0
    _instead_of_native()
    _on_end(_stop)
    with held(layout):
        found = ", with the data of last time" if any(layout.data.iterdir()) else ""
        system = System(layout)
        try:
            system.start()
            say(f"✓ up in {time.monotonic() - started:.1f} s{found}")
            system.play()
            system.tell()
            system.watch()
        except Stopped:
            say("\n  ending …")
        finally:
            _on_end(signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
            system.stop()
    return 0


if __name__ == "__main__":
    reported(main)
