"""`make backup` and `make restore`: a copy of both servers' data from one moment, and back.

Kafka and MongoDB have no common snapshot, so the copy is taken while nothing runs.
"""

import shutil
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.layout import Layout
from deploy.local.lock import held, owner
from deploy.local.problems import Code, Problem
from deploy.local.steps import reported, say, step
from deploy.local.supervise import programs, start_programs, stop_programs

SERVERS = {"kafka", "mongo"}
KNOWN = {"kafka", "mongo", "mails", "demo-loaded", "restored"}


@contextmanager
def at_rest(layout: Layout) -> Iterator[None]:
    """Nothing writes during the block: services end first, then servers; afterwards they run as before."""
    if owner(layout) is None:
        with held(layout):
            yield
        return
    names = programs(layout)
    servers = [name for name in names if name in SERVERS]
    others = [name for name in names if name not in SERVERS]
    try:
        with step("services and servers ended"):
            stop_programs(layout, others)
            stop_programs(layout, servers)
        yield
    finally:
        # The services wait for their servers: the supervisor starts them until they find them.
        start_programs(layout, servers + others)


def save(layout: Layout, file: Path) -> None:
    """Writes the copy beside its name first, so that a half one never looks whole."""
    if not (layout.data / "kafka").is_dir() or not (layout.data / "mongo").is_dir():
        remedy = "Given servers are copied with their own tools; for ours, start mutasi once:  make run"
        raise Problem(Code.BACKUP, "There is no data of our own servers to copy.", remedy)
    part = file.with_name(f"{file.name}.part")
    with (
        at_rest(layout),
        step(f"copied to {file}"),
        tarfile.open(part, "w:gz", compresslevel=1) as archive,
    ):
        archive.add(layout.data, arcname="data")
        if layout.accounts.exists():
            archive.add(layout.accounts, arcname="accounts.json")
    part.replace(file)


def restore(layout: Layout, file: Path) -> None:
    """Puts the copy in the place of the data; what was there is kept until the copy is whole."""
    fresh = layout.home / "data.restoring"
    shutil.rmtree(fresh, ignore_errors=True)
    with step(f"restored from {file}"), _opened(file) as archive:
        archive.extractall(fresh, filter="data")
        if not (fresh / "data").is_dir() or not {path.name for path in (fresh / "data").iterdir()} <= KNOWN:
            raise Problem(Code.BACKUP, f"{file} is not a copy of mutasi.", "Name one:  make restore FILE=…")
        shutil.rmtree(layout.data)
        (fresh / "data").rename(layout.data)
        layout.restored.write_text(datetime.now(UTC).isoformat(timespec="seconds"))
        if (fresh / "accounts.json").exists():
            (fresh / "accounts.json").replace(layout.accounts)
    shutil.rmtree(fresh)


def _opened(file: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(file)
    except (OSError, tarfile.TarError) as error:
        raise Problem(Code.BACKUP, f"{file} cannot be read: {error}", "Name one:  make restore FILE=…") from None


def main() -> int:
    """Runs `save FILE`, or `restore FILE`, which refuses while the system runs."""
    verb, name = sys.argv[1], sys.argv[2]
    if not name:
        word = "backup" if verb == "save" else "restore"
        raise Problem(Code.BACKUP, "No file was named.", f"Name one:  make {word} FILE=mutasi.tar.gz")
    layout = Layout.here()
    if verb == "save":
        save(layout, Path(name).absolute())
    else:
        with held(layout):
            restore(layout, Path(name).absolute())
        say("  Start it:  make run")
    return 0


if __name__ == "__main__":
    reported(main)
