"""What this machine can do; needs nothing but Python, as `make doctor` runs before anything is installed."""

import platform
import shutil
import subprocess


def native_possible() -> bool:
    """Whether the cached servers were built for this machine."""
    return platform.system() == "Linux" and platform.machine() == "x86_64"


def engine_answers() -> bool:
    """Whether a Docker engine, not only its client, is there."""
    if shutil.which("docker") is None:
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False
