"""Where a running system keeps its files: everything below .run of the clone, or MUTASI_RUN."""

import json
import os
import secrets
import shlex
from dataclasses import dataclass
from pathlib import Path

from deploy.local.problems import Code, Problem
from deploy.local.process import free_port, is_free

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Layout:
    """The folder of one running system."""

    home: Path

    @classmethod
    def here(cls) -> "Layout":
        """The folder of this clone, made when it is missing."""
        layout = cls(Path(os.environ.get("MUTASI_RUN") or ROOT / ".run").absolute())
        for folder in (layout.data, layout.logs, layout.pids):
            folder.mkdir(parents=True, exist_ok=True)
        return layout

    @property
    def data(self) -> Path:
        """What a backup copies."""
        return self.home / "data"

    @property
    def logs(self) -> Path:
        """One log per process."""
        return self.home / "logs"

    @property
    def pids(self) -> Path:
        """One pid file per process."""
        return self.home / "pids"

    @property
    def accounts(self) -> Path:
        """The demo accounts; the demo's loader writes them."""
        return self.home / "accounts.json"

    @property
    def loaded(self) -> Path:
        """Stands once the demo region is loaded; inside data, so that a copy carries it."""
        return self.data / "demo-loaded"

    @property
    def restored(self) -> Path:
        """Says when the data were put back from a copy, if they were."""
        return self.data / "restored"

    def port(self, name: str, wish: int) -> int:
        """The port named by MUTASI_PORT_<NAME>, else that of last time, else the wish, else a free one."""
        named = int(os.environ.get(f"MUTASI_PORT_{name.upper()}") or 0)
        if named and not is_free(named):
            remedy = f"End who uses it (`ss -ltnp`), or leave MUTASI_PORT_{name.upper()} out."
            raise Problem(Code.PORT, f"Port {named} for {name} is taken.", remedy)
        file = self.home / "ports.json"
        ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        candidates = [named, ports.get(name, 0), wish]
        others = {port for other, port in ports.items() if other != name}
        usable = [port for port in candidates if port and port not in others and is_free(port)]
        ports[name] = usable[0] if usable else free_port()
        file.write_text(json.dumps(ports, indent=2))
        return ports[name]

    def secret(self) -> str:
        """What the services of this system show each other; made once."""
        file = self.home / "internal-secret"
        if not file.exists():
            file.touch(0o600)
            file.write_text(secrets.token_hex(32))
        return file.read_text()

    def write_env(self, env: dict[str, str]) -> None:
        """Keeps the settings of the running system, for `make demo` and for shells (`set -a; . .run/env`)."""
        file = self.home / "env"
        file.touch(mode=0o600)  # it has passwords
        file.write_text("".join(f"{key}={shlex.quote(value)}\n" for key, value in env.items()))

    def read_env(self) -> dict[str, str]:
        """The settings of the running system."""
        try:
            words = shlex.split((self.home / "env").read_text())
        except FileNotFoundError:
            raise Problem(Code.RUNNING, "Nothing was started here yet.", "Start it:  make run") from None
        return dict(word.split("=", 1) for word in words)
