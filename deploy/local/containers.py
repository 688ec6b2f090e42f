"""The two servers as containers of the official images, for tests on machines with a Docker engine."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from testcontainers.core.container import DockerContainer

from deploy.local import cache, kafka, mongo
from deploy.local.process import LOOPBACK, wait_until

PATIENCE = 120


def run_kafka() -> tuple[dict[str, str], Callable[[], object]]:
    """A broker in a container: the addresses of its users and how to end it."""
    # The broker advertises the ports that clients see: they have to be known before the start.
    with TemporaryDirectory() as folder:
        broker = kafka.broker(Path(folder))
    container = _on_loopback(f"apache/kafka:{cache.KAFKA_VERSION}", broker.ports.clients, broker.ports.inside)
    settings = kafka.settings(broker.ports, broker.passwords, listen="0.0.0.0")  # noqa: S104 - in the container
    for key, value in settings.items():
        container.with_env(kafka.variable(key), value)
    container.start()
    wait_until(broker.serves, PATIENCE, "Kafka in its container")
    broker.admit()
    return broker.addresses, container.stop


def run_mongo() -> tuple[str, Callable[[], object]]:
    """A replica set of one in a container: its URI and how to end it."""
    server = mongo.mongod(cache.folder())
    container = _on_loopback(f"mongo:{cache.MONGO_VERSION}", server.port)
    container.with_command(f"--replSet {mongo.REPLICA_SET} --bind_ip_all --port {server.port}")
    container.start()
    wait_until(lambda: mongo.serves(server.port), PATIENCE, "MongoDB in its container")
    return server.uri, container.stop


def _on_loopback(image: str, *ports: int) -> DockerContainer:
    container = DockerContainer(image)
    for port in ports:
        # The annotation allows a port only; docker-py, which gets it, binds a pair to that address alone.
        cast("dict[str, tuple[str, int]]", container.ports)[str(port)] = (LOOPBACK, port)
    return container
