"""Runs the processes of a system under supervisord, which restarts what dies and ends all with itself."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any
from xmlrpc.client import ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from deploy.local.layout import ROOT, Layout
from deploy.local.process import Server, wait_until
from deploy.local.processes import Program
from deploy.local.tied import tied

# Longer than the services take to finish the work in their hands.
STOP_SECONDS = 30

HEAD = """\
[supervisord]
nodaemon=true
directory={root}
logfile={home}/logs/supervisor.log
pidfile={home}/pids/supervisor.pid
childlogdir={home}/logs

[unix_http_server]
file={home}/supervisor.sock
chmod=0700

[supervisorctl]
serverurl=unix://{home}/supervisor.sock

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""

# Priorities: what others stand on starts first and ends last. startretries is high because a service may
# have to wait for a server that was killed; giving up would need a person. Who dies within startsecs is
# started again after a pause that grows, so that a broken service does not eat the machine.
PROGRAM = """
[program:{name}]
command={command}
environment={environment}
priority={priority}
autostart={autostart}
autorestart=true
startsecs=5
startretries=1000000
stopwaitsecs={stop_seconds}
stdout_logfile={log}
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=1
redirect_stderr=true
"""


def supervisor(layout: Layout, programs: list[Program]) -> Server:
    """supervisord over the programs, written down and ready to be started."""
    config = layout.home / "supervisord.conf"
    text = HEAD.format(root=_plain(str(ROOT)), home=_plain(str(layout.home)))
    config.touch(mode=0o600)  # it has passwords
    config.write_text(text + "".join(_section(layout, program) for program in programs))
    command = [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(config)]
    socket = layout.home / "supervisor.sock"
    return Server("the supervisor", command, layout.logs / "supervisor.out", socket.exists)


def programs(layout: Layout) -> list[str]:
    """The names of all programs of the running supervisor."""
    with _remote(layout) as remote:
        return [str(info["name"]) for info in remote.getAllProcessInfo()]


def start_programs(layout: Layout, names: list[str]) -> None:
    """Starts the programs without waiting for them to serve."""
    with _remote(layout) as remote:
        for name in names:
            remote.startProcess(name, False)


def stop_programs(layout: Layout, names: list[str]) -> None:
    """Ends the programs side by side and waits until they are gone."""
    with _remote(layout) as remote:
        for name in names:
            remote.stopProcess(name, False)
        infos = partial(map, remote.getProcessInfo, names)
        wait_until(lambda: not any(info["pid"] for info in infos()), STOP_SECONDS + 10, "The end of the processes")


def pid_of(layout: Layout, name: str) -> int:
    """The process that now serves under the name."""
    return int((layout.pids / f"{name}.pid").read_text())


@contextmanager
def _remote(layout: Layout) -> Iterator[Any]:
    with closing(SupervisorTransport(None, None, f"unix://{layout.home}/supervisor.sock")) as transport:
        yield ServerProxy("http://127.0.0.1", transport).supervisor


def _section(layout: Layout, program: Program) -> str:
    env = {"PYTHONPATH": str(ROOT)} | program.env
    return PROGRAM.format(
        name=program.name,
        stop_seconds=STOP_SECONDS,
        command=_plain(shlex.join(tied(program.command, str(layout.pids / f"{program.name}.pid")))),
        environment=",".join(f'{key}="{_plain(value)}"' for key, value in env.items()),
        priority=1 if not program.serves_http else 10,
        autostart=str(program.autostart).lower(),
        log=_plain(str(layout.logs / f"{program.name}.log")),
    )


def _plain(value: str) -> str:
    return value.replace("%", "%%")
