"""What can be missing on a machine: each problem has a documented exit code and one line with its remedy."""

from enum import IntEnum


class Code(IntEnum):
    """Exit codes of the start-up tools, listed in deploy/local/README.md."""

    PYTHON = 10
    PLATFORM = 11
    MAVEN = 12
    JAVA = 13
    DOWNLOAD = 14
    PORT = 15
    SERVER = 16
    RUNNING = 17
    SERVICE = 18
    GIVEN = 19
    BACKUP = 20
    DISK = 21


class Problem(Exception):
    """Something is missing that only the person at the machine can give."""

    def __init__(self, code: Code, what: str, remedy: str) -> None:
        super().__init__(f"✗ {what}\n  {remedy}")
        self.code = code
        self.what = what
        self.remedy = remedy
