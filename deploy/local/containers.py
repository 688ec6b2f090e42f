"""The two servers as containers of the official images, for tests on machines with a Docker engine."""

from collections.abc import Callable
from typing import cast

from testcontainers.core.container import DockerContainer

from deploy.local import cache, kafka, mongo
from deploy.local.process import LOOPBACK, free_port, wait_until

PATIENCE = 120


def run_kafka() -> tuple[str, Callable[[], object]]:
    """A broker in a container: its bootstrap address and how to end it."""
    # The broker advertises the port that clients see: it has to be known before the start.
    port = free_port()
    container = _on_loopback(f"apache/kafka:{cache.KAFKA_VERSION}", port)
    for key, value in kafka.settings(port, free_port(), listen="0.0.0.0").items():  # noqa: S104 - in the container
        container.with_env("KAFKA_" + key.upper().replace(".", "_"), value)
    container.start()
    wait_until(lambda: kafka.serves_at(port), PATIENCE, "Kafka in its container")
    return f"{LOOPBACK}:{port}", container.stop


def run_mongo() -> tuple[str, Callable[[], object]]:
    """A replica set of one in a container: its URI and how to end it."""
    server = mongo.mongod(cache.folder())
    container = _on_loopback(f"mongo:{cache.MONGO_VERSION}", server.port)
    container.with_command(f"--replSet {mongo.REPLICA_SET} --bind_ip_all --port {server.port}")
    container.start()
    wait_until(lambda: mongo.serves(server.port), PATIENCE, "MongoDB in its container")
    return server.uri, container.stop


def _on_loopback(image: str, port: int) -> DockerContainer:
    container = DockerContainer(image)
    # The annotation allows a port only; docker-py, which gets it, binds a pair to that address alone.
    cast("dict[str, tuple[str, int]]", container.ports)[str(port)] = (LOOPBACK, port)
    return container
