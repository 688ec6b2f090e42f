"""A real Matrix homeserver (Synapse, from PyPI) in an environment of its own, and a person who reads with matrix-nio.

Neither is a dependency of mutasi: the environment is made once, beside the cached servers.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import yaml

from deploy.local import cache
from deploy.local.process import LOOPBACK, Server, free_port

SERVER, PASSWORD = "asn.test", "contoh-901"
WANTED = ("matrix-synapse==1.163.2", "matrix-nio==0.26.0")
READ = """
import asyncio, json, sys
from nio import AsyncClient, RoomMessageNotice

async def main(url, user, password):
    client = AsyncClient(url, user)
    await client.login(password)
    first = await client.sync(timeout=1000)
    for room in first.rooms.invite:
        await client.join(room)
    told = await client.sync(timeout=1000, full_state=True)
    said = [(room, e.event_id, e.body) for room, info in told.rooms.join.items() for e in info.timeline.events
            if isinstance(e, RoomMessageNotice)]
    await client.close()
    print(json.dumps(said))

asyncio.run(main(*sys.argv[1:]))
"""


@dataclass
class Synapse:
    """The running server."""

    url: str
    server: Server
    python: Path

    def token(self, user: str) -> str:
        """Log in with the password."""
        who = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": user}, "password": PASSWORD}
        answer = httpx.post(f"{self.url}/_matrix/client/v3/login", json=who).raise_for_status()
        return str(answer.json()["access_token"])

    def read(self, user: str) -> list[tuple[str, str, str]]:
        """Room, event and text of every notice this person can read, by matrix-nio; invitations are accepted."""
        command = [str(self.python), "-c", READ, self.url, f"@{user}:{SERVER}", PASSWORD]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return [(room, event, body) for room, event, body in json.loads(done.stdout.splitlines()[-1])]


def environment() -> Path:
    """Its Python; made and filled from the package index when it is not there (about a minute)."""
    home = cache.folder() / "synapse-1.163.2"
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *WANTED], check=True)
        (home / "complete").touch()
    return python


@contextmanager
def running_synapse(folder: Path, *users: str) -> Iterator[Synapse]:
    """A homeserver with these users for the time of the block, on loopback and without federation."""
    python, port, config = environment(), free_port(), folder / "hs.yaml"
    module = [str(python), "-m", "synapse.app.homeserver", "--config-path", str(config)]
    made = ["--server-name", SERVER, "--generate-config", "--report-stats=no", "--data-directory", str(folder)]
    subprocess.run([*module, *made], check=True, capture_output=True, cwd=folder)
    settings = yaml.safe_load(config.read_text("utf-8"))
    settings["listeners"] = [
        {"port": port, "type": "http", "bind_addresses": [LOOPBACK], "resources": [{"names": ["client"]}]}
    ]
    settings |= {"trusted_key_servers": [], "federation_domain_whitelist": [], "registration_shared_secret": "s"}
    config.write_text(yaml.safe_dump(settings), "utf-8")
    url = f"http://{LOOPBACK}:{port}"

    def ready() -> bool:
        try:
            return httpx.get(f"{url}/health", timeout=2).is_success
        except httpx.HTTPError:
            return False

    server = Server("synapse", module, folder / "synapse.log", ready)
    server.start()
    try:
        server.wait_ready()
        for user in users:
            register = [str(python.parent / "register_new_matrix_user"), "-u", user, "-p", PASSWORD, "--no-admin"]
            subprocess.run([*register, "-c", str(config), url], check=True, capture_output=True)
        yield Synapse(url, server, python)
    finally:
        server.stop()
