"""`make demo`: plays one more transfer on the running system."""

from deploy.local.layout import Layout
from deploy.local.lock import owner
from deploy.local.problems import Code, Problem
from deploy.local.steps import reported
from deploy.local.up import run_demo


def main() -> int:
    """Loads the demo region if that failed before, then plays."""
    layout = Layout.here()
    if owner(layout) is None:
        raise Problem(Code.RUNNING, "mutasi is not running here.", "Start it:  make run")
    settings = layout.read_env()
    if not layout.loaded.exists() and run_demo(settings, "load"):
        layout.loaded.touch()
    return 0 if run_demo(settings, "play") else Code.SERVICE


if __name__ == "__main__":
    reported(main)
