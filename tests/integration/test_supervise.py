"""The supervisor restarts what dies and leaves nothing behind, not even when it is killed itself."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.layout import Layout
from deploy.local.process import Server, free_port, listens, wait_until
from deploy.local.processes import Program
from deploy.local.supervise import pid_of, start_programs, stop_programs, supervisor

pytestmark = pytest.mark.integration


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """An empty folder."""
    monkeypatch.setenv("MUTASI_RUN", str(tmp_path))
    return Layout.here()


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A small server, with a setting that holds what configuration files trip over."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", str(tmp_path)]
    return Program("web", command, port, {"ODD": "100%, a b"})


@pytest.fixture
def running(layout: Layout, program: Program) -> Iterator[Server]:
    """The supervisor with its one program."""
    server = supervisor(layout, [program])
    server.start()
    server.wait_ready()
    wait_until(lambda: listens(program.port), 20, "web")
    yield server
    server.stop()


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_what_dies_is_restarted(layout: Layout, program: Program, running: Server) -> None:
    """After `kill -9` another process serves on the same port, with the same settings."""
    assert running.alive()
    first = pid_of(layout, "web")
    os.kill(first, 9)
    wait_until(lambda: pid_of(layout, "web") != first and listens(program.port), 20, "web")
    assert b"ODD=100%, a b\0" in Path(f"/proc/{pid_of(layout, 'web')}/environ").read_bytes()


def test_programs_stop_and_start_on_demand(layout: Layout, program: Program, running: Server) -> None:
    """As a backup needs it; what was stopped on purpose is not restarted."""
    assert running.alive()
    stop_programs(layout, ["web"])
    assert not listens(program.port)
    start_programs(layout, ["web"])
    wait_until(lambda: listens(program.port), 20, "web")


@pytest.mark.parametrize("end", [Server.stop, Server.kill9])
def test_nothing_is_left_behind(layout: Layout, running: Server, end: object) -> None:
    """Neither an orderly end nor a killed supervisor leaves a process."""
    pid = pid_of(layout, "web")
    assert callable(end)
    end(running)
    wait_until(lambda: _gone(pid), 20, "the end of web")
