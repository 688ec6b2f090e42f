"""The processes of a running system: the servers, the demo's mail and identity, one per service."""

import os
import sys
from dataclasses import dataclass, field

from deploy.local import kafka, mongo
from deploy.local.access import OPERATOR
from deploy.local.layout import ROOT, Layout
from deploy.local.process import LOOPBACK
from deploy.local.signing import authority

# The port each service would like; when it is taken, another one is chosen and remembered.
SERVICES = {
    "registry": 8101,
    "proposal": 8102,
    "evaluation": 8103,
    "approval": 8104,
    "notification": 8105,
    "portal": 8100,
}
AUDIENCE = "mutasi"


@dataclass(frozen=True)
class Program:
    """One process that the supervisor keeps alive."""

    name: str
    command: list[str]
    port: int
    env: dict[str, str] = field(default_factory=dict)
    serves_http: bool = True
    autostart: bool = True

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{LOOPBACK}:{self.port}"


def present() -> list[str]:
    """The services that this clone has."""
    return [name for name in SERVICES if (ROOT / "services" / name / "__main__.py").is_file()]


def broker(layout: Layout) -> kafka.Broker | None:
    """The native broker, unless one is given."""
    if os.environ.get("MUTASI_KAFKA"):
        return None
    wishes = {"kafka": 29092, "kafka_inside": 29094, "kafka_controller": 29093}
    return kafka.broker(layout.data / "kafka", kafka.Ports(*(layout.port(*wish) for wish in wishes.items())))


def servers(layout: Layout, ours: kafka.Broker | None) -> tuple[list[Program], dict[str, str]]:
    """The native servers that are not given, prepared to start, and the addresses of both."""
    given = {name: os.environ.get(name, "") for name in ("MUTASI_KAFKA", "MUTASI_MONGO")}
    programs = []
    if ours is not None:
        ours.prepare()
        given["MUTASI_KAFKA"] = ours.addresses[OPERATOR]
        programs.append(Program("kafka", ours.command(), ours.ports.clients, serves_http=False))
    if not given["MUTASI_MONGO"]:
        mongod = mongo.mongod(layout.data / "mongo", layout.port("mongo", 27117))
        mongod.prepare()
        given["MUTASI_MONGO"] = mongod.uri
        programs.append(Program("mongo", mongod.command(), mongod.port, mongod.env(), serves_http=False))
    return programs, given


def helpers(layout: Layout) -> tuple[list[Program], dict[str, str]]:
    """The demo's mail catcher and identity provider, and the settings that point to them."""
    smtp_port = layout.port("smtp", 8125)
    smtp_env = {"MUTASI_SMTP_PORT": str(smtp_port), "MUTASI_MAILS": str(layout.data / "mails")}
    mail = _python("mail", "deploy.local.smtp", layout.port("mail", 8106), smtp_env)
    port = layout.port("idp", 8107)
    issuer = os.environ.get("MUTASI_ISSUER") or f"http://{LOOPBACK}:{port}"
    idp_env = {
        "MUTASI_ISSUER": issuer,
        "MUTASI_ACCOUNTS": str(layout.accounts),
        "MUTASI_IDP_KEY": str(layout.home / "idp-key.json"),
        "MUTASI_LOGOUT_URL": f"http://{LOOPBACK}:{layout.port('portal', SERVICES['portal'])}/keluar-belakang",
    }
    settings = {
        "MUTASI_ISSUER": issuer,
        "MUTASI_JWKS_URL": os.environ.get("MUTASI_JWKS_URL") or f"{issuer}/jwks",
        "MUTASI_AUDIENCE": AUDIENCE,
        "MUTASI_ADMIN": os.environ.get("MUTASI_ADMIN") or "admin",
        "MUTASI_ACCOUNTS": str(layout.accounts),
        "MUTASI_SMTP_HOST": LOOPBACK,
        "MUTASI_SMTP_PORT": str(smtp_port),
        "MUTASI_MAIL_URL": mail.url,
    }
    return [mail, _python("idp", "deploy.local.idp", port, idp_env)], settings


def services(
    layout: Layout, settings: dict[str, str], ours: kafka.Broker | None = None
) -> tuple[list[Program], dict[str, str]]:
    """One program per service, each as itself on our broker, and all settings with the address of each service."""
    users = ours.addresses if ours is not None else {}
    ports = {name: layout.port(name, wish) for name, wish in SERVICES.items()}
    urls = {f"MUTASI_{name.upper()}_URL": f"http://{LOOPBACK}:{port}" for name, port in ports.items()}
    restored = layout.restored.read_text() if layout.restored.exists() else ""
    folder = authority(layout.home / "signing")
    signing = {"MUTASI_SIGNING_FOLDER": str(folder), "MUTASI_SIGNING_ROOTS": str(folder / "root.pem")}
    own = {"MUTASI_RESTORED": restored, "MUTASI_INTERNAL_SECRET": layout.secret()}
    settings = signing | settings | urls | own
    programs = []
    for name in present():
        env = settings | {"MUTASI_INSTANCE": f"{name}-1"}
        if name in users:
            env["MUTASI_KAFKA"] = users[name]
        programs.append(_python(name, f"services.{name}", ports[name], env, autostart=False))
    return programs, settings


def doors(ours: kafka.Broker | None) -> dict[str, str]:
    """The address for each agency's own program, as in MUTASI_KAFKA_PALU."""
    users = ours.addresses if ours is not None else {}
    agencies = [
        (user.removeprefix("agency."), address) for user, address in users.items() if user.startswith("agency.")
    ]
    return {f"MUTASI_KAFKA_{code.upper().replace('-', '_')}": address for code, address in agencies}


def _python(name: str, module: str, port: int, env: dict[str, str], *, autostart: bool = True) -> Program:
    own = {"MUTASI_HOST": LOOPBACK, "MUTASI_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    return Program(name, [sys.executable, "-m", module], port, env | own, autostart=autostart)
