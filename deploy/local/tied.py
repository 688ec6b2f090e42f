"""Runs a command that ends when its parent ends, so that no server outlives its tests or its supervisor.

The parent is the *thread* that starts it: start servers from a thread that stays.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tied(command: list[str], pid_file: str = "") -> list[str]:
    """The command to start so that the given one dies with whoever starts it, its pid noted in the file."""
    return [sys.executable, "-I", "-S", __file__, pid_file, *command]


def main() -> None:
    """Asks for the signal, then becomes the command."""
    pid_file, command = sys.argv[1], sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if pid_file:
        with open(pid_file, "w") as file:
            file.write(f"{os.getpid()}\n")
    os.execvp(command[0], command)  # noqa: S606 - the command is the caller's own


if __name__ == "__main__":
    main()
