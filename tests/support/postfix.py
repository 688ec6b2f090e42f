"""A real Postfix (Debian package) on loopback with configuration, queue and mailboxes of its own: it takes mail for
`refused.test`, where nobody lives, and delivers what comes back into a Maildir."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pwd import getpwnam

from deploy.local.process import LOOPBACK, free_port, listens, wait_until

NOBODY, BOUNCES, REFUSED = getpwnam("nobody"), "bounces.test", "refused.test"
DEFAULTS = Path("/etc/postfix")
MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/mail.log
maillog_file_prefixes = {home}
mail_owner = postfix
myhostname = mx.{refused}
mydestination = {refused}
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = {bounces}
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = static:Maildir/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
"""


def missing() -> str:
    """Why it cannot be run here; "" if it can."""
    if shutil.which("postfix") is None:
        return "the Debian package postfix is not installed: docs/untested.md"
    return "" if os.geteuid() == 0 else "Postfix is started by root only: docs/untested.md"


@dataclass
class Postfix:
    """The running server: where it takes mail, and where what comes back lies."""

    port: int
    maildir: Path

    def came(self) -> list[Path]:
        """The files of what came back."""
        new = self.maildir / "new"
        return sorted(new.iterdir()) if new.is_dir() else []


@contextmanager
def running_postfix() -> Iterator[Postfix]:
    """For the time of the block. Its own users must be able to enter the folder, so it is no private one."""
    home, port = Path(tempfile.mkdtemp(prefix="mutasi-postfix-")), free_port()
    home.chmod(0o755)
    config = home / "config"
    for name in ("config", "queue", "data", "mail"):
        (home / name).mkdir()
    shutil.chown(home / "data", "postfix")
    shutil.chown(home / "mail", NOBODY.pw_uid, NOBODY.pw_gid)
    said = {"home": home, "refused": REFUSED, "bounces": BOUNCES, "uid": NOBODY.pw_uid, "gid": NOBODY.pw_gid}
    (config / "main.cf").write_text(MAIN.format_map(said))
    # The package's own services, but none of them in a chroot, and mail is taken on our port.
    services = (DEFAULTS / "master.cf.proto").read_text().replace("\nsmtp      inet", f"\n{LOOPBACK}:{port} inet")
    (config / "master.cf").write_text(services)
    _run(config, "postconf", "-F", "*/*/chroot=n")
    _run(config, "postfix", "start")
    try:
        wait_until(lambda: listens(port), 30, "Postfix", home / "mail.log")
        yield Postfix(port, home / "mail" / "Maildir")
    finally:
        _run(config, "postfix", "stop")
        shutil.rmtree(home)


def _run(config: Path, program: str, *arguments: str) -> None:
    done = subprocess.run([program, "-c", config, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
