"""Who may do what on the broker: SCRAM credentials and ACLs after deploy/access.yaml."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from pydantic import BaseModel, ConfigDict

from deploy.local import topics
from deploy.local.protocol import SHA_512, Acl, AlterScram, CreateAcls, Upsertion
from shared.address import Connection

FILE = Path(__file__).parent.parent / "access.yaml"
BROKER, OPERATOR = "broker", "operator"
"""The broker to itself, and whoever runs the system: both may do everything."""
ITERATIONS = 4096  # of a random password of 192 bits, which no number of iterations makes harder to guess
LITERAL, PREFIXED = 3, 4
READ, WRITE, IDEMPOTENT_WRITE = 3, 4, 12
TOPIC, GROUP, CLUSTER = 2, 3, 4


class Access(BaseModel):
    """What one user may do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reads: tuple[str, ...]
    writes: tuple[str, ...]
    group: str


def wanted(file: Path = FILE, codes: list[str] | None = None) -> dict[str, Access]:
    """User -> what it may do; each agency of deploy/topics.yaml, or of `codes`, is one."""
    found: dict[str, Access] = {}
    codes = topics.agencies() if codes is None else codes
    for user, told in yaml.safe_load(file.read_text("utf-8")).items():
        for code in codes if "{code}" in user else [""]:
            own = [code] if code else codes
            lists = {what: tuple(_each(told[what], own)) for what in ("reads", "writes")}
            found[user.format(code=code)] = Access(**lists, group=told["group"].format(code=code))
    return found


def _each(names: list[str], codes: list[str]) -> Iterator[str]:
    for name in names:
        yield from dict.fromkeys(name.format(code=code) for code in codes)


def acls(access: Mapping[str, Access]) -> Iterator[Acl]:
    """The permissions that say so."""
    for user, may in access.items():
        who = f"User:{user}"
        yield from (Acl(TOPIC, topic, LITERAL, who, READ) for topic in may.reads)
        yield from (Acl(TOPIC, topic, LITERAL, who, WRITE) for topic in may.writes)
        yield Acl(GROUP, may.group, PREFIXED, who, READ)
        # Who may write to a topic may ask for a producer's id; who writes nothing still starts with a producer.
        if not may.writes:
            yield Acl(CLUSTER, "kafka-cluster", LITERAL, who, IDEMPOTENT_WRITE)


def passwords(file: Path) -> dict[str, str]:
    """User -> password; kept in the file, which is made and completed where users are missing."""
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    users = [BROKER, OPERATOR, *wanted()]
    if missing := [user for user in users if user not in known]:
        known |= {user: secrets.token_urlsafe(24) for user in missing}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(known, indent=2))
    return known


async def grant(inside: Connection, known: Mapping[str, str]) -> None:
    """Give everybody their credentials and permissions, as the broker itself; safe to repeat."""
    client = AIOKafkaClient(**inside)
    await client.bootstrap()
    try:
        node = client.get_random_node()
        users = [_upsertion(user, password) for user, password in known.items() if user != BROKER]
        known_now = await client.send(node, AlterScram(users))
        allowed = await client.send(node, CreateAcls(list(acls(wanted()))))
    finally:
        await client.close()
    for code, message in [*(told[1:3] for told in known_now.results), *allowed.creation_responses]:
        if code:
            raise for_code(code)(message)


def _upsertion(user: str, password: str) -> Upsertion:
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    return Upsertion(user, SHA_512, ITERATIONS, salt, salted, {})
