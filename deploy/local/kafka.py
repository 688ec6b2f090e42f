"""One native Kafka broker on the loopback (KRaft, broker and controller in one process). Nobody comes in without a
password: clients by SCRAM, broker and controller among themselves at doors of their own, where the first credentials
come from (`access.grant`)."""

import asyncio
import logging
import os
import subprocess
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local import access, cache
from deploy.local.problems import Code, Problem
from deploy.local.process import LOOPBACK, Server, free_port, listens
from shared.address import SCHEME, Connection

# On one node; the defaults are made for three and for people who can wait.
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": "0",
    # After a crash the controller waits for the old session to end before the broker may serve again.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # The default of 5 ms caps a consumer that commits after each message at 160 a second.
    "group.coordinator.append.linger.ms": "0",
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": f"User:{access.BROKER};User:{access.OPERATOR}",
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "inter.broker.listener.name": "INSIDE",
    "sasl.mechanism.inter.broker.protocol": "PLAIN",
    "sasl.mechanism.controller.protocol": "PLAIN",
    "listener.name.inside.sasl.enabled.mechanisms": "PLAIN",
    "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
    "listener.name.clients.scram-sha-512.sasl.jaas.config": (
        "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    ),
}
HEAP = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


T = TypeVar("T")
# It warns that the broker talks to itself by PLAIN, each time it is asked whether it is up.
logging.getLogger("aiokafka.conn").setLevel(logging.ERROR)


class Ports(NamedTuple):
    """Where clients, the broker itself and the controller listen."""

    clients: int
    inside: int
    controller: int


@dataclass(frozen=True)
class Broker:
    """Where one broker listens and keeps its data, and the passwords of its users."""

    data: Path
    ports: Ports
    passwords: Mapping[str, str]

    @property
    def inside(self) -> Connection:
        """How the broker reaches itself, before there is any other credential."""
        return inside(f"{LOOPBACK}:{self.ports.inside}", self.passwords)

    @property
    def addresses(self) -> dict[str, str]:
        """User -> the address for its clients."""
        return addresses(f"{LOOPBACK}:{self.ports.clients}", self.passwords)

    def command(self) -> list[str]:
        """The command line that runs the broker on its prepared data."""
        return [*_java(self.data), "kafka.Kafka", str(self.data / "server.properties")]

    def prepare(self) -> None:
        """Writes the settings and formats the data folder when it is new."""
        self.data.mkdir(parents=True, exist_ok=True)
        config = self.data / "server.properties"
        config.touch(mode=0o600)
        values = settings(self.ports, self.passwords) | {"log.dirs": str(self.data / "log")}
        config.write_text("".join(f"{key}={value}\n" for key, value in values.items()))
        if not (self.data / "log" / "meta.properties").exists():
            cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "_")
            _format(self.data, config, cluster)

    def server(self, log: Path) -> Server:
        """The broker as a process of ours."""
        return Server("Kafka", self.command(), log, self.serves)

    def serves(self) -> bool:
        """Whether the broker is ready."""
        return serves_at(self.ports.inside, self.inside)

    def admit(self) -> None:
        """Gives all users their credentials and permissions."""
        _run(access.grant(self.inside, self.passwords))


def broker(data: Path, ports: Ports | None = None) -> Broker:
    """A broker, with free ports where none are named."""
    return Broker(
        data, ports or Ports(*(free_port() for _ in Ports._fields)), access.passwords(data / "passwords.json")
    )


def addresses(hosts: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """User -> the address for its clients. The broker itself has no business at that door."""
    users = passwords.items()
    return {user: f"{SCHEME}{user}:{password}@{hosts}" for user, password in users if user != access.BROKER}


def inside(hosts: str, passwords: Mapping[str, str]) -> Connection:
    """How the broker reaches itself."""
    return {
        "bootstrap_servers": hosts,
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "PLAIN",
        "sasl_plain_username": access.BROKER,
        "sasl_plain_password": passwords[access.BROKER],
    }


def settings(ports: Ports, passwords: Mapping[str, str], listen: str = LOOPBACK) -> dict[str, str]:
    """The broker's properties; clients are always told the loopback."""
    clients, inside, controller = ports
    password = passwords[access.BROKER]
    plain = (
        "org.apache.kafka.common.security.plain.PlainLoginModule required "
        f'username="{access.BROKER}" password="{password}" user_{access.BROKER}="{password}";'
    )
    return SETTINGS | {
        "listeners": f"CLIENTS://{listen}:{clients},INSIDE://{listen}:{inside},CONTROLLER://{LOOPBACK}:{controller}",
        "advertised.listeners": f"CLIENTS://{LOOPBACK}:{clients},INSIDE://{LOOPBACK}:{inside}",
        "listener.security.protocol.map": ",".join(
            f"{name}:SASL_PLAINTEXT" for name in ("CLIENTS", "INSIDE", "CONTROLLER")
        ),
        "listener.name.inside.plain.sasl.jaas.config": plain,
        "listener.name.controller.plain.sasl.jaas.config": plain,
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller}",
    }


def variable(key: str) -> str:
    """A property as the official image reads it from the environment."""
    return "KAFKA_" + key.upper().replace("-", "___").replace(".", "_")


def serves_at(port: int, connection: Connection) -> bool:
    """Whether the broker on the port is ready."""
    # The port first, because the client library writes a line for each refused connection.
    return listens(port) and _run(serves(connection))


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    # In a thread, because a test that restarts the broker has a running loop of its own.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


async def serves(connection: Connection) -> bool:
    """Whether the broker answers and has the coordinator's topic, which the first such question makes."""
    client = AIOKafkaAdminClient(**connection, request_timeout_ms=5000)
    try:
        await client.start()
        await client.find_coordinator("mutasi-start")
    except (KafkaError, OSError, TimeoutError):
        return False
    else:
        return True
    finally:
        await client.close()


def _java(data: Path) -> list[str]:
    java = cache.java_home() / "bin" / "java"
    log4j = Path(__file__).parent / "log4j2.properties"
    jars = str(cache.kafka_libs() / "*")
    return [
        str(java),
        *HEAP,
        f"-Dlog4j2.configurationFile=file:{log4j}",
        f"-Dkafka.logs.dir={data}",
        "-cp",
        jars,
    ]


def _format(data: Path, config: Path, cluster: str) -> None:
    command = [*_java(data), "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    if done.returncode:
        last = ((done.stdout + done.stderr).strip().splitlines() or ["no message"])[-1]
        raise Problem(Code.SERVER, f"Kafka's data folder could not be made: {last}", "Run `make clean`.")
