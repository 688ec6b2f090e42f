"""One native mongod on the loopback as a replica set of one, which transactions need."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import cache
from deploy.local.process import LOOPBACK, Server, free_port

REPLICA_SET = "rs0"
NOT_YET_INITIALIZED = 94
CACHE_GB = "0.5"


@dataclass(frozen=True)
class Mongod:
    """Where one mongod listens and keeps its data."""

    data: Path
    port: int

    @property
    def uri(self) -> str:
        """The address for clients."""
        return f"mongodb://{LOOPBACK}:{self.port}/?replicaSet={REPLICA_SET}&directConnection=true"

    def command(self) -> list[str]:
        """The command line that runs mongod."""
        mongod = str(cache.mongo_home() / "mongod")
        where = [
            "--bind_ip",
            LOOPBACK,
            "--port",
            str(self.port),
            "--dbpath",
            str(self.data),
            "--nounixsocket",
        ]
        return [mongod, "--replSet", REPLICA_SET, *where, "--wiredTigerCacheSizeGB", CACHE_GB]

    def env(self) -> dict[str, str]:
        """mongod alone sees the old OpenSSL; for Python it would be poison."""
        return {"LD_LIBRARY_PATH": str(cache.mongo_home())}

    def prepare(self) -> None:
        """Makes the data folder."""
        self.data.mkdir(parents=True, exist_ok=True)

    def server(self, log: Path) -> Server:
        """mongod as a process of ours."""
        return Server("MongoDB", self.command(), log, lambda: serves(self.port), self.env())


def mongod(data: Path, port: int = 0) -> Mongod:
    """A mongod with a free port where none is named."""
    return Mongod(data, port or free_port())


def serves(port: int) -> bool:
    """Whether there is a primary; makes the replica set when there is none yet."""
    # Without the set's name: before it exists, a client that asks for it finds no server.
    uri = f"mongodb://{LOOPBACK}:{port}/?directConnection=true"
    with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=500) as client:
        try:
            return bool(client.admin.command("hello")["isWritablePrimary"]) or _initiate(client, port)
        except PyMongoError:
            return False


def answers(uri: str) -> bool:
    """Whether a given MongoDB is there."""
    with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=10_000) as client:
        try:
            client.admin.command("ping")
        except PyMongoError:
            return False
    return True


def _initiate(client: MongoClient[dict[str, Any]], port: int) -> bool:
    members = [{"_id": 0, "host": f"{LOOPBACK}:{port}"}]
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code == NOT_YET_INITIALIZED:
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        return False
    # Data that was restored or moved names another port, under which it would wait for itself for ever.
    if config["members"][0]["host"] != members[0]["host"]:
        moved = config | {"members": members, "version": config["version"] + 1}
        client.admin.command("replSetReconfig", moved, force=True)
    return False
