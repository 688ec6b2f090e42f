"""A large file of people, imported by the registry alone: how fast, in how much memory, and beside a bare insert_many
of the same documents; and a registry that is ended by SIGKILL in the middle of it."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import httpx
from pymongo import MongoClient
from pymongo.collection import Collection

from tests.bench.measure import cpu_seconds, load_average, processes, rss_mb
from tests.support.system import System

COLUMNS = "agency,unit,post,nip,name,birth_date,sex,employment,post_since,rank,education_level,education_field"
_A_DAY, _OF_A_SEX, _IN_A_POST, _CHUNK, _WAIT, _DEATH = 800, 400, 50, 1000, 0.1, 60
_FIRST = date(1970, 1, 1)


@dataclass
class Taken:
    """What came of it. `megabytes` is the most that the registry held, `told` the events said of all people."""

    report: dict[str, Any]
    seconds: float
    megabytes: float
    people: int
    told: int
    killed: int


def rows(many: int) -> Iterator[str]:
    """The lines of a file of people; all of them are invented."""
    yield COLUMNS + "\n"
    for n in range(many):
        born, sex = _FIRST + timedelta(days=n // _A_DAY), n % _A_DAY // _OF_A_SEX
        nip = f"{born:%Y%m%d}201501{sex + 1}{n % _OF_A_SEX + 100:03}"
        yield (
            f"bench,unit,clerk-{n // _IN_A_POST},{nip},Pegawai {n},{born},{'MF'[sex]},PNS,2023-05-02,III/c,S-1,law\n"
        )


def town(system: System, folder: Path, many: int) -> Path:
    """The agency, its unit, posts for so many people, and their file."""
    agency = {"agency": "bench", "name": "Bench", "kind": "city", "province": "Bench", "zone": "WIB"}
    unit = {"agency": "bench", "unit": "unit", "name": "Unit", "kind": "office"}
    for path, body in (("agencies", agency), ("units", unit)):
        answer = httpx.post(f"{system.url('registry')}/v1/{path}", json=body, headers=system.headers(system.admin))
        answer.raise_for_status()
    lines = (f"bench,unit,clerk-{n},Clerk,staff,{_IN_A_POST}" for n in range(many // _IN_A_POST + 1))
    posts = "\n".join(["agency,unit,post,title,kind,seats", *lines]).encode()
    send(system, "posts", BytesIO(posts))
    file = folder / "people.csv"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(rows(many))
    return file


def send(system: System, kind: str, file: BinaryIO) -> dict[str, Any]:
    """Upload a file as the command does; the report. Raises httpx.HTTPError when the registry ends."""
    url, timeout = f"{system.url('registry')}/v1/imports/{kind}", httpx.Timeout(None, connect=5)
    answer = httpx.post(url, files={"file": file}, headers=system.headers(system.admin), timeout=timeout)
    answer.raise_for_status()
    return dict(answer.json())


def take(system: System, path: Path, *, kill_after: int = 0) -> Taken:
    """Import the file; the registry is ended once after so many rows if wanted, and the file sent again."""
    client: MongoClient[dict[str, Any]] = MongoClient(system.stack.mongo)
    database, began, most, over = client["mutasi_registry"], time.monotonic(), [0.0], threading.Event()
    server, killed = system.of("registry").server, threading.Event()

    def watch() -> None:
        while not over.wait(_WAIT):
            if server.alive():
                most[0] = max(most[0], rss_mb([server.pid]))
            noted = {"state.rows": {"$gte": kill_after}}
            if kill_after and not killed.is_set() and database["files"].count_documents(noted):
                server.kill9()
                killed.set()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        report = _sent(system, path, killed if kill_after else None)
    finally:
        over.set()
        watcher.join()
    with client:
        told = database["people"].aggregate([{"$group": {"_id": None, "told": {"$sum": "$sequence"}}}])
        return Taken(
            report=report,
            seconds=time.monotonic() - began,
            megabytes=most[0],
            people=database["people"].count_documents({"state.profile": {"$ne": None}}),
            told=sum(row["told"] for row in told),
            killed=int(killed.is_set()),
        )


def _sent(system: System, path: Path, killed: threading.Event | None) -> dict[str, Any]:
    with path.open("rb") as file:
        try:
            return send(system, "people", file)
        except httpx.HTTPError:
            if killed is None or not killed.wait(_DEATH):
                raise
    server = system.of("registry").server
    server.start()
    server.wait_ready()
    with path.open("rb") as file:
        return send(system, "people", file)


def bare(system: System) -> float:
    """Seconds of an insert_many of the very documents into an empty collection, in chunks."""
    spent, chunk = 0.0, list[dict[str, Any]]()
    with MongoClient[dict[str, Any]](system.stack.mongo) as client:
        target = client["bare"]["people"]
        for document in client["mutasi_registry"]["people"].find({}):
            chunk.append(document)
            if len(chunk) == _CHUNK:
                spent, chunk = spent + _inserted(target, chunk), []
        return spent + (_inserted(target, chunk) if chunk else 0.0)


def _inserted(target: Collection[dict[str, Any]], chunk: list[dict[str, Any]]) -> float:
    began = time.monotonic()
    target.insert_many(chunk)
    return time.monotonic() - began


def measure(system: System, folder: Path, many: int) -> str:
    """Import so many people, and say what it took; processor seconds by process, which do not depend on how busy the
    machine is."""
    file, parts = town(system, folder, many), processes(system)
    before = {part: cpu_seconds(pids) for part, pids in parts.items()}
    taken = take(system, file)
    spent = ", ".join(f"{part} {cpu_seconds(pids) - before[part]:.0f} s" for part, pids in parts.items())
    alone = bare(system)
    return (
        f"{many} rows, {taken.people} people, {len(taken.report['findings'])} findings: {taken.seconds:.0f} s, "
        f"{many / taken.seconds:.0f} rows/s, at most {taken.megabytes:.0f} MB; insert_many of the same documents "
        f"{alone:.1f} s, the import takes {taken.seconds / alone:.1f} times as long; load {load_average():.1f}; "
        f"processor: {spent}"
    )
