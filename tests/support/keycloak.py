"""A real Keycloak with the realm of deploy/docker, in place of the demo's own provider.

It is no dependency of mutasi: Maven fetches it once, beside the cached servers.
"""

import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from deploy.local import cache
from deploy.local.process import LOOPBACK, Server, free_port
from tests.support.system import ROOT, System

VERSION = "26.7.3"
ADMIN, PASSWORD = "operator", "contoh-901"
TOKEN_SECONDS = 35  # little more than what is left when the portal renews a token


def home() -> Path:
    """The server, unpacked and built; fetched when it is not there (180 MB)."""
    target = cache.folder() / f"keycloak-{VERSION}"
    if not target.is_dir():
        artifact = f"-Dartifact=org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
        with tempfile.TemporaryDirectory(dir=cache.folder()) as temp:
            goal = [f"{cache.DEPENDENCY}copy", artifact, f"-DoutputDirectory={temp}"]
            subprocess.run(["mvn", "-q", "-B", *goal], check=True)
            (found,) = Path(temp).glob("*.zip")
            with zipfile.ZipFile(found) as archive:
                archive.extractall(temp)
            built = Path(temp) / target.name
            (built / "bin" / "kc.sh").chmod(0o755)
            subprocess.run([built / "bin" / "kc.sh", "build", "--db=dev-file", "--cache=local"], check=True)
            built.rename(target)
    return target


@dataclass
class KeycloakSystem(System):
    """The running system whose people sign in at Keycloak; `token` makes the user where there is none."""

    _users: dict[str, str] = field(default_factory=dict)

    def end_logins(self, login: str) -> None:
        """What an administrator of the provider does with somebody who left."""
        self._admin("POST", f"/users/{self._users[login]}/logout")

    def token(self, login: str) -> str:
        """A token that Keycloak gave for a name and a password."""
        if login not in self._users:
            self._make(login)
        form = {"grant_type": "password", "client_id": "mutasi", "username": login, "password": PASSWORD}
        answer = httpx.post(f"{self.issuer}/protocol/openid-connect/token", data=form, timeout=30)
        return str(answer.raise_for_status().json()["access_token"])

    def _make(self, login: str) -> None:
        named = {"username": login, "email": f"{login}@asn.test", "firstName": login, "lastName": "Uji"}
        if not self._find(login):
            self._admin("POST", "/users", {**named, "enabled": True, "emailVerified": True})
        (self._users[login],) = self._find(login)
        secret = {"type": "password", "value": PASSWORD, "temporary": False}
        self._admin("PUT", f"/users/{self._users[login]}/reset-password", secret)

    def _find(self, login: str) -> list[str]:
        return [user["id"] for user in self._admin("GET", f"/users?exact=true&username={login}").json()]

    def _admin(self, method: str, path: str, body: object = None) -> httpx.Response:
        form = {"grant_type": "password", "client_id": "admin-cli", "username": ADMIN, "password": PASSWORD}
        token = httpx.post(f"{self._url}/realms/master/protocol/openid-connect/token", data=form, timeout=30)
        headers = {"authorization": f"Bearer {token.raise_for_status().json()['access_token']}"}
        url = f"{self._url}/admin/realms/mutasi{path}"
        return httpx.request(method, url, json=body, headers=headers, timeout=30).raise_for_status()

    def _issue(self, portal: int) -> None:
        port, place = free_port(), self.folder / "keycloak"
        shutil.copytree(home(), place)
        (place / "data" / "import").mkdir(parents=True)
        (place / "data" / "import" / "realm.json").write_text(json.dumps(_realm(portal)))
        self._url = f"http://{LOOPBACK}:{port}"
        self.issuer = f"{self._url}/realms/mutasi"
        self.jwks_url = f"{self.issuer}/protocol/openid-connect/certs"
        line = [str(place / "bin" / "kc.sh"), "start", "--optimized", "--cache=local", "--import-realm"]
        line += ["--http-enabled=true", "--hostname-strict=false", f"--http-host={LOOPBACK}", f"--http-port={port}"]
        env = {"KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN, "KC_BOOTSTRAP_ADMIN_PASSWORD": PASSWORD}
        env |= {"JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx512m", "JAVA_HOME": str(cache.java_home())}
        log, env = self.folder / "keycloak.log", {**os.environ, **env}
        server = Server("keycloak", line, log, self._answers, env, self.patience)
        self._helpers.append(server)
        server.start()
        server.wait_ready()

    def _answers(self) -> bool:
        try:
            return httpx.get(self.jwks_url, timeout=2).is_success
        except httpx.HTTPError:
            return False


def _realm(portal: int) -> dict[str, Any]:
    """The realm as it is shipped, with this system's addresses, short tokens, and passwords for scripts."""
    said = (ROOT / "deploy" / "docker" / "realm.json").read_text("utf-8")
    said = said.replace("portal:8100", f"{LOOPBACK}:{portal}").replace("127.0.0.1:8100", f"{LOOPBACK}:{portal}")
    realm: dict[str, Any] = json.loads(said)
    realm["clients"][0]["directAccessGrantsEnabled"] = True
    return realm | {"accessTokenLifespan": TOKEN_SECONDS}
