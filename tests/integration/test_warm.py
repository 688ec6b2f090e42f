"""Processes forked for tests end with the tests, also when nobody is left to end them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.process import free_port, wait_until

pytestmark = pytest.mark.integration
TESTS = """
import sys, time
from pathlib import Path
from deploy.local.process import listens
from tests.support.warm import WarmServer
folder, web, mail = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
env = {"MUTASI_MAILS": str(folder), "MUTASI_HOST": "127.0.0.1", "MUTASI_PORT": web, "MUTASI_SMTP_PORT": mail}
server = WarmServer("smtp", ["-m", "deploy.local.smtp"], folder / "smtp.log", lambda: listens(int(web)), env)
server.start()
server.wait_ready()
print(server.pid, flush=True)
time.sleep(100)
"""


def test_a_forked_process_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    code = tmp_path / "killed.py"
    code.write_text(f"if __name__ == '__main__':\n{''.join('    ' + line for line in TESTS.splitlines(keepends=True))}")
    command = [sys.executable, str(code), str(tmp_path), str(free_port()), str(free_port())]
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=here) as tests:
        assert tests.stdout is not None
        pid = int(tests.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        tests.send_signal(signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), 30, "the end of the forked process")
