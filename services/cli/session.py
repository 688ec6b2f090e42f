"""Where the services are and who we are: from the environment, else from what `make run` wrote (.run/env)."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import typer

from services.cli.client import DENIED, Client, failure, no_answer
from services.cli.language import say
from services.cli.output import Output

PORTS = {"registry": 8101, "proposal": 8102, "evaluation": 8103, "approval": 8104, "notification": 8105, "portal": 8100}
GLOBAL_FLAGS = {"--json": False, "--login": True}
"""Options of `mutasi` itself, and whether a value follows."""


def settings(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment over the settings of the running system, where there is one."""
    file = Path(environ.get("MUTASI_RUN") or folder / ".run") / "env"
    written = file.read_text() if file.is_file() else ""
    known = dict(word.split("=", 1) for word in shlex.split(written) if "=" in word)
    return known | {name: value for name, value in environ.items() if name.startswith("MUTASI_")}


@dataclass(slots=True)
class Session:
    """One run of the command."""

    env: Mapping[str, str]
    login: str
    output: Output
    _client: Client | None = None

    @classmethod
    def here(cls, login: str, output: Output) -> "Session":
        """With the settings of this place."""
        return cls(settings(os.environ, Path.cwd()), login, output)

    @property
    def addresses(self) -> dict[str, str]:
        """Where each service is."""
        return {
            name: self.env.get(f"MUTASI_{name.upper()}_URL") or f"http://127.0.0.1:{port}"
            for name, port in PORTS.items()
        }

    @property
    def client(self) -> Client:
        """The services, asked as whoever we are; signs in at first use."""
        if self._client is None:
            self._client = Client(self.addresses, self.token())
        return self._client

    def write(self, content: bytes, file: Path) -> None:
        """Write what was fetched to a file, and say so."""
        file.write_bytes(content)
        self.output.done({"file": str(file), "bytes": len(content)}, f"{file} ({len(content)} B)")

    def token(self) -> str:
        """MUTASI_TOKEN, unless a demo account is named. Raises Failure."""
        given = self.env.get("MUTASI_TOKEN", "")
        if given and not self.login:
            return given
        issuer = self.env.get("MUTASI_IDP_URL") or self.env.get("MUTASI_ISSUER") or "http://127.0.0.1:8107"
        login = self.login or self.env.get("MUTASI_ADMIN") or "admin"
        try:
            reply = httpx.post(f"{issuer}/demo/token", json={"login": login}, timeout=30)
        except httpx.HTTPError as error:
            raise no_answer("idp", issuer, error) from None
        if reply.is_error:
            detail = say(f"{issuer} tidak mengenal akun {login!r}.", f"{issuer} knows no account {login!r}.")
            mend = say(
                "Sebut akun demo dengan --login, atau setel MUTASI_TOKEN.",
                "Name a demo account with --login, or set MUTASI_TOKEN.",
            )
            raise failure(DENIED, "LOGIN_UNKNOWN", detail, mend)
        return str(reply.json()["access_token"])

    def need(self, name: str) -> str:
        """A setting that must be there. Raises Failure."""
        if not self.env.get(name):
            detail = say(f"{name} belum disetel.", f"{name} is not set.")
            raise failure(
                2,
                "SETTING_MISSING",
                detail,
                say("Jalankan `make run`, atau setel sendiri.", "Start `make run`, or set it."),
            )
        return self.env[name]


def session(context: typer.Context) -> Session:
    """The session of this command."""
    found: Any = context.obj
    if not isinstance(found, Session):
        raise TypeError("the command runs without its callback")
    return found
