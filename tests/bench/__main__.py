"""One phase alone: `python -m tests.bench closed --clients 200 --seconds 60`."""

import argparse
import tempfile
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import uvloop

from deploy.local.stack import Stack
from tests.bench import chat, files, load, mail, memory, pages, queue, report
from tests.bench.rig import Rig, measured, only, rig
from tests.support.stack import running_stack
from tests.support.system import SERVICES, System

IDLE_SECONDS = 10.0


async def run(system: System, asked: argparse.Namespace) -> None:
    """Seed, measure, print."""
    async with rig(system, asked.people) as bench:
        if asked.phase == "memory":
            await _memory(bench, asked.people)
            return
        idle = await bench.idle(IDLE_SECONDS)
        if asked.phase == "closed":
            play = partial(load.closed, clients=asked.clients, seconds=asked.seconds)
            phase = await bench.phase(f"closed {asked.clients}", play)
        else:
            play = partial(load.opened, per_second=asked.rate, seconds=asked.seconds)
            phase = await bench.phase(f"open {asked.rate:g}/s", play)
        say(report.rates([phase], idle), report.parts(phase, idle), report.costs(phase))
        say(*(await bench.faults() or ["the checker finds no fault"]))


async def _memory(bench: Rig, lifecycles: int) -> None:
    sizes: list[dict[str, float]] = []
    async for size in memory.grown(bench, lifecycles):
        sizes.append(size)
        done = len(sizes) * lifecycles // memory.PARTS
        say(f"{done:>7} " + ", ".join(f"{name} {megabytes:.0f} MB" for name, megabytes in size.items()))
    say(*(memory.leaks(sizes) or ["memory stays flat"]))


async def _chat(stack: Stack, folder: Path, asked: argparse.Namespace) -> None:
    async with chat.silent() as url, mail.post(stack, folder, asked.connections, url) as post:
        await chat.beside_a_dead_one(post, asked.messages)


async def _mail(stack: Stack, folder: Path, asked: argparse.Namespace) -> None:
    async with mail.post(stack, folder, asked.connections) as post:
        if asked.phase == "mail":
            await mail.rate(post, asked.messages)
        elif asked.phase == "mail-light":
            await mail.light(post, asked.messages)
        else:
            say(*(await mail.kills(post, asked.messages, asked.every) or ["nothing lost, nothing doubled elsewhere"]))


def _files(stack: Stack, folder: Path, many: int) -> None:
    with only(stack, folder / "system", "registry") as system:
        say(files.measure(system, folder, many))


def _pages(stack: Stack, folder: Path, people: int) -> None:
    with only(stack, folder / "system", *SERVICES, "portal") as system:
        say(uvloop.run(pages.measure(system, people)))


def say(*texts: str) -> None:
    """To whoever asked."""
    print(*texts, sep="\n\n", flush=True)  # noqa: T201 - its output


def _folder(name: str) -> AbstractContextManager[str]:
    return nullcontext(name) if name else tempfile.TemporaryDirectory(prefix="mutasi-bench-")


def main() -> None:
    """Arguments and their defaults."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    mails = ("mail", "mail-light", "mail-kills", "mail-chat")
    phases = ("closed", "open", "memory", *mails, "files", "queue", "pages")
    parser.add_argument("phase", choices=phases)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--rate", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument(
        "--people",
        type=int,
        default=12_000,
        help="applicants; memory: as many lifecycles; pages: in the read models, ten for each case",
    )
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--batch-max", type=int, default=0)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=8, help="to the mail server, ours and the bare loop's")
    parser.add_argument("--every", type=float, default=5.0, help="mail-kills: seconds between two kills")
    parser.add_argument("--rows", type=int, default=20_000, help="files: people in the file")
    parser.add_argument("--tasks", type=int, default=1_000_000, help="queue: open tasks")
    parser.add_argument("--crowd-tasks", type=int, default=10_000, help="queue: what all approvers want at once")
    parser.add_argument("--approvers", type=int, default=200, help="queue: how many want them")
    parser.add_argument("--folder", default="", help="keep data and logs here")
    asked = parser.parse_args()
    if asked.phase.startswith("mail"):
        with _folder(asked.folder) as name, running_stack(Path(name)) as stack:
            measure = _chat if asked.phase == "mail-chat" else _mail
            uvloop.run(measure(stack, Path(name), asked))
        return
    if asked.phase in ("files", "pages"):
        with _folder(asked.folder) as name, running_stack(Path(name)) as stack:
            _files(stack, Path(name), asked.rows) if asked.phase == "files" else _pages(stack, Path(name), asked.people)
        return
    options = {"replicas": asked.replicas, "batch_max": asked.batch_max}
    with (
        _folder(asked.folder) as name,
        running_stack(Path(name)) as stack,
        measured(stack, Path(name) / "system", **options) as system,
    ):
        if asked.phase == "queue":
            say(uvloop.run(queue.measure(system, asked.tasks, asked.crowd_tasks, asked.approvers)))
        else:
            uvloop.run(run(system, asked))


if __name__ == "__main__":
    main()
