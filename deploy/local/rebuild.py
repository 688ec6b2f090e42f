"""`make rebuild`: builds what the portal shows anew from the topics, while everything runs."""

import os
import subprocess
import sys

from deploy.local.layout import Layout
from deploy.local.lock import owner
from deploy.local.problems import Code, Problem
from deploy.local.steps import reported


def main() -> int:
    """On the servers of the running system."""
    layout = Layout.here()
    if owner(layout) is None:
        raise Problem(Code.RUNNING, "mutasi is not running here.", "Start it:  make run")
    env = os.environ | layout.read_env()
    done = subprocess.run([sys.executable, "-m", "services.portal.rebuild"], env=env, check=False)
    return Code.SERVICE if done.returncode else 0


if __name__ == "__main__":
    reported(main)
