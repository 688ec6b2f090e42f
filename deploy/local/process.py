"""One native server as a process of ours: started, waited for, killed, started again on the same data."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.problems import Code, Problem
from deploy.local.tied import tied

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    """Whether somebody answers on the port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def wait_until(ready: Callable[[], bool], seconds: float, what: str, log: Path | None = None) -> None:
    """Polls until ready, else tells the last line of the log."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise Problem(Code.SERVER, f"{what} was not ready after {seconds:.0f} s.", _look_into(log))
        time.sleep(0.05)


def _look_into(log: Path | None) -> str:
    if log is None or not log.exists():
        return "Run `make doctor`."
    last = (log.read_text(errors="replace").strip().splitlines() or ["nothing"])[-1]
    return f"Look into {log}, which ends with: {last[:200]}"


@dataclass
class Server:
    """A server process; `ready` says whether it serves."""

    name: str
    command: list[str]
    log: Path
    ready: Callable[[], bool]
    env: dict[str, str] = field(default_factory=dict)
    patience: float = 240  # a busy machine may need minutes; one that died is told at once
    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id, of interest to those who kill."""
        if self._process is None:
            raise RuntimeError(f"{self.name} is not running")
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts the process without waiting for it to serve."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C reaches us, and we end it in order.
            self._process = subprocess.Popen(
                tied(self.command),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **self.env},
                start_new_session=True,
            )

    def wait_ready(self) -> None:
        """Returns when the server serves; a server that died says so at once."""

        def ready_or_dead() -> bool:
            if not self.alive():
                raise Problem(Code.SERVER, f"{self.name} ended at once.", _look_into(self.log))
            return self.ready()

        wait_until(ready_or_dead, self.patience, self.name, self.log)

    def stop(self, seconds: float = 20) -> None:
        """Ends the process in order, by force when it does not go."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill9(self) -> None:
        """Ends the process as a crash would."""
        os.kill(self.pid, signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        """Starts again on the same port and data, and waits until it serves."""
        self.stop()
        self.start()
        self.wait_ready()
