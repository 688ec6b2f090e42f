"""One native Kafka broker on the loopback (KRaft, broker and controller in one process)."""

import asyncio
import os
import subprocess
import uuid
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local import cache
from deploy.local.problems import Code, Problem
from deploy.local.process import LOOPBACK, Server, free_port, listens

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
}
HEAP = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


@dataclass(frozen=True)
class Broker:
    """Where one broker listens and keeps its data."""

    data: Path
    port: int
    controller_port: int

    @property
    def bootstrap(self) -> str:
        """The address for clients."""
        return f"{LOOPBACK}:{self.port}"

    def command(self) -> list[str]:
        """The command line that runs the broker on its prepared data."""
        return [*_java(self.data), "kafka.Kafka", str(self.data / "server.properties")]

    def prepare(self) -> None:
        """Writes the settings and formats the data folder when it is new."""
        self.data.mkdir(parents=True, exist_ok=True)
        config = self.data / "server.properties"
        values = settings(self.port, self.controller_port) | {"log.dirs": str(self.data / "log")}
        config.write_text("".join(f"{key}={value}\n" for key, value in values.items()))
        if not (self.data / "log" / "meta.properties").exists():
            cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "_")
            _format(self.data, config, cluster)

    def server(self, log: Path) -> Server:
        """The broker as a process of ours."""
        return Server("Kafka", self.command(), log, lambda: serves_at(self.port))


def broker(data: Path, port: int = 0, controller_port: int = 0) -> Broker:
    """A broker with free ports where none are named."""
    return Broker(data, port or free_port(), controller_port or free_port())


def settings(port: int, controller_port: int, listen: str = LOOPBACK) -> dict[str, str]:
    """The broker's properties; clients are always told the loopback."""
    return SETTINGS | {
        "listeners": f"PLAINTEXT://{listen}:{port},CONTROLLER://{LOOPBACK}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{port}",
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller_port}",
    }


def serves_at(port: int) -> bool:
    """Whether the broker on the port is ready."""
    # The port first, because the client library writes a line for each refused connection.
    if not listens(port):
        return False
    # In a thread, because a test that restarts the broker has a running loop of its own.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(serves(f"{LOOPBACK}:{port}"))).result()


async def serves(bootstrap: str) -> bool:
    """Whether the broker answers and has the coordinator's topic, which the first such question makes."""
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5000)
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
