"""Service processes forked from one that has imported the libraries, which takes most of a start's processor time.

Each is a process of its own as ever, with its own pid, settings and log, and imports the service itself, whose modules
may read the settings. Where memory or processor time of a process is measured, and wherever code of another version
runs, processes are started cold.
"""

import multiprocessing
import os
import runpy
import signal
import sys
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from threading import Thread

from deploy.local.process import Server

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.support.libraries"])


@dataclass
class WarmServer(Server):
    """A server whose `command` ends in `-m MODULE`, forked instead of started from nothing."""

    _fork: ForkServerProcess | None = None

    @property
    def pid(self) -> int:
        """The process id."""
        if self._fork is None or self._fork.pid is None:
            raise RuntimeError(f"{self.name} is not running")
        return self._fork.pid

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._fork is not None and self._fork.is_alive()

    def start(self) -> None:
        """Forks the process without waiting for it to serve."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        order = self.command[-1], {**os.environ, **self.env}, str(self.log)
        self._fork = _FORKS.Process(target=become, args=order, name=self.name, daemon=True)
        self._fork.start()

    def stop(self, seconds: float = 20) -> None:
        """Ends the process in order, by force when it does not go."""
        if self._fork is None:
            return
        self._fork.terminate()
        self._fork.join(seconds)
        self._end(self._fork)

    def kill9(self) -> None:
        """Ends the process as a crash would."""
        if self._fork is None:
            raise RuntimeError(f"{self.name} is not running")
        self._end(self._fork)

    def _end(self, fork: ForkServerProcess) -> None:
        fork.kill()
        fork.join()
        fork.close()
        self._fork = None


def become(module: str, env: dict[str, str], log: str) -> None:
    """Makes this process what one started from nothing would be, with a session, streams and settings of its own."""
    os.setsid()
    multiprocessing.current_process().daemon = False  # it may have processes of its own, as the one that prints decrees
    Thread(target=end_with_parent, daemon=True).start()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def end_with_parent() -> None:
    """Ends this process in order once the tests are gone, also when they were killed: the process that forked it would
    live as long as it does."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
