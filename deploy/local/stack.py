"""The two servers for whoever needs them: given by name, else native processes, else containers."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import kafka, mongo
from deploy.local.access import OPERATOR
from deploy.local.process import Server


@dataclass
class Stack:
    """A running Kafka and a running MongoDB; the servers are None where somebody else runs them. `kafka` is the address
    of who may do everything; `users` has the one of each service and each agency on a broker of ours."""

    kafka: str
    mongo: str
    broker: Server | None = None
    mongod: Server | None = None
    users: Mapping[str, str] = field(default_factory=dict)
    _ends: list[Callable[[], object]] = field(default_factory=list)

    @classmethod
    def start(cls, data_dir: Path, *, containers: bool = False) -> "Stack":
        """Starts what is not given (MUTASI_KAFKA, MUTASI_MONGO) below the data folder."""
        given_kafka, given_mongo = os.environ.get("MUTASI_KAFKA"), os.environ.get("MUTASI_MONGO")
        stack = cls(given_kafka or "", given_mongo or "")
        start = stack._start_containers if containers else stack._start_native
        try:
            start(data_dir)
        except BaseException:
            stack.stop()
            raise
        return stack

    def kafka_of(self, user: str) -> str:
        """The address for a service, or for `agency.<code>`; a given broker has one for all."""
        return self.users.get(user, self.kafka)

    def stop(self) -> None:
        """Ends what start() started, last one first."""
        while self._ends:
            self._ends.pop()()

    def _start_native(self, data_dir: Path) -> None:
        started: list[Server] = []
        broker = None
        if not self.kafka:
            broker = kafka.broker(data_dir / "kafka")
            broker.prepare()
            self.users, self.broker = broker.addresses, broker.server(data_dir / "kafka.log")
            self.kafka = self.users[OPERATOR]
            started.append(self.broker)
        if not self.mongo:
            mongod = mongo.mongod(data_dir / "mongo")
            mongod.prepare()
            self.mongo, self.mongod = mongod.uri, mongod.server(data_dir / "mongo.log")
            started.append(self.mongod)
        for server in started:
            self._ends.append(server.stop)
            server.start()
        for server in started:
            server.wait_ready()
        if broker is not None:
            broker.admit()

    def _start_containers(self, _data_dir: Path) -> None:
        from deploy.local import containers  # noqa: PLC0415 - a tool of the tests, absent elsewhere

        if not self.kafka:
            self.users, end = containers.run_kafka()
            self.kafka = self.users[OPERATOR]
            self._ends.append(end)
        if not self.mongo:
            self.mongo, end = containers.run_mongo()
            self._ends.append(end)
