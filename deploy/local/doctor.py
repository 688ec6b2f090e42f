"""`make doctor`: one table of what mutasi needs from this machine; works before anything is installed."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from deploy.local import cache
from deploy.local.layout import ROOT, Layout
from deploy.local.lock import owner
from deploy.local.machine import engine_answers, native_possible
from deploy.local.problems import Code, Problem
from deploy.local.steps import masked, reported, say

NEEDED_GB = 3


@dataclass(frozen=True)
class Finding:
    """One row: what was looked for, what was found, and what to do when that is not enough."""

    what: str
    found: str
    remedy: str = ""
    code: int = 0

    def line(self) -> str:
        """The row as text."""
        tail = f"  → {self.remedy}" if self.remedy else ""
        return f"{'✗' if self.code else '✓'} {self.what:<12} {self.found}{tail}"


def findings() -> Iterator[Finding]:
    """All rows, from the ground up."""
    yield _python()
    yield _environment()
    given = {name: os.environ.get(name, "") for name in ("MUTASI_KAFKA", "MUTASI_MONGO")}
    for name, value in given.items():
        yield Finding(name, masked(value) or "not set: we start our own")
    if not all(given.values()):
        yield _platform()
        yield _kafka()
        yield Finding("MongoDB", _cached(f"mongo-{cache.MONGO_VERSION}"))
        yield _java()
    yield _disk()
    yield Finding("Docker", "the engine answers" if engine_answers() else "no engine; only containers need one")
    yield _running()


def _python() -> Finding:
    return Finding("Python", f"{sys.version.split()[0]} at {sys.executable}")


def _environment() -> Finding:
    tool = "uv" if shutil.which("uv") else "pip"
    there = (ROOT / ".venv" / "bin" / "python").exists()
    return Finding(".venv", "there" if there else f"made by the first `make run`, with {tool}")


def _platform() -> Finding:
    if native_possible():
        return Finding("machine", "Linux x86-64: native servers")
    if engine_answers():
        return Finding("machine", "no native servers: `make run` uses Docker")
    return Finding("machine", "no native servers, no Docker engine", "Start Docker", Code.PLATFORM)


def _kafka() -> Finding:
    name = f"kafka-{cache.KAFKA_VERSION}"
    if (cache.folder() / name).is_dir() or shutil.which("mvn"):
        return Finding("Kafka", _cached(name))
    return Finding("Kafka", "not fetched, and no Maven", "sudo apt-get install -y maven", Code.MAVEN)


def _cached(name: str) -> str:
    path = cache.folder() / name
    return str(path) if path.is_dir() else f"fetched by the first start into {path}"


def _java() -> Finding:
    try:
        return Finding("Java", str(cache.java_home()))
    except Problem:
        return Finding("Java", "none of the system; `make run` installs its own")


def _disk() -> Finding:
    free = shutil.disk_usage(ROOT).free / 1e9
    if free >= NEEDED_GB:
        return Finding("disk", f"{free:.0f} GB free")
    return Finding("disk", f"{free:.1f} GB free", f"Free {NEEDED_GB} GB", Code.DISK)


def _running() -> Finding:
    pid = owner(Layout.here())
    return Finding("mutasi", f"running (process {pid})" if pid else "not running")


def main() -> int:
    """Prints the table; the exit code is that of the first thing missing."""
    rows = list(findings())
    say("\n".join(row.line() for row in rows))
    return next((row.code for row in rows if row.code), 0)


if __name__ == "__main__":
    reported(main)
