"""`make stop`: ends a running system from another terminal and waits until it is gone."""

import os
import signal

from deploy.local.layout import Layout
from deploy.local.lock import owner
from deploy.local.process import wait_until
from deploy.local.steps import reported, say, step

PATIENCE = 100


def main() -> int:
    """Asks the process that holds the lock to end."""
    layout = Layout.here()
    pid = owner(layout)
    if pid is None:
        say("mutasi is not running here.")
        return 0
    with step("stopped"):
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: owner(layout) is None, PATIENCE, "The end of mutasi")
    return 0


if __name__ == "__main__":
    reported(main)
