"""The services as processes on a running stack, for tests that kill, stop and load them."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from deploy.local.process import LOOPBACK, Server, free_port
from deploy.local.stack import Stack
from deploy.local.tokens import Signer
from deploy.local.topics import create_missing
from tests.support.warm import WarmServer

SERVICES = ("registry", "proposal", "evaluation", "approval", "notification")
EVERYTHING = (*SERVICES, "portal")
ROOT = Path(__file__).parent.parent.parent


@dataclass
class Replica:
    """One process of a service; keeps its port and its instance name over restarts."""

    service: str
    number: int
    server: Server
    url: str


@dataclass
class System:
    """Replicas of each service, an issuer, an SMTP catcher, and tokens for whoever the test needs."""

    stack: Stack
    folder: Path
    replicas: int = 1
    doubled: tuple[str, ...] = ()  # services that run twice where the others run once
    patience: float = 240  # seconds for one process to get ready: many may start at once
    env: dict[str, str] = field(default_factory=dict)
    admin: str = "admin"
    mail_port: int = 0  # of another mail server than the catcher
    code: Path = ROOT  # where the services' own code is read from
    warm: bool = True  # forked from a process that has the imports made; measurements start cold
    running: list[Replica] = field(default_factory=list)
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    _helpers: list[Server] = field(default_factory=list)

    def start(self, services: tuple[str, ...] = SERVICES) -> None:
        """Topics, issuer, mail catcher, then every replica; returns when all are ready."""
        asyncio.run(create_missing(self.stack.kafka))
        ports = {(name, number): free_port() for name in services for number in range(self._count(name))}
        self._issue(ports.get(("portal", 0), 0))
        mail = self._helper("smtp", "deploy.local.smtp", {"MUTASI_MAILS": str(self.folder / "mails")})
        self.mail_url = mail
        urls = {f"MUTASI_{name.upper()}_URL": f"http://{LOOPBACK}:{ports[name, 0]}" for name in services}
        for (name, number), port in ports.items():
            self.running.append(self._replica(name, number, port, urls))
        for replica in self.running:
            replica.server.start()
        for replica in self.running:
            replica.server.wait_ready()

    def stop(self) -> None:
        """End all of it, services first."""
        for replica in self.running:
            replica.server.stop()
        for helper in self._helpers:
            helper.stop()

    def of(self, service: str, number: int = 0) -> Replica:
        """One replica."""
        return next(r for r in self.running if (r.service, r.number) == (service, number))

    def url(self, service: str, number: int = 0) -> str:
        """Address of one replica."""
        return self.of(service, number).url

    def token(self, login: str) -> str:
        """A token of the issuer that the services trust."""
        token, until = self._tokens.get(login, ("", 0.0))
        if until < time.time():
            token, until = self._signer.tokens(login)["access_token"], time.time() + 3000
            self._tokens[login] = (token, until)
        return token

    def headers(self, login: str, key: str = "") -> dict[str, str]:
        """What a caller sends: who they are, and what makes a repeat harmless."""
        headers = {"authorization": f"Bearer {self.token(login)}"}
        return headers | {"idempotency-key": key} if key else headers

    def _count(self, service: str) -> int:
        return max(self.replicas, 2 if service in self.doubled else 1)

    # -- making processes ----------------------------------------------------------------------------------------

    def _issue(self, portal: int) -> None:
        accounts = self.folder / "accounts.json"
        accounts.write_text(json.dumps([{"login": self.admin, "label": "administrator"}]))
        port = free_port()
        self.issuer = f"http://{LOOPBACK}:{port}"
        key = self.folder / "idp-key.json"
        env = {"MUTASI_ISSUER": self.issuer, "MUTASI_ACCOUNTS": str(accounts), "MUTASI_IDP_KEY": str(key)}
        env["MUTASI_LOGOUT_URL"] = f"http://{LOOPBACK}:{portal}/keluar-belakang" if portal else ""
        self._signer = Signer(self.issuer, key)
        self.jwks_url = f"{self.issuer}/jwks"
        self._helper("idp", "deploy.local.idp", env, port)

    def _helper(self, name: str, module: str, env: dict[str, str], port: int = 0) -> str:
        port = port or free_port()
        self.smtp_port = free_port()
        env = env | {"MUTASI_SMTP_PORT": str(self.smtp_port)}
        server = self._python(name, module, port, env)
        self._helpers.append(server)
        server.start()
        server.wait_ready()
        return f"http://{LOOPBACK}:{port}"

    def _replica(self, name: str, number: int, port: int, urls: dict[str, str]) -> Replica:
        env = (
            urls
            | self.env
            | {
                "MUTASI_KAFKA": self.stack.kafka_of(name),
                "MUTASI_MONGO": self.stack.mongo,
                "MUTASI_INSTANCE": f"{name}-{number}",
                "MUTASI_ISSUER": self.issuer,
                "MUTASI_JWKS_URL": self.jwks_url,
                "MUTASI_ADMIN": self.admin,
                "MUTASI_SMTP_HOST": LOOPBACK,
                "MUTASI_SMTP_PORT": str(self.mail_port or self.smtp_port),
            }
        )
        server = self._python(f"{name}-{number}", f"services.{name}", port, env)
        return Replica(name, number, server, f"http://{LOOPBACK}:{port}")

    def _python(self, name: str, module: str, port: int, env: dict[str, str]) -> Server:
        def ready() -> bool:
            try:
                return httpx.get(f"http://{LOOPBACK}:{port}/health/ready", timeout=2).status_code == httpx.codes.OK
            except httpx.HTTPError:
                return False

        path = os.pathsep.join(str(folder) for folder in dict.fromkeys((self.code, ROOT)))
        own = {"MUTASI_HOST": LOOPBACK, "MUTASI_PORT": str(port), "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
        command = [sys.executable, "-m", module]
        kind = WarmServer if self.warm and self.code == ROOT else Server
        return kind(name, command, self.folder / f"{name}.log", ready, {**os.environ, **env, **own}, self.patience)


@contextmanager
def running_system(
    stack: Stack, folder: Path, services: tuple[str, ...] = SERVICES, **options: Any
) -> Iterator[System]:
    """A system of these services for the time of the block."""
    system = System(stack, folder, **options)
    try:
        system.start(services)
        yield system
    finally:
        system.stop()
